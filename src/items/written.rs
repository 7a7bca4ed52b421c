//! How the cells of an exported document say what is no plain text: status, promises, dated lines.
//!
//! Each way to write stands beside the one that reads it back, so that a document which nobody has edited says what
//! the register said. The words are those of the plan's template. What stands behind [`NOTE`] is told by the register
//! and no part of the plan: whoever reads the document back leaves it out.

use std::collections::BTreeSet;

use jiff::civil::Date;

use super::register::{Activity, LogKind, Precision, Promise};
use super::table::{Line, Unit};
use super::{Health, Phase};
use crate::calendar::{Roll, roll};

/// What a paragraph begins with that the register tells of a row: who answers for it, how old its report is.
pub const NOTE: &str = "› ";
/// What the paragraph with the promises begins with.
const PROMISES: &str = "Patientlöfte: ";
/// A line of the log that tells what is to come.
const PLANNED: &str = "planerat";
/// The status of a unit of which neither phase nor health is known.
const NO_STATUS: &str = "STATUS SAKNAS";

/// The symbol of a unit's status: its form says what its colour says, and a tick that it is done.
#[must_use]
pub fn symbol(phase: Phase, health: Health) -> char {
    match (phase, health) {
        (Phase::Done, _) => '☑',
        (_, Health::Green) => '●',
        (_, Health::Yellow) => '▲',
        (_, Health::Red) => '◆',
        (_, Health::Unknown) => '○',
    }
}

/// `● PÅGÅR, grön (Röntgen)`, `○ EJ PÅBÖRJAD`, `◆ RÖD`.
#[must_use]
pub fn status(unit: &Unit) -> String {
    let part = unit.part.as_ref().map(|part| format!(" ({part})")).unwrap_or_default();
    format!("{} {}{part}", symbol(unit.phase, unit.health), state(unit.phase, unit.health))
}

/// The same without symbol and part.
#[must_use]
pub fn state(phase: Phase, health: Health) -> String {
    match (phase, health) {
        (Phase::Unknown, Health::Unknown) => NO_STATUS.to_owned(),
        (Phase::Unknown, health) => health.swedish().to_uppercase(),
        (phase, Health::Unknown) => phase.swedish().to_uppercase(),
        (phase, health) => format!("{}, {}", phase.swedish().to_uppercase(), health.swedish().to_lowercase()),
    }
}

/// Reads a status back, whatever its case and with or without its symbol. What is said beside it is not looked for.
#[must_use]
pub fn read_status(text: &str) -> Option<Unit> {
    let text = text.trim().trim_start_matches(['●', '▲', '◆', '○', '☑']).trim();
    let (words, part) = match text.strip_suffix(')').and_then(|inside| inside.split_once('(')) {
        Some((words, part)) => (words.trim(), Some(part.trim().to_owned()).filter(|part| !part.is_empty())),
        None => (text, None),
    };
    let unit = |phase, health| Some(Unit { part, phase, health, said: None });
    if words.eq_ignore_ascii_case(NO_STATUS) {
        return unit(Phase::Unknown, Health::Unknown);
    }
    match words.split_once(',') {
        Some((phase, health)) => unit(Phase::read(phase)?, Health::read(health)?),
        None => match (Phase::read(words), Health::read(words)) {
            (Some(Phase::Unknown) | None, None) => None,
            (Some(phase), None) => unit(phase, Health::Unknown),
            (_, Some(health)) => unit(Phase::Unknown, health),
        },
    }
}

/// `Patientlöfte: Bästa kunskap i varje möte (P2), Patientsäker vård (P6)`; none where there is no promise.
#[must_use]
pub fn promises(promises: &BTreeSet<Promise>) -> Option<String> {
    let each = promises.iter().map(|promise| format!("{} ({})", promise.swedish(), promise.code()));
    let said = each.collect::<Vec<_>>().join(", ");
    (!said.is_empty()).then(|| format!("{PROMISES}{said}"))
}

/// Reads promises back, by their codes.
#[must_use]
pub fn read_promises(text: &str) -> Option<BTreeSet<Promise>> {
    let said = text.trim().strip_prefix(PROMISES)?;
    let read = |one: &str| Promise::read(one.rsplit_once('(')?.1.strip_suffix(')')?);
    // A comma may stand in the words of a promise; its code ends them.
    said.split_inclusive(')').map(|one| read(one.trim())).collect()
}

/// `Kartlägg metoderna (NY)`
#[must_use]
pub fn activity(activity: &Activity) -> String {
    let mark = activity.mark.as_ref().map(|mark| format!(" ({mark})")).unwrap_or_default();
    format!("{}{mark}", activity.text)
}

/// `230206 Beslut: Upphandlingen görs om`, `230309 (Lab) Planerat: Uppstart`, `våren 2023 Samtal har förts`. A report
/// is told without saying what it is, unless what it says could be taken for something else.
#[must_use]
pub fn line(line: &Line) -> String {
    let part = line.part.as_ref().map(|part| format!(" ({part})")).unwrap_or_default();
    let kind = line.kind.swedish();
    let head = match (line.planned, line.kind) {
        (true, LogKind::Report) => Some(capital(PLANNED)),
        (true, _) => Some(format!("{} {}", capital(PLANNED), kind.to_lowercase())),
        (false, LogKind::Report) if !is_doubtful(&line.text) => None,
        (false, _) => Some(kind.to_owned()),
    };
    let said = match (head, line.text.as_str()) {
        (None, text) => format!(" {text}"),
        (Some(head), "") => format!(" {head}"),
        (Some(head), text) => format!(" {head}: {text}"),
    };
    format!("{}{part}{said}", when(line.day, line.precision))
}

/// Whether the text of a report would be read as something else if nothing stood before it.
fn is_doubtful(text: &str) -> bool {
    text.starts_with('(') || text.is_empty() || read_head(text.split(':').next().unwrap_or(text)).is_some()
}

/// Reads a dated line back; none if it isn't one.
#[must_use]
pub fn read_line(text: &str) -> Option<Line> {
    let (day, precision, rest) = read_when(text.trim())?;
    let (part, rest) = match rest.strip_prefix('(').and_then(closed) {
        Some((part, rest)) => (Some(part.to_owned()), rest.trim_start()),
        None => (None, rest),
    };
    let (head, said) = rest.split_once(':').unwrap_or((rest, ""));
    let (planned, kind, said) = match read_head(head) {
        Some((planned, kind)) => (planned, kind, said.trim()),
        None => (false, LogKind::Report, rest),
    };
    let is_line = !said.is_empty() || kind == LogKind::Unchanged;
    is_line.then(|| Line { part, day, precision, kind, planned, text: said.to_owned() })
}

/// The text up to the parenthesis that closes the one before it, and what comes after.
fn closed(text: &str) -> Option<(&str, &str)> {
    let mut open = 1;
    for (at, letter) in text.char_indices() {
        open += match letter {
            '(' => 1,
            ')' => -1,
            _ => 0,
        };
        if open == 0 {
            return Some((text.get(..at)?.trim(), text.get(at + 1..)?));
        }
    }
    None
}

/// What a line is, where it says so: whether it is planned, and its kind.
fn read_head(head: &str) -> Option<(bool, LogKind)> {
    let lower = head.trim().to_lowercase();
    match lower.strip_prefix(PLANNED) {
        Some("") => Some((true, LogKind::Report)),
        Some(kind) if kind.starts_with(' ') => Some((true, LogKind::read(kind)?)),
        _ => Some((false, LogKind::read(&lower)?)),
    }
}

fn capital(word: &str) -> String {
    let mut letters = word.chars();
    letters.next().map(|first| first.to_uppercase().chain(letters).collect()).unwrap_or_default()
}

/// The halves of the year that plans speak of, with the last month of each.
const SEASONS: [(&str, i8); 3] = [("våren", 5), ("sommaren", 8), ("hösten", 11)];

/// A day as plans write it: as exactly as it is known, where the day is the one that stands for it.
fn when(day: Date, precision: Precision) -> String {
    let (year, month) = (day.year(), day.month());
    let written = match precision {
        Precision::Day => None,
        Precision::Month => Some(format!("{year}-{month:02}")),
        Precision::Quarter => Some(format!("Q{} {year}", (month + 2) / 3)),
        Precision::Season => {
            SEASONS.iter().find(|(_, last)| *last == month).map(|(name, _)| format!("{name} {year}"))
        }
        Precision::Year => Some(format!("{year}")),
    };
    let stands =
        |text: &String| read_when(&format!("{text} x")).map(|(d, p, _)| (d, p)) == Some((day, precision));
    written.filter(stands).unwrap_or_else(|| {
        // Two digits of a year mean this century.
        if (2000..2100).contains(&year) { day.strftime("%y%m%d").to_string() } else { day.to_string() }
    })
}

/// The day that a text begins with, how exactly it says it, and what comes after.
fn read_when(text: &str) -> Option<(Date, Precision, &str)> {
    let (first, rest) = text.split_once(' ')?;
    let rest = rest.trim_start();
    if let Some(day) = numbers(first) {
        return Some((day, Precision::Day, rest));
    }
    let end = |year: i16, month: i8| Date::new(year, month, 1).ok().map(Date::last_of_month);
    if let Some((year, month)) = first.split_once('-') {
        let day = end(full_year(year)?, month.parse().ok().filter(|_| month.len() == 2)?)?;
        return Some((roll(day, Roll::PreviousWorkday), Precision::Month, rest));
    }
    let season = SEASONS.iter().find(|(name, _)| *name == first).map(|(_, month)| *month);
    let quarter = first.strip_prefix('Q').and_then(|n| n.parse::<i8>().ok()).filter(|n| (1..=4).contains(n));
    if season.is_none() && quarter.is_none() {
        return Some((end(full_year(first)?, 12)?, Precision::Year, rest));
    }
    let (year, rest) = rest.split_once(' ')?;
    let year = full_year(year)?;
    match (season, quarter) {
        (Some(month), _) => Some((end(year, month)?, Precision::Season, rest.trim_start())),
        (_, quarter) => Some((end(year, quarter? * 3)?, Precision::Quarter, rest.trim_start())),
    }
}

/// `230206` or `2023-02-06`
fn numbers(word: &str) -> Option<Date> {
    if word.len() == 6 && word.bytes().all(|b| b.is_ascii_digit()) {
        let part = |at: usize| word.get(at..at + 2)?.parse::<i8>().ok();
        return Date::new(2000 + i16::from(part(0)?), part(2)?, part(4)?).ok();
    }
    if word.len() == 10 { word.parse().ok() } else { None }
}

fn full_year(word: &str) -> Option<i16> {
    word.parse().ok().filter(|_| word.len() == 4 && word.bytes().all(|b| b.is_ascii_digit()))
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;
    use proptest::prelude::*;

    use super::*;

    fn unit(part: Option<&str>, phase: Phase, health: Health) -> Unit {
        Unit { part: part.map(str::to_owned), phase, health, said: None }
    }

    #[test]
    fn every_status_is_read_back() {
        for phase in Phase::ALL {
            for health in Health::ALL {
                for part in [None, Some("Lab")] {
                    let unit = unit(part, *phase, *health);
                    assert_eq!(read_status(&status(&unit)), Some(unit.clone()), "{}", status(&unit));
                }
            }
        }
        assert_eq!(status(&unit(Some("Lab"), Phase::Ongoing, Health::Yellow)), "▲ PÅGÅR, gul (Lab)");
        assert_eq!(
            read_status("Ej påbörjad (Lab)"),
            Some(unit(Some("Lab"), Phase::NotStarted, Health::Unknown))
        );
    }

    #[test]
    fn a_sentence_is_no_status() {
        for text in ["", "Vilande. Behov att starta", "Avvakta rapporten", "(Lab)", "Pågår, snart klart"] {
            assert_eq!(read_status(text), None, "{text}");
        }
    }

    #[test]
    fn promises_are_read_back() {
        let all: BTreeSet<Promise> = Promise::ALL.iter().copied().collect();
        assert_eq!(read_promises(&promises(&all).unwrap()), Some(all));
        assert_eq!(promises(&BTreeSet::new()), None);
        assert_eq!(read_promises("Patientlöfte: ”erbjudas kostnadseffektiv vård”"), None);
    }

    fn said(day: Date, precision: Precision, kind: LogKind, planned: bool, text: &str) -> Line {
        Line { part: None, day, precision, kind, planned, text: text.to_owned() }
    }

    #[test]
    fn lines_are_written_as_plans_write_them() {
        let day = date(2023, 3, 9);
        let written = |kind, planned, text| line(&said(day, Precision::Day, kind, planned, text));
        assert_eq!(written(LogKind::Report, false, "Rapporten kom"), "230309 Rapporten kom");
        assert_eq!(written(LogKind::Report, false, "Beslut: ja"), "230309 Rapport: Beslut: ja");
        assert_eq!(written(LogKind::Decision, true, "Ja"), "230309 Planerat beslut: Ja");
        assert_eq!(written(LogKind::Unchanged, false, ""), "230309 Ingen förändring");
        let spring = said(date(2023, 5, 31), Precision::Season, LogKind::Note, false, "Samtal");
        assert_eq!(line(&spring), "våren 2023 Notering: Samtal");
        let odd = said(date(2023, 5, 30), Precision::Year, LogKind::Note, false, "Samtal");
        assert_eq!(line(&odd), "230530 Notering: Samtal", "no year ends so");
    }

    #[test]
    fn what_only_looks_like_a_line_is_none() {
        for text in
            ["", "230206", "231301 Text", "I mars 2023 Text", "Andel i tid", "2023-13 Text", "12 av 14"]
        {
            assert_eq!(read_line(text), None, "{text}");
        }
    }

    proptest! {
        #[test]
        fn every_line_is_read_back(
            days in 0..36_000i64,
            precision in prop::sample::select(Precision::ALL),
            kind in prop::sample::select(LogKind::ALL),
            planned: bool,
            part in prop::option::of("[A-ZÅÄÖ][a-zåäö]{1,8}( \\([a-z]{1,4}\\))?"),
            text in "[A-ZÅÄÖa-zåäö(][a-zåäö0-9:,() ]{0,30}[a-zåäö.)]",
        ) {
            let day = date(2000, 1, 1).saturating_add(jiff::Span::new().days(days));
            let one = Line { part, day, precision, kind, planned, text };
            let read = read_line(&line(&one)).unwrap();
            // A day that stands for no month, quarter, season or year is all that is known of it.
            let precision = if read.day == one.day { read.precision } else { one.precision };
            prop_assert_eq!(read, Line { precision, ..one });
        }

        #[test]
        fn no_text_panics(text: String) {
            let _ = (read_line(&text), read_status(&text), read_promises(&text));
        }
    }
}
