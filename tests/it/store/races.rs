//! Interleavings that only a server has, held still: another session keeps a row locked while the store works.

use std::fmt::Write as _;

use arshjul::plan::model::{MessageKind, Startable};
use arshjul::store::{Location, MailState, NewAnswer};
use jiff::SignedDuration;
use sqlx::postgres::{PgConnection, PgPool};
use sqlx::{AssertSqlSafe, Connection as _};
use tokio::task::JoinHandle;

use super::{Bench, adds, at, given, mail, mark, matter, message, plan, state_of};

/// Another session in the middle of its transaction.
struct Other {
    session: PgConnection,
    observer: PgPool,
    pid: i32,
}

impl Other {
    async fn begin(bench: &Bench, statements: &[&str]) -> Self {
        let mut session = PgConnection::connect(&bench.url).await.unwrap();
        let mut sql = "BEGIN".to_owned();
        for statement in statements {
            write!(sql, "; {statement}").unwrap();
        }
        sqlx::raw_sql(AssertSqlSafe(sql)).execute(&mut session).await.unwrap();
        let (pid,) = sqlx::query_as("SELECT pg_backend_pid()").fetch_one(&mut session).await.unwrap();
        Self { session, observer: PgPool::connect(&bench.url).await.unwrap(), pid }
    }

    /// Until `work` is done or waits for this session: true if it waits.
    async fn holds_up<T>(&self, work: &JoinHandle<T>) -> bool {
        loop {
            let sql = "SELECT count(*) FROM pg_stat_activity WHERE $1 = ANY (pg_blocking_pids(pid))";
            let (waiting,): (i64,) =
                sqlx::query_as(sql).bind(self.pid).fetch_one(&self.observer).await.unwrap();
            if waiting > 0 || work.is_finished() {
                return waiting > 0;
            }
            tokio::task::yield_now().await;
        }
    }

    async fn commit(mut self) {
        sqlx::raw_sql("COMMIT").execute(&mut self.session).await.unwrap();
    }
}

#[tokio::test]
async fn a_claimer_passes_a_row_that_another_has_locked() {
    let Some(bench) = Bench::postgres("passes").await else { return };
    let store = bench.open().await;
    let now = at("2025-10-01T06:00");
    let two = ["anna", "bo"].map(|to| message("svara", MessageKind::Ask, to, now));
    plan(&store, &two).await;
    for (id, message) in ["m1", "m2"].into_iter().zip(&two) {
        store.queue(&mail(id, &[message], now), now).await.unwrap();
    }
    let other = Other::begin(&bench, &["SELECT 1 FROM mail WHERE message_id LIKE 'm1@%' FOR UPDATE"]).await;
    let lease = SignedDuration::from_mins(5);
    let claim = tokio::spawn(async move { store.claim(now, lease, &|_| SignedDuration::ZERO).await });
    assert!(!other.holds_up(&claim).await, "it waits");
    assert_eq!(claim.await.unwrap().unwrap().unwrap().message_id, "m2@example.org");
    other.commit().await;
}

#[tokio::test]
async fn a_plan_waits_for_a_fact_that_is_being_written_and_is_stale_then() {
    let Some(bench) = Bench::postgres("stale").await else { return };
    let store = bench.open().await;
    let mark = mark(&store).await;
    let now = at("2025-10-01T06:00");
    let changes = adds(&[message("svara", MessageKind::Ask, "anna", now)]);
    let other = Other::begin(&bench, &["UPDATE meta SET value = '1' WHERE key = 'facts_revision'"]).await;
    let planner = store.clone();
    let apply = tokio::spawn(async move { planner.apply(&changes, &[], &[].into(), &mark, now).await });
    assert!(other.holds_up(&apply).await, "it reads a revision that is about to change");
    other.commit().await;
    assert!(apply.await.unwrap().unwrap().stale);
    // And the other way round: facts wait for each other, none is lost.
    assert_eq!(store.start(&[Startable::Body("rsl".into())], now, "cli").await.unwrap(), 1);
    assert_eq!(store.facts_revision().await.unwrap(), 2);
}

#[tokio::test]
async fn an_answer_finds_the_mail_that_was_being_queued_when_it_came() {
    let Some(bench) = Bench::postgres("being queued").await else { return };
    let store = bench.open().await;
    let now = at("2025-10-01T06:00");
    let reminder = message("svara", MessageKind::Reminder, "anna", now);
    plan(&store, std::slice::from_ref(&reminder)).await;
    // What `queue` does, halfway.
    let queueing = [
        "INSERT INTO mail (message_id, person, envelope_from, envelope_to, bytes, next_attempt, created_at) \
         VALUES ('m1', 'anna', 'a', 'b', '', 0, 0)",
        "UPDATE message SET state = 'queued', mail = (SELECT id FROM mail)",
    ];
    let other = Other::begin(&bench, &queueing).await;
    let recorder = store.clone();
    let answer = given(&matter("svara"), "anna", "inga", now);
    let record =
        tokio::spawn(async move { recorder.record_answer(&NewAnswer::of(&answer, "anna"), now).await });
    assert!(other.holds_up(&record).await, "it withdraws what is being queued");
    other.commit().await;
    record.await.unwrap().unwrap();
    assert_eq!(state_of(&store, &reminder).await, "withdrawn");
    assert_eq!(store.mails(10, 0).await.unwrap()[0].state, MailState::Cancelled);
    store.check_integrity().await.unwrap();
}

#[tokio::test]
async fn a_connection_that_was_cut_is_replaced() {
    let Some(mut bench) = Bench::postgres("cut").await else { return };
    let name = bench.schema().to_owned();
    let url = bench.url.replacen('?', &format!("?application_name={name}&"), 1);
    bench.location = Location::parse(&url).unwrap();
    let store = bench.open().await;
    let now = at("2025-10-01T06:00");
    plan(&store, &[message("svara", MessageKind::Ask, "anna", now)]).await;
    let other = Other::begin(&bench, &[]).await;
    let sql = "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE application_name = $1";
    let (cut,): (i64,) = sqlx::query_as(sql).bind(name).fetch_one(&other.observer).await.unwrap();
    assert!(cut > 0);
    assert_eq!(store.due(now, 10).await.unwrap().len(), 1);
    assert_eq!(store.skip(&[], "none", now).await.unwrap(), 0);
}
