//! Reading calendars that others write, as they really come.
//!
//! Pure: bytes and limits in, events and doubts out. Nothing that stands in a file makes it fail as a whole: a line
//! or an event that can't be read is said in a doubt, and the others are read. Everything is told in Stockholm's civil
//! time, as the rest of the program has it.
//!
//! The crate `ical` is used for one thing, a property's name and parameters. Its reader of whole files loses a blank
//! at a fold, refuses a calendar for one line without a colon or one component it doesn't know, and reads no byte order
//! mark; and it neither unescapes nor expands. So decoding and unfolding come before it (`decode`), and components,
//! times, zones and rules after it.
//!
//! The work is proportional to the bytes: repetitions share one budget of steps, and everything that is kept has a
//! limit of its own.

mod assemble;
mod components;
mod decode;
mod doubts;
mod event;
mod line;
mod rule;
mod time;
mod windows;
mod zones;

use jiff::Timestamp;
use jiff::civil::{Date, DateTime};
use serde::Serialize;

use crate::workflow::model::{Span, Status};
use doubts::Doubts;

/// The largest calendar that is read, in bytes, unless something else is said.
pub const BYTES: usize = 5_000_000;

/// How much is read of a calendar.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// The day it is read on. Only what overlaps the time that feeds cover on it, from 13 months before to 18 after
    /// (`feeds::horizon`), is told.
    pub as_of: Date,
    /// A larger file isn't read at all.
    pub bytes: usize,
    /// At most so many events are told, each repetition counted.
    pub events: usize,
    /// A line, unfolded, is cut off after so many bytes.
    pub line: usize,
    /// At most so many repetitions of one event.
    pub instances: usize,
}

impl Limits {
    /// The usual limits: 5 MB, 5,000 events, 100,000 bytes a line, 500 repetitions.
    #[must_use]
    pub fn on(as_of: Date) -> Self {
        Self { as_of, bytes: BYTES, events: 5_000, line: 100_000, instances: 500 }
    }
}

/// What a calendar says.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Reading {
    /// What it calls itself (`NAME`, `X-WR-CALNAME`).
    pub name: Option<String>,
    /// Whether all of it was read: it was a calendar that came to its end, and no event and no repetition was lost. What
    /// is missing from one that isn't complete must not be taken for removed.
    pub complete: bool,
    /// By start, then UID.
    pub events: Vec<External>,
    /// How many events were read but lie wholly outside the time that is told of; a repeated one counts once.
    pub outside: usize,
    /// What wasn't understood, or was understood otherwise than it was written; in the order it was found. At most
    /// 100, and then one that counts the rest.
    pub doubts: Vec<Doubt>,
}

/// One event, or one repetition of one.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct External {
    /// The same for all repetitions of an event. Where the file has none it is made of start and title.
    pub uid: String,
    /// For one of several repetitions: when its rule put it, in Stockholm; midnight for whole days. Together with
    /// `uid` it stays the same when this one repetition is moved.
    pub recurrence_id: Option<DateTime>,
    /// How often it has been revised, by its own account.
    pub sequence: u32,
    /// When it was last changed, by its own account.
    pub last_modified: Option<Timestamp>,
    /// When it is, in Stockholm. Hours always end after they start: what ends no later than it starts is one hour, as
    /// our own feeds write it.
    pub span: Span,
    /// Tentative, confirmed or cancelled.
    pub status: Status,
    /// On one line, at most 400 characters; empty if it has none.
    pub title: String,
    /// Where; on one line, at most 400 characters.
    pub place: Option<String>,
    /// What more is said of it; at most 4,000 characters.
    pub note: Option<String>,
    /// A page about it; only http and https, since it may come to stand in a link.
    pub url: Option<String>,
    /// What kinds of event its calendar counts it among, each on one line.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub categories: Vec<String>,
    /// Whether its calendar marks it as other than public (`CLASS`): what is said of it is for nobody else.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub private: bool,
}

/// Something that wasn't understood, or otherwise than it was written.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Doubt {
    /// The line of the file, from 1.
    pub line: usize,
    /// What is wrong and what became of it: lower case, no full stop.
    pub message: String,
}

/// Reads a calendar. Never fails and never panics: what can't be read is in the doubts.
///
/// UTF-8, UTF-16 and windows-1252 are understood, every kind of line end, and folds in any place. An event is lost if
/// its start can't be read; one whose zone isn't known is taken to be in Stockholm, with a doubt.
#[must_use]
pub fn read(bytes: &[u8], limits: Limits) -> Reading {
    let mut doubts = Doubts::default();
    if bytes.len() > limits.bytes {
        doubts.add(1, format_args!("it is larger than {} bytes and was not read", limits.bytes));
        return Reading { doubts: doubts.into_found(), ..Reading::default() };
    }
    let contents = components::collect(bytes, limits.line, &mut doubts);
    assemble::assemble(contents, limits, doubts)
}
