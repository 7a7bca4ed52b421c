//! The schedule of a day: times down, groups that go from station to station.

use jiff::civil::Date;

use crate::import::meetings::context::{Last, Line};
use crate::import::meetings::pieces::{Pieces, sort, tidy};
use crate::import::meetings::reader::Reader;
use crate::import::meetings::{MeetingRow, RowKind};
use crate::import::notation::{Clock, Lead, Stretch, Written, YearFrom};

/// What stands after the time: `Kunskapsstyrning 2 Sal A`.
#[derive(Debug, PartialEq, Eq)]
struct Station {
    title: String,
    group: String,
    room: Option<String>,
}

/// The number of a group by itself, or after the word `grupp`, parts the station from the room.
fn station(text: &str, columns_say_group: bool) -> Option<Station> {
    let words: Vec<&str> = text.split_whitespace().collect();
    let number = |w: &str| !w.is_empty() && w.len() <= 2 && w.bytes().all(|b| b.is_ascii_digit());
    let at = words.iter().rposition(|w| number(w.trim_matches([',', ';', ':'])))?;
    let said = at > 0 && words[at - 1].to_lowercase().trim_matches([',', ';']) == "grupp";
    let title = tidy(&words[..at - usize::from(said)].join(" "));
    let room = tidy(&words[at + 1..].join(" "));
    let group = words[at].trim_matches([',', ';', ':']).to_owned();
    ((columns_say_group || said) && !title.is_empty()).then_some(Station {
        title,
        group,
        room: (!room.is_empty()).then_some(room),
    })
}

impl Reader<'_> {
    /// A line that begins with a time: a part of the day that the schedule is for.
    pub(super) fn timed(&mut self, line: &Line<'_>, clock: Clock, rest: &str) {
        self.context.last = Last::Nothing;
        let Some(day) = self.context.day.or(self.given.day) else {
            self.dayless.push(line.number);
            return;
        };
        let group = self.context.columns.is_some_and(|columns| columns.group);
        let row = match station(rest, group) {
            Some(station) => self.station_row(line, day, clock, station),
            None => {
                let pieces = sort(rest, self.context.title.is_some() || self.given.title.is_some());
                self.row(line, &on(day), Some(clock), pieces, Vec::new())
            }
        };
        self.read.meetings.extend(row);
    }

    fn station_row(&self, line: &Line<'_>, day: Date, clock: Clock, station: Station) -> Option<MeetingRow> {
        let title = format!("{}, grupp {}", station.title, station.group);
        let pieces = Pieces { title: Some(title), place: station.room, notes: Vec::new(), unsure: None };
        let row = self.row(line, &on(day), Some(clock), pieces, Vec::new())?;
        Some(MeetingRow {
            group: Some(station.group),
            kind: RowKind::Meeting,
            moved: false,
            cancelled: false,
            ..row
        })
    }
}

/// One day that is known for certain.
pub(super) fn on(day: Date) -> Stretch {
    let written = crate::import::notation::DayMonth { month: day.month(), day: day.day() };
    Stretch {
        written: Written::Days { first: written, last: written, years_on: 0 },
        year: Some(day.year()),
        year_from: YearFrom::Stated,
        lead: Lead::None,
        open_end: false,
        weekday: None,
    }
}
