//! `Range` (RFC 9110 §14): which bytes of a file are asked for.

/// Which bytes to send.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Range {
    /// All of them: none are named, or in a way that may be ignored.
    Whole,
    /// From the first to the last, both included.
    Part {
        /// The first byte.
        first: u64,
        /// The last byte.
        last: u64,
    },
    /// None that there are.
    Unsatisfiable,
}

impl Range {
    /// What `header` asks for of a file of `size` bytes. Several ranges at once, another unit and what is malformed are
    /// ignored, as RFC 9110 allows or wants.
    pub(super) fn read(header: Option<&str>, size: u64) -> Self {
        let asked = header.and_then(|text| text.trim().strip_prefix("bytes="));
        let Some((first, last)) = asked.and_then(|range| range.split_once('-')) else {
            return Self::Whole;
        };
        let (first, last) = (first.trim(), last.trim());
        match (number(first), number(last)) {
            (Some(first), Some(last)) if first > last => Self::Whole,
            (Some(first), _) if first >= size && (last.is_empty() || number(last).is_some()) => {
                Self::Unsatisfiable
            }
            (Some(first), Some(last)) => Self::Part {
                first,
                last: last.min(size.saturating_sub(1)),
            },
            (Some(first), None) if last.is_empty() => Self::Part {
                first,
                last: size.saturating_sub(1),
            },
            (None, Some(0)) if first.is_empty() => Self::Unsatisfiable,
            (None, Some(_)) if first.is_empty() && size == 0 => Self::Unsatisfiable,
            (None, Some(length)) if first.is_empty() => Self::Part {
                first: size.saturating_sub(length),
                last: size - 1,
            },
            _ => Self::Whole,
        }
    }
}

/// The number that the digits stand for; one that is too large is as good as the largest.
fn number(digits: &str) -> Option<u64> {
    let are_digits = !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit());
    are_digits.then(|| digits.parse().unwrap_or(u64::MAX))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn part(first: u64, last: u64) -> Range {
        Range::Part { first, last }
    }

    #[test]
    fn a_range_names_bytes_from_either_end() {
        for (header, range) in [
            ("bytes=0-9", part(0, 9)),
            ("bytes=90-", part(90, 99)),
            ("bytes=90-200", part(90, 99)),
            ("bytes=-10", part(90, 99)),
            ("bytes=-200", part(0, 99)),
            ("bytes=0-99999999999999999999999", part(0, 99)),
            ("bytes=100-", Range::Unsatisfiable),
            ("bytes=100-200", Range::Unsatisfiable),
            ("bytes=-0", Range::Unsatisfiable),
            ("bytes=9-0", Range::Whole),
            ("bytes=0-1,5-6", Range::Whole),
            ("bytes=a-b", Range::Whole),
            ("bytes=-", Range::Whole),
            ("bytes=1", Range::Whole),
            ("lines=0-9", Range::Whole),
        ] {
            assert_eq!(Range::read(Some(header), 100), range, "{header}");
        }
        assert_eq!(Range::read(None, 100), Range::Whole);
        assert_eq!(Range::read(Some("bytes=0-"), 0), Range::Unsatisfiable);
        assert_eq!(Range::read(Some("bytes=-5"), 0), Range::Unsatisfiable);
    }
}
