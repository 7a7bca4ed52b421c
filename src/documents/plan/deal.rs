//! Which rows stand on which slide, in letters of what size.

use jiff::civil::Date;

use super::cells::{Cell, Kind, Para, Without, cells};
use super::measure::Measure;
use crate::picture::Shown;
use crate::text::picture as text;

/// The width of a slide between its margins, in points.
pub const WIDTH: f64 = 904.0;
/// The first column, with and without anything in it.
const FOCUS: [f64; 2] = [116.0, 88.0];
/// How the other columns may share what it leaves: a plan gets the widths in which it takes the least room.
const SHARES: [[f64; 4]; 5] = [
    [0.22, 0.24, 0.26, 0.28],
    [0.21, 0.28, 0.28, 0.23],
    [0.19, 0.34, 0.24, 0.23],
    [0.19, 0.24, 0.34, 0.23],
    [0.20, 0.22, 0.25, 0.33],
];
/// What stays free inside a cell at its sides, and above and below.
pub const SIDE: f64 = 5.0;
pub const ABOVE: f64 = 3.5;
/// The row of heads.
pub const HEADS: f64 = 36.0;
/// What a table has from under the slide's title to the foot.
const ROOM: f64 = 420.0 - HEADS;
/// Sizes of letters: the usual one, and the smaller ones that keep a long row on one slide.
const SIZES: [f64; 3] = [12.0, 11.0, 10.0];
/// Whoever shows the slide sets lines a little otherwise.
const SLACK: f64 = 1.03;

/// A row on a slide.
#[derive(Clone, Debug)]
pub struct Placed {
    pub number: usize,
    pub cells: [Cell; 5],
    /// In points.
    pub height: f64,
}

/// What stands on one slide.
#[derive(Clone, Debug)]
pub struct Leaf {
    pub size: f64,
    pub rows: Vec<Placed>,
}

impl Leaf {
    fn height(&self) -> f64 {
        self.rows.iter().map(|row| row.height).sum()
    }
}

/// Widths of the columns, in points.
pub type Widths = [f64; 5];

/// The widths in which rows take the least room.
pub fn widths<'a>(rows: impl Iterator<Item = &'a Shown>, day: Date, without: Without) -> Widths {
    let all: Vec<[Cell; 5]> = rows.map(|shown| cells(shown, day, without)).collect();
    let empty = all.iter().all(|cells| cells[0].paras.is_empty());
    let first = FOCUS[usize::from(empty)];
    let mut best = (f64::INFINITY, [first; 5]);
    for [title, activities, follow_up, status] in SHARES {
        let rest = WIDTH - first;
        let widths = [first, title * rest, activities * rest, follow_up * rest, status * rest];
        let taken: f64 = all.iter().map(|cells| height(cells, SIZES[0], widths)).sum();
        if taken < best.0 || best.0.is_infinite() {
            best = (taken, widths);
        }
    }
    best.1
}

/// Deals out rows, in smaller letters if that saves every fourth slide. A row is on one slide if it can be, in smaller letters if it must; one that is too long for that
/// goes on over the next, under the same mark.
pub fn deal(rows: &[Shown], widths: Widths, day: Date, without: Without) -> Vec<Leaf> {
    let usual = from(0, rows, widths, day, without);
    let smaller = from(1, rows, widths, day, without);
    if smaller.len() * 4 <= usual.len() * 3 { smaller } else { usual }
}

/// Deals out rows in letters of a size, by its place in [`SIZES`], or smaller.
fn from(first: usize, rows: &[Shown], widths: Widths, day: Date, without: Without) -> Vec<Leaf> {
    let usual = SIZES[first];
    let mut leaves: Vec<Leaf> = Vec::new();
    for shown in rows {
        let whole = cells(shown, day, without);
        let at = |size| Placed {
            number: shown.number,
            height: height(&whole, size, widths),
            cells: whole.clone(),
        };
        let placed = at(usual);
        if let Some(leaf) =
            leaves.last_mut().filter(|l| l.size >= usual && l.height() + placed.height <= ROOM)
        {
            leaf.rows.push(placed);
            continue;
        }
        let sizes = SIZES.iter().skip(first).map(|size| (*size, at(*size)));
        match sizes.into_iter().find(|(_, placed)| placed.height <= ROOM) {
            Some((size, placed)) => leaves.push(Leaf { size, rows: vec![placed] }),
            None => leaves.extend(broken(shown.number, whole, SIZES[SIZES.len() - 1], widths)),
        }
    }
    leaves
}

fn height(cells: &[Cell; 5], size: f64, widths: Widths) -> f64 {
    let measure = Measure { size };
    let each = cells.iter().zip(widths).map(|(cell, width)| measure.cell(cell, width - 2.0 * SIDE));
    (each.fold(0.0, f64::max) + 2.0 * ABOVE) * SLACK
}

/// A row that no slide holds, on as many as it takes.
fn broken(number: usize, whole: [Cell; 5], size: f64, widths: Widths) -> Vec<Leaf> {
    let measure = Measure { size };
    let heading = whole[1].clone();
    let room = ROOM / SLACK - 2.0 * ABOVE;
    let mut rest = whole;
    let mut leaves = Vec::new();
    while rest.iter().any(|cell| !cell.paras.is_empty()) {
        let mut now: [Cell; 5] = Default::default();
        for (at, (cell, width)) in rest.iter_mut().zip(widths).enumerate() {
            now[at] = Cell { paras: taken(cell, measure, width - 2.0 * SIDE, room), fill: cell.fill };
        }
        if !leaves.is_empty() {
            now[1].paras.splice(0..0, going_on(&heading));
        }
        leaves.push(Leaf {
            size,
            rows: vec![Placed { number, height: height(&now, size, widths), cells: now }],
        });
    }
    leaves
}

/// What stands over the rest of a row: its title, that it goes on, and its mark.
fn going_on(heading: &Cell) -> Vec<Para> {
    let title = heading.paras.iter().find(|para| para.kind == Kind::Title);
    let title = title.map(|para| Para { kind: Kind::Title, text: text::going_on(&para.text) });
    let mark = heading.paras.iter().rfind(|para| para.kind == Kind::Small).cloned();
    title.into_iter().chain(mark).collect()
}

/// Takes as many paragraphs from a cell as there is room for, and the beginning of one that has none anywhere.
fn taken(cell: &mut Cell, measure: Measure, width: f64, room: f64) -> Vec<Para> {
    let mut left = room;
    let mut taken = Vec::new();
    while let Some(first) = cell.paras.first() {
        let height = measure.para(first, width);
        if height <= left {
            left -= height;
            taken.push(cell.paras.remove(0));
        } else if taken.is_empty() {
            let (begun, rest) = halved(first, measure, width, room);
            taken.push(begun);
            cell.paras[0] = rest;
            break;
        } else {
            break;
        }
    }
    taken
}

/// A paragraph that no slide holds: as many of its words as one does, and the rest.
fn halved(para: &Para, measure: Measure, width: f64, room: f64) -> (Para, Para) {
    let ends: Vec<usize> = para.text.match_indices(' ').map(|(at, _)| at).collect();
    let of = |text: &str| Para { kind: para.kind, text: text.trim().to_owned() };
    let fits = |at: &usize| measure.para(&of(para.text.get(..*at).unwrap_or_default()), width) <= room;
    let words = ends.partition_point(fits);
    // One word that fills a slide is cut wherever a letter ends.
    let letters = || para.text.char_indices().map(|(at, _)| at).skip(1).take_while(|at| fits(at)).last();
    let end = words
        .checked_sub(1)
        .and_then(|last| ends.get(last))
        .copied()
        .or_else(letters)
        .unwrap_or(para.text.len());
    (of(para.text.get(..end).unwrap_or_default()), of(para.text.get(end..).unwrap_or_default()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::items::register::Activity;
    use crate::items::table::Row;

    fn shown(number: usize, title: &str, activities: &[String]) -> Shown {
        let activities = activities.iter().map(|text| Activity { text: text.clone(), mark: None });
        let row = Row { title: title.to_owned(), activities: activities.collect(), ..Row::default() };
        Shown { number, row, parts: Vec::new(), late: None }
    }

    fn dealt(rows: &[Shown]) -> Vec<Leaf> {
        let (day, without) = (jiff::civil::date(2025, 1, 1), Without::default());
        deal(rows, widths(std::iter::empty(), day, without), day, without)
    }

    fn words(count: usize) -> String {
        vec!["uppföljningen"; count].join(" ")
    }

    #[test]
    fn rows_stand_whole_on_slides_that_hold_them() {
        let rows: Vec<Shown> = (1..=30).map(|n| shown(n, "Punkt", &[words(20)])).collect();
        let leaves = dealt(&rows);
        let numbers: Vec<usize> = leaves.iter().flat_map(|leaf| &leaf.rows).map(|row| row.number).collect();
        assert_eq!(numbers, (1..=30).collect::<Vec<_>>());
        assert!(leaves.len() > 4 && leaves.iter().all(|leaf| leaf.height() <= ROOM && leaf.size == 12.0));
    }

    #[test]
    fn a_long_row_gets_smaller_letters_and_a_longer_one_goes_on() {
        let sizes = |count| {
            let leaves = dealt(&[shown(1, "Kort", &[]), shown(2, "Lång", &vec![words(2); count])]);
            leaves.iter().map(|leaf| leaf.size).collect::<Vec<_>>()
        };
        let all: Vec<Vec<f64>> = (1..30).map(sizes).collect();
        assert_eq!(all[0], [12.0]);
        assert!(all.contains(&vec![12.0, 11.0]), "smaller letters keep it on its slide: {all:?}");
        let leaves = dealt(&[shown(1, "Lång", &vec![words(8); 40])]);
        assert!(leaves.len() > 2 && leaves.iter().all(|leaf| leaf.height() <= ROOM));
        assert!(leaves.iter().all(|leaf| leaf.rows[0].cells[1].text().ends_with("nr 1")));
        let all: usize = leaves.iter().map(|leaf| leaf.rows[0].cells[2].paras.len()).sum();
        assert_eq!(all, 40, "nothing is lost or said twice");
    }

    #[test]
    fn not_even_one_endless_word_is_lost() {
        for text in ["a".repeat(20_000), words(2_000)] {
            let leaves = dealt(&[shown(1, "Punkt", std::slice::from_ref(&text))]);
            let letters = |text: &str| text.chars().filter(|c| c.is_alphabetic()).count();
            let all: usize = leaves.iter().map(|leaf| letters(&leaf.rows[0].cells[2].text())).sum();
            assert_eq!(all, letters(&text));
        }
    }
}
