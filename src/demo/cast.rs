//! The invented people: who they are, and how they answer.
//!
//! Each decides by a digest of who and what, so that every run of the demonstration is the same year: most answer
//! on the day they are asked or the next, some after a reminder, some never.

use jiff::{SignedDuration, Timestamp};
use sha2::{Digest, Sha256};

use crate::answering::{self, AnswerError, Handed, Policy, Reply};
use crate::app::intake::{everything, items, people};
use crate::app::{App, AppError};
use crate::calendar::is_workday;
use crate::ids::PersonId;
use crate::import::{self, Imported};
use crate::plan::model::{Matter, Message, MessageKind};
use crate::rules::Rules;
use crate::store::{Store, StoreError};
use crate::workflow::model::{Answer, Takes};

const BODY: &str = "rpo-medicinsk-diagnostik";

/// Takes over the invented people and plan and starts everything, as of `installed`. Doing it again changes
/// nothing, so one that was killed is taken up.
pub(super) async fn install(store: &Store, rules: &Rules, installed: Timestamp) -> Result<(), AppError> {
    let files: [(&str, &[u8]); 2] =
        [("people.csv", include_bytes!("data/people.csv")), ("plan.csv", include_bytes!("data/plan.csv"))];
    for (name, bytes) in files {
        match import::read(name, bytes, &rules.organisation)? {
            Imported::People(list) => drop(store.save_people(&people(list.rows), "demo", installed).await?),
            Imported::Items(rows) => {
                let body = BODY.into();
                let known = store.facts().await?.people;
                let items = items(rows, &body, &known, installed).map_err(StoreError::Refused)?;
                store.save_items(&body, &items, "demo", installed).await?;
            }
            Imported::Log(_) => {}
        }
    }
    let facts = store.facts().await?;
    store.start(&everything(rules, &facts), installed, "demo").await?;
    Ok(())
}

/// Lets the invented people answer what they have got. Whoever is asked to decide how something is done does so at
/// once; the others look at their mail on workdays at `mail_time`.
pub(super) async fn answer(app: &App, mail_time: bool) -> Result<(), AppError> {
    let now = app.clock.now();
    let rules = app.rules.rules();
    let reading = mail_time && is_workday(crate::calendar::today(now));
    if mail_time && !reading {
        return Ok(());
    }
    let facts = app.store.facts().await?;
    for person in facts.people.persons.keys() {
        for message in app.store.open_matters(person).await? {
            let gate = is_gate(&rules, &message.matter);
            if (gate || reading) && answers_now(person, &message, gate, now) {
                let Some(answer) = choice(person, &message, gate) else { continue };
                let reply = Reply {
                    matter: &message.matter,
                    person,
                    answer: &answer,
                    handed: &Handed::default(),
                    who: person.as_str(),
                };
                let recorded = answering::answer(&app.store, &rules, &Policy::default(), &reply, now).await;
                match recorded {
                    Ok(_) | Err(AnswerError::Closed | AnswerError::NotAsked | AnswerError::Handed(_)) => {}
                    Err(AnswerError::Store(error)) => return Err(error.into()),
                    Err(error) => return Err(StoreError::Refused(error.to_string()).into()),
                }
            }
        }
    }
    Ok(())
}

fn answers_now(person: &PersonId, message: &Message, gate: bool, now: Timestamp) -> bool {
    if gate {
        return true;
    }
    let age = now.duration_since(message.at);
    match temper(person, &message.matter)[0] % 10 {
        0..=2 => age >= SignedDuration::from_hours(1),
        3..=5 => age >= SignedDuration::from_hours(24),
        6..=7 => message.kind == MessageKind::Reminder,
        _ => false,
    }
}

fn choice(person: &PersonId, message: &Message, gate: bool) -> Option<crate::ids::AnswerId> {
    // What needs a date, a list or a name beside the press of a button is left to the visitor.
    let fields = |a: &Answer| a.takes.iter().any(|t| matches!(t, Takes::Date | Takes::Hours | Takes::Place));
    let alone = |a: &&Answer| a.does.settles() && !fields(a) && a.takes != [Takes::List];
    let answers: Vec<&Answer> = message.notice.answers.iter().filter(alone).collect();
    let pick = temper(person, &message.matter)[1];
    // Two of three give the first answer.
    let index = if gate || pick < 170 { 0 } else { usize::from(pick) % answers.len().max(1) };
    answers.get(index).map(|a| a.id.clone())
}

fn is_gate(rules: &Rules, matter: &Matter) -> bool {
    let workflow = rules.workflows.0.get(&matter.workflow);
    workflow.is_some_and(|w| w.steps.iter().any(|s| s.gate.as_ref().is_some_and(|g| g.step == matter.step)))
}

fn temper(person: &PersonId, matter: &Matter) -> [u8; 2] {
    let digest = Sha256::digest(format!("{person} {matter:?}"));
    [digest[0], digest[1]]
}
