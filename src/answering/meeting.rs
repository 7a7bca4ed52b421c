//! When and where a meeting is, as an answer says it.

use jiff::civil::Time;

use super::check::{line, takes_field};
use super::{Field, Wrong};
use crate::plan::model::Matter;
use crate::store::SetMeeting;
use crate::workflow::model::Answer;

/// What came about the meeting that a question is about.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AboutMeeting {
    /// When it begins on its first day and ends on its last.
    pub hours: Option<(Time, Time)>,
    /// Where it is, or the address of the video meeting.
    pub place: Option<String>,
}

/// The same without what means nothing.
pub(super) fn tidy(meeting: &AboutMeeting) -> AboutMeeting {
    let place = meeting.place.as_deref().map(line).filter(|place| !place.is_empty());
    AboutMeeting { hours: meeting.hours, place }
}

/// What is wrong with it. One of the two may come alone: often the day is set first, then the hours, then the room.
pub(super) fn check(chosen: &Answer, meeting: &AboutMeeting, one_day: bool) -> Vec<Wrong> {
    let (hours, place) = (takes_field(chosen, Field::Hours), takes_field(chosen, Field::Place));
    let mut wrong = Vec::new();
    if (hours || place) && meeting.hours.is_none() && meeting.place.is_none() {
        wrong.push(Wrong::NothingSet);
    }
    if hours && one_day && meeting.hours.is_some_and(|(start, end)| end <= start) {
        wrong.push(Wrong::HoursBackwards);
    }
    let length = meeting.place.as_ref().map_or(0, |place| place.chars().count());
    if place && length > super::LONGEST_TITLE {
        wrong.push(Wrong::PlaceTooLong { length });
    }
    wrong
}

/// What the answer sets; none if it sets nothing.
pub(super) fn set<'a>(
    matter: &'a Matter,
    chosen: &Answer,
    meeting: &'a AboutMeeting,
) -> Option<SetMeeting<'a>> {
    let takes = takes_field(chosen, Field::Hours) || takes_field(chosen, Field::Place);
    let at = matter.object.occasion().filter(|_| takes)?;
    Some(SetMeeting { at, hours: meeting.hours, place: meeting.place.as_deref() })
}
