//! Plans of several years and several places, recognised: in text that was taken out of slides, in lists, and in
//! documents that other libraries and LibreOffice wrote. The figures were counted by hand beforehand.

#![cfg(test)]

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::LazyLock;

use arshjul::import::items::{LogLine, WaitUntil};
use arshjul::import::office::{Block, Cell, Document, Kind, Limits, Page, Paragraph, Row, Table, read};
use arshjul::import::plans::{About, Plan, PlanItem, PlanPart, recognise, recognises};
use arshjul::items::register::Precision;
use arshjul::items::table::Stamp;
use arshjul::items::{Health, Phase};
use arshjul::organisation::Organisation;
use arshjul::workflow;
use jiff::civil::{Date, date};
use proptest::prelude::{Strategy, prop_assert, proptest};
use proptest::sample::select;

fn organisation() -> &'static Organisation {
    static SHIPPED: LazyLock<Organisation> =
        LazyLock::new(|| workflow::load_all(&workflow::shipped()).unwrap().0);
    &SHIPPED
}

fn data(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/plans").join(name)
}

fn document(path: &Path) -> Document {
    let name = path.file_name().unwrap().to_string_lossy();
    read(&name, &fs::read(path).unwrap(), &Limits::default()).unwrap_or_else(|faults| panic!("{faults}"))
}

fn plan(document: &Document, as_of: Date) -> Plan {
    assert!(recognises(document));
    recognise(document, About { organisation: organisation(), as_of })
}

fn of(name: &str, as_of: Date) -> Plan {
    plan(&document(&data(name)), as_of)
}

fn parts(plan: &Plan) -> impl Iterator<Item = &PlanPart> {
    plan.items.iter().flat_map(|item| &item.parts)
}

/// Not started, undecided, dormant, ongoing, waiting, not stated.
fn phases(plan: &Plan) -> [usize; 6] {
    let all =
        [Phase::NotStarted, Phase::Undecided, Phase::Dormant, Phase::Ongoing, Phase::Waiting, Phase::Unknown];
    all.map(|phase| parts(plan).filter(|part| part.phase == phase).count())
}

/// Green, yellow, red.
fn colours(plan: &Plan) -> [usize; 3] {
    let all = [Health::Green, Health::Yellow, Health::Red];
    all.map(|health| parts(plan).filter(|part| part.health == health).count())
}

fn places(plan: &Plan, is: impl Fn(&PlanItem) -> bool) -> Vec<usize> {
    let numbered = (1..).zip(&plan.items);
    numbered.filter(|(_, item)| is(item)).map(|(place, _)| place).collect()
}

#[track_caller]
fn is_that_of_2025(plan: &Plan, shown: [usize; 3]) {
    assert_eq!((plan.items.len(), parts(plan).count()), (12, 14));
    assert_eq!(phases(plan), [5, 1, 1, 1, 1, 5]);
    assert_eq!(colours(plan), shown);
    let promises = plan.items.iter().map(|item| item.card.promises.len());
    assert_eq!(promises.collect::<Vec<_>>(), [2, 1, 1, 1, 1, 1, 1, 0, 1, 1, 1, 1]);
    let activities: Vec<_> = plan.items.iter().map(|item| item.card.activities.len()).collect();
    assert_eq!(activities, [3, 1, 3, 2, 0, 5, 5, 3, 2, 2, 2, 4]);
    let marked = |mark: &str| {
        let all = plan.items.iter().flat_map(|item| &item.card.activities);
        all.filter(|activity| activity.mark.as_deref() == Some(mark)).count()
    };
    assert_eq!((marked("NY"), marked("ev. NY")), (3, 1));
    assert_eq!(places(plan, |item| !item.deadlines.is_empty()), [2, 4, 5, 9, 11]);
    let bound = |item: &PlanItem| item.waits.iter().any(|wait| matches!(wait.until, WaitUntil::First { .. }));
    assert_eq!(places(plan, bound), [5, 9]);
    assert!(plan.items.iter().all(|item| item.log.is_empty() && item.card.source.is_none()));
    let names: Vec<_> = parts(plan).filter_map(|part| part.name.as_deref()).collect();
    assert_eq!(names, ["Humandiagnostik", "Molekylär", "Röntgen", "Lab"]);
    let given: Vec<_> =
        parts(plan).filter_map(|part| part.given_to.as_ref()).map(|body| body.as_str()).collect();
    assert_eq!(given, ["rag-klinisk-kemi"]);
    // Whom it may be given to, a date without a year, a name of which nobody knows the role: each is said.
    assert_eq!(places(plan, |item| !item.unsure.is_empty()), [2, 3, 6, 10, 11]);
    let titles: BTreeSet<_> = plan.items.iter().map(|item| &item.title).collect();
    assert_eq!(titles.len(), 12);
    assert!(plan.items[1].title.ends_with("enligt den rapport som finns"), "{}", plan.items[1].title);
}

#[track_caller]
fn is_that_of_2023(plan: &Plan) {
    assert_eq!((plan.items.len(), parts(plan).count()), (9, 9));
    let sources: Vec<_> = plan.items.iter().map(|item| item.card.source.map_or("-", |s| s.code())).collect();
    assert_eq!(sources, ["npo", "npo", "npo", "rsl", "rsl", "eget", "eget", "eget", "eget"]);
    assert_eq!(phases(plan)[5], 9);
    let lines: Vec<&LogLine> = plan.items.iter().flat_map(|item| &item.log).collect();
    let dated: Vec<_> = lines.iter().filter(|line| line.precision == Precision::Day).collect();
    let days: BTreeSet<Date> = dated.iter().map(|line| line.day).collect();
    assert_eq!((dated.len(), days.len(), lines.len() - dated.len()), (15, 7, 3));
    let planned: Vec<Date> =
        lines.iter().filter(|line| line.planned == Some(true)).map(|line| line.day).collect();
    assert_eq!(planned, [date(2023, 4, 5), date(2023, 3, 9)]);
    assert_eq!(places(plan, |item| item.log.is_empty()), [3]);
    let promises = plan.items.iter().map(|item| item.card.promises.len());
    assert_eq!(promises.collect::<Vec<_>>(), [3, 3, 3, 3, 3, 1, 3, 3, 3]);
    let due = |place: usize| plan.items[place - 1].deadlines.iter().map(|(day, ..)| *day).collect::<Vec<_>>();
    assert_eq!((due(1), due(7)), (vec![date(2023, 12, 31)], vec![date(2023, 12, 31), date(2023, 5, 31)]));
    let doubts: Vec<_> = plan.items[3].unsure.iter().chain(&plan.items[5].unsure).collect();
    let [given, second, agreed] = doubts.as_slice() else { panic!("{doubts:?}") };
    assert!(given.contains("`6/5`") && given.contains("2022-05-06"), "{given}");
    assert!(second.contains("`Under Q2`") && agreed.contains("2023-02-15"), "{doubts:?}");
}

#[test]
fn text_taken_out_of_slides_has_the_figures_that_were_counted() {
    let plan_2025 = of("2025.txt", date(2025, 1, 1));
    is_that_of_2025(&plan_2025, [0, 0, 0]);
    let headings: Vec<_> = plan_2025.texts.iter().filter_map(|text| text.heading.as_deref()).collect();
    assert_eq!(
        headings,
        ["Instruktioner", "Patientlöften om god vård", "Resultat", "Utmaningar", "årshjul 2025"]
    );
    assert_eq!(plan_2025.dated, Some(date(2025, 1, 1)));
    assert_eq!(plan_2025.unplaced.iter().map(|u| u.text.as_str()).collect::<Vec<_>>(), ["Regionen"]);
    assert_eq!(plan_2025.rows().len(), 14);
    is_that_of_2023(&of("2023.txt", date(2023, 2, 28)));
}

/// A plan in few words.
fn shown(plan: &Plan) -> String {
    let list = |texts: Vec<String>| if texts.is_empty() { "-".to_owned() } else { texts.join(", ") };
    let mut lines = Vec::new();
    for item in &plan.items {
        let promises: Vec<_> = item.card.promises.iter().map(|p| p.code()).collect();
        let promises = if promises.is_empty() { "-".to_owned() } else { promises.join("+") };
        lines.push(format!("# {} [{}] {promises}", item.title, item.card.source.map_or("-", |s| s.code())));
        let log = list(item.log.iter().map(|line| line.day.to_string()).collect());
        let due =
            list(item.deadlines.iter().map(|(day, exact, _)| format!("{day} {}", exact.code())).collect());
        let unit = |part: &PlanPart| {
            let name = part.name.as_deref().map(|name| format!("{name}=")).unwrap_or_default();
            format!("{name}{}", part.phase.code())
        };
        let units = list(item.parts.iter().map(unit).collect());
        let owners = if item.owners.is_empty() {
            String::new()
        } else {
            format!("; owners {}", item.owners.join(", "))
        };
        lines.push(format!(
            "  do {}; log {log}; due {due}; units {units}{owners}",
            item.card.activities.len()
        ));
    }
    let headings = plan.texts.iter().map(|text| text.heading.clone().unwrap_or_else(|| "?".to_owned()));
    lines.push(format!("texts {}\n", list(headings.collect())));
    lines.join("\n")
}

#[test]
fn plans_of_other_years_and_places_come_out_as_a_person_reads_them() {
    for (name, as_of) in [
        ("oktober-2023.txt", date(2023, 10, 31)),
        ("2022.txt", date(2022, 3, 1)),
        ("2022-tabell.csv", date(2022, 3, 1)),
        ("aktivitetsplan.csv", date(2023, 2, 16)),
    ] {
        let wanted = fs::read_to_string(data(name).with_extension("expected")).unwrap();
        assert_eq!(shown(&of(name, as_of)), wanted, "{name}");
    }
}

#[test]
fn documents_of_other_libraries_have_the_same_figures_and_their_colours() {
    #[expect(clippy::disallowed_methods, reason = "tests have no configuration but these variables")]
    let (python, soffice) =
        (std::env::var_os("ARSHJUL_TEST_PYTHON"), std::env::var_os("ARSHJUL_TEST_SOFFICE"));
    let Some(python) = python else {
        eprintln!("skipped: ARSHJUL_TEST_PYTHON does not name a Python with the libraries");
        return;
    };
    let folder = tempfile::tempdir().unwrap();
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/tools/plan_files.py");
    let made = Command::new(python).arg("-B").arg(script).arg(folder.path()).args(soffice).output().unwrap();
    assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
    let mut names: Vec<_> = fs::read_dir(folder.path()).unwrap().map(|entry| entry.unwrap().path()).collect();
    names.sort();
    assert!(names.len() >= 7);
    for path in names {
        let document = document(&path);
        if path.to_string_lossy().contains("2023.") {
            is_that_of_2023(&plan(&document, date(2023, 2, 28)));
        } else {
            is_that_of_2025(&plan(&document, date(2025, 1, 1)), [4, 2, 1]);
        }
        every_word_is_kept(&document, &plan(&document, date(2024, 1, 1))).unwrap();
    }
}

/// A document of one table.
fn table(rows: &[&[&str]]) -> Document {
    let paragraph = |text: &str| Paragraph { text: text.to_owned(), ..Paragraph::default() };
    let cell = |text: &&str| Cell {
        paragraphs: text.lines().filter(|line| !line.is_empty()).map(paragraph).collect(),
        ..Cell::default()
    };
    let row = |(number, texts): (usize, &&[&str])| Row {
        number: number + 1,
        cells: texts.iter().map(cell).collect(),
        header: false,
    };
    let table = Table { rows: rows.iter().enumerate().map(row).collect() };
    let page = Page { number: 1, blocks: vec![Block::Table(table)], ..Page::default() };
    let pages = vec![page];
    Document { kind: Kind::Docx, title: None, properties: BTreeMap::new(), pages, warnings: Vec::new() }
}

const HEADS: &[&str] = &[
    "Nationellt insatsområde",
    "Prioriterat område och patientlöften",
    "Aktiviteter",
    "Uppföljning",
    "Status",
];

#[test]
fn an_exported_document_is_known_by_its_stamp_and_its_marks() {
    let mut document = table(&[
        HEADS,
        &["", "Gemensam kö\nPatientlöfte: ”få tillgång till jämlik vård”\nnr 3", "• Pröva", "", "Pågår"],
        &["", "Svarstider\nnr 12", "• Mät", "", "Ej påbörjad"],
    ]);
    let note = Paragraph {
        text: "Utskrift, arshjul:rpo-medicinsk-diagnostik/12".to_owned(),
        ..Paragraph::default()
    };
    document.pages[0].blocks.push(Block::Text(vec![note]));
    let plan = plan(&document, date(2025, 1, 1));
    let stamp = Stamp { body: "rpo-medicinsk-diagnostik".into(), number: 12 };
    assert_eq!((plan.stamp, plan.unplaced.len()), (Some(stamp), 0));
    let read: Vec<_> = plan.items.iter().map(|item| (item.title.as_str(), item.mark)).collect();
    assert_eq!(read, [("Gemensam kö", Some(3)), ("Svarstider", Some(12))]);
}

#[test]
fn columns_of_their_own_make_the_parts_of_a_row() {
    let heads: &[&str] = &["id", "punkt", "delområde", "fas", "hälsa", "ägare", "aktiviteter"];
    let document = table(&[
        heads,
        &["rpo.l1", "Bilder", "Lab", "Pågår", "Gul", "RAG Patologi/ordförande", "Pröva"],
        &["rpo.l1", "Bilder", "Röntgen", "Ej påbörjad", "", "RAG Patologi/ordförande", "Pröva"],
        &["", "Svar", "", "kanske", "", "Någon", "Mät"],
    ]);
    let plan = plan(&document, date(2025, 1, 1));
    let [images, answers] = plan.items.as_slice() else { panic!("{:?}", plan.items) };
    let parts: Vec<_> =
        images.parts.iter().map(|p| (p.name.as_deref().unwrap(), p.phase, p.health)).collect();
    assert_eq!(
        parts,
        [("Lab", Phase::Ongoing, Health::Yellow), ("Röntgen", Phase::NotStarted, Health::Unknown)]
    );
    assert_eq!((images.id.is_some(), images.parts[0].owners.list.len()), (true, 1));
    assert_eq!((answers.owners.as_slice(), answers.unsure.len()), (&["Någon".to_owned()][..], 1));
    assert_eq!(answers.parts[0].said.as_deref(), Some("kanske"));
}

#[test]
fn rows_that_go_on_are_one_item() {
    let document = table(&[
        &["Handlingsplan", "", "", "", ""],
        HEADS,
        &["Digitalt", "Gemensam kö", "• Pröva", "230206 Första mötet", "Pågår"],
        &["", "", "• Utvärdera", "230309 Andra mötet", "Mer behövs"],
        &["-”-", "Svarstider", "• Mät", "", ""],
        HEADS,
        &["", "", "• Mät igen", "", "Vilande"],
    ]);
    let plan = plan(&document, date(2023, 2, 28));
    let read: Vec<_> = plan
        .items
        .iter()
        .map(|i| (i.title.as_str(), i.card.focus_area.as_deref(), i.card.activities.len(), i.log.len()))
        .collect();
    assert_eq!(read, [("Gemensam kö", Some("Digitalt"), 2, 2), ("Svarstider", Some("Digitalt"), 2, 0)]);
    assert_eq!(plan.items[1].parts[0].phase, Phase::Dormant);
    assert_eq!(plan.items[0].parts[0].said.as_deref(), Some("Mer behövs"));
}

#[test]
fn what_is_no_plan_is_not_taken_for_one() {
    let list =
        table(&[&["kropp", "roll", "namn", "epost"], &["RPO", "ordförande", "Kim", "kim@example.org"]]);
    assert!(!recognises(&list));
    let meetings =
        read("m.txt", "19/9 RSL\n\nStatus för uppföljning\n".as_bytes(), &Limits::default()).unwrap();
    assert!(!recognises(&meetings));
}

/// Its words; a number that a word follows at once is one of its own.
fn words(text: &str) -> impl Iterator<Item = String> + '_ {
    let runs = text.split(|c: char| !c.is_alphanumeric());
    let apart = |run: &str| {
        let digits = run.len() - run.trim_start_matches(|c: char| c.is_ascii_digit()).len();
        let (number, word) = run.split_at(digits);
        [number.to_owned(), word.to_lowercase()]
    };
    runs.flat_map(apart).filter(|word| !word.is_empty())
}

/// What isn't kept as words: headings, and what is kept as a promise, a phase, a day or a number.
const READ: &str = "nationellt insatsområde npo prioriterat område och patientlöften patientlöfte aktiviteter uppföljning \
    status tidplan tids plan uppdrag från rsl till rpo md ansvarig aktivitet återrapport resultat erbjudas erbjuda vård som är lätt \
    tillgänglig för kontakt bedömning besök diagnostik behandling enligt bästa kunskap i varje möte vara delaktig \
    välinformerad genom hela vårdkedjan få tillgång jämlik möjliga hälsofrämjande insatser välfungerande screeningprogram \
    patientsäker kostnadseffektiv att uppnå en samt stöd ej påbörjad påbörjat beslutad vilande pågår avvaktar klart \
    avslutad grön gul röd ny ev dito nr x";

/// The words of a plan, wherever they stand in it.
fn kept(plan: &Plan) -> BTreeSet<String> {
    let mut all: BTreeSet<String> = words(READ).collect();
    let mut add = |text: &str| all.extend(words(text));
    plan.title.as_deref().into_iter().for_each(&mut add);
    for text in &plan.texts {
        add(text.heading.as_deref().unwrap_or_default());
        add(&text.text);
    }
    plan.unplaced.iter().for_each(|one| add(&one.text));
    for item in &plan.items {
        add(&item.title);
        add(item.card.focus_area.as_deref().unwrap_or_default());
        add(item.card.follow_up.as_deref().unwrap_or_default());
        item.card.activities.iter().for_each(|activity| add(&activity.text));
        item.card.rest.iter().chain(&item.owners).chain(&item.unsure).for_each(|text| add(text));
        add(&item.mark.map(|mark| mark.to_string()).unwrap_or_default());
        for line in &item.log {
            add(&line.text);
            add(&format!("{} {} {}", line.kind.code(), line.day.year(), line.day.strftime("%Y%m%d %y%m%d")));
        }
        for part in &item.parts {
            add(part.name.as_deref().unwrap_or_default());
            add(part.said.as_deref().unwrap_or_default());
        }
    }
    all
}

fn every_word_is_kept(document: &Document, plan: &Plan) -> Result<(), String> {
    let kept = kept(plan);
    for page in &document.pages {
        for block in &page.blocks {
            let texts: Vec<&Paragraph> = match block {
                Block::Text(paragraphs) => paragraphs.iter().collect(),
                Block::Table(table) => {
                    table.rows.iter().flat_map(|row| &row.cells).flat_map(|cell| &cell.paragraphs).collect()
                }
            };
            let lost = texts.iter().flat_map(|p| words(&p.text)).find(|word| !kept.contains(word));
            if let Some(word) = lost {
                return Err(format!("`{word}` is lost"));
            }
        }
    }
    Ok(())
}

/// Pieces of plans, for plans that nobody would write.
const PIECES: &[&str] = &[
    "Gemensam kö för prover",
    "Patientlöfte: ”få tillgång till jämlik vård”",
    "För att uppnå en tillgänglig och jämlik och patientsäker diagnostik",
    "Patientlöfte:",
    "”erbjudas kostnadseffektiv",
    "vård”",
    "• Pröva nya sätt (NY)",
    "- andra sätt (ev. NY)",
    "230206 Beslut: gruppen utökas",
    "arbetet hölls 230914 i Kalmar. 231013Föredrag",
    "2022 genomfördes en kartläggning",
    "20250405",
    "EJ PÅBÖRJAD (Lab)",
    "(Röntgen)",
    "(Aktivitet: Formulera uppdrag och",
    "tilldela)",
    "Vilande.",
    "Avvakta rapport jan-",
    "25",
    "-”-",
    "Ansvarig: labcheferna",
    "Uppdra till RAG Patologi.",
    "Följs upp på:",
    "Lab: pågår",
    "☒ klart",
    "se https://example.org/a_b.",
    "första RPO-mötet 2025",
    "Resultat",
    "Tidplan : Under Q2",
    "och",
    "",
    "nr 4",
];

fn pieces(most: usize) -> impl Strategy<Value = String> {
    proptest::collection::vec(select(PIECES), 0..most).prop_map(|lines| lines.join("\n"))
}

proptest! {
    #[test]
    fn every_word_of_a_text_is_found_again(parts in proptest::collection::vec(pieces(12), 1..5)) {
        let heading = "\nNationellt\ninsatsområde\nPrioriterat område\noch patientlöften\nAktiviteter Uppföljning Status\n";
        let text = parts.join(heading);
        if let Ok(document) = read("p.txt", text.as_bytes(), &Limits::default()) {
            let plan = recognise(&document, About { organisation: organisation(), as_of: date(2024, 1, 1) });
            let kept = every_word_is_kept(&document, &plan);
            prop_assert!(kept.is_ok(), "{kept:?} of {text}");
            prop_assert!(plan.items.iter().all(|item| !item.title.is_empty() && !item.parts.is_empty()));
        }
    }

    #[test]
    fn every_word_of_a_table_is_found_again(cells in proptest::collection::vec(pieces(4), 0..30)) {
        let mut rows = vec![HEADS.to_vec()];
        rows.extend(cells.chunks(5).map(|row| row.iter().map(String::as_str).collect::<Vec<_>>()));
        let rows: Vec<&[&str]> = rows.iter().map(Vec::as_slice).collect();
        let document = table(&rows);
        let plan = recognise(&document, About { organisation: organisation(), as_of: date(2024, 1, 1) });
        let kept = every_word_is_kept(&document, &plan);
        prop_assert!(kept.is_ok(), "{kept:?} of {rows:?}");
        prop_assert!(plan.items.iter().all(|item| !item.title.is_empty() && !item.parts.is_empty()));
    }
}
