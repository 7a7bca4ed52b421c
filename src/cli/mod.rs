//! The command line: what each command takes, and its exit code.
//!
//! Exit 0 success, 1 the answer is no or faults were found, 2 wrong usage. What a command says goes to standard
//! output, what it complains of to standard error; both are handed in, so that tests see them.

mod answer;
mod assign;
mod calendar;
mod check;
mod compiling;
mod days;
mod exporting;
mod facts;
mod feed;
mod importing;
mod init;
mod item;
mod linting;
mod misplaced;
mod opening;
mod operate;
mod people;
mod planning;
mod progress;
mod promises;
mod reviewing;
mod serve;
mod subscribe;

use std::io::{self, Write};
use std::path::PathBuf;

use clap::{Args, CommandFactory, Parser, Subcommand, ValueEnum};
use jiff::civil::Date;

use crate::clock::Clock;
use crate::config::{Config, Environment};
use crate::fault::Faults;

/// Runs a public organisation's year: tells, asks, reminds, escalates and closes by workflow files.
#[derive(Debug, Parser)]
#[command(name = "arshjul", version, arg_required_else_help = true)]
pub struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Show the whole daemon on a virtual clock, with invented people and no set-up
    Demo(DemoArgs),
    /// Run the daemon
    Serve,
    /// Write a commented arshjul.toml and a folder of workflow files to begin with
    Init(InitArgs),
    /// Validate configuration, organisation and workflow files; all faults at once
    Check(CheckArgs),
    /// Print every occasion and message of a period
    Plan(PlanArgs),
    /// Print each day of a period with week, holiday, klämdag and quiet period
    Days(DaysArgs),
    /// Print the bytes of a public feed, or the names of all; find what is wrong in anybody's
    Feed(FeedArgs),
    /// Print what would be read from another's calendar, at an address or in a file; without one, how fetching those
    /// that meetings come from goes; `fetch` one now
    Calendar(calendar::CalendarArgs),
    /// Take over people, items, lines of their logs or meetings from a file or a pasted list
    Import(importing::ImportArgs),
    /// Let a workflow, a body, an imported plan or everything leave silent mode
    Start(StartArgs),
    /// Move an occasion to another date, or give it one
    Move(MoveArgs),
    /// Cancel an occasion
    Cancel(CancelArgs),
    /// Enter an occasion of an entry that is filled by hand
    Open(opening::OpenArgs),
    /// List the matters of an occasion, each of which is then asked about by itself
    List(opening::ListArgs),
    /// Record an answer that came another way, or that somebody has more time, help or a successor
    Answer(answer::AnswerArgs),
    /// Give a role to somebody, or leave it vacant
    Holder(people::HolderArgs),
    /// Note that somebody is away, and who gets their mail
    Pause(people::PauseArgs),
    /// Revoke the links that somebody has been sent
    Links(people::LinksArgs),
    /// Private calendar feeds: make one, list them, revoke one
    #[command(subcommand)]
    Subscribe(subscribe::SubscribeCommand),
    /// Say how the installation is
    Status,
    /// Find out what stands in the way of sending
    Doctor,
    /// Send a test mail through the configured relay
    SendTest {
        /// To whom
        address: String,
    },
    /// Copy the embedded database to a file, also while the daemon runs
    Backup {
        /// The file to write; must not exist
        file: PathBuf,
    },
    /// Put a backup in the place of the embedded database
    Restore {
        /// The backup
        file: PathBuf,
    },
    /// Print the JSON Schema of a kind of file, for editors
    Schema {
        /// Of which files
        #[arg(value_enum, default_value_t = SchemaOf::Workflow)]
        of: SchemaOf,
    },
    /// Print completions for a shell
    Completions {
        /// Which shell
        shell: clap_complete::Shell,
    },
    /// Look at the items of a plan, and change them
    #[command(subcommand)]
    Item(item::ItemCommand),
    /// What bodies give each other to do: draft, approve, give, confirm, report, note
    #[command(subcommand)]
    Assign(assign::AssignCommand),
    /// Compile the answers to an ask into a document, and write the list for the diary
    Compile(compiling::CompileArgs),
    /// Write a plan with its present state, what a meeting has to deal with, or a body's year, as a document
    Export(exporting::ExportArgs),
}

#[derive(Debug, Args)]
struct DemoArgs {
    /// The virtual day to begin at (default: 2025-01-01, or where the database was left)
    #[arg(long)]
    date: Option<Date>,
    /// The port of the web server
    #[arg(long, default_value_t = 8080)]
    port: u16,
    /// Let time pass only by jumps, and nobody answer but you
    #[arg(long)]
    manual: bool,
    /// Run to the end of the year, print a summary and exit
    #[arg(long)]
    fast: bool,
    /// With --fast: write every mail here as .eml
    #[arg(long, requires = "fast", value_name = "DIR")]
    out: Option<PathBuf>,
}

#[derive(Debug, Args)]
struct InitArgs {
    /// The folder to write in
    #[arg(default_value = ".")]
    folder: PathBuf,
    /// What the sjukvårdsregion is called
    #[arg(long)]
    name: Option<String>,
    /// Whose workflow files to begin with: sydostra or mellansverige
    #[arg(long, default_value = crate::workflow::DEFAULT_REGION)]
    region: String,
    /// Who mails come from
    #[arg(long)]
    from: Option<String>,
    /// The mail relay
    #[arg(long)]
    smtp: Option<String>,
    /// The address that people reach the web server at
    #[arg(long)]
    public_url: Option<String>,
}

#[derive(Debug, Args)]
struct CheckArgs {
    /// Files or folders (default: the configured ones)
    paths: Vec<PathBuf>,
    #[arg(long, value_enum, default_value_t = CheckFormat::Text)]
    format: CheckFormat,
}

#[derive(Debug, Args)]
struct PlanArgs {
    /// The first day
    #[arg(long)]
    from: Date,
    /// The last day
    #[arg(long)]
    to: Date,
    #[arg(long, value_enum, default_value_t = PlanFormat::Text)]
    format: PlanFormat,
    /// Only this workflow
    #[arg(long)]
    workflow: Option<String>,
    /// Only this body
    #[arg(long)]
    body: Option<String>,
    /// Only messages to this address or person's id
    #[arg(long, value_name = "WHO")]
    to_person: Option<String>,
    /// As if everything had been installed and started on this day
    #[arg(long)]
    installed: Option<Date>,
    /// Print what a folder of other files would change instead
    #[arg(long, value_name = "FOLDER")]
    diff: Option<PathBuf>,
}

#[derive(Debug, Args)]
struct DaysArgs {
    /// The first day
    #[arg(long)]
    from: Date,
    /// The last day
    #[arg(long)]
    to: Date,
}

#[derive(Debug, Args)]
struct FeedArgs {
    /// Which feed
    #[arg(required_unless_present_any = ["list", "lint"])]
    name: Option<String>,
    /// Print the names of all public feeds
    #[arg(long, conflicts_with = "name")]
    list: bool,
    /// As it is on this day
    #[arg(long)]
    as_of: Option<Date>,
    /// Only what one of the parallel groups of the body's schedules goes to: 2
    #[arg(long, requires = "name")]
    group: Option<String>,
    /// Find every fault of a calendar: a file, an address (http, https, webcal), or - for standard input
    #[arg(long, value_name = "FILE|URL", conflicts_with_all = ["name", "list", "as_of", "group"])]
    lint: Option<String>,
    /// How to print what --lint finds
    #[arg(long, value_enum, default_value_t = CheckFormat::Text, requires = "lint",
        conflicts_with_all = ["name", "list", "as_of", "group"])]
    format: CheckFormat,
}

#[derive(Debug, Args)]
struct StartArgs {
    /// `allt`, a workflow, a body, or `plan:BODY` for an imported plan
    what: String,
    /// Only show what would be sent the coming 14 days
    #[arg(long)]
    dry_run: bool,
}

#[derive(Debug, Args)]
struct Which {
    /// The workflow
    workflow: String,
    /// The occasion: `mote-1.2025`
    occasion: String,
    /// The body, for an occasion that each body has its own of
    #[arg(long)]
    body: Option<String>,
    /// Why, to people
    #[arg(long)]
    why: Option<String>,
}

#[derive(Debug, Args)]
struct MoveArgs {
    #[command(flatten)]
    which: Which,
    /// The first day, or day and time: 2025-10-15 or 2025-10-15T13:00
    #[arg(long)]
    start: String,
    /// The last day, or when it ends
    #[arg(long)]
    end: Option<String>,
    /// Where
    #[arg(long)]
    place: Option<String>,
}

#[derive(Debug, Args)]
struct CancelArgs {
    #[command(flatten)]
    which: Which,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum PlanFormat {
    Text,
    Json,
    Csv,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum CheckFormat {
    Text,
    Json,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum SchemaOf {
    /// Files below workflows/
    Workflow,
    /// organisation.toml
    Organisation,
    /// arshjul.toml
    Config,
}

/// How a command ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Exit {
    /// It did what it was asked.
    Success,
    /// The answer is no, or faults were found.
    No,
    /// It was asked wrongly.
    Usage,
}

impl Exit {
    /// The process's exit code.
    #[must_use]
    pub fn code(self) -> u8 {
        match self {
            Self::Success => 0,
            Self::No => 1,
            Self::Usage => 2,
        }
    }
}

/// Why a command stopped.
#[derive(Debug, thiserror::Error)]
pub enum CliError {
    /// Files are wrong.
    #[error("{0}")]
    Faults(#[from] Faults),
    /// The store failed.
    #[error(transparent)]
    Store(#[from] crate::store::StoreError),
    /// The daemon failed.
    #[error(transparent)]
    App(#[from] crate::app::AppError),
    /// What was asked for is not there or not possible.
    #[error("{0}")]
    Refused(String),
    /// The command was used wrongly.
    #[error("{0}")]
    Usage(String),
    /// Output could not be written.
    #[error(transparent)]
    Io(#[from] io::Error),
}

impl CliError {
    fn exit(&self) -> Exit {
        match self {
            Self::Usage(_) => Exit::Usage,
            _ => Exit::No,
        }
    }
}

/// What a command works with.
#[derive(Debug)]
pub struct Context<'a> {
    /// The process's environment.
    pub environment: &'a Environment,
    /// The present.
    pub clock: &'a dyn Clock,
}

impl Context<'_> {
    fn config(&self) -> Result<Config, CliError> {
        Ok(Config::load(self.environment)?)
    }
}

type Done = Result<Exit, CliError>;

impl Cli {
    /// Runs the command, saying what it has to say to `out` and its complaint to `err`.
    pub async fn run(
        self,
        context: &Context<'_>,
        out: &mut (dyn Write + Send),
        err: &mut (dyn Write + Send),
    ) -> Exit {
        match self.command.run(context, out).await {
            Ok(exit) => exit,
            // A reader that has seen enough (`| head`) is no fault.
            Err(CliError::Io(error)) if error.kind() == io::ErrorKind::BrokenPipe => Exit::Success,
            Err(error) => {
                let _ = writeln!(err, "arshjul: {error}");
                error.exit()
            }
        }
    }
}

impl Command {
    async fn run(self, context: &Context<'_>, out: &mut (dyn Write + Send)) -> Done {
        match self {
            Self::Demo(args) => serve::demo(context, args, out).await,
            Self::Serve => serve::serve(context, out).await,
            Self::Init(args) => init::init(&args, out),
            Self::Check(args) => check::check(context, &args, out),
            Self::Plan(args) => planning::plan(context, &args, out).await,
            Self::Days(args) => days::days(context, &args, out),
            Self::Feed(args) => feed::feed(context, &args, out).await,
            Self::Calendar(args) => calendar::calendar(context, &args, out).await,
            Self::Import(args) => importing::import(context, &args, out).await,
            Self::Start(args) => facts::start(context, &args, out).await,
            Self::Move(args) => facts::move_occasion(context, &args, out).await,
            Self::Cancel(args) => facts::cancel(context, &args, out).await,
            Self::Open(args) => opening::open(context, &args, out).await,
            Self::List(args) => opening::list(context, &args, out).await,
            Self::Answer(args) => answer::answer(context, &args, out).await,
            Self::Holder(args) => people::holder(context, &args, out).await,
            Self::Pause(args) => people::pause(context, &args, out).await,
            Self::Links(args) => people::links(context, &args, out).await,
            Self::Subscribe(command) => subscribe::run(context, &command, out).await,
            Self::Status => operate::status(context, out).await,
            Self::Doctor => operate::doctor(context, out).await,
            Self::SendTest { address } => operate::send_test(context, &address, out).await,
            Self::Backup { file } => operate::backup(context, &file, out).await,
            Self::Restore { file } => operate::restore(context, &file, out).await,
            Self::Schema { of } => check::schema(of, out),
            Self::Completions { shell } => {
                let mut script = Vec::new();
                clap_complete::generate(shell, &mut Cli::command(), "arshjul", &mut script);
                out.write_all(&script)?;
                Ok(Exit::Success)
            }
            Self::Item(command) => item::run(context, &command, out).await,
            Self::Assign(command) => assign::run(context, &command, out).await,
            Self::Compile(args) => compiling::compile(context, &args, out).await,
            Self::Export(args) => exporting::export(context, &args, out).await,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_command_line_is_sound() {
        Cli::command().debug_assert();
    }
}
