//! Who a row names: those who answer for it, and the body that it is to be given to.

use super::lines::{begins_anew, fold, sentences};
use crate::ids::BodyId;
use crate::import::items::{OwnerRow, OwnersRow};
use crate::organisation::{Body, Organisation};

/// What stands before somebody who answers for something.
const OWNER: &[&str] = &[
    "ansvarig:",
    "ansvariga:",
    "ansvar:",
    "ägare:",
    "projektledare:",
    "kontaktperson:",
    "pl:",
    "pl ",
    "projektledare ",
    "drivs av ",
    "leds av ",
    "ansvarig är ",
    "sammanhållande:",
    "sammankallande:",
];

/// Those whom a text names as answering for it.
pub(super) fn owners(text: &str) -> Vec<String> {
    let low = fold(text);
    let mut found: Vec<String> = Vec::new();
    for opener in OWNER {
        for (at, _) in low.match_indices(opener) {
            let free = low.get(..at).is_none_or(|before| !before.ends_with(char::is_alphanumeric));
            let rest = low_free(text, at + opener.len()).filter(|_| free);
            let Some(rest) = rest else { continue };
            let end = rest.find(['.', ',', ';', ')', '(', '\n']).unwrap_or(rest.len());
            let name = name(rest.get(..end).unwrap_or_default(), opener.ends_with(':'));
            if let Some(name) = name.filter(|name| found.len() < 50 && !found.contains(name)) {
                found.push(name);
            }
        }
    }
    found
}

fn low_free(text: &str, at: usize) -> Option<&str> {
    let rest = text.get(at..)?.trim_start();
    let end = rest.char_indices().nth(100).map_or(rest.len(), |(at, _)| at);
    rest.get(..end)
}

/// What stands where somebody's name will stand.
pub(super) fn is_vacant(name: &str) -> bool {
    let bare = name.trim_matches(|c: char| !c.is_alphanumeric());
    matches!(
        fold(bare).as_str(),
        "" | "xx" | "xxx" | "nn" | "vakant" | "vakans" | "utses" | "ej utsedd" | "saknas"
    )
}

/// A name: what stands after a colon, or the words before the sentence goes on.
fn name(text: &str, all: bool) -> Option<String> {
    let words: Vec<&str> = text.split_whitespace().collect();
    let stop = |word: &&str| {
        ["och", "som", "inom", "samt", "i", "för", "med", "utformar", "under", "tillsammans"].contains(word)
    };
    let most = if all { 8 } else { 4 };
    let taken: Vec<&str> = words.into_iter().take_while(|w| all || !stop(w)).take(most).collect();
    let name = taken.join(" ");
    let is =
        !name.is_empty() && name.chars().count() <= 80 && (all || begins_anew(&name) || name.ends_with("na"));
    is.then_some(name)
}

/// An owner whom the organisation knows for certain: a role of a body.
pub(super) fn certain(name: &str, organisation: &Organisation) -> Option<OwnerRow> {
    let name = name.trim();
    let known = |path: &str| organisation.find_role(path).map(|(body, role)| OwnerRow::Role(body, role));
    if let Some(owner) = known(name) {
        return Some(owner);
    }
    if name.contains('@') && !name.contains(char::is_whitespace) {
        return Some(OwnerRow::Address(name.to_owned()));
    }
    // "Ordföranden i RAG Patologi", "processtöd RPO MD"
    let (role, body) = name.split_once(' ')?;
    let body = ["i ", "för ", "inom "].iter().find_map(|of| body.strip_prefix(of)).unwrap_or(body);
    let role = fold(role);
    let role = role.strip_suffix("nden").map_or(role.clone(), |stem| format!("{stem}nde"));
    known(&format!("{body}/{role}"))
}

/// All of `names`, if every one of them is certain.
pub(super) fn all_certain(names: &[String], organisation: &Organisation) -> OwnersRow {
    let found: Option<Vec<OwnerRow>> = names.iter().map(|name| certain(name, organisation)).collect();
    OwnersRow { list: found.unwrap_or_default(), all: false }
}

/// To whom a sentence says that a matter is to be given.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Given {
    To(BodyId),
    /// What makes it uncertain.
    Perhaps(String),
}

const GIVE: &[&str] = &[
    "uppdra till ",
    "uppdras till ",
    "uppdrag ges till ",
    "uppdrag till ",
    "ge uppdrag till ",
    "tilldelas ",
];
const MAYBE_GIVE: &[&str] = &[
    "uppdra ev. till ",
    "uppdra ev till ",
    "uppdra eventuellt till ",
    "ev. uppdra till ",
    "ev uppdra till ",
];

/// Reads who shall be given something. Only an order that stands first in its sentence, and names one body, counts.
pub(super) fn given(text: &str, organisation: &Organisation) -> Vec<Given> {
    let mut found = Vec::new();
    for sentence in sentences(text) {
        let low = fold(sentence);
        if let Some(opener) = MAYBE_GIVE.iter().find(|o| low.contains(*o)) {
            let to = low.find(opener).and_then(|at| sentence.get(at + opener.len()..)).unwrap_or_default();
            found.push(Given::Perhaps(format!("it may be given to {}: decide, and say so", short(to))));
            continue;
        }
        let Some(opener) = GIVE.iter().find(|o| low.starts_with(*o)) else { continue };
        let to = sentence.get(opener.len()..).unwrap_or_default();
        found.push(match longest(to, organisation) {
            Some((body, rest)) if !sentence.ends_with('?') && !rest.starts_with("och ") => {
                Given::To(body.id.clone())
            }
            Some(_) => Given::Perhaps(format!("it is perhaps to be given to {}", short(to))),
            None => Given::Perhaps(format!(
                "it is to be given to {}, which names no body that is known",
                short(to)
            )),
        });
    }
    found
}

/// The body that a text begins with, by the longest of its names that fits.
fn longest<'o, 't>(text: &'t str, organisation: &'o Organisation) -> Option<(&'o Body, &'t str)> {
    let ends: Vec<usize> = text.match_indices(' ').map(|(at, _)| at).chain([text.len()]).take(6).collect();
    ends.into_iter().rev().find_map(|end| {
        let (name, rest) = text.split_at_checked(end)?;
        let body = organisation.find(name.trim_end_matches(['.', ',', ':', ';', '!']))?;
        Some((body, rest.trim_start()))
    })
}

fn short(text: &str) -> String {
    let words: Vec<&str> = text.split_whitespace().take_while(|word| *word != "att").take(4).collect();
    format!("`{}`", words.join(" ").trim_end_matches(['.', ',', ';', ':']))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::workflow;

    #[test]
    fn only_what_is_certain_is_given_or_owned() {
        let (organisation, _) = workflow::load_all(&workflow::shipped()).unwrap();
        let to = |text: &str| given(text, &organisation);
        assert_eq!(to("EJ. Uppdra till RAG Klinisk kemi."), [Given::To("rag-klinisk-kemi".into())]);
        for text in [
            "Uppdra ev. till RAG Molekylärdiagnostik",
            "Uppdra till enhetschefen i Kalmar",
            "Uppdra till RAG Patologi och RAG IT",
        ] {
            assert!(matches!(to(text).as_slice(), [Given::Perhaps(_)]), "{text}");
        }
        assert!(to("Uppdraget gavs till RAG Patologi").is_empty());
        let role = |name: &str| certain(name, &organisation).is_some();
        assert!(
            role("RAG Patologi/ordförande") && role("ordföranden i RAG Patologi") && role("anna@example.org")
        );
        assert!(!role("RAG Patologi") && !role("labcheferna") && !role("Anna Andersson"));
    }

    #[test]
    fn whoever_answers_is_named() {
        assert_eq!(owners("Ansvarig: RAG Patologi/ordförande"), ["RAG Patologi/ordförande"]);
        assert_eq!(owners("Projektet (PL Bo Ek, RÖ) samordnar."), ["Bo Ek"]);
        assert_eq!(owners("Projektet drivs av labcheferna inom RPO"), ["labcheferna"]);
        assert!(owners("Planen är klar").is_empty());
    }
}
