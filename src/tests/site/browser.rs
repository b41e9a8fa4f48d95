//! A browser without JavaScript: keeps cookies, says where a form came from, follows nothing by itself.

use crate::harness::{Answer, Portal};
use reqwest::{Client, Method, RequestBuilder, header, redirect};
use std::{collections::BTreeMap, sync::Mutex};

/// Someone at a browser.
pub(crate) struct Browser {
    http: Client,
    base: String,
    origin: String,
    cookies: Mutex<BTreeMap<String, String>>,
}

/// The sandbox that a visitor just created, as its page shows it.
pub(crate) struct Credentials {
    pub(crate) client_id: String,
    pub(crate) secret: String,
}

impl Browser {
    /// A browser that has never been here.
    pub(crate) fn new(portal: &Portal) -> Self {
        let http = Client::builder()
            .redirect(redirect::Policy::none())
            .no_proxy()
            .build();
        Self {
            http: http.expect("a client"),
            base: portal.server.portal_url.clone(),
            origin: portal.server.portal_url.clone(),
            cookies: Mutex::default(),
        }
    }

    /// The same at another address than the one that browsers are told.
    pub(crate) fn at(portal: &Portal, address: &str) -> Self {
        Self {
            base: address.to_owned(),
            ..Self::new(portal)
        }
    }

    /// A request with this browser's cookies and nothing else.
    pub(crate) fn request(&self, method: Method, path: &str) -> RequestBuilder {
        let cookies = self.cookies.lock().expect("cookies");
        let cookies: Vec<String> = cookies
            .iter()
            .map(|(name, value)| format!("{name}={value}"))
            .collect();
        let request = self.http.request(method, format!("{}{path}", self.base));
        if cookies.is_empty() {
            request
        } else {
            request.header(header::COOKIE, cookies.join("; "))
        }
    }

    /// Sends and keeps what cookies come back.
    pub(crate) async fn send(&self, request: RequestBuilder) -> Answer {
        let response = request.send().await.expect("a response");
        let (status, headers) = (response.status().as_u16(), response.headers().clone());
        for cookie in headers.get_all(header::SET_COOKIE) {
            self.keep(cookie.to_str().expect("a cookie"));
        }
        Answer {
            status,
            headers,
            text: response.text().await.expect("a body"),
        }
    }

    fn keep(&self, cookie: &str) {
        let pair = cookie.split(';').next().unwrap_or_default();
        let (name, value) = pair.split_once('=').expect("a name and a value");
        let mut cookies = self.cookies.lock().expect("cookies");
        if cookie.contains("Max-Age=0") {
            cookies.remove(name);
        } else {
            cookies.insert(name.to_owned(), value.to_owned());
        }
    }

    /// Whether there is any cookie.
    pub(crate) fn has_cookies(&self) -> bool {
        !self.cookies.lock().expect("cookies").is_empty()
    }

    /// Opens a page.
    pub(crate) async fn get(&self, path: &str) -> Answer {
        self.send(self.request(Method::GET, path).header("accept", "text/html"))
            .await
    }

    /// Sends one of the portal's forms.
    pub(crate) async fn post(&self, path: &str, fields: &[(&str, &str)]) -> Answer {
        let request = self
            .request(Method::POST, path)
            .header("sec-fetch-site", "same-origin");
        self.send(request.header("origin", &self.origin).form(fields))
            .await
    }

    /// Creates a sandbox and reads the page that shows its secret.
    pub(crate) async fn create_sandbox(&self) -> Credentials {
        let answer = self.post("/sandbox", &[]).await.expect(303);
        assert_eq!(answer.header("location"), Some("/sandbox"));
        let page = self.get("/sandbox").await.expect(200).text;
        Credentials {
            client_id: text_of(&page, "client-id").expect("a client id"),
            secret: text_of(&page, "client-secret").expect("a secret"),
        }
    }

    /// Sends a request from the builder and answers with its page.
    pub(crate) async fn build(&self, operation: &str, fields: &[(&str, &str)]) -> Answer {
        let fields: Vec<_> = [("operation", operation)]
            .into_iter()
            .chain(fields.iter().copied())
            .collect();
        self.post("/builder", &fields).await
    }
}

/// The text of the element with this id, if the page has one.
pub(super) fn text_of(page: &str, id: &str) -> Option<String> {
    let (_, rest) = page.split_once(&format!("id=\"{id}\""))?;
    let (_, rest) = rest.split_once('>')?;
    rest.split_once('<').map(|(text, _)| text.to_owned())
}
