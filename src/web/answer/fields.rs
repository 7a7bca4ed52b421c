//! The forms of a question: a main one with a button for each answer, and one for each thing that can be
//! arranged instead of answering.

use jiff::civil::Time;
use serde::Serialize;

use super::item::FilledItem;
use super::name;
use super::unit::Unit;
use crate::answering::{Field as Part, Question};
use crate::ids::{AnswerId, MarkId};
use crate::plan::model::{Facts, Given, Listed, Matter, Notice};
use crate::text::answers::{self as text, labels};
use crate::workflow::model::{Answer, Does, Span, Takes};

/// What stands in the fields.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Filled {
    /// One a section.
    pub texts: Vec<String>,
    pub link: String,
    pub day: String,
    pub list: String,
    pub to: String,
    pub starts: String,
    pub ends: String,
    pub place: String,
    pub marks: Vec<MarkId>,
    /// The file that was handed in before: its name and size in bytes.
    pub file: Option<(String, u64)>,
    pub item: FilledItem,
}

impl Filled {
    /// What was handed in with the answer that stands, and how the item is.
    pub fn of(question: &Question, facts: &Facts, unit: Option<&Unit>) -> Self {
        let notice = &question.message.notice;
        let (given, handed) = (question.given.as_ref(), question.handed.as_ref());
        let text = |heading: &str| {
            let found = handed.and_then(|h| h.texts.iter().find(|(known, _)| known == heading));
            found.map_or_else(String::new, |(_, text)| text.clone())
        };
        let texts = if notice.sections.is_empty() {
            vec![text("")]
        } else {
            notice.sections.iter().map(|heading| text(heading)).collect()
        };
        let file = handed.and_then(|h| h.file.as_ref()).map(|file| (file.name.clone(), u64::from(file.size)));
        let entered = question.message.matter.object.occasion().and_then(|at| facts.dates.get(at));
        let hours = entered.and_then(|date| match date.span? {
            Span::Timed { start, end } => Some((start.time(), end.time())),
            Span::AllDay { .. } => None,
        });
        let clock = |time: Time| format!("{:02}:{:02}", time.hour(), time.minute());
        Self {
            texts,
            link: handed.and_then(|h| h.link.clone()).unwrap_or_default(),
            day: given.and_then(|g| g.date).map(|day| day.to_string()).unwrap_or_default(),
            marks: given.map(|g| g.marks.clone()).unwrap_or_default(),
            list: listed(&question.message.matter, facts),
            starts: hours.map(|(start, _)| clock(start)).unwrap_or_default(),
            ends: hours.map(|(_, end)| clock(end)).unwrap_or_default(),
            place: entered.and_then(|date| date.place.clone()).unwrap_or_default(),
            file,
            item: FilledItem::of(unit),
            ..Self::default()
        }
    }
}

/// What is listed already, as it is written in the field: what isn't sent again is taken off the list.
fn listed(matter: &Matter, facts: &Facts) -> String {
    let Some(of) = matter.object.occasion() else { return String::new() };
    let own = |listed: &&Listed| {
        &listed.of == of
            && listed.workflow == matter.workflow
            && listed.body == matter.body
            && !listed.withdrawn
    };
    let line = |listed: &Listed| match &listed.link {
        Some(link) => format!("{} | {link}", listed.title),
        None => listed.title.clone(),
    };
    facts.listed.iter().filter(own).map(line).collect::<Vec<_>>().join("\n")
}

/// What is wrong, and in which field.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Fault {
    /// The field's name; one of the form's choices where it is none of its fields.
    pub field: String,
    pub said: String,
}

/// One form.
#[derive(Debug, Serialize)]
pub(super) struct Form {
    /// What opens it; none for the main form.
    pub summary: Option<&'static str>,
    pub open: bool,
    pub lead: &'static str,
    pub multipart: bool,
    /// Answers that take nothing, where others do: they come first, nobody needs to look past fields for them.
    pub plain: Vec<Choice>,
    /// What introduces the fields below those.
    pub introduced: Option<String>,
    pub fields: Vec<Field>,
    /// The fields of proposed items, put away but for the first.
    pub blocks: Vec<Block>,
    /// The fields are put away until they are wanted, under these words: on a page with many questions.
    pub tucked: Option<String>,
    /// The answers that the fields belong to.
    pub choices: Vec<Choice>,
}

/// One answer's button.
#[derive(Debug, Serialize)]
pub(super) struct Choice {
    pub id: String,
    pub label: String,
    pub stands: bool,
}

/// The fields of one proposed item.
#[derive(Debug, Serialize)]
pub(super) struct Block {
    pub summary: String,
    pub open: bool,
    pub fields: Vec<Field>,
}

/// Something to choose in a field.
#[derive(Debug, Serialize)]
pub(super) struct Opt {
    pub value: String,
    pub label: String,
    pub chosen: bool,
    /// The mark of a colour, beside its word.
    pub mark: Option<&'static str>,
}

impl Opt {
    pub fn new(value: &str, label: &str, chosen: &str) -> Self {
        Self { value: value.to_owned(), label: label.to_owned(), chosen: value == chosen, mark: None }
    }
}

/// One field with its label, its hint and what is wrong with it.
#[derive(Debug, Default, Serialize)]
pub(super) struct Field {
    pub id: String,
    pub name: String,
    /// `area`, `url`, `file`, `date`, `email`, `text`, `marks`, `select`, `radios`; `group` of several.
    pub kind: &'static str,
    pub label: String,
    pub hint: Option<String>,
    pub value: String,
    pub fault: Option<String>,
    /// The ids of its hint and its fault.
    pub described: Option<String>,
    /// What can be ticked: all there is to marks, below anything else.
    pub boxes: Vec<Tick>,
    /// For a select and for radios.
    pub options: Vec<Opt>,
    /// For a group.
    pub parts: Vec<Field>,
    /// Hidden fields beside it: what it was filled with beforehand.
    pub was: Vec<(String, String)>,
    /// For a file: the one there is.
    pub file: Option<FileNow>,
}

#[derive(Debug, Serialize)]
pub(super) struct Tick {
    pub id: String,
    pub name: String,
    pub value: String,
    pub label: String,
    pub ticked: bool,
}

#[derive(Debug, Serialize)]
pub(super) struct FileNow {
    pub href: String,
    pub label: String,
}

/// How a question's forms are to be shown.
pub(super) struct Forms<'a> {
    /// What every id on the page begins with.
    pub prefix: &'a str,
    pub notice: &'a Notice,
    pub unit: Option<&'a Unit>,
    pub given: Option<&'a Given>,
    /// What stands, and stands in the fields.
    pub filled: Filled,
    /// What was pressed and typed, where something is wrong with it.
    pub wrong: Option<Wrong<'a>>,
    pub file_limit: u64,
    pub file_href: String,
    pub tucked: bool,
}

/// A form that could not be recorded.
#[derive(Clone, Copy, Debug)]
pub(super) struct Wrong<'a> {
    pub pressed: &'a AnswerId,
    pub typed: &'a Filled,
    pub faults: &'a [Fault],
    /// A file came with it, which the browser doesn't send again by itself.
    pub with_file: bool,
    /// Something in it looks like a personal number.
    pub misplaced: bool,
}

impl Forms<'_> {
    pub fn all(&self) -> Vec<Form> {
        let settling: Vec<&Answer> = self.notice.answers.iter().filter(|a| a.does.settles()).collect();
        let mut forms = Vec::new();
        if !settling.is_empty() {
            forms.push(self.form("", &settling, Does::Settle));
        }
        // What is answered can be changed, but neither postponed nor passed on.
        if self.given.is_none() {
            for (n, answer) in self.notice.answers.iter().filter(|a| !a.does.settles()).enumerate() {
                forms.push(self.form(&format!("-{}", n + 1), &[answer], answer.does));
            }
        }
        forms
    }

    fn form(&self, number: &str, answers: &[&Answer], does: Does) -> Form {
        let wrong = self.wrong.filter(|wrong| answers.iter().any(|a| &a.id == wrong.pressed));
        let (taking, plain): (Vec<&Answer>, Vec<&Answer>) =
            answers.iter().copied().partition(|a| !a.does.settles() || !a.takes.is_empty());
        let (taking, plain) = if taking.is_empty() { (plain, taking) } else { (taking, plain) };
        let builder = Builder {
            id: format!("{}{number}", self.prefix),
            forms: self,
            answers: &taking,
            filled: wrong.map_or(&self.filled, |wrong| wrong.typed),
            faults: wrong.map_or(&[], |wrong| wrong.faults),
        };
        let mut fields = builder.fields(does);
        let unit = self.unit.filter(|_| does.settles());
        if let Some(unit) = unit {
            builder.item_fields(unit, &mut fields);
        }
        let blocks = unit.filter(|_| builder.takes(Takes::Items)).map(|unit| builder.blocks(unit));
        if wrong.is_some_and(|wrong| wrong.misplaced) {
            fields.push(builder.anyway());
        }
        let labels: Vec<&str> = taking.iter().map(|answer| answer.label.as_str()).collect();
        let blocks = blocks.unwrap_or_default();
        let tucked =
            self.tucked && does.settles() && wrong.is_none() && (!fields.is_empty() || !blocks.is_empty());
        let introduced = !plain.is_empty() && !tucked;
        Form {
            summary: Some(text::invitation(does)).filter(|said| !said.is_empty()),
            open: wrong.is_some(),
            lead: text::consequence(does),
            multipart: fields.iter().any(|field| field.kind == "file"),
            plain: plain.into_iter().map(|answer| self.choice(answer)).collect(),
            introduced: introduced.then(|| text::fill_in(&labels)),
            tucked: tucked.then(|| text::fill_in_later(&labels)),
            fields,
            blocks,
            choices: taking.into_iter().map(|answer| self.choice(answer)).collect(),
        }
    }

    fn choice(&self, answer: &Answer) -> Choice {
        Choice {
            id: answer.id.to_string(),
            label: answer.label.clone(),
            stands: self.given.is_some_and(|given| given.answer == answer.id),
        }
    }
}

/// What the fields of one form are made of.
pub(super) struct Builder<'a> {
    id: String,
    forms: &'a Forms<'a>,
    answers: &'a [&'a Answer],
    pub filled: &'a Filled,
    faults: &'a [Fault],
}

impl Builder<'_> {
    fn fields(&self, does: Does) -> Vec<Field> {
        // What leaves the question open takes what it needs for that and nothing else.
        match does {
            Does::MoreTime => return vec![self.day(labels::NEW_DAY)],
            Does::PassOn => return vec![self.to(labels::PASS_TO)],
            Does::Help => return vec![self.to(labels::HELP_FROM)],
            Does::Settle => {}
        }
        let mut fields = Vec::new();
        if self.takes(Takes::Text) {
            self.texts(&mut fields);
        }
        if self.takes(Takes::Link) {
            let hint = self.hint(Takes::Link, text::LINK_HINT);
            fields.push(self.field(name::LINK, "url", labels::LINK, hint, &self.filled.link));
        }
        if self.takes(Takes::File) {
            fields.push(self.file());
        }
        if self.takes(Takes::Date) {
            fields.push(self.day(labels::UNTIL));
        }
        if self.takes(Takes::Hours) {
            let hint = self.hint(Takes::Hours, "");
            fields.push(self.field(name::STARTS, "time", labels::STARTS, hint, &self.filled.starts));
            fields.push(self.field(name::ENDS, "time", labels::ENDS, None, &self.filled.ends));
        }
        if self.takes(Takes::Place) {
            let hint = self.hint(Takes::Place, "");
            fields.push(self.field(name::PLACE, "text", labels::PLACE, hint, &self.filled.place));
        }
        if self.takes(Takes::List) {
            let hint = self.hint(Takes::List, text::LIST_HINT);
            fields.push(self.field(name::LIST, "area", labels::LIST, hint, &self.filled.list));
        }
        if !self.forms.notice.marks.is_empty() {
            fields.push(self.marks());
        }
        fields
    }

    pub fn takes(&self, takes: Takes) -> bool {
        self.answers.iter().any(|answer| answer.takes.contains(&takes))
    }

    /// What is to be known of a field: which answers take it, if not all do, and how it is filled in.
    pub fn hint(&self, takes: Takes, how: &str) -> Option<String> {
        let takers: Vec<&str> =
            self.answers.iter().filter(|a| a.takes.contains(&takes)).map(|a| a.label.as_str()).collect();
        let some = !takers.is_empty() && takers.len() < self.answers.len();
        let belongs = if some { text::belongs_to(&takers) } else { String::new() };
        let said = [how, &belongs].into_iter().filter(|said| !said.is_empty()).collect::<Vec<_>>().join(" ");
        Some(said).filter(|said| !said.is_empty())
    }

    pub fn field(
        &self,
        name: &str,
        kind: &'static str,
        label: &str,
        hint: Option<String>,
        value: &str,
    ) -> Field {
        let id = format!("{}-{name}", self.id);
        let faults: Vec<&str> =
            self.faults.iter().filter(|fault| fault.field == name).map(|fault| fault.said.as_str()).collect();
        let fault = Some(faults.join(" ")).filter(|fault| !fault.is_empty());
        let hinted = hint.is_some().then(|| format!("{id}-rad"));
        let faulty = fault.is_some().then(|| format!("{id}-fel"));
        let described: Vec<String> = faulty.into_iter().chain(hinted).collect();
        Field {
            name: name.to_owned(),
            kind,
            label: label.to_owned(),
            hint,
            value: value.to_owned(),
            fault,
            described: Some(described.join(" ")).filter(|ids| !ids.is_empty()),
            id,
            ..Field::default()
        }
    }

    fn texts(&self, fields: &mut Vec<Field>) {
        let sections = &self.forms.notice.sections;
        for n in 0..sections.len().max(1) {
            let label = sections.get(n).map_or(labels::TEXT, String::as_str);
            // Once is enough.
            let hint = if n == 0 { self.hint(Takes::Text, "") } else { None };
            let value = self.filled.texts.get(n).map_or("", String::as_str);
            fields.push(self.field(&name::text(n), "area", label, hint, value));
        }
    }

    fn day(&self, label: &str) -> Field {
        let hint = self.hint(Takes::Date, text::DAY_HINT);
        self.field(name::DAY, "date", label, hint, &self.filled.day)
    }

    fn to(&self, label: &str) -> Field {
        self.field(name::TO, "email", label, None, &self.filled.to)
    }

    fn file(&self) -> Field {
        let now = self.forms.filled.file.as_ref();
        let label = if now.is_some() { labels::FILE_OTHER } else { labels::FILE };
        let hint = self.hint(Takes::File, &text::file_hint(self.forms.file_limit));
        let file = now.map(|(name, size)| FileNow {
            href: self.forms.file_href.clone(),
            label: text::file(name, *size),
        });
        Field { file, ..self.field(name::FILE, "file", label, hint, "") }
    }

    fn marks(&self) -> Field {
        let boxes = self.forms.notice.marks.iter().enumerate().map(|(n, mark)| Tick {
            id: format!("{}-{}-{}", self.id, name::MARK, n + 1),
            name: name::MARK.to_owned(),
            value: mark.id.to_string(),
            label: mark.label.clone(),
            ticked: self.filled.marks.contains(&mark.id),
        });
        let boxes = boxes.collect();
        Field { boxes, ..self.field(name::MARK, "marks", labels::MARKS, None, "") }
    }
}

/// The field that a part of what is handed in stands in.
pub(super) fn field_of(part: Part) -> String {
    match part {
        Part::Text => name::text(0),
        Part::Link => name::LINK.to_owned(),
        Part::File => name::FILE.to_owned(),
        Part::Date => name::DAY.to_owned(),
        Part::List => name::LIST.to_owned(),
        Part::Marks => name::MARK.to_owned(),
        Part::To => name::TO.to_owned(),
        Part::Phase => name::PHASE.to_owned(),
        Part::Health => name::HEALTH.to_owned(),
        Part::Line => name::LINE.to_owned(),
        Part::NextDate => name::NEXT.to_owned(),
        Part::Owner => name::OWNER.to_owned(),
        Part::Values => name::PERIOD.to_owned(),
        Part::Items => name::proposal(0, name::TITLE),
        Part::Hours => name::STARTS.to_owned(),
        Part::Place => name::PLACE.to_owned(),
    }
}
