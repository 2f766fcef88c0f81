//! The audit log: whatever is done to a chain, or to the file of signed heads, is found, and where.

use chrono::{DateTime, TimeDelta};
use ed25519_dalek::SigningKey;
use khi::domain::audit::{
    Act, Anchor, BEGINNING, By, Entry, Event, Finding, Head, NO_LINE, Place, Target, TargetKind,
    digest_of_line, read_lines, sign_line, verify,
};
use proptest::prelude::*;

const SCHEME: i64 = 7;

fn key(seed: u8) -> SigningKey {
    SigningKey::from_bytes(&[seed; 32])
}

fn event(number: usize) -> Event {
    let at = DateTime::UNIX_EPOCH.naive_utc() + TimeDelta::minutes(i64::try_from(number).expect("small"));
    let act = Act::ALL[number % Act::ALL.len()];
    let target = Target::of(TargetKind::Response, format!("7-{number}"));
    Event::new(SCHEME, at, By::Account(format!("account-{}", number % 3)), act, target)
        .number("n", i64::try_from(number).expect("small"))
}

/// A chain of `length` entries, its head, and the head after each of them.
fn chain(length: usize) -> (Vec<Entry>, Head, Vec<Head>) {
    let mut head = Head::empty(SCHEME);
    let mut heads = Vec::new();
    let entries = (0..length)
        .map(|number| {
            let entry = head.append(&event(number));
            heads.push(head.clone());
            entry
        })
        .collect();
    (entries, head, heads)
}

/// Numbers and hashes everything anew from `from` on, as somebody would who knows how it is done; gives the new head.
fn forge(entries: &mut [Entry], from: usize) -> Head {
    let mut hash = if from == 0 { BEGINNING.to_vec() } else { entries[from - 1].hash.clone() };
    for (index, entry) in entries.iter_mut().enumerate().skip(from) {
        entry.sequence = i64::try_from(index).expect("small") + 1;
        entry.hash = entry.digest(&hash);
        hash.clone_from(&entry.hash);
    }
    Head { scheme_number: SCHEME, sequence: i64::try_from(entries.len()).expect("small"), hash }
}

#[derive(Debug, Clone, Copy)]
enum Tampering {
    Edit(usize),
    Delete,
    Insert,
    Swap,
    Truncate,
    Rewrite,
}

/// Does it at `at`, and gives the first entry that is not what it was.
fn tamper(entries: &mut Vec<Entry>, how: Tampering, at: usize, other: usize) -> usize {
    match how {
        Tampering::Edit(field) => {
            let entry = &mut entries[at];
            match field {
                0 => entry.at += TimeDelta::microseconds(1),
                1 => entry.actor = "account:somebody".into(),
                2 => entry.act = "made-up".into(),
                3 => entry.target_kind = "scheme".into(),
                4 => entry.target_id.push('0'),
                5 => entry.details = "{}".into(),
                // A letter moved from one text to the next.
                6 => {
                    let letter = entry.target_kind.pop().expect("a letter");
                    entry.target_id.insert(0, letter);
                }
                _ => entry.hash[0] ^= 1,
            }
            at
        }
        Tampering::Delete => {
            entries.remove(at);
            at
        }
        Tampering::Insert => {
            let mut made_up = entries[at].clone();
            made_up.target_id = "7-made-up".into();
            entries.insert(at, made_up);
            for entry in &mut entries[at + 1..] {
                entry.sequence += 1;
            }
            at
        }
        Tampering::Swap => {
            entries.swap(at, other);
            let (a, b) = (entries[at].sequence, entries[other].sequence);
            (entries[at].sequence, entries[other].sequence) = (b, a);
            at.min(other)
        }
        Tampering::Truncate => {
            entries.truncate(at);
            at
        }
        Tampering::Rewrite => {
            for entry in entries.iter_mut() {
                entry.actor = "account:nobody".into();
            }
            0
        }
    }
}

fn tampering() -> impl Strategy<Value = Tampering> {
    prop_oneof![
        (0..8_usize).prop_map(Tampering::Edit),
        Just(Tampering::Delete),
        Just(Tampering::Insert),
        Just(Tampering::Swap),
        Just(Tampering::Truncate),
        Just(Tampering::Rewrite),
    ]
}

fn places(found: &[Finding]) -> Vec<i64> {
    found
        .iter()
        .map(|finding| match finding.place {
            Place::Entry { scheme_number: SCHEME, sequence } => sequence,
            other => panic!("{other:?}"),
        })
        .collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(500))]

    #[test]
    fn a_chain_as_it_was_written_is_whole(length in 0..30_usize, signed in prop::collection::vec(0..30_usize, 0..5)) {
        let (entries, head, heads) = chain(length);
        let anchors: Vec<Anchor> = signed.iter().filter_map(|at| heads.get(*at)).cloned()
            .map(|head| Anchor { line: 1, head }).collect();
        prop_assert_eq!(verify(SCHEME, &entries, Some(&head), &anchors), []);
    }

    #[test]
    fn a_change_without_new_hashes_is_found_at_its_place_even_without_signed_heads(
        how in tampering(), length in 2..30_usize, at in any::<prop::sample::Index>(), other in any::<prop::sample::Index>(),
    ) {
        let (mut entries, head, _) = chain(length);
        let (at, other) = (at.index(length), other.index(length));
        prop_assume!(!matches!(how, Tampering::Swap) || at != other);
        let first = tamper(&mut entries, how, at, other);
        let found = places(&verify(SCHEME, &entries, Some(&head), &[]));
        let place = i64::try_from(first).expect("small") + 1;
        prop_assert_eq!(found.first(), Some(&place), "{:?}", found);
    }

    #[test]
    fn a_change_with_new_hashes_and_a_new_head_is_found_against_what_was_signed(
        how in tampering(), length in 2..30_usize, at in any::<prop::sample::Index>(), other in any::<prop::sample::Index>(),
        earlier in prop::collection::vec(any::<prop::sample::Index>(), 0..4),
    ) {
        let (mut entries, head, heads) = chain(length);
        let (at, other) = (at.index(length), other.index(length));
        prop_assume!(!matches!(how, Tampering::Swap) || at != other);
        prop_assume!(!matches!(how, Tampering::Edit(7))); // the hash is made anew
        let first = tamper(&mut entries, how, at, other);
        let forged = forge(&mut entries, first);
        prop_assert_eq!(verify(SCHEME, &entries, Some(&forged), &[]), [], "nothing in the database shows it");
        let mut anchors: Vec<Anchor> = earlier.iter().map(|i| heads[i.index(length)].clone())
            .map(|head| Anchor { line: 1, head }).collect();
        anchors.push(Anchor { line: 2, head });
        let found = places(&verify(SCHEME, &entries, Some(&forged), &anchors));
        prop_assert!(found.first().is_some_and(|place| *place > i64::try_from(first).expect("small")), "{:?}", found);
    }
}

#[test]
fn each_fault_says_what_is_wrong() {
    let (entries, head, heads) = chain(5);
    let signed = [Anchor { line: 3, head: heads[2].clone() }, Anchor { line: 4, head: head.clone() }];
    let codes = |entries: &[Entry], head: Option<&Head>| -> Vec<String> {
        let found = verify(SCHEME, entries, head, &signed);
        found.iter().map(|f| format!("{} {}", places(std::slice::from_ref(f))[0], f.code)).collect()
    };
    assert_eq!(codes(&entries[..3], Some(&head)), ["4 cut-off", "4 cut-off-after-signing"]);
    assert_eq!(codes(&entries[..3], Some(&heads[2])), ["4 cut-off-after-signing"]);
    assert_eq!(codes(&[], None), ["1 cut-off-after-signing"]);
    assert_eq!(codes(&entries, None), ["5 head-missing"]);
    assert_eq!(codes(&entries, Some(&heads[3])), ["5 added"]);
    let gap = [&entries[..1], &entries[3..]].concat();
    assert_eq!(codes(&gap, Some(&head)), ["2 missing"]);
    let mut edited = entries.clone();
    edited[2].act = "signed-in".into();
    assert_eq!(codes(&edited, Some(&head)), ["3 changed"]);
    edited[2].hash = edited[2].digest(&entries[1].hash);
    assert_eq!(codes(&edited, Some(&head)), ["3 not-as-signed", "4 changed"]);
    let twice = [&entries[..2], &entries[1..]].concat();
    assert_eq!(codes(&twice, Some(&head)), ["2 out-of-place"]);
    let other = Head { hash: vec![0; 32], ..head.clone() };
    assert_eq!(codes(&entries, Some(&other)), ["5 head-differs"]);
}

/// A file of signed heads of one chain, `count` lines long.
fn file(key: &SigningKey, count: usize) -> String {
    let (_, _, heads) = chain(count);
    let (mut text, mut previous) = (String::new(), (0, NO_LINE.to_owned()));
    for head in heads {
        let line = sign_line(key, (previous.0, &previous.1), "2026-07-20T09:00:00.000000Z", &[head]);
        let line = line.expect("a line");
        previous = (previous.0 + 1, digest_of_line(&line));
        text += &format!("{line}\n");
    }
    text
}

fn read(text: &str) -> (usize, Vec<String>) {
    let (anchors, found) = read_lines(text, &[key(1).verifying_key()]);
    (anchors.len(), found.iter().map(|f| format!("{:?} {}", f.place, f.code)).collect())
}

#[test]
fn lines_that_were_changed_moved_or_made_up_are_found() {
    let text = file(&key(1), 4);
    let lines: Vec<&str> = text.lines().collect();
    assert_eq!(read(&text), (4, vec![]));
    assert_eq!(read(""), (0, vec![]));
    let without = |gone: usize| {
        let kept: Vec<&str> =
            lines.iter().enumerate().filter(|(at, _)| *at != gone).map(|(_, line)| *line).collect();
        read(&kept.join("\n"))
    };
    assert_eq!(without(1), (3, vec!["Line(2) out-of-order".into()]));
    assert_eq!(without(0), (3, vec![]), "the oldest may have been put away");
    assert_eq!(
        read(&[lines[0], lines[2], lines[1], lines[3]].join("\n")).1,
        ["Line(2) out-of-order", "Line(3) out-of-order", "Line(4) out-of-order"]
    );
    let edited = text.replacen("09:00", "09:01", 1);
    assert_eq!(read(&edited), (3, vec!["Line(1) bad-signature".into(), "Line(2) out-of-order".into()]));
    let forged = file(&key(2), 4);
    assert_eq!(read(&forged).0, 0, "somebody else's key vouches for nothing");
    assert_eq!(read(&forged).1.len(), 4);
    let both = read_lines(&forged, &[key(1).verifying_key(), key(2).verifying_key()]);
    assert_eq!((both.0.len(), both.1.len()), (4, 0), "an earlier key may be named");
    assert_eq!(read("not a line").1, ["Line(1) unreadable"]);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(100))]

    #[test]
    fn no_byte_of_the_file_can_be_changed_unnoticed(at in any::<prop::sample::Index>()) {
        static TEXT: std::sync::OnceLock<String> = std::sync::OnceLock::new();
        let text = TEXT.get_or_init(|| file(&key(1), 2));
        let mut bytes = text.trim_end().as_bytes().to_vec();
        let at = at.index(bytes.len());
        bytes[at] ^= 1;
        let changed = String::from_utf8(bytes).expect("ASCII");
        prop_assert!(!read(&changed).1.is_empty(), "{at}");
    }
}
