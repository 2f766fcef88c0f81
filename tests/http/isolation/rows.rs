//! Every row that a scheme has in the database, read past the program.

use std::collections::BTreeSet;
use std::process::Command;

use diesel::connection::SimpleConnection;
use diesel::prelude::*;
use diesel::sql_types::Text;

use crate::support::{World, postgres_programs};

#[derive(QueryableByName)]
struct Line {
    #[diesel(sql_type = Text)]
    line: String,
}

/// Rows of every table that has the number of a scheme, and the accounts that do.
pub(super) fn of_scheme(world: &World, scheme: &str) -> BTreeSet<String> {
    let number = world.number(scheme);
    let tables = match world.url().strip_prefix("sqlite://") {
        Some(path) => {
            let mut db = SqliteConnection::establish(path).expect("opens");
            db.batch_execute("PRAGMA query_only = ON").expect("reads only");
            let tables = lines(
                &mut db,
                "SELECT m.name AS line FROM sqlite_schema m JOIN pragma_table_info(m.name) c WHERE m.type = 'table' AND c.name = 'scheme_number'",
            );
            let of_table = |db: &mut SqliteConnection, table: &String| {
                let columns = lines(
                    db,
                    &format!("SELECT 'quote(\"' || name || '\")' AS line FROM pragma_table_info('{table}')"),
                );
                let all = columns.join(" || ', ' || ");
                lines(
                    db,
                    &format!(
                        "SELECT '{table}: ' || {all} AS line FROM \"{table}\" WHERE scheme_number = {number}"
                    ),
                )
            };
            tables.iter().flat_map(|table| of_table(&mut db, table)).collect::<BTreeSet<_>>()
        }
        None => {
            let tables = psql(
                world.url(),
                "SELECT table_name FROM information_schema.columns WHERE column_name = 'scheme_number' AND table_schema = current_schema()",
            );
            tables
                .iter()
                .flat_map(|t| psql(world.url(), &format!("SELECT '{t}: ' || row_to_json(t)::text FROM \"{t}\" t WHERE scheme_number = {number}")))
                .collect()
        }
    };
    assert!(!tables.is_empty(), "{scheme} has no rows");
    tables
}

fn lines(db: &mut SqliteConnection, sql: &str) -> Vec<String> {
    let found: Vec<Line> = diesel::sql_query(sql).load(db).unwrap_or_else(|e| panic!("{sql}: {e}"));
    found.into_iter().map(|l| l.line).collect()
}

fn psql(url: &str, sql: &str) -> Vec<String> {
    let out = Command::new(postgres_programs().join("psql"))
        .args(["-At", "-c", sql, url])
        .output()
        .expect("psql runs");
    assert!(out.status.success(), "{sql}: {}", String::from_utf8_lossy(&out.stderr));
    String::from_utf8_lossy(&out.stdout).lines().map(str::to_owned).collect()
}
