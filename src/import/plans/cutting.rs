//! Rows cut out of lines: what a table becomes when its text is taken out of a PDF or a deck.
//!
//! Such a text has the cells of each row after each other, and nothing says where one ends. So the lines are first
//! put together into pieces that belong together for certain (see [`lines::between`]), each piece is given points for
//! what it could be (a title, a promise, an activity, ...), each step from one to the next is given points for how
//! firmly the lines break there and how usual it is, and the way with the most points is taken (Viterbi). Nothing is
//! decided on one sign alone, so a row without a promise, without bullets or without a status is found all the same.

use super::heads::Column;
use super::lines::{Break, Line, ends};
use super::pieces::{Piece, pieces};

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
