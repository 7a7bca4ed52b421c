//! The `arshjul` program.

fn main() {}
