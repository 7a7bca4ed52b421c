//! Identities: short ASCII slugs, never a date, never an address.
//!
//! An id is what a message's key, a feed's name and a stored fact hang on, so it must not change when a
//! title, a date or an address does. Each kind of id is its own type: a body can't be passed for a role.

use std::fmt;

use serde::{Deserialize, Serialize};

/// Turns a name into a slug: lower case, å/ä to a, ö to o, é to e, everything else to single hyphens.
///
/// ```
/// assert_eq!(arshjul::ids::slug("Processtöd"), "processtod");
/// assert_eq!(arshjul::ids::slug("Kunskapsråd Diagnostik och sinnen"), "kunskapsrad-diagnostik-och-sinnen");
/// ```
#[must_use]
pub fn slug(name: &str) -> String {
    let mut slug = String::with_capacity(name.len());
    for letter in name.chars().flat_map(char::to_lowercase) {
        let plain = match letter {
            'å' | 'ä' | 'à' | 'á' => 'a',
            'ö' | 'ø' => 'o',
            'é' | 'è' => 'e',
            'ü' => 'u',
            other => other,
        };
        if plain.is_ascii_alphanumeric() {
            slug.push(plain);
        } else if !slug.is_empty() && !slug.ends_with('-') {
            slug.push('-');
        }
    }
    slug.truncate(slug.trim_end_matches('-').len());
    slug
}

/// Whether `text` is a slug: starts with a lower-case letter or a digit, and has only those and single hyphens.
#[must_use]
pub fn is_slug(text: &str) -> bool {
    !text.is_empty()
        && !text.starts_with('-')
        && !text.ends_with('-')
        && !text.contains("--")
        && text.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-')
}

macro_rules! id {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(String);

        impl $name {
            /// Takes the text as it is: who reads a file checks it with [`is_slug`] and can say where it stood.
            pub fn new(text: impl Into<String>) -> Self {
                Self(text.into())
            }

            /// The id as text.
            #[must_use]
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.pad(&self.0)
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, "{:?}", self.0)
            }
        }

        impl From<&str> for $name {
            fn from(text: &str) -> Self {
                Self(text.to_owned())
            }
        }
    };
}

id! {
    /// A body: `rsl`, `rpo-medicinsk-diagnostik`.
    BodyId
}
id! {
    /// A kind of body: `rsl`, `kunskapsrad`, `rpo`, `rag`.
    KindId
}
id! {
    /// A role within a body, as a slug: `processtod`, `ordforande`.
    RoleId
}
id! {
    /// A person or a function mailbox, never its address: an address may change, what was sent may not.
    PersonId
}
id! {
    /// A workflow: its path below `workflows/` without the ending, `nationell/remisser`.
    WorkflowId
}
id! {
    /// A meeting, period or deadline within a workflow: `sommar`.
    EntryId
}
id! {
    /// A step or a watch within a workflow: `inhamta`.
    StepId
}
id! {
    /// An answer to an ask: `inga`.
    AnswerId
}
id! {
    /// Something that can be ticked beside an answer: `oense`.
    MarkId
}
id! {
    /// A feed's name: `rsl`, `remisser`.
    FeedName
}
id! {
    /// An item of a plan.
    ItemId
}

/// One occasion: an entry in one year, or one of several. It holds no date, since a move must not change it.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct OccasionId {
    /// Which meeting, period or deadline.
    pub entry: EntryId,
    /// The year it starts in by rule or list (a period over New Year belongs to the year it opens).
    pub year: i16,
    /// Which one of the year, from 1, where each is entered by hand; none where there is one a year.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub number: Option<u16>,
}

impl fmt::Display for OccasionId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}", self.entry, self.year)?;
        self.number.map_or(Ok(()), |number| write!(f, ".{number}"))
    }
}

impl fmt::Debug for OccasionId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl std::str::FromStr for OccasionId {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        let mut parts = text.split('.');
        let (entry, year) = (parts.next().ok_or(())?, parts.next().ok_or(())?);
        let number = parts.next().map(|n| n.parse().map_err(|_| ())).transpose()?;
        if entry.is_empty() || number == Some(0) || parts.next().is_some() {
            return Err(());
        }
        Ok(Self { entry: EntryId::from(entry), year: year.parse().map_err(|_| ())?, number })
    }
}

/// Where an occasion lives: it exists once for its workflow, or once for each body the workflow runs for.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct OccasionRef {
    /// The workflow whose file has the entry.
    pub workflow: WorkflowId,
    /// The body it belongs to; none for what is national or joint.
    pub body: Option<BodyId>,
    /// Entry and year.
    pub id: OccasionId,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slugs_are_plain_ascii() {
        assert_eq!(slug("RAG Laboratoriemedicin IT"), "rag-laboratoriemedicin-it");
        assert_eq!(slug(" Öron-, näsa-  och halssjukdomar "), "oron-nasa-och-halssjukdomar");
        assert_eq!(slug("RSL:s stab"), "rsl-s-stab");
        assert!(is_slug("rsl") && !is_slug("RSL") && !is_slug("a--b") && !is_slug("-a") && !is_slug(""));
    }

    #[test]
    fn an_occasion_id_reads_back() {
        let id: OccasionId = "vinter.2025".parse().unwrap();
        assert_eq!((id.entry.as_str(), id.year), ("vinter", 2025));
        assert_eq!(id.to_string(), "vinter.2025");
        assert_eq!("remiss.2025.3".parse::<OccasionId>().unwrap().number, Some(3));
        for wrong in ["vinter", "vinter.x", "remiss.2025.0", "remiss.2025.1.2", ".2025"] {
            assert!(wrong.parse::<OccasionId>().is_err(), "{wrong}");
        }
    }
}
