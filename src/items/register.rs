//! What is known of a row of the plan beside how its parts stand.
//!
//! [`Card`] is what people read; nothing is planned from it. [`Followed`] is what the follow-up depends on: days, kinds
//! and waits, without the texts of the log, since a plan reads all of them.

use std::collections::BTreeSet;

use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::measures::Measured;
use crate::ids::{BodyId, ItemId, OccasionRef, slug};

vocabulary! {
    /// Where an item comes from.
    Source {
        /// The plan of the national programme area.
        National = "npo", "Nationellt insatsområde";
        /// An assignment from Regionsjukvårdsledningen.
        Rsl = "rsl", "Uppdrag från RSL";
        /// An assignment from the kunskapsråd.
        Council = "kr", "Uppdrag från kunskapsrådet";
        /// The body's own priority.
        Own = "eget", "Prioriterat område";
    }
}

vocabulary! {
    /// The seven promises to patients of the plan's template.
    Promise {
        /// Easily available care.
        Available = "P1", "Lätt tillgänglig vård";
        /// Best knowledge in each meeting.
        BestKnowledge = "P2", "Bästa kunskap i varje möte";
        /// Taking part, well informed.
        TakingPart = "P3", "Delaktig och välinformerad";
        /// Equal care.
        Equal = "P4", "Jämlik vård";
        /// Promotes health.
        Health = "P5", "Hälsofrämjande insatser och screening";
        /// Safe care.
        Safe = "P6", "Patientsäker vård";
        /// Worth what it costs.
        CostEffective = "P7", "Kostnadseffektiv vård";
    }
}

vocabulary! {
    /// What a line of the log is.
    LogKind {
        /// Who does what by when.
        Decision = "beslut", "Beslut";
        /// How it goes.
        Report = "rapport", "Rapport";
        /// A talk with somebody.
        Dialogue = "dialog", "Dialog";
        /// Its owner says that nothing has changed: a complete report.
        Unchanged = "oforandrad", "Ingen förändring";
        /// A remark that says nothing of how it goes.
        Note = "notering", "Notering";
        /// Why the item ends.
        Closing = "avslut", "Avslut";
    }
}

vocabulary! {
    /// How exactly a day was given.
    Precision {
        /// The day itself.
        Day = "day", "dag";
        /// A month: its last workday stands for it.
        Month = "month", "månad";
        /// A quarter: its last day.
        Quarter = "quarter", "kvartal";
        /// Half-year words: våren is 31 May, sommaren 31 August, hösten 30 November.
        Season = "season", "årstid";
        /// A year: 31 December.
        Year = "year", "år";
    }
}

vocabulary! {
    /// What an item waits for.
    WaitKind {
        /// A meeting.
        Meeting = "meeting", "Möte";
        /// A report.
        Report = "report", "Rapport";
        /// A decision.
        Decision = "decision", "Beslut";
        /// Another body.
        Body = "body", "Annan grupp";
    }
}

vocabulary! {
    /// How far an assignment from one body to another has come; see [`Assignment`].
    AssignmentState {
        /// Being written.
        Drafted = "utkast", "Utkast";
        /// The giver has decided on it.
        Approved = "godkant", "Godkänt";
        /// The receiver has got it.
        Given = "givet", "Givet";
        /// The receiver has taken it on: it is theirs now.
        Confirmed = "bekraftat", "Bekräftat";
        /// The receiver has reported.
        Reported = "rapporterat", "Rapporterat";
        /// The giver has noted the report: it is closed.
        Noted = "noterat", "Noterat";
    }
}

/// The row as people read it, in the words of the plan's template.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Card {
    /// Where it comes from.
    pub source: Option<Source>,
    /// The national focus area; only for what comes from one.
    pub focus_area: Option<String>,
    /// The promises to patients that it serves.
    pub promises: BTreeSet<Promise>,
    /// What is done, in the plan's order.
    pub activities: Vec<Activity>,
    /// How it is followed up, in the plan's words.
    pub follow_up: Option<String>,
    /// What the column "Status" says of each part beside phase and colour.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub status: Vec<StatusText>,
    /// Documents.
    pub links: Vec<Link>,
    /// Where it stands in the plan, from 1; the plan's order is its authors'.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub place: Option<u32>,
    /// Words of the plan that have no place here. They are kept and shown, and mean nothing to the follow-up.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub rest: Vec<String>,
    /// What it was called before, the oldest first: title, and the day it was renamed.
    pub earlier_titles: Vec<(String, Date)>,
}

/// One activity.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Activity {
    /// What is done.
    pub text: String,
    /// "NY" or "ev. NY", as it stands in the plan.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub mark: Option<String>,
}

impl Card {
    /// What the column "Status" says of a part, or of a row that isn't divided.
    #[must_use]
    pub fn status_of(&self, part: Option<&str>) -> Option<&str> {
        let is = |known: &StatusText| known.part.as_deref().map(slug) == part.map(slug);
        self.status.iter().find(|known| is(known)).map(|known| known.text.as_str())
    }

    /// Whether two cards say the same: where a row stands in the plan, and what it was called before, is no news.
    #[must_use]
    pub fn says_as(&self, other: &Self) -> bool {
        let alike = Self { place: other.place, earlier_titles: other.earlier_titles.clone(), ..self.clone() };
        alike == *other
    }
}

/// What the column "Status" says of one part in words of its own.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct StatusText {
    /// The part; none for a row that isn't divided.
    pub part: Option<String>,
    /// The words.
    pub text: String,
}

/// A document.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Link {
    /// What it is.
    pub title: String,
    /// Where it is: a web address.
    pub address: String,
}

/// What the follow-up of a row depends on.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Followed {
    /// The log, in the order of its days, then as recorded.
    pub log: Vec<Line>,
    /// What was promised by when, the earliest first.
    pub deadlines: Vec<Deadline>,
    /// What it waits for; those that have ended are left out.
    pub waits: Vec<Wait>,
    /// Whether the plan says how it is followed up: in words, or with a measure that has a value.
    pub follow_up: bool,
    /// What is measured of it.
    pub measures: Vec<Measured>,
}

/// A line of the log, without its text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    /// Its number in the register, never given again.
    pub number: i64,
    /// The part it is about; none for the whole row.
    pub part: Option<String>,
    /// Its day.
    pub day: Date,
    /// What it is.
    pub kind: LogKind,
    /// It says what is to come. It becomes a report only when somebody says that it came about.
    pub planned: bool,
    /// It was planned, and what became of it has been said.
    pub settled: bool,
    /// Its text, of what is planned and not settled.
    pub text: Option<String>,
    /// When it was written.
    pub recorded: Timestamp,
}

/// A line of the log as it is read and written. Lines are never changed: what a planned one came to is another line
/// `about` it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LogEntry {
    /// The part it is about; none for the whole row.
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
    /// Of a decision: who does it.
    pub doer: Option<String>,
    /// Of a decision: by when.
    pub by: Option<Date>,
    /// The planned line whose outcome this is.
    pub about: Option<i64>,
}

/// A day by which something was promised. One that is passed and not met stays: what was promised in an earlier year's
/// plan is found through it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Deadline {
    /// The last day, reckoned from what the plan says.
    pub day: Date,
    /// How exactly the plan says it.
    pub precision: Precision,
    /// As the plan says it: "under våren 2023".
    pub text: String,
    /// As of which day the plan said so.
    pub stated: Date,
    /// What was promised has come about.
    pub met: bool,
}

/// Something that an item waits for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Wait {
    /// Its number in the register.
    pub number: i64,
    /// The part that waits; none for the whole row.
    pub part: Option<String>,
    /// For what kind of thing.
    pub kind: WaitKind,
    /// In the plan's words: "första RPO-mötet 2025".
    pub text: String,
    /// Until when.
    pub on: WaitOn,
    /// Since when it waits.
    pub since: Date,
}

/// Until when an item waits.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum WaitOn {
    /// An occasion: dated, or not yet.
    Occasion(OccasionRef),
    /// The first meeting of its body after it began to wait.
    NextMeeting,
    /// A day.
    Day(Date),
    /// Nobody knows.
    Undated,
}

/// A body gives another something to do, and with it the units of the plan that it is about.
///
/// ```text
///   drafted ──▶ approved ──▶ given ──▶ confirmed ──▶ reported ──▶ noted
///   └────────── the giver is asked ──┘ └─────── the receiver is ─┘
/// ```
/// A state is never left backwards. Until it is confirmed whoever shall give it is asked about its units, never the
/// coming receiver.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Assignment {
    /// Its number in the register.
    pub number: i64,
    /// Who gives it.
    pub from: BodyId,
    /// Who gets it.
    pub to: BodyId,
    /// What it is about.
    pub title: String,
    /// The units of the plan that go with it, see [`super::Item::unit`].
    pub units: Vec<String>,
    /// How far it has come.
    pub state: AssignmentState,
    /// The occasion that was opened when it was given: its questions confirm and report it.
    pub at: Option<OccasionRef>,
}

impl AssignmentState {
    /// Whether the receiver has taken it on.
    #[must_use]
    pub fn is_taken(self) -> bool {
        self >= Self::Confirmed
    }
}

/// Whether something that is said of `part` (none: of the whole row) is said of a unit whose part is `unit`.
#[must_use]
pub fn is_about(part: Option<&str>, unit: Option<&str>) -> bool {
    part.is_none_or(|part| unit.is_some_and(|unit| slug(unit) == slug(part)))
}

/// A unit's name: `l5`, or `l12~molekylar` for a part.
#[must_use]
pub fn unit_of(item: &ItemId, part: Option<&str>) -> String {
    part.map_or_else(|| item.to_string(), |part| format!("{item}~{}", slug(part)))
}
