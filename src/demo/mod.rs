//! The demonstration: the whole daemon on a virtual clock, with invented people, meetings and an invented plan.
//!
//! It was installed and started on 1 November 2024, and a visitor meets it on 1 January 2025. The two months
//! before are lived through like all others, but their mails go nowhere: they are what has been before. Kept in a
//! named database it goes on from its last virtual moment, even if it was killed.

mod cast;
mod pages;
mod web;

use std::fmt::Write as _;
use std::sync::Arc;

use jiff::civil::{Date, Time, date, time};
use jiff::{SignedDuration, Timestamp, ToSpan};
use tokio::net::TcpListener;
use tokio::sync::Mutex;
use tokio_util::sync::CancellationToken;

use crate::answering::Policy;
use crate::app::{self, App, AppError, Parts};
use crate::calendar::{QuietPeriods, instant, next_window, today};
use crate::clock::{Clock, ManualClock, SystemChance};
use crate::config::MailTo;
use crate::mail::compose::Templates;
use crate::mail::transport::{FilesTransport, MemoryTransport, SmtpTransport, Transport};
use crate::rules::Rules;
use crate::store::{Access, Location, MailState, MetaKey, Store};
use crate::worker::Outgoing;

/// When it was installed and started.
const INSTALLED: (Date, Time) = (date(2024, 11, 1), time(7, 0, 0, 0));
/// When a visitor meets it.
const BEGINS: Date = date(2025, 1, 1);
/// What `--fast` runs to.
const ENDS: Date = date(2026, 1, 1);
/// Who mails come from where nothing else is said.
const FROM: &str = "Årshjulet (demonstration) <arshjul@example.org>";
/// Invented people look at their mail at this time.
const MAIL_TIME: Time = time(10, 0, 0, 0);
/// A day that is jumped to is met at noon: its morning's mails have come.
const NOON: Time = time(12, 0, 0, 0);
/// In the browser a virtual hour passes in a second.
const PACE: SignedDuration = SignedDuration::from_hours(1);

/// What can be set from outside.
#[derive(Clone, Debug)]
pub struct Settings {
    /// The day to begin at.
    pub date: Option<Date>,
    /// Where to keep it; none for a folder that goes with the process.
    pub database: Option<Location>,
    /// Where mails go; none for the mailbox page only.
    pub mail: Option<MailTo>,
    /// Who they come from.
    pub from: Option<String>,
    /// The address of its web server.
    pub public_url: String,
    /// Time passes only by jumps, and nobody answers but the visitor.
    pub manual: bool,
}

/// A running demonstration.
#[derive(Debug)]
pub struct Demo {
    /// The parts, on the virtual clock.
    pub app: App,
    clock: Arc<ManualClock>,
    /// Held by whoever moves the clock.
    moving: Mutex<()>,
    manual: bool,
    /// Goes with the process.
    _folder: Option<tempfile::TempDir>,
}

impl Demo {
    /// Builds it, or takes it up where it was left, and lives through the time before the visitor.
    ///
    /// # Errors
    /// When the database, the relay or the folder can't be used.
    pub async fn open(settings: &Settings) -> Result<Self, AppError> {
        let (location, folder) = match &settings.database {
            Some(location) => (location.clone(), None),
            None => {
                let io = |error| AppError::Io { what: "no temporary folder".to_owned(), error };
                let folder = tempfile::tempdir().map_err(io)?;
                (Location::parse(&folder.path().join("demo.db").to_string_lossy())?, Some(folder))
            }
        };
        let store = Store::open(&location, Access::Sender).await?;
        let rules = rules()?;
        let installed = instant(INSTALLED.0, INSTALLED.1);
        let left = store.meta_get(MetaKey::DEMO_MOMENT).await?.and_then(|text| text.parse().ok());
        let moment = match left {
            Some(moment) => moment,
            None => {
                cast::install(&store, &rules, installed).await?;
                store.meta_put(MetaKey::DEMO_MOMENT, Some(&installed.to_string())).await?;
                installed
            }
        };
        let clock = Arc::new(ManualClock::at(moment));
        let build = |outgoing| {
            App::new(Parts {
                store: store.clone(),
                clock: clock.clone() as Arc<dyn Clock>,
                chance: Arc::new(SystemChance),
                rules: rules.clone(),
                outgoing: Some(outgoing),
                public_url: settings.public_url.clone(),
                policy: Policy::default(),
            })
        };
        // Nobody else sends from a demonstration's database, so what a killed one was sending is free.
        let before = build(outgoing(settings, Transport::Memory(MemoryTransport::new()))?);
        before.worker.take_over().await?;
        let begins = instant(BEGINS, time(0, 0, 0, 0));
        let demo = Self {
            app: before,
            clock: clock.clone(),
            moving: Mutex::default(),
            manual: settings.manual,
            _folder: folder,
        };
        if clock.now() < begins {
            demo.advance_to(begins).await?;
        }
        let demo = Self { app: build(outgoing(settings, transport(settings)?)?), ..demo };
        if let Some(day) = settings.date {
            demo.advance_to(instant(day, time(0, 0, 0, 0))).await?;
        }
        Ok(demo)
    }

    /// Moves the clock to `target`, stopping at every moment at which something happens. Back is nowhere.
    ///
    /// # Errors
    /// When the daemon fails; the moment it had come to is kept.
    pub async fn advance_to(&self, target: Timestamp) -> Result<(), AppError> {
        self.advance(target, &|_| {}).await
    }

    /// As [`Self::advance_to`]; `at` hears each moment that it stops at.
    async fn advance(&self, target: Timestamp, at: &(dyn Fn(Timestamp) + Sync)) -> Result<(), AppError> {
        let _guard = self.moving.lock().await;
        loop {
            self.step().await?;
            let now = self.clock.now();
            if now >= target {
                return Ok(());
            }
            let next = self.next_after(now).await?.min(target);
            self.clock.set(next);
            at(next);
            self.app.store.meta_put(MetaKey::DEMO_MOMENT, Some(&next.to_string())).await?;
        }
    }

    /// The next moment at which the daemon or the invented people do something.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn next_after(&self, now: Timestamp) -> Result<Timestamp, AppError> {
        let mut next = instant(today(now + SignedDuration::from_hours(24)), MAIL_TIME);
        let this_morning = instant(today(now), MAIL_TIME);
        if this_morning > now {
            next = this_morning;
        }
        Ok(match self.app.store.next_moment().await? {
            None => next,
            Some(due) if due > now => due.min(next),
            // It is due and waits for its window, or for the relay to have rested.
            Some(_) => {
                let window = next_window(&QuietPeriods::none(), now + SignedDuration::from_secs(1));
                let rested = self.app.store.paused_until().await?.filter(|until| *until > now);
                next.min(window).min(rested.unwrap_or(next))
            }
        })
    }

    /// What happens at this moment: mails leave, and invented people answer.
    async fn step(&self) -> Result<(), AppError> {
        self.app.worker.knock().await?;
        let delivered = self.app.worker.deliver().await?;
        let mail_time = instant(today(self.clock.now()), MAIL_TIME) == self.clock.now();
        if !self.manual && (delivered.sent > 0 || mail_time) {
            cast::answer(&self.app, mail_time).await?;
        }
        Ok(())
    }

    /// The virtual present.
    #[must_use]
    pub fn now(&self) -> Timestamp {
        self.clock.now()
    }
}

/// The shipped files, with the invented meetings instead of those that have no dates yet.
fn rules() -> Result<Rules, AppError> {
    const MEETINGS: &str = "sydostra/rpo.toml";
    let mut files = crate::workflow::shipped();
    files.retain(|file| file.path != MEETINGS);
    files.push(crate::grammar::SourceFile::new(MEETINGS, include_str!("data/rpo-moten.toml")));
    files.sort_by(|a, b| a.path.cmp(&b.path));
    Ok(Rules::load(&files, QuietPeriods::default())?)
}

fn outgoing(settings: &Settings, transport: Transport) -> Result<Outgoing, AppError> {
    let from = settings.from.as_deref().unwrap_or(FROM);
    let reply_to = Some("rpo.md.processtod@example.org".to_owned());
    Ok(Outgoing {
        sender: app::sender(from, reply_to, "Sydöstra sjukvårdsregionen", &settings.public_url),
        templates: Templates::embedded()?,
        transport,
        public_url: settings.public_url.clone(),
        per_minute: None,
        per_week: Some(crate::config::PER_WEEK),
    })
}

fn transport(settings: &Settings) -> Result<Transport, AppError> {
    Ok(match &settings.mail {
        None => Transport::Memory(MemoryTransport::new()),
        Some(MailTo::Smtp(relay)) => Transport::Smtp(SmtpTransport::new(relay.clone())?),
        Some(MailTo::Files(folder)) => {
            let what = format!("mails can't be written to {}", folder.display());
            Transport::Files(FilesTransport::new(folder).map_err(|error| AppError::Io { what, error })?)
        }
    })
}

/// Runs to the end of the year and sums it up. `at` hears how many days have passed, and of how many.
///
/// # Errors
/// When the daemon fails.
pub async fn fast(settings: Settings, at: &(dyn Fn(usize, usize) + Sync)) -> Result<String, AppError> {
    let demo = Demo::open(&settings).await?;
    let (begins, ends) = (demo.now(), instant(ENDS, time(0, 0, 0, 0)));
    let days = |until: Timestamp| usize::try_from(until.duration_since(begins).as_hours() / 24).unwrap_or(0);
    demo.advance(ends, &|moment| at(days(moment), days(ends))).await?;
    let store = &demo.app.store;
    let since = instant(BEGINS, time(0, 0, 0, 0));
    let mut mails = Vec::new();
    let mut after = 0;
    loop {
        let page = store.mails(500, after).await?;
        let Some(last) = page.last() else { break };
        after = last.id;
        mails.extend(page.into_iter().filter(|m| m.created_at >= since));
    }
    let mut people: Vec<_> = mails.iter().map(|m| m.person.clone()).collect();
    people.sort();
    people.dedup();
    let sent = mails.iter().filter(|m| m.state == MailState::Sent).count();
    let counts = store.counts().await?;
    let answers = store.facts().await?.answers.len();
    let mut summary = String::new();
    let _ = writeln!(
        summary,
        "2025, with invented people: {sent} mails to {} people, {answers} answers standing",
        people.len()
    );
    for (state, n) in &counts.messages {
        let _ = writeln!(summary, "messages {state}: {n}");
    }
    for (reason, n) in &counts.skipped {
        let _ = writeln!(summary, "  passed over, {reason}: {n}");
    }
    for (state, n) in &counts.mails {
        let _ = writeln!(summary, "mails {state}: {n}");
    }
    let _ = writeln!(summary, "attempts whose end is not known: {}", counts.ambiguous);
    store.close().await;
    Ok(summary)
}

/// Serves the demonstration until `stop`, the days passing.
///
/// # Errors
/// When it can't be built or the web server fails.
pub async fn serve(
    settings: Settings,
    listener: TcpListener,
    stop: CancellationToken,
) -> Result<(), AppError> {
    let demo = Arc::new(Demo::open(&settings).await?);
    let running = tokio::spawn(run(demo.clone(), stop.clone()));
    let served = crate::web::serve(listener, web::router(demo.clone()), stop.clone()).await;
    stop.cancel();
    let _ = running.await;
    demo.app.store.close().await;
    served.map_err(|error| AppError::Io { what: "the web server ended".to_owned(), error })
}

/// Lets time pass, and works at once when somebody has pressed a button.
async fn run(demo: Arc<Demo>, stop: CancellationToken) {
    loop {
        tokio::select! {
            () = stop.cancelled() => return,
            () = demo.app.wake.notified() => {}
            () = tokio::time::sleep(std::time::Duration::from_secs(1)) => {}
        }
        let target = if demo.manual { demo.now() } else { demo.now() + PACE };
        if let Err(error) = demo.advance_to(target).await {
            tracing::error!(%error, "the demonstration stumbled");
        }
    }
}

/// What somebody may write to say how far to jump: a day, a moment, or `nasta` for the next thing that happens.
async fn jump(demo: &Demo, to: &str) -> Result<bool, AppError> {
    let target = match to {
        "nasta" => Some(demo.app.store.next_moment().await?.unwrap_or(demo.now()).max(demo.now())),
        text => match text.parse::<Date>() {
            Ok(day) if !text.contains('T') => Some(instant(day, NOON)),
            _ => text.parse::<jiff::civil::DateTime>().ok().map(|at| instant(at.date(), at.time())),
        },
    };
    // A year at a time is enough to look at, and a slip of the finger in the year's digits does not run for ever.
    let furthest = instant(today(demo.now()).saturating_add(400.days()), NOON);
    match target.filter(|target| *target <= furthest) {
        None => Ok(false),
        Some(target) => demo.advance_to(target).await.map(|()| true),
    }
}
