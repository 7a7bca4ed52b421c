//! Fetching others' calendars from servers that redirect, stall, pack and never end.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::io::Write;
use std::net::SocketAddr;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use arshjul::calendars::{Client, FetchError, Fetched, Host, Policy, Source, Validators};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

const CALENDAR: &[u8] = b"BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n";

/// What a server does with a request.
enum Reply {
    /// Answers with these bytes, head and body.
    Bytes(Vec<u8>),
    /// Answers with a head and then 100 MB.
    Endless(&'static str),
    /// Says nothing, and keeps the connection.
    Nothing,
}

fn answer(status: &str, headers: &str, body: &[u8]) -> Reply {
    let head = format!("HTTP/1.1 {status}\r\ncontent-length: {}\r\n{headers}\r\n", body.len());
    Reply::Bytes([head.as_bytes(), body].concat())
}

/// A server on this machine.
struct Server {
    address: SocketAddr,
    /// The requests as they came.
    asked: Arc<Mutex<Vec<String>>>,
    /// How many bytes of an endless answer went out.
    sent: Arc<AtomicUsize>,
}

impl Server {
    /// Answers each request, given as its text, by `reply`.
    async fn start(reply: impl Fn(&str) -> Reply + Send + Sync + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let (asked, sent) = (Arc::new(Mutex::new(Vec::new())), Arc::new(AtomicUsize::new(0)));
        let (requests, bytes, reply) = (asked.clone(), sent.clone(), Arc::new(reply));
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let (requests, bytes, reply) = (requests.clone(), bytes.clone(), reply.clone());
                tokio::spawn(async move { serve(stream, &requests, &bytes, &*reply).await });
            }
        });
        Self { address, asked, sent }
    }

    fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.address)
    }

    fn asked(&self) -> Vec<String> {
        self.asked.lock().unwrap().clone()
    }

    /// A policy under which this server may be asked.
    fn policy(&self) -> Policy {
        policy(&[&self.address.to_string()])
    }

    async fn fetch(&self, path: &str) -> Result<Fetched, FetchError> {
        fetch(self.policy(), &self.url(path), None).await
    }
}

async fn serve(
    mut stream: TcpStream,
    requests: &Mutex<Vec<String>>,
    sent: &AtomicUsize,
    reply: &(impl Fn(&str) -> Reply + ?Sized),
) {
    let mut request = Vec::new();
    while !request.ends_with(b"\r\n\r\n") {
        let Ok(byte) = stream.read_u8().await else { return };
        request.push(byte);
    }
    let request = String::from_utf8(request).unwrap();
    requests.lock().unwrap().push(request.clone());
    match reply(&request) {
        Reply::Bytes(bytes) => {
            let _ = stream.write_all(&bytes).await;
        }
        Reply::Endless(head) => {
            stream.write_all(head.as_bytes()).await.unwrap();
            let piece = vec![b'x'; 100_000];
            for _ in 0..1_000 {
                if stream.write_all(&piece).await.is_err() {
                    return;
                }
                sent.fetch_add(piece.len(), Ordering::Relaxed);
            }
        }
        Reply::Nothing => std::future::pending().await,
    }
}

fn policy(hosts: &[&str]) -> Policy {
    let hosts = hosts.iter().map(|host| Host::parse(host).unwrap()).collect();
    Policy { hosts, allow_http: true, allow_private: true, ..Policy::default() }
}

async fn fetch(policy: Policy, url: &str, previous: Option<&Validators>) -> Result<Fetched, FetchError> {
    let source = Source::parse(url, &policy)?;
    Client::new(policy).unwrap().fetch(&source, previous).await
}

fn new(bytes: &[u8]) -> Result<Fetched, FetchError> {
    Ok(Fetched::New { bytes: bytes.to_vec(), validators: Validators::default() })
}

#[tokio::test]
async fn a_calendar_comes_as_it_is() {
    let server = Server::start(|_| answer("200 OK", "", CALENDAR)).await;
    assert_eq!(server.fetch("/k.ics?nyckel=1").await, new(CALENDAR));
    let asked = server.asked().concat().to_lowercase();
    assert!(asked.starts_with("get /k.ics?nyckel=1 http/1.1\r\n"), "{asked}");
    for header in ["user-agent: arshjul/", "accept: text/calendar", "accept-encoding: identity\r\n"] {
        assert!(asked.contains(header), "{header} in {asked}");
    }
    assert!(!asked.contains("if-none-match"));
}

#[tokio::test]
async fn what_has_not_changed_is_not_sent_again() {
    let server = Server::start(|request| {
        if request.to_lowercase().contains("if-none-match: \"v1\"") {
            answer("304 Not Modified", "etag: \"v1\"\r\n", b"")
        } else {
            answer("200 OK", "etag: \"v1\"\r\nlast-modified: Wed, 01 Jan 2025 00:00:00 GMT\r\n", CALENDAR)
        }
    })
    .await;
    let Fetched::New { bytes, validators } = server.fetch("/k.ics").await.unwrap() else { unreachable!() };
    assert_eq!(bytes, CALENDAR);
    let again = fetch(server.policy(), &server.url("/k.ics"), Some(&validators)).await;
    assert_eq!(again, Ok(Fetched::NotModified));
    let asked = server.asked()[1].to_lowercase();
    assert!(asked.contains("if-modified-since: wed, 01 jan 2025 00:00:00 gmt"), "{asked}");
    // Another version is sent whole.
    let old = Validators { etag: Some("\"v0\"".into()), last_modified: None };
    let fetched = fetch(server.policy(), &server.url("/k.ics"), Some(&old)).await.unwrap();
    assert!(matches!(fetched, Fetched::New { .. }));
}

#[tokio::test]
async fn an_answer_without_a_calendar_says_what_to_do() {
    for (status, words) in [
        ("304 Not Modified", "304"),
        ("401 Unauthorized", "needs a login"),
        ("404 Not Found", "no calendar at that address"),
        ("429 Too Many Requests", "too often"),
        ("500 Internal Server Error", "a fault of its own"),
        ("204 No Content", "204"),
    ] {
        let server = Server::start(move |_| answer(status, "", b"")).await;
        let error = server.fetch("/hemligt.ics").await.unwrap_err().to_string();
        assert!(error.starts_with("127.0.0.1 answered") && error.contains(words), "{error}");
        assert!(!error.contains("hemligt"), "{error}");
    }
}

#[tokio::test]
async fn a_hundred_megabytes_are_refused_before_they_have_come() {
    let chunked = "HTTP/1.1 200 OK\r\nconnection: close\r\n\r\n";
    let announced = "HTTP/1.1 200 OK\r\ncontent-length: 100000000\r\n\r\n";
    for head in [chunked, announced] {
        let server = Server::start(move |_| Reply::Endless(head)).await;
        let limit = Policy::default().bytes;
        // Not what came: nobody wants to read that.
        let refused = server.fetch("/").await.map(|_| ());
        assert_eq!(refused, Err(FetchError::TooLarge { host: "127.0.0.1".into(), limit }));
        // What lies in the system's buffers was sent too.
        assert!(server.sent.load(Ordering::Relaxed) < 50_000_000);
    }
}

fn packed(bytes: &[u8]) -> Vec<u8> {
    let mut packer = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    packer.write_all(bytes).unwrap();
    packer.finish().unwrap()
}

#[tokio::test]
async fn what_is_packed_without_being_asked_is_unpacked() {
    let server = Server::start(|request| match request.split(' ').nth(1).unwrap() {
        "/said" => answer("200 OK", "content-encoding: gzip\r\n", &packed(CALENDAR)),
        "/unsaid" => answer("200 OK", "", &packed(CALENDAR)),
        "/lie" => answer("200 OK", "content-encoding: gzip\r\n", CALENDAR),
        "/bomb" => answer("200 OK", "", &packed(&vec![b'x'; 5_000_001])),
        "/torn" => answer("200 OK", "", &packed(CALENDAR)[..20]),
        _ => answer("200 OK", "content-encoding: br\r\n", CALENDAR),
    })
    .await;
    for path in ["/said", "/unsaid", "/lie"] {
        assert_eq!(server.fetch(path).await, new(CALENDAR), "{path}");
    }
    let host = || "127.0.0.1".to_owned();
    assert_eq!(
        server.fetch("/bomb").await.map(|_| ()),
        Err(FetchError::TooLarge { host: host(), limit: 5_000_000 })
    );
    assert_eq!(server.fetch("/torn").await, Err(FetchError::Damaged { host: host() }));
    assert_eq!(server.fetch("/br").await, Err(FetchError::Encoding { host: host(), encoding: "br".into() }));
}

#[tokio::test]
async fn redirects_are_followed_as_far_as_the_policy_goes() {
    let server = Server::start(|request| match request.split(' ').nth(1).unwrap() {
        "/moved" => answer("301 Moved Permanently", "location: /k.ics\r\n", b""),
        "/thrice" => answer("302 Found", "location: /twice\r\n", b""),
        "/twice" => answer("307 Temporary Redirect", "location: /moved\r\n", b""),
        "/for-ever" => answer("302 Found", "location: /for-ever\r\n", b""),
        "/elsewhere" => answer("302 Found", "location: http://other.example.org/hemligt\r\n", b""),
        "/cloud" => answer("302 Found", "location: http://169.254.169.254/latest\r\n", b""),
        "/port" => answer("302 Found", "location: http://127.0.0.1:22/\r\n", b""),
        "/file" => answer("302 Found", "location: file:///etc/passwd\r\n", b""),
        "/login" => answer("302 Found", "location: http://a:b@127.0.0.1/\r\n", b""),
        _ => answer("200 OK", "", CALENDAR),
    })
    .await;
    for path in ["/moved", "/twice", "/thrice"] {
        assert_eq!(server.fetch(path).await, new(CALENDAR), "{path}");
    }
    let asked = server.asked().len();
    assert_eq!(
        server.fetch("/for-ever").await,
        Err(FetchError::TooManyRedirects { host: "127.0.0.1".into() })
    );
    assert_eq!(server.asked().len() - asked, 4);
    for (path, words) in [
        ("/elsewhere", "other.example.org is not among the hosts"),
        ("/cloud", "169.254.169.254 is not among the hosts"),
        ("/port", "127.0.0.1:22 is not among the hosts"),
        ("/file", "https:// or webcal:// only"),
        ("/login", "holds a user name"),
    ] {
        let error = server.fetch(path).await.unwrap_err().to_string();
        assert!(
            error.starts_with("127.0.0.1 leads to another address: ") && error.contains(words),
            "{error}"
        );
        assert!(!error.contains("hemligt"), "{error}");
    }
}

#[tokio::test]
async fn a_name_that_leads_inward_is_refused() {
    let server = Server::start(|_| answer("200 OK", "", CALENDAR)).await;
    let host = format!("localhost:{}", server.address.port());
    let open = policy(&[&host]);
    let closed = Policy { allow_private: false, ..open.clone() };
    let url = format!("http://{host}/k.ics");
    let inward = Err(FetchError::Inward { host: "localhost".into() });
    assert_eq!(fetch(closed.clone(), &url, None).await, inward);
    assert_eq!(server.asked(), Vec::<String>::new());
    assert_eq!(fetch(open.clone(), &url, None).await, new(CALENDAR));
    // A source that was read under another policy is looked at again.
    let source = Source::parse(&server.url("/"), &server.policy()).unwrap();
    let refused = Client::new(closed).unwrap().fetch(&source, None).await;
    assert!(matches!(refused, Err(FetchError::NotAllowed { .. })), "{refused:?}");
}

#[tokio::test]
async fn whoever_is_too_slow_is_left() {
    let server = Server::start(|request| match request.split(' ').nth(1).unwrap() {
        "/stalls" => Reply::Bytes(b"HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\nBEGIN".to_vec()),
        _ => Reply::Nothing,
    })
    .await;
    let within = Duration::from_millis(50);
    let hurried = Policy { total: within, ..server.policy() };
    let silent = fetch(hurried, &server.url("/"), None).await;
    assert_eq!(silent, Err(FetchError::TooSlow { host: "127.0.0.1".into(), within }));
    // A connection that ends too early is no calendar.
    let torn = server.fetch("/stalls").await.unwrap_err().to_string();
    assert!(torn.starts_with("127.0.0.1 can't be reached: "), "{torn}");
}

#[tokio::test]
async fn who_is_not_there_is_said_by_name_alone() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    drop(listener);
    let error = fetch(policy(&[&address.to_string()]), &format!("http://{address}/hemligt"), None).await;
    let error = error.unwrap_err();
    assert!(matches!(&error, FetchError::Unreachable { .. }), "{error:?}");
    assert!(!format!("{error} {error:?}").contains("hemligt"), "{error}");
}
