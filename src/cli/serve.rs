//! `serve` and `demo`.

use std::io::Write;
use std::sync::Arc;

use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;

use super::progress::Progress;
use super::{CliError, Context, DemoArgs, Done, Exit};
use crate::app::daemon::{self, Service};
use crate::app::{self, App, AppError, Parts, files};
use crate::calendars::{Client, Keeper};
use crate::clock::{SystemChance, SystemClock};
use crate::demo;
use crate::store::{Access, Store};
use crate::telemetry;

pub(super) async fn serve(context: &Context<'_>, out: &mut (dyn Write + Send)) -> Done {
    let config = context.config()?;
    telemetry::begin(&config.log);
    let rules = files::load(config.workflows.as_deref(), config.quiet.clone())?;
    if let Some(why) = config.cannot_send() {
        writeln!(out, "nothing will be sent: {why}")?;
    }
    let outgoing = app::outgoing(&config, &rules.organisation.title)?;
    let store = Store::open(&config.database, Access::Sender).await?;
    let only_sender = config.database.file().is_some();
    let app = App::new(Parts {
        store,
        clock: Arc::new(SystemClock),
        chance: Arc::new(SystemChance),
        rules,
        outgoing,
        public_url: config.public_url.clone(),
        policy: config.answers.clone(),
    });
    if only_sender {
        app.worker.take_over().await.map_err(AppError::from)?;
    }
    let listener = listen(&config.listen).await?;
    let stop = CancellationToken::new();
    daemon::stop_on_signals(stop.clone());
    writeln!(out, "arshjul listens on http://{}", listener.local_addr()?)?;
    let client = Client::new(config.calendars).map_err(|error| CliError::Refused(error.to_string()))?;
    let (store, clock, rules) = (app.store.clone(), app.clock.clone(), app.rules.clone());
    let keeper = Keeper::new(store, clock, rules, client, config.calendar_sources);
    let service = Service {
        keeper,
        app,
        listener,
        workflows: config.workflows,
        quiet: config.quiet,
        heartbeat: config.heartbeat,
    };
    daemon::run(service, stop).await?;
    Ok(Exit::Success)
}

pub(super) async fn demo(context: &Context<'_>, args: DemoArgs, out: &mut (dyn Write + Send)) -> Done {
    let config = context.config()?;
    telemetry::begin(if context.environment.get("ARSHJUL_LOG").is_some() { &config.log } else { "warn" });
    // Before the settings: with port 0 the system chooses, and links in mails must lead to what it chose.
    let listener = if args.fast { None } else { Some(listen(&format!("127.0.0.1:{}", args.port)).await?) };
    let port = listener.as_ref().map_or(Ok(args.port), |l| l.local_addr().map(|a| a.port()))?;
    let settings = demo::Settings {
        date: args.date,
        database: context.environment.get("ARSHJUL_DATABASE").map(|_| config.database.clone()),
        mail: args.out.clone().map(crate::config::MailTo::Files).or_else(|| config.mail.clone()),
        from: config.from.clone(),
        public_url: context
            .environment
            .get("ARSHJUL_PUBLIC_URL")
            .map_or_else(|| format!("http://127.0.0.1:{port}"), str::to_owned),
        manual: args.manual,
    };
    let Some(listener) = listener else {
        let progress = Progress::new("days", true);
        let summary = demo::fast(settings, &|done, all| progress.at(done, all)).await;
        progress.end();
        let summary = summary?;
        write!(out, "{summary}")?;
        return Ok(Exit::Success);
    };
    let stop = CancellationToken::new();
    daemon::stop_on_signals(stop.clone());
    writeln!(out, "open http://{}/demo in a browser; Ctrl-C ends", listener.local_addr()?)?;
    out.flush()?;
    demo::serve(settings, listener, stop).await?;
    Ok(Exit::Success)
}

async fn listen(address: &str) -> Result<TcpListener, CliError> {
    let what = || format!("the web server can't listen on {address}");
    TcpListener::bind(address).await.map_err(|error| AppError::Io { what: what(), error }.into())
}
