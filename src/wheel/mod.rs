//! The årshjul drawn: a year as a circle, a ring for each theme, as an SVG that pages hold and slides take.
//!
//! A wheel is drawn in one of two ways. [`Style::Wide`] names what it shows in two columns beside the circle and is made
//! for a wall; [`Style::Narrow`] shows the circle alone, with letters that can be read on a telephone. Shapes tell kinds
//! apart (a meeting is round, a last day a diamond, a period an arc), colours only rings. Every mark is a link, with
//! words. Colours are attributes, so that a file taken out of the page looks the same; the page's stylesheet changes
//! them by class for dark screens and for people who choose their colours.

mod callouts;
mod circle;
mod lanes;
mod paint;
mod rings;

use jiff::civil::Date;

pub use circle::{Point, Turn, point};
pub use paint::draw;

/// What a wheel shows.
#[derive(Clone, Debug)]
pub struct Wheel {
    /// The year in which it begins.
    pub year: i16,
    /// The month at the top, 1 to 12.
    pub first_month: i8,
    /// What it is called: "Årshjulet 2025".
    pub title: String,
    /// What stands in its middle, in lines: "2025".
    pub middle: Vec<String>,
    /// Today, if it is to be marked.
    pub today: Option<Date>,
    /// From the outside in.
    pub rings: Vec<Ring>,
    /// Holidays, with their names.
    pub holidays: Vec<(Date, String)>,
    /// Times when nothing is sent, with their names.
    pub quiet: Vec<(Date, Date, String)>,
}

/// A theme.
#[derive(Clone, Debug)]
pub struct Ring {
    /// Its name, which stands in it where there is room.
    pub title: String,
    /// Its colour: a class `hue-1` to `hue-7`, outermost first, which begins anew after seven.
    pub marks: Vec<Mark>,
    /// What goes on all the year without a date: the link to it, and its words.
    pub running: Option<(String, String)>,
}

/// Something in a ring.
#[derive(Clone, Debug)]
pub struct Mark {
    /// Its first day.
    pub first: Date,
    /// Its last day.
    pub last: Date,
    /// What it is.
    pub shape: Shape,
    /// It isn't certain yet.
    pub tentative: bool,
    /// It isn't held.
    pub cancelled: bool,
    /// What is said of it to those who point at it or listen: "RSL, onsdag 12 februari (v. 7)".
    pub label: String,
    /// What stands beside it: "12 feb RSL".
    pub short: String,
    /// What stands in an arc that has no room for more: "17 feb–14 apr".
    pub range: String,
    /// Where it leads.
    pub href: String,
}

/// What a mark is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shape {
    /// A meeting: one day or several.
    Meeting,
    /// A last day.
    Deadline,
    /// From a day to a day.
    Period,
    /// Something without a day, somewhere within its time.
    Expected,
}

/// How it is drawn.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Style {
    /// With names beside it.
    Wide,
    /// The circle alone.
    Narrow,
}
