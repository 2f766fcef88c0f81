//! Which answers raise a safeguarding task, and whom it goes to, in what order.

use khi::domain::contacts::{Contact, Contacts};
use khi::domain::question::{Answer, Kind, Missing};
use khi::domain::routing::Answers;
use khi::domain::safeguarding::{
    Surroundings, Told, Turn, is_routed_round, newly_raised, next, raised, route,
};

use crate::support::{registry, version};

/// Leads `1` to `leads`, and `o` outside where there is somebody.
fn contacts(leads: usize, outside: bool) -> Contacts {
    let contact = |name: String| Contact { email: format!("{name}@x.example"), name };
    Contacts {
        help: None,
        leads: (1..=leads).map(|n| contact(n.to_string())).collect(),
        outside: outside.then(|| contact("o".into())),
    }
}

/// (leads, somebody outside, whether a supporter helped, who sent it, the route)
const ROUTES: [(usize, bool, bool, Option<&str>, &str); 25] = [
    (0, false, false, None, ""),
    (0, true, false, None, "o"),
    (1, false, false, None, "1"),
    (1, true, false, None, "1 o"),
    (2, true, false, None, "1 2 o"),
    (2, false, false, None, "1 2"),
    (4, true, false, None, "1 2 o 3 4"),
    (4, false, false, None, "1 2 3 4"),
    // A supporter helped: never the first lead, and soon outside.
    (2, true, true, None, "2 o"),
    (4, true, true, None, "2 o 3 4"),
    (2, false, true, None, "2"),
    (1, true, true, None, "o"),
    (1, false, true, None, "1"),
    (0, true, true, None, "o"),
    // Whoever sent it is passed over.
    (2, true, false, Some("1@x.example"), "2 o"),
    (2, true, false, Some("1@X.EXAMPLE"), "2 o"),
    (2, true, false, Some("2@x.example"), "1 o"),
    (3, true, false, Some("1@x.example"), "2 3 o"),
    (2, true, false, Some("o@x.example"), "1 2"),
    (2, true, false, Some("nobody@x.example"), "1 2 o"),
    // Both.
    (3, true, true, Some("2@x.example"), "3 o"),
    (2, true, true, Some("2@x.example"), "o"),
    // If that leaves nobody, whoever is there, in order.
    (2, false, true, Some("2@x.example"), "1 2"),
    (1, false, false, Some("1@x.example"), "1"),
    (0, true, false, Some("o@x.example"), "o"),
];

#[test]
fn a_task_goes_to_these_in_this_order() {
    for (leads, outside, supporter, sender, expected) in ROUTES {
        let (contacts, around) = (contacts(leads, outside), Surroundings { supporter, sender });
        let names: Vec<&str> = route(&contacts, &around).iter().map(|c| c.name.as_str()).collect();
        assert_eq!(names.join(" "), expected, "{leads} leads, outside {outside}, {around:?}");
        // Told one after the other, everybody on the route hears once, and then nobody is left.
        let (mut told, mut order) = (Vec::new(), Vec::new());
        while let Some((contact, turn)) = next(&contacts, &around, &told) {
            let right = match turn {
                Turn::Outside => contact.name == "o",
                Turn::First => told.is_empty() && contact.name != "o",
                Turn::Next => !told.is_empty() && contact.name != "o",
            };
            assert!(right, "{turn:?} {}", contact.name);
            order.push(contact.name.clone());
            let (name, email) = (contact.name.clone(), contact.email.to_uppercase());
            told.push(Told { name, email, at: Default::default() });
        }
        assert_eq!(order.join(" "), expected);
        // Who may be close to it and is not on the route must not see it; everybody else may.
        for contact in contacts.leads.iter().chain(&contacts.outside) {
            let on_route = order.contains(&contact.name);
            assert_eq!(is_routed_round(&contacts, &around, &contact.email), !on_route, "{}", contact.name);
        }
        assert!(!is_routed_round(&contacts, &around, "colleague@x.example"));
    }
}

#[test]
fn somebody_named_later_is_told_when_their_turn_comes() {
    let around = Surroundings::default();
    let told = |names: &[&str]| -> Vec<Told> {
        let one =
            |n: &&str| Told { name: (*n).into(), email: format!("{n}@x.example"), at: Default::default() };
        names.iter().map(one).collect()
    };
    let name = |contacts: &Contacts, names: &[&str]| {
        next(contacts, &around, &told(names)).map(|(c, _)| c.name.clone())
    };
    assert_eq!(name(&contacts(2, true), &["9"]), Some("1".into()), "a new first lead comes before the rest");
    assert_eq!(name(&contacts(3, true), &["1", "2", "o"]), Some("3".into()));
    assert_eq!(name(&contacts(2, true), &["1", "2", "o"]), None);
}

#[test]
fn marked_options_and_any_words_to_a_marked_question_raise_a_task_and_nothing_else_does() {
    let definition = version(registry(), "shared-lives", "1.0.0");
    let with = |answers: &[(&str, Answer)]| -> Answers {
        answers.iter().map(|(id, answer)| ((*id).to_owned(), answer.clone())).collect()
    };
    let choice = |code: &str| Answer::Choice(code.into());
    let words = |words: &str| Answer::Words { words: words.into() };
    let missing = |missing| Answer::Missing { missing };
    let cases: [(&[(&str, Answer)], &[&str]); 7] = [
        (&[("safe", choice("no"))], &["safe"]),
        (&[("safe", choice("yes")), ("kind", choice("no"))], &[]),
        (&[("one-thing", words("Anything at all"))], &["one-thing"]),
        (&[("one-thing", words(" \n"))], &[]),
        (&[("one-thing", missing(Missing::PreferNotToSay)), ("safe", missing(Missing::DontKnow))], &[]),
        (&[("one-thing", words("x")), ("safe", choice("no"))], &["safe", "one-thing"]),
        (&[], &[]),
    ];
    for (answers, expected) in &cases {
        assert_eq!(raised(&definition, &with(answers)), *expected, "{answers:?}");
    }
    let (before, after) = (with(cases[5].0), with(&[("one-thing", words("y")), ("safe", choice("no"))]));
    assert_eq!(newly_raised(&definition, &before, &after), ["one-thing"], "other words are heard again");
    assert_eq!(newly_raised(&definition, &before, &before), [""; 0]);
    assert_eq!(newly_raised(&definition, &after, &with(&[])), [""; 0], "what is taken back raises nothing");
}

#[test]
fn every_shipped_questionnaire_lets_people_say_that_they_are_not_safe() {
    for definition in registry().definitions() {
        let alerts = definition.items.iter().filter(|item| {
            item.kind.choices().iter().any(|c| c.alert) || item.alert && matches!(item.kind, Kind::Text)
        });
        if definition.id.starts_with("garden") {
            continue; // the test's own
        }
        assert!(alerts.count() > 0, "{}", definition.id);
    }
}
