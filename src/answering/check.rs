//! What came with an answer, tidied and held against what the chosen answer takes.

use jiff::ToSpan;
use jiff::civil::Date;

use super::file;
use super::item::{tidy, tidy_proposal};
use super::wrong::{LONGEST_LINK, LONGEST_LIST, LONGEST_TEXT, LONGEST_TITLE};
use super::{AboutItem, AboutMeeting, Field, Handed, Policy, Proposal, Question, Wrong};
use crate::ids::MarkId;
use crate::plan::key::about;
use crate::plan::model::Arranged;
use crate::store::FileKind;
use crate::workflow::model::{Answer, Does, Takes};

/// A date further off is a slip of the finger.
pub(super) const FARTHEST_YEARS: i32 = 20;
/// So is one longer ago.
const OLDEST_YEARS: i32 = 1;

/// What came, without what means nothing: blank texts, blank lines, space around words.
#[derive(Debug, Default)]
pub(super) struct Tidy {
    pub texts: Vec<(String, String)>,
    pub link: Option<String>,
    /// Its plain name and what it is; none if it is not one of the known kinds.
    pub file: Option<Option<(String, FileKind)>>,
    pub date: Option<Date>,
    pub marks: Vec<MarkId>,
    pub list: Vec<(String, Option<String>)>,
    pub to: Option<String>,
    pub item: AboutItem,
    /// In the order they came, blank ones too: a fault names one by its number.
    pub items: Vec<Proposal>,
    pub meeting: AboutMeeting,
}

impl Tidy {
    pub(super) fn of(handed: &Handed) -> Self {
        let texts = handed.texts.iter().map(|(heading, text)| (heading.clone(), paragraphs(text)));
        let lines = handed.list.iter().map(|(title, link)| (line(title), some(link.as_deref())));
        let mut marks = handed.marks.clone();
        marks.sort();
        marks.dedup();
        Self {
            texts: texts.filter(|(_, text)| !text.is_empty()).collect(),
            link: some(handed.link.as_deref()),
            file: handed
                .file
                .as_ref()
                .map(|came| file::kind(came).map(|kind| (file::plain_name(&came.name, kind), kind))),
            date: handed.date,
            marks,
            list: lines.filter(|(title, link)| !title.is_empty() || link.is_some()).collect(),
            to: some(handed.to.as_deref()),
            item: tidy(&handed.item),
            items: handed.items.iter().map(tidy_proposal).collect(),
            meeting: super::meeting::tidy(&handed.meeting),
        }
    }
}

/// Days that bound a date.
#[derive(Clone, Copy, Debug)]
pub(super) struct Days {
    pub today: Date,
    /// What it is about begins and ends on the same day.
    pub one_day: bool,
    /// The last day of what it is about.
    pub last: Option<Date>,
    /// The year that the answer renews.
    pub renews: Option<i16>,
}

/// Everything that is wrong, but for whom it is passed on to and what the organisation's check says of a file.
pub(super) fn check(
    question: &Question,
    chosen: &Answer,
    handed: &Handed,
    tidy: &Tidy,
    policy: &Policy,
    days: Days,
) -> Vec<Wrong> {
    let mut wrong = not_taken(chosen, tidy);
    wrong.extend(needed(chosen, tidy));
    let takes = |field| takes_field(chosen, field);
    if takes(Field::Date) {
        wrong.extend(date(question, chosen, tidy.date, days));
    }
    if takes(Field::Marks) {
        let known = |mark: &MarkId| question.message.notice.marks.iter().any(|m| &m.id == mark);
        wrong.extend(tidy.marks.iter().filter(|mark| !known(mark)).cloned().map(Wrong::MarkUnknown));
    }
    if takes(Field::Text) {
        wrong.extend(texts(&question.message.notice.sections, &tidy.texts));
    }
    if takes(Field::Link) && tidy.link.as_deref().is_some_and(|link| !is_web_address(link)) {
        wrong.push(Wrong::LinkNoAddress);
    }
    if takes(Field::List) {
        wrong.extend(list(&tidy.list, chosen.takes == [Takes::List]));
    }
    if let (true, Some(came)) = (takes(Field::File), &handed.file) {
        let size = came.bytes.len() as u64;
        if size == 0 {
            wrong.push(Wrong::FileEmpty);
        } else if size > policy.file_limit {
            wrong.push(Wrong::FileTooLarge { most: policy.file_limit });
        } else if matches!(tidy.file, Some(None)) {
            wrong.push(Wrong::FileKind);
        }
    }
    wrong.extend(super::meeting::check(chosen, &tidy.meeting, days.one_day));
    if takes(Field::To) && tidy.to.is_none() {
        wrong.push(Wrong::ToMissing);
    }
    wrong
}

/// An answer that leaves the question open takes what it needs for that and nothing else: there is nowhere to keep
/// a text without an answer.
pub(super) fn takes_field(chosen: &Answer, field: Field) -> bool {
    let takes = |what| chosen.takes.contains(&what);
    match (chosen.does, field) {
        (Does::Settle, Field::Text) => takes(Takes::Text),
        (Does::Settle, Field::Link) => takes(Takes::Link),
        (Does::Settle, Field::File) => takes(Takes::File),
        (Does::Settle, Field::Date) => takes(Takes::Date),
        (Does::Settle, Field::List) => takes(Takes::List),
        (Does::Settle, Field::Phase) => takes(Takes::Phase),
        (Does::Settle, Field::Health) => takes(Takes::Health),
        (Does::Settle, Field::Line) => takes(Takes::Line),
        (Does::Settle, Field::NextDate) => takes(Takes::NextDate),
        (Does::Settle, Field::Owner) => takes(Takes::Owner),
        (Does::Settle, Field::Values) => takes(Takes::Values),
        (Does::Settle, Field::Items) => takes(Takes::Items),
        (Does::Settle, Field::Hours) => takes(Takes::Hours),
        (Does::Settle, Field::Place) => takes(Takes::Place),
        (Does::Settle, Field::Marks) | (Does::MoreTime, Field::Date) => true,
        (Does::PassOn | Does::Help, Field::To) => true,
        _ => false,
    }
}

fn not_taken(chosen: &Answer, tidy: &Tidy) -> Vec<Wrong> {
    let refused = came(tidy).into_iter().filter(|(field, came)| *came && !takes_field(chosen, *field));
    refused.map(|(field, _)| Wrong::NotTaken(field)).collect()
}

/// Which parts have something in them.
fn came(tidy: &Tidy) -> [(Field, bool); 16] {
    let item = &tidy.item;
    [
        (Field::Text, !tidy.texts.is_empty()),
        (Field::Link, tidy.link.is_some()),
        (Field::File, tidy.file.is_some()),
        (Field::Date, tidy.date.is_some()),
        (Field::List, !tidy.list.is_empty()),
        (Field::Marks, !tidy.marks.is_empty()),
        (Field::To, tidy.to.is_some()),
        (Field::Phase, item.phase.is_some()),
        (Field::Health, item.health.is_some()),
        (Field::Line, item.line.is_some()),
        (Field::NextDate, item.next.is_some()),
        (Field::Owner, item.owners.is_some()),
        (Field::Values, !item.values.is_empty()),
        (Field::Items, tidy.items.iter().any(|proposal| !proposal.is_blank())),
        (Field::Hours, tidy.meeting.hours.is_some()),
        (Field::Place, tidy.meeting.place.is_some()),
    ]
}

/// What must come and didn't; a date and a line have faults of their own that say more.
fn needed(chosen: &Answer, tidy: &Tidy) -> Vec<Wrong> {
    let field = |needs: &Takes| match needs {
        Takes::Date | Takes::Line => None,
        Takes::Text => Some(Field::Text),
        Takes::Link => Some(Field::Link),
        Takes::File => Some(Field::File),
        Takes::List => Some(Field::List),
        Takes::Phase => Some(Field::Phase),
        Takes::Health => Some(Field::Health),
        Takes::NextDate => Some(Field::NextDate),
        Takes::Owner => Some(Field::Owner),
        Takes::Values => Some(Field::Values),
        Takes::Items => Some(Field::Items),
        Takes::Hours => Some(Field::Hours),
        Takes::Place => Some(Field::Place),
    };
    // A list that is all there is to the answer is asked for as such.
    let own_fault = |field: Field| field == Field::List && chosen.takes == [Takes::List];
    let came = came(tidy);
    let missing = |wanted: &Field| came.iter().any(|(field, came)| field == wanted && !came);
    let needs = chosen.needs.iter().filter_map(field).filter(missing).filter(|field| !own_fault(*field));
    needs.map(Wrong::Missing).collect()
}

fn date(question: &Question, chosen: &Answer, date: Option<Date>, days: Days) -> Option<Wrong> {
    let Some(date) = date else { return Some(Wrong::DateMissing) };
    // "Ansökan är skickad den": a day that is told may have been, one that something is to last until may not.
    let lasts = chosen.does == Does::MoreTime || chosen.rest_until_date || days.renews.is_some();
    let oldest = days.today.saturating_sub(OLDEST_YEARS.years());
    if lasts && date <= days.today {
        return Some(Wrong::DatePast { today: days.today });
    }
    if date < oldest {
        return Some(Wrong::DateTooEarly { than: oldest });
    }
    if chosen.does == Does::MoreTime {
        // Who has more time already may say another day, an earlier one too.
        let has_more = question.arranged.iter().any(|arranged| matches!(arranged, Arranged::Time(_)));
        let due = question.message.notice.due.filter(|due| !has_more && date <= *due);
        // Where the last day to answer is the occasion's own, there is nothing else to be in time for.
        let common = about(&question.message.key);
        let late = days.last.filter(|last| date > *last && common.is_none_or(|common| common < *last));
        return due.map(|than| Wrong::DateTooEarly { than }).or(late.map(|last| Wrong::DateTooLate { last }));
    }
    if let Some(year) = days.renews.filter(|year| date.year() <= *year) {
        return Some(Wrong::DateTooEarly { than: Date::new(year, 12, 31).unwrap_or(days.today) });
    }
    let last = days.today.saturating_add(FARTHEST_YEARS.years());
    (date > last).then_some(Wrong::DateTooLate { last })
}

fn texts(sections: &[String], texts: &[(String, String)]) -> Vec<Wrong> {
    let mut wrong = Vec::new();
    for (heading, text) in texts {
        let known = if sections.is_empty() { heading.is_empty() } else { sections.contains(heading) };
        if !known {
            wrong.push(Wrong::HeadingUnknown(heading.clone()));
        }
        let length = text.chars().count();
        if length > LONGEST_TEXT {
            wrong.push(Wrong::TextTooLong { heading: heading.clone(), length });
        }
    }
    wrong
}

fn list(lines: &[(String, Option<String>)], is_all: bool) -> Vec<Wrong> {
    if lines.len() > LONGEST_LIST {
        return vec![Wrong::ListTooLong { lines: lines.len() }];
    }
    if lines.is_empty() && is_all {
        return vec![Wrong::ListEmpty];
    }
    let mut wrong = Vec::new();
    for (number, (title, link)) in lines.iter().enumerate() {
        let line = number + 1;
        if title.is_empty() || title.chars().count() > LONGEST_TITLE {
            wrong.push(Wrong::LineNoTitle { line });
        }
        if link.as_deref().is_some_and(|link| !is_web_address(link)) {
            wrong.push(Wrong::LineNoAddress { line });
        }
    }
    wrong
}

/// `http://` or `https://`, a host, and nothing that would end an address in a mail or a page.
#[must_use]
pub fn is_web_address(link: &str) -> bool {
    let lower = link.to_lowercase();
    let rest = lower.strip_prefix("https://").or_else(|| lower.strip_prefix("http://"));
    let host = rest.map(|rest| rest.split(['/', '?', '#']).next().unwrap_or_default());
    let plain = |c: char| !c.is_whitespace() && !c.is_control() && !"<>\"\\^`{|}".contains(c);
    link.len() <= LONGEST_LINK
        && link.chars().all(plain)
        // A name and a password before the host make it look like another one.
        && host.is_some_and(|host| host.starts_with(|c: char| c.is_alphanumeric() || c == '[') && !host.contains('@'))
}

/// The text with line breaks as they are, and no sign that can't be seen.
pub(super) fn paragraphs(text: &str) -> String {
    let text = text.replace("\r\n", "\n").replace('\r', "\n");
    let seen: String = text.chars().filter(|c| !c.is_control() || matches!(c, '\n' | '\t')).collect();
    seen.trim().to_owned()
}

pub(super) fn line(text: &str) -> String {
    let words = text.split(|c: char| c.is_whitespace() || c.is_control()).filter(|word| !word.is_empty());
    words.collect::<Vec<_>>().join(" ")
}

fn some(text: Option<&str>) -> Option<String> {
    text.map(str::trim).filter(|text| !text.is_empty()).map(str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_web_address_is_told_from_what_looks_like_one() {
        for good in [
            "https://kunskapsstyrning.example.org/remiss/12?x=1#del",
            "HTTP://example.org",
            "https://exempel-å.example.org/ö",
            "https://[2001:db8::1]/x",
        ] {
            assert!(is_web_address(good), "{good}");
        }
        for bad in [
            "",
            "example.org",
            "ftp://example.org",
            "javascript:alert(1)",
            "https://",
            "https:///x",
            "https://a b.example.org",
            "https://example.org/\nBcc: x",
            "https://bank.example.org@ond.example.org/",
            "https://example.org/<script>",
        ] {
            assert!(!is_web_address(bad), "{bad}");
        }
        assert!(!is_web_address(&format!("https://example.org/{}", "a".repeat(LONGEST_LINK))));
    }

    #[test]
    fn what_means_nothing_is_left_out() {
        let handed = Handed {
            texts: vec![
                ("Allmänt".to_owned(), " \r\n ".to_owned()),
                ("Detaljer".to_owned(), " a\r\nb\0 ".to_owned()),
            ],
            link: Some("  ".to_owned()),
            list: vec![(" Sepsis\t (vård) ".to_owned(), None), (" ".to_owned(), Some(" ".to_owned()))],
            marks: vec!["b".into(), "a".into(), "b".into()],
            ..Handed::default()
        };
        let tidy = Tidy::of(&handed);
        assert_eq!(tidy.texts, [("Detaljer".to_owned(), "a\nb".to_owned())]);
        assert_eq!(tidy.link, None);
        assert_eq!(tidy.list, [("Sepsis (vård)".to_owned(), None)]);
        assert_eq!(tidy.marks, ["a".into(), "b".into()]);
    }
}
