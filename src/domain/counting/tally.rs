//! A tally: the counts of all indicators of one questionnaire and series, for one place, period and group.
//!
//! Counters, by name: `n` valid people, `p` positive ones, `d:CODE` the distribution, `x:REASON` left out,
//! `s/SCALE` and `q/SCALE` sum and sum of squares of scaled amounts, `num den num2 den2 cross` of a ratio,
//! `c+ c= c- cl` change (improved, same, worse, lost), `cc` changed where neither way is better, `m:MONTHS` months between.
//! Without an indicator: `standing` people with a standing response, `open` those of them through an open link,
//! `invited`, `responded`, `unfinished`, and `in:QUARTER`, `out:QUARTER`, `ein:QUARTER`, `eout:QUARTER` people whose support
//! (eligibility) begins in a quarter, or has ended before it.

use std::collections::HashMap;
use std::sync::Arc;

use crate::domain::period::Period;

/// Who gave the answers of a standing response.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Who {
    /// The person, alone.
    Myself = 0,
    /// The person, with help from someone who does not give the support.
    Helped = 1,
    /// The person, with help from someone who gives the support.
    HelpedBySupporter = 2,
    /// Someone for the person.
    Proxy = 3,
}

impl Who {
    /// All four.
    pub const ALL: [Who; 4] = [Self::Myself, Self::Helped, Self::HelpedBySupporter, Self::Proxy];

    /// Its name in rows.
    pub fn code(self) -> &'static str {
        match self {
            Self::Myself => "self",
            Self::Helped => "helped",
            Self::HelpedBySupporter => "helped_by_supporter",
            Self::Proxy => "proxy",
        }
    }
}

/// Where a tally belongs, within a scheme.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct TallyKey {
    /// The council.
    pub council: Arc<str>,
    /// The questionnaire; empty for who is supported.
    pub questionnaire: Arc<str>,
    /// The series; empty for who is supported, invited and responded.
    pub series: Arc<str>,
    /// The period; none for who is supported.
    pub period: Option<Period>,
    /// The group: `breakdown=value` or `unit=id`; empty for everybody.
    pub group: Arc<str>,
}

impl TallyKey {
    /// The period as it is stored.
    pub fn period_text(&self) -> String {
        self.period.map(|p| p.to_string()).unwrap_or_default()
    }
}

/// A counter's number in a [`Codebook`].
pub type Slot = u32;

/// Numbers for counters, so that counting adds to arrays. Numbers live as long as the codebook and are never stored.
#[derive(Debug, Default)]
pub struct Codebook {
    words: HashMap<Arc<str>, Word>,
    spelled: Vec<Arc<str>>,
    /// By indicator, counter and who; [`UNKNOWN`] where there is none yet.
    slots: Vec<Vec<[Slot; 4]>>,
    names: Vec<(Who, Word, Word)>,
}

/// The number of an indicator's or a counter's name.
type Word = usize;
const UNKNOWN: Slot = Slot::MAX;

impl Codebook {
    /// The number of this counter.
    pub fn slot(&mut self, who: Who, indicator: &str, counter: &str) -> Slot {
        let (indicator, counter) = (self.word(indicator), self.word(counter));
        self.slot_of(who, indicator, counter)
    }

    fn word(&mut self, name: &str) -> Word {
        if let Some(word) = self.words.get(name) {
            return *word;
        }
        let (word, name): (Word, Arc<str>) = (self.spelled.len(), name.into());
        self.words.insert(name.clone(), word);
        self.spelled.push(name);
        self.slots.push(Vec::new());
        word
    }

    fn slot_of(&mut self, who: Who, indicator: Word, counter: Word) -> Slot {
        let counters = &mut self.slots[indicator];
        if counters.len() <= counter {
            counters.resize(counter + 1, [UNKNOWN; 4]);
        }
        let slot = &mut counters[counter][who as usize];
        if *slot == UNKNOWN {
            *slot = Slot::try_from(self.names.len()).unwrap_or(UNKNOWN);
            self.names.push((who, indicator, counter));
        }
        *slot
    }

    /// Who, indicator and counter of a number.
    pub fn name(&self, slot: Slot) -> (Who, &str, &str) {
        let (who, indicator, counter) = self.names[slot as usize];
        (who, &self.spelled[indicator], &self.spelled[counter])
    }
}

/// Counts by slot, for one tally.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Counts(Vec<i64>);

impl Counts {
    /// Adds `times` each of `counts`.
    pub fn add(&mut self, counts: &[(Slot, i64)], times: i64) {
        for &(slot, count) in counts {
            let slot = slot as usize;
            if slot >= self.0.len() {
                self.0.resize(slot + 1, 0);
            }
            self.0[slot] += count * times;
        }
    }

    /// Every counter that is not zero.
    pub fn entries(&self) -> impl Iterator<Item = (Slot, i64)> {
        self.0
            .iter()
            .enumerate()
            .filter(|(_, count)| **count != 0)
            .map(|(slot, count)| (Slot::try_from(slot).unwrap_or(Slot::MAX), *count))
    }

    /// Whether every counter is zero.
    pub fn is_zero(&self) -> bool {
        self.0.iter().all(|c| *c == 0)
    }
}

/// A stored tally that cannot be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a stored tally cannot be read; `khi tallies rebuild` makes it anew")]
pub struct Corrupt;

/// How values are packed now. Those of [`BEFORE`] are read as well: snapshots keep what was stored when they were taken.
const FORMAT: u8 = 2;
const BEFORE: u8 = 1;

/// Packs counts as variable-length numbers: format, names (sorted), then for each indicator its name, how many bytes follow of it, and its
/// counters, each with its name, one bit for each of [`Who::ALL`] that has a count, and those counts. What a reader does not want is passed over
/// in one step. Made once for many tallies, so that names are sorted once.
pub struct Packer<'a> {
    /// Every name, sorted.
    names: Vec<&'a str>,
    /// Every counter, sorted by indicator, counter and who: its slot, and its parts by their places in `names`.
    counters: Vec<(Slot, usize, usize, Who)>,
}

impl<'a> Packer<'a> {
    /// A packer for counts whose numbers come from `codebook`.
    pub fn new(codebook: &'a Codebook) -> Self {
        let mut order: Vec<Word> = (0..codebook.spelled.len()).collect();
        order.sort_unstable_by_key(|word| &codebook.spelled[*word]);
        let mut places = vec![0; order.len()];
        order.iter().enumerate().for_each(|(place, word)| places[*word] = place);
        let mut counters: Vec<_> = (0..)
            .zip(&codebook.names)
            .map(|(slot, (who, indicator, counter))| (slot, places[*indicator], places[*counter], *who))
            .collect();
        counters.sort_unstable_by_key(|(_, indicator, counter, who)| (*indicator, *counter, *who));
        Self { names: order.into_iter().map(|word| &*codebook.spelled[word]).collect(), counters }
    }

    /// The counts, packed.
    pub fn pack(&self, counts: &Counts) -> Vec<u8> {
        let count = |slot: Slot| counts.0.get(slot as usize).copied().unwrap_or(0);
        let entries: Vec<_> = self
            .counters
            .iter()
            .map(|(slot, indicator, counter, who)| (*indicator, *counter, *who, count(*slot)))
            .filter(|e| e.3 != 0)
            .collect();
        // The names that occur here are numbered in their order.
        let mut numbers: Vec<Option<u64>> = vec![None; self.names.len()];
        entries.iter().for_each(|(indicator, counter, _, _)| {
            (numbers[*indicator], numbers[*counter]) = (Some(0), Some(0))
        });
        (0..).zip(numbers.iter_mut().flatten()).for_each(|(number, place)| *place = number);
        let mut bytes = Vec::with_capacity(512 + entries.len() * 3);
        bytes.push(FORMAT);
        put(&mut bytes, numbers.iter().flatten().count() as u64);
        for (name, _) in self.names.iter().zip(&numbers).filter(|(_, number)| number.is_some()) {
            put(&mut bytes, name.len() as u64);
            bytes.extend_from_slice(name.as_bytes());
        }
        let number = |name: usize| numbers[name].unwrap_or(0);
        let mut block = Vec::new();
        for of_indicator in entries.chunk_by(|a, b| a.0 == b.0) {
            block.clear();
            for of_counter in of_indicator.chunk_by(|a, b| a.1 == b.1) {
                put(&mut block, number(of_counter[0].1));
                block.push(of_counter.iter().fold(0, |bits, (_, _, who, _)| bits | 1 << *who as u8));
                of_counter.iter().for_each(|(.., count)| put(&mut block, zigzag(*count)));
            }
            put(&mut bytes, number(of_indicator[0].0));
            put(&mut bytes, block.len() as u64);
            bytes.extend_from_slice(&block);
        }
        bytes
    }
}

/// Unpacks counts.
pub fn decode(bytes: &[u8], codebook: &mut Codebook) -> Result<Vec<(Slot, i64)>, Corrupt> {
    decode_of(bytes, codebook, |_| true)
}

/// Unpacks the counts of the indicators that are wanted, and those of none. What is not wanted is passed over without looking its names up:
/// most questions are about one indicator, and a tally holds some fifteen.
pub fn decode_of(
    bytes: &[u8],
    codebook: &mut Codebook,
    wanted: impl Fn(&str) -> bool,
) -> Result<Vec<(Slot, i64)>, Corrupt> {
    let (format, mut rest) = bytes.split_first().ok_or(Corrupt)?;
    let mut names: Vec<Name<'_>> = Vec::new();
    for _ in 0..take(&mut rest)? {
        let length = take(&mut rest)?;
        names.push(Name { spelled: take_bytes(&mut rest, length)?, word: None, wanted: None });
    }
    match *format {
        FORMAT => unpack(rest, &mut names, codebook, wanted),
        BEFORE => unpack_before(rest, &mut names, codebook, wanted),
        _ => Err(Corrupt),
    }
}

fn unpack(
    mut rest: &[u8],
    names: &mut [Name<'_>],
    codebook: &mut Codebook,
    wanted: impl Fn(&str) -> bool,
) -> Result<Vec<(Slot, i64)>, Corrupt> {
    let mut counts = Vec::new();
    while !rest.is_empty() {
        let indicator = named(names, take(&mut rest)?)?;
        let length = take(&mut rest)?;
        let mut block = take_bytes(&mut rest, length)?;
        if !indicator.is_wanted(&wanted)? {
            continue;
        }
        let indicator = indicator.word(codebook)?;
        while !block.is_empty() {
            let counter = named(names, take(&mut block)?)?.word(codebook)?;
            let (bits, after) = block.split_first().ok_or(Corrupt)?;
            block = after;
            for who in Who::ALL.into_iter().filter(|who| bits >> *who as u8 & 1 == 1) {
                let slot = codebook.slot_of(who, indicator, counter);
                counts.push((slot, unzigzag(take(&mut block)?)));
            }
        }
    }
    Ok(counts)
}

/// The form before: (indicator × 4 + who, counter, count), one after the other.
fn unpack_before(
    mut rest: &[u8],
    names: &mut [Name<'_>],
    codebook: &mut Codebook,
    wanted: impl Fn(&str) -> bool,
) -> Result<Vec<(Slot, i64)>, Corrupt> {
    let mut counts = Vec::new();
    for _ in 0..take(&mut rest)? {
        let (place, counter, count) = (take(&mut rest)?, take(&mut rest)?, take(&mut rest)?);
        let indicator = named(names, place / 4)?;
        if !indicator.is_wanted(&wanted)? {
            continue;
        }
        let indicator = indicator.word(codebook)?;
        let counter = named(names, counter)?.word(codebook)?;
        let slot = codebook.slot_of(Who::ALL[(place % 4) as usize], indicator, counter);
        counts.push((slot, unzigzag(count)));
    }
    if rest.is_empty() { Ok(counts) } else { Err(Corrupt) }
}

fn named<'n, 'b>(names: &'n mut [Name<'b>], number: u64) -> Result<&'n mut Name<'b>, Corrupt> {
    usize::try_from(number).ok().and_then(|number| names.get_mut(number)).ok_or(Corrupt)
}

/// A name in a packed tally, looked up when it is first needed.
struct Name<'a> {
    spelled: &'a [u8],
    word: Option<Word>,
    wanted: Option<bool>,
}

impl Name<'_> {
    fn spelled(&self) -> Result<&str, Corrupt> {
        std::str::from_utf8(self.spelled).map_err(|_| Corrupt)
    }

    /// Whether counts of this indicator are wanted.
    fn is_wanted(&mut self, wanted: impl Fn(&str) -> bool) -> Result<bool, Corrupt> {
        if let Some(known) = self.wanted {
            return Ok(known);
        }
        let name = self.spelled()?;
        Ok(*self.wanted.insert(name.is_empty() || wanted(name)))
    }

    fn word(&mut self, codebook: &mut Codebook) -> Result<Word, Corrupt> {
        match self.word {
            Some(known) => Ok(known),
            None => Ok(*self.word.insert(codebook.word(self.spelled()?))),
        }
    }
}

/// Seven bits a byte, least first.
fn put(bytes: &mut Vec<u8>, mut number: u64) {
    while number >= 0x80 {
        bytes.push((number & 0x7f) as u8 | 0x80);
        number >>= 7;
    }
    bytes.push((number & 0x7f) as u8);
}

/// Numbers near zero are short, also those below it.
fn zigzag(count: i64) -> u64 {
    ((count << 1) ^ (count >> 63)).cast_unsigned()
}

fn unzigzag(number: u64) -> i64 {
    (number >> 1).cast_signed() ^ -(number & 1).cast_signed()
}

fn take_bytes<'b>(bytes: &mut &'b [u8], length: u64) -> Result<&'b [u8], Corrupt> {
    let length = usize::try_from(length).map_err(|_| Corrupt)?;
    let (taken, rest) = bytes.split_at_checked(length).ok_or(Corrupt)?;
    *bytes = rest;
    Ok(taken)
}

fn take(bytes: &mut &[u8]) -> Result<u64, Corrupt> {
    let mut number = 0;
    for shift in (0..64).step_by(7) {
        let (first, rest) = bytes.split_first().ok_or(Corrupt)?;
        *bytes = rest;
        number |= u64::from(first & 0x7f) << shift;
        if first & 0x80 == 0 {
            return Ok(number);
        }
    }
    Err(Corrupt)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn packing_and_unpacking_gives_the_same_counts(
            entries in proptest::collection::vec((0usize..4, "[a-z-]{0,9}", "[a-z:/+0-9]{1,6}", any::<i64>()), 0..60)
        ) {
            let mut codebook = Codebook::default();
            let mut counts = Counts::default();
            for (who, indicator, counter, count) in &entries {
                let slot = codebook.slot(Who::ALL[*who], indicator, counter);
                counts.add(&[(slot, count / 64)], 1);
            }
            let bytes = Packer::new(&codebook).pack(&counts);
            // Another process has another codebook.
            let mut other = Codebook::default();
            other.slot(Who::Proxy, "first", "n");
            let mut read = Counts::default();
            read.add(&decode(&bytes, &mut other).expect("decodes"), 1);
            prop_assert_eq!(Packer::new(&other).pack(&read), bytes);
        }

        #[test]
        fn unpacking_some_indicators_gives_what_unpacking_all_gives_of_them(
            entries in proptest::collection::vec((0usize..4, "[ab]{0,2}", "[a-z:/+0-9]{1,3}", 1i64..1000), 0..60)
        ) {
            let mut codebook = Codebook::default();
            let mut counts = Counts::default();
            for (who, indicator, counter, count) in &entries {
                let slot = codebook.slot(Who::ALL[*who], indicator, counter);
                counts.add(&[(slot, *count)], 1);
            }
            let bytes = Packer::new(&codebook).pack(&counts);
            let named = |codebook: &Codebook, read: Vec<(Slot, i64)>| -> Vec<(Who, String, String, i64)> {
                let name = |(slot, count)| {
                    let (who, indicator, counter) = codebook.name(slot);
                    (who, indicator.to_owned(), counter.to_owned(), count)
                };
                read.into_iter().map(name).collect()
            };
            let (mut whole, mut part) = (Codebook::default(), Codebook::default());
            let mut all = decode(&bytes, &mut whole).map(|read| named(&whole, read)).expect("decodes");
            let some = decode_of(&bytes, &mut part, |i| i == "a").map(|read| named(&part, read)).expect("decodes");
            all.retain(|(_, indicator, _, _)| indicator.is_empty() || indicator == "a");
            prop_assert_eq!(all, some);
        }

        #[test]
        fn unpacking_never_panics(bytes in proptest::collection::vec(any::<u8>(), 0..80)) {
            let _ = decode(&bytes, &mut Codebook::default());
            for format in [FORMAT, BEFORE] {
                let mut marked = vec![format];
                marked.extend(&bytes);
                let _ = decode(&marked, &mut Codebook::default());
                let _ = decode_of(&marked, &mut Codebook::default(), |indicator| indicator.len() > 1);
            }
        }
    }

    #[test]
    fn what_was_packed_in_the_form_before_is_still_read() {
        // Names “”, “a” and “n”; of “a” two who answered alone and one fewer through somebody else; of none, 300 asked.
        let before = [1, 3, 0, 1, b'a', 1, b'n', 3, 0, 2, 0xd8, 0x04, 4, 2, 4, 7, 2, 1];
        let mut codebook = Codebook::default();
        let read = decode(&before, &mut codebook).expect("decodes");
        let said: Vec<_> = read.iter().map(|(slot, count)| (codebook.name(*slot), *count)).collect();
        assert_eq!(
            said,
            [((Who::Myself, "", "n"), 300), ((Who::Myself, "a", "n"), 2), ((Who::Proxy, "a", "n"), -1)]
        );
        let mut counts = Counts::default();
        counts.add(&read, 1);
        let now = Packer::new(&codebook).pack(&counts);
        assert_eq!(now, [2, 3, 0, 1, b'a', 1, b'n', 0, 4, 2, 1, 0xd8, 0x04, 1, 4, 2, 0b1001, 4, 1]);
        assert_eq!(decode(&[3, 0], &mut codebook), Err(Corrupt), "a form that does not exist yet");
    }
}
