//! Whom a scheme names for safety: the contact people see under “Help now”, its safeguarding leads in order, and somebody outside.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::fault::Fault;
use super::reader::{Field, read_whole};
use super::scheme::name;

/// The most leads a scheme names.
pub const MOST_LEADS: usize = 4;
/// How many leads a scheme names before it invites anybody: one may be away, or be the person the answer is about.
pub const LEADS_TO_INVITE: usize = 2;
/// The longest e-mail address (RFC 5321) and the longest part before its `@`.
const LONGEST_EMAIL: usize = 254;
const LONGEST_LOCAL_PART: usize = 64;

/// The contacts of a scheme. Stored, and written in the API, in this shape.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Contacts {
    /// Whom people can ring.
    pub help: Option<HelpContact>,
    /// The safeguarding leads, in the order in which they are told. No two have the same address.
    pub leads: Vec<Contact>,
    /// Somebody outside the scheme, told when nobody inside acknowledges.
    pub outside: Option<Contact>,
}

/// Whom people see under “Help now”.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct HelpContact {
    /// Their name.
    pub name: String,
    /// Their telephone number, as it is to be read.
    pub phone: String,
    /// Their e-mail address.
    pub email: Option<String>,
}

/// Somebody who is told of a safeguarding task by mail.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Contact {
    /// Their name.
    pub name: String,
    /// Their e-mail address.
    pub email: String,
}

impl Contact {
    /// Whether this is the address `email`, however it is written.
    pub fn has_address(&self, email: &str) -> bool {
        self.email.eq_ignore_ascii_case(email)
    }
}

impl Contacts {
    /// Checks contacts sent as JSON, collecting every fault.
    pub fn check(body: &Value) -> Result<Self, Vec<Fault>> {
        read_whole(body, Self::read)
    }

    fn read(root: Field<'_>) -> Option<Self> {
        let object = root.object()?;
        let help = object.optional("help").and_then(read_help);
        let leads = object.required("leads").map(read_leads).unwrap_or_default();
        let outside = object.optional("outside").and_then(|field| {
            let contact = read_contact(field)?;
            if leads.iter().any(|lead| lead.has_address(&contact.email)) {
                field.fault("repeated", "The contact outside must be somebody else than the leads.");
            }
            Some(contact)
        });
        object.close(false);
        Some(Self { help, leads, outside })
    }

    /// Whether enough leads are named for anybody to be invited.
    pub fn are_enough_to_invite(&self) -> bool {
        self.leads.len() >= LEADS_TO_INVITE
    }
}

fn read_help(field: Field<'_>) -> Option<HelpContact> {
    let object = field.object()?;
    let name = object.required("name").and_then(name);
    let phone = object.required("phone").and_then(phone);
    let email = object.optional("email").and_then(email);
    object.close(false);
    Some(HelpContact { name: name?, phone: phone?, email })
}

fn read_leads(field: Field<'_>) -> Vec<Contact> {
    let mut leads: Vec<Contact> = Vec::new();
    let Some(list) = field.list(0) else { return leads };
    if list.len() > MOST_LEADS {
        field.fault("too-many", format!("At most {MOST_LEADS} leads can be named."));
        return leads;
    }
    list.each(|element| {
        let Some(lead) = read_contact(element) else { return };
        if leads.iter().any(|other| other.has_address(&lead.email)) {
            element.fault("repeated", "Another lead has this address; each needs one of their own.");
        }
        leads.push(lead);
    });
    leads
}

fn read_contact(field: Field<'_>) -> Option<Contact> {
    let object = field.object()?;
    let name = object.required("name").and_then(name);
    let email = object.required("email").and_then(email);
    object.close(false);
    Some(Contact { name: name?, email: email? })
}

/// A telephone number: 3 to 15 digits, with the signs people write between them.
pub(super) fn phone(field: Field<'_>) -> Option<String> {
    let text = field.string()?.trim();
    let digits = text.bytes().filter(u8::is_ascii_digit).count();
    let sound = (3..=15).contains(&digits)
        && text.len() <= 30
        && text.bytes().all(|b| b.is_ascii_digit() || b" +-()".contains(&b));
    if !sound {
        field.fault(
            "bad-phone",
            "A telephone number has 3 to 15 digits; spaces, +, - and brackets may stand between them.",
        );
        return None;
    }
    Some(text.to_owned())
}

/// An e-mail address that every mail server takes: a plain local part and a domain with a dot.
pub(super) fn email(field: Field<'_>) -> Option<String> {
    let text = field.string()?.trim();
    if !is_email(text) {
        field.fault(
            "bad-email",
            "An e-mail address looks like ann@scheme.example, in plain letters, digits and signs.",
        );
        return None;
    }
    Some(text.to_owned())
}

fn is_email(text: &str) -> bool {
    let Some((local, domain)) = text.rsplit_once('@') else { return false };
    let sign = |b: u8| b.is_ascii_alphanumeric() || b"!#$%&'*+/=?^_`{|}~-".contains(&b);
    let label = |label: &str| {
        (1..=63).contains(&label.len())
            && label.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-')
            && !label.starts_with('-')
            && !label.ends_with('-')
    };
    text.len() <= LONGEST_EMAIL
        && local.len() <= LONGEST_LOCAL_PART
        && local.split('.').all(|atom| !atom.is_empty() && atom.bytes().all(sign))
        && domain.contains('.')
        && domain.split('.').all(label)
}

#[cfg(test)]
mod tests {
    use super::is_email;

    #[test]
    fn addresses_that_could_break_a_mail_are_no_addresses() {
        for sound in ["ann@scheme.example", "a.b+c@x-y.org.uk", "O'Neill@council.example"] {
            assert!(is_email(sound), "{sound}");
        }
        for broken in [
            "",
            "@",
            "ann",
            "ann@",
            "@x.example",
            "ann@localhost",
            "a b@x.example",
            "ann@x.example\r\nBcc: b@x.example",
            "a@b@x.example",
            "\"ann\"@x.example",
            "ann@x..example",
            "ann@-x.example",
            ".ann@x.example",
            "ann.@x.example",
            "ânn@x.example",
            "ann@x.example,bob@x.example",
            "<ann@x.example>",
        ] {
            assert!(!is_email(broken), "{broken:?}");
        }
        assert!(
            !is_email(&format!("{}@x.example", "a".repeat(65)))
                && !is_email(&format!("a@{}.example", "b".repeat(64)))
        );
    }
}
