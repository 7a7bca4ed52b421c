//! What a line is, and what the lines above it have said about it.

use jiff::civil::Date;

use crate::import::meetings::pieces::tidy;
use crate::import::meetings::similar::words;
use crate::import::notation::{self, Basis, Found, Lead, Notation, Stretch, Written, YearFrom};

/// A line that isn't empty.
#[derive(Clone, Copy, Debug)]
pub(super) struct Line<'a> {
    /// From 1.
    pub number: usize,
    /// Characters before `text`.
    pub indent: usize,
    /// Without spaces at its ends and without its bullet.
    pub text: &'a str,
    /// Whether it had one.
    pub bullet: bool,
}

const BULLETS: &[char] = &['•', '·', '*', '▪', '‣', '●'];
/// Ends of lines that editors don't count: they stand in what presentations and PDFs give.
const SOFT_ENDS: &[char] = &['\u{b}', '\u{c}', '\u{2028}'];

/// Cuts a text into lines, numbered as editors do.
pub(super) fn lines(text: &str) -> Vec<Line<'_>> {
    let counted = text.split('\n').flat_map(|line| line.strip_suffix('\r').unwrap_or(line).split('\r'));
    let mut lines = Vec::new();
    for (number, whole) in counted.enumerate() {
        let mut before = 0;
        for part in whole.split(SOFT_ENDS) {
            lines.extend(line(number + 1, before, part));
            before += part.chars().count() + 1;
        }
    }
    lines
}

/// A line without its bullet; a bullet with nothing after it is its own text. None if it is empty.
fn line(number: usize, before: usize, part: &str) -> Option<Line<'_>> {
    let trimmed = part.trim();
    let dash = ["- ", "– ", "— ", "-\t"].iter().any(|mark| trimmed.starts_with(mark));
    let bullet = dash || trimmed.starts_with(BULLETS);
    let after =
        trimmed.trim_start_matches(|c: char| BULLETS.contains(&c) || "-–—".contains(c) || c.is_whitespace());
    let text = if bullet && !after.is_empty() { after } else { trimmed };
    let spaces = part.chars().take_while(|c| c.is_whitespace()).count();
    let indent = before + spaces + trimmed.chars().count() - text.chars().count();
    (!text.is_empty()).then_some(Line { number, indent, text, bullet })
}

/// The columns of a schedule, by the words of its heading.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Columns {
    /// There is one for the group.
    pub group: bool,
}

/// A line that says something about the lines below.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Says {
    /// `Tid Station Grupp Lokal`
    Columns(Columns),
    /// `Q1`, `Kvartal 1 2025`
    Quarter(Option<i16>, i8),
    /// `Löpande`
    Running,
    /// `2023`, `Möten 2023`; with what else it says.
    Year(i16, Option<String>),
    /// `RSL:`, `Samverkansnämnden` above a year.
    Title(String),
}

/// Words of headings of lists.
const HEADINGS: &[&str] = &[
    "möten",
    "mötestider",
    "mötesdatum",
    "mötesdagar",
    "sammanträden",
    "sammanträdesdagar",
    "sammanträdestider",
    "årshjul",
    "kalender",
    "kalendarium",
    "datum",
    "tider",
    "schema",
    "mötesplan",
    "mötesschema",
];
const SMALL: &[&str] = &["för", "inför", "under", "år", "och", "i"];
/// No heading has more words.
const LONGEST_HEADING: usize = 6;

/// What is written in a line, with nothing assumed.
pub(super) fn found_in(text: &str) -> Vec<Found> {
    notation::find(text, Basis::default())
}

/// The dates of days among what was found.
pub(super) fn has_day(found: &[Found]) -> bool {
    found.iter().any(|f| matches!(&f.what, Notation::Stretch(s) if matches!(s.written, Written::Days { .. })))
}

/// Whether a line is about next year: `Mötestider för 2026` is something to do the year before.
pub(super) fn is_task(text: &str) -> bool {
    words(text).iter().any(|w| matches!(w.as_str(), "för" | "inför"))
}

/// The year that a line names and little else, and its other words.
pub(super) fn year_line(line: &Line<'_>) -> Option<(i16, Vec<String>)> {
    let found = found_in(line.text);
    let [Found { range, what: Notation::Stretch(stretch) }] = found.as_slice() else { return None };
    let plain = matches!(
        stretch,
        Stretch { written: Written::Years { more: 0 }, year_from: YearFrom::Stated, open_end: false, lead, .. }
            if *lead != Lead::Until
    );
    let text = [&line.text[..range.start], " ", &line.text[range.end..]].concat();
    let others: Vec<String> = text.split_whitespace().map(str::to_owned).collect();
    (plain && !line.bullet && others.len() < LONGEST_HEADING).then_some((stretch.year?, others))
}

/// What a line says about those below it; `next` is the line after it. Days are looked at elsewhere. `yearless`: a
/// year below is a label, so what stands above it is no title of a list.
pub(super) fn heading(line: &Line<'_>, next: Option<&Line<'_>>, yearless: bool) -> Option<Says> {
    if line.bullet {
        return None;
    }
    let words = words(line.text);
    if words.len() > LONGEST_HEADING {
        return None;
    }
    let is = |wanted: &[&str]| words.iter().any(|w| wanted.contains(&w.as_str()));
    if is(&["tid", "tider"]) && is(&["station", "grupp", "lokal", "plats", "aktivitet", "punkt"]) {
        return Some(Says::Columns(Columns { group: is(&["grupp"]) }));
    }
    if words.first().is_some_and(|w| w == "löpande") && words.len() <= 3 {
        return Some(Says::Running);
    }
    let found = found_in(line.text);
    if let [Found { range, what: Notation::Stretch(stretch) }] = found.as_slice()
        && let Written::Quarter(quarter) = stretch.written
        && tidy(&[&line.text[..range.start], &line.text[range.end..]].concat()).is_empty()
    {
        return Some(Says::Quarter(stretch.year, quarter));
    }
    let dated_next = || next.is_some_and(|next| opens_with_day(next.text));
    if let Some((year, others)) = year_line(line) {
        let listing = |w: &String| HEADINGS.contains(&w.to_lowercase().trim_matches([':', ',', '.']));
        let name: Vec<&str> = others
            .iter()
            .filter(|w| !listing(w) && !SMALL.contains(&w.to_lowercase().as_str()))
            .map(String::as_str)
            .collect();
        let heads = name.is_empty() || others.iter().any(listing) || dated_next();
        let title = Some(tidy(&name.join(" "))).filter(|t| !t.is_empty());
        return heads.then_some(Says::Year(year, title));
    }
    if !found.is_empty() || counted(line.text).is_some() {
        return None;
    }
    let before_year = !yearless && next.is_some_and(|next| year_line(next).is_some());
    let short_name = line.text.chars().all(|c| c.is_uppercase() || c.is_whitespace());
    let heads = is(HEADINGS) || line.text.ends_with(':') || before_year || (short_name && dated_next());
    let name = words.iter().any(|w| !HEADINGS.contains(&w.as_str()));
    heads.then(|| Says::Title(if name { tidy(line.text) } else { String::new() }))
}

/// Whether a text begins with a day.
pub(super) fn opens_with_day(text: &str) -> bool {
    let found = found_in(text);
    found.first().is_some_and(|f| f.range.start == 0 && has_day(std::slice::from_ref(f)))
}

/// Whether a text begins with a time of day.
pub(super) fn opens_with_time(text: &str) -> bool {
    found_in(text).first().is_some_and(|f| f.range.start == 0 && matches!(f.what, Notation::Clock(_)))
}

/// `Råd x 4`: how many bodies meet, each once.
pub(super) fn counted(text: &str) -> Option<u16> {
    let (before, number) = text.trim_end().rsplit_once(['x', '×', 'X'])?;
    let count: u16 = number.trim().parse().ok()?;
    let apart = before.ends_with(char::is_whitespace) && !before.trim().is_empty();
    (apart && (2..=100).contains(&count)).then_some(count)
}

/// What holds for a line because of the lines above it.
#[derive(Clone, Debug, Default)]
pub(super) struct Context {
    /// The year of the nearest heading.
    pub year: Option<i16>,
    /// The quarter of the nearest heading.
    pub quarter: Option<i8>,
    /// What the nearest heading calls the meetings.
    pub title: Option<String>,
    /// Below `Löpande`.
    pub running: bool,
    /// What runs all year has bullets.
    pub bullets: bool,
    /// The day of a schedule.
    pub day: Option<Date>,
    /// The columns of a schedule.
    pub columns: Option<Columns>,
    /// A date has been read whose year neither it nor a heading says: a year below is a label, not a heading.
    pub yearless: bool,
    /// Year and quarter of the date above.
    pub above: Option<(i16, i8)>,
    /// What the line above became.
    pub last: Last,
}

/// What the line above became, so that a line can go on from it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Last {
    /// Nothing that goes on.
    #[default]
    Nothing,
    /// The newest meeting.
    Meeting,
    /// The newest unplaced text.
    Unplaced,
}

/// The quarter of a day, 1 to 4.
pub(super) fn quarter(day: Date) -> i8 {
    (day.month() - 1) / 3 + 1
}
