//! The workflow files that come with the program.

use super::SourceFile;

macro_rules! files {
    ($($path:literal),* $(,)?) => {
        &[$(($path, include_str!(concat!("../../workflows/", $path)))),*]
    };
}

/// Path and content of every file in `workflows/`; a test compares the list with the folder.
const FILES: &[(&str, &str)] = files!(
    "nationell/organisation.toml",
    "nationell/remisser.toml",
    "nationell/synpunktsinhamtningar.toml",
    "sydostra/kunskapsrad.toml",
    "sydostra/organisation.toml",
    "sydostra/punkter.toml",
    "sydostra/remisser.toml",
    "sydostra/rsl.toml",
);

/// The files of `workflows/` as they were when the program was built.
#[must_use]
pub fn shipped() -> Vec<SourceFile> {
    FILES.iter().map(|(path, text)| SourceFile::new(*path, *text)).collect()
}
