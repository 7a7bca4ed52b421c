//! Opening a database: which file or server, who may, and whether its schema fits this program.

use std::fs::{File, OpenOptions, TryLockError};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use sqlx::Connection;
#[cfg(feature = "postgres")]
use sqlx::postgres::{PgConnectOptions, PgPoolOptions};
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous};

use super::db::{Db, Lite, OpenedFile, identity};
use super::location::Place;
use super::{Access, Location, Result, StoreError, migrate};

/// How long a statement waits for another process's write.
const BUSY: Duration = Duration::from_secs(5);
/// How long to wait for a free connection before it counts as a fault.
const ACQUIRE: Duration = Duration::from_secs(30);

/// An open database, and the sender's lock while it is held.
pub(super) async fn open(
    location: &Location,
    access: Access,
    sync: SqliteSynchronous,
) -> Result<(Db, Option<File>)> {
    match &location.0 {
        Place::File(path) => open_file(path, access, sync).await,
        #[cfg(feature = "postgres")]
        Place::Server(options) => Ok((open_server(options, access).await?, None)),
    }
}

async fn open_file(path: &Path, access: Access, sync: SqliteSynchronous) -> Result<(Db, Option<File>)> {
    if path.parent().is_some_and(|folder| !folder.as_os_str().is_empty() && !folder.is_dir()) {
        return Err(StoreError::Location(format!(
            "`{}` is in a folder that does not exist; create it first",
            path.display()
        )));
    }
    // By its real name: a link must not get around the lock.
    let path = path.canonicalize().unwrap_or_else(|_| path.to_owned());
    let lock = match access {
        Access::Sender => Some(take_lock(&path)?),
        Access::Beside => None,
    };
    let options = SqliteConnectOptions::new()
        .filename(&path)
        .create_if_missing(true)
        .journal_mode(SqliteJournalMode::Wal)
        .synchronous(sync)
        .foreign_keys(true)
        .busy_timeout(BUSY);
    // Connections stay open: a new one would open whatever file has the name by then.
    let pool = || sound().idle_timeout(None).max_lifetime(None).acquire_timeout(ACQUIRE);
    let write = pool().max_connections(1).connect_with(options.clone()).await?;
    let db = |read| -> Result<Db> {
        let identity = identity(&path).map_err(sqlx::Error::Io)?;
        let file = Arc::new(OpenedFile { path: path.clone(), identity });
        Ok(Db::Lite(Lite { read, write: write.clone(), file }))
    };
    // While migrating there is only the writer.
    let found = migrate::found(&db(write.clone())?).await?;
    let for_migration = match (access, found) {
        (Access::Beside, 0) => Some(take_lock(&path)?),
        _ => None,
    };
    migrate::migrate(&db(write.clone())?, access, found).await?;
    drop(for_migration);
    let read = pool().max_connections(4).connect_with(options.read_only(true)).await?;
    Ok((db(read)?, lock))
}

/// A pool that takes no connection back in which a transaction is still open.
///
/// On a full disk or an I/O error SQLite rolls back by itself. The driver then fails to roll back once more, counts the
/// transaction as open for good and refuses every other: nothing would be written until the next start.
fn sound() -> SqlitePoolOptions {
    SqlitePoolOptions::new().after_release(|connection, _| {
        Box::pin(async move {
            if connection.is_in_transaction() {
                // An ordinary rollback is under way: a ping comes after it.
                connection.ping().await?;
            }
            Ok(!connection.is_in_transaction())
        })
    })
}

/// The operating system's lock on `<database>.lock`, gone with the process however it ends. A row in the database
/// would outlive a crash; SQLite's own locks would keep readers and the other commands out.
fn take_lock(database: &Path) -> Result<File> {
    let mut path = database.as_os_str().to_owned();
    path.push(".lock");
    let path = PathBuf::from(path);
    let file = OpenOptions::new().create(true).truncate(false).write(true).open(&path).map_err(|error| {
        StoreError::Location(format!(
            "cannot be locked for sending: {}: {error}; may this user write in that folder?",
            path.display()
        ))
    })?;
    match file.try_lock() {
        Ok(()) => Ok(file),
        Err(TryLockError::WouldBlock) => Err(StoreError::Locked(path)),
        Err(TryLockError::Error(error)) => Err(StoreError::Driver(sqlx::Error::Io(error))),
    }
}

#[cfg(feature = "postgres")]
async fn open_server(options: &PgConnectOptions, access: Access) -> Result<Db> {
    let pool = PgPoolOptions::new().max_connections(8).acquire_timeout(ACQUIRE);
    let mut options = options.clone();
    if options.get_application_name().is_none() {
        options = options.application_name("arshjul");
    }
    let db = Db::Pg(pool.connect_with(options).await?);
    let found = migrate::found(&db).await?;
    migrate::migrate(&db, access, found).await?;
    Ok(db)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn what_sqlite_rolls_back_by_itself_keeps_nobody_from_writing() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.db");
        let (db, _lock) = open_file(&path, Access::Sender, SqliteSynchronous::Normal).await.unwrap();
        for _ in 0..2 {
            let mut tx = db.write().await.unwrap();
            // As after a full disk: the driver doesn't know of it.
            tx.run("ROLLBACK", Vec::new()).await.unwrap();
            drop(tx);
            // An ordinary one, that is given up.
            drop(db.write().await.unwrap());
        }
        db.write().await.unwrap().commit().await.unwrap();
    }
}
