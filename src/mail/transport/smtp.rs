//! Delivery over SMTP (RFC 5321), and what each answer means for the mail, the recipient and the queue.
//!
//! The dialogue is spoken here and not by lettre's client: that one refuses replies without text, with
//! Latin-1, with lines beyond 1000 bytes or with codes such as 571, which after the final dot would turn
//! "accepted" into "unknown" and so into duplicates; it adds an empty line to each message, passes bare
//! line feeds on, keeps what was said before TLS, and logs passwords and texts.

use std::path::PathBuf;

use tokio::sync::Mutex;

use crate::mail::smtp_url::{SmtpConfig, Tls};
use crate::mail::transport::failure::{Cause, Failure, Stage, declined, expect};
use crate::mail::transport::reply::Reply;
use crate::mail::transport::session::{Broken, Session, Timeouts};
use crate::mail::transport::stream::{Stream, TlsSetup};
use crate::mail::transport::wire::{base64, message_data};
use crate::mail::transport::{Envelope, Outcome};

/// RFC 5321, 4.5.3.1.3: a path, without its brackets.
const ADDRESS_LIMIT: usize = 254;

/// The relay cannot be used as configured.
#[derive(Debug, thiserror::Error)]
pub enum SetupError {
    #[error(
        "`{host}` cannot be checked against a certificate: write the relay's name as its certificate has it"
    )]
    HostName { host: String },
    #[error("`ca={}` cannot be used: {what}; it must be a PEM file of certificates", path.display())]
    CaFile { path: PathBuf, what: String },
    #[error(
        "this machine has no certificate authorities to check the relay against: install its package \
         `ca-certificates`, or name a PEM file with `?ca=FILE`"
    )]
    NoAuthorities,
    #[error("TLS cannot be set up: {what}")]
    Tls { what: String },
}

/// One relay, one connection, one delivery at a time; the connection is kept for the next.
#[derive(Debug)]
pub struct SmtpTransport {
    config: SmtpConfig,
    tls: Option<TlsSetup>,
    timeouts: Timeouts,
    session: Mutex<Option<Session>>,
}

impl SmtpTransport {
    /// Reads the certificate authorities; does not dial.
    pub fn new(config: SmtpConfig) -> Result<Self, SetupError> {
        Self::with_timeouts(config, Timeouts::default())
    }

    pub fn with_timeouts(config: SmtpConfig, timeouts: Timeouts) -> Result<Self, SetupError> {
        let tls = match config.tls {
            Tls::None => None,
            Tls::StartTls | Tls::Implicit => Some(TlsSetup::new(&config.host, config.ca_file.as_deref())?),
        };
        Ok(Self { config, tls, timeouts, session: Mutex::new(None) })
    }

    pub(super) async fn deliver(&self, envelope: &Envelope, message_id: &str, bytes: &[u8]) -> Outcome {
        let data = message_data(bytes);
        let mut kept = self.session.lock().await;
        let result = self.attempt(&mut kept, envelope, &data).await;
        drop(kept);
        match result {
            Ok(reply) => {
                tracing::debug!(mail.message_id = message_id, smtp.code = reply.code, "mail accepted");
                Outcome::Delivered { reply: reply.to_string() }
            }
            Err(failure) => {
                failure.log(message_id);
                failure.outcome()
            }
        }
    }

    pub(super) async fn close(&self) {
        let kept = self.session.lock().await.take();
        if let Some(session) = kept {
            session.quit(self.timeouts.farewell).await;
        }
    }

    /// The session is out of `kept` while it is in use: an attempt dropped half-way takes it along.
    async fn attempt(
        &self,
        kept: &mut Option<Session>,
        envelope: &Envelope,
        data: &[u8],
    ) -> Result<Reply, Failure> {
        check(envelope)?;
        if let Some(session) = kept.take() {
            if session.is_fresh(self.timeouts.idle) {
                match self.transact(session, kept, envelope, data).await {
                    // The relay had hung up meanwhile. Nothing was handed over, so dial once.
                    Err(failure) if failure.is_hung_up() => {}
                    settled => return settled,
                }
            } else {
                session.leave(self.timeouts.farewell).await;
            }
        }
        let session = self.dial().await?;
        self.transact(session, kept, envelope, data).await
    }

    /// One mail over `session`, which is kept afterwards if both ends agree where they are.
    async fn transact(
        &self,
        mut session: Session,
        kept: &mut Option<Session>,
        envelope: &Envelope,
        data: &[u8],
    ) -> Result<Reply, Failure> {
        let result = self.hand_over(&mut session, envelope, data).await;
        match &result {
            Ok(_) => *kept = Some(session),
            Err(failure) => match &failure.cause {
                Cause::Broken(_) => {}
                // Nothing was said.
                Cause::Declined(_) => *kept = Some(session),
                Cause::Reply(reply) if reply.code == 421 => {}
                // Refused before the message: the relay is in order, and the next mail may use it.
                Cause::Reply(_) if failure.stage <= Stage::Recipient => {
                    if session
                        .command("RSET", self.timeouts.command)
                        .await
                        .is_ok_and(|reply| reply.code == 250)
                    {
                        *kept = Some(session);
                    }
                }
                // Some servers refuse during the message and take its rest for commands.
                Cause::Reply(_) => session.leave(self.timeouts.farewell).await,
            },
        }
        result
    }

    async fn hand_over(
        &self,
        session: &mut Session,
        envelope: &Envelope,
        data: &[u8],
    ) -> Result<Reply, Failure> {
        let limit = self.timeouts.command;
        let parameters = parameters(session, envelope, data)?;
        let mail = format!("MAIL FROM:<{}>{parameters}", envelope.from);
        expect(Stage::Mail, 200..300, session.command(&mail, limit).await)?;
        for recipient in &envelope.to {
            let command = format!("RCPT TO:<{recipient}>");
            expect(Stage::Recipient, 200..300, session.command(&command, limit).await)?;
        }
        expect(Stage::Data, 354..355, session.command("DATA", self.timeouts.message).await)?;
        expect(Stage::Message, 200..300, session.message(data, self.timeouts.message).await)
    }

    /// Connection, greeting, TLS and login.
    async fn dial(&self) -> Result<Session, Failure> {
        let Timeouts { connect, command, .. } = self.timeouts;
        let fail = |stage| move |broken: Broken| Failure { stage, cause: Cause::Broken(broken) };
        let stream = Stream::connect(&self.config.host, self.config.port, connect).await;
        let mut session = Session::new(stream.map_err(Broken::Network).map_err(fail(Stage::Connect))?);
        if let (Tls::Implicit, Some(tls)) = (self.config.tls, &self.tls) {
            session.encrypt(tls, connect).await.map_err(fail(Stage::StartTls))?;
        }
        expect(Stage::Connect, 200..300, session.reply(connect).await)?;
        expect(Stage::Hello, 200..300, session.hello(command).await)?;
        if let (Tls::StartTls, Some(tls)) = (self.config.tls, &self.tls) {
            if !session.offers().starttls {
                return Err(declined(
                    Stage::StartTls,
                    "the relay does not offer STARTTLS, so the mail would go readable",
                ));
            }
            expect(Stage::StartTls, 200..300, session.command("STARTTLS", command).await)?;
            if session.has_unasked() {
                return Err(declined(Stage::StartTls, "something was said in the clear after STARTTLS"));
            }
            session.encrypt(tls, connect).await.map_err(fail(Stage::StartTls))?;
            expect(Stage::Hello, 200..300, session.hello(command).await)?;
        }
        self.log_in(&mut session).await?;
        Ok(session)
    }

    /// PLAIN (RFC 4616) where offered, else LOGIN, which is all that some large providers offer.
    async fn log_in(&self, session: &mut Session) -> Result<(), Failure> {
        let (Some(user), Some(password)) = (&self.config.user, &self.config.password) else {
            return Ok(());
        };
        // The address was checked when it was read; a value built otherwise was not.
        if !session.is_encrypted() && !self.config.may_authenticate() {
            return Err(declined(Stage::Auth, "the password would go readable"));
        }
        let limit = self.timeouts.command;
        if session.offers().auth_plain {
            let credentials = base64(format!("\0{user}\0{}", password.expose()).as_bytes());
            let reply = session.command(&format!("AUTH PLAIN {credentials}"), limit).await;
            expect(Stage::Auth, 200..300, reply)?;
        } else if session.offers().auth_login {
            expect(Stage::Auth, 334..335, session.command("AUTH LOGIN", limit).await)?;
            expect(Stage::Auth, 334..335, session.command(&base64(user.as_bytes()), limit).await)?;
            let reply = session.command(&base64(password.expose().as_bytes()), limit).await;
            expect(Stage::Auth, 200..300, reply)?;
        } else {
            return Err(declined(Stage::Auth, "the relay offers no login by AUTH PLAIN or AUTH LOGIN"));
        }
        Ok(())
    }
}

/// Addresses become part of a command line, so nothing may end the line or the path.
fn check(envelope: &Envelope) -> Result<(), Failure> {
    let sound = |address: &str| {
        address.len() <= ADDRESS_LIMIT
            && address.rsplit_once('@').is_some_and(|(local, domain)| !local.is_empty() && !domain.is_empty())
            && !address.chars().any(|c| c.is_control() || c.is_whitespace() || matches!(c, '<' | '>'))
    };
    if !envelope.from.is_empty() && !sound(&envelope.from) {
        return Err(declined(Stage::Mail, "the sender is not a mail address"));
    }
    if envelope.to.is_empty() {
        return Err(declined(Stage::Data, "the mail has no recipient"));
    }
    if !envelope.to.iter().all(|recipient| sound(recipient)) {
        return Err(declined(Stage::Recipient, "the recipient is not a mail address"));
    }
    Ok(())
}

/// What MAIL must announce, and whether the relay can take it: asked beforehand, so that a mail that
/// is too large costs neither its transfer nor the good name of the relay.
fn parameters(session: &Session, envelope: &Envelope, data: &[u8]) -> Result<&'static str, Failure> {
    let offers = session.offers();
    if let Some(limit) = offers.size.filter(|limit| data.len() > *limit) {
        let reason = format!("the mail has {} bytes, and the relay takes at most {limit}", data.len());
        return Err(declined(Stage::Data, reason));
    }
    let eight_bit = !data.is_ascii();
    if eight_bit && !offers.eight_bit {
        return Err(declined(Stage::Data, "the mail has 8-bit text, and the relay takes only 7-bit"));
    }
    let foreign_sender = !envelope.from.is_ascii();
    let foreign_recipient = !envelope.to.iter().all(|recipient| recipient.is_ascii());
    if (foreign_sender || foreign_recipient) && !offers.utf8_addresses {
        let stage = if foreign_sender { Stage::Mail } else { Stage::Recipient };
        return Err(declined(stage, "the relay takes no address with letters beyond a-z (no SMTPUTF8)"));
    }
    Ok(match (eight_bit, foreign_sender || foreign_recipient) {
        (false, false) => "",
        (true, false) => " BODY=8BITMIME",
        (false, true) => " SMTPUTF8",
        (true, true) => " BODY=8BITMIME SMTPUTF8",
    })
}
