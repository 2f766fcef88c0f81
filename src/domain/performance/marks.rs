//! Whether what is counted and what people say move the same way. Two figures that move together say nothing about why, and no word here does.

use super::row::{KpiRow, KpiStatus};
use crate::domain::definition::Direction;
use crate::domain::figures::{Row, Status};
use crate::domain::statistics::{Difference, Moved, Z95, means_difference, newcombe};

/// Which way a figure moved from one period to the next.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Move {
    /// The way it should.
    Better,
    /// The other way.
    Worse,
    /// Not, or not by more than chance can explain.
    Same,
    /// It cannot be said: a figure is missing, hidden or incomplete, or there is no better and worse.
    Unknown,
}

/// How many figures moved which way.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Moves {
    /// The way they should.
    pub better: usize,
    /// The other way.
    pub worse: usize,
    /// Not.
    pub same: usize,
}

/// What stands out when both are looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mark {
    /// More counts moved the right way than the wrong way, and what people say did not.
    CountsOnly,
    /// The reverse.
    PeopleOnly,
    /// Every target was met, and what people say did not get better.
    TargetsOnly,
    /// What people say got better, and not every target was met.
    PeopleWithoutTargets,
}

/// How many targets were met and missed.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Met {
    /// Met.
    pub met: usize,
    /// Missed.
    pub missed: usize,
}

impl Met {
    /// Counts each that can be told.
    pub fn of<'r>(rows: impl Iterator<Item = &'r KpiRow>) -> Self {
        let mut all = Self::default();
        for met in rows.filter_map(|row| row.target?.met) {
            if met {
                all.met += 1;
            } else {
                all.missed += 1;
            }
        }
        all
    }
}

impl Moves {
    /// Counts each.
    pub fn of(moves: impl Iterator<Item = Move>) -> Self {
        let mut all = Self::default();
        for one in moves {
            match one {
                Move::Better => all.better += 1,
                Move::Worse => all.worse += 1,
                Move::Same => all.same += 1,
                Move::Unknown => {}
            }
        }
        all
    }

    /// How many could be compared.
    pub fn known(self) -> usize {
        self.better + self.worse + self.same
    }
}

/// What stands out; nothing where one side could not be compared at all. Targets say more than movements: where there are some, they are
/// what is compared with people.
pub fn mark(targets: Met, counts: Moves, people: Moves) -> Option<Mark> {
    if people.known() == 0 {
        return None;
    }
    let people_better = people.better > people.worse;
    if targets.met + targets.missed > 0 {
        return match (targets.missed == 0, people_better) {
            (true, false) => Some(Mark::TargetsOnly),
            (false, true) => Some(Mark::PeopleWithoutTargets),
            _ => None,
        };
    }
    if counts.known() == 0 {
        return None;
    }
    match (counts.better > counts.worse, people_better) {
        (true, false) => Some(Mark::CountsOnly),
        (false, true) => Some(Mark::PeopleOnly),
        _ => None,
    }
}

/// How a KPI moved. Figures of which something is missing are not compared: that would show who sent something in.
pub fn kpi_move(direction: Direction, before: &KpiRow, now: &KpiRow) -> Move {
    let (KpiStatus::Shown, KpiStatus::Shown, Some(old), Some(new)) =
        (before.status, now.status, before.value, now.value)
    else {
        return Move::Unknown;
    };
    let higher = new.total_cmp(&old);
    if direction == Direction::Context {
        return Move::Unknown;
    }
    moved(direction, higher)
}

/// How a Key Human Indicator moved: by the 95% interval of the difference, whether it leaves 0 out. Two intervals may overlap where that is clear.
pub fn khi_move(direction: Direction, before: &Row, now: &Row) -> Move {
    let shown = |row: &Row| matches!(row.status, Status::Shown | Status::Pooled);
    if before.series != now.series || !shown(before) || !shown(now) || direction == Direction::Context {
        return Move::Unknown;
    }
    let Some(difference) = difference(before, now) else { return Move::Unknown };
    let higher = match difference.moved(0.0) {
        Moved::Up => std::cmp::Ordering::Greater,
        Moved::Down => std::cmp::Ordering::Less,
        Moved::NotClear => std::cmp::Ordering::Equal,
    };
    moved(direction, higher)
}

/// What `now` is above `before`: of shares by Newcombe, of means and ratios from the intervals that are shown.
fn difference(before: &Row, now: &Row) -> Option<Difference> {
    let share = |row: &Row| row.positive.zip(row.n);
    if let (Some(old), Some(new)) = (share(before), share(now)) {
        return newcombe(new, old, Z95);
    }
    let mean =
        |row: &Row| row.mean.zip(row.interval.as_ref()).map(|(mean, ends)| (mean, ends.low, ends.high));
    Some(means_difference(mean(now)?, mean(before)?))
}

fn moved(direction: Direction, higher: std::cmp::Ordering) -> Move {
    use std::cmp::Ordering::{Equal, Greater, Less};
    match (direction, higher) {
        (_, Equal) => Move::Same,
        (Direction::High, Greater) | (Direction::Low, Less) => Move::Better,
        (Direction::High, Less) | (Direction::Low, Greater) => Move::Worse,
        (Direction::Context, _) => Move::Unknown,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::area::Level;
    use crate::domain::figures::{Interval, Place};

    #[test]
    fn what_stands_out_is_that_one_side_moved_the_right_way_and_the_other_did_not() {
        let moves = |better, worse, same| Moves { better, worse, same };
        assert_eq!(mark(Met::default(), moves(3, 1, 0), moves(0, 0, 5)), Some(Mark::CountsOnly));
        assert_eq!(mark(Met::default(), moves(3, 1, 0), moves(2, 1, 5)), None);
        assert_eq!(mark(Met::default(), moves(0, 1, 0), moves(2, 1, 5)), Some(Mark::PeopleOnly));
        assert_eq!(
            mark(Met::default(), moves(3, 0, 0), Moves::default()),
            None,
            "nobody knows how people are"
        );
        let all = Met { met: 3, missed: 0 };
        assert_eq!(mark(all, moves(0, 3, 0), moves(1, 1, 5)), Some(Mark::TargetsOnly));
        assert_eq!(mark(all, moves(0, 3, 0), moves(2, 1, 5)), None);
        assert_eq!(mark(all, moves(3, 0, 0), Moves::default()), None, "nobody knows how people are");
        let some = Met { met: 2, missed: 1 };
        assert_eq!(mark(some, Moves::default(), moves(1, 0, 0)), Some(Mark::PeopleWithoutTargets));
        assert_eq!(mark(some, moves(3, 0, 0), moves(0, 1, 0)), None);
        let of = [Move::Better, Move::Unknown, Move::Same, Move::Worse, Move::Better];
        assert_eq!(Moves::of(of.into_iter()), moves(2, 1, 1));
    }

    /// A shown row of nothing.
    fn row() -> Row {
        Row {
            indicator: "social-connection".into(),
            series: "connections/1".into(),
            model: "shared-lives".into(),
            rule: "share".into(),
            period: "2025-26".into(),
            place: Place { level: Level::Uk, code: "uk".into(), name: "United Kingdom".into() },
            group: None,
            n: None,
            positive: None,
            percent: None,
            mean: None,
            sd: None,
            interval: None,
            distribution: None,
            left_out: None,
            completed_by: None,
            without_supporter: None,
            supported: None,
            eligible: None,
            invited: None,
            responded: None,
            unfinished: None,
            response_rate: None,
            open: None,
            schemes: None,
            change: None,
            statement: None,
            status: Status::Shown,
            periods: None,
            band: None,
            merged_into: None,
            as_of: String::new(),
            practice: false,
        }
    }

    fn share(positive: i64, n: i64) -> Row {
        Row { n: Some(n), positive: Some(positive), interval: Interval::wilson95(positive, n), ..row() }
    }

    fn mean(low: f64, mean: f64, high: f64) -> Row {
        Row { n: Some(9), mean: Some(mean), interval: Interval::of_mean(Some((low, high)), "t"), ..row() }
    }

    #[test]
    fn what_people_say_moves_by_the_interval_of_the_difference() {
        let (old, new) = (share(60, 100), share(75, 100));
        let ends = |row: &Row| row.interval.as_ref().map(|ends| (ends.low, ends.high)).expect("an interval");
        assert!(ends(&new).0 < ends(&old).1, "they overlap, and yet the difference is clear");
        assert_eq!(khi_move(Direction::High, &old, &new), Move::Better);
        assert_eq!(khi_move(Direction::High, &new, &old), Move::Worse);
        assert_eq!(khi_move(Direction::Low, &old, &new), Move::Worse);
        assert_eq!(khi_move(Direction::High, &old, &share(65, 100)), Move::Same);
        assert_eq!(khi_move(Direction::High, &mean(4.0, 5.0, 6.0), &mean(5.5, 6.5, 7.5)), Move::Better);
        assert_eq!(khi_move(Direction::High, &mean(5.5, 6.5, 7.5), &mean(4.0, 5.0, 6.0)), Move::Worse);
        assert_eq!(khi_move(Direction::High, &mean(4.0, 5.0, 6.0), &mean(5.3, 6.3, 7.3)), Move::Same);
    }

    #[test]
    fn what_is_hidden_or_of_another_series_is_not_compared() {
        let (old, new) = (share(60, 100), share(75, 100));
        let unknown = |old: &Row, new: &Row| assert_eq!(khi_move(Direction::High, old, new), Move::Unknown);
        assert_eq!(khi_move(Direction::Context, &old, &new), Move::Unknown);
        unknown(&old, &Row { series: "connections/2".into(), ..new.clone() });
        unknown(&old, &Row { status: Status::Banded, ..new.clone() });
        unknown(&Row { status: Status::Suppressed, ..old.clone() }, &new);
        unknown(&old, &row());
        unknown(&mean(1.0, 2.0, 3.0), &Row { interval: None, ..mean(5.0, 6.0, 7.0) });
        assert_eq!(khi_move(Direction::High, &old, &Row { status: Status::Pooled, ..new }), Move::Better);
    }

    #[test]
    fn lower_is_better_where_the_catalogue_says_so() {
        use std::cmp::Ordering::{Greater, Less};
        assert_eq!(moved(Direction::Low, Less), Move::Better);
        assert_eq!(moved(Direction::Low, Greater), Move::Worse);
        assert_eq!(moved(Direction::High, Greater), Move::Better);
    }
}
