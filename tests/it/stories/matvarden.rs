//! Before a kunskapsråd the values that are missing are asked for, of whoever owns the item.

use arshjul::answering::{AboutItem, AnswerOutcome, Handed, HandedValue};
use arshjul::items::measures::{FollowUp, follow_up};
use arshjul::plan::model::Matter;
use arshjul::store::{MeasuredValue, NewMeasure};
use jiff::civil::date;

use crate::store::Bench;
use crate::world::{RPO, World, stories};

stories! {
    only_values_that_are_missing_are_asked_for,
}

const PLAN: &str = "id;punkt;fas;ägare
tider;Kortare svarstider;Pågår;RAG Patologi/ordförande
prover;Färre prover;Pågår;RAG Nuklearmedicin/ordförande
ai;Användning av AI;Pågår;RAG Laboratoriemedicin IT/ordförande
";
const COUNCIL: &str = "kunskapsrad-diagnostik-och-sinnen";

async fn measured(world: &mut World, row: &str) -> i64 {
    let measure = NewMeasure {
        item: format!("{RPO}.{row}").as_str().into(),
        name: "Andel inom fem dagar".to_owned(),
        unit: "procent".to_owned(),
        target: "90".to_owned(),
        source: "Laboratoriesystemen".to_owned(),
    };
    world.store.add_measure(&measure, "test", world.now()).await.unwrap()
}

async fn only_values_that_are_missing_are_asked_for(bench: Bench) -> World {
    let mut world = World::new(bench, "2025-05-05").only(&["kunskapsrad", "rsl"]).plan(PLAN).started().await;
    let (tider, prover) = (measured(&mut world, "tider").await, measured(&mut world, "prover").await);
    let of = |measure, period: &str| MeasuredValue {
        measure,
        region: "region-ostergotland".into(),
        period: period.to_owned(),
        value: "87".to_owned(),
    };
    // That of last autumn is an older one; this spring's is the last.
    world.store.set_value(&of(tider, "2024 T3"), "test", world.now()).await.unwrap();
    world.store.set_value(&of(prover, "2025 T1"), "test", world.now()).await.unwrap();
    let facts = world.store.facts().await.unwrap();
    let state =
        |row: &str| follow_up(facts.followed(&format!("{RPO}.{row}").as_str().into()), date(2025, 5, 5));
    let missing = vec![("Andel inom fem dagar".to_owned(), "2025 T1".to_owned())];
    assert_eq!(state("tider"), FollowUp::ValueMissing { measures: missing });
    assert_eq!((state("prover"), state("ai")), (FollowUp::Followed, FollowUp::Missing));

    world.move_meeting("sydostra/kunskapsrad", COUNCIL, "kvartal-2.2025", "2025-06-10").await;
    world.advance_to("2025-05-21 12:00").await;
    assert_eq!(world.of_step("pia", "matvarden").len(), 1);
    assert!(world.of_step("nils", "matvarden").is_empty(), "it has its value");
    assert!(world.of_step("lo", "matvarden").is_empty(), "nothing is measured");
    let value = HandedValue {
        measure: tider,
        region: "Region Östergötland".to_owned(),
        period: "2025 T1".to_owned(),
        value: "91".to_owned(),
    };
    let item = AboutItem { values: vec![value], ..AboutItem::default() };
    let about = |m: &Matter| m.step.as_str() == "matvarden";
    let handed = Handed { item, ..Handed::default() };
    let done = world.try_handing_in("pia", about, "varden", &handed).await;
    assert!(matches!(done, Ok(AnswerOutcome::Answered(_))), "{done:?}");
    world.advance_to("2025-06-10 12:00").await;
    assert_eq!(world.of_step("pia", "matvarden").len(), 1, "nobody is reminded");
    assert!(world.of_step("petra", "matvarden").is_empty(), "and nobody hears of silence");
    let facts = world.store.facts().await.unwrap();
    let row = facts.followed(&format!("{RPO}.tider").as_str().into());
    assert_eq!(follow_up(row, date(2025, 6, 10)), FollowUp::Followed);
    world
}
