//! What stands around a date, sorted into title, place and remarks.

use crate::import::meetings::similar::{DIGITAL, words};

/// A line's text without its dates, sorted.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Pieces {
    pub title: Option<String>,
    pub place: Option<String>,
    pub notes: Vec<String>,
    /// A sole word that could be title or place.
    pub unsure: Option<String>,
}

/// Words of places, wherever they stand in a word.
const PLACES: &[&str] = &[
    "salen",
    "salong",
    "rummet",
    "hotell",
    "centrum",
    "sjukhus",
    "lasarett",
    "huset",
    "kommun",
    "gatan",
    "vägen",
    "torget",
    "slott",
    "herrgård",
    "campus",
    "aula",
    "auditorium",
    "lokal",
    "kansliet",
    "hörsal",
];
/// Whole words of places.
const PLACE_WORDS: &[&str] = &["sal", "rum", "län", "våning"];
/// What meetings are called, wherever it stands in a word.
const TITLES: &[&str] = &[
    "möte",
    "forum",
    "dagar",
    "dagen",
    "seminari",
    "konferens",
    "remiss",
    "nämnd",
    "grupp",
    "utbildning",
    "workshop",
    "internat",
    "utskott",
    "sammanträd",
    "presidi",
    "dialog",
    "avstämning",
    "uppstart",
    "upptakt",
    "status",
    "webbinari",
    "plan",
    "rapport",
    "introduktion",
    "beredning",
    "kunskapsråd",
    "synpunkt",
    "extra",
    "besök",
    "genomgång",
    "planering",
    "träff",
];

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Title,
    /// Capitals only: the short name of a body, or of a house.
    Acronym,
    Place,
    /// A capital and nothing more to tell by.
    Either,
}

fn kind(segment: &str) -> Kind {
    let words = words(segment);
    let any = |list: &[&str]| words.iter().any(|w| list.iter().any(|part| w.contains(part)));
    let first = segment.split_whitespace().next().unwrap_or_default();
    let first = first.trim_matches(|c: char| !c.is_alphanumeric());
    let place = any(PLACES) || words.iter().any(|w| PLACE_WORDS.contains(&w.as_str()));
    let digital = words.len() <= 4 && words.iter().any(|w| DIGITAL.contains(&w.as_str()));
    if digital || place || words.first().is_some_and(|w| w == "region") {
        Kind::Place
    } else if any(TITLES) {
        Kind::Title
    } else if first.chars().count() > 1 && first.chars().all(char::is_uppercase) {
        Kind::Acronym
    } else if first.starts_with(char::is_uppercase) {
        Kind::Either
    } else {
        Kind::Title
    }
}

/// Text without what stands in brackets, and what stood there. A bracket that isn't closed is text.
pub(super) fn brackets(text: &str) -> (String, Vec<String>) {
    let (mut outside, mut inside) = (String::new(), Vec::new());
    let mut rest = text;
    while let Some(open) = rest.find('(') {
        let Some(close) = rest[open..].find(')') else { break };
        outside.push_str(&rest[..open]);
        outside.push(' ');
        let within = tidy(&rest[open + 1..open + close]);
        if !within.is_empty() {
            inside.push(within);
        }
        rest = &rest[open + close + 1..];
    }
    outside.push_str(rest);
    (outside, inside)
}

/// One space between words, and no separators at the ends.
pub(super) fn tidy(text: &str) -> String {
    let joined = text.split_whitespace().collect::<Vec<_>>().join(" ");
    joined.trim_matches([' ', ',', ';', ':', '-', '–', '—', '|', '.', '•']).to_owned()
}

/// What parts a line: the place where a date was cut out, commas, semicolons, tabs, bars, dashes with spaces.
pub(super) const CUT: char = '\u{1f}';

/// Sorts the text of a line, in which dates are replaced by [`CUT`]. `has_title`: a heading or the body has a name
/// for it already, so that a sole proper name is a place.
pub(super) fn sort(text: &str, has_title: bool) -> Pieces {
    let (outside, inside) = brackets(text);
    let outside = outside.replace(" – ", ",").replace(" - ", ",").replace(" — ", ",");
    let segments: Vec<String> =
        outside.split([CUT, ',', ';', '\t', '|']).map(tidy).filter(|s| !s.is_empty()).collect();
    let kinds: Vec<Kind> = segments.iter().map(|s| kind(s)).collect();
    let titled = has_title || kinds.iter().any(|k| matches!(k, Kind::Title | Kind::Acronym));
    let mut pieces = Pieces::default();
    let mut places: Vec<String> = Vec::new();
    for (segment, kind) in segments.into_iter().zip(kinds) {
        match kind {
            Kind::Title | Kind::Acronym if pieces.title.is_none() => pieces.title = Some(segment),
            Kind::Title => pieces.notes.push(segment),
            Kind::Either if !titled && pieces.title.is_none() => {
                pieces.unsure = Some(segment.clone());
                pieces.title = Some(segment);
            }
            Kind::Place | Kind::Either | Kind::Acronym => places.push(segment),
        }
    }
    for within in inside {
        let place = match kind(&within) {
            Kind::Place => true,
            Kind::Either => places.is_empty() && !within.contains('+'),
            Kind::Title | Kind::Acronym => false,
        };
        if place { places.push(within) } else { pieces.notes.push(within) }
    }
    pieces.place = (!places.is_empty()).then(|| places.join(", "));
    pieces
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn sorted(text: &str, has_title: bool) -> (Option<String>, Option<String>, String) {
        let pieces = sort(text, has_title);
        (pieces.title, pieces.place, pieces.notes.join("; "))
    }

    #[test]
    fn titles_places_and_remarks() {
        let some = |text: &str| Some(text.to_owned());
        let none = || None;
        for (text, has_title, expected) in [
            ("Kalmar län (+RD)", true, (none(), some("Kalmar län"), "+RD")),
            ("Nässjö (ny tid och plats)", true, (none(), some("Nässjö"), "ny tid och plats")),
            ("utvecklingsdagar", true, (some("utvecklingsdagar"), none(), "")),
            ("RSL", false, (some("RSL"), none(), "")),
            ("Kunskapsråd gemensamt möte", true, (some("Kunskapsråd gemensamt möte"), none(), "")),
            ("Region Uppsala", true, (none(), some("Region Uppsala"), "")),
            ("videomöte", true, (none(), some("videomöte"), "")),
            ("RPO-möte, Lund", true, (some("RPO-möte"), some("Lund"), "")),
            ("RPO-möte (Lund)", true, (some("RPO-möte"), some("Lund"), "")),
            ("Stadshotellet, Lund", true, (none(), some("Stadshotellet, Lund"), "")),
            ("Styrgrupp – Teams", true, (some("Styrgrupp"), some("Teams"), "")),
            ("AU (digitalt)", true, (some("AU"), some("digitalt"), "")),
            ("Lund", false, (some("Lund"), none(), "")),
        ] {
            let (title, place, notes) = expected;
            assert_eq!(sorted(text, has_title), (title, place, notes.to_owned()), "{text}");
        }
    }
}
