//! The drawing as a whole: months, weeks, what isn't worked, the rings, today.

use std::fmt::Write;

use jiff::ToSpan;
use jiff::civil::{Date, Weekday};

use super::circle::{Turn, arc, point, reading_arc};
use super::{Style, Wheel, callouts, rings};
use crate::calendar::{iso_week, swedish};

/// Where the circle ends; the months stand inside it.
pub(super) const RIM: f64 = 490.0;
const MONTHS_FROM: f64 = 444.0;
const WEEKS_FROM: f64 = 420.0;
/// Where the rings are.
pub(super) const RINGS: (f64, f64) = (128.0, 416.0);

const INK: &str = "#1b2126";
const SOFT: &str = "#48535d";
const LINE: &str = "#cfd6dc";
const PAPER: &str = "#ffffff";
const BAND: &str = "#00344f";
const ON_BAND: &str = "#ffffff";
const NOW: &str = "#b3261e";
/// Enough for what may not be heard as a mark, in words of its own.
const QUIET: &str = "#7d8893";

/// What is written into, and what the parts of a drawing share.
pub(super) struct Sheet {
    svg: String,
    /// Paths that texts stand on are known by number.
    paths: usize,
    /// Before each name, so that two drawings in one page don't take each other's.
    prefix: &'static str,
    pub(super) style: Style,
    pub(super) turn: Turn,
}

impl Sheet {
    /// Writes markup.
    pub(super) fn put(&mut self, markup: std::fmt::Arguments<'_>) {
        // Writing into a string can't fail.
        let _ = self.svg.write_fmt(markup);
    }

    /// A text along the circle, readable from above, its letters centred on `radius`.
    pub(super) fn along(
        &mut self,
        (from, to, radius): (f64, f64, f64),
        size: f64,
        (class, fill): (&str, &str),
        text: &str,
    ) {
        let middle = f64::midpoint(from, to).rem_euclid(360.0);
        let shift = if (90.0..270.0).contains(&middle) { 0.35 * size } else { -0.35 * size };
        let path = reading_arc(from, to, radius + shift);
        self.paths += 1;
        let (prefix, number, text) = (self.prefix, self.paths, escape(text));
        self.put(format_args!(
            "<path id=\"{prefix}{number}\" d=\"{path}\" fill=\"none\"/><text class=\"{class}\" fill=\"{fill}\" \
             font-size=\"{size:.0}\" text-anchor=\"middle\"><textPath href=\"#{prefix}{number}\" \
             startOffset=\"50%\">{text}</textPath></text>"
        ));
    }
}

/// Draws a wheel; nothing for a year outside the calendar.
#[must_use]
pub fn draw(wheel: &Wheel, style: Style) -> String {
    let Some(turn) = Turn::new(wheel.year, wheel.first_month) else { return String::new() };
    let (prefix, view) = match style {
        Style::Wide => ("hjul-b-", "-1000 -520 2000 1040"),
        Style::Narrow => ("hjul-s-", "-500 -516 1000 1016"),
    };
    let mut sheet = Sheet { svg: String::with_capacity(32 * 1024), paths: 0, prefix, style, turn };
    let title = escape(&wheel.title);
    let class = if style == Style::Wide { "year-wheel is-wide" } else { "year-wheel is-narrow" };
    sheet.put(format_args!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" class=\"{class}\" viewBox=\"{view}\" role=\"group\" \
         aria-label=\"{title}\" font-family=\"Segoe UI, system-ui, Roboto, Helvetica Neue, Arial, sans-serif\">"
    ));
    sheet.put(format_args!("<circle class=\"wheel-paper\" r=\"{RIM}\" fill=\"{PAPER}\"/>"));
    // What is only scenery is read out nowhere: the marks say their own days.
    sheet.put(format_args!("<g aria-hidden=\"true\">"));
    closed(&mut sheet, wheel);
    months(&mut sheet);
    weeks(&mut sheet);
    middle(&mut sheet, &wheel.middle);
    sheet.put(format_args!("</g>"));
    let today = wheel.today.filter(|day| turn.contains(*day));
    // Under the marks, or it would strike out what is on today.
    rings::grounds(&mut sheet, &wheel.rings);
    today.iter().for_each(|today| now_line(&mut sheet, *today));
    rings::draw(&mut sheet, &wheel.rings);
    today.iter().for_each(|today| now(&mut sheet, *today));
    if style == Style::Wide {
        callouts::draw(&mut sheet, &wheel.rings);
    }
    sheet.put(format_args!("</svg>"));
    sheet.svg
}

/// Quiet periods as a veil over the rings, holidays as lines through them.
fn closed(sheet: &mut Sheet, wheel: &Wheel) {
    let (inner, outer) = RINGS;
    let (width, radius) = (WEEKS_FROM - inner, f64::midpoint(inner, WEEKS_FROM));
    for (first, last, name) in &wheel.quiet {
        if *last < sheet.turn.first() || *first > sheet.turn.last() {
            continue;
        }
        let path = arc(sheet.turn.begin(*first), sheet.turn.end(*last), radius);
        let name = escape(name);
        sheet.put(format_args!(
            "<path class=\"wheel-quiet\" d=\"{path}\" fill=\"none\" stroke=\"{QUIET}\" stroke-opacity=\"0.16\" \
             stroke-width=\"{width:.0}\"><title>{name}</title></path>"
        ));
    }
    let turn = sheet.turn;
    for (day, name) in wheel.holidays.iter().filter(|(day, _)| turn.contains(*day)) {
        let angle = sheet.turn.middle(*day, *day);
        let ((x1, y1), (x2, y2)) = (point(angle, inner), point(angle, outer));
        let name = escape(name);
        sheet.put(format_args!(
            "<path class=\"wheel-holiday\" d=\"M{x1:.1} {y1:.1}L{x2:.1} {y2:.1}\" stroke=\"{QUIET}\" \
             stroke-opacity=\"0.5\" stroke-width=\"2\" stroke-dasharray=\"2 5\"><title>{name}</title></path>"
        ));
    }
}

fn months(sheet: &mut Sheet) {
    let radius = f64::midpoint(MONTHS_FROM, RIM);
    let width = RIM - MONTHS_FROM;
    sheet.put(format_args!(
        "<circle class=\"wheel-band\" r=\"{radius}\" fill=\"none\" stroke=\"{BAND}\" stroke-width=\"{width}\"/>"
    ));
    let (mut lines, mut gaps) = (String::new(), String::new());
    let mut first = sheet.turn.first();
    for _ in 0..12 {
        let last = first.last_of_month();
        let (from, to) = (sheet.turn.begin(first), sheet.turn.end(last));
        let ((x1, y1), (x2, y2)) = (point(from, RINGS.0), point(from, MONTHS_FROM));
        let ((x3, y3), (x4, y4)) = (point(from, MONTHS_FROM), point(from, RIM));
        let _ = write!(lines, "M{x1:.1} {y1:.1}L{x2:.1} {y2:.1}");
        let _ = write!(gaps, "M{x3:.1} {y3:.1}L{x4:.1} {y4:.1}");
        let (name, size) = match sheet.style {
            Style::Wide => (swedish::month(first), 25.0),
            // Whole names are too small to read where the circle is as narrow as a telephone.
            Style::Narrow => (swedish::month_short(first), 34.0),
        };
        sheet.along((from, to, radius), size, ("wheel-month", ON_BAND), name);
        first = last.tomorrow().unwrap_or(last);
    }
    sheet.put(format_args!(
        "<path class=\"wheel-line\" d=\"{lines}\" stroke=\"{LINE}\" stroke-width=\"1.5\"/><path class=\"wheel-gap\" \
         d=\"{gaps}\" stroke=\"{PAPER}\" stroke-width=\"3\"/>"
    ));
}

/// A line for each Monday, and where there is room the number of the week.
fn weeks(sheet: &mut Sheet) {
    let (mut lines, mut numbers) = (String::new(), String::new());
    let mut day = sheet.turn.first();
    while sheet.turn.contains(day) {
        if day.weekday() == Weekday::Monday {
            let angle = sheet.turn.begin(day);
            let ((x1, y1), (x2, y2)) = (point(angle, WEEKS_FROM), point(angle, MONTHS_FROM));
            let _ = write!(lines, "M{x1:.1} {y1:.1}L{x2:.1} {y2:.1}");
        }
        // ISO 8601: a week belongs where its Thursday is.
        if day.weekday() == Weekday::Thursday && sheet.style == Style::Wide {
            let (angle, number) = (sheet.turn.middle(day, day), iso_week(day).1);
            let is_low = (90.0..270.0).contains(&angle);
            let radius = f64::midpoint(WEEKS_FROM, MONTHS_FROM);
            let (turn, y) = if is_low { (angle + 180.0, radius + 5.5) } else { (angle, 5.5 - radius) };
            let _ = write!(numbers, "<text transform=\"rotate({turn:.1})\" y=\"{y:.1}\">{number}</text>");
        }
        day = day.checked_add(1.day()).unwrap_or(Date::MAX);
    }
    sheet.put(format_args!(
        "<path class=\"wheel-line\" d=\"{lines}\" stroke=\"{LINE}\" stroke-width=\"1.5\"/><g class=\"wheel-soft\" \
         fill=\"{SOFT}\" font-size=\"15\" text-anchor=\"middle\">{numbers}</g>"
    ));
}

fn middle(sheet: &mut Sheet, lines: &[String]) {
    let rows = u32::try_from(lines.len()).map_or(1.0, f64::from);
    for (index, line) in (0_u32..).zip(lines) {
        let size = if index == 0 { 76.0 } else { 22.0 };
        let y = 26.0 + f64::from(index) * 30.0 - (rows - 1.0) * 14.0;
        let (fill, weight) = if index == 0 { (INK, 700) } else { (SOFT, 400) };
        let class = if index == 0 { "wheel-ink" } else { "wheel-soft" };
        let line = escape(line);
        sheet.put(format_args!(
            "<text class=\"{class}\" fill=\"{fill}\" font-size=\"{size}\" font-weight=\"{weight}\" \
             text-anchor=\"middle\" y=\"{y:.0}\">{line}</text>"
        ));
    }
}

/// Today: a line from the middle to the rim.
fn now_line(sheet: &mut Sheet, today: Date) {
    let angle = sheet.turn.middle(today, today);
    let ((x1, y1), (x2, y2)) = (point(angle, RINGS.0 - 12.0), point(angle, RIM));
    sheet.put(format_args!(
        "<path class=\"wheel-now\" aria-hidden=\"true\" d=\"M{x1:.1} {y1:.1}L{x2:.1} {y2:.1}\" stroke=\"{NOW}\" \
         stroke-width=\"3\"/>"
    ));
}

/// And a point at its end.
fn now(sheet: &mut Sheet, today: Date) {
    let angle = sheet.turn.middle(today, today);
    let title = escape(&format!("I dag, {}", swedish::long_week(today)));
    let (top, tip) = (-RIM - 10.0, 24.0 - RIM);
    sheet.put(format_args!(
        "<path class=\"wheel-now\" d=\"M-15 {top}L15 {top}L0 {tip}Z\" fill=\"{NOW}\" stroke=\"{PAPER}\" stroke-width=\"3\" \
         stroke-linejoin=\"round\" transform=\"rotate({angle:.2})\"><title>{title}</title></path>"
    ));
}

/// Text for markup.
pub(super) fn escape(text: &str) -> String {
    let mut written = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            '&' => written.push_str("&amp;"),
            '<' => written.push_str("&lt;"),
            '>' => written.push_str("&gt;"),
            '"' => written.push_str("&quot;"),
            // Nothing that XML can't hold: one such letter and no program shows the picture.
            control if control.is_control() => written.push(' '),
            plain => written.push(plain),
        }
    }
    written
}
