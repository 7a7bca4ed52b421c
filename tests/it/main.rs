//! Integration tests, one binary: linking is most of the build.

mod golden;
mod ical;
mod layering;
mod smtp;
