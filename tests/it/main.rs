//! Integration tests, one binary: linking is most of the build.

mod answer_page;
mod broken;
mod calendars;
mod cli;
mod cli_items;
mod compose;
mod delivery;
mod docs;
mod documents;
mod export;
mod fetching;
#[path = "../fuzz/mod.rs"]
mod fuzz;
mod golden;
mod ical;
mod item_page;
mod layering;
mod lint;
mod load;
mod meetings;
mod migrations;
mod office;
mod people;
mod plan_year;
mod plans;
mod requests;
mod rounds;
mod schema;
mod smtp;
mod store;
mod stories;
mod watches;
mod web;
mod world;
mod year;
