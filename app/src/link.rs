//! Every address of the portal, so that none is spelled twice.

use crate::request::encode;

/// The home page.
pub const HOME: &str = "/";
/// The first page of the docs.
pub const DOCS: &str = "/quickstart";
/// The reference of the current track.
pub const REFERENCE: &str = "/reference/v1";
/// The page of all problems.
pub const ERRORS: &str = "/errors";
/// The request builder; its form posts here too.
pub const BUILDER: &str = "/builder";
/// Where the builder's form posts: the browser then shows the answer first.
pub const BUILDER_SEND: &str = "/builder#answer";
/// The launch checklist.
pub const CHECKLIST: &str = "/checklist";
/// The visitor's sandbox; `POST` creates one.
pub const SANDBOX: &str = "/sandbox";
/// `POST` replaces the client secret.
pub const SANDBOX_ROTATE: &str = "/sandbox/rotate";
/// `POST` puts the demo data back.
pub const SANDBOX_RESET: &str = "/sandbox/reset";
/// `POST` deletes the sandbox.
pub const SANDBOX_DELETE: &str = "/sandbox/delete";
/// `POST` makes calls in the reader's sandbox and shows what came of them.
pub const REHEARSE: &str = "/rehearse";
/// `POST` registers the public half of a key that the browser made.
pub const BROWSER_KEY: &str = "/authentication/key";
/// `POST` exchanges an assertion that the browser signed.
pub const BROWSER_KEY_EXCHANGE: &str = "/authentication/exchange";
/// `POST` revokes a key that the browser forgets.
pub const BROWSER_KEY_FORGET: &str = "/authentication/forget";
/// Search results.
pub const SEARCH: &str = "/search";
/// The docs for machines: every page, as Markdown.
pub const LLMS: &str = "/llms.txt";
/// `POST` keeps the theme in a cookie.
pub const THEME: &str = "/theme";
/// Where server functions answer.
pub const ACTIONS: &str = "/actions";

/// The builder on this operation.
pub fn builder(operation: &str) -> String {
    format!("{BUILDER}?operation={}", encode(operation))
}

/// The builder on this operation with one field filled in (`path.id`, `query.cursor`, …).
pub fn builder_with(operation: &str, field: &str, value: &str) -> String {
    format!("{}&{}={}", builder(operation), encode(field), encode(value))
}

/// Where a problem is explained; also the tail of its `type` URL.
pub fn problem(slug: &str) -> String {
    format!("{ERRORS}#{slug}")
}
