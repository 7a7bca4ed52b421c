//! Plans as documents: a year's plan that follows on the one before, and a deck that comes back edited while those who
//! answer for its items have gone on.

use std::io::{Cursor, Read, Write};

use arshjul::app::picturing::{Wanted, picture};
use arshjul::app::takeover::{Answers, Asked, Incoming, Worked, take};
use arshjul::calendar::{instant, today};
use arshjul::documents::plan::{Sheet, pptx, rows};
use arshjul::ids::{BodyId, ItemId};
use arshjul::import::office::{self, Limits};
use arshjul::import::{self, Imported};
use arshjul::items::threeway::Kind;
use arshjul::items::{Health, Phase};
use arshjul::picture::Audience;
use arshjul::store::PlanReport;
use jiff::civil::{Date, date, time};

use super::items::NOT_STARTED;
use crate::store::Bench;
use crate::world::{RPO, World, stories};

stories! {
    the_plan_of_2025_follows_on_that_of_2023_when_somebody_has_said_what_was_renamed,
    what_somebody_says_is_new_becomes_a_row_of_its_own,
    a_deck_comes_back_edited_while_its_owner_has_answered,
    a_deck_without_a_row_ends_nothing,
}

const FEBRUARY_2023: &str = include_str!("../../data/plan-2023-02.csv");
const THE_2025: &str = include_str!("../../data/plan-2025.csv");
const NOTHING: Answers<'static> = Answers { same: &[], new: &[], take: &[] };

/// A plan without the column of ids: its rows are known by what they say.
pub fn nameless(csv: &str) -> String {
    let mut reader = csv::ReaderBuilder::new().delimiter(b';').has_headers(false).from_reader(csv.as_bytes());
    let mut writer = csv::WriterBuilder::new().delimiter(b';').from_writer(Vec::new());
    for record in reader.records() {
        writer.write_record(record.unwrap().iter().skip(1)).unwrap();
    }
    String::from_utf8(writer.into_inner().unwrap()).unwrap()
}

fn list(world: &World, csv: &str) -> Incoming {
    let rules = world.rules.rules();
    let read = import::read("plan.csv", nameless(csv).as_bytes(), &rules.organisation).unwrap();
    let Imported::Items(rows) = read else { panic!("no plan") };
    Incoming::of_list(rows)
}

/// Hands in a plan that is true of a day.
async fn hand_in(
    world: &World,
    plan: &Incoming,
    as_of: Date,
    answers: Answers<'_>,
    version: Option<&str>,
) -> (Worked, Option<PlanReport>) {
    let (body, now) = (BodyId::from(RPO), world.now());
    let recorded = instant(as_of, time(0, 0, 0, 0)).min(now);
    let asked = Asked { body: &body, as_of, recorded, answers, version };
    take(&world.store, &world.rules.rules(), plan, &asked, ("import", now), &|_, _| {}).await.unwrap()
}

fn told(what: &[&str]) -> Vec<String> {
    what.iter().map(|what| (*what).to_owned()).collect()
}

async fn titles(world: &World) -> Vec<String> {
    let rows = world.store.register(&RPO.into()).await.unwrap();
    rows.iter().map(|row| row.units[0].title.clone()).collect()
}

async fn with_2023(bench: Bench) -> World {
    let world = World::new(bench, "2025-01-02").only(&["punkter", "statusrunda", "rpo"]).silent().await;
    let plan = list(&world, FEBRUARY_2023);
    let (worked, report) = hand_in(&world, &plan, date(2023, 2, 28), NOTHING, Some("2023-02")).await;
    assert_eq!((worked.open.len(), report.unwrap().units.added), (0, 9));
    world
}

async fn the_plan_of_2025_follows_on_that_of_2023_when_somebody_has_said_what_was_renamed(
    bench: Bench,
) -> World {
    let world = with_2023(bench).await;
    let plan = list(&world, THE_2025);
    let day = date(2025, 1, 1);
    let before = world.store.facts_revision().await.unwrap();
    let (worked, report) = hand_in(&world, &plan, day, NOTHING, Some("2025")).await;
    let open: Vec<usize> = worked.open.iter().map(|number| number + 1).collect();
    assert_eq!((open, report), (vec![2, 4, 5], None), "nobody has said whether they are the same");
    assert_eq!(world.store.facts_revision().await.unwrap(), before, "so nothing is written");

    let same = told(&[
        "4=stod-till-arbetsgrupperna",
        "Plan för produktion av radiofarmaka=Behovet av PET-CT i sjukvårdsregionen",
        "all",
    ]);
    let (_, report) = hand_in(&world, &plan, day, Answers { same: &same, ..NOTHING }, Some("2025")).await;
    let report = report.unwrap();
    assert_eq!((report.units.added, report.renamed.len(), report.missing.len()), (9, 3, 4));
    let l5 = ItemId::new(format!("{RPO}.stod-till-arbetsgrupperna"));
    let row = world.store.register_row(&l5).await.unwrap().unwrap();
    assert_eq!(row.units[0].title, "Arbetsgrupper inom radiologi");
    assert_eq!(row.card.earlier_titles, [("Stöd till arbetsgrupperna".to_owned(), day)]);
    assert_eq!(
        row.deadlines.iter().map(|d| d.day).min(),
        Some(date(2023, 5, 31)),
        "and what was promised then"
    );

    // What was told is kept: the same file needs nobody to say anything, and changes nothing.
    for answers in [NOTHING, Answers { same: &same[2..], ..NOTHING }] {
        let (worked, report) = hand_in(&world, &plan, day, answers, Some("2025")).await;
        assert!(worked.open.is_empty(), "{:?}", worked.open);
        assert!(!report.unwrap().changed());
    }
    let old = list(&world, FEBRUARY_2023);
    let (worked, _) = hand_in(&world, &old, date(2023, 2, 28), NOTHING, None).await;
    assert!(worked.open.is_empty(), "by the titles that they had: {:?}", worked.open);
    assert!(
        titles(&world).await.contains(&"Arbetsgrupper inom radiologi".to_owned()),
        "which don't come back"
    );
    world
}

async fn what_somebody_says_is_new_becomes_a_row_of_its_own(bench: Bench) -> World {
    let world = with_2023(bench).await;
    let plan = list(&world, THE_2025);
    let new = told(&["all"]);
    let answers = Answers { new: &new, ..NOTHING };
    let (_, report) = hand_in(&world, &plan, date(2025, 1, 1), answers, None).await;
    let report = report.unwrap();
    assert_eq!((report.renamed.len(), report.missing.len()), (0, 7));
    assert_eq!(titles(&world).await.len(), 9 + 10);
    let (worked, report) = hand_in(&world, &plan, date(2025, 1, 1), NOTHING, None).await;
    assert_eq!((worked.open.len(), report.unwrap().changed()), (0, false));
    world
}

/// The plan as a deck, as it is now.
async fn deck(world: &World) -> Vec<u8> {
    let (body, rules) = (BodyId::from(RPO), world.rules.rules());
    let day = today(world.now());
    let facts = world.store.facts().await.unwrap();
    let wanted = Wanted { body: &body, below: false, day, since: None, audience: Audience::Inner };
    let picture = picture(&world.store, &rules, &facts, wanted).await.unwrap();
    let stamp = world.store.keep_export(&body, day, &rows(&picture), "test", world.now()).await.unwrap();
    pptx(Sheet { picture: &picture, stamp: Some(&stamp) }).unwrap()
}

/// A deck in which somebody has written something else.
fn edited(deck: &[u8], edits: &[(&str, &str)]) -> Vec<u8> {
    let mut from = zip::ZipArchive::new(Cursor::new(deck)).unwrap();
    let mut into = zip::ZipWriter::new(Cursor::new(Vec::new()));
    let mut times = vec![0; edits.len()];
    for at in 0..from.len() {
        let mut part = from.by_index(at).unwrap();
        let name = part.name().unwrap().into_owned();
        let mut bytes = Vec::new();
        part.read_to_end(&mut bytes).unwrap();
        if name.starts_with("ppt/slides/slide") {
            let mut text = String::from_utf8(bytes).unwrap();
            for ((was, is), times) in edits.iter().zip(&mut times) {
                *times += text.matches(was).count();
                text = text.replace(was, is);
            }
            bytes = text.into_bytes();
        }
        into.start_file(name, zip::write::SimpleFileOptions::default()).unwrap();
        into.write_all(&bytes).unwrap();
    }
    assert!(times.iter().all(|times| *times == 1), "{edits:?}: {times:?}");
    into.finish().unwrap().into_inner()
}

fn read(world: &World, deck: &[u8]) -> Incoming {
    let document = office::read("plan.pptx", deck, &Limits::default()).unwrap();
    Incoming::of_document(&document, &world.rules.rules().organisation, today(world.now()))
}

async fn phases(world: &World) -> Vec<(Phase, Health)> {
    let row = world.store.register(&RPO.into()).await.unwrap().remove(0);
    row.units.iter().map(|item| (item.phase, item.health)).collect()
}

async fn a_deck_comes_back_edited_while_its_owner_has_answered(bench: Bench) -> World {
    let mut world = World::new(bench, "2025-03-03")
        .only(&["punkter", "statusrunda", "rpo"])
        .plan(NOT_STARTED)
        .started()
        .await;
    world.advance_to("2025-03-31 12:00").await;
    let deck = deck(&world).await;
    world.advance_to("2025-04-02 12:00").await;
    world.answer("lo", "ej-paborjad", "paborjad").await;

    let untouched = read(&world, &deck);
    let day = today(world.now());
    let (worked, report) = hand_in(&world, &untouched, day, NOTHING, None).await;
    assert_eq!(worked.compared.summary(), "no changes");
    assert_eq!(worked.compared.count(Kind::Answer), 1, "what Lo answered stands");
    assert!(!report.unwrap().changed());

    let edits = [
        (">Dela erfarenheter<", ">Dela erfarenheter av AI<"),
        ("EJ PÅBÖRJAD (Lab)", "VILANDE (Lab)"),
        ("PÅGÅR, grön (Röntgen)", "PÅGÅR, gul (Röntgen)"),
    ];
    let deck = read(&world, &edited(&deck, &edits));
    let (worked, report) = hand_in(&world, &deck, day, NOTHING, None).await;
    assert_eq!(worked.compared.summary(), "2 changes, 1 conflict");
    let (who, at) = worked.changed_by.values().next().unwrap();
    assert_eq!((who.as_str(), today(*at)), ("Lo", day), "who is to be talked with");
    assert!(report.unwrap().changed());
    assert_eq!(titles(&world).await, ["Dela erfarenheter av AI"]);
    let lab = (Phase::Ongoing, Health::Unknown);
    assert_eq!(phases(&world).await, [lab, (Phase::Ongoing, Health::Yellow)], "of the conflict nothing");

    let (worked, report) = hand_in(&world, &deck, day, NOTHING, None).await;
    assert_eq!(worked.compared.summary(), "no changes, 1 conflict");
    assert!(!report.unwrap().changed());
    let document = told(&["1=document"]);
    let (_, report) = hand_in(&world, &deck, day, Answers { take: &document, ..NOTHING }, None).await;
    assert!(report.unwrap().changed());
    assert_eq!(phases(&world).await[0].0, Phase::Dormant);
    let (worked, report) = hand_in(&world, &deck, day, NOTHING, None).await;
    assert_eq!((worked.compared.summary().as_str(), report.unwrap().changed()), ("no changes", false));
    world
}

async fn a_deck_without_a_row_ends_nothing(bench: Bench) -> World {
    let world = World::new(bench, "2025-03-03")
        .only(&["punkter", "statusrunda", "rpo"])
        .plan(THE_2025)
        .silent()
        .await;
    let deck = deck(&world).await;
    let gone = world.store.register(&RPO.into()).await.unwrap();
    let mut deck = read(&world, &deck);
    deck.rows.retain(|row| row.title != "Klinisk kemi på rätt sjukhus");
    let (worked, report) = hand_in(&world, &deck, today(world.now()), NOTHING, None).await;
    assert_eq!(worked.compared.summary(), "no changes, 1 item gone without a closing entry");
    assert!(!report.unwrap().changed());
    assert_eq!(world.store.register(&RPO.into()).await.unwrap(), gone);
    world
}
