//! mail

pub mod smtp_url;
pub mod transport;
