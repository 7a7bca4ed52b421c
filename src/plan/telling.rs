//! What follows from an answer: who is told of it, and who needs not answer any more.

use jiff::{SignedDuration, Timestamp};

use crate::calendar::{next_window, today};
use crate::plan::asked::{Request, one_each};
use crate::plan::model::{Given, Message, MessageKind, Notice};
use crate::plan::notice;
use crate::plan::recipients::{Recipe, resolve};
use crate::plan::steps::Draft;
use crate::plan::way::Way;
use crate::workflow::model::{SettledBy, TellOn};

/// The rung of the news that another has answered.
const SETTLED: &str = "s";
/// An answer is news for so long.
const NEWS: SignedDuration = SignedDuration::from_hours(14 * 24);

/// Everything that is told because of answers to one step.
#[must_use]
pub fn messages(ways: &[Way<'_>]) -> Vec<Message> {
    let mut messages = Vec::new();
    for way in ways {
        let Some(ask) = &way.step.ask else { continue };
        for given in &way.given {
            let Some(answered) = heard(way, given) else { continue };
            for (number, rule) in ask.told.iter().enumerate().filter(|(_, rule)| matches(rule, given)) {
                messages.extend(told(way, number + 1, rule, given, &answered));
            }
        }
        messages.extend(others(way, way.view.settled_by(way.step).unwrap_or(SettledBy::Each)));
    }
    messages
}

/// The request that an answer of a way is the answer to; none for one from before the start, when nobody had been
/// asked.
fn heard(way: &Way<'_>, given: &Given) -> Option<Request> {
    way.requests(given.at).into_iter().find(|r| r.has_been_with(&given.person))
}

fn matches(rule: &TellOn, given: &Given) -> bool {
    let answered = rule.answers.is_empty() || rule.answers.contains(&given.answer);
    answered && rule.mark.as_ref().is_none_or(|mark| given.marks.contains(mark))
}

/// An answer as those hear of it whom rule `number` names.
fn told(way: &Way<'_>, number: usize, rule: &TellOn, given: &Given, answered: &Request) -> Vec<Message> {
    let case = way.view.case;
    let at = next_window(case.world.quiet, given.at);
    if !case.window.contains(at) {
        return Vec::new();
    }
    let recipes = resolve(&case.world, &rule.to, way.view.about(), today(at));
    let others = recipes.iter().filter(|r| r.person.as_ref() != Some(&given.person));
    let news = |recipe: &Recipe| {
        // What was answered before the recipient's body was started is no news to them.
        case.since_of(way.view.topic, recipe.body.as_ref()).filter(|since| given.at >= *since)?;
        let subject = way.subject(answered.own, at);
        let notice = notice::of_answer(&subject, rule, given, &answered.named, recipe);
        tell(way, format!("t{number}.{}", given.person), at, recipe, notice)
    };
    others.filter_map(news).collect()
}

/// Where one answer is enough for several: those who had been asked hear that it has come.
fn others(way: &Way<'_>, settled_by: SettledBy) -> Vec<Message> {
    if settled_by == SettledBy::Each {
        return Vec::new();
    }
    let case = way.view.case;
    let mut messages = Vec::new();
    for (i, given) in way.given.iter().enumerate() {
        let at = next_window(case.world.quiet, given.at);
        let Some(answered) = heard(way, given).filter(|_| case.window.contains(at)) else { continue };
        let bodies = way.view.bodies_of_answer(way.step, given);
        // Every answer after the first is one too many, and settles nothing.
        let before = |earlier: &&&Given| {
            settled_by == SettledBy::Anyone
                || !way.view.bodies_of_answer(way.step, earlier).is_disjoint(&bodies)
        };
        if way.given.iter().take(i).any(|earlier| before(&earlier)) {
            continue;
        }
        let same =
            |r: &Request| settled_by == SettledBy::Anyone || r.body().is_some_and(|b| bodies.contains(b));
        let by_then = |r: &Request| way.given.iter().any(|g| g.at <= at && r.has_been_with(&g.person));
        for request in one_each(way.requests(given.at)) {
            if request.person.is_some() && same(&request) && !by_then(&request) {
                let recipe = request.recipe();
                let subject = way.subject(request.own, at);
                let notice = notice::of_settled(&subject, &answered.named, &request);
                messages.extend(tell(way, SETTLED.to_owned(), at, &recipe, notice));
            }
        }
    }
    messages
}

fn tell(way: &Way<'_>, rung: String, at: Timestamp, recipe: &Recipe, notice: Notice) -> Option<Message> {
    way.message(Draft {
        rung,
        at,
        expires: at.checked_add(NEWS).ok(),
        kind: MessageKind::Tell,
        recipe,
        notice,
    })
}
