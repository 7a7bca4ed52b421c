//! `export`.

use std::io::Write;
use std::path::PathBuf;

use clap::{Args, ValueEnum};
use jiff::civil::Date;

use super::compiling::{exists, write};
use super::facts::WHO;
use super::item::Desk;
use super::planning::find_body;
use super::{CliError, Context, Done, Exit};
use crate::app::annex::annex;
use crate::app::listing::{left_out, listed};
use crate::app::picturing::{Wanted, picture};
use crate::app::recording::record;
use crate::documents::plan::{Sheet, list, page, pptx, rows, word, xlsx};
use crate::documents::{DocumentError, Paper};
use crate::ids::BodyId;
use crate::items::Owner;
use crate::picture::{Audience, Picture};

#[derive(Debug, Args)]
pub(super) struct ExportArgs {
    /// What to write: the plan with its state, the annex to the agenda of the next meeting, or the record of a year
    #[arg(value_enum, default_value_t = What::Plan)]
    what: What,
    /// The body whose it is
    #[arg(long)]
    body: String,
    /// The day that ages and dates are reckoned from (default: today); phases and colours are those of now
    #[arg(long, value_name = "DAY")]
    as_of: Option<Date>,
    /// Plan: say what has changed since this day (default: the last meeting)
    #[arg(long, value_name = "DAY")]
    since: Option<Date>,
    /// Plan: those of the bodies under it, too; such a document can't be taken in again
    #[arg(long)]
    below: bool,
    /// Record: the year (default: this one)
    #[arg(long)]
    year: Option<i16>,
    /// Name the people who own something, too, and in a .csv their addresses
    #[arg(long)]
    names: bool,
    /// What kind of file it is (default: as its name ends)
    #[arg(long, value_enum)]
    format: Option<Format>,
    /// The file to write, or - for standard output
    #[arg(long, short, value_name = "FILE")]
    out: PathBuf,
    /// Overwrite a file that is there
    #[arg(long)]
    force: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum What {
    Plan,
    Agenda,
    Record,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Format {
    Pptx,
    Xlsx,
    Docx,
    Html,
    Csv,
}

impl ExportArgs {
    fn format(&self) -> Result<Format, CliError> {
        let ending = self.out.extension().map(|ending| ending.to_string_lossy().to_lowercase());
        let of = |ending: &str| Format::from_str(ending, true).ok();
        let format = self.format.or_else(|| ending.as_deref().and_then(of)).ok_or_else(|| {
            let formats = self.what.endings();
            CliError::Usage(format!("name a file that ends in {formats}, or say --format"))
        })?;
        if self.what.formats().any(|known| known == format) {
            return Ok(format);
        }
        let formats = self.what.endings();
        Err(CliError::Usage(format!("{} is written as {formats}", self.what.called())))
    }
}

impl What {
    /// What it can be written as.
    fn formats(self) -> impl Iterator<Item = Format> + Clone {
        let all: &[Format] = match self {
            Self::Plan => &[Format::Pptx, Format::Xlsx, Format::Docx, Format::Html, Format::Csv],
            Self::Agenda | Self::Record => &[Format::Docx, Format::Html],
        };
        all.iter().copied()
    }

    fn endings(self) -> String {
        self.formats().map(Format::ending).collect::<Vec<_>>().join(", ")
    }

    fn called(self) -> &'static str {
        match self {
            Self::Plan => "a plan",
            Self::Agenda => "the annex to an agenda",
            Self::Record => "a year's record",
        }
    }
}

impl Format {
    fn ending(self) -> &'static str {
        match self {
            Self::Pptx => ".pptx",
            Self::Xlsx => ".xlsx",
            Self::Docx => ".docx",
            Self::Html => ".html",
            Self::Csv => ".csv",
        }
    }

    /// Whether what is edited in it can be told from what was written.
    fn comes_back(self) -> bool {
        matches!(self, Self::Pptx | Self::Xlsx | Self::Docx)
    }
}

pub(super) async fn export(context: &Context<'_>, args: &ExportArgs, out: &mut (dyn Write + Send)) -> Done {
    let format = args.format()?;
    let to_standard = args.out.as_os_str() == "-";
    if !to_standard && !args.force && args.out.exists() {
        return Err(exists(&args.out));
    }
    let desk = Desk::open(context).await?;
    let body = find_body(&desk.rules, &args.body)?;
    let exporting = Exporting { desk: &desk, args, body, day: args.as_of.unwrap_or_else(|| desk.today()) };
    let (bytes, said) = match args.what {
        What::Plan => exporting.plan(format).await?,
        What::Agenda => written(&exporting.agenda().await?, format)?,
        What::Record => written(&exporting.record().await?, format)?,
    };
    if to_standard {
        out.write_all(&bytes)?;
    } else {
        write(&args.out, &bytes, args.force)?;
        writeln!(out, "{}: {said}", args.out.display())?;
    }
    desk.store.close().await;
    Ok(Exit::Success)
}

fn written(paper: &Paper, format: Format) -> Result<(Vec<u8>, String), CliError> {
    let bytes = match format {
        Format::Docx => paper.docx()?,
        _ => paper.html().into_bytes(),
    };
    Ok((bytes, paper.title.clone()))
}

/// What an export works with.
struct Exporting<'a> {
    desk: &'a Desk,
    args: &'a ExportArgs,
    body: BodyId,
    day: Date,
}

impl Exporting<'_> {
    /// The plan as a file, and what is in it.
    async fn plan(&self, format: Format) -> Result<(Vec<u8>, String), CliError> {
        let picture = self.picture().await?;
        let counts = &picture.counts;
        let said = format!("{} items in {} parts as of {}", counts.rows, counts.parts, self.day);
        if counts.rows == 0 {
            return Err(CliError::Refused(self.empty()));
        }
        if format == Format::Csv {
            let (list, left_out) = self.list().await?;
            return Ok((list.into_bytes(), format!("{said}{left_out}")));
        }
        let stamp = match format.comes_back() && !self.args.below {
            true => {
                let (store, now) = (&self.desk.store, self.desk.now);
                Some(store.keep_export(&self.body, self.day, &rows(&picture), WHO, now).await?)
            }
            false => None,
        };
        let sheet = Sheet { picture: &picture, stamp: stamp.as_ref() };
        let bytes = match format {
            Format::Pptx => pptx(sheet)?,
            Format::Xlsx => xlsx(sheet)?,
            Format::Docx => word(sheet)?,
            Format::Html | Format::Csv => page(sheet).into_bytes(),
        };
        let mark = stamp.map(|stamp| format!(", known again as {stamp}")).unwrap_or_default();
        Ok((bytes, format!("{said}{mark}")))
    }

    fn empty(&self) -> String {
        let advice = match self.args.below {
            true => "",
            false => "; --below gathers those of the bodies under it",
        };
        format!("{} has no plan with items in it{advice}", self.body)
    }

    async fn picture(&self) -> Result<Picture, CliError> {
        let wanted = Wanted {
            body: &self.body,
            below: self.args.below,
            day: self.day,
            since: self.args.since,
            audience: self.audience(),
        };
        Ok(picture(&self.desk.store, &self.desk.rules, &self.desk.facts, wanted).await?)
    }

    /// The annex for the next meeting.
    async fn agenda(&self) -> Result<Paper, CliError> {
        let Desk { store, rules, facts, .. } = self.desk;
        let found = annex(store, rules, facts, &self.body, (self.day, self.audience())).await?;
        found.ok_or_else(|| {
            let message = format!(
                "{} has no meeting with a date from {} on; enter one with `move`",
                self.body, self.day
            );
            CliError::Refused(message)
        })
    }

    async fn record(&self) -> Result<Paper, CliError> {
        let Desk { store, rules, facts, .. } = self.desk;
        let year = self.args.year.unwrap_or(self.day.year());
        Ok(record(store, rules, facts, &self.body, (year, self.day)).await?)
    }

    fn audience(&self) -> Audience {
        if self.args.names { Audience::Inner } else { Audience::Public }
    }

    /// The list of the plan, and what it leaves out. Nobody's address is written unless names were asked for.
    async fn list(&self) -> Result<(String, String), CliError> {
        if self.args.below {
            let message = "a .csv is the list of one plan: name its body, without --below";
            return Err(CliError::Usage(message.to_owned()));
        }
        let people = self.args.names.then_some(&self.desk.facts.people);
        let register = self.desk.store.register(&self.body).await?;
        let mut said = String::new();
        let lines = left_out(&register);
        if lines > 0 {
            said = format!("; without {lines} lines and waits of rows that are divided, which no part has");
        }
        let units = register.iter().flat_map(|row| &row.units);
        let owners =
            units.flat_map(|unit| &unit.owners.list).filter(|owner| matches!(owner, Owner::Person(_)));
        let owners = owners.count();
        if owners > 0 && !self.args.names {
            said.push_str(&format!("; without {owners} owners who are people, whom --names writes"));
        }
        Ok((list(&listed(&self.body, &register, people)), said))
    }
}

impl From<DocumentError> for CliError {
    fn from(error: DocumentError) -> Self {
        Self::Refused(error.to_string())
    }
}
