//! Reads organisation files.
