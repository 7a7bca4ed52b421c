//! Ids are unique, and none is a word that means something else.

use std::collections::BTreeMap;

use crate::fault::Fault;
use crate::grammar::At;
use crate::workflow::draft::Draft;
use crate::workflow::forms::ANCHORS;

pub(super) fn check(draft: &Draft<'_>, faults: &mut Vec<Fault>) {
    let entries = draft.entries.iter().filter_map(|entry| entry.id.as_ref());
    unique(draft, "entry", entries.map(|id| At { is: id.is.as_str(), at: id.at }), faults);
    let steps = draft.steps.iter().filter_map(|step| step.id.as_ref());
    let watches = draft.watches.iter().filter_map(|watch| watch.id.as_ref());
    let acts: Vec<At<&str>> = steps.chain(watches).map(|id| At { is: id.is.as_str(), at: id.at }).collect();
    unique(draft, "step or watch", acts.iter().copied(), faults);
    for id in acts.iter().filter(|id| ANCHORS.contains(&id.is)) {
        let message = format!("`{}` can't be the id of a step: it is a word for a day", id.is);
        faults.push(draft.fault(id.at, "reserved-id", message).suggest("write another id"));
    }
}

fn unique<'a>(
    draft: &Draft<'_>,
    what: &str,
    ids: impl Iterator<Item = At<&'a str>>,
    faults: &mut Vec<Fault>,
) {
    let mut first: BTreeMap<&str, usize> = BTreeMap::new();
    let mut ids: Vec<At<&str>> = ids.collect();
    ids.sort_by_key(|id| id.at);
    for id in ids {
        let before = *first.entry(id.is).or_insert(id.at);
        if before != id.at {
            let (line, _) = draft.source.position(before);
            let message = format!("there is already an {what} `{}` on line {line}", id.is);
            let message = message.replace("an step", "a step");
            faults.push(draft.fault(id.at, "duplicate-id", message).suggest("write another id"));
        }
    }
}
