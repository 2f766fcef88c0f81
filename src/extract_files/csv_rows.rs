//! Rows as comma-separated values (RFC 4180): UTF-8 without a mark at its beginning, lines that end in CR LF, quotes where they are needed.

use std::fmt::Write as _;
use std::io::{self, Write};

use crate::clock::written;
use crate::domain::extract::{Cell, Column};
use crate::domain::returns::is_live;

use super::Rows;

/// Writes rows as CSV.
pub(super) struct CsvRows<W: Write> {
    writer: csv::Writer<W>,
    scratch: String,
}

impl<W: Write> CsvRows<W> {
    /// Begins with the names of the columns.
    pub(super) fn begin(sink: W, columns: &[Column]) -> io::Result<Self> {
        let mut writer = csv::WriterBuilder::new().terminator(csv::Terminator::CRLF).from_writer(sink);
        writer.write_record(columns.iter().map(|column| &column.name))?;
        Ok(Self { writer, scratch: String::new() })
    }

    pub(super) fn finish(self) -> io::Result<W> {
        self.writer.into_inner().map_err(csv::IntoInnerError::into_error)
    }
}

impl<W: Write> Rows for CsvRows<W> {
    fn row(&mut self, cells: &[Cell<'_>]) -> io::Result<()> {
        for cell in cells {
            self.scratch.clear();
            let words = match cell {
                Cell::Empty => "",
                Cell::Flag(true) => "1",
                Cell::Flag(false) => "0",
                // What a spreadsheet might work out is text with an apostrophe before it. Numbers are not: -1 is -1.
                Cell::Text(text) if is_live(text) => {
                    self.scratch.push('\'');
                    self.scratch.push_str(text);
                    &self.scratch
                }
                Cell::Text(text) => text,
                Cell::Number(number) => formatted(&mut self.scratch, format_args!("{number}")),
                Cell::Date(day) => formatted(&mut self.scratch, format_args!("{day}")),
                Cell::Time(at) => formatted(&mut self.scratch, format_args!("{}", written(*at))),
            };
            self.writer.write_field(words)?;
        }
        self.writer.write_record(None::<&[u8]>)?;
        Ok(())
    }
}

fn formatted<'s>(scratch: &'s mut String, what: std::fmt::Arguments<'_>) -> &'s str {
    // A string takes everything.
    scratch.write_fmt(what).ok();
    scratch
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::extract::{ColumnType, Part};

    fn column(number: usize) -> Column {
        Column {
            name: format!("c{number}"),
            kind: ColumnType::Text,
            part: Part::Answer,
            words: String::new(),
            item: None,
            reason: None,
            range: None,
            values: Vec::new(),
            versions: Vec::new(),
        }
    }

    #[test]
    fn formulas_are_inert_and_numbers_stay_numbers() {
        let day = chrono::NaiveDate::from_ymd_opt(2026, 7, 14).expect("a day");
        let rows = CsvRows::begin(Vec::new(), &(0..8).map(column).collect::<Vec<_>>());
        let mut rows = rows.expect("begins");
        let live = ["=1+1", "+44", "-1", "@SUM(A1)", "\t=1", " =1", "＝1", "\r\n=1"];
        rows.row(&live.map(Cell::Text)).expect("written");
        let plain = [
            Cell::Number(-1),
            Cell::Text("a,\"b\"\r\nc"),
            Cell::Empty,
            Cell::Flag(true),
            Cell::Flag(false),
            Cell::Date(day),
            Cell::Time(day.into()),
            Cell::Text("yn-anaml ŵ"),
        ];
        rows.row(&plain).expect("written");
        let text = String::from_utf8(rows.finish().expect("ends")).expect("UTF-8");
        let (names, rows) = text.split_once("\r\n").expect("a first line");
        assert_eq!(names, "c0,c1,c2,c3,c4,c5,c6,c7");
        assert_eq!(
            rows,
            "'=1+1,'+44,'-1,'@SUM(A1),'\t=1,' =1,'＝1,\"'\r\n=1\"\r\n\
             -1,\"a,\"\"b\"\"\r\nc\",,1,0,2026-07-14,2026-07-14T00:00:00.000000Z,yn-anaml ŵ\r\n"
        );
    }
}
