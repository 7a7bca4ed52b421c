//! Asks that recipients have set off: a question passed on, and help asked for.

use jiff::Timestamp;

use crate::calendar::{next_window, today};
use crate::plan::asked::{Request, one_each};
use crate::plan::model::{Arranged, Message, MessageKind, World};
use crate::plan::notice::{self, Came, Said};
use crate::plan::recipients::Recipe;
use crate::plan::steps::Draft;
use crate::plan::way::Way;

/// The rung of a question that was passed on.
const PASSED: &str = "p";
/// The rung of a question that somebody is asked to help with.
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
    let mut messages = Vec::new();
    let matter = way.view.matter(way.step);
    for arrangement in case.lookup.arranged(&matter) {
        let at = window(case.world, arrangement.at);
        if matches!(arrangement.what, Arranged::Time(_)) || !case.window.contains(at) {
            continue;
        }
        let mut open = way.requests(at);
        open.retain(|r| !r.answered);
        match &arrangement.what {
            Arranged::Time(_) => {}
            Arranged::PassedTo(_) => {
                let now = |r: &Request| r.passed == Some(arrangement.at);
                messages.extend(one_each(open).iter().filter(|r| now(r)).filter_map(|r| passed(way, r, at)));
            }
            Arranged::HelpFrom(helper) => {
                let mut given = case.lookup.answers(&matter).filter(|g| g.at <= at);
                let asked = given.any(|g| &g.person == helper)
                    || open.iter().any(|r| r.person.as_ref() == Some(helper));
                let asks = |r: &&Request| r.person.as_ref() == Some(&arrangement.person);
                let known = case.world.facts.people.persons.contains_key(helper);
                let asking = one_each(open).into_iter().find(|r| asks(&r));
                if let Some(request) = asking.filter(|_| known && !asked) {
                    let recipe = Recipe { person: Some(helper.clone()), ..request.named.clone() };
                    messages.extend(asked_so(way, &request, &recipe, HELP, at));
                }
            }
        }
    }
    messages
}

fn passed(way: &Way<'_>, request: &Request, at: Timestamp) -> Option<Message> {
    asked_so(way, request, &request.recipe(), PASSED, at)
}

fn asked_so(way: &Way<'_>, request: &Request, recipe: &Recipe, rung: &str, at: Timestamp) -> Option<Message> {
    let helps = rung == HELP;
    // Nobody is told of a helper's silence.
    let foretold = if helps { Vec::new() } else { way.foretold(request, at) };
    let said = Said {
        kind: MessageKind::Ask,
        recipe,
        came: if helps { Came::Helps(&request.named) } else { Came::Passed(&request.named) },
        silent: &[],
        asked: 0,
        may_answer: true,
        foretold: &foretold,
    };
    way.message(Draft {
        rung: rung.to_owned(),
        at,
        expires: way.view.case.expires(today(at)),
        kind: MessageKind::Ask,
        recipe,
        notice: notice::of_step(way, &way.subject(request.own, at), &said),
    })
}
