//! Rows as Apache Parquet. Rows are gathered column by column until a group is full; only one group is ever held.

use std::collections::HashMap;
use std::io::{self, Write};
use std::sync::Arc;

use chrono::NaiveDate;
use parquet::basic::{Compression, LogicalType, Repetition, TimeUnit, Type as Physical};
use parquet::data_type::{BoolType, ByteArray, ByteArrayType, DataType, Int32Type, Int64Type};
use parquet::errors::ParquetError;
use parquet::file::metadata::KeyValue;
use parquet::file::properties::{EnabledStatistics, WriterProperties};
use parquet::file::writer::{SerializedColumnWriter, SerializedFileWriter};
use parquet::schema::types::Type;

use crate::domain::extract::{Cell, Column, ColumnType};

use super::Rows;

/// Rows in a group: with 90 columns some 8 MiB while it is gathered.
const GROUP: usize = 16_384;
/// How many words are handed over at a time.
const SOME: usize = 4096;

/// Writes rows as Parquet.
pub(super) struct ParquetRows<W: Write + Send> {
    writer: SerializedFileWriter<W>,
    columns: Vec<Gathered>,
    rows: usize,
}

/// The cells of a column in the group that is gathered.
struct Gathered {
    /// For each row: 1 where there is something, else 0.
    levels: Vec<i16>,
    values: Values,
}

/// What there is.
enum Values {
    /// Each word once, and for each cell which of them.
    Text {
        words: Vec<ByteArray>,
        known: HashMap<Box<str>, u32>,
        cells: Vec<u32>,
    },
    Number(Vec<i32>),
    Flag(Vec<bool>),
    /// Days since 1 January 1970.
    Date(Vec<i32>),
    /// Microseconds since then.
    Time(Vec<i64>),
}

impl Values {
    fn of(kind: ColumnType) -> Self {
        match kind {
            ColumnType::Text => Self::Text { words: Vec::new(), known: HashMap::new(), cells: Vec::new() },
            ColumnType::Number => Self::Number(Vec::new()),
            ColumnType::Flag => Self::Flag(Vec::new()),
            ColumnType::Date => Self::Date(Vec::new()),
            ColumnType::Time => Self::Time(Vec::new()),
        }
    }

    fn push(&mut self, cell: Cell<'_>) -> io::Result<()> {
        match (self, cell) {
            (Self::Text { words, known, cells }, Cell::Text(text)) => {
                let which = match known.get(text) {
                    Some(which) => *which,
                    None => {
                        let new = u32::try_from(words.len()).map_err(io::Error::other)?;
                        words.push(ByteArray::from(text));
                        known.insert(text.into(), new);
                        new
                    }
                };
                cells.push(which);
            }
            (Self::Number(numbers), Cell::Number(number)) => {
                numbers.push(i32::try_from(number).map_err(io::Error::other)?);
            }
            (Self::Flag(flags), Cell::Flag(flag)) => flags.push(flag),
            (Self::Date(days), Cell::Date(day)) => {
                let since = day.signed_duration_since(NaiveDate::default()).num_days();
                days.push(i32::try_from(since).map_err(io::Error::other)?);
            }
            (Self::Time(times), Cell::Time(at)) => times.push(at.and_utc().timestamp_micros()),
            (_, cell) => {
                return Err(io::Error::other(format!("{cell:?} is of another type than its column")));
            }
        }
        Ok(())
    }

    /// Hands the column over and empties it.
    fn write(&mut self, levels: &[i16], to: &mut SerializedColumnWriter<'_>) -> Result<(), ParquetError> {
        fn whole<T: DataType>(
            values: &mut Vec<T::T>,
            levels: &[i16],
            to: &mut SerializedColumnWriter<'_>,
        ) -> Result<(), ParquetError> {
            to.typed::<T>().write_batch(values, Some(levels), None)?;
            values.clear();
            Ok(())
        }
        match self {
            Self::Text { words, known, cells } => {
                let mut next = cells.iter();
                for levels in levels.chunks(SOME) {
                    let there = levels.iter().filter(|level| **level == 1).count();
                    let some: Vec<ByteArray> = next
                        .by_ref()
                        .take(there)
                        .filter_map(|which| words.get(usize::try_from(*which).ok()?).cloned())
                        .collect();
                    to.typed::<ByteArrayType>().write_batch(&some, Some(levels), None)?;
                }
                words.clear();
                known.clear();
                cells.clear();
                Ok(())
            }
            Self::Number(values) | Self::Date(values) => whole::<Int32Type>(values, levels, to),
            Self::Flag(values) => whole::<BoolType>(values, levels, to),
            Self::Time(values) => whole::<Int64Type>(values, levels, to),
        }
    }
}

/// The schema: every column may be empty.
fn schema(columns: &[Column]) -> Result<Type, ParquetError> {
    let fields = columns.iter().map(|column| {
        let (physical, logical) = match column.kind {
            ColumnType::Text => (Physical::BYTE_ARRAY, Some(LogicalType::String)),
            ColumnType::Number => (Physical::INT32, None),
            ColumnType::Flag => (Physical::BOOLEAN, None),
            ColumnType::Date => (Physical::INT32, Some(LogicalType::Date)),
            ColumnType::Time => (Physical::INT64, Some(LogicalType::timestamp(true, TimeUnit::MICROS))),
        };
        let field = Type::primitive_type_builder(&column.name, physical)
            .with_repetition(Repetition::OPTIONAL)
            .with_logical_type(logical)
            .build()?;
        Ok(Arc::new(field))
    });
    let fields = fields.collect::<Result<Vec<_>, ParquetError>>()?;
    Type::group_type_builder("responses").with_fields(fields).build()
}

impl<W: Write + Send> ParquetRows<W> {
    /// Begins a file.
    pub(super) fn begin(sink: W, columns: &[Column]) -> io::Result<Self> {
        let properties = WriterProperties::builder()
            .set_compression(Compression::SNAPPY)
            .set_created_by(concat!("khi ", env!("CARGO_PKG_VERSION")).into())
            // An index of pages would be held until the end, and grow with the file.
            .set_statistics_enabled(EnabledStatistics::Chunk)
            .set_offset_index_disabled(true)
            .build();
        let writer = SerializedFileWriter::new(sink, Arc::new(schema(columns)?), Arc::new(properties))?;
        let gathered =
            columns.iter().map(|c| Gathered { levels: Vec::new(), values: Values::of(c.kind) }).collect();
        Ok(Self { writer, columns: gathered, rows: 0 })
    }

    /// Ends it, with the manifest among what is said of the file.
    pub(super) fn finish(mut self, manifest: String) -> io::Result<W> {
        self.write_group()?;
        self.writer.append_key_value_metadata(KeyValue::new("khi".into(), manifest));
        Ok(self.writer.into_inner()?)
    }

    fn write_group(&mut self) -> io::Result<()> {
        if self.rows == 0 {
            return Ok(());
        }
        let mut group = self.writer.next_row_group()?;
        for column in &mut self.columns {
            if let Some(mut to) = group.next_column()? {
                column.values.write(&column.levels, &mut to)?;
                to.close()?;
            }
            column.levels.clear();
        }
        group.close()?;
        self.rows = 0;
        Ok(())
    }
}

impl<W: Write + Send> Rows for ParquetRows<W> {
    fn row(&mut self, cells: &[Cell<'_>]) -> io::Result<()> {
        for (column, cell) in self.columns.iter_mut().zip(cells) {
            let there = *cell != Cell::Empty;
            column.levels.push(i16::from(there));
            if there {
                column.values.push(*cell)?;
            }
        }
        self.rows += 1;
        if self.rows == GROUP { self.write_group() } else { Ok(()) }
    }
}
