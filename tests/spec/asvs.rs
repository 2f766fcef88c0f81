//! OWASP ASVS 5.0, item by item: `docs/asvs.csv` says how each is met and which test shows it; `docs/asvs.md` is made from it.

use std::collections::{BTreeMap, BTreeSet};

use crate::support::{files, read, repository};

struct Item {
    id: String,
    level: String,
    about: String,
    met: String,
    how: String,
    tests: Vec<String>,
}

/// The numbers of all items of levels 1 and 2 of ASVS 5.0.0, with their levels.
const NUMBERS: &str = include_str!("fixtures/asvs-levels.txt");

fn items() -> Vec<Item> {
    let text = read(repository("docs/asvs.csv"));
    let mut rows = csv::Reader::from_reader(text.as_bytes());
    let field = |row: &csv::StringRecord, at: usize| row.get(at).expect("six fields").to_owned();
    rows.records()
        .map(|row| row.expect("a row"))
        .map(|row| Item {
            id: field(&row, 0),
            level: field(&row, 1),
            about: field(&row, 2),
            met: field(&row, 3),
            how: field(&row, 4),
            tests: field(&row, 5).split_whitespace().map(str::to_owned).collect(),
        })
        .collect()
}

/// The names of all test functions.
fn tests_there_are() -> BTreeSet<String> {
    let mut names = BTreeSet::new();
    let mut folders = vec![repository("tests"), repository("src")];
    while let Some(folder) = folders.pop() {
        let entries = std::fs::read_dir(&folder).expect("a folder").map(|e| e.expect("an entry").path());
        folders.extend(entries.filter(|path| path.is_dir() && !path.ends_with("node_modules")));
        let text: String = files(&folder, ".rs").iter().map(read).collect();
        for part in text.split("fn ").skip(1) {
            names.insert(part.split(['(', '<']).next().unwrap_or_default().to_owned());
        }
    }
    names
}

fn count(items: &[Item], level: &str, met: &str) -> usize {
    items.iter().filter(|i| i.level == level && i.met == met).count()
}

/// The page.
fn page(items: &[Item]) -> String {
    let chapters: BTreeMap<&str, &str> = [
        ("V1", "Encoding and cleaning"),
        ("V2", "Validation and business logic"),
        ("V3", "Browsers"),
        ("V4", "API"),
        ("V5", "Files"),
        ("V6", "Authentication"),
        ("V7", "Sessions"),
        ("V8", "Authorisation"),
        ("V9", "Tokens"),
        ("V10", "OAuth"),
        ("V11", "Cryptography"),
        ("V12", "Communication"),
        ("V13", "Configuration"),
        ("V14", "Data protection"),
        ("V15", "Coding and architecture"),
        ("V16", "Logging and errors"),
        ("V17", "WebRTC"),
    ]
    .into();
    let mut text = String::from(
        "# OWASP ASVS 5.0\n\n\
         Every item of levels 1 and 2 of the [Application Security Verification Standard 5.0](https://github.com/OWASP/ASVS) (OWASP, CC BY-SA 4.0), by its\n\
         number, in our own words; and items of level 3 where they matter here. What an item says exactly stands there.\n\n\
         This page is made from [asvs.csv](asvs.csv) with `UPDATE_ASVS=1 cargo test --test spec asvs`. A test holds that each item is there and that\n\
         each test named exists. **met**: yes, in part, or – where it does not apply, with the reason.\n\n\
         | level | items | apply | met | in part | do not apply |\n|---|---|---|---|---|---|\n",
    );
    for level in ["1", "2"] {
        let (yes, part, na) =
            (count(items, level, "yes"), count(items, level, "part"), count(items, level, "na"));
        text.push_str(&format!(
            "| {level} | {} | {} | {yes} | {part} | {na} |\n",
            yes + part + na,
            yes + part
        ));
    }
    text.push_str(
        "\n## Keys and algorithms\n\n\
         | what for | algorithm | key |\n|---|---|---|\n\
         | names, words, contacts, mail | XChaCha20-Poly1305, bound to its place | random for each scheme, wrapped with a key of the secret file |\n\
         | secrets of authenticator apps | XChaCha20-Poly1305, bound to the account | derived from the secret file |\n\
         | tokens of the API | HMAC-SHA-256 | derived from the secret file, by generation |\n\
         | stored tokens, keys, codes, receipts | HMAC-SHA-256 | derived from the secret file |\n\
         | passwords, recovery codes | argon2id, 46 MiB, one pass, one lane | salt of its own |\n\
         | heads of the audit log | Ed25519 | derived from the secret file |\n\
         | entries of the audit log, definitions | SHA-256 | – |\n\
         | webhooks | HMAC-SHA-256 | a secret for each |\n\
         | codes of authenticator apps | HMAC-SHA-1 (RFC 6238) | 160 random bits for each |\n\
         | mail, PostgreSQL, webhooks | TLS 1.2 and 1.3 (rustls) | certificates of public or named authorities |\n",
    );
    let mut chapter = "";
    for item in items {
        let of = item.id.split('.').next().unwrap_or_default();
        if of != chapter {
            chapter = of;
            text.push_str(&format!(
                "\n## {of} {}\n\n| item | level | about | met | how | shown by |\n|---|---|---|---|---|---|\n",
                chapters[of]
            ));
        }
        let met = match item.met.as_str() {
            "part" => "in part",
            "na" => "–",
            other => other,
        };
        let tests: Vec<String> = item.tests.iter().map(|t| format!("`{t}`")).collect();
        text.push_str(&format!(
            "| {} | {} | {} | {met} | {} | {} |\n",
            item.id,
            item.level,
            item.about,
            item.how,
            tests.join(", ")
        ));
    }
    text
}

#[test]
fn every_item_of_levels_one_and_two_is_in_the_table_with_tests_that_exist() {
    let items = items();
    let there: BTreeMap<&str, &str> = items.iter().map(|i| (i.id.as_str(), i.level.as_str())).collect();
    assert_eq!(there.len(), items.len(), "an item stands twice");
    let wanted: BTreeMap<&str, &str> = NUMBERS.lines().filter_map(|l| l.split_once(' ')).collect();
    assert_eq!(wanted.len(), 253, "ASVS 5.0.0 has 70 items of level 1 and 183 of level 2");
    let missing: Vec<_> = wanted.iter().filter(|(id, level)| there.get(*id) != Some(*level)).collect();
    assert!(missing.is_empty(), "not in docs/asvs.csv, or of another level: {missing:?}");
    let tests = tests_there_are();
    let exists = |test: &str| match test.contains('/') {
        true => repository(test).is_file(),
        false => tests.contains(test),
    };
    for item in &items {
        assert!(["yes", "part", "na"].contains(&item.met.as_str()), "{}: {}", item.id, item.met);
        assert!(!item.about.is_empty() && !item.how.is_empty(), "{} says too little", item.id);
        assert_eq!(item.met == "na", item.tests.is_empty(), "{}: what applies has a test", item.id);
        let lost: Vec<&String> = item.tests.iter().filter(|t| !exists(t)).collect();
        assert!(lost.is_empty(), "{} names tests that do not exist: {lost:?}", item.id);
    }
    assert_eq!(count(&items, "1", "part"), 0, "every item of level 1 that applies is met");
    let (yes, part) = (count(&items, "2", "yes"), count(&items, "2", "part"));
    assert!(yes * 10 >= (yes + part) * 9, "level 2: {yes} of {} are met", yes + part);
}

#[test]
fn the_page_is_made_from_the_table() {
    let made = page(&items());
    if std::env::var("UPDATE_ASVS").is_ok_and(|v| v == "1") {
        std::fs::write(repository("docs/asvs.md"), made).expect("written");
        return;
    }
    let kept = std::fs::read_to_string(repository("docs/asvs.md")).unwrap_or_default();
    assert!(
        kept == made,
        "docs/asvs.md is not what docs/asvs.csv says: UPDATE_ASVS=1 cargo test --test spec asvs"
    );
}
