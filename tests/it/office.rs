//! Documents read into tables: files that others' programs made, packages made by hand, and hostile ones.

#![cfg(test)]

mod built;
mod hostile;
mod people;

use std::fs;
use std::path::Path;
use std::process::Command;

use arshjul::import::office::{Block, Cell, Colour, Document, Limits, Merged, Paragraph, read};
use tempfile::TempDir;

/// A document as text: a page, a block and a row a line each. A cell shows its text, `[gron]` for a fill that says
/// something, `(rod)` for a mark, `<` and `^` for what it is merged with.
pub(crate) fn outline(document: &Document) -> String {
    let mut lines = vec![format!("{:?} {}", document.kind, document.title.as_deref().unwrap_or("-"))];
    for page in &document.pages {
        let level = if page.level > 0 { format!(" (level {})", page.level) } else { String::new() };
        lines.push(format!("{}. {}{level}", page.number, page.heading.as_deref().unwrap_or("-")));
        for block in &page.blocks {
            match block {
                Block::Text(paragraphs) => lines.push(format!("  text: {}", written(paragraphs))),
                Block::Table(table) => lines.extend(table.rows.iter().map(|row| {
                    let cells: Vec<String> = row.cells.iter().map(shown).collect();
                    let mark = if row.header { "=" } else { "" };
                    format!("  {}{mark}: {}", row.number, cells.join(" | "))
                })),
            }
        }
    }
    for warning in &document.warnings {
        let page = warning.page.map_or_else(String::new, |page| format!(" {page}"));
        lines.push(format!("warning{page}: {}", warning.message));
    }
    lines.join("\n")
}

fn written(paragraphs: &[Paragraph]) -> String {
    let texts = paragraphs.iter().map(|p| {
        let bullet = if p.bullet { "• " } else { "" };
        format!("{}{bullet}{}", ">".repeat(p.level.into()), p.text.replace('\n', "\\n").replace('\t', "\\t"))
    });
    texts.collect::<Vec<_>>().join(" / ")
}

fn shown(cell: &Cell) -> String {
    let light = |colour: &Colour| colour.health.map(|health| health.code());
    match cell.merged {
        Merged::Left => return "<".to_owned(),
        Merged::Above => return "^".to_owned(),
        Merged::No => {}
    }
    let mut parts = vec![written(&cell.paragraphs)];
    parts.extend(cell.fill.as_ref().and_then(light).map(|code| format!("[{code}]")));
    parts.extend(cell.marks.iter().map(|mark| {
        let letter = mark.text.as_deref().unwrap_or_default();
        format!("({}{letter})", light(&mark.colour).unwrap_or("?"))
    }));
    parts.retain(|part| !part.is_empty());
    parts.join(" ")
}

/// Documents that other libraries made, and LibreOffice if there is one; none where there is no Python with them.
fn made() -> Option<TempDir> {
    #[expect(clippy::disallowed_methods, reason = "tests have no configuration but these variables")]
    let (python, soffice) =
        (std::env::var_os("ARSHJUL_TEST_PYTHON"), std::env::var_os("ARSHJUL_TEST_SOFFICE"));
    let Some(python) = python else {
        eprintln!(
            "skipped: ARSHJUL_TEST_PYTHON does not name a Python with python-pptx, python-docx and openpyxl"
        );
        return None;
    };
    if soffice.is_none() {
        eprintln!("without LibreOffice: ARSHJUL_TEST_SOFFICE does not name its program");
    }
    let folder = tempfile::tempdir().unwrap();
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/tools/office_files.py");
    let made = Command::new(python).arg(script).arg(folder.path()).args(soffice).output().unwrap();
    assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
    Some(folder)
}

fn document(folder: &TempDir, name: &str) -> Document {
    let bytes = fs::read(folder.path().join(name)).unwrap();
    read(name, &bytes, &Limits::default()).unwrap_or_else(|faults| panic!("{faults}"))
}

const PPTX: &str = "\
Pptx Handlingsplan 2025 för RPO Exempel
1. Handlingsplan 2025
  text: RPO Exempel / fastställd i januari
2. Utmaningar
  text: Bemanning / >Biomedicinska analytiker
3. Handlingsplan, sida 1
  1=: Nationellt insatsområde | Prioriterat område och patientlöften | Aktiviteter | Följs upp med | Status
  2: Digital patologi | Gemensam bildlagring / ”få tillgång till jämlik vård” | • Ta fram en kravlista / • Prova & utvärdera <två> lösningar | Antal anslutna laboratorier | Enligt plan [gron]
  3: ^ | Svarstider | • Mät svarstider varje kvartal | Median i dagar | Väntar på data [gul]
  4:  | Ökad användning av AI | • Pröva triagering | Redovisas i oktober 2025 | [rod]
4. Handlingsplan, sida 2
  1=: Nationellt insatsområde | Prioriterat område och patientlöften | Aktiviteter | Följs upp med | Status
  2: Digital patologi | Gemensam bildlagring / ”få tillgång till jämlik vård” | • Ta fram en kravlista / • Prova & utvärdera <två> lösningar | Antal anslutna laboratorier | Enligt plan (gron)
  3: ^ | Svarstider | • Mät svarstider varje kvartal | Median i dagar | Väntar på data (gulG)
  4:  | Ökad användning av AI | • Pröva triagering | Redovisas i oktober 2025 | (rod)
warning: hidden slides were left out: 5";

const DOCX: &str = "\
Docx Handlingsplan för RPO Exempel
1. -
  text: Planen är levande.
2. Nationella insatsområden (level 1)
  text: • Tas upp varje kvartal / • Följs upp i oktober
  1=: Nationellt insatsområde | Prioriterat område och patientlöften | Aktiviteter | Följs upp med | Status
  2: Digital patologi | Gemensam bildlagring\\n”få tillgång till jämlik vård” | • Ta fram en kravlista\\n• Prova & utvärdera <två> lösningar | Antal anslutna laboratorier | Enligt plan [gron]
  3: ^ | Svarstider | • Mät svarstider varje kvartal | Median i dagar | Väntar på data [gul]
  4:  | Ökad användning av AI | • Pröva triagering | Redovisas i oktober 2025 | ● Lab [rod] (gron●)
  5:  | Gäller alla tre | < | < | inre / tabell
3. Resultat (level 2)
  text: Nu klart\\nnästa rad\\tefter tabb
warning 2: a table inside a table's cell was read as that cell's text";

const XLSX: &str = "\
Xlsx -
1. Plan
  1: Handlingsplan för RPO Exempel | < | < | < | < |  |  |  |\u{20}
  3: Nationellt insatsområde | Prioriterat område och patientlöften | Aktiviteter | Följs upp med | Status | Senast | Andel | Klart | Antal
  4: Digital patologi | Gemensam bildlagring / ”få tillgång till jämlik vård” | • Ta fram en kravlista / • Prova & utvärdera <två> lösningar | Antal anslutna laboratorier | Enligt plan [gron] | 2025-01-30 | 25% | SANT |\u{20}
  5: ^ | Svarstider | • Mät svarstider varje kvartal | Median i dagar | Väntar på ● data [gul] (rod●) | 2025-01-31 | 25% | FALSKT |\u{20}
  6:  | Ökad användning av AI | • Pröva triagering | Redovisas i oktober 2025 | [rod] | 2025-03-01 14:30 | 25% | FALSKT |\u{20}
3. Tomt
warning 1: colours by conditional formatting were not read: they are no colours of cells
warning 1: formulas without a stored value were read as empty: open the file in Excel and save it anew
warning 2: the sheet is hidden and was left out";

const MORE: &str = "\
Xlsx -
1. Plan 2
  2: Nationellt insatsområde | Prioriterat område och patientlöften | Aktiviteter | Följs upp med | Status |  |\u{20}
  3:  | Svarstider | • Mät svarstider varje kvartal | Median i dagar | Väntar på data [gul] | 2025-10-26 | 2
warning 1: pictures, shapes and charts on the sheet were left out";

#[test]
fn a_handlingsplan_reads_as_it_was_written() {
    let Some(folder) = made() else { return };
    let cases = [("plan.pptx", PPTX), ("plan.docx", DOCX), ("plan.xlsx", XLSX), ("more.xlsx", MORE)];
    for (name, wanted) in cases {
        assert_eq!(outline(&document(&folder, name)), wanted, "{name}");
    }
    if !folder.path().join("office-plan.pptx").exists() {
        return;
    }
    // Saved anew by LibreOffice: it tells no row of heads on slides, writes the bullets out that the layout gives,
    // and works the formulas out.
    let slides = PPTX.replace("=: ", ": ").replace("text: Bem", "text: • Bem").replace(">Bio", ">• Bio");
    assert_eq!(outline(&document(&folder, "office-plan.pptx")), slides);
    assert_eq!(outline(&document(&folder, "office-plan.docx")), DOCX);
    let sheets: Vec<&str> = XLSX.lines().filter(|line| !line.contains("formulas")).collect();
    let sheets = sheets.join("\n").replace("SANT | ", "SANT | 2").replace("FALSKT | ", "FALSKT | 2");
    assert_eq!(outline(&document(&folder, "office-plan.xlsx")), sheets);
    for form in ["ppt", "doc", "xls", "odp", "odt", "ods", "rtf", "pdf"] {
        let name = format!("office-plan.{form}");
        let (code, said) = built::refused(&name, &fs::read(folder.path().join(&name)).unwrap());
        let wanted = if ["ppt", "doc", "xls"].contains(&form) { "old-format" } else { "unknown-format" };
        assert_eq!(code, wanted, "{said}");
    }
}
