//! The data map names every table and every column of the database, and nothing that is not there.

use std::collections::{BTreeMap, BTreeSet};

use khi::storage::person_tables::PERSON_TABLES;
use khi::storage::sealed_columns::COLUMNS;

use crate::support::{read, repository};

/// Every table of the schema with its columns.
fn schema() -> BTreeMap<String, BTreeSet<String>> {
    let text = read(repository("src/storage/schema.rs"));
    text.split("table! {")
        .skip(1)
        .map(|table| {
            let name = table.trim_start().split(' ').next().expect("a name").to_owned();
            let end = table.find("}\n}").or_else(|| table.find("} }")).unwrap_or(table.len());
            let body = &table[table.find('{').expect("columns")..end];
            let columns = body.split(" -> ").filter_map(|part| part.split_whitespace().last());
            let known = columns.filter(|c| c.bytes().all(|b| b.is_ascii_lowercase() || b == b'_'));
            (name, known.map(str::to_owned).collect())
        })
        .collect()
}

/// Every row of the map: the table, its columns, and the whole row.
fn map() -> BTreeMap<String, (BTreeSet<String>, String)> {
    let text = read(repository("docs/data-map.md"));
    let rows = text.lines().filter(|line| line.starts_with("| `") && line.matches('|').count() == 9);
    rows.map(|row| {
        let cells: Vec<&str> = row.split('|').map(str::trim).collect();
        assert!(cells[1..9].iter().all(|cell| !cell.is_empty()), "{row}");
        let columns = cells[2].split('`').skip(1).step_by(2).map(str::to_owned).collect();
        (cells[1].trim_matches('`').to_owned(), (columns, row.to_owned()))
    })
    .collect()
}

#[test]
fn every_table_and_column_stands_in_the_data_map() {
    let (schema, map) = (schema(), map());
    assert!(schema.len() > 40, "only {} tables were found", schema.len());
    let (tables, mapped): (BTreeSet<_>, BTreeSet<_>) = (schema.keys().collect(), map.keys().collect());
    assert_eq!(mapped, tables, "docs/data-map.md and the schema");
    for (table, columns) in &schema {
        assert_eq!(&map[table].0, columns, "the columns of {table}");
    }
}

#[test]
fn what_is_sealed_is_said_to_be() {
    let map = map();
    for column in COLUMNS {
        let row = &map[column.table].1;
        let sealed = row.split('|').nth(7).expect("a cell");
        assert!(sealed.contains(column.name), "{}.{}: {sealed}", column.table, column.name);
    }
}

#[test]
fn every_column_that_leads_to_a_person_is_listed() {
    let listed: BTreeSet<(&str, &str)> = PERSON_TABLES.iter().map(|p| (p.table, p.column)).collect();
    // What leads to somebody only by a mail's or a task's own id, or is a complaint's name.
    let excepted = BTreeSet::from([("unnumbered_changes", "subject"), ("complaints", "reference")]);
    let leads = ["person", "reference", "invitation_id", "response_id", "draft_id"];
    let mut lacking = Vec::new();
    for (table, columns) in schema() {
        for column in columns {
            let place = (table.as_str(), column.as_str());
            let leads = leads.contains(&column.as_str()) || column == "subject" && table.ends_with("changes");
            if leads && !listed.contains(&place) && !excepted.contains(&place) {
                lacking.push(format!("{table}.{column}"));
            }
        }
    }
    assert!(lacking.is_empty(), "add to storage/person_tables.rs: {lacking:?}");
}
