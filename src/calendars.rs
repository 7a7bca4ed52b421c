//! Fetching others' calendars.
//!
//! An address that somebody enters makes this program speak to a machine of their choosing, from inside the network
//! that it runs in. So it speaks only to hosts that the configuration names, by https, and only if all their addresses
//! lie on the open internet; it connects to the very addresses that were looked at; and a redirect is an address
//! like any other. What comes is limited in size and time.
//!
//! The path and the query of a calendar's address are often its password. They are never logged and stand in no error.

mod address;
mod client;
mod error;
mod keeper;
mod matching;
mod reach;

use std::time::Duration;

use serde::{Deserialize, Serialize};

pub use address::{Host, Source};
pub use client::Client;
pub use error::FetchError;
pub use keeper::{Keeper, Named, Report, Round, label, named};
pub use matching::decide;

/// Where calendars may be fetched from, and how much is put up with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Policy {
    /// The hosts that are asked, and no others.
    pub hosts: Vec<Host>,
    /// Whether http is allowed besides https. What is fetched so can be changed on its way.
    pub allow_http: bool,
    /// Whether the hosts may lie in private networks or on this machine. Then an entry among `hosts` that points at a
    /// machine which trusts this one lets whoever enters an address speak to it.
    pub allow_private: bool,
    /// The largest calendar, in bytes, also once it is unpacked.
    pub bytes: usize,
    /// How long a connection may take.
    pub connect: Duration,
    /// How long all of it may take, redirects included.
    pub total: Duration,
}

impl Default for Policy {
    /// No host at all; 5 MB, 5 seconds to connect, 20 for everything.
    fn default() -> Self {
        Self {
            hosts: Vec::new(),
            allow_http: false,
            allow_private: false,
            bytes: crate::ical::read::BYTES,
            connect: Duration::from_secs(5),
            total: Duration::from_secs(20),
        }
    }
}

impl Policy {
    fn allows(&self, host: &str, port: Option<u16>) -> bool {
        self.hosts.iter().any(|allowed| allowed.matches(host, port))
    }
}

/// What a server said of the version that it gave, to be shown to it the next time.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Validators {
    /// `ETag`, as it came.
    pub etag: Option<String>,
    /// `Last-Modified`, as it came.
    pub last_modified: Option<String>,
}

/// What came of fetching a calendar.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fetched {
    /// It is as it was the last time.
    NotModified,
    /// It may be another one.
    New {
        /// As they came, unpacked.
        bytes: Vec<u8>,
        /// To be shown the next time.
        validators: Validators,
    },
}
