//! What a message says: the words of the workflow file, with the facts of the case as rows.

use jiff::civil::Date;

use crate::calendar::{swedish, today, workdays_between};
use crate::ids::{BodyId, RoleId};
use crate::plan::asked::Request;
use crate::plan::counts::Count;
use crate::plan::fields::{body_name, fill, item_rows, rows, short};
use crate::plan::follow::Seen;
use crate::plan::model::{Given, ItemLine, MessageKind, Notice, World};
use crate::plan::moments::Sent;
use crate::plan::occasions::Resolved;
use crate::plan::recipients::Recipe;
use crate::plan::view::View;
use crate::plan::way::Way;
use crate::text::asked as words;
use crate::text::{notices as text, people, rounds};
use crate::workflow::model::{Recipient, RoleOf, Step, TellOn, Watch};

/// What a step's message is about.
#[derive(Debug)]
pub struct Subject<'a> {
    /// The occasion, and what of it.
    pub view: View<'a>,
    /// The step.
    pub step: &'a Step,
    /// When the recipient's answer is due.
    pub due: Option<Date>,
    /// The day the message leaves.
    pub day: Date,
    /// The units of the plan that it is about, or those that are missing in what it counts.
    pub items: Vec<ItemLine>,
    /// The answers that it counts.
    pub count: Option<Count<'a>>,
}

impl Subject<'_> {
    /// Whether there is nothing to say: no unit fits, or nobody has been asked what it counts.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        let list = self.step.items.is_some() && self.items.is_empty();
        list || self.count.as_ref().is_some_and(|count| count.asked == 0)
    }
}

/// How a question came to its recipient.
#[derive(Clone, Copy, Debug)]
pub enum Came<'a> {
    /// By the role they hold.
    ByRole,
    /// Whom it was meant for has passed it on.
    Passed(&'a Recipe),
    /// Whom it was meant for asks for help with it.
    Helps(&'a Recipe),
}

/// What a step's message says to whom.
#[derive(Debug)]
pub struct Said<'a> {
    /// What kind of message.
    pub kind: MessageKind,
    /// To whom.
    pub recipe: &'a Recipe,
    /// How it came to them.
    pub came: Came<'a>,
    /// Who has not answered, in what goes up the line.
    pub silent: &'a [&'a Request],
    /// Of how many.
    pub asked: usize,
    /// Whether the recipient is among those who are asked: answers are offered only to them.
    pub may_answer: bool,
    /// The escalations that come unless the recipient answers.
    pub foretold: &'a [Sent],
    /// In how many rounds those who are named have been silent, where only such are.
    pub rounds: Option<u8>,
}

/// The content of a step's message.
#[must_use]
pub fn of_step(way: &Way<'_>, about: &Subject<'_>, said: &Said<'_>) -> Notice {
    let (world, ask) = (about.view.case.world, about.step.ask.as_ref());
    let question = fill(about, &about.step.headline, &[]);
    let due = about.due.unwrap_or(about.day);
    let deadline = last_day(about.view.case.occasion).unwrap_or(due);
    let (silent, asked) = (said.silent.len(), said.asked);
    let subject = match said.kind {
        MessageKind::Ask => text::ask(&question, due),
        MessageKind::Reminder => text::reminder(&question, due, about.day),
        MessageKind::Escalation => text::escalation(&question, silent, asked),
        MessageKind::Alarm => text::alarm(&question, deadline, about.day),
        _ => question.clone(),
    };
    let mut paragraphs = match said.kind {
        MessageKind::Reminder => {
            vec![text::reminder_text(due, about.day, workdays_between(about.day, due))]
        }
        MessageKind::Escalation => {
            let before = said.rounds.map(rounds::silent_rounds);
            before.into_iter().chain([text::escalation_text(due, &question)]).collect()
        }
        MessageKind::Alarm => vec![text::alarm_text(deadline)],
        _ => came(world, said).into_iter().collect(),
    };
    if !matches!(said.kind, MessageKind::Escalation | MessageKind::Alarm) {
        paragraphs.extend(own_text(about));
        paragraphs.extend(said.foretold.iter().map(|rung| foretold(way, said.recipe, *rung)));
    }
    let wants_answer = matches!(said.kind, MessageKind::Ask | MessageKind::Reminder | MessageKind::Alarm);
    let offered = ask.filter(|_| wants_answer && said.may_answer);
    let mut rows = rows(about);
    rows.extend(about.due.filter(|_| wants_answer).map(text::due_row));
    Notice {
        from_body: from_body(&about.view),
        subject,
        headline: if said.kind == MessageKind::Escalation { text::missing(silent, asked) } else { question },
        text: paragraphs,
        rows,
        due: about.due,
        answers: offered.map(|_| about.view.case.answers(about.step)).unwrap_or_default(),
        silent: said.silent.iter().map(|r| silent_line(world, r)).collect(),
        why: why_came(world, said),
        marks: offered.map(|ask| ask.marks.clone()).unwrap_or_default(),
        sections: offered.map(|ask| ask.sections.clone()).unwrap_or_default(),
        items: about.items.clone(),
        together: about.step.together.as_ref().map(|several| fill(about, several, &[])),
    }
}

/// The content of the news that `answered` has answered, in the words of `rule`.
#[must_use]
pub fn of_answer(
    about: &Subject<'_>,
    rule: &TellOn,
    given: &Given,
    answered: &Recipe,
    recipe: &Recipe,
) -> Notice {
    let world = about.view.case.world;
    let who = role_in_body(world, answered);
    let answers = about.view.case.answers(about.step);
    let answer = answers.iter().find(|a| a.id == given.answer).map_or(given.answer.as_str(), |a| &a.label);
    let headline = words::sentence(&fill(about, &rule.headline, &[("who", &who), ("answer", answer)]));
    told(about, headline.clone(), headline, why(world, recipe))
}

/// The content of the news to `request`'s recipient that `answered` has answered for them too.
#[must_use]
pub fn of_settled(about: &Subject<'_>, answered: &Recipe, request: &Request) -> Notice {
    let world = about.view.case.world;
    let question = fill(about, &about.step.headline, &[]);
    let headline = words::settled(&role_in_body(world, answered));
    told(about, words::settled_subject(&question), headline, why(world, &request.named))
}

fn told(about: &Subject<'_>, subject: String, headline: String, why: String) -> Notice {
    Notice {
        from_body: from_body(&about.view),
        subject,
        headline,
        text: Vec::new(),
        rows: rows(about),
        due: None,
        answers: Vec::new(),
        silent: Vec::new(),
        why,
        marks: Vec::new(),
        sections: Vec::new(),
        items: Vec::new(),
        together: None,
    }
}

fn own_text(about: &Subject<'_>) -> Vec<String> {
    about.step.text.iter().flat_map(|t| paragraphs(&fill(about, t, &[]))).collect()
}

/// That the question goes to somebody else unless it is answered: to which role, never to whom.
fn foretold(way: &Way<'_>, recipe: &Recipe, rung: Sent) -> String {
    let case = way.view.case;
    let role = |to: &Recipient| match to {
        Recipient::Owner => words::OWNER.to_owned(),
        Recipient::Deputy => words::DEPUTY.to_owned(),
        Recipient::Role { of, role } => {
            let organisation = case.world.organisation;
            let in_body = |body: &BodyId| {
                let title = role_title(case.world, body, role);
                if recipe.body.as_ref() == Some(body) {
                    title
                } else {
                    words::role_in(&title, &short(case.world, body))
                }
            };
            match of {
                RoleOf::Own => case.body.as_ref().map_or_else(|| role.to_string(), in_body),
                RoleOf::Body(body) => in_body(body),
                RoleOf::Kind(kind) => {
                    let kind = organisation.kinds.get(kind);
                    let title = kind.and_then(|k| k.roles.get(role)).map_or(role.as_str(), String::as_str);
                    words::role_in(title, kind.map_or("", |k| &k.title))
                }
                RoleOf::Receiver => {
                    let receivers = case.opened.map(|o| o.receivers.as_slice()).unwrap_or_default();
                    words::list(&receivers.iter().map(in_body).collect::<Vec<_>>())
                }
            }
        }
    };
    let mut roles: Vec<String> = way.rung(rung.part).into_iter().flat_map(|r| &r.to).map(role).collect();
    roles.dedup();
    words::foretold(today(rung.at), &words::list(&roles))
}

fn came(world: World<'_>, said: &Said<'_>) -> Option<String> {
    match said.came {
        Came::ByRole => None,
        Came::Passed(from) => Some(words::passed(&role_in_body(world, from))),
        Came::Helps(from) => Some(words::helps(&role_in_body(world, from))),
    }
}

fn why_came(world: World<'_>, said: &Said<'_>) -> String {
    match said.came {
        Came::ByRole => why(world, said.recipe),
        Came::Passed(from) => words::why_passed(&role_in_body(world, from)),
        Came::Helps(from) => words::why_helps(&role_in_body(world, from)),
    }
}

/// The content of a watch's message about `item`. `handed_over` after how many nudges, when it goes up the line.
#[must_use]
pub fn of_watch(
    seen: Seen<'_>,
    watch: &Watch,
    recipe: &Recipe,
    handed_over: Option<u16>,
    day: Date,
) -> Notice {
    let (world, item) = (seen.world, seen.item);
    let template = match (&watch.hand_over, handed_over) {
        (Some(hand_over), Some(_)) => &hand_over.headline,
        _ => &watch.headline,
    };
    let since = seen.since(&watch.about, day);
    let words = watch_words(seen, since, day);
    let fields: Vec<(&str, &str)> = words.iter().map(|(field, text)| (*field, text.as_str())).collect();
    let headline = text::fill(template, &fields);
    let mut paragraphs_: Vec<String> = handed_over.map(text::hand_over_text).into_iter().collect();
    paragraphs_.extend(watch.text.iter().flat_map(|t| paragraphs(&text::fill(t, &fields))));
    Notice {
        from_body: short(world, &item.body),
        subject: headline.clone(),
        headline,
        text: paragraphs_,
        rows: item_rows(&seen.line(day), day),
        due: None,
        answers: watch.answers.clone(),
        silent: Vec::new(),
        why: why(world, recipe),
        marks: Vec::new(),
        sections: Vec::new(),
        items: vec![seen.line(day)],
        together: watch.together.as_ref().map(|several| text::fill(several, &fields)),
    }
}

/// What stands in for the fields of a watch, see [`Watch::FIELDS`].
fn watch_words(seen: Seen<'_>, since: Option<Date>, day: Date) -> [(&'static str, String); 6] {
    let line = seen.line(day);
    let deadline = line.deadline.map(|(deadline, _)| deadline);
    let long = |date: Option<Date>| date.map(swedish::long_year).unwrap_or_default();
    let ago = deadline.filter(|deadline| *deadline < day).or(line.reported);
    let days = ago.map(|ago| day.duration_since(ago).as_hours() / 24);
    let planned = seen.planned(day).and_then(|line| line.text.clone());
    [
        ("item", line.title),
        ("body", body_name(seen.world, &seen.item.body)),
        ("since", long(since)),
        ("deadline", long(deadline)),
        ("days", days.map(|days| days.to_string()).unwrap_or_default()),
        ("planned", planned.unwrap_or_default()),
    ]
}

fn last_day(occasion: &Resolved) -> Option<Date> {
    match occasion {
        Resolved::Dated(o) => Some(o.span.last()),
        Resolved::Expected(_) => None,
    }
}

fn from_body(view: &View<'_>) -> String {
    match (view.case.body.as_ref(), view.case.occasion) {
        (Some(body), _) => short(view.case.world, body),
        (None, Resolved::Dated(o)) => o.title.clone(),
        (None, Resolved::Expected(e)) => e.title.clone(),
    }
}

pub(super) fn why(world: World<'_>, recipe: &Recipe) -> String {
    if let Some((body, role)) = &recipe.for_vacant {
        return people::why_vacant(&role_title(world, body, role), &body_name(world, body));
    }
    match (&recipe.body, &recipe.role) {
        (Some(body), Some(role)) => text::why(&role_title(world, body, role), &body_name(world, body)),
        _ => text::why_owner(),
    }
}

pub(super) fn role_title(world: World<'_>, body: &BodyId, role: &RoleId) -> String {
    world.organisation.role_title(body, role).to_owned()
}

/// "ordförande i RAG Patologi".
pub(super) fn role_in_body(world: World<'_>, recipe: &Recipe) -> String {
    match recipe.seat() {
        Some((body, role)) => words::role_in(&role_title(world, body, role), &body_name(world, body)),
        None => words::OWNER.to_owned(),
    }
}

fn silent_line(world: World<'_>, request: &Request) -> String {
    let Some((body, role)) = request.named.seat() else { return text::why_owner() };
    let person = request.person.as_ref().and_then(|id| world.facts.people.persons.get(id));
    let (role, body) = (role_title(world, body, role), body_name(world, body));
    let passed = request.person != request.named.person;
    match person {
        Some(other) if passed => words::silent_passed(&role, &body, &other.name),
        Some(other) if request.named.for_vacant.is_some() => {
            people::silent_stand_in(&role, &body, &other.name)
        }
        _ => text::silent(&role, &body, person.map(|p| p.name.as_str())),
    }
}

fn paragraphs(text: &str) -> Vec<String> {
    let paragraphs = text.split("\n\n").map(|p| p.split_whitespace().collect::<Vec<_>>().join(" "));
    paragraphs.filter(|p| !p.is_empty()).collect()
}

/// A reminder that leaves on a later day than it was planned for, after downtime: it says how many days are left then,
/// or when the answer should have come.
#[must_use]
pub fn as_of(mut message: crate::plan::model::Message, day: Date) -> crate::plan::model::Message {
    let notice = &mut message.notice;
    if let (MessageKind::Reminder, Some(due)) = (message.kind, notice.due)
        && today(message.at) != day
        && let Some(first) = notice.text.first_mut()
    {
        *first = text::reminder_text(due, day, workdays_between(day, due));
        notice.subject = text::reminder(&notice.headline, due, day);
    }
    message
}

/// A reminder as the ask that it has to be when its recipient was never asked.
#[must_use]
pub fn as_ask(mut message: crate::plan::model::Message) -> crate::plan::model::Message {
    let notice = &mut message.notice;
    if message.kind == MessageKind::Reminder {
        message.kind = MessageKind::Ask;
        if let Some(due) = notice.due {
            notice.subject = text::ask(&notice.headline, due);
        }
        // The first paragraph of a reminder says that an answer is missing.
        if !notice.text.is_empty() {
            notice.text.remove(0);
        }
    }
    message
}
