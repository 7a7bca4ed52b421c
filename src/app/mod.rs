//! The composition root: the one place that knows every part and puts them together.

pub mod annex;
pub mod compiling;
pub mod daemon;
pub mod files;
pub mod intake;
pub mod listing;
pub mod picturing;
pub mod recording;
pub mod results;
pub mod takeover;
pub mod templates;

use std::sync::Arc;

use tokio::sync::Notify;

use crate::answering::Policy;
use crate::clock::{Chance, Clock};
use crate::config::{Config, MailTo};
use crate::fault::Faults;
use crate::mail::compose::{ComposeError, Sender};
use crate::mail::transport::{FilesTransport, SetupError, SmtpTransport, Transport};
use crate::rules::{InForce, Rules};
use crate::store::{Store, StoreError};
use crate::worker::{Outgoing, Worker, WorkerError};

/// Why the daemon could not be put together or stopped.
#[derive(Debug, thiserror::Error)]
pub enum AppError {
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// A knock failed.
    #[error(transparent)]
    Worker(#[from] WorkerError),
    /// The mail templates are faulty.
    #[error(transparent)]
    Templates(#[from] ComposeError),
    /// The relay can't be used as configured.
    #[error(transparent)]
    Relay(#[from] SetupError),
    /// Files are wrong.
    #[error("{0}")]
    Faults(#[from] Faults),
    /// The web server's address, or a folder, can't be used.
    #[error("{what}: {error}")]
    Io {
        /// What was tried.
        what: String,
        /// What went wrong.
        error: std::io::Error,
    },
    /// The scheduler could not start.
    #[error("the scheduler could not start: {0}")]
    Scheduler(#[from] tokio_cron_scheduler::JobSchedulerError),
}

/// The parts of a running installation, shared by the worker and the web.
#[derive(Clone, Debug)]
pub struct App {
    /// The store.
    pub store: Store,
    /// The present.
    pub clock: Arc<dyn Clock>,
    /// Randomness.
    pub chance: Arc<dyn Chance>,
    /// The rules in force.
    pub rules: Arc<InForce>,
    /// The worker.
    pub worker: Arc<Worker>,
    /// Wakes the worker at once: an answer has come.
    pub wake: Arc<Notify>,
    /// Wakes the delivery.
    pub delivery: Arc<Notify>,
    /// The address that people reach the web server at.
    pub public_url: String,
    /// What may be handed in with an answer.
    pub policy: Policy,
}

/// What an [`App`] is made of.
#[derive(Debug)]
pub struct Parts {
    /// The store.
    pub store: Store,
    /// The present.
    pub clock: Arc<dyn Clock>,
    /// Randomness.
    pub chance: Arc<dyn Chance>,
    /// The rules to begin with.
    pub rules: Rules,
    /// How mails leave; none and nothing is sent.
    pub outgoing: Option<Outgoing>,
    /// The address that people reach the web server at.
    pub public_url: String,
    /// What may be handed in with an answer.
    pub policy: Policy,
}

impl App {
    /// Puts the parts together.
    #[must_use]
    pub fn new(parts: Parts) -> Self {
        let rules = Arc::new(InForce::new(parts.rules));
        let worker = Worker::new(
            parts.store.clone(),
            parts.clock.clone(),
            parts.chance.clone(),
            rules.clone(),
            parts.outgoing,
        );
        Self {
            store: parts.store,
            clock: parts.clock,
            chance: parts.chance,
            rules,
            worker: Arc::new(worker),
            wake: Arc::default(),
            delivery: Arc::default(),
            public_url: parts.public_url,
            policy: parts.policy,
        }
    }
}

/// How mails leave by `config`; none where it names no sender or no way out.
///
/// # Errors
/// When the relay's settings, the folder or the templates can't be used.
pub fn outgoing(config: &Config, organisation: &str) -> Result<Option<Outgoing>, AppError> {
    // Also where nothing is sent yet: a faulty template is better known today than on the day it matters.
    let templates = templates::load(config.templates.as_deref())?;
    let (Some(from), Some(mail)) = (&config.from, &config.mail) else { return Ok(None) };
    let transport = match mail {
        MailTo::Smtp(relay) => Transport::Smtp(SmtpTransport::new(relay.clone())?),
        MailTo::Files(folder) => {
            let files = FilesTransport::new(folder);
            let what = format!("mails can't be written to {}", folder.display());
            Transport::Files(files.map_err(|error| AppError::Io { what, error })?)
        }
    };
    Ok(Some(Outgoing {
        sender: sender(from, config.reply_to.clone(), organisation, &config.public_url),
        templates,
        transport,
        public_url: config.public_url.clone(),
        per_minute: config.per_minute,
        per_week: config.per_week,
    }))
}

/// Whom mails come from.
#[must_use]
pub fn sender(from: &str, reply_to: Option<String>, organisation: &str, public_url: &str) -> Sender {
    Sender {
        address: from.to_owned(),
        reply_to,
        organisation: organisation.to_owned(),
        public_url: Some(format!("{public_url}/kalender")),
        list_id: String::new(),
    }
}
