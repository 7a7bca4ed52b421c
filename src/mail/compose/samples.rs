//! Mails of every kind with everything in them that may be there, and with nothing: what a template is held
//! against. Nobody reads their words.

use std::collections::BTreeSet;

use jiff::Timestamp;
use jiff::civil::date;
use serde_json::Value;

use super::view::View;
use super::{ComposeError, Digest, Sender, Standing, in_reading_order};
use crate::people::Person;
use crate::plan::model::{Key, Matter, Message, MessageKind, Notice, Object};
use crate::workflow::model::Answer;

const PAGE: &str = "https://example.org/x";

fn message(kind: MessageKind, number: usize, rich: bool) -> Message {
    let word = |word: &str| format!("{word} {number}");
    let words = |word: &str| if rich { vec![word.to_owned()] } else { Vec::new() };
    let answer = Answer::plain("ja".into(), "Ja");
    Message {
        key: Key(word("k")),
        at: Timestamp::UNIX_EPOCH,
        expires: None,
        urgent: false,
        kind,
        matter: Matter {
            workflow: "w".into(),
            body: None,
            object: Object::Other(word("o")),
            step: kind.code().into(),
        },
        role: String::new(),
        to: None,
        notice: Notice {
            from_body: word("B"),
            subject: word("S"),
            headline: word("H"),
            text: words("T\n* a"),
            rows: if rich { vec![("L".into(), word("V"))] } else { Vec::new() },
            due: rich.then_some(date(2025, 1, 1)),
            answers: if rich { vec![answer] } else { Vec::new() },
            silent: words("N"),
            why: word("W"),
            marks: Vec::new(),
            sections: Vec::new(),
            items: Vec::new(),
            together: None,
        },
        assumes: None,
    }
}

/// What templates are rendered with.
pub fn views() -> Result<Vec<View>, ComposeError> {
    let sender = Sender {
        address: "a@example.org".to_owned(),
        reply_to: None,
        organisation: "O".to_owned(),
        public_url: Some(PAGE.to_owned()),
        list_id: String::new(),
    };
    let view = |messages: Vec<Message>, rich: bool| {
        let url = |m: &Message| (rich && !m.notice.answers.is_empty()).then(|| PAGE.to_owned());
        let said = rich.then(|| "x".to_owned());
        let digest = Digest {
            person: Person { id: "p".into(), name: "P".to_owned(), address: "p@example.org".to_owned() },
            messages: messages.into_iter().map(|m| (m.clone(), url(&m))).collect(),
            window: Timestamp::UNIX_EPOCH,
            page_url: said.as_ref().map(|_| PAGE.to_owned()),
            first: rich.then(|| Standing { decision: said.clone(), contact: said }),
        };
        View::of(&digest, &sender, &in_reading_order(&digest.messages))
    };
    let mut views = Vec::new();
    for rich in [true, false] {
        for kind in MessageKind::ALL {
            views.push(view(vec![message(*kind, 1, rich)], rich)?);
            // Two escalations of a step share a section.
            views.push(view(vec![message(*kind, 1, rich), message(*kind, 2, rich)], rich)?);
        }
        let all = MessageKind::ALL.iter().enumerate().map(|(n, kind)| message(*kind, n, rich));
        views.push(view(all.collect(), rich)?);
    }
    Ok(views)
}

/// The names of all fields: `heading`, `sections`, `sections.link.url`.
pub fn fields(views: &[View]) -> BTreeSet<String> {
    let mut fields = BTreeSet::new();
    for view in views {
        collect("", &serde_json::to_value(view).unwrap_or_default(), &mut fields);
    }
    fields
}

fn collect(path: &str, value: &Value, fields: &mut BTreeSet<String>) {
    match value {
        Value::Object(members) => {
            for (name, value) in members {
                let path = if path.is_empty() { name.clone() } else { format!("{path}.{name}") };
                collect(&path, value, fields);
                fields.insert(path);
            }
        }
        Value::Array(values) => values.iter().for_each(|value| collect(path, value, fields)),
        _ => {}
    }
}
