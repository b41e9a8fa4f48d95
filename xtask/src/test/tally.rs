//! How many passed and how many failed.

use std::{fmt, ops::AddAssign};

use serde_json::Value;

/// A pair of counts, written as `3 passed, 1 failed`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Tally {
    pub(crate) passed: u64,
    pub(crate) failed: u64,
}

impl Tally {
    pub(crate) fn one_passed() -> Self {
        Self { passed: 1, failed: 0 }
    }

    pub(crate) fn one_failed() -> Self {
        Self { passed: 0, failed: 1 }
    }

    /// The counts in a line such as `test result: ok. 3 passed; 0 failed; 1 ignored; …`, zero in any other line.
    pub(crate) fn of_cargo_line(line: &str) -> Self {
        let Some(rest) = line.strip_prefix("test result: ") else {
            return Self::default();
        };
        let count = |word: &str| {
            let before = rest.split(word).next().filter(|before| before.len() < rest.len());
            before
                .and_then(|text| text.split_whitespace().last())
                .and_then(|number| number.parse().ok())
                .unwrap_or(0)
        };
        Self {
            passed: count(" passed"),
            failed: count(" failed"),
        }
    }

    /// The counts in Playwright's JSON report. A flaky test did pass in the end, but a test that needs a second try
    /// is not to be trusted, so it counts as failed.
    pub(crate) fn of_playwright(report: &Value) -> Self {
        let count = |name: &str| report["stats"][name].as_u64().unwrap_or(0);
        let errors = report["errors"].as_array().map_or(0, Vec::len) as u64;
        Self {
            passed: count("expected"),
            failed: count("unexpected") + count("flaky") + errors,
        }
    }
}

impl AddAssign for Tally {
    fn add_assign(&mut self, other: Self) {
        self.passed += other.passed;
        self.failed += other.failed;
    }
}

impl fmt::Display for Tally {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{} passed, {} failed", self.passed, self.failed)
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_result_line_of_cargo_is_counted_and_others_are_not() {
        let line = "test result: FAILED. 12 passed; 3 failed; 1 ignored; 0 measured; 0 filtered out";
        assert_eq!(
            Tally::of_cargo_line(line),
            Tally {
                passed: 12,
                failed: 3
            }
        );
        assert_eq!(Tally::of_cargo_line("test a_test ... ok"), Tally::default());
    }

    #[test]
    fn flaky_tests_and_load_errors_of_playwright_count_as_failed() {
        let report =
            json!({"stats": {"expected": 5, "unexpected": 1, "flaky": 1, "skipped": 2}, "errors": [{}]});
        assert_eq!(Tally::of_playwright(&report), Tally { passed: 5, failed: 3 });
    }

    #[test]
    fn the_closing_line_is_plain() {
        assert_eq!(Tally { passed: 7, failed: 0 }.to_string(), "7 passed, 0 failed");
    }
}
