//! Mail as `.eml` files in a folder: for trying out, for archives, and for relays that collect.

use std::fmt::Write;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};

use sha2::{Digest, Sha256};
use tokio::io::AsyncWriteExt;

use crate::mail::transport::Outcome;

/// Longest name made from a Message-ID; file systems end at 255 bytes.
const NAME_LIMIT: usize = 180;

/// Writes each mail whole or not at all, under a name that follows from its Message-ID, so that a
/// repeated delivery replaces the file by the same bytes.
#[derive(Debug)]
pub struct FilesTransport {
    folder: PathBuf,
    /// Tells apart the unfinished files of concurrent deliveries.
    started: AtomicU64,
}

impl FilesTransport {
    /// Creates `folder` and its parents if they are missing.
    pub fn new(folder: impl Into<PathBuf>) -> io::Result<Self> {
        let folder = folder.into();
        std::fs::create_dir_all(&folder)?;
        Ok(Self { folder, started: AtomicU64::new(0) })
    }

    pub(super) async fn deliver(&self, message_id: &str, bytes: &[u8]) -> Outcome {
        let name = file_name(message_id);
        match self.write(&name, bytes).await {
            Ok(()) => Outcome::Delivered { reply: name },
            // A folder that takes no files is nobody's fault but its own.
            Err(error) => {
                tracing::warn!(mail.message_id = message_id, %error, "mail file not written");
                Outcome::RelayFault { reply: format!("{}: {error}", self.folder.join(name).display()) }
            }
        }
    }

    async fn write(&self, name: &str, bytes: &[u8]) -> io::Result<()> {
        let number = self.started.fetch_add(1, Ordering::Relaxed);
        let unfinished = self.folder.join(format!(".unfinished-{}-{number}", std::process::id()));
        let written = self.write_then_rename(&unfinished, &self.folder.join(name), bytes).await;
        if written.is_err() {
            // The first error is the one to tell; what cannot be removed is a hidden file.
            let _ = tokio::fs::remove_file(&unfinished).await;
        }
        written
    }

    async fn write_then_rename(&self, unfinished: &Path, finished: &Path, bytes: &[u8]) -> io::Result<()> {
        let mut file = tokio::fs::File::create(unfinished).await?;
        file.write_all(bytes).await?;
        file.sync_all().await?;
        tokio::fs::rename(unfinished, finished).await?;
        // The rename is durable once the folder is.
        tokio::fs::File::open(&self.folder).await?.sync_all().await
    }
}

/// Different ids give different names: what is not plainly safe is written `%XX`, and an id too
/// long for a name is replaced by its digest.
fn file_name(message_id: &str) -> String {
    let id = message_id.trim().trim_start_matches('<').trim_end_matches('>');
    let mut name = String::with_capacity(id.len() + 4);
    for byte in id.bytes() {
        let plain = byte.is_ascii_alphanumeric()
            || matches!(byte, b'-' | b'_' | b'@' | b'+' | b'=')
            || (byte == b'.' && !name.is_empty());
        if plain {
            name.push(char::from(byte));
        } else {
            // Writing to a String cannot fail.
            let _ = write!(name, "%{byte:02X}");
        }
    }
    if name.is_empty() || name.len() > NAME_LIMIT {
        name.clear();
        for byte in Sha256::digest(id.as_bytes()) {
            let _ = write!(name, "{byte:02x}");
        }
    }
    name + ".eml"
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(folder: &Path) -> Vec<String> {
        let mut names: Vec<String> = std::fs::read_dir(folder)
            .expect("folder")
            .map(|entry| entry.expect("entry").file_name().into_string().expect("utf-8"))
            .collect();
        names.sort();
        names
    }

    #[test]
    fn a_name_is_safe_and_tells_ids_apart() {
        assert_eq!(file_name("<a.b-c_1@example.org>"), "a.b-c_1@example.org.eml");
        assert_eq!(file_name("<../../etc/passwd>"), "%2E.%2F..%2Fetc%2Fpasswd.eml");
        assert_ne!(file_name("<a/b@x>"), file_name("<a%2Fb@x>"));
        assert_eq!(file_name(&"å".repeat(100)).len(), 64 + 4);
        assert!(!file_name("").starts_with('.') && !file_name(".x").starts_with('.'));
    }

    #[tokio::test]
    async fn a_mail_is_a_file_and_a_repeat_is_the_same_file() {
        let temp = tempfile::tempdir().expect("temp");
        let folder = temp.path().join("ut/post");
        let files = FilesTransport::new(&folder).expect("folder");
        for _ in 0..2 {
            let outcome = files.deliver("<1@example.org>", b"A: b\n\n.hej\r\n").await;
            assert_eq!(outcome, Outcome::Delivered { reply: "1@example.org.eml".to_owned() });
        }
        files.deliver("<2@example.org>", b"").await;
        assert_eq!(names(&folder), ["1@example.org.eml", "2@example.org.eml"]);
        assert_eq!(std::fs::read(folder.join("1@example.org.eml")).expect("file"), b"A: b\n\n.hej\r\n");
    }

    #[tokio::test]
    async fn a_folder_that_is_gone_is_the_relays_fault() {
        let temp = tempfile::tempdir().expect("temp");
        let folder = temp.path().join("post");
        let files = FilesTransport::new(&folder).expect("folder");
        std::fs::remove_dir(&folder).expect("remove");
        let outcome = files.deliver("<1@example.org>", b"x").await;
        assert!(matches!(&outcome, Outcome::RelayFault { reply } if reply.contains("post")), "{outcome:?}");
    }

    #[tokio::test]
    async fn a_failed_rename_leaves_nothing_behind() {
        let temp = tempfile::tempdir().expect("temp");
        let files = FilesTransport::new(temp.path()).expect("folder");
        std::fs::create_dir(temp.path().join("1@example.org.eml")).expect("in the way");
        let outcome = files.deliver("<1@example.org>", b"x").await;
        assert!(matches!(outcome, Outcome::RelayFault { .. }), "{outcome:?}");
        assert_eq!(names(temp.path()), ["1@example.org.eml"]);
    }
}
