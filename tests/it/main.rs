//! Integration tests, one binary: linking is most of the build.

mod answer_page;
mod broken;
mod cli;
mod compose;
mod delivery;
mod docs;
mod golden;
mod ical;
mod layering;
mod migrations;
mod plan_year;
mod schema;
mod smtp;
mod store;
mod stories;
mod web;
mod world;
