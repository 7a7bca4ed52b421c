//! What a mail says, sentence by sentence: both of its forms are made from this, so they cannot disagree.

use jiff::civil::Date;
use serde::Serialize;

use super::clean::{line, lines, shorten};
use super::merged::{self, Group, table_of};
use super::{ComposeError, Digest, Sender, Standing};
use crate::calendar::{swedish, today};
use crate::plan::model::{Message, MessageKind};
use crate::text::mail as text;

/// The longest subject that mail programs show most of.
const LONGEST_SUBJECT: usize = 119;

/// The longest quotation in a link's text.
pub(super) const LONGEST_QUOTE: usize = 90;

/// A mail's content, ready for its templates. Its fields are named in the heads of `templates/`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct View {
    pub subject: String,
    pub(super) greeting: String,
    /// Only in the first mail that somebody gets.
    pub(super) first: Option<First>,
    /// Only where there are several sections; a single one has its own headline.
    pub(super) heading: Option<String>,
    pub(super) introduction: Option<String>,
    pub(super) contents: Option<Contents>,
    pub(super) sections: Vec<Section>,
    pub(super) links: Vec<Link>,
    pub(super) notes: Vec<String>,
}

/// Who writes, why, by whose decision, and how to check that it is so.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub(super) struct First {
    heading: &'static str,
    paragraphs: Vec<String>,
    rows: Vec<Row>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub(super) struct Contents {
    heads: [&'static str; 2],
    rows: Vec<(String, String)>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub(super) struct Section {
    pub(super) label: String,
    pub(super) alarming: bool,
    pub(super) headline: String,
    pub(super) paragraphs: Vec<Paragraph>,
    pub(super) silent_heading: Option<&'static str>,
    pub(super) silent: Vec<String>,
    pub(super) table: Option<Table>,
    pub(super) rows: Vec<Row>,
    pub(super) answers: Option<String>,
    /// To the answer page; where several messages share the section, `links` has one for each.
    pub(super) link: Option<Link>,
    pub(super) links: Vec<Link>,
    pub(super) why: String,
}

/// Lines that stand together, and a list after them: its lines began with `* `.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub(super) struct Paragraph {
    lines: Vec<String>,
    items: Vec<String>,
}

/// Several matters, a row each.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub(super) struct Table {
    pub(super) heads: Vec<&'static str>,
    /// Each cell holds lines.
    pub(super) rows: Vec<Vec<Vec<String>>>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub(super) struct Row {
    label: String,
    value: String,
    /// It says by when: what the eye should find first.
    strong: bool,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub(super) struct Link {
    label: String,
    url: String,
}

/// A message with the address of its answer page.
pub type Part<'a> = &'a (Message, Option<String>);

impl View {
    /// The view of a digest whose messages stand in `parts` as they are to be read. Needs at least one.
    pub fn of(digest: &Digest, sender: &Sender, parts: &[Part<'_>]) -> Result<Self, ComposeError> {
        let organisation = line(&sender.organisation);
        let groups = merged::groups(parts);
        let asks = Asks::of(parts);
        let all = groups.iter().map(Group::weight).sum();
        let several = groups.len() > 1;
        let introduction = text::introduction(all, asks.count, asks.first_due);
        let day = today(digest.window);
        Ok(Self {
            subject: subject(&organisation, parts, &groups, &asks),
            greeting: text::greeting(&shorten(&line(&digest.person.name), LONGEST_QUOTE)),
            first: digest.first.as_ref().map(|standing| First::of(standing, &organisation, parts)),
            heading: several.then(|| text::heading(all, asks.count)),
            introduction: Some(introduction).filter(|said| several && !said.is_empty()),
            contents: several.then(|| contents(parts, &groups)),
            sections: groups.iter().map(|group| Section::of(group, day)).collect::<Result<_, _>>()?,
            links: links(digest, sender)?,
            notes: notes(&organisation, digest, sender, parts),
        })
    }
}

impl First {
    fn of(standing: &Standing, organisation: &str, parts: &[Part<'_>]) -> Self {
        let mut reasons: Vec<String> = parts.iter().map(|(message, _)| line(&message.notice.why)).collect();
        reasons.dedup();
        let why = match reasons.as_slice() {
            [only] => only.clone(),
            _ => text::first::WHY_BELOW.to_owned(),
        };
        let row = |label: &str, value: &Option<String>| {
            let value = line(value.as_deref().unwrap_or_default());
            (!value.is_empty()).then(|| Row { label: label.to_owned(), value, strong: false })
        };
        let rows =
            [row(text::first::DECISION, &standing.decision), row(text::first::CONTACT, &standing.contact)];
        Self {
            heading: text::first::HEADING,
            paragraphs: vec![text::first::who(organisation), why],
            rows: rows.into_iter().flatten().collect(),
        }
    }
}

/// The messages that want an answer.
struct Asks {
    count: usize,
    first_due: Option<Date>,
}

impl Asks {
    fn of(parts: &[Part<'_>]) -> Self {
        let asks = || parts.iter().filter(|(m, _)| wants_answer(m));
        Self { count: asks().count(), first_due: asks().filter_map(|(m, _)| m.notice.due).min() }
    }
}

pub(super) fn wants_answer(message: &Message) -> bool {
    !message.notice.answers.is_empty()
}

/// The subject: body in brackets, then what it is, or how much and by when.
///
/// A mail about one or two bodies names them; about more, the organisation. Something urgent that shares its
/// mail still leads the subject, since a count would hide it.
fn subject(organisation: &str, parts: &[Part<'_>], groups: &[Group<'_>], asks: &Asks) -> String {
    let from = match bodies(parts).as_slice() {
        [one] => one.clone(),
        [one, other] => format!("{one}, {other}"),
        _ => organisation.to_owned(),
    };
    let all: usize = groups.iter().map(Group::weight).sum();
    let said = match (parts, groups) {
        ([(only, _)], _) => line(&only.notice.subject),
        ([(first, _), ..], _) if matches!(first.kind, MessageKind::Alarm | MessageKind::Change) => {
            text::subject_with_more(&shorten(&line(&first.notice.subject), LONGEST_QUOTE), all - 1)
        }
        (_, [only]) => only.headline(),
        _ => text::subject(all, asks.count, asks.first_due),
    };
    shorten(&format!("[{}] {said}", shorten(&from, LONGEST_SUBJECT / 3)), LONGEST_SUBJECT)
}

/// The bodies that the messages are about, in their order, each once.
pub(super) fn bodies(parts: &[Part<'_>]) -> Vec<String> {
    let mut bodies: Vec<String> = Vec::new();
    for (message, _) in parts {
        let body = line(&message.notice.from_body);
        if !body.is_empty() && !bodies.contains(&body) {
            bodies.push(body);
        }
    }
    bodies
}

fn contents(parts: &[Part<'_>], groups: &[Group<'_>]) -> Contents {
    let mixed = bodies(parts).len() > 1;
    let row = |group: &Group<'_>| {
        let asks = Asks::of(&group.0);
        let when = match asks.first_due {
            _ if asks.count == 0 => text::NO_ANSWER.to_owned(),
            Some(due) => text::by(due),
            None => text::NO_DAY.to_owned(),
        };
        let bodies = bodies(&group.0);
        let body = bodies.first().map(String::as_str).filter(|_| mixed && bodies.len() == 1);
        (text::entry(kind(group.kind()), body, &group.entry()), when)
    };
    Contents { heads: text::CONTENTS, rows: groups.iter().map(row).collect() }
}

impl Section {
    fn of(group: &Group<'_>, day: Date) -> Result<Self, ComposeError> {
        match group.0.as_slice() {
            [only] => Self::of_one(only, day),
            _ => group.section(day),
        }
    }

    fn of_one((message, url): Part<'_>, today: Date) -> Result<Self, ComposeError> {
        let notice = &message.notice;
        let headline = line(&notice.headline);
        let paragraphs: Vec<_> = notice.text.iter().filter_map(|p| Paragraph::of(p)).collect();
        let introduced = introduces(&paragraphs);
        let day = notice.due.map(swedish::long_week);
        let row = |(label, value): &(String, String)| {
            let row = Row::of(label, value);
            Row { strong: Some(&row.value) == day.as_ref(), ..row }
        };
        let labels: Vec<_> = notice.answers.iter().map(|answer| line(&answer.label)).collect();
        let about = shorten(&headline, LONGEST_QUOTE);
        let link = match (url, wants_answer(message)) {
            (Some(url), true) => Some(Link::to(url, text::answer_link(&about))?),
            (Some(url), false) => Some(Link::to(url, text::read_link(&about))?),
            (None, _) => None,
        };
        let answers = wants_answer(message).then(|| match &link {
            Some(_) => text::answers(&labels),
            None => format!("{} {}", text::answers(&labels), text::ANSWER_BY_REPLY),
        });
        Ok(Self {
            label: text::section(kind(message.kind), &[line(&notice.from_body)]),
            alarming: message.kind == MessageKind::Alarm,
            headline,
            paragraphs,
            silent_heading: (!introduced).then_some(text::SILENT),
            silent: notice.silent.iter().map(|name| line(name)).collect(),
            // One unit's facts stand as rows; a list of them, be it of one, as a table.
            table: (!notice.items.is_empty() && message.matter.object.unit().is_none())
                .then(|| table_of(&notice.items, today)),
            rows: notice.rows.iter().map(row).collect(),
            answers,
            link,
            links: Vec::new(),
            why: line(&notice.why),
        })
    }
}

/// Whether the last paragraph leads over to a list.
pub(super) fn introduces(paragraphs: &[Paragraph]) -> bool {
    let last = paragraphs.last().filter(|p| p.items.is_empty()).and_then(|p| p.lines.last());
    last.is_some_and(|last| last.ends_with(':'))
}

impl Paragraph {
    /// None where there is nothing to read.
    pub(super) fn of(text: &str) -> Option<Self> {
        let (items, lines): (Vec<_>, Vec<_>) = lines(text).into_iter().partition(|l| l.starts_with("* "));
        let items: Vec<_> = items.iter().map(|item| line(&item[2..])).collect();
        (!lines.is_empty() || !items.is_empty()).then_some(Self { lines, items })
    }
}

impl Row {
    pub(super) fn of(label: &str, value: &str) -> Self {
        Self { label: line(label), value: line(value), strong: false }
    }
}

impl Link {
    /// Only what every mail program and link scanner passes on unchanged.
    pub(super) fn to(url: &str, label: String) -> Result<Self, ComposeError> {
        let web = url.starts_with("https://") || url.starts_with("http://");
        let plain = url.bytes().all(|b| b.is_ascii_graphic() && !b"\"'<>\\^`{|}".contains(&b));
        if web && plain { Ok(Self { label, url: url.to_owned() }) } else { Err(ComposeError::Link) }
    }
}

fn links(digest: &Digest, sender: &Sender) -> Result<Vec<Link>, ComposeError> {
    let wanted = [(&digest.page_url, text::OWN_PAGE), (&sender.public_url, text::WHEEL)];
    let given = wanted.into_iter().filter_map(|(url, label)| Some((url.as_deref()?, label)));
    given.map(|(url, label)| Link::to(url, label.to_owned())).collect()
}

fn notes(organisation: &str, digest: &Digest, sender: &Sender, parts: &[Part<'_>]) -> Vec<String> {
    let asks = parts.iter().any(|(message, _)| wants_answer(message));
    let answerable = parts.iter().any(|(message, url)| wants_answer(message) && url.is_some());
    let pages = answerable || digest.page_url.is_some();
    let reply = if sender.reply_to.is_some() { text::REPLY } else { text::REPLY_TO_SENDER };
    let said = [
        (asks, text::ANSWER_STOPS),
        (pages, text::LINKS_ARE_SAFE),
        (pages, text::LINKS_ARE_YOURS),
        (true, reply),
    ];
    let said = said.into_iter().filter(|(so, _)| *so).map(|(_, note)| note.to_owned());
    said.chain([text::sent_by(organisation)]).collect()
}

pub(super) fn kind(kind: MessageKind) -> &'static str {
    match kind {
        MessageKind::Alarm => text::kinds::ALARM,
        MessageKind::Change => text::kinds::CHANGE,
        MessageKind::Escalation => text::kinds::ESCALATION,
        MessageKind::Reminder => text::kinds::REMINDER,
        MessageKind::Ask => text::kinds::ASK,
        MessageKind::Nudge => text::kinds::NUDGE,
        MessageKind::Tell => text::kinds::TELL,
        MessageKind::Summary => text::kinds::SUMMARY,
    }
}
