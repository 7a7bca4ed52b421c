//! Which public feeds there are, and what each holds.
//!
//! There is a feed for each theme that a workflow names and one for each body. Where a theme and a body have
//! the same name (`rsl`) they are one feed with both, but without what belongs to no body.
//!
//! A body's feed holds what somebody who belongs to it wants in the calendar and no more, see
//! [`crate::plan::concern`]: an RPO sees its own council and RSL, but not the other councils or its neighbours.
//!
//! A theme's feed holds its meetings. Periods and last days of the same theme are for whoever chooses them, by a second
//! name: `rsl-perioder` beside `rsl`. A second name and not a query: addresses are copied by hand, and some programs
//! cut what follows a question mark. A theme without meetings (`remisser`) is its periods and has one name.

use std::collections::BTreeMap;

use jiff::civil::Date;
use jiff::{Timestamp, ToSpan};

use crate::calendar;
use crate::ical::{Calendar, Event, Sheet};
use crate::ids::{BodyId, FeedName};
use crate::organisation::{Body, Organisation};
use crate::plan::concern::Concern;
use crate::plan::model::Occasion;
use crate::text::feeds as text;
use crate::workflow::Workflows;
use crate::workflow::model::{Entry, EntryKind, Scope, Status, Workflow};

/// How far back a feed reaches: the last time of everything yearly.
const MONTHS_BACK: i32 = 13;

/// How far forward. Longer feeds slow Outlook down.
const MONTHS_FORWARD: i32 = 18;

/// How long something cancelled is shown as cancelled before it disappears.
const CANCELLED_DAYS: i32 = 60;

/// What the name of a theme with its periods ends in.
const WITH_PERIODS: &str = "-perioder";

/// The name of a feed without what says that its periods are chosen too.
#[must_use]
pub fn without_periods(feed: &FeedName) -> &str {
    feed.as_str().strip_suffix(WITH_PERIODS).unwrap_or(feed.as_str())
}

/// An occasion with how often and when it last changed.
pub type Revised = (Occasion, u32, Timestamp);

/// All public feeds and what they are called to people, by name. A body's own name goes before a theme's. A body at
/// the top that nothing runs for has none: a region is everybody's employer, and no group that meets.
#[must_use]
pub fn feed_names(organisation: &Organisation, workflows: &Workflows) -> Vec<(FeedName, String)> {
    let mut feeds: BTreeMap<FeedName, String> = BTreeMap::new();
    for body in organisation.bodies.values().filter(|body| !is_only_above(body, workflows)) {
        feeds.insert(FeedName::new(body.id.as_str()), body.name.clone());
    }
    for workflow in workflows.0.values() {
        if let Some(feed) = &workflow.feed {
            feeds.entry(feed.clone()).or_insert_with(|| workflow.title.clone());
        }
    }
    let theme = |name: &&FeedName| {
        let theme = Theme::of(name, organisation, workflows);
        theme.is_some_and(|theme| theme.has(EntryKind::Meeting) && theme.has_periods())
    };
    let both: Vec<(FeedName, String)> = feeds
        .keys()
        .filter(theme)
        .map(|name| {
            let title = feeds.get(name).map_or_else(String::new, |title| text::with_periods(title));
            (FeedName::new(format!("{name}{WITH_PERIODS}")), title)
        })
        .collect();
    for (name, title) in both {
        feeds.entry(name).or_insert(title);
    }
    feeds.into_iter().collect()
}

/// Whether a body is at the top and has no occasions of its own.
fn is_only_above(body: &Body, workflows: &Workflows) -> bool {
    let named = |scope: &Scope| match scope {
        Scope::Once => false,
        Scope::Kind(kind) => *kind == body.kind,
        Scope::Bodies(bodies) => bodies.contains(&body.id),
    };
    let own = |workflow: &Workflow| {
        let scopes = workflow.entries.iter().map(|entry| entry.scope.as_ref().unwrap_or(&workflow.scope));
        workflow.feed.as_ref().is_some_and(|feed| feed.as_str() == body.id.as_str())
            || scopes.into_iter().any(named)
    };
    body.parents.is_empty() && !workflows.0.values().any(own)
}

/// A feed that a workflow names, with what the body of that name has too.
struct Theme<'a> {
    feed: FeedName,
    body: Option<Concern<'a>>,
    workflows: &'a Workflows,
    /// Whether its reader has chosen periods and last days.
    with_periods: bool,
}

impl<'a> Theme<'a> {
    /// The theme of that name, or of that name without its ending; none if no workflow names either.
    fn of(feed: &FeedName, organisation: &'a Organisation, workflows: &'a Workflows) -> Option<Self> {
        let named =
            |feed: &FeedName| workflows.0.values().any(|workflow| workflow.feed.as_ref() == Some(feed));
        let taken =
            |feed: &FeedName| named(feed) || organisation.bodies.contains_key(&BodyId::new(feed.as_str()));
        let short = feed.as_str().strip_suffix(WITH_PERIODS).map(FeedName::new).filter(|_| !taken(feed));
        let with_periods = short.is_some();
        let feed = short.unwrap_or_else(|| feed.clone());
        // Its readers want the theme and not all that the body is asked about: `rsl` is RSL's meetings, and not the
        // remiss rounds that its staff has steps in.
        let body = organisation.bodies.get(&BodyId::new(feed.as_str()));
        let body = body.map(|body| Concern::of(body, organisation, workflows).without_part());
        named(&feed).then_some(Self { feed, body, workflows, with_periods })
    }

    fn holds(&self, occasion: &Occasion) -> bool {
        let published = occasion.feed.as_ref() == Some(&self.feed);
        let belongs = published || self.body.as_ref().is_some_and(|body| body.with(occasion));
        belongs && (occasion.kind == EntryKind::Meeting || self.with_periods || !self.has(EntryKind::Meeting))
    }

    fn has(&self, kind: EntryKind) -> bool {
        let entry = |workflow: &Workflow, entry: &Entry| {
            let scope = entry.scope.as_ref().unwrap_or(&workflow.scope);
            let published = workflow.feed.as_ref() == Some(&self.feed);
            let of_body = self.body.as_ref().is_some_and(|body| body.is_in(scope));
            entry.kind == kind && (published || of_body)
        };
        self.workflows.0.values().any(|w| w.entries.iter().any(|e| entry(w, e)))
    }

    fn has_periods(&self) -> bool {
        self.has(EntryKind::Period) || self.has(EntryKind::Deadline)
    }
}

/// What `feed` holds on `as_of`, in the order of `events`. Empty for a feed that doesn't exist.
///
/// What overlaps the time from 13 months before `as_of` to 18 months after it; of what is cancelled only
/// that which changed at most 60 days ago.
#[must_use]
pub fn select<'a>(
    feed: &FeedName,
    organisation: &Organisation,
    workflows: &Workflows,
    events: &'a [Event],
    as_of: Date,
) -> Vec<&'a Event> {
    let theme = Theme::of(feed, organisation, workflows);
    let body = body_of(feed, organisation, workflows);
    let belongs = |occasion: &Occasion| match &theme {
        Some(theme) => theme.holds(occasion),
        // What only occasions without a file are left in is still a feed.
        None => occasion.feed.as_ref() == Some(feed) || body.as_ref().is_some_and(|body| body.with(occasion)),
    };
    events.iter().filter(|event| is_current(event, as_of) && belongs(&event.occasion)).collect()
}

/// The body whose feed it is; none for a theme.
fn body_of<'a>(
    feed: &FeedName,
    organisation: &'a Organisation,
    workflows: &'a Workflows,
) -> Option<Concern<'a>> {
    let body = organisation.bodies.get(&BodyId::new(feed.as_str()))?;
    Some(Concern::of(body, organisation, workflows))
}

/// The words an occasion is coloured by: its workflow's category, the kind of its body, or else its workflow's title.
#[must_use]
pub fn categories(organisation: &Organisation, workflows: &Workflows, occasion: &Occasion) -> Vec<String> {
    let workflow = workflows.0.get(&occasion.at.workflow);
    let kind = || {
        let body = organisation.bodies.get(occasion.at.body.as_ref()?)?;
        organisation.kinds.get(&body.kind).map(|kind| kind.title.clone())
    };
    let stated = workflow.and_then(|workflow| workflow.category.clone());
    stated.or_else(kind).or_else(|| workflow.map(|workflow| workflow.title.clone())).into_iter().collect()
}

/// The time that feeds cover on `as_of`: its first and its last day.
#[must_use]
pub fn horizon(as_of: Date) -> (Date, Date) {
    let earliest = as_of.checked_sub(MONTHS_BACK.months()).unwrap_or(Date::MIN);
    (earliest, as_of.checked_add(MONTHS_FORWARD.months()).unwrap_or(Date::MAX))
}

/// The bytes of `feed`, called `title` to people, as it is on `as_of`. `revised` are all known occasions, each
/// with how often and when it last changed; their pages lie below `public_url`.
#[must_use]
pub fn render(
    (feed, title): (&FeedName, &str),
    organisation: &Organisation,
    workflows: &Workflows,
    revised: impl IntoIterator<Item = Revised>,
    as_of: Date,
    public_url: &str,
) -> Vec<u8> {
    let body =
        body_of(feed, organisation, workflows).filter(|_| Theme::of(feed, organisation, workflows).is_none());
    let event = |(occasion, sequence, changed_at): Revised| {
        // Feeds are open to everybody.
        let mut occasion = occasion.for_everybody();
        let days = std::mem::take(&mut occasion.calendar.own_days);
        let owed = days.into_iter().filter(|day| body.as_ref().is_some_and(|body| body.owes(&occasion, day)));
        occasion.calendar.own_days = owed.collect();
        let url = page(public_url, &occasion);
        Event {
            categories: categories(organisation, workflows, &occasion),
            url,
            occasion,
            sequence,
            changed_at,
        }
    };
    let events: Vec<Event> = revised.into_iter().map(event).collect();
    let calendar = Calendar {
        name: title.to_owned(),
        description: text::description(title),
        feed: feed.clone(),
        source_url: Some(format!("{public_url}/feed/{feed}.ics")),
        last_days: true,
    };
    let sheet = Sheet { calendar: &calendar, titles_only: false, tasks: &[], as_of: Some(as_of) };
    sheet.write(select(feed, organisation, workflows, &events, as_of))
}

/// The page that an occasion stands on.
pub(super) fn page(public_url: &str, occasion: &Occasion) -> Option<String> {
    Some(format!("{public_url}/arshjul/{}", occasion.span.first().year()))
}

pub(super) fn is_current(event: &Event, as_of: Date) -> bool {
    let span = event.occasion.span;
    let (earliest, latest) = horizon(as_of);
    let changed = calendar::today(event.changed_at);
    let shown_until = changed.checked_add(CANCELLED_DAYS.days()).unwrap_or(Date::MAX);
    let shown = event.occasion.status != Status::Cancelled || as_of <= shown_until;
    earliest <= span.last() && span.first() <= latest && shown
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use jiff::civil::date;

    use super::*;
    use crate::ids::OccasionRef;
    use crate::ids::{KindId, WorkflowId};
    use crate::organisation::Kind;
    use crate::plan::model::ForCalendars;
    use crate::workflow::model::{Anchor, Follow, Moment, Per, Recipient, RoleOf, Span, Step, When};

    /// RSL; two councils below it; a programme area below the first and its working group.
    fn organisation() -> Organisation {
        let kinds = ["rsl", "kunskapsrad", "rpo", "rag"];
        let bodies = [
            ("rsl", "rsl", None),
            ("kr-diagnostik", "kunskapsrad", Some("rsl")),
            ("kr-kirurgi", "kunskapsrad", Some("rsl")),
            ("rpo-medicinsk-diagnostik", "rpo", Some("kr-diagnostik")),
            ("rag-patologi", "rag", Some("rpo-medicinsk-diagnostik")),
        ];
        let body = |(id, kind, parent): (&str, &str, Option<&str>)| Body {
            id: id.into(),
            name: id.to_uppercase(),
            short: id.to_uppercase(),
            kind: kind.into(),
            parents: parent.into_iter().map(BodyId::from).collect(),
            aliases: Vec::new(),
            folder: String::new(),
        };
        Organisation {
            title: "Sjukvårdsregionen".into(),
            decision: None,
            contact: None,
            kinds: kinds
                .map(|id| {
                    (
                        KindId::from(id),
                        Kind { title: id.to_uppercase(), roles: BTreeMap::new(), stand_ins: Vec::new() },
                    )
                })
                .into(),
            bodies: bodies.map(|b| (b.0.into(), body(b))).into(),
        }
    }

    fn workflow(id: &str, title: &str, feed: Option<&str>, scope: Scope) -> Workflow {
        Workflow {
            id: id.into(),
            title: title.into(),
            feed: feed.map(Into::into),
            category: None,
            scope,
            follows: Vec::new(),
            entries: Vec::new(),
            steps: Vec::new(),
            watches: Vec::new(),
            switched_off: Vec::new(),
            decided_by: None,
            summaries: Vec::new(),
        }
    }

    fn tell(to: Recipient) -> Step {
        Step {
            id: "kalla".into(),
            on: Vec::new(),
            undated: false,
            lacks: Vec::new(),
            in_calendars: None,
            per: Per::Occasion,
            items: None,
            counts: None,
            together: None,
            gate: None,
            to: vec![to],
            when: Moment { offset: None, anchor: Anchor::Start },
            headline: "Kallelse".into(),
            text: None,
            ask: None,
        }
    }

    fn entry(id: &str, scope: Option<Scope>) -> Entry {
        Entry {
            id: id.into(),
            kind: EntryKind::Meeting,
            title: id.into(),
            place: None,
            note: None,
            last_day: None,
            scope,
            prepared_as: None,
            renewed_by: None,
            when: When::Listed { dates: Vec::new(), expected: Vec::new() },
        }
    }

    fn workflows(all: Vec<Workflow>) -> Workflows {
        Workflows(all.into_iter().map(|w| (w.id.clone(), w)).collect())
    }

    fn event(workflow: &str, body: Option<&str>, id: &str, feed: Option<&str>) -> Event {
        let day = date(2025, 5, 13);
        Event {
            occasion: Occasion {
                at: OccasionRef {
                    workflow: workflow.into(),
                    body: body.map(Into::into),
                    id: id.parse().unwrap(),
                },
                kind: EntryKind::Meeting,
                title: format!("{workflow} {}", body.unwrap_or("-")),
                span: Span::AllDay { first: day, last: day },
                status: Status::Confirmed,
                place: None,
                note: None,
                feed: feed.map(Into::into),
                public: None,
                calendar: ForCalendars::default(),
            },
            sequence: 0,
            changed_at: "2025-01-01T00:00:00Z".parse().unwrap(),
            categories: Vec::new(),
            url: None,
        }
    }

    fn titles(feed: &str, workflows: &Workflows, events: &[Event]) -> Vec<String> {
        let found = select(&feed.into(), &organisation(), workflows, events, date(2025, 6, 1));
        found.into_iter().map(|e| e.occasion.title.clone()).collect()
    }

    #[test]
    fn there_is_a_feed_for_each_body_and_theme_and_one_where_they_share_a_name() {
        let workflows = workflows(vec![
            workflow("nationell/remisser", "Nationella remisser", Some("remisser"), Scope::Once),
            workflow("sydostra/rsl", "Möten i RSL", Some("rsl"), Scope::Once),
        ]);
        let names = feed_names(&organisation(), &workflows);
        let names: Vec<_> = names.iter().map(|(name, title)| (name.as_str(), title.as_str())).collect();
        assert_eq!(
            names,
            [
                ("kr-diagnostik", "KR-DIAGNOSTIK"),
                ("kr-kirurgi", "KR-KIRURGI"),
                ("rag-patologi", "RAG-PATOLOGI"),
                ("remisser", "Nationella remisser"),
                ("rpo-medicinsk-diagnostik", "RPO-MEDICINSK-DIAGNOSTIK"),
                ("rsl", "RSL"),
            ]
        );
    }

    #[test]
    fn a_body_sees_its_own_line_and_nothing_beside_it() {
        let workflows = workflows(vec![workflow("m", "Möten", None, Scope::Kind("kunskapsrad".into()))]);
        let bodies = ["rsl", "kr-diagnostik", "kr-kirurgi", "rpo-medicinsk-diagnostik", "rag-patologi"];
        let events = bodies.map(|body| event("m", Some(body), "x.2025", None));
        assert_eq!(
            titles("rpo-medicinsk-diagnostik", &workflows, &events),
            ["m rsl", "m kr-diagnostik", "m rpo-medicinsk-diagnostik"]
        );
        assert_eq!(titles("rsl", &workflows, &events), ["m rsl"]);
        assert!(titles("finns-inte", &workflows, &events).is_empty());
    }

    #[test]
    fn what_is_joint_is_in_the_feeds_of_all_whom_its_workflow_runs_for_and_below_them() {
        let councils = Scope::Kind("kunskapsrad".into());
        let by_file = workflow("kr", "Råd", None, councils.clone());
        let mut by_entry = workflow("kr", "Råd", None, Scope::Once);
        by_entry.entries = vec![entry("gemensamt", None), entry("kvartal-1", Some(councils))];
        let events = [event("kr", None, "gemensamt.2025", None)];
        for workflow in [by_file, by_entry] {
            let workflows = workflows(vec![workflow]);
            for feed in ["kr-diagnostik", "kr-kirurgi", "rpo-medicinsk-diagnostik", "rag-patologi"] {
                assert_eq!(titles(feed, &workflows, &events).len(), 1, "{feed}");
            }
            assert!(titles("rsl", &workflows, &events).is_empty());
        }
    }

    #[test]
    fn what_is_national_is_in_the_feeds_of_those_who_have_a_step_for_it() {
        let national = workflow("nat", "Remisser", Some("remisser"), Scope::Once);
        let events = [event("nat", None, "sommar.2025", Some("remisser"))];
        let seen = |more: Vec<Workflow>| {
            let workflows = workflows([vec![national.clone()], more].concat());
            organisation()
                .bodies
                .keys()
                .map(BodyId::to_string)
                .filter(|feed| !titles(feed, &workflows, &events).is_empty())
                .collect::<Vec<_>>()
        };
        assert!(seen(Vec::new()).is_empty(), "nobody has anything to do with it");

        let follow = |entry: &str| Follow { workflow: "nat".into(), entry: Some(entry.into()) };
        let mut follower = workflow("reg", "Remissvar", None, Scope::Kind("rpo".into()));
        follower.follows = vec![follow("sommar")];
        assert_eq!(seen(vec![follower.clone()]), ["rag-patologi", "rpo-medicinsk-diagnostik"]);
        follower.follows = vec![follow("vinter")];
        assert!(seen(vec![follower.clone()]).is_empty(), "another round");

        let role = |of| Recipient::Role { of, role: "ordforande".into() };
        follower.follows = vec![Follow { workflow: "nat".into(), entry: None }];
        follower.scope = Scope::Once;
        follower.steps =
            vec![tell(role(RoleOf::Body("kr-kirurgi".into()))), tell(role(RoleOf::Kind("rag".into())))];
        assert_eq!(seen(vec![follower.clone()]), ["kr-kirurgi", "rag-patologi"]);
        follower.steps[1].on = vec!["vinter".into()];
        assert_eq!(seen(vec![follower]), ["kr-kirurgi"], "the step is for another round");
    }

    #[test]
    fn what_is_prepared_as_something_concerns_those_who_prepare_it() {
        let mut joint = workflow("joint", "Dialogforum", None, Scope::Once);
        joint.entries = vec![Entry { prepared_as: Some(WorkflowId::from("moten")), ..entry("april", None) }];
        let prepared =
            workflow("moten", "RPO-möten", None, Scope::Bodies(vec!["rpo-medicinsk-diagnostik".into()]));
        let workflows = workflows(vec![joint, prepared]);
        let events = [event("joint", None, "april.2025", None)];
        assert_eq!(titles("rag-patologi", &workflows, &events).len(), 1);
        assert!(titles("kr-kirurgi", &workflows, &events).is_empty());
    }

    #[test]
    fn a_theme_holds_what_is_published_in_it() {
        let workflows = workflows(vec![workflow("a", "A", Some("rsl"), Scope::Once)]);
        let events = [
            event("a", None, "x.2025", Some("rsl")),
            event("b", Some("rsl"), "x.2025", None),
            event("c", None, "x.2025", None),
        ];
        assert_eq!(titles("rsl", &workflows, &events), ["a -", "b rsl"]);
    }

    #[test]
    fn a_feed_reaches_13_months_back_and_18_forward() {
        let on = |first, last| {
            let mut event = event("a", Some("rsl"), "x.2025", None);
            event.occasion.span = Span::AllDay { first, last };
            is_current(&event, date(2025, 6, 1))
        };
        assert!(on(date(2024, 3, 1), date(2024, 5, 1)) && !on(date(2024, 3, 1), date(2024, 4, 30)));
        assert!(on(date(2026, 12, 1), date(2027, 2, 1)) && !on(date(2026, 12, 2), date(2027, 2, 1)));
    }

    #[test]
    fn what_is_cancelled_is_shown_for_60_days() {
        let mut event = event("a", Some("rsl"), "x.2025", None);
        event.changed_at = "2025-03-31T22:30:00Z".parse().unwrap();
        assert!(is_current(&event, date(2025, 6, 1)));
        event.occasion.status = Status::Cancelled;
        // 31 March 22:30 UTC is 1 April in Stockholm
        assert!(is_current(&event, date(2025, 5, 31)) && !is_current(&event, date(2025, 6, 1)));
    }

    #[test]
    fn an_event_is_coloured_by_its_body_or_its_theme() {
        let workflows = workflows(vec![workflow("nat", "Nationella remisser", None, Scope::Once)]);
        let of = |event: Event| categories(&organisation(), &workflows, &event.occasion);
        assert_eq!(of(event("nat", None, "x.2025", None)), ["Nationella remisser"]);
        assert_eq!(of(event("nat", Some("rag-patologi"), "x.2025", None)), ["RAG"]);
        assert!(of(event("okänd", None, "x.2025", None)).is_empty());
    }
}
