//! One connection to a relay: commands out, replies in, each within its time.

use std::io;
use std::net::IpAddr;
use std::time::Duration;

use tokio::time::{Instant, timeout};

use crate::mail::transport::reply::{Parsed, Reply};
use crate::mail::transport::stream::{Stream, TlsSetup};

/// Most bytes of one reply; what answers at greater length is no mail relay.
const REPLY_LIMIT: usize = 64 * 1024;

/// How long each part of a delivery may take. The sum bounds a delivery: with the defaults a relay that
/// is always just in time holds one up for some fourteen minutes, so a lease on a mail must last longer.
#[derive(Debug, Clone, Copy)]
pub struct Timeouts {
    /// For the connection, for the greeting and for the TLS handshake, each. RFC 5321 suggests five minutes
    /// for the greeting; a submission relay is near.
    pub connect: Duration,
    /// For a command and its reply.
    pub command: Duration,
    /// For the reply to DATA, for writing the message, and for the reply to it: content filters work here.
    pub message: Duration,
    /// How long an unused connection is kept; relays close theirs after one to five minutes.
    pub idle: Duration,
    /// For the farewell, whose answer nobody needs.
    pub farewell: Duration,
}

impl Default for Timeouts {
    fn default() -> Self {
        Self {
            connect: Duration::from_secs(30),
            command: Duration::from_secs(60),
            message: Duration::from_secs(120),
            idle: Duration::from_secs(30),
            farewell: Duration::from_secs(5),
        }
    }
}

/// Why there is no reply to go by.
#[derive(Debug, thiserror::Error)]
pub enum Broken {
    #[error("the connection was closed")]
    Closed,
    #[error("no answer within {} s", .0.as_secs_f64())]
    TimedOut(Duration),
    #[error("{0}")]
    Network(io::Error),
    #[error("TLS: {0}")]
    Tls(rustls::Error),
    #[error("not an SMTP reply: `{0}`")]
    Malformed(String),
}

impl From<io::Error> for Broken {
    fn from(error: io::Error) -> Self {
        if error.kind() == io::ErrorKind::UnexpectedEof {
            return Self::Closed;
        }
        match error.downcast::<rustls::Error>() {
            Ok(tls) => Self::Tls(tls),
            Err(network) => Self::Network(network),
        }
    }
}

/// What the relay offers in its answer to EHLO.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub struct Offers {
    pub starttls: bool,
    pub eight_bit: bool,
    pub utf8_addresses: bool,
    pub auth_plain: bool,
    pub auth_login: bool,
    /// Largest message in octets (RFC 1870); none when the relay names no limit.
    pub size: Option<usize>,
}

impl Offers {
    fn read(lines: &[String]) -> Self {
        let mut offers = Self::default();
        // The first line is the relay's name.
        for line in lines.iter().skip(1) {
            // Some old servers write `AUTH=LOGIN`.
            let mut words = line.split([' ', '=']).map(str::to_ascii_uppercase);
            match words.next().as_deref() {
                Some("STARTTLS") => offers.starttls = true,
                Some("8BITMIME") => offers.eight_bit = true,
                Some("SMTPUTF8") => offers.utf8_addresses = true,
                Some("SIZE") => {
                    offers.size = words.next().and_then(|word| word.parse().ok()).filter(|size| *size > 0);
                }
                Some("AUTH") => {
                    for word in words {
                        offers.auth_plain |= word == "PLAIN";
                        offers.auth_login |= word == "LOGIN";
                    }
                }
                _ => {}
            }
        }
        offers
    }
}

#[derive(Debug)]
pub struct Session {
    stream: Stream,
    /// Arrived and not yet read as a reply.
    arrived: Vec<u8>,
    offers: Offers,
    last_used: Instant,
}

impl Session {
    pub fn new(stream: Stream) -> Self {
        Self { stream, arrived: Vec::new(), offers: Offers::default(), last_used: Instant::now() }
    }

    pub fn offers(&self) -> &Offers {
        &self.offers
    }

    pub fn is_encrypted(&self) -> bool {
        self.stream.is_encrypted()
    }

    /// Used within `idle`, and the relay has said nothing unasked (such as that it closes).
    pub fn is_fresh(&self, idle: Duration) -> bool {
        self.arrived.is_empty() && self.last_used.elapsed() < idle
    }

    /// Something was said before it was asked for. After STARTTLS it could be a stranger's words, to be
    /// taken for the relay's once TLS is on.
    pub fn has_unasked(&self) -> bool {
        !self.arrived.is_empty()
    }

    pub async fn encrypt(&mut self, setup: &TlsSetup, limit: Duration) -> Result<(), Broken> {
        // Whatever was offered before is forgotten (RFC 3207, 4.2).
        self.offers = Offers::default();
        within(limit, async { Ok(self.stream.encrypt(setup).await?) }).await
    }

    /// EHLO with the address literal of this end: always true, and needs no host name to be configured.
    pub async fn hello(&mut self, limit: Duration) -> Result<Reply, Broken> {
        let name = match self.stream.local_ip()? {
            IpAddr::V4(ip) => format!("[{ip}]"),
            IpAddr::V6(ip) => format!("[IPv6:{ip}]"),
        };
        let (reply, lines) = self.exchange(&format!("EHLO {name}\r\n"), limit).await?;
        self.offers = Offers::read(&lines);
        Ok(reply)
    }

    /// `command` without its line end.
    pub async fn command(&mut self, command: &str, limit: Duration) -> Result<Reply, Broken> {
        Ok(self.exchange(&format!("{command}\r\n"), limit).await?.0)
    }

    /// Sends the message with its final dot. When the writing fails, the relay may have said why: a reply
    /// that is there already is better than none.
    pub async fn message(&mut self, data: &[u8], limit: Duration) -> Result<Reply, Broken> {
        match self.write(data, limit).await {
            Ok(()) | Err(Broken::Network(_)) => self.reply(limit).await,
            Err(broken) => Err(broken),
        }
    }

    /// The next reply, all of its lines within `limit`.
    pub async fn reply(&mut self, limit: Duration) -> Result<Reply, Broken> {
        within(limit, self.read_reply()).await.map(|(reply, _)| reply)
    }

    /// Says goodbye and does not wait: for a connection of which nothing more is expected.
    pub async fn leave(mut self, limit: Duration) {
        let _ = self.write(b"QUIT\r\n", limit).await;
    }

    /// Says goodbye properly.
    pub async fn quit(mut self, limit: Duration) {
        let _ = self.command("QUIT", limit).await;
    }

    async fn write(&mut self, bytes: &[u8], limit: Duration) -> Result<(), Broken> {
        within(limit, async { Ok(self.stream.write_all(bytes).await?) }).await
    }

    /// A line and the reply to it, both within `limit`.
    async fn exchange(&mut self, line: &str, limit: Duration) -> Result<(Reply, Vec<String>), Broken> {
        within(limit, async {
            self.stream.write_all(line.as_bytes()).await?;
            self.read_reply().await
        })
        .await
    }

    async fn read_reply(&mut self) -> Result<(Reply, Vec<String>), Broken> {
        loop {
            match Reply::parse(&self.arrived) {
                Parsed::Whole { reply, lines, length } => {
                    self.arrived.drain(..length);
                    self.last_used = Instant::now();
                    return Ok((reply, lines));
                }
                Parsed::Malformed(line) => return Err(Broken::Malformed(line)),
                Parsed::Partial if self.arrived.len() > REPLY_LIMIT => {
                    return Err(Broken::Malformed(format!("more than {REPLY_LIMIT} bytes")));
                }
                Parsed::Partial => {}
            }
            if self.stream.read_into(&mut self.arrived).await? == 0 {
                return Err(Broken::Closed);
            }
        }
    }
}

async fn within<T>(limit: Duration, work: impl Future<Output = Result<T, Broken>>) -> Result<T, Broken> {
    timeout(limit, work).await.unwrap_or(Err(Broken::TimedOut(limit)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn offers(lines: &[&str]) -> Offers {
        Offers::read(&lines.iter().map(|line| (*line).to_owned()).collect::<Vec<_>>())
    }

    #[test]
    fn offers_are_read_in_any_case_and_the_name_is_none_of_them() {
        let all = offers(&["STARTTLS", "size 1000", "8BitMime", "AUTH LOGIN PLAIN XOAUTH2", "smtputf8"]);
        assert!(!all.starttls, "the first line is a name");
        assert_eq!(all.size, Some(1000));
        assert!(all.eight_bit && all.auth_plain && all.auth_login && all.utf8_addresses);
        assert!(offers(&["mail", "AUTH=LOGIN"]).auth_login);
        assert_eq!(offers(&["mail", "SIZE 0"]).size, None, "RFC 1870: zero is no limit");
        assert_eq!(offers(&["mail", "SIZE", "SIZE x"]).size, None);
        assert_eq!(offers(&[]), Offers::default());
    }
}
