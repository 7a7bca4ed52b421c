//! Personal numbers in what is given to a command: told by place, never by number.

use super::CliError;
use crate::belongs::personal_numbers;

/// What is said of texts that hold what looks like a personal number, each named by where it was given.
pub(super) fn warnings<'a>(texts: impl IntoIterator<Item = (&'a str, &'a str)>) -> Vec<String> {
    let found = texts.into_iter().flat_map(|(at, text)| {
        personal_numbers(text)
            .into_iter()
            .map(move |place| format!("{at} holds what looks like a personal number ({place})"))
    });
    found.collect()
}

/// Refuses such texts, unless they are meant.
pub(super) fn keep_out<'a>(
    texts: impl IntoIterator<Item = (&'a str, &'a str)>,
    anyway: bool,
) -> Result<(), CliError> {
    let warnings = warnings(texts);
    if anyway || warnings.is_empty() {
        return Ok(());
    }
    let advice = "take it away, or go on all the same with --anyway";
    Err(CliError::Refused(format!("{}; {advice}", warnings.join("; "))))
}
