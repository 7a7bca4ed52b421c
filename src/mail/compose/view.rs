//! What a mail says, sentence by sentence: both of its forms are made from this, so they cannot disagree.

use jiff::civil::Date;
use serde::Serialize;

use super::clean::{line, lines, shorten};
use super::{ComposeError, Digest, Sender};
use crate::calendar::swedish;
use crate::plan::model::{Message, MessageKind};
use crate::text::mail as text;

/// The longest subject that mail programs show most of.
const LONGEST_SUBJECT: usize = 119;

/// The longest quotation in a link's text.
const LONGEST_QUOTE: usize = 90;

/// A mail's content, ready for its templates.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct View {
    pub subject: String,
    greeting: String,
    /// Only where there are several sections; a single one has its own headline.
    heading: Option<String>,
    introduction: Option<String>,
    contents: Option<Contents>,
    sections: Vec<Section>,
    links: Vec<Link>,
    notes: Vec<String>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
struct Contents {
    heads: [&'static str; 2],
    rows: Vec<(String, String)>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
struct Section {
    label: String,
    alarming: bool,
    headline: String,
    paragraphs: Vec<Vec<String>>,
    silent_heading: Option<&'static str>,
    silent: Vec<String>,
    rows: Vec<Row>,
    answers: Option<String>,
    link: Option<Link>,
    why: String,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
struct Row {
    label: String,
    value: String,
    /// It says by when: what the eye should find first.
    strong: bool,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
struct Link {
    label: String,
    url: String,
}

/// A message with the address of its answer page.
pub type Part<'a> = &'a (Message, Option<String>);

impl View {
    /// The view of a digest whose messages stand in `parts` as they are to be read. Needs at least one.
    pub fn of(digest: &Digest, sender: &Sender, parts: &[Part<'_>]) -> Result<Self, ComposeError> {
        let organisation = line(&sender.organisation);
        let asks = Asks::of(parts);
        let several = parts.len() > 1;
        let introduction = text::introduction(parts.len(), asks.count, asks.first_due);
        Ok(Self {
            subject: subject(&organisation, parts, &asks),
            greeting: text::greeting(&shorten(&line(&digest.person.name), LONGEST_QUOTE)),
            heading: several.then(|| text::heading(parts.len(), asks.count)),
            introduction: Some(introduction).filter(|said| several && !said.is_empty()),
            contents: several.then(|| contents(parts)),
            sections: parts.iter().map(|part| Section::of(part)).collect::<Result<_, _>>()?,
            links: links(digest, sender)?,
            notes: notes(&organisation, sender, parts),
        })
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

fn wants_answer(message: &Message) -> bool {
    !message.notice.answers.is_empty()
}

/// The subject: body in brackets, then what it is, or how much and by when.
///
/// A mail about one or two bodies names them; about more, the organisation. Something urgent that shares its
/// mail still leads the subject, since a count would hide it.
fn subject(organisation: &str, parts: &[Part<'_>], asks: &Asks) -> String {
    let from = match bodies(parts).as_slice() {
        [one] => one.clone(),
        [one, other] => format!("{one}, {other}"),
        _ => organisation.to_owned(),
    };
    let said = match parts {
        [(only, _)] => line(&only.notice.subject),
        [(first, _), rest @ ..] if matches!(first.kind, MessageKind::Alarm | MessageKind::Change) => {
            text::subject_with_more(&shorten(&line(&first.notice.subject), LONGEST_QUOTE), rest.len())
        }
        _ => text::subject(parts.len(), asks.count, asks.first_due),
    };
    shorten(&format!("[{}] {said}", shorten(&from, LONGEST_SUBJECT / 3)), LONGEST_SUBJECT)
}

/// The bodies that the messages are about, in their order, each once.
fn bodies(parts: &[Part<'_>]) -> Vec<String> {
    let mut bodies: Vec<String> = Vec::new();
    for (message, _) in parts {
        let body = line(&message.notice.from_body);
        if !body.is_empty() && !bodies.contains(&body) {
            bodies.push(body);
        }
    }
    bodies
}

fn contents(parts: &[Part<'_>]) -> Contents {
    let mixed = bodies(parts).len() > 1;
    let row = |(message, _): &Part<'_>| {
        let when = match message.notice.due {
            _ if !wants_answer(message) => text::NO_ANSWER.to_owned(),
            Some(due) => text::by(due),
            None => text::NO_DAY.to_owned(),
        };
        let body = line(&message.notice.from_body);
        let body = Some(body.as_str()).filter(|_| mixed);
        (text::entry(kind(message.kind), body, &line(&message.notice.headline)), when)
    };
    Contents { heads: text::CONTENTS, rows: parts.iter().map(row).collect() }
}

impl Section {
    fn of((message, url): Part<'_>) -> Result<Self, ComposeError> {
        let notice = &message.notice;
        let headline = line(&notice.headline);
        let paragraphs: Vec<_> = notice.text.iter().map(|p| lines(p)).filter(|p| !p.is_empty()).collect();
        let introduced = paragraphs.last().and_then(|p| p.last()).is_some_and(|last| last.ends_with(':'));
        let day = notice.due.map(swedish::long_week);
        let row = |(label, value): &(String, String)| {
            let value = line(value);
            Row { label: line(label), strong: Some(&value) == day.as_ref(), value }
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
            label: [kind(message.kind), &line(&notice.from_body)].join(" – "),
            alarming: message.kind == MessageKind::Alarm,
            headline,
            paragraphs,
            silent_heading: (!introduced).then_some(text::SILENT),
            silent: notice.silent.iter().map(|name| line(name)).collect(),
            rows: notice.rows.iter().map(row).collect(),
            answers,
            link,
            why: line(&notice.why),
        })
    }
}

impl Link {
    /// Only what every mail program and link scanner passes on unchanged.
    fn to(url: &str, label: String) -> Result<Self, ComposeError> {
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

fn notes(organisation: &str, sender: &Sender, parts: &[Part<'_>]) -> Vec<String> {
    let asks = parts.iter().any(|(message, _)| wants_answer(message));
    let pages = parts.iter().any(|(message, url)| wants_answer(message) && url.is_some());
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

fn kind(kind: MessageKind) -> &'static str {
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
