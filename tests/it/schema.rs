//! The shipped files, and the schema that is published for editors.

use arshjul::workflow::{load_all, shipped};

#[test]
fn every_shipped_file_is_without_fault() {
    if let Err(faults) = load_all(&shipped()) {
        panic!("{faults}");
    }
}
