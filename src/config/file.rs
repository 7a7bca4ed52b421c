//! The grammar of `arshjul.toml`.

use std::collections::BTreeMap;

use crate::calendar::{MonthDay, QuietPeriod, QuietPeriods};
use crate::calendars::Host;
use crate::fault::Fault;
use crate::grammar::{
    self, Document, Form, MONTH_DAY, Shape, SourceFile, Table, Trouble, Value, optional, required,
};

/// A commented file with every setting, as `arshjul init` writes it.
pub const EXAMPLE: &str = include_str!("example.toml");

const WEEKS: Form = Form {
    name: "a range of ISO weeks",
    code: "bad-weeks",
    pattern: "^([1-9]|[1-4][0-9]|5[0-3])-([1-9]|[1-4][0-9]|5[0-3])$",
    example: "28-31",
    check: |text| match weeks(text) {
        Some(_) => Ok(()),
        None => Err(Trouble::new(
            format!("`{text}` is no range of ISO weeks"),
            "write the first and the last week, such as `28-31`",
        )),
    },
};

const QUIET: Shape = Shape::Table(&[
    required("name", &Shape::LINE, "What the period is called to people."),
    optional("weeks", &Shape::Form(&WEEKS), "ISO weeks, both included."),
    optional("from", &Shape::Form(&MONTH_DAY), "The first day, every year."),
    optional("until", &Shape::Form(&MONTH_DAY), "The last day, every year; may lie after New Year."),
]);

const CALENDARS: Shape = Shape::Table(&[
    optional(
        "hosts",
        &Shape::List(&Shape::LINE),
        "The hosts that others' calendars may be fetched from: outlook.office365.com, *.icloud.com, or with a port.",
    ),
    optional("allow-http", &Shape::Bool, "Whether http:// is allowed besides https://. Default false."),
    optional(
        "allow-private",
        &Shape::Bool,
        "Whether those hosts may lie in private networks or on this machine. Whoever enters an address can then make \
         the program speak to them. Default false.",
    ),
    optional(
        "sources",
        &Shape::Map { key: &grammar::SLUG, value: &Shape::LINE },
        "Addresses of calendars by the names that workflow files call them (`from-calendar`).",
    ),
]);

const FILE: Shape = Shape::Table(&[
    optional(
        "workflows",
        &Shape::LINE,
        "The folder of workflow and organisation files; without it the shipped ones.",
    ),
    optional("database", &Shape::LINE, "A file, or postgres://user@host/name. Default arshjul.db."),
    optional("from", &Shape::LINE, "Who mails come from. Nothing is sent without."),
    optional("reply-to", &Shape::LINE, "Where an answer by mail goes, as a rule to processtöd."),
    optional("smtp", &Shape::LINE, "The relay: smtp://[user@]host:port?tls=starttls|none, or smtps://host."),
    optional("mail", &Shape::LINE, "files:FOLDER writes mails to files instead of sending them."),
    optional("listen", &Shape::LINE, "The address the web server listens on. Default 127.0.0.1:8080."),
    optional("public-url", &Shape::LINE, "The address people reach it at; links in mails begin with it."),
    optional("per-minute", &Shape::Integer { least: 1, most: 100_000 }, "At most so many mails a minute."),
    optional(
        "per-week",
        &Shape::Integer { least: 0, most: 1000 },
        "At most so many mails to a person in a week, 0 for no limit; what must be answered sooner is sent all the \
         same. Default 5.",
    ),
    optional(
        "templates",
        &Shape::LINE,
        "A folder with mail.txt, mail.html or both, in place of the shipped templates.",
    ),
    optional("heartbeat", &Shape::LINE, "An address that is fetched after each good round, for a monitor."),
    optional(
        "answer-domains",
        &Shape::LINE,
        "Mail domains, with commas between, to which a question may be passed on though nobody there is registered.",
    ),
    optional("file-limit", &Shape::Integer { least: 1, most: 100 }, "The largest file, in MB. Default 10."),
    optional(
        "file-check",
        &Shape::LINE,
        "A program, with its arguments, that gets each file on its standard input; exit code 0 accepts it.",
    ),
    optional("log", &Shape::LINE, "What is logged: error, warn, info, debug, or a filter. Default info."),
    optional("calendars", &CALENDARS, "Where others' calendars may be fetched from; nowhere without."),
    optional(
        "quiet",
        &Shape::List(&QUIET),
        "When nothing is sent; replaces the usual weeks 28-31 and 23 Dec-6 Jan.",
    ),
]);

/// What the setting of a calendar's address begins with.
pub(super) const CALENDAR_SOURCE: &str = "calendars-sources-";

/// The file's settings, with where each stood.
#[derive(Debug, Default)]
pub(super) struct Settings {
    /// By key.
    pub(super) text: BTreeMap<String, String>,
    pub(super) per_minute: Option<u32>,
    pub(super) per_week: Option<u32>,
    pub(super) file_limit: Option<u32>,
    pub(super) quiet: Option<QuietPeriods>,
    pub(super) calendars: Calendars,
    /// File, line and column of each value.
    pub(super) places: BTreeMap<String, (String, usize, usize)>,
}

/// The table `[calendars]`.
#[derive(Debug, Default)]
pub(super) struct Calendars {
    pub(super) hosts: Vec<Host>,
    pub(super) allow_http: Option<bool>,
    pub(super) allow_private: Option<bool>,
    /// Addresses by name; where each stood is among the places, under `calendars-sources-NAME`.
    pub(super) sources: BTreeMap<String, String>,
}

/// The JSON Schema of the file, for editors.
#[must_use]
pub fn schema() -> serde_json::Value {
    grammar::schema("arshjul.toml", &FILE)
}

pub(super) fn read(file: &SourceFile) -> (Settings, Vec<Fault>) {
    let document = Document::read(file, &FILE);
    let mut faults = document.faults().to_vec();
    let root = document.root();
    let mut settings = Settings::default();
    let Shape::Table(fields) = &FILE else { return (settings, faults) };
    for field in fields.iter() {
        if let Some(text) = root.text(field.key) {
            let (line, column) = document.source().position(text.at);
            settings.places.insert(field.key.to_owned(), (file.path.clone(), line, column));
            settings.text.insert(field.key.to_owned(), text.is.to_owned());
        }
    }
    settings.per_minute = root.integer("per-minute").map(|n| n.is);
    settings.per_week = root.integer("per-week").map(|n| n.is);
    settings.file_limit = root.integer("file-limit").map(|n| n.is);
    if let Some(table) = root.value("calendars").and_then(Value::table) {
        settings.calendars = calendars(&document, table, &mut faults);
        for (name, value) in table.value("sources").and_then(Value::table).iter().flat_map(Table::entries) {
            let Some(address) = value.text() else { continue };
            let (line, column) = document.source().position(address.at);
            let place = (file.path.clone(), line, column);
            settings.places.insert(format!("{CALENDAR_SOURCE}{}", name.is), place);
            settings.calendars.sources.insert(name.is.to_owned(), address.is.to_owned());
        }
    }
    if root.value("quiet").is_some() {
        let periods = root.tables("quiet").into_iter().filter_map(|table| {
            let period = quiet(table);
            if period.is_none() && faults.is_empty() {
                let fault = document.source().fault(
                    table.at(),
                    "bad-quiet",
                    "a quiet period has weeks, or from and until",
                );
                faults.push(
                    fault.suggest("write `weeks = \"28-31\"`, or `from = \"12-23\"` and `until = \"01-06\"`"),
                );
            }
            period
        });
        settings.quiet = Some(QuietPeriods::new(periods.collect()));
    }
    (settings, faults)
}

fn calendars(document: &Document<'_>, table: Table<'_>, faults: &mut Vec<Fault>) -> Calendars {
    let mut hosts = Vec::new();
    for text in table.many("hosts").into_iter().filter_map(Value::text) {
        match Host::parse(text.is) {
            Ok(host) => hosts.push(host),
            Err(wrong) => faults.push(document.source().fault(text.at, "bad-host", &wrong)),
        }
    }
    let (allow_http, allow_private) = (table.bool("allow-http"), table.bool("allow-private"));
    Calendars { hosts, allow_http, allow_private, sources: BTreeMap::new() }
}

fn quiet(table: Table<'_>) -> Option<QuietPeriod> {
    let name = table.text("name")?.is.to_owned();
    let day = |key: &str| table.read(key, |text| MonthDay::parse(text).ok()).map(|d| d.is);
    match (table.read("weeks", weeks), day("from"), day("until")) {
        (Some(weeks), None, None) => Some(QuietPeriod::Weeks { first: weeks.is.0, last: weeks.is.1, name }),
        (None, Some(from), Some(until)) => Some(QuietPeriod::Dates { from, until, name }),
        _ => None,
    }
}

fn weeks(text: &str) -> Option<(i8, i8)> {
    let (first, last) = text.split_once('-')?;
    let week = |t: &str| t.parse::<i8>().ok().filter(|w| (1..=53).contains(w) && !t.starts_with(['0', '+']));
    Some((week(first)?, week(last)?))
}
