//! Workflow files: read, checked, and turned into [`Workflows`].
//!
//! A file is parsed and compared with its grammar ([`crate::grammar`]), read into a draft that keeps the place
//! of every value, checked together with all the others, and built into the [`model`] when nothing is wrong with
//! any of them. All faults of all files come at once.

mod build;
mod check;
mod draft;
pub mod folder;
mod forms;
pub mod model;
mod names;
mod shape;
mod shipped;
pub mod window;

use std::collections::BTreeMap;

pub use model::Workflows;
pub use shape::SHAPE;
pub use shipped::shipped;

pub use crate::grammar::SourceFile;

use crate::fault::{Fault, Faults};
use crate::grammar::Document;
use crate::ids::{WorkflowId, is_slug, slug};
use crate::organisation::{Organisation, file as organisation_file};
use check::World;
use draft::Draft;

/// Reads the workflow files among `files`; organisation files are passed over.
///
/// # Errors
/// Every fault of every workflow file. Then no workflow is returned, not even from files without a fault: a file
/// may point to another one, and half of a new set is nothing that anybody has written.
pub fn load(files: &[SourceFile], organisation: &Organisation) -> Result<Workflows, Faults> {
    let mut faults = Vec::new();
    let workflows = read(files, organisation, &mut faults);
    Faults::unless_none(faults, workflows)
}

/// Reads organisation and workflow files.
///
/// # Errors
/// Every fault of every file.
pub fn load_all(files: &[SourceFile]) -> Result<(Organisation, Workflows), Faults> {
    let mut faults = Vec::new();
    let organisation = organisation_file::read(files, &mut faults);
    let workflows = read(files, &organisation, &mut faults);
    Faults::unless_none(faults, (organisation, workflows))
}

/// The JSON Schema of workflow files, for editors.
#[must_use]
pub fn schema() -> serde_json::Value {
    crate::grammar::schema("arshjul workflow", &SHAPE)
}

fn read(files: &[SourceFile], organisation: &Organisation, faults: &mut Vec<Fault>) -> Workflows {
    let files = files.iter().filter(|file| !organisation_file::is_organisation(&file.path));
    let documents: Vec<Document<'_>> = files.map(|file| Document::read(file, &SHAPE)).collect();
    let before = faults.len();
    let mut drafts: BTreeMap<WorkflowId, Draft<'_>> = BTreeMap::new();
    for document in &documents {
        faults.extend(document.faults().iter().cloned());
        let Some(id) = workflow_id(document, faults) else { continue };
        if drafts.insert(id.clone(), Draft::read(id, document)).is_some() {
            faults.push(document.source().fault(0, "duplicate-id", "there are two files with this path"));
        }
    }
    faults
        .extend(check::check(&World { organisation, drafts: drafts.values().map(|d| (&d.id, d)).collect() }));
    let mut workflows = Workflows::default();
    if faults.len() > before {
        return workflows;
    }
    for (id, draft) in &drafts {
        match build::workflow(organisation, draft) {
            Some(workflow) => drop(workflows.0.insert(id.clone(), workflow)),
            None => faults.push(draft.fault(0, "not-understood", "the file can't be understood")),
        }
    }
    workflows
}

/// The id that a file's path makes.
fn workflow_id(document: &Document<'_>, faults: &mut Vec<Fault>) -> Option<WorkflowId> {
    let path = document.source().path();
    let id = path.strip_suffix(".toml").unwrap_or(path);
    if id.split('/').all(is_slug) {
        return Some(WorkflowId::from(id));
    }
    let better: Vec<String> = id.split('/').map(slug).collect();
    let message = "the file's name has other signs than a-z, digits and hyphens";
    let fault = document.source().fault(0, "bad-file-name", message);
    faults.push(fault.suggest(format!("call it `{}.toml`", better.join("/"))));
    None
}
