//! How many have answered another step, of how many, and which are missing.

use jiff::Timestamp;

use crate::items::Item;
use crate::plan::asked::{Request, one_each};
use crate::plan::notice::role_in_body;
use crate::plan::steps::Case;
use crate::plan::view::{Topic, View};
use crate::plan::way::Way;
use crate::workflow::model::Step;

/// The answers to a step as they stand at one moment.
///
/// Units are counted where the step is said once for each: a unit whose owners must all answer counts when they all
/// have. Else those who were asked are.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Count<'a> {
    /// How many are answered.
    pub answered: usize,
    /// Of how many that had really been asked.
    pub asked: usize,
    /// Which are missing, in the plan's order: titles of units, or roles.
    pub missing: Vec<String>,
    /// The units that are missing.
    pub units: Vec<&'a Item>,
}

/// Counts the answers to `step` on the occasion of `case` at `at`.
#[must_use]
pub fn count<'a>(case: &'a Case<'a>, step: &'a Step, at: Timestamp) -> Count<'a> {
    let mut count = Count::default();
    for topic in case.topics(step) {
        let ways = Way::all(View { case, topic, opening: None }, step);
        let requests = one_each(ways.iter().flat_map(|way| way.requests(at)).collect());
        let Topic::Item(item) = topic else {
            count.of_people(case, &requests);
            continue;
        };
        if requests.is_empty() {
            continue;
        }
        count.asked += 1;
        if requests.iter().all(|request| request.answered) {
            count.answered += 1;
        } else {
            count.missing.push(item.display_title());
            count.units.push(item);
        }
    }
    count
}

impl Count<'_> {
    fn of_people(&mut self, case: &Case<'_>, requests: &[Request]) {
        self.asked += requests.len();
        for request in requests {
            if request.answered {
                self.answered += 1;
            } else {
                self.missing.push(role_in_body(case.world, &request.named));
            }
        }
    }
}
