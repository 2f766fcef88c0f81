//! Whom the demo's schemes name: made-up people, addresses that no mail reaches, and numbers that Ofcom keeps for drama.

use serde_json::{Value, json};

const FIRST_NAMES: [&str; 12] =
    ["Ann", "Bola", "Carys", "Dev", "Efa", "Fergus", "Grace", "Hamid", "Iona", "Joe", "Kemi", "Lowri"];

/// The contacts of the scheme at `index`. The first lead of the one that `has_account` is the demo's lead.
pub(super) fn of(index: usize, scheme: &str, has_account: bool) -> Value {
    let first = |turn: usize| FIRST_NAMES[(index * 5 + turn) % FIRST_NAMES.len()];
    let email = |turn: usize| format!("{}@{scheme}.example", first(turn).to_lowercase());
    let person = |turn: usize| json!({"name": format!("{} Example", first(turn)), "email": email(turn)});
    let mut lead = person(1);
    if has_account {
        lead["email"] = json!(super::LEAD);
    }
    json!({
        "help": {"name": format!("{} Example", first(0)), "phone": format!("01632 960{index:03}"), "email": email(0)},
        "leads": [lead, person(2)],
        "outside": {"name": "Example council, safeguarding adults team", "email": format!("safeguarding@council.{scheme}.example")},
    })
}
