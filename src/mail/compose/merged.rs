//! What is said several times of several things becomes one section with a table.
//!
//! Whoever stands above others gets one summary, not one section for each matter: escalations of the same step, and
//! hand-overs of the same watch. Whoever owns several items is asked about them together: questions and nudges of the
//! same step or watch. What the messages have in common is said once, and the table holds what tells them apart, so
//! that nothing said in one of them is lost but its headline.

use std::collections::BTreeSet;

use super::ComposeError;
use super::clean::{line, shorten};
use super::view::{
    LONGEST_QUOTE, Link, Paragraph, Part, Row, Section, Table, bodies, introduces, kind, wants_answer,
};
use crate::calendar::swedish;
use crate::plan::model::{ItemLine, MessageKind, Notice, Object};
use crate::text::items;
use crate::text::mail as text;
use jiff::civil::Date;

/// Messages that share a section; at least one.
#[derive(Debug)]
pub struct Group<'a>(pub Vec<Part<'a>>);

/// The messages in their order, those that belong together where the first of them stood.
pub fn groups<'a>(parts: &[Part<'a>]) -> Vec<Group<'a>> {
    let mut groups: Vec<Group<'a>> = Vec::new();
    for part in parts {
        match groups.iter_mut().find(|group| group.takes(part)) {
            Some(group) => group.0.push(part),
            None => groups.push(Group(vec![part])),
        }
    }
    groups
}

fn about_item((message, _): Part<'_>) -> bool {
    matches!(message.matter.object, Object::Item(_))
}

/// Whether it is said of one unit of the plan, in words of which the file says what heads several.
fn per_item((message, _): Part<'_>) -> bool {
    let notice = &message.notice;
    message.kind != MessageKind::Escalation && notice.items.len() == 1 && notice.together.is_some()
}

impl Group<'_> {
    fn takes(&self, part: Part<'_>) -> bool {
        let escalation = |(message, _): Part<'_>| message.kind == MessageKind::Escalation;
        let step = |(message, _): Part<'_>| (message.matter.workflow.clone(), message.matter.step.clone());
        let like = |mine: &Part<'_>| {
            escalation(mine) && step(mine) == step(part) && about_item(mine) == about_item(part)
        };
        let of_items = |mine: &Part<'_>| {
            per_item(mine)
                && step(mine) == step(part)
                && (mine.0.kind, &mine.0.matter.body) == (part.0.kind, &part.0.matter.body)
        };
        let first = self.0.first();
        (escalation(part) && first.is_some_and(like)) || (per_item(part) && first.is_some_and(of_items))
    }

    /// Whether its messages are about a unit of the plan each.
    fn is_of_items(&self) -> bool {
        self.0.iter().all(|part| per_item(part))
    }

    /// The kind of its messages.
    pub fn kind(&self) -> MessageKind {
        self.0.first().map_or(MessageKind::Tell, |(message, _)| message.kind)
    }

    /// For how many things it counts: each that wants an answer, and what is only told is one.
    pub fn weight(&self) -> usize {
        self.0.iter().filter(|(message, _)| wants_answer(message)).count().max(1)
    }

    /// The sentence that heads it.
    pub fn headline(&self) -> String {
        match self.0.as_slice() {
            [(only, _)] => line(&only.notice.headline),
            several if self.is_of_items() => {
                let count = several.len();
                let said = self.notices().find_map(|notice| notice.together.as_deref()).unwrap_or_default();
                line(&said.replace("{count}", &count.to_string()))
            }
            several if several.iter().all(|part| about_item(part)) => text::handed_over(several.len()),
            several => text::unanswered(several.len()),
        }
    }

    /// What the list of contents says of it. An escalation's headline counts the silent, and says of what only below
    /// it: in the list the question stands instead, as its subject ends with it.
    pub fn entry(&self) -> String {
        match self.0.as_slice() {
            [(only, _)]
                if only.kind == MessageKind::Escalation && !self.0.iter().all(|part| about_item(part)) =>
            {
                let subject = line(&only.notice.subject);
                subject.split_once(": ").map_or(subject.clone(), |(_, question)| question.to_owned())
            }
            _ => self.headline(),
        }
    }

    fn notices(&self) -> impl Iterator<Item = &Notice> {
        self.0.iter().map(|(message, _)| &message.notice)
    }

    /// Whether every one of them says `said`.
    fn all(&self, said: impl Fn(&Notice) -> bool) -> bool {
        self.notices().all(said)
    }

    /// The section of a group of several.
    pub fn section(&self, day: Date) -> Result<Section, ComposeError> {
        let Some((first, _)) = self.0.first() else { return Err(ComposeError::Empty) };
        let common = first.notice.text.iter().filter(|said| self.all(|n| n.text.contains(said)));
        let paragraphs: Vec<Paragraph> = common.filter_map(|said| Paragraph::of(said)).collect();
        // The table of items has their facts; the rows hold what they are asked about in: the meeting, the last day.
        let in_table = |label: &str| self.is_of_items() && items::labels::ALL.contains(&label);
        let rows = first.notice.rows.iter().filter(|row| !in_table(&row.0));
        let shared = rows.filter(|row| self.all(|n| n.rows.contains(row)));
        let answers = self.notices().find(|notice| !notice.answers.is_empty()).map(|notice| {
            let labels: Vec<_> = notice.answers.iter().map(|answer| line(&answer.label)).collect();
            text::answers(&labels)
        });
        let mut reasons = BTreeSet::new();
        let whys = self.notices().map(|n| line(&n.why)).filter(|why| reasons.insert(why.clone()));
        Ok(Section {
            label: text::section(kind(first.kind), &bodies(&self.0)),
            alarming: false,
            headline: self.headline(),
            silent_heading: (!introduces(&paragraphs)).then_some(text::SILENT),
            paragraphs,
            silent: Vec::new(),
            table: Some(if self.is_of_items() { self.items(day) } else { self.table() }),
            rows: shared.map(|(label, value)| Row::of(label, value)).collect(),
            answers,
            link: self.one_link()?,
            links: if self.shares_link() { Vec::new() } else { self.links()? },
            why: whys.collect::<Vec<_>>().join(" "),
        })
    }

    fn table(&self) -> Table {
        let due = self.notices().any(|notice| notice.due.is_some());
        let silent = self.notices().any(|notice| !notice.silent.is_empty());
        let heads = [(true, text::table::MATTER), (due, text::table::DUE), (silent, text::table::SILENT)];
        let row = |notice: &Notice| {
            let names = notice.silent.iter().map(|name| line(name)).collect();
            let day = notice.due.map(swedish::short_week).into_iter().collect();
            let cells = [(true, self.apart(notice)), (due, day), (silent, names)];
            cells.into_iter().filter_map(|(there, cell)| there.then_some(cell)).collect()
        };
        Table {
            heads: heads.into_iter().filter_map(|(there, head)| there.then_some(head)).collect(),
            rows: self.notices().map(row).collect(),
        }
    }

    /// What tells a notice from the others: its body, and the rows and paragraphs that not all of them have. The
    /// first of its facts stands without its label, since it names the matter.
    fn apart(&self, notice: &Notice) -> Vec<String> {
        let mut said: Vec<String> = Vec::new();
        if !self.all(|n| n.from_body == notice.from_body) {
            said.push(line(&notice.from_body));
        }
        let day = notice.due.map(swedish::long_week);
        let own = notice
            .rows
            .iter()
            .filter(|row| !self.all(|n| n.rows.contains(row)) && Some(&row.1) != day.as_ref());
        let own: Vec<_> = own.collect();
        if let Some(((_, value), more)) = own.split_first() {
            said.push(line(value));
            said.extend(more.iter().map(|(label, value)| text::fact(&line(label), &line(value))));
        }
        if said.is_empty() {
            said.push(line(&notice.headline));
        }
        let own = notice.text.iter().filter(|own| !self.all(|n| n.text.contains(own)));
        said.extend(own.map(|own| without_lead(&line(own))));
        said.retain(|said| !said.is_empty());
        said
    }

    /// Its units as they are on `day`.
    fn items(&self, day: Date) -> Table {
        table_of(self.notices().flat_map(|notice| &notice.items), day)
    }

    /// Whether one address opens all of it.
    fn shares_link(&self) -> bool {
        let mut urls = self.0.iter().map(|(_, url)| url);
        let first = urls.next().filter(|url| url.is_some());
        first.is_some_and(|first| self.0.len() > 1 && urls.all(|url| url == first))
    }

    fn one_link(&self) -> Result<Option<Link>, ComposeError> {
        let url = self.0.first().and_then(|(_, url)| url.as_deref()).filter(|_| self.shares_link());
        url.map(|url| Link::to(url, items::answer_several(self.0.len()))).transpose()
    }

    fn links(&self) -> Result<Vec<Link>, ComposeError> {
        let links = self.0.iter().filter_map(|(message, url)| {
            let about = shorten(&line(&message.notice.headline), LONGEST_QUOTE);
            let label =
                if wants_answer(message) { text::answer_link(&about) } else { text::read_link(&about) };
            url.as_ref().map(|url| Link::to(url, label))
        });
        links.collect()
    }
}

/// Units of the plan, a row each.
pub fn table_of<'a>(units: impl IntoIterator<Item = &'a ItemLine>, day: Date) -> Table {
    let row = |unit: &ItemLine| {
        let mut title = vec![line(&unit.title)];
        title.extend(unit.deadline.iter().map(|(last, said)| {
            text::fact(items::labels::DEADLINE, &items::deadline(*last, &line(said), day))
        }));
        let mut coming = vec![items::next(unit.next, day)];
        let waits = unit.waits.iter().map(|(what, until)| items::wait(&line(what), *until, day));
        coming.extend(waits.map(|wait| text::fact(items::labels::WAITS, &wait)));
        let state = items::state(unit.phase, unit.health);
        vec![title, vec![state], vec![items::last_report(unit.reported, day)], coming]
    };
    Table { heads: items::TABLE.to_vec(), rows: units.into_iter().map(row).collect() }
}

/// Without a last sentence that leads over to a list: the list stands in a column of its own.
fn without_lead(text: &str) -> String {
    match text.rsplit_once(". ") {
        Some((said, lead)) if lead.ends_with(':') => format!("{said}."),
        _ => text.to_owned(),
    }
}
