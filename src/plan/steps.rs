//! From the steps of one occasion to messages.

use jiff::Timestamp;
use jiff::civil::{Date, time};

use crate::calendar::{instant, today};
use crate::ids::{AnswerId, BodyId, OccasionRef, StepId};
use crate::plan::key::key;
use crate::plan::model::{Given, Matter, Message, MessageKind, Object, Startable, World};
use crate::plan::moments::{Anchored, Part, Sent, Steps, ladder, natural};
use crate::plan::notice::{self, Subject};
use crate::plan::occasions::{Expected, Resolved};
use crate::plan::recipients::{About, Recipe, resolve};
use crate::plan::window::Window;
use crate::workflow::model::{Ask, Recipient, RoleOf, SettledBy, Step, Workflow};

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
}

/// One rung of a step, with who has been asked by then and who of them is silent.
#[derive(Clone, Copy)]
struct Turn<'a> {
    step: &'a Step,
    rungs: &'a [Sent],
    rung: Sent,
    due: Option<Date>,
    asked: &'a [Recipe],
    silent: &'a [Recipe],
}

/// An open gate, or a step without one.
struct Opened {
    /// `fordela=samordnas` where the plan assumes it.
    assumed: Option<String>,
}

impl Case<'_> {
    /// Every message of every step, in no particular order.
    #[must_use]
    pub fn messages(&self) -> Vec<Message> {
        self.steps.iter().flat_map(|step| self.of_step(step)).collect()
    }

    fn of_step(&self, step: &Step) -> Vec<Message> {
        let Some(opened) = self.gate(step) else { return Vec::new() };
        let due = self.due_of(step);
        let rungs = ladder(step, self.anchored(), due, self, self.world.quiet);
        let mut messages = Vec::new();
        for rung in rungs.iter().filter(|rung| self.window.contains(rung.at)) {
            let (asked, silent) = self.asked_and_silent(step, &rungs, rung.at);
            let on = Turn { step, rungs: &rungs, rung: *rung, due, asked: &asked, silent: &silent };
            let to = self.audience(step, rung.part, today(rung.at));
            messages.extend(to.iter().filter_map(|recipe| self.message(&on, recipe, &opened)));
        }
        messages
    }

    /// Whether the step's gate is open; none while it is closed.
    fn gate(&self, step: &Step) -> Option<Opened> {
        let Some(gate) = &step.gate else { return Some(Opened { assumed: None }) };
        let asking = self.step(&gate.step)?;
        if let Some((answer, _)) = self.deciding_answer(asking, &gate.answers) {
            return gate.answers.contains(&answer).then_some(Opened { assumed: None });
        }
        let first = &asking.ask.as_ref()?.answers.first()?.id;
        let assumed = self.assume == Assume::GatesOpen && gate.answers.contains(first);
        let opens = assumed && self.assumed_answer(asking).is_some();
        opens.then(|| Opened { assumed: Some(format!("{}={first}", gate.step)) })
    }

    /// The answer that decides a gate: where one answer settles the ask the newest, else the newest that is
    /// one of `wanted`, else the newest.
    fn deciding_answer(&self, asking: &Step, wanted: &[AnswerId]) -> Option<(AnswerId, Timestamp)> {
        let matter = self.matter(asking);
        let mut given: Vec<&Given> = self.given(&matter).collect();
        given.sort_by_key(|g| g.at);
        let settled = asking.ask.as_ref().is_some_and(|a| a.settled_by == SettledBy::Anyone);
        let wanted = given.iter().rev().find(|g| !settled && wanted.contains(&g.answer));
        wanted.or(given.last()).map(|g| (g.answer.clone(), g.at))
    }

    /// When a gate's answer is assumed: as soon as it is first asked after the start.
    fn assumed_answer(&self, asking: &Step) -> Option<Timestamp> {
        self.gate(asking)?;
        let since = self.since(None)?;
        let rungs = ladder(asking, self.anchored(), self.due_of(asking), self, self.world.quiet);
        let asked = |s: &&Sent| matches!(s.part, Part::First | Part::Reminder(_)) && s.at >= since;
        rungs.iter().find(asked).map(|s| s.at)
    }

    fn message(&self, on: &Turn<'_>, recipe: &Recipe, opened: &Opened) -> Option<Message> {
        let Turn { step, rung, due, asked, .. } = *on;
        let since = self.since(recipe.body.as_ref()).filter(|since| rung.at >= *since)?;
        let matter = self.matter(step);
        let day = today(rung.at);
        let kind = match (rung.part, &step.ask) {
            (Part::First, None) => MessageKind::Tell,
            (Part::First, Some(_)) => MessageKind::Ask,
            // Whose first rung lies before the start is asked on this one: nobody is reminded of what they
            // were never asked.
            (Part::Reminder(_), _) if !asked_before(on.rungs, rung, since) => MessageKind::Ask,
            (Part::Reminder(_), _) => MessageKind::Reminder,
            (Part::Escalation(_), _) => MessageKind::Escalation,
            (Part::Alarm(_), _) => MessageKind::Alarm,
        };
        let settled = match kind {
            MessageKind::Ask | MessageKind::Reminder => !on.silent.contains(recipe),
            MessageKind::Alarm => asked.is_empty() || on.silent.is_empty(),
            _ => false,
        };
        let silent = concerning(self.world, on.silent, recipe, step, rung.part);
        if settled || (kind == MessageKind::Escalation && silent.is_empty()) {
            return None;
        }
        let subject = Subject { occasion: self.occasion, step, body: self.body.as_ref(), due, day };
        let may_answer = asked.iter().any(|a| a.person.is_some() && a.person == recipe.person);
        let notice = notice::of_step(self.world, &subject, kind, recipe, &silent, asked.len(), may_answer);
        let about = due.or(self.first_day()).unwrap_or(day);
        Some(Message {
            key: key(&matter, &rung.part.code(), recipe.addressee(), about),
            at: rung.at,
            expires: self.expires(day),
            urgent: kind == MessageKind::Alarm,
            kind,
            matter,
            role: recipe.role_path(),
            to: recipe.person.clone(),
            notice,
            assumes: opened.assumed.clone(),
        })
    }

    /// Who is asked at `at`, and which of them have not answered by what is known. Only those who have really
    /// been asked count as silent: a body that is started late is not reported for what it never got.
    fn asked_and_silent(&self, step: &Step, rungs: &[Sent], at: Timestamp) -> (Vec<Recipe>, Vec<Recipe>) {
        let everybody = resolve(&self.world, &step.to, self.about(), today(at));
        let was_asked = |recipe: &Recipe| {
            let since = self.since(recipe.body.as_ref());
            let first = |s: &Sent| matches!(s.part, Part::First | Part::Reminder(_)) && s.at <= at;
            since.is_some_and(|since| rungs.iter().any(|s| first(s) && s.at >= since))
        };
        let asked: Vec<Recipe> = everybody.into_iter().filter(was_asked).collect();
        let matter = self.matter(step);
        let anyone = step.ask.as_ref().is_some_and(|a| a.settled_by == SettledBy::Anyone);
        // An assumed answer came at the very moment of the ask: the ask itself is still sent.
        let assumed = (self.assume == Assume::GatesOpen && self.is_gate(step))
            .then(|| self.assumed_answer(step))
            .flatten()
            .is_some_and(|answered| at > answered);
        let answered = |recipe: &Recipe| {
            let mut given = self.given(&matter).filter(|g| g.at <= at);
            assumed || given.any(|g| anyone || Some(&g.person) == recipe.person.as_ref())
        };
        let silent = asked.iter().filter(|r| !answered(r)).cloned().collect();
        (asked, silent)
    }

    fn audience(&self, step: &Step, part: Part, day: Date) -> Vec<Recipe> {
        let rung = |rungs: &[crate::workflow::model::Rung], n: usize| rungs.get(n - 1).map(|r| r.to.clone());
        let ask: Option<&Ask> = step.ask.as_ref();
        let to: Vec<Recipient> = match part {
            Part::First | Part::Reminder(_) => step.to.clone(),
            Part::Escalation(n) => ask.and_then(|a| rung(&a.escalate, n)).unwrap_or_default(),
            Part::Alarm(n) => ask.and_then(|a| rung(&a.alarm, n)).unwrap_or_default(),
        };
        resolve(&self.world, &to, self.about(), day)
    }

    /// Since when workflow, body and the recipient's body have all been started.
    fn since(&self, recipient: Option<&BodyId>) -> Option<Timestamp> {
        let mut parts = vec![Startable::Workflow(self.workflow.id.clone())];
        parts.extend(self.body.iter().chain(recipient).cloned().map(Startable::Body));
        self.world.facts.starts.since(&parts)
    }

    fn about(&self) -> About<'_> {
        About { body: self.body.as_ref(), ..About::default() }
    }

    fn is_gate(&self, step: &Step) -> bool {
        self.steps.iter().any(|s| s.gate.as_ref().is_some_and(|g| g.step == step.id))
    }

    fn step(&self, id: &StepId) -> Option<&Step> {
        self.steps.iter().copied().find(|s| &s.id == id)
    }

    fn due_of(&self, step: &Step) -> Option<Date> {
        let ask = step.ask.as_ref()?;
        natural(&ask.due, self.anchored(), None, self).map(|n| n.day())
    }

    fn matter(&self, step: &Step) -> Matter {
        Matter {
            workflow: self.workflow.id.clone(),
            body: self.body.clone(),
            object: Object::Occasion(self.at().clone()),
            step: step.id.clone(),
        }
    }

    fn given<'b>(&'b self, matter: &'b Matter) -> impl Iterator<Item = &'b Given> {
        self.world.facts.answers.iter().filter(move |g| &g.matter == matter)
    }

    fn at(&self) -> &OccasionRef {
        match self.occasion {
            Resolved::Dated(occasion) => &occasion.at,
            Resolved::Expected(expected) => &expected.at,
        }
    }

    fn anchored(&self) -> Anchored {
        match self.occasion {
            Resolved::Dated(occasion) => Anchored::Dated(occasion.span),
            Resolved::Expected(Expected { quarter, .. }) => Anchored::Expected(*quarter),
        }
    }

    fn first_day(&self) -> Option<Date> {
        match self.anchored() {
            Anchored::Dated(span) => Some(span.first()),
            Anchored::Expected(quarter) => Some(quarter),
        }
    }

    /// What is said before the occasion is over is pointless after it; what is said afterwards keeps.
    fn expires(&self, day: Date) -> Option<Timestamp> {
        let Anchored::Dated(span) = self.anchored() else { return None };
        let after = span.last().tomorrow().ok()?;
        (day <= span.last()).then(|| instant(after, time(0, 0, 0, 0)))
    }
}

impl Steps for Case<'_> {
    fn due(&self, step: &StepId) -> Option<Date> {
        self.step(step).and_then(|s| self.due_of(s))
    }

    fn answered(&self, step: &StepId) -> Option<Timestamp> {
        let asking = self.step(step)?;
        let wanted: Vec<AnswerId> = Vec::new();
        let given = self.deciding_answer(asking, &wanted).map(|(_, at)| at);
        let assumed = || {
            let is_assumed = self.assume == Assume::GatesOpen && self.is_gate(asking);
            is_assumed.then(|| self.assumed_answer(asking)).flatten()
        };
        given.or_else(assumed)
    }
}

fn asked_before(rungs: &[Sent], rung: Sent, since: Timestamp) -> bool {
    let asks = |s: &&Sent| matches!(s.part, Part::First | Part::Reminder(_));
    rungs.iter().filter(asks).any(|s| s.at >= since && s.at < rung.at)
}

/// Of the silent, those whom the recipient of an escalation answers for: where it goes to a role in every body
/// of a kind, each hears only of what is above or below its own body.
fn concerning(world: World<'_>, silent: &[Recipe], to: &Recipe, step: &Step, part: Part) -> Vec<Recipe> {
    let Part::Escalation(n) = part else { return silent.to_vec() };
    let rung = step.ask.as_ref().and_then(|a| a.escalate.get(n - 1));
    let by_kind = rung.is_some_and(|r| {
        let of_kind = |to: &Recipient| matches!(to, Recipient::Role { of: RoleOf::Kind(_), .. });
        r.to.iter().any(of_kind)
    });
    let Some(body) = to.body.as_ref().filter(|_| by_kind) else { return silent.to_vec() };
    let (above, below) = (world.organisation.ancestors(body), world.organisation.descendants(body));
    let related = |b: &BodyId| b == body || above.contains(b) || below.contains(b);
    silent.iter().filter(|r| r.body.as_ref().is_some_and(related)).cloned().collect()
}
