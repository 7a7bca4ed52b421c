use jiff::civil::date;

use super::*;
use crate::items::register::{Activity, LogKind, Precision};
use crate::items::table::Line;

fn activity(text: &str) -> Activity {
    match text.strip_suffix(" (NY)") {
        Some(text) => Activity { text: text.to_owned(), mark: Some("NY".to_owned()) },
        None => Activity { text: text.to_owned(), mark: None },
    }
}

fn line(day: i8, text: &str) -> Line {
    Line {
        part: None,
        day: date(2025, 2, day),
        precision: Precision::Day,
        kind: LogKind::Report,
        planned: false,
        text: text.to_owned(),
    }
}

fn unit(part: Option<&str>, phase: Phase, health: Health) -> Unit {
    Unit { part: part.map(str::to_owned), phase, health, said: None }
}

/// A row as it was exported.
fn exported() -> Row {
    Row {
        id: Some(ItemId::new("rpo.ai")),
        title: "AI i diagnostiken".to_owned(),
        source: Some(Source::Council),
        focus_area: Some("Teknik".to_owned()),
        promises: BTreeSet::from([Promise::CostEffective]),
        activities: ["Samla erfarenheter", "Sprid dem mellan regionerna", "Bjud in till en dag (NY)"]
            .map(activity)
            .to_vec(),
        follow_up: Some("Antal verktyg i bruk".to_owned()),
        log: vec![line(6, "Två verktyg prövas")],
        units: vec![
            unit(Some("Lab"), Phase::NotStarted, Health::Unknown),
            unit(Some("Röntgen"), Phase::Ongoing, Health::Green),
        ],
    }
}

/// What became of the row when the document and the register were changed like this.
fn merged(document: impl Fn(&mut Row), register: impl Fn(&mut Row), take: Option<Take>) -> Merged {
    let (base, mut theirs, mut ours) = (exported(), exported(), exported());
    document(&mut theirs);
    register(&mut ours);
    let mut compared = compare(&[base], &[theirs], &[ours], |_| take);
    compared.rows.remove(0)
}

fn kinds(merged: &Merged) -> Vec<(String, Kind)> {
    merged.changes.iter().map(|change| (change.field.to_string(), change.kind)).collect()
}

fn texts(row: &Row) -> Vec<&str> {
    row.activities.iter().map(|activity| activity.text.as_str()).collect()
}

const NOTHING: fn(&mut Row) = |_| {};

#[test]
fn what_nobody_touched_is_no_change() {
    let merged = merged(NOTHING, NOTHING, None);
    assert_eq!(merged.changes, []);
    assert_eq!(merged.row, Row { log: Vec::new(), ..exported() });
}

#[test]
fn what_a_program_changes_by_itself_is_no_edit() {
    let saved = |row: &mut Row| {
        row.title = "AI\u{a0}i diagnostiken ".to_owned();
        row.follow_up = Some("Antal verktyg\ni bruk".to_owned());
        row.activities[0].text = "• Samla erfarenheter".to_owned();
        row.log[0].text = "Två verktyg prövas\u{200b}".to_owned();
        row.source = None;
        row.units[1].health = Health::Unknown;
    };
    let merged = merged(saved, NOTHING, None);
    assert_eq!(merged.changes, []);
    assert_eq!(merged.row.units[1].health, Health::Green, "a colour that got lost isn't taken back");
}

#[test]
fn an_edit_and_an_answer_of_different_fields_both_stand() {
    let merged = merged(
        |row| row.title = "AI inom diagnostiken".to_owned(),
        |row| row.units[0].phase = Phase::Ongoing,
        None,
    );
    assert_eq!(kinds(&merged), [("title".to_owned(), Kind::Edit), ("phase (Lab)".to_owned(), Kind::Answer)]);
    assert_eq!(
        (merged.row.title.as_str(), merged.row.units[0].phase),
        ("AI inom diagnostiken", Phase::Ongoing)
    );
}

#[test]
fn both_changed_alike_is_no_conflict() {
    let done = |row: &mut Row| row.units[0].phase = Phase::Ongoing;
    assert_eq!(kinds(&merged(done, done, None)), [("phase (Lab)".to_owned(), Kind::Both)]);
}

#[test]
fn of_a_conflict_nothing_is_taken_until_somebody_says_whose() {
    let document = |row: &mut Row| row.units[1].health = Health::Yellow;
    let register = |row: &mut Row| row.units[1].health = Health::Red;
    for (take, health) in
        [(None, Health::Red), (Some(Take::Register), Health::Red), (Some(Take::Document), Health::Yellow)]
    {
        let merged = merged(document, register, take);
        let [change] = merged.changes.as_slice() else { panic!("{merged:?}") };
        assert_eq!((change.kind, change.is_open(), change.taken), (Kind::Conflict, take.is_none(), take));
        let values = [&change.was, &change.document, &change.register].map(|v| v.as_deref().unwrap());
        assert_eq!(values, ["Grön", "Gul", "Röd"]);
        assert_eq!(merged.row.units[1].health, health);
    }
}

#[test]
fn activities_are_merged_one_by_one() {
    let merged = merged(
        |row| {
            row.activities[1].text = "Sprid dem mellan alla tre regionerna".to_owned();
            row.activities.insert(1, activity("Skriv ner dem"));
        },
        |row| {
            row.activities[2].mark = None;
            row.activities.push(activity("Utvärdera"));
        },
        None,
    );
    let kinds: Vec<Kind> = merged.changes.iter().map(|change| change.kind).collect();
    assert_eq!(kinds, [Kind::Edit, Kind::Answer, Kind::Edit, Kind::Answer]);
    let expected = [
        "Samla erfarenheter",
        "Skriv ner dem",
        "Sprid dem mellan alla tre regionerna",
        "Bjud in till en dag",
        "Utvärdera",
    ];
    assert_eq!(texts(&merged.row), expected);
    assert_eq!(merged.row.activities[3].mark, None);
}

#[test]
fn an_activity_that_both_rewrote_is_a_conflict() {
    let document = |row: &mut Row| row.activities[0].text = "Samla erfarenheter från röntgen".to_owned();
    let register = |row: &mut Row| row.activities[0].text = "Samla erfarenheter från lab".to_owned();
    let open = merged(document, register, None);
    assert!(open.changes[0].is_open());
    assert_eq!(texts(&open.row)[0], "Samla erfarenheter från lab");
    assert_eq!(
        texts(&merged(document, register, Some(Take::Document)).row)[0],
        "Samla erfarenheter från röntgen"
    );
    let gone = |row: &mut Row| drop(row.activities.remove(0));
    let merged = merged(gone, register, Some(Take::Document));
    assert_eq!((merged.changes[0].kind, texts(&merged.row).len()), (Kind::Conflict, 2));
}

#[test]
fn activities_are_removed_and_put_in_another_order() {
    let removed = merged(|row| drop(row.activities.remove(1)), NOTHING, None);
    assert_eq!(kinds(&removed), [("activity".to_owned(), Kind::Edit)]);
    assert_eq!(texts(&removed.row), ["Samla erfarenheter", "Bjud in till en dag"]);
    let turned = merged(|row| row.activities.reverse(), NOTHING, None);
    assert_eq!(kinds(&turned), [("activity".to_owned(), Kind::Edit)]);
    assert_eq!(texts(&turned.row)[0], "Bjud in till en dag");
}

#[test]
fn the_log_only_grows() {
    let added = merged(|row| row.log.push(line(11, "Ett tredje är inköpt")), NOTHING, None);
    assert_eq!(kinds(&added), [("line of 2025-02-11".to_owned(), Kind::Edit)]);
    assert_eq!(added.row.log, [line(11, "Ett tredje är inköpt")]);
    let removed = merged(|row| row.log.clear(), NOTHING, None);
    assert_eq!((kinds(&removed)[0].1, removed.row.log.len()), (Kind::Stays, 0));
    let rewritten = |row: &mut Row| row.log[0].text = "Tre verktyg prövas".to_owned();
    assert!(merged(rewritten, NOTHING, None).changes[0].is_open());
    let told = merged(rewritten, NOTHING, Some(Take::Document));
    assert_eq!(told.row.log, [line(6, "Tre verktyg prövas")]);
    let again = merged(rewritten, |row| row.log.push(line(6, "Tre verktyg prövas")), None);
    assert_eq!(kinds(&again)[0].1, Kind::Both, "the same document once more");
}

#[test]
fn a_part_is_added_and_never_removed() {
    let added =
        merged(|row| row.units.push(unit(Some("Patologi"), Phase::Waiting, Health::Unknown)), NOTHING, None);
    assert_eq!(kinds(&added), [("part (Patologi)".to_owned(), Kind::Edit)]);
    assert_eq!(added.row.units.len(), 3);
    let removed = merged(|row| drop(row.units.pop()), NOTHING, None);
    assert_eq!(kinds(&removed), [("part (Röntgen)".to_owned(), Kind::Stays)]);
    assert_eq!(removed.row.units.len(), 2);
}

#[test]
fn promises_never_collide() {
    let merged = merged(
        |row| row.promises = BTreeSet::from([Promise::Safe]),
        |row| row.promises.extend([Promise::Equal]),
        None,
    );
    assert_eq!(merged.row.promises, BTreeSet::from([Promise::Equal, Promise::Safe]));
    assert_eq!(merged.changes[0].kind, Kind::Edit);
}

#[test]
fn rows_come_and_go() {
    let row = |id: Option<&str>, title: &str, phase| Row {
        id: id.map(ItemId::new),
        title: title.to_owned(),
        units: vec![unit(None, phase, Health::Unknown)],
        ..Row::default()
    };
    let ongoing = |id, title| row(Some(id), title, Phase::Ongoing);
    let base = [ongoing("a", "A"), ongoing("b", "B"), ongoing("c", "C")];
    let document = [row(None, "Ny", Phase::NotStarted), ongoing("a", "Ä")];
    let ours = [ongoing("a", "A"), ongoing("b", "B"), row(Some("c"), "C", Phase::Done), ongoing("d", "D")];
    let compared = compare(&base, &document, &ours, |_| None);
    assert_eq!(compared.added, [0]);
    assert_eq!(compared.gone, [ItemId::new("b")], "what is done may leave");
    assert_eq!(compared.came, [ItemId::new("d")]);
    assert_eq!(compared.summary(), "1 change, 1 item added, 1 item gone without a closing entry");
    assert_eq!(Compared::default().summary(), "no changes");
}
