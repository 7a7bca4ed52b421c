//! Workflow files: read, checked, and turned into [`Workflows`].

pub mod model;

pub use model::Workflows;
