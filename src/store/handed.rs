//! What was handed in with answers.

use serde_json::json;
use sha2::{Digest, Sha256};

use super::answers::of_person;
use super::db::{Row, Tx, Value, args, unreadable};
use super::facts::Writer;
use super::rows::{from_json, to_json};
use super::{FileKind, FileRow, HandedIn, NewHandedIn, Result, Store, StoredFile};
use crate::ids::PersonId;
use crate::plan::digest::hex;
use crate::plan::model::{Given, Matter};

/// What stands beside an answer, with its file but for the bytes.
pub(super) const HANDED: &str = "SELECT h.texts, h.link, h.at, h.file, f.person AS file_person, f.name AS file_name, \
     f.kind AS file_kind, f.hash AS file_hash, f.size AS file_size, f.at AS file_at \
     FROM handed_in h LEFT JOIN file f ON f.id = h.file \
     WHERE h.workflow = $1 AND h.body = $2 AND h.object = $3 AND h.step = $4 AND h.person = $5";
const FILE: &str = "SELECT id AS file, person AS file_person, name AS file_name, kind AS file_kind, \
     hash AS file_hash, size AS file_size, at AS file_at, bytes FROM file WHERE id = $1";

const RECORD: &str = "INSERT INTO handed_in (workflow, body, object, step, person, texts, link, file, at) \
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) ON CONFLICT (workflow, body, object, step, person) \
     DO UPDATE SET texts = excluded.texts, link = excluded.link, file = excluded.file, at = excluded.at";
const FORGET: &str =
    "DELETE FROM handed_in WHERE workflow = $1 AND body = $2 AND object = $3 AND step = $4 AND person = $5";
const NEW_FILE: &str = "INSERT INTO file (person, name, kind, hash, size, at, bytes) \
     VALUES ($1, $2, $3, $4, $5, $6, $7) RETURNING id";
const FORGET_FILE: &str = "DELETE FROM file WHERE id = $1";

impl Store {
    /// What a person handed in with the answer that stands; none if the answer came alone.
    ///
    /// # Errors
    /// When the database fails or a row can't be read.
    pub async fn handed_in(&self, matter: &Matter, person: &PersonId) -> Result<Option<HandedIn>> {
        self.db().row(HANDED, of_person(matter, person)).await?.as_ref().map(handed_of).transpose()
    }

    /// A file that was handed in; none if there is none, or it has been replaced.
    ///
    /// # Errors
    /// When the database fails or the row can't be read.
    pub async fn file(&self, id: i64) -> Result<Option<StoredFile>> {
        let Some(row) = self.db().row(FILE, args![id]).await? else { return Ok(None) };
        Ok(Some(StoredFile { file: file_of(&row, id)?, bytes: row.bytes("bytes")? }))
    }
}

/// Puts what came with an answer in the place of what came with the one before; what that left is forgotten. Says
/// whether anything is new.
pub(super) async fn replace(
    tx: &mut Tx,
    given: &Given,
    new: &NewHandedIn<'_>,
    writer: Writer<'_>,
) -> Result<bool> {
    let key = of_person(&given.matter, &given.person);
    let before = tx.row(HANDED, key.clone()).await?.as_ref().map(handed_of).transpose()?;
    let hash: Option<[u8; 32]> = new.file.map(|file| Sha256::digest(file.bytes).into());
    if is_same(before.as_ref(), new, hash) {
        return Ok(false);
    }
    let mut file_row = None;
    if let (Some(file), Some(hash)) = (new.file, hash) {
        let size = i64::try_from(file.bytes.len()).unwrap_or(i64::MAX);
        let args = args![
            given.person.as_str(),
            file.name,
            file.kind.code(),
            hash.as_slice(),
            size,
            writer.now,
            file.bytes
        ];
        file_row = tx.row(NEW_FILE, args).await?.map(|row| row.int("id")).transpose()?;
    }
    if new.texts.is_empty() && new.link.is_none() && file_row.is_none() {
        tx.run(FORGET, key).await?;
    } else {
        let mut args = key;
        args.extend(args![to_json(&new.texts)?, new.link]);
        args.push(Value::Int(file_row));
        args.extend(args![writer.now]);
        tx.run(RECORD, args).await?;
    }
    let old_file = before.as_ref().and_then(|before| before.file.as_ref());
    if let Some(file) = old_file {
        tx.run(FORGET_FILE, args![file.id]).await?;
    }
    let earlier = before.as_ref().map(|before| {
        let file = before.file.as_ref().map(|file| (file.name.as_str(), &file.hash, i64::from(file.size)));
        let texts = before.texts.iter().map(|(heading, text)| (heading.as_str(), text.as_str()));
        account(texts, before.link.as_deref(), file).to_string()
    });
    let file = new.file.zip(hash.as_ref());
    let file =
        file.map(|(file, hash)| (file.name, hash, i64::try_from(file.bytes.len()).unwrap_or(i64::MAX)));
    let later = account(new.texts.iter().copied(), new.link, file).to_string();
    writer.note(tx, format!("handed in by {}", given.person), earlier, later).await?;
    Ok(true)
}

/// What the history keeps: that something was written, and how to recognise it. The text is somebody's own work;
/// one that was replaced is gone.
fn account<'a>(
    texts: impl Iterator<Item = (&'a str, &'a str)>,
    link: Option<&str>,
    file: Option<(&str, &[u8; 32], i64)>,
) -> serde_json::Value {
    let texts = texts.map(|(heading, text)| {
        json!({"heading": heading, "sha256": hex(&Sha256::digest(text)), "characters": text.chars().count()})
    });
    let file = file.map(|(name, hash, size)| json!({"name": name, "sha256": hex(hash), "size": size}));
    json!({"texts": texts.collect::<Vec<_>>(), "link": link, "file": file})
}

fn is_same(before: Option<&HandedIn>, new: &NewHandedIn<'_>, hash: Option<[u8; 32]>) -> bool {
    let Some(before) = before else {
        return new.texts.is_empty() && new.link.is_none() && new.file.is_none();
    };
    let texts = before.texts.iter().map(|(heading, text)| (heading.as_str(), text.as_str()));
    let name = before.file.as_ref().map(|file| file.name.as_str());
    texts.eq(new.texts.iter().copied())
        && before.link.as_deref() == new.link
        && name == new.file.map(|file| file.name)
        && before.file.as_ref().map(|file| file.hash) == hash
}

pub(super) fn handed_of(row: &Row) -> Result<HandedIn> {
    let file = row.maybe_int("file")?.map(|id| file_of(row, id)).transpose()?;
    Ok(HandedIn {
        texts: from_json("handed_in", "texts", &row.text("texts")?)?,
        link: row.maybe_text("link")?,
        file,
        at: row.moment("at")?,
    })
}

fn file_of(row: &Row, id: i64) -> Result<FileRow> {
    let wrong = |what: &str| unreadable("file", &id.to_string(), what);
    let kind = FileKind::read(&row.text("file_kind")?).ok_or_else(|| wrong("its kind is none"))?;
    let hash = row.bytes("file_hash")?.try_into().map_err(|_| wrong("its hash is none"))?;
    Ok(FileRow {
        id,
        person: row.text("file_person")?.as_str().into(),
        name: row.text("file_name")?,
        kind,
        hash,
        size: row.number("file_size")?,
        at: row.moment("file_at")?,
    })
}
