//! Medians and percentiles.

use std::time::Duration;

/// The value in the middle; of an even number the higher of the two. Zero of none.
pub(crate) fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values.get(values.len() / 2).copied().unwrap_or_default()
}

/// A sample of latencies.
pub(crate) struct Latencies(Vec<Duration>);

impl Latencies {
    /// These, in any order.
    pub(crate) fn new(mut values: Vec<Duration>) -> Self {
        values.sort_unstable();
        Self(values)
    }

    /// The latency that this many of a hundred do not exceed, in milliseconds.
    pub(crate) fn percentile(&self, percent: usize) -> f64 {
        let rank = (self.0.len() * percent).div_ceil(100).max(1);
        self.0.get(rank - 1).copied().map_or(0.0, millis)
    }
}

/// A duration in milliseconds.
pub(crate) fn millis(duration: Duration) -> f64 {
    duration.as_secs_f64() * 1000.0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn percentiles_are_values_that_occurred() {
        let latencies = Latencies::new((1..=200).rev().map(Duration::from_millis).collect());
        let near = |percent, expected: f64| (latencies.percentile(percent) - expected).abs() < 1e-9;
        assert!(near(50, 100.0) && near(99, 198.0) && near(100, 200.0));
    }

    #[test]
    fn one_odd_round_does_not_move_the_median() {
        assert!((median(vec![1.0, 900.0, 2.0]) - 2.0).abs() < 1e-9);
    }
}
