//! Whether a request that changes something was made by one of the portal's own pages.
//!
//! A browser sends `Sec-Fetch-Site` with every request, and no page can forge it: `same-origin` is a form or a script
//! of ours, `none` a person's own doing (an address typed in, a form sent again after a reload). A browser too old for
//! that header sends `Origin` with every `POST`. Whatever sends neither is no browser of a visitor, so it carries no
//! session worth protecting, and is refused all the same: a rule without exceptions is one that can be relied on. The
//! session's cookie is `SameSite=Lax` besides, which keeps it out of cross-site posts in the first place; and since
//! nothing depends on a secret inside the form, a page can be cached, kept open for days and still be sent.

use axum::http::{HeaderMap, HeaderValue, Method, header};

/// Whether this request needs to be ours.
pub(super) fn must_be_ours(method: &Method) -> bool {
    !matches!(*method, Method::GET | Method::HEAD | Method::OPTIONS)
}

/// Whether one of our pages made this request. `portal` is the portal's origin, `https://developer.example`.
pub(super) fn is_ours(headers: &HeaderMap, portal: &str) -> bool {
    match headers.get("sec-fetch-site").map(HeaderValue::as_bytes) {
        Some(site) => matches!(site, b"same-origin" | b"none"),
        None => headers
            .get(header::ORIGIN)
            .is_some_and(|origin| origin.as_bytes() == portal.as_bytes()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const PORTAL: &str = "https://developer.example";

    fn is_ours_with(pairs: &[(&'static str, &'static str)]) -> bool {
        let headers = pairs
            .iter()
            .map(|(name, value)| {
                (
                    header::HeaderName::from_static(name),
                    HeaderValue::from_static(value),
                )
            })
            .collect();
        is_ours(&headers, PORTAL)
    }

    #[test]
    fn our_own_pages_and_people_are_let_through() {
        assert!(is_ours_with(&[("sec-fetch-site", "same-origin")]));
        assert!(is_ours_with(&[("sec-fetch-site", "none")]));
        assert!(is_ours_with(&[("origin", PORTAL)]));
    }

    #[test]
    fn everyone_else_is_refused() {
        assert!(!is_ours_with(&[]));
        assert!(!is_ours_with(&[("sec-fetch-site", "cross-site")]));
        assert!(!is_ours_with(&[("sec-fetch-site", "same-site")]));
        assert!(!is_ours_with(&[(
            "origin",
            "https://developer.example.evil.example"
        )]));
        assert!(!is_ours_with(&[("origin", "http://developer.example")]));
        assert!(!is_ours_with(&[("origin", "null")]));
    }

    #[test]
    fn an_origin_does_not_outvote_what_the_browser_says_of_the_site() {
        assert!(!is_ours_with(&[
            ("sec-fetch-site", "cross-site"),
            ("origin", PORTAL)
        ]));
    }
}
