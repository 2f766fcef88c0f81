//! One table of a data package: what its fields are, and its rows as CSV (RFC 4180, UTF-8).

use crate::domain::returns::inert;

use super::PackageError;

/// What the cells of a field are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum FieldType {
    /// Words, a code or an id. Words that a spreadsheet would work out have an apostrophe before them.
    Text,
    /// A whole number.
    Whole,
    /// A number with decimals, after a point.
    Decimal,
    /// A day: 2026-07-14.
    Date,
}

/// One field of a table, and what its cells may be.
#[derive(Debug, Clone)]
pub(super) struct Field {
    pub(super) name: String,
    pub(super) kind: FieldType,
    /// What it says, in English.
    pub(super) words: String,
    /// Whether a cell must be there.
    pub(super) required: bool,
    /// The codes that can stand here; empty where anything can.
    pub(super) one_of: Vec<String>,
    /// A regular expression that a whole cell matches, written so that Python's and XML Schema's readers take it alike.
    pub(super) pattern: Option<&'static str>,
    pub(super) least: Option<i64>,
    pub(super) most: Option<i64>,
}

impl Field {
    fn of(name: impl Into<String>, kind: FieldType, words: impl Into<String>) -> Self {
        let (name, words) = (name.into(), words.into());
        Self {
            name,
            kind,
            words,
            required: false,
            one_of: Vec::new(),
            pattern: None,
            least: None,
            most: None,
        }
    }

    pub(super) fn text(name: impl Into<String>, words: impl Into<String>) -> Self {
        Self::of(name, FieldType::Text, words)
    }

    pub(super) fn whole(name: impl Into<String>, words: impl Into<String>) -> Self {
        Self::of(name, FieldType::Whole, words)
    }

    /// A count: a whole number of 0 or more.
    pub(super) fn count(name: impl Into<String>, words: impl Into<String>) -> Self {
        Self { least: Some(0), ..Self::whole(name, words) }
    }

    pub(super) fn decimal(name: impl Into<String>, words: impl Into<String>) -> Self {
        Self::of(name, FieldType::Decimal, words)
    }

    /// A percentage: 0 to 100.
    pub(super) fn percent(name: impl Into<String>, words: impl Into<String>) -> Self {
        Self { least: Some(0), most: Some(100), ..Self::decimal(name, words) }
    }

    pub(super) fn date(name: impl Into<String>, words: impl Into<String>) -> Self {
        Self::of(name, FieldType::Date, words)
    }

    pub(super) fn required(self) -> Self {
        Self { required: true, ..self }
    }

    pub(super) fn one_of<I: Into<String>>(self, codes: impl IntoIterator<Item = I>) -> Self {
        Self { one_of: codes.into_iter().map(Into::into).collect(), ..self }
    }

    pub(super) fn matching(self, pattern: &'static str) -> Self {
        Self { pattern: Some(pattern), ..self }
    }

    pub(super) fn at_least(self, least: i64) -> Self {
        Self { least: Some(least), ..self }
    }
}

/// That each cell of a field stands in a field of a table.
#[derive(Debug, Clone, Copy)]
pub(super) struct Reference {
    pub(super) field: &'static str,
    pub(super) table: &'static str,
    pub(super) to: &'static str,
}

/// What a table is, before it has rows.
#[derive(Debug, Clone)]
pub(super) struct Form {
    /// Its name; its file is `<name>.csv`.
    pub(super) name: &'static str,
    pub(super) title: &'static str,
    pub(super) words: &'static str,
    pub(super) fields: Vec<Field>,
    /// The fields whose cells together stand in one row only.
    pub(super) key: &'static [&'static str],
    pub(super) references: Vec<Reference>,
    /// What stands for a number that is not shown, besides nothing.
    pub(super) not_shown: Option<&'static str>,
}

/// A table that is written.
#[derive(Debug, Clone)]
pub(super) struct Table {
    pub(super) form: Form,
    pub(super) csv: Vec<u8>,
}

impl Table {
    pub(super) fn file(&self) -> String {
        format!("{}.csv", self.form.name)
    }
}

/// Takes the rows of a table, cell by cell, in the order of its fields.
pub(super) struct Rows {
    form: Form,
    writer: csv::Writer<Vec<u8>>,
    fault: Option<csv::Error>,
}

impl Rows {
    /// Begins with the names of the fields.
    pub(super) fn begin(form: Form) -> Self {
        let mut writer = csv::WriterBuilder::new().terminator(csv::Terminator::CRLF).from_writer(Vec::new());
        let fault = writer.write_record(form.fields.iter().map(|field| &field.name)).err();
        Self { form, writer, fault }
    }

    fn write(&mut self, cell: &str) -> &mut Self {
        if self.fault.is_none() {
            self.fault = self.writer.write_field(cell).err();
        }
        self
    }

    /// Words, a code or an id; nothing where it is empty.
    pub(super) fn text(&mut self, words: &str) -> &mut Self {
        self.write(&inert(words))
    }

    pub(super) fn texts(&mut self, all: &[&str]) -> &mut Self {
        all.iter().fold(self, |rows, words| rows.text(words))
    }

    /// A number, as it is written in the release; nothing where there is none.
    pub(super) fn number<N: std::fmt::Display>(&mut self, number: Option<N>) -> &mut Self {
        match number {
            Some(number) => self.write(&number.to_string()),
            None => self.write(""),
        }
    }

    /// The shorthand for a number that is not shown.
    pub(super) fn not_shown(&mut self) -> &mut Self {
        self.write(self.form.not_shown.unwrap_or_default())
    }

    /// Ends the row.
    pub(super) fn end(&mut self) {
        if self.fault.is_none() {
            self.fault = self.writer.write_record(None::<&[u8]>).err();
        }
    }

    /// The table, if every row had as many cells as there are fields.
    pub(super) fn finish(self) -> Result<Table, PackageError> {
        let name = self.form.name;
        if let Some(fault) = self.fault {
            return Err(PackageError::Table { name, why: fault.to_string() });
        }
        let csv =
            self.writer.into_inner().map_err(|e| PackageError::Table { name, why: e.error().to_string() })?;
        Ok(Table { form: self.form, csv })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn form() -> Form {
        Form {
            name: "t",
            title: "T",
            words: "",
            fields: vec![Field::text("words", ""), Field::decimal("number", "")],
            key: &[],
            references: Vec::new(),
            not_shown: Some("[c]"),
        }
    }

    #[test]
    fn words_that_a_spreadsheet_would_work_out_are_inert_and_numbers_stay_numbers() {
        let mut rows = Rows::begin(form());
        rows.text("=HYPERLINK(1)").number(Some(-1.5)).end();
        rows.text("+44").number(Some(90.0)).end();
        rows.text("a,\"b\"").number(None::<f64>).end();
        rows.text("").not_shown().end();
        let table = rows.finish().expect("written");
        let text = String::from_utf8(table.csv).expect("UTF-8");
        assert_eq!(text, "words,number\r\n'=HYPERLINK(1),-1.5\r\n'+44,90\r\n\"a,\"\"b\"\"\",\r\n,[c]\r\n");
    }

    #[test]
    fn a_row_of_another_length_is_no_row() {
        let mut rows = Rows::begin(form());
        rows.text("one cell").end();
        assert!(matches!(rows.finish(), Err(PackageError::Table { name: "t", .. })));
    }
}
