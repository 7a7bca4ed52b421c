//! What somebody has told of the rows of a document: which are the same, which are new, whose value is taken.

use crate::grammar::advise;
use crate::ids::ItemId;
use crate::items::lineage::Told;
use crate::items::threeway::Take;
use crate::items::words::title_key;

use super::{IncomingRow, title_of};
use crate::store::RegisterRow;

/// What was told, as it was written.
#[derive(Clone, Copy, Debug, Default)]
pub struct Answers<'a> {
    /// `NEW=OLD`, or `all`.
    pub same: &'a [String],
    /// A row of the document, or `all`.
    pub new: &'a [String],
    /// `document`, `register`, or one of them for a row: `3=document`.
    pub take: &'a [String],
}

/// What was told, understood.
#[derive(Clone, Debug, Default)]
pub(super) struct Understood {
    pub told: Vec<Told>,
    pub all_same: bool,
    pub all_new: bool,
    /// Of all rows, and of some by their number from 0.
    pub take: Option<Take>,
    pub take_of: Vec<(usize, Take)>,
}

/// Understands what was told.
///
/// # Errors
/// Everything that can't be understood, or says two things of one row.
pub(super) fn understood(
    answers: Answers<'_>,
    rows: &[IncomingRow],
    register: &[RegisterRow],
) -> Result<Understood, Vec<String>> {
    let mut found = Understood::default();
    let mut wrong = Vec::new();
    for same in answers.same {
        if same == "all" {
            found.all_same = true;
            continue;
        }
        let Some((new, old)) = same.rsplit_once('=') else {
            wrong.push(format!("--same {same}: write it as NEW=OLD, such as 4=l5, or all"));
            continue;
        };
        match (new_row(new, rows), old_row(old, register)) {
            (Ok(number), Ok(id)) => found.told.push(Told::Same(number, id)),
            (new, old) => {
                let said = [new.err(), old.err()];
                wrong.extend(said.into_iter().flatten().map(|what| format!("--same {same}: {what}")));
            }
        }
    }
    for new in answers.new {
        match new_row(new, rows) {
            _ if new == "all" => found.all_new = true,
            Ok(number) => found.told.push(Told::New(number)),
            Err(what) => wrong.push(format!("--new {new}: {what}")),
        }
    }
    for take in answers.take {
        let (row, whose) =
            take.rsplit_once('=').map_or((None, take.as_str()), |(row, whose)| (Some(row), whose));
        let whose = match whose {
            "document" => Ok(Take::Document),
            "register" => Ok(Take::Register),
            other => Err(format!("`{other}` is neither document nor register")),
        };
        match (row.map(|row| new_row(row, rows)).transpose(), whose) {
            (Ok(None), Ok(whose)) => found.take = Some(whose),
            (Ok(Some(number)), Ok(whose)) => found.take_of.push((number, whose)),
            (Err(what), _) | (_, Err(what)) => wrong.push(format!("--take {take}: {what}")),
        }
    }
    wrong.extend(twice(&found.told, rows));
    if found.all_same && found.all_new {
        wrong.push("--same all and --new all can't both be".to_owned());
    }
    if wrong.is_empty() { Ok(found) } else { Err(wrong) }
}

/// One row of the document, or one of the register, that is told of twice.
fn twice(told: &[Told], rows: &[IncomingRow]) -> Vec<String> {
    let number = |told: &Told| match told {
        Told::Same(number, _) | Told::New(number) => *number,
    };
    let old = |told: &Told| match told {
        Told::Same(_, id) => Some(id.clone()),
        Told::New(_) => None,
    };
    let mut wrong = Vec::new();
    for (at, one) in told.iter().enumerate() {
        let before = told.get(..at).unwrap_or_default();
        if before.iter().any(|other| number(other) == number(one) && other != one) {
            let title = rows.get(number(one)).map_or("", |row| row.title.as_str());
            wrong.push(format!("row {} (`{title}`) is told to be two things", number(one) + 1));
        }
        let again = |other: &&Told| old(other).is_some() && old(other) == old(one);
        if let Some(other) = before.iter().find(again)
            && number(other) != number(one)
        {
            let id = old(one).map_or_else(String::new, |id| id.to_string());
            wrong.push(format!("{id} can't be row {} and row {}", number(other) + 1, number(one) + 1));
        }
    }
    wrong
}

/// A row of the document: by its number, its id or its title. Gives its number from 0.
fn new_row(name: &str, rows: &[IncomingRow]) -> Result<usize, String> {
    if let Ok(number) = name.parse::<usize>() {
        return match number.checked_sub(1).filter(|at| *at < rows.len()) {
            Some(at) => Ok(at),
            None => Err(format!("the document has rows 1 to {}", rows.len())),
        };
    }
    let is = |row: &IncomingRow| {
        row.id.as_ref().is_some_and(|id| id.as_str() == name) || title_key(&row.title) == title_key(name)
    };
    let found: Vec<usize> =
        rows.iter().enumerate().filter(|(_, row)| is(row)).map(|(number, _)| number).collect();
    match found.as_slice() {
        [number] => Ok(*number),
        [] => {
            let advice = advise(name, rows.iter().map(|row| row.title.as_str()));
            let advice = advice.map(|advice| format!(", {advice}")).unwrap_or_default();
            Err(format!("the document has no row `{name}`{advice}"))
        }
        several => {
            let numbers: Vec<String> = several.iter().map(|number| (number + 1).to_string()).collect();
            Err(format!("`{name}` may be row {}; write its number", numbers.join(" or ")))
        }
    }
}

/// A row of the register: by its id, the end of it, or a title.
fn old_row(name: &str, register: &[RegisterRow]) -> Result<ItemId, String> {
    let ends = |id: &ItemId| id.as_str().rsplit_once('.').is_some_and(|(_, end)| end == name);
    let title = |row: &&RegisterRow| title_key(title_of(row)) == title_key(name);
    let exact = register.iter().find(|row| row.id.as_str() == name);
    let found: Vec<&RegisterRow> = match exact {
        Some(row) => vec![row],
        None => register.iter().filter(|row| ends(&row.id) || title(row)).collect(),
    };
    match found.as_slice() {
        [row] => Ok(row.id.clone()),
        [] => {
            let ids = register.iter().map(|row| row.id.as_str().rsplit('.').next().unwrap_or_default());
            let advice = advise(name, ids).map(|advice| format!(", {advice}")).unwrap_or_default();
            Err(format!("the plan in the register has no row `{name}`{advice}"))
        }
        several => {
            let ids: Vec<&str> = several.iter().map(|row| row.id.as_str()).collect();
            Err(format!("`{name}` may be {}; write all of the id", ids.join(" or ")))
        }
    }
}
