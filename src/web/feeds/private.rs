//! Private feeds: whose address it is, what they must do, and that it was fetched.

use std::sync::Arc;
use std::time::Duration;

use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;
use jiff::{SignedDuration, Timestamp};
use sha2::{Digest, Sha256};

use super::super::answer;
use super::super::error::{PageError, nothing_here};
use super::http::{Cached, respond};
use super::kept::{Basis, Copy, Own, Rendered, Withheld, private_name};
use super::{PATIENCE, Site, files_since, newest, revised, unserved};
use crate::calendar::today;
use crate::ical::Task;
use crate::ical::private::{Reader, Stock};
use crate::ids::PersonId;
use crate::items::{Owner, Phase};
use crate::plan::model::{Facts, Fetched, Shows};
use crate::rules::Rules;
use crate::store::{StoreError, Subscription, SubscriptionState};
use crate::text::feeds as text;
use crate::tokens;

/// A fetch is noted once in so long, unless something new was fetched.
const NOTED: SignedDuration = SignedDuration::from_hours(1);
/// So long a fetch waits for its note: a database that is locked must not keep a calendar waiting.
const NOTE_PATIENCE: Duration = Duration::from_millis(200);

/// What an address turned out to be.
enum Found {
    Live(Subscription, Option<Arc<Copy>>),
    Revoked,
    Unknown,
}

/// `GET /feed/{token}/{name}.ics`. The name is for whoever looks into their program's list: any will do.
pub async fn private(
    State(site): State<Arc<Site>>,
    Path((token, file)): Path<(String, String)>,
    headers: HeaderMap,
) -> Result<Response, PageError> {
    let missing = |status| nothing_here(&site, status);
    let Some(secret) = tokens::decode(&token).filter(|_| file.ends_with(".ics")) else {
        return missing(StatusCode::NOT_FOUND);
    };
    let hash: [u8; 32] = Sha256::digest(secret).into();
    let now = site.state.clock.now();
    let found =
        tokio::time::timeout(PATIENCE, current(&site, &hash, now)).await.unwrap_or(Err(Withheld::Slow));
    let serve = |copy: &Copy| Ok(respond(&file, Cached::ByAskerOnly, copy, &headers));
    match found {
        Ok(Found::Live(subscription, Some(copy))) => {
            note(&site, &subscription, &copy, now).await;
            serve(&copy)
        }
        Ok(Found::Live(_, None)) => unserved(Withheld::Unreadable),
        Ok(Found::Revoked) => {
            site.feeds.forget_private(&hash);
            missing(StatusCode::GONE)
        }
        Ok(Found::Unknown) => missing(StatusCode::NOT_FOUND),
        Err(error) => match site.feeds.private(&hash).copy {
            Some(copy) => {
                tracing::error!(%error, "a private feed can't be rendered; its last good copy is served");
                serve(&copy)
            }
            None => unserved(error),
        },
    }
}

async fn current(site: &Site, hash: &[u8; 32], now: Timestamp) -> Result<Found, Withheld> {
    let store = &site.state.store;
    let subscription = match store.subscription(hash, now).await? {
        SubscriptionState::Live(subscription) => subscription,
        SubscriptionState::Revoked => return Ok(Found::Revoked),
        SubscriptionState::Unknown => return Ok(Found::Unknown),
    };
    let rules = site.state.rules.rules();
    let stirred = match &subscription.person {
        Some(person) => store.stirred(person).await?,
        None => (Timestamp::UNIX_EPOCH, 0),
    };
    let own = Own { facts: store.facts_revision().await?, stirred, titles_only: subscription.titles_only };
    let mark = store.known_mark().await?;
    let basis = Basis { mark, rules: rules.digest.clone(), day: today(now), own: Some(own) };
    let name = private_name(subscription.number);
    let rendered = render(site, &rules, &basis, &subscription, now);
    let kept = || site.feeds.private(hash);
    let found = site.feeds.refreshed(kept, &name, basis.clone(), now, rendered).await?;
    let Some((copy, shelf)) = found else { return Ok(Found::Unknown) };
    if let Some(shelf) = shelf {
        site.feeds.put_private(hash, subscription.number, shelf);
    }
    Ok(Found::Live(subscription, copy))
}

async fn render(
    site: &Site,
    rules: &Rules,
    basis: &Basis,
    subscription: &Subscription,
    now: Timestamp,
) -> Result<Option<Rendered>, StoreError> {
    let Subscription { number, person, shows, titles_only, issued, .. } = subscription;
    let revised = revised(site, basis).await?;
    let (revision, stirred) = (newest(&revised), basis.own.as_ref().map(|own| own.stirred.0));
    let (mut bodies, mut tasks) = (Vec::new(), Vec::new());
    if let (Shows::Own { attends }, Some(person)) = (shows, person) {
        bodies = site.state.store.bodies_of(person, basis.day).await?;
        bodies.extend(attends.iter().filter(|body| !bodies.contains(body)).cloned().collect::<Vec<_>>());
        let facts = facts(site, basis).await?;
        tasks = of_person(site, &facts, person, now).await?;
        tasks.extend(of_items(&facts, person, basis.day));
        if *titles_only {
            tasks.iter_mut().for_each(hide);
        }
    }
    let reader = match shows {
        Shows::Own { .. } => Reader::Person { bodies: &bodies, tasks: &tasks },
        Shows::Group { body, group } => Reader::Group { body, group },
    };
    let (organisation, workflows) = (&rules.organisation, &rules.workflows);
    let stock = Stock { organisation, workflows, as_of: basis.day, public_url: &site.state.public_url };
    let bytes = stock.render(reader, &number.to_string(), *titles_only, revised.iter().cloned());
    let changed = revision.max(files_since(site).await?).max(*issued).max(stirred.unwrap_or(*issued));
    Ok(Some(Rendered { bytes, changed, revision }))
}

/// The facts of a revision, read once for all who ask.
async fn facts(site: &Site, basis: &Basis) -> Result<Arc<Facts>, StoreError> {
    let revision = basis.own.as_ref().map_or(0, |own| own.facts);
    if let Some(known) = site.feeds.facts(revision) {
        return Ok(known);
    }
    let (facts, revision) = site.state.store.facts_with_revision().await?;
    let facts = Arc::new(facts);
    site.feeds.keep_facts(revision, &facts);
    Ok(facts)
}

/// The last days of what waits for somebody's answer.
async fn of_person(
    site: &Site,
    facts: &Facts,
    person: &PersonId,
    now: Timestamp,
) -> Result<Vec<Task>, StoreError> {
    let mut tasks = Vec::new();
    for waiting in answer::waiting(site, facts, person, now).await? {
        let Some(day) = waiting.due else { continue };
        let since = site.state.store.asked_since(&waiting.matter, person).await?;
        tasks.push(Task {
            identity: format!("{person} {:?}", waiting.matter),
            title: text::answer_by(&waiting.headline),
            day,
            said: vec![text::ANSWER_HOW.to_owned()],
            changed_at: since.into_iter().chain(waiting.arranged_at).max().unwrap_or(now),
        });
    }
    Ok(tasks)
}

/// The next dates of the items that somebody owns, themselves or by a role.
fn of_items(facts: &Facts, person: &PersonId, day: jiff::civil::Date) -> Vec<Task> {
    let owns = |owner: &Owner| match owner {
        Owner::Person(owner) => owner == person,
        Owner::Role { body, role } => facts.people.holds(person, body, role, day),
    };
    let own =
        facts.items.iter().filter(|item| item.phase != Phase::Done && item.owners.list.iter().any(owns));
    let task = |item: &crate::items::Item| {
        Some(Task {
            identity: format!("{person} item {}", item.unit()),
            title: text::next_date(&item.display_title()),
            day: item.next?,
            said: vec![text::NEXT_HOW.to_owned()],
            changed_at: item.next_recorded.max(item.owners_recorded),
        })
    };
    own.filter_map(task).collect()
}

/// What something is about stays in the house.
fn hide(task: &mut Task) {
    let item = task.said.iter().any(|said| said == text::NEXT_HOW);
    task.title = if item { text::NEXT_DATE } else { text::ANSWER_BY }.to_owned();
    task.said.clear();
}

/// Notes a fetch, if that is worth a write. Whatever goes wrong, the calendar gets its feed.
async fn note(site: &Site, subscription: &Subscription, copy: &Copy, now: Timestamp) {
    let known = |noted: &Fetched| {
        noted.revision.as_second() >= copy.revision.as_second() && now.duration_since(noted.at) < NOTED
    };
    if subscription.fetched.as_ref().is_some_and(known) {
        return;
    }
    let fetched = Fetched { at: now, revision: copy.revision };
    let noted = site.state.store.note_fetch(subscription.number, fetched);
    match tokio::time::timeout(NOTE_PATIENCE, noted).await {
        Ok(Ok(true)) => site.state.wake.notify_one(),
        Ok(Ok(false)) => {}
        Ok(Err(error)) => tracing::warn!(%error, feed = subscription.number, "a fetch can't be noted"),
        Err(_) => tracing::debug!(feed = subscription.number, "a fetch can't be noted now"),
    }
}
