//! The running daemon: knocks, web server, reload and a clean end.

use std::path::PathBuf;
use std::time::Duration;

use tokio::net::TcpListener;
use tokio_cron_scheduler::{Job, JobScheduler};
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use super::{App, AppError, files};
use crate::calendar::QuietPeriods;
use crate::calendars::Keeper;
use crate::grammar::SourceFile;
use crate::rules::{Rules, digest_of};
use crate::web;

/// How often the daemon looks for what is due. Windows are quarters of an hour apart, so this is soon enough.
const KNOCK: Duration = Duration::from_secs(10);
/// How often it looks for changed files.
const RELOAD: Duration = Duration::from_secs(30);
/// How long the end waits for what is under way.
const GRACE: Duration = Duration::from_secs(20);

/// What the daemon runs with beside its parts.
#[derive(Debug)]
pub struct Service {
    /// The parts.
    pub app: App,
    /// Where the web server listens.
    pub listener: TcpListener,
    /// The folder of workflow files; none for the shipped ones, which don't change.
    pub workflows: Option<PathBuf>,
    /// When nothing is sent.
    pub quiet: QuietPeriods,
    /// Fetched after each good knock.
    pub heartbeat: Option<String>,
    /// Keeps the calendars that meetings come from.
    pub keeper: Keeper,
}

/// Runs until `stop` is cancelled, then ends what is under way.
///
/// # Errors
/// When it can't start. What fails later is logged and tried again.
pub async fn run(service: Service, stop: CancellationToken) -> Result<(), AppError> {
    let Service { app, listener, workflows, quiet, heartbeat, keeper } = service;
    // First of all: until somebody listens for a hang-up, it ends the process.
    let hangups = hangups();
    // Before the first plan there are no occasions, and a reader that gets an empty calendar empties its own.
    if let Err(error) = app.worker.knock().await {
        tracing::error!(%error, "the first knock failed; the next one begins again");
    }
    let tasks = TaskTracker::new();
    let mut scheduler = JobScheduler::new().await?;
    let wake = app.wake.clone();
    // The scheduler only knocks: a knock takes no input, and what is due is worked out from plan and store.
    let knock = Job::new_repeated_async(KNOCK, move |_, _| {
        let wake = wake.clone();
        Box::pin(async move { wake.notify_one() })
    })?;
    scheduler.add(knock).await?;
    scheduler.start().await?;
    tasks.spawn(planning(app.clone(), heartbeat, stop.clone()));
    tasks.spawn(delivering(app.clone(), stop.clone()));
    tasks.spawn(keeping(app.clone(), keeper, stop.clone()));
    if let Some(folder) = workflows {
        tasks.spawn(reloading(app.clone(), folder, quiet, hangups, stop.clone()));
    }
    let served = web::serve(listener, web::router(state(&app)), stop.clone());
    tasks.spawn(async move {
        if let Err(error) = served.await {
            tracing::error!(%error, "the web server ended");
        }
    });
    tasks.close();
    app.wake.notify_one();
    stop.cancelled().await;
    if let Err(error) = scheduler.shutdown().await {
        tracing::warn!(%error, "the scheduler did not end cleanly");
    }
    if tokio::time::timeout(GRACE, tasks.wait()).await.is_err() {
        tracing::warn!("what was under way did not end in time; it is taken up again at the next start");
    }
    app.store.close().await;
    Ok(())
}

/// What the web may reach.
#[must_use]
pub fn state(app: &App) -> web::State {
    web::State {
        store: app.store.clone(),
        clock: app.clock.clone(),
        chance: app.chance.clone(),
        rules: app.rules.clone(),
        wake: app.wake.clone(),
        public_url: app.public_url.clone(),
        policy: app.policy.clone(),
    }
}

async fn planning(app: App, heartbeat: Option<String>, stop: CancellationToken) {
    let monitor = heartbeat.map(|url| (reqwest::Client::new(), url));
    loop {
        tokio::select! {
            () = stop.cancelled() => return,
            () = app.wake.notified() => {}
        }
        match app.worker.knock().await {
            Ok(_) => app.delivery.notify_one(),
            Err(error) => {
                tracing::error!(%error, "a knock failed; the next one begins again");
                continue;
            }
        }
        if let Some((client, url)) = &monitor {
            let fetched = client.get(url).timeout(Duration::from_secs(5)).send().await;
            if let Err(error) = fetched {
                tracing::warn!(error = %error.without_url(), "the monitor can't be reached");
            }
        }
    }
}

/// Looks after each knock whether a calendar is due. A server that stalls holds up neither plan nor mails.
async fn keeping(app: App, keeper: Keeper, stop: CancellationToken) {
    loop {
        tokio::select! {
            () = stop.cancelled() => return,
            () = tokio::time::sleep(KNOCK) => {}
        }
        let round = tokio::select! {
            // Nothing is lost by it: what is taken in is taken in whole.
            () = stop.cancelled() => return,
            round = keeper.round() => round,
        };
        match round {
            Ok(round) if round.changed > 0 => app.wake.notify_one(),
            Ok(_) => {}
            Err(error) => tracing::error!(%error, "the calendars can't be kept; they are asked for again"),
        }
    }
}

async fn delivering(app: App, stop: CancellationToken) {
    loop {
        tokio::select! {
            () = stop.cancelled() => return,
            () = app.delivery.notified() => {}
        }
        // An attempt that has begun is not cut off: the lease outlives it.
        if let Err(error) = app.worker.deliver().await {
            tracing::error!(%error, "a delivery failed; the mail is taken up again");
        }
    }
}

/// Takes over changed files. A set is read twice before it is taken, so that an editor or a checkout in the
/// middle of writing is not mistaken for a fault.
async fn reloading(
    app: App,
    folder: PathBuf,
    quiet: QuietPeriods,
    mut hangup: Hangups,
    stop: CancellationToken,
) {
    let mut seen: Option<String> = None;
    loop {
        let asked = tokio::select! {
            () = stop.cancelled() => return,
            () = tokio::time::sleep(RELOAD) => false,
            () = hangup.recv() => true,
        };
        match files::read(Some(&folder)) {
            Ok(files) => {
                let digest = digest_of(&files);
                let settled = asked || seen.as_ref() == Some(&digest);
                seen = Some(digest.clone());
                if settled && app.rules.rules().digest != digest {
                    take(&app, &files, quiet.clone());
                }
            }
            Err(faults) => {
                if app.rules.faults().is_empty() {
                    tracing::error!(%faults, "the workflow files can't be read; the last good ones stay in force");
                }
                app.rules.take(Err(faults));
            }
        }
    }
}

fn take(app: &App, files: &[SourceFile], quiet: QuietPeriods) {
    let reading = Rules::load(files, quiet);
    if let Err(faults) = &reading
        && *app.rules.faults() != *faults
    {
        tracing::error!(%faults, "the workflow files have faults; the last good ones stay in force");
    }
    if app.rules.take(reading) {
        tracing::info!("new workflow files are in force");
        app.wake.notify_one();
    }
}

/// Hang-ups, the signal to read files again; on a system without them, none ever comes.
struct Hangups(#[cfg(unix)] Option<tokio::signal::unix::Signal>);

fn hangups() -> Hangups {
    #[cfg(unix)]
    return Hangups(tokio::signal::unix::signal(tokio::signal::unix::SignalKind::hangup()).ok());
    #[cfg(not(unix))]
    return Hangups();
}

impl Hangups {
    async fn recv(&mut self) {
        #[cfg(unix)]
        if let Some(signal) = &mut self.0
            && signal.recv().await.is_some()
        {
            return;
        }
        std::future::pending::<()>().await;
    }
}

/// Cancels `stop` at the first interrupt or termination signal; at the second the process ends at once, which is
/// safe at any moment.
pub fn stop_on_signals(stop: CancellationToken) {
    tokio::spawn(async move {
        ended().await;
        tracing::info!("ending; a second signal ends at once");
        stop.cancel();
        ended().await;
        std::process::exit(130);
    });
}

async fn ended() {
    #[cfg(unix)]
    {
        use tokio::signal::unix::{SignalKind, signal};
        if let Ok(mut terminate) = signal(SignalKind::terminate()) {
            tokio::select! {
                _ = tokio::signal::ctrl_c() => {}
                _ = terminate.recv() => {}
            }
            return;
        }
    }
    let _ = tokio::signal::ctrl_c().await;
}
