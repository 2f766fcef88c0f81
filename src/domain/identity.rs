//! Who a participant is, how they are reached, and how information must reach them (the Accessible Information Standard). It is kept
//! sealed, apart from what they say, and no figure needs it.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::contacts::{email, phone};
use super::fault::Fault;
use super::reader::{Field, read_whole};
use super::scheme::name;

/// The most lines of a postal address, and the longest one, in characters.
const MOST_LINES: usize = 6;
const LONGEST_LINE: usize = 100;
/// The longest note, in characters.
const LONGEST_NOTE: usize = 2_000;

/// A participant's identity. Stored, and written in the API, in this shape.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Identity {
    /// Their name.
    pub name: String,
    /// How they like to be called.
    pub called: Option<String>,
    /// An e-mail address.
    pub email: Option<String>,
    /// A mobile telephone number.
    pub mobile: Option<String>,
    /// A postal address.
    pub address: Option<PostalAddress>,
    /// How they are asked.
    pub channel: Channel,
    /// Whose e-mail address, mobile and postal address these are.
    pub contact: Whose,
    /// What they need to understand, and to be understood.
    pub communication: Communication,
}

/// A postal address.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PostalAddress {
    /// Its lines, without the postcode.
    pub lines: Vec<String>,
    /// Its postcode.
    pub postcode: Option<String>,
}

/// How a person is asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Channel {
    /// By e-mail.
    Email,
    /// By text message.
    Text,
    /// By letter.
    Letter,
    /// On a visit.
    Visit,
    /// In no such way: somebody hands them the link or the code.
    None,
}

impl Channel {
    const CODES: &'static str = "email, text, letter, visit, none";

    /// Its name in the API.
    pub fn code(self) -> &'static str {
        match self {
            Self::Email => "email",
            Self::Text => "text",
            Self::Letter => "letter",
            Self::Visit => "visit",
            Self::None => "none",
        }
    }

    fn parse(code: &str) -> Option<Self> {
        Some(match code {
            "email" => Self::Email,
            "text" => Self::Text,
            "letter" => Self::Letter,
            "visit" => Self::Visit,
            "none" => Self::None,
            _ => return None,
        })
    }
}

/// Whose the contact details are: a message to somebody else's names neither questions nor answers.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "whose", rename_all = "kebab-case")]
pub enum Whose {
    /// The person's own, read by nobody else.
    Own,
    /// The person's, read by others, too.
    Shared,
    /// A supporter's.
    Supporter {
        /// The supporter's name.
        name: String,
    },
}

/// What a person needs to understand, and to be understood.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Communication {
    /// Formats, of [`FORMATS`].
    pub formats: Vec<String>,
    /// What else is to be known, in the scheme's words.
    pub note: Option<String>,
}

/// Formats in which information can be needed.
pub const FORMATS: [&str; 12] = [
    "easy-read",
    "large-print",
    "audio",
    "braille",
    "bsl",
    "makaton",
    "video",
    "text-only-email",
    "interpreter",
    "welsh",
    "symbols",
    "other",
];

impl Identity {
    /// Whether a message reaches the person in the same way as one to `other`.
    pub fn is_reached_like(&self, other: &Self) -> bool {
        (&self.email, &self.mobile, self.channel, &self.contact)
            == (&other.email, &other.mobile, other.channel, &other.contact)
    }

    /// Checks an identity sent as JSON, collecting every fault.
    pub fn check(body: &Value) -> Result<Self, Vec<Fault>> {
        read_whole(body, Self::read)
    }

    fn read(root: Field<'_>) -> Option<Self> {
        let object = root.object()?;
        let own_name = object.required("name").and_then(name);
        let called = object.optional("called").and_then(name);
        let email = object.optional("email").and_then(email);
        let mobile = object.optional("mobile").and_then(phone);
        let address = object.optional("address").and_then(read_address);
        let channel =
            object.required("channel").and_then(|f| Some((f, f.one_of(Channel::parse, Channel::CODES)?)));
        if let Some((field, channel)) = channel {
            let (missing, what) = match channel {
                // A detail that is there and wrong has a fault of its own.
                Channel::Email => (object.optional("email").is_none(), "email"),
                Channel::Text => (object.optional("mobile").is_none(), "mobile"),
                Channel::Letter => (object.optional("address").is_none(), "address"),
                Channel::Visit | Channel::None => (false, ""),
            };
            if missing {
                field.fault("contact-missing", format!("To be asked in this way, “{what}” is needed."));
            }
        }
        let contact = object.optional("contact").map_or(Some(Whose::Own), read_whose);
        let communication =
            object.optional("communication").map_or(Some(Communication::default()), read_communication);
        object.close(false);
        Some(Self {
            name: own_name?,
            called,
            email,
            mobile,
            address,
            channel: channel?.1,
            contact: contact?,
            communication: communication?,
        })
    }
}

fn read_address(field: Field<'_>) -> Option<PostalAddress> {
    let object = field.object()?;
    let lines = object.required("lines").and_then(|f| {
        let list = f.list(1)?;
        if list.len() > MOST_LINES {
            f.fault("too-many", format!("At most {MOST_LINES} lines."));
            return None;
        }
        let mut lines = Vec::with_capacity(list.len());
        list.each(|line| lines.extend(one_line(line)));
        (lines.len() == list.len()).then_some(lines)
    });
    let postcode = object.optional("postcode").and_then(|f| {
        let code = f.words()?.trim().to_ascii_uppercase();
        let plain = code.replace(' ', "");
        let sound = (5..=7).contains(&plain.len()) && plain.bytes().all(|b| b.is_ascii_alphanumeric());
        if !sound {
            f.fault("bad-postcode", "A postcode looks like LS1 4AP.");
            return None;
        }
        let (outward, inward) = plain.split_at(plain.len() - 3);
        Some(format!("{outward} {inward}"))
    });
    object.close(false);
    Some(PostalAddress { lines: lines?, postcode })
}

fn one_line(field: Field<'_>) -> Option<String> {
    let text = field.words()?.trim();
    if text.chars().count() > LONGEST_LINE || text.chars().any(char::is_control) {
        field.fault("too-long", format!("At most {LONGEST_LINE} characters, on one line."));
        return None;
    }
    Some(text.to_owned())
}

fn read_whose(field: Field<'_>) -> Option<Whose> {
    let object = field.object()?;
    let code = |text: &str| ["own", "shared", "supporter"].into_iter().find(|code| *code == text);
    let whose = object.required("whose").and_then(|f| f.one_of(code, "own, shared, supporter"));
    let whose = match whose {
        Some("supporter") => object.required("name").and_then(name).map(|name| Whose::Supporter { name }),
        Some(other) => {
            object.refused("name", "Only a supporter is named here.");
            Some(if other == "own" { Whose::Own } else { Whose::Shared })
        }
        None => {
            object.optional("name").and_then(name);
            None
        }
    };
    object.close(false);
    whose
}

fn read_communication(field: Field<'_>) -> Option<Communication> {
    let object = field.object()?;
    let formats = object.optional("formats").map_or(Some(Vec::new()), |f| {
        let formats = f.string_list(0)?;
        let mut sound = true;
        f.list(0)?.each(|element| {
            let known = |code: &str| FORMATS.contains(&code).then_some(());
            sound &= element.one_of(known, &FORMATS.join(", ")).is_some();
        });
        sound.then_some(formats)
    });
    let note = object.optional("note").and_then(|f| {
        let note = f.words()?;
        if note.chars().count() > LONGEST_NOTE {
            f.fault("too-long", format!("At most {LONGEST_NOTE} characters."));
            return None;
        }
        Some(note.to_owned())
    });
    object.close(false);
    Some(Communication { formats: formats?, note })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_whole_identity_is_read_and_written_in_the_same_shape() {
        let body = json!({
            "name": "Mair Example", "called": "Mair", "email": "mair@home.example", "mobile": "07700 900123",
            "address": {"lines": ["1 Example Street", "Leeds"], "postcode": "LS1 4AP"}, "channel": "letter",
            "contact": {"whose": "supporter", "name": "Gwen Example"},
            "communication": {"formats": ["easy-read", "bsl"], "note": "Speak slowly."},
        });
        let identity = Identity::check(&body).expect("sound");
        assert_eq!(json!(identity), body);
        let least = Identity::check(&json!({"name": "Mair Example", "channel": "visit"})).expect("sound");
        assert_eq!((least.contact, least.communication), (Whose::Own, Communication::default()));
        let tidied =
            json!({"name": " Mair ", "channel": "none", "address": {"lines": [" x "], "postcode": "ls14ap"}});
        let address = Identity::check(&tidied).expect("sound").address.expect("an address");
        assert_eq!((address.lines, address.postcode.as_deref()), (vec!["x".to_owned()], Some("LS1 4AP")));
    }
}
