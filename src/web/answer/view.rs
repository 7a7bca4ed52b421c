//! What a page shows of a question.

use jiff::Timestamp;
use serde::Serialize;

use super::super::Site;
use super::super::look::Link;
use super::case::{Case, Gone, person_words};
use super::fields::{Fault, Field, Filled, Form, Forms, Wrong};
use super::name;
use super::unit::{Now, Unit};
use crate::calendar::{civil, swedish, today};
use crate::plan::model::{Arranged, Facts};
use crate::text::answers::{self as text, word};

#[derive(Debug, Serialize)]
pub(super) struct AnswerPage {
    /// For a page with everything that is open.
    pub everything: Option<Everything>,
    pub asked: Vec<Asked>,
}

#[derive(Debug, Serialize)]
pub(super) struct Everything {
    pub title: &'static str,
    pub lead: String,
    pub contents: Vec<Link>,
}

/// One question.
#[derive(Debug, Serialize)]
pub(super) struct Asked {
    /// Its anchor, and what every id in it begins with.
    pub id: String,
    /// Which of the page's questions, as its forms say; none on a page with one.
    pub key: Option<String>,
    /// The level of its heading.
    pub level: u8,
    pub answering_as: String,
    pub from_body: String,
    pub headline: String,
    pub paragraphs: Vec<String>,
    pub rows: Vec<(String, String)>,
    /// How the item that it is about is today.
    pub now: Vec<Now>,
    pub due: Option<String>,
    pub late: bool,
    pub why: String,
    /// What has happened to it.
    pub notes: Vec<Note>,
    pub given: Option<Standing>,
    /// No answer is taken any more: what to do instead.
    pub closed: Option<Note>,
    /// The heading above the buttons, and what is said below it.
    pub choose: (&'static str, &'static str),
    pub forms: Vec<Form>,
    /// What is wrong, with a link to each field.
    pub faults: Vec<Link>,
    /// A file must be chosen again.
    pub file_again: bool,
}

#[derive(Debug, Serialize)]
pub(super) struct Note {
    pub title: String,
    pub said: String,
}

/// The answer that stands.
#[derive(Debug, Serialize)]
pub(super) struct Standing {
    pub label: String,
    pub noted: String,
    /// What came with it, where it can't be changed any more; else it stands in the fields.
    pub rows: Vec<(String, String)>,
    pub file: Option<Link>,
}

/// What a view is made of beside the question.
#[derive(Clone, Copy)]
pub(super) struct Setting<'a> {
    pub site: &'a Site,
    pub facts: &'a Facts,
    pub now: Timestamp,
    /// It is one of several on the page.
    pub one_of_many: bool,
    /// Its forms must name it.
    pub named: bool,
    pub wrong: Option<Wrong<'a>>,
}

impl Asked {
    pub fn of(case: &Case, setting: Setting<'_>) -> Self {
        let question = &case.question;
        let notice = &question.message.notice;
        let more_time = question.arranged.iter().find_map(|what| match what {
            Arranged::Time(day) => Some(*day),
            Arranged::PassedTo(_) | Arranged::HelpFrom(_) => None,
        });
        let last_day = more_time.filter(|_| question.given.is_none()).or(notice.due);
        let asked_for = notice.due.map(swedish::long_week);
        let key = setting.named.then(|| question.message.key.0.clone());
        let id = if setting.one_of_many { case.anchor() } else { "f".to_owned() };
        let person = question.message.to.as_ref().and_then(|id| setting.facts.people.persons.get(id));
        let forms = if case.takes_answers() { forms(case, setting, &id) } else { Vec::new() };
        let waits = case.takes_answers() && question.given.is_none() && case.elsewhere.is_none();
        let level = if setting.one_of_many { 2 } else { 1 };
        let now = case.unit.as_ref().map(|unit| unit.now(&notice.headline)).unwrap_or_default();
        Self {
            key,
            level,
            answering_as: text::answering_as(person.map_or("", |p| p.name.as_str()), case.role.as_deref()),
            from_body: notice.from_body.clone(),
            headline: notice.headline.clone(),
            paragraphs: notice.text.clone(),
            // The day stands on its own above the buttons; not twice.
            rows: notice
                .rows
                .iter()
                .filter(|(_, value)| Some(value) != asked_for.as_ref())
                // As the item was when the mail left; it stands there as it is.
                .filter(|(label, _)| now.is_empty() || !Unit::shows(label))
                .cloned()
                .collect(),
            now,
            late: waits && last_day.is_some_and(|due| due < today(setting.now)),
            due: last_day.map(swedish::long_week),
            why: notice.why.clone(),
            notes: notes(case, setting),
            given: standing(case, setting),
            closed: closed(case),
            choose: choose(case, setting.one_of_many),
            faults: setting.wrong.map_or_else(Vec::new, |wrong| links(&id, wrong.faults, &forms)),
            file_again: setting.wrong.is_some_and(|wrong| {
                wrong.with_file && wrong.faults.iter().all(|fault| fault.field != name::FILE)
            }),
            forms,
            id,
        }
    }
}

fn forms(case: &Case, setting: Setting<'_>, id: &str) -> Vec<Form> {
    let question = &case.question;
    let notice = &question.message.notice;
    let forms = Forms {
        prefix: id,
        notice,
        unit: case.unit.as_ref(),
        given: question.given.as_ref(),
        filled: Filled::of(question, setting.facts, case.unit.as_ref()),
        wrong: setting.wrong,
        file_limit: setting.site.state.policy.file_limit,
        file_href: file_href(case, setting),
        tucked: setting.one_of_many,
    };
    forms.all()
}

/// Where the file is, seen from the page: its address is the page's own, and no page repeats that.
fn file_href(case: &Case, setting: Setting<'_>) -> String {
    let key = if setting.named { case.question.message.key.0.as_str() } else { "" };
    let mut href = format!("?{}=", name::FILE);
    for byte in key.bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'_' | b'.' => href.push(char::from(byte)),
            other => href.push_str(&format!("%{other:02X}")),
        }
    }
    href
}

fn links(id: &str, faults: &[Fault], forms: &[Form]) -> Vec<Link> {
    let fields = || forms.iter().filter(|form| form.open).flat_map(all_fields);
    let link = |fault: &Fault| {
        let field = fields().find(|field| field.name == fault.field);
        let target = field.map_or_else(|| format!("{id}-svar"), |field| field.id.clone());
        // Texts are many; what is said of anything else names it.
        let text = field.filter(|field| field.name != name::LIST && field.kind == "area");
        let label = text.map(|field| format!("{}: {}", field.label, fault.said));
        Link::new(format!("#{target}"), label.unwrap_or_else(|| fault.said.clone()))
    };
    faults.iter().map(link).collect()
}

/// Every field of a form, those within others too.
fn all_fields(form: &Form) -> impl Iterator<Item = &Field> {
    let own = form.fields.iter().flat_map(|field| std::iter::once(field).chain(&field.parts));
    own.chain(form.blocks.iter().flat_map(|block| &block.fields))
}

fn notes(case: &Case, setting: Setting<'_>) -> Vec<Note> {
    let note = |title: &str, said: String| Note { title: title.to_owned(), said };
    let rules = setting.site.state.rules.rules();
    let mut notes = Vec::new();
    match case.gone {
        Some(Gone::Cancelled) => {
            notes.push(note(word("answer_cancelled_title"), word("answer_cancelled").to_owned()));
        }
        Some(Gone::Withdrawn) => {
            notes.push(note(word("answer_withdrawn_title"), word("answer_withdrawn").to_owned()));
        }
        None => {}
    }
    if let Some(other) = &case.elsewhere {
        let said = text::answered_by(&other.who, &other.label, civil(other.at));
        notes.push(note(word("answer_already_title"), said));
    }
    if case.question.given.is_none() && case.takes_answers() {
        let who = |person| person_words(&rules, setting.facts, person, setting.now);
        notes.extend(case.question.arranged.iter().map(|what| match what {
            Arranged::Time(day) => note(text::TIME_TITLE, text::more_time(*day)),
            Arranged::PassedTo(person) => note(text::PASSED_TITLE, text::passed_to(&who(person))),
            Arranged::HelpFrom(person) => note(text::HELP_TITLE, text::help_from(&who(person))),
        }));
    }
    notes
}

/// The answer that stands; one that the question no longer has is named by its id.
fn standing(case: &Case, setting: Setting<'_>) -> Option<Standing> {
    let given = case.question.given.as_ref()?;
    let notice = &case.question.message.notice;
    let known = notice.answers.iter().find(|a| a.id == given.answer);
    let open = case.takes_answers();
    let mut rows = Vec::new();
    let handed = case.question.handed.as_ref().filter(|_| !open);
    if let Some(day) = given.date {
        rows.push((text::labels::DAY.to_owned(), swedish::long_year(day)));
    }
    for (heading, said) in handed.into_iter().flat_map(|h| &h.texts) {
        let label = if heading.is_empty() { text::labels::TEXT } else { heading };
        rows.push((label.to_owned(), said.clone()));
    }
    if let Some(link) = handed.and_then(|h| h.link.clone()) {
        rows.push((text::labels::LINK.to_owned(), link));
    }
    let ticked = notice.marks.iter().filter(|mark| given.marks.contains(&mark.id));
    rows.extend(ticked.filter(|_| !open).map(|mark| (text::labels::MARK.to_owned(), mark.label.clone())));
    let file = handed.and_then(|h| h.file.as_ref());
    Some(Standing {
        label: known.map_or_else(|| given.answer.to_string(), |a| a.label.clone()),
        noted: text::noted(civil(given.at)),
        rows,
        file: file
            .map(|file| Link::new(file_href(case, setting), text::file(&file.name, u64::from(file.size)))),
    })
}

fn closed(case: &Case) -> Option<Note> {
    if case.takes_answers() || case.gone.is_some() {
        return None;
    }
    let help = match case.question.given {
        Some(_) => "answer_closed_answered",
        None => "answer_closed_unanswered",
    };
    Some(Note { title: word("answer_closed").to_owned(), said: word(help).to_owned() })
}

fn choose(case: &Case, one_of_many: bool) -> (&'static str, &'static str) {
    let passed = case.question.arranged.iter().any(|what| matches!(what, Arranged::PassedTo(_)));
    if case.question.given.is_some() {
        (word("answer_choose_other"), word("answer_change_press"))
    } else if case.elsewhere.is_some() || passed {
        (word("answer_choose_anyway"), word("answer_one_press"))
    } else if one_of_many {
        // Said once, above them all.
        (word("answer_choose"), "")
    } else {
        (word("answer_choose"), word("answer_one_press"))
    }
}
