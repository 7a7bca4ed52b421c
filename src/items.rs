//! The items of a handlingsplan, as far as they are followed up: a title, its parts, and for each part
//! phase, health and owner.
//!
//! Phase and health are orthogonal. The phase says how far the work has come; the health how it goes.
//! An item that isn't divided has one part without a name, so that everything asked is asked of a part.

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
                Self::ALL.iter().copied().find(|v| v.code() == text || v.swedish().to_lowercase() == text)
            }
        }
    };
}

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
    /// The owner; none is a state of its own that asks "vem äger?".
    pub owner: Option<Owner>,
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
}

/// Who answers for a part.
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
