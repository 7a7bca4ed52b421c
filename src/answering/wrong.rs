//! What can be wrong with what came with an answer.

use std::fmt;

use jiff::civil::Date;

use crate::belongs::Place;
use crate::ids::MarkId;
use crate::store::StoreError;

/// A text may have so many characters.
pub const LONGEST_TEXT: usize = 20_000;
/// A web address may have so many.
pub const LONGEST_LINK: usize = 2_000;
/// The title of a listed matter may have so many.
pub const LONGEST_TITLE: usize = 300;
/// A list may have so many lines.
pub const LONGEST_LIST: usize = 100;
/// A line for a log may have so many characters.
pub const LONGEST_LINE: usize = 1_000;
/// The value of a measure, or its period, may have so many.
pub const LONGEST_VALUE: usize = 100;
/// So many items can be proposed with one answer.
pub const MOST_PROPOSALS: usize = 20;

/// What can be handed in, as the fields of [`super::Handed`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Field {
    /// `texts`
    Text,
    /// `link`
    Link,
    /// `file`
    File,
    /// `date`
    Date,
    /// `list`
    List,
    /// `marks`
    Marks,
    /// `to`
    To,
    /// `item.phase`
    Phase,
    /// `item.health`
    Health,
    /// `item.line`
    Line,
    /// `item.next`
    NextDate,
    /// `item.owners`
    Owner,
    /// `item.values`
    Values,
    /// `items`
    Items,
    /// `meeting.hours`
    Hours,
    /// `meeting.place`
    Place,
}

impl Field {
    /// What it is, within an English sentence.
    fn english(self) -> &'static str {
        match self {
            Self::Text => "text",
            Self::Link => "link",
            Self::File => "file",
            Self::Date => "date",
            Self::List => "list",
            Self::Marks => "mark",
            Self::To => "recipient",
            Self::Phase => "phase",
            Self::Health => "health",
            Self::Line => "line",
            Self::NextDate => "next date",
            Self::Owner => "owner",
            Self::Values => "values",
            Self::Items => "items",
            Self::Hours => "hours",
            Self::Place => "place",
        }
    }

    /// How the command line writes it.
    fn flag(self) -> &'static str {
        match self {
            Self::Text => "text",
            Self::Link => "link",
            Self::File => "file",
            Self::Date => "date",
            Self::List => "list",
            Self::Marks => "mark",
            Self::To => "to",
            Self::Phase => "phase",
            Self::Health => "health",
            Self::Line => "line",
            Self::NextDate => "next",
            Self::Owner => "owner",
            Self::Values => "value",
            Self::Items => "propose",
            Self::Hours => "hours",
            Self::Place => "place",
        }
    }
}

/// What a proposed item lacks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Missing {
    /// A title, or it is longer than [`LONGEST_TITLE`].
    Title,
    /// Room for its texts: one is longer than [`LONGEST_TEXT`].
    Room,
    /// An owner who is known.
    Owner,
    /// A next date, or it has been, or is too far off.
    Next,
    /// Anything new: the plan has an item of that title.
    News,
}

/// Where something was written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Written {
    /// Under a heading; empty where the ask has none.
    Text(String),
    /// As the link.
    Link,
    /// As the meeting's place.
    Place,
    /// As the file's name.
    FileName,
    /// In the list.
    List,
    /// In the line for the log.
    Line,
    /// As the value of a measure.
    Value,
    /// In the proposed item of that number, from 1.
    Proposal(usize),
}

/// One thing that is wrong; an answer may have several.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Wrong {
    /// It came, and the chosen answer doesn't take it.
    NotTaken(Field),
    /// The answer needs a date.
    DateMissing,
    /// The date has been: what lasts until a day must last until after today.
    DatePast {
        /// Today.
        today: Date,
    },
    /// The date must lie later than this day: the present last day, the year that is being renewed, or what is so
    /// long ago that it is a slip of the finger.
    DateTooEarly {
        /// The last day that is too early.
        than: Date,
    },
    /// The date lies after the last day of what it is about.
    DateTooLate {
        /// The latest day there is.
        last: Date,
    },
    /// The link doesn't begin with `http://` or `https://`, or is none.
    LinkNoAddress,
    /// The answer sets the meeting's hours or place, and neither came.
    NothingSet,
    /// The meeting would end before it begins.
    HoursBackwards,
    /// The place is longer than [`LONGEST_TITLE`].
    PlaceTooLong {
        /// Its characters.
        length: usize,
    },
    /// There is no such heading to write under.
    HeadingUnknown(String),
    /// A text is longer than [`LONGEST_TEXT`].
    TextTooLong {
        /// Under which heading; empty where the ask has none.
        heading: String,
        /// Its length in characters.
        length: usize,
    },
    /// A list is longer than [`LONGEST_LIST`].
    ListTooLong {
        /// Its lines.
        lines: usize,
    },
    /// Nothing is listed, and a list is all that the answer takes.
    ListEmpty,
    /// A line has no title, or one longer than [`LONGEST_TITLE`].
    LineNoTitle {
        /// Which, from 1.
        line: usize,
    },
    /// A line's link is no web address.
    LineNoAddress {
        /// Which, from 1.
        line: usize,
    },
    /// The file is empty.
    FileEmpty,
    /// The file is too large.
    FileTooLarge {
        /// The most it may have, in bytes.
        most: u64,
    },
    /// The file is neither .docx nor .pdf, by its name or by what is in it.
    FileKind,
    /// The program that looks at files refused it.
    FileRefused,
    /// The program that looks at files could not be run or did not end; not the fault of who answers.
    FileUnchecked,
    /// There is no such mark to tick.
    MarkUnknown(MarkId),
    /// It must say to whom.
    ToMissing,
    /// Nobody with that address is registered, and its domain is not one of those allowed.
    ToUnknown,
    /// The one it is passed on to is the recipient.
    ToSelf,
    /// The one it is passed on to has passed it on to the recipient.
    ToCircle,
    /// The answer needs it.
    Missing(Field),
    /// What turns red needs a line with its reason.
    NoReason,
    /// What is finished needs a line that says why or how.
    NoClosing,
    /// The line for the log is longer than [`LONGEST_LINE`].
    LineTooLong {
        /// Its length in characters.
        length: usize,
    },
    /// The next date has been.
    NextPast {
        /// Today.
        today: Date,
    },
    /// The next date is too far off.
    NextTooLate {
        /// The latest day there is.
        last: Date,
    },
    /// There is no such role, and nobody of that address is registered.
    OwnerUnknown(String),
    /// The plan can't be published: these of its items would vanish without a closing entry.
    WouldVanish(Vec<String>),
    /// The item has no such measure, or there is no such region.
    ValueUnknown {
        /// The measure's number.
        measure: i64,
        /// The region, as it came.
        region: String,
    },
    /// A value or its period is longer than [`LONGEST_VALUE`].
    ValueTooLong {
        /// The measure's number.
        measure: i64,
        /// The region, as it came.
        region: String,
    },
    /// A value has no period.
    PeriodMissing,
    /// Something is wrong with a proposed item.
    Proposed {
        /// Which, from 1.
        number: usize,
        /// What it lacks.
        missing: Missing,
    },
    /// More items are proposed than [`MOST_PROPOSALS`].
    TooManyProposals,
    /// What looks like a personal number stands in it. Only this is recorded all the same, when it is said that it is
    /// meant.
    PersonalNumber {
        /// In what.
        at: Written,
        /// Where in it.
        place: Place,
    },
}

impl Wrong {
    /// A word for pages and tests; stable.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::NotTaken(Field::Text) => "text-not-taken",
            Self::NotTaken(Field::Link) => "link-not-taken",
            Self::NotTaken(Field::File) => "file-not-taken",
            Self::NotTaken(Field::Date) => "date-not-taken",
            Self::NotTaken(Field::List) => "list-not-taken",
            Self::NotTaken(Field::Marks) => "marks-not-taken",
            Self::NotTaken(Field::To) => "to-not-taken",
            Self::NotTaken(Field::Phase) => "phase-not-taken",
            Self::NotTaken(Field::Health) => "health-not-taken",
            Self::NotTaken(Field::Line) => "line-not-taken",
            Self::NotTaken(Field::NextDate) => "next-date-not-taken",
            Self::NotTaken(Field::Owner) => "owner-not-taken",
            Self::NotTaken(Field::Values) => "values-not-taken",
            Self::NotTaken(Field::Items) => "items-not-taken",
            Self::NotTaken(Field::Hours) => "hours-not-taken",
            Self::NotTaken(Field::Place) => "place-not-taken",
            Self::DateMissing => "date-missing",
            Self::DatePast { .. } => "date-past",
            Self::DateTooEarly { .. } => "date-too-early",
            Self::DateTooLate { .. } => "date-too-late",
            Self::LinkNoAddress => "link-no-address",
            Self::NothingSet => "nothing-set",
            Self::HoursBackwards => "hours-backwards",
            Self::PlaceTooLong { .. } => "place-too-long",
            Self::HeadingUnknown(_) => "heading-unknown",
            Self::TextTooLong { .. } => "text-too-long",
            Self::ListTooLong { .. } => "list-too-long",
            Self::ListEmpty => "list-empty",
            Self::LineNoTitle { .. } => "line-no-title",
            Self::LineNoAddress { .. } => "line-no-address",
            Self::FileEmpty => "file-empty",
            Self::FileTooLarge { .. } => "file-too-large",
            Self::FileKind => "file-kind",
            Self::FileRefused => "file-refused",
            Self::FileUnchecked => "file-unchecked",
            Self::MarkUnknown(_) => "mark-unknown",
            Self::ToMissing => "to-missing",
            Self::ToUnknown => "to-unknown",
            Self::ToSelf => "to-self",
            Self::ToCircle => "to-circle",
            Self::Missing(_) => "missing",
            Self::NoReason => "no-reason",
            Self::NoClosing => "no-closing",
            Self::LineTooLong { .. } => "line-too-long",
            Self::NextPast { .. } => "next-past",
            Self::NextTooLate { .. } => "next-too-late",
            Self::OwnerUnknown(_) => "owner-unknown",
            Self::WouldVanish(_) => "would-vanish",
            Self::ValueUnknown { .. } => "value-unknown",
            Self::ValueTooLong { .. } => "value-too-long",
            Self::PeriodMissing => "period-missing",
            Self::Proposed { .. } => "proposed",
            Self::TooManyProposals => "too-many-proposals",
            Self::PersonalNumber { .. } => "personal-number",
        }
    }
}

/// In English, with what to do instead: for the command line and logs.
impl fmt::Display for Wrong {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotTaken(field) => {
                let what = field.english();
                write!(f, "the answer takes no {what}; leave it out or choose another answer")
            }
            Self::DateMissing => write!(f, "the answer needs a date; give one with --date"),
            Self::DatePast { today } => write!(f, "the date has passed; give one after {today}"),
            Self::DateTooEarly { than } => write!(f, "the date is too early; give one after {than}"),
            Self::DateTooLate { last } => write!(f, "the date is too late; give one no later than {last}"),
            Self::LinkNoAddress => {
                write!(f, "the link is no web address; it begins with http:// or https://")
            }
            Self::NothingSet => write!(f, "say when it begins and ends with --hours, or where with --place"),
            Self::HoursBackwards => write!(f, "it would end before it begins"),
            Self::PlaceTooLong { length } => {
                write!(f, "the place has {length} characters; it may have {LONGEST_TITLE}")
            }
            Self::HeadingUnknown(heading) => write!(f, "there is no heading `{heading}` to write under"),
            Self::TextTooLong { length, .. } => {
                write!(f, "a text has {length} characters; it may have {LONGEST_TEXT}")
            }
            Self::ListTooLong { lines } => {
                write!(f, "the list has {lines} lines; it may have {LONGEST_LIST}")
            }
            Self::ListEmpty => write!(f, "nothing is listed; write a matter on each line"),
            Self::LineNoTitle { line } => {
                write!(f, "line {line} has no title, or one longer than {LONGEST_TITLE} characters")
            }
            Self::LineNoAddress { line } => {
                write!(f, "the link of line {line} is no web address; it begins with http:// or https://")
            }
            Self::FileEmpty => write!(f, "the file is empty"),
            Self::FileTooLarge { most } => write!(f, "the file is larger than {most} bytes"),
            Self::FileKind => write!(f, "the file is neither a .docx nor a .pdf"),
            Self::FileRefused => write!(f, "the file check refused the file"),
            Self::FileUnchecked => write!(f, "the file could not be checked; look at `file-check`"),
            Self::MarkUnknown(mark) => write!(f, "there is no mark `{mark}`"),
            Self::ToMissing => write!(f, "say to whom with --to ADDRESS"),
            Self::ToUnknown => write!(
                f,
                "nobody with that address is registered, and its domain is not one of `answer-domains`"
            ),
            Self::ToSelf => write!(f, "that is the recipient; name somebody else"),
            Self::ToCircle => write!(f, "that person has passed it on to the recipient; name somebody else"),
            other => other.of_item(f),
        }
    }
}

impl Wrong {
    /// What can be wrong about an item, in English.
    fn of_item(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Missing(field) => {
                write!(f, "the answer needs a {}; give it with --{}", field.english(), field.flag())
            }
            Self::NoReason => write!(f, "it turns red; say the cause and the support it needs with --line"),
            Self::NoClosing => write!(f, "it is finished; say how it ended with --line"),
            Self::LineTooLong { length } => {
                write!(f, "the line has {length} characters; it may have {LONGEST_LINE}")
            }
            Self::NextPast { today } => write!(f, "the next date has passed; give {today} or later"),
            Self::NextTooLate { last } => write!(f, "the next date is too late; give {last} or earlier"),
            Self::WouldVanish(titles) => {
                write!(f, "{}", StoreError::WouldVanish(titles.clone()))
            }
            Self::OwnerUnknown(name) => write!(
                f,
                "`{name}` is no owner; write a body and a role, such as `RAG Patologi/ordförande`, \
                 or the address of somebody registered"
            ),
            Self::ValueUnknown { measure, region } => {
                write!(f, "the item has no measure {measure}, or there is no region `{region}`")
            }
            Self::ValueTooLong { .. } => {
                write!(f, "a value and its period may have {LONGEST_VALUE} characters each")
            }
            Self::PeriodMissing => write!(f, "a value needs its period, such as `2025 T1`"),
            Self::Proposed { number, missing } => {
                let what = match missing {
                    Missing::Title => "has no title, or one that is too long",
                    Missing::Room => "has a text that is too long",
                    Missing::Owner => "has no owner who is known",
                    Missing::Next => "has no next date that is to come",
                    Missing::News => "is in the plan already",
                };
                write!(f, "proposal {number} {what}")
            }
            Self::TooManyProposals => write!(f, "more than {MOST_PROPOSALS} items are proposed at once"),
            Self::PersonalNumber { at, place } => {
                let at = match at {
                    Written::Text(_) => "the text".to_owned(),
                    Written::Link => "the link".to_owned(),
                    Written::Place => "the place".to_owned(),
                    Written::FileName => "the file's name".to_owned(),
                    Written::List => "the list".to_owned(),
                    Written::Line => "the line".to_owned(),
                    Written::Value => "a value".to_owned(),
                    Written::Proposal(number) => format!("proposal {number}"),
                };
                write!(
                    f,
                    "{at} holds what looks like a personal number ({place}); take it away, \
                     or record it all the same with --anyway"
                )
            }
            _ => Ok(()),
        }
    }
}
