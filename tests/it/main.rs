//! Integration tests, one binary: linking is most of the build.

mod answer_page;
mod broken;
mod calendars;
mod cli;
mod compose;
mod delivery;
mod docs;
mod documents;
mod fetching;
#[path = "../fuzz/mod.rs"]
mod fuzz;
mod golden;
mod ical;
mod layering;
mod load;
mod migrations;
mod people;
mod plan_year;
mod requests;
mod schema;
mod smtp;
mod store;
mod stories;
mod web;
mod world;
mod year;
