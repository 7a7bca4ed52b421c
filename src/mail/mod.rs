//! Mail: what it says and how it travels.

pub mod compose;
pub mod smtp_url;
pub mod transport;
