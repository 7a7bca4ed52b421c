//! Mail: composed once, delivered until the relay has taken it.

pub mod compose;
pub mod smtp_url;
pub mod transport;
