//! Axes: round figures upwards, the first days of months or years to the right.

use super::Unit;
use app::model::{Chart, chart::Mark};
use jiff::{Unit as Span, civil::Date};
use rust_decimal::{Decimal, prelude::ToPrimitive};

/// More rulings than about this only make noise.
const RULINGS: i64 = 4;
/// As many labels stand side by side on a phone.
const DAYS: usize = 5;
/// How far apart marked days may be, in months.
const MONTHS: [i16; 8] = [1, 2, 3, 6, 12, 24, 60, 120];

/// Figures to heights.
#[derive(Debug)]
pub(super) struct Scale {
    low: Decimal,
    high: Decimal,
    step: Decimal,
}

impl Scale {
    /// A scale that shows these figures, and zero.
    pub(super) fn over(figures: impl Iterator<Item = Decimal>) -> Self {
        let (low, high) = figures.fold((Decimal::ZERO, Decimal::ZERO), |(low, high), figure| {
            (low.min(figure), high.max(figure))
        });
        let step = round_step((high - low) / Decimal::from(RULINGS));
        // What only just passes a ruling needs no other one behind it.
        let reach = |end: Decimal| {
            let within = (end / step).floor() * step;
            if end - within < step / Decimal::from(4) {
                end
            } else {
                within + step
            }
        };
        Self {
            low: -reach(-low),
            high: reach(high).max(low + step),
            step,
        }
    }

    /// How far down this figure is drawn.
    pub(super) fn height(&self, figure: Decimal) -> Decimal {
        let full = Decimal::from(Chart::BOTTOM - Chart::TOP);
        let part = (self.high - figure) / (self.high - self.low);
        (Decimal::from(Chart::TOP) + part * full).round_dp(1).normalize()
    }

    /// Lines at round figures, lowest first.
    pub(super) fn rulings(&self, unit: Unit) -> Vec<Mark> {
        let next = |figure: &Decimal| Some(figure + self.step);
        let first = (self.low / self.step).ceil() * self.step;
        let figures = std::iter::successors(Some(first), next).take_while(|figure| *figure <= self.high);
        let marks = figures.map(|figure| Mark {
            at: self.height(figure).round().to_i32().unwrap_or_default(),
            label: label(figure, unit),
            zero: figure.is_zero(),
        });
        marks.collect()
    }
}

/// The least of 1, 2 and 5 times a power of ten that is not under `least`.
fn round_step(least: Decimal) -> Decimal {
    let factors = [Decimal::TWO, Decimal::new(25, 1), Decimal::TWO];
    let mut step = Decimal::new(1, 6);
    for factor in factors.into_iter().cycle() {
        if step >= least {
            break;
        }
        step *= factor;
    }
    step.normalize()
}

/// A figure as it is read: `−2.5 %`, `1.2 m`.
pub(super) fn label(figure: Decimal, unit: Unit) -> String {
    let (thousand, million) = (Decimal::from(1_000), Decimal::from(1_000_000));
    let (shown, after) = match unit {
        Unit::Percent => (figure * Decimal::from(100), " %"),
        Unit::Money if figure.abs() >= million => (figure / million, " m"),
        Unit::Money if figure.abs() >= thousand => (figure / thousand, " k"),
        Unit::Money => (figure, ""),
    };
    let shown = shown.round_dp(2).normalize();
    let sign = if shown.is_sign_negative() && !shown.is_zero() {
        "−"
    } else {
        ""
    };
    format!("{sign}{}{after}", shown.abs())
}

/// Days to places.
#[derive(Debug)]
pub(super) struct Days {
    first: Date,
    last: Date,
    /// Where each day of figures is.
    pub(super) places: Vec<Decimal>,
}

impl Days {
    /// The days from the first to the last of these.
    pub(super) fn over(days: &[Date]) -> Self {
        let first = days.first().copied().unwrap_or_default();
        let last = days.last().copied().unwrap_or_default();
        let mut over = Self {
            first,
            last,
            places: Vec::new(),
        };
        over.places = days.iter().map(|day| over.place(*day)).collect();
        over
    }

    fn place(&self, day: Date) -> Decimal {
        let width = Decimal::from(Chart::RIGHT - Chart::LEFT);
        let part =
            Decimal::from(between(self.first, day)) / Decimal::from(between(self.first, self.last).max(1));
        (Decimal::from(Chart::LEFT) + part * width)
            .round_dp(1)
            .normalize()
    }

    /// The first days of months or years, with as many labels as there is room for.
    pub(super) fn marks(&self) -> Vec<Mark> {
        let every = MONTHS.into_iter().map(|months| (months, self.firsts(months)));
        let fits = every.filter(|(_, days)| days.len() <= DAYS);
        let (months, days) = fits.into_iter().next().unwrap_or_default();
        let (format, room) = if months < 12 { ("%b %Y", 100) } else { ("%Y", 54) };
        let marks = days.into_iter().map(|day| {
            let at = self.place(day).round().to_i32().unwrap_or_default();
            let label = day.strftime(format).to_string();
            Mark {
                at,
                label: if at + room <= Chart::WIDTH {
                    label
                } else {
                    String::new()
                },
                zero: false,
            }
        });
        marks.collect()
    }

    /// The first days of every so many months.
    fn firsts(&self, months: i16) -> Vec<Date> {
        let of_year = |year: i16| {
            (1..=12)
                .filter(move |month| (year * 12 + month - 1) % months == 0)
                .filter_map(move |month| Date::new(year, i8::try_from(month).ok()?, 1).ok())
        };
        let all = (self.first.year()..=self.last.year()).flat_map(of_year);
        all.filter(|day| (self.first..=self.last).contains(day)).collect()
    }
}

/// How many days `later` is after `day`.
fn between(day: Date, later: Date) -> i32 {
    day.until((Span::Day, later)).map_or(0, |span| span.get_days())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn labels(figures: &[&str], unit: Unit) -> Vec<String> {
        let figures = figures.iter().map(|text| text.parse().unwrap());
        let rulings = Scale::over(figures).rulings(unit);
        rulings.into_iter().map(|mark| mark.label).collect()
    }

    #[test]
    fn figures_are_ruled_off_at_round_ones() {
        assert_eq!(
            labels(&["-0.031", "0.012"], Unit::Percent),
            ["−4 %", "−2 %", "0 %", "2 %"]
        );
        assert_eq!(
            labels(&["-0.0007"], Unit::Percent),
            ["−0.08 %", "−0.06 %", "−0.04 %", "−0.02 %", "0 %"]
        );
        let millions = ["−2 m", "−1 m", "0", "1 m"];
        assert_eq!(labels(&["-1840000", "930000.10"], Unit::Money), millions);
        assert_eq!(labels(&["0", "0.00"], Unit::Money).len(), 2);
    }

    #[test]
    fn what_only_just_passes_a_ruling_has_no_other_one_behind_it() {
        let whole = ["0 %", "50 %", "100 %"];
        assert_eq!(labels(&["-0.0165", "1.1105"], Unit::Percent), whole);
        assert_eq!(
            labels(&["-0.15", "1.13"], Unit::Percent),
            ["−50 %", "0 %", "50 %", "100 %", "150 %"]
        );
    }

    #[test]
    fn days_are_marked_no_denser_than_they_can_be_read() {
        let marks = |first: &str, last: &str| {
            let days = Days::over(&[first.parse().unwrap(), last.parse().unwrap()]);
            let marks = days.marks().into_iter().map(|mark| mark.label);
            marks.collect::<Vec<_>>().join(" · ")
        };
        insta::assert_snapshot!(
            [
                marks("2025-07-04", "2026-06-26"),
                marks("2026-01-15", "2026-04-01"),
                marks("2021-07-01", "2026-06-30"),
            ]
            .join("\n")
        );
    }
}
