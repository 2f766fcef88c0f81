//! Reading what was printed: each number as what it says of which answers.

use std::collections::{BTreeMap, BTreeSet};

use khi::domain::disclosure::release::Draft;
use serde_json::Value;

use super::world::{Span, Where, World};

/// A row as it is printed.
#[derive(Debug, Clone)]
pub(crate) struct Line {
    pub(crate) place: Where,
    /// By bit.
    pub(crate) group: Option<usize>,
    pub(crate) status: String,
    pub(crate) n: Option<i64>,
    pub(crate) positive: Option<i64>,
    pub(crate) band: Option<String>,
    pub(crate) years: Option<String>,
}

/// The rows of a draft.
pub(crate) fn lines(world: &World, draft: &Draft) -> Vec<Line> {
    let rows = draft
        .parts
        .iter()
        .flat_map(|part| serde_json::from_str::<Vec<Value>>(&part.cells).expect("an array of rows"));
    let levels = ["uk", "nation", "region", "local_authority", "scheme"];
    rows.map(|row| {
        let text = |value: &Value| value.as_str().map(str::to_owned);
        let level = text(&row["place"]["level"]).expect("a level");
        let bit_of = |(_, value): (&String, &Value)| {
            let values = world.breakdown.as_ref().expect("a breakdown").values;
            values.iter().position(|v| *v == value).expect("a value")
        };
        Line {
            place: Where {
                level: levels.into_iter().find(|l| *l == level).expect("a known level"),
                code: text(&row["place"]["code"]).expect("a code"),
            },
            group: row["group"].as_object().and_then(|g| g.iter().next()).map(bit_of),
            status: text(&row["status"]).expect("a status"),
            n: row["n"].as_i64(),
            positive: row["positive"].as_i64(),
            band: text(&row["band"]),
            years: text(&row["periods"][0]),
        }
    })
    .collect()
}

/// The rows of a level.
pub(crate) fn rows_of(draft: &Draft, level: &str) -> Vec<Value> {
    let parts = draft.parts.iter().filter(|part| part.level == level);
    parts.flat_map(|part| serde_json::from_str::<Vec<Value>>(&part.cells).expect("rows")).collect()
}

/// Answers, and between what the number of positive ones among them is printed to lie.
#[derive(Debug, Clone)]
pub(crate) struct Sum {
    pub(crate) of: BTreeSet<usize>,
    pub(crate) least: i64,
    pub(crate) most: i64,
    /// What kind of figure it belongs to: figures of one kind lie within each other.
    pub(crate) family: String,
}

/// A figure that is not printed.
#[derive(Debug, Clone)]
pub(crate) struct Hidden {
    pub(crate) name: String,
    pub(crate) release: usize,
    pub(crate) place: Where,
    pub(crate) of: BTreeSet<usize>,
    /// The one release whose figures hold them, of those who came or went in a correction.
    pub(crate) only: Option<usize>,
}

/// All that was printed, and what was not.
#[derive(Debug, Clone, Default)]
pub(crate) struct Readings {
    pub(crate) sums: Vec<Sum>,
    pub(crate) hidden: Vec<Hidden>,
    /// What is printed and not true.
    pub(crate) wrong: Vec<String>,
    /// Of each release, which answers are in its figures.
    pub(crate) versions: Vec<BTreeSet<usize>>,
    /// Answers that came to printed figures, or went, in a correction, by scheme.
    pub(crate) moved: Vec<Hidden>,
    /// What was said in words of each place: of which answers, and between what they lie.
    pub(crate) words: Vec<(Where, BTreeSet<usize>, i64, i64)>,
    /// The groups of each breakdown, apart: who knows how many are in each does not know how groups and schemes go together.
    pub(crate) grouped: Vec<Readings>,
}

/// Reads releases, each with the numbers that the next attack is told of each scheme in each council.
pub(crate) fn read(world: &World, drafts: &[Draft]) -> Readings {
    let mut readings = Readings::default();
    let mut pooled: BTreeMap<(Where, String), (i64, i64)> = BTreeMap::new();
    for (release, draft) in drafts.iter().enumerate() {
        let lines = lines(world, draft);
        let now: BTreeSet<usize> = world.standing(release, world.period(release)).into_iter().collect();
        let version = if release % 2 == 0 {
            now
        } else {
            let before = readings.versions[release - 1].clone();
            let version = corrected(world, &drafts[release - 1], draft, &before, &now);
            for (what, from, to) in [("came", &before, &version), ("went", &version, &before)] {
                let mut by_scheme: BTreeMap<usize, BTreeSet<usize>> = BTreeMap::new();
                for event in to.difference(from) {
                    by_scheme.entry(world.events[*event].scheme).or_default().insert(*event);
                }
                readings.moved.extend(by_scheme.into_iter().map(|(scheme, of)| Hidden {
                    name: format!("{release}: {what} in {}", World::scheme_id(scheme)),
                    release,
                    place: Where { level: "scheme", code: World::scheme_id(scheme) },
                    of,
                    only: Some(if what == "came" { release } else { release - 1 }),
                }));
            }
            version
        };
        let own_years = world.period(release).years();
        let (groups, lines): (Vec<Line>, Vec<Line>) = lines.into_iter().partition(|l| l.group.is_some());
        for line in lines {
            read_line(world, release, &line, &version, own_years, &mut pooled, &mut readings);
        }
        readings.grouped.extend(read_groups(world, release, &groups, &version, &mut readings.wrong));
        readings.versions.push(version);
    }
    readings
}

fn read_line(
    world: &World,
    release: usize,
    line: &Line,
    version: &BTreeSet<usize>,
    own_years: Span,
    pooled: &mut BTreeMap<(Where, String), (i64, i64)>,
    readings: &mut Readings,
) {
    let inside = |e: &usize| world.is_in(&world.events[*e], line.place.level, &line.place.code);
    let of: BTreeSet<usize> = version.iter().copied().filter(inside).collect();
    let name = format!("{release}: {} {}", line.place.level, line.place.code);
    let positive = |of: &BTreeSet<usize>| positive(world, of);
    match (line.status.as_str(), line.n, line.positive) {
        ("shown", Some(n), Some(k)) => {
            if (n, k) != (whole(of.len()), positive(&of)) {
                readings.wrong.push(format!("{name}: {k} of {n}, not {} of {}", positive(&of), of.len()));
            }
            let family = release.to_string();
            readings.sums.push(Sum { of, least: k, most: k, family });
            return;
        }
        ("pooled", Some(n), Some(k)) => {
            let years = line.years.clone().expect("years");
            let known = pooled.get(&(line.place.clone(), years.clone())).copied();
            match known {
                Some(known) if known != (n, k) => readings.wrong.push(format!("{name}: pooled anew")),
                Some(_) => {}
                None if years != own_years.name() => readings.wrong.push(format!("{name}: which years?")),
                None => {
                    let all = world.standing(release, own_years).into_iter().filter(|e| inside(e)).collect();
                    if (n, k) != (whole(BTreeSet::len(&all)), positive(&all)) {
                        readings.wrong.push(format!("{name}: pooled {k} of {n}, not {}", positive(&all)));
                    }
                    pooled.insert((line.place.clone(), years), (n, k));
                    readings.sums.push(Sum { of: all, least: k, most: k, family: name.clone() });
                }
            }
        }
        (_, None, None) => {
            let n = whole(of.len());
            let said = match line.band.as_deref() {
                Some("almost-all") => Some(((4 * n + 4) / 5, n)),
                Some("very-few") => Some((0, n / 5)),
                _ => None,
            };
            if let Some((least, most)) = said {
                if !(least..=most).contains(&positive(&of)) {
                    readings.wrong.push(format!("{name}: the words are wrong"));
                }
                readings.sums.push(Sum { of: of.clone(), least, most, family: name.clone() });
                readings.words.push((line.place.clone(), of.clone(), least, most));
            }
        }
        _ => readings.wrong.push(format!("{name}: half a figure")),
    }
    if !of.is_empty() {
        readings.hidden.push(Hidden { name, release, place: line.place.clone(), of, only: None });
    }
}

fn positive(world: &World, of: &BTreeSet<usize>) -> i64 {
    whole(of.iter().filter(|e| world.events[**e].positive).count())
}

/// What was printed by group in one release: of all groups together where nobody is in two, else of each by itself. How many positive
/// answers each smallest place has is taken to be known.
fn read_groups(
    world: &World,
    release: usize,
    lines: &[Line],
    version: &BTreeSet<usize>,
    wrong: &mut Vec<String>,
) -> Vec<Readings> {
    if !lines.iter().any(|line| line.status == "shown") {
        return Vec::new();
    }
    let mut rows: BTreeMap<(String, Option<String>), BTreeSet<usize>> = BTreeMap::new();
    for event in version {
        let council = &world.councils[world.events[*event].council];
        rows.entry((council.nation.clone(), council.region.clone())).or_default().insert(*event);
    }
    let rows = rows.into_values().map(|of| {
        let all = positive(world, &of);
        Sum { of, least: all, most: all, family: "rows".to_owned() }
    });
    let rows: Vec<Sum> = rows.collect();
    let several = world.breakdown.as_ref().is_some_and(|b| b.by == "need");
    let bits: BTreeSet<usize> = lines.iter().filter_map(|line| line.group).collect();
    let together: Vec<Vec<usize>> = match several {
        true => bits.iter().map(|bit| vec![*bit]).collect(),
        false => vec![bits.into_iter().collect()],
    };
    let mut all = Vec::new();
    for bits in together {
        let mut readings = Readings { sums: rows.clone(), ..Readings::default() };
        for line in lines.iter().filter(|line| line.group.is_some_and(|bit| bits.contains(&bit))) {
            let of = |e: &&usize| {
                let event = &world.events[**e];
                let in_group = line.group.is_some_and(|bit| event.groups & (1 << bit) != 0);
                in_group && world.is_in(event, line.place.level, &line.place.code)
            };
            let of: BTreeSet<usize> = version.iter().filter(of).copied().collect();
            let name = format!("{release}: {} {} {:?}", line.place.level, line.place.code, line.group);
            let truth = (Some(whole(of.len())), Some(positive(world, &of)));
            match line.status.as_str() {
                "shown" if (line.n, line.positive) != truth => wrong.push(name),
                "shown" => {
                    let k = positive(world, &of);
                    readings.sums.push(Sum {
                        of,
                        least: k,
                        most: k,
                        family: format!("{release}/{:?}", line.group),
                    });
                }
                _ if line.n.or(line.positive).is_some() => wrong.push(name),
                _ if of.is_empty() => {}
                _ => {
                    readings.hidden.push(Hidden { name, release, place: line.place.clone(), of, only: None })
                }
            }
        }
        all.push(readings);
    }
    all
}

/// Which answers are in the figures of a correction: people in exactly the same figures of the first release moved all at once or not
/// at all. Which, is told by the numbers that are kept for the next attack; that the printed ones agree is checked on reading.
fn corrected(
    world: &World,
    first: &Draft,
    second: &Draft,
    before: &BTreeSet<usize>,
    now: &BTreeSet<usize>,
) -> BTreeSet<usize> {
    let shown: Vec<Where> = lines(world, first)
        .into_iter()
        .filter(|line| line.group.is_none() && line.status == "shown")
        .map(|line| line.place)
        .collect();
    let kept = |draft: &Draft| -> BTreeMap<(String, String), (i64, i64)> {
        let units = draft.ledger.tables.iter().flat_map(|table| &table.units);
        units.map(|u| ((u.scheme.clone(), u.council.clone()), (u.count.n, u.count.positive))).collect()
    };
    let (old, new) = (kept(first), kept(second));
    let unit = |e: &usize| {
        let event = &world.events[*e];
        (World::scheme_id(event.scheme), world.councils[event.council].code.clone())
    };
    // A scheme that is printed and works in several councils parts its people by council, printed or not.
    let around = |e: &usize| -> (Vec<usize>, Option<usize>) {
        let event = &world.events[*e];
        let inside = |p: &&Where| world.is_in(event, p.level, &p.code);
        let parts = shown.iter().filter(inside).any(|p| p.level == "scheme");
        let around = shown.iter().enumerate().filter(|(_, p)| inside(p)).map(|(index, _)| index).collect();
        (around, parts.then_some(event.council))
    };
    let mut moved: BTreeSet<(Vec<usize>, Option<usize>)> = BTreeSet::new();
    for event in before.union(now) {
        if old.get(&unit(event)) != new.get(&unit(event)) {
            moved.insert(around(event));
        }
    }
    let is_new = |e: &usize| {
        let around = around(e);
        // Of whom nothing is printed, nothing is kept either.
        around.0.is_empty() || moved.contains(&around)
    };
    let of_new = now.iter().filter(|e| is_new(e) && old.contains_key(&unit(e)));
    before.iter().filter(|e| !is_new(e)).chain(of_new).copied().collect()
}

pub(crate) fn whole(count: usize) -> i64 {
    i64::try_from(count).unwrap_or(i64::MAX)
}
