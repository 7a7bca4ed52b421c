//! Lists of people in workbooks, as people keep them.

use arshjul::calendar::QuietPeriods;
use arshjul::import::{self, Imported, PeopleList};
use arshjul::rules::Rules;
use arshjul::workflow::shipped;
use jiff::civil::Date;

use super::made;

fn list(name: &str, bytes: &[u8]) -> PeopleList {
    let rules = Rules::load(&shipped(), QuietPeriods::default()).unwrap();
    match import::read(name, bytes, &rules.organisation) {
        Ok(Imported::People(list)) => list,
        Ok(other) => panic!("{other:?}"),
        Err(faults) => panic!("{faults}"),
    }
}

/// One line for each term.
fn terms(list: &PeopleList) -> Vec<String> {
    let day = |day: Option<Date>| day.map_or_else(|| "-".to_owned(), |day| day.to_string());
    let line = |row: &import::HolderRow| {
        let deputy = if row.deputy { " deputy" } else { "" };
        let (from, until) = (day(row.from), day(row.until));
        format!("{}/{}: {} <{}> {from}..{until}{deputy}", row.body, row.role, row.name, row.address)
    };
    list.rows.iter().map(line).collect()
}

#[test]
fn people_in_a_workbook_are_read_as_it_is_kept() {
    let Some(folder) = made() else { return };
    let read = |name: &str| list(name, &std::fs::read(folder.path().join(name)).unwrap());
    let one_sheet = read("people.xlsx");
    assert_eq!(
        terms(&one_sheet),
        [
            "rpo-medicinsk-diagnostik/ordforande: Anna Exempel <anna@example.org> 2025-01-01..-",
            "rpo-medicinsk-diagnostik/processtod: Bo Exempel <bo@example.org> 2025-02-01..2026-12-31",
            "rpo-medicinsk-diagnostik/processtod: Cia Exempel <cia@example.org> 2025-02-01..2026-12-31 deputy",
        ]
    );
    let bodies: Vec<&str> = one_sheet.bodies.iter().map(|body| body.as_str()).collect();
    assert_eq!(bodies, ["rag-patologi", "rpo-medicinsk-diagnostik"], "a vacant role is a row of its body");
    assert!(one_sheet.left_out.iter().any(|what| what.contains("`Anvisning`")), "{:?}", one_sheet.left_out);
    assert_eq!(
        terms(&read("groups.xlsx")),
        [
            "rag-patologi/ordforande: Pia Exempel <pia@example.org> 2025-01-01..2026-12-31",
            "rag-nuklearmedicin/ordforande: Nils Exempel <nils@example.org> 2025-01-01..-",
        ]
    );
}

#[test]
fn a_list_saved_as_csv_has_the_same_habits() {
    let csv = "RAG Patologi;;;;\n\nRoll;Namn;E-post;Mandat;Ersättare\n\
               Ordförande;Pia;mailto:pia@example.org;2025-2026;\nSekreterare;XX;;;\n";
    let list = list("folk.csv", csv.as_bytes());
    assert_eq!(
        terms(&list),
        ["rag-patologi/ordforande: Pia <pia@example.org> 2025-01-01..2026-12-31"],
        "the title says the body"
    );
}
