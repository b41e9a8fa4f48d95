//! What pages are made of: drawn by the server, never hydrated.

pub(crate) mod action;
pub(crate) mod blocks;
pub(crate) mod browser_key;
pub(crate) mod calls;
pub(crate) mod chart;
pub(crate) mod code;
pub(crate) mod entry;
pub(crate) mod exchange;
pub(crate) mod faults;
pub(crate) mod fields;
pub(crate) mod items;
pub(crate) mod keys;
pub(crate) mod lifecycle;
pub(crate) mod nav;
pub(crate) mod operation;
pub(crate) mod problems;
pub(crate) mod request_form;
pub(crate) mod shell;
pub(crate) mod statement;
