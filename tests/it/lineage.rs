//! Which row of the register each row of a document is: the plans of one programme area over four years, in other words
//! than theirs, with nothing to know a row by but what it says.

#![cfg(test)]

use std::collections::{BTreeMap, BTreeSet};

use arshjul::app::files;
use arshjul::app::intake::{self, Intake};
use arshjul::calendar::{QuietPeriods, instant};
use arshjul::ids::{BodyId, ItemId};
use arshjul::import::{self, Imported};
use arshjul::items::lineage::{By, Found, Gone, Known, Lineage, Read, Told, trace};
use arshjul::items::register::Activity;
use arshjul::items::table::Row;
use arshjul::plan::model::Facts;
use jiff::civil::{Date, date, time};

const FEBRUARY_2023: &str = include_str!("../data/plan-2023-02.csv");
const THE_2025: &str = include_str!("../data/plan-2025.csv");

/// The rows of a plan; the file's ids are the lineages that a person found.
fn rows(csv: &str, as_of: Date) -> Vec<Row> {
    let rules = files::load(None, QuietPeriods::default()).unwrap();
    let Imported::Items(rows) = import::read("plan.csv", csv.as_bytes(), &rules.organisation).unwrap() else {
        panic!("no plan")
    };
    let (facts, body) = (Facts::default(), BodyId::from("rpo"));
    let mut people = facts.clone();
    people.people = arshjul::people::People::default();
    let recorded = instant(as_of, time(0, 0, 0, 0));
    let about = Intake { body: &body, world: rules.world(&people), as_of, recorded };
    let (rows, _) = intake::plan(rows, about).unwrap();
    rows.iter().map(|row| Row::of(&row.units, &row.card, &row.log)).collect()
}

fn february() -> Vec<Row> {
    rows(FEBRUARY_2023, date(2023, 2, 28))
}

fn year_2025() -> Vec<Row> {
    rows(THE_2025, date(2025, 1, 1))
}

/// What a slide of 2022 had, and the plan of October 2023: title and what is done.
fn short(plan: &[(&str, &str, &[&str])]) -> Vec<Row> {
    let row = |(id, title, activities): &(&str, &str, &[&str])| Row {
        id: Some(ItemId::new(format!("rpo.{id}"))),
        title: (*title).to_owned(),
        activities: activities.iter().map(|text| Activity { text: (*text).to_owned(), mark: None }).collect(),
        ..Row::default()
    };
    plan.iter().map(row).collect()
}

fn slide_2022() -> Vec<Row> {
    short(&[
        ("l5", "Stöd till RAG", &["Träffa alla arbetsgrupper", "Dialogforum en gång om året"]),
        ("l4", "It-stöd för att dela bilder och svar", &["Lista hinder i juridik och teknik"]),
        ("l7", "Rekrytera och anställa gemensamt", &["Dela tjänster mellan regionerna"]),
        ("l6", "Kopplingen mellan oss och nationella grupper", &["Stående punkt på våra möten"]),
    ])
}

fn october() -> Vec<Row> {
    short(&[
        (
            "l1",
            "Beslutsstöd för den som remitterar till röntgen",
            &["Följ upphandlingen", "Dispens till årsskiftet"],
        ),
        ("l2", "Behov av PET-CT och cyklotron", &["Rapporten är lämnad"]),
        ("l3", "Ökat samarbete om patologi", &["Projektets andra del"]),
        ("l10", "Resurserna räcker längre genom samverkan", &["Var arbetsgrupp lämnar förslag"]),
        ("l4", "Bilder och svar som följer patienten", &["Styrgrupperna möts"]),
        ("l11", "Användning av AI i diagnostiken", &["Samla erfarenheter från röntgen och lab"]),
        ("l12", "Molekylär diagnostik där den görs bäst", &["Uppstartsmöte"]),
    ])
}

/// The lineage of a document whose rows have lost their ids.
fn traced(document: &[Row], register: &[Row], gone: &BTreeMap<&str, Gone>, told: &[Told]) -> Lineage {
    let nameless: Vec<Row> = document.iter().map(|row| Row { id: None, ..row.clone() }).collect();
    let read: Vec<Read<'_>> = nameless.iter().map(|row| Read { row, links: &[] }).collect();
    let known =
        register.iter().map(|row| Known { row, earlier: &[], links: &[], gone: gone.get(lineage(row)) });
    trace(&read, &known.collect::<Vec<_>>(), told)
}

fn lineage(row: &Row) -> &str {
    row.id.as_ref().unwrap().as_str().strip_prefix("rpo.").unwrap()
}

/// What a person would say of each row of the document beside what was found: lineages that are the same by their title,
/// rightly proposed, wrongly proposed, and missed.
#[derive(Debug, Default, PartialEq, Eq)]
struct Judged<'a> {
    same: Vec<&'a str>,
    proposed: Vec<&'a str>,
    wrong: Vec<(&'a str, String)>,
    missed: Vec<&'a str>,
}

fn judged<'a>(document: &'a [Row], register: &[Row], found: &Lineage) -> Judged<'a> {
    let there: BTreeSet<&str> = register.iter().map(lineage).collect();
    let mut judged = Judged::default();
    for (row, found) in document.iter().zip(&found.rows) {
        let own = lineage(row);
        match found {
            Found::Same(id, _) => {
                assert_eq!(id, row.id.as_ref().unwrap(), "a false one, accepted silently");
                judged.same.push(own);
            }
            Found::Proposed(proposal) if Some(&proposal.id) == row.id.as_ref() => judged.proposed.push(own),
            Found::Proposed(proposal) => {
                judged
                    .wrong
                    .push((own, format!("{} {}: {:?}", proposal.id, proposal.score, proposal.reasons)));
            }
            Found::New if there.contains(own) => judged.missed.push(own),
            Found::New => {}
        }
    }
    judged
}

#[test]
fn from_2023_to_2025_what_was_renamed_is_proposed_and_the_rest_known_or_new() {
    let (before, after) = (february(), year_2025());
    let found = traced(&after, &before, &BTreeMap::new(), &[]);
    let judged = judged(&after, &before, &found);
    assert_eq!(judged.same, ["l1", "l4"]);
    assert_eq!(judged.proposed, ["l2", "l5", "l3"], "{judged:#?}");
    assert_eq!((judged.wrong, judged.missed), (Vec::new(), Vec::new()));
    let vanishing: Vec<&str> = found.vanishing.iter().map(|id| id.as_str()).collect();
    assert_eq!(vanishing, ["rpo.l8", "rpo.l9", "rpo.l6", "rpo.l7"]);
}

#[test]
fn each_of_the_four_years_goes_on_from_the_one_before() {
    let steps: [(Vec<Row>, Vec<Row>, &[&str]); 3] = [
        (slide_2022(), february(), &["l4", "l5", "l6", "l7"]),
        (february(), october(), &["l1", "l2", "l3", "l4"]),
        (october(), year_2025(), &["l1", "l10", "l11", "l12", "l2", "l3", "l4"]),
    ];
    for (before, after, continued) in steps {
        let found = traced(&after, &before, &BTreeMap::new(), &[]);
        let judged = judged(&after, &before, &found);
        let mut known = [&judged.same[..], &judged.proposed[..]].concat();
        known.sort_unstable();
        assert_eq!(known, continued, "{judged:#?}");
        assert!(judged.wrong.is_empty(), "{:#?}", judged.wrong);
    }
}

#[test]
fn what_was_missing_in_between_returns_under_another_title() {
    let mut register = october();
    register
        .extend(february().into_iter().filter(|row| ["l5", "l6", "l7", "l8", "l9"].contains(&lineage(row))));
    let last = Gone::Missing("2023-02".to_owned());
    let gone: BTreeMap<&str, Gone> =
        ["l5", "l6", "l7", "l8", "l9"].into_iter().map(|id| (id, last.clone())).collect();
    let after = year_2025();
    let found = traced(&after, &register, &gone, &[]);
    let judged = judged(&after, &register, &found);
    assert!(judged.proposed.contains(&"l5"), "{judged:#?}");
    assert_eq!((judged.wrong, judged.missed), (Vec::new(), Vec::new()));
    assert_eq!(found.vanishing, [], "what has been missing since 2023 doesn't vanish once more");
}

#[test]
fn the_same_plan_is_the_same() {
    for plan in [slide_2022(), february(), october(), year_2025()] {
        let found = traced(&plan, &plan, &BTreeMap::new(), &[]);
        assert!(found.rows.iter().all(|found| matches!(found, Found::Same(_, By::Title))), "{found:?}");
    }
}

#[test]
fn what_is_told_goes_before_everything_else() {
    let (before, after) = (february(), year_2025());
    let told = [Told::Same(1, ItemId::new("rpo.l9")), Told::New(4), Told::New(0)];
    let found = traced(&after, &before, &BTreeMap::new(), &told);
    assert_eq!(found.rows[1], Found::Same(ItemId::new("rpo.l9"), By::Told));
    assert_eq!((&found.rows[4], &found.rows[0]), (&Found::New, &Found::New));
}
