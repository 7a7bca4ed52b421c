//! Mail: what it says and how it travels.

pub mod compose;
