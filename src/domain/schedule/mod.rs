//! Who is asked when: at the start of support (baseline), every so many months from a person's own start date (reviews), and once on
//! leaving (exit); or all on one date (a wave). Nobody is asked twice within eight weeks, nobody in hospital is overdue, and nobody is
//! asked after they said no.
//!
//! [`Record`] is what is known of one person, [`Record::occasions`] makes of it the list of [`Occasion`]s, each in exactly one [`State`],
//! with its dates, why it is so, and what may be done. `docs/asking.md` has it by example.

mod burden;
mod dates;
mod life_event;
mod occasion;
mod reason;
mod record;
mod reminder;
mod setting;
mod standing;
mod state;

pub use burden::{BURDEN_DAYS, Refused};
pub use life_event::{Effect, EventKind, LifeEvent, NewEvent};
pub use occasion::{Occasion, OccasionKind, Press, State};
pub use reason::{NewNote, Note, NoteKind, Reason};
pub use record::{Answered, Asked, Record, Status};
pub use reminder::Unwanted;
pub use setting::{LONGEST_MONTHS, MOST_REMINDERS, NewWave, Schedule, Wave, default_schedules};
pub use standing::{StandingCounts, standing_in};
