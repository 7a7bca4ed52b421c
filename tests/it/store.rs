//! One conformance suite for both databases: each case runs on SQLite, and on PostgreSQL where
//! `ARSHJUL_TEST_POSTGRES` holds a URL (`tests/tools/postgres.sh start DIR` prints one), in a schema of its own.

#![expect(
    clippy::unwrap_used,
    clippy::panic,
    reason = "clippy knows test functions, but not the functions they share"
)]

mod answering;
mod answers;
mod delivery;
mod facts;
mod item_answers;
mod opening;
mod outbox;
mod queue;
#[cfg(feature = "postgres")]
mod races;
mod register;
mod requests;
mod subscriptions;

#[cfg(feature = "postgres")]
use std::sync::atomic::{AtomicU32, Ordering};

use arshjul::ids::{OccasionRef, PersonId};
use arshjul::plan::model::{Change, Given, Key, Matter, Message, MessageKind, Notice, Object};
use arshjul::store::{Access, Envelope, Location, NewMail, PlannedMark, Store};
use arshjul::workflow::model::Answer;
use jiff::Timestamp;
use sqlx::AssertSqlSafe;
#[cfg(feature = "postgres")]
use sqlx::postgres::PgPool;
use sqlx::sqlite::SqlitePool;
use tempfile::TempDir;

/// Runs each case on each database.
macro_rules! conformance {
    ($($case:ident),+ $(,)?) => {
        mod sqlite {
            $(#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn $case() {
                super::$case($crate::store::Bench::sqlite()).await;
            })+
        }

        #[cfg(feature = "postgres")]
        mod postgres {
            $(#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn $case() {
                if let Some(bench) = $crate::store::Bench::postgres(stringify!($case)).await {
                    super::$case(bench).await;
                }
            })+
        }
    };
}
use conformance;

/// A new, empty database.
pub struct Bench {
    pub location: Location,
    /// Its folder, for SQLite.
    pub folder: Option<TempDir>,
    url: String,
}

impl Bench {
    pub fn sqlite() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("arshjul.db").display().to_string();
        Self { location: Location::parse(&path).unwrap(), folder: Some(folder), url: path }
    }

    #[cfg(feature = "postgres")]
    #[expect(clippy::print_stdout, reason = "who runs the tests must see what did not run")]
    pub async fn postgres(case: &str) -> Option<Self> {
        static NUMBER: AtomicU32 = AtomicU32::new(0);
        let Some(server) = postgres_url() else {
            println!("skipped on PostgreSQL: ARSHJUL_TEST_POSTGRES is not set");
            return None;
        };
        let schema = format!("t{}_{}", std::process::id(), NUMBER.fetch_add(1, Ordering::Relaxed));
        let pool = PgPool::connect(&server).await.unwrap();
        let sql = format!("CREATE SCHEMA {schema}; COMMENT ON SCHEMA {schema} IS '{case}'");
        sqlx::raw_sql(AssertSqlSafe(sql)).execute(&pool).await.unwrap();
        pool.close().await;
        let url = format!("{server}?options[search_path]={schema}");
        Some(Self { location: Location::parse(&url).unwrap(), folder: None, url })
    }

    /// As the sender.
    pub async fn open(&self) -> Store {
        Store::open_with_relaxed_sync(&self.location, Access::Sender).await.unwrap()
    }

    /// As a second process: beside a sender on SQLite, as another sender on PostgreSQL.
    pub async fn open_another(&self) -> Store {
        let access = if self.is_sqlite() { Access::Beside } else { Access::Sender };
        Store::open_with_relaxed_sync(&self.location, access).await.unwrap()
    }

    /// The schema it is in, on PostgreSQL.
    #[cfg(feature = "postgres")]
    pub fn schema(&self) -> &str {
        self.url.rsplit_once('=').map_or("", |(_, schema)| schema)
    }

    pub fn is_sqlite(&self) -> bool {
        self.folder.is_some()
    }

    /// Does to the database what the store never would. Says what the database said.
    pub async fn tamper(&self, sql: &str) -> Result<u64, sqlx::Error> {
        let sql = AssertSqlSafe(sql.to_owned());
        if self.is_sqlite() {
            let pool = SqlitePool::connect(&self.url).await.unwrap();
            let done = sqlx::raw_sql(sql).execute(&pool).await.map(|done| done.rows_affected());
            pool.close().await;
            return done;
        }
        #[cfg(feature = "postgres")]
        {
            let pool = PgPool::connect(&self.url).await.unwrap();
            let done = sqlx::raw_sql(sql).execute(&pool).await.map(|done| done.rows_affected());
            pool.close().await;
            done
        }
        #[cfg(not(feature = "postgres"))]
        unreachable!("there is only SQLite")
    }
}

/// The server to test on.
#[cfg(feature = "postgres")]
pub fn postgres_url() -> Option<String> {
    #[expect(clippy::disallowed_methods, reason = "a setting of the tests, not of the program")]
    std::env::var("ARSHJUL_TEST_POSTGRES").ok().filter(|url| !url.is_empty())
}

/// `at("2025-10-06T08:00")`, in UTC.
pub fn at(text: &str) -> Timestamp {
    format!("{text}:00Z").parse().unwrap()
}

pub fn occasion_ref(workflow: &str) -> OccasionRef {
    OccasionRef { workflow: workflow.into(), body: Some("rpo-ogon".into()), id: "host.2025".parse().unwrap() }
}

/// The matter of a step of the autumn's remisser.
pub fn matter(step: &str) -> Matter {
    Matter {
        workflow: "nationell/remisser".into(),
        body: Some("rpo-ogon".into()),
        object: Object::Occasion(occasion_ref("nationell/remisser")),
        step: step.into(),
    }
}

/// A message about a step of the autumn's remisser.
pub fn message(step: &str, kind: MessageKind, to: &str, moment: Timestamp) -> Message {
    let answers = match kind {
        MessageKind::Ask | MessageKind::Reminder | MessageKind::Nudge => {
            vec![Answer::plain("inga".into(), "Inga synpunkter")]
        }
        _ => vec![],
    };
    Message {
        key: Key(format!("nationell/remisser:rpo-ogon:host.2025:{step}:{}:{to}:{moment}", kind.code())),
        at: moment,
        expires: None,
        urgent: false,
        kind,
        matter: matter(step),
        role: "rpo-ogon/processtod".to_owned(),
        to: Some(to.into()),
        notice: Notice {
            from_body: "RPO Ögon".to_owned(),
            subject: "Remiss: svar behövs senast fre 24 okt (v. 43)".to_owned(),
            headline: "Har ni synpunkter?".to_owned(),
            text: vec![],
            rows: vec![],
            due: None,
            answers,
            silent: vec![],
            why: "Du får frågan som processtöd.".to_owned(),
            marks: Vec::new(),
            sections: Vec::new(),
            items: Vec::new(),
            together: None,
        },
        assumes: None,
    }
}

/// The messages as additions.
pub fn adds(messages: &[Message]) -> Vec<Change> {
    messages.iter().map(|message| Change::Add(Box::new(message.clone()))).collect()
}

pub async fn mark(store: &Store) -> PlannedMark {
    PlannedMark {
        until: at("2026-01-01T00:00"),
        facts_revision: store.facts_revision().await.unwrap(),
        files_digest: "files".to_owned(),
    }
}

/// Plans messages.
pub async fn plan(store: &Store, messages: &[Message]) {
    let mark = mark(store).await;
    let applied = store.apply(&adds(messages), &[], &[].into(), &mark, at("2025-01-01T00:00")).await.unwrap();
    assert_eq!(applied.added, messages.len());
}

/// A mail of these messages to the first one's recipient.
pub fn mail(id: &str, messages: &[&Message], send_at: Timestamp) -> NewMail {
    let person = messages.first().and_then(|m| m.to.clone()).unwrap_or_else(|| PersonId::from("anna"));
    NewMail {
        message_id: format!("{id}@example.org"),
        envelope: Envelope { from: "arshjul@example.org".to_owned(), to: format!("{person}@example.org") },
        person,
        bytes: format!("Subject: {id}\r\n\r\nHej\r\n").into_bytes(),
        keys: messages.iter().map(|m| m.key.clone()).collect(),
        tokens: vec![],
        send_at,
    }
}

pub fn given(matter: &Matter, person: &str, answer: &str, moment: Timestamp) -> Given {
    Given {
        matter: matter.clone(),
        person: person.into(),
        answer: answer.into(),
        at: moment,
        date: None,
        marks: Vec::new(),
    }
}

/// The state of each message by its step and recipient, through the counts and the planned ones.
pub async fn state_of(store: &Store, message: &Message) -> String {
    let person = message.to.clone().unwrap();
    let found = store.latest_message(&message.matter, &person).await.unwrap();
    found.map_or("none".to_owned(), |(_, state)| state.to_string())
}
