//! PostgreSQL's own programs: `pg_dump` and `pg_restore`. They come with the database; khi does not bring them.

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::io::{BufRead, BufReader, Read};
use std::path::Path;
use std::process::{Command, Stdio};

/// Where the database is, as PostgreSQL's programs are told it.
pub type Environment = Vec<(&'static str, OsString)>;

/// Writes the database, as the exported snapshot saw it, into the archive `to`.
pub fn dump(environment: Environment, snapshot: &str, to: &Path) -> Result<(), String> {
    let mut command = Command::new("pg_dump");
    command.envs(environment).args(["--format=custom", "--no-password", "--no-owner", "--no-privileges"]);
    command.arg(format!("--snapshot={snapshot}")).arg("--file").arg(to);
    run("pg_dump", command)
}

/// Puts the archive `from` into the empty database `name`: all of it, or nothing.
pub fn restore(environment: Environment, name: &str, from: &Path) -> Result<(), String> {
    let mut command = Command::new("pg_restore");
    command.envs(environment).args(["--no-password", "--no-owner", "--no-privileges", "--exit-on-error"]);
    command.arg("--single-transaction").arg(format!("--dbname={name}")).arg(from);
    run("pg_restore", command)
}

/// Reads an archive from its first byte to its last, and counts the rows of each table in it.
pub fn count_rows(archive: &Path) -> Result<BTreeMap<String, i64>, String> {
    let mut listing = Command::new("pg_restore");
    listing.arg("--list").arg(archive).stdout(Stdio::null());
    run("pg_restore", listing)?;
    let mut command = Command::new("pg_restore");
    command.args(["--data-only", "--file=-"]).arg(archive);
    let mut child = command
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .map_err(|e| absent("pg_restore", &e))?;
    let counted = child.stdout.take().map(|out| count(BufReader::new(out)));
    let mut said = String::new();
    if let Some(mut errors) = child.stderr.take() {
        errors.read_to_string(&mut said).map_err(|e| e.to_string())?;
    }
    let ended = child.wait().map_err(|e| e.to_string())?;
    if !ended.success() {
        return Err(first_line("pg_restore", &said));
    }
    counted.transpose().map_err(|e| e.to_string()).map(Option::unwrap_or_default)
}

/// Counts the rows of each table in a script of `pg_restore`: the lines between `COPY schema.table (...) FROM stdin;` and `\.`.
fn count(mut script: impl BufRead) -> std::io::Result<BTreeMap<String, i64>> {
    let (mut counts, mut table, mut line) = (BTreeMap::new(), None::<String>, Vec::new());
    loop {
        line.clear();
        if script.read_until(b'\n', &mut line)? == 0 {
            return Ok(counts);
        }
        match &table {
            Some(_) if line == b"\\.\n" => table = None,
            Some(name) => *counts.entry(name.clone()).or_insert(0) += 1,
            None if line.starts_with(b"COPY ") => {
                let text = String::from_utf8_lossy(&line);
                let name = text.split_whitespace().nth(1).unwrap_or_default();
                let name = name.rsplit('.').next().unwrap_or_default().trim_matches('"').to_owned();
                counts.entry(name.clone()).or_insert(0);
                table = Some(name);
            }
            None => {}
        }
    }
}

fn run(program: &str, mut command: Command) -> Result<(), String> {
    let done = command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::piped()).output();
    let done = done.map_err(|e| absent(program, &e))?;
    if done.status.success() {
        Ok(())
    } else {
        Err(first_line(program, &String::from_utf8_lossy(&done.stderr)))
    }
}

fn absent(program: &str, error: &std::io::Error) -> String {
    if error.kind() == std::io::ErrorKind::NotFound {
        format!(
            "{program} is not here. It comes with PostgreSQL: install its client programs, of the server's version \
             (Debian: apt-get install postgresql-client)"
        )
    } else {
        format!("{program}: {error}")
    }
}

/// What a program said first; the rest can hold what is stored.
fn first_line(program: &str, said: &str) -> String {
    let line = said.lines().find(|line| !line.trim().is_empty()).unwrap_or("it failed and did not say why");
    let line = line.trim_start_matches(program).trim_start_matches(": ");
    format!("{program}: {line}")
}

#[cfg(test)]
mod tests {
    use super::count;

    #[test]
    fn rows_are_counted_by_table_whatever_stands_in_them() {
        let script = "--\nSET x = 1;\nCOPY public.one (a, b) FROM stdin;\n1\tCOPY public.two (a) FROM stdin;\n\\\\.\n2\t\\N\n\\.\n\n\
                      COPY public.\"empty\" (a) FROM stdin;\n\\.\nSELECT 1;\n";
        let counts: Vec<(String, i64)> = count(script.as_bytes()).expect("reads").into_iter().collect();
        assert_eq!(counts, [("empty".to_owned(), 0), ("one".to_owned(), 3)]);
    }
}
