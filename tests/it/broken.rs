//! Files with faults: each `tests/broken/NAME.toml` gives exactly the lines in `NAME.expected`.
//!
//! A file is loaded together with those that ship, so that it can point to them. `organisation-A.toml` is loaded
//! as the organisation file of the folder `A`. `ARSHJUL_BLESS=1 cargo test --test it broken` writes what is told
//! today into the `.expected` files; read the difference before you commit it.

#![cfg(test)]

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use arshjul::fault::Faults;
use arshjul::workflow::{SourceFile, load_all, shipped};

pub fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/broken")
}

/// Every broken file by name, as its loader knows it.
pub fn broken() -> Vec<(String, SourceFile)> {
    let mut files = Vec::new();
    for entry in std::fs::read_dir(folder()).unwrap() {
        let path = entry.unwrap().path();
        if path.extension().is_some_and(|ending| ending == "toml") {
            let name = path.file_stem().unwrap().to_str().unwrap().to_owned();
            let text = std::fs::read_to_string(&path).unwrap();
            let known_as = match name.strip_prefix("organisation-") {
                Some(folder) => format!("{folder}/organisation.toml"),
                None => format!("{name}.toml"),
            };
            files.push((name, SourceFile::new(known_as, text)));
        }
    }
    files.sort_by(|a, b| a.0.cmp(&b.0));
    files
}

/// The faults of a file beside the shipped ones.
pub fn faults_of(file: &SourceFile) -> Faults {
    let mut files = shipped();
    files.push(file.clone());
    load_all(&files).err().unwrap_or_default()
}

#[test]
fn every_broken_file_is_told_exactly_so() {
    #[expect(clippy::disallowed_methods, reason = "a switch of the test itself, not of the program")]
    let bless = std::env::var_os("ARSHJUL_BLESS").is_some();
    let mut differing = Vec::new();
    for (name, file) in broken() {
        let told = format!("{}\n", faults_of(&file));
        let expected = folder().join(format!("{name}.expected"));
        if bless {
            std::fs::write(&expected, &told).unwrap();
        }
        let wanted = std::fs::read_to_string(&expected).unwrap_or_default();
        if told != wanted {
            differing.push(format!("== {name}\n-- expected\n{wanted}-- told\n{told}"));
        }
    }
    assert!(differing.is_empty(), "{}", differing.join("\n"));
}

#[test]
fn every_expectation_has_its_file() {
    let names: BTreeSet<String> = broken().into_iter().map(|(name, _)| name).collect();
    assert!(names.len() >= 25, "only {} broken files", names.len());
    for entry in std::fs::read_dir(folder()).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_stem().unwrap().to_str().unwrap().to_owned();
        assert!(names.contains(&name), "{} belongs to nothing", path.display());
    }
}
