//! What a person should look at in a list that could be read.

use jiff::civil::Date;

use crate::calendar::{Roll, holiday, is_workday, roll};
use crate::import::meetings::hints::weekday;
use crate::import::meetings::{MeetingRow, MeetingsRead, RowKind};
use crate::workflow::model::Span;

/// Looks at each meeting, and at the meetings beside each other.
pub(super) fn look(read: &mut MeetingsRead) {
    merge_doubles(read);
    for row in &mut read.meetings {
        match row.kind {
            RowKind::Meeting => free_days(row),
            RowKind::Period => rolled(row),
        }
    }
    clashes(&mut read.meetings);
}

/// A line that stands twice is one meeting.
fn merge_doubles(read: &mut MeetingsRead) {
    let mut kept: Vec<MeetingRow> = Vec::with_capacity(read.meetings.len());
    for row in read.meetings.drain(..) {
        let same = |k: &&mut MeetingRow| {
            (k.span, &k.title, &k.place, k.kind) == (row.span, &row.title, &row.place, row.kind)
        };
        match kept.iter_mut().find(same) {
            Some(first) => {
                let text = format!("{} {} stands twice and is taken once", row.span.first(), row.title);
                read.warnings.push(text);
                first.lines.extend(row.lines);
            }
            None => kept.push(row),
        }
    }
    read.meetings = kept;
}

fn free_days(row: &mut MeetingRow) {
    let (first, last) = (row.span.first(), row.span.last());
    let ends = if first == last { vec![first] } else { vec![first, last] };
    for day in ends.into_iter().filter(|day| !is_workday(*day)) {
        let name = holiday(day).map(|h| format!(" ({h})")).unwrap_or_default();
        row.unsure.push(format!("{day} is a {}{name}", weekday(day)));
    }
}

/// A period's ends may fall on free days; which way they then go is for the workflow that has the period to say.
fn rolled(row: &mut MeetingRow) {
    let (opens, closes) = (row.span.first(), row.span.last());
    let workdays: (Date, Date) = (roll(opens, Roll::NextWorkday), roll(closes, Roll::PreviousWorkday));
    if workdays != (opens, closes) {
        row.unsure.push(format!(
            "an end is no workday; by the rule for national rounds it is open from {} to {}",
            workdays.0, workdays.1
        ));
    }
}

/// Two parts of a schedule at one time in one room, or for one group.
fn clashes(rows: &mut [MeetingRow]) {
    let timed = |row: &MeetingRow| match row.span {
        Span::Timed { start, end } => Some((start, end)),
        Span::AllDay { .. } => None,
    };
    for later in 1..rows.len() {
        let (before, rest) = rows.split_at_mut(later);
        let row = &mut rest[0];
        let Some((start, end)) = timed(row) else { continue };
        for other in before.iter() {
            let Some((from, until)) = timed(other) else { continue };
            if until <= start || end <= from {
                continue;
            }
            if row.place.is_some() && row.place == other.place {
                row.unsure.push(format!("`{}` is there at the same time", other.title));
            }
            if row.group.is_some() && row.group == other.group {
                row.unsure.push(format!("the group is in `{}` at the same time", other.title));
            }
        }
    }
}
