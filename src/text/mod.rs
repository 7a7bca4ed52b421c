//! The Swedish text catalogue: every sentence that a user of the product reads and no file provides.
//! Another language is another catalogue.

pub mod notices;
