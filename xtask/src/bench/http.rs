//! As much HTTP/1.1 as a measurement needs: one connection, one request at a time, no dependencies.

use std::{
    io::{BufRead, BufReader, Write as _},
    net::{SocketAddr, TcpStream},
    time::Duration,
};

use anyhow::{Context as _, Result, bail, ensure};

const TIMEOUT: Duration = Duration::from_secs(30);

/// What is asked.
#[derive(Clone)]
pub(crate) struct Ask {
    pub(crate) method: &'static str,
    /// With its query, if any.
    pub(crate) path: String,
    pub(crate) headers: Vec<(&'static str, String)>,
    pub(crate) body: String,
}

/// What came back.
pub(crate) struct Answer {
    pub(crate) status: u16,
    headers: Vec<(String, String)>,
    /// As it was sent: still compressed, no longer chunked.
    pub(crate) body: Vec<u8>,
}

impl Ask {
    /// `GET path`.
    pub(crate) fn get(path: impl Into<String>) -> Self {
        Self {
            method: "GET",
            path: path.into(),
            headers: Vec::new(),
            body: String::new(),
        }
    }

    /// `method path` with a body of this type.
    pub(crate) fn with_body(
        method: &'static str,
        path: &str,
        content_type: &str,
        body: impl Into<String>,
    ) -> Self {
        Self {
            method,
            body: body.into(),
            ..Self::get(path)
        }
        .header("Content-Type", content_type)
    }

    /// The same with one more header.
    pub(crate) fn header(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.headers.push((name, value.into()));
        self
    }

    /// The same with an access token.
    pub(crate) fn bearer(self, token: &str) -> Self {
        self.header("Authorization", format!("Bearer {token}"))
    }

    fn bytes(&self, host: SocketAddr) -> Vec<u8> {
        let Self {
            method,
            path,
            headers,
            body,
        } = self;
        let mut lines = vec![format!("{method} {path} HTTP/1.1"), format!("Host: {host}")];
        lines.extend(headers.iter().map(|(name, value)| format!("{name}: {value}")));
        if *method != "GET" {
            lines.push(format!("Content-Length: {}", body.len()));
        }
        format!("{}\r\n\r\n{body}", lines.join("\r\n")).into_bytes()
    }
}

impl Answer {
    /// A header's value, if it came.
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        let mut values = self
            .headers
            .iter()
            .filter(|(known, _)| known.eq_ignore_ascii_case(name));
        values.next().map(|(_, value)| value.as_str())
    }

    /// The body as text.
    pub(crate) fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    /// Itself if its status is this one; otherwise the error shows what came.
    pub(crate) fn expect(self, status: u16) -> Result<Self> {
        let start: String = self.text().chars().take(300).collect();
        ensure!(
            self.status == status,
            "expected status {status}, got {}: {start}",
            self.status
        );
        Ok(self)
    }
}

/// A kept-alive connection.
pub(crate) struct Connection {
    address: SocketAddr,
    stream: BufReader<TcpStream>,
}

impl Connection {
    /// Connects.
    pub(crate) fn open(address: SocketAddr) -> Result<Self> {
        let stream =
            TcpStream::connect(address).with_context(|| format!("could not connect to {address}"))?;
        stream.set_nodelay(true)?;
        stream.set_read_timeout(Some(TIMEOUT))?;
        stream.set_write_timeout(Some(TIMEOUT))?;
        Ok(Self {
            address,
            stream: BufReader::new(stream),
        })
    }

    /// Sends a request and waits for the whole answer.
    pub(crate) fn send(&mut self, ask: &Ask) -> Result<Answer> {
        let bytes = ask.bytes(self.address);
        self.exchange(&bytes)
            .with_context(|| format!("{} {}", ask.method, ask.path))
    }

    fn exchange(&mut self, bytes: &[u8]) -> Result<Answer> {
        self.stream.get_mut().write_all(bytes)?;
        read_answer(&mut self.stream)
    }
}

/// Asks once, over a connection of its own.
pub(crate) fn ask_once(address: SocketAddr, ask: &Ask) -> Result<Answer> {
    Connection::open(address)?.send(ask)
}

fn read_answer(stream: &mut impl BufRead) -> Result<Answer> {
    let first = read_line(stream)?;
    let status = first.split(' ').nth(1).and_then(|code| code.parse().ok());
    let status = status.with_context(|| format!("not a status line: {first:?}"))?;
    let mut answer = Answer {
        status,
        headers: Vec::new(),
        body: Vec::new(),
    };
    loop {
        let line = read_line(stream)?;
        let Some((name, value)) = line.split_once(':') else {
            ensure!(line.is_empty(), "not a header: {line:?}");
            break;
        };
        answer.headers.push((name.to_owned(), value.trim().to_owned()));
    }
    answer.body = read_body(stream, &answer)?;
    Ok(answer)
}

fn read_body(stream: &mut impl BufRead, answer: &Answer) -> Result<Vec<u8>> {
    let mut body = Vec::new();
    if matches!(answer.status, 204 | 304) {
        return Ok(body);
    }
    if let Some(length) = answer.header("content-length") {
        body.resize(length.parse()?, 0);
        stream.read_exact(&mut body)?;
        return Ok(body);
    }
    match answer.header("transfer-encoding") {
        None => {
            stream.read_to_end(&mut body)?;
            return Ok(body);
        }
        Some("chunked") => {}
        Some(other) => bail!("an answer as `{other}`"),
    }
    loop {
        let line = read_line(stream)?;
        let start = body.len();
        let length = usize::from_str_radix(&line, 16).with_context(|| format!("not a chunk: {line:?}"))?;
        body.resize(start + length, 0);
        stream.read_exact(&mut body[start..])?;
        read_line(stream)?;
        if length == 0 {
            return Ok(body);
        }
    }
}

fn read_line(stream: &mut impl BufRead) -> Result<String> {
    let mut line = String::new();
    ensure!(stream.read_line(&mut line)? > 0, "the connection was closed");
    Ok(line.trim_end_matches(['\r', '\n']).to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Result<Answer> {
        read_answer(&mut text.as_bytes())
    }

    #[test]
    fn a_body_of_known_length_is_read_and_no_more() {
        let answer = read("HTTP/1.1 200 OK\r\nETag: \"a\"\r\ncontent-length: 3\r\n\r\nabcHTTP/1.1").unwrap();
        assert_eq!(
            (answer.status, answer.text().as_str(), answer.header("etag")),
            (200, "abc", Some("\"a\""))
        );
    }

    #[test]
    fn chunks_are_put_together() {
        let answer =
            read("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nab\r\n1\r\nc\r\n0\r\n\r\n")
                .unwrap();
        assert_eq!(answer.text(), "abc");
    }

    #[test]
    fn a_body_of_unknown_length_ends_with_the_connection() {
        let answer = read("HTTP/1.0 401 Unauthorized\r\nDate: today\r\n\r\nabc").unwrap();
        assert_eq!((answer.status, answer.text().as_str()), (401, "abc"));
    }

    #[test]
    fn a_304_has_no_body_whatever_its_length_says() {
        let answer = read("HTTP/1.1 304 Not Modified\r\nContent-Length: 9\r\n\r\n").unwrap();
        assert!(answer.body.is_empty());
    }

    #[test]
    fn half_an_answer_is_an_error() {
        assert!(read("").is_err());
        assert!(read("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nabc").is_err());
    }

    #[test]
    fn another_status_is_an_error_that_shows_the_answer() {
        let error = read("HTTP/1.1 403 Forbidden\r\nContent-Length: 2\r\n\r\nno")
            .unwrap()
            .expect(200)
            .err()
            .unwrap();
        assert_eq!(error.to_string(), "expected status 200, got 403: no");
    }
}
