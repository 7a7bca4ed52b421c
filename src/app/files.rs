//! Which files are read: a folder, the shipped ones, or single files within what surrounds them.

use std::io;
use std::path::{Path, PathBuf};

use crate::calendar::QuietPeriods;
use crate::fault::{Fault, Faults};
use crate::grammar::SourceFile;
use crate::rules::Rules;
use crate::workflow;
use crate::workflow::folder::read_folder;

/// The files of `folder`, or the shipped ones.
///
/// # Errors
/// When a file can't be read.
pub fn read(folder: Option<&Path>) -> Result<Vec<SourceFile>, Faults> {
    match folder {
        None => Ok(workflow::shipped()),
        Some(folder) => read_folder(folder).map_err(|error| unreadable(folder, &error)),
    }
}

/// The rules that the files of `folder`, or the shipped ones, make.
///
/// # Errors
/// All their faults.
pub fn load(folder: Option<&Path>, quiet: QuietPeriods) -> Result<Rules, Faults> {
    Rules::load(&read(folder)?, quiet)
}

/// Checks a whole folder. Says how many files it has.
///
/// # Errors
/// All faults.
pub fn check_folder(folder: Option<&Path>) -> Result<usize, Faults> {
    let files = read(folder)?;
    let count = files.len();
    workflow::load_all(&files).map(|_| count).map_err(|faults| below(folder, faults))
}

/// Checks files and folders that were named. A folder with an organisation stands for itself; other files are
/// checked among the shipped ones, so that what they refer to is there, and take the place of a shipped file of
/// the same name.
///
/// # Errors
/// When a path can't be read; the inner result holds the faults.
pub fn check_paths(paths: &[&PathBuf]) -> io::Result<Result<usize, Faults>> {
    let mut faults = Vec::new();
    let mut checked = 0;
    let mut single: Vec<(PathBuf, SourceFile)> = Vec::new();
    for path in paths {
        if path.is_dir() {
            let files = read_folder(path)?;
            if !files.iter().any(|f| is_organisation(&f.path)) {
                single.extend(files.into_iter().map(|f| (path.join(&f.path), f)));
                continue;
            }
            checked += files.len();
            if let Err(found) = workflow::load_all(&files) {
                faults.extend(below(Some(path.as_path()), found).iter().cloned());
            }
        } else {
            let text = String::from_utf8_lossy(&std::fs::read(path)?).into_owned();
            single.push(((*path).clone(), SourceFile::new(name_within(path), text)));
        }
    }
    checked += single.len();
    faults.extend(check_single(single));
    Ok(if faults.is_empty() { Ok(checked) } else { Err(Faults::new(faults)) })
}

fn check_single(single: Vec<(PathBuf, SourceFile)>) -> Vec<Fault> {
    if single.is_empty() {
        return Vec::new();
    }
    let mut files = workflow::shipped();
    files.retain(|f| single.iter().all(|(_, s)| s.path != f.path));
    files.extend(single.iter().map(|(_, f)| f.clone()));
    let Err(found) = workflow::load_all(&files) else { return Vec::new() };
    let renamed = found.iter().map(|fault| {
        let path = single.iter().find(|(_, f)| f.path == fault.file).map(|(path, _)| path);
        let file = path.map_or_else(|| fault.file.clone(), |p| p.to_string_lossy().into_owned());
        Fault { file, ..fault.clone() }
    });
    renamed.collect()
}

/// What a file is called within its folder of workflows: the part after the last folder named `workflows`, else
/// its bare name.
fn name_within(path: &Path) -> String {
    let parts: Vec<String> = path.iter().map(|p| p.to_string_lossy().into_owned()).collect();
    let after = parts.iter().rposition(|p| p == "workflows").map(|i| &parts[i + 1..]);
    match after {
        Some(rest) if !rest.is_empty() => rest.join("/"),
        _ => parts.last().cloned().unwrap_or_default(),
    }
}

fn is_organisation(path: &str) -> bool {
    path == "organisation.toml" || path.ends_with("/organisation.toml")
}

/// The same faults, with files named as the one who called sees them.
fn below(folder: Option<&Path>, faults: Faults) -> Faults {
    let Some(folder) = folder else { return faults };
    let seen = faults.iter().map(|fault| {
        let file = folder.join(&fault.file).to_string_lossy().into_owned();
        Fault { file, ..fault.clone() }
    });
    Faults::new(seen.collect())
}

fn unreadable(path: &Path, error: &io::Error) -> Faults {
    Faults::new(vec![Fault {
        file: path.to_string_lossy().into_owned(),
        line: 1,
        column: 1,
        code: "unreadable",
        message: format!("the folder of workflows can't be read: {error}"),
        suggestion: Some("correct `workflows` in arshjul.toml or ARSHJUL_WORKFLOWS".to_owned()),
    }])
}
