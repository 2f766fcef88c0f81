//! One step as a page: its question, its answers, what was said before, and what was wrong.

use crate::domain::answering::{Company, Draft, Form, Look, PageFault, Seen, Step};
use crate::domain::definition::{Definition, Model};
use crate::domain::question::{Answer, Item, Kind, Missing};
use crate::domain::submission::{CompletedBy, HELP, ROLES};
use crate::use_cases::Sitting;
use crate::web::words::Words;

use super::{of_item, pictured, sentences};

/// A question with its answers.
pub(in crate::web::pages) struct Ask {
    pub(in crate::web::pages) heading: String,
    /// What follows the first sentence of the question.
    pub(in crate::web::pages) more: Vec<String>,
    /// Small, above the question: whom it is for.
    pub(in crate::web::pages) eyebrow: Option<String>,
    pub(in crate::web::pages) picture: Option<String>,
    /// Where the recording of the question is, if it is to be heard.
    pub(in crate::web::pages) recording: Option<String>,
    pub(in crate::web::pages) hint: Option<String>,
    /// `one`, `many`, `scale`, `number`, `words` or `note`.
    pub(in crate::web::pages) kind: &'static str,
    pub(in crate::web::pages) choices: Vec<ChoiceView>,
    /// What was typed.
    pub(in crate::web::pages) value: String,
    pub(in crate::web::pages) error: Option<String>,
    pub(in crate::web::pages) can_skip: bool,
    /// What stands at the ends of a scale.
    pub(in crate::web::pages) ends: Option<(String, String)>,
    /// What ids and names on the page end with; nothing, where the page has one question.
    pub(in crate::web::pages) mark: String,
    /// That an answer is there and hidden.
    pub(in crate::web::pages) saved: Option<&'static str>,
}

/// One answer card.
pub(in crate::web::pages) struct ChoiceView {
    pub(in crate::web::pages) id: String,
    pub(in crate::web::pages) value: String,
    pub(in crate::web::pages) label: String,
    pub(in crate::web::pages) picture: Option<String>,
    pub(in crate::web::pages) checked: bool,
}

/// The page of `step`. `sent` is a form that could not be taken in, with why.
pub(in crate::web::pages) fn ask(
    sitting: &Sitting,
    step: &Step,
    sent: Option<(&Form, PageFault)>,
) -> Option<Ask> {
    let (draft, definition) = (&sitting.draft, &*sitting.definition);
    let w = Words::of(&draft.look.rendition, &draft.look.language);
    let mut ask = match step {
        Step::Item(id) => of_question(sitting, definition.item(id)?.1, w),
        Step::Check => return None,
        own => of_ours(draft, definition, own, w),
    };
    if let Some((form, fault)) = sent {
        ask.error = Some(told(fault, ask.can_skip, w));
        ask.value = form.get("answer").unwrap_or_default().to_owned();
        for choice in &mut ask.choices {
            choice.checked = form.all("answer").any(|a| a == choice.value);
        }
    }
    let mut sentences = sentences(&ask.heading);
    if sentences.len() > 1 {
        ask.heading = sentences.remove(0);
        ask.more = sentences;
    }
    for (index, choice) in ask.choices.iter_mut().enumerate() {
        choice.id = if index == 0 { "answer".to_owned() } else { format!("answer-{}", index + 1) };
    }
    Some(ask)
}

/// A question of the questionnaire.
fn of_question(sitting: &Sitting, item: &Item, w: Words) -> Ask {
    let (draft, definition) = (&sitting.draft, &*sitting.definition);
    let look = &draft.look;
    let say = |texts| definition.say(texts, &look.rendition, &look.language);
    let seen = draft.seen(&item.id, sitting.number);
    let answer = seen.answer();
    let chosen = |code: &str| match answer {
        Some(Answer::Choice(choice)) => choice == code,
        Some(Answer::Choices(choices)) => choices.iter().any(|c| c == code),
        Some(Answer::Number(number)) => number.to_string() == code,
        _ => false,
    };
    let mut choices: Vec<ChoiceView> = item
        .kind
        .choices()
        .iter()
        .map(|option| {
            let picture = option.picture.as_ref().and_then(|p| pictured(look, &p.symbol, None));
            ChoiceView::new(&option.code, say(&option.text), picture, chosen(&option.code))
        })
        .collect();
    let mut ends = None;
    let kind = match &item.kind {
        Kind::Single(_) => "one",
        Kind::Multiple(_) => "many",
        Kind::Scale(range) => {
            choices = (range.min..=range.max)
                .map(|n| ChoiceView::new(&n.to_string(), n.to_string(), None, chosen(&n.to_string())))
                .collect();
            ends = range.ends.as_ref().map(|(low, high)| (say(low), say(high)));
            "scale"
        }
        Kind::Count(_) => "number",
        Kind::Text => "words",
        Kind::Note => "note",
    };
    if kind == "one" {
        let unsure = matches!(answer, Some(Answer::Missing { missing: Missing::DontKnow }));
        let picture = choices.iter().any(|c| c.picture.is_some());
        let picture = if picture { pictured(look, "dont-know", None) } else { None };
        choices.push(ChoiceView::new("missing:dont-know", w.t("dont_know").to_owned(), picture, unsure));
    }
    Ask {
        heading: say(&item.text),
        more: Vec::new(),
        eyebrow: (draft.company == Some(Company::Alone)).then(|| w.t("your_turn").to_owned()),
        picture: of_item(definition, look, &item.id),
        recording: definition
            .recording(item, &look.rendition, &look.language)
            .filter(|_| look.aloud)
            .map(|name| format!("/media/{name}")),
        hint: (kind == "number").then(|| w.t("number_hint").to_owned()),
        kind,
        choices,
        value: match answer {
            Some(Answer::Number(number)) if kind == "number" => number.to_string(),
            Some(Answer::Words { words }) => words.clone(),
            _ => String::new(),
        },
        error: None,
        mark: String::new(),
        can_skip: kind != "note",
        ends,
        saved: match seen {
            Seen::Hidden if draft.answers.get(&item.id).is_some_and(|g| g.alone) => {
                Some(w.t("answered_alone"))
            }
            Seen::Hidden => Some(w.t("answered_before")),
            _ => None,
        },
    }
}

/// A page of ours: who answers, what may be done with the answers, who helped.
fn of_ours(draft: &Draft, definition: &Definition, step: &Step, w: Words) -> Ask {
    let look = &draft.look;
    let card = |value: &str, key: &str, symbol: &str, checked: bool| {
        ChoiceView::new(value, w.t(key).to_owned(), pictured(look, symbol, None), checked)
    };
    let yes_no = |given: Option<bool>| {
        vec![card("yes", "yes", "tick", given == Some(true)), card("no", "no", "cross", given == Some(false))]
    };
    let (heading, hint, symbol, choices, can_skip) = match step {
        Step::Who => {
            let cards = vec![
                card("self", "who_self", "me-alone", draft.who == Some(CompletedBy::Myself)),
                card("helped", "who_helped", "me-with-help", draft.who == Some(CompletedBy::Helped)),
                card("proxy", "who_proxy", "someone-for-me", draft.who == Some(CompletedBy::Proxy)),
            ];
            ("who_title", None, "", cards, false)
        }
        Step::Count => {
            let cards = vec![
                card("yes", "count_yes", "tick", draft.count == Some(true)),
                card("no", "count_no", "cross", draft.count == Some(false)),
            ];
            ("count_title", None, "count-me", cards, false)
        }
        Step::Company => {
            let is = |company| draft.company == Some(company);
            let cards = vec![
                card("alone", "company_alone", "me-alone", is(Company::Alone)),
                card("together", "company_together", "me-with-help", is(Company::Together)),
                card("later", "company_later", "clock", is(Company::Later)),
            ];
            ("company_title", Some("company_hint"), "lock-private", cards, false)
        }
        Step::Quotes => ("quotes_title", Some("quotes_hint"), "quote", yes_no(draft.quotes), true),
        Step::AskAgain => ("ask_again_title", None, "ask-again", yes_no(draft.ask_again), true),
        Step::Share => ("share_title", Some("share_hint"), "share-worker", yes_no(draft.share), true),
        Step::HelperRole => ("helper_title", None, "", roles(draft, definition, w), false),
        Step::HelperHow => {
            let given = draft.helper.help.as_deref().unwrap_or_default();
            let cards = HELP
                .iter()
                .map(|code| {
                    let label = w.t(&format!("help_{code}")).to_owned();
                    ChoiceView::new(code, label, None, given.iter().any(|g| g == code))
                })
                .collect();
            ("helper_how_title", None, "", cards, false)
        }
        Step::HelperSupport => (
            "helper_support_title",
            Some("helper_support_hint"),
            "",
            yes_no(draft.helper.gives_support),
            false,
        ),
        Step::Item(_) | Step::Check => ("", None, "", Vec::new(), false),
    };
    let to_helper = matches!(step, Step::HelperRole | Step::HelperHow | Step::HelperSupport);
    let for_whom = if draft.who == Some(CompletedBy::Proxy) { "for_proxy" } else { "for_helper" };
    Ask {
        heading: w.t(heading).to_owned(),
        more: Vec::new(),
        eyebrow: to_helper.then(|| w.t(for_whom).to_owned()),
        picture: pictured(look, symbol, None),
        recording: None,
        hint: hint.map(|key| w.t(key).to_owned()),
        kind: if *step == Step::HelperHow { "many" } else { "one" },
        choices,
        value: String::new(),
        error: None,
        mark: String::new(),
        can_skip,
        ends: None,
        saved: None,
    }
}

/// The roles that a helper can have in this model.
fn roles(draft: &Draft, definition: &Definition, w: Words) -> Vec<ChoiceView> {
    let belongs = |role: &str| match role {
        "shared-lives-carer" => definition.model == Model::SharedLives,
        "homesharer" | "householder" => definition.model == Model::Homeshare,
        "enterprise-worker" => definition.model == Model::CommunityEnterprise,
        "circle-member" => definition.model == Model::CommunityCircles,
        "coordinator" => definition.model != Model::SharedLives,
        _ => true,
    };
    ROLES
        .iter()
        .filter(|role| belongs(role))
        .map(|role| {
            let label = w.t(&format!("role_{}", role.replace('-', "_"))).to_owned();
            ChoiceView::new(role, label, None, draft.helper.role.as_deref() == Some(role))
        })
        .collect()
}

/// What was wrong, and what to do.
fn told(fault: PageFault, can_skip: bool, w: Words) -> String {
    let key = match fault {
        PageFault::ChooseOne if can_skip => "choose_one",
        PageFault::ChooseOne => "choose_one_here",
        PageFault::ChooseSome if can_skip => "choose_some",
        PageFault::ChooseSome => "choose_some_here",
        PageFault::StandsAlone => "stands_alone",
        PageFault::NumberMissing => "number_missing",
        PageFault::NotANumber => "not_a_number",
        PageFault::OutOfRange(..) => "out_of_range",
        PageFault::WordsMissing => "words_missing",
        PageFault::TooLong => "too_long",
    };
    match fault {
        PageFault::OutOfRange(min, max) => {
            w.with(key, &[("min", &min.to_string()), ("max", &max.to_string())])
        }
        _ => w.t(key).to_owned(),
    }
}

impl Ask {
    /// Gives ids and names an ending of their own, so that many questions can stand on one page.
    pub(in crate::web::pages) fn name_apart(&mut self, ending: &str) {
        self.mark = format!("-{ending}");
        for choice in &mut self.choices {
            choice.id = format!("{}-{ending}", choice.id);
        }
    }
}

impl ChoiceView {
    pub(super) fn new(value: &str, label: String, picture: Option<String>, checked: bool) -> Self {
        Self { id: String::new(), value: value.to_owned(), label, picture, checked }
    }
}

/// An answer in words, for the person who gave it.
pub(super) fn in_words(
    definition: &Definition,
    look: &Look,
    item: &Item,
    answer: &Answer,
    w: Words,
) -> String {
    let said = item.in_words(answer, |texts| definition.say(texts, &look.rendition, &look.language));
    said.unwrap_or_else(|| {
        let unknown = answer.missing() == Some(Missing::DontKnow);
        w.t(if unknown { "dont_know" } else { "no_answer" }).to_owned()
    })
}
