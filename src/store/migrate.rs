//! The schema: numbered files, the same numbers and names for both databases, forward only.
//!
//! A file that has been released is never edited; the checksum of what was applied is compared at each start.

use sqlx::SqlSafeStr;
use sqlx::migrate::{Migration, MigrationType, Migrator};

use super::db::{Db, args};
use super::{Access, Result, StoreError};

/// One step of the schema.
#[derive(Clone, Copy, Debug)]
pub struct SchemaStep {
    /// Its number, from 1.
    pub number: i64,
    /// Its name, as in the files.
    pub name: &'static str,
    /// The statements for SQLite.
    pub sqlite: &'static str,
    /// The statements for PostgreSQL.
    pub postgres: &'static str,
}

macro_rules! step {
    ($number:literal, $name:literal) => {
        step!($number, $name, "000")
    };
    ($number:literal, $name:literal, $zeros:literal) => {
        SchemaStep {
            number: $number,
            name: $name,
            sqlite: include_str!(concat!("../../migrations/sqlite/", $zeros, $number, "_", $name, ".sql")),
            postgres: include_str!(concat!(
                "../../migrations/postgres/",
                $zeros,
                $number,
                "_",
                $name,
                ".sql"
            )),
        }
    };
}

/// All steps, in order.
pub const SCHEMA: &[SchemaStep] = &[
    step!(1, "facts"),
    step!(2, "mail"),
    step!(3, "plan"),
    step!(4, "links"),
    step!(5, "changes"),
    step!(6, "requests"),
    step!(7, "register"),
    step!(8, "exports"),
    step!(9, "subscriptions"),
    step!(10, "sources", "00"),
];

const TABLE_LITE: &str = "SELECT count(*) AS n FROM sqlite_schema WHERE name = '_sqlx_migrations'";
#[cfg(feature = "postgres")]
const TABLE_PG: &str =
    "SELECT CAST(CASE WHEN to_regclass('_sqlx_migrations') IS NULL THEN 0 ELSE 1 END AS BIGINT) AS n";
const NEWEST: &str = "SELECT CAST(coalesce(max(version), 0) AS BIGINT) AS n FROM _sqlx_migrations";

/// The newest step that the database has; 0 if it is new.
pub(super) async fn found(db: &Db) -> Result<i64> {
    let table = match db {
        Db::Lite(_) => TABLE_LITE,
        #[cfg(feature = "postgres")]
        Db::Pg(_) => TABLE_PG,
    };
    let one = |row: Option<super::db::Row>| row.map_or(Ok(0), |row| row.int("n"));
    if one(db.row(table, args![]).await?)? == 0 {
        return Ok(0);
    }
    one(db.row(NEWEST, args![]).await?)
}

/// Brings the database to this program's schema, or says why not.
pub(super) async fn migrate(db: &Db, access: Access, found: i64) -> Result<()> {
    let known = SCHEMA.last().map_or(0, |step| step.number);
    if found > known {
        return Err(StoreError::Newer { found, known });
    }
    if access == Access::Beside && found == known {
        return Ok(());
    }
    if access == Access::Beside && found != 0 {
        return Err(StoreError::Older { found, known });
    }
    let sql: fn(&SchemaStep) -> &'static str = match db {
        Db::Lite(_) => |step| step.sqlite,
        #[cfg(feature = "postgres")]
        Db::Pg(_) => |step| step.postgres,
    };
    let migration = |step: &SchemaStep| {
        let text = sql(step).into_sql_str();
        Migration::new(step.number, step.name.into(), MigrationType::Simple, text, false)
    };
    let migrator = Migrator::with_migrations(SCHEMA.iter().map(migration).collect());
    let done = match db {
        Db::Lite(lite) => migrator.run(&lite.write).await,
        #[cfg(feature = "postgres")]
        Db::Pg(pool) => migrator.run(pool).await,
    };
    Ok(done.map_err(sqlx::Error::from)?)
}
