//! The byte stream to a relay: TCP without Nagle's delay, in the clear or under TLS.
//!
//! TLS is driven here by rustls' own state machine. A dialogue alternates strictly between writing and
//! reading, so two loops suffice, and the general stream adapters are not needed.

use std::io::{self, Read, Write};
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, ServerName};
use rustls::{ClientConfig, ClientConnection, RootCertStore};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::time::timeout;

use crate::mail::transport::smtp::SetupError;

/// Where operating systems keep the authorities they trust, in one PEM file.
const SYSTEM_AUTHORITIES: [&str; 5] = [
    "/etc/ssl/certs/ca-certificates.crt",
    "/etc/pki/ca-trust/extracted/pem/tls-ca-bundle.pem",
    "/etc/pki/tls/certs/ca-bundle.crt",
    "/etc/ssl/ca-bundle.pem",
    "/etc/ssl/cert.pem",
];

/// Bytes asked of the socket at a time. Few, since rustls declines to take in more while 16 KiB of plain
/// text wait to be read.
const READ_SIZE: usize = 4 * 1024;

/// What must be known to trust a relay: its name and the authorities.
#[derive(Debug, Clone)]
pub struct TlsSetup {
    config: Arc<ClientConfig>,
    name: ServerName<'static>,
}

impl TlsSetup {
    /// Trusts the system's authorities and those in `ca_file`.
    pub fn new(host: &str, ca_file: Option<&Path>) -> Result<Self, SetupError> {
        let name = ServerName::try_from(host.to_owned())
            .map_err(|_| SetupError::HostName { host: host.to_owned() })?;
        let mut roots = RootCertStore::empty();
        if let Some(bundle) = SYSTEM_AUTHORITIES.iter().find_map(|path| std::fs::read(path).ok()) {
            // Systems ship the odd certificate that a strict reader declines; the others still count.
            roots.add_parsable_certificates(CertificateDer::pem_slice_iter(&bundle).flatten());
        }
        if let Some(path) = ca_file {
            add_authorities(&mut roots, path)?;
        }
        if roots.is_empty() {
            return Err(SetupError::NoAuthorities);
        }
        let config = ClientConfig::builder_with_provider(Arc::new(rustls::crypto::ring::default_provider()))
            .with_safe_default_protocol_versions()
            .map_err(|error| SetupError::Tls { what: error.to_string() })?
            .with_root_certificates(roots)
            .with_no_client_auth();
        Ok(Self { config: Arc::new(config), name })
    }
}

/// Unlike the system's, every certificate in the operator's own file must be readable.
fn add_authorities(roots: &mut RootCertStore, path: &Path) -> Result<(), SetupError> {
    let fault = |what: String| SetupError::CaFile { path: path.to_owned(), what };
    let pem = std::fs::read(path).map_err(|error| fault(error.to_string()))?;
    let before = roots.len();
    for certificate in CertificateDer::pem_slice_iter(&pem) {
        let certificate = certificate.map_err(|error| fault(error.to_string()))?;
        roots.add(certificate).map_err(|error| fault(error.to_string()))?;
    }
    if roots.len() == before { Err(fault("no certificate in it".to_owned())) } else { Ok(()) }
}

#[derive(Debug)]
pub struct Stream {
    tcp: TcpStream,
    tls: Option<Box<ClientConnection>>,
}

impl Stream {
    /// Tries the host's addresses one after another, each for its share of `limit`, so that a dead IPv6
    /// route does not use up the time of the IPv4 one.
    pub async fn connect(host: &str, port: u16, limit: Duration) -> io::Result<Self> {
        let found = timeout(limit, tokio::net::lookup_host((host, port))).await??;
        let addresses: Vec<_> = found.collect();
        let share = limit / u32::try_from(addresses.len()).unwrap_or(u32::MAX).max(1);
        let mut last_error = io::Error::new(io::ErrorKind::NotFound, "the host has no address");
        for address in addresses {
            match timeout(share, TcpStream::connect(address)).await {
                Ok(Ok(tcp)) => {
                    // Without it the last packet of a long message waits some 40 ms for a delayed acknowledgement.
                    tcp.set_nodelay(true)?;
                    return Ok(Self { tcp, tls: None });
                }
                Ok(Err(error)) => last_error = error,
                Err(elapsed) => last_error = elapsed.into(),
            }
        }
        Err(last_error)
    }

    pub fn is_encrypted(&self) -> bool {
        self.tls.is_some()
    }

    /// The IP address of this end, for the greeting.
    pub fn local_ip(&self) -> io::Result<std::net::IpAddr> {
        Ok(self.tcp.local_addr()?.ip())
    }

    /// The TLS handshake, with the certificate checked. A fault of TLS is an error whose source is a
    /// [`rustls::Error`].
    pub async fn encrypt(&mut self, setup: &TlsSetup) -> io::Result<()> {
        let connection = ClientConnection::new(Arc::clone(&setup.config), setup.name.clone());
        let tls = self.tls.insert(Box::new(connection.map_err(io::Error::other)?));
        while tls.is_handshaking() {
            flush(tls, &mut self.tcp).await?;
            if tls.is_handshaking() && fill(tls, &mut self.tcp).await? == 0 {
                return Err(io::ErrorKind::UnexpectedEof.into());
            }
        }
        flush(tls, &mut self.tcp).await
    }

    pub async fn write_all(&mut self, mut bytes: &[u8]) -> io::Result<()> {
        let Some(tls) = &mut self.tls else {
            return self.tcp.write_all(bytes).await;
        };
        // rustls buffers a bounded amount, so a long message takes several rounds.
        while !bytes.is_empty() {
            let taken = tls.writer().write(bytes)?;
            bytes = bytes.get(taken..).unwrap_or_default();
            flush(tls, &mut self.tcp).await?;
        }
        Ok(())
    }

    /// Appends what has arrived to `buffer`; 0 when the other end is done.
    pub async fn read_into(&mut self, buffer: &mut Vec<u8>) -> io::Result<usize> {
        let Some(tls) = &mut self.tls else {
            buffer.reserve(READ_SIZE);
            return self.tcp.read_buf(buffer).await;
        };
        let mut plain = [0; READ_SIZE];
        loop {
            match tls.reader().read(&mut plain) {
                Ok(length) => {
                    buffer.extend_from_slice(&plain[..length]);
                    return Ok(length);
                }
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => {
                    fill(tls, &mut self.tcp).await?;
                }
                Err(error) => return Err(error),
            }
        }
    }
}

/// Sends what TLS has ready.
async fn flush(tls: &mut ClientConnection, tcp: &mut TcpStream) -> io::Result<()> {
    let mut records = Vec::new();
    while tls.wants_write() {
        tls.write_tls(&mut records)?;
    }
    tcp.write_all(&records).await
}

/// Reads once from the socket and lets TLS digest it; the end of the stream is for TLS to judge too,
/// since without its farewell the stream may have been cut.
async fn fill(tls: &mut ClientConnection, tcp: &mut TcpStream) -> io::Result<usize> {
    let mut arrived = Vec::with_capacity(READ_SIZE);
    let length = tcp.read_buf(&mut arrived).await?;
    let mut rest = arrived.as_slice();
    loop {
        tls.read_tls(&mut rest)?;
        if let Err(error) = tls.process_new_packets() {
            // Tell the other end why; that it does not hear it changes nothing here.
            let _ = flush(tls, tcp).await;
            return Err(io::Error::new(io::ErrorKind::InvalidData, error));
        }
        if rest.is_empty() {
            break;
        }
    }
    flush(tls, tcp).await?;
    Ok(length)
}
