//! How much room text takes on a slide: nobody lays it out before it is projected, so whoever fills the slides must
//! know.
//!
//! Widths are those of Helvetica, which Arial has and the fonts that stand in for Arial where there is none.

use super::cells::{Cell, Kind, Para};

/// Widths in thousandths of the font's size, from the blank to the tilde (Adobe's font metrics for Helvetica).
const WIDTHS: [u16; 95] = [
    278, 278, 355, 556, 556, 889, 667, 191, 333, 333, 389, 584, 278, 333, 278, 278, 556, 556, 556, 556, 556,
    556, 556, 556, 556, 556, 278, 278, 584, 584, 584, 556, 1015, 667, 667, 722, 722, 667, 611, 778, 722, 278,
    500, 667, 556, 833, 722, 778, 667, 778, 722, 667, 611, 722, 667, 944, 667, 667, 611, 278, 278, 278, 469,
    556, 333, 556, 556, 500, 556, 556, 278, 556, 556, 222, 222, 500, 222, 833, 556, 556, 556, 556, 333, 500,
    278, 556, 500, 722, 500, 500, 500, 334, 260, 334, 584,
];
/// Of a line, in sizes of its font.
const LINE: f64 = 1.2;
/// Bold letters are wider by so much.
const BOLD: f64 = 1.07;

/// What a slide's text is measured by, in points.
#[derive(Clone, Copy, Debug)]
pub struct Measure {
    /// The size of running text.
    pub size: f64,
}

impl Measure {
    /// The size of a kind of paragraph.
    pub fn of(self, kind: Kind) -> f64 {
        match kind {
            Kind::Small => (self.size - 2.0).max(9.0),
            Kind::Title | Kind::Text | Kind::Bullet | Kind::Status(_) => self.size,
        }
    }

    /// What comes after a paragraph.
    pub fn after(self) -> f64 {
        self.size / 5.0
    }

    /// How far the text of a bullet stands in.
    pub fn indent(self) -> f64 {
        self.size * 0.9
    }

    /// The height of a paragraph in a column of `width` points.
    pub fn para(self, para: &Para, width: f64) -> f64 {
        let (size, bold) = (self.of(para.kind), matches!(para.kind, Kind::Title | Kind::Status(_)));
        let width = if para.kind == Kind::Bullet { width - self.indent() } else { width };
        rows(&para.text, size * if bold { BOLD } else { 1.0 }, width) * size * LINE + self.after()
    }

    /// The height of what a cell holds.
    pub fn cell(self, cell: &Cell, width: f64) -> f64 {
        cell.paras.iter().map(|para| self.para(para, width)).sum()
    }
}

/// How many lines a text of that size takes in a column of `width` points.
fn rows(text: &str, size: f64, width: f64) -> f64 {
    let blank = wide(' ', size);
    let (mut lines, mut used) = (1.0, 0.0);
    for word in text.split(' ') {
        let own: f64 = word.chars().map(|letter| wide(letter, size)).sum();
        if used > 0.0 && used + blank + own > width {
            lines += 1.0;
            used = 0.0;
        }
        used += if used > 0.0 { blank + own } else { own };
        // A word wider than its column is broken.
        while used > width {
            lines += 1.0;
            used -= width;
        }
    }
    lines
}

fn wide(letter: char, size: f64) -> f64 {
    let code = u32::from(letter).checked_sub(32).and_then(|code| usize::try_from(code).ok());
    let own = code.and_then(|code| WIDTHS.get(code)).copied();
    let thousandths = own.unwrap_or(match letter {
        'å' | 'ä' | 'ö' | 'é' | 'ü' => 556,
        'Å' | 'Ä' => 667,
        'Ö' => 778,
        _ => 900,
    });
    f64::from(thousandths) * size / 1000.0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_set_into_lines_and_long_ones_broken() {
        // Ten letters of 5.56 points.
        let ten = "aaaaaaaaaa";
        assert_eq!(rows(ten, 10.0, 56.0), 1.0);
        assert_eq!(rows(&format!("{ten} {ten}"), 10.0, 56.0), 2.0);
        assert_eq!(rows(&format!("{ten} {ten}"), 10.0, 115.0), 1.0);
        assert_eq!(rows(&ten.repeat(3), 10.0, 56.0), 3.0);
        assert_eq!(rows("", 10.0, 56.0), 1.0);
    }
}
