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
        Object::Occasion(at) => {
            format!("occasion:{}:{}:{}", at.workflow, body_text(at.body.as_ref()), at.id)
        }
    }
}

fn object_of(text: &str) -> Option<Object> {
    match text.split_once(':')? {
        ("item", unit) => Some(Object::Item(unit.to_owned())),
        ("occasion", rest) => {
            let (rest, id) = rest.rsplit_once(':')?;
            let (workflow, body) = rest.rsplit_once(':')?;
            let id = id.parse().ok()?;
            Some(Object::Occasion(OccasionRef { workflow: workflow.into(), body: body_of(body), id }))
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
        for object in [occasion(None), occasion(Some("rsl")), Object::Item("l12~molekylar".to_owned())] {
            assert_eq!(object_of(&object_text(&object)), Some(object));
        }
        for wrong in ["", "item", "occasion:a:b", "occasion:a:b:c", "person:x"] {
            assert_eq!(object_of(wrong), None, "{wrong}");
        }
    }
}
