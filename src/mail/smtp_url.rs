//! The address of the mail relay, as one line of configuration.
//!
//! `smtp://[user@]host[:587][?tls=starttls|none][&ca=FILE]` or `smtps://[user@]host[:465][?ca=FILE]`.
//! The password is never part of it: addresses end up in process lists, logs and tickets.

use std::fmt;
use std::net::IpAddr;
use std::path::PathBuf;

/// Port of mail submission (RFC 6409), when the address names none.
const SUBMISSION_PORT: u16 = 587;
/// Port of submission over TLS from the first byte (RFC 8314).
const SUBMISSIONS_PORT: u16 = 465;

/// How the connection to the relay is protected. There is no "TLS if offered": whoever sits between can
/// take the offer away.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tls {
    None,
    /// Begins in the clear, and goes no further unless the relay switches to TLS (RFC 3207).
    StartTls,
    /// TLS from the first byte.
    Implicit,
}

/// A value that never reaches a log: its `Debug` is `***`, and it has no `Display`.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret(String);

impl Secret {
    #[must_use]
    pub fn new(value: impl Into<String>) -> Self {
        Self(value.into())
    }

    #[must_use]
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("***")
    }
}

/// Where mail is handed over, and as whom.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SmtpConfig {
    /// A name, or an IP address without brackets.
    pub host: String,
    pub port: u16,
    pub user: Option<String>,
    pub password: Option<Secret>,
    pub tls: Tls,
    /// PEM file of further certificate authorities, such as the organisation's own.
    pub ca_file: Option<PathBuf>,
}

#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SmtpUrlError {
    #[error("`{scheme}` is not a mail address scheme: write `smtp://HOST:PORT` or `smtps://HOST`")]
    Scheme { scheme: String },
    #[error(
        "the relay's host is missing: write `smtp://HOST:PORT`, for example `smtp://mail.example.org:587`"
    )]
    HostMissing,
    #[error("`{host}` is not a host: write a name, an IPv4 address, or an IPv6 address in brackets")]
    Host { host: String },
    #[error(
        "`{port}` is not a port: write a number from 1 to 65535 after the host, or leave it out for {default}"
    )]
    Port { port: String, default: u16 },
    #[error("port 465 speaks TLS from the first byte: write `smtps://` instead of `smtp://`")]
    ImplicitPort,
    #[error("`{path}` after the host means nothing to a mail relay: leave it out")]
    Path { path: String },
    #[error("the user before `@` is empty: write `smtp://USER@HOST`, or leave the `@` out")]
    UserEmpty,
    #[error(
        "`{text}` holds a character that cannot be read: write special characters as `%` and two hex digits"
    )]
    Encoding { text: String },
    #[error(
        "the address holds a password, and addresses are seen by others: write only the user before `@`, \
         and give the password in ARSHJUL_SMTP_PASSWORD or in a file named by ARSHJUL_SMTP_PASSWORD_FILE \
         (a `:` that belongs to the user is written `%3A`)"
    )]
    PasswordInUrl,
    #[error("`tls={value}` is unknown: write `tls=starttls` or `tls=none`, or the address as `smtps://HOST`")]
    Tls { value: String },
    #[error("`smtps://` is always TLS: leave `tls=` out, or write `smtp://` for `tls=starttls`")]
    TlsWithSmtps,
    #[error("`ca=` names no file: write `ca=FILE`, a PEM file of certificates")]
    CaEmpty,
    #[error("`ca=` is of no use with `tls=none`: leave one of them out")]
    CaWithoutTls,
    #[error("`{key}` is not a setting of the relay: the settings are `tls` and `ca`")]
    UnknownSetting { key: String },
    #[error("`{key}` is given twice: keep one of them")]
    Twice { key: String },
    #[error(
        "the relay wants the user `{user}` but there is no password: set ARSHJUL_SMTP_PASSWORD or \
         ARSHJUL_SMTP_PASSWORD_FILE, or leave `{user}@` out"
    )]
    PasswordMissing { user: String },
    #[error("there is a password but no user: write `USER@` before the host, or remove the password")]
    UserMissing,
    #[error(
        "`tls=none` would send the password of `{user}` readable to `{host}`: write `tls=starttls` or \
         `smtps://`, or leave `{user}@` out (only this machine itself, `localhost`, is exempt)"
    )]
    PasswordInTheClear { user: String, host: String },
}

impl SmtpConfig {
    /// Reads the address `url`; `password` comes from elsewhere, see the module's head.
    pub fn parse(url: &str, password: Option<Secret>) -> Result<Self, SmtpUrlError> {
        let (implicit, rest) = scheme(url.trim())?;
        let (place, query) = rest.split_once('?').unwrap_or((rest, ""));
        let (authority, path) = place.find('/').map_or((place, ""), |at| place.split_at(at));
        if !matches!(path, "" | "/") {
            return Err(SmtpUrlError::Path { path: path.to_owned() });
        }
        // The last `@`: a user is often an address itself.
        let (user, host_and_port) = match authority.rsplit_once('@') {
            Some((user, rest)) => (Some(user_name(user)?), rest),
            None => (None, authority),
        };
        let (host, port) = host_and_port_of(host_and_port, implicit)?;
        let (tls, ca_file) = settings(query, implicit)?;
        let config = Self { host, port, user, password, tls, ca_file };
        config.check()?;
        Ok(config)
    }

    fn check(&self) -> Result<(), SmtpUrlError> {
        if self.tls == Tls::StartTls && self.port == SUBMISSIONS_PORT {
            return Err(SmtpUrlError::ImplicitPort);
        }
        if self.tls == Tls::None && self.ca_file.is_some() {
            return Err(SmtpUrlError::CaWithoutTls);
        }
        match (&self.user, &self.password) {
            (Some(user), None) => Err(SmtpUrlError::PasswordMissing { user: user.clone() }),
            (None, Some(_)) => Err(SmtpUrlError::UserMissing),
            (Some(user), Some(_)) if !self.may_authenticate() => {
                Err(SmtpUrlError::PasswordInTheClear { user: user.clone(), host: self.host.clone() })
            }
            _ => Ok(()),
        }
    }

    /// Whether a password may be sent: over TLS, or without leaving this machine.
    #[must_use]
    pub fn may_authenticate(&self) -> bool {
        self.tls != Tls::None || is_loopback(&self.host)
    }
}

fn is_loopback(host: &str) -> bool {
    host.eq_ignore_ascii_case("localhost") || host.parse::<IpAddr>().is_ok_and(|ip| ip.is_loopback())
}

/// Whether the scheme is `smtps`, and what follows `://`.
fn scheme(url: &str) -> Result<(bool, &str), SmtpUrlError> {
    let (scheme, rest) = url.split_once("://").unwrap_or((url, ""));
    if scheme.eq_ignore_ascii_case("smtp") {
        Ok((false, rest))
    } else if scheme.eq_ignore_ascii_case("smtps") {
        Ok((true, rest))
    } else if url.contains("://") {
        Err(SmtpUrlError::Scheme { scheme: scheme.to_owned() })
    } else {
        // Without `://` the text may hold anything, a password too: not repeated in the message.
        Err(SmtpUrlError::Scheme { scheme: "an address without `://`".to_owned() })
    }
}

fn user_name(text: &str) -> Result<String, SmtpUrlError> {
    if text.contains(':') {
        return Err(SmtpUrlError::PasswordInUrl);
    }
    let user = percent_decoded(text)?;
    if user.is_empty() {
        return Err(SmtpUrlError::UserEmpty);
    }
    Ok(user)
}

fn host_and_port_of(text: &str, implicit: bool) -> Result<(String, u16), SmtpUrlError> {
    let default = if implicit { SUBMISSIONS_PORT } else { SUBMISSION_PORT };
    let (host, port) = match text.strip_prefix('[').and_then(|rest| rest.split_once(']')) {
        Some((v6, rest)) => {
            if v6.parse::<std::net::Ipv6Addr>().is_err() || !(rest.is_empty() || rest.starts_with(':')) {
                return Err(SmtpUrlError::Host { host: text.to_owned() });
            }
            (v6, rest.strip_prefix(':'))
        }
        None => match text.split_once(':') {
            Some((host, port)) => (host, Some(port)),
            None => (text, None),
        },
    };
    if host.is_empty() {
        return Err(SmtpUrlError::HostMissing);
    }
    let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_' | ':');
    if !host.chars().all(plain) || host.starts_with(['-', '.']) {
        return Err(SmtpUrlError::Host { host: host.to_owned() });
    }
    let port = match port {
        None => default,
        Some(digits) => match digits.parse::<u16>() {
            Ok(port) if port != 0 => port,
            _ => return Err(SmtpUrlError::Port { port: digits.to_owned(), default }),
        },
    };
    Ok((host.to_owned(), port))
}

fn settings(query: &str, implicit: bool) -> Result<(Tls, Option<PathBuf>), SmtpUrlError> {
    let (mut tls, mut ca_file) = (None, None);
    for pair in query.split('&').filter(|pair| !pair.is_empty()) {
        let (key, value) = pair.split_once('=').unwrap_or((pair, ""));
        let twice = match key {
            "tls" => tls.replace(tls_of(value, implicit)?).is_some(),
            "ca" if value.is_empty() => return Err(SmtpUrlError::CaEmpty),
            "ca" => ca_file.replace(PathBuf::from(percent_decoded(value)?)).is_some(),
            _ => return Err(SmtpUrlError::UnknownSetting { key: key.to_owned() }),
        };
        if twice {
            return Err(SmtpUrlError::Twice { key: key.to_owned() });
        }
    }
    let default = if implicit { Tls::Implicit } else { Tls::StartTls };
    Ok((tls.unwrap_or(default), ca_file))
}

fn tls_of(value: &str, implicit: bool) -> Result<Tls, SmtpUrlError> {
    match value {
        "starttls" | "none" if implicit => Err(SmtpUrlError::TlsWithSmtps),
        "starttls" => Ok(Tls::StartTls),
        "none" => Ok(Tls::None),
        _ => Err(SmtpUrlError::Tls { value: value.to_owned() }),
    }
}

/// RFC 3986, 2.1. Control characters are refused: they have no business in a user or a path.
fn percent_decoded(text: &str) -> Result<String, SmtpUrlError> {
    let fault = || SmtpUrlError::Encoding { text: text.to_owned() };
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.bytes();
    while let Some(byte) = rest.next() {
        if byte == b'%' {
            let mut digit = || rest.next().and_then(|d| char::from(d).to_digit(16)).ok_or_else(fault);
            let value = digit()? * 16 + digit()?;
            bytes.push(u8::try_from(value).map_err(|_| fault())?);
        } else {
            bytes.push(byte);
        }
    }
    let decoded = String::from_utf8(bytes).map_err(|_| fault())?;
    if decoded.chars().any(char::is_control) { Err(fault()) } else { Ok(decoded) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(url: &str) -> SmtpConfig {
        SmtpConfig::parse(url, url.contains('@').then(|| Secret::new("hemligt"))).expect(url)
    }

    fn refused(url: &str) -> SmtpUrlError {
        SmtpConfig::parse(url, url.contains('@').then(|| Secret::new("hemligt"))).expect_err(url)
    }

    #[test]
    fn an_address_without_settings_is_starttls_on_the_submission_port() {
        let config = read("smtp://mail.example.org");
        assert_eq!((config.host.as_str(), config.port, config.tls), ("mail.example.org", 587, Tls::StartTls));
        assert_eq!((config.user, config.password, config.ca_file), (None, None, None));
    }

    #[test]
    fn each_part_is_read() {
        let config = read("smtp://utskick@mail.example.org:2525?tls=starttls&ca=/etc/my%20ca.pem");
        assert_eq!(config.user.as_deref(), Some("utskick"));
        assert_eq!(config.port, 2525);
        assert_eq!(config.ca_file, Some(PathBuf::from("/etc/my ca.pem")));
        assert_eq!(read("smtp://10.0.0.5:25?tls=none").tls, Tls::None);
        let implicit = read("SMTPS://a@example.org@mail.example.org/");
        assert_eq!((implicit.port, implicit.tls), (465, Tls::Implicit));
        assert_eq!(implicit.user.as_deref(), Some("a@example.org"), "a user may be an address");
        assert_eq!(read("smtps://a%40example.org@mail.example.org:4650").port, 4650);
        assert_eq!(read("smtp://[::1]:2525").host, "::1");
        assert_eq!(read("smtp://[2001:db8::1]").port, 587);
    }

    #[test]
    fn a_password_in_the_address_is_refused_and_not_repeated() {
        let fault = refused("smtp://utskick:s3kret@mail.example.org");
        assert_eq!(fault, SmtpUrlError::PasswordInUrl);
        let text = fault.to_string();
        assert!(text.contains("ARSHJUL_SMTP_PASSWORD_FILE") && !text.contains("s3kret"), "{text}");
        let bare = refused("utskick:s3kret@mail.example.org").to_string();
        assert!(!bare.contains("s3kret"), "{bare}");
    }

    #[test]
    fn a_password_never_leaves_the_machine_readable() {
        let open = refused("smtp://utskick@mail.example.org:25?tls=none");
        assert!(matches!(open, SmtpUrlError::PasswordInTheClear { .. }), "{open}");
        for here in ["localhost", "127.0.0.1", "127.8.8.8", "[::1]"] {
            assert_eq!(read(&format!("smtp://utskick@{here}:25?tls=none")).tls, Tls::None);
        }
        assert!(matches!(
            refused("smtp://utskick@localhost.example.org:25?tls=none"),
            SmtpUrlError::PasswordInTheClear { .. }
        ));
    }

    #[test]
    fn user_and_password_come_together() {
        let alone = SmtpConfig::parse("smtp://utskick@mail.example.org", None);
        assert_eq!(alone, Err(SmtpUrlError::PasswordMissing { user: "utskick".to_owned() }));
        let nobody = SmtpConfig::parse("smtp://mail.example.org", Some(Secret::new("x")));
        assert_eq!(nobody, Err(SmtpUrlError::UserMissing));
    }

    #[test]
    fn faults_name_what_to_write() {
        for (url, hint) in [
            ("", "smtp://HOST:PORT"),
            ("mail.example.org", "smtp://HOST:PORT"),
            ("http://mail.example.org", "`http`"),
            ("smtp://", "smtp://mail.example.org:587"),
            ("smtp://:25", "smtp://mail.example.org:587"),
            ("smtp://@mail.example.org", "leave the `@` out"),
            ("smtp://mail.example.org:smtp", "number from 1 to 65535"),
            ("smtp://mail.example.org:0", "leave it out for 587"),
            ("smtps://mail.example.org:70000", "leave it out for 465"),
            ("smtp://mail.example.org:465", "`smtps://`"),
            ("smtp://mail.example.org/inbox", "`/inbox`"),
            ("smtp://mail example.org", "not a host"),
            ("smtp://[::1", "not a host"),
            ("smtp://[::1]25", "not a host"),
            ("smtp://2001:db8::1", "not a port"),
            ("smtp://a%4@mail.example.org", "two hex digits"),
            ("smtp://a%0d%0aRSET@mail.example.org", "cannot be read"),
            ("smtp://mail.example.org?tls=maybe", "`tls=starttls` or `tls=none`"),
            ("smtp://mail.example.org?tls", "`tls=starttls` or `tls=none`"),
            ("smtps://mail.example.org?tls=none", "leave `tls=` out"),
            ("smtp://mail.example.org?tls=none&ca=x.pem", "leave one of them out"),
            ("smtp://mail.example.org?ca=", "PEM"),
            ("smtp://mail.example.org?timeout=3", "`tls` and `ca`"),
            ("smtp://mail.example.org?tls=none&tls=none", "twice"),
        ] {
            let text = refused(url).to_string();
            assert!(text.contains(hint), "{url}: {text}");
        }
    }

    #[test]
    fn a_secret_shows_nothing() {
        let config = SmtpConfig::parse("smtps://u@mail.example.org", Some(Secret::new("s3kret")));
        let shown = format!("{config:?}");
        assert!(shown.contains("***") && !shown.contains("s3kret"), "{shown}");
    }
}
