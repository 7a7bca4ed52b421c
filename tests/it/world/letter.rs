//! A mail as its recipient's program shows it.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use arshjul::mail::transport::Delivered;
use jiff::Timestamp;

use super::shown;
use crate::compose::read;

/// A mail that arrived.
#[derive(Debug)]
pub struct Letter {
    /// When it arrived.
    pub at: Timestamp,
    /// The address it came to.
    pub to: String,
    pub subject: String,
    /// The `Date` header.
    pub date: String,
    /// The plain text.
    pub text: String,
    /// The messages in it.
    pub keys: Vec<String>,
    /// The secrets of the answer links.
    pub links: Vec<String>,
    pub message_id: String,
    pub bytes: Vec<u8>,
}

impl Letter {
    pub fn read(mail: &Delivered, at: Timestamp) -> Self {
        let read = read(&mail.bytes);
        let links = read.text.split("/svar/").skip(1);
        let secret = |rest: &str| rest.split_whitespace().next().unwrap().to_owned();
        Self {
            at,
            to: mail.envelope.to.first().unwrap().clone(),
            subject: read.header("Subject").trim().to_owned(),
            date: read.header("Date").to_owned(),
            keys: read.header("X-Arshjul-Keys").split_whitespace().map(str::to_owned).collect(),
            links: links.map(secret).collect(),
            text: read.text,
            message_id: mail.message_id.clone(),
            bytes: mail.bytes.clone(),
        }
    }

    /// The rung in a key: `0`, `r1`, `e1`, `a1`, `n1`, `h`.
    pub fn rung(key: &str) -> &str {
        key.split(':').nth(4).unwrap()
    }

    fn step(key: &str) -> &str {
        key.split(':').nth(3).unwrap()
    }

    /// The day that a key is about.
    pub fn about(key: &str) -> &str {
        key.split(':').nth(6).unwrap()
    }

    /// `2025-03-10 08:00 r1` for each message of `step` in it.
    pub fn rungs_of(&self, step: &str) -> Vec<String> {
        let of_step = self.keys.iter().filter(|key| Self::step(key) == step);
        of_step.map(|key| format!("{} {}", shown(self.at), Self::rung(key))).collect()
    }

    /// Whether any of its messages is about an occasion, or a part of it.
    pub fn is_about(&self, occasion: &str) -> bool {
        let object = |key: &str| key.split(':').nth(2).map(str::to_owned);
        self.keys.iter().filter_map(|key| object(key)).any(|object| {
            let whole = object.rsplit('~').next().unwrap_or_default();
            whole.split(['/', '@']).next() == Some(occasion)
        })
    }

    /// One line for a failing test.
    pub fn line(&self) -> String {
        format!("{} {} {}", shown(self.at), self.to, self.subject)
    }
}
