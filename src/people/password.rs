//! Passwords: what is good enough, and how it is hashed and checked without holding anybody else up.

use argon2::{
    Algorithm, Argon2, Params, PasswordHash, PasswordHasher, PasswordVerifier, Version,
    password_hash::{Salt, SaltString},
};
use std::{sync::Arc, time::Duration};
use tokio::sync::Semaphore;

use crate::ids;

/// The fewest characters.
pub const SHORTEST: usize = 12;

/// The most bytes; what is longer costs work to hash and adds nothing.
const LONGEST: usize = 256;

/// The fewest different characters.
const DIFFERENT: usize = 5;

/// A check waits this long for its turn.
const PATIENCE: Duration = Duration::from_secs(10);

/// So many passwords are hashed at once: each takes 19 MiB and all of a core.
const AT_ONCE: usize = 2;

/// A password as somebody typed it.
#[derive(Clone)]
pub struct Password(String);

impl std::fmt::Debug for Password {
    /// Without the password, which must not reach a log.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Password")
    }
}

/// Why a new password is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum WeakPassword {
    /// Fewer characters than [`SHORTEST`].
    #[error("The password is too short: it needs 12 characters or more. Four words make a good one.")]
    Short,
    /// More bytes than can be hashed.
    #[error("The password is too long: 256 characters are enough.")]
    Long,
    /// The same few characters over and over.
    #[error("The password repeats the same few characters. Four words make a good one.")]
    Monotonous,
    /// It is the address, or part of it.
    #[error("The password is the e-mail address, which is the first thing anybody would try.")]
    Address,
}

impl Password {
    /// A password to be set for the account of this address.
    ///
    /// # Errors
    /// When it is too easy to guess.
    pub fn new(text: &str, email: &str) -> Result<Self, WeakPassword> {
        let different: std::collections::BTreeSet<char> = text.chars().collect();
        let folded = text.to_lowercase();
        if text.chars().count() < SHORTEST {
            Err(WeakPassword::Short)
        } else if text.len() > LONGEST {
            Err(WeakPassword::Long)
        } else if different.len() < DIFFERENT {
            Err(WeakPassword::Monotonous)
        } else if folded == email || email.starts_with(&folded) {
            Err(WeakPassword::Address)
        } else {
            Ok(Self(text.to_owned()))
        }
    }

    /// A password to be checked, whatever it is.
    pub fn given(text: &str) -> Self {
        // Nothing longer was ever set, and its end would only cost work.
        Self(text.chars().take(LONGEST).collect())
    }
}

/// Too many passwords wait to be hashed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Busy;

/// Hashes and checks passwords: Argon2id with the parameters that OWASP asks for (19 MiB, two passes), on threads that
/// may block, a few at a time.
#[derive(Debug)]
pub(super) struct Passwords {
    turns: Arc<Semaphore>,
}

impl Default for Passwords {
    fn default() -> Self {
        Self {
            turns: Arc::new(Semaphore::new(AT_ONCE)),
        }
    }
}

impl Passwords {
    /// The hash to keep, in the PHC string format.
    pub(super) async fn hash(&self, password: Password) -> Result<String, Busy> {
        self.turn(move || hashed(&password)).await?.ok_or(Busy)
    }

    /// Whether this is the password behind the hash. Where there is none it takes as long to say no.
    pub(super) async fn verify(&self, password: Password, hash: Option<String>) -> Result<bool, Busy> {
        self.turn(move || {
            let Some(hash) = hash else {
                _ = hashed(&password);
                return false;
            };
            PasswordHash::new(&hash)
                .is_ok_and(|hash| argon().verify_password(password.0.as_bytes(), &hash).is_ok())
        })
        .await
    }

    async fn turn<T: Send + 'static>(&self, work: impl FnOnce() -> T + Send + 'static) -> Result<T, Busy> {
        let turn = tokio::time::timeout(PATIENCE, Arc::clone(&self.turns).acquire_owned());
        let turn = turn.await.map_err(|_| Busy)?.map_err(|_| Busy)?;
        let done = tokio::task::spawn_blocking(move || {
            let done = work();
            drop(turn);
            done
        });
        done.await.map_err(|_| Busy)
    }
}

fn argon() -> Argon2<'static> {
    Argon2::new(Algorithm::Argon2id, Version::V0x13, Params::default())
}

fn hashed(password: &Password) -> Option<String> {
    let salt = SaltString::encode_b64(&ids::random::<{ Salt::RECOMMENDED_LENGTH }>()).ok()?;
    let hash = argon().hash_password(password.0.as_bytes(), &salt).ok()?;
    Some(hash.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_easy_to_guess_is_refused() {
        let weak = |text: &str| Password::new(text, "ada.lovelace@example.com").map(|_| ());
        assert_eq!(weak("elevenchars"), Err(WeakPassword::Short));
        assert_eq!(weak("abcabcabcabcabc"), Err(WeakPassword::Monotonous));
        assert_eq!(weak("Ada.Lovelace@Example.com"), Err(WeakPassword::Address));
        assert_eq!(weak("ada.lovelace"), Err(WeakPassword::Address));
        assert_eq!(weak(&"long enough".repeat(30)), Err(WeakPassword::Long));
        assert_eq!(weak("correct horse battery"), Ok(()));
        assert_eq!(weak("öåæøüéèñçßłž"), Ok(()), "characters are counted, not bytes");
    }

    #[tokio::test]
    async fn a_hash_knows_its_password_and_no_other() {
        let passwords = Passwords::default();
        let given = || Password::given("correct horse battery");
        let (one, two) = (
            passwords.hash(given()).await.unwrap(),
            passwords.hash(given()).await.unwrap(),
        );
        assert!(one.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{one}");
        assert_ne!(one, two, "each has a salt of its own");
        assert!(passwords.verify(given(), Some(one.clone())).await.unwrap());
        let other = Password::given("correct horse");
        assert!(!passwords.verify(other, Some(one)).await.unwrap());
        assert!(!passwords.verify(given(), None).await.unwrap());
        assert!(
            !passwords
                .verify(given(), Some("no hash".to_owned()))
                .await
                .unwrap()
        );
    }

    #[test]
    fn a_password_is_not_printed() {
        assert_eq!(format!("{:?}", Password::given("secret")), "Password");
    }
}
