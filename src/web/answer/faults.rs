//! What is wrong with what came with an answer, said beside the field where it can be mended.

use super::fields::{Fault, field_of, name};
use crate::answering::{Field, LONGEST_LIST, LONGEST_TEXT, LONGEST_TITLE, Wrong};
use crate::plan::model::Notice;
use crate::text::answers::wrong as text;
use crate::workflow::model::Answer;

/// A date that is none.
pub(super) fn unreadable_date() -> Fault {
    Fault { field: name::DAY.to_owned(), said: text::DATE_UNREADABLE.to_owned() }
}

/// Each fault with its field, in the order they came.
pub(super) fn faults(wrong: &[Wrong], notice: &Notice, chosen: &Answer) -> Vec<Fault> {
    wrong.iter().map(|wrong| Fault { field: field(wrong, notice), said: said(wrong, chosen) }).collect()
}

fn field(wrong: &Wrong, notice: &Notice) -> String {
    let part = match wrong {
        Wrong::TextTooLong { heading, .. } => {
            return name::text(notice.sections.iter().position(|known| known == heading).unwrap_or(0));
        }
        Wrong::NotTaken(part) => *part,
        Wrong::HeadingUnknown(_) => Field::Text,
        Wrong::DateMissing
        | Wrong::DatePast { .. }
        | Wrong::DateTooEarly { .. }
        | Wrong::DateTooLate { .. } => Field::Date,
        Wrong::LinkNoAddress => Field::Link,
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
    let [words, link, file, date, list, marks, to] = text::THINGS;
    match part {
        Field::Text => words,
        Field::Link => link,
        Field::File => file,
        Field::Date => date,
        Field::List => list,
        Field::Marks => marks,
        Field::To => to,
    }
}
