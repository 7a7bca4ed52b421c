//! What is wrong with what came with an answer, said beside the field where it can be mended.

use super::fields::{Fault, field_of};
use super::name;
use crate::answering::{
    Field, LONGEST_LINE, LONGEST_LIST, LONGEST_TEXT, LONGEST_TITLE, LONGEST_VALUE, MOST_PROPOSALS, Missing,
    Written, Wrong,
};
use crate::ids::BodyId;
use crate::plan::model::Notice;
use crate::text::answers::wrong as text;
use crate::workflow::model::Answer;

/// A date that is none.
pub(super) fn unreadable_date(field: &str) -> Fault {
    Fault { field: field.to_owned(), said: text::DATE_UNREADABLE.to_owned() }
}

/// Hours of which one is none, or is missing.
pub(super) fn wrong_hours(field: &str, unreadable: bool) -> Fault {
    let said = if unreadable { text::HOURS_UNREADABLE } else { text::HOURS_HALF };
    Fault { field: field.to_owned(), said: said.to_owned() }
}

/// Each fault with its field, in the order they came.
pub(super) fn faults(wrong: &[Wrong], notice: &Notice, chosen: &Answer) -> Vec<Fault> {
    wrong.iter().map(|wrong| Fault { field: field(wrong, notice), said: said(wrong, chosen) }).collect()
}

fn field(wrong: &Wrong, notice: &Notice) -> String {
    let part = match wrong {
        Wrong::TextTooLong { heading, .. } => return text_field(notice, heading),
        Wrong::PersonalNumber { at, .. } => return written(notice, at),
        Wrong::Proposed { number, missing } => return proposal(*number, *missing),
        Wrong::ValueUnknown { measure, region } | Wrong::ValueTooLong { measure, region } => {
            return name::value(*measure, &BodyId::from(region.as_str()));
        }
        Wrong::NotTaken(part) | Wrong::Missing(part) => *part,
        Wrong::NothingSet | Wrong::HoursBackwards => Field::Hours,
        Wrong::PlaceTooLong { .. } => Field::Place,
        Wrong::NoReason | Wrong::NoClosing | Wrong::LineTooLong { .. } => Field::Line,
        Wrong::NextPast { .. } | Wrong::NextTooLate { .. } => Field::NextDate,
        Wrong::OwnerUnknown(_) => Field::Owner,
        Wrong::PeriodMissing => Field::Values,
        Wrong::TooManyProposals => Field::Items,
        Wrong::HeadingUnknown(_) => Field::Text,
        Wrong::DateMissing
        | Wrong::DatePast { .. }
        | Wrong::DateTooEarly { .. }
        | Wrong::DateTooLate { .. } => Field::Date,
        // What is pressed to publish takes the link to what is published.
        Wrong::LinkNoAddress | Wrong::WouldVanish(_) => Field::Link,
        Wrong::ListTooLong { .. }
        | Wrong::ListEmpty
        | Wrong::LineNoTitle { .. }
        | Wrong::LineNoAddress { .. } => Field::List,
        Wrong::FileEmpty
        | Wrong::FileTooLarge { .. }
        | Wrong::FileKind
        | Wrong::FileRefused
        | Wrong::FileUnchecked => Field::File,
        Wrong::MarkUnknown(_) => Field::Marks,
        Wrong::ToMissing | Wrong::ToUnknown | Wrong::ToSelf | Wrong::ToCircle => Field::To,
    };
    field_of(part)
}

fn text_field(notice: &Notice, heading: &str) -> String {
    name::text(notice.sections.iter().position(|known| known == heading).unwrap_or(0))
}

/// The field that something was written in; a value is beside its period.
fn written(notice: &Notice, at: &Written) -> String {
    let part = match at {
        Written::Text(heading) => return text_field(notice, heading),
        Written::Proposal(number) => return name::proposal(number.saturating_sub(1), name::TITLE),
        Written::Link => Field::Link,
        Written::FileName => Field::File,
        Written::Place => Field::Place,
        Written::List => Field::List,
        Written::Line => Field::Line,
        Written::Value => Field::Values,
    };
    field_of(part)
}

fn proposal(number: usize, missing: Missing) -> String {
    let part = match missing {
        Missing::Title | Missing::News => name::TITLE,
        Missing::Room => name::ACTIVITY,
        Missing::Owner => name::PROPOSED_OWNER,
        Missing::Next => name::PROPOSED_NEXT,
    };
    name::proposal(number.saturating_sub(1), part)
}

fn said(wrong: &Wrong, chosen: &Answer) -> String {
    let plain = match wrong {
        Wrong::NotTaken(part) => return text::not_taken(thing(*part), &chosen.label),
        Wrong::DateTooEarly { than } => return text::date_too_early(*than),
        Wrong::DateTooLate { last } => return text::date_too_late(*last),
        Wrong::TextTooLong { length, .. } => return text::text_too_long(*length, LONGEST_TEXT),
        Wrong::ListTooLong { lines } => return text::list_too_long(*lines, LONGEST_LIST),
        Wrong::LineNoTitle { line } => return text::line_no_title(*line, LONGEST_TITLE),
        Wrong::LineNoAddress { line } => return text::line_no_address(*line),
        Wrong::FileTooLarge { most } => return text::file_too_large(*most),
        Wrong::Missing(part) => return text::missing(thing(*part)),
        Wrong::LineTooLong { length } => return text::text_too_long(*length, LONGEST_LINE),
        Wrong::NextTooLate { last } => return text::date_too_late(*last),
        Wrong::ValueTooLong { .. } => return text::value_too_long(LONGEST_VALUE),
        Wrong::Proposed { number, missing } => return text::proposed(*number, proposed(*missing)),
        Wrong::TooManyProposals => return text::too_many_proposals(MOST_PROPOSALS),
        Wrong::PersonalNumber { place, .. } => {
            return text::personal_number(place.line, place.character);
        }
        Wrong::WouldVanish(titles) => return text::would_vanish(titles),
        Wrong::PlaceTooLong { length } => return text::place_too_long(*length, LONGEST_TITLE),
        Wrong::NothingSet => text::NOTHING_SET,
        Wrong::HoursBackwards => text::HOURS_BACKWARDS,
        Wrong::NoReason => text::NO_REASON,
        Wrong::NoClosing => text::NO_CLOSING,
        Wrong::NextPast { .. } => text::NEXT_PAST,
        Wrong::OwnerUnknown(_) => text::OWNER_UNKNOWN,
        Wrong::ValueUnknown { .. } => text::VALUE_UNKNOWN,
        Wrong::PeriodMissing => text::PERIOD_MISSING,
        Wrong::DateMissing => text::DATE_MISSING,
        Wrong::DatePast { .. } => text::DATE_PAST,
        Wrong::LinkNoAddress => text::LINK,
        Wrong::HeadingUnknown(_) => text::HEADING,
        Wrong::ListEmpty => text::LIST_EMPTY,
        Wrong::FileEmpty => text::FILE_EMPTY,
        Wrong::FileKind => text::FILE_KIND,
        Wrong::FileRefused => text::FILE_REFUSED,
        Wrong::FileUnchecked => text::FILE_UNCHECKED,
        Wrong::MarkUnknown(_) => text::MARK,
        Wrong::ToMissing => text::TO_MISSING,
        Wrong::ToUnknown => text::TO_UNKNOWN,
        Wrong::ToSelf => text::TO_SELF,
        Wrong::ToCircle => text::TO_CIRCLE,
    };
    plain.to_owned()
}

fn thing(part: Field) -> &'static str {
    let [
        words,
        link,
        file,
        date,
        list,
        marks,
        to,
        phase,
        health,
        line,
        next,
        owner,
        values,
        items,
        hours,
        place,
    ] = text::THINGS;
    match part {
        Field::Text => words,
        Field::Link => link,
        Field::File => file,
        Field::Date => date,
        Field::List => list,
        Field::Marks => marks,
        Field::To => to,
        Field::Phase => phase,
        Field::Health => health,
        Field::Line => line,
        Field::NextDate => next,
        Field::Owner => owner,
        Field::Values => values,
        Field::Items => items,
        Field::Hours => hours,
        Field::Place => place,
    }
}

fn proposed(missing: Missing) -> &'static str {
    match missing {
        Missing::Title => text::PROPOSED_TITLE,
        Missing::Room => text::PROPOSED_ROOM,
        Missing::Owner => text::PROPOSED_OWNER,
        Missing::Next => text::PROPOSED_NEXT,
        Missing::News => text::PROPOSED_NEWS,
    }
}
