//! The list for the diary: a table that Excel opens by a double click.

use jiff::Timestamp;

use super::Compilation;
use super::markup::one_line;
use crate::calendar::today;
use crate::text::documents as text;

/// The list for the diary as CSV for Excel: with a byte order mark, semicolons and CRLF. One row for everybody who
/// was asked, and one row for a matter in which nobody was. Days are ISO 8601, so that they sort.
///
/// A cell that a spreadsheet would take for a formula gets a leading apostrophe: texts come from many people, and a
/// formula in one of them would run in the archive's Excel.
#[must_use]
pub fn diary(matters: &[Compilation]) -> String {
    let mut list = String::from("\u{feff}");
    row(&mut list, &text::DIARY.map(str::to_owned));
    for matter in matters {
        let own = [
            matter.diary.clone().unwrap_or_default(),
            matter.title.clone(),
            matter.opened.to_string(),
            matter.closes.to_string(),
        ];
        let sent = matter.sent.map(day).unwrap_or_default();
        let mut line = |who: String, when: String, what: String| {
            let rest = [who, when, what, sent.clone()];
            row(&mut list, &own.iter().cloned().chain(rest).collect::<Vec<_>>());
        };
        if matter.respondents.is_empty() {
            line(String::new(), String::new(), String::new());
        }
        for respondent in matter.in_order() {
            let answer = respondent.answer.as_ref();
            let when = answer.map(|a| day(a.at)).unwrap_or_default();
            let what = answer.map(|a| {
                let file = a.file.as_deref().map(text::file);
                let parts = std::iter::once(a.label.clone()).chain(a.marks.iter().cloned()).chain(file);
                parts.collect::<Vec<_>>().join(", ")
            });
            line(respondent.title(), when, what.unwrap_or_default());
        }
    }
    list
}

fn day(at: Timestamp) -> String {
    today(at).to_string()
}

fn row(list: &mut String, cells: &[String]) {
    for (number, text) in cells.iter().enumerate() {
        if number > 0 {
            list.push(';');
        }
        cell(list, &one_line(text));
    }
    list.push_str("\r\n");
}

fn cell(list: &mut String, text: &str) {
    let formula = text.starts_with(['=', '+', '-', '@']);
    let guarded = if formula { format!("'{text}") } else { text.to_owned() };
    if guarded.contains([';', '"']) {
        list.push('"');
        list.push_str(&guarded.replace('"', "\"\""));
        list.push('"');
    } else {
        list.push_str(&guarded);
    }
}
