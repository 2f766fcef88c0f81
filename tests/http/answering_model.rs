//! What a survey must be like for one person, worked out from the questionnaire's file alone: which pages there are, which comes
//! next, what is seen of what was said, and the response that it becomes. It shares no code with the program.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Value, json};

use khi::domain::submission::Submission;

/// A question, as far as the way through the survey depends on it.
struct Item {
    id: String,
    kind: String,
    core: bool,
    /// For the person's own ears.
    delicate: bool,
    for_proxy: bool,
    ask_if: Value,
    options: Vec<String>,
    alone: Vec<String>,
}

/// A questionnaire.
pub(crate) struct Questions {
    items: Vec<Item>,
    languages: Vec<String>,
    consent: String,
}

/// Something said.
#[derive(Debug, Clone)]
struct Said {
    answer: Value,
    sitting: u32,
    alone: bool,
    /// Said in a turn alone that is over.
    over: bool,
}

/// One person, as they are after every page that was acknowledged.
#[derive(Debug, Clone)]
pub(crate) struct Person {
    pub(crate) reference: Option<String>,
    pub(crate) about: Value,
    pub(crate) few: bool,
    pub(crate) language: String,
    pub(crate) rendition: String,
    /// Which of their beginnings this is: after throwing everything away there is another.
    pub(crate) beginning: u32,
    pub(crate) begun: bool,
    pub(crate) sittings: u32,
    shown: bool,
    who: String,
    company: String,
    /// Yes or no, by page.
    agreed: BTreeMap<String, bool>,
    said: BTreeMap<String, Said>,
    read: BTreeSet<String>,
    role: String,
    how: Vec<String>,
}

impl Questions {
    pub(crate) fn of(definition: &Value) -> Self {
        let text = |v: &Value| v.as_str().unwrap_or_default().to_owned();
        let list = |v: &Value| v.as_array().cloned().unwrap_or_default();
        let codes = |options: &[Value]| options.iter().map(|o| text(&o["code"])).collect::<Vec<_>>();
        let item = |item: &Value| {
            let options = list(&item["options"]);
            let alert = !item["alert"].is_null() || options.iter().any(|o| !o["alert"].is_null());
            let exclusive: Vec<Value> = options.iter().filter(|o| o["exclusive"] == true).cloned().collect();
            Item {
                id: text(&item["id"]),
                kind: text(&item["type"]),
                core: item["core"] == true,
                delicate: item["private"] == true || alert,
                for_proxy: item["proxy"] != "not-allowed",
                ask_if: item["ask_if"].clone(),
                options: codes(&options),
                alone: codes(&exclusive),
            }
        };
        Self {
            items: list(&definition["items"]).iter().map(item).collect(),
            languages: list(&definition["languages"]).iter().map(text).collect(),
            consent: text(&definition["consent"]["version"]),
        }
    }

    /// Every page that there could be.
    pub(crate) fn pages(&self) -> Vec<String> {
        let own = ["who", "count", "company", "quotes", "ask-again", "share", "helper", "helper-how"];
        let own = own.into_iter().chain(["helper-support", "check"]).map(str::to_owned);
        own.chain(self.items.iter().map(|i| format!("q/{}", i.id))).collect()
    }

    pub(crate) fn languages(&self) -> &[String] {
        &self.languages
    }

    /// The options of a page's question that stand alone.
    pub(crate) fn alone(&self, page: &str) -> &[String] {
        self.item(page).map_or(&[], |item| &item.alone)
    }

    fn item(&self, page: &str) -> Option<&Item> {
        let id = page.strip_prefix("q/")?;
        self.items.iter().find(|i| i.id == id)
    }
}

impl Person {
    pub(crate) fn new(reference: Option<String>, about: Value) -> Self {
        Self {
            reference,
            about,
            few: false,
            language: "en".into(),
            rendition: "easy-read".into(),
            beginning: 0,
            begun: false,
            sittings: 0,
            shown: false,
            who: String::new(),
            company: String::new(),
            agreed: BTreeMap::new(),
            said: BTreeMap::new(),
            read: BTreeSet::new(),
            role: String::new(),
            how: Vec::new(),
        }
    }

    /// Begins in one more browser; gives the number of its sitting.
    pub(crate) fn sit_down(&mut self, few: bool) -> u32 {
        if !self.begun {
            self.few = few;
            self.begun = true;
        }
        self.sittings += 1;
        if self.company == "later" || self.company == "alone" {
            self.company.clear();
        }
        self.sittings
    }

    pub(crate) fn throw_away(&mut self) {
        let mut anew = Self::new(self.reference.clone(), self.about.clone());
        anew.beginning = self.beginning + 1;
        if self.reference.is_some() {
            // How somebody likes to be asked is known of them apart from what they said.
            anew.language.clone_from(&self.language);
            anew.rendition.clone_from(&self.rendition);
        }
        *self = anew;
    }

    pub(crate) fn show_next_time(&mut self, shown: bool) {
        self.shown = shown;
    }

    fn asked<'q>(&self, questions: &'q Questions) -> Vec<&'q Item> {
        let mut known: BTreeMap<&str, &Value> = BTreeMap::new();
        let mut asked = Vec::new();
        for item in &questions.items {
            let said = self.said.get(&item.id);
            if (self.few && !item.core && said.is_none())
                || (self.who == "proxy" && !item.for_proxy)
                || !holds(&item.ask_if, &known, &self.about)
            {
                continue;
            }
            asked.push(item);
            known.extend(said.map(|s| (item.id.as_str(), &s.answer)));
        }
        let questions = asked.iter().rposition(|i| i.kind != "note").map_or(0, |last| last + 1);
        asked.truncate(questions);
        asked
    }

    fn path(&self, questions: &Questions) -> Vec<String> {
        let mut path: Vec<String> = vec!["who".into(), "count".into()];
        let mut company = self.who == "helped";
        let mut own_words = false;
        for item in self.asked(questions) {
            if item.delicate && company {
                path.push("company".into());
                company = false;
            }
            let said = self.said.get(&item.id);
            own_words |= said.is_some_and(|s| s.answer.get("words").is_some());
            if self.company != "later" || !item.delicate || said.is_some() {
                path.push(format!("q/{}", item.id));
            }
        }
        let proxy = self.who == "proxy";
        let named = self.reference.is_some();
        let wanted = [
            ("quotes", own_words && !proxy),
            ("ask-again", named && !proxy),
            ("share", named && !proxy),
            ("helper", self.who == "helped" || proxy),
            ("helper-how", self.who == "helped"),
            ("helper-support", self.who == "helped" || proxy),
            ("check", true),
        ];
        path.extend(wanted.into_iter().filter(|(_, wanted)| *wanted).map(|(page, _)| page.to_owned()));
        path
    }

    fn is_done(&self, page: &str) -> bool {
        match page {
            "who" => !self.who.is_empty(),
            "company" => !self.company.is_empty(),
            "helper" => !self.role.is_empty(),
            "helper-how" => !self.how.is_empty(),
            "check" => false,
            page => match page.strip_prefix("q/") {
                Some(id) => self.said.contains_key(id) || self.read.contains(id),
                None => self.agreed.contains_key(page),
            },
        }
    }

    /// Where one goes on who comes back.
    pub(crate) fn resume(&self, questions: &Questions) -> String {
        self.path(questions).into_iter().find(|page| !self.is_done(page)).expect("the check is never done")
    }

    /// The page that is shown to one who goes to `page`.
    pub(crate) fn lands(&self, page: &str, questions: &Questions) -> String {
        let resume = self.resume(questions);
        let early = (resume == "who" || resume == "count") && page != "who" && page != resume;
        if !self.path(questions).iter().any(|p| p == page) || early || page == "check" {
            return resume;
        }
        page.to_owned()
    }

    fn next(&self, page: &str, questions: &Questions) -> String {
        let path = self.path(questions);
        let here = path.iter().position(|p| p == page);
        here.and_then(|here| path.get(here + 1).cloned()).unwrap_or_else(|| self.resume(questions))
    }

    fn before(&self, page: &str, questions: &Questions) -> String {
        let path = self.path(questions);
        let here = path.iter().position(|p| p == page).expect("on the way");
        path[here.saturating_sub(1)].clone()
    }

    fn in_delicate_stretch(&self, page: &str, questions: &Questions) -> bool {
        let asked = self.asked(questions);
        let here = page.strip_prefix("q/").and_then(|id| asked.iter().position(|i| i.id == id));
        let first = asked.iter().position(|i| i.delicate);
        let last = asked.iter().rposition(|i| i.delicate);
        here.is_some_and(|here| first.is_some_and(|f| f <= here) && last.is_some_and(|l| here <= l))
    }

    /// What the page shows as chosen or typed to the browser of this sitting.
    pub(crate) fn sees(&self, page: &str, sitting: u32) -> Vec<String> {
        let one = |chosen: &str| if chosen.is_empty() { Vec::new() } else { vec![chosen.to_owned()] };
        match page {
            "who" => one(&self.who),
            "company" if self.company == "over" => Vec::new(),
            "company" => one(&self.company),
            "helper" => one(&self.role),
            "helper-how" => self.how.clone(),
            page => match page.strip_prefix("q/") {
                Some(id) => match self.said.get(id) {
                    Some(said) if self.is_seen(said, sitting) => match &said.answer {
                        Value::String(code) => one(code),
                        Value::Array(codes) => {
                            codes.iter().filter_map(|c| c.as_str().map(str::to_owned)).collect()
                        }
                        Value::Number(number) => vec![number.to_string()],
                        object if object["missing"] == "dont-know" => one("missing:dont-know"),
                        object => one(object["words"].as_str().unwrap_or_default()),
                    },
                    _ => Vec::new(),
                },
                None => self.agreed.get(page).map_or(Vec::new(), |yes| one(if *yes { "yes" } else { "no" })),
            },
        }
    }

    fn is_seen(&self, said: &Said, sitting: u32) -> bool {
        let own = said.sitting == sitting || self.shown;
        own && (!said.alone || (self.company == "alone" && !said.over))
    }

    /// Whether the page says that an answer is there and hidden.
    pub(crate) fn hides(&self, page: &str, sitting: u32) -> bool {
        let said = page.strip_prefix("q/").and_then(|id| self.said.get(id));
        said.is_some_and(|said| !self.is_seen(said, sitting))
    }

    /// Sends a page. Gives the page that is shown then; none if what was entered is no answer, and the page is shown again.
    pub(crate) fn send(
        &mut self,
        questions: &Questions,
        (page, go, entered): (&str, &str, &[String]),
        changing: bool,
        sitting: u32,
    ) -> Option<String> {
        if self.lands(page, questions) != page {
            return Some(self.lands(page, questions));
        }
        let lenient = go == "back" || go == "look" || go == "stop";
        let mut after = self.clone();
        if after.take(questions, page, entered, go == "skip", sitting) {
            *self = after;
        } else if !lenient {
            return None;
        }
        Some(match go {
            "look" | "stop" => go.to_owned(),
            "back" if changing => self.lands("check", questions),
            "back" => self.lands(&self.before(page, questions), questions),
            _ if changing => self.resume(questions),
            _ => self.lands(&self.next(page, questions), questions),
        })
    }

    fn take(
        &mut self,
        questions: &Questions,
        page: &str,
        entered: &[String],
        skip: bool,
        sitting: u32,
    ) -> bool {
        let first = entered.first().map_or("", |e| e.trim());
        match page {
            "who" if ["self", "helped", "proxy"].contains(&first) => {
                if self.who != first {
                    self.company.clear();
                }
                self.who = first.to_owned();
            }
            "company" if ["alone", "together", "later"].contains(&first) => {
                if first == "alone" && self.company != "alone" {
                    self.said.values_mut().filter(|s| s.alone).for_each(|s| s.over = true);
                }
                self.company = first.to_owned();
            }
            "quotes" | "ask-again" | "share" if skip => drop(self.agreed.insert(page.to_owned(), false)),
            "count" | "quotes" | "ask-again" | "share" | "helper-support"
                if first == "yes" || first == "no" =>
            {
                self.agreed.insert(page.to_owned(), first == "yes");
            }
            "helper" if !first.is_empty() => self.role = first.to_owned(),
            "helper-how" if !entered.is_empty() => self.how = entered.to_vec(),
            "check" => {}
            _ => match questions.item(page) {
                Some(item) if item.kind == "note" => drop(self.read.insert(item.id.clone())),
                Some(item) => match answered(item, entered, skip) {
                    Some(answer) => {
                        let alone = self.company == "alone" && self.in_delicate_stretch(page, questions);
                        let old = self.said.get(&item.id);
                        if alone || !old.is_some_and(|old| old.alone && old.answer == answer) {
                            self.said.insert(item.id.clone(), Said { answer, sitting, alone, over: false });
                        }
                    }
                    // Nothing entered over an answer that is hidden: it stays, and the page was passed all the same.
                    None => {
                        let nothing = entered.iter().all(|e| e.trim().is_empty());
                        if !(nothing && self.hides(page, sitting)) {
                            return false;
                        }
                    }
                },
                None => return false,
            },
        }
        let next = self.next(page, questions);
        if self.company == "alone"
            && (page.starts_with("q/") || page == "check")
            && !self.in_delicate_stretch(&next, questions)
        {
            self.company = "over".into();
        }
        true
    }

    /// Whether the person may say “I have said enough” already.
    pub(crate) fn may_send(&self) -> bool {
        !self.who.is_empty() && self.agreed.contains_key("count")
    }

    /// Passes every question that is left.
    pub(crate) fn pass_the_rest(&mut self, questions: &Questions, sitting: u32) {
        loop {
            let page = self.resume(questions);
            match page.as_str() {
                "company" => self.company = "later".into(),
                page if page.starts_with("q/") => assert!(self.take(questions, page, &[], true, sitting)),
                _ => return,
            }
        }
    }

    /// Holds a stored response to all that was said.
    pub(crate) fn check(&self, questions: &Questions, stored: &Submission, what: &str) {
        let asked: BTreeSet<&str> = self.asked(questions).iter().map(|i| i.id.as_str()).collect();
        for item in questions.items.iter().filter(|i| i.kind != "note") {
            let expected = match self.said.get(&item.id) {
                Some(said) if asked.contains(item.id.as_str()) => said.answer.clone(),
                None if asked.contains(item.id.as_str()) => json!({"missing": "skipped"}),
                _ => json!({"missing": "not-asked"}),
            };
            assert_eq!(json!(stored.answers[&item.id]), expected, "{what}: {}", item.id);
        }
        let yes = |page: &str| self.agreed.get(page) == Some(&true);
        let consent = json!({"version": questions.consent, "statistics": yes("count"), "quotes": yes("quotes"),
            "ask_again": yes("ask-again"), "share": if yes("share") { "worker" } else { "nobody" }});
        assert_eq!(json!(stored.consent), consent, "{what}");
        let helper = match self.who.as_str() {
            "self" => Value::Null,
            _ => json!({"role": self.role, "help": self.how, "gives_support": yes("helper-support")}),
        };
        assert_eq!((json!(stored.completed_by), json!(stored.helper)), (json!(self.who), helper), "{what}");
        assert_eq!((&stored.rendition, &stored.language), (&self.rendition, &self.language), "{what}");
        let via = if self.reference.is_some() { None } else { Some("open") };
        assert_eq!((&stored.participant, stored.via.as_deref()), (&self.reference, via), "{what}");
        assert_eq!(json!(stored.about), self.about, "{what}");
    }
}

/// The stored answer that these entries are, if they are one.
fn answered(item: &Item, entered: &[String], skip: bool) -> Option<Value> {
    if skip {
        return Some(json!({"missing": "skipped"}));
    }
    let entered: Vec<&str> = entered.iter().map(|e| e.trim()).filter(|e| !e.is_empty()).collect();
    let first = *entered.first()?;
    let known = |code: &str| item.options.iter().any(|o| o == code);
    match item.kind.as_str() {
        "single" if first == "missing:dont-know" => Some(json!({"missing": "dont-know"})),
        "single" => known(first).then(|| json!(first)),
        "multiple" => {
            let alone = entered.iter().any(|e| item.alone.iter().any(|a| a == e));
            (entered.iter().all(|e| known(e)) && (entered.len() == 1 || !alone)).then(|| json!(entered))
        }
        "count" => first.parse().ok().filter(|n| (0..=99).contains(n)).map(|n: i64| json!(n)),
        "text" => (first.chars().count() <= 4000).then(|| json!({"words": first})),
        other => panic!("no such question here: {other}"),
    }
}

/// Whether a question is asked.
fn holds(condition: &Value, known: &BTreeMap<&str, &Value>, about: &Value) -> bool {
    let each = |key: &str| condition[key].as_array();
    if condition.is_null() {
        return true;
    }
    if let Some(all) = each("all") {
        return all.iter().all(|c| holds(c, known, about));
    }
    if let Some(any) = each("any") {
        return any.iter().any(|c| holds(c, known, about));
    }
    let value = match condition["about"].as_str() {
        Some(fact) => &about[fact],
        None => known.get(condition["item"].as_str().unwrap_or_default()).copied().unwrap_or(&Value::Null),
    };
    if let Some(least) = condition["at_least"].as_i64() {
        return value.as_i64().is_some_and(|n| n >= least);
    }
    let wanted = each("any_of").expect("a condition");
    match value {
        Value::Array(values) => values.iter().any(|v| wanted.contains(v)),
        value => wanted.contains(value),
    }
}
