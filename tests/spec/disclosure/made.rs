//! Countries made up by lot.

use super::draw::Draw;
use super::world::{AGES, Council, Event, NEEDS, World, periods};

const FOREVER: usize = usize::MAX;

/// How large a country is.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Size {
    /// At most so many councils.
    pub(crate) councils: usize,
    /// In each at most so many schemes.
    pub(crate) schemes: usize,
    /// Whether there are exactly as many councils.
    pub(crate) full: bool,
    /// At most so many people in a scheme.
    pub(crate) people: i64,
}

/// The size of most.
pub(crate) const SMALL: Size = Size { councils: 6, schemes: 4, full: false, people: 200 };

/// Makes one.
pub(crate) fn world(draw: &mut Draw, size: Size) -> World {
    let number = if size.full { size.councils } else { 1 + draw.below(size.councils) };
    let councils = councils(draw, number, size.full);
    let periods = periods(draw);
    let breakdown = match draw.below(5) {
        0 => Some(AGES),
        1 => Some(NEEDS),
        _ => None,
    };
    let empty_units = draw.one_in(3);
    let mut made =
        World { councils, schemes: Vec::new(), events: Vec::new(), periods, breakdown, empty_units };
    let mut people = 0;
    for home in 0..number {
        for _ in 0..draw.below(size.schemes + 1).max(usize::from(draw.percent(80))) {
            add_scheme(&mut made, draw, home, size.people, &mut people);
        }
    }
    for release in 1..4 {
        correct(&mut made, draw, release, &mut people);
    }
    made
}

fn councils(draw: &mut Draw, number: usize, full: bool) -> Vec<Council> {
    let nations = ["E92000001", "S92000003", "W92000004", "N92000002"];
    let several = full || draw.percent(40);
    let regions = if full { 9 } else { draw.below(4) };
    (0..number)
        .map(|index| {
            // As in the country at large: most in the first.
            let nation = if several && draw.percent(if full { 20 } else { 50 }) { draw.below(4) } else { 0 };
            let region = (nation == 0 && regions > 0).then(|| format!("E1200000{}", 1 + draw.below(regions)));
            Council { code: format!("C{index:03}"), region, nation: nations[nation].to_owned() }
        })
        .collect()
}

fn add_scheme(made: &mut World, draw: &mut Draw, home: usize, most: i64, people: &mut usize) {
    let scheme = made.schemes.len();
    let is_new = draw.percent(8);
    made.schemes.push(if is_new { 2 } else { 0 });
    let mut own = vec![home];
    if draw.percent(15) {
        for _ in 0..1 + draw.below(2) {
            own.push(draw.below(made.councils.len()));
        }
    }
    let size = match draw.below(20) {
        0 => 0,
        1..=8 => draw.between(1, 12),
        9..=15 => draw.between(12, 45),
        _ => draw.between(45, 200),
    }
    .min(most);
    let rate = draw.one_of(&[5, 30, 60, 85, 90, 90, 95, 100]);
    // All of them are counted elsewhere from the second period on.
    let moved = draw.percent(10).then(|| draw.below(made.councils.len()));
    let ended = !is_new && draw.percent(5);
    let (often, years) = (draw.one_of(&[40, 80, 95]), draw.one_of(&[0, 20, 60]));
    for _ in 0..size {
        *people += 1;
        let council = draw.one_of(&own);
        let groups = groups(made, draw);
        for (index, span) in made.periods.into_iter().enumerate() {
            if (index == 0 && is_new) || (index == 1 && ended) || !draw.percent(often) {
                continue;
            }
            let quarter = span.first + draw.below(span.last - span.first + 1);
            let council = match (index, moved) {
                (1, Some(to)) => to,
                _ if draw.percent(2) => draw.below(made.councils.len()),
                _ => council,
            };
            let positive = draw.percent(rate);
            made.events.push(Event {
                person: *people,
                scheme,
                council,
                quarter,
                positive,
                groups,
                from: 0,
                until: FOREVER,
            });
        }
        if !is_new && draw.percent(years) {
            // Before, between or after the periods; never within them, where one answer of each person is enough.
            let quarter = draw.below(20);
            if made.periods.iter().all(|span| quarter < span.first || quarter > span.last) {
                let positive = draw.percent(rate);
                made.events.push(Event {
                    person: *people,
                    scheme,
                    council,
                    quarter,
                    positive,
                    groups,
                    from: 0,
                    until: FOREVER,
                });
            }
        }
    }
    // What is answered in the second period is not there when the first is released.
    let second = made.periods[1];
    for event in made.events.iter_mut().filter(|e| e.scheme == scheme) {
        if (second.first..=second.last).contains(&event.quarter) && second.first > made.periods[0].first {
            event.from = 2;
        }
    }
}

fn groups(made: &World, draw: &mut Draw) -> u32 {
    match &made.breakdown {
        Some(breakdown) if breakdown.by == AGES.by => {
            if draw.percent(8) {
                0
            } else {
                1 << [0, 0, 0, 1, 1, 1, 2, 2, 3][draw.below(9)]
            }
        }
        Some(_) => u32::try_from(draw.below(8) & (draw.below(8) | 1)).unwrap_or(0),
        None => 0,
    }
}

/// What becomes known before `release`: answers that came late, were taken back, or were entered wrongly.
fn correct(made: &mut World, draw: &mut Draw, release: usize, people: &mut usize) {
    if made.schemes.is_empty() {
        return;
    }
    let span = made.period(release);
    let times = match draw.below(4) {
        0 => 0,
        1 => 1,
        2 => draw.below(4),
        _ => draw.below(12),
    };
    for _ in 0..times {
        let scheme = draw.below(made.schemes.len());
        let own: Vec<usize> = (0..made.events.len())
            .filter(|e| {
                let event = &made.events[*e];
                event.scheme == scheme && event.from < release && event.until == FOREVER
            })
            .collect();
        let Some(like) = own.first().map(|e| made.events[*e].clone()) else { continue };
        let many = if draw.one_in(2) { draw.between(1, 3) } else { draw.between(5, 60) };
        let rate = draw.one_of(&[10, 50, 50, 60, 90]);
        let kind = draw.below(4);
        for _ in 0..many {
            let positive = draw.percent(rate);
            match kind {
                0 | 1 => {
                    *people += 1;
                    let quarter = span.first + draw.below(span.last - span.first + 1);
                    let groups = groups(made, draw);
                    let event = Event {
                        person: *people,
                        quarter,
                        positive,
                        groups,
                        from: release,
                        until: FOREVER,
                        ..like
                    };
                    made.events.push(event);
                }
                2 => made.events[draw.one_of(&own)].until = release,
                _ => {
                    let old = draw.one_of(&own);
                    if made.events[old].until == FOREVER {
                        made.events[old].until = release;
                        let new =
                            Event { positive, from: release, until: FOREVER, ..made.events[old].clone() };
                        made.events.push(new);
                    }
                }
            }
        }
    }
}
