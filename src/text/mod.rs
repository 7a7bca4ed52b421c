//! Everything the program says to people that isn't in a workflow file: one catalogue, in Swedish.
//!
//! One file for each surface. Templates and writers hold no words of their own, so another language is
//! another set of these files. How dates are said is [`crate::calendar::swedish`]'s part of the catalogue.

pub mod feeds;
