//! Who answers what in each model, how often, and by which way: the rhythm of each model.

/// How answers of a side come in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Way {
    /// From people who are supported: entered as participants, and invited.
    Entered,
    /// From people around them, known by a reference, and not entered.
    Known,
    /// From anybody, through an open link; so many each time.
    Open(i64),
}

/// How many places of a side there are.
#[derive(Debug, Clone, Copy)]
pub(super) enum Seats {
    /// One for so many percent of the scheme's people.
    Percent(usize),
    /// So many in each unit.
    EachUnit(usize),
    /// So many in the scheme.
    Scheme(usize),
    /// One for each council of the scheme.
    EachCouncil,
}

/// One kind of people who answer in a model.
pub(super) struct Side {
    pub(super) model: &'static str,
    pub(super) questionnaire: &'static str,
    /// How their references begin.
    pub(super) prefix: &'static str,
    pub(super) way: Way,
    pub(super) seats: Seats,
    /// Months from the beginning to the first time.
    pub(super) first: u32,
    /// Months from one time to the next.
    pub(super) every: u32,
}

/// The sides of a model.
pub(super) fn of(model: &str) -> impl Iterator<Item = &'static Side> {
    SIDES.iter().filter(move |side| side.model == model)
}

const SIDES: &[Side] = &[
    side("shared-lives", "shared-lives", "P", Way::Entered, Seats::Percent(100), (0, 6)),
    side("shared-lives", "shared-lives-carer", "C", Way::Known, Seats::Percent(20), (0, 12)),
    // Both sides of a match: at three months, six-monthly, and at the end.
    side("homeshare", "homeshare-householder", "H", Way::Entered, Seats::Percent(50), (3, 6)),
    side("homeshare", "homeshare-homesharer", "S", Way::Entered, Seats::Percent(50), (3, 6)),
    // A card at the enterprise, once a year.
    side(
        "community-enterprise",
        "community-enterprise-customer",
        "",
        Way::Open(9),
        Seats::EachUnit(1),
        (0, 12),
    ),
    side("community-enterprise", "community-enterprise-worker", "W", Way::Known, Seats::EachUnit(3), (0, 12)),
    // In a conversation, and by the link of the patch.
    side(
        "local-area-coordination",
        "local-area-coordination",
        "P",
        Way::Entered,
        Seats::Percent(100),
        (0, 6),
    ),
    side("local-area-coordination", "local-area-coordination", "", Way::Open(3), Seats::EachUnit(1), (0, 3)),
    side("community-circles", "community-circles", "P", Way::Entered, Seats::Percent(100), (0, 6)),
    side("community-circles", "community-circles-family", "F", Way::Known, Seats::Percent(60), (0, 6)),
    side("wellbeing-teams", "wellbeing-teams", "P", Way::Entered, Seats::Percent(100), (0, 3)),
    side("wellbeing-teams", "wellbeing-teams-worker", "", Way::Open(5), Seats::EachUnit(1), (0, 3)),
    // After a contact, anonymous.
    side("community-led-support", "community-led-support", "", Way::Open(24), Seats::Scheme(1), (0, 3)),
    side(
        "community-led-support",
        "community-led-support-partner",
        "O",
        Way::Known,
        Seats::Scheme(9),
        (0, 12),
    ),
    // The area itself answers, once a year.
    side("community-led-support", "asset-based-area", "A", Way::Known, Seats::EachCouncil, (0, 12)),
    side("small-supports", "small-supports", "P", Way::Entered, Seats::Percent(100), (0, 6)),
    side("small-supports", "small-supports-people-who-know-me", "K", Way::Known, Seats::Percent(80), (0, 6)),
];

const fn side(
    model: &'static str,
    questionnaire: &'static str,
    prefix: &'static str,
    way: Way,
    seats: Seats,
    (first, every): (u32, u32),
) -> Side {
    Side { model, questionnaire, prefix, way, seats, first, every }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::definition_files::shipped;
    use crate::domain::definition::Registry;

    #[test]
    fn every_questionnaire_that_is_published_is_answered_in_the_demo() {
        let registry = Registry::load(&shipped()).registry;
        for id in registry.ids() {
            let answered = SIDES.iter().filter(|side| side.questionnaire == id);
            let models: Vec<&str> = answered.map(|side| side.model).collect();
            let model = registry.latest(id).map(|d| d.model.code());
            assert!(!models.is_empty() && models.iter().all(|m| Some(*m) == model), "{id}: {models:?}");
        }
    }
}
