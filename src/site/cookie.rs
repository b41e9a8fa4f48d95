//! The portal's cookies: the visitor's session, that of staff, and the reader's colours.

use app::model::Theme;
use axum::http::{HeaderMap, HeaderValue, header};

/// How long a session outlives the visitor's last request, in seconds.
pub(super) const SESSION_SECONDS: i64 = 30 * 24 * 60 * 60;

/// How long the choice of colours is kept, in seconds.
const THEME_SECONDS: i64 = 365 * 24 * 60 * 60;

/// How long a session of staff lasts, in seconds: a working day.
pub(super) const STAFF_SECONDS: i64 = 12 * 60 * 60;

const THEME: &str = "theme";

/// How cookies are written, which depends on how the portal is reached.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Jar {
    /// Over https: `Secure`, and the session under a name that no subdomain and no plain-text answer can set.
    Secure,
    /// Over http, on the developer's own machine.
    Plain,
}

impl Jar {
    /// The jar of a portal that is reached at this URL.
    pub(super) fn of(portal_url: &str) -> Self {
        if portal_url.starts_with("https://") {
            Self::Secure
        } else {
            Self::Plain
        }
    }

    const fn session_name(self) -> &'static str {
        match self {
            Self::Secure => "__Host-portal_session",
            Self::Plain => "portal_session",
        }
    }

    const fn secure(self) -> &'static str {
        match self {
            Self::Secure => "; Secure",
            Self::Plain => "",
        }
    }

    const fn staff_name(self) -> &'static str {
        match self {
            Self::Secure => "__Host-portal_staff",
            Self::Plain => "portal_staff",
        }
    }

    /// The token of a session of staff, if the request has one.
    pub(super) fn staff(self, headers: &HeaderMap) -> Option<&str> {
        value(headers, self.staff_name()).filter(|token| !token.is_empty())
    }

    /// `Set-Cookie` that keeps the token of a session of staff.
    pub(super) fn keep_staff(self, token: &str) -> Option<HeaderValue> {
        self.set(self.staff_name(), token, STAFF_SECONDS, "; HttpOnly")
    }

    /// `Set-Cookie` that forgets the session of staff.
    pub(super) fn forget_staff(self) -> Option<HeaderValue> {
        self.set(self.staff_name(), "", 0, "; HttpOnly")
    }

    /// The session's token, if the request has one.
    pub(super) fn session(self, headers: &HeaderMap) -> Option<&str> {
        value(headers, self.session_name()).filter(|token| !token.is_empty())
    }

    /// `Set-Cookie` that keeps the session's token.
    pub(super) fn keep_session(self, token: &str) -> Option<HeaderValue> {
        self.set(self.session_name(), token, SESSION_SECONDS, "; HttpOnly")
    }

    /// `Set-Cookie` that forgets the session.
    pub(super) fn forget_session(self) -> Option<HeaderValue> {
        self.set(self.session_name(), "", 0, "; HttpOnly")
    }

    /// `Set-Cookie` that keeps the choice of colours; the default needs none.
    pub(super) fn keep_theme(self, theme: Theme) -> Option<HeaderValue> {
        let seconds = if theme == Theme::System { 0 } else { THEME_SECONDS };
        self.set(THEME, theme.as_str(), seconds, "; HttpOnly")
    }

    fn set(self, name: &str, value: &str, seconds: i64, marks: &str) -> Option<HeaderValue> {
        let secure = self.secure();
        HeaderValue::try_from(format!(
            "{name}={value}; Path=/; Max-Age={seconds}; SameSite=Lax{marks}{secure}"
        ))
        .ok()
    }
}

/// The reader's colours.
pub(super) fn theme(headers: &HeaderMap) -> Theme {
    value(headers, THEME).map_or(Theme::System, Theme::from_text)
}

fn value<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    headers
        .get_all(header::COOKIE)
        .iter()
        .filter_map(|cookies| cookies.to_str().ok())
        .flat_map(|cookies| cookies.split(';'))
        .find_map(|cookie| cookie.trim_start().strip_prefix(name)?.strip_prefix('='))
        .map(str::trim_end)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(cookies: &'static str) -> HeaderMap {
        HeaderMap::from_iter([(header::COOKIE, HeaderValue::from_static(cookies))])
    }

    #[test]
    fn a_cookie_is_found_by_its_whole_name() {
        let headers = headers("xportal_session=a; portal_session2=b; portal_session=c; theme=dark");
        assert_eq!(Jar::Plain.session(&headers), Some("c"));
        assert_eq!(theme(&headers), Theme::Dark);
    }

    #[test]
    fn a_cookie_that_anyone_could_have_set_is_no_session_over_https() {
        assert_eq!(Jar::Secure.session(&headers("portal_session=c")), None);
        assert_eq!(
            Jar::Secure.session(&headers("__Host-portal_session=c")),
            Some("c")
        );
    }

    #[test]
    fn a_session_is_out_of_reach_of_scripts_and_other_sites() {
        let cookie = Jar::of("https://developer.example").keep_session("t").unwrap();
        assert_eq!(
            cookie,
            "__Host-portal_session=t; Path=/; Max-Age=2592000; SameSite=Lax; HttpOnly; Secure"
        );
        let plain = Jar::of("http://127.0.0.1:3000").keep_session("t").unwrap();
        assert_eq!(
            plain,
            "portal_session=t; Path=/; Max-Age=2592000; SameSite=Lax; HttpOnly"
        );
    }

    #[test]
    fn forgetting_empties_the_cookie() {
        let cookie = Jar::Plain.forget_session().unwrap();
        assert_eq!(
            cookie,
            "portal_session=; Path=/; Max-Age=0; SameSite=Lax; HttpOnly"
        );
    }
}
