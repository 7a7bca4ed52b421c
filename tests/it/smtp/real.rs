//! Against a mail server that others wrote (aiosmtpd, run by `tests/tools/smtp_server.py`). These run when
//! `ARSHJUL_TEST_PYTHON` names a Python that has it, and say so when they do not.

use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};

use arshjul::mail::transport::{Outcome, Transport};
use sha2::{Digest, Sha256};

use super::relay::STRANGER;
use super::{IMPATIENT, MAIL, PATIENT, client, kind, to};

struct Server {
    child: Child,
    port: u16,
    folder: tempfile::TempDir,
}

impl Server {
    /// None when there is no Python to run it with.
    fn start(options: &[&str]) -> Option<Self> {
        #[expect(clippy::disallowed_methods, reason = "tests have no configuration but this variable")]
        let Some(python) = std::env::var_os("ARSHJUL_TEST_PYTHON") else {
            eprintln!("skipped: ARSHJUL_TEST_PYTHON does not name a Python with aiosmtpd");
            return None;
        };
        let folder = tempfile::tempdir().expect("folder");
        std::fs::write(folder.path().join("stranger.pem"), STRANGER).expect("written");
        let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/tools/smtp_server.py");
        let mut child = Command::new(python)
            .arg(script)
            .args(["--port", "0", "--dir"])
            .arg(folder.path())
            .arg("--log")
            .arg(folder.path().join("log.jsonl"))
            .args(options)
            .stdout(Stdio::piped())
            .spawn()
            .expect("python starts");
        let mut line = String::new();
        BufReader::new(child.stdout.take().expect("stdout")).read_line(&mut line).expect("a line");
        let port = line.trim().strip_prefix("listening ").expect("listening").parse().expect("a port");
        Some(Self { child, port, folder })
    }

    fn address(&self, scheme: &str, user: &str, query: &str) -> String {
        let folder = self.folder.path().display().to_string();
        format!("{scheme}://{user}localhost:{}?{query}", self.port).replace("DIR", &folder)
    }

    fn log(&self) -> Vec<serde_json::Value> {
        let text = std::fs::read_to_string(self.folder.path().join("log.jsonl")).unwrap_or_default();
        text.lines().map(|line| serde_json::from_str(line).expect("json")).collect()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

async fn deliver(transport: &Transport, number: usize) -> Outcome {
    let bytes = [MAIL, format!(".rad {number}\r\n.\r\n").as_bytes()].concat();
    transport.deliver(&to(&["anna@example.org"]), &format!("<{number}@example.org>"), &bytes).await
}

#[tokio::test]
async fn a_real_server_receives_the_very_bytes() {
    for (options, scheme, user, query, password) in [
        (vec!["--tls", "none"], "smtp", "", "tls=none", None),
        (
            vec!["--tls", "starttls", "--auth", "rst:hemligt"],
            "smtp",
            "rst@",
            "ca=DIR/cert.pem",
            Some("hemligt"),
        ),
        (
            vec!["--tls", "implicit", "--auth", "rst:hemligt"],
            "smtps",
            "rst@",
            "ca=DIR/cert.pem",
            Some("hemligt"),
        ),
    ] {
        let Some(server) = Server::start(&options) else { return };
        let transport = client(&server.address(scheme, user, query), password, PATIENT);
        for number in 0..3 {
            let outcome = deliver(&transport, number).await;
            assert_eq!(kind(&outcome), "delivered", "{options:?}: {outcome:?}");
        }
        transport.close().await;
        let log = server.log();
        assert_eq!(log.len(), 3, "{options:?}");
        for (number, entry) in log.iter().enumerate() {
            let sent = [MAIL, format!(".rad {number}\r\n.\r\n").as_bytes()].concat();
            let digest: String = Sha256::digest(&sent).iter().map(|byte| format!("{byte:02x}")).collect();
            assert_eq!(entry["sha256"], digest, "{options:?}");
            assert_eq!(entry["rcpt"], serde_json::json!(["anna@example.org"]));
            assert_eq!(entry["message_id"], "<1@example.org>");
            let path = entry["path"].as_str().expect("a path");
            assert_eq!(std::fs::read(path).expect("file"), sent);
        }
    }
}

#[tokio::test]
async fn a_real_server_refuses_what_it_should() {
    let auth = ["--tls", "starttls", "--auth", "rst:hemligt"];
    let Some(server) = Server::start(&auth) else { return };
    for (user, query, password, why) in [
        ("rst@", "ca=DIR/cert.pem", Some("fel"), "a wrong password"),
        ("", "ca=DIR/cert.pem", None, "no login"),
        ("rst@", "ca=DIR/stranger.pem", Some("hemligt"), "an authority it does not come from"),
        ("", "tls=none", None, "no TLS"),
    ] {
        let outcome = deliver(&client(&server.address("smtp", user, query), password, PATIENT), 1).await;
        assert_eq!(kind(&outcome), "relay fault", "{why}: {outcome:?}");
    }
    assert_eq!(server.log().len(), 0);
    let Some(plain) = Server::start(&["--tls", "none"]) else { return };
    let outcome = deliver(&client(&plain.address("smtp", "", "ca=DIR/stranger.pem"), None, PATIENT), 1).await;
    assert_eq!(kind(&outcome), "relay fault", "STARTTLS is not offered: {outcome:?}");
}

#[tokio::test]
async fn a_reply_that_comes_too_late_is_unknown_and_the_mail_arrived() {
    let Some(server) = Server::start(&["--tls", "none", "--delay-ms", "600000"]) else { return };
    let outcome = deliver(&client(&server.address("smtp", "", "tls=none"), None, IMPATIENT), 1).await;
    assert_eq!(kind(&outcome), "unknown", "{outcome:?}");
    assert_eq!(server.log().len(), 1, "recorded before the reply");
}
