//! What has been started: everything else is silent.

use std::collections::BTreeMap;
use std::fmt;

use jiff::Timestamp;

use crate::ids::{BodyId, WorkflowId};

/// What has left silent mode. Nothing about the time before its moment is ever sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Starts {
    /// Everything, at one moment (`plan --installed`).
    Everything(Timestamp),
    /// Each by itself; what isn't here is silent.
    Each(BTreeMap<Startable, Timestamp>),
}

impl Default for Starts {
    fn default() -> Self {
        Self::Each(BTreeMap::new())
    }
}

impl Starts {
    /// Since when all of `parts` have been started; none while one of them is silent.
    #[must_use]
    pub fn since<'a>(&self, parts: impl IntoIterator<Item = &'a Startable>) -> Option<Timestamp> {
        match self {
            Self::Everything(moment) => Some(*moment),
            Self::Each(each) => {
                let mut latest = None;
                for part in parts {
                    latest = latest.max(Some(*each.get(part)?));
                }
                latest
            }
        }
    }
}

/// What can be silent or started.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Startable {
    /// A workflow file.
    Workflow(WorkflowId),
    /// A body.
    Body(BodyId),
    /// The imported plan of a body.
    Items(BodyId),
}

impl fmt::Display for Startable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Workflow(id) => write!(f, "workflow:{id}"),
            Self::Body(id) => write!(f, "body:{id}"),
            Self::Items(id) => write!(f, "items:{id}"),
        }
    }
}

impl std::str::FromStr for Startable {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        match text.split_once(':') {
            Some(("workflow", id)) => Ok(Self::Workflow(id.into())),
            Some(("body", id)) => Ok(Self::Body(id.into())),
            Some(("items", id)) => Ok(Self::Items(id.into())),
            _ => Err(()),
        }
    }
}
