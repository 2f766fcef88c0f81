//! Somebody who is written to because they are asked, or because they pass messages on to somebody who is.

use chrono::NaiveDate;

use super::Dress;
use super::words::{Language, Words, written_day};
use crate::domain::identity::{Identity, Whose};
use crate::domain::scheme::Scheme;

/// Somebody who is asked, with all that a message to them needs.
#[derive(Debug, Clone)]
pub struct Recipient<'a> {
    /// The scheme that asks.
    pub scheme: &'a Scheme,
    /// Who they are.
    pub identity: &'a Identity,
    /// The language in which they like to be asked, as the scheme has entered it; asking for Welsh as a format comes before it.
    pub language: Option<&'a str>,
    /// The last day on which they can answer.
    pub ends_on: NaiveDate,
    /// Which reminder it is, from 1; none = the invitation itself.
    pub reminder: Option<usize>,
}

impl Recipient<'_> {
    /// The language of what they get.
    pub fn speaks(&self) -> Language {
        if self.needs("welsh") || self.language == Some(Language::Welsh.code()) {
            Language::Welsh
        } else {
            Language::English
        }
    }

    /// Whether they need this format.
    pub fn needs(&self, format: &str) -> bool {
        self.identity.communication.formats.iter().any(|f| f == format)
    }

    /// How a mail to them is laid out.
    pub fn dress(&self) -> Dress {
        Dress {
            language: self.speaks().code().into(),
            large: self.needs("large-print"),
            text_only: self.needs("text-only-email"),
        }
    }

    /// How the person is called.
    pub fn name(&self) -> &str {
        self.identity.called.as_deref().unwrap_or(&self.identity.name)
    }

    /// The name of whoever opens what is sent: the person, or the supporter.
    pub fn reader(&self) -> &str {
        match &self.identity.contact {
            Whose::Own | Whose::Shared => &self.identity.name,
            Whose::Supporter { name } => name,
        }
    }

    /// The words in their language, with what stands for the placeholders that every message has.
    pub fn words(&self) -> Words {
        let day = written_day(self.ends_on, self.speaks());
        let help = self.scheme.contacts.help.as_ref();
        Words::of(self.speaks())
            .fill("scheme", &self.scheme.shown_name())
            .fill("name", self.name())
            .fill("supporter", self.reader())
            .fill("day", &day)
            .fill("helper", help.map_or("", |h| &h.name))
            .fill("phone", help.map_or("", |h| &h.phone))
    }

    /// How somebody does not get such messages again: whom to tell, and how to reach them.
    pub fn no_more(&self, words: &Words) -> String {
        let mut said = words.say("no_more");
        if self.scheme.contacts.help.is_some() {
            said.push(' ');
            said.push_str(&words.say("no_more_call"));
        }
        said
    }
}
