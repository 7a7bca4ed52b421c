//! Steps that wait for each other in a circle would never come.

use std::collections::{BTreeMap, BTreeSet};

use crate::fault::Fault;
use crate::ids::StepId;
use crate::workflow::draft::Draft;
use crate::workflow::model::Anchor;

/// A step's asking or its last day to answer: what others are counted from. An answer comes after the asking.
type Node<'a> = (&'a StepId, bool);

pub(super) fn check(draft: &Draft<'_>, faults: &mut Vec<Fault>) {
    let edges = edges(draft);
    let mut reported: BTreeSet<Vec<&StepId>> = BTreeSet::new();
    let mut done: BTreeSet<Node<'_>> = BTreeSet::new();
    for start in edges.keys() {
        let Some(circle) = find(&edges, *start, &mut done) else { continue };
        let mut steps: Vec<&StepId> = circle.iter().map(|(step, _)| *step).collect();
        steps.dedup();
        if steps.len() > 1 && steps.first() == steps.last() {
            steps.pop();
        }
        let mut key = steps.clone();
        key.sort();
        if !reported.insert(key) {
            continue;
        }
        let Some(first) = steps.first().and_then(|id| draft.step(id)) else { continue };
        let at = first.when.as_ref().map_or(first.table.at(), |when| when.at);
        let names: Vec<String> = steps.iter().map(|id| format!("`{id}`")).collect();
        let message = match names.as_slice() {
            [one] => format!("{one} waits for itself"),
            [first, rest @ ..] => {
                format!("{first} waits for {}, which waits for {first}", rest.join(", which waits for "))
            }
            [] => continue,
        };
        faults.push(draft.fault(at, "cycle", message).suggest("count one of them from the occasion"));
    }
}

/// What each asking and each last day waits for.
fn edges<'a>(draft: &'a Draft<'_>) -> BTreeMap<Node<'a>, Vec<Node<'a>>> {
    let mut edges: BTreeMap<Node<'a>, Vec<Node<'a>>> = BTreeMap::new();
    for step in &draft.steps {
        let Some(id) = step.id.as_ref().map(|id| &id.is) else { continue };
        for (due, moment) in [(false, &step.when), (true, &step.due)] {
            let waits = edges.entry((id, due)).or_default();
            match moment.as_ref().map(|moment| &moment.is.anchor) {
                // Reported where it stands.
                Some(Anchor::Due) if due => {}
                Some(Anchor::Due) => waits.push((id, true)),
                Some(Anchor::DueOf(other)) => waits.push((other, true)),
                Some(Anchor::Answered(other)) => waits.push((other, false)),
                _ => {}
            }
        }
        if let Some(gate) = step.gate.as_ref().and_then(|gate| gate.step.as_ref()) {
            edges.entry((id, false)).or_default().push((&gate.is, false));
        }
    }
    edges
}

/// A circle that can be reached from `start` through nodes that haven't been searched before. Without recursion:
/// a file may have as many steps as it likes.
fn find<'a>(
    edges: &BTreeMap<Node<'a>, Vec<Node<'a>>>,
    start: Node<'a>,
    done: &mut BTreeSet<Node<'a>>,
) -> Option<Vec<Node<'a>>> {
    let mut path: Vec<(Node<'a>, usize)> = vec![(start, 0)];
    let mut circle = None;
    while let Some((node, next)) = path.last_mut() {
        let following = edges.get(node).and_then(|waits| waits.get(*next)).copied();
        *next += 1;
        let Some(following) = following else {
            done.insert(*node);
            path.pop();
            continue;
        };
        if done.contains(&following) {
            continue;
        }
        if let Some(from) = path.iter().position(|(node, _)| *node == following) {
            circle.get_or_insert_with(|| path.iter().skip(from).map(|(node, _)| *node).collect::<Vec<_>>());
            continue;
        }
        path.push((following, 0));
    }
    circle
}
