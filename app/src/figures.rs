//! Times and sizes with their units, as they are read. Runs on the server and in the browser.

/// Microseconds as a time that reads at a glance: `840 µs`, `12.4 ms`, `1.2 s`.
pub fn duration(micros: u64) -> String {
    match micros {
        0..=999 => format!("{micros} µs"),
        1_000..=99_999 => tenths(micros, 1_000, "ms"),
        100_000..=999_999 => format!("{} ms", micros / 1_000),
        _ => tenths(micros, 1_000_000, "s"),
    }
}

/// Milliseconds between two steps: `+12 ms`, `+5.2 s`, `+4 min 58 s`, `+2 h 3 min`.
pub fn gap(millis: u64) -> String {
    let (seconds, minutes) = (millis / 1_000, millis / 60_000);
    match millis {
        0..=999 => format!("+{millis} ms"),
        1_000..=59_999 => format!("+{}", tenths(millis, 1_000, "s")),
        60_000..=3_599_999 => format!("+{minutes} min {} s", seconds % 60),
        _ => format!("+{} h {} min", minutes / 60, minutes % 60),
    }
}

/// Bytes as a size that reads at a glance: `812 B`, `4.2 kB`.
pub fn size(bytes: u64) -> String {
    match bytes {
        0..=999 => format!("{bytes} B"),
        1_000..=999_999 => tenths(bytes, 1_000, "kB"),
        _ => tenths(bytes, 1_000_000, "MB"),
    }
}

fn tenths(value: u64, unit: u64, name: &str) -> String {
    let tenths = value * 10 / unit;
    format!("{}.{} {name}", tenths / 10, tenths % 10)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_and_sizes_read_at_a_glance() {
        assert_eq!(
            [840, 12_480, 250_000, 1_260_000].map(duration),
            ["840 µs", "12.4 ms", "250 ms", "1.2 s"]
        );
        assert_eq!(
            [0, 999, 5_240, 298_000, 7_380_000].map(gap),
            ["+0 ms", "+999 ms", "+5.2 s", "+4 min 58 s", "+2 h 3 min"]
        );
        assert_eq!([812, 4_200, 1_500_000].map(size), ["812 B", "4.2 kB", "1.5 MB"]);
    }
}
