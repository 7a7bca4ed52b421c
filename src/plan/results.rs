//! Results and challenges, as they were handed in before meetings: by body and period.
//!
//! They are the texts under the headings in [`HEADINGS`], of whichever question has them. Where nothing was handed in
//! the submission is missing: that says nothing of whether there are results.

use std::collections::BTreeSet;

use jiff::civil::Date;
use serde::Serialize;

use crate::ids::{AnswerId, BodyId};
use crate::plan::model::{Matter, Object, Occasion, World};
use crate::plan::occasions::occasions;
use crate::workflow::model::{Ask, Recipient, RoleOf, Status, Step, Workflow};

/// The headings of the plan's two last pages.
pub const HEADINGS: [&str; 2] = ["Resultat", "Utmaningar"];

/// The answer that says that what was handed in last still holds, in the shipped files.
const UNCHANGED: &str = "oforandrad";

/// A body that reports on an occasion.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Expected {
    /// The question.
    pub matter: Matter,
    /// Who reports.
    pub body: BodyId,
    /// For which meeting or day.
    pub title: String,
    /// Its first day.
    pub day: Date,
    /// The answers that can be given, with what their buttons say.
    pub answers: Vec<(AnswerId, String)>,
}

/// What came.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Came {
    /// Which answer.
    pub answer: AnswerId,
    /// When.
    pub day: Date,
    /// Text under each heading.
    pub texts: Vec<(String, String)>,
}

/// A body's results and challenges of one period.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Period {
    /// Whose.
    pub body: BodyId,
    /// For which meeting or day.
    pub title: String,
    /// Its first day.
    pub day: Date,
    /// What was handed in.
    #[serde(flatten)]
    pub state: State,
}

/// What was handed in for a period.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(tag = "state", rename_all = "kebab-case")]
pub enum State {
    /// Texts, under [`HEADINGS`].
    Written {
        /// Heading and text.
        texts: Vec<(String, String)>,
    },
    /// "Oförändrat sedan": what was handed in then holds.
    Unchanged {
        /// The day of the texts that hold; none where nothing had been handed in before.
        since: Option<Date>,
    },
    /// Another answer, and no text: "Vi berättar på plats".
    Answered {
        /// What the button says.
        label: String,
    },
    /// "Saknas".
    Missing,
}

/// Who was to report results or challenges on occasions from `from` to `until`, of `body` and the bodies below it;
/// ordered by day.
#[must_use]
pub fn expected(world: &World<'_>, body: &BodyId, (from, until): (Date, Date)) -> Vec<Expected> {
    let mut scope = world.organisation.descendants(body);
    scope.insert(body.clone());
    let mut found = Vec::new();
    let held =
        |o: &Occasion| o.status != Status::Cancelled && o.span.first() >= from && o.span.first() <= until;
    for occasion in occasions(world, from, until).into_iter().filter(held) {
        let Some(workflow) = world.workflows.0.get(&occasion.at.workflow) else { continue };
        for (step, ask) in reporting(workflow) {
            if !step.on.is_empty() && !step.on.contains(&occasion.at.id.entry) {
                continue;
            }
            let matter = Matter {
                workflow: workflow.id.clone(),
                body: occasion.at.body.clone(),
                object: Object::Occasion(occasion.at.clone()),
                step: step.id.clone(),
            };
            let reporters = reporters(world, step, occasion.at.body.as_ref());
            found.extend(reporters.intersection(&scope).map(|body| Expected {
                matter: matter.clone(),
                body: body.clone(),
                title: occasion.title.clone(),
                day: occasion.span.first(),
                answers: ask.answers.iter().map(|a| (a.id.clone(), a.label.clone())).collect(),
            }));
        }
    }
    found
}

fn reporting(workflow: &Workflow) -> impl Iterator<Item = (&Step, &Ask)> {
    let asks = workflow.steps.iter().filter_map(|step| Some((step, step.ask.as_ref()?)));
    asks.filter(|(_, ask)| ask.sections.iter().any(|section| HEADINGS.contains(&section.as_str())))
}

fn reporters(world: &World<'_>, step: &Step, body: Option<&BodyId>) -> BTreeSet<BodyId> {
    let of = |recipient: &Recipient| match recipient {
        Recipient::Role { of: RoleOf::Kind(kind), .. } => {
            world.organisation.related(body, kind).into_iter().map(|b| b.id.clone()).collect()
        }
        Recipient::Role { of: RoleOf::Body(body), .. } => vec![body.clone()],
        Recipient::Role { of: RoleOf::Own, .. } => body.cloned().into_iter().collect(),
        Recipient::Role { of: RoleOf::Receiver, .. } | Recipient::Owner | Recipient::Deputy => Vec::new(),
    };
    step.to.iter().flat_map(of).collect()
}

/// What each body handed in for each period, in the order of `expected`; `came` is what there is of one.
#[must_use]
pub fn periods(expected: &[Expected], came: impl Fn(&Expected) -> Option<Came>) -> Vec<Period> {
    let mut written: Vec<(&BodyId, Date)> = Vec::new();
    let mut periods = Vec::new();
    for one in expected {
        let state = match came(one) {
            None => State::Missing,
            Some(came) => {
                let own = |(heading, text): &(String, String)| {
                    HEADINGS.contains(&heading.as_str()) && !text.trim().is_empty()
                };
                let texts: Vec<_> = came.texts.into_iter().filter(own).collect();
                if !texts.is_empty() {
                    written.push((&one.body, came.day));
                    State::Written { texts }
                } else if came.answer.as_str() == UNCHANGED {
                    let last = written.iter().rev().find(|(body, _)| *body == &one.body);
                    State::Unchanged { since: last.map(|(_, day)| *day) }
                } else {
                    let label = one.answers.iter().find(|(id, _)| *id == came.answer);
                    let label = label.map_or_else(|| came.answer.to_string(), |(_, label)| label.clone());
                    State::Answered { label }
                }
            }
        };
        periods.push(Period { body: one.body.clone(), title: one.title.clone(), day: one.day, state });
    }
    periods
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;
    use crate::calendar::QuietPeriods;
    use crate::plan::model::{EnteredDate, Facts};
    use crate::rules::Rules;
    use crate::workflow::model::Span;
    use crate::workflow::shipped;

    const RPO: &str = "rpo-medicinsk-diagnostik";

    /// Who reports in 2025, with the council's meetings of two quarters and the dialogforum of April dated.
    fn of_2025(body: &str) -> Vec<Expected> {
        let rules = Rules::load(&shipped(), QuietPeriods::default()).unwrap();
        let mut facts = Facts::default();
        for (workflow, of, occasion, day) in [
            ("sydostra/kunskapsrad", "kunskapsrad-diagnostik-och-sinnen", "kvartal-1.2025", date(2025, 3, 4)),
            ("sydostra/kunskapsrad", "kunskapsrad-diagnostik-och-sinnen", "kvartal-2.2025", date(2025, 6, 3)),
            ("sydostra/dialogforum", RPO, "april.2025", date(2025, 4, 10)),
        ] {
            let at = crate::ids::OccasionRef {
                workflow: workflow.into(),
                body: Some(of.into()),
                id: occasion.parse().unwrap(),
            };
            let span = Some(Span::AllDay { first: day, last: day });
            facts.dates.insert(at, EnteredDate { span, place: None, status: Status::Confirmed, why: None });
        }
        expected(&rules.world(&facts), &body.into(), (date(2025, 1, 1), date(2025, 12, 31)))
    }

    fn came(answer: &str, day: Date, texts: &[(&str, &str)]) -> Option<Came> {
        let texts = texts.iter().map(|(heading, text)| ((*heading).to_owned(), (*text).to_owned())).collect();
        Some(Came { answer: answer.into(), day, texts })
    }

    #[test]
    fn a_programme_area_reports_to_its_council_and_its_groups_to_it() {
        let all = of_2025(RPO);
        let own: Vec<Date> = all.iter().filter(|one| one.body.as_str() == RPO).map(|one| one.day).collect();
        assert_eq!(own, [date(2025, 3, 4), date(2025, 6, 3)]);
        let groups: BTreeSet<&str> =
            all.iter().filter(|one| one.day == date(2025, 4, 10)).map(|one| one.body.as_str()).collect();
        assert!(groups.contains("rag-patologi") && groups.len() == 5, "{groups:?}");
        assert!(of_2025("rag-patologi").iter().all(|one| one.body.as_str() == "rag-patologi"));
    }

    #[test]
    fn an_empty_page_is_a_missing_submission() {
        let all: Vec<Expected> = of_2025(RPO).into_iter().filter(|one| one.body.as_str() == RPO).collect();
        let states = |first: Option<Came>, second: Option<Came>| {
            let found =
                periods(&all, |one| if one.day.month() == 3 { first.clone() } else { second.clone() });
            found.into_iter().map(|period| period.state).collect::<Vec<_>>()
        };
        assert_eq!(states(None, None), [State::Missing, State::Missing]);
        let wrote = came("uppdaterad", date(2025, 2, 20), &[("Resultat", "Kortare tid"), ("Utmaningar", "")]);
        let written = State::Written { texts: vec![("Resultat".to_owned(), "Kortare tid".to_owned())] };
        let unchanged = came("oforandrad", date(2025, 5, 22), &[]);
        assert_eq!(
            states(wrote, unchanged.clone()),
            [written, State::Unchanged { since: Some(date(2025, 2, 20)) }]
        );
        assert_eq!(states(None, unchanged)[1], State::Unchanged { since: None }, "nothing to be as before");
        let other = came("uppdaterad", date(2025, 2, 20), &[("Frågor", "Mer folk")]);
        let label = "Lägesbilden är uppdaterad".to_owned();
        assert_eq!(states(other, None)[0], State::Answered { label }, "under another heading");
    }
}
