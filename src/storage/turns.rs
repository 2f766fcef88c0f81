//! Writers of SQLite take turns in the order in which they came. With a plain mutex the thread that has just left often goes first
//! again, and a long fold would keep the commit queue waiting.

use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};

/// A queue for one turn at a time.
#[derive(Default)]
pub(super) struct Turns {
    state: Mutex<Tickets>,
    moved: Condvar,
}

#[derive(Default)]
struct Tickets {
    next: u64,
    serving: u64,
}

/// The turn; it ends when this is dropped.
pub(super) struct Turn<'a>(&'a Turns);

impl Turns {
    /// Waits for all who came before.
    pub(super) fn wait(&self) -> Turn<'_> {
        let mut state = self.tickets();
        let mine = state.next;
        state.next += 1;
        while state.serving != mine {
            state = self.moved.wait(state).unwrap_or_else(PoisonError::into_inner);
        }
        Turn(self)
    }

    fn tickets(&self) -> MutexGuard<'_, Tickets> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Turn<'_> {
    fn drop(&mut self) {
        self.0.tickets().serving += 1;
        self.0.moved.notify_all();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::atomic::{AtomicUsize, Ordering};

    #[test]
    fn one_at_a_time_and_first_come_first_served() {
        let turns = Turns::default();
        let (inside, order) = (AtomicUsize::new(0), Mutex::new(Vec::new()));
        let first = turns.wait();
        std::thread::scope(|scope| {
            for number in 0..5 {
                let (turns, inside, order) = (&turns, &inside, &order);
                scope.spawn(move || {
                    let _turn = turns.wait();
                    assert_eq!(inside.fetch_add(1, Ordering::SeqCst), 0);
                    order.lock().expect("order").push(number);
                    inside.fetch_sub(1, Ordering::SeqCst);
                });
                while turns.tickets().next != number + 2 {
                    std::thread::yield_now();
                }
            }
            drop(first);
        });
        assert_eq!(*order.lock().expect("order"), [0, 1, 2, 3, 4]);
    }
}
