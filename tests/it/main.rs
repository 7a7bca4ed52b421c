//! Integration tests, one binary: linking is most of the build.
//!
//! `cfg(test)` always holds here; it tells clippy that helpers beside the tests may unwrap as well.

#[cfg(test)]
mod broken;
#[cfg(test)]
mod schema;
