//! Reading a folder of workflow files from disk. The only IO of this module; what is read is a value.

use std::io;
use std::path::Path;

use super::SourceFile;

/// Every `.toml` file in a folder and the folders below it, sorted by path. What starts with a dot is passed
/// over: editors and version control keep their own files so.
///
/// Bytes that aren't UTF-8 become U+FFFD in the text, which the loader refuses with line and column: one such
/// file is a fault among others, and not an error for the whole folder.
///
/// # Errors
/// A folder or file that can't be read, with its path.
pub fn read_folder(folder: &Path) -> io::Result<Vec<SourceFile>> {
    let mut files = Vec::new();
    read_into(folder, "", &mut files)?;
    files.sort_by(|a, b| a.path.cmp(&b.path));
    Ok(files)
}

fn read_into(folder: &Path, prefix: &str, files: &mut Vec<SourceFile>) -> io::Result<()> {
    let named =
        |path: &Path, error: io::Error| io::Error::new(error.kind(), format!("{}: {error}", path.display()));
    for entry in std::fs::read_dir(folder).map_err(|error| named(folder, error))? {
        let entry = entry?;
        let name = entry.file_name().to_string_lossy().into_owned();
        let path = entry.path();
        if name.starts_with('.') {
            continue;
        }
        // Follows links: a folder of workflows may be mounted as one.
        let kind = std::fs::metadata(&path).map_err(|error| named(&path, error))?;
        if kind.is_dir() {
            read_into(&path, &format!("{prefix}{name}/"), files)?;
        } else if name.ends_with(".toml") {
            let bytes = std::fs::read(&path).map_err(|error| named(&path, error))?;
            let text = String::from_utf8_lossy(&bytes).into_owned();
            files.push(SourceFile { path: format!("{prefix}{name}"), text });
        }
    }
    Ok(())
}
