//! The names beside the circle, with a line to each mark.

use super::circle::point;
use super::lanes::spread;
use super::paint::{RIM, Sheet, escape};
use super::rings::{Band, Placed, place};
use super::{Ring, Shape};

/// Where the columns of names begin, to the left and the right.
const COLUMN: f64 = 560.0;
/// From the highest to the lowest.
const HEIGHT: (f64, f64) = (-492.0, 492.0);
const SIZE: f64 = 20.0;
/// From one to the next.
const APART: f64 = 29.0;
/// More would stand on each other.
const MOST: usize = 34;
/// Longer names are cut: the whole name is in the list.
const LETTERS: usize = 34;

/// Names what has a day; arcs are named where they are.
pub(super) fn draw(sheet: &mut Sheet, rings: &[Ring]) {
    let bands = Band::all(rings.len());
    let mut sides: [Vec<(Placed<'_>, Band)>; 2] = [Vec::new(), Vec::new()];
    for (ring, band) in rings.iter().zip(bands) {
        for one in place(sheet, ring, band) {
            let named = matches!(one.mark.shape, Shape::Meeting | Shape::Deadline) && !one.mark.cancelled;
            let [right, left] = &mut sides;
            let side = if one.angle < 180.0 { right } else { left };
            // The outer rings go first where there are too many.
            if named && side.len() < MOST {
                side.push((one, band));
            }
        }
    }
    // The marks are links already: a second one for each would be read twice.
    sheet.put(format_args!("<g aria-hidden=\"true\">"));
    for (mut side, sign) in sides.into_iter().zip([1.0, -1.0]) {
        let height = |one: &Placed<'_>| point(one.angle, RIM).1;
        side.sort_by(|(a, _), (b, _)| height(a).partial_cmp(&height(b)).unwrap_or(std::cmp::Ordering::Equal));
        let wanted: Vec<f64> = side.iter().map(|(one, _)| height(one)).collect();
        for ((one, band), y) in side.iter().zip(spread(&wanted, APART, HEIGHT)) {
            name(sheet, one, *band, (sign, y));
        }
    }
    sheet.put(format_args!("</g>"));
}

fn name(sheet: &mut Sheet, one: &Placed<'_>, band: Band, (sign, y): (f64, f64)) {
    let ((x1, y1), (x2, y2)) = (point(one.angle, one.radius + one.half()), point(one.angle, RIM + 6.0));
    let (x3, x) = (sign * (COLUMN - 10.0), sign * COLUMN);
    let anchor = if sign > 0.0 { "start" } else { "end" };
    let (colour, hue, href) = (band.colour(), band.hue + 1, escape(&one.mark.href));
    let text = escape(&cut(&one.mark.short));
    let baseline = y + 0.35 * SIZE;
    sheet.put(format_args!(
        "<g class=\"hue-{hue}\"><path class=\"wheel-lead\" d=\"M{x1:.1} {y1:.1}L{x2:.1} {y2:.1}L{x3:.1} {y:.1}\" fill=\"none\" \
         stroke=\"{colour}\" stroke-opacity=\"0.55\" stroke-width=\"1.5\"/><a href=\"{href}\" tabindex=\"-1\"><text class=\"wheel-ink\" \
         fill=\"#1b2126\" font-size=\"{SIZE}\" text-anchor=\"{anchor}\" x=\"{x:.1}\" y=\"{baseline:.1}\">{text}</text></a></g>"
    ));
}

fn cut(text: &str) -> String {
    if text.chars().count() <= LETTERS {
        return text.to_owned();
    }
    let kept: String = text.chars().take(LETTERS - 1).collect();
    format!("{}…", kept.trim_end())
}
