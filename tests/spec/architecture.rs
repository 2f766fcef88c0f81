//! Rules of the repository that no compiler checks.

use std::path::{Path, PathBuf};

use crate::support::{files, read, repository};

/// Every file below a folder, with its path below it.
fn below(folder: &str) -> Vec<(String, PathBuf)> {
    fn visit(root: &Path, folder: &Path, found: &mut Vec<(String, PathBuf)>) {
        for entry in std::fs::read_dir(folder).unwrap_or_else(|e| panic!("{}: {e}", folder.display())) {
            let path = entry.expect("a folder entry").path();
            if path.is_dir() {
                visit(root, &path, found);
            } else {
                let name = path
                    .strip_prefix(root)
                    .expect("below")
                    .components()
                    .map(|c| c.as_os_str().to_string_lossy())
                    .collect::<Vec<_>>()
                    .join("/");
                found.push((name, path));
            }
        }
    }
    let root = repository(folder);
    let mut found = Vec::new();
    visit(&root, &root, &mut found);
    found.sort();
    found
}

/// The Rust files below a folder.
fn rust(folder: &str) -> Vec<(String, PathBuf)> {
    below(folder).into_iter().filter(|(name, _)| name.ends_with(".rs")).collect()
}

/// Lines of code (no comments) that name something they must not: `file:line: what`.
fn naming(folder: &str, forbidden: &[&str], except: &[&str]) -> Vec<String> {
    let mut found = Vec::new();
    for (name, path) in rust(folder).into_iter().filter(|(name, _)| !except.contains(&name.as_str())) {
        for (number, line) in read(&path).lines().enumerate() {
            let code = line.split("//").next().unwrap_or_default();
            found.extend(
                forbidden
                    .iter()
                    .filter(|word| names(code, word))
                    .map(|word| format!("src/{folder}/{name}:{}: {word}", number + 1)),
            );
        }
    }
    found
}

/// Whether `code` holds `word` as a path of its own, not as the end of a longer name.
fn names(code: &str, word: &str) -> bool {
    code.match_indices(word).any(|(at, _)| {
        let before = code[..at].chars().next_back();
        let after = code[at + word.len()..].chars().next();
        let part_of_name = |c: Option<char>| c.is_some_and(|c| c.is_alphanumeric() || c == '_');
        !part_of_name(before) && !part_of_name(after)
    })
}

fn none(found: &[String], rule: &str) {
    assert!(found.is_empty(), "{rule}:\n{}", found.join("\n"));
}

#[test]
fn the_domain_knows_no_database_no_web_no_files_and_no_clock() {
    let forbidden = [
        "diesel",
        "diesel_async",
        "actix_web",
        "actix",
        "tokio",
        "askama",
        "r2d2",
        "clap",
        "getrandom",
        "std::fs",
        "std::env",
        "std::net",
        "std::process",
        "std::time",
        "std::thread",
        "crate::storage",
        "crate::web",
        "crate::use_cases",
        "crate::cli",
        "crate::app",
        "crate::clock",
        "crate::config",
        "crate::secrets",
        "crate::directory",
        "crate::definition_files",
        "crate::demo",
    ];
    none(&naming("src/domain", &forbidden, &[]), "the domain is pure");
}

#[test]
fn each_layer_knows_only_those_before_it() {
    none(
        &naming("src/storage", &["crate::use_cases", "crate::web", "crate::cli", "actix_web"], &[]),
        "storage knows nothing of acts, web and commands",
    );
    none(
        &naming("src/use_cases", &["crate::web", "crate::cli", "actix_web", "actix"], &[]),
        "acts know nothing of web and commands",
    );
    none(&naming("src/web", &["crate::cli", "diesel"], &[]), "the web asks acts, never the database");
}

#[test]
fn only_the_clock_asks_for_the_time() {
    none(
        &naming("src", &["Utc::now", "Local::now", "SystemTime::now"], &["clock.rs"]),
        "time is handed in, never asked for",
    );
}

#[test]
fn only_tests_hash_passwords_quickly() {
    none(&naming("src", &["Passwords::quick"], &["passwords.rs"]), "hashes are strong");
}

#[test]
fn every_source_file_says_what_it_is_and_stays_short() {
    let mut found = Vec::new();
    for (name, path) in rust("src") {
        let text = read(&path);
        if !text.starts_with("//!") {
            found.push(format!("src/{name}: does not begin with //!"));
        }
        if text.lines().count() > 500 {
            found.push(format!("src/{name}: {} lines; at most 500", text.lines().count()));
        }
    }
    none(&found, "a source file begins with what it is, and has at most 500 lines");
}

#[test]
fn nothing_is_left_to_do_later() {
    let marks = ["TODO", "FIXME", "XXX"];
    let mut found = Vec::new();
    for folder in ["src", "migrations", "templates", "survey-definitions"] {
        for (name, path) in below(folder) {
            let Ok(text) = std::fs::read_to_string(&path) else { continue };
            let marked =
                text.lines().enumerate().filter(|(_, line)| marks.iter().any(|mark| names(line, mark)));
            found.extend(
                marked.map(|(number, line)| format!("{folder}/{name}:{}: {}", number + 1, line.trim())),
            );
        }
    }
    none(&found, "an issue says what is left to do, not a comment");
}

#[test]
fn both_databases_have_the_same_migrations() {
    let migrations = |engine: &str| -> Vec<String> {
        below(&format!("migrations/{engine}")).into_iter().map(|(name, _)| name).collect()
    };
    let (sqlite, postgres) = (migrations("sqlite"), migrations("postgres"));
    assert!(!sqlite.is_empty());
    assert_eq!(sqlite, postgres);
}

#[test]
fn the_rules_can_fail() {
    assert!(names("use diesel::prelude::*;", "diesel") && names("std::fs::read(path)", "std::fs"));
    assert!(
        !names("let dieselish = 1;", "diesel")
            && !names("my_std::fs", "std::fs")
            && !names("crate::website", "crate::web")
    );
    assert!(!naming("src/storage", &["diesel"], &[]).is_empty(), "the scan finds what is there");
    assert!(!files(&repository("src"), ".rs").is_empty());
}
