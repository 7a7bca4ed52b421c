//! Integration tests, one binary: linking is most of the build.

mod compose;
mod golden;
mod ical;
mod layering;
