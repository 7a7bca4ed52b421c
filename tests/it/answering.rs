//! What an answer about an item does, on both databases.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]
