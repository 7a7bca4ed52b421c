//! The column of statuses: words for how far and how well, parts in brackets, colours, and what is said beside them.

use super::PlanPart;
use super::lights;
use super::lines::{Line, Start, fold, paras};
use super::raw::Light;
use crate::items::{Health, Phase};

/// A word of a status at the beginning of a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Says {
    Phase(Phase),
    Health(Health),
}

/// Words of phases. Those in the last column may be followed by anything, the others only by a full stop or the like:
/// "vilande värdskap" is no status.
const PHASES: &[(&str, Phase, bool)] = &[
    ("ej påbörjad", Phase::NotStarted, true),
    ("ej påbörjat", Phase::NotStarted, true),
    ("ej påbörjade", Phase::NotStarted, true),
    ("inte påbörjad", Phase::NotStarted, true),
    ("inte påbörjat", Phase::NotStarted, true),
    ("ännu ej påbörjad", Phase::NotStarted, true),
    ("ännu ej påbörjat", Phase::NotStarted, true),
    ("ej startad", Phase::NotStarted, true),
    ("ej startat", Phase::NotStarted, true),
    ("inte startat", Phase::NotStarted, true),
    ("ej beslutad", Phase::Undecided, true),
    ("ej beslutat", Phase::Undecided, true),
    ("inte beslutad", Phase::Undecided, true),
    ("inte beslutat", Phase::Undecided, true),
    ("vilande", Phase::Dormant, false),
    ("vilar", Phase::Dormant, false),
    ("pausad", Phase::Dormant, false),
    ("pausat", Phase::Dormant, false),
    ("pågår", Phase::Ongoing, true),
    ("pågående", Phase::Ongoing, false),
    ("påbörjad", Phase::Ongoing, false),
    ("påbörjat", Phase::Ongoing, false),
    ("avvaktar", Phase::Waiting, true),
    ("avvakta", Phase::Waiting, true),
    ("inväntar", Phase::Waiting, true),
    ("avslutad", Phase::Done, false),
    ("avslutat", Phase::Done, false),
    ("genomförd", Phase::Done, false),
    ("genomfört", Phase::Done, false),
    ("färdig", Phase::Done, false),
    ("klar", Phase::Done, false),
    ("klart", Phase::Done, false),
    ("okänd", Phase::Unknown, false),
];

const COLOURS: &[(&str, Health)] = &[
    ("grön", Health::Green),
    ("grönt", Health::Green),
    ("gul", Health::Yellow),
    ("gult", Health::Yellow),
    ("röd", Health::Red),
    ("rött", Health::Red),
];

/// The status that a text opens with, and what follows it.
pub(super) fn opens(text: &str) -> Option<(Says, &str)> {
    // The longest word and what may follow it at once.
    let begin = text.char_indices().nth(32).map_or(text.len(), |(at, _)| at);
    let low = fold(text.get(..begin).unwrap_or_default());
    let phase = PHASES.iter().map(|(word, phase, free)| (*word, Says::Phase(*phase), *free));
    let colour = COLOURS.iter().map(|(word, health)| (*word, Says::Health(*health), false));
    let mut all = phase.chain(colour);
    all.find_map(|(word, says, free)| {
        let after = low.strip_prefix(word)?;
        let rest = text.get(word.len()..)?;
        let next = after.chars().next();
        let ended = next.is_none_or(|c| !c.is_alphanumeric());
        let word_follows =
            after.trim_start_matches([' ', '\u{a0}']).chars().next().is_some_and(char::is_alphanumeric)
                && !after.starts_with(['.', ',', ':', ';', '!', '–', '-', '/']);
        // A year or a day may follow: "Klart 2025".
        let dated = after.trim_start().starts_with(|c: char| c.is_ascii_digit());
        (ended && (free || !word_follows || dated)).then_some((says, rest))
    })
}

/// A piece of a paragraph.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Bit {
    Says(Says),
    Part(String),
    Words(String),
}

/// One that stands in a status.
#[derive(Clone, Debug, Default)]
pub(super) struct Unit {
    pub part: PlanPart,
    pub words: Vec<String>,
    pub told: bool,
    /// The lines that it takes.
    pub lines: (usize, usize),
}

/// How the parts of a row stand; at least one.
pub(super) fn parts(lines: &[Line], lights: &[Light], unsure: &mut Vec<String>) -> Vec<PlanPart> {
    let firm: Vec<Line> = lines.iter().map(firm).collect();
    let lit = |at: usize| lights.iter().any(|l| l.line == Some(at) && l.colour.health.is_some());
    let several = (0..lines.len()).filter(|at| lit(*at)).count() > 1;
    let mut units: Vec<Unit> = Vec::new();
    for para in paras(&firm) {
        let named = several && lit(para.first) && para.text.split(' ').count() <= 3;
        let bits = if named && opens(&para.text).is_none() && !para.text.starts_with('(') {
            vec![Bit::Part(para.text.clone())]
        } else {
            bits(&para.text)
        };
        take(&bits, para.first, &mut units);
    }
    divided(&mut units, unsure);
    if units.is_empty() {
        units.push(Unit::default());
    }
    lights::shine(&mut units, lights, unsure);
    units.iter().for_each(|unit| lights::doubts(unit, unsure));
    let said = |unit: Unit| {
        let text = unit.words.join("\n");
        PlanPart { said: Some(text).filter(|t| !t.is_empty()), ..unit.part }
    };
    units.into_iter().map(said).collect()
}

/// A line that opens a status, or is a bracket, begins a paragraph.
fn firm(line: &Line) -> Line {
    let text = line.text.trim_start_matches(TICKS);
    let begins = line.text.starts_with(['☐', '☑', '☒'])
        || part(&line.text).is_some()
        || (line.text.starts_with('(') && line.text.ends_with(')'))
        || opens(text.trim_start()).is_some();
    Line { start: if begins { Start::Paragraph } else { line.start }, ..line.clone() }
}

const TICKS: &[char] = &['☑', '☒', '✓', '✔', '✅', '🗹', '🗸'];

fn bits(text: &str) -> Vec<Bit> {
    let mut bits = Vec::new();
    let mut rest = text.trim();
    let mut parted = false;
    while !rest.is_empty() {
        if let Some(after) = rest.strip_prefix(TICKS) {
            bits.push(Bit::Says(Says::Phase(Phase::Done)));
            rest = after.trim_start();
        } else if let Some(after) = rest.strip_prefix('☐') {
            rest = after.trim_start();
        } else if matches!(rest, "x" | "X") && bits.is_empty() {
            bits.push(Bit::Says(Says::Phase(Phase::Done)));
            rest = "";
        } else if let Some((says, after)) = opens(rest) {
            // A tick and the word for it say the same.
            if bits.last() != Some(&Bit::Says(says)) {
                bits.push(Bit::Says(says));
            }
            // Whom one waits for is said beside it, and the sentence is kept whole.
            if matches!(says, Says::Phase(Phase::Waiting)) && after.starts_with(' ') {
                bits.push(Bit::Words(rest.to_owned()));
                return bits;
            }
            rest = after.trim_start_matches([' ', '.', ',', ':', ';', '–', '-', '/', '·', '|']);
        } else if let Some((name, after)) = part(rest) {
            bits.push(Bit::Part(name.to_owned()));
            parted = true;
            rest = after.trim_start_matches([' ', '.', ',', ':', ';', '–', '-', '/', '·', '|']);
        } else if let Some((name, after)) = labelled(rest).filter(|_| bits.is_empty() || parted) {
            bits.push(Bit::Part(name.to_owned()));
            parted = true;
            rest = after;
        } else {
            bits.push(Bit::Words(rest.to_owned()));
            break;
        }
    }
    bits
}

/// Words that a comment in brackets begins with, and no part does.
const COMMENTS: &[&str] = &[
    "undersök",
    "se",
    "följ",
    "ta",
    "utred",
    "ev",
    "eventuellt",
    "obs",
    "förslag",
    "beslut",
    "ny",
    "nytt",
    "klart",
    "enligt",
    "t",
    "tex",
    "bl",
    "inkl",
    "exkl",
    "jfr",
    "kolla",
    "fråga",
    "gör",
    "gäller",
    "lägg",
    "bjud",
    "stäm",
    "kontakt",
    "aktivitet",
    "vid",
    "i",
    "på",
    "för",
    "med",
    "efter",
    "inför",
    "från",
    "till",
    "när",
    "om",
    "ska",
    "kan",
    "ej",
    "inte",
    "pågår",
    "väntar",
    "avvaktar",
    "avvakta",
    "möte",
    "dialog",
    "status",
    "se",
    "rapport",
    "under",
    "senast",
    "q1",
    "q2",
    "q3",
    "q4",
    "tom",
    "dvs",
    "alternativt",
    "delvis",
    "preliminärt",
    "tidigare",
];

/// The part in brackets that a text begins with; a comment in brackets is none.
fn part(text: &str) -> Option<(&str, &str)> {
    let (inside, after) = text.strip_prefix('(')?.split_once(')')?;
    let name = inside.trim();
    let words: Vec<String> = name.split([' ', '/', '-']).filter(|w| !w.is_empty()).map(fold).collect();
    let first = words.first()?.trim_matches('.').to_owned();
    let told = name.contains([':', '?', '!', '.', ',']) || name.chars().any(|c| c.is_ascii_digit());
    // "Formulera uppdrag": an infinitive and what is done.
    let done = words.len() > 1 && first.ends_with("era");
    let bracket = !told && words.len() <= 3 && !done && !COMMENTS.contains(&first.as_str());
    (bracket && name.chars().count() <= 40 && name.chars().any(char::is_alphabetic)).then_some((name, after))
}

/// `Lab: ej påbörjad`, `Röntgen – pågår`
fn labelled(text: &str) -> Option<(&str, &str)> {
    let (at, mark) = text.match_indices([':', '–']).next()?;
    let (name, rest) = (text.get(..at)?.trim(), text.get(at + mark.len()..)?.trim_start());
    let is_name =
        name.split(' ').count() <= 3 && name.chars().count() <= 30 && super::lines::begins_anew(name);
    (is_name && !name.is_empty() && name != "Status" && opens(rest).is_some()).then_some((name, rest))
}

/// The most parts of a row that are looked for.
const MOST: usize = 50;

/// Takes the pieces of a paragraph in. What stands in one paragraph belongs together: a status and its part, in the
/// order that the first of them tells.
fn take(bits: &[Bit], line: usize, units: &mut Vec<Unit>) {
    let status_first = matches!(bits.first(), Some(Bit::Says(_)));
    let lone = !bits.iter().any(|b| matches!(b, Bit::Part(_)));
    let mut open = false;
    // Nobody divides a row into so many.
    if units.len() > MOST {
        let shown = |bit: &Bit| match bit {
            Bit::Says(says) => says.shown().to_owned(),
            Bit::Part(name) => name.clone(),
            Bit::Words(text) => text.clone(),
        };
        word(units, line, &bits.iter().map(shown).collect::<Vec<_>>().join(" "));
        return;
    }
    for (at, bit) in bits.iter().enumerate() {
        // A second word of waiting stands in its sentence.
        let told = matches!(bits.get(at + 1), Some(Bit::Words(_)));
        match bit {
            Bit::Part(name) => {
                let bare =
                    units.last().is_some_and(|u| u.part.name.is_none() && u.told && u.words.is_empty());
                let joins = if status_first { open } else { bits.len() == 1 && units.len() == 1 };
                if !(bare && joins) {
                    units.push(Unit { lines: (line, line), ..Unit::default() });
                }
                if let Some(unit) = units.last_mut() {
                    unit.part.name = Some(name.clone());
                }
                open = !status_first;
            }
            Bit::Says(says) => {
                let takes = units.last().is_some_and(|u| match says {
                    Says::Phase(_) => {
                        u.part.phase == Phase::Unknown && (open || (lone && u.words.is_empty()))
                    }
                    Says::Health(_) => {
                        u.part.health == Health::Unknown && (open || (lone && u.words.is_empty()))
                    }
                });
                if !takes && lone && !units.is_empty() && !open {
                    if !(told && *says == Says::Phase(Phase::Waiting)) {
                        word(units, line, says.shown());
                    }
                    continue;
                }
                if !takes {
                    units.push(Unit { lines: (line, line), ..Unit::default() });
                }
                if let Some(unit) = units.last_mut() {
                    unit.told = true;
                    match says {
                        Says::Phase(phase) => unit.part.phase = *phase,
                        Says::Health(health) => unit.part.health = *health,
                    }
                }
                open = true;
            }
            Bit::Words(text) => word(units, line, text),
        }
    }
    if let Some(unit) = units.last_mut() {
        unit.lines.1 = line;
    }
}

impl Says {
    fn shown(self) -> &'static str {
        match self {
            Self::Phase(phase) => phase.swedish(),
            Self::Health(health) => health.swedish(),
        }
    }
}

fn word(units: &mut Vec<Unit>, line: usize, text: &str) {
    if units.is_empty() {
        let first = text.split_terminator('.').next().unwrap_or_default();
        let mut unit = Unit { lines: (line, line), ..Unit::default() };
        // "Inbjudan till anbud pågår."
        if fold(first).ends_with(" pågår") {
            unit.part.phase = Phase::Ongoing;
        }
        units.push(unit);
    }
    if let Some(unit) = units.last_mut() {
        unit.words.push(text.to_owned());
    }
}

/// What stood before the first part is said of it; one name alone, or one name twice, is doubtful.
fn divided(units: &mut Vec<Unit>, unsure: &mut Vec<String>) {
    let named = units.iter().filter(|u| u.part.name.is_some()).count();
    if named == 0 && units.len() > 1 {
        unsure.push("its status says several things of the whole".to_owned());
        let more = units.split_off(1);
        if let Some(first) = units.first_mut() {
            for unit in more {
                first.words.extend([unit.part.phase.swedish().to_owned()].into_iter().filter(|_| unit.told));
                first.words.extend(unit.words);
            }
        }
    }
    if named > 0 && units.first().is_some_and(|u| u.part.name.is_none() && !u.told) {
        let before = units.remove(0);
        if let Some(first) = units.first_mut() {
            first.words.splice(0..0, before.words);
        }
    }
    if named == 1 && units.len() == 1 {
        unsure.push("its status names one part only: is there another".to_owned());
    }
    let mut at = 1;
    while at < units.len() {
        let name = units.get(at).and_then(|u| u.part.name.as_deref()).map(crate::ids::slug);
        let earlier = units.get(..at).unwrap_or_default();
        let twin = earlier.iter().position(|u| u.part.name.as_deref().map(crate::ids::slug) == name);
        match twin {
            Some(twin) => {
                let more = units.remove(at);
                if let Some(unit) = units.get_mut(twin) {
                    unit.words
                        .extend([more.part.phase.swedish().to_owned()].into_iter().filter(|_| more.told));
                    unit.words.extend(more.words);
                }
                unsure.push("its status names a part twice".to_owned());
            }
            None => at += 1,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::import::plans::Place;
    use crate::import::plans::lines::line;

    fn read(text: &str) -> String {
        let lines: Vec<Line> =
            text.lines().map(|l| line(l, false, Start::Wrapped, Place::default())).collect();
        let mut unsure = Vec::new();
        let shown = |part: PlanPart| {
            let name = part.name.unwrap_or_default();
            format!("{name}={} {}", part.phase.code(), part.said.unwrap_or_default())
        };
        let units: Vec<String> = parts(&lines, &[], &mut unsure).into_iter().map(shown).collect();
        units.join("; ").trim().to_owned()
    }

    #[test]
    fn parts_and_comments_are_told_apart() {
        for (text, wanted) in [
            ("EJ PÅBÖRJAD.\nUppdra till RAG Klinisk kemi.", "=ej_paborjad Uppdra till RAG Klinisk kemi."),
            (
                "(Humandiagnostik)\nEJ PÅBÖRJAD (Molekylär)\nUppdra ev. till en grupp\n(Undersök möjlighet)",
                "Humandiagnostik=okand ; Molekylär=ej_paborjad Uppdra ev. till en grupp\n(Undersök möjlighet)",
            ),
            (
                "(Röntgen)\nEJ PÅBÖRJAD (Lab)\nFörslag: vi väntar",
                "Röntgen=okand ; Lab=ej_paborjad Förslag: vi väntar",
            ),
            ("Lab: pågår\nRöntgen: ej påbörjad", "Lab=pagar ; Röntgen=ej_paborjad"),
            ("Vilande värdskap tas över", "=okand Vilande värdskap tas över"),
            ("Vilande.\nBehov att starta", "=vilande Behov att starta"),
            ("EJ BESLUTAD (Formulera uppdrag)", "=ej_beslutad (Formulera uppdrag)"),
            ("Inbjudan till anbud pågår. Mer sedan", "=pagar Inbjudan till anbud pågår. Mer sedan"),
            ("☒ Klart", "=avslutad"),
            ("Avvakta rapport i ledningsgruppen.", "=avvaktar Avvakta rapport i ledningsgruppen."),
            ("", "=okand"),
        ] {
            assert_eq!(read(text), wanted, "{text}");
        }
    }
}
