//! What can be wrong with what came with an answer.

use std::fmt;

use jiff::civil::Date;

use crate::ids::MarkId;

/// A text may have so many characters.
pub const LONGEST_TEXT: usize = 20_000;
/// A web address may have so many.
pub const LONGEST_LINK: usize = 2_000;
/// The title of a listed matter may have so many.
pub const LONGEST_TITLE: usize = 300;
/// A list may have so many lines.
pub const LONGEST_LIST: usize = 100;

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
            Self::DateMissing => "date-missing",
            Self::DatePast { .. } => "date-past",
            Self::DateTooEarly { .. } => "date-too-early",
            Self::DateTooLate { .. } => "date-too-late",
            Self::LinkNoAddress => "link-no-address",
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
        }
    }
}

/// In English, with what to do instead: for the command line and logs.
impl fmt::Display for Wrong {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotTaken(field) => {
                let what = match field {
                    Field::Text => "text",
                    Field::Link => "link",
                    Field::File => "file",
                    Field::Date => "date",
                    Field::List => "list",
                    Field::Marks => "mark",
                    Field::To => "recipient",
                };
                write!(f, "the answer takes no {what}; leave it out or choose another answer")
            }
            Self::DateMissing => write!(f, "the answer needs a date; give one with --date"),
            Self::DatePast { today } => write!(f, "the date has passed; give one after {today}"),
            Self::DateTooEarly { than } => write!(f, "the date is too early; give one after {than}"),
            Self::DateTooLate { last } => write!(f, "the date is too late; give one no later than {last}"),
            Self::LinkNoAddress => {
                write!(f, "the link is no web address; it begins with http:// or https://")
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
        }
    }
}
