//! Exported plans: what stands in them is read back, by us and by readers that others wrote.

#![cfg(test)]

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use arshjul::documents::plan::{IDS, Sheet, page, pptx, word, xlsx};
use arshjul::ids::{BodyId, ItemId};
use arshjul::import::office::{Block, Cell, Document, Limits, Row as OfficeRow, read};
use arshjul::items::register::{Activity, LogKind, Precision, Promise, Source};
use arshjul::items::table::{Line, Row, Stamp, Unit, marked_row};
use arshjul::items::written::{NOTE, read_line, read_promises, read_status};
use arshjul::items::{Health, Phase};
use arshjul::picture::{Change, Changed, Counts, Part, Picture, Section, Shown};
use jiff::civil::{Date, date};
use proptest::collection::{btree_set, vec};
use proptest::option;
use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};
use serde_json::Value;

const BODY: &str = "rpo-medicinsk-diagnostik";
const TODAY: Date = date(2025, 1, 15);

/// A picture of rows, as they stand under the headings of where they come from.
fn picture(rows: Vec<Row>) -> Picture {
    let mut groups: BTreeMap<Option<Source>, Vec<Shown>> = BTreeMap::new();
    for row in rows {
        let part = |unit: &Unit| Part {
            phase: unit.phase,
            health: unit.health,
            reported: Some(date(2024, 10, 2)),
            stale: true,
            owners: vec!["ordförande i RAG Patologi".to_owned()],
            next: Some(date(2025, 3, 5)),
            waits: vec![("första RPO-mötet 2025".to_owned(), Some(date(2025, 1, 23)))],
        };
        let late = Some((date(2023, 5, 31), "våren 2023".to_owned()));
        let parts = row.units.iter().map(part).collect();
        groups.entry(row.source).or_default().push(Shown { number: 0, row, parts, late });
    }
    let mut number = 0;
    let sections = groups.into_iter().map(|(source, mut rows)| {
        for row in &mut rows {
            number += 1;
            row.number = number;
        }
        let heading = arshjul::text::picture::section(source).to_owned();
        Section { body: BodyId::new(BODY), heading, source, rows }
    });
    let sections: Vec<Section> = sections.collect();
    let counts = Counts::of(sections.iter().flat_map(|section| &section.rows));
    let changed = Changed { title: "AI (Lab)".to_owned(), what: vec![Change::Added] };
    Picture {
        body: BodyId::new(BODY),
        name: "RPO Medicinsk diagnostik".to_owned(),
        day: TODAY,
        version: Some("2025, fastställd 12 december 2024".to_owned()),
        since: Some(date(2024, 11, 14)),
        sections,
        counts,
        changes: vec![changed],
    }
}

fn stamp() -> Stamp {
    Stamp { body: BodyId::new(BODY), number: 12 }
}

/// The picture in every format that comes back, by the file's name.
fn written(picture: &Picture) -> [(&'static str, Vec<u8>); 3] {
    let stamp = stamp();
    let sheet = Sheet { picture, stamp: Some(&stamp) };
    [
        ("plan.pptx", pptx(sheet).unwrap()),
        ("plan.xlsx", xlsx(sheet).unwrap()),
        ("plan.docx", word(sheet).unwrap()),
    ]
}

fn document(name: &str, bytes: &[u8]) -> Document {
    read(name, bytes, &Limits::default()).unwrap_or_else(|faults| panic!("{name}: {faults}"))
}

/// The rows of an exported document as its cells say them, by their numbers; what goes on over a slide is one row.
fn rows_of(document: &Document) -> BTreeMap<usize, Row> {
    let mut rows: BTreeMap<usize, Row> = BTreeMap::new();
    for page in &document.pages {
        let tables = page.blocks.iter().filter_map(|block| match block {
            Block::Table(table) => Some(table),
            Block::Text(_) => None,
        });
        for table in tables {
            // A workbook has where a row comes from in a column before the template's.
            let first = usize::from(table.rows[0].cells[0].text() == "Källa");
            // Below a workbook's table stand the day and the stamp.
            let is_row =
                |row: &&OfficeRow| first == 0 || row.cells.last().is_some_and(|id| !id.text().is_empty());
            let own = table.rows[1..].iter().filter(is_row);
            for (at, row) in own.enumerate() {
                let cells = &row.cells[first..first + 5];
                let mark = cells[1].paragraphs.iter().find_map(|p| marked_row(&p.text));
                let number = mark.unwrap_or(at + 1);
                let heading = page.heading.as_deref().unwrap_or_default();
                let section = heading.split(" (").next().unwrap_or_default();
                let source = match first {
                    0 => {
                        let all = Source::ALL.iter();
                        all.copied().find(|s| arshjul::text::picture::section(Some(*s)) == section)
                    }
                    _ => Source::read(&row.cells[0].text()),
                };
                more(rows.entry(number).or_insert_with(|| Row { source, ..Row::default() }), cells);
            }
        }
    }
    rows
}

/// Takes in what the cells of a row say beside what is known of it.
fn more(row: &mut Row, cells: &[Cell]) {
    let text = |cell: &Cell| Some(cell.text()).filter(|text| !text.is_empty());
    row.focus_area = row.focus_area.take().or(text(&cells[0]));
    for paragraph in &cells[1].paragraphs {
        if let Some(promises) = read_promises(&paragraph.text) {
            row.promises = promises;
        } else if row.title.is_empty() {
            row.title.clone_from(&paragraph.text);
        }
    }
    for paragraph in &cells[2].paragraphs {
        let text = paragraph.text.trim_start_matches("• ");
        let (text, mark) = match text.strip_suffix(" (NY)") {
            Some(text) => (text, Some("NY".to_owned())),
            None => (text, None),
        };
        row.activities.push(Activity { text: text.to_owned(), mark });
    }
    for paragraph in &cells[3].paragraphs {
        match read_line(&paragraph.text) {
            Some(line) => row.log.push(line),
            None => add(&mut row.follow_up, &paragraph.text),
        }
    }
    for paragraph in cells[4].paragraphs.iter().filter(|p| !p.text.starts_with(NOTE)) {
        match read_status(&paragraph.text) {
            Some(unit) => row.units.push(unit),
            None => add(&mut row.units.last_mut().unwrap().said, &paragraph.text),
        }
    }
}

fn add(text: &mut Option<String>, line: &str) {
    let before = text.take().map(|before| before + "\n").unwrap_or_default();
    *text = Some(before + line);
}

/// Words that are nothing but words: they begin with a letter and end with one.
fn words(most: usize) -> impl Strategy<Value = String> {
    let word = "[A-ZÅÄÖa-zåäö]{1,12}";
    let odd = prop_oneof![
        9 => word.prop_map(|w| w),
        1 => Just("<b>&amp;".to_owned()),
        1 => Just("\"citat\"".to_owned()),
        1 => Just("=2+2;".to_owned()),
    ];
    (word, vec(odd, 0..most), word).prop_map(|(first, middle, last)| {
        let all = std::iter::once(first).chain(middle).chain([last]);
        all.collect::<Vec<_>>().join(" ")
    })
}

fn lines(most: usize) -> impl Strategy<Value = Option<String>> {
    option::of(vec(words(12), 1..most).prop_map(|lines| lines.join("\n")))
}

fn unit(part: Option<String>) -> impl Strategy<Value = Unit> {
    let (phases, healths) = (prop::sample::select(Phase::ALL), prop::sample::select(Health::ALL));
    (phases, healths, lines(3)).prop_map(move |(phase, health, said)| Unit {
        part: part.clone(),
        phase,
        health,
        said,
    })
}

fn units() -> impl Strategy<Value = Vec<Unit>> {
    let one = unit(None).prop_map(|unit| vec![unit]);
    let two = (unit(Some("Lab".to_owned())), unit(Some("Röntgen (barn)".to_owned())));
    prop_oneof![one, two.prop_map(|(a, b)| vec![a, b])]
}

fn line() -> impl Strategy<Value = Line> {
    let kinds = prop::sample::select(LogKind::ALL);
    (0..3_000i64, kinds, any::<bool>(), option::of(Just("Lab".to_owned())), words(12)).prop_map(
        |(days, kind, planned, part, text)| Line {
            part,
            day: date(2018, 1, 1).saturating_add(jiff::Span::new().days(days)),
            precision: Precision::Day,
            kind,
            planned,
            text,
        },
    )
}

fn rows() -> impl Strategy<Value = Vec<Row>> {
    let activity = (words(20), option::of(Just("NY".to_owned())));
    let row = (
        words(6),
        option::of(prop::sample::select(Source::ALL)),
        option::of(words(3)),
        btree_set(prop::sample::select(Promise::ALL), 0..4),
        vec(activity.prop_map(|(text, mark)| Activity { text, mark }), 0..12),
        (lines(4), vec(line(), 0..9)),
        units(),
    );
    let row = row.prop_map(|(title, source, focus_area, promises, activities, (follow_up, log), units)| {
        Row { id: None, title, source, focus_area, promises, activities, follow_up, log, units }
    });
    vec(row, 1..8).prop_map(|mut rows| {
        for (row, number) in rows.iter_mut().zip(1..) {
            row.id = Some(ItemId::new(format!("{BODY}.l{number}")));
        }
        rows
    })
}

fn runner(cases: u32) -> TestRunner {
    TestRunner::new(Config { cases, failure_persistence: None, ..Config::default() })
}

#[test]
fn the_templates_columns_survive_in_every_format() {
    let survives = |rows: Vec<Row>| {
        let picture = picture(rows);
        for (name, bytes) in written(&picture) {
            let document = document(name, &bytes);
            let read = rows_of(&document);
            for shown in picture.rows() {
                let expected = Row { id: None, ..shown.row.clone() };
                prop_assert_eq!(read.get(&shown.number), Some(&expected), "{}", name);
            }
            prop_assert_eq!(read.len(), picture.rows().count(), "{}", name);
        }
        Ok(())
    };
    runner(48).run(&rows(), survives).unwrap();
}

#[test]
fn a_document_says_in_its_properties_and_on_its_pages_what_it_was_written_from() {
    let rows = example();
    let ids: Vec<String> = (1..=rows.len()).map(|number| format!("l{number}")).collect();
    for (name, bytes) in written(&picture(rows)) {
        let document = document(name, &bytes);
        let property = document.properties.get(Stamp::PROPERTY).and_then(|text| Stamp::find(text));
        assert_eq!(property, Some(stamp()), "{name}");
        let known: BTreeSet<&str> = document.properties[&format!("{IDS}-1")].split(' ').collect();
        assert_eq!(known, ids.iter().map(String::as_str).collect(), "{name}");
        let texts = document.pages.iter().flat_map(|page| &page.blocks).flat_map(|block| match block {
            Block::Text(paragraphs) => paragraphs.iter().map(|p| p.text.clone()).collect::<Vec<_>>(),
            Block::Table(table) => {
                table.rows.iter().flat_map(|row| &row.cells).map(Cell::text).collect::<Vec<_>>()
            }
        });
        assert_eq!(texts.into_iter().find_map(|text| Stamp::find(&text)), Some(stamp()), "{name}");
        assert_eq!(document.title.as_deref(), Some("Lägesbild RPO Medicinsk diagnostik"), "{name}");
        assert_eq!(document.warnings, [], "{name}");
    }
}

#[test]
fn the_same_picture_is_the_same_bytes() {
    assert_eq!(written(&picture(example())), written(&picture(example())));
    let other = Stamp { number: 13, ..stamp() };
    let picture = picture(example());
    let one = pptx(Sheet { picture: &picture, stamp: Some(&other) }).unwrap();
    assert_ne!(one, written(&picture)[0].1);
}

/// Rows of every health and phase, one of them longer than any slide.
fn example() -> Vec<Row> {
    let mut all = Vec::new();
    for (health, number) in Health::ALL.iter().zip(1..) {
        let unit = |part: Option<&str>, phase| Unit {
            part: part.map(str::to_owned),
            phase,
            health: *health,
            said: Some("Ett första möte är hållet".to_owned()),
        };
        let other = Unit { health: Health::Red, ..unit(Some("Röntgen"), Phase::Waiting) };
        let units = match health {
            Health::Yellow => vec![unit(Some("Lab"), Phase::Ongoing), other],
            Health::Unknown => vec![unit(None, Phase::NotStarted)],
            _ => vec![unit(None, Phase::Ongoing)],
        };
        let activity = |n| Activity { text: format!("Aktivitet {n} i {number}"), mark: None };
        let many = if *health == Health::Red { 120 } else { 3 };
        let line = Line {
            part: None,
            day: date(2024, 10, 2),
            precision: Precision::Day,
            kind: LogKind::Decision,
            planned: false,
            text: "Arbetet fortsätter".to_owned(),
        };
        all.push(Row {
            id: Some(ItemId::new(format!("{BODY}.l{number}"))),
            title: format!("Punkt {number}"),
            source: Some(if number < 3 { Source::National } else { Source::Own }),
            focus_area: (number < 3).then(|| "Bilddiagnostik".to_owned()),
            promises: BTreeSet::from([Promise::BestKnowledge]),
            activities: (1..=many).map(activity).collect(),
            follow_up: Some("Antal svar".to_owned()),
            log: vec![line],
            units,
        });
    }
    all
}

/// What the readers that others wrote make of files; none where there is no Python with them.
fn judged(files: &[PathBuf]) -> Option<Vec<Value>> {
    #[expect(clippy::disallowed_methods, reason = "tests have no configuration but this variable")]
    let Some(python) = std::env::var_os("ARSHJUL_TEST_PYTHON") else {
        eprintln!("skipped: ARSHJUL_TEST_PYTHON does not name a Python with python-pptx and openpyxl");
        return None;
    };
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/tools/plan_judge.py");
    let said = Command::new(python).arg(script).args(files).output().unwrap();
    assert!(said.status.success(), "{}", String::from_utf8_lossy(&said.stderr));
    let lines = String::from_utf8(said.stdout).unwrap();
    Some(lines.lines().map(|line| serde_json::from_str(line).unwrap()).collect())
}

fn saved(folder: &Path, picture: &Picture) -> Vec<PathBuf> {
    let save = |(name, bytes): (&str, Vec<u8>)| {
        let path = folder.join(name);
        fs::write(&path, bytes).unwrap();
        path
    };
    written(picture).into_iter().map(save).collect()
}

#[test]
fn other_readers_find_heads_languages_and_descriptions() {
    let folder = tempfile::tempdir().unwrap();
    let Some(read) = judged(&saved(folder.path(), &picture(example()))) else { return };
    for read in &read {
        assert_eq!(read["title"], "Lägesbild RPO Medicinsk diagnostik");
        assert_eq!(
            (&read["language"], &read["own"]["arshjul"]),
            (&"sv-SE".into(), &stamp().to_string().into())
        );
    }
    let [slides, sheet, text] = read.as_slice() else { panic!("three files are read") };
    assert_eq!(slides["size"], serde_json::json!([960, 540]));
    let pages = slides["pages"].as_array().unwrap();
    let titles: Vec<&str> = pages.iter().map(|page| page["title"].as_str().unwrap()).collect();
    assert_eq!(
        titles.iter().collect::<BTreeSet<_>>().len(),
        titles.len(),
        "each slide is called something else"
    );
    assert_eq!(
        titles[..3],
        [
            "Lägesbild RPO Medicinsk diagnostik",
            "Ändrat sedan 14 november 2024",
            "Nationellt insatsområde NPO"
        ]
    );
    assert!(titles.len() > 5, "a row that no slide holds goes on: {titles:?}");
    for page in pages {
        assert_eq!(page["inside"], true, "{}", page["title"]);
        for table in page["tables"].as_array().unwrap() {
            assert_eq!((&table["first_row"], &table["rows"][0][4]), (&true.into(), &"Status".into()));
            assert!(table["alt"].as_str().unwrap().contains("punkt"), "{}", table["alt"]);
        }
    }
    assert_eq!((&sheet["frozen"], &sheet["filter"]), (&"A2".into(), &"A1:L5".into()));
    assert_eq!((&sheet["repeated"], &sheet["page"]), (&"$1:$1".into(), &serde_json::json!(["landscape", 9])));
    assert_eq!(sheet["wrapped"], true);
    assert_eq!(sheet["fills"][0], "FFA4D88C", "green");
    assert_eq!(sheet["rows"][1][11], "l1");
    assert_eq!((&text["heads"], &text["page"]), (&true.into(), &serde_json::json!([297, 210])));
    assert_eq!(text["captions"][0], "Nationellt insatsområde NPO");
    assert!(text["footer"].as_str().unwrap().contains(&stamp().to_string()));
}

#[test]
fn libreoffice_opens_and_saves_every_format_without_losing_a_row() {
    #[expect(clippy::disallowed_methods, reason = "tests have no configuration but this variable")]
    let Some(soffice) = std::env::var_os("ARSHJUL_TEST_SOFFICE") else {
        eprintln!("skipped: ARSHJUL_TEST_SOFFICE does not name LibreOffice's program");
        return;
    };
    let folder = tempfile::tempdir().unwrap();
    let picture = picture(example());
    let home = format!("-env:UserInstallation=file://{}/home", folder.path().display());
    for file in saved(folder.path(), &picture) {
        let ending = file.extension().unwrap().to_string_lossy().into_owned();
        let out = folder.path().join("saved");
        let convert = |to: &str| {
            let mut run = Command::new(&soffice);
            run.args([&home, "--headless", "--convert-to", to, "--outdir"]).arg(&out).arg(&file);
            assert!(run.output().unwrap().status.success(), "{to}");
        };
        convert("pdf");
        assert!(fs::metadata(out.join("plan.pdf")).unwrap().len() > 5_000, "{ending}");
        convert(&ending);
        let name = format!("plan.{ending}");
        let document = document(&name, &fs::read(out.join(&name)).unwrap());
        let read = rows_of(&document);
        for shown in picture.rows() {
            let expected = Row { id: None, ..shown.row.clone() };
            assert_eq!(read.get(&shown.number), Some(&expected), "{name}");
        }
        let property = document.properties.get(Stamp::PROPERTY).and_then(|text| Stamp::find(text));
        assert_eq!(property, Some(stamp()), "{name}");
    }
}

#[test]
fn the_page_needs_nothing_else_and_says_status_in_words() {
    let picture = picture(example());
    let html = page(Sheet { picture: &picture, stamp: None });
    assert!(html.starts_with("<!doctype html>\n<html lang=\"sv\">"));
    for outside in ["http://", "https://", "<script", "<img", "<link", "@import"] {
        assert!(!html.contains(outside), "{outside}");
    }
    assert_eq!(html.matches("<caption>").count(), html.matches("<table").count());
    assert!(html.contains("<b>● PÅGÅR, grön</b>") && html.contains("<th scope=\"row\">"));
    assert!(html.contains("ej bekräftad sedan 2 oktober 2024"));
    assert!(!html.contains("nr 1<"), "there is nothing to find it again by");
}

#[test]
fn a_plan_is_exported_from_a_shell_and_its_list_changes_nothing_when_it_comes_back() {
    let shell = crate::cli_items::with_plans();
    let export = ["export", "--body", "RPO MD", "--as-of", "2025-01-01", "-o"];
    for name in ["plan.pptx", "plan.xlsx", "plan.docx"] {
        let said = shell.ok(&[&export[..], &[name]].concat());
        assert_eq!(
            said,
            format!("{name}: 16 items in 18 parts as of 2025-01-01, known again as arshjul:{BODY}/1\n")
        );
    }
    shell.ok(&[&export[..], &["plan.html"]].concat());
    shell.ok(&[&export[..], &["plan.csv"]].concat());
    let back = shell.ok(&["import", "plan.csv", "--body", "RPO MD", "--as-of", "2025-01-01"]);
    assert!(back.contains("0 added, 0 changed, 18 as they were"), "{back}");
    assert!(!back.contains("new:"), "{back}");
    let twice = shell.run(&[&export[..], &["plan.csv"]].concat());
    assert_eq!((twice.code, twice.err.contains("plan.csv exists; --force overwrites it")), (1, true));
    let odd = shell.run(&[&export[..], &["plan.odp"]].concat());
    assert_eq!(odd.code, 2);
    assert!(odd.err.contains("name a file that ends in .pptx, .xlsx, .docx, .html, .csv"), "{}", odd.err);
    let none = shell.run(&["export", "--body", "RAG Patologi", "-o", "x.pptx"]);
    assert!(none.err.contains("has no plan with items in it; --below gathers"), "{}", none.err);
    assert!(!shell.folder().join("x.pptx").exists());
}

#[test]
fn the_annex_and_the_record_are_written_from_a_shell() {
    let shell = crate::cli_items::with_plans();
    let none = shell.run(&["export", "agenda", "--body", "RPO MD", "--as-of", "2025-01-01", "-o", "a.html"]);
    assert!(none.err.contains("has no meeting with a date from 2025-01-01 on"), "{}", none.err);
    shell.ok(&["move", "sydostra/rpo", "mote-1.2025", "--body", "RPO MD", "--start", "2025-01-23"]);
    shell.ok(&["export", "agenda", "--body", "RPO MD", "--as-of", "2025-01-01", "-o", "a.html"]);
    let annex = fs::read_to_string(shell.folder().join("a.html")).unwrap();
    let places =
        ["Väntar på mötet", "Fördjupat samarbete om patologi", "Inte beslutade", "Översyn av genetiken"];
    let found: Vec<usize> =
        places.iter().map(|text| annex.find(text).unwrap_or_else(|| panic!("{text}"))).collect();
    assert!(found.is_sorted(), "{found:?}");
    assert_eq!(annex.matches("Översyn av genetiken").count(), 1, "a unit stands under one reason");
    shell.ok(&["export", "record", "--body", "RPO MD", "--year", "2023", "-o", "r.html"]);
    let record = fs::read_to_string(shell.folder().join("r.html")).unwrap();
    assert!(record.contains("Fyra arbetsgrupper inom radiologi ska tillsättas till våren"));
    assert!(record.contains("inte klart") && !record.contains("example.org"), "no address stands in it");
    shell.ok(&["export", "record", "--body", "RPO MD", "--year", "2023", "-o", "r.docx"]);
    let wrong = shell.run(&["export", "record", "--body", "RPO MD", "-o", "r.pptx"]);
    assert!(wrong.err.contains("a year's record is written as .docx, .html"), "{}", wrong.err);
}
