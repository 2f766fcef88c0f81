//! Counting by cases: what a person's responses add to which tallies.

mod cases;
pub(crate) mod random;

use crate::support::{files, repository};

#[test]
fn what_people_answer_makes_the_counts_that_the_cases_say() {
    let mut wrong = Vec::new();
    let paths = files(&repository("tests/spec/counting"), ".case");
    let mut expectations = 0;
    for path in &paths {
        for case in cases::read_file(path) {
            expectations += case.expectations();
            wrong.extend(case.wrong());
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(expectations > 100, "only {expectations} expectations in {} files", paths.len());
}
