//! Addresses of calendars, and which of them may be asked.

use std::fmt;
use std::net::{Ipv4Addr, Ipv6Addr};

use reqwest::Url;

use super::reach::{Reach, reach};
use super::{FetchError, Policy};

/// A host that may be asked: `outlook.office365.com`, `kalender.example.org:8443`, or `*.icloud.com` for all below it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Host {
    /// In lower case, without the `*.`.
    name: String,
    /// Whether what is below it is meant, and not it itself.
    below: bool,
    /// Another port than the one of https or http.
    port: Option<u16>,
}

impl Host {
    /// Reads a host as it stands in the configuration.
    ///
    /// # Errors
    /// What is wrong with it, to stand after the setting's name.
    pub fn parse(text: &str) -> Result<Self, String> {
        let wrong = || format!("`{text}` is no host; write it as `outlook.office365.com` or `*.icloud.com`");
        let (below, rest) = text.trim().strip_prefix("*.").map_or((false, text.trim()), |rest| (true, rest));
        let (name, port) = match rest.rsplit_once(':') {
            Some((name, port)) if !port.ends_with(']') => (name, Some(port.parse().map_err(|_| wrong())?)),
            _ => (rest, None),
        };
        // As an address would write it: in lower case, and foreign letters in their ASCII form.
        let url = Url::parse(&format!("https://{name}/")).map_err(|_| wrong())?;
        let plain = !name.contains(['/', '@', '?', '#', '*', ' ', '\\'])
            && (!name.contains(':') || name.starts_with('['));
        let name = url.host_str().filter(|_| plain).ok_or_else(wrong)?.trim_end_matches('.').to_owned();
        // All hosts of a country are not what anybody means.
        if name.is_empty() || (below && !name.contains('.')) {
            return Err(wrong());
        }
        Ok(Self { name, below, port })
    }

    pub(super) fn matches(&self, host: &str, port: Option<u16>) -> bool {
        let named = match host.strip_suffix(self.name.as_str()) {
            Some("") => !self.below,
            Some(rest) => self.below && rest.ends_with('.') && rest.len() > 1,
            None => false,
        };
        named && self.port == port
    }
}

/// The address of a calendar that may be fetched. It is shown by its host alone: the rest may be a secret.
#[derive(Clone, PartialEq, Eq)]
pub struct Source(Url);

impl fmt::Debug for Source {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Source({})", self.host())
    }
}

impl fmt::Display for Source {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.host())
    }
}

impl Source {
    /// Reads an address as people copy it, `webcal://` too, and holds it against the policy.
    ///
    /// # Errors
    /// [`FetchError`] with what may not be asked, and why.
    pub fn parse(text: &str, policy: &Policy) -> Result<Self, FetchError> {
        let text = text.trim();
        let (scheme, rest) = text.split_once("://").ok_or(FetchError::NoAddress)?;
        let https = match scheme.to_ascii_lowercase().as_str() {
            "webcal" | "webcals" | "https" => true,
            "http" => false,
            _ => return Err(FetchError::Scheme),
        };
        let scheme = if https { "https" } else { "http" };
        let url = Url::parse(&format!("{scheme}://{rest}")).map_err(|_| FetchError::NoAddress)?;
        Self::checked(url, policy)
    }

    /// Where a redirect leads.
    pub(super) fn redirected(&self, location: &str, policy: &Policy) -> Result<Self, FetchError> {
        let url = self.0.join(location).map_err(|_| FetchError::NoAddress)?;
        Self::checked(url, policy)
    }

    fn checked(url: Url, policy: &Policy) -> Result<Self, FetchError> {
        match url.scheme() {
            "https" => {}
            "http" if policy.allow_http => {}
            "http" => return Err(FetchError::Unencrypted),
            _ => return Err(FetchError::Scheme),
        }
        if !url.username().is_empty() || url.password().is_some() {
            return Err(FetchError::Credentials);
        }
        let source = Self(url);
        let host = source.host();
        if !policy.allows(host, source.0.port()) {
            let port = source.0.port().map_or_else(String::new, |port| format!(":{port}"));
            return Err(FetchError::NotAllowed { host: format!("{host}{port}") });
        }
        // A number is connected to without a name ever being looked up.
        let literal = host.trim_matches(['[', ']']);
        let number = literal
            .parse::<Ipv4Addr>()
            .map(Into::into)
            .or_else(|_| literal.parse::<Ipv6Addr>().map(Into::into));
        match number {
            Ok(number) if !may_reach(reach(number), policy.allow_private) => {
                Err(FetchError::Inward { host: host.to_owned() })
            }
            _ => Ok(source),
        }
    }

    pub(super) fn url(&self) -> &Url {
        &self.0
    }

    /// The host, in lower case and without a dot at its end.
    #[must_use]
    pub fn host(&self) -> &str {
        self.0.host_str().unwrap_or_default().trim_end_matches('.')
    }
}

/// Whether an address of that kind may be connected to.
pub(super) fn may_reach(reach: Reach, allow_private: bool) -> bool {
    match reach {
        Reach::Open => true,
        Reach::Private => allow_private,
        Reach::Never => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn policy(hosts: &[&str]) -> Policy {
        Policy { hosts: hosts.iter().map(|h| Host::parse(h).unwrap()).collect(), ..Policy::default() }
    }

    #[test]
    fn hosts_as_they_are_configured() {
        for wrong in [
            "",
            "*.",
            "*.com",
            "https://a.example.org",
            "a.example.org/x",
            "a b",
            "a:1:2",
            "::1",
            "a@b",
            "a:port",
            "a.*.org",
        ] {
            assert!(Host::parse(wrong).unwrap_err().contains("is no host"), "{wrong}");
        }
        let allowed = policy(&[
            "Outlook.Office365.com.",
            "*.icloud.com",
            "k.example.org:8443",
            "räksmörgås.example.org",
        ]);
        for (host, port, wanted) in [
            ("outlook.office365.com", None, true),
            ("outlook.office365.com", Some(8443), false),
            ("x.outlook.office365.com", None, false),
            ("outlook.office365.com.example.org", None, false),
            ("p12-caldav.icloud.com", None, true),
            ("a.b.icloud.com", None, true),
            ("icloud.com", None, false),
            ("evilicloud.com", None, false),
            (".icloud.com", None, false),
            ("k.example.org", Some(8443), true),
            ("k.example.org", None, false),
            ("xn--rksmrgs-5wao1o.example.org", None, true),
        ] {
            assert_eq!(allowed.allows(host, port), wanted, "{host} {port:?}");
        }
    }

    #[test]
    fn addresses_as_they_are_copied() {
        let policy = policy(&[
            "a.example.org",
            "192.168.1.1",
            "169.254.169.254",
            "[::1]",
            "a.example.org:8443",
            "8.8.8.8",
        ]);
        let said = |text: &str| match Source::parse(text, &policy) {
            Ok(source) => source.url().to_string(),
            Err(error) => format!("{error:?}"),
        };
        for (text, wanted) in [
            (" webcal://A.example.org/x.ics ", "https://a.example.org/x.ics"),
            ("https://a.example.org./x", "https://a.example.org./x"),
            ("HTTPS://a.example.org:443/x", "https://a.example.org/x"),
            ("https://a.example.org:8443/x", "https://a.example.org:8443/x"),
            ("https://a.example.org:22/x", "NotAllowed { host: \"a.example.org:22\" }"),
            ("https://b.example.org/secret", "NotAllowed { host: \"b.example.org\" }"),
            ("http://a.example.org/x", "Unencrypted"),
            ("file:///etc/passwd", "Scheme"),
            ("gopher://a.example.org", "Scheme"),
            ("a.example.org/x", "NoAddress"),
            ("https://", "NoAddress"),
            ("https://u:p@a.example.org/x", "Credentials"),
            ("https://a.example.org@b.example.org/x", "Credentials"),
            ("https://192.168.1.1/", "Inward { host: \"192.168.1.1\" }"),
            ("https://3232235777/", "Inward { host: \"192.168.1.1\" }"),
            ("https://0xc0.0xa8.1.1/", "Inward { host: \"192.168.1.1\" }"),
            ("https://[::1]/", "Inward { host: \"[::1]\" }"),
            ("https://8.8.8.8/x", "https://8.8.8.8/x"),
        ] {
            assert_eq!(said(text), wanted, "{text}");
        }
        let open = Policy { allow_private: true, ..policy.clone() };
        assert!(Source::parse("https://192.168.1.1/", &open).is_ok());
        assert!(Source::parse("https://169.254.169.254/", &open).is_err());
    }

    #[test]
    fn only_the_host_is_shown() {
        let source =
            Source::parse("https://a.example.org/hemligt?nyckel=1", &policy(&["a.example.org"])).unwrap();
        assert_eq!(format!("{source} {source:?}"), "a.example.org Source(a.example.org)");
    }
}
