//! Which of the stored encodings a request gets, by the rules of RFC 9110, section 12.5.3.

/// How a file is stored.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Encoding {
    /// `br`.
    Brotli,
    /// `gzip`.
    Gzip,
    /// As it is.
    Identity,
}

impl Encoding {
    /// Smallest first.
    pub const ALL: [Self; 3] = [Self::Brotli, Self::Gzip, Self::Identity];

    /// What the stored file's name ends with.
    pub fn suffix(self) -> &'static str {
        match self {
            Self::Brotli => ".br",
            Self::Gzip => ".gz",
            Self::Identity => "",
        }
    }

    /// Its name in `Content-Encoding`, which plain bytes do without.
    pub fn name(self) -> Option<&'static str> {
        match self {
            Self::Brotli => Some("br"),
            Self::Gzip => Some("gzip"),
            Self::Identity => None,
        }
    }
}

/// The encoding that the request likes best, the smaller one if it likes two equally. Plain bytes are the answer to
/// silence, and to a request that refuses everything: they are of more use than a 406.
pub fn choose(accepted: Option<&str>, available: &[Encoding]) -> Encoding {
    let Some(accepted) = accepted else {
        return Encoding::Identity;
    };
    let wishes: Vec<_> = accepted.split(',').map(parse_wish).collect();
    let mut best = (Encoding::Identity, 0);
    for encoding in available {
        let quality = quality_of(*encoding, &wishes);
        if quality > best.1 {
            best = (*encoding, quality);
        }
    }
    best.0
}

/// `gzip;q=0.5` as its lower-case name and thousandths. A quality that cannot be read counts as a refusal.
fn parse_wish(text: &str) -> (String, u16) {
    let (name, parameter) = text.split_once(';').unwrap_or((text, "q=1"));
    let (_, value) = parameter.split_once('=').unwrap_or(("q", "0"));
    (
        name.trim().to_ascii_lowercase(),
        parse_quality(value.trim()).unwrap_or(0),
    )
}

/// `0.25` as 250. Written out because a float does not turn into an integer without a lossy cast.
fn parse_quality(text: &str) -> Option<u16> {
    let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
    if fraction.len() > 3 {
        return None;
    }
    let thousandths: u16 = format!("{fraction:0<3}").parse().ok()?;
    let whole: u16 = whole.parse().ok()?;
    whole
        .checked_mul(1000)?
        .checked_add(thousandths)
        .filter(|quality| *quality <= 1000)
}

fn quality_of(encoding: Encoding, wishes: &[(String, u16)]) -> u16 {
    let name = encoding.name().unwrap_or("identity");
    let wish = |wanted: &str| {
        wishes
            .iter()
            .find(|(name, _)| name == wanted)
            .map(|(_, quality)| *quality)
    };
    // Plain bytes are acceptable unless refused, and liked least.
    let unnamed = u16::from(encoding == Encoding::Identity);
    wish(name).or_else(|| wish("*")).unwrap_or(unnamed)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn expect(accepted: &str, encoding: Encoding) {
        assert_eq!(choose(Some(accepted), &Encoding::ALL), encoding, "{accepted}");
    }

    #[test]
    fn the_smaller_of_equals_wins() {
        expect("gzip, deflate, br, zstd", Encoding::Brotli);
        expect("GZIP, deflate", Encoding::Gzip);
        expect("*", Encoding::Brotli);
    }

    #[test]
    fn qualities_are_honoured() {
        expect("br;q=0.5, gzip;q=0.8", Encoding::Gzip);
        expect("br; q=0.500, gzip;q=0", Encoding::Brotli);
        expect("identity, br;q=0.9", Encoding::Identity);
        expect("br;q=0, *;q=0.1", Encoding::Gzip);
        expect("br;q=1.000", Encoding::Brotli);
    }

    #[test]
    fn plain_bytes_answer_silence_refusal_and_nonsense() {
        assert_eq!(choose(None, &Encoding::ALL), Encoding::Identity);
        expect("", Encoding::Identity);
        expect("zstd", Encoding::Identity);
        expect("br;q=0, gzip;q=0, identity;q=0", Encoding::Identity);
        expect("br;q=2, gzip;q=x, deflate;", Encoding::Identity);
    }

    #[test]
    fn an_encoding_that_is_not_stored_is_not_chosen() {
        assert_eq!(
            choose(Some("br, gzip"), &[Encoding::Identity]),
            Encoding::Identity
        );
    }
}
