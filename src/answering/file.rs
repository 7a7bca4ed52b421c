//! Whether a file is what it says, and what the organisation's own check says of it.

use std::io::{self, Cursor};
use std::process::Stdio;
use std::time::Duration;

use tokio::io::AsyncWriteExt;
use tokio::process::Command;

use super::{HandedFile, Wrong};
use crate::store::FileKind;

/// A check that has said nothing for so long has not accepted the file.
const CHECK_TIME: Duration = Duration::from_secs(30);
/// Where a check is looked for. It gets no environment but this: the process's own holds passwords.
const CHECK_PATH: &str = "/usr/local/bin:/usr/bin:/bin";
/// The longest name that is kept, in characters.
const LONGEST_NAME: usize = 150;
/// What a text document holds, by the container's own list (ECMA-376, part 1, 11.3.10).
const DOCX_PART: &str = "word/document.xml";

/// What the file is: by its name and by its content, which must agree.
pub(super) fn kind(file: &HandedFile) -> Option<FileKind> {
    let ending = file.name.trim().rsplit_once('.').map(|(_, ending)| ending.to_lowercase())?;
    let pdf = || file.bytes.starts_with(b"%PDF-");
    match ending.as_str() {
        "docx" => is_docx(&file.bytes).then_some(FileKind::Docx),
        "pdf" => pdf().then_some(FileKind::Pdf),
        _ => None,
    }
}

/// Only the container's list is read; nothing is unpacked.
fn is_docx(bytes: &[u8]) -> bool {
    let archive = bytes.starts_with(b"PK").then(|| zip::ZipArchive::new(Cursor::new(bytes)));
    matches!(archive, Some(Ok(archive)) if archive.file_names().any(|name| name.is_ok_and(|name| name == DOCX_PART)))
}

/// The name without folders and signs that a header or a file system could take for something else.
pub(super) fn plain_name(name: &str, kind: FileKind) -> String {
    let last = name.rsplit(['/', '\\']).next().unwrap_or(name);
    let stem = last.rsplit_once('.').map_or(last, |(stem, _)| stem);
    let plain: String = stem.chars().filter(|c| !c.is_control() && !"<>:\"|?*;".contains(*c)).collect();
    let plain: String = plain.trim_matches(['.', ' ']).chars().take(LONGEST_NAME).collect();
    let plain = if plain.is_empty() { "fil" } else { &plain };
    format!("{plain}.{kind}")
}

/// What the organisation's check says: it gets the file on its standard input and accepts it by exit code 0.
pub(super) async fn refused(command: &[String], bytes: &[u8]) -> Option<Wrong> {
    let (program, arguments) = command.split_first()?;
    match tokio::time::timeout(CHECK_TIME, run(program, arguments, bytes)).await {
        Ok(Ok(true)) => None,
        Ok(Ok(false)) => Some(Wrong::FileRefused),
        Ok(Err(error)) => {
            tracing::error!(program, %error, "the file check can't be run; no file is accepted");
            Some(Wrong::FileUnchecked)
        }
        Err(_) => {
            tracing::error!(program, "the file check did not end in time; the file is not accepted");
            Some(Wrong::FileUnchecked)
        }
    }
}

async fn run(program: &str, arguments: &[String], bytes: &[u8]) -> io::Result<bool> {
    let mut child = Command::new(program)
        .args(arguments)
        .env_clear()
        .env("PATH", CHECK_PATH)
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .kill_on_drop(true)
        .spawn()?;
    if let Some(mut input) = child.stdin.take() {
        match input.write_all(bytes).await {
            // It has seen enough; its exit code says what it thinks.
            Err(error) if error.kind() != io::ErrorKind::BrokenPipe => return Err(error),
            _ => {}
        }
    }
    Ok(child.wait().await?.success())
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use super::*;

    fn docx(part: &str) -> Vec<u8> {
        let mut archive = zip::ZipWriter::new(Cursor::new(Vec::new()));
        archive.start_file(part, zip::write::SimpleFileOptions::default()).unwrap();
        archive.write_all(b"<document/>").unwrap();
        archive.finish().unwrap().into_inner()
    }

    fn kind_of(name: &str, bytes: &[u8]) -> Option<FileKind> {
        kind(&HandedFile { name: name.to_owned(), bytes: bytes.to_vec() })
    }

    #[test]
    fn name_and_content_must_agree() {
        let word = docx(DOCX_PART);
        assert_eq!(kind_of("Synpunkter RAG.DOCX", &word), Some(FileKind::Docx));
        assert_eq!(kind_of("svar.pdf", b"%PDF-1.7\n"), Some(FileKind::Pdf));
        assert_eq!(kind_of("svar.pdf", &word), None, "a document called pdf");
        assert_eq!(kind_of("svar.docx", b"%PDF-1.7\n"), None);
        assert_eq!(kind_of("svar.docx", &docx("xl/workbook.xml")), None, "a sheet");
        assert_eq!(kind_of("svar.docx", &word[..40]), None, "cut off");
        assert_eq!(kind_of("svar.docm", &word), None);
        assert_eq!(kind_of("svar.exe", b"MZ"), None);
        assert_eq!(kind_of("svar", &word), None);
    }

    #[test]
    fn a_name_is_plain() {
        let plain = |name| plain_name(name, FileKind::Docx);
        assert_eq!(plain("C:\\Mina dokument\\Svar på remiss.docx"), "Svar på remiss.docx");
        assert_eq!(plain("../../etc/passwd.docx"), "passwd.docx");
        assert_eq!(plain("a\r\nX: \"b\".docx"), "aX b.docx");
        assert_eq!(plain(".docx"), "fil.docx");
        assert_eq!(plain(&format!("{}.docx", "å".repeat(500))).chars().count(), LONGEST_NAME + 5);
    }

    #[cfg(unix)]
    #[tokio::test]
    async fn the_check_sees_the_file_and_decides() {
        let check = |program: &[&str]| program.iter().map(|w| (*w).to_owned()).collect::<Vec<_>>();
        assert_eq!(refused(&check(&["grep", "-q", "good"]), b"a good file").await, None);
        assert_eq!(refused(&check(&["grep", "-q", "good"]), b"a bad file").await, Some(Wrong::FileRefused));
        assert_eq!(refused(&check(&["no-such-program"]), b"x").await, Some(Wrong::FileUnchecked));
        // It decides without reading more than a pipe holds.
        let large = vec![0; 1_000_000];
        assert_eq!(refused(&check(&["true"]), &large).await, None);
        assert_eq!(refused(&check(&["false"]), &large).await, Some(Wrong::FileRefused));
        assert_eq!(refused(&[], b"x").await, None, "no check");
    }
}
