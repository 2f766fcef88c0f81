//! The attack on a draft: it reads what would be printed as the public will, and knows of the truth only what attackers may know.

use std::collections::BTreeMap;

use serde_json::Value;

use super::Draft;
use super::breakdown::group_table;
use super::ledger::{Key, Ledger, LedgerTable};
use super::verdict::{Finding, Verdict};
use crate::domain::disclosure::attack::country::{self, Leak, Print};
use crate::domain::disclosure::attack::crossing;
use crate::domain::disclosure::words::{Said, bounds};
use crate::domain::disclosure::{Attacker, Count};

/// What is printed of a figure.
#[derive(Debug, Clone, Default)]
struct Seen {
    status: String,
    count: Option<Count>,
    band: Option<String>,
}

/// Figures as they are printed: by table, level, place and group.
type Seens = BTreeMap<(Key, String, String, Option<(String, String)>), Seen>;

impl Draft {
    /// Attacks the draft with all that was printed `earlier`, as each of the attackers. `progress` hears of tables done, of how many.
    pub fn attack(&self, earlier: &[Ledger], mut progress: impl FnMut(usize, usize)) -> Verdict {
        let mut verdict = Verdict { attacked: 0, questions: 0, solved: 0, findings: Vec::new() };
        let seen = self.seen(&mut verdict);
        let all = self.ledger.tables.len() + self.ledger.groups.len();
        for (index, table) in self.ledger.tables.iter().enumerate() {
            progress(index, all);
            self.attack_table(table, &seen, &mut verdict);
            for before in earlier.iter().filter(|ledger| ledger.period == self.ledger.period) {
                if let Some(before) = before.table(&table.key) {
                    self.attack_difference(before, table, &mut verdict);
                }
            }
        }
        for (index, groups) in self.ledger.groups.iter().enumerate() {
            progress(self.ledger.tables.len() + index, all);
            let Some(table) = self.ledger.table(&groups.key) else { continue };
            let (shape, names) = group_table(table, groups);
            let places = super::breakdown::places(table);
            let mut printed = vec![false; places.len()];
            for (index, (level, code, _)) in places.iter().enumerate() {
                let own = |name: &String| {
                    let group = Some((groups.by.clone(), name.clone()));
                    seen.get(&(groups.key.clone(), level.clone(), code.clone(), group))
                };
                printed[index] = names.iter().filter_map(own).any(|seen| seen.status == "shown");
            }
            let attacked = crossing::attack(&shape, &printed, &self.policy);
            verdict.attacked += attacked.figures;
            verdict.questions += attacked.questions;
            for leak in attacked.leaks {
                let (level, code, _) = &places[leak.place];
                verdict.findings.push(Finding {
                    cell: format!("{}, by {}, {level} {code}", name_of(&groups.key), groups.by),
                    attacker: leak.attacker,
                    n: leak.count.n,
                    least: leak.range.map_or(leak.count.positive, |r| r.least),
                    most: leak.range.map_or(leak.count.positive, |r| r.most),
                    because: vec![
                        "the groups of the place around it, less those of its printed parts".to_owned(),
                        "the sums over all groups of each place".to_owned(),
                    ],
                });
            }
        }
        for other in earlier.iter().filter(|ledger| ledger.period != self.ledger.period) {
            if self.ledger.period().is_none_or(|period| other.holds_answers_of(period)) {
                verdict.findings.push(Finding {
                    cell: "every figure".to_owned(),
                    attacker: Attacker::Reader,
                    n: 0,
                    least: 0,
                    most: 0,
                    because: vec![format!(
                        "the release of {}, which holds answers of the same days",
                        other.period
                    )],
                });
            }
        }
        verdict
    }

    /// Reads what would be printed. What is printed of a figure must be what was counted; a detail of too few people is a finding.
    fn seen(&self, verdict: &mut Verdict) -> Seens {
        let mut seen = Seens::new();
        let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
        for part in &self.parts {
            let rows: Vec<Value> = serde_json::from_str(&part.cells).unwrap_or_default();
            for row in rows {
                let key = Key {
                    indicator: text(&row["indicator"]),
                    series: text(&row["series"]),
                    model: text(&row["model"]),
                };
                let group = row["group"]
                    .as_object()
                    .and_then(|group| group.iter().next())
                    .map(|(by, value)| (by.clone(), text(value)));
                if let Some((detail, count)) = small_detail(&row, self.policy.least_part) {
                    verdict.findings.push(Finding {
                        cell: format!(
                            "{}, {} {}",
                            name_of(&key),
                            text(&row["place"]["level"]),
                            text(&row["place"]["code"])
                        ),
                        attacker: Attacker::Reader,
                        n: count,
                        least: count,
                        most: count,
                        because: vec![format!("it is printed under “{detail}”")],
                    });
                }
                let count = match (row["n"].as_i64(), row["positive"].as_i64()) {
                    (Some(n), Some(positive)) => Some(Count::of(positive, n)),
                    _ => None,
                };
                let place = &row["place"];
                seen.insert(
                    (key, text(&place["level"]), text(&place["code"]), group),
                    Seen {
                        status: text(&row["status"]),
                        count,
                        band: row["band"].as_str().map(str::to_owned),
                    },
                );
            }
        }
        seen
    }

    fn attack_table(&self, table: &LedgerTable, seen: &Seens, verdict: &mut Verdict) {
        let shape = table.table();
        let mut prints = Vec::new();
        for (cell, of) in shape.cells.iter().zip(&table.cells) {
            let count = shape.count(&cell.units);
            let own = seen
                .get(&(table.key.clone(), of.level.clone(), of.code.clone(), None))
                .cloned()
                .unwrap_or_default();
            let between = |said| bounds(said, count, &self.policy);
            let words = |said| {
                let (least, most) = between(said);
                Print::Between(least, most)
            };
            prints.push(match (own.status.as_str(), own.count, own.band.as_deref()) {
                ("shown", _, _) => Print::Exact,
                // What was pooled before tells nothing of the people of now.
                ("pooled", Some(_), _) => match of.said {
                    Some(said @ Said::Pooled { .. }) => {
                        let (least, most) = between(said);
                        Print::Within(least, most)
                    }
                    _ => Print::Nothing,
                },
                (_, _, Some("almost-all")) => words(Said::AlmostAll),
                (_, _, Some("very-few")) => words(Said::VeryFew),
                _ => Print::Nothing,
            });
            let pooled = match of.said {
                Some(Said::Pooled { count, .. } | Said::Earlier(count)) => Some(count),
                _ => None,
            };
            let meant = match own.status.as_str() {
                "shown" => Some(count),
                "pooled" => pooled,
                _ => None,
            };
            if own.count != meant {
                verdict.findings.push(Finding {
                    cell: format!("{}, {} {}", name_of(&table.key), of.level, of.code),
                    attacker: Attacker::Reader,
                    n: count.n,
                    least: count.positive,
                    most: count.positive,
                    because: vec!["what is printed is not what was counted".to_owned()],
                });
            }
        }
        let attacked = country::attack(&shape, &prints, &self.policy);
        verdict.attacked += attacked.figures;
        verdict.questions += attacked.questions;
        verdict.solved += attacked.solved;
        verdict.findings.extend(attacked.leaks.iter().map(|leak| finding(table, leak)));
    }

    /// What came between two releases of the same period: the difference of two figures is one of those people.
    fn attack_difference(&self, before: &LedgerTable, now: &LedgerTable, verdict: &mut Verdict) {
        let policy = &self.policy;
        let name = name_of(&now.key);
        let mut find = |what: String, count: Count, attacker: Attacker, because: &str| {
            verdict.findings.push(Finding {
                cell: format!("{name}, {what}"),
                attacker,
                n: count.n.abs(),
                least: count.positive,
                most: count.positive,
                because: vec![because.to_owned()],
            });
        };
        for cell in now.cells.iter().filter(|cell| cell.printed) {
            if before
                .cell(&cell.level, &cell.code)
                .is_none_or(|earlier| !earlier.printed || earlier.units != cell.units)
            {
                let what = format!("{} {}", cell.level, cell.code);
                let because =
                    "it was hidden in an earlier release of the period, which others were printed in";
                find(what, Count::default(), Attacker::Reader, because);
            }
        }
        let sound = |change: Count| {
            change == Count::default() || change.fits(policy) || (Count::default() - change).fits(policy)
        };
        for block in now.blocks.iter().filter(|block| block.told) {
            let mut schemes: BTreeMap<&str, Count> = BTreeMap::new();
            for unit in &block.units {
                let (Some(old), Some(new)) = (before.units.get(*unit), now.units.get(*unit)) else {
                    continue;
                };
                *schemes.entry(new.scheme.as_str()).or_default() += new.count - old.count;
            }
            let change: Count = schemes.values().copied().sum();
            let what =
                || format!("the people of {} councils and schemes who came or went", block.units.len());
            if !sound(change) {
                find(
                    what(),
                    change,
                    Attacker::Reader,
                    "the figures of this release less those of the earlier one",
                );
            } else if let Some(one) = schemes.values().find(|scheme| !sound(change - **scheme)) {
                find(what(), change - *one, Attacker::Scheme, "the same, less those of one scheme");
            }
        }
    }
}

fn finding(table: &LedgerTable, leak: &Leak) -> Finding {
    let name = |cell: &usize| {
        let of = &table.cells[*cell];
        let count: Count = of.units.iter().map(|u| table.units[*u].count).sum();
        format!("{} {} ({} of {})", of.level, of.code, count.positive, count.n)
    };
    let of = &table.cells[leak.cell];
    let mut because: Vec<String> = leak.from.iter().map(name).collect();
    because.extend(leak.less.iter().map(|cell| format!("less {}", name(cell))));
    Finding {
        cell: format!("{}, {} {}", name_of(&table.key), of.level, of.code),
        attacker: leak.attacker,
        n: leak.count.n,
        least: leak.range.map_or(leak.count.positive, |range| range.least),
        most: leak.range.map_or(leak.count.positive, |range| range.most),
        because,
    }
}

fn name_of(key: &Key) -> String {
    format!("{} ({}) of {}", key.indicator, key.series, key.model)
}

/// A count in the details of a row that is of too few people.
fn small_detail(row: &Value, least: i64) -> Option<(&'static str, i64)> {
    let small = |value: &Value| value.as_i64().filter(|count| *count > 0 && *count < least);
    let among = |name: &'static str| {
        row[name].as_object().and_then(|counts| {
            counts
                .values()
                .find_map(|count| small(count).or_else(|| small(&count["count"])))
                .map(|count| (name, count))
        })
    };
    let change = || {
        let of = |part: &str| small(&row["change"][part]);
        ["improved", "same", "worse", "lost"].into_iter().find_map(of).map(|count| ("change", count))
    };
    among("distribution")
        .or_else(|| among("left_out"))
        .or_else(|| among("completed_by"))
        .or_else(change)
        .or_else(|| small(&row["open"]).map(|count| ("open", count)))
        .or_else(|| small(&row["responded"]).map(|count| ("responded", count)))
}
