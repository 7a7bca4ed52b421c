//! The rings with their marks.

use super::circle::{Turn, arc, degrees, point};
use super::lanes::lanes;
use super::paint::{RINGS, Sheet, escape};
use super::{Mark, Ring, Shape, Style};

/// Their colours on white: each has 4.5:1 against it, so that white can be read on them and they on white.
const HUES: [&str; 7] = ["#005078", "#1b7a3d", "#8a5a00", "#6a3d9a", "#a3341f", "#00696b", "#56606a"];
const PAPER: &str = "#ffffff";

/// Between two rings, and the widest that one is.
const GAP: f64 = 5.0;
const WIDEST: f64 = 62.0;
/// No letters are smaller than this, in either style.
const SMALLEST: f64 = 14.0;

/// Where a ring lies, and how it is coloured.
#[derive(Clone, Copy)]
pub(super) struct Band {
    pub(super) hue: usize,
    pub(super) outer: f64,
    pub(super) width: f64,
}

/// A mark with its place.
pub(super) struct Placed<'a> {
    pub(super) mark: &'a Mark,
    pub(super) angle: f64,
    /// The middle of its lane, and how wide that is.
    pub(super) radius: f64,
    width: f64,
}

impl Band {
    /// The bands of `count` rings, the outermost first.
    pub(super) fn all(count: usize) -> Vec<Self> {
        let n = u32::try_from(count.max(1)).map_or(1.0, f64::from);
        let pitch = ((RINGS.1 - RINGS.0) / n).min(WIDEST + GAP);
        let band = |index: u32| Self {
            hue: usize::try_from(index).unwrap_or(0) % HUES.len(),
            outer: RINGS.1 - f64::from(index) * pitch,
            width: pitch - GAP,
        };
        (0..u32::try_from(count).unwrap_or(0)).map(band).collect()
    }

    fn middle(self) -> f64 {
        self.outer - self.width / 2.0
    }

    pub(super) fn colour(self) -> &'static str {
        HUES.get(self.hue).copied().unwrap_or(HUES[0])
    }
}

impl Placed<'_> {
    /// Half of what a round mark takes.
    pub(super) fn half(&self) -> f64 {
        0.42 * self.width
    }
}

/// What the rings lie on.
pub(super) fn grounds(sheet: &mut Sheet, rings: &[Ring]) {
    for band in Band::all(rings.len()) {
        let (hue, colour, radius, width) = (band.hue + 1, band.colour(), band.middle(), band.width);
        sheet.put(format_args!(
            "<circle class=\"wheel-ring hue-{hue}\" r=\"{radius:.1}\" fill=\"none\" stroke=\"{colour}\" \
             stroke-opacity=\"0.1\" stroke-width=\"{width:.1}\"/>"
        ));
    }
}

/// The marks and the names of the rings.
pub(super) fn draw(sheet: &mut Sheet, rings: &[Ring]) {
    for (ring, band) in rings.iter().zip(Band::all(rings.len())) {
        let (hue, title) = (band.hue + 1, escape(&ring.title));
        sheet.put(format_args!("<g class=\"hue-{hue}\" role=\"group\" aria-label=\"{title}\">"));
        let placed = place(sheet, ring, band);
        if let Some((label, href)) = &ring.running {
            running(sheet, band, label, href);
        } else {
            name(sheet, ring, band, &placed);
        }
        for one in &placed {
            mark(sheet, one, band);
        }
        sheet.put(format_args!("</g>"));
    }
}

/// Gives each mark of a ring its lane: arcs first, then what lies on them. What is outside the turn has none.
pub(super) fn place<'a>(sheet: &Sheet, ring: &'a Ring, band: Band) -> Vec<Placed<'a>> {
    let turn = sheet.turn;
    let shown = || ring.marks.iter().filter(|mark| mark.last >= turn.first() && mark.first <= turn.last());
    let (arcs, points): (Vec<&Mark>, Vec<&Mark>) =
        shown().partition(|mark| matches!(mark.shape, Shape::Period | Shape::Expected));
    let half = degrees(0.42 * band.width, band.middle());
    let day = |date| turn.middle(date, date);
    let long: Vec<(f64, f64)> = arcs.iter().map(|m| (turn.begin(m.first), turn.end(m.last))).collect();
    let short: Vec<(f64, f64)> = points.iter().map(|m| (day(m.first) - half, day(m.last) + half)).collect();
    let mut placed = laned(&arcs, &long, turn, band);
    placed.extend(laned(&points, &short, turn, band));
    placed
}

fn laned<'a>(marks: &[&'a Mark], stretches: &[(f64, f64)], turn: Turn, band: Band) -> Vec<Placed<'a>> {
    let (given, count) = lanes(stretches, 0.0);
    let width = band.width / u32::try_from(count.max(1)).map_or(1.0, f64::from);
    let one = |(mark, lane): (&&'a Mark, usize)| Placed {
        mark,
        angle: turn.middle(mark.first, mark.last),
        radius: band.outer - width * (0.5 + u32::try_from(lane).map_or(0.0, f64::from)),
        width,
    };
    marks.iter().zip(given).map(one).collect()
}

/// The ring's name in its widest gap, if it has room there.
fn name(sheet: &mut Sheet, ring: &Ring, band: Band, placed: &[Placed<'_>]) {
    let size = match sheet.style {
        Style::Wide => (0.5 * band.width).min(20.0),
        Style::Narrow => (0.62 * band.width).min(27.0),
    };
    let mut taken: Vec<(f64, f64)> = placed.iter().map(|one| reach(sheet, one)).collect();
    taken.sort_by(|a, b| a.partial_cmp(b).unwrap_or(std::cmp::Ordering::Equal));
    let first = taken.first().map_or(360.0, |(from, _)| *from);
    let (mut best, mut end) = ((0.0, 0.0), taken.iter().map(|(_, to)| *to).fold(0.0, f64::max) - 360.0);
    for (from, to) in taken.iter().copied().chain([(first + 360.0, 0.0)]) {
        if from - end > best.1 - best.0 {
            best = (end, from);
        }
        end = end.max(to);
    }
    let needs = degrees(text_width(&ring.title, size) + 24.0, band.middle());
    if best.1 - best.0 < needs {
        return;
    }
    // Near the top, where one begins to read, if the gap is wide.
    let middle = f64::midpoint(best.0, best.1);
    let middle = if best.1 - best.0 > 2.0 * needs { best.0 + needs / 2.0 + 2.0 } else { middle };
    let (half, middle) = (needs / 2.0, middle.rem_euclid(360.0));
    let place = (middle - half, middle + half, band.middle());
    sheet.along(place, size, ("wheel-name", band.colour()), &ring.title);
}

fn reach(sheet: &Sheet, one: &Placed<'_>) -> (f64, f64) {
    match one.mark.shape {
        Shape::Period | Shape::Expected => (sheet.turn.begin(one.mark.first), sheet.turn.end(one.mark.last)),
        Shape::Meeting | Shape::Deadline => {
            let half = degrees(one.half(), one.radius);
            (one.angle - half, one.angle + half)
        }
    }
}

/// What goes on all the year: a closed ring that is one link.
fn running(sheet: &mut Sheet, band: Band, label: &str, href: &str) {
    let (radius, colour, width) = (band.middle(), band.colour(), band.width);
    let (label, href) = (escape(label), escape(href));
    sheet.put(format_args!(
        "<a href=\"{href}\" class=\"wheel-mark\" aria-label=\"{label}\"><title>{label}</title><circle \
         r=\"{radius:.1}\" fill=\"none\" stroke=\"{colour}\" stroke-opacity=\"0.02\" stroke-width=\"{width:.1}\"/>\
         <circle class=\"wheel-run\" r=\"{radius:.1}\" fill=\"none\" stroke=\"{colour}\" stroke-width=\"3\" \
         stroke-dasharray=\"1 10\" stroke-linecap=\"round\"/></a>"
    ));
}

fn mark(sheet: &mut Sheet, one: &Placed<'_>, band: Band) {
    let mark = one.mark;
    let (label, href) = (escape(&mark.label), escape(&mark.href));
    let mut class = "wheel-mark".to_owned();
    for (is, name) in [(mark.cancelled, " is-cancelled"), (mark.tentative, " is-tentative")] {
        class.push_str(if is { name } else { "" });
    }
    let (first, last, angle) = (mark.first, mark.last, one.angle);
    sheet.put(format_args!(
        "<a href=\"{href}\" class=\"{class}\" aria-label=\"{label}\" data-first=\"{first}\" data-last=\"{last}\" \
         data-angle=\"{angle:.3}\"><title>{label}</title>"
    ));
    match mark.shape {
        Shape::Period | Shape::Expected => stretch(sheet, one, band),
        Shape::Meeting => meeting(sheet, one, band),
        Shape::Deadline => deadline(sheet, one, band),
    }
    sheet.put(format_args!("</a>"));
}

/// Filled where it is certain, else only an outline.
fn paint(mark: &Mark, colour: &str) -> String {
    if mark.cancelled {
        format!(
            "fill=\"{PAPER}\" stroke=\"{colour}\" stroke-width=\"2\" stroke-opacity=\"0.6\" class=\"wheel-hollow\""
        )
    } else if mark.tentative {
        format!(
            "fill=\"{PAPER}\" stroke=\"{colour}\" stroke-width=\"3\" stroke-dasharray=\"5 4\" class=\"wheel-hollow\""
        )
    } else {
        format!("fill=\"{colour}\" stroke=\"{PAPER}\" stroke-width=\"2\" class=\"wheel-full\"")
    }
}

/// An arc; one that goes on in another turn ends in dashes.
fn stretch(sheet: &mut Sheet, one: &Placed<'_>, band: Band) {
    let (mark, turn, colour) = (one.mark, sheet.turn, band.colour());
    let (from, to) = (turn.begin(mark.first), turn.end(mark.last));
    let inset = degrees(1.5, one.radius);
    let (starts, ends) = (mark.first < turn.first(), mark.last > turn.last());
    let tail = degrees(18.0, one.radius).min((to - from) / 2.0);
    let solid = (from + if starts { tail } else { inset }, to - if ends { tail } else { inset });
    let width = one.width - 4.0;
    let hollow = mark.shape == Shape::Expected || mark.tentative || mark.cancelled;
    let opacity = if hollow { "0.25" } else { "1" };
    let path = arc(solid.0, solid.1.max(solid.0 + 0.2), one.radius);
    sheet.put(format_args!(
        "<path class=\"wheel-arc\" d=\"{path}\" fill=\"none\" stroke=\"{colour}\" stroke-opacity=\"{opacity}\" \
         stroke-width=\"{width:.1}\"/>"
    ));
    for (is, span) in [(starts, (from + 0.1, solid.0)), (ends, (solid.1, to - 0.1))] {
        if is {
            let path = arc(span.0, span.1, one.radius);
            sheet.put(format_args!(
                "<path class=\"wheel-arc\" d=\"{path}\" fill=\"none\" stroke=\"{colour}\" stroke-width=\"{width:.1}\" \
                 stroke-dasharray=\"3 3\" stroke-opacity=\"0.8\"/>"
            ));
        }
    }
    if hollow {
        edges(sheet, one, (from, to), colour);
    }
    words(sheet, one, solid, (colour, hollow));
}

/// The outline of an arc that isn't filled.
fn edges(sheet: &mut Sheet, one: &Placed<'_>, (from, to): (f64, f64), colour: &str) {
    let half = one.width / 2.0 - 3.0;
    for radius in [one.radius - half, one.radius + half] {
        let path = arc(from, to, radius);
        sheet.put(format_args!(
            "<path class=\"wheel-arc\" d=\"{path}\" fill=\"none\" stroke=\"{colour}\" stroke-width=\"2\" \
             stroke-dasharray=\"7 5\"/>"
        ));
    }
}

/// What stands in an arc: its name or its days, whichever has room.
fn words(sheet: &mut Sheet, one: &Placed<'_>, (from, to): (f64, f64), (colour, hollow): (&str, bool)) {
    let size = (0.52 * one.width).min(19.0);
    if size < SMALLEST || sheet.style == Style::Narrow {
        return;
    }
    let room = |text: &str| degrees(text_width(text, size) + 14.0, one.radius) < to - from;
    let mark = one.mark;
    let text = [mark.short.as_str(), mark.range.as_str()].into_iter().find(|text| room(text));
    let (class, fill) = if hollow { ("wheel-name", colour) } else { ("wheel-on", PAPER) };
    if let Some(text) = text {
        sheet.along((from, to, one.radius), size, (class, fill), text);
    }
}

fn meeting(sheet: &mut Sheet, one: &Placed<'_>, band: Band) {
    let (mark, colour, half) = (one.mark, band.colour(), one.half());
    let (first, last) = (sheet.turn.middle(mark.first, mark.first), sheet.turn.middle(mark.last, mark.last));
    let paint = paint(mark, colour);
    let (x, y) = point(one.angle, one.radius);
    if last - first < 0.01 {
        sheet.put(format_args!("<circle {paint} cx=\"{x:.1}\" cy=\"{y:.1}\" r=\"{half:.1}\"/>"));
    } else {
        // Several days: as long as they are, with round ends.
        let (outer, inner) = (one.radius + half, one.radius - half);
        let ((x1, y1), (x2, y2)) = (point(first, outer), point(last, outer));
        let ((x3, y3), (x4, y4)) = (point(last, inner), point(first, inner));
        let large = i32::from(last - first > 180.0);
        sheet.put(format_args!(
            "<path {paint} d=\"M{x1:.1} {y1:.1}A{outer:.1} {outer:.1} 0 {large} 1 {x2:.1} {y2:.1}A{half:.1} {half:.1} 0 0 1 \
             {x3:.1} {y3:.1}A{inner:.1} {inner:.1} 0 {large} 0 {x4:.1} {y4:.1}A{half:.1} {half:.1} 0 0 1 {x1:.1} {y1:.1}Z\"/>"
        ));
    }
    number(sheet, one, colour, (x, y));
}

fn deadline(sheet: &mut Sheet, one: &Placed<'_>, band: Band) {
    let (mark, colour) = (one.mark, band.colour());
    let (reach, paint) = (1.22 * one.half(), paint(mark, colour));
    let (x, y) = point(one.angle, one.radius);
    let ((top, bottom), (left, right)) = ((y - reach, y + reach), (x - reach, x + reach));
    sheet.put(format_args!(
        "<path {paint} d=\"M{x:.1} {top:.1}L{right:.1} {y:.1}L{x:.1} {bottom:.1}L{left:.1} {y:.1}Z\"/>"
    ));
    number(sheet, one, colour, (x, y));
}

/// The day in a mark that has room for it.
fn number(sheet: &mut Sheet, one: &Placed<'_>, colour: &str, (x, y): (f64, f64)) {
    let (mark, half) = (one.mark, one.half());
    if mark.cancelled {
        let (x1, y1, x2, y2) = (x - half, y + half, x + half, y - half);
        sheet.put(format_args!(
            "<path class=\"wheel-hollow\" d=\"M{x1:.1} {y1:.1}L{x2:.1} {y2:.1}\" stroke=\"{colour}\" stroke-width=\"3\"/>"
        ));
        return;
    }
    let size = (1.02 * half).min(19.0);
    if size < SMALLEST || sheet.style == Style::Narrow {
        return;
    }
    let (class, fill) = if mark.tentative { ("wheel-name", colour) } else { ("wheel-on", PAPER) };
    let (y, day) = (y + 0.36 * size, mark.first.day());
    sheet.put(format_args!(
        "<text class=\"{class}\" fill=\"{fill}\" font-size=\"{size:.0}\" font-weight=\"600\" text-anchor=\"middle\" \
         x=\"{x:.1}\" y=\"{y:.1}\">{day}</text>"
    ));
}

/// About how wide a text is: the widths of the fonts that readers have differ by a tenth.
pub(super) fn text_width(text: &str, size: f64) -> f64 {
    0.55 * size * u32::try_from(text.chars().count()).map_or(0.0, f64::from)
}
