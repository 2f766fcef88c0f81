//! From a draft to a response.

use chrono::NaiveDate;
use serde_json::{Map, Value, json};

use super::Draft;
use crate::domain::definition::{Definition, Registry};
use crate::domain::question::{Answer, Missing};
use crate::domain::submission::{CompletedBy, sent_about};

impl Draft {
    /// Whether enough has been said to send it: whether it counts, which is asked after who answers.
    pub fn can_be_sent(&self) -> bool {
        self.count.is_some()
    }

    /// The body of the response, in the shape that `POST /responses` takes. Questions on the person's path that were not
    /// reached are `skipped`; those left out because they wanted only a few are `not-asked`.
    ///
    /// `council` is the one in force on that day.
    pub fn to_sent(
        &self,
        definition: &Definition,
        registry: &Registry,
        council: &str,
        completed_on: NaiveDate,
    ) -> Value {
        let origin = &self.origin;
        let asked = self.asked(definition);
        let mut answers = Map::new();
        for item in definition.items.iter().filter(|i| i.is_question()) {
            let on_path = asked.iter().any(|a| a.id == item.id);
            match self.answers.get(&item.id) {
                Some(given) if on_path => {
                    answers.insert(item.id.clone(), sent_answer(&given.answer));
                }
                None if on_path => {
                    answers.insert(item.id.clone(), json!({"missing": Missing::Skipped.code()}));
                }
                _ if !item.core && self.length == super::Length::Few => {
                    answers.insert(item.id.clone(), json!({"missing": Missing::NotAsked.code()}));
                }
                _ => {}
            }
        }
        let who = self.who.unwrap_or(CompletedBy::Myself);
        let yes = |given: Option<bool>| given.unwrap_or(false);
        let mut body = json!({
            "questionnaire": origin.questionnaire,
            "version": origin.version,
            "scheme": origin.scheme,
            "council": council,
            "unit": origin.unit,
            "participant": origin.participant,
            "invitation": origin.invitation,
            "occasion": origin.occasion,
            "due_on": origin.due_on,
            "completed_on": completed_on,
            "mode": if origin.visit.is_some() { "visit" } else { "online" },
            "rendition": self.look.rendition,
            "language": self.look.language,
            "completed_by": who,
            "consent": {
                "version": definition.consent.version,
                "statistics": yes(self.count),
                "quotes": yes(self.quotes),
                "ask_again": yes(self.ask_again),
                "share": if yes(self.share) { "worker" } else { "nobody" },
            },
            "about": sent_about(&origin.about, registry),
            "answers": answers,
        });
        if who != CompletedBy::Myself {
            // Nobody said who helped: counted as help from a supporter, so that it never makes a figure look freer than it is.
            body["helper"] = json!({
                "role": self.helper.role.as_deref().unwrap_or("other"),
                "help": self.helper.help.clone().unwrap_or_default(),
                "gives_support": self.helper.gives_support.unwrap_or(true),
            });
        }
        body
    }
}

fn sent_answer(answer: &Answer) -> Value {
    match answer {
        Answer::Choice(code) => json!(code),
        Answer::Choices(codes) => json!(codes),
        Answer::Number(number) => json!(number),
        Answer::Words { words } => json!(words),
        // A draft is opened before it is sent; words that nobody can read are no answer.
        Answer::Sealed { .. } => json!({"missing": Missing::Skipped.code()}),
        Answer::Missing { missing } => json!({"missing": missing.code()}),
    }
}
