//! Asks that recipients have set off: a question passed on, and help asked for.

use std::collections::BTreeSet;

use jiff::Timestamp;

use crate::calendar::{next_window, today};
use crate::plan::asked::{Request, one_each};
use crate::plan::model::{Arranged, Message, MessageKind, World};
use crate::plan::notice::{self, Came, Said};
use crate::plan::recipients::Recipe;
use crate::plan::steps::Draft;
use crate::plan::way::Way;

/// The rung of a question that was passed on, before who did it.
const PASSED: &str = "p";
/// The rung of a question that somebody is asked to help with, before who asks.
const HELP: &str = "h";

/// When somebody hears of what was arranged at `at`.
#[must_use]
pub fn window(world: World<'_>, at: Timestamp) -> Timestamp {
    next_window(world.quiet, at)
}

/// The asks of a way that no rung sends. Who is asked already isn't asked again: they have the question.
#[must_use]
pub fn messages(way: &Way<'_>) -> Vec<Message> {
    let case = way.view.case;
    let matter = way.view.matter(way.step);
    let mut messages = Vec::new();
    let mut helpers = BTreeSet::new();
    for arrangement in case.lookup.arranged(&matter) {
        let at = window(case.world, arrangement.at);
        if matches!(arrangement.what, Arranged::Time(_)) || !case.window.contains(at) {
            continue;
        }
        let (by, mut open) = (&arrangement.person, way.requests(at));
        open.retain(|r| !r.answered);
        match &arrangement.what {
            Arranged::Time(_) => {}
            Arranged::PassedTo(_) => {
                let now =
                    |r: &&Request| r.passed.as_ref().is_some_and(|p| p == &(arrangement.at, by.clone()));
                let passed = one_each(open);
                messages.extend(passed.iter().filter(now).filter_map(|r| {
                    let from = Came::Passed(&r.named);
                    asked_so(way, r, &r.recipe(), from, format!("{PASSED}.{by}"), at)
                }));
            }
            Arranged::HelpFrom(helper) => {
                let mut given = case.lookup.answers(&matter).filter(|g| g.at <= at);
                let has_it = given.any(|g| &g.person == helper)
                    || open.iter().any(|r| r.person.as_ref() == Some(helper));
                // Nobody helps in another's place: who asked is responsible, and can ask somebody else.
                let present = case.world.facts.people.present(helper, today(at));
                let present = present.is_some_and(|p| &p.id == helper);
                let asking = one_each(open).into_iter().find(|r| r.person.as_ref() == Some(by));
                if let Some(r) = asking.filter(|_| present && !has_it && helpers.insert((at, helper))) {
                    let recipe = Recipe { person: Some(helper.clone()), ..r.named.clone() };
                    let from = Came::Helps(&r.named);
                    messages.extend(asked_so(way, &r, &recipe, from, format!("{HELP}.{by}"), at));
                }
            }
        }
    }
    messages
}

fn asked_so(
    way: &Way<'_>,
    request: &Request,
    recipe: &Recipe,
    came: Came<'_>,
    rung: String,
    at: Timestamp,
) -> Option<Message> {
    // Nobody is told of a helper's silence.
    let helps = matches!(came, Came::Helps(_));
    let foretold = if helps { Vec::new() } else { way.foretold(request, at) };
    let said = Said {
        kind: MessageKind::Ask,
        recipe,
        came,
        silent: &[],
        asked: 0,
        may_answer: true,
        foretold: &foretold,
        rounds: None,
    };
    way.message(Draft {
        rung,
        at,
        expires: way.open_until(today(at)),
        kind: MessageKind::Ask,
        recipe,
        notice: notice::of_step(way, &way.subject(request.own, at), &said),
    })
}
