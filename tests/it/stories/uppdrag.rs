//! An assignment from the programme area to a group, from the register to its report.

use arshjul::items::register::AssignmentState;
use arshjul::plan::model::Opened;
use arshjul::store::{Advance, NewAssignment, NewOccasion};
use arshjul::workflow::model::Span;
use jiff::civil::date;

use crate::store::Bench;
use crate::world::{RPO, World, stories};

stories! {
    what_is_drafted_and_approved_begins_with_its_receiver,
    what_is_written_in_the_program_is_approved_first,
}

const PEOPLE: &str = "kropp;roll;namn;epost;från;till;ersättare
rpo-medicinsk-diagnostik;processtöd;Petra;petra@example.org;;;
rpo-medicinsk-diagnostik;ordförande;Olle;olle@example.org;;;
rag-patologi;ordförande;Pia;pia@example.org;;;
";
const PLAN: &str = "id;punkt;fas;hälsa
svar;Svarstider i patologi;Pågår;Okänd
";

async fn with_a_plan(bench: Bench) -> World {
    World::new(bench, "2025-03-03").only(&["uppdrag"]).people(PEOPLE).plan(PLAN).started().await
}

fn assignment() -> Opened {
    Opened {
        title: "Svarstider i patologi".to_owned(),
        span: Span::AllDay { first: date(2025, 3, 10), last: date(2025, 9, 30) },
        place: None,
        note: None,
        link: None,
        receivers: vec!["rag-patologi".into()],
        answers: Vec::new(),
        diary: None,
        group: None,
    }
}

/// The chair of the programme area has decided on it already: nobody there is asked once more.
async fn what_is_drafted_and_approved_begins_with_its_receiver(bench: Bench) -> World {
    let mut world = with_a_plan(bench).await;
    let (store, now) = (world.store.clone(), world.now());
    let new = NewAssignment {
        from: RPO.into(),
        to: "rag-patologi".into(),
        title: "Svarstider i patologi".to_owned(),
        units: vec![format!("{RPO}.svar")],
    };
    let number = store.draft_assignment(&new, "test", now).await.unwrap();
    store.advance_assignment(number, Advance::Approve, "test", now).await.unwrap();
    let opened = assignment();
    let given = NewOccasion {
        workflow: &"sydostra/uppdrag".into(),
        body: Some(&RPO.into()),
        entry: &"givet".into(),
        opened: &opened,
        renewed: false,
    };
    store.give_assignment(number, &given, "test", now).await.unwrap();

    world.advance_to("2025-03-10 12:00").await;
    assert_eq!(world.of_step("pia", "ta-emot"), ["2025-03-10 08:00 0"]);
    world.answer("pia", "ta-emot", "bekraftat").await;
    assert_eq!(store.facts().await.unwrap().assignments[0].state, AssignmentState::Confirmed);

    world.advance_to("2025-04-30 12:00").await;
    for asked_again in ["utkast", "godkann", "ta-emot-godkant"] {
        assert!(world.who_got(asked_again).is_empty(), "{asked_again}");
    }
    world.advance_to("2025-09-05 12:00").await;
    assert_eq!(world.of_step("pia", "rapport").len(), 1, "the report is asked for as of any assignment");
    world
}

/// What nobody has drafted in the register is drafted and approved by answers.
async fn what_is_written_in_the_program_is_approved_first(bench: Bench) -> World {
    let mut world = with_a_plan(bench).await;
    world.opens_as("sydostra/uppdrag", RPO, "till-rag", assignment()).await;
    world.advance_to("2025-03-10 12:00").await;
    assert!(world.mails_to("pia").is_empty(), "it is not theirs yet");
    world.answer("petra", "utkast", "klart").await;
    world.advance_to("2025-03-12 12:00").await;
    world.answer("olle", "godkann", "godkant").await;
    world.advance_to("2025-03-13 12:00").await;
    assert_eq!(world.of_step("pia", "ta-emot-godkant").len(), 1);
    world
}
