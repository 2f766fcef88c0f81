//! What the bytes of an extract go through: counted and hashed, and stopped for good at the first fault.

use std::io::{self, Write};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use sha2::{Digest, Sha256};

/// Counts and hashes what is written.
pub(super) struct Tally<W> {
    sink: W,
    bytes: u64,
    hash: Sha256,
}

impl<W: Write> Tally<W> {
    pub(super) fn of(sink: W) -> Self {
        Self { sink, bytes: 0, hash: Sha256::new() }
    }

    pub(super) fn into_parts(self) -> (W, u64, Sha256) {
        (self.sink, self.bytes, self.hash)
    }
}

impl<W: Write> Write for Tally<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let written = self.sink.write(bytes)?;
        self.hash.update(&bytes[..written]);
        self.bytes += written as u64;
        Ok(written)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.sink.flush()
    }
}

/// Blown at the first fault. What writes archives and tables closes them when it is dropped; after a fault that must not reach anybody.
#[derive(Clone, Default)]
pub(super) struct Fuse(Arc<AtomicBool>);

impl Fuse {
    /// A sink that takes nothing in any more once the fuse is blown.
    pub(super) fn guard<W: Write>(&self, sink: W) -> Guarded<W> {
        Guarded { sink, fuse: self.clone() }
    }

    /// The result; if it is a fault, the fuse is blown before anybody can act upon it.
    pub(super) fn check<T, E>(&self, result: Result<T, E>) -> Result<T, E> {
        if result.is_err() {
            self.0.store(true, Ordering::Release);
        }
        result
    }

    fn is_blown(&self) -> bool {
        self.0.load(Ordering::Acquire)
    }
}

/// A sink behind a fuse.
pub(super) struct Guarded<W> {
    sink: W,
    fuse: Fuse,
}

impl<W: Write> Guarded<W> {
    /// The sink, if everything reached it.
    pub(super) fn into_inner(self) -> io::Result<W> {
        if self.fuse.is_blown() { Err(io::ErrorKind::BrokenPipe.into()) } else { Ok(self.sink) }
    }
}

impl<W: Write> Write for Guarded<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if self.fuse.is_blown() {
            // Said to be written: the fault is known already, and whoever writes on would only log it again.
            return Ok(bytes.len());
        }
        let written = self.sink.write(bytes);
        match &written {
            Err(error) if error.kind() == io::ErrorKind::Interrupted => written,
            _ => self.fuse.check(written),
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        if self.fuse.is_blown() { Ok(()) } else { self.fuse.check(self.sink.flush()) }
    }
}
