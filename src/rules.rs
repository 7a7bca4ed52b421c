//! What is in force: the organisation and the workflows of one reading of the files.
//!
//! A set of files is taken whole or not at all. [`InForce`] keeps the last good one: a file with a fault
//! changes nothing but what `faults` says.

use std::sync::{Arc, PoisonError, RwLock};

use sha2::{Digest, Sha256};

use crate::calendar::QuietPeriods;
use crate::fault::Faults;
use crate::grammar::SourceFile;
use crate::organisation::Organisation;
use crate::plan::digest::hex;
use crate::plan::model::{Facts, World};
use crate::workflow::{self, Workflows};

/// Organisation, workflows and quiet periods that belong together.
#[derive(Clone, Debug, Default)]
pub struct Rules {
    /// Bodies and roles.
    pub organisation: Organisation,
    /// The workflows.
    pub workflows: Workflows,
    /// When nothing is sent.
    pub quiet: QuietPeriods,
    /// SHA-256 of the files they came from, in hexadecimal.
    pub digest: String,
}

impl Rules {
    /// Reads a set of files.
    ///
    /// # Errors
    /// Every fault of every file; nothing of the set is then usable.
    pub fn load(files: &[SourceFile], quiet: QuietPeriods) -> Result<Self, Faults> {
        let (organisation, workflows) = workflow::load_all(files)?;
        Ok(Self { organisation, workflows, quiet, digest: digest_of(files) })
    }

    /// The world as these rules and `facts` make it.
    #[must_use]
    pub fn world<'a>(&'a self, facts: &'a Facts) -> World<'a> {
        World { organisation: &self.organisation, workflows: &self.workflows, quiet: &self.quiet, facts }
    }
}

/// SHA-256 of names and texts, in hexadecimal: equal for equal files only.
#[must_use]
pub fn digest_of(files: &[SourceFile]) -> String {
    let mut hash = Sha256::new();
    for file in files {
        hash.update((file.path.len() as u64).to_be_bytes());
        hash.update(&file.path);
        hash.update((file.text.len() as u64).to_be_bytes());
        hash.update(&file.text);
    }
    hex(&hash.finalize())
}

/// The rules in force, for all who read them, with the faults of the newest files if those were refused.
#[derive(Debug)]
pub struct InForce(RwLock<(Arc<Rules>, Arc<Faults>)>);

impl InForce {
    /// Begins with `rules`.
    #[must_use]
    pub fn new(rules: Rules) -> Self {
        Self(RwLock::new((Arc::new(rules), Arc::default())))
    }

    /// The rules in force.
    #[must_use]
    pub fn rules(&self) -> Arc<Rules> {
        self.0.read().unwrap_or_else(PoisonError::into_inner).0.clone()
    }

    /// What is wrong with the newest files; empty if they are the ones in force.
    #[must_use]
    pub fn faults(&self) -> Arc<Faults> {
        self.0.read().unwrap_or_else(PoisonError::into_inner).1.clone()
    }

    /// Takes over a new reading: good rules replace the old ones, faults leave them in force and are kept to be
    /// shown. True if the rules changed.
    pub fn take(&self, reading: Result<Rules, Faults>) -> bool {
        let mut held = self.0.write().unwrap_or_else(PoisonError::into_inner);
        match reading {
            Ok(rules) => {
                let changed = held.0.digest != rules.digest;
                *held = (Arc::new(rules), Arc::default());
                changed
            }
            Err(faults) => {
                held.1 = Arc::new(faults);
                false
            }
        }
    }
}
