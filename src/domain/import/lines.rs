//! On which line of a text each row of a table stands: the number that people are told.

/// The lines of a text, in order. The reader of a table tells where it began to look for a row: before the empty lines above it.
#[derive(Debug, Clone)]
pub struct Lines<'t> {
    text: &'t [u8],
    at: usize,
    line: usize,
}

impl<'t> Lines<'t> {
    /// The lines of this text.
    pub fn of(text: &'t [u8]) -> Self {
        Self { text, at: 0, line: 1 }
    }

    /// The line, from 1, of the row for which the reader began to look at this byte. Rows are asked for in their order.
    pub fn of_row(&mut self, begins: usize) -> usize {
        while self.at < self.text.len() && (self.at < begins || matches!(self.text[self.at], b'\n' | b'\r')) {
            self.line += usize::from(self.text[self.at] == b'\n');
            self.at += 1;
        }
        self.line
    }
}
