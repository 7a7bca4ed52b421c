//! `/healthz`, `/readyz` and `/metrics`: for those who run it, in English, without anything personal.

use std::fmt::Write as _;
use std::sync::Arc;

use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use jiff::{SignedDuration, Timestamp};

use super::Site;
use super::error::PageError;
use crate::store::{MetaKey, StoreError};

/// A daemon that has not knocked for so long is stuck: it knocks every few seconds.
const SILENCE: SignedDuration = SignedDuration::from_mins(5);

/// The process serves.
pub async fn alive() -> &'static str {
    "ok\n"
}

/// The daemon does its work: the store can be read, and knocks come.
pub async fn ready(State(site): State<Arc<Site>>) -> Response {
    let beat = match heartbeat(&site).await {
        Ok(beat) => beat,
        Err(error) => {
            tracing::error!(%error, "the store can't be read");
            return unready("the store can't be read; see the log");
        }
    };
    let Some(beat) = beat else { return unready("no knock has been made yet; the daemon may be starting") };
    let silent = site.state.clock.now().duration_since(beat);
    if silent > SILENCE {
        return unready(&format!("the last knock was {} minutes ago; see the log", silent.as_mins()));
    }
    let mut said = String::new();
    let faults = site.state.rules.faults().len();
    if faults > 0 {
        let _ =
            writeln!(said, "ready, but the newest workflow files have {faults} faults and are not in force");
    }
    for (feed, codes) in site.feeds.faulty() {
        let _ = writeln!(
            said,
            "ready, but the newest rendering of the feed {feed} is faulty: {codes}; see the log"
        );
    }
    match site.state.store.sources().await {
        Ok(sources) => {
            let now = site.state.clock.now();
            let failing = sources.iter().filter(|source| source.failing(now).is_some()).count();
            if failing > 0 {
                let _ = writeln!(
                    said,
                    "ready, but {failing} of the calendars that meetings come from have failed for a day; see `arshjul calendar`"
                );
            }
        }
        Err(error) => tracing::error!(%error, "the store can't be read"),
    }
    if said.is_empty() { "ready\n".into_response() } else { said.into_response() }
}

fn unready(why: &str) -> Response {
    (StatusCode::SERVICE_UNAVAILABLE, format!("not ready: {why}\n")).into_response()
}

async fn heartbeat(site: &Site) -> Result<Option<Timestamp>, StoreError> {
    let beat = site.state.store.meta_get(MetaKey::HEARTBEAT).await?;
    Ok(beat.and_then(|moment| moment.parse().ok()))
}

/// Counts in the text format of Prometheus.
pub async fn metrics(State(site): State<Arc<Site>>) -> Result<Response, PageError> {
    let counts = site.state.store.counts().await?;
    let mut out = Exposition(String::new());
    out.family("arshjul_messages", "Messages in the outbox by state.");
    for (state, n) in &counts.messages {
        out.sample("arshjul_messages", Some(("state", state.code())), *n);
    }
    out.family("arshjul_mails", "Mails by state.");
    for (state, n) in &counts.mails {
        out.sample("arshjul_mails", Some(("state", state.code())), *n);
    }
    out.family("arshjul_messages_skipped", "Messages that were passed over, by reason.");
    for (reason, n) in &counts.skipped {
        out.sample("arshjul_messages_skipped", Some(("reason", reason)), *n);
    }
    let faults = u64::try_from(site.state.rules.faults().len()).unwrap_or(u64::MAX);
    let feeds = u64::try_from(site.feeds.faulty().len()).unwrap_or(u64::MAX);
    let beat = heartbeat(&site).await?.map_or(0, |moment| u64::try_from(moment.as_second()).unwrap_or(0));
    let now = site.state.clock.now();
    let sources = site.state.store.sources().await?;
    let failing = sources.iter().filter(|source| source.failing(now).is_some()).count();
    let failing = u64::try_from(failing).unwrap_or(u64::MAX);
    let single = [
        (
            "arshjul_attempts_ambiguous",
            "Delivery attempts that may have succeeded though nobody said so.",
            counts.ambiguous,
        ),
        ("arshjul_occasions_orphaned", "Occasions whose workflow file is gone.", counts.orphaned),
        ("arshjul_rule_faults", "Faults in the newest workflow files; 0 when they are in force.", faults),
        (
            "arshjul_feeds_faulty",
            "Feeds whose newest rendering is faulty, so that their last good copy is served if there is one.",
            feeds,
        ),
        (
            "arshjul_calendars_failing",
            "Calendars that meetings come from and that have failed for a day.",
            failing,
        ),
        ("arshjul_last_knock_timestamp_seconds", "When the daemon last knocked; 0 if never.", beat),
    ];
    for (name, help, n) in single {
        out.family(name, help);
        out.sample(name, None, n);
    }
    Ok(([(header::CONTENT_TYPE, "text/plain; version=0.0.4; charset=utf-8")], out.0).into_response())
}

struct Exposition(String);

impl Exposition {
    fn family(&mut self, name: &str, help: &str) {
        let _ = writeln!(self.0, "# HELP {name} {help}\n# TYPE {name} gauge");
    }

    fn sample(&mut self, name: &str, label: Option<(&str, &str)>, n: u64) {
        let _ = match label {
            None => writeln!(self.0, "{name} {n}"),
            Some((label, value)) => writeln!(self.0, "{name}{{{label}=\"{}\"}} {n}", escaped(value)),
        };
    }
}

/// A label's value, as the format wants it.
fn escaped(value: &str) -> String {
    value.replace('\\', "\\\\").replace('"', "\\\"").replace('\n', "\\n")
}
