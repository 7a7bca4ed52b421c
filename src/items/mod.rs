//! The register behind a handlingsplan: its items, and what is known of each.
//!
//! [`Item`] is one followed-up unit: a row of the plan, or one named part of a row. Phase, health, owners and next
//! date live there, so that only the part that stands still is asked about. Phase and health are orthogonal: the
//! phase says how far the work has come, the health how it goes. A row that isn't divided has one part without a
//! name, so that everything asked is asked of a part.
//!
//! What belongs to the row as a whole is in [`register`]: the card that people read, and what its follow-up depends
//! on (the dated log, deadlines, waits). An item keeps its id when it is renamed and from one year's plan to the
//! next: the id is its lineage.

use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::ids::{BodyId, ItemId, PersonId, RoleId};

macro_rules! vocabulary {
    ($(#[$doc:meta])* $name:ident { $($(#[$variant_doc:meta])* $variant:ident = $code:literal, $swedish:literal;)+ }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        pub enum $name {
            $($(#[$variant_doc])* #[serde(rename = $code)] $variant,)+
        }

        impl $name {
            /// All values, in their natural order.
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];

            /// The code in files, rows and JSON.
            #[must_use]
            pub fn code(self) -> &'static str {
                match self { $(Self::$variant => $code),+ }
            }

            /// The word that people read.
            #[must_use]
            pub fn swedish(self) -> &'static str {
                match self { $(Self::$variant => $swedish),+ }
            }

            /// Reads a code or the Swedish word, without regard to case.
            #[must_use]
            pub fn read(text: &str) -> Option<Self> {
                let text = text.trim().to_lowercase();
                Self::ALL.iter().copied().find(|v| v.code().to_lowercase() == text || v.swedish().to_lowercase() == text)
            }
        }
    };
}

pub mod fresh;
pub mod lineage;
pub mod measures;
pub mod promises;
pub mod register;
pub mod table;
pub mod threeway;
pub mod versions;
pub mod words;
pub mod written;

vocabulary! {
    /// How far the work has come.
    Phase {
        /// Nothing has been done.
        NotStarted = "ej_paborjad", "Ej påbörjad";
        /// A proposal that nobody has decided on.
        Undecided = "ej_beslutad", "Ej beslutad";
        /// On hold.
        Dormant = "vilande", "Vilande";
        /// Work is going on.
        Ongoing = "pagar", "Pågår";
        /// Waits for something.
        Waiting = "avvaktar", "Avvaktar";
        /// Finished.
        Done = "avslutad", "Avslutad";
        /// Not stated.
        Unknown = "okand", "Okänd";
    }
}

vocabulary! {
    /// How it goes, as last reported.
    Health {
        /// According to plan.
        Green = "gron", "Grön";
        /// Minor problems.
        Yellow = "gul", "Gul";
        /// Serious problems.
        Red = "rod", "Röd";
        /// Not stated: a colour is never guessed.
        Unknown = "okand", "Okänd";
    }
}

/// One followed-up unit: a whole item, or one named part of an item.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Item {
    /// The item; parts of one item share it.
    pub id: ItemId,
    /// The body whose plan it stands in.
    pub body: BodyId,
    /// Its title.
    pub title: String,
    /// The part's name ("Lab"); none for an item that isn't divided.
    pub part: Option<String>,
    /// How far it has come.
    pub phase: Phase,
    /// How it goes.
    pub health: Health,
    /// Who answers for it; nobody is a state of its own that asks "vem äger?".
    pub owners: Owners,
    /// When something is to happen next, as its owner says.
    pub next: Option<Date>,
    /// The day it got its phase, as reported.
    pub phase_since: Option<Date>,
    /// The day it got its health, as reported.
    pub health_since: Option<Date>,
    /// No question about it before this day: what "planerad start" or "ta upp igen" stores.
    pub quiet_until: Option<Date>,
    /// When the register learnt the phase. What was true before that is never nagged about.
    pub phase_recorded: Timestamp,
    /// When the register learnt the health.
    pub health_recorded: Timestamp,
    /// When the register learnt who owns it, or that nobody does.
    #[serde(default)]
    pub owners_recorded: Timestamp,
    /// When the register learnt its next date, or that it has none.
    #[serde(default)]
    pub next_recorded: Timestamp,
    /// Who gave it its health and said why; none where it came otherwise, or without a reason.
    pub health_explained_by: Option<PersonId>,
}

/// Who answers for a part: one or several, and whether each of them must.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Owners {
    /// In the order they were named; empty where nobody owns it.
    pub list: Vec<Owner>,
    /// Whether each of them answers ("alla"); else the first answer settles it and the others are told ("någon").
    #[serde(default)]
    pub all: bool,
}

impl Owners {
    /// One owner.
    #[must_use]
    pub fn one(owner: Owner) -> Self {
        Self { list: vec![owner], all: false }
    }

    /// Whether nobody owns it.
    #[must_use]
    pub fn is_none(&self) -> bool {
        self.list.is_empty()
    }
}

/// One who answers for a part.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Owner {
    /// Whoever holds a role.
    Role {
        /// The body.
        body: BodyId,
        /// The role in it.
        role: RoleId,
    },
    /// A named person, where the plan names one.
    Person(PersonId),
}

impl Item {
    /// An undivided item of which nothing is known but that it exists since `recorded`.
    #[must_use]
    pub fn new(body: BodyId, id: ItemId, title: &str, recorded: Timestamp) -> Self {
        Self {
            id,
            body,
            title: title.to_owned(),
            part: None,
            phase: Phase::Unknown,
            health: Health::Unknown,
            owners: Owners::default(),
            next: None,
            phase_since: None,
            health_since: None,
            quiet_until: None,
            phase_recorded: recorded,
            health_recorded: recorded,
            owners_recorded: recorded,
            next_recorded: recorded,
            health_explained_by: None,
        }
    }

    /// Item and part as one identity within an installation: `l5` or `l12~molekylar`.
    #[must_use]
    pub fn unit(&self) -> String {
        match &self.part {
            None => self.id.to_string(),
            Some(part) => format!("{}~{}", self.id, crate::ids::slug(part)),
        }
    }

    /// What people read: "Ökad användning av AI (Lab)".
    #[must_use]
    pub fn display_title(&self) -> String {
        match &self.part {
            None => self.title.clone(),
            Some(part) => format!("{} ({part})", self.title),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_and_codes_are_read_alike() {
        assert_eq!(Phase::read(" EJ PÅBÖRJAD "), Some(Phase::NotStarted));
        assert_eq!(Phase::read("ej_paborjad"), Some(Phase::NotStarted));
        assert_eq!(Health::read("röd"), Some(Health::Red));
        assert_eq!(Health::read("lila"), None);
    }
}
