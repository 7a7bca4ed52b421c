//! What a form sends: fields and perhaps a file, urlencoded or in parts.

use std::pin::Pin;

use axum::Form;
use axum::body::{Body, Bytes, HttpBody};
use axum::extract::{DefaultBodyLimit, FromRequest, Multipart, Request};
use axum::http::{StatusCode, header};
use jiff::civil::{Date, Time};

use super::faults::{unreadable_date, wrong_hours};
use super::fields::{Fault, Filled};
use super::item::FilledItem;
use super::name;
use super::unit::Unit;
use crate::answering::{Handed, HandedFile};
use crate::ids::{AnswerId, MarkId};
use crate::plan::model::{Key, Notice};
use crate::workflow::model::{Answer, Takes};

/// A form may have so many fields: more than any page has, and few enough to look through.
const MOST_FIELDS: usize = 400;
/// Of what is too large, so much more is read and thrown away. Browsers show no answer before they have sent all.
const PATIENCE: u64 = 10;

/// A form as it came.
#[derive(Debug, Default)]
pub(super) struct Sent {
    fields: Vec<(String, String)>,
    pub file: Option<HandedFile>,
}

/// Why there is no form.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Unread {
    /// It is larger than is taken.
    TooLarge,
    /// It isn't what a browser sends.
    NoForm,
}

impl Sent {
    /// Reads a request of at most `most` bytes.
    pub async fn read(request: Request, most: u64) -> Result<Self, Unread> {
        let (parts, body) = request.into_parts();
        let kind = parts.headers.get(header::CONTENT_TYPE).and_then(|kind| kind.to_str().ok());
        let in_parts = kind.is_some_and(|kind| kind.trim_start().starts_with("multipart/form-data"));
        let body = collect(body, most).await?;
        let mut request = Request::from_parts(parts, Body::from(body));
        // Its size has been seen to; axum's own limit would cut a file short.
        DefaultBodyLimit::disable().apply(&mut request);
        if in_parts { Self::of_parts(request).await } else { Self::of_form(request).await }
    }

    async fn of_form(request: Request) -> Result<Self, Unread> {
        let form = Form::<Vec<(String, String)>>::from_request(request, &()).await;
        let Form(fields) = form.map_err(|_| Unread::NoForm)?;
        if fields.len() > MOST_FIELDS {
            return Err(Unread::NoForm);
        }
        Ok(Self { fields, file: None })
    }

    async fn of_parts(request: Request) -> Result<Self, Unread> {
        let mut parts = Multipart::from_request(request, &()).await.map_err(|_| Unread::NoForm)?;
        let mut sent = Self::default();
        while let Some(part) = parts.next_field().await.map_err(|_| Unread::NoForm)? {
            if sent.fields.len() == MOST_FIELDS {
                return Err(Unread::NoForm);
            }
            let field = part.name().unwrap_or_default().to_owned();
            let file = part.file_name().map(str::to_owned);
            let bytes = part.bytes().await.map_err(|_| Unread::NoForm)?;
            match file {
                // A file field that is left alone is sent all the same, without a name.
                Some(file) if field == name::FILE && !file.is_empty() => {
                    sent.file = Some(HandedFile { name: file, bytes: bytes.to_vec() });
                }
                Some(_) => {}
                None => sent.fields.push((field, String::from_utf8_lossy(&bytes).into_owned())),
            }
        }
        Ok(sent)
    }

    /// A field's text, without the space around it and with plain line ends; empty where there is no such field.
    pub fn one(&self, field: &str) -> String {
        let found = self.fields.iter().find(|(known, _)| known == field);
        found.map_or_else(String::new, |(_, text)| plain(text))
    }

    pub fn all<'a>(&'a self, field: &'a str) -> impl Iterator<Item = &'a str> {
        self.fields.iter().filter(move |(known, _)| known == field).map(|(_, text)| text.as_str())
    }

    /// The names of all fields that came.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.fields.iter().map(|(known, _)| known.as_str())
    }

    pub fn has(&self, field: &str) -> bool {
        self.fields.iter().any(|(known, _)| known == field)
    }

    /// The button that was pressed.
    pub fn answer(&self) -> AnswerId {
        AnswerId::new(self.one(name::ANSWER))
    }

    /// Which of a page's questions it answers.
    pub fn question(&self) -> Option<Key> {
        self.has(name::QUESTION).then(|| Key(self.one(name::QUESTION)))
    }

    /// It asks for a new link.
    pub fn wants_link(&self) -> bool {
        self.has(name::NEW_LINK)
    }

    /// The file that was handed in before is to go.
    pub fn drops_file(&self) -> bool {
        self.has(name::NO_FILE)
    }

    /// What was typed, to be shown again; `before` is what stands.
    pub fn filled(&self, notice: &Notice, before: &Filled) -> Filled {
        let sections = notice.sections.len().max(1);
        Filled {
            texts: (0..sections).map(|n| self.one(&name::text(n))).collect(),
            link: self.one(name::LINK),
            day: self.one(name::DAY),
            list: self.one(name::LIST),
            to: self.one(name::TO),
            starts: self.one(name::STARTS),
            ends: self.one(name::ENDS),
            place: self.one(name::PLACE),
            marks: self.all(name::MARK).map(MarkId::from).collect(),
            file: None,
            item: FilledItem::sent(self, &before.item),
        }
    }

    /// What came with the `chosen` answer. What stood in a field before it was sent, and isn't taken by the
    /// answer that was chosen instead, is left out: nobody wrote it now.
    ///
    /// # Errors
    /// The dates that can't be read.
    pub fn handed(
        &self,
        notice: &Notice,
        chosen: &Answer,
        before: &Filled,
        unit: Option<&Unit>,
    ) -> Result<Handed, Vec<Fault>> {
        let typed = self.filled(notice, before);
        let counts = |takes: Takes, now: &str, then: &str| chosen.takes.contains(&takes) || now != then;
        let mut handed = Handed { file: self.file.clone(), marks: typed.marks, ..Handed::default() };
        for (n, text) in typed.texts.into_iter().enumerate() {
            let then = before.texts.get(n).map_or("", String::as_str);
            if !text.is_empty() && counts(Takes::Text, &text, then) {
                handed.texts.push((notice.sections.get(n).cloned().unwrap_or_default(), text));
            }
        }
        if !typed.link.is_empty() && counts(Takes::Link, &typed.link, &before.link) {
            handed.link = Some(typed.link);
        }
        if !typed.day.is_empty() && counts(Takes::Date, &typed.day, &before.day) {
            let day = typed.day.parse::<Date>();
            handed.date = Some(day.map_err(|_| vec![unreadable_date(name::DAY)])?);
        }
        if counts(Takes::List, &typed.list, &before.list) {
            handed.list = typed.list.lines().filter_map(listed).collect();
        }
        if counts(Takes::Hours, &typed.starts, &before.starts)
            || counts(Takes::Hours, &typed.ends, &before.ends)
        {
            handed.meeting.hours = hours(&typed.starts, &typed.ends).map_err(|fault| vec![fault])?;
        }
        if counts(Takes::Place, &typed.place, &before.place) {
            handed.meeting.place = Some(typed.place);
        }
        handed.to = Some(typed.to).filter(|to| !to.is_empty());
        let known = unit.and_then(|unit| unit.item.as_ref());
        handed.item = typed.item.about(chosen, &before.item, known)?;
        handed.items = typed.item.proposed()?;
        handed.anyway = typed.item.anyway;
        Ok(handed)
    }
}

/// When a meeting begins and ends; none where nothing is written.
fn hours(starts: &str, ends: &str) -> Result<Option<(Time, Time)>, Fault> {
    if starts.is_empty() && ends.is_empty() {
        return Ok(None);
    }
    let read = |field: &str, text: &str| match clock(text) {
        Some(time) => Ok(time),
        None => Err(wrong_hours(field, !text.is_empty())),
    };
    Ok(Some((read(name::STARTS, starts)?, read(name::ENDS, ends)?)))
}

/// `09:30` as browsers send it, and what people write where the field is a plain one: `9.30`, `9`.
fn clock(text: &str) -> Option<Time> {
    let (hour, minute) = text.split_once([':', '.']).unwrap_or((text, "0"));
    Time::new(hour.trim().parse().ok()?, minute.trim().parse().ok()?, 0, 0).ok()
}

/// `Titel | https://...`; none for an empty line.
fn listed(line: &str) -> Option<(String, Option<String>)> {
    let line = line.trim();
    let (title, link) =
        line.rsplit_once('|').map_or((line, None), |(title, link)| (title.trim(), Some(link.trim())));
    let link = link.filter(|link| !link.is_empty()).map(str::to_owned);
    (!line.is_empty()).then(|| (title.to_owned(), link))
}

fn plain(text: &str) -> String {
    text.replace("\r\n", "\n").replace('\r', "\n").trim().to_owned()
}

async fn collect(mut body: Body, most: u64) -> Result<Bytes, Unread> {
    let mut kept: Vec<u8> = Vec::new();
    let mut seen: u64 = 0;
    while let Some(frame) = std::future::poll_fn(|context| Pin::new(&mut body).poll_frame(context)).await {
        let Ok(data) = frame.map_err(|_| Unread::NoForm)?.into_data() else { continue };
        seen += data.len() as u64;
        if seen <= most {
            kept.extend_from_slice(&data);
        } else if seen > most.saturating_mul(PATIENCE) {
            break;
        } else {
            kept = Vec::new();
        }
    }
    if seen > most { Err(Unread::TooLarge) } else { Ok(Bytes::from(kept)) }
}

impl Unread {
    /// Its status.
    pub fn status(self) -> StatusCode {
        match self {
            Self::TooLarge => StatusCode::PAYLOAD_TOO_LARGE,
            Self::NoForm => StatusCode::BAD_REQUEST,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_lists_a_matter_and_perhaps_its_link() {
        let entry = |title: &str, link: Option<&str>| Some((title.to_owned(), link.map(str::to_owned)));
        assert_eq!(listed(" Vårdförlopp stroke "), entry("Vårdförlopp stroke", None));
        assert_eq!(listed("A | B | https://example.org/1"), entry("A | B", Some("https://example.org/1")));
        assert_eq!(listed("Utan länk |"), entry("Utan länk", None));
        assert_eq!(listed("   "), None);
    }

    #[test]
    fn line_ends_are_plain() {
        assert_eq!(plain(" a\r\nb\rc \n"), "a\nb\nc");
    }
}
