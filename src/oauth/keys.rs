//! The keys that sign access tokens: made once, published before they sign, kept until their last token has expired.

mod set;

pub(super) use set::KeySet;

use super::TOKEN_SECONDS;
use crate::store::{
    StoreError,
    control::{
        Control,
        signing_keys::{self, SigningKeyRow},
    },
};
use contract::Timestamp;
use rsa::{
    RsaPrivateKey,
    pkcs8::{EncodePrivateKey, LineEnding},
    rand_core::OsRng,
};
use std::sync::{Arc, PoisonError, RwLock};

/// How long others may keep the published set, in seconds.
pub const PUBLISHED_SECONDS: i64 = 300;

/// How long before its first signature a key is published: everyone's copy has been renewed by then.
const AHEAD_MILLIS: i64 = (PUBLISHED_SECONDS + 60) * 1000;

/// How long after its last signature a key is kept: the life of a token, and a minute for clocks that differ.
const KEPT_MILLIS: i64 = (TOKEN_SECONDS + 60) * 1000;

/// What can go wrong with signing keys. None of it is the caller's fault.
#[derive(Debug, thiserror::Error)]
pub enum KeyFailure {
    /// The control database failed.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// A stored key is not a private RSA key.
    #[error("signing key: {0}")]
    Encoding(#[from] rsa::pkcs8::Error),
    /// RSA failed.
    #[error("RSA: {0}")]
    Rsa(#[from] rsa::Error),
    /// Signing failed.
    #[error("signature: {0}")]
    Signature(#[from] jsonwebtoken::errors::Error),
    /// A computation was stopped.
    #[error("a blocking task was stopped: {0}")]
    Stopped(#[from] tokio::task::JoinError),
    /// No key may sign now.
    #[error("no signing key is valid at this time")]
    NoKey,
}

/// The signing keys of this installation; every process on one data folder uses the same.
#[derive(Debug)]
pub struct SigningKeys(RwLock<Arc<KeySet>>);

impl SigningKeys {
    /// The keys in the control database; makes the first one when there is none, which takes a moment.
    ///
    /// # Errors
    /// When the database fails or holds something that is not a key.
    pub async fn load(control: &Control, now: Timestamp) -> Result<Self, KeyFailure> {
        let set = KeySet::read(control, now).await?;
        if set.can_sign(now) {
            return Ok(Self(RwLock::new(Arc::new(set))));
        }
        add_key(control, now, When::IfNone).await?;
        Ok(Self(RwLock::new(Arc::new(KeySet::read(control, now).await?))))
    }

    /// One key that is given and never changes; for tests, as making a key is slow.
    ///
    /// # Errors
    /// When `pem` is not a private RSA key as PKCS#8.
    pub fn from_pem(pem: &str) -> Result<Self, KeyFailure> {
        Ok(Self(RwLock::new(Arc::new(KeySet::fixed(pem)?))))
    }

    /// The published keys, read anew when our copy is old.
    pub(super) async fn current(&self, control: &Control, now: Timestamp) -> Result<Arc<KeySet>, KeyFailure> {
        let set = Arc::clone(&self.0.read().unwrap_or_else(PoisonError::into_inner));
        if set.is_fresh(now) {
            return Ok(set);
        }
        let set = Arc::new(set.read_again(control, now).await?);
        *self.0.write().unwrap_or_else(PoisonError::into_inner) = Arc::clone(&set);
        Ok(set)
    }
}

/// Makes the next signing key: published from now on, signing once every copy of the set has been renewed. The key
/// before it verifies until the last token that it signed has expired. Running servers notice by themselves.
///
/// # Errors
/// When the key cannot be made or stored.
pub async fn rotate(control: &Control, now: Timestamp) -> Result<(), KeyFailure> {
    add_key(control, now, When::AfterLast).await
}

/// On what condition a key is added.
#[derive(Clone, Copy, PartialEq, Eq)]
enum When {
    /// If no other process was quicker at the first start.
    IfNone,
    /// As successor of the last key.
    AfterLast,
}

async fn add_key(control: &Control, now: Timestamp, when: When) -> Result<(), KeyFailure> {
    let (kid, pem) = tokio::task::spawn_blocking(generate).await??;
    let mut write = control.begin().await?;
    let last = signing_keys::last(&mut write).await?;
    if when == When::IfNone && last.is_some() {
        return Ok(());
    }
    let not_before = match last {
        None => now,
        Some((kid, its_not_before)) => {
            let not_before = its_not_before.max(now).plus_millis(AHEAD_MILLIS);
            signing_keys::retire(&mut write, &kid, not_before, not_before.plus_millis(KEPT_MILLIS)).await?;
            not_before
        }
    };
    let key = SigningKeyRow {
        kid,
        pem,
        created_at: now,
        not_before,
        retired_at: None,
        expires_at: None,
    };
    signing_keys::create(&mut write, &key).await?;
    signing_keys::forget_expired(&mut write, now).await?;
    Ok(write.commit().await?)
}

fn generate() -> Result<(String, String), KeyFailure> {
    let key = RsaPrivateKey::new(&mut OsRng, 2048)?;
    let pem = key.to_pkcs8_pem(LineEnding::LF)?;
    Ok((set::thumbprint(&key.to_public_key()), pem.as_str().to_owned()))
}
