//! What people had added to a scheme's tallies whose answers are deleted because of their age. It is added to a recount, so that figures
//! stay and can be proved as before.

use std::collections::BTreeMap;

use diesel::prelude::*;

use super::connection::on;
use super::schema::settled_tallies as settled;
use super::{Db, StorageError};
use crate::domain::counting::{Codebook, Counts, Packer, TallyKey, decode};

type SettledRow = (i64, String, String, String, String, String, Vec<u8>);

/// Everything that is settled in a scheme.
pub fn of_scheme(
    db: &mut Db,
    scheme_number: i64,
    codebook: &mut Codebook,
) -> Result<BTreeMap<TallyKey, Counts>, StorageError> {
    let rows: Vec<SettledRow> =
        on!(db, |c| settled::table.filter(settled::scheme_number.eq(scheme_number)).load(c))?;
    let mut counts: BTreeMap<TallyKey, Counts> = BTreeMap::new();
    for (_, council, questionnaire, series, period, group, value) in rows {
        let period = match period.as_str() {
            "" => None,
            text => {
                let unknown = |_| StorageError::Corrupt(format!("a settled tally of the period {text}"));
                Some(text.parse().map_err(unknown)?)
            }
        };
        let key = TallyKey {
            council: council.into(),
            questionnaire: questionnaire.into(),
            series: series.into(),
            period,
            group: group.into(),
        };
        counts.entry(key).or_default().add(&decode(&value, codebook)?, 1);
    }
    Ok(counts)
}

/// Adds to what is settled in a scheme; the lock of its tallies must be held.
pub fn add(
    db: &mut Db,
    scheme_number: i64,
    more: &BTreeMap<TallyKey, Counts>,
    codebook: &mut Codebook,
) -> Result<(), StorageError> {
    let known = of_scheme(db, scheme_number, codebook)?;
    let mut sums = Vec::new();
    for (key, counts) in more.iter().filter(|(_, counts)| !counts.is_zero()) {
        let mut sum = known.get(key).cloned().unwrap_or_default();
        sum.add(&counts.entries().collect::<Vec<_>>(), 1);
        sums.push((key, sum));
    }
    let packer = Packer::new(codebook);
    for (key, sum) in sums {
        let (period, value) = (key.period_text(), packer.pack(&sum));
        let row = || {
            (
                settled::scheme_number.eq(scheme_number),
                settled::council.eq(&*key.council),
                settled::questionnaire.eq(&*key.questionnaire),
                settled::series.eq(&*key.series),
                settled::period.eq(&period),
                settled::grp.eq(&*key.group),
                settled::value.eq(&value),
            )
        };
        let columns = (
            settled::scheme_number,
            settled::period,
            settled::questionnaire,
            settled::series,
            settled::grp,
            settled::council,
        );
        on!(db, |c| diesel::insert_into(settled::table)
            .values(row())
            .on_conflict(columns)
            .do_update()
            .set(settled::value.eq(&value))
            .execute(c))?;
    }
    Ok(())
}
