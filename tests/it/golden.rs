//! Golden files under `tests/data`: `BLESS=1 cargo test` writes them anew, and the diff is then read.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::fs;
use std::path::Path;

/// Holds `found` against the file `name`.
#[track_caller]
#[expect(clippy::disallowed_methods, reason = "a test's own switch, not the program's configuration")]
pub fn check(name: &str, found: &[u8]) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data").join(name);
    if std::env::var_os("BLESS").is_some() {
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(&path, found).unwrap();
        return;
    }
    let expected = fs::read(&path).unwrap_or_default();
    assert!(
        expected == found,
        "{name} differs; look at it and bless it with BLESS=1\n--- expected\n{}\n--- found\n{}",
        String::from_utf8_lossy(&expected),
        String::from_utf8_lossy(found)
    );
}
