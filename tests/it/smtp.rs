//! Delivery over SMTP against relays that refuse, hang up, fall silent or cheat, and against a real one.

#![expect(
    clippy::expect_used,
    clippy::print_stderr,
    reason = "clippy knows test functions, but not the functions they share"
)]

use std::io::Write;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use arshjul::mail::smtp_url::{Secret, SmtpConfig};
use arshjul::mail::transport::{Envelope, Outcome, Scope, SmtpTransport, Timeouts, Transport};

use tokio::task::JoinSet;

mod real;
mod relay;

use relay::{CERTIFICATE, Does, EXPIRED, OTHER_NAME, Relay, STRANGER, Script, says};

const MAIL: &[u8] = b"Message-ID: <1@example.org>\r\nSubject: Rapport\r\n\r\nHej!\r\n";

fn to(recipients: &[&str]) -> Envelope {
    Envelope {
        from: "rst@example.org".to_owned(),
        to: recipients.iter().map(|recipient| (*recipient).to_owned()).collect(),
    }
}

/// How soon a client gives up on a relay: late, except where silence is what is tested.
const PATIENT: Duration = Duration::from_secs(30);
const IMPATIENT: Duration = Duration::from_secs(1);

fn client(address: &str, password: Option<&str>, patience: Duration) -> Transport {
    let config = SmtpConfig::parse(address, password.map(Secret::new)).expect("address");
    let timeouts =
        Timeouts { connect: patience, command: patience, message: patience, ..Timeouts::default() };
    Transport::Smtp(SmtpTransport::with_timeouts(config, timeouts).expect("setup"))
}

fn plain(relay: &Relay) -> Transport {
    client(&format!("smtp://127.0.0.1:{}?tls=none", relay.port), None, PATIENT)
}

/// A client that trusts `certificate`; the file is gone when the guard is.
fn trusting(
    certificate: &str,
    address: &str,
    password: Option<&str>,
    patience: Duration,
) -> (Transport, tempfile::NamedTempFile) {
    let mut file = tempfile::NamedTempFile::new().expect("file");
    file.write_all(certificate.as_bytes()).expect("written");
    let transport = client(&format!("{address}?ca={}", file.path().display()), password, patience);
    (transport, file)
}

async fn deliver(transport: &Transport) -> Outcome {
    transport.deliver(&to(&["anna@example.org"]), "<1@example.org>", MAIL).await
}

fn kind(outcome: &Outcome) -> &'static str {
    match outcome {
        Outcome::Delivered { .. } => "delivered",
        Outcome::Rejected { scope: Scope::Recipient, .. } => "recipient rejected",
        Outcome::Rejected { scope: Scope::Message, .. } => "message rejected",
        Outcome::Deferred { throttled: false, .. } => "deferred",
        Outcome::Deferred { throttled: true, .. } => "throttled",
        Outcome::RelayFault { .. } => "relay fault",
        Outcome::Unknown { .. } => "unknown",
    }
}

#[tokio::test]
async fn a_sound_relay_gets_the_mail_unaltered() {
    let relay = Script::new().start();
    let outcome = deliver(&plain(&relay)).await;
    assert_eq!(outcome, Outcome::Delivered { reply: "250 2.0.0 queued as 1".to_owned() });
    let seen = relay.seen();
    assert_eq!(seen.messages, [MAIL]);
    assert_eq!(seen.verbs(), ["EHLO", "MAIL", "RCPT", "DATA"]);
    let envelope: Vec<&str> = seen.commands[1..3].iter().map(|(_, command)| command.as_str()).collect();
    assert_eq!(envelope, ["MAIL FROM:<rst@example.org>", "RCPT TO:<anna@example.org>"]);
}

#[tokio::test]
async fn dots_and_bare_line_ends_cannot_end_a_mail() {
    let relay = Script::new().start();
    let transport = plain(&relay);
    let nasty = b"Subject: x\n\n.\nMAIL FROM:<evil@example.org>\r.\r..two\n.one";
    let outcome = transport.deliver(&to(&["anna@example.org"]), "<1@example.org>", nasty).await;
    assert_eq!(kind(&outcome), "delivered");
    let wire = b"Subject: x\r\n\r\n..\r\nMAIL FROM:<evil@example.org>\r\n..\r\n...two\r\n..one\r\n";
    assert_eq!(relay.seen().messages, [wire]);
    assert_eq!(relay.seen().verbs(), ["EHLO", "MAIL", "RCPT", "DATA"]);
}

/// The answers to a mail that meets trouble at `point`: 4xx, 5xx, hanging up, falling silent.
fn troubles(row: [&'static str; 5]) -> [(&'static str, Does, &'static str); 4] {
    let [point, transient, permanent, closed, silent] = row;
    [
        (point, says("454 4.3.0 try later"), transient),
        (point, says("550 5.3.0 no"), permanent),
        (point, Does::HangsUp, closed),
        (point, Does::FallsSilent, silent),
    ]
}

fn patience_for(does: &Does) -> Duration {
    if matches!(does, Does::FallsSilent) { IMPATIENT } else { PATIENT }
}

#[tokio::test]
async fn each_stage_and_each_trouble_has_its_outcome() {
    let mut cases = JoinSet::new();
    for row in [
        ["CONNECT", "deferred", "relay fault", "deferred", "deferred"],
        ["EHLO", "deferred", "relay fault", "deferred", "deferred"],
        ["MAIL", "deferred", "relay fault", "deferred", "deferred"],
        ["RCPT", "deferred", "recipient rejected", "deferred", "deferred"],
        ["DATA", "deferred", "message rejected", "deferred", "deferred"],
        [".", "deferred", "message rejected", "unknown", "unknown"],
    ] {
        for (point, does, expected) in troubles(row) {
            cases.spawn(async move {
                let relay = Script::new().at(point, does.clone()).start();
                let address = format!("smtp://127.0.0.1:{}?tls=none", relay.port);
                let transport = client(&address, None, patience_for(&does));
                let outcome = deliver(&transport).await;
                assert_eq!(kind(&outcome), expected, "{point} {does:?}: {outcome:?}");
                assert_eq!(relay.seen().connections, 1, "{point} {does:?}: no second attempt unasked");
                let next = deliver(&transport).await;
                assert_eq!(kind(&next), "delivered", "after {point} {does:?}: {next:?}");
            });
        }
    }
    cases.join_all().await;
}

#[tokio::test]
async fn login_and_starttls_have_their_outcomes_too() {
    let mut cases = JoinSet::new();
    for row in [
        ["STARTTLS", "deferred", "relay fault", "deferred", "deferred"],
        ["AUTH", "deferred", "relay fault", "deferred", "deferred"],
    ] {
        for (point, does, expected) in troubles(row) {
            cases.spawn(async move {
                let script = Script::new().offering(&["AUTH PLAIN"]).starttls().at(point, does.clone());
                let relay = script.start();
                let address = format!("smtp://rst@localhost:{}", relay.port);
                let patience = patience_for(&does);
                let (transport, _file) = trusting(CERTIFICATE, &address, Some("hemligt"), patience);
                let outcome = deliver(&transport).await;
                assert_eq!(kind(&outcome), expected, "{point} {does:?}: {outcome:?}");
                assert_eq!(relay.counts(), (1, 0));
            });
        }
    }
    cases.join_all().await;
}

#[tokio::test]
async fn no_relay_at_all_is_deferred() {
    let port = {
        let listener = std::net::TcpListener::bind("127.0.0.1:0").expect("a port");
        listener.local_addr().expect("an address").port()
    };
    let outcome = deliver(&client(&format!("smtp://127.0.0.1:{port}?tls=none"), None, PATIENT)).await;
    assert_eq!(kind(&outcome), "deferred", "{outcome:?}");
    let outcome = deliver(&client("smtp://no-such-host.invalid:25?tls=none", None, PATIENT)).await;
    assert_eq!(kind(&outcome), "deferred", "{outcome:?}");
}

#[tokio::test]
async fn replies_that_mean_something_else_than_their_digits() {
    for (point, line, expected) in [
        ("CONNECT", "421 4.3.2 shutting down", "deferred"),
        ("MAIL", "432 4.3.2 Concurrent connections limit exceeded", "throttled"),
        ("MAIL", "421 4.7.66 rate limited", "throttled"),
        ("RCPT", "451 4.7.1 too much", "throttled"),
        (".", "554 5.2.0 STOREDRV.Submission.Exception:SubmissionQuotaExceededException", "throttled"),
        ("RCPT", "554 5.2.0 STOREDRV.Submission.Exception", "throttled"),
        ("MAIL", "552 5.3.4 too large", "message rejected"),
        ("RCPT", "530 5.7.57 client was not authenticated", "relay fault"),
        (".", "550 5.1.10 RESOLVER.ADR.RecipientNotFound", "recipient rejected"),
        (".", "571 5.7.1 not wanted", "message rejected"),
        ("DATA", "250 go on then", "deferred"),
        ("CONNECT", "HTTP/1.1 400 Bad Request", "relay fault"),
        ("RCPT", "what", "deferred"),
        (".", "what", "unknown"),
        (".", "354 more", "unknown"),
    ] {
        let relay = Script::new().at(point, says(line)).start();
        let outcome = deliver(&plain(&relay)).await;
        assert_eq!(kind(&outcome), expected, "{point} {line}: {outcome:?}");
    }
}

#[tokio::test]
async fn odd_but_lawful_acceptance_is_acceptance() {
    let long = "x".repeat(9_000);
    for reply in [
        b"250".to_vec(),
        b"250-2.0.0 one\r\n250-2.0.0 two\r\n250 2.0.0 three".to_vec(),
        format!("250-{long}\r\n250 {long}").into_bytes(),
        b"250 2.0.0 tack f\xf6r posten".to_vec(),
        b"250 2.0.0 \x1b[2Jok".to_vec(),
    ] {
        let relay = Script::new().at(".", says(&reply)).start();
        match deliver(&plain(&relay)).await {
            Outcome::Delivered { reply } => {
                assert!(reply.len() < 600 && !reply.chars().any(char::is_control), "{reply}");
            }
            other => panic!("{other:?}"),
        }
    }
}

#[tokio::test]
async fn a_reply_without_end_is_cut_off() {
    let endless = Does::Says(b"250-more\r\n".repeat(10_000));
    let relay = Script::new().at("RCPT", endless.clone()).at(".", endless).start();
    let transport = plain(&relay);
    for expected in ["deferred", "unknown"] {
        let outcome = deliver(&transport).await;
        assert_eq!(kind(&outcome), expected);
        assert!(format!("{outcome:?}").contains("more than"), "{outcome:?}");
    }
}

#[tokio::test]
async fn one_connection_serves_many_mails() {
    let relay = Script::new().start();
    let transport = plain(&relay);
    for _ in 0..5 {
        assert_eq!(kind(&deliver(&transport).await), "delivered");
    }
    transport.close().await;
    assert_eq!(relay.counts(), (1, 5));
    assert_eq!(relay.seen().verbs().last(), Some(&"QUIT"));
    assert_eq!(kind(&deliver(&transport).await), "delivered", "closing is not for ever");
    assert_eq!(relay.seen().connections, 2);
}

#[tokio::test]
async fn an_idle_connection_is_left() {
    let relay = Script::new().start();
    let config =
        SmtpConfig::parse(&format!("smtp://127.0.0.1:{}?tls=none", relay.port), None).expect("address");
    let timeouts = Timeouts { idle: Duration::ZERO, ..Timeouts::default() };
    let transport = Transport::Smtp(SmtpTransport::with_timeouts(config, timeouts).expect("setup"));
    assert_eq!(kind(&deliver(&transport).await), "delivered");
    assert_eq!(kind(&deliver(&transport).await), "delivered");
    assert_eq!(relay.seen().connections, 2);
}

#[tokio::test]
async fn a_refused_recipient_costs_neither_the_connection_nor_the_next_mail() {
    let relay = Script::new().at("RCPT", says("550 5.1.1 no such")).at("MAIL", says("250 ok")).start();
    let transport = plain(&relay);
    assert_eq!(kind(&deliver(&transport).await), "recipient rejected");
    assert_eq!(kind(&deliver(&transport).await), "delivered");
    let seen = relay.seen();
    assert_eq!(seen.connections, 1);
    assert_eq!(seen.verbs(), ["EHLO", "MAIL", "RCPT", "RSET", "MAIL", "RCPT", "DATA"]);
}

#[tokio::test]
async fn several_recipients_are_all_or_none() {
    let relay = Script::new().at("RCPT", says("250 ok")).at("RCPT", says("550 5.1.1 no such")).start();
    let transport = plain(&relay);
    let both = to(&["anna@example.org", "bo@example.org"]);
    assert_eq!(kind(&transport.deliver(&both, "<1@example.org>", MAIL).await), "recipient rejected");
    assert_eq!(relay.seen().messages.len(), 0);
    assert_eq!(kind(&transport.deliver(&both, "<1@example.org>", MAIL).await), "delivered");
}

#[tokio::test]
async fn after_421_or_a_refused_message_the_connection_is_not_used_again() {
    for (point, line) in
        [("RCPT", "421 4.3.0 closing"), (".", "550 no"), (".", "451 later"), ("DATA", "451 later")]
    {
        let relay = Script::new().at(point, says(line)).start();
        let transport = plain(&relay);
        assert_ne!(kind(&deliver(&transport).await), "delivered");
        assert_eq!(kind(&deliver(&transport).await), "delivered");
        assert_eq!(relay.seen().connections, 2, "{point} {line}");
    }
}

#[tokio::test]
async fn a_connection_the_relay_closed_meanwhile_is_dialled_anew() {
    for goodbye in [Does::HangsUp, says("421 4.4.2 idle too long")] {
        let relay = Script::new().at("MAIL", says("250 ok")).at("MAIL", goodbye).start();
        let transport = plain(&relay);
        assert_eq!(kind(&deliver(&transport).await), "delivered");
        assert_eq!(kind(&deliver(&transport).await), "delivered");
        assert_eq!(relay.counts(), (2, 2));
    }
}

#[tokio::test]
async fn a_refusal_in_the_middle_of_the_message_is_heard_and_not_taken_for_a_later_answer() {
    let both = Does::Says(b"354 go\r\n550 5.6.0 no thanks\r\n".to_vec());
    let relay = Script::new().at("DATA", both).start();
    let transport = plain(&relay);
    assert_eq!(kind(&deliver(&transport).await), "message rejected");
    assert_eq!(kind(&deliver(&transport).await), "delivered");
    assert_eq!(relay.seen().connections, 2);
}

#[tokio::test]
async fn a_relay_that_stops_reading_is_left_in_time() {
    let long = [MAIL, &b"text\r\n".repeat(4_000_000)[..]].concat();
    for does in [Does::FallsSilent, Does::HangsUp] {
        let relay = Script::new().at("BODY", does).start();
        let address = format!("smtp://127.0.0.1:{}?tls=none", relay.port);
        let transport = client(&address, None, IMPATIENT);
        let outcome = transport.deliver(&to(&["anna@example.org"]), "<1@example.org>", &long).await;
        assert_eq!(kind(&outcome), "unknown", "{outcome:?}");
    }
}

#[tokio::test]
async fn a_refusal_is_heard_although_the_relay_hung_up_on_the_rest() {
    let long = [MAIL, &b"text\r\n".repeat(4_000_000)[..]].concat();
    let relay = Script::new().at("BODY", says("552 5.3.4 too large")).at("BODY", Does::HangsUp).start();
    let outcome = plain(&relay).deliver(&to(&["anna@example.org"]), "<1@example.org>", &long).await;
    assert_eq!(kind(&outcome), "message rejected", "{outcome:?}");
}

#[tokio::test]
async fn what_cannot_be_sent_is_refused_before_the_relay_is_troubled() {
    let relay = Script::new().offering(&["SIZE 100"]).start();
    let transport = plain(&relay);
    let (big, eight_bit) = (vec![b'x'; 200], "hej å\r\n".as_bytes());
    for (envelope, bytes, expected) in [
        (to(&["anna@example.org>\r\nRCPT TO:<bo@example.org"]), MAIL, "recipient rejected"),
        (to(&["anna @example.org"]), MAIL, "recipient rejected"),
        (to(&["anna"]), MAIL, "recipient rejected"),
        (to(&["åsa@example.org"]), MAIL, "recipient rejected"),
        (to(&[]), MAIL, "message rejected"),
        (Envelope { from: "x\r\ny@example.org".to_owned(), ..to(&["a@example.org"]) }, MAIL, "relay fault"),
        (to(&["anna@example.org"]), &big, "message rejected"),
        (to(&["anna@example.org"]), eight_bit, "message rejected"),
    ] {
        let outcome = transport.deliver(&envelope, "<1@example.org>", bytes).await;
        assert_eq!(kind(&outcome), expected, "{envelope:?}: {outcome:?}");
    }
    assert_eq!(kind(&deliver(&transport).await), "delivered");
    assert_eq!(relay.counts(), (1, 1));
    assert_eq!(relay.seen().verbs(), ["EHLO", "MAIL", "RCPT", "DATA"]);
}

#[tokio::test]
async fn eight_bit_text_and_addresses_are_announced() {
    let relay = Script::new().offering(&["8BITMIME", "SMTPUTF8"]).start();
    let outcome =
        plain(&relay).deliver(&to(&["åsa@example.org"]), "<1@example.org>", "å\r\n".as_bytes()).await;
    assert_eq!(kind(&outcome), "delivered");
    assert_eq!(relay.seen().commands[1].1, "MAIL FROM:<rst@example.org> BODY=8BITMIME SMTPUTF8");
}

#[tokio::test]
async fn starttls_and_smtps_carry_mail_and_login_only_encrypted() {
    for (script, scheme) in [(Script::new().starttls(), "smtp"), (Script::new().smtps(), "smtps")] {
        let wordy = format!("250 {}", "x".repeat(40_000));
        let relay = script.offering(&["AUTH LOGIN PLAIN"]).at(".", says(wordy)).start();
        let address = format!("{scheme}://rst@localhost:{}", relay.port);
        let (transport, _file) = trusting(CERTIFICATE, &address, Some("hemligt"), PATIENT);
        let long = [MAIL, &b"0123456789abcdef\r\n".repeat(60_000)[..]].concat();
        for _ in 0..2 {
            let outcome = transport.deliver(&to(&["anna@example.org"]), "<1@example.org>", &long).await;
            assert_eq!(kind(&outcome), "delivered", "{outcome:?}");
        }
        transport.close().await;
        let seen = relay.seen();
        assert_eq!(seen.connections, 1);
        assert!(seen.messages == [long.clone(), long], "{scheme}: altered under way");
        let clear: Vec<&str> =
            seen.commands.iter().filter(|(tls, _)| !tls).map(|(_, c)| c.as_str()).collect();
        let opening: &[&str] = if scheme == "smtp" { &["EHLO [127.0.0.1]", "STARTTLS"] } else { &[] };
        assert_eq!(clear, opening);
        let login = (true, "AUTH PLAIN AHJzdABoZW1saWd0".to_owned());
        assert!(seen.commands.contains(&login), "{:?}", seen.commands);
    }
}

#[tokio::test]
async fn login_falls_back_to_what_is_offered() {
    let relay = Script::new()
        .offering(&["AUTH LOGIN"])
        .at("AUTH", says("334 VXNlcm5hbWU6"))
        .at("OTHER", says("334 UGFzc3dvcmQ6"))
        .at("OTHER", says("235 2.7.0 welcome"))
        .start();
    let transport =
        client(&format!("smtp://rst@127.0.0.1:{}?tls=none", relay.port), Some("hemligt"), PATIENT);
    assert_eq!(kind(&deliver(&transport).await), "delivered");
    assert_eq!(relay.seen().commands[2..4], [(false, "cnN0".to_owned()), (false, "aGVtbGlndA==".to_owned())]);

    let relay = Script::new().offering(&["AUTH XOAUTH2"]).start();
    let transport =
        client(&format!("smtp://rst@127.0.0.1:{}?tls=none", relay.port), Some("hemligt"), PATIENT);
    assert_eq!(kind(&deliver(&transport).await), "relay fault");
}

#[tokio::test]
async fn a_relay_that_cannot_be_trusted_hears_neither_password_nor_mail() {
    let login = || Script::new().offering(&["AUTH PLAIN"]);
    let early = Does::Says(b"220 go\r\n250-relay\r\n250 AUTH PLAIN\r\n".to_vec());
    let cases = [
        ("STARTTLS taken out", login(), CERTIFICATE, "smtp"),
        ("words ahead of TLS", login().starttls().at("STARTTLS", early), CERTIFICATE, "smtp"),
        ("unknown authority", login().starttls(), STRANGER, "smtp"),
        ("expired", login().smtps().certificate(EXPIRED), EXPIRED, "smtps"),
        ("another name", login().smtps().certificate(OTHER_NAME), OTHER_NAME, "smtps"),
        ("clear where TLS should be", login(), CERTIFICATE, "smtps"),
    ];
    for (name, script, trusted, scheme) in cases {
        let relay = script.start();
        let address = format!("{scheme}://rst@localhost:{}", relay.port);
        let (transport, _file) = trusting(trusted, &address, Some("hemligt"), PATIENT);
        let outcome = deliver(&transport).await;
        assert_eq!(kind(&outcome), "relay fault", "{name}: {outcome:?}");
        let seen = relay.seen();
        assert!(!seen.verbs().iter().any(|verb| matches!(*verb, "AUTH" | "MAIL")), "{name}: {seen:?}");
    }
}

#[test]
fn an_unusable_authority_file_is_told_at_once() {
    let mut file = tempfile::NamedTempFile::new().expect("file");
    file.write_all(b"not a certificate").expect("written");
    for path in [file.path().display().to_string(), "/no/such/file.pem".to_owned()] {
        let config = SmtpConfig::parse(&format!("smtps://localhost?ca={path}"), None).expect("address");
        let text = SmtpTransport::new(config).expect_err("unusable").to_string();
        assert!(text.contains(&path) && text.contains("PEM"), "{text}");
    }
}

#[tokio::test]
async fn a_delivery_dropped_half_way_does_not_disturb_the_next() {
    let relay = Script::new().at("RCPT", Does::FallsSilent).start();
    let transport = plain(&relay);
    {
        let delivery = deliver(&transport);
        tokio::pin!(delivery);
        // Until the relay has heard of the recipient, and no further.
        while !relay.seen().verbs().contains(&"RCPT") {
            tokio::select! {
                biased;
                outcome = &mut delivery => panic!("{outcome:?}"),
                () = tokio::task::yield_now() => {}
            }
        }
    }
    assert_eq!(kind(&deliver(&transport).await), "delivered");
    assert_eq!(relay.seen().connections, 2);
}

/// What the program would write to its log.
#[derive(Debug, Clone, Default)]
struct Log(Arc<Mutex<Vec<u8>>>);

impl Write for Log {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().expect("log").write(bytes)
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

#[tokio::test]
async fn the_log_has_codes_and_neither_addresses_nor_texts_nor_passwords() {
    let log = Log::default();
    let writer = log.clone();
    let subscriber = tracing_subscriber::fmt()
        .with_max_level(tracing::Level::TRACE)
        .with_writer(move || writer.clone())
        .finish();
    let listening = tracing::subscriber::set_default(subscriber);
    let telltale = "550 5.1.1 <anna@example.org> Hej! hemligt aGVtbGlndA==";
    let script = Script::new().offering(&["AUTH PLAIN"]).at("RCPT", says(telltale)).at(".", says(telltale));
    let relay = script.at("MAIL", says("250 ok")).at("MAIL", says("250 ok")).at("MAIL", says("anna")).start();
    let address = format!("smtp://rst@127.0.0.1:{}?tls=none", relay.port);
    let transport = client(&address, Some("hemligt"), PATIENT);
    for expected in ["recipient rejected", "recipient rejected", "deferred", "delivered"] {
        assert_eq!(kind(&deliver(&transport).await), expected);
    }
    drop(listening);
    let text = String::from_utf8(log.0.lock().expect("log").clone()).expect("text");
    assert!(text.contains("550") && text.contains("<1@example.org>"), "{text}");
    for private in ["anna", "Hej!", "hemligt", "aGVtbG", "AHJzd"] {
        assert!(!text.contains(private), "{private} in:\n{text}");
    }
}
