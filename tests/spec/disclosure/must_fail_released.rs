//! Those of the thirteen publications that tell too much (`must_fail.rs`) that a whole release could be: it is refused.

use khi::domain::disclosure::Policy;
use khi::domain::disclosure::release::{Draft, Ledger, NotPublished};

use super::hierarchies::releases;
use super::plain::{Home, country_of, print_again};
use crate::support::registry;

#[test]
fn g_the_year_to_date_once_more_with_two_more_people() {
    // As releases they are refused: the second quarter is in both.
    let year = country_of(&[Home { council: "A", region: None, size: 60, positive: 40 }; 4]);
    let first = releases(&year, 1).remove(0);
    let mut quarter = year.material(0);
    quarter.period = "2024-Q2".parse().expect("a quarter");
    let refused = Draft::make(quarter, Policy::default(), registry(), &[first.ledger]);
    assert_eq!(refused.err(), Some(NotPublished::Overlaps("2024-25".to_owned())));
}

#[test]
fn i_a_scheme_that_is_counted_elsewhere_the_next_time() {
    // The same as two releases of one period, each made as if the other were not there.
    let home = |council, size, positive| Home { council, region: None, size, positive };
    let mut homes =
        [home("A", 44, 30), home("A", 44, 20), home("A", 6, 3), home("B", 40, 20), home("B", 40, 20)];
    let before = releases(&country_of(&homes), 1).remove(0);
    homes[2].council = "B";
    let country = country_of(&homes);
    let after = releases(&country, 1).remove(0);
    assert!(!after.attack(std::slice::from_ref(&before.ledger), |_, _| ()).passed());
    // Made with the first in mind nothing moves, and nothing is told.
    let again =
        Draft::make(country.material(0), Policy::default(), registry(), std::slice::from_ref(&before.ledger));
    let again = again.expect("a draft");
    assert!(again.attack(std::slice::from_ref(&before.ledger), |_, _| ()).passed());
    assert_eq!(again.parts, before.parts);
}

#[test]
fn m_twenty_hours_and_twenty_five_hours() {
    // Printed by a release, the second table is one row more than it may print.
    let home = |size, positive| Home { council: "A", region: None, size, positive };
    let country = country_of(&[home(70, 40), home(70, 40), home(1, 1), home(12, 6)]);
    let mut draft = releases(&country, 1).remove(0);
    assert!(draft.attack(&[] as &[Ledger], |_, _| ()).passed());
    print_again(&mut draft, "scheme", "s002", 1, 1);
    assert!(!draft.attack(&[] as &[Ledger], |_, _| ()).passed());
}
