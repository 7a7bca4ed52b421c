//! What can go wrong with the store, as told to whoever has to mend it.

use std::path::PathBuf;

/// Why the store could not do what was asked. Nothing was written when a method returns one.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// The database or the connection to it failed.
    #[error("the database failed: {0}")]
    Driver(#[from] sqlx::Error),
    /// A row says something that cannot be.
    #[error("{table} `{key}` cannot be read: {what}; restore a backup or mend the row by hand")]
    Inconsistent {
        /// The table.
        table: &'static str,
        /// Which row.
        key: String,
        /// What is wrong with it.
        what: String,
    },
    /// Another process holds the sender's lock.
    #[error(
        "another arshjul is sending from this database ({} is locked); stop that one first, \
         or run a command that only looks", .0.display()
    )]
    Locked(PathBuf),
    /// A later release has been here.
    #[error(
        "the database is from a newer release (schema {found}, this program knows up to {known}); \
         run that release, or restore the backup made before the upgrade"
    )]
    Newer {
        /// The schema that the database has.
        found: i64,
        /// The newest schema that this program knows.
        known: i64,
    },
    /// The database has not been migrated, and this command may not do it.
    #[error(
        "the database is from an older release (schema {found}, this program needs {known}); \
         start `arshjul serve` of this release once, which migrates it"
    )]
    Older {
        /// The schema that the database has.
        found: i64,
        /// The schema that this program needs.
        known: i64,
    },
    /// The database file has been removed or replaced under the running process.
    #[error(
        "{} is gone or is another file than the one that was opened; nothing more is sent: an empty or older \
         database would send what has been sent already. Put the file back and restart", .0.display()
    )]
    Gone(PathBuf),
    /// A database location that cannot be understood.
    #[error("the database location {0}")]
    Location(String),
    /// A plan can't be published: these of its items would vanish without a closing entry.
    #[error(
        "{} would vanish without a closing entry; close each with a line that says why, or take it up again",
        quoted(.0)
    )]
    WouldVanish(Vec<String>),
    /// What was asked contradicts what is stored.
    #[error("{0}")]
    Refused(String),
}

fn quoted(titles: &[String]) -> String {
    titles.iter().map(|title| format!("`{title}`")).collect::<Vec<_>>().join(", ")
}
