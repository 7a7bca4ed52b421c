//! Logs: to standard error, readable and with fields, in UTC. No address, token or text of anybody's is logged.

use std::io::IsTerminal;

use tracing_subscriber::EnvFilter;

/// Begins logging what `filter` lets through. Does nothing if logging has begun.
pub fn begin(filter: &str) {
    let filter = EnvFilter::try_new(filter).unwrap_or_else(|_| EnvFilter::new("info"));
    let colour = std::io::stderr().is_terminal();
    let logs =
        tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr).with_ansi(colour);
    let _ = logs.try_init();
}
