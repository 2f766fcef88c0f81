//! Text messages: what a gateway is, and the one that speaks HTTP. What is to be sent stands in the outbox, as mail does.

mod http_gateway;

pub use http_gateway::HttpGateway;

use crate::mail::Outcome;

/// A text message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Text {
    /// Its id, the same for every try, so that a gateway can tell that it had it before.
    pub id: String,
    /// The number it is for, such as `+447700900123`.
    pub to: String,
    /// Its words, with the link.
    pub words: String,
}

/// What carries text messages.
pub trait TextGateway: Send {
    /// Carries one.
    fn send(&self, text: &Text) -> Outcome;
}
