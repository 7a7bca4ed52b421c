//! What was written where it doesn't belong: personal numbers in anything that came with an answer.

use super::{Handed, Tidy, Written, Wrong};
use crate::belongs::personal_numbers;

/// Every personal number, by where it stands; none once somebody has said that it is meant to be there.
pub(super) fn misplaced(handed: &Handed, tidy: &Tidy) -> Vec<Wrong> {
    if handed.anyway {
        return Vec::new();
    }
    let all = texts(handed, tidy);
    let found = all.into_iter().flat_map(|(at, text)| {
        personal_numbers(text).into_iter().map(move |place| Wrong::PersonalNumber { at: at.clone(), place })
    });
    found.collect()
}

fn texts<'a>(handed: &'a Handed, tidy: &'a Tidy) -> Vec<(Written, &'a str)> {
    let mut all: Vec<(Written, &str)> = Vec::new();
    all.extend(tidy.texts.iter().map(|(heading, text)| (Written::Text(heading.clone()), text.as_str())));
    all.extend(tidy.link.as_deref().map(|link| (Written::Link, link)));
    all.extend(tidy.meeting.place.as_deref().map(|place| (Written::Place, place)));
    all.extend(handed.file.as_ref().map(|file| (Written::FileName, file.name.as_str())));
    for (title, link) in &tidy.list {
        all.push((Written::List, title));
        all.extend(link.as_deref().map(|link| (Written::List, link)));
    }
    all.extend(tidy.item.line.as_deref().map(|line| (Written::Line, line)));
    all.extend(tidy.item.values.iter().map(|value| (Written::Value, value.value.as_str())));
    for (n, proposal) in tidy.items.iter().enumerate() {
        let texts = [&proposal.title, &proposal.activity, &proposal.follow_up];
        all.extend(texts.map(|text| (Written::Proposal(n + 1), text.as_str())));
    }
    all
}
