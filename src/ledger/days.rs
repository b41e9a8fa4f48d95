//! Days between civil dates.

use jiff::civil::Date;

/// Days since the first of March of year 0 (proleptic): consecutive integers for consecutive days.
pub(super) fn number(date: Date) -> i32 {
    let (month, day) = (i32::from(date.month()), i32::from(date.day()));
    let year = i32::from(date.year()) - i32::from(month <= 2);
    let era = year.div_euclid(400);
    let of_era = year - era * 400;
    let of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
    era * 146_097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year
}

/// Days from one date to another.
pub(super) fn between(from: Date, to: Date) -> i32 {
    number(to) - number(from)
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::{ToSpan, civil::date};

    #[test]
    fn consecutive_days_have_consecutive_numbers() {
        let mut day = date(1899, 12, 25);
        let first = number(day);
        for passed in 0..80_000 {
            assert_eq!(number(day), first + passed, "{day}");
            day = day.saturating_add(1.day());
        }
    }
}
