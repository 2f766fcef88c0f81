//! A pipe from a thread that makes a long answer to the connection that sends it. It holds little; the thread waits until the reader has
//! taken some. Nothing waits for ever: a reader who takes nothing for [`PATIENCE`] is given up, and whoever hangs up stops the writer.
//! Few writers work at a time ([`AtWork`]), however many wait for their readers: those who answer everybody else's requests need the processor too.

use std::collections::VecDeque;
use std::io::{self, Write};
use std::pin::Pin;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll, Waker};
use std::time::Duration;

use actix_web::web::Bytes;
use futures_util::Stream;

/// How many bytes go over at a time.
const PIECE: usize = 64 * 1024;
/// How many pieces wait at the most.
const WAITING: usize = 8;
/// How long the reader may take nothing.
const PATIENCE: Duration = Duration::from_secs(300);

/// How many writers work at a time.
const WORKERS: usize = 2;

/// Lets few writers work at a time. Whoever waits for a reader does not work.
#[derive(Debug)]
pub(super) struct AtWork {
    free: Mutex<usize>,
    freed: Condvar,
}

impl Default for AtWork {
    fn default() -> Self {
        Self { free: Mutex::new(WORKERS), freed: Condvar::new() }
    }
}

/// The right to work; given back when it is dropped.
struct Working(Arc<AtWork>);

impl Working {
    fn wait(work: &Arc<AtWork>) -> Self {
        let free = work.free.lock().unwrap_or_else(PoisonError::into_inner);
        let mut free = work.freed.wait_while(free, |free| *free == 0).unwrap_or_else(PoisonError::into_inner);
        *free -= 1;
        drop(free);
        Self(work.clone())
    }
}

impl Drop for Working {
    fn drop(&mut self) {
        *self.0.free.lock().unwrap_or_else(PoisonError::into_inner) += 1;
        self.0.freed.notify_one();
    }
}

#[derive(Default)]
struct State {
    pieces: VecDeque<Bytes>,
    /// The writer came to its end.
    ended: bool,
    /// Either side is gone before that.
    broken: bool,
    reader: Option<Waker>,
}

#[derive(Default)]
struct Pipe {
    state: Mutex<State>,
    taken: Condvar,
}

impl Pipe {
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Both ends of a new pipe. Its writer works in turn with the others of `work`.
pub(super) fn pipe(work: &Arc<AtWork>) -> (PipeWriter, PipeReader) {
    let pipe = Arc::new(Pipe::default());
    let (piece, patience) = (Vec::new(), PATIENCE);
    let writer = PipeWriter { pipe: pipe.clone(), piece, patience, work: work.clone(), working: None };
    (writer, PipeReader(pipe))
}

/// The end that is written to, by a thread that may block. Dropped before [`PipeWriter::finish`], it breaks the answer off, so that whoever
/// reads it knows.
pub(super) struct PipeWriter {
    pipe: Arc<Pipe>,
    piece: Vec<u8>,
    patience: Duration,
    work: Arc<AtWork>,
    working: Option<Working>,
}

impl PipeWriter {
    /// Whether somebody still reads, to be asked where the writer itself is not at hand.
    pub(super) fn watch(&self) -> impl Fn() -> io::Result<()> + use<> {
        let pipe = self.pipe.clone();
        move || if pipe.state().broken { Err(io::ErrorKind::BrokenPipe.into()) } else { Ok(()) }
    }

    /// Waits until this one may work. From then on it does, but while it waits for its reader.
    pub(super) fn begin(&mut self) {
        self.working = Some(Working::wait(&self.work));
    }

    /// Sends what is left: the answer is whole.
    pub(super) fn finish(mut self) -> io::Result<()> {
        self.send()?;
        let mut state = self.pipe.state();
        state.ended = true;
        if let Some(reader) = state.reader.take() {
            reader.wake();
        }
        Ok(())
    }

    fn send(&mut self) -> io::Result<()> {
        let piece = std::mem::replace(&mut self.piece, Vec::with_capacity(PIECE));
        if piece.is_empty() {
            return Ok(());
        }
        let is_full = |state: &mut State| state.pieces.len() >= WAITING && !state.broken;
        let mut state = self.pipe.state();
        if is_full(&mut state) {
            let worked = self.working.take().is_some();
            let waited = self.pipe.taken.wait_timeout_while(state, self.patience, is_full);
            let (freed, waited) = waited.unwrap_or_else(PoisonError::into_inner);
            if waited.timed_out() {
                return Err(io::ErrorKind::TimedOut.into());
            }
            // Never both at once: who waits for work holds nothing that a reader needs.
            drop(freed);
            if worked {
                self.begin();
            }
            state = self.pipe.state();
        }
        if state.broken {
            return Err(io::ErrorKind::BrokenPipe.into());
        }
        state.pieces.push_back(piece.into());
        if let Some(reader) = state.reader.take() {
            reader.wake();
        }
        Ok(())
    }
}

impl Write for PipeWriter {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let some = bytes.len().min(PIECE - self.piece.len());
        self.piece.extend_from_slice(&bytes[..some]);
        if self.piece.len() >= PIECE {
            self.send()?;
        }
        Ok(some)
    }

    /// Pieces go when they are full: small ones would cost more than they are worth.
    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl Drop for PipeWriter {
    fn drop(&mut self) {
        let mut state = self.pipe.state();
        if !state.ended {
            state.broken = true;
            state.pieces.clear();
        }
        if let Some(reader) = state.reader.take() {
            reader.wake();
        }
    }
}

/// The end that is read: the body of an answer.
pub(super) struct PipeReader(Arc<Pipe>);

impl Stream for PipeReader {
    type Item = io::Result<Bytes>;

    fn poll_next(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let mut state = self.0.state();
        if let Some(piece) = state.pieces.pop_front() {
            self.0.taken.notify_one();
            return Poll::Ready(Some(Ok(piece)));
        }
        if state.broken {
            return Poll::Ready(Some(Err(io::ErrorKind::BrokenPipe.into())));
        }
        if state.ended {
            return Poll::Ready(None);
        }
        state.reader = Some(context.waker().clone());
        Poll::Pending
    }
}

impl Drop for PipeReader {
    fn drop(&mut self) {
        let mut state = self.0.state();
        state.broken = true;
        state.pieces.clear();
        self.0.taken.notify_one();
    }
}

#[cfg(test)]
mod tests {
    use futures_util::StreamExt;

    use super::*;

    #[actix_web::test]
    async fn what_is_written_comes_out_in_order_and_ends() {
        let (mut writer, mut reader) = pipe(&Arc::default());
        let bytes: Vec<u8> = (0..1_000_000_u32).flat_map(u32::to_le_bytes).collect();
        let sent = bytes.clone();
        let thread = std::thread::spawn(move || {
            writer.write_all(&sent)?;
            writer.finish()
        });
        let mut came = Vec::new();
        while let Some(piece) = reader.next().await {
            came.extend_from_slice(&piece.expect("whole"));
        }
        assert!(came == bytes);
        thread.join().expect("ends").expect("written");
    }

    #[actix_web::test]
    async fn a_writer_that_breaks_off_is_known_to_have() {
        let (mut writer, mut reader) = pipe(&Arc::default());
        writer.write_all(&[1; 3 * PIECE]).expect("written");
        drop(writer);
        let mut failed = false;
        for _ in 0..4 {
            failed |= reader.next().await.is_some_and(|piece| piece.is_err());
        }
        assert!(failed, "an error, not an end");
    }

    #[test]
    fn whoever_hangs_up_stops_the_writer_and_whoever_takes_nothing_is_given_up() {
        let (mut writer, reader) = pipe(&Arc::default());
        writer.patience = Duration::from_millis(20);
        let stalled = writer.write_all(&[1; (WAITING + 2) * PIECE]).expect_err("nobody takes it");
        assert_eq!(stalled.kind(), io::ErrorKind::TimedOut);
        drop(writer);
        assert!(reader.0.state().pieces.is_empty(), "and nothing is held for them");
        let (mut writer, reader) = pipe(&Arc::default());
        let watch = writer.watch();
        assert!(watch().is_ok());
        let thread = std::thread::spawn(move || writer.write_all(&[1; 100 * PIECE]));
        drop(reader);
        let gone = thread.join().expect("ends").expect_err("nobody reads");
        assert_eq!(gone.kind(), io::ErrorKind::BrokenPipe);
        assert!(watch().is_err());
    }

    #[test]
    fn few_work_at_a_time_and_who_waits_for_a_reader_is_not_one_of_them() {
        let work = Arc::new(AtWork::default());
        let free = |work: &AtWork| *work.free.lock().expect("nobody failed");
        // As many as may work wait for readers who take nothing.
        let stalled: Vec<_> = (0..WORKERS)
            .map(|_| {
                let (mut writer, reader) = pipe(&work);
                let thread = std::thread::spawn(move || {
                    writer.begin();
                    writer.write_all(&[1; (WAITING + 2) * PIECE])
                });
                (thread, reader)
            })
            .collect();
        let (mut writer, reader) = pipe(&work);
        let thread = std::thread::spawn(move || {
            writer.begin();
            writer.write_all(&[1; WAITING * PIECE])?;
            writer.finish()
        });
        thread.join().expect("ends").expect("another one gets its turn");
        drop(reader);
        for (thread, reader) in stalled {
            drop(reader);
            assert!(thread.join().expect("ends").is_err());
        }
        assert_eq!(free(&work), WORKERS, "everybody gave their turn back");
    }
}
