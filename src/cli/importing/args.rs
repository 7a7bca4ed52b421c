//! What the command `import` takes.

use std::path::PathBuf;

use clap::{Args, ValueEnum};
use jiff::civil::Date;

use crate::cli::CheckFormat;

/// What is taken over, and how.
#[derive(Debug, Args)]
pub(in crate::cli) struct ImportArgs {
    /// A plan as .pptx, .docx, .xlsx, .csv or text taken out of one of them; people
    /// (kropp;roll;namn;epost;från;till;ersättare) as .csv or .xlsx, with a sheet for each body or all in one; items
    /// (punkt;delområde;fas;hälsa;ägare;sedan and what else the plan says) or lines of their logs
    /// (punkt;delområde;datum;slag;text;planerad) as .csv; meetings as a table
    /// (datum;start;slut;titel;plats) or as text with a date on each line; `-` for what is pasted
    pub(super) file: PathBuf,
    /// The body whose plan or whose meetings they are
    #[arg(long)]
    pub(super) body: Option<String>,
    /// The day the file is true of (default: today)
    #[arg(long)]
    pub(super) as_of: Option<Date>,
    /// Keep the plan as it is after this as a version of that name: 2025
    #[arg(long, value_name = "NAME")]
    pub(super) version: Option<String>,
    /// Take it over though something in it looks like a personal number
    #[arg(long)]
    pub(super) anyway: bool,
    /// Meetings: the year of dates that state none and stand under no heading with one
    #[arg(long)]
    pub(super) year: Option<i16>,
    /// Meetings: the day of a schedule that has only times
    #[arg(long)]
    pub(super) date: Option<Date>,
    /// What the file holds (default: what it looks like)
    #[arg(long, value_enum)]
    pub(super) kind: Option<ImportKind>,
    /// People: let those who hold something in the list's bodies and aren't in it keep it until that day
    #[arg(long, value_name = "DAY")]
    pub(super) end_missing: Option<Date>,
    /// People: also if that is more than a third of them
    #[arg(long, requires = "end_missing")]
    pub(super) end_many: bool,
    /// Plans: a row of the document is that row of the register, both by number, id or title: 4=l5. Or `all` that are
    /// proposed
    #[arg(long, value_name = "NEW=OLD|all")]
    pub(super) same: Vec<String>,
    /// Plans: a row of the document is a new one, though another is proposed. Or `all`
    #[arg(long, value_name = "NEW|all")]
    pub(super) new: Vec<String>,
    /// Plans that were exported: whose value is taken where both have changed one, of all rows or of one:
    /// 3=document
    #[arg(long, value_name = "[ROW=]document|register")]
    pub(super) take: Vec<String>,
    /// Only say what would be taken over
    #[arg(long)]
    pub(super) dry_run: bool,
    #[arg(long, value_enum, default_value_t = CheckFormat::Text)]
    pub(super) format: CheckFormat,
}

/// What an import holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(in crate::cli) enum ImportKind {
    /// Who holds which role
    People,
    /// A plan or its items
    #[value(alias = "plan")]
    Items,
    /// Lines of their logs
    Log,
    /// Meetings and periods
    Meetings,
}
