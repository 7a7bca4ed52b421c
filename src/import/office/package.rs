//! The archive that .pptx, .docx and .xlsx are, and how its parts refer to each other (ECMA-376, part 2).

use std::collections::BTreeMap;
use std::io::{Cursor, Read};

use zip::ZipArchive;
use zip::result::ZipError;

use super::limits::Reading;
use super::xml::Xml;
use crate::fault::Fault;

/// What a part refers to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Relation {
    /// The last word of its type: `slide`, `theme`, `sharedStrings`.
    pub kind: String,
    /// The part.
    pub target: String,
}

/// Relations by id.
pub(super) type Relations = BTreeMap<String, Relation>;

/// The most relations of a part: a slide has one for each picture and link on it.
const MOST_RELATIONS: usize = 20_000;

/// A part may grow to this without regard to how well it was packed.
const SMALL: u64 = 4 << 20;

/// The archive, and the reading it is part of.
pub(super) struct Package<'b> {
    archive: ZipArchive<Cursor<&'b [u8]>>,
    /// Numbers of entries by name in lower case: names of parts are equal without regard to case.
    entries: BTreeMap<String, usize>,
    pub reading: Reading,
}

impl<'b> Package<'b> {
    /// Reads the index of the archive.
    pub fn new(bytes: &'b [u8], reading: Reading) -> Result<Self, Fault> {
        // Counted before the index is read, which costs some 300 bytes for each entry that it claims.
        let most = reading.limits.entries;
        if bytes.windows(4).filter(|w| *w == b"PK\x01\x02").nth(most).is_some() {
            return Err(reading.fault("too-large", &format!("the archive has more than {most} entries")));
        }
        let archive = ZipArchive::new(Cursor::new(bytes)).map_err(|error| damaged(&reading, &error))?;
        let mut entries = BTreeMap::new();
        // No part has a longer name than a path can be.
        for (number, name) in archive.file_names_raw().enumerate().filter(|(_, name)| name.len() <= 512) {
            let name = String::from_utf8_lossy(name).replace('\\', "/").to_lowercase();
            entries.entry(name.trim_start_matches('/').to_owned()).or_insert(number);
        }
        Ok(Self { archive, entries, reading })
    }

    /// Whether an entry's name ends so; in lower case.
    pub fn has(&self, ending: &str) -> bool {
        self.entries.keys().any(|name| name.ends_with(ending))
    }

    /// The part as a stream of events; none if there is no such part.
    pub fn open(&mut self, part: &str) -> Result<Option<Xml<'_>>, Fault> {
        let Some(number) = self.entries.get(&part.to_lowercase()) else { return Ok(None) };
        let file = self.archive.by_index(*number).map_err(|error| damaged(&self.reading, &error))?;
        let limits = self.reading.limits;
        let most = self.reading.unpack.min(SMALL.max(file.compressed_size().saturating_mul(limits.ratio)));
        Ok(Some(Xml::new(part, Box::new(file), most, &mut self.reading)))
    }

    /// The part, which another refers to.
    pub fn need(&mut self, part: &str) -> Result<Xml<'_>, Fault> {
        if !self.entries.contains_key(&part.to_lowercase()) {
            return Err(self.missing(part));
        }
        let missing = self.missing(part);
        self.open(part)?.ok_or(missing)
    }

    fn missing(&self, part: &str) -> Fault {
        let message = format!("the file is damaged: its part `{part}` is missing");
        self.reading.fault("broken", &message).suggest("open it in the program that made it and save it anew")
    }

    /// The first bytes of an entry, unpacked; none if it isn't there or can't be unpacked.
    pub fn first_bytes(&mut self, part: &str, count: u64) -> Option<Vec<u8>> {
        let number = self.entries.get(part)?;
        let mut bytes = Vec::new();
        let file = self.archive.by_index(*number).ok()?;
        file.take(count).read_to_end(&mut bytes).ok()?;
        Some(bytes)
    }

    /// What a part refers to inside the package; with an empty name, what the package itself does.
    pub fn relations(&mut self, part: &str) -> Result<Relations, Fault> {
        let (folder, name) = part.rsplit_once('/').unwrap_or(("", part));
        let slash = if folder.is_empty() { "" } else { "/" };
        let mut relations = BTreeMap::new();
        let Some(mut xml) = self.open(&format!("{folder}{slash}_rels/{name}.rels"))? else {
            return Ok(relations);
        };
        while xml.element(0)? {
            if xml.name() != "Relationship" {
                continue;
            }
            let outside = xml.attr("TargetMode").is_some_and(|mode| mode == "External");
            let (Some(id), Some(kind), Some(target)) = (xml.attr("Id"), xml.attr("Type"), xml.attr("Target"))
            else {
                continue;
            };
            if relations.len() >= MOST_RELATIONS {
                return Err(xml.broken("has too many relations"));
            }
            if !outside {
                let kind = kind.rsplit('/').next().unwrap_or_default().to_owned();
                let target = resolve(folder, &target);
                relations.insert(id.into_owned(), Relation { kind, target });
            }
        }
        Ok(relations)
    }
}

/// The target of the first relation of a kind.
pub(super) fn target<'r>(relations: &'r Relations, kind: &str) -> Option<&'r str> {
    relations.values().find(|r| r.kind == kind).map(|r| r.target.as_str())
}

/// A name relative to a folder. It never leads out of the archive: it is only looked up in its index.
fn resolve(folder: &str, target: &str) -> String {
    let from: Vec<&str> = if target.starts_with('/') { Vec::new() } else { folder.split('/').collect() };
    let mut path: Vec<&str> = Vec::new();
    for step in from.into_iter().chain(target.split('/')) {
        match step {
            "" | "." => {}
            ".." => {
                path.pop();
            }
            name => path.push(name),
        }
    }
    path.join("/")
}

fn damaged(reading: &Reading, error: &ZipError) -> Fault {
    match error {
        ZipError::UnsupportedArchive(what) if what.to_lowercase().contains("password") => {
            reading.fault("protected", "the file is protected by a password").suggest("save it without one")
        }
        error => {
            reading.fault("broken", &format!("the file is damaged: {error}")).suggest("save or send it anew")
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn targets_are_found_from_where_they_are_named() {
        assert_eq!(resolve("ppt/slides", "../media/a.png"), "ppt/media/a.png");
        assert_eq!(resolve("ppt", "slides/slide1.xml"), "ppt/slides/slide1.xml");
        assert_eq!(resolve("", "word/document.xml"), "word/document.xml");
        assert_eq!(resolve("xl", "/xl/worksheets/sheet1.xml"), "xl/worksheets/sheet1.xml");
        assert_eq!(resolve("a", "../../../../etc/./passwd"), "etc/passwd");
    }
}
