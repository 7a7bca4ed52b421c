//! What goes into the store and comes out of it around an answer.

use jiff::Timestamp;
use jiff::civil::{Date, Time};

use super::{Advance, FileKind, ItemChange, Proposed, Revising};
use crate::ids::{BodyId, EntryId, OccasionRef, PersonId, WorkflowId};
use crate::plan::model::{Arranged, Given, Opened};

/// An answer with all that goes with it.
#[derive(Clone, Debug)]
pub struct NewAnswer<'a> {
    /// The answer.
    pub given: &'a Given,
    /// What it does to an item: the unit and the change.
    pub effect: Option<(&'a str, &'a ItemChange)>,
    /// How it moves an assignment on, by number.
    pub assignment: Option<(i64, Advance<'a>)>,
    /// What it does to a body's plan as a whole.
    pub revising: Option<Revising<'a>>,
    /// Items that it proposes for a body's plan.
    pub proposed: Option<(&'a BodyId, &'a [Proposed])>,
    /// What came with it.
    pub handed: NewHandedIn<'a>,
    /// What it says of the meeting that it is about.
    pub meeting: Option<SetMeeting<'a>>,
    /// Matters to list: what is missing from the list is withdrawn. None leaves the list alone.
    pub list: Option<NewList<'a>>,
    /// For whom it settles the matter.
    pub settles: Settles,
    /// Who did it.
    pub who: &'a str,
}

impl<'a> NewAnswer<'a> {
    /// An answer that comes alone and settles the matter for who gave it.
    #[must_use]
    pub fn of(given: &'a Given, who: &'a str) -> Self {
        Self {
            given,
            effect: None,
            assignment: None,
            revising: None,
            proposed: None,
            handed: NewHandedIn::default(),
            meeting: None,
            list: None,
            settles: Settles::Own,
            who,
        }
    }
}

/// When and where a meeting is, as an answer says it; none leaves what is known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SetMeeting<'a> {
    /// Which one.
    pub at: &'a OccasionRef,
    /// When it begins on its first day and ends on its last.
    pub hours: Option<(Time, Time)>,
    /// Where it is.
    pub place: Option<&'a str>,
}

/// Whom an answer settles a matter for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Settles {
    /// For who gave it.
    Own,
    /// For all who were asked in a role of that body.
    Body(BodyId),
    /// For everybody: one answer is enough, or this was the last one missing.
    All,
}

/// What comes with an answer.
#[derive(Clone, Debug, Default)]
pub struct NewHandedIn<'a> {
    /// Heading and text; none of them empty.
    pub texts: Vec<(&'a str, &'a str)>,
    /// A web address.
    pub link: Option<&'a str>,
    /// A file.
    pub file: Option<NewFile<'a>>,
}

/// A file that has been looked at.
#[derive(Clone, Copy, Debug)]
pub struct NewFile<'a> {
    /// A plain name with its ending, no path.
    pub name: &'a str,
    /// By its content.
    pub kind: FileKind,
    /// What is in it.
    pub bytes: &'a [u8],
}

/// The matters of an occasion for one workflow and body.
#[derive(Clone, Copy, Debug)]
pub struct NewList<'a> {
    /// The workflow whose steps are said once for each.
    pub workflow: &'a WorkflowId,
    /// The body that lists them.
    pub body: Option<&'a BodyId>,
    /// Under which occasion.
    pub of: &'a OccasionRef,
    /// Title and web address.
    pub lines: &'a [(String, Option<String>)],
}

/// What a list did.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ListReport {
    /// Matters that were new.
    pub added: usize,
    /// Matters that got another link, or came back.
    pub changed: usize,
    /// Matters that are no longer there.
    pub withdrawn: usize,
}

/// What a recipient wants instead of answering.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wanted<'a> {
    /// A later last day.
    Time(Date),
    /// Somebody else is asked instead.
    PassedTo(Other<'a>),
    /// Somebody else is asked too.
    HelpFrom(Other<'a>),
}

/// Somebody by their address.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Other<'a> {
    /// Where mail goes; case doesn't matter.
    pub address: &'a str,
    /// Whether they become known by this if they aren't.
    pub register: bool,
}

/// What came of an arrangement.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Arranging {
    /// It holds.
    Arranged {
        /// What.
        what: Arranged,
        /// It held before; nothing was written.
        same: bool,
    },
    /// There is an answer: nothing is open that could be arranged.
    Answered,
    /// Nobody has that address.
    Unknown,
    /// It is the recipient's own address.
    Own,
    /// They have passed it on to the recipient, perhaps through others.
    Circle,
}

/// An occasion to open.
#[derive(Clone, Copy, Debug)]
pub struct NewOccasion<'a> {
    /// The workflow whose file has the entry.
    pub workflow: &'a WorkflowId,
    /// The body it belongs to.
    pub body: Option<&'a BodyId>,
    /// Which entry.
    pub entry: &'a EntryId,
    /// The occasion.
    pub opened: &'a Opened,
    /// Its entry is renewed by an answer: it comes again in another year under its number, so it gets one that no
    /// other year has.
    pub renewed: bool,
}

/// What changes on an occasion entered by hand; none leaves it as it is. Its date and place are changed by
/// [`super::Store::enter_date`], which tells those who know of them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct OpenedChange {
    /// What it is called.
    pub title: Option<String>,
    /// Where its papers are; `Some(None)` takes the link away.
    pub link: Option<Option<String>>,
    /// The number in the authority's diary.
    pub diary: Option<Option<String>>,
}

/// What was handed in with the answer that stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HandedIn {
    /// Heading and text; the heading is empty where the ask has none.
    pub texts: Vec<(String, String)>,
    /// A web address.
    pub link: Option<String>,
    /// A file; its bytes are read by [`super::Store::file`].
    pub file: Option<FileRow>,
    /// When.
    pub at: Timestamp,
}

/// A file that was handed in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FileRow {
    /// Its row.
    pub id: i64,
    /// Who handed it in.
    pub person: PersonId,
    /// What they call it: a plain name with its ending, no path.
    pub name: String,
    /// By its content.
    pub kind: FileKind,
    /// SHA-256 of its bytes.
    pub hash: [u8; 32],
    /// In bytes.
    pub size: u32,
    /// When it came.
    pub at: Timestamp,
}

/// A file with what is in it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoredFile {
    /// What is known of it.
    pub file: FileRow,
    /// What is in it.
    pub bytes: Vec<u8>,
}

/// One person's part in a matter, with all that is known about it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Request {
    /// Who was asked.
    pub person: PersonId,
    /// In which role, as in [`crate::plan::model::Message::role`].
    pub role: String,
    /// When the newest message that asked left.
    pub asked: Timestamp,
    /// The last day that it named.
    pub due: Option<Date>,
    /// The last day that everybody has who hasn't a later one of their own; stays when that is over and done with.
    pub common: Option<Date>,
    /// The answer that stands.
    pub given: Option<Given>,
    /// What came with it.
    pub handed: Option<HandedIn>,
    /// A later last day.
    pub time: Option<Date>,
    /// Who is asked instead.
    pub passed_to: Option<PersonId>,
    /// Who is asked too.
    pub help_from: Option<PersonId>,
}

/// How far a request has come; drawn at the head of `src/answering.rs`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum RequestState {
    /// Waits for the answer.
    Asked,
    /// Waits for it until a later day.
    MoreTime,
    /// Waits for it with somebody's help.
    Helped,
    /// Somebody else is asked instead: see their request.
    PassedOn,
    /// Complete.
    Answered,
}

impl Request {
    /// How far it has come.
    #[must_use]
    pub fn state(&self) -> RequestState {
        if self.given.is_some() {
            RequestState::Answered
        } else if self.passed_to.is_some() {
            RequestState::PassedOn
        } else if self.help_from.is_some() {
            RequestState::Helped
        } else if self.time.is_some() {
            RequestState::MoreTime
        } else {
            RequestState::Asked
        }
    }
}
