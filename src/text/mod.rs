//! The Swedish text catalogue: every sentence that a user of the product reads and no file provides.
//!
//! One file for each surface. Templates and writers hold no words of their own, so another language is another
//! catalogue. How dates are said is [`crate::calendar::swedish`]'s part of it.

pub mod answers;
pub mod asked;
pub mod calendars;
pub mod demo;
pub mod documents;
pub mod feeds;
pub mod item_form;
pub mod items;
pub mod mail;
pub mod notices;
pub mod papers;
pub mod people;
pub mod picture;
pub mod rounds;
pub mod sources;
pub mod summary;
pub mod web;
