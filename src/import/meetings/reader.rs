//! Running lines, one after another.

use crate::fault::{Fault, Faults};
use crate::import::meetings::context::{
    Context, Last, Line, Says, counted, found_in, has_day, heading, is_task, lines, opens_with_day,
    opens_with_time, quarter, year_line,
};
use crate::import::meetings::hints::{is_long, no_year};
use crate::import::meetings::parts::{Parts, cut, parts, without_and};
use crate::import::meetings::pieces::{Pieces, sort, tidy};
use crate::import::meetings::similar::words;
use crate::import::meetings::{Given, Heading, MOST_MEETINGS, MeetingRow, MeetingsRead, RowKind, Unplaced};
use crate::import::notation::{self, Basis, Clock, Found, Notation, Stretch, Written, YearFrom};
use crate::items::register::Precision;
use crate::workflow::model::Span;

/// A longer line, in bytes, is prose.
const LONGEST_LINE: usize = 2_000;
/// More faults are not worth reading before these are corrected.
const MOST_FAULTS: usize = 200;
/// What a meeting is called when nobody says anything.
pub(super) const MEETING: &str = "Möte";
/// Words of periods.
const PERIODS: &[&str] = &["remiss", "period", "runda", "omgång", "synpunktsinhämtning"];
const MOVED: &[&str] =
    &["ny tid", "nytt datum", "ny dag", "ny plats", "flytt", "ändrad", "ändrat", "tidigarel", "senarel"];
const CANCELLED: &[&str] = &["inställ", "ställs in", "utgår"];

/// Whether a line looks like one of a list of meetings.
pub(super) fn opens_with_a_date(line: &str) -> bool {
    lines(line).first().is_some_and(|line| opens_with_day(line.text) || opens_with_time(line.text))
}

pub(super) fn read(text: &str, given: &Given<'_>) -> Result<MeetingsRead, Faults> {
    let lines = lines(text);
    let label = lines.iter().filter(|line| !is_task(line.text));
    let label = label.into_iter().find_map(|line| Some((year_line(line)?.0, line.text)));
    let mut reader = Reader {
        given,
        label,
        context: Context::default(),
        read: MeetingsRead::default(),
        faults: Vec::new(),
        dayless: Vec::new(),
    };
    for (at, line) in lines.iter().enumerate() {
        if reader.faults.len() >= MOST_FAULTS || reader.read.meetings.len() > MOST_MEETINGS {
            break;
        }
        reader.line(line, &lines[at + 1..]);
    }
    reader.finish()
}

pub(super) struct Reader<'a> {
    pub(super) given: &'a Given<'a>,
    /// A year that the text names somewhere.
    label: Option<(i16, &'a str)>,
    pub(super) context: Context,
    pub(super) read: MeetingsRead,
    faults: Vec<Fault>,
    /// Lines with times but without a day.
    pub(super) dayless: Vec<usize>,
}

impl<'a> Reader<'a> {
    fn finish(mut self) -> Result<MeetingsRead, Faults> {
        if let Some(first) = self.dayless.first() {
            let message = match self.dayless.len() {
                1 => "there is a time but no day".to_owned(),
                n => format!("{n} lines have a time but no day, this one and those after it"),
            };
            let fault = Fault::new(self.given.file, (*first, 1), "no-day", &message);
            self.faults.push(
                fault.suggest("write the day alone on a line above, or give it as `--date 2025-02-12`"),
            );
        }
        Faults::unless_none(self.faults, self.read)
    }

    fn basis(&self) -> Basis {
        Basis { year: self.context.year.or(self.given.year) }
    }

    fn line(&mut self, line: &Line<'a>, below: &[Line<'_>]) {
        if line.text.len() > LONGEST_LINE {
            return self.left(line, "it is too long for a line of a list".to_owned());
        }
        let found = notation::find(line.text, self.basis());
        let parts = parts(line.text, &found);
        if let Some(day) = self.day_heading(line, &parts, below) {
            self.context.day = Some(day);
            return self.heading_line(line);
        }
        if !parts.days.is_empty() {
            return self.dated(line, &parts);
        }
        if let Some((range, wrong)) = parts.wrong.first() {
            let code = if wrong.ambiguous { "ambiguous-date" } else { "bad-date" };
            let fault = self.fault(line, range.start, code, &wrong.message);
            self.faults.push(fault.suggest(wrong.suggestion.clone()));
            self.context.last = Last::Nothing;
            return;
        }
        if let Some(says) = heading(line, below.first(), self.context.yearless) {
            return self.says(line, says);
        }
        if let Some(Found { range, what: Notation::Clock(clock) }) = found.first()
            && range.start == 0
        {
            return self.timed(line, *clock, &line.text[range.end..]);
        }
        self.undated(line, &found);
    }

    fn fault(&self, line: &Line<'_>, byte: usize, code: &'static str, message: &str) -> Fault {
        let column = line.indent + line.text[..byte].chars().count() + 1;
        Fault::new(self.given.file, (line.number, column), code, message)
    }

    fn heading_line(&mut self, line: &Line<'_>) {
        self.read.headings.push(Heading { line: line.number, text: tidy(line.text) });
        self.context.last = Last::Nothing;
    }

    /// A day alone above the times of a schedule.
    fn day_heading(&self, line: &Line<'_>, parts: &Parts, below: &[Line<'_>]) -> Option<jiff::civil::Date> {
        let [(_, stretch)] = parts.days.as_slice() else { return None };
        let day = stretch.day().filter(|_| parts.clock.is_none())?;
        let alone = words(&cut(line.text, &parts.used)).iter().all(|w| w == "schema" || w == "program");
        let schedule = || {
            let first = below.iter().take(3).find(|next| {
                opens_with_time(next.text)
                    || has_day(&found_in(next.text))
                    || matches!(heading(next, None, false), Some(Says::Columns(_)))
            });
            first.is_some_and(|next| !has_day(&found_in(next.text)))
        };
        (alone && schedule()).then_some(day)
    }

    fn says(&mut self, line: &Line<'_>, says: Says) {
        let context = &mut self.context;
        match says {
            Says::Columns(columns) => context.columns = Some(columns),
            Says::Quarter(year, number) => {
                context.year = year.or(context.year);
                (context.quarter, context.running) = (Some(number), false);
            }
            Says::Running => (context.running, context.bullets, context.quarter) = (true, false, None),
            Says::Title(title) => {
                context.running = false;
                if !title.is_empty() {
                    context.title = Some(title);
                }
            }
            Says::Year(year, title) if context.yearless => return self.label(line, year, title.is_some()),
            Says::Year(year, title) => {
                context.title = title.or(context.title.take());
                (context.year, context.quarter, context.running) = (Some(year), None, false);
                (context.day, context.columns) = (None, None);
                if let Some(other) = self.given.year.filter(|other| *other != year) {
                    self.read.warnings.push(format!(
                        "line {}: the dates below are of {year}, as `{}` says, and not of {other}",
                        line.number, line.text
                    ));
                }
            }
        }
        self.heading_line(line);
    }

    /// A year below dates that have none of their own: a label, or a task for next year. It decides nothing.
    fn label(&mut self, line: &Line<'_>, year: i16, named: bool) {
        let task = is_task(line.text);
        match self.given.year {
            Some(given) if task && given == year => self.read.warnings.push(format!(
                "line {}: `{}` is done the year before, so the dates near it may be of {}; look at the weekdays",
                line.number,
                line.text,
                year - 1
            )),
            Some(given) if !task && given != year => self.read.warnings.push(format!(
                "line {}: it says `{}`, and the dates are read as of {given}",
                line.number, line.text
            )),
            _ => {}
        }
        if task || named {
            return self.undated(line, &[]);
        }
        self.heading_line(line);
    }

    fn dated(&mut self, line: &Line<'_>, parts: &Parts) {
        self.context.running = false;
        let [(first_range, first), others @ ..] = parts.days.as_slice() else { return };
        let listed = parts.days.windows(2).all(|pair| {
            let between = &line.text[pair[0].0.end..pair[1].0.start];
            words(between).iter().all(|w| matches!(w.as_str(), "och" | "samt" | "resp"))
        });
        let mut used = parts.used.clone();
        let mut unsure: Vec<String> = Vec::new();
        let mut stretches = vec![(first_range.clone(), *first)];
        if listed {
            stretches.extend(others.iter().cloned());
            used.extend(others.iter().map(|(range, _)| range.clone()));
        } else if let Some((range, _)) = others.first() {
            let said = tidy(&line.text[range.clone()]);
            unsure.push(format!(
                "`{said}` is left as text: is it another meeting? Then give it a line of its own"
            ));
        }
        unsure.extend(parts.wrong.iter().map(|(_, wrong)| wrong.message.clone()));
        let titled = self.context.title.is_some() || self.given.title.is_some();
        let text = cut(line.text, &used);
        let text = if listed && stretches.len() > 1 { without_and(&text) } else { text };
        let pieces = sort(&text, titled);
        for (range, stretch) in stretches {
            self.context.yearless |= self.context.year.is_none() && stretch.year_from != YearFrom::Stated;
            if stretch.year.is_none() {
                let said = tidy(&line.text[range.clone()]);
                let fault = self.fault(line, range.start, "no-year", &format!("`{said}` has no year"));
                self.faults.push(fault.suggest(no_year(&stretch, self.given.today, self.label)));
                continue;
            }
            let mut row_unsure = unsure.clone();
            row_unsure.extend(self.against_context(&stretch, parts.weeks.as_ref()));
            if let Some(row) = self.row(line, &stretch, parts.clock, pieces.clone(), row_unsure) {
                self.context.above = Some((row.span.first().year(), quarter(row.span.first())));
                self.read.meetings.push(row);
            }
        }
        self.context.last = Last::Meeting;
    }

    /// What the heading's quarter, the weekday and the week say about a date.
    fn against_context(&self, stretch: &Stretch, weeks: Option<&Stretch>) -> Vec<String> {
        let Some((first, _)) = stretch.days() else { return Vec::new() };
        let mut unsure = Vec::new();
        if let Some(number) = self.context.quarter.filter(|q| *q != quarter(first)) {
            unsure.push(format!("it stands under quarter {number} and lies in quarter {}", quarter(first)));
        }
        if stretch.weekday.is_some_and(|day| day != first.weekday()) {
            unsure.push(format!("another weekday is written: {first} is a {}", super::hints::weekday(first)));
        }
        let week = weeks.map(|w| w.written.in_year(first.iso_week_date().year()));
        if let Some(Ok((monday, friday))) = week
            && !(monday..=friday.saturating_add(jiff::Span::new().days(2))).contains(&first)
        {
            unsure.push(format!(
                "another week is written: {first} lies in v. {}",
                first.iso_week_date().week()
            ));
        }
        unsure
    }

    /// A row of the list; none for what has no days.
    pub(super) fn row(
        &self,
        line: &Line<'_>,
        stretch: &Stretch,
        clock: Option<Clock>,
        pieces: Pieces,
        mut unsure: Vec<String>,
    ) -> Option<MeetingRow> {
        let (first, last) = stretch.days()?;
        let Pieces { title, place, mut notes, unsure: either } = pieces;
        if let Some(word) = either {
            unsure.push(format!("`{word}` is taken as what the meeting is called; it may be a place"));
        }
        let span = match clock {
            Some(Clock { start, end: Some(end) }) => {
                if first != last {
                    unsure.push(
                        "the times are taken as the first day's beginning and the last day's end".to_owned(),
                    );
                }
                Span::Timed { start: first.to_datetime(start), end: last.to_datetime(end) }
            }
            Some(Clock { start, end: None }) => {
                notes.push(crate::calendar::swedish::clock(start));
                unsure.push("it doesn't say when it ends: taken as a whole day".to_owned());
                Span::AllDay { first, last }
            }
            None => Span::AllDay { first, last },
        };
        let said = words(line.text).join(" ");
        let says = |list: &[&str]| list.iter().any(|phrase| said.contains(phrase));
        let period = is_long(first, last) || (first != last && says(PERIODS));
        let (title, named) = self.title(title);
        if !named && self.context.title.is_none() && self.given.title.is_none() {
            unsure.push("nothing says what it is called".to_owned());
        }
        let cancelled = says(CANCELLED);
        if cancelled {
            unsure.push("the list says that it is cancelled".to_owned());
        }
        Some(MeetingRow {
            lines: vec![line.number],
            kind: if period { RowKind::Period } else { RowKind::Meeting },
            span,
            title,
            named,
            place,
            note: (!notes.is_empty()).then(|| notes.join("; ")),
            group: None,
            moved: says(MOVED),
            cancelled,
            unsure,
        })
    }

    /// What a meeting is called, and whether its line says so.
    pub(super) fn title(&self, own: Option<String>) -> (String, bool) {
        let heading = || self.context.title.clone().or_else(|| self.given.title.map(str::to_owned));
        match own {
            Some(title) => (title, true),
            None => (heading().unwrap_or_else(|| MEETING.to_owned()), false),
        }
    }

    fn undated(&mut self, line: &Line<'_>, found: &[Found]) {
        if found.is_empty() && !line.bullet && self.goes_on(line) {
            return;
        }
        // Below running duties with bullets, text without one is something else.
        self.context.bullets |= self.context.running && line.bullet;
        self.context.running &= line.bullet || !self.context.bullets;
        let text = line.text.split_whitespace().collect::<Vec<_>>().join(" ");
        let why = if self.context.running {
            "it runs all year and has no date".to_owned()
        } else if let Some(count) = counted(&text) {
            let when = match (self.context.quarter, self.context.above) {
                (Some(q), _) => match self.context.year.or(self.given.year) {
                    Some(year) => format!(" in quarter {q} of {year}"),
                    None => format!(" in quarter {q}"),
                },
                (None, Some((year, q))) => format!(" in quarter {q} of {year}, as the date above it"),
                (None, None) => String::new(),
            };
            format!("{count} bodies meet once each{when}; no dates are set")
        } else {
            let vague = found.iter().find_map(|f| match &f.what {
                Notation::Stretch(stretch) if stretch.precision() != Precision::Year => Some(stretch),
                _ => None,
            });
            match vague.map(|s| (s.precision(), s.written)) {
                Some((_, Written::Weeks { .. })) => "it says only the week".to_owned(),
                Some((precision, _)) => format!("it says only the {}", precision.code()),
                None => "it has no date".to_owned(),
            }
        };
        self.left(line, why);
    }

    fn left(&mut self, line: &Line<'_>, why: String) {
        let text = line.text.split_whitespace().collect::<Vec<_>>().join(" ");
        self.read.unplaced.push(Unplaced { lines: vec![line.number], text, why });
        self.context.last = Last::Unplaced;
    }

    /// A line that begins small goes on from the line above it; so does a remark in brackets.
    fn goes_on(&mut self, line: &Line<'_>) -> bool {
        let text = tidy(line.text);
        let remark = line.text.starts_with('(') && line.text.ends_with(')');
        let small = text.starts_with(char::is_lowercase);
        match self.context.last {
            Last::Unplaced if small => {
                let last = self.read.unplaced.last_mut().filter(|last| last.text.len() < LONGEST_LINE);
                let Some(last) = last else { return false };
                last.text = format!("{} {text}", last.text);
                last.lines.push(line.number);
            }
            Last::Meeting if small || remark => {
                let short = |last: &&mut MeetingRow| {
                    last.title.len() + last.note.as_ref().map_or(0, String::len) < LONGEST_LINE
                };
                let Some(last) = self.read.meetings.last_mut().filter(short) else { return false };
                let inner = text.trim_matches(['(', ')']).to_owned();
                if remark {
                    last.moved |= MOVED.iter().any(|phrase| inner.to_lowercase().contains(phrase));
                    last.note =
                        Some(last.note.take().map_or(inner.clone(), |note| format!("{note}; {inner}")));
                } else {
                    last.title = if last.named { format!("{} {text}", last.title) } else { text };
                    last.named = true;
                    last.unsure.push("its title goes on from the line below".to_owned());
                }
                last.lines.push(line.number);
            }
            _ => return false,
        }
        true
    }
}
