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

/// Files that are judged together, and what whoever named them calls each.
#[derive(Debug)]
pub struct Set {
    /// All of them, with what surrounds them.
    pub files: Vec<SourceFile>,
    named: Named,
}

#[derive(Debug)]
enum Named {
    /// The shipped ones.
    Shipped,
    /// All of a folder.
    Folder(PathBuf),
    /// These, among the shipped ones.
    Single(Vec<(PathBuf, String)>),
}

impl Set {
    /// The files of `folder`, or the shipped ones.
    ///
    /// # Errors
    /// When a file can't be read.
    pub fn configured(folder: Option<&Path>) -> Result<Self, Faults> {
        let named = folder.map_or(Named::Shipped, |folder| Named::Folder(folder.to_owned()));
        Ok(Self { files: read(folder)?, named })
    }

    /// How many files were named.
    #[must_use]
    pub fn count(&self) -> usize {
        match &self.named {
            Named::Shipped | Named::Folder(_) => self.files.len(),
            Named::Single(single) => single.len(),
        }
    }

    /// What whoever called calls the file `path` of the set; none for one that only surrounds those named.
    #[must_use]
    pub fn seen(&self, path: &str) -> Option<String> {
        match &self.named {
            Named::Shipped => Some(path.to_owned()),
            Named::Folder(folder) => Some(folder.join(path).to_string_lossy().into_owned()),
            Named::Single(single) => {
                let named = single.iter().find(|(_, name)| name == path);
                named.map(|(path, _)| path.to_string_lossy().into_owned())
            }
        }
    }

    /// The same faults, with files named as whoever called sees them.
    pub fn as_seen(&self, faults: &Faults) -> Vec<Fault> {
        let seen = |fault: &Fault| {
            let file = self.seen(&fault.file).unwrap_or_else(|| fault.file.clone());
            Fault { file, ..fault.clone() }
        };
        faults.iter().map(seen).collect()
    }
}

/// Sorts files and folders that were named. A folder with an organisation stands for itself; other files are judged
/// among the shipped ones, so that what they refer to is there, and take the place of a shipped file of the same
/// name.
///
/// # Errors
/// When a path can't be read.
pub fn sets(paths: &[&PathBuf]) -> io::Result<Vec<Set>> {
    let mut sets = Vec::new();
    let mut single: Vec<(PathBuf, SourceFile)> = Vec::new();
    for path in paths {
        if path.is_dir() {
            let files = read_folder(path)?;
            if files.iter().any(|f| is_organisation(&f.path)) {
                sets.push(Set { files, named: Named::Folder((*path).clone()) });
            } else {
                single.extend(files.into_iter().map(|f| (path.join(&f.path), f)));
            }
        } else {
            let text = String::from_utf8_lossy(&std::fs::read(path)?).into_owned();
            single.push(((*path).clone(), SourceFile::new(name_within(path), text)));
        }
    }
    if !single.is_empty() {
        let mut files = workflow::shipped();
        files.retain(|f| single.iter().all(|(_, s)| s.path != f.path));
        files.extend(single.iter().map(|(_, f)| f.clone()));
        let named = single.into_iter().map(|(path, file)| (path, file.path)).collect();
        sets.push(Set { files, named: Named::Single(named) });
    }
    Ok(sets)
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
