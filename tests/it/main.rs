//! Integration tests, one binary: linking is most of the build.

mod broken;
mod schema;
