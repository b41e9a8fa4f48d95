//! E-mail addresses, as names to sign in with.

use std::{fmt, str::FromStr};

/// The longest address that mail can be sent to (RFC 5321).
const LONGEST: usize = 254;

/// An address in lower case, so that one address is one person.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Email(Box<str>);

/// The text is no address.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("That is no e-mail address: it needs a name, an @ and a domain.")]
pub struct MalformedEmail;

impl Email {
    /// The address.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Email {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl FromStr for Email {
    type Err = MalformedEmail;
    fn from_str(text: &str) -> Result<Self, MalformedEmail> {
        let text = text.trim().to_lowercase();
        let plain = |character: char| {
            !character.is_whitespace() && !character.is_control() && !"<>\"(),;:\\".contains(character)
        };
        let well_formed = text.split_once('@').is_some_and(|(name, domain)| {
            let labels = domain.split('.').collect::<Vec<_>>();
            !name.is_empty()
                && !domain.contains('@')
                && labels.len() > 1
                && labels.iter().all(|label| !label.is_empty())
        });
        if well_formed && text.len() <= LONGEST && text.chars().all(plain) {
            Ok(Self(text.into()))
        } else {
            Err(MalformedEmail)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_address_is_one_person_however_it_is_typed() {
        let email: Email = " Ada.Lovelace+test@Example.COM ".parse().unwrap();
        assert_eq!(email.as_str(), "ada.lovelace+test@example.com");
    }

    #[test]
    fn what_is_no_address_is_refused() {
        let long = format!("{}@example.com", "a".repeat(250));
        for text in [
            "",
            "ada",
            "@example.com",
            "ada@",
            "ada@example",
            "ada@.com",
            "ada@example.",
            "a b@example.com",
            "a@b@example.com",
            "ada@example.com\r\nbcc: eve@example.com",
            "<ada@example.com>",
            &long,
        ] {
            assert_eq!(text.parse::<Email>(), Err(MalformedEmail), "{text:?}");
        }
    }
}
