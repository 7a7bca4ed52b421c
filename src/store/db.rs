//! The two databases behind one face: statements with `$n`, values of three types, rows read by column name.
//!
//! Everything above this file is written once. Rejected: `sqlx::Any`, whose gaps show at run time on the database
//! that is tested less; code generic over `sqlx::Database`, half of it bounds; expanding each method for both
//! drivers by macro, which compiles everything twice and hides it from the reader's tools.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use jiff::Timestamp;
use jiff::civil::Date;
#[cfg(feature = "postgres")]
use sqlx::postgres::{PgPool, PgRow, Postgres};
use sqlx::sqlite::{Sqlite, SqlitePool, SqliteRow};
use sqlx::{Row as _, SqlSafeStr, Transaction};

use super::{Result, StoreError};

/// An open database.
#[derive(Clone, Debug)]
pub(super) enum Db {
    Lite(Lite),
    #[cfg(feature = "postgres")]
    Pg(PgPool),
}

/// An SQLite file: readers beside one writer, so that writers queue here instead of failing with "busy".
#[derive(Clone, Debug)]
pub(super) struct Lite {
    pub read: SqlitePool,
    pub write: SqlitePool,
    pub file: Arc<OpenedFile>,
}

impl Lite {
    /// A consistent copy in a new file, while others go on writing.
    pub async fn copy_to(&self, file: &Path) -> Result<()> {
        sqlx::query("VACUUM INTO $1").bind(file.display().to_string()).execute(&self.read).await?;
        Ok(())
    }
}

/// The file as it was when it was opened.
#[derive(Debug)]
pub(super) struct OpenedFile {
    pub path: PathBuf,
    pub identity: (u64, u64),
}

/// Device and inode; on systems without them nothing, and then a replaced file goes unnoticed.
pub(super) fn identity(path: &Path) -> std::io::Result<(u64, u64)> {
    let facts = std::fs::metadata(path)?;
    #[cfg(unix)]
    {
        use std::os::unix::fs::MetadataExt;
        Ok((facts.dev(), facts.ino()))
    }
    #[cfg(not(unix))]
    {
        let _ = facts;
        Ok((0, 0))
    }
}

impl OpenedFile {
    /// That the path still leads to the file that was opened: writing to a file without a name is writing
    /// nothing, and a new empty database would send a year's mails again.
    pub fn check(&self) -> Result<()> {
        match identity(&self.path) {
            Ok(now) if now == self.identity => Ok(()),
            _ => Err(StoreError::Gone(self.path.clone())),
        }
    }
}

/// Which dialect a statement is for, where the two differ.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Dialect {
    Lite,
    #[cfg(feature = "postgres")]
    Pg,
}

/// A value on its way into a statement.
#[derive(Clone, Debug)]
pub(super) enum Value {
    Int(Option<i64>),
    Text(Option<String>),
    Bytes(Vec<u8>),
}

macro_rules! values {
    ($($from:ty => $into:ident($make:expr);)+) => {
        $(impl From<$from> for Value {
            fn from(value: $from) -> Self {
                let make: fn($from) -> _ = $make;
                Self::$into(make(value))
            }
        })+
    };
}

values! {
    i64 => Int(Some);
    Option<i64> => Int(|n| n);
    u32 => Int(|n| Some(i64::from(n)));
    bool => Int(|flag| Some(i64::from(flag)));
    Timestamp => Int(|moment| Some(moment.as_second()));
    Option<Timestamp> => Int(|moment| moment.map(Timestamp::as_second));
    &str => Text(|text| Some(text.to_owned()));
    String => Text(Some);
    &String => Text(|text| Some(text.clone()));
    Option<String> => Text(|text| text);
    Option<&str> => Text(|text| text.map(str::to_owned));
    Option<Date> => Text(|date| date.map(|day| day.to_string()));
    &[u8] => Bytes(<[u8]>::to_vec);
}

/// The values of a statement, in the order of its `$n`.
macro_rules! args {
    ($($value:expr),* $(,)?) => { vec![$($crate::store::db::Value::from($value)),*] };
}
pub(super) use args;

/// A row that was read.
#[derive(Debug)]
pub(super) enum Row {
    Lite(SqliteRow),
    #[cfg(feature = "postgres")]
    Pg(PgRow),
}

/// The same expression for whichever database it is.
macro_rules! either {
    ($kind:ident, $value:expr, $inner:ident => $body:expr) => {
        match $value {
            $kind::Lite($inner) => $body,
            #[cfg(feature = "postgres")]
            $kind::Pg($inner) => $body,
        }
    };
}

impl Row {
    pub fn int(&self, column: &'static str) -> Result<i64> {
        Ok(either!(Row, self, row => row.try_get(column))?)
    }

    pub fn maybe_int(&self, column: &'static str) -> Result<Option<i64>> {
        Ok(either!(Row, self, row => row.try_get(column))?)
    }

    pub fn flag(&self, column: &'static str) -> Result<bool> {
        Ok(self.int(column)? != 0)
    }

    pub fn text(&self, column: &'static str) -> Result<String> {
        Ok(either!(Row, self, row => row.try_get(column))?)
    }

    pub fn maybe_text(&self, column: &'static str) -> Result<Option<String>> {
        Ok(either!(Row, self, row => row.try_get(column))?)
    }

    pub fn bytes(&self, column: &'static str) -> Result<Vec<u8>> {
        Ok(either!(Row, self, row => row.try_get(column))?)
    }

    pub fn moment(&self, column: &'static str) -> Result<Timestamp> {
        moment(self.int(column)?, column)
    }

    pub fn maybe_moment(&self, column: &'static str) -> Result<Option<Timestamp>> {
        self.maybe_int(column)?.map(|seconds| moment(seconds, column)).transpose()
    }

    pub fn maybe_date(&self, column: &'static str) -> Result<Option<Date>> {
        let text = self.maybe_text(column)?;
        text.map(|text| text.parse().map_err(|_| unreadable("a row", &text, format!("{column} is no date"))))
            .transpose()
    }

    /// A count or number that is never negative.
    pub fn number(&self, column: &'static str) -> Result<u32> {
        let number = self.int(column)?;
        u32::try_from(number)
            .map_err(|_| unreadable("a row", &number.to_string(), format!("{column} is out of range")))
    }
}

fn moment(seconds: i64, column: &'static str) -> Result<Timestamp> {
    Timestamp::from_second(seconds)
        .map_err(|_| unreadable("a row", &seconds.to_string(), format!("{column} is no moment")))
}

pub(super) fn unreadable(table: &'static str, key: &str, what: impl ToString) -> StoreError {
    StoreError::Inconsistent { table, key: key.to_owned(), what: what.to_string() }
}

/// A query with its values bound, for one driver.
macro_rules! bound {
    ($driver:ty, $sql:expr, $args:expr) => {{
        let mut query = sqlx::query::<$driver>($sql);
        for value in $args {
            query = match value {
                Value::Int(value) => query.bind(value),
                Value::Text(value) => query.bind(value),
                Value::Bytes(value) => query.bind(value),
            };
        }
        query
    }};
}

/// A transaction. Dropped without [`Tx::commit`] it is rolled back.
#[derive(Debug)]
pub(super) enum Tx {
    Lite(Transaction<'static, Sqlite>),
    #[cfg(feature = "postgres")]
    Pg(Transaction<'static, Postgres>),
}

impl Tx {
    pub fn dialect(&self) -> Dialect {
        match self {
            Self::Lite(_) => Dialect::Lite,
            #[cfg(feature = "postgres")]
            Self::Pg(_) => Dialect::Pg,
        }
    }

    /// Runs a statement and says how many rows it touched.
    pub async fn run(&mut self, sql: impl SqlSafeStr, args: Vec<Value>) -> Result<u64> {
        Ok(match self {
            Self::Lite(tx) => bound!(Sqlite, sql, args).execute(&mut **tx).await?.rows_affected(),
            #[cfg(feature = "postgres")]
            Self::Pg(tx) => bound!(Postgres, sql, args).execute(&mut **tx).await?.rows_affected(),
        })
    }

    pub async fn rows(&mut self, sql: impl SqlSafeStr, args: Vec<Value>) -> Result<Vec<Row>> {
        Ok(match self {
            Self::Lite(tx) => {
                let rows = bound!(Sqlite, sql, args).fetch_all(&mut **tx).await?;
                rows.into_iter().map(Row::Lite).collect()
            }
            #[cfg(feature = "postgres")]
            Self::Pg(tx) => {
                let rows = bound!(Postgres, sql, args).fetch_all(&mut **tx).await?;
                rows.into_iter().map(Row::Pg).collect()
            }
        })
    }

    pub async fn row(&mut self, sql: impl SqlSafeStr, args: Vec<Value>) -> Result<Option<Row>> {
        Ok(self.rows(sql, args).await?.into_iter().next())
    }

    pub async fn commit(self) -> Result<()> {
        Ok(either!(Tx, self, tx => tx.commit().await)?)
    }
}

impl Db {
    /// The SQLite file, if it is one.
    pub fn lite(&self) -> Option<&Lite> {
        match self {
            Self::Lite(lite) => Some(lite),
            #[cfg(feature = "postgres")]
            Self::Pg(_) => None,
        }
    }

    /// A transaction that may write.
    ///
    /// SQLite's takes the write lock at once: one that reads first and then wants to write fails at once with
    /// "busy" when somebody else has written, whatever the busy timeout (70 of 200 in a measurement).
    pub async fn write(&self) -> Result<Tx> {
        Ok(match self {
            Self::Lite(lite) => {
                lite.file.check()?;
                Tx::Lite(lite.write.begin_with("BEGIN IMMEDIATE").await?)
            }
            #[cfg(feature = "postgres")]
            Self::Pg(pool) => Tx::Pg(pool.begin().await?),
        })
    }

    /// A transaction that only reads, and sees one moment throughout.
    pub async fn read(&self) -> Result<Tx> {
        Ok(match self {
            Self::Lite(lite) => Tx::Lite(lite.read.begin().await?),
            #[cfg(feature = "postgres")]
            Self::Pg(pool) => {
                Tx::Pg(pool.begin_with("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY").await?)
            }
        })
    }

    /// The rows of one statement.
    pub async fn rows(&self, sql: &'static str, args: Vec<Value>) -> Result<Vec<Row>> {
        Ok(match self {
            Self::Lite(lite) => {
                let rows = bound!(Sqlite, sql, args).fetch_all(&lite.read).await?;
                rows.into_iter().map(Row::Lite).collect()
            }
            #[cfg(feature = "postgres")]
            Self::Pg(pool) => {
                let rows = bound!(Postgres, sql, args).fetch_all(pool).await?;
                rows.into_iter().map(Row::Pg).collect()
            }
        })
    }

    /// The first row of one statement.
    pub async fn row(&self, sql: &'static str, args: Vec<Value>) -> Result<Option<Row>> {
        Ok(self.rows(sql, args).await?.into_iter().next())
    }

    /// Closes all connections; readers first, since only a writer can fold SQLite's log into the file.
    pub async fn close(&self) {
        match self {
            Self::Lite(lite) => {
                lite.read.close().await;
                lite.write.close().await;
            }
            #[cfg(feature = "postgres")]
            Self::Pg(pool) => pool.close().await,
        }
    }
}
