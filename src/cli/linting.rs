//! `feed --lint`.

use std::error::Error;
use std::fs::File;
use std::io::{self, Read, Write};
use std::time::Duration;

use reqwest::Client;
use reqwest::redirect::Policy;
use serde::Serialize;

use super::{CheckFormat, CliError, Done, Exit};
use crate::ical::lint::{Finding, lint};

/// The most that is read: ten times a feed's limit, so that a feed which is too large is still judged.
const MOST: usize = 5 * 1024 * 1024;
const MOST_TEXT: &str = "it has more than 5 MB, which is no feed";

/// How long a server may take for the whole of it.
const PATIENCE: Duration = Duration::from_secs(20);
const REDIRECTS: usize = 3;

/// A finding as a program reads it: a line of JSON.
#[derive(Serialize)]
struct Line<'a> {
    file: &'a str,
    #[serde(flatten)]
    finding: &'a Finding,
}

/// Judges the calendar at `source`: a file, an address, or `-` for standard input. What can't be read is as wrong a
/// question as an unknown option, so that exit code 1 always means findings.
pub(super) async fn judge(source: &str, format: CheckFormat, out: &mut (dyn Write + Send)) -> Done {
    let read = match address(source) {
        Some(url) => fetch(&url).await,
        None => read(source),
    };
    let bytes = read.map_err(|why| CliError::Usage(format!("`{source}` can't be read: {why}")))?;
    let findings = lint(&bytes);
    for finding in &findings {
        let Finding { line, code, message } = finding;
        match format {
            CheckFormat::Text => writeln!(out, "{source}:{line}: {code}: {message}")?,
            CheckFormat::Json => {
                let line = Line { file: source, finding };
                writeln!(out, "{}", serde_json::to_string(&line).map_err(io::Error::from)?)?;
            }
        }
    }
    if !findings.is_empty() {
        return Ok(Exit::No);
    }
    if format == CheckFormat::Text {
        writeln!(out, "{source}: no faults")?;
    }
    Ok(Exit::Success)
}

/// The address that `source` is, if it is one. `webcal:` names no protocol of its own; feeds are served by https.
fn address(source: &str) -> Option<String> {
    let (scheme, rest) = source.split_once("://")?;
    match scheme.to_ascii_lowercase().as_str() {
        "http" | "https" => Some(source.to_owned()),
        "webcal" | "webcals" => Some(format!("https://{rest}")),
        _ => None,
    }
}

fn read(source: &str) -> Result<Vec<u8>, String> {
    let limited = u64::try_from(MOST).unwrap_or(u64::MAX).saturating_add(1);
    let mut bytes = Vec::new();
    let read = match source {
        "-" => io::stdin().lock().take(limited).read_to_end(&mut bytes),
        path => File::open(path).and_then(|file| file.take(limited).read_to_end(&mut bytes)),
    };
    read.map_err(|error| error.to_string())?;
    if bytes.len() > MOST { Err(MOST_TEXT.to_owned()) } else { Ok(bytes) }
}

async fn fetch(url: &str) -> Result<Vec<u8>, String> {
    let client = Client::builder()
        .timeout(PATIENCE)
        .redirect(Policy::limited(REDIRECTS))
        // Some servers turn away those who don't say who they are.
        .user_agent(concat!("arshjul/", env!("CARGO_PKG_VERSION")))
        .build()
        .map_err(|error| cause(&error))?;
    let mut response = client.get(url).send().await.map_err(|error| cause(&error))?;
    if !response.status().is_success() {
        return Err(format!("the server answers {}", response.status()));
    }
    let mut bytes = Vec::new();
    while let Some(chunk) = response.chunk().await.map_err(|error| cause(&error))? {
        bytes.extend_from_slice(&chunk);
        if bytes.len() > MOST {
            return Err(MOST_TEXT.to_owned());
        }
    }
    Ok(bytes)
}

/// What is at the bottom of an error: the layers above say only that a request failed.
fn cause(error: &dyn Error) -> String {
    let mut deepest = error;
    while let Some(source) = deepest.source() {
        deepest = source;
    }
    deepest.to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_told_from_files() {
        let of = |source| address(source);
        assert_eq!(of("webcal://example.org/a.ics").as_deref(), Some("https://example.org/a.ics"));
        assert_eq!(of("HTTP://example.org/a.ics").as_deref(), Some("HTTP://example.org/a.ics"));
        assert_eq!((of("a.ics"), of("-"), of("ftp://example.org/a.ics")), (None, None, None));
    }
}
