//! Integration tests, one binary: linking is most of the build.

mod answer_page;
mod broken;
mod cli;
mod compose;
mod delivery;
mod docs;
mod documents;
mod golden;
mod ical;
mod layering;
mod load;
mod meetings;
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
