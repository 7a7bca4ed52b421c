//! What was handed in with answers.

use super::answers::of_person;
use super::db::{Row, args, unreadable};
use super::rows::from_json;
use super::{FileKind, FileRow, HandedIn, Result, Store, StoredFile};
use crate::ids::PersonId;
use crate::plan::model::Matter;

/// What stands beside an answer, with its file but for the bytes.
const HANDED: &str = "SELECT h.texts, h.link, h.at, h.file, f.person AS file_person, f.name AS file_name, \
     f.kind AS file_kind, f.hash AS file_hash, f.size AS file_size, f.at AS file_at \
     FROM handed_in h LEFT JOIN file f ON f.id = h.file \
     WHERE h.workflow = $1 AND h.body = $2 AND h.object = $3 AND h.step = $4 AND h.person = $5";
const FILE: &str = "SELECT id AS file, person AS file_person, name AS file_name, kind AS file_kind, \
     hash AS file_hash, size AS file_size, at AS file_at, bytes FROM file WHERE id = $1";

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
