//! Who was silent in the rounds before this one too.

use jiff::civil::time;

use crate::calendar::instant;
use crate::plan::asked::Request;
use crate::plan::model::Occasion;
use crate::plan::occasions::Resolved;
use crate::plan::steps::Case;
use crate::plan::view::{Topic, View};
use crate::plan::way::Way;

impl Way<'_> {
    /// Whether this was asked about in so many rounds in a row, this one included, and nobody answered in those
    /// before it: about the same unit, or of the same role where it is about none. A round is that of a meeting of the
    /// same body and file to which the step applies.
    #[must_use]
    pub fn was_silent(&self, request: &Request, rounds: u8) -> bool {
        let (case, step) = (self.view.case, self.step);
        let applies = |o: &&Occasion| step.on.is_empty() || step.on.contains(&o.at.id.entry);
        let before = usize::from(rounds.saturating_sub(1));
        let mut earlier: Vec<&Occasion> = Vec::new();
        earlier.extend(case.lookup.meetings().earlier(case.at()).filter(applies).take(before));
        earlier.len() == before
            && earlier.into_iter().all(|occasion| self.was_silent_before(occasion, request))
    }

    /// Whether it was asked about before `occasion` and unanswered when its last day was over.
    fn was_silent_before(&self, occasion: &Occasion, request: &Request) -> bool {
        let resolved = Resolved::Dated(Box::new(occasion.clone()));
        let now = self.view.case;
        let (steps, body) = (now.steps.clone(), now.body.clone());
        let case = Case { occasion: &resolved, steps, body, opened: None, ..*now };
        let over = instant(occasion.span.last(), time(23, 59, 59, 0));
        let then = Way::all(View { case: &case, topic: self.view.topic, opening: None }, self.step);
        then.iter().any(|way| {
            let asked = way.base.first().map(|first| first.at);
            let about = |r: &Request| match self.view.topic {
                // A phase that has become known since then is a sign of life.
                Topic::Item(item) => asked.is_some_and(|asked| item.phase_recorded <= asked),
                Topic::Whole | Topic::Listed(_) => r.named.seat() == request.named.seat(),
            };
            way.requests(over).iter().any(|r| !r.answered && about(r))
        })
    }
}
