//! What is said about who holds a role, who stands in, and who decides.

/// Why somebody gets what is meant for a role that nobody holds.
#[must_use]
pub fn why_vacant(role: &str, body: &str) -> String {
    format!("Rollen {role} i {body} är vakant. Därför kommer frågan till dig.")
}

/// One who has not answered for a vacant role, in a list.
#[must_use]
pub fn silent_stand_in(role: &str, body: &str, name: &str) -> String {
    format!("{body}, {role}: vakant, frågan gick till {name}")
}
