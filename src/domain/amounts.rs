//! Amounts as people read them: commas between thousands, pence where there are pence, a percent sign.

use super::statement::grouped;

/// How many decimals a row of amounts is written with, so that they stand under each other: as many as one of them needs, at most two;
/// and two for pounds where there are pence.
pub fn decimals(unit: &str, amounts: impl IntoIterator<Item = f64>) -> usize {
    let needed = |amount: f64| match format!("{amount:.2}").trim_end_matches('0').split_once('.') {
        Some((_, rest)) => rest.len(),
        None => 0,
    };
    match amounts.into_iter().map(needed).max() {
        None | Some(0) => 0,
        Some(_) if unit.starts_with("gbp") => 2,
        Some(most) => most,
    }
}

/// An amount in a unit of the catalogue. Other units than percent and pounds are written by whoever calls.
pub fn in_unit(amount: f64, unit: &str, decimals: usize) -> String {
    let number = with_commas(amount, decimals);
    match (unit, number.strip_prefix('-')) {
        ("percent", _) => format!("{number}%"),
        (unit, Some(rest)) if unit.starts_with("gbp") => format!("-£{rest}"),
        (unit, None) if unit.starts_with("gbp") => format!("£{number}"),
        _ => number,
    }
}

/// An amount that stands alone: with as many decimals as it needs.
pub fn alone_in_unit(amount: f64, unit: &str) -> String {
    in_unit(amount, unit, decimals(unit, [amount]))
}

/// 7015.5 is “7,015.50” with two decimals.
fn with_commas(amount: f64, decimals: usize) -> String {
    grouped(&format!("{amount:.decimals$}"))
}

#[cfg(test)]
mod tests {
    use super::{alone_in_unit, decimals, in_unit, with_commas};

    #[test]
    fn amounts_are_written_as_people_write_them() {
        assert_eq!(with_commas(7_015.0, 0), "7,015");
        assert_eq!(with_commas(-1_234_567.891, 2), "-1,234,567.89");
        assert_eq!(with_commas(-999.0, 0), "-999");
        assert_eq!(in_unit(30_640.6, "gbp", 2), "£30,640.60");
        assert_eq!(in_unit(-5.0, "gbp-per-year", 0), "-£5");
        assert_eq!(in_unit(11.714, "percent", 2), "11.71%");
        assert_eq!(alone_in_unit(4.5, "days"), "4.5");
        assert_eq!(alone_in_unit(4.0, "percent"), "4%");
    }

    #[test]
    fn a_row_has_as_many_decimals_as_one_of_it_needs() {
        assert_eq!(decimals("hours", [0.0, 0.64, 3.9]), 2);
        assert_eq!(decimals("hours", [4.0, 3.9]), 1);
        assert_eq!(decimals("gbp", [4.0, 3.9]), 2);
        assert_eq!(decimals("people", [2.0, 1_030.0, 2.001]), 0);
        assert_eq!(decimals("people", []), 0);
    }
}
