//! What the commands about items take.

use clap::{Args, Subcommand, ValueEnum};
use jiff::civil::Date;

use crate::cli::promises::PlanCommand;

#[derive(Debug, Subcommand)]
pub(in crate::cli) enum ItemCommand {
    /// How the units of a body's plan are: phase, health, how old the report is, what is promised and awaited
    List(ListArgs),
    /// One row with its card, log, waits, deadlines, measures and history
    Show(ShowArgs),
    /// Change phase, health, next date or owners of a unit, with a line for its log
    Set(SetArgs),
    /// Add a line to a log; lines are never changed
    Log(LogArgs),
    /// Note what a unit waits for, or that it waits no more
    Wait(WaitArgs),
    /// Note by when something is promised, or that it came about
    Deadline(DeadlineArgs),
    /// End a unit, with the entry that says why
    Close(CloseArgs),
    /// Add an item to a plan; it has an owner and a next date from the beginning
    Add(AddArgs),
    /// Give an item another title; it stays the same item
    Rename(RenameArgs),
    /// Say how an item is followed up, or give a measure a value
    Measure(MeasureArgs),
    #[command(flatten)]
    Plan(PlanCommand),
}

/// Whether a text goes into the register though it looks like a personal number.
#[derive(Debug, Args)]
pub(in crate::cli) struct Meant {
    /// Write it though something in it looks like a personal number
    #[arg(long)]
    pub anyway: bool,
}

impl ItemCommand {
    /// What was typed for the register, each text named by where it was given, and whether it is meant.
    pub fn typed(&self) -> (Vec<(&'static str, &str)>, bool) {
        let (texts, meant) = match self {
            Self::Set(a) => (vec![("--line", a.line.as_deref()), ("--why", a.why.as_deref())], &a.meant),
            Self::Log(a) => (vec![("the text", Some(&*a.text)), ("--who", a.who.as_deref())], &a.meant),
            Self::Wait(a) => (vec![("the text", a.text.as_deref()), ("--why", a.why.as_deref())], &a.meant),
            Self::Deadline(a) => (vec![("--text", a.text.as_deref())], &a.meant),
            Self::Close(a) => (vec![("the text", Some(&*a.text))], &a.meant),
            Self::Add(a) => {
                (vec![("--title", Some(&*a.title)), ("--follow-up", a.follow_up.as_deref())], &a.meant)
            }
            Self::Rename(a) => (vec![("the title", Some(&*a.title))], &a.meant),
            Self::List(_) | Self::Show(_) | Self::Measure(_) | Self::Plan(_) => return (Vec::new(), false),
        };
        (texts.into_iter().filter_map(|(at, text)| Some((at, text?))).collect(), meant.anyway)
    }
}

#[derive(Debug, Args)]
pub(in crate::cli) struct ListArgs {
    /// Whose plan
    #[arg(long)]
    pub body: String,
    /// As seen on this day (default: today)
    #[arg(long)]
    pub as_of: Option<Date>,
    #[arg(long, value_enum, default_value_t = Format::Text)]
    pub format: Format,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(in crate::cli) enum Format {
    Text,
    Json,
    Csv,
}

#[derive(Debug, Args)]
pub(in crate::cli) struct ShowArgs {
    /// The unit, or the row: `l5`, `l12~lab`
    pub unit: String,
    /// As seen on this day (default: today)
    #[arg(long)]
    pub as_of: Option<Date>,
}

#[derive(Debug, Args)]
pub(in crate::cli) struct SetArgs {
    /// The unit: `l5`, `l12~lab`
    pub unit: String,
    /// How far it has come: a Swedish word or its code, such as `Pågår`; to end it, use `close`
    #[arg(long)]
    pub phase: Option<String>,
    /// How it goes: Grön, Gul or Röd
    #[arg(long)]
    pub health: Option<String>,
    /// Why it goes as it does: the line for its log
    #[arg(long, value_name = "TEXT", requires = "health", conflicts_with = "line")]
    pub why: Option<String>,
    /// When something is to happen next
    #[arg(long)]
    pub next: Option<Date>,
    /// Who answers for it from now on: BODY/ROLE or a mail address; once for each
    #[arg(long, value_name = "PATH")]
    pub owner: Vec<String>,
    /// Each of the owners answers, not any one of them
    #[arg(long, requires = "owner")]
    pub all: bool,
    /// A line for its log, of today
    #[arg(long, value_name = "TEXT")]
    pub line: Option<String>,
    /// What the line is: beslut, rapport, dialog or notering
    #[arg(long, default_value = "rapport")]
    pub kind: String,
    /// The address of who says so
    #[arg(long, value_name = "ADDRESS")]
    pub by: Option<String>,
    #[command(flatten)]
    pub meant: Meant,
}

#[derive(Debug, Args)]
pub(in crate::cli) struct LogArgs {
    /// The unit, or a row of several for a line about the whole
    pub unit: String,
    /// What happened, or is to happen
    pub text: String,
    /// When (default: today)
    #[arg(long)]
    pub date: Option<Date>,
    /// What it is: beslut, rapport, dialog, oforandrad or notering
    #[arg(long, default_value = "rapport")]
    pub kind: String,
    /// It is to happen; it becomes a report when a line is added about it
    #[arg(long)]
    pub planned: bool,
    /// The number of the planned line whose outcome this is
    #[arg(long, value_name = "NUMBER", conflicts_with = "planned")]
    pub about: Option<i64>,
    /// Of a decision: who does it
    #[arg(long)]
    pub who: Option<String>,
    /// Of a decision: by when
    #[arg(long, value_name = "DATE")]
    pub by: Option<Date>,
    #[command(flatten)]
    pub meant: Meant,
}

#[derive(Debug, Args)]
pub(in crate::cli) struct WaitArgs {
    /// The unit
    #[arg(required_unless_present = "end")]
    pub unit: Option<String>,
    /// What it waits for
    #[arg(required_unless_present = "end")]
    pub text: Option<String>,
    /// Until when: `meeting` (the next of its body), a day, an occasion (`sydostra/rpo:mote-1.2025`), or `undated`
    #[arg(long, default_value = "undated")]
    pub on: String,
    /// The number of a wait that has ended
    #[arg(long, value_name = "NUMBER", requires = "why", conflicts_with_all = ["unit", "text", "on"])]
    pub end: Option<i64>,
    /// Why it waits no more
    #[arg(long, requires = "end")]
    pub why: Option<String>,
    #[command(flatten)]
    pub meant: Meant,
}

#[derive(Debug, Args)]
pub(in crate::cli) struct DeadlineArgs {
    /// The unit or row; a deadline is promised for the whole row
    pub unit: String,
    /// The last day
    #[arg(long)]
    pub day: Date,
    /// As the plan says it: "under våren 2025"
    #[arg(long, required_unless_present = "met")]
    pub text: Option<String>,
    /// How exactly the plan says it: day, month, quarter, season or year
    #[arg(long, default_value = "day")]
    pub precision: String,
    /// What was promised by that day has come about
    #[arg(long)]
    pub met: bool,
    #[command(flatten)]
    pub meant: Meant,
}

#[derive(Debug, Args)]
pub(in crate::cli) struct CloseArgs {
    /// The unit
    pub unit: String,
    /// Why it ends: the closing entry
    pub text: String,
    /// The address of who says so
    #[arg(long, value_name = "ADDRESS")]
    pub by: Option<String>,
    #[command(flatten)]
    pub meant: Meant,
}

#[derive(Debug, Args)]
pub(in crate::cli) struct AddArgs {
    /// Whose plan
    #[arg(long)]
    pub body: String,
    /// What it is called
    #[arg(long)]
    pub title: String,
    /// Its id in the plan (default: from the title)
    #[arg(long)]
    pub id: Option<String>,
    /// The part, for an item that is divided
    #[arg(long)]
    pub part: Option<String>,
    /// Who answers for it: BODY/ROLE or a mail address; once for each
    #[arg(long, value_name = "PATH", required = true)]
    pub owner: Vec<String>,
    /// Each of the owners answers, not any one of them
    #[arg(long)]
    pub all: bool,
    /// When something is to happen next
    #[arg(long)]
    pub next: Date,
    /// How far it has come
    #[arg(long, default_value = "ej_paborjad")]
    pub phase: String,
    /// A promise to patients, P1 to P7; once for each
    #[arg(long)]
    pub promise: Vec<String>,
    /// How it is followed up
    #[arg(long, value_name = "TEXT")]
    pub follow_up: Option<String>,
    #[command(flatten)]
    pub meant: Meant,
}

#[derive(Debug, Args)]
pub(in crate::cli) struct RenameArgs {
    /// The unit or row
    pub unit: String,
    /// The new title
    pub title: String,
    #[command(flatten)]
    pub meant: Meant,
}

#[derive(Debug, Args)]
pub(in crate::cli) struct MeasureArgs {
    /// The unit or row
    pub unit: String,
    /// A new measure: what is measured
    #[arg(long, required_unless_present = "set")]
    pub name: Option<String>,
    /// In what
    #[arg(long, default_value = "")]
    pub measured_in: String,
    /// What it should come to
    #[arg(long, default_value = "")]
    pub target: String,
    /// Where the values come from
    #[arg(long, default_value = "")]
    pub source: String,
    /// The number of a measure that gets a value
    #[arg(long, value_name = "NUMBER", conflicts_with = "name", requires_all = ["region", "period", "value"])]
    pub set: Option<i64>,
    /// Where the value is from
    #[arg(long, value_name = "BODY")]
    pub region: Option<String>,
    /// For when: "2025 T1"
    #[arg(long)]
    pub period: Option<String>,
    /// The value
    #[arg(long)]
    pub value: Option<String>,
}
