//! Asking a server for a calendar.

use std::error::Error;
use std::fmt;
use std::io::Read;
use std::net::SocketAddr;

use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use reqwest::header::{
    ACCEPT, ACCEPT_ENCODING, CONTENT_ENCODING, ETAG, HeaderMap, HeaderName, IF_MODIFIED_SINCE, IF_NONE_MATCH,
    LAST_MODIFIED, LOCATION, USER_AGENT,
};
use reqwest::{Response, StatusCode};

use super::address::may_reach;
use super::reach::reach;
use super::{FetchError, Fetched, Policy, Source, Validators};

/// Who asks.
const OURS: &str = concat!("arshjul/", env!("CARGO_PKG_VERSION"));

/// What this host must be told: it answers 500 to every program that it doesn't know.
const BROWSER: (&str, &str) = ("outlook.office365.com", "Mozilla/5.0 (X11) Chrome/139");

/// So many redirects are followed.
const REDIRECTS: usize = 3;

/// A longer header is taken as none: some are kept, and nobody needs more.
const LONGEST_HEADER: usize = 2_000;

/// How gzip begins.
const GZIP: &[u8] = &[0x1f, 0x8b];

/// Fetches calendars by a policy.
#[derive(Clone, Debug)]
pub struct Client {
    http: reqwest::Client,
    policy: Policy,
}

impl Client {
    /// A client that fetches what `policy` allows.
    ///
    /// # Errors
    /// [`FetchError::Client`] if the system's certificates can't be read.
    pub fn new(policy: Policy) -> Result<Self, FetchError> {
        if policy.allow_private {
            tracing::warn!("calendars may be fetched from private networks and this machine (allow-private)");
        }
        // Without a crypto backend the builder panics; `main` names the same one.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let http = reqwest::Client::builder()
            .dns_resolver(Resolver { allow_private: policy.allow_private })
            // A proxy would look the names up by itself, and connect to whatever it finds.
            .no_proxy()
            .redirect(reqwest::redirect::Policy::none())
            .referer(false)
            .connect_timeout(policy.connect)
            // Nothing is asked for often enough to keep a connection.
            .pool_max_idle_per_host(0)
            .build()
            .map_err(|error| FetchError::Client(innermost(&error)))?;
        Ok(Self { http, policy })
    }

    /// What may be fetched.
    #[must_use]
    pub fn policy(&self) -> &Policy {
        &self.policy
    }

    /// Fetches a calendar, unless it is as it was when the server gave `previous`.
    ///
    /// # Errors
    /// [`FetchError`]: the server, the network or the policy says no, or it is too large or too slow.
    pub async fn fetch(&self, source: &Source, previous: Option<&Validators>) -> Result<Fetched, FetchError> {
        let within = self.policy.total;
        let fetched = tokio::time::timeout(within, self.follow(source, previous)).await;
        fetched.unwrap_or_else(|_| Err(FetchError::TooSlow { host: source.host().to_owned(), within }))
    }

    async fn follow(&self, source: &Source, previous: Option<&Validators>) -> Result<Fetched, FetchError> {
        // Looked at again: the source may come from another time, with another policy.
        let mut source = source.redirected("", &self.policy)?;
        for _ in 0..=REDIRECTS {
            let response = self.ask(&source, previous).await?;
            if !matches!(response.status().as_u16(), 301 | 302 | 303 | 307 | 308) {
                return self.take(&source, previous, response).await;
            }
            let location = header(response.headers(), &LOCATION).unwrap_or_default();
            let next = source.redirected(&location, &self.policy);
            let host = source.host().to_owned();
            source = next.map_err(|to| FetchError::Redirect { host, to: Box::new(to) })?;
        }
        Err(FetchError::TooManyRedirects { host: source.host().to_owned() })
    }

    async fn ask(&self, source: &Source, previous: Option<&Validators>) -> Result<Response, FetchError> {
        let agent = if source.host() == BROWSER.0 { BROWSER.1 } else { OURS };
        let mut request = self
            .http
            .get(source.url().clone())
            .header(USER_AGENT, agent)
            .header(ACCEPT, "text/calendar, text/plain;q=0.8, */*;q=0.5")
            .header(ACCEPT_ENCODING, "identity");
        if let Some(Validators { etag, last_modified }) = previous {
            let conditions = [(IF_NONE_MATCH, etag), (IF_MODIFIED_SINCE, last_modified)];
            for (name, value) in conditions.into_iter().filter_map(|(name, v)| Some((name, v.as_ref()?))) {
                request = request.header(name, value);
            }
        }
        request.send().await.map_err(|error| self.failed(source, error))
    }

    async fn take(
        &self,
        source: &Source,
        previous: Option<&Validators>,
        mut response: Response,
    ) -> Result<Fetched, FetchError> {
        let host = || source.host().to_owned();
        match response.status() {
            StatusCode::OK => {}
            StatusCode::NOT_MODIFIED if previous.is_some() => return Ok(Fetched::NotModified),
            other => return Err(FetchError::Status { host: host(), code: other.as_u16() }),
        }
        let encoding = header(response.headers(), &CONTENT_ENCODING).unwrap_or_default().to_ascii_lowercase();
        if !["", "identity", "gzip", "x-gzip"].contains(&encoding.as_str()) {
            return Err(FetchError::Encoding { host: host(), encoding });
        }
        let limit = self.policy.bytes;
        let too_large = || FetchError::TooLarge { host: host(), limit };
        if response.content_length().is_some_and(|length| length > limit as u64) {
            return Err(too_large());
        }
        let validators = Validators {
            etag: header(response.headers(), &ETAG),
            last_modified: header(response.headers(), &LAST_MODIFIED),
        };
        let mut bytes = Vec::new();
        while let Some(chunk) = response.chunk().await.map_err(|error| self.failed(source, error))? {
            if bytes.len() + chunk.len() > limit {
                return Err(too_large());
            }
            bytes.extend_from_slice(&chunk);
        }
        // iCloud packs without being asked, and without saying so.
        if bytes.starts_with(GZIP) {
            bytes = unpacked(&bytes, limit).map_err(|_| FetchError::Damaged { host: host() })?;
            if bytes.len() > limit {
                return Err(too_large());
            }
        }
        Ok(Fetched::New { bytes, validators })
    }

    fn failed(&self, source: &Source, error: reqwest::Error) -> FetchError {
        let host = source.host().to_owned();
        let error = error.without_url();
        if causes(&error).any(<dyn Error>::is::<Inward>) {
            FetchError::Inward { host }
        } else if error.is_timeout() {
            FetchError::TooSlow { host, within: self.policy.connect }
        } else {
            FetchError::Unreachable { host, why: innermost(&error) }
        }
    }
}

fn header(headers: &HeaderMap, name: &HeaderName) -> Option<String> {
    headers.get(name)?.to_str().ok().filter(|value| value.len() <= LONGEST_HEADER).map(str::to_owned)
}

/// What was packed, up to one byte more than `limit`.
fn unpacked(bytes: &[u8], limit: usize) -> std::io::Result<Vec<u8>> {
    let mut plain = Vec::new();
    let most = u64::try_from(limit).unwrap_or(u64::MAX).saturating_add(1);
    flate2::read::MultiGzDecoder::new(bytes).take(most).read_to_end(&mut plain)?;
    Ok(plain)
}

fn causes<'a>(error: &'a (dyn Error + 'static)) -> impl Iterator<Item = &'a (dyn Error + 'static)> {
    std::iter::successors(Some(error), |error| Error::source(*error))
}

/// What is at the bottom of it: what stands above only repeats the address.
fn innermost(error: &(dyn Error + 'static)) -> String {
    causes(error).last().map_or_else(String::new, ToString::to_string)
}

/// Looks names up, and gives an address to connect to only if all of a name's are allowed. There is no second look-up
/// between this one and the connection, which could have another answer.
struct Resolver {
    allow_private: bool,
}

impl Resolve for Resolver {
    fn resolve(&self, name: Name) -> Resolving {
        let allow_private = self.allow_private;
        Box::pin(async move {
            let found: Vec<SocketAddr> = tokio::net::lookup_host((name.as_str(), 0)).await?.collect();
            if found.iter().all(|address| may_reach(reach(address.ip()), allow_private)) {
                Ok(Box::new(found.into_iter()) as Addrs)
            } else {
                Err(Inward.into())
            }
        })
    }
}

/// A name leads inward.
#[derive(Debug)]
struct Inward;

impl fmt::Display for Inward {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the name leads into a private network")
    }
}

impl Error for Inward {}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use super::*;

    #[test]
    fn what_is_packed_is_unpacked_as_far_as_it_is_wanted() {
        let mut packer = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
        packer.write_all(&vec![b'a'; 1_000_000]).unwrap();
        let packed = packer.finish().unwrap();
        assert!(packed.len() < 10_000);
        assert_eq!(unpacked(&packed, 1_000_000).unwrap().len(), 1_000_000);
        assert_eq!(unpacked(&packed, 1_000).unwrap().len(), 1_001);
        assert!(unpacked(&packed[..packed.len() - 9], 1_000_000).is_err());
    }
}
