//! A week in one mail (`[[summary]]`): when it leaves and to whom. What stands in it is found when it is composed.

use std::collections::BTreeMap;

use jiff::civil::{Date, Weekday, time};
use jiff::{Timestamp, ToSpan};

use crate::calendar::{QuietPeriods, Roll, instant, iso_week, roll, today, week_code, window_of_day};
use crate::ids::BodyId;
use crate::plan::fields;
use crate::plan::key::key;
use crate::plan::model::{Matter, Message, MessageKind, Notice, Object, Startable, World};
use crate::plan::notice;
use crate::plan::occasions::bodies_of;
use crate::plan::recipients::{About, resolve};
use crate::plan::window::Window;
use crate::text::{notices, people as text};
use crate::workflow::model::{Summary, Workflow};

/// No gap without an open day is longer, in days; see [`QuietPeriods`].
const LONGEST_GAP: i64 = 400;
/// A summary that has not left after so many days is passed over: the next one says it.
const KEEPS: i64 = 7;

/// Every summary within `window`, in no particular order.
#[must_use]
pub fn messages(world: World<'_>, window: Window) -> Vec<Message> {
    let mut found = Vec::new();
    for workflow in world.workflows.0.values() {
        for summary in &workflow.summaries {
            let days = days(world.quiet, summary.on, window);
            for body in bodies_of(&world, &workflow.scope) {
                for (sent, week) in &days {
                    found.extend(of_week(world, workflow, summary, body.as_ref(), (*sent, *week)));
                }
            }
        }
    }
    found
}

/// The days on which a summary leaves within `window`, each with the day of the week it is about.
///
/// A weekday that is no workday gives the next one. What falls into a quiet period leaves after it, and all of the
/// period is one summary: that of the first week after it, where its own day is still to come.
fn days(quiet: &QuietPeriods, on: Weekday, window: Window) -> BTreeMap<Date, Date> {
    let of_week = |day: Date| {
        let monday = day.saturating_sub(i64::from(day.weekday().to_monday_zero_offset()).days());
        monday.saturating_add(i64::from(on.to_monday_zero_offset()).days())
    };
    let mut natural = of_week(today(window.from).saturating_sub(LONGEST_GAP.days()));
    let mut sent = BTreeMap::new();
    while natural <= today(window.until) {
        let rolled = roll(natural, Roll::NextWorkday);
        let day = quiet.open_from(natural);
        let next = roll(of_week(day), Roll::NextWorkday);
        let has_own = day != rolled && next > day && quiet.is_open(next) && iso_week(next) == iso_week(day);
        if !has_own && window.contains(window_of_day(day)) {
            sent.insert(day, natural);
        }
        natural = natural.saturating_add(1.week());
    }
    sent
}

fn of_week(
    world: World<'_>,
    workflow: &Workflow,
    summary: &Summary,
    body: Option<&BodyId>,
    (sent, week): (Date, Date),
) -> Vec<Message> {
    let at = window_of_day(sent);
    let started = |recipient: Option<&BodyId>| {
        let mut parts = vec![Startable::Workflow(workflow.id.clone())];
        parts.extend(body.into_iter().chain(recipient).cloned().map(Startable::Body));
        world.facts.starts.since(&parts).is_some_and(|since| since <= at)
    };
    if !started(None) {
        return Vec::new();
    }
    let matter = Matter {
        workflow: workflow.id.clone(),
        body: body.cloned(),
        object: Object::Other(format!("vecka/{}", week_code(week))),
        step: summary.id.clone(),
    };
    let name = body.map(|b| fields::body_name(world, b)).unwrap_or_default();
    let fields = [("body", name.as_str()), ("week", &text::week(week))];
    let headline = notices::fill(&summary.headline, &fields);
    let to = resolve(&world, &summary.to, About { body, ..About::default() }, sent);
    to.iter()
        .filter(|recipe| started(recipe.body.as_ref()))
        .map(|recipe| Message {
            key: key(&matter, "0", recipe.addressee(), week),
            at,
            expires: expires(sent),
            urgent: false,
            kind: MessageKind::Summary,
            matter: matter.clone(),
            role: recipe.role_path(),
            to: recipe.person.clone(),
            notice: Notice {
                from_body: body.map_or_else(|| workflow.title.clone(), |b| fields::short(world, b)),
                subject: headline.clone(),
                headline: headline.clone(),
                text: Vec::new(),
                rows: Vec::new(),
                due: None,
                answers: Vec::new(),
                silent: Vec::new(),
                why: notice::why(world, recipe),
                marks: Vec::new(),
                sections: Vec::new(),
                items: Vec::new(),
                together: None,
            },
            assumes: None,
        })
        .collect()
}

fn expires(sent: Date) -> Option<Timestamp> {
    let last = sent.checked_add(KEEPS.days()).ok()?;
    Some(instant(last, time(0, 0, 0, 0)))
}
