//! A plan as text, as JSON lines and as CSV, and the difference between two.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use jiff::civil::Date;
use serde_json::{Value, json};

use crate::calendar::{civil, instant, rfc3339, swedish, today, week_code};
use crate::people::People;
use crate::plan::model::{Message, Occasion, Plan};
use crate::plan::occasions::{kind_code, status_code};
use crate::workflow::model::Span;

/// One JSON object a line: occasions and messages together, in order of time, then key.
#[must_use]
pub fn json_lines(plan: &Plan, people: &People) -> String {
    let occasions = plan.occasions.iter().map(|o| (start(o), String::new(), occasion_json(o)));
    let messages = plan.messages.iter().map(|m| (m.at, m.key.0.clone(), message_json(m, people)));
    let mut lines: Vec<_> = occasions.chain(messages).collect();
    lines.sort_by(|a, b| (a.0, &a.1).cmp(&(b.0, &b.1)));
    lines.into_iter().fold(String::new(), |mut text, (_, _, line)| {
        let _ = writeln!(text, "{line}");
        text
    })
}

/// The ends of a span as others rely on them, and whether they are whole days: ISO dates, both included, or
/// moments with Stockholm's offset.
#[must_use]
pub fn ends(span: Span) -> (String, String, bool) {
    match span {
        Span::AllDay { first, last } => (first.to_string(), last.to_string(), true),
        Span::Timed { start, end } => {
            let at = |t: jiff::civil::DateTime| rfc3339(instant(t.date(), t.time()));
            (at(start), at(end), false)
        }
    }
}

/// An occasion in the form that others rely on.
#[must_use]
pub fn occasion_json(o: &Occasion) -> Value {
    let (start, end, all_day) = ends(o.span);
    json!({
        "type": "occasion", "workflow": o.at.workflow, "body": o.at.body, "id": o.at.id.to_string(),
        "kind": kind_code(o.kind), "title": o.title, "start": start, "end": end, "all_day": all_day,
        "status": status_code(o.status), "place": o.place,
    })
}

/// A message in the form that others rely on. `to` is empty where the role is vacant.
#[must_use]
pub fn message_json(m: &Message, people: &People) -> Value {
    let to: Vec<&str> = address(m, people).into_iter().collect();
    json!({
        "type": "message", "key": m.key, "at": rfc3339(m.at), "workflow": m.matter.workflow,
        "body": m.matter.body, "occasion": occasion_id(m), "step": m.matter.step, "kind": m.kind.code(),
        "role": m.role, "to": to, "subject": subject(m), "if": m.assumes,
    })
}

/// The subject of a message that stands alone in its mail.
#[must_use]
pub fn subject(m: &Message) -> String {
    format!("[{}] {}", m.notice.from_body, m.notice.subject)
}

/// The plan as a person reads it: a heading a day, occasions first.
#[must_use]
pub fn text(plan: &Plan, people: &People) -> String {
    let mut days: BTreeMap<Date, (Vec<&Occasion>, Vec<&Message>)> = BTreeMap::new();
    for occasion in &plan.occasions {
        days.entry(occasion.span.first()).or_default().0.push(occasion);
    }
    for message in &plan.messages {
        days.entry(today(message.at)).or_default().1.push(message);
    }
    let mut text = String::new();
    for (day, (occasions, messages)) in days {
        let week = week_code(day);
        let _ = writeln!(text, "{day} {} {}", swedish::short(day), &week[week.len() - 3..]);
        for o in occasions {
            let _ = writeln!(text, "         {}", occasion_line(o));
        }
        for m in messages {
            let _ = writeln!(text, "  {} {}", civil(m.at).strftime("%H:%M"), message_line(m, people));
        }
    }
    let _ = writeln!(text, "{} occasions, {} messages", plan.occasions.len(), plan.messages.len());
    text
}

fn occasion_line(o: &Occasion) -> String {
    let when = match o.span {
        Span::AllDay { first, last } if first == last => String::new(),
        Span::AllDay { first, last } => format!(" {}", swedish::range(first, last)),
        Span::Timed { start, end } => format!(" {}-{}", start.strftime("%H:%M"), end.strftime("%H:%M")),
    };
    let body = o.at.body.as_ref().map(|b| format!(" ({b})")).unwrap_or_default();
    let place = o.place.as_ref().map(|p| format!(", {p}")).unwrap_or_default();
    let status = match status_code(o.status) {
        "confirmed" => String::new(),
        other => format!(" [{other}]"),
    };
    format!("{} {}{when}{body}{place}{status}", kind_code(o.kind), o.title)
}

fn message_line(m: &Message, people: &People) -> String {
    let to = address(m, people).unwrap_or("(vacant)");
    let assumes = m.assumes.as_ref().map(|a| format!(" if {a}")).unwrap_or_default();
    format!("{:<10} {} <{to}>: {}{assumes}", m.kind.code(), m.role, subject(m))
}

/// One message a line, for a spreadsheet: semicolons, quotes where needed, no cell that a spreadsheet would
/// take for a formula.
#[must_use]
pub fn csv(plan: &Plan, people: &People) -> String {
    let mut text = String::from("tid;slag;roll;till;ämne;arbetsflöde;organ;tillfälle;steg;om;nyckel\n");
    for m in &plan.messages {
        let cells = [
            rfc3339(m.at),
            m.kind.code().to_owned(),
            m.role.clone(),
            address(m, people).unwrap_or_default().to_owned(),
            subject(m),
            m.matter.workflow.to_string(),
            m.matter.body.as_ref().map(ToString::to_string).unwrap_or_default(),
            occasion_id(m).unwrap_or_default(),
            m.matter.step.to_string(),
            m.assumes.clone().unwrap_or_default(),
            m.key.0.clone(),
        ];
        text.push_str(&cells.map(|c| cell(&c)).join(";"));
        text.push('\n');
    }
    text
}

fn cell(value: &str) -> String {
    let safe = match value.chars().next() {
        Some('=' | '+' | '-' | '@' | '\t' | '\r') => format!("'{value}"),
        _ => value.to_owned(),
    };
    if safe.contains([';', '"', '\n', '\r']) { format!("\"{}\"", safe.replace('"', "\"\"")) } else { safe }
}

/// What the second plan has that the first lacks and the other way about, a line each, `+` and `-`.
#[must_use]
pub fn diff(before: &Plan, after: &Plan, people: &People) -> String {
    let lines = |plan: &Plan| -> BTreeMap<String, String> {
        let occasions = plan.occasions.iter().map(|o| {
            let key = format!("{} {:?}", start(o), o.at);
            (
                format!("{key} {:?} {}", o.span, status_code(o.status)),
                format!("{} {}", o.span.first(), occasion_line(o)),
            )
        });
        let messages = plan.messages.iter().map(|m| {
            let line = format!("{} {}", civil(m.at).strftime("%Y-%m-%d %H:%M"), message_line(m, people));
            (format!("{} {} {}", m.at, m.key, subject(m)), line)
        });
        occasions.chain(messages).collect()
    };
    let (before, after) = (lines(before), lines(after));
    let mut changed: Vec<(&String, char, &String)> = Vec::new();
    changed.extend(before.iter().filter(|(k, _)| !after.contains_key(*k)).map(|(k, l)| (k, '-', l)));
    changed.extend(after.iter().filter(|(k, _)| !before.contains_key(*k)).map(|(k, l)| (k, '+', l)));
    changed.sort();
    let mut text = String::new();
    for (_, sign, line) in &changed {
        let _ = writeln!(text, "{sign} {line}");
    }
    let count = |wanted: char| changed.iter().filter(|(_, sign, _)| *sign == wanted).count();
    let _ = writeln!(text, "{} added, {} removed", count('+'), count('-'));
    text
}

fn address<'a>(m: &Message, people: &'a People) -> Option<&'a str> {
    m.to.as_ref().and_then(|id| people.persons.get(id)).map(|p| p.address.as_str())
}

fn occasion_id(m: &Message) -> Option<String> {
    m.matter.object.occasion().map(|at| at.id.to_string())
}

fn start(o: &Occasion) -> jiff::Timestamp {
    match o.span {
        Span::AllDay { first, .. } => instant(first, jiff::civil::time(0, 0, 0, 0)),
        Span::Timed { start, .. } => instant(start.date(), start.time()),
    }
}
