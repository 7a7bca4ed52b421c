//! The form that changes an item of the plan, and the one that proposes new ones. How an item stands is said in the
//! words of [`super::items`].

/// Nobody owns it.
pub const NOBODY: &str = "ingen";

/// Labels of the fields that change an item.
pub mod labels {
    #![expect(missing_docs, reason = "each is the label of what has the same name")]
    pub use crate::text::items::labels::{HEALTH, NEXT, OWNERS, PHASE};
    pub const LINE: &str = "Vad har hänt? En rad";
    pub const LINE_HINT: &str =
        "Står i punktens logg. Blir punkten röd: skriv orsaken och vilket stöd som behövs.";
    pub const OWNERS_NOW: &str = "som nu";
    pub const OWNER_NONE: &str = "Välj ägare";
    pub const EACH_OWNER: &str = "Alla som har rollen svarar var för sig";
    pub const PERIOD: &str = "Vilken period gäller värdena?";
    pub const TITLE: &str = "Vad ska punkten heta?";
    pub const MUST: &str = "Måste fyllas i.";
    pub const PROMISES: &str = "Patientlöften";
    pub const ACTIVITY: &str = "Aktivitet";
    pub const FOLLOW_UP: &str = "Uppföljning";
    pub const ANYWAY: &str = "Ser ut som ett personnummer";
    pub const ANYWAY_TICK: &str = "Spara ändå";
}

/// Several owners in a list of choices.
#[must_use]
pub fn owners_now(owners: &str) -> String {
    format!("{owners} ({})", labels::OWNERS_NOW)
}

/// What is known of a measure beside its name.
#[must_use]
pub fn measure(unit: &str, target: &str) -> Option<String> {
    let unit = Some(unit).filter(|unit| !unit.is_empty()).map(|unit| format!("Enhet: {unit}."));
    let target = Some(target).filter(|target| !target.is_empty()).map(|target| format!("Mål: {target}."));
    let said = [unit, target].into_iter().flatten().collect::<Vec<_>>().join(" ");
    Some(said).filter(|said| !said.is_empty())
}

/// A region's last value.
#[must_use]
pub fn last_value(value: &str, period: &str) -> String {
    format!("Senast {value} ({period}).")
}

/// What opens the fields of a further proposal.
#[must_use]
pub fn proposal(number: usize) -> String {
    if number == 1 { "Punkt 1".to_owned() } else { format!("Ännu en punkt ({number})") }
}
