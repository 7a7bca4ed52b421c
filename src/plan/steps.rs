//! From the steps of one occasion to messages.

use std::collections::BTreeMap;

use jiff::civil::{Date, time};
use jiff::{SignedDuration, Timestamp};

use crate::calendar::{instant, today};
use crate::ids::{BodyId, OccasionRef, StepId};
use crate::plan::asked::{Request, one_each};
use crate::plan::counts::count;
use crate::plan::key::key;
use crate::plan::lookup::Lookup;
use crate::plan::model::{Message, MessageKind, Notice, Opened, Startable, World};
use crate::plan::moments::{Anchored, Part, Sent};
use crate::plan::notice::{Came, Said, Subject};
use crate::plan::occasions::{Expected, Resolved};
use crate::plan::recipients::{About, Recipe, resolve};
use crate::plan::silence::{Silence, concerns, silence};
use crate::plan::units::lines;
use crate::plan::view::{Topic, View};
use crate::plan::way::Way;
use crate::plan::window::Window;
use crate::plan::{notice, passing, telling};
use crate::workflow::model::{Per, Recipient, Step, Workflow};

/// What is taken for granted about answers that nobody has given.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Assume {
    /// Nothing: what the daemon plans.
    Nothing,
    /// A gate is answered at once with its first answer; nobody else answers. What `plan` prints.
    GatesOpen,
}

/// One occasion as one workflow's steps for one body see it.
#[derive(Debug)]
pub struct Case<'a> {
    /// Everything there is.
    pub world: World<'a>,
    /// Its facts, by what they are about.
    pub lookup: &'a Lookup<'a>,
    /// What is assumed.
    pub assume: Assume,
    /// Only messages within it are made.
    pub window: Window,
    /// The workflow whose steps they are, as far as keys and starts are concerned.
    pub workflow: &'a Workflow,
    /// The steps that apply.
    pub steps: Vec<&'a Step>,
    /// The body they are done for.
    pub body: Option<BodyId>,
    /// The occasion.
    pub occasion: &'a Resolved,
    /// What was entered when the occasion was opened by hand, or the one that it renews.
    pub opened: Option<&'a Opened>,
}

/// One message of a way, before it is known whether its recipient is started.
#[derive(Debug)]
pub struct Draft<'a> {
    /// Its name in the key.
    pub rung: String,
    /// When it leaves.
    pub at: Timestamp,
    /// After when it is pointless; none for what keeps.
    pub expires: Option<Timestamp>,
    /// What kind.
    pub kind: MessageKind,
    /// To whom, in which role.
    pub recipe: &'a Recipe,
    /// What it says.
    pub notice: Notice,
}

/// A late answer is taken for so long after the last that is told of its lack.
const LATE: SignedDuration = SignedDuration::from_hours(30 * 24);

/// What an escalation or alarm is told apart by: which rung, about what last day. Ways that share these are told
/// of together, so that nobody gets two lists of the same silence.
///
/// The units of a plan are told of together too, but for what goes to their owners: then the last tells the ways apart.
type Level = (u8, usize, Option<Date>, Option<Date>, Option<usize>);

impl<'a> Case<'a> {
    /// Every message of every step, in no particular order.
    #[must_use]
    pub fn messages(&'a self) -> Vec<Message> {
        let mut messages = Vec::new();
        for step in self.steps.iter().copied() {
            let mut units = Vec::new();
            for topic in self.awake(step) {
                let ways = Way::all(View { case: self, topic, opening: None }, step);
                for way in &ways {
                    messages.extend(asks(way));
                    messages.extend(passing::messages(way));
                }
                messages.extend(telling::messages(&ways));
                if step.per == Per::Item {
                    units.extend(ways);
                } else {
                    messages.extend(up_the_line(&ways));
                }
            }
            messages.extend(up_the_line(&units));
        }
        messages
    }

    /// Since when workflow, body and the recipient's body have all been started.
    #[must_use]
    pub fn since(&self, recipient: Option<&BodyId>) -> Option<Timestamp> {
        let mut parts = vec![Startable::Workflow(self.workflow.id.clone())];
        parts.extend(self.body.iter().chain(recipient).cloned().map(Startable::Body));
        self.world.facts.starts.since(&parts)
    }

    /// As [`Self::since`], and for what is said about an item the plan that it stands in, be it that of a body below.
    #[must_use]
    pub fn since_of(&self, topic: Topic<'_>, recipient: Option<&BodyId>) -> Option<Timestamp> {
        let since = self.since(recipient)?;
        let Topic::Item(item) = topic else { return Some(since) };
        Some(self.world.facts.starts.since(&[Startable::Items(item.body.clone())])?.max(since))
    }

    /// One of the steps that apply.
    #[must_use]
    pub fn step(&self, id: &StepId) -> Option<&'a Step> {
        self.steps.iter().copied().find(|s| &s.id == id)
    }

    /// Which occasion it is.
    #[must_use]
    pub fn at(&self) -> &'a OccasionRef {
        match self.occasion {
            Resolved::Dated(occasion) => &occasion.at,
            Resolved::Expected(expected) => &expected.at,
        }
    }

    /// What its moments are reckoned from.
    #[must_use]
    pub fn anchored(&self) -> Anchored {
        match self.occasion {
            Resolved::Dated(occasion) => Anchored::Dated(occasion.span),
            Resolved::Expected(Expected { quarter, .. }) => Anchored::Expected(*quarter),
        }
    }

    fn first_day(&self) -> Date {
        match self.anchored() {
            Anchored::Dated(span) => span.first(),
            Anchored::Expected(quarter) => quarter,
        }
    }

    /// What is said before the occasion is over is pointless after it; what is said afterwards keeps.
    #[must_use]
    pub fn expires(&self, day: Date) -> Option<Timestamp> {
        let Anchored::Dated(span) = self.anchored() else { return None };
        let after = span.last().tomorrow().ok()?;
        (day <= span.last()).then(|| instant(after, time(0, 0, 0, 0)))
    }
}

impl Way<'_> {
    /// The message, unless it would leave before everything it belongs to has been started.
    #[must_use]
    pub fn message(&self, draft: Draft<'_>) -> Option<Message> {
        self.message_about(self.view.topic, draft)
    }

    /// The same about something else: a list of units is about the round as a whole.
    fn message_about(&self, topic: Topic<'_>, draft: Draft<'_>) -> Option<Message> {
        let case = self.view.case;
        case.since_of(self.view.topic, draft.recipe.body.as_ref()).filter(|since| draft.at >= *since)?;
        let matter = View { topic, ..self.view }.matter(self.step);
        // The day is that of the matter, also for one who has got more time: it tells a move from a respite.
        let about = self.due.unwrap_or_else(|| case.first_day());
        Some(Message {
            key: key(&matter, &draft.rung, draft.recipe.addressee(), about),
            at: draft.at,
            expires: draft.expires,
            urgent: draft.kind == MessageKind::Alarm,
            kind: draft.kind,
            matter,
            role: draft.recipe.role_path(),
            to: draft.recipe.person.clone(),
            notice: draft.notice,
            assumes: self.opening.assumed.clone(),
        })
    }

    /// What a message that leaves at `at` is about, for those with the day `own`.
    #[must_use]
    pub fn subject(&self, own: Option<Date>, at: Timestamp) -> Subject<'_> {
        let (case, step, day) = (self.view.case, self.step, today(at));
        let counted = step.counts.as_ref().and_then(|id| case.step(id));
        let count = counted.map(|step| count(case, step, at));
        let items = match (self.view.topic, &step.items, &count) {
            (Topic::Item(item), ..) => lines(case, [item], day),
            (_, Some(filter), _) => lines(case, case.fitting(filter, day), day),
            (.., Some(count)) => lines(case, count.units.iter().copied(), day),
            _ => Vec::new(),
        };
        Subject { view: self.view, step, due: own.or(self.due), day, items, count }
    }

    /// Until when an ask of `day` can be answered. It is pointless once the occasion is over, except where silence is
    /// told of after that: whoever is named as silent, or has a later day of their own, can still answer.
    #[must_use]
    pub fn open_until(&self, day: Date) -> Option<Timestamp> {
        let over = self.view.case.expires(day)?;
        let told = self.up_the_line().map(|(_, rung)| rung.at).max().filter(|told| *told >= over);
        Some(told.and_then(|told| told.checked_add(LATE).ok()).unwrap_or(over))
    }

    /// The rung's name in keys. A rung counted from a day of one's own is another than that of everybody.
    #[must_use]
    pub fn code(own: Option<Date>, rung: &str) -> String {
        own.map_or_else(|| rung.to_owned(), |day| format!("{rung}.{day}"))
    }
}

/// The asks and reminders of a way.
fn asks(way: &Way<'_>) -> Vec<Message> {
    let case = way.view.case;
    let mut messages = Vec::new();
    for (own, rung) in way.asks().filter(|(_, rung)| case.window.contains(rung.at)) {
        let mut open = way.requests(rung.at);
        open.retain(|r| !r.answered);
        if open.is_empty() {
            continue;
        }
        let subject = way.subject(own, rung.at);
        if subject.is_empty() {
            continue;
        }
        for request in one_each(open) {
            // Who has got it from another is asked in the window after that, and reminded from then on.
            let entered = request.passed.as_ref().map(|(at, _)| passing::window(case.world, *at));
            if request.own == own && entered.is_none_or(|entered| entered < rung.at) {
                messages.extend(ask(way, &subject, &request, rung));
            }
        }
    }
    messages
}

fn ask(way: &Way<'_>, subject: &Subject<'_>, request: &Request, rung: Sent) -> Option<Message> {
    let (case, recipe) = (way.view.case, request.recipe());
    let since = case.since_of(way.view.topic, recipe.body.as_ref())?;
    let earlier = |s: &&Sent| s.part.asks() && s.at >= since && s.at < rung.at;
    let kind = match (rung.part, &way.step.ask) {
        (Part::First, None) => MessageKind::Tell,
        (Part::First, Some(_)) => MessageKind::Ask,
        // Whose first rung lies before the start is asked on this one: nobody is reminded of what they were
        // never asked.
        _ if !way.rungs(request.own).iter().any(|s| earlier(&s)) => MessageKind::Ask,
        _ => MessageKind::Reminder,
    };
    let said = Said {
        kind,
        recipe: &recipe,
        came: if request.passed.is_some() { Came::Passed(&request.named) } else { Came::ByRole },
        silent: &[],
        asked: 0,
        may_answer: recipe.person.is_some(),
        foretold: &way.foretold(request, rung.at),
        rounds: None,
    };
    way.message(Draft {
        rung: Way::code(request.own, &rung.part.code()),
        at: rung.at,
        expires: way.open_until(today(rung.at)),
        kind,
        recipe: &recipe,
        notice: notice::of_step(way, subject, &said),
    })
}

/// The escalations and alarms of all ways of a step.
fn up_the_line(ways: &[Way<'_>]) -> Vec<Message> {
    let mut levels: BTreeMap<Level, (Sent, Vec<&Way<'_>>)> = BTreeMap::new();
    for (i, way) in ways.iter().enumerate() {
        for (own, rung) in way.up_the_line() {
            let (kind, n) = match rung.part {
                Part::Escalation(n) => (0, n),
                Part::Alarm(n) => (1, n),
                Part::First | Part::Reminder(_) => continue,
            };
            let to_owners = way.rung(rung.part).is_some_and(|rung| rung.to.contains(&Recipient::Owner));
            let apart = to_owners.then_some(i);
            let level = levels.entry((kind, n, way.due, own, apart)).or_insert_with(|| (rung, Vec::new()));
            level.0.at = level.0.at.max(rung.at);
            level.1.push(way);
        }
    }
    let mut messages = Vec::new();
    for ((.., own, _), (rung, ways)) in levels {
        if let Some(way) = ways.first().filter(|way| way.view.case.window.contains(rung.at)) {
            messages.extend(report(way, own, rung, &ways));
        }
    }
    messages
}

/// One escalation or alarm of `ways`, of which `way` is the first, to each who gets it.
fn report(way: &Way<'_>, own: Option<Date>, rung: Sent, ways: &[&Way<'_>]) -> Vec<Message> {
    let (case, day) = (way.view.case, today(rung.at));
    let Some(written) = way.rung(rung.part) else { return Vec::new() };
    let mut subject = way.subject(own, rung.at);
    let of_units = matches!(way.view.topic, Topic::Item(_));
    let Silence { silent, asked, units } = silence(ways, own, rung);
    if of_units {
        subject.view.topic = Topic::Whole;
        subject.items = lines(case, units, day);
    }
    if subject.is_empty() {
        return Vec::new();
    }
    let alarm = matches!(rung.part, Part::Alarm(_));
    let kind = if alarm { MessageKind::Alarm } else { MessageKind::Escalation };
    let recipes: Vec<Recipe> = silent.iter().map(Request::recipe).collect();
    let sought = About { silent: &recipes, ..way.view.about() };
    let mut messages = Vec::new();
    for recipe in resolve(&case.world, &written.to, sought, day) {
        let heard: Vec<&Request> =
            silent.iter().filter(|r| concerns(way, written, &recipe, r, day)).collect();
        if heard.is_empty() {
            continue;
        }
        // Of several units none could be answered about: each has a question of its own.
        let may_answer =
            !of_units && recipe.person.is_some() && silent.iter().any(|r| r.person == recipe.person);
        let said = Said {
            kind,
            recipe: &recipe,
            came: Came::ByRole,
            silent: &heard,
            asked,
            may_answer,
            foretold: &[],
            rounds: written.silent_rounds,
        };
        messages.extend(way.message_about(
            subject.view.topic,
            Draft {
                rung: Way::code(own, &rung.part.code()),
                at: rung.at,
                expires: case.expires(day),
                kind,
                recipe: &recipe,
                notice: notice::of_step(way, &subject, &said),
            },
        ));
    }
    messages
}
