//! Lines put together into pieces that belong together for certain, and what is seen of each.

use super::cutting::Is;
use super::entries;
use super::lines::{self, Break, Line, between, dangles, ends, fold, is_ditto};
use super::{promises, status};

/// Lines that belong together, and what they were taken for.
#[derive(Clone, Debug)]
pub(super) struct Piece {
    pub lines: Vec<Line>,
    pub is: Is,
    /// It begins a row.
    pub new: bool,
    /// How firmly it is cut off from what stands before.
    pub cut: Break,
    pub signs: Signs,
}

/// What is seen of a piece.
#[derive(Clone, Debug, Default)]
pub(super) struct Signs {
    pub bullet: bool,
    pub entry: bool,
    pub year_entry: bool,
    pub promise: bool,
    pub status: bool,
    pub bracket: bool,
    pub follow: bool,
    pub doing: bool,
    pub going: bool,
    /// It goes on in the midst of a sentence.
    pub amid: bool,
    pub question: bool,
    pub named: bool,
    /// A list that something about the follow-up introduces.
    pub follow_list: bool,
    /// Prose that stands after dated entries.
    pub after_entry: bool,
    /// Prose that stands after a list.
    pub after_bullet: bool,
    /// A dated line after others, with a paragraph in between.
    pub again: bool,
    /// A phrase with a paragraph of its own.
    pub label: bool,
    pub sentences: usize,
    pub letters: usize,
}

/// The pieces of some lines; what each of them is taken for is said later.
pub(super) fn pieces(lines: &[Line]) -> Vec<Piece> {
    let lines = split(lines);
    let mut pieces: Vec<Piece> = Vec::new();
    for (at, line) in lines.iter().enumerate() {
        let near = lines.get(at.saturating_sub(4)..(at + 1).min(lines.len())).unwrap_or_default();
        let width = near.iter().map(|l| l.text.chars().count()).max().unwrap_or(0);
        let before = at.checked_sub(1).and_then(|b| lines.get(b));
        let cut = before.map_or(Break::Strong, |before| between(before, line, width));
        match pieces.last_mut().filter(|_| cut == Break::None) {
            Some(piece) => piece.lines.push(line.clone()),
            None => pieces.push(Piece {
                lines: vec![line.clone()],
                is: Is::Status,
                new: false,
                cut,
                signs: Signs::default(),
            }),
        }
    }
    let (mut led, mut dated, mut listed) = (false, false, false);
    let (mut logged, mut parted) = (false, false);
    for at in 0..pieces.len() {
        let before = at
            .checked_sub(1)
            .and_then(|b| pieces.get(b))
            .and_then(|p| p.lines.last())
            .map(|l| l.text.clone());
        let Some(piece) = pieces.get_mut(at) else { break };
        piece.signs = signs(&piece.lines, before.as_deref());
        if piece.signs.bullet {
            piece.signs.follow_list = led;
        } else {
            led = piece.signs.follow && piece.lines.last().is_some_and(|l| l.text.ends_with(':'));
        }
        piece.signs.after_entry = dated && !piece.signs.entry;
        piece.signs.after_bullet = std::mem::replace(&mut listed, piece.signs.bullet) && !piece.signs.bullet;
        dated = piece.signs.entry || piece.signs.year_entry;
        let own = piece.lines.first().is_some_and(|l| l.start != lines::Start::Wrapped);
        let text = piece.lines.last().map_or("", |l| &l.text);
        piece.signs.label = own && !dated && !ends(text) && piece.signs.letters <= 90;
        if dated {
            piece.signs.again = parted;
            (logged, parted) = (true, false);
        } else {
            parted |= logged && piece.cut == Break::Strong;
        }
    }
    pieces
}

/// A promise or a dated line that begins in the midst of a line begins a line.
fn split(lines: &[Line]) -> Vec<Line> {
    let mut all = Vec::with_capacity(lines.len());
    for (at, line) in lines.iter().enumerate() {
        let near = lines.get(at..(at + 8).min(lines.len())).unwrap_or_default();
        let entries = entries::cut(&line.text);
        if entries.len() > 1 {
            let part = |(number, text): (usize, &str)| {
                let start = if number == 0 { line.start } else { lines::Start::Blank };
                Line {
                    text: text.trim().to_owned(),
                    bullet: line.bullet && number == 0,
                    start,
                    ..line.clone()
                }
            };
            all.extend(entries.into_iter().enumerate().map(part));
            continue;
        }
        match promise_within(line, near) {
            Some(place) => {
                let (title, promise) = line.text.split_at(place);
                all.push(Line { text: title.trim_end().to_owned(), ..line.clone() });
                all.push(Line { text: promise.to_owned(), start: lines::Start::Blank, ..line.clone() });
            }
            None => all.push(line.clone()),
        }
    }
    all
}

/// Where in a line a promise begins that may go on over the next lines.
fn promise_within(line: &Line, near: &[Line]) -> Option<usize> {
    if line.bullet || !["För", "Patientlöfte"].iter().any(|word| line.text.contains(word)) {
        return None;
    }
    let all = lines::joined(near);
    let phrases = ["För att uppnå", "För att erbjuda", "Patientlöfte"];
    let begins = phrases.iter().filter_map(|phrase| all.find(phrase)).min()?;
    (begins > 0 && begins < line.text.len() && promises::find(&all).is_some()).then_some(begins)
}

const FOLLOW: &[&str] = &[
    "följs upp",
    "följ ",
    "följa ",
    "uppföljning",
    "effektmål",
    "mäts ",
    "mått",
    "indikator",
    "antal ",
    "andel ",
    "samt, efter",
    "utvärder",
    "resultatmål",
    "målvärde",
    "redovisas",
    "återrapport",
    "nyckeltal",
];
const FOLLOW_WITHIN: &[&str] = &[
    "följs upp",
    "följdes upp",
    "följas upp",
    "följa upp",
    "utvärderas",
    "bevakas",
    "effektmål",
    "indikator",
];
const DOING: &[&str] = &[
    "uppdrag ges",
    "uppdra ",
    "aktiviteter ",
    "tidplan",
    "tidsplan",
    "genomför",
    "ta fram",
    "starta",
    "bemanna",
    "kartlägg",
    "fortsatt arbete",
    "samverkan med",
    "projekt ",
    "inför",
    "bilda ",
    "formulera",
    "utred",
    "skapa ",
];
const GOING: &[&str] = &[
    "beslut ",
    "behov ",
    "förslag ",
    "inbjudan",
    "avvakta",
    "inväntar",
    "väntar",
    "fortsatt ",
    "ex. från",
    "från ",
    "arbetet ",
    "pågår",
    "projektet ",
    "klart",
    "ev. ",
    "dialog ",
    "ingen ",
    "inget ",
    "enligt plan",
    "försenat",
    "försenad",
    "återstår",
    "möte ",
    "delas ",
    "ännu ",
];

fn signs(lines: &[Line], before: Option<&str>) -> Signs {
    let text = lines::joined(lines);
    let low = fold(&text);
    let begins = |with: &[&str]| with.iter().any(|w| low.starts_with(w));
    let opens = lines::opens_entry(before, &text);
    let year = opens.as_ref().is_some_and(|(found, _)| found.range.len() == 4);
    let promise =
        promises::find(&text).filter(|p| p.range.len() * 2 > text.len() || p.range.end + 2 >= text.len());
    let bullet = lines.first().is_some_and(|l| l.bullet);
    let colon = text.split_once(": ").map(|(name, _)| name);
    Signs {
        bullet,
        entry: opens.is_some() && !year,
        year_entry: year,
        promise: (promise.is_some() && !bullet) || is_ditto(&text),
        status: status::opens(&text).is_some() || text.starts_with(['☐', '☑', '☒', '✓', '✔']),
        bracket: text.starts_with('(') && text.ends_with(')'),
        follow: begins(FOLLOW) || FOLLOW_WITHIN.iter().any(|w| low.contains(w)),
        doing: begins(DOING),
        going: begins(GOING) || low.contains(" pågår"),
        amid: before.is_none() && !lines::begins_anew(&text),
        question: text.ends_with('?'),
        named: colon.is_some_and(|name| !name.contains(' ') && name.len() < 15),
        follow_list: false,
        after_entry: false,
        after_bullet: false,
        again: false,
        label: false,
        sentences: lines::sentences(&text).len(),
        letters: text.chars().count(),
    }
}

/// Whether lines look like rows of a plan even without a heading: some are promises, statuses or dated.
pub(super) fn looks_like_rows(lines: &[Line]) -> bool {
    let pieces = pieces(lines);
    let telling = pieces.iter().filter(|p| p.signs.promise || p.signs.entry || p.signs.status).count();
    let first = lines.first().is_some_and(|l| !dangles(&l.text));
    first && telling > 0 && pieces.len() > 2
}
