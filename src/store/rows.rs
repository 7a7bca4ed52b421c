//! How identities and contents stand in rows.
//!
//! A missing body is the empty text: NULL would need its own comparison in every statement, and is distinct from
//! itself in a key.

use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::ids::{BodyId, OccasionRef};
use crate::plan::model::{Matter, Message, Object};

use super::db::{Row, unreadable};
use super::{Result, StoreError};

pub(super) fn body_text(body: Option<&BodyId>) -> &str {
    body.map_or("", BodyId::as_str)
}

pub(super) fn body_of(text: &str) -> Option<BodyId> {
    if text.is_empty() { None } else { Some(text.into()) }
}

/// `item:l5` or `occasion:nationell/remisser:rsl:sommar.2025`, the body empty where there is none.
pub(super) fn object_text(object: &Object) -> String {
    match object {
        Object::Item(unit) => format!("item:{unit}"),
        Object::Occasion(at) => format!("occasion:{}", occasion_text(at)),
        Object::Part { of, part } => format!("part:{}/{part}", occasion_text(of)),
        Object::Other(what) => format!("other:{what}"),
    }
}

/// `nationell/remisser:rsl:sommar.2025`, the body empty where there is none.
pub(super) fn occasion_text(at: &OccasionRef) -> String {
    format!("{}:{}:{}", at.workflow, body_text(at.body.as_ref()), at.id)
}

pub(super) fn occasion_of_text(text: &str) -> Option<OccasionRef> {
    let (rest, id) = text.rsplit_once(':')?;
    let (workflow, body) = rest.rsplit_once(':')?;
    Some(OccasionRef { workflow: workflow.into(), body: body_of(body), id: id.parse().ok()? })
}

fn object_of(text: &str) -> Option<Object> {
    match text.split_once(':')? {
        ("item", unit) => Some(Object::Item(unit.to_owned())),
        ("occasion", rest) => occasion_of_text(rest).map(Object::Occasion),
        ("other", what) => Some(Object::Other(what.to_owned())),
        ("part", rest) => {
            // The workflow's id may hold strokes; the part stands after the occasion, which holds none.
            let (before, id_and_part) = rest.rsplit_once(':')?;
            let (id, part) = id_and_part.split_once('/')?;
            let of = occasion_of_text(&format!("{before}:{id}"))?;
            Some(Object::Part { of, part: part.to_owned() })
        }
        _ => None,
    }
}

/// The matter of a row with the columns workflow, body, object and step.
pub(super) fn matter_of(table: &'static str, row: &Row) -> Result<Matter> {
    let object = row.text("object")?;
    Ok(Matter {
        workflow: row.text("workflow")?.as_str().into(),
        body: body_of(&row.text("body")?),
        object: object_of(&object).ok_or_else(|| unreadable(table, &object, "its object is no object"))?,
        step: row.text("step")?.as_str().into(),
    })
}

/// The occasion of a row with the columns workflow, body and occasion.
pub(super) fn occasion_of(table: &'static str, row: &Row) -> Result<OccasionRef> {
    let id = row.text("occasion")?;
    Ok(OccasionRef {
        workflow: row.text("workflow")?.as_str().into(),
        body: body_of(&row.text("body")?),
        id: id.parse().map_err(|()| unreadable(table, &id, "its occasion is not `entry.year`"))?,
    })
}

pub(super) fn to_json(value: &impl Serialize) -> Result<String> {
    serde_json::to_string(value).map_err(|error| StoreError::Refused(format!("cannot be stored: {error}")))
}

pub(super) fn from_json<T: DeserializeOwned>(table: &'static str, key: &str, json: &str) -> Result<T> {
    serde_json::from_str(json).map_err(|error| unreadable(table, key, error))
}

/// The message of a row with the columns key and content.
pub(super) fn message_of(row: &Row) -> Result<Message> {
    let key = row.text("key")?;
    let message: Message = from_json("message", &key, &row.text("content")?)?;
    if message.key.0 == key {
        Ok(message)
    } else {
        Err(unreadable("message", &key, format!("its content is that of `{}`", message.key)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_object_reads_back_from_its_row() {
        let occasion = |body: Option<&str>| {
            Object::Occasion(OccasionRef {
                workflow: "nationell/remisser".into(),
                body: body.map(Into::into),
                id: "sommar.2025".parse().unwrap(),
            })
        };
        let of = occasion(Some("rsl")).occasion().unwrap().clone();
        let parts = [
            Object::listed(&of, 3),
            Object::Part { of, part: "rpo-x.l12~molekylar".to_owned() },
            Object::Other("vecka-2025-w07".to_owned()),
        ];
        let whole = [occasion(None), occasion(Some("rsl")), Object::Item("l12~molekylar".to_owned())];
        for object in whole.into_iter().chain(parts) {
            assert_eq!(object_of(&object_text(&object)), Some(object));
        }
        for wrong in ["", "item", "occasion:a:b", "occasion:a:b:c", "person:x"] {
            assert_eq!(object_of(wrong), None, "{wrong}");
        }
    }
}
