//! The ladders of one step: that of everybody, and those of the ones who have a last day of their own.

use std::collections::BTreeMap;

use jiff::Timestamp;
use jiff::civil::Date;

use crate::calendar::today;
use crate::plan::asked::Request;
use crate::plan::gates::Opening;
use crate::plan::model::{Arranged, Given};
use crate::plan::moments::{Part, Sent, ladder};
use crate::plan::view::View;
use crate::workflow::model::{Anchor, Rung, Step};

/// A step for those whose turn came at one moment.
#[derive(Debug)]
pub struct Way<'a> {
    /// The case from the step's topic, with the gate that has opened.
    pub view: View<'a>,
    /// The step.
    pub step: &'a Step,
    /// Since when their turn has come.
    pub opening: Opening,
    /// The last day to answer, for all who have none of their own.
    pub due: Option<Date>,
    /// The rungs for all who have no day of their own.
    pub base: Vec<Sent>,
    /// What counts as an answer to the step, the oldest first.
    pub given: Vec<&'a Given>,
    /// The rungs by own day.
    own: BTreeMap<Date, Vec<Sent>>,
}

impl<'a> Way<'a> {
    /// Every way of `step` as `view` sees it; none while its gate is closed, or for a unit that isn't in the round.
    #[must_use]
    pub fn all(view: View<'a>, step: &'a Step) -> Vec<Self> {
        let openings = view.openings(step);
        let ways = openings.into_iter().map(|opening| Self::new(view, step, opening));
        ways.filter(Self::is_in_round).collect()
    }

    fn new(view: View<'a>, step: &'a Step, opening: Opening) -> Self {
        let gate = step.gate.as_ref().map(|gate| &gate.step);
        let view = View { opening: gate.zip(opening.at), ..view };
        let due = view.due_of(step);
        let case = view.case;
        let not_before = opening.at.max(view.entered());
        let rungs = |due| ladder(step, case.anchored(), due, &view, case.world.quiet, not_before);
        let matter = view.matter(step);
        let arranged = case.lookup.arranged(&matter);
        let days = arranged.filter_map(|a| match a.what {
            Arranged::Time(day) => Some(day),
            Arranged::PassedTo(_) | Arranged::HelpFrom(_) => None,
        });
        let own = days.map(|day| (day, rungs(Some(day)))).collect();
        Self { view, step, base: rungs(due), given: view.given(step), opening, due, own }
    }

    /// The rungs of those who have the last day `own`.
    #[must_use]
    pub fn rungs(&self, own: Option<Date>) -> &[Sent] {
        own.and_then(|day| self.own.get(&day)).unwrap_or(&self.base)
    }

    /// The asks and reminders, with the own day of those whom they are for.
    pub fn asks(&self) -> impl Iterator<Item = (Option<Date>, Sent)> {
        let own = self.own.iter().map(|(day, rungs)| (Some(*day), rungs));
        let all = std::iter::once((None, &self.base)).chain(own);
        all.flat_map(|(day, rungs)| rungs.iter().map(move |s| (day, *s)).filter(|(_, s)| s.part.asks()))
    }

    /// The escalations and alarms, with the own day of those whom they are about. What isn't counted from the
    /// last day to answer comes once: whoever has a day of their own is named in it if that has passed.
    pub fn up_the_line(&self) -> impl Iterator<Item = (Option<Date>, Sent)> {
        let base = self.base.iter().map(|s| (None, *s)).filter(|(_, s)| !s.part.asks());
        let own = self.own.iter().flat_map(|(day, rungs)| rungs.iter().map(|s| (Some(*day), *s)));
        let counted = |(_, s): &(Option<Date>, Sent)| {
            matches!(s.part, Part::Escalation(_)) && self.counts_from_due(s.part)
        };
        base.chain(own.filter(counted))
    }

    /// What an escalation or an alarm is written as.
    #[must_use]
    pub fn rung(&self, part: Part) -> Option<&'a Rung> {
        let ask = self.step.ask.as_ref()?;
        match part {
            Part::First | Part::Reminder(_) => None,
            Part::Escalation(n) => ask.escalate.get(n - 1),
            Part::Alarm(n) => ask.alarm.get(n - 1),
        }
    }

    fn counts_from_due(&self, part: Part) -> bool {
        self.rung(part).is_some_and(|rung| rung.when.anchor == Anchor::Due)
    }

    /// Whether an escalation at `at`, about those with the day `own`, names an unanswered request.
    #[must_use]
    pub fn names(&self, part: Part, own: Option<Date>, at: Timestamp, request: &Request) -> bool {
        let rounds = self.rung(part).and_then(|rung| rung.silent_rounds);
        self.is_late(part, own, at, request) && rounds.is_none_or(|rounds| self.was_silent(request, rounds))
    }

    fn is_late(&self, part: Part, own: Option<Date>, at: Timestamp, request: &Request) -> bool {
        match part {
            Part::Escalation(_) if self.counts_from_due(part) => request.own == own,
            Part::Escalation(_) => request.own.is_none_or(|day| day < today(at)),
            // The deadline is another's: what isn't done by then is named, whoever has more time.
            Part::First | Part::Reminder(_) | Part::Alarm(_) => true,
        }
    }

    /// The escalations that a request's next message foretells if it is sent at `at`: those before the next
    /// time that its recipient would hear of it.
    #[must_use]
    pub fn foretold(&self, request: &Request, at: Timestamp) -> Vec<Sent> {
        let later = self.rungs(request.own).iter().filter(|s| s.part.asks() && s.at > at);
        let next = later.map(|s| s.at).min();
        let mut coming: Vec<Sent> = self
            .up_the_line()
            .filter(|(own, s)| {
                matches!(s.part, Part::Escalation(_))
                    && s.at > at
                    && next.is_none_or(|next| s.at <= next)
                    && self.names(s.part, *own, s.at, request)
            })
            .map(|(_, s)| s)
            .collect();
        coming.sort_by_key(|s| s.at);
        coming
    }
}
