//! Why a calendar could not be fetched, in the words of the one who must mend it.

use std::time::Duration;

/// Why a calendar could not be fetched. No message holds more of an address than its host.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum FetchError {
    /// Not an address at all.
    #[error("that is no address of a calendar; it begins with https:// or webcal://")]
    NoAddress,
    /// Another way to fetch than by the web.
    #[error("calendars are fetched by https:// or webcal:// only")]
    Scheme,
    /// http, which isn't allowed.
    #[error(
        "http:// is not allowed, since what comes could be changed on its way; use https://, or set `allow-http` under [calendars]"
    )]
    Unencrypted,
    /// A name and password in the address.
    #[error(
        "the address holds a user name; ask for an address that needs none (\"publish\", \"secret address\")"
    )]
    Credentials,
    /// The host isn't on the list.
    #[error(
        "{host} is not among the hosts that calendars may be fetched from; add it to `hosts` under [calendars] (ARSHJUL_CALENDARS_HOSTS) if it should be"
    )]
    NotAllowed {
        /// Which, with its port if that isn't the usual one.
        host: String,
    },
    /// The host is not on the open internet.
    #[error(
        "{host} leads into a private network or to this machine; that needs `allow-private` under [calendars]"
    )]
    Inward {
        /// Which.
        host: String,
    },
    /// The name is not known, or the network is away.
    #[error("{host} can't be reached: {why}")]
    Unreachable {
        /// Which.
        host: String,
        /// In the words of the system or of TLS.
        why: String,
    },
    /// It took too long.
    #[error("{host} did not answer in full within {} s; it will be asked again", .within.as_secs_f32())]
    TooSlow {
        /// Which.
        host: String,
        /// The limit.
        within: Duration,
    },
    /// It is larger than a calendar may be.
    #[error(
        "the calendar at {host} is larger than {limit} bytes; ask for one with a shorter time or fewer details"
    )]
    TooLarge {
        /// Where.
        host: String,
        /// The limit.
        limit: usize,
    },
    /// Redirected again and again.
    #[error("{host} led on and on; use the address that it ends at")]
    TooManyRedirects {
        /// The last.
        host: String,
    },
    /// Redirected to where nothing may be fetched.
    #[error("{host} leads to another address: {to}")]
    Redirect {
        /// From where.
        host: String,
        /// Why that one can't be fetched.
        to: Box<Self>,
    },
    /// The server said no.
    #[error("{host} answered {code}{}", advice(*.code))]
    Status {
        /// Which.
        host: String,
        /// The HTTP status.
        code: u16,
    },
    /// It is packed in a way that was not asked for.
    #[error("{host} sent it packed as {encoding}, which was not asked for")]
    Encoding {
        /// Which.
        host: String,
        /// How, by its own account.
        encoding: String,
    },
    /// It can't be unpacked.
    #[error("what {host} sent is damaged: it can't be unpacked")]
    Damaged {
        /// Which.
        host: String,
    },
    /// The client could not be made.
    #[error("no connections can be made: {0}")]
    Client(String),
}

fn advice(code: u16) -> &'static str {
    match code {
        401 | 403 => ": the address needs a login, or was withdrawn; ask for a published one",
        404 | 410 => ": there is no calendar at that address any more; ask for a new one",
        429 => ": it is asked too often",
        500..=599 => ": it has a fault of its own; it will be asked again",
        _ => "",
    }
}
