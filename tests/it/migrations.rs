//! The schema's steps: the same for both databases, and applied one by one over data.

#![expect(clippy::unwrap_used, reason = "clippy knows test functions, but not the functions they share")]

use std::path::Path;

use arshjul::store::{Access, Location, SCHEMA, Store};
use sqlx::migrate::{Migration, MigrationType, Migrator};
use sqlx::sqlite::{SqliteConnectOptions, SqlitePool};
use sqlx::{AssertSqlSafe, SqlSafeStr as _};

fn files(folder: &str) -> Vec<String> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("migrations").join(folder);
    let entries = std::fs::read_dir(folder).unwrap();
    let mut names: Vec<String> =
        entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    names.sort();
    names
}

#[test]
fn both_folders_have_the_same_steps_and_the_program_knows_them_all() {
    let known: Vec<String> =
        SCHEMA.iter().map(|step| format!("{:04}_{}.sql", step.number, step.name)).collect();
    assert_eq!(files("sqlite"), known);
    assert_eq!(files("postgres"), known);
    let numbers: Vec<i64> = SCHEMA.iter().map(|step| step.number).collect();
    assert_eq!(numbers, (1..).take(SCHEMA.len()).collect::<Vec<_>>());
}

/// The words of a step with what the two dialects call differently called the same.
fn words(sql: &str) -> Vec<String> {
    // Triggers have no common words; they stand last.
    let sql = sql.split("-- From here each database has words of its own.").next().unwrap_or_default();
    let sql: String =
        sql.lines().filter(|line| !line.trim_start().starts_with("--")).collect::<Vec<_>>().join("\n");
    let same = [
        (") STRICT;", ");"),
        ("INTEGER", "BIGINT"),
        ("BLOB", "BYTEA"),
        ("GENERATED ALWAYS AS IDENTITY", "NOT NULL"),
        (" COLLATE \"C\"", ""),
    ];
    let sql = same.iter().fold(sql, |sql, (one, other)| sql.replace(one, other));
    sql.split_whitespace().map(str::to_owned).collect()
}

#[test]
fn both_databases_get_the_same_constraints_and_indexes() {
    for step in SCHEMA {
        assert_eq!(words(step.sqlite), words(step.postgres), "step {}", step.number);
    }
}

fn file(folder: &Path) -> (Location, SqliteConnectOptions) {
    let path = folder.join("arshjul.db");
    let options = SqliteConnectOptions::new().filename(&path).create_if_missing(true);
    (Location::parse(path.to_str().unwrap()).unwrap(), options)
}

/// A row for every table that is there after a step.
const DATA: &[(i64, &str)] = &[
    (1, "INSERT INTO person (number, id, name, address, mailbox) VALUES (1, 'p1', 'Anna', 'A@x', 'a@x')"),
    (
        2,
        "INSERT INTO mail (message_id, person, envelope_from, envelope_to, bytes, next_attempt, created_at) \
         VALUES ('m@x', 'p1', 'a@x', 'b@x', x'00', 1, 1)",
    ),
    (
        3,
        "INSERT INTO message (key, workflow, body, object, step, person, kind, at, urgent, content, digest, \
         changed_at) VALUES ('k', 'w', '', 'item:a', 's', 'p1', 'ask', 1, 0, '{}', 'd', 1)",
    ),
];

/// Somebody who skips releases gets the same database as somebody who takes each.
#[tokio::test]
async fn each_step_is_applied_over_the_data_of_the_one_before() {
    for stop in 1..=i64::try_from(SCHEMA.len()).unwrap() {
        let folder = tempfile::tempdir().unwrap();
        let (location, options) = file(folder.path());
        let pool = SqlitePool::connect_with(options).await.unwrap();
        let migration = |step: &arshjul::store::SchemaStep| {
            let sql = step.sqlite.into_sql_str();
            Migration::new(step.number, step.name.into(), MigrationType::Simple, sql, false)
        };
        let migrator = Migrator::with_migrations(SCHEMA.iter().map(migration).collect());
        migrator.run_to(stop, &pool).await.unwrap();
        let data: Vec<&str> = DATA.iter().filter(|(step, _)| *step <= stop).map(|(_, sql)| *sql).collect();
        for sql in &data {
            sqlx::query(AssertSqlSafe((*sql).to_owned())).execute(&pool).await.unwrap();
        }
        pool.close().await;

        let store = Store::open_with_relaxed_sync(&location, Access::Sender).await.unwrap();
        store.check_integrity().await.unwrap();
        assert_eq!(store.facts().await.unwrap().people.persons.len(), 1);
        assert_eq!(store.mails(10, 0).await.unwrap().len(), usize::from(stop >= 2));
        assert_eq!(store.counts().await.unwrap().messages.len(), usize::from(stop >= 3));
    }
}

#[cfg(feature = "postgres")]
mod columns {
    use std::collections::BTreeMap;

    use arshjul::store::{Access, Store};
    use sqlx::Row as _;
    use sqlx::sqlite::SqlitePool;

    use super::file;
    use crate::store::{Bench, postgres_url};

    /// Columns by table: name, kind, whether it may be missing.
    type Columns = BTreeMap<String, Vec<(String, String, bool)>>;

    #[expect(clippy::panic, reason = "a test fails by panicking")]
    async fn sqlite_columns(pool: &SqlitePool) -> Columns {
        let sql = "SELECT t.name AS tab, c.name AS col, c.type AS kind, c.\"notnull\" AS needed \
                   FROM sqlite_schema t, pragma_table_info(t.name) c \
                   WHERE t.type = 'table' AND t.name NOT LIKE 'sqlite%' AND t.name NOT LIKE '%migrations' \
                   ORDER BY t.name, c.cid";
        let mut columns = Columns::new();
        for row in sqlx::query(sql).fetch_all(pool).await.unwrap() {
            let kind = match row.get::<String, _>("kind").as_str() {
                "INTEGER" => "bigint",
                "BLOB" => "bytea",
                "TEXT" => "text",
                other => panic!("{other} is none of the three types"),
            };
            let column = (row.get("col"), kind.to_owned(), row.get::<i64, _>("needed") == 0);
            columns.entry(row.get("tab")).or_default().push(column);
        }
        columns
    }

    #[tokio::test]
    async fn both_databases_have_the_same_tables_and_columns() {
        let Some(bench) = Bench::postgres("columns").await else { return };
        bench.open().await;
        let pool = sqlx::PgPool::connect(&postgres_url().unwrap()).await.unwrap();
        let sql = "SELECT table_name::text AS tab, column_name::text AS col, data_type::text AS kind, \
                   is_nullable = 'YES' AS optional FROM information_schema.columns \
                   WHERE table_schema = $1 AND table_name <> '_sqlx_migrations' \
                   ORDER BY table_name, ordinal_position";
        let mut postgres = Columns::new();
        for row in sqlx::query(sql).bind(bench.schema()).fetch_all(&pool).await.unwrap() {
            let column = (row.get("col"), row.get("kind"), row.get("optional"));
            postgres.entry(row.get("tab")).or_default().push(column);
        }

        let folder = tempfile::tempdir().unwrap();
        let (location, options) = file(folder.path());
        Store::open_with_relaxed_sync(&location, Access::Sender).await.unwrap().close().await;
        let pool = SqlitePool::connect_with(options).await.unwrap();
        assert_eq!(sqlite_columns(&pool).await, postgres);
        assert!(postgres.len() >= 13, "{:?}", postgres.keys());
    }
}
