//! Rows cut out of lines: what a table becomes when its text is taken out of a PDF or a deck.
//!
//! Such a text has the cells of each row after each other, and nothing says where one ends. So the lines are first
//! put together into pieces that belong together for certain (see [`lines::between`]), each piece is given points for
//! what it could be (a title, a promise, an activity, ...), each step from one to the next is given points for how
//! firmly the lines break there and how usual it is, and the way with the most points is taken (Viterbi). Nothing is
//! decided on one sign alone, so a row without a promise, without bullets or without a status is found all the same.

use super::entries;
use super::heads::Column;
use super::lines::{self, Break, Line, between, dangles, ends, fold, is_ditto};
use super::promises;
use super::status;

/// What a piece can be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Is {
    Focus,
    Title,
    Promise,
    /// A promise that its row begins with.
    Opening,
    /// A title that stands after the promise.
    Subtitle,
    Activity,
    FollowUp,
    Status,
}

const ALL: [Is; 8] =
    [Is::Focus, Is::Title, Is::Promise, Is::Opening, Is::Subtitle, Is::Activity, Is::FollowUp, Is::Status];

impl Is {
    pub fn column(self) -> Column {
        match self {
            Self::Focus => Column::Focus,
            Self::Title | Self::Promise | Self::Opening | Self::Subtitle => Column::Area,
            Self::Activity => Column::Activities,
            Self::FollowUp => Column::FollowUp,
            Self::Status => Column::Status,
        }
    }

    fn opens_row(self) -> bool {
        matches!(self, Self::Focus | Self::Title | Self::Opening)
    }
}

/// Lines that belong together, and what they were taken for.
#[derive(Clone, Debug)]
pub(super) struct Piece {
    pub lines: Vec<Line>,
    pub is: Is,
    /// It begins a row.
    pub new: bool,
    /// How firmly it is cut off from what stands before.
    cut: Break,
    signs: Signs,
}

/// What is seen of a piece.
#[derive(Clone, Debug, Default)]
struct Signs {
    bullet: bool,
    entry: bool,
    year_entry: bool,
    promise: bool,
    status: bool,
    bracket: bool,
    follow: bool,
    doing: bool,
    going: bool,
    /// It goes on in the midst of a sentence.
    amid: bool,
    question: bool,
    named: bool,
    /// A list that something about the follow-up introduces.
    follow_list: bool,
    /// Prose that stands after dated entries.
    after_entry: bool,
    /// Prose that stands after a list.
    after_bullet: bool,
    /// A dated line after others, with a paragraph in between.
    again: bool,
    /// A phrase with a paragraph of its own.
    label: bool,
    sentences: usize,
    letters: usize,
}

/// Cuts the lines below a heading. `focus`: the heading has a column for the national focus area.
pub(super) fn cut(lines: &[Line], focus: bool) -> Vec<Piece> {
    let mut pieces = pieces(lines);
    // Rows of one table have one order: where the first begins with its promise, the others do too.
    let opening = pieces.first().is_some_and(|piece| piece.signs.promise);
    let mut best: Vec<[(f32, usize); ALL.len()]> = Vec::with_capacity(pieces.len());
    for (at, piece) in pieces.iter().enumerate() {
        let mut row = [(f32::NEG_INFINITY, 0); ALL.len()];
        for (slot, is) in row.iter_mut().zip(ALL) {
            if is == Is::Focus && !focus {
                continue;
            }
            let own = points(piece, is);
            *slot = match at.checked_sub(1).and_then(|b| best.get(b)) {
                None => (own + beginning(piece, is), 0),
                Some(before) => {
                    ALL.iter().zip(before).enumerate().fold(*slot, |found, (from, (was, (score, _)))| {
                        let all = score + step(*was, is, piece, opening) + own;
                        if all > found.0 { (all, from) } else { found }
                    })
                }
            };
        }
        best.push(row);
    }
    let last = best.last().map_or(0, |row| top(row));
    let mut state = last;
    for (piece, row) in pieces.iter_mut().zip(&best).rev() {
        piece.is = ALL.get(state).copied().unwrap_or(Is::Status);
        state = row.get(state).map_or(0, |(_, from)| *from);
    }
    let mut was: Option<Is> = None;
    for piece in &mut pieces {
        piece.new = match was {
            None => piece.is.opens_row(),
            Some(was) => begins_row(was, piece.is),
        };
        was = Some(piece.is);
    }
    pieces
}

fn top(row: &[(f32, usize)]) -> usize {
    let mut best = (0, f32::NEG_INFINITY);
    for (at, (score, _)) in row.iter().enumerate() {
        if *score > best.1 {
            best = (at, *score);
        }
    }
    best.0
}

/// Whether going from one to the other begins a row.
fn begins_row(was: Is, is: Is) -> bool {
    match (was, is) {
        (Is::Focus, Is::Title | Is::Focus) | (Is::Title, Is::Title) => false,
        (_, is) => is.opens_row(),
    }
}

fn pieces(lines: &[Line]) -> Vec<Piece> {
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

/// The points of a piece for being something.
fn points(piece: &Piece, is: Is) -> f32 {
    let signs = &piece.signs;
    let title = matches!(is, Is::Focus | Is::Title | Is::Subtitle);
    let of = |table: [f32; 5]| {
        let [title_, promise, activity, follow, state] = table;
        match is {
            Is::Focus | Is::Title | Is::Subtitle => title_,
            Is::Promise | Is::Opening => promise,
            Is::Activity => activity,
            Is::FollowUp => follow,
            Is::Status => state,
        }
    };
    if signs.promise {
        return of([-4.0, 10.0, -10.0, -10.0, -10.0]);
    }
    if signs.bullet {
        return if signs.follow_list {
            of([-9.0, -20.0, 1.0, 5.0, -1.0])
        } else {
            of([-9.0, -20.0, 4.0, 0.0, -1.0])
        };
    }
    if signs.entry {
        return of([-12.0, -20.0, -1.0, 4.0, 2.5]);
    }
    if signs.year_entry {
        return of([-8.0, -20.0, 0.0, 3.0, 2.0]);
    }
    if signs.status {
        return of([-9.0, -20.0, -4.0, -4.0, 7.0]);
    }
    if signs.bracket {
        return of([-6.0, -20.0, -1.0, -1.0, 2.5]);
    }
    let mut points = of([0.0, -20.0, 0.0, -0.3, 0.0]);
    if signs.follow {
        points += of([-4.0, 0.0, -1.0, 3.0, -1.0]);
    }
    if signs.doing {
        points += of([-1.5, 0.0, 1.5, 0.0, 0.0]);
    }
    if signs.going {
        points += of([-3.0, 0.0, -0.5, 0.0, 2.0]);
    }
    if signs.after_entry && piece.cut == Break::Strong {
        points += of([0.0, 0.0, -2.0, -0.5, 0.5]);
    } else if signs.after_entry {
        points += of([0.0, 0.0, -2.0, 1.0, -0.5]);
    }
    if signs.after_bullet && piece.cut >= Break::Medium {
        points += of([0.0, 0.0, -1.0, 0.0, 0.0]);
    }
    if title {
        let long = match signs.letters {
            0..=160 => 0.0,
            161..=300 => -1.0,
            _ => -5.0,
        };
        let said = if signs.question || signs.named { -3.0 } else { 0.0 };
        let amid = if signs.amid { -6.0 } else { 0.0 };
        let sentences = if signs.sentences > 1 { -3.0 } else { 0.0 };
        let ended = piece.lines.last().is_some_and(|l| ends(&l.text));
        let focus = if is == Is::Focus && (signs.letters > 60 || ended) { -6.0 } else { 0.0 };
        let label = if signs.label { 1.5 } else { 0.0 };
        points += long + said + amid + sentences + focus + label;
    }
    points
}

/// The points for standing right below a heading.
fn beginning(piece: &Piece, is: Is) -> f32 {
    match is {
        Is::Title => 0.0,
        Is::Focus => -1.5,
        Is::Opening => -0.5,
        // The row before goes on.
        Is::Activity | Is::FollowUp | Is::Status if piece.signs.amid => -1.0,
        Is::Activity | Is::FollowUp | Is::Status => -4.0,
        Is::Promise | Is::Subtitle => -30.0,
    }
}

/// The points for going from one piece to the next; `opening`: rows begin with their promises here.
fn step(was: Is, is: Is, piece: &Piece, opening: bool) -> f32 {
    const NEVER: f32 = -40.0;
    let cut = piece.cut;
    if begins_row(was, is) {
        let firm = match cut {
            Break::Strong => -1.5,
            Break::Sentence => -2.0,
            Break::Medium => -3.0,
            Break::Weak | Break::None => -6.0,
        };
        let ended = match was {
            Is::Title | Is::Focus | Is::Subtitle => -6.0,
            Is::Promise | Is::Opening => -3.0,
            Is::Activity => -1.5,
            Is::FollowUp => -0.5,
            Is::Status => 0.0,
        };
        let kind = match is {
            Is::Title => -1.0,
            Is::Opening if opening => -0.5,
            _ => -2.0,
        };
        return firm + ended + kind;
    }
    if was == is {
        return match (is, cut) {
            // A log that goes on after something else is another row's.
            (Is::FollowUp | Is::Status, _) if piece.signs.again => -2.5,
            (Is::Title | Is::Subtitle | Is::Focus, Break::Strong | Break::Sentence) => -4.0,
            (Is::Title | Is::Subtitle | Is::Focus, Break::Medium) => -1.0,
            _ => 0.0,
        };
    }
    let usual = match (was, is) {
        (Is::Focus, Is::Title) => 0.0,
        (Is::Title, Is::Promise) => {
            if opening {
                -2.0
            } else {
                4.0
            }
        }
        (Is::Opening, Is::Subtitle) => 1.0,
        (Is::Title, Is::Activity) => -1.0,
        (Is::Promise | Is::Opening | Is::Subtitle, Is::Activity)
        | (Is::Activity, Is::FollowUp)
        | (Is::FollowUp, Is::Status) => 0.0,
        (Is::Activity, Is::Status) => -0.5,
        (Is::Promise | Is::Opening | Is::Subtitle, Is::FollowUp | Is::Status) => -1.0,
        (Is::Title, Is::FollowUp | Is::Status) => -2.0,
        _ => NEVER,
    };
    let firm = match cut {
        Break::Strong => 0.5,
        Break::Sentence | Break::Medium => 0.0,
        Break::Weak | Break::None => -3.0,
    };
    usual + firm
}

/// Whether lines look like rows of a plan even without a heading: some are promises, statuses or dated.
pub(super) fn looks_like_rows(lines: &[Line]) -> bool {
    let pieces = pieces(lines);
    let telling = pieces.iter().filter(|p| p.signs.promise || p.signs.entry || p.signs.status).count();
    let first = lines.first().is_some_and(|l| !dangles(&l.text));
    first && telling > 0 && pieces.len() > 2
}
