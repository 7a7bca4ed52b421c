//! Dated lines: they are added, and never changed.

use super::{Field, Kind, Merging, Take};
use crate::items::table::Line;
use crate::items::words::{alike, likeness};

/// From here on two lines of one day, or of one text, are one that was rewritten.
const REWRITTEN: f64 = 0.5;

/// The lines to be added. A document says of a line its day and its words; what kind it is and what part it is about
/// is read out of them, so that isn't compared.
pub(super) fn merge(merging: &mut Merging, base: &[Line], document: &[Line], own: &[Line]) -> Vec<Line> {
    let mut gone = without(base, document);
    let mut new = Vec::new();
    for line in without(document, base) {
        let likely = |was: &&Line| {
            let likeness = likeness(&was.text, &line.text);
            likeness >= REWRITTEN && (was.day == line.day || likeness > 0.9)
        };
        let Some(at) = gone.iter().position(likely) else {
            let known = own.iter().any(|known| same(known, line));
            let kind = if known { Kind::Both } else { Kind::Edit };
            let register = known.then(|| line.text.clone());
            merging.note(Field::Line(line.day), kind, [None, Some(line.text.clone()), register]);
            if !known {
                new.push(line.clone());
            }
            continue;
        };
        let was = gone.remove(at);
        let known = own.iter().any(|known| same(known, line));
        let kind = if known { Kind::Both } else { Kind::Conflict };
        let dated = |text: &Line| {
            if was.day == line.day { text.text.clone() } else { format!("{} {}", text.day, text.text) }
        };
        merging.note(Field::Line(was.day), kind, [Some(dated(was)), Some(dated(line)), Some(dated(was))]);
        if kind == Kind::Conflict && merging.take == Some(Take::Document) {
            new.push(line.clone());
        }
    }
    for line in gone {
        let text = || Some(line.text.clone());
        merging.note(Field::Line(line.day), Kind::Stays, [text(), None, text()]);
    }
    new
}

fn same(one: &Line, other: &Line) -> bool {
    one.day == other.day && alike(&one.text, &other.text)
}

/// The lines of `one` that `other` doesn't have, each as often as it has more of them.
fn without<'a>(one: &'a [Line], other: &[Line]) -> Vec<&'a Line> {
    let mut there: Vec<&Line> = other.iter().collect();
    let is_new = |line: &&Line| match there.iter().position(|known| same(known, line)) {
        Some(at) => {
            there.remove(at);
            false
        }
        None => true,
    };
    one.iter().filter(is_new).collect()
}
