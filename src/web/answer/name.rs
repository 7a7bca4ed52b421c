//! The names of fields, as forms send them.

pub const ANSWER: &str = "svar";
pub const QUESTION: &str = "fraga";
pub const LINK: &str = "lank";
pub const FILE: &str = "fil";
pub const NO_FILE: &str = "utan-fil";
pub const DAY: &str = "dag";
pub const MARK: &str = "kryss";
pub const LIST: &str = "lista";
pub const TO: &str = "till";
pub const NEW_LINK: &str = "ny-lank";
pub const ANYWAY: &str = "anda";
// About a meeting.
pub const STARTS: &str = "borjar";
pub const ENDS: &str = "slutar";
pub const PLACE: &str = "plats";
// About an item.
pub const PHASE: &str = "fas";
pub const HEALTH: &str = "halsa";
pub const LINE: &str = "rad";
pub const NEXT: &str = "nasta";
pub const OWNER: &str = "agare";
pub const EACH_OWNER: &str = "agare-alla";
/// What the fields of values begin with.
pub const VALUE: &str = "matt-";
pub const PERIOD: &str = "matt-period";
// Of a proposal.
pub const TITLE: &str = "titel";
pub const PROMISE: &str = "lofte";
pub const ACTIVITY: &str = "aktivitet";
pub const FOLLOW_UP: &str = "uppfoljning";
pub const PROPOSED_OWNER: &str = "agare";
pub const PROPOSED_NEXT: &str = "nasta";

/// The value of a measure in a region.
pub fn value(measure: i64, region: &crate::ids::BodyId) -> String {
    format!("{VALUE}{measure}-{region}")
}

/// A part of the proposal of that number, from 0.
pub fn proposal(number: usize, part: &str) -> String {
    format!("punkt-{}-{part}", number + 1)
}

/// The text under the section of that number, from 0.
pub fn text(section: usize) -> String {
    format!("text-{}", section + 1)
}
