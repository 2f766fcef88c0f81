//! Answering page by page: what must hold whatever forms are sent, in whatever order, by however many browsers.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use khi::domain::answering::{Company, Draft, Form, Length, Look, Origin, Seen, Step};
use khi::domain::definition::Definition;
use khi::domain::question::Kind;
use khi::domain::submission::{HELP, ROLES, Setting, Submission};
use proptest::prelude::*;

use crate::support::{LEEDS, registry, scheme, version};

/// What somebody does, drawn from numbers: which page, which of its answers, and how.
type Drawn = (usize, u8, u64);

fn questionnaires() -> [Arc<Definition>; 5] {
    [
        ("shared-lives", "1.0.0"),
        ("wellbeing-teams-worker", "1.0.0"),
        ("homeshare-homesharer", "1.0.0"),
        ("garden-club", "1.0.0"),
        ("garden-club", "2.0.0"),
    ]
    .map(|(id, v)| version(registry(), id, v))
}

fn begun(definition: &Definition, named: bool, fact: u8) -> Draft {
    let about: BTreeMap<String, Vec<String>> = match (definition.model.code(), fact % 3) {
        (_, 0) => BTreeMap::new(),
        ("community-enterprise", n) => {
            BTreeMap::from([("plot".into(), vec![["own", "none"][usize::from(n - 1)].into()])])
        }
        (_, n) => BTreeMap::from([(
            "arrangement".into(),
            vec![["live-in", "day-support"][usize::from(n - 1)].into()],
        )]),
    };
    let origin = Origin {
        questionnaire: definition.id.clone(),
        version: definition.version.to_string(),
        scheme: "rose-lane".into(),
        council: LEEDS.into(),
        unit: None,
        participant: named.then(|| "P-1".into()),
        invitation: named.then(|| "01HZZZZZZZZZZZZZZZZZZZZZZZ".into()),
        open_link: (!named).then(|| "01HZZZZZZZZZZZZZZZZZZZZZZZ".into()),
        occasion: None,
        due_on: None,
        about,
        visit: None,
    };
    Draft::new(origin, Look::default().fitted(definition), Length::All)
}

/// Every page that the questionnaire could have.
fn pages(definition: &Definition) -> Vec<Step> {
    let own = [
        Step::Who,
        Step::Count,
        Step::Company,
        Step::Quotes,
        Step::AskAgain,
        Step::Share,
        Step::HelperRole,
        Step::HelperHow,
        Step::HelperSupport,
        Step::Check,
    ];
    own.into_iter().chain(definition.items.iter().map(|i| Step::Item(i.id.clone()))).collect()
}

/// Something entered on a page: mostly one of its answers, sometimes nonsense, sometimes several.
fn entered(step: &Step, definition: &Definition, mut draw: u64) -> Form {
    let mut below = |n: usize| {
        draw = draw.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(draw >> 33).expect("31 bits") % n
    };
    let mut known: Vec<String> =
        ["yes", "no", "self", "helped", "proxy", "alone", "together", "later"].map(str::to_owned).to_vec();
    if let Step::Item(id) = step {
        known = match definition.item(id).map(|(_, item)| &item.kind) {
            Some(Kind::Count(range) | Kind::Scale(range)) => {
                (range.min - 1..=range.max + 1).map(|n| n.to_string()).collect()
            }
            Some(kind) => kind.choices().iter().map(|c| c.code.clone()).collect(),
            None => Vec::new(),
        };
    }
    match step {
        Step::HelperRole => known = ROLES.map(str::to_owned).to_vec(),
        Step::HelperHow => known = HELP.map(str::to_owned).to_vec(),
        _ => known.extend(["missing:dont-know", "", "  ", "My words", "nonsense"].map(str::to_owned)),
    }
    let several = if below(4) == 0 { below(4) } else { 1 };
    Form((0..several).map(|_| ("answer".to_owned(), known[below(known.len())].clone())).collect())
}

/// Holds a draft to what is true of every draft.
fn check(draft: &Draft, definition: &Definition) {
    let path = draft.path(definition);
    let (who, count) = path.split_at(usize::from(path[0] == Step::Who));
    assert_eq!(who.is_empty(), definition.asks_at_work(), "at work nobody answers for somebody else");
    assert_eq!((count.first(), count.last()), (Some(&Step::Count), Some(&Step::Check)));
    let distinct: BTreeSet<&Step> = path.iter().collect();
    assert_eq!(distinct.len(), path.len(), "each page once: {path:?}");
    let asked: BTreeSet<&str> = draft.asked(definition).iter().map(|i| i.id.as_str()).collect();
    let resume = draft.resume(definition);
    let mut open = false;
    for step in &path {
        if let Step::Item(id) = step {
            assert!(asked.contains(id.as_str()), "{id} is on the way and not asked");
        }
        if !open && !draft.is_done(step) {
            assert_eq!(*step, resume, "one goes on at the first page without an answer");
            open = true;
        }
        for changing in [false, true] {
            assert!(
                path.contains(&draft.after(step, definition, changing)),
                "every page leads to one of the way"
            );
        }
        let before = draft.before(step, definition);
        assert!(before.is_none_or(|b| draft.after(&b, definition, false) == *step), "back and on again");
        assert!(draft.progress(step, definition).is_none_or(|(n, all)| (1..=all).contains(&n)));
    }
    let again: Draft = serde_json::from_str(&serde_json::to_string(draft).expect("json")).expect("reads");
    assert_eq!(again, *draft, "what is stored is what was said");
}

/// What is sent passes every check of a response, and reads the same after a correction that changes nothing.
fn check_sent(draft: &Draft, definition: &Definition) {
    let today = "2026-07-20".parse().expect("a day");
    let scheme = scheme(registry(), definition.model.code());
    let setting = Setting { registry: registry(), scheme: Some(&scheme), today };
    let body = draft.to_sent(definition, registry(), LEEDS, today);
    let sent =
        Submission::check(&body, &setting).unwrap_or_else(|faults| panic!("{faults:?}\n{body}\n{draft:?}"));
    let asked: BTreeSet<&str> = draft.asked(definition).iter().map(|i| i.id.as_str()).collect();
    for (id, given) in &draft.answers {
        let counts = sent.answers[id] == given.answer;
        assert!(counts || !asked.contains(id.as_str()), "{id} was said, is asked, and was lost");
        assert!(
            asked.contains(id.as_str()) || sent.answers[id].missing().is_some(),
            "{id} is not asked and counts"
        );
    }
    let again = Submission::check(&sent.to_sent(registry()), &setting);
    assert_eq!(again.as_ref(), Ok(&sent), "a correction that changes nothing");
}

/// Does one thing.
fn act(draft: &mut Draft, definition: &Definition, sitting: &mut u32, &(which, how, draw): &Drawn) {
    match how {
        0..=2 => *sitting = draft.sit_down(),
        3 => draft.length = if draft.length == Length::All { Length::Few } else { Length::All },
        4 => draft.show_before = !draft.show_before,
        5..=110 => {
            let step = draft.resume(definition);
            let form = entered(&step, definition, draw);
            take(draft, definition, &step, &form, how < 20, *sitting);
        }
        _ => {
            let pages = pages(definition);
            let step = &pages[which % pages.len()];
            if draft.path(definition).contains(step) {
                take(draft, definition, step, &entered(step, definition, draw), how > 240, *sitting);
            }
        }
    }
}

fn take(draft: &mut Draft, definition: &Definition, step: &Step, form: &Form, skip: bool, sitting: u32) {
    let before = draft.clone();
    match draft.save(step, definition, form, skip, sitting) {
        Err(_) => assert_eq!(*draft, before, "a page with a fault changes nothing"),
        Ok(()) => {
            assert!(*step == Step::Check || draft.is_done(step), "{step:?} was taken in");
            let mut twice = draft.clone();
            twice
                .save(step, definition, form, skip, sitting)
                .expect("what was taken in once is taken in twice");
            assert_eq!(twice, *draft, "pressed twice is pressed once");
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, ..ProptestConfig::default() })]

    #[test]
    fn whatever_is_sent_the_way_holds_and_the_response_says_what_was_said(
        which in 0..5_usize, named in any::<bool>(), fact in any::<u8>(),
        acts in prop::collection::vec((any::<usize>(), any::<u8>(), any::<u64>()), 0..60),
    ) {
        let definition = &questionnaires()[which];
        let (mut draft, mut sitting) = (begun(definition, named, fact), 1);
        for one in &acts {
            act(&mut draft, definition, &mut sitting, one);
            check(&draft, definition);
        }
        if draft.can_be_sent() {
            check_sent(&draft, definition);
        }
    }

    #[test]
    fn what_was_said_alone_or_at_another_time_is_never_seen_again_unless_it_was_wished(
        which in 0..5_usize, acts in prop::collection::vec((any::<usize>(), any::<u8>(), any::<u64>()), 20..120),
    ) {
        let definition = &questionnaires()[which];
        let (mut draft, mut sitting) = (begun(definition, true, 1), 1);
        let helped = Form(vec![("answer".into(), "helped".into())]);
        if !definition.asks_at_work() {
            draft.save(&Step::Who, definition, &helped, false, 1).expect("taken in");
        }
        // In which sitting each answer was entered; and those of a turn alone that is over.
        let mut given: BTreeMap<String, u32> = BTreeMap::new();
        let mut over: BTreeSet<String> = BTreeSet::new();
        for one in &acts {
            let before = draft.clone();
            act(&mut draft, definition, &mut sitting, one);
            for (id, now) in &draft.answers {
                let entered = before.answers.get(id) != Some(now) && now.sitting == sitting;
                if entered {
                    given.insert(id.clone(), sitting);
                    over.remove(id);
                }
                let alone_is_over = before.company == Some(Company::Alone) && draft.company != Some(Company::Alone);
                if alone_is_over && now.alone {
                    over.insert(id.clone());
                }
                let seen = matches!(draft.seen(id, sitting), Seen::Answer(_));
                prop_assert!(!seen || !over.contains(id), "{id} was said alone");
                let other_time = given.get(id).is_some_and(|when| *when != sitting);
                prop_assert!(!seen || draft.show_before || !other_time, "{id} was said at another time");
            }
        }
    }
}

#[test]
fn who_answers_and_who_may_see_it_is_asked_of_those_whom_it_concerns() {
    for (id, who, share) in [
        ("shared-lives", true, true),
        ("homeshare-householder", true, true),
        ("homeshare-homesharer", true, true),
        ("shared-lives-carer", true, false),
        ("small-supports-people-who-know-me", true, false),
        ("community-enterprise-worker", false, false),
        ("community-led-support-partner", false, false),
        ("asset-based-area", false, false),
    ] {
        let definition = version(registry(), id, "1.0.0");
        let path = begun(&definition, true, 0).path(&definition);
        assert_eq!(path.contains(&Step::Who), who, "{id}");
        assert_eq!(path.contains(&Step::Share), share, "{id}");
    }
}
