//! What a step is said about, and how the other steps look from there.

use jiff::Timestamp;
use jiff::civil::Date;

use crate::ids::StepId;
use crate::items::Item;
use crate::plan::model::{Given, Listed, Matter, Object};
use crate::plan::moments::{Steps, natural};
use crate::plan::recipients::About;
use crate::plan::settled::among;
use crate::plan::steps::Case;
use crate::workflow::model::{Answer, Per, SettledBy, Step};

/// What a step is said about.
#[derive(Clone, Copy, Debug)]
pub enum Topic<'a> {
    /// The occasion as a whole.
    Whole,
    /// One of the matters listed under it.
    Listed(&'a Listed),
    /// One unit of the body's plan.
    Item(&'a Item),
}

/// A case as the steps about one topic see it.
#[derive(Clone, Copy, Debug)]
pub struct View<'a> {
    /// The case.
    pub case: &'a Case<'a>,
    /// What it is about.
    pub topic: Topic<'a>,
    /// The gate that has opened, and the moment of the answer that opened it. Other recipients' answers to the
    /// same question may be newer, but they open the gate for others.
    pub opening: Option<(&'a StepId, Timestamp)>,
}

impl<'a> Case<'a> {
    /// What `step` is said about, once for each.
    #[must_use]
    pub fn topics(&'a self, step: &Step) -> Vec<Topic<'a>> {
        match step.per {
            Per::Occasion => vec![Topic::Whole],
            Per::Listed => {
                let listed = self.lookup.listed(&self.workflow.id, self.body.as_ref(), self.at());
                if listed.is_empty() {
                    return vec![Topic::Whole];
                }
                // Once something has been listed, the round as a whole is not asked about again, even if
                // everything is withdrawn.
                listed.into_iter().filter(|l| !l.withdrawn).map(Topic::Listed).collect()
            }
            Per::Item => self.units(step).into_iter().map(Topic::Item).collect(),
        }
    }

    /// The answers that can be given to `step`; none if it asks nothing.
    #[must_use]
    pub fn answers(&self, step: &Step) -> Vec<Answer> {
        let Some(ask) = &step.ask else { return Vec::new() };
        let entered = self.opened.map(|o| o.answers.as_slice()).unwrap_or_default();
        if !ask.from_occasion || entered.is_empty() {
            return ask.answers.clone();
        }
        let plain = |(id, label): &(crate::ids::AnswerId, String)| Answer::plain(id.clone(), label);
        entered.iter().map(plain).collect()
    }
}

impl<'a> View<'a> {
    /// The matter of `step` here.
    #[must_use]
    pub fn matter(&self, step: &Step) -> Matter {
        self.matter_about(step, self.topic)
    }

    /// When what it is about was entered; none for what follows from files.
    #[must_use]
    pub fn entered(&self) -> Option<Timestamp> {
        let case = self.case;
        let at = case.at();
        let occasion = (at.workflow.clone(), at.body.clone(), Object::Occasion(at.clone()));
        let listed = match self.topic {
            Topic::Listed(listed) => {
                let object = Object::listed(at, listed.number);
                case.world.facts.entered.get(&(case.workflow.id.clone(), case.body.clone(), object))
            }
            Topic::Whole | Topic::Item(_) => None,
        };
        case.world.facts.entered.get(&occasion).max(listed).copied()
    }

    fn matter_about(&self, step: &Step, topic: Topic<'_>) -> Matter {
        let at = self.case.at();
        Matter {
            workflow: self.case.workflow.id.clone(),
            body: self.case.body.clone(),
            object: match topic {
                Topic::Whole => Object::Occasion(at.clone()),
                Topic::Listed(listed) => Object::listed(at, listed.number),
                Topic::Item(item) => Object::Part { of: at.clone(), part: item.unit() },
            },
            step: step.id.clone(),
        }
    }

    /// Where another step is seen from here: on the same matter or item if it is said per such too, on the whole
    /// if it is said once, else everywhere it is said.
    fn seen(&self, other: &Step) -> Vec<Topic<'a>> {
        match (self.topic, other.per) {
            (Topic::Listed(_), Per::Listed) | (Topic::Item(_), Per::Item) => vec![self.topic],
            _ => self.case.topics(other),
        }
    }

    /// As `other` itself sees the case, as far as one view can.
    #[must_use]
    pub fn of(&self, other: &Step) -> Self {
        let topic = self.seen(other).first().copied().unwrap_or(Topic::Whole);
        Self { topic, ..*self }
    }

    /// The answers to `other` that count here, the oldest first. What a helper answers is a contribution: it
    /// counts neither for the one who asked for help nor for anybody else.
    #[must_use]
    pub fn given(&self, other: &Step) -> Vec<&'a Given> {
        let mut found = Vec::new();
        for topic in self.seen(other) {
            let matter = self.matter_about(other, topic);
            let counts = |g: &&Given| !Self { topic, ..*self }.only_helps(other, &matter, g);
            found.extend(self.case.lookup.answers(&matter).filter(counts));
        }
        found.sort_by_key(|g| g.at);
        found
    }

    /// Whom one answer to `step` settles it for here; none if it asks nothing.
    #[must_use]
    pub fn settled_by(&self, step: &Step) -> Option<SettledBy> {
        let owners = self.about().item.map(|item| &item.owners);
        step.ask.as_ref().map(|ask| among(ask.settled_by, owners))
    }

    /// The last day to answer `step`.
    #[must_use]
    pub fn due_of(&self, step: &Step) -> Option<Date> {
        let ask = step.ask.as_ref()?;
        natural(&ask.due, self.case.anchored(), None, self).map(|n| n.day())
    }

    /// What recipients are sought for here.
    #[must_use]
    pub fn about(&self) -> About<'a> {
        let item = match self.topic {
            Topic::Item(item) => Some(item),
            Topic::Whole | Topic::Listed(_) => None,
        };
        let receivers = self.case.opened.map(|o| o.receivers.as_slice()).unwrap_or_default();
        About { body: self.case.body.as_ref(), item, receivers, ..About::default() }
    }
}

impl Steps for View<'_> {
    fn due(&self, step: &StepId) -> Option<Date> {
        self.case.step(step).and_then(|s| self.of(s).due_of(s))
    }

    fn answered(&self, step: &StepId) -> Option<Timestamp> {
        if let Some((_, at)) = self.opening.filter(|(gate, _)| *gate == step) {
            return Some(at);
        }
        let asking = self.case.step(step)?;
        let newest = self.given(asking).last().map(|g| g.at);
        newest.or_else(|| self.assumed(asking))
    }
}
