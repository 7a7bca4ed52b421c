//! Who may open a database, and what the database itself refuses.

use arshjul::plan::model::MessageKind;
use arshjul::store::{Access, Location, MetaKey, SCHEMA, Store, StoreError};

use super::{Bench, at, conformance, mail, message, plan};

conformance! {
    a_newer_database_is_refused_by_everybody,
    an_older_database_is_migrated_by_the_sender_only,
    a_new_database_is_made_by_whoever_comes_first,
    values_are_kept_under_their_names,
    the_database_refuses_states_that_cannot_be,
    a_message_out_of_step_with_its_mail_is_found,
    a_fact_that_cannot_be_read_is_said_not_skipped,
}

/// The number of the newest step.
fn newest() -> i64 {
    SCHEMA.last().unwrap().number
}

async fn refused(bench: &Bench, access: Access) -> StoreError {
    Store::open_with_relaxed_sync(&bench.location, access).await.map(|_| ()).unwrap_err()
}

async fn a_newer_database_is_refused_by_everybody(bench: Bench) {
    bench.open().await.close().await;
    let later = "INSERT INTO _sqlx_migrations (version, description, success, checksum, execution_time) \
                 SELECT 99, description, success, checksum, execution_time FROM _sqlx_migrations \
                 WHERE version = 1";
    bench.tamper(later).await.unwrap();
    for access in [Access::Sender, Access::Beside] {
        let error = refused(&bench, access).await;
        assert!(matches!(error, StoreError::Newer { found: 99, known } if known == newest()), "{error:?}");
        assert!(error.to_string().contains("run that release"), "{error}");
    }
}

async fn an_older_database_is_migrated_by_the_sender_only(bench: Bench) {
    bench.open().await.close().await;
    // What the newest step made.
    for table in ["source_event", "source"] {
        bench.tamper(&format!("DROP TABLE {table}")).await.unwrap();
    }
    bench.tamper(&format!("DELETE FROM _sqlx_migrations WHERE version = {}", newest())).await.unwrap();
    let before = SCHEMA[SCHEMA.len() - 2].number;
    let error = refused(&bench, Access::Beside).await;
    assert!(
        matches!(error, StoreError::Older { found, known } if (found, known) == (before, newest())),
        "{error:?}"
    );
    bench.open().await.close().await;
    bench.open_another().await.check_integrity().await.unwrap();
}

async fn a_new_database_is_made_by_whoever_comes_first(bench: Bench) {
    let store = Store::open_with_relaxed_sync(&bench.location, Access::Beside).await.unwrap();
    assert_eq!(store.facts_revision().await.unwrap(), 0);
    store.check_integrity().await.unwrap();
    bench.open().await;
}

async fn values_are_kept_under_their_names(bench: Bench) {
    let store = bench.open().await;
    assert_eq!(store.meta_get(MetaKey::HEARTBEAT).await.unwrap(), None);
    for value in ["1", "2"] {
        store.meta_put(MetaKey::HEARTBEAT, Some(value)).await.unwrap();
        assert_eq!(store.meta_get(MetaKey::HEARTBEAT).await.unwrap().as_deref(), Some(value));
    }
    store.meta_put(MetaKey::HEARTBEAT, None).await.unwrap();
    assert_eq!(store.meta_get(MetaKey::HEARTBEAT).await.unwrap(), None);
}

async fn the_database_refuses_states_that_cannot_be(bench: Bench) {
    let store = bench.open().await;
    let now = at("2025-10-01T06:00");
    let queued = message("svara", MessageKind::Ask, "anna", now);
    let planned = message("svara", MessageKind::Ask, "bo", now);
    plan(&store, &[queued.clone(), planned]).await;
    store.queue(&mail("m1", &[&queued], now), now).await.unwrap();
    for cannot_be in [
        "UPDATE message SET state = 'sent' WHERE person = 'bo'",
        "UPDATE message SET state = 'withdrawn' WHERE person = 'bo'",
        "UPDATE message SET state = 'lost' WHERE person = 'bo'",
        "UPDATE message SET state = 'planned' WHERE person = 'anna'",
        "UPDATE message SET mail = 99 WHERE person = 'anna'",
        "UPDATE mail SET state = 'sending'",
        "UPDATE mail SET state = 'sent', attempts = 1",
        "UPDATE mail SET state = 'failed'",
        "UPDATE mail SET ambiguous = 1",
        "UPDATE mail SET state = 'cancelled', attempts = 1, ambiguous = 1",
        "DELETE FROM mail",
        "INSERT INTO message SELECT * FROM message",
    ] {
        assert!(bench.tamper(cannot_be).await.is_err(), "{cannot_be}");
    }
}

async fn a_message_out_of_step_with_its_mail_is_found(bench: Bench) {
    let store = bench.open().await;
    let now = at("2025-10-01T06:00");
    let queued = message("svara", MessageKind::Ask, "anna", now);
    plan(&store, std::slice::from_ref(&queued)).await;
    store.queue(&mail("m1", &[&queued], now), now).await.unwrap();
    store.check_integrity().await.unwrap();
    bench.tamper("UPDATE message SET state = 'sent'").await.unwrap();
    let error = store.check_integrity().await.unwrap_err().to_string();
    assert!(error.contains(&queued.key.0) && error.contains("it is sent and its mail queued"), "{error}");
}

async fn a_fact_that_cannot_be_read_is_said_not_skipped(bench: Bench) {
    let store = bench.open().await;
    for (wrong, said) in [
        ("INSERT INTO start (what, at, who) VALUES ('moon', 0, 'x')", "start `moon`"),
        (
            "DELETE FROM start; INSERT INTO entered_date (workflow, body, occasion, content, at, who) \
             VALUES ('w', '', 'a.2025', '{', 0, 'x')",
            "entered_date `a.2025`",
        ),
        (
            "DELETE FROM entered_date; INSERT INTO answer (workflow, body, object, step, person, answer, at, who) \
             VALUES ('w', '', 'nothing', 's', 'p', 'a', 0, 'x')",
            "answer `nothing`",
        ),
    ] {
        bench.tamper(wrong).await.unwrap();
        let error = store.facts().await.unwrap_err();
        assert!(matches!(error, StoreError::Inconsistent { .. }), "{error:?}");
        assert!(error.to_string().contains(said), "{error}");
    }
}

#[tokio::test]
async fn a_second_sender_is_refused_and_an_onlooker_is_not() {
    let bench = Bench::sqlite();
    let sender = bench.open().await;
    let error = refused(&bench, Access::Sender).await;
    assert!(matches!(error, StoreError::Locked(_)), "{error:?}");
    assert!(error.to_string().contains("another arshjul is sending from this database"), "{error}");
    let onlooker = Store::open_with_relaxed_sync(&bench.location, Access::Beside).await.unwrap();
    onlooker.meta_put(MetaKey::HELD, Some("look")).await.unwrap();
    assert_eq!(sender.meta_get(MetaKey::HELD).await.unwrap().as_deref(), Some("look"));
    // The lock goes with its holder, and with nobody else.
    let clone = sender.clone();
    drop(sender);
    assert!(matches!(refused(&bench, Access::Sender).await, StoreError::Locked(_)));
    drop(clone);
    bench.open().await;
}

#[cfg(unix)]
#[tokio::test]
async fn a_link_does_not_get_around_the_lock() {
    let bench = Bench::sqlite();
    let _sender = bench.open().await;
    let link = bench.folder.as_ref().unwrap().path().join("link.db");
    std::os::unix::fs::symlink(bench.location.file().unwrap(), &link).unwrap();
    let location = Location::parse(link.to_str().unwrap()).unwrap();
    let refused = Store::open_with_relaxed_sync(&location, Access::Sender).await;
    assert!(matches!(refused, Err(StoreError::Locked(_))), "{refused:?}");
}

#[cfg(unix)]
#[tokio::test]
async fn a_file_that_goes_away_stops_everything() {
    let bench = Bench::sqlite();
    let store = bench.open().await;
    let file = bench.location.file().unwrap();
    let away = file.with_extension("away");
    std::fs::rename(file, &away).unwrap();
    for round in ["gone", "replaced"] {
        let error = store.pause_all(at("2025-10-01T06:00")).await.unwrap_err();
        assert!(matches!(error, StoreError::Gone(_)), "{round}: {error:?}");
        assert!(matches!(store.check_integrity().await, Err(StoreError::Gone(_))), "{round}");
        std::fs::write(file, "").unwrap();
    }
    std::fs::rename(&away, file).unwrap();
    store.pause_all(at("2025-10-01T06:00")).await.unwrap();
}

#[tokio::test]
async fn a_missing_folder_is_said() {
    let folder = tempfile::tempdir().unwrap();
    let location = Location::parse(folder.path().join("no/arshjul.db").to_str().unwrap()).unwrap();
    let error = Store::open(&location, Access::Sender).await.map(|_| ()).unwrap_err().to_string();
    assert!(error.contains("in a folder that does not exist"), "{error}");
}

#[tokio::test]
async fn a_copy_made_in_use_is_a_whole_database() {
    let bench = Bench::sqlite();
    let store = bench.open().await;
    let now = at("2025-10-01T06:00");
    plan(&store, &[message("svara", MessageKind::Ask, "anna", now)]).await;
    let copy = bench.folder.as_ref().unwrap().path().join("it's a copy.db");
    store.backup_to(&copy).await.unwrap();
    assert!(store.backup_to(&copy).await.is_err(), "never over something");
    let copy = Store::open(&Location::parse(copy.to_str().unwrap()).unwrap(), Access::Sender).await.unwrap();
    assert_eq!(copy.due(now, 10).await.unwrap().len(), 1);
    copy.check_integrity().await.unwrap();
}

/// What survives a power cut.
#[tokio::test]
async fn sqlite_keeps_a_log_and_syncs_every_commit() {
    let bench = Bench::sqlite();
    Store::open(&bench.location, Access::Sender).await.unwrap().close().await;
    let file = bench.location.file().unwrap();
    let leftovers = ["db-wal", "db-shm"].map(|ending| file.with_extension(ending).exists());
    assert_eq!(leftovers, [false, false], "closed, it is one file");
    let header = std::fs::read(file).unwrap();
    assert_eq!(header[18..20], [2, 2], "write-ahead log");
}
