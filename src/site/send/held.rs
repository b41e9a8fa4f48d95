//! A call that stays in flight until it is let go: its body is announced and kept back.

use std::{io, net::SocketAddr};
use tokio::{
    io::{AsyncBufReadExt as _, AsyncReadExt as _, AsyncWriteExt as _, BufReader},
    net::TcpStream,
};

/// The body that is kept back: a client without a name, which is refused and changes nothing.
const BODY: &[u8] = b"{}";

/// A call in flight.
pub(in crate::site) struct Held(BufReader<TcpStream>);

impl Held {
    /// Begins a call, and waits until the API has admitted it and asks for the body. `None` where it was refused.
    pub(super) async fn open(address: SocketAddr, bearer: &str) -> io::Result<Option<Self>> {
        let mut stream = BufReader::new(TcpStream::connect(address).await?);
        let head = format!(
            "POST /v1/clients HTTP/1.1\r\nhost: {address}\r\nauthorization: Bearer {bearer}\r\n\
             content-type: application/json\r\ncontent-length: {}\r\nexpect: 100-continue\r\nconnection: close\r\n\r\n",
            BODY.len()
        );
        stream.write_all(head.as_bytes()).await?;
        let mut line = String::new();
        stream.read_line(&mut line).await?;
        Ok(line.starts_with("HTTP/1.1 100").then_some(Self(stream)))
    }

    /// Sends the body and waits for the answer, so that the place is free afterwards.
    pub(in crate::site) async fn release(mut self) -> io::Result<()> {
        self.0.write_all(BODY).await?;
        let mut answer = Vec::new();
        self.0.read_to_end(&mut answer).await?;
        Ok(())
    }
}
