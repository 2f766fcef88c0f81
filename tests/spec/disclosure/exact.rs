//! How small and how large the positive answers of some people can be: by a solver of whole numbers.

use std::collections::{BTreeMap, BTreeSet};

use microlp::{ComparisonOp, LinearExpr, OptimizationDirection, Problem, SolveOutcome, Variable};

use super::intruder::{Intruder, Knows};

/// The least and the most; none if the solver gives up.
pub(super) fn range(of: &Intruder<'_>, inside: &BTreeSet<usize>, knows: &Knows) -> Option<(i64, i64)> {
    range_of(of, inside, knows, |_| true)
}

/// The same with the sums of some families only.
pub(super) fn range_of(
    of: &Intruder<'_>,
    inside: &BTreeSet<usize>,
    knows: &Knows,
    counts: impl Fn(&str) -> bool,
) -> Option<(i64, i64)> {
    // Kinds in the same sums and on the same side are one number.
    let mut numbers: BTreeMap<(&[usize], bool), (i64, i64)> = BTreeMap::new();
    for (index, kind) in of.kinds.iter().enumerate() {
        let (known, others) = knows.of.get(&index).copied().unwrap_or_default();
        let bounds = numbers.entry((&kind.sums, inside.contains(&index))).or_default();
        (bounds.0, bounds.1) = (bounds.0 + known, bounds.1 + kind.n - others);
    }
    let numbers: Vec<((&[usize], bool), (i64, i64))> = numbers.into_iter().collect();
    let end = |direction| {
        let mut problem = Problem::new(direction);
        let variables: Vec<Variable> = numbers
            .iter()
            .map(|((_, is_inside), (least, most))| {
                let bounds = (i32::try_from(*least).ok(), i32::try_from(*most).ok());
                let bounds = (bounds.0.unwrap_or(0), bounds.1.unwrap_or(i32::MAX));
                problem.add_integer_var(if *is_inside { 1.0 } else { 0.0 }, bounds)
            })
            .collect();
        for (number, sum) in of.readings.sums.iter().enumerate().filter(|(_, sum)| counts(&sum.family)) {
            let expression = || {
                let mut expression = LinearExpr::empty();
                let own = numbers.iter().zip(&variables).filter(|(((sums, _), _), _)| sums.contains(&number));
                own.for_each(|(_, variable)| expression.add(*variable, 1.0));
                expression
            };
            problem.add_constraint(expression(), ComparisonOp::Ge, sum.least as f64);
            problem.add_constraint(expression(), ComparisonOp::Le, sum.most as f64);
        }
        match problem.solve() {
            #[expect(clippy::cast_possible_truncation, reason = "a whole number of people")]
            Ok(SolveOutcome::Solution(solution)) => Some(solution.objective().round() as i64),
            _ => None,
        }
    };
    Some((end(OptimizationDirection::Minimize)?, end(OptimizationDirection::Maximize)?))
}
