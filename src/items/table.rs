//! A row of the plan in the columns of its template: what a document can say of it, and no more.
//!
//! An exported document is written from such rows, a document that comes back is read into such rows, and the two
//! are compared with what the register says meanwhile. Owners, next dates, deadlines, waits and measures have no
//! column in the template: the register keeps them, and finds them again by the row's id.

use std::collections::BTreeSet;
use std::fmt;

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::register::{Activity, Card, LogEntry, LogKind, Precision, Promise, Source};
use super::{Health, Item, Phase};
use crate::ids::{BodyId, ItemId};

/// One row.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Row {
    /// The row of the register; none where a document doesn't say.
    pub id: Option<ItemId>,
    /// The column "Prioriterat område", without the promises.
    pub title: String,
    /// The group of rows that it stands in.
    pub source: Option<Source>,
    /// The column "Nationellt insatsområde".
    pub focus_area: Option<String>,
    /// The promises to patients, which stand under the title.
    pub promises: BTreeSet<Promise>,
    /// The column "Aktiviteter".
    pub activities: Vec<Activity>,
    /// The column "Uppföljning", without the dated lines.
    pub follow_up: Option<String>,
    /// The dated lines of that column, in the order of their days.
    pub log: Vec<Line>,
    /// The column "Status"; never empty of a row in the register.
    pub units: Vec<Unit>,
}

/// How one part stands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Unit {
    /// The part; none for a row that isn't divided.
    pub part: Option<String>,
    /// How far it has come.
    pub phase: Phase,
    /// Its colour.
    pub health: Health,
    /// What the column says beside phase, colour and part.
    pub said: Option<String>,
}

/// A dated line.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Line {
    /// The part that it is about.
    pub part: Option<String>,
    /// Its day.
    pub day: Date,
    /// How exactly that is known.
    pub precision: Precision,
    /// What it is.
    pub kind: LogKind,
    /// It says what is to come.
    pub planned: bool,
    /// What it says.
    pub text: String,
}

impl Row {
    /// The row as the register has it: its units (at least one), its card and those lines of its log that the
    /// document shall show.
    #[must_use]
    pub fn of<'a>(units: &[Item], card: &Card, log: impl IntoIterator<Item = &'a LogEntry>) -> Self {
        let first = units.first();
        Self {
            id: first.map(|item| item.id.clone()),
            title: first.map(|item| item.title.clone()).unwrap_or_default(),
            source: card.source,
            focus_area: card.focus_area.clone(),
            promises: card.promises.clone(),
            activities: card.activities.clone(),
            follow_up: card.follow_up.clone(),
            log: log.into_iter().map(Line::of).collect(),
            units: units.iter().map(|item| Unit::of(item, card)).collect(),
        }
    }
}

impl Unit {
    fn of(item: &Item, card: &Card) -> Self {
        Self {
            part: item.part.clone(),
            phase: item.phase,
            health: item.health,
            said: card.status_of(item.part.as_deref()).map(str::to_owned),
        }
    }
}

impl Line {
    /// The line as a log has it.
    #[must_use]
    pub fn of(entry: &LogEntry) -> Self {
        Self {
            part: entry.part.clone(),
            day: entry.day,
            precision: entry.precision,
            kind: entry.kind,
            planned: entry.planned,
            text: entry.text.clone(),
        }
    }
}

/// What an exported document is known again by. It stands in the document's properties and, since programs drop
/// those, in small letters on its pages too.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Stamp {
    /// Whose plan it is.
    pub body: BodyId,
    /// The number of the export in the register, which has the rows as they were written.
    pub number: i64,
}

impl Stamp {
    /// The name of the document's own property that holds it.
    pub const PROPERTY: &str = "arshjul";
    /// What it begins with where it stands in a text.
    const MARK: &str = "arshjul:";

    /// Finds one in a text.
    ///
    /// ```
    /// use arshjul::items::table::Stamp;
    /// let stamp = Stamp::find("Utskrift 15 januari 2025, arshjul:rpo-medicinsk-diagnostik/12.").unwrap();
    /// assert_eq!((stamp.body.as_str(), stamp.number), ("rpo-medicinsk-diagnostik", 12));
    /// assert_eq!(Stamp::find(&stamp.to_string()), Some(stamp));
    /// assert_eq!(Stamp::find("arshjul 2025"), None);
    /// ```
    #[must_use]
    pub fn find(text: &str) -> Option<Self> {
        text.match_indices(Self::MARK).find_map(|(at, mark)| Self::at(text.get(at + mark.len()..)?))
    }

    fn at(rest: &str) -> Option<Self> {
        let (body, number) = rest.split_once('/')?;
        let is_id = !body.is_empty() && body.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-');
        let digits = number.bytes().take_while(u8::is_ascii_digit).count();
        let number = number.get(..digits)?.parse().ok()?;
        (is_id && number > 0).then(|| Self { body: BodyId::new(body), number })
    }
}

impl fmt::Display for Stamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}{}/{}", Self::MARK, self.body, self.number)
    }
}

/// What stands in small letters under the title of the `number`th row, from 1, of a document that has no column for
/// it. An id would do too, but one made of a title is as long as the title.
#[must_use]
pub fn row_mark(number: usize) -> String {
    format!("nr {number}")
}

/// The number in such a mark.
#[must_use]
pub fn marked_row(text: &str) -> Option<usize> {
    text.trim().strip_prefix("nr ")?.parse().ok().filter(|number| *number > 0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_stamp_is_not_read_out_of_anything_like_it() {
        for text in
            ["arshjul:", "arshjul:/1", "arshjul:rpo", "arshjul:rpo/0", "arshjul:r p o/3", "arshjul:rpo/x"]
        {
            assert_eq!(Stamp::find(text), None, "{text}");
        }
        assert_eq!(Stamp::find("arshjul: eller arshjul:rsl/7").map(|s| s.number), Some(7));
    }

    #[test]
    fn a_mark_is_known_again() {
        assert_eq!(marked_row(&row_mark(12)), Some(12));
        assert_eq!(marked_row("nr 0"), None);
        assert_eq!(marked_row("nr 12 i kön"), None);
    }
}
