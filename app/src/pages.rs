//! The pages: each takes its data and gives a document.

pub(crate) mod ask;
pub(crate) mod board;
pub(crate) mod builder;
pub(crate) mod case;
pub(crate) mod checklist;
pub(crate) mod docs;
pub(crate) mod entrance;
pub(crate) mod error;
pub(crate) mod home;
pub(crate) mod logs;
pub(crate) mod rehearsal;
pub(crate) mod sandbox;
pub(crate) mod search;
pub(crate) mod timeline;
pub(crate) mod webhooks;
pub(crate) mod workspace;
