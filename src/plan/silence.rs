//! Who is silent when an escalation or alarm leaves, and who hears of whom.

use jiff::civil::Date;

use crate::ids::BodyId;
use crate::items::Item;
use crate::plan::asked::{Request, one_each};
use crate::plan::moments::Sent;
use crate::plan::recipients::{About, Recipe, resolve};
use crate::plan::view::Topic;
use crate::plan::way::Way;
use crate::workflow::model::{Recipient, RoleOf, Rung};

/// What an escalation or alarm counts.
#[derive(Debug)]
pub struct Silence<'a> {
    /// Who has not answered, each once.
    pub silent: Vec<Request>,
    /// How many have been asked.
    pub asked: usize,
    /// The units that somebody is silent about.
    pub units: Vec<&'a Item>,
}

/// Of `ways`, as it is when the rung is sent, for those with the day `own`.
#[must_use]
pub fn silence<'a>(ways: &[&Way<'a>], own: Option<Date>, rung: Sent) -> Silence<'a> {
    let (mut all, mut silent, mut units) = (Vec::new(), Vec::new(), Vec::new());
    for way in ways {
        let requests = way.requests(rung.at);
        let named = |r: &&Request| !r.answered && way.names(rung.part, own, rung.at, r);
        let of_way: Vec<Request> = requests.iter().filter(named).cloned().collect();
        if let Topic::Item(item) = way.view.topic
            && !of_way.is_empty()
        {
            units.push(item);
        }
        silent.extend(of_way);
        all.extend(requests);
    }
    Silence { silent: one_each(silent), asked: one_each(all).len(), units }
}

/// Whether the recipient of an escalation or alarm answers for one who is silent. Where it goes to a role in every body of
/// a kind, each hears only of what is above or below its own body; a deputy hears of whom they stand in for.
#[must_use]
pub fn concerns(way: &Way<'_>, written: &Rung, to: &Recipe, silent: &Request, day: Date) -> bool {
    let world = way.view.case.world;
    if written.to.contains(&Recipient::Deputy) {
        let one = [silent.recipe()];
        let about = About { silent: &one, ..way.view.about() };
        let met = resolve(&world, &written.to, about, day);
        if !met.iter().any(|r| r.person == to.person && (r.person.is_some() || r == to)) {
            return false;
        }
    }
    let of_kind = |to: &Recipient| matches!(to, Recipient::Role { of: RoleOf::Kind(_), .. });
    let Some(body) = to.body.as_ref().filter(|_| written.to.iter().any(of_kind)) else { return true };
    let related = |b: &BodyId| {
        b == body
            || world.organisation.ancestors(body).contains(b)
            || world.organisation.ancestors(b).contains(body)
    };
    silent.body().is_some_and(related)
}
