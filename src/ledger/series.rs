//! A time series that answers with the latest point on or before a day.

use jiff::civil::Date;
use rust_decimal::Decimal;
use std::sync::Arc;

/// A value that holds from the end of a day on.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Point {
    /// The day.
    pub date: Date,
    /// The value from then on.
    pub value: Decimal,
}

/// Reference points that tenants share, and a tenant's own points over them.
#[derive(Clone, Debug, Default)]
pub struct Series {
    reference: Arc<[Point]>,
    own: Vec<Point>,
}

impl Series {
    /// A series of shared points, **already in order of date**, and own points in any order. Of several own points
    /// of a day the last one given holds; an own point overrides the shared one of its day.
    pub fn new(reference: Arc<[Point]>, mut own: Vec<Point>) -> Self {
        debug_assert!(reference.is_sorted_by_key(|point| point.date));
        own.sort_by_key(|point| point.date);
        Self { reference, own }
    }

    /// A series of points in any order, none of them shared.
    pub fn of(points: Vec<Point>) -> Self {
        Self::new(Arc::default(), points)
    }

    /// The latest point on or before `day`.
    pub fn on(&self, day: Date) -> Option<Point> {
        match (latest(&self.reference, day), latest(&self.own, day)) {
            (Some(reference), Some(own)) if reference.date > own.date => Some(reference),
            (reference, own) => own.or(reference),
        }
    }

    /// The first day on which another series answers differently; none where it never does.
    pub(super) fn first_difference(&self, other: &Self) -> Option<Date> {
        let of_reference = if Arc::ptr_eq(&self.reference, &other.reference) {
            None
        } else {
            first_difference(&self.reference, &other.reference)
        };
        of_reference
            .into_iter()
            .chain(first_difference(&self.own, &other.own))
            .min()
    }

    /// The earliest point of all.
    pub fn first(&self) -> Option<Point> {
        match (self.reference.first(), self.own.first()) {
            (Some(reference), Some(own)) if reference.date < own.date => Some(*reference),
            (reference, own) => own.or(reference).copied(),
        }
    }

    /// The latest point of all.
    pub fn last(&self) -> Option<Point> {
        self.on(Date::MAX)
    }

    /// Whether there is no point at all.
    pub fn is_empty(&self) -> bool {
        self.reference.is_empty() && self.own.is_empty()
    }
}

fn first_difference(left: &[Point], right: &[Point]) -> Option<Date> {
    let place = left
        .iter()
        .zip(right)
        .take_while(|(left, right)| left == right)
        .count();
    let rest = [left.get(place), right.get(place)];
    rest.into_iter().flatten().map(|point| point.date).min()
}

fn latest(points: &[Point], day: Date) -> Option<Point> {
    let after = points.partition_point(|point| point.date <= day);
    points[..after].last().copied()
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    fn point(day: i8, value: i64) -> Point {
        Point {
            date: date(2025, 1, day),
            value: Decimal::from(value),
        }
    }

    #[test]
    fn looks_back_to_the_latest_point_and_prefers_the_own_one_of_a_day() {
        let series = Series::new(
            [point(2, 20), point(4, 40), point(6, 60)].into(),
            vec![point(5, 55), point(4, 44)],
        );
        let values: Vec<_> = (1..=7)
            .map(|day| series.on(date(2025, 1, day)).map(|point| point.value))
            .collect();
        let expected = [None, Some(20), Some(20), Some(44), Some(55), Some(60), Some(60)];
        assert_eq!(values, expected.map(|value| value.map(Decimal::from)));
    }

    #[test]
    fn two_series_differ_from_the_first_point_on_that_is_not_in_both() {
        let own = |points: &[(i8, i64)]| {
            Series::of(points.iter().map(|(day, value)| point(*day, *value)).collect())
        };
        let known = own(&[(2, 20), (4, 40)]);
        for (other, day) in [
            (own(&[(2, 20), (4, 40)]), None),
            (own(&[(2, 20), (4, 41)]), Some(4)),
            (own(&[(2, 20)]), Some(4)),
            (own(&[(2, 20), (3, 30), (4, 40)]), Some(3)),
            (own(&[(2, 20), (4, 40), (6, 60)]), Some(6)),
        ] {
            assert_eq!(known.first_difference(&other), day.map(|day| date(2025, 1, day)));
            assert_eq!(other.first_difference(&known), day.map(|day| date(2025, 1, day)));
        }
    }
}
