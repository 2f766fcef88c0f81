//! What sums tell: between which numbers a hidden one must lie. Linear programming first, whole numbers where that leaves a doubt.

use microlp::{ComparisonOp, LinearExpr, OptimizationDirection, Problem, SolveOutcome, Variable};

/// Whole numbers that are not known, and what is known of them.
#[derive(Debug, Clone, Default)]
pub struct Puzzle {
    /// The least and the most that each can be.
    numbers: Vec<(i64, i64)>,
    /// Sums: which numbers with which factor, the least and the most that they come to.
    sums: Vec<(Vec<(usize, i64)>, i64, i64)>,
}

/// Between which whole numbers something lies.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Range {
    /// The least.
    pub least: i64,
    /// The most.
    pub most: i64,
}

impl Range {
    /// How many different numbers it holds, less one.
    pub fn width(self) -> i64 {
        self.most - self.least
    }
}

impl Puzzle {
    /// Adds a number between `least` and `most`; gives its place.
    pub fn number(&mut self, least: i64, most: i64) -> usize {
        self.numbers.push((least, most));
        self.numbers.len() - 1
    }

    /// Says that a sum of numbers, each times its factor, is between `least` and `most`.
    pub fn told(&mut self, sum: &[(usize, i64)], least: i64, most: i64) {
        self.sums.push((sum.to_vec(), least, most));
    }

    /// Says that some numbers come to exactly `total`.
    pub fn sum(&mut self, numbers: &[usize], total: i64) {
        let sum: Vec<(usize, i64)> = numbers.iter().map(|n| (*n, 1)).collect();
        self.told(&sum, total, total);
    }

    /// Between which whole numbers the sum of `target` lies; none if what is told contradicts itself, or if the solver gave up: who asks
    /// takes that for the worst.
    pub fn range(&self, target: &[(usize, i64)]) -> Option<Range> {
        let least = self.end(target, OptimizationDirection::Minimize)?;
        let most = self.end(target, OptimizationDirection::Maximize)?;
        Some(Range { least, most })
    }

    fn end(&self, target: &[(usize, i64)], direction: OptimizationDirection) -> Option<i64> {
        let mut problem = Problem::new(direction);
        let variables: Vec<Variable> = self
            .numbers
            .iter()
            .enumerate()
            .map(|(index, (least, most))| {
                let factor: i64 = target.iter().filter(|(n, _)| *n == index).map(|(_, f)| f).sum();
                problem.add_integer_var(factor as f64, (small(*least), small(*most)))
            })
            .collect();
        for (sum, least, most) in &self.sums {
            let expression = || {
                let mut expression = LinearExpr::empty();
                for (number, factor) in sum {
                    expression.add(variables[*number], *factor as f64);
                }
                expression
            };
            if least == most {
                problem.add_constraint(expression(), ComparisonOp::Eq, *least as f64);
            } else {
                problem.add_constraint(expression(), ComparisonOp::Ge, *least as f64);
                problem.add_constraint(expression(), ComparisonOp::Le, *most as f64);
            }
        }
        let Ok(SolveOutcome::Solution(solution)) = problem.solve() else { return None };
        #[expect(clippy::cast_possible_truncation, reason = "a sum of whole numbers of people")]
        Some(solution.objective().round() as i64)
    }
}

fn small(number: i64) -> i32 {
    i32::try_from(number.clamp(i32::MIN.into(), i32::MAX.into())).unwrap_or_default()
}
