//! What is promised by when, and what is waited for, in the sentences of a row.

use jiff::civil::Date;

use super::lines::{fold, sentences};
use crate::import::items::{WaitRow, wait};
use crate::import::notation::{self, Basis, Lead, Notation, Stretch, Written, YearFrom};
use crate::items::register::Precision;

/// A text of a row.
#[derive(Clone, Copy, Debug)]
pub(super) struct Said<'a> {
    pub text: &'a str,
    /// The day of the dated line that it is.
    pub day: Option<Date>,
}

/// The most of each kind that are taken out of one row. Nobody means so many, and its words are kept all the same.
const MOST: usize = 200;

/// What the texts of a row say of time.
#[derive(Debug, Default)]
pub(super) struct Times {
    pub deadlines: Vec<(Date, Precision, String)>,
    pub waits: Vec<WaitRow>,
    pub unsure: Vec<String>,
}

/// Reads them. A date that has passed is a promise only where the words say that something was due.
pub(super) fn read(texts: &[Said<'_>], as_of: Date) -> Times {
    let mut times = Times::default();
    let mut open: Vec<(Written, String)> = Vec::new();
    for said in texts {
        for found in notation::find(said.text, Basis::default()) {
            let words = said.text.get(found.range.clone()).unwrap_or_default();
            let before = said.text.get(..found.range.start).unwrap_or_default();
            match found.what {
                Notation::Clock(_) => {}
                Notation::Wrong(wrong) => times.doubt(wrong.message),
                Notation::Stretch(stretch) if stretch.year_from == YearFrom::Missing => {
                    let near = said.day.unwrap_or(as_of);
                    open.push((stretch.written, hint(words, stretch, near, said.day.is_some())));
                }
                Notation::Stretch(stretch) => {
                    let after = said.text.get(found.range.end..).unwrap_or_default();
                    let open_end = stretch.open_end || after.trim_start().starts_with("och framåt");
                    let stretch = Stretch { open_end, ..stretch };
                    if is_promise(stretch, before, as_of)
                        && let Some(day) = stretch.deadline()
                    {
                        let exact = stretch.precision();
                        if times.deadlines.len() < MOST
                            && !times.deadlines.iter().any(|(d, e, _)| (*d, *e) == (day, exact))
                        {
                            times.deadlines.push((day, exact, words.to_owned()));
                        }
                    }
                }
            }
        }
        if said.day.is_none() {
            sentences(said.text).into_iter().for_each(|s| waits(s, &mut times.waits));
        }
    }
    // "i januari" beside "januari 2025" is that.
    for (written, doubt) in open {
        let known = times.deadlines.iter().any(|(day, ..)| {
            written.in_year(day.year()).is_ok_and(|(first, last)| first <= *day && *day <= last)
        });
        if !known {
            times.doubt(doubt);
        }
    }
    times
}

impl Times {
    fn doubt(&mut self, doubt: String) {
        if self.unsure.len() < MOST && !self.unsure.contains(&doubt) {
            self.unsure.push(doubt);
        }
    }
}

/// The date has no year, and none is guessed; what is near it says which would fit.
fn hint(words: &str, stretch: Stretch, near: Date, in_line: bool) -> String {
    let year = near.year();
    let fits = stretch.written.in_year(year).ok().map(|(first, _)| first);
    let of = if in_line { "the line that it stands in" } else { "the plan's own day" };
    match fits {
        Some(first) => format!("`{words}` has no year: {} if it is that of {of} ({first})", first.year()),
        None => format!("`{words}` has no year"),
    }
}

/// Words before a date by which something was due.
const DUE: &[&str] = &[
    "senast",
    "klar ",
    "klart",
    "färdig",
    "rapporteras",
    "redovisas",
    "avrapportering",
    "deadline",
    "slutrapport",
    "presenterad",
    "presenteras",
    "startar",
    "lämnas",
];

fn is_promise(stretch: Stretch, before: &str, as_of: Date) -> bool {
    let Some((_, last)) = stretch.days().filter(|_| !stretch.open_end) else { return false };
    let from = before.char_indices().rev().nth(40).map_or(0, |(at, _)| at);
    let near = fold(before.get(from..).unwrap_or_default());
    let clause = near.rsplit(['.', ';']).next().unwrap_or_default();
    let due = DUE.iter().any(|word| clause.contains(word));
    match stretch.written {
        _ if stretch.lead == Lead::Until => true,
        Written::Years { .. } => {
            (stretch.lead == Lead::Under && last >= as_of) || (due && clause.ends_with("senast "))
        }
        _ => last >= as_of || due,
    }
}

/// What a sentence waits for.
fn waits(sentence: &str, found: &mut Vec<WaitRow>) {
    let low = fold(sentence);
    let mut add = |text: &str| {
        let text = text.trim().trim_end_matches(['.', ',', ';', '!']).trim();
        if !text.is_empty()
            && found.len() < MOST
            && !found.iter().any(|w: &WaitRow| fold(&w.text) == fold(text))
        {
            found.push(wait(text));
        }
    };
    if let Some(meeting) = first_meeting(sentence) {
        add(&meeting);
    }
    if let Some(next) = next_meeting(sentence) {
        add(&next);
    }
    for opener in ["avvaktar ", "avvakta ", "inväntar ", "väntar på "] {
        if low.starts_with(opener) {
            add(sentence.get(opener.len()..).unwrap_or_default());
            return;
        }
    }
    if low.starts_with("aktiviteter")
        && let Some(at) = low.find("efter att ")
    {
        add(sentence.get(at + "efter att ".len()..).unwrap_or_default());
    }
}

fn bare(word: &str) -> &str {
    word.trim_matches(|c: char| !c.is_alphanumeric())
}

/// `första RPO-mötet 2025`
fn first_meeting(sentence: &str) -> Option<String> {
    let words: Vec<&str> = sentence.split(' ').collect();
    words.windows(3).find_map(|three| {
        let [first, meeting, year] = three else { return None };
        let (first, meeting, year) = (bare(first), bare(meeting), bare(year));
        let is = fold(first) == "första" && (meeting.ends_with("mötet") || meeting.ends_with("möte"));
        let is_year = year.len() == 4 && year.bytes().all(|b| b.is_ascii_digit());
        (is && is_year).then(|| format!("första {meeting} {year}"))
    })
}

/// `nästa RPO`, `nästa RPO-möte`; "nästa steg" is no meeting.
fn next_meeting(sentence: &str) -> Option<String> {
    let words: Vec<&str> = sentence.split(' ').collect();
    words.windows(2).find_map(|two| {
        let [next, meeting] = two else { return None };
        let meeting = bare(meeting);
        let group = meeting.chars().count() >= 2 && meeting.chars().all(char::is_uppercase);
        let is = group || meeting.ends_with("möte") || meeting.ends_with("mötet");
        (matches!(fold(bare(next)).as_str(), "nästa" | "nästkommande") && is)
            .then(|| format!("nästa {meeting}"))
    })
}

/// Whether a sentence only says what is waited for, or puts the matter off.
pub(super) fn only_waits(text: &str) -> bool {
    let all = sentences(text);
    !all.is_empty()
        && all.iter().all(|sentence| {
            let mut found = Vec::new();
            waits(sentence, &mut found);
            !found.is_empty()
        })
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    fn of(text: &str) -> Times {
        read(&[Said { text, day: None }], date(2025, 1, 1))
    }

    #[test]
    fn promises_are_told_from_history() {
        let due = |text: &str| of(text).deadlines.iter().map(|(d, ..)| d.to_string()).collect::<Vec<_>>();
        for (text, day) in [
            ("Plan klar under 2025.", "2025-12-31"),
            ("Avrapportering jan-25", "2025-01-31"),
            ("gäller tom 231231", "2023-12-31"),
            ("Klart senast 2024-11-30", "2024-11-30"),
            ("Redovisas Q2 2025", "2025-06-30"),
        ] {
            assert_eq!(due(text), [day], "{text}");
        }
        for text in [
            "Från kunskapsråden 2024.",
            "togs fram 2024",
            "under 2022 gjordes",
            "Sedan våren 2023",
            "vid första RPO-mötet 2025",
        ] {
            assert!(due(text).is_empty(), "{text}");
        }
    }

    #[test]
    fn what_is_waited_for_is_found_in_sentences() {
        let waits = |text: &str| of(text).waits.into_iter().map(|w| w.text).collect::<Vec<_>>();
        assert_eq!(waits("Punkten hanteras vid första RPO-mötet 2025."), ["första RPO-mötet 2025"]);
        assert_eq!(waits("Uppföljning nästa RPO för beslut."), ["nästa RPO"]);
        assert_eq!(waits("Avvakta rapport från ledningen."), ["rapport från ledningen"]);
        assert!(waits("I väntan på system tas nästa steg").is_empty());
    }

    #[test]
    fn a_date_without_a_year_is_a_doubt_with_a_hint() {
        let said = Said { text: "uppdrag ges 6/5", day: Some(date(2022, 4, 5)) };
        let times = read(&[said], date(2023, 2, 28));
        assert!(times.deadlines.is_empty());
        assert_eq!(
            times.unsure,
            ["`6/5` has no year: 2022 if it is that of the line that it stands in (2022-05-06)"]
        );
    }
}
