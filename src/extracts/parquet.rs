//! Apache Parquet with typed columns: dates are DATE, instants TIMESTAMP, figures DECIMAL(38, 10).

use super::table::{Cell, Column, Kind, Sink};
use bytes::Bytes;
use jiff::civil::date;
use parquet::{
    basic::Compression,
    data_type::{
        BoolType, ByteArray, ByteArrayType, FixedLenByteArray, FixedLenByteArrayType, Int32Type, Int64Type,
    },
    errors::ParquetError,
    file::{
        properties::{EnabledStatistics, WriterProperties},
        writer::{SerializedColumnWriter, SerializedFileWriter},
    },
    schema::{parser::parse_message_type, types::ColumnPath},
};
use std::{
    fmt::Write as _,
    io::{self, Write},
    sync::Arc,
};

/// How many rows are held until their columns are written.
const GROUP: usize = 32_768;

/// Decimal places of every figure in the file.
const SCALE: u32 = 10;

/// The largest unscaled figure, of 38 digits.
const LARGEST: u128 = 10_u128.pow(38) - 1;

/// A Parquet file.
pub(super) struct Parquet<W: Write + Send> {
    writer: SerializedFileWriter<W>,
    columns: Vec<Buffer>,
    rows: usize,
}

impl<W: Write + Send> Parquet<W> {
    /// Starts the file.
    pub(super) fn new(out: W, columns: &[Column]) -> io::Result<Self> {
        let mut schema = String::from("message rows {\n");
        for Column { name, kind } in columns {
            // Writing to a string does not fail.
            let _ = match kind {
                Kind::Text | Kind::Ids => writeln!(schema, "OPTIONAL BYTE_ARRAY {name} (STRING);"),
                Kind::Date => writeln!(schema, "OPTIONAL INT32 {name} (DATE);"),
                Kind::Instant => writeln!(schema, "OPTIONAL INT64 {name} (TIMESTAMP(MILLIS,true));"),
                Kind::Decimal => writeln!(
                    schema,
                    "OPTIONAL FIXED_LEN_BYTE_ARRAY (16) {name} (DECIMAL(38,{SCALE}));"
                ),
                Kind::Flag => writeln!(schema, "OPTIONAL BOOLEAN {name};"),
            };
        }
        schema.push('}');
        let schema = Arc::new(parse_message_type(&schema).map_err(failed)?);
        let mut properties = WriterProperties::builder()
            .set_created_by("portal".to_owned())
            .set_compression(Compression::UNCOMPRESSED)
            // The smallest text of a group would keep all of its texts in memory until the file ends.
            .set_statistics_enabled(EnabledStatistics::None)
            .set_offset_index_disabled(true);
        for Column { name, kind } in columns {
            if matches!(kind, Kind::Date | Kind::Instant) {
                let path = ColumnPath::from(*name);
                properties = properties.set_column_statistics_enabled(path, EnabledStatistics::Chunk);
            }
        }
        let properties = properties.build();
        Ok(Self {
            writer: SerializedFileWriter::new(out, schema, Arc::new(properties)).map_err(failed)?,
            columns: columns.iter().map(|column| Buffer::of(column.kind)).collect(),
            rows: 0,
        })
    }

    fn write_group(&mut self) -> Result<(), ParquetError> {
        if self.rows == 0 {
            return Ok(());
        }
        self.rows = 0;
        let mut group = self.writer.next_row_group()?;
        for buffer in &mut self.columns {
            let column = group.next_column()?;
            let mut column = column.ok_or_else(|| ParquetError::General("a column too few".to_owned()))?;
            buffer.write_to(&mut column)?;
            column.close()?;
        }
        group.close()?;
        Ok(())
    }
}

impl<W: Write + Send> Sink for Parquet<W> {
    fn row(&mut self, cells: &[Cell<'_>]) -> io::Result<()> {
        for (buffer, cell) in self.columns.iter_mut().zip(cells) {
            buffer.push(cell)?;
        }
        self.rows += 1;
        if self.rows == GROUP {
            self.write_group().map_err(failed)?;
        }
        Ok(())
    }

    fn finish(mut self: Box<Self>) -> io::Result<()> {
        self.write_group().map_err(failed)?;
        let mut out = self.writer.into_inner().map_err(failed)?;
        out.flush()
    }
}

/// The rows of one column that are not written yet: which are there, and their values.
struct Buffer {
    present: Vec<i16>,
    values: Values,
}

enum Values {
    /// Texts one after another, and where each ends.
    Texts(Vec<u8>, Vec<usize>),
    Days(Vec<i32>),
    Instants(Vec<i64>),
    /// Sixteen bytes each.
    Decimals(Vec<u8>),
    Flags(Vec<bool>),
}

impl Buffer {
    fn of(kind: Kind) -> Self {
        Self {
            present: Vec::new(),
            values: match kind {
                Kind::Text | Kind::Ids => Values::Texts(Vec::new(), Vec::new()),
                Kind::Date => Values::Days(Vec::new()),
                Kind::Instant => Values::Instants(Vec::new()),
                Kind::Decimal => Values::Decimals(Vec::new()),
                Kind::Flag => Values::Flags(Vec::new()),
            },
        }
    }

    fn push(&mut self, cell: &Cell<'_>) -> io::Result<()> {
        self.present.push(i16::from(*cell != Cell::Null));
        match (&mut self.values, cell) {
            (_, Cell::Null) => {}
            (Values::Texts(bytes, ends), Cell::Text(text)) => {
                bytes.extend_from_slice(text.as_bytes());
                ends.push(bytes.len());
            }
            (Values::Texts(bytes, ends), Cell::Ids(ids)) => {
                bytes.extend_from_slice(ids.join(" ").as_bytes());
                ends.push(bytes.len());
            }
            (Values::Days(days), Cell::Date(day)) => days.push((*day - date(1970, 1, 1)).get_days()),
            (Values::Instants(instants), Cell::Instant(instant)) => instants.push(instant.as_millis()),
            (Values::Decimals(bytes), Cell::Decimal(decimal)) => {
                let unscaled = unscaled(decimal.value());
                bytes.extend(unscaled.ok_or_else(too_long)?.to_be_bytes());
            }
            (Values::Flags(flags), Cell::Flag(flag)) => flags.push(*flag),
            _ => return Err(io::Error::other("a cell is not of the kind of its column")),
        }
        Ok(())
    }

    /// Writes what is held, and holds nothing any more.
    fn write_to(&mut self, column: &mut SerializedColumnWriter<'_>) -> Result<(), ParquetError> {
        let present = Some(&*self.present);
        match &mut self.values {
            Values::Texts(bytes, ends) => {
                let shared = Bytes::from(std::mem::take(bytes));
                let starts = std::iter::once(0).chain(ends.iter().copied());
                let each = starts.zip(&*ends).map(|(start, end)| shared.slice(start..*end));
                let values: Vec<ByteArray> = each.map(ByteArray::from).collect();
                column
                    .typed::<ByteArrayType>()
                    .write_batch(&values, present, None)?;
                ends.clear();
            }
            Values::Days(days) => {
                column.typed::<Int32Type>().write_batch(days, present, None)?;
                days.clear();
            }
            Values::Instants(instants) => {
                column.typed::<Int64Type>().write_batch(instants, present, None)?;
                instants.clear();
            }
            Values::Decimals(bytes) => {
                let shared = Bytes::from(std::mem::take(bytes));
                let each = (0..shared.len())
                    .step_by(16)
                    .map(|start| shared.slice(start..start + 16));
                let values: Vec<FixedLenByteArray> =
                    each.map(|bytes| ByteArray::from(bytes).into()).collect();
                column
                    .typed::<FixedLenByteArrayType>()
                    .write_batch(&values, present, None)?;
            }
            Values::Flags(flags) => {
                column.typed::<BoolType>().write_batch(flags, present, None)?;
                flags.clear();
            }
        }
        self.present.clear();
        Ok(())
    }
}

/// The figure in units of its last place; none where it has more digits before or behind the point than there is room.
fn unscaled(value: rust_decimal::Decimal) -> Option<i128> {
    let value = value.normalize();
    let places = SCALE.checked_sub(value.scale())?;
    let unscaled = value.mantissa().checked_mul(10_i128.pow(places))?;
    (unscaled.unsigned_abs() <= LARGEST).then_some(unscaled)
}

fn too_long() -> io::Error {
    io::Error::new(
        io::ErrorKind::InvalidData,
        "a figure has more digits than DECIMAL(38, 10) holds: take csv or ndjson",
    )
}

fn failed(error: ParquetError) -> io::Error {
    io::Error::other(error)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(text: &str) -> Option<i128> {
        unscaled(text.parse().unwrap())
    }

    #[test]
    fn a_figure_is_kept_exactly_or_refused() {
        assert_eq!(of("-12.5"), Some(-125_000_000_000));
        assert_eq!(of("0.0000000001"), Some(1));
        assert_eq!(of("0.00000000010"), Some(1));
        assert_eq!(of("0.00000000001"), None);
        assert_eq!(
            of("9999999999999999999999999999"),
            Some(99_999_999_999_999_999_999_999_999_990_000_000_000)
        );
        assert_eq!(of("10000000000000000000000000000"), None);
        assert_eq!(of("79228162514264337593543950335"), None);
    }
}
