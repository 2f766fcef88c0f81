//! From the words of a mail to a message of two parts: plain text, and simple HTML that says the same.

use askama::Template;
use lettre::message::header::{HeaderName, HeaderValue};
use lettre::message::{Mailbox, MultiPart, SinglePart};
use lettre::{Address, Message};

use chrono::NaiveDateTime;

use super::{Addressed, Dress, LINK};

/// Whom mail comes from.
#[derive(Debug, Clone)]
pub struct Sender(Mailbox);

impl Sender {
    /// Reads `khi@host.example` or `A name <khi@host.example>`.
    pub fn parse(text: &str) -> Result<Self, String> {
        text.parse()
            .map(Self)
            .map_err(|_| "it looks like: Key Human Indicators <khi@host.example>".to_owned())
    }

    /// For mail that no server is to see.
    pub fn nowhere() -> Self {
        let address = Address::new("khi", "localhost.localdomain");
        #[expect(clippy::expect_used, reason = "a fixed address that is sound")]
        Self(Mailbox::new(Some("Key Human Indicators".into()), address.expect("a sound address")))
    }
}

#[derive(Template)]
#[template(path = "mail.html")]
struct Page<'a> {
    subject: &'a str,
    language: &'a str,
    large: bool,
    paragraphs: Vec<Paragraph<'a>>,
}

struct Paragraph<'a> {
    words: &'a str,
    link: Option<&'a str>,
}

/// The message of the mail `id`, written at `at`, with `link` where the words have [`LINK`]. Its Message-ID is always the same for the same mail, so that one that
/// was sent twice can be known. Nothing, if the address cannot be used.
pub fn to_message(
    id: &str,
    at: NaiveDateTime,
    mail: &Addressed,
    sender: &Sender,
    link: &str,
) -> Option<Message> {
    let to = Mailbox::new(Some(mail.to_name.clone()), mail.to_address.parse().ok()?);
    let auto = HeaderName::new_from_ascii_str("Auto-Submitted");
    let Dress { language, large, text_only } = &mail.dress;
    let page =
        Page { subject: &mail.subject, language, large: *large, paragraphs: paragraphs(&mail.body, link) };
    let plain = mail.body.replace(LINK, link);
    let in_language = HeaderName::new_from_ascii_str("Content-Language");
    let message = Message::builder()
        .message_id(Some(format!("<{}@{}>", id.to_lowercase(), sender.0.email.domain())))
        .date(at.and_utc().into())
        .from(sender.0.clone())
        .to(to)
        .subject(&mail.subject)
        .raw_header(HeaderValue::new(auto, "auto-generated".into()))
        .raw_header(HeaderValue::new(in_language, language.clone()));
    if *text_only {
        return message.singlepart(SinglePart::plain(plain)).ok();
    }
    let parts = MultiPart::alternative().singlepart(SinglePart::plain(plain));
    message.multipart(parts.singlepart(SinglePart::html(page.render().ok()?))).ok()
}

fn paragraphs<'a>(body: &'a str, link: &'a str) -> Vec<Paragraph<'a>> {
    body.split("\n\n")
        .map(|words| match words.strip_suffix(LINK) {
            Some(words) => Paragraph { words: words.trim_end_matches([':', '\n']), link: Some(link) },
            None => Paragraph { words, link: None },
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::safeguarding::Turn;
    use crate::mail::Letter;
    use crate::mail::task_mail::letter;

    #[test]
    fn both_parts_say_the_same_and_nothing_in_a_name_becomes_a_head_or_a_tag() {
        let at = chrono::DateTime::from_timestamp(1_784_538_000, 0).expect("a time").naive_utc();
        let words = letter("Ann <b>\r\nBcc: x@y.example", Turn::First, "Rose & Lane", at);
        let mail = Addressed::plainly("Ann \"Ö\" <b>", "ann@rose.example", words);
        let link = "https://khi.example/task/1-A-1-B";
        let message = to_message("06FABC", at, &mail, &Sender::nowhere(), link).expect("a message");
        assert_eq!(message.envelope().to().len(), 1);
        let text = String::from_utf8(message.formatted()).expect("ASCII").replace("=\r\n", "");
        let head = text.split("\r\n\r\n").next().expect("a head");
        assert!(
            head.contains("Message-ID: <06fabc@localhost.localdomain>\r\n") && !head.contains("Bcc"),
            "{head}"
        );
        assert!(text.contains("Date: Mon, 20 Jul 2026 09:00:00 +0000"), "{head}");
        assert_eq!(text.matches("https://khi.example/task/1-A-1-B").count(), 2, "{text}");
        assert!(!text.contains("<b>\r\nBcc") || !text.contains("&lt;b"), "{text}");
        assert!(text.contains("Rose &#38; Lane") || text.contains("Rose &amp; Lane"), "{text}");
        assert!(text.contains(">Say here that you have seen this and will act on it</a>"), "{text}");
    }

    #[test]
    fn a_mail_is_laid_out_as_the_person_needs_it() {
        let at = chrono::DateTime::from_timestamp(1_784_538_000, 0).expect("a time").naive_utc();
        let text = |dress: Dress| {
            let letter = Letter { subject: "Helo".into(), body: format!("Helo,\n\nAgor:\n{LINK}") };
            let mail = Addressed { dress, ..Addressed::plainly("Mair", "mair@home.example", letter) };
            let message = to_message("06FABC", at, &mail, &Sender::nowhere(), "https://khi.example/s/1");
            String::from_utf8(message.expect("a message").formatted()).expect("ASCII").replace("=\r\n", "")
        };
        let welsh = text(Dress { language: "cy".into(), ..Dress::default() });
        assert!(
            welsh.contains("<html lang=3D\"cy\">") && welsh.contains("Content-Language: cy\r\n"),
            "{welsh}"
        );
        assert!(welsh.contains("1.1em/1.5") && !welsh.contains("1.6em/1.5"), "{welsh}");
        let large = text(Dress { large: true, ..Dress::default() });
        assert!(large.contains("1.6em/1.5") && large.contains("<html lang=3D\"en\">"), "{large}");
        let plain = text(Dress { text_only: true, ..Dress::default() });
        assert!(!plain.contains("html") && plain.contains("Agor:\r\nhttps://khi.example/s/1"), "{plain}");
    }
}
