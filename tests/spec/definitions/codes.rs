//! Every fault code that the source of the domain can give, found by reading it.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use crate::support::{read, repository};

/// Code → files (below `src/domain`) that give it.
pub(super) fn in_source() -> BTreeMap<String, BTreeSet<String>> {
    let mut codes: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    let root = repository("src/domain");
    visit(&root, &mut |path| {
        let below = path.strip_prefix(&root).expect("below").display().to_string();
        let code_lines: Vec<String> = read(path)
            .split("#[cfg(test)]")
            .next()
            .unwrap_or_default()
            .lines()
            .filter(|l| !l.trim_start().starts_with("//"))
            .map(str::to_owned)
            .collect();
        for code in codes_of(&code_lines.join("\n")) {
            codes.entry(code).or_default().insert(below.clone());
        }
    });
    codes
}

fn visit(folder: &Path, found: &mut impl FnMut(&Path)) {
    for entry in std::fs::read_dir(folder).expect("src/domain") {
        let path = entry.expect("a folder entry").path();
        if path.is_dir() { visit(&path, found) } else { found(&path) }
    }
}

fn codes_of(source: &str) -> BTreeSet<String> {
    let mut codes = BTreeSet::new();
    for call in ["fault(", ".add(", "broken("] {
        for (at, _) in source.match_indices(call) {
            let (first, second) = two_arguments(&source[at + call.len()..]);
            // `fault(code, detail)`, or `fault(place, code, detail)`.
            codes.extend(code(second).or_else(|| code(first)));
        }
    }
    for (at, key) in source.match_indices("code: ") {
        codes.extend(code(source[at + key.len()..].split([',', ' ', '\n']).next().unwrap_or_default()));
    }
    codes
}

/// The first two arguments of a call, given what follows its opening bracket.
fn two_arguments(rest: &str) -> (&str, &str) {
    let (mut depth, mut quoted, mut escaped, mut commas) = (0, false, false, Vec::new());
    for (index, c) in rest.char_indices() {
        match c {
            _ if escaped => escaped = false,
            '\\' if quoted => escaped = true,
            '"' => quoted = !quoted,
            _ if quoted => {}
            '(' | '[' | '{' => depth += 1,
            ')' | ']' | '}' if depth > 0 => depth -= 1,
            ',' if depth == 0 => commas.push(index),
            ')' => {
                commas.push(index);
                break;
            }
            _ => {}
        }
    }
    let first = commas.first().map_or("", |end| &rest[..*end]);
    let second = commas.first().zip(commas.get(1)).map_or("", |(start, end)| &rest[start + 1..*end]);
    (first.trim(), second.trim())
}

/// The code in a literal that looks like one.
fn code(argument: &str) -> Option<String> {
    let text = argument.strip_prefix('"')?.strip_suffix('"')?;
    let kebab =
        !text.is_empty() && text.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-');
    kebab.then(|| text.to_owned())
}
