//! A mail relay that misbehaves as told: at each point of the dialogue it may say something else, hang
//! up or fall silent. It answers the rest as a sound relay would.

use std::collections::{HashMap, VecDeque};
use std::io::{self, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex, MutexGuard};

use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::{ServerConfig, ServerConnection, StreamOwned};

/// For `localhost` and 127.0.0.1, 2020 to 2120. Made for these tests; nothing else trusts it.
pub const CERTIFICATE: &str = "-----BEGIN CERTIFICATE-----
MIIBdjCCARygAwIBAgIBATAKBggqhkjOPQQDAjAdMRswGQYDVQQDDBJhcnNoanVs
IHRlc3QgcmVsYXkwIBcNMjAwMTAxMDAwMDAwWhgPMjEyMDAxMDEwMDAwMDBaMB0x
GzAZBgNVBAMMEmFyc2hqdWwgdGVzdCByZWxheTBZMBMGByqGSM49AgEGCCqGSM49
AwEHA0IABCMkqN0l/RO4g+qLAPlAZWkwulL3hmH/bXGAitnl92MLOioYz2xoyaxJ
0bq6wsnexuX5oAME11AWzQPqfMctWa+jSzBJMBoGA1UdEQQTMBGCCWxvY2FsaG9z
dIcEfwAAATAMBgNVHRMBAf8EAjAAMB0GA1UdDgQWBBRIBHiCzq+FVPjwlJWWE+l/
h7j3eDAKBggqhkjOPQQDAgNIADBFAiEAu+Ang2aRfjhS05DtOlg7UYeepYHPQBoM
QlD+mdZPBboCICUytsfm38QVFuupO5L1OTgFTG9urBPgV18kuVx+eb4Q
-----END CERTIFICATE-----
";
/// The same, valid through 2019.
pub const EXPIRED: &str = "-----BEGIN CERTIFICATE-----
MIIBdTCCARqgAwIBAgIBAjAKBggqhkjOPQQDAjAdMRswGQYDVQQDDBJhcnNoanVs
IHRlc3QgcmVsYXkwHhcNMTkwMTAxMDAwMDAwWhcNMjAwMTAxMDAwMDAwWjAdMRsw
GQYDVQQDDBJhcnNoanVsIHRlc3QgcmVsYXkwWTATBgcqhkjOPQIBBggqhkjOPQMB
BwNCAAQjJKjdJf0TuIPqiwD5QGVpMLpS94Zh/21xgIrZ5fdjCzoqGM9saMmsSdG6
usLJ3sbl+aADBNdQFs0D6nzHLVmvo0swSTAaBgNVHREEEzARgglsb2NhbGhvc3SH
BH8AAAEwDAYDVR0TAQH/BAIwADAdBgNVHQ4EFgQUSAR4gs6vhVT48JSVlhPpf4e4
93gwCgYIKoZIzj0EAwIDSQAwRgIhAINO7SxbMKQFGn7QRG8KF4HEdeWdFeM/MOCz
UVR0ls8cAiEA/PvvgKJRkSDXpPWtbZeNIL28sAJC5vT2tIJsS82tE/s=
-----END CERTIFICATE-----
";
/// The same, for `other.example.org`.
pub const OTHER_NAME: &str = "-----BEGIN CERTIFICATE-----
MIIBeDCCAR6gAwIBAgIBAzAKBggqhkjOPQQDAjAdMRswGQYDVQQDDBJhcnNoanVs
IHRlc3QgcmVsYXkwIBcNMjAwMTAxMDAwMDAwWhgPMjEyMDAxMDEwMDAwMDBaMB0x
GzAZBgNVBAMMEmFyc2hqdWwgdGVzdCByZWxheTBZMBMGByqGSM49AgEGCCqGSM49
AwEHA0IABCMkqN0l/RO4g+qLAPlAZWkwulL3hmH/bXGAitnl92MLOioYz2xoyaxJ
0bq6wsnexuX5oAME11AWzQPqfMctWa+jTTBLMBwGA1UdEQQVMBOCEW90aGVyLmV4
YW1wbGUub3JnMAwGA1UdEwEB/wQCMAAwHQYDVR0OBBYEFEgEeILOr4VU+PCUlZYT
6X+HuPd4MAoGCCqGSM49BAMCA0gAMEUCIES60sX8X3Xs1VlAdav58OTpud2EAbcg
HBYz08xcm8XAAiEAi+2YqT9FkSUYaPZh5UxnzZUg3A1MdA/5gqoTOj4O1mI=
-----END CERTIFICATE-----
";
/// Of another authority altogether.
pub const STRANGER: &str = "-----BEGIN CERTIFICATE-----
MIIBfDCCASKgAwIBAgIBBDAKBggqhkjOPQQDAjAgMR4wHAYDVQQDDBVhcnNoanVs
IHRlc3Qgc3RyYW5nZXIwIBcNMjAwMTAxMDAwMDAwWhgPMjEyMDAxMDEwMDAwMDBa
MCAxHjAcBgNVBAMMFWFyc2hqdWwgdGVzdCBzdHJhbmdlcjBZMBMGByqGSM49AgEG
CCqGSM49AwEHA0IABBZuWsKTT+f/wK8Nj8DhaCmJeX2hSvMEyahhiVSW8YiIxxXO
h7/JEG97B1pcxAp54O/GRU6GjeBunOzZuDu45iqjSzBJMBoGA1UdEQQTMBGCCWxv
Y2FsaG9zdIcEfwAAATAMBgNVHRMBAf8EAjAAMB0GA1UdDgQWBBQG3OShXn+90WWk
3wYBz+WggKFnfTAKBggqhkjOPQQDAgNIADBFAiEAqnWR15RV+GCITR7ansl+Vgl2
F1MV1Lhln0axbmDRVcgCICGx1hJbrL/NcJWFb3sl3d+MpEyjJ6N7GJAZzhAoW8Qu
-----END CERTIFICATE-----
";
/// PKCS#8 in base64, without the PEM frame: scanners for lost keys should not ring for it.
const KEY: &str = "MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgjrcuneCJJDfBHncS\
    OQhGahK01xivzWNC/ca9JJt7rhWhRANCAAQjJKjdJf0TuIPqiwD5QGVpMLpS94Zh\
    /21xgIrZ5fdjCzoqGM9saMmsSdG6usLJ3sbl+aADBNdQFs0D6nzHLVmv";

#[derive(Debug, Clone)]
pub enum Does {
    /// These lines; several when it speaks out of turn.
    Says(Vec<u8>),
    HangsUp,
    FallsSilent,
}

pub fn says(line: impl AsRef<[u8]>) -> Does {
    Does::Says([line.as_ref(), b"\r\n"].concat())
}

#[derive(Debug, Default)]
pub struct Seen {
    pub connections: usize,
    /// Whether TLS was on, and the command.
    pub commands: Vec<(bool, String)>,
    /// As they came over the wire, without the final dot.
    pub messages: Vec<Vec<u8>>,
}

impl Seen {
    pub fn verbs(&self) -> Vec<&str> {
        self.commands.iter().filter_map(|(_, command)| command.split([' ', ':']).next()).collect()
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Encryption {
    Never,
    Offered,
    Always,
}

/// What to do when. Points are the verbs of SMTP, `CONNECT` for the greeting, `BODY` for the moment
/// after the go-ahead and `.` for the end of the message; each entry counts once, in order.
#[derive(Debug)]
pub struct Script {
    todo: HashMap<&'static str, VecDeque<Does>>,
    offers: Vec<&'static str>,
    encryption: Encryption,
    certificate: &'static str,
}

impl Script {
    pub fn new() -> Self {
        let offers = vec!["8BITMIME"];
        Self { todo: HashMap::new(), offers, encryption: Encryption::Never, certificate: CERTIFICATE }
    }

    pub fn at(mut self, point: &'static str, does: Does) -> Self {
        self.todo.entry(point).or_default().push_back(does);
        self
    }

    /// Replaces what EHLO offers, STARTTLS apart.
    pub fn offering(mut self, offers: &[&'static str]) -> Self {
        self.offers = offers.to_vec();
        self
    }

    pub fn starttls(mut self) -> Self {
        self.encryption = Encryption::Offered;
        self
    }

    pub fn smtps(mut self) -> Self {
        self.encryption = Encryption::Always;
        self
    }

    pub fn certificate(mut self, certificate: &'static str) -> Self {
        self.certificate = certificate;
        self
    }

    pub fn start(self) -> Relay {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
        let port = listener.local_addr().expect("an address").port();
        let (seen, script) = (Arc::new(Mutex::new(Seen::default())), Arc::new(Mutex::new(self)));
        let relay = Relay { port, seen: Arc::clone(&seen) };
        std::thread::spawn(move || {
            for tcp in listener.incoming().flatten() {
                let (seen, script) = (Arc::clone(&seen), Arc::clone(&script));
                seen.lock().expect("seen").connections += 1;
                std::thread::spawn(move || {
                    // The client hanging up in the middle is part of many tests.
                    let _ = Visit { line: Line::Plain(tcp), seen, script }.receive();
                });
            }
        });
        relay
    }
}

#[derive(Debug)]
pub struct Relay {
    pub port: u16,
    seen: Arc<Mutex<Seen>>,
}

impl Relay {
    /// Connections and messages.
    pub fn counts(&self) -> (usize, usize) {
        let seen = self.seen();
        (seen.connections, seen.messages.len())
    }

    /// While it is held the relay waits: not twice in one expression, nor across a delivery.
    pub fn seen(&self) -> MutexGuard<'_, Seen> {
        self.seen.lock().expect("seen")
    }
}

enum Line {
    Plain(TcpStream),
    Tls(Box<StreamOwned<ServerConnection, TcpStream>>),
    Gone,
}

impl Line {
    fn read_line(&mut self) -> io::Result<Vec<u8>> {
        let mut line = Vec::new();
        let mut byte = [0];
        while !line.ends_with(b"\n") {
            match self {
                Self::Plain(tcp) => tcp.read_exact(&mut byte)?,
                Self::Tls(tls) => tls.read_exact(&mut byte)?,
                Self::Gone => return Err(io::ErrorKind::NotConnected.into()),
            }
            line.push(byte[0]);
        }
        Ok(line)
    }

    fn say(&mut self, bytes: &[u8]) -> io::Result<()> {
        match self {
            Self::Plain(tcp) => tcp.write_all(bytes),
            Self::Tls(tls) => tls.write_all(bytes).and_then(|()| tls.flush()),
            Self::Gone => Err(io::ErrorKind::NotConnected.into()),
        }
    }
}

struct Visit {
    line: Line,
    seen: Arc<Mutex<Seen>>,
    script: Arc<Mutex<Script>>,
}

impl Visit {
    fn receive(mut self) -> io::Result<()> {
        let encryption = self.script().encryption;
        if encryption == Encryption::Always {
            self.encrypt()?;
        }
        self.answer("CONNECT", "220 relay.example.org")?;
        loop {
            let line = self.line.read_line()?;
            let command = String::from_utf8_lossy(&line).trim_end().to_owned();
            let encrypted = matches!(self.line, Line::Tls(_));
            self.seen.lock().expect("seen").commands.push((encrypted, command.clone()));
            match command.split([' ', ':']).next().unwrap_or_default() {
                "EHLO" => {
                    let offers = self.offers(encrypted);
                    self.answer("EHLO", &offers)?;
                }
                "STARTTLS" => {
                    if self.answer("STARTTLS", "220 go")? {
                        self.encrypt()?;
                    }
                }
                "AUTH" => drop(self.answer("AUTH", "235 welcome")?),
                "MAIL" => drop(self.answer("MAIL", "250 sender ok")?),
                "RCPT" => drop(self.answer("RCPT", "250 recipient ok")?),
                "RSET" => drop(self.answer("RSET", "250 reset")?),
                "DATA" => {
                    if self.answer("DATA", "354 go")? {
                        self.message()?;
                    }
                }
                "QUIT" => return self.line.say(b"221 bye\r\n"),
                // Lines of a login, among others.
                _ => drop(self.answer("OTHER", "500 what?")?),
            }
        }
    }

    fn message(&mut self) -> io::Result<()> {
        while self.script().todo.get("BODY").is_some_and(|todo| !todo.is_empty()) {
            self.answer("BODY", "")?;
        }
        let mut message = Vec::new();
        loop {
            let line = self.line.read_line()?;
            if line == b".\r\n" {
                break;
            }
            message.extend(line);
        }
        self.seen.lock().expect("seen").messages.push(message);
        self.answer(".", "250 2.0.0 queued as 1").map(drop)
    }

    /// Does what the script says, or answers as `usual`; tells whether the answer was a yes.
    fn answer(&mut self, point: &'static str, usual: &str) -> io::Result<bool> {
        let next = self.script().todo.get_mut(point).and_then(VecDeque::pop_front);
        match next.unwrap_or_else(|| says(usual)) {
            Does::Says(bytes) => {
                self.line.say(&bytes)?;
                Ok(matches!(bytes.first(), Some(b'2' | b'3')))
            }
            Does::HangsUp => {
                self.line = Line::Gone;
                Err(io::ErrorKind::ConnectionAborted.into())
            }
            Does::FallsSilent => loop {
                std::thread::park();
            },
        }
    }

    fn offers(&self, encrypted: bool) -> String {
        let script = self.script();
        let mut lines = vec!["relay.example.org"];
        if script.encryption == Encryption::Offered && !encrypted {
            lines.push("STARTTLS");
        }
        lines.extend(&script.offers);
        let (last, before) = lines.split_last().expect("a line");
        before.iter().map(|line| format!("250-{line}\r\n")).collect::<String>() + "250 " + last
    }

    fn encrypt(&mut self) -> io::Result<()> {
        let chain = CertificateDer::pem_slice_iter(self.script().certificate.as_bytes())
            .collect::<Result<Vec<_>, _>>()
            .expect("certificate");
        let pem = format!("-----BEGIN PRIVATE KEY-----\n{KEY}\n-----END PRIVATE KEY-----\n");
        let key = PrivateKeyDer::from_pem_slice(pem.as_bytes()).expect("key");
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let config = ServerConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .expect("versions")
            .with_no_client_auth()
            .with_single_cert(chain, key)
            .expect("certificate and key");
        let connection = ServerConnection::new(Arc::new(config)).expect("connection");
        let Line::Plain(tcp) = std::mem::replace(&mut self.line, Line::Gone) else {
            return Err(io::ErrorKind::AlreadyExists.into());
        };
        self.line = Line::Tls(Box::new(StreamOwned::new(connection, tcp)));
        Ok(())
    }

    fn script(&self) -> MutexGuard<'_, Script> {
        self.script.lock().expect("script")
    }
}
