//! The plan.

pub mod digest;
pub mod model;
