//! The mail to a new holder of a role: what is open for the role, and what the coming month asks of it.

use std::collections::{BTreeMap, BTreeSet};

use jiff::ToSpan;
use jiff::civil::Date;

use crate::calendar::{today, window_of_day};
use crate::people::Holder;
use crate::plan::fields;
use crate::plan::key::{Addressee, key};
use crate::plan::model::{Matter, Message, MessageKind, Notice, Object, Startable, World};
use crate::plan::notice;
use crate::plan::of_steps;
use crate::plan::recipients::{Recipe, answered_for};
use crate::plan::settled::settled_by;
use crate::plan::steps::Assume;
use crate::plan::window::Window;
use crate::text::people as text;
use crate::workflow::model::SettledBy;

/// The workflow's name in keys. No file has it.
pub const WORKFLOW: &str = "arshjul";
/// The step's name in keys.
pub const STEP: &str = "tilltrade";
/// What was asked so many days before a term begins can still be open.
const BACK: i64 = 90;
/// So many days ahead the new holder is told of.
const AHEAD: i64 = 30;
/// No term that begins so many days before the window is told of in it, however long the holder is away first.
const LONGEST_DELAY: i64 = 400;

/// A term that begins, and the day its holder is told.
struct Begins<'a> {
    term: &'a Holder,
    from: Date,
    sent: Date,
}

/// One message for each term that begins after the start of its body, and is told of within `window`: none where
/// nothing is open and nothing is coming.
#[must_use]
pub fn messages(world: World<'_>, window: Window, assume: Assume) -> Vec<Message> {
    let begins: Vec<Begins<'_>> =
        world.facts.people.holders.iter().filter_map(|term| begins(world, window, term)).collect();
    let (Some(first), Some(last)) =
        (begins.iter().map(|b| b.from).min(), begins.iter().map(|b| b.from).max())
    else {
        return Vec::new();
    };
    // What was meant for a role while it was vacant is the role's, not that of whoever stood in.
    let organisation = world.organisation.without_stand_ins();
    let around = Window {
        from: window_of_day(first.saturating_sub(BACK.days())),
        until: window_of_day(last.saturating_add((AHEAD + 1).days())),
    };
    let asked = of_steps(World { organisation: &organisation, ..world }, around, assume);
    let mut by_role: BTreeMap<&str, Vec<&Message>> = BTreeMap::new();
    for message in asked.iter().filter(|m| matches!(m.kind, MessageKind::Ask | MessageKind::Reminder)) {
        by_role.entry(&message.role).or_default().push(message);
    }
    begins.iter().filter_map(|b| of_term(world, b, &by_role)).collect()
}

/// Whether a term begins that its holder is told of within `window`. A deputy has nothing to take over, and one who
/// goes on in the same role nothing new.
fn begins<'a>(world: World<'_>, window: Window, term: &'a Holder) -> Option<Begins<'a>> {
    let from = term.from.filter(|_| !term.deputy)?;
    let near = today(window.from).saturating_sub(LONGEST_DELAY.days());
    if from < near || from > today(window.until) {
        return None;
    }
    let people = &world.facts.people;
    let since = world.facts.starts.since(&[Startable::Body(term.body.clone())])?;
    let before = from.yesterday().ok()?;
    if from <= today(since) || people.holds(&term.person, &term.body, &term.role, before) {
        return None;
    }
    people.persons.get(&term.person)?;
    let mut sent = world.quiet.open_from(from);
    while let Some(away) = people.absence(&term.person, sent) {
        sent = world.quiet.open_from(away.until.tomorrow().ok()?);
    }
    let in_office = term.until.is_none_or(|until| sent <= until);
    (in_office && window.contains(window_of_day(sent))).then_some(Begins { term, from, sent })
}

fn of_term(world: World<'_>, b: &Begins<'_>, by_role: &BTreeMap<&str, Vec<&Message>>) -> Option<Message> {
    let Holder { body, role, person, .. } = b.term;
    let recipe = Recipe {
        body: Some(body.clone()),
        role: Some(role.clone()),
        person: Some(person.clone()),
        for_vacant: None,
    };
    let asked = by_role.get(recipe.role_path().as_str())?;
    let (open, coming) = open_and_coming(world, asked, &recipe, b.from);
    if open.is_empty() && coming.is_empty() {
        return None;
    }
    let (title, name) = (notice::role_title(world, body, role), fields::body_name(world, body));
    let headline = text::new_holder(&title, &name);
    let mut rows: Vec<(String, String)> =
        open.iter().filter_map(|m| Some(text::open_row(&m.notice.headline, m.notice.due?))).collect();
    rows.extend(coming.iter().map(|m| text::coming_row(&m.notice.headline, today(m.at), m.notice.due)));
    let matter = Matter {
        workflow: WORKFLOW.into(),
        body: Some(body.clone()),
        object: Object::Other(format!("{STEP}/{role}")),
        step: STEP.into(),
    };
    Some(Message {
        key: key(&matter, "0", Addressee::Person(person), b.from),
        at: window_of_day(b.sent),
        expires: None,
        urgent: false,
        kind: MessageKind::Tell,
        matter,
        role: recipe.role_path(),
        to: Some(person.clone()),
        notice: Notice {
            from_body: fields::short(world, body),
            subject: headline.clone(),
            headline,
            text: text::new_holder_text(open.len(), coming.len()),
            rows,
            due: None,
            answers: Vec::new(),
            silent: Vec::new(),
            why: text::why_new_holder(&title, &name, b.from),
            marks: Vec::new(),
            sections: Vec::new(),
            items: Vec::new(),
            together: None,
        },
        assumes: None,
    })
}

/// Of what is asked of a role, one message for each matter: what was asked before `from`, is due on or after it and
/// has no answer that counts for `recipe`; and what is first asked in the time ahead. Each by last day.
fn open_and_coming<'a>(
    world: World<'_>,
    asked: &[&'a Message],
    recipe: &Recipe,
    from: Date,
) -> (Vec<&'a Message>, Vec<&'a Message>) {
    let begins = window_of_day(from);
    let (mut open, mut coming): (Vec<&Message>, Vec<&Message>) = (Vec::new(), Vec::new());
    let mut in_time: Vec<&Message> = asked.to_vec();
    in_time.sort_by_key(|m| m.at);
    let earliest = window_of_day(from.saturating_sub(BACK.days()));
    let latest = window_of_day(from.saturating_add((AHEAD + 1).days()));
    let mut seen = BTreeSet::new();
    for message in in_time.into_iter().filter(|m| m.at >= earliest && m.at < latest) {
        let new = seen.insert(&message.matter);
        if !new || answered(world, message, recipe, from) {
            continue;
        }
        if message.at >= begins {
            coming.push(message);
        } else if message.notice.due.is_some_and(|due| due >= from) {
            open.push(message);
        }
    }
    open.sort_by(|a, b| (a.notice.due, &a.key).cmp(&(b.notice.due, &b.key)));
    (open, coming)
}

/// Whether a matter has an answer that counts for the new holder.
fn answered(world: World<'_>, message: &Message, recipe: &Recipe, from: Date) -> bool {
    let items = world.facts.items.iter();
    let unit = message.matter.object.unit();
    let owners = items.filter(|i| Some(i.unit().as_str()) == unit).map(|i| &i.owners).next();
    let settled = settled_by(world.workflows, &message.matter, owners);
    let mut given = world.facts.answers.iter().filter(|g| g.matter == message.matter);
    given.any(|g| {
        let day = today(g.at);
        let of_body = || {
            let holders = world.facts.people.holders.iter();
            let body = recipe.body.as_ref();
            let theirs = |h: &&Holder| h.person == g.person && Some(&h.body) == body;
            holders
                .filter(theirs)
                .any(|h| h.from.is_none_or(|f| f <= day) && h.until.is_none_or(|u| day <= u))
        };
        match settled {
            SettledBy::Anyone => true,
            SettledBy::Body => of_body(),
            SettledBy::Each | SettledBy::Owners => answered_for(&world, recipe, &g.person, day, from),
        }
    })
}
