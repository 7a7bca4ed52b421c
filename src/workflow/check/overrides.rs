//! Published dates that beat a rule.

use jiff::civil::Date;

use crate::fault::Fault;
use crate::workflow::draft::{Draft, EntryDraft, OverrideDraft};
use crate::workflow::model::EntryKind;
use crate::workflow::window::window;

pub(super) fn check(draft: &Draft<'_>, faults: &mut Vec<Fault>) {
    for entry in &draft.entries {
        let mut years: Vec<i16> = Vec::new();
        for given in &entry.overrides {
            if entry.table.value("dates").is_some() {
                let message = "an override beats a rule, and here is a list of dates";
                let fault = draft.fault(given.table.at(), "override-without-rule", message);
                faults.push(fault.suggest("change the date in the list"));
                continue;
            }
            alone(draft, entry, given, faults);
            let Some(year) = given.year else { continue };
            if years.contains(&year.is) {
                let message = format!("{} has two overrides", year.is);
                faults.push(draft.fault(year.at, "duplicate-id", message).suggest("keep one of them"));
            }
            years.push(year.is);
            dates(draft, entry, given, year.is, faults);
        }
    }
}

/// An override says something, and not two things.
fn alone(draft: &Draft<'_>, entry: &EntryDraft<'_>, given: &OverrideDraft<'_>, faults: &mut Vec<Fault>) {
    let (keys, example): (&[&str], &str) = match entry.kind {
        EntryKind::Deadline => (&["on"], "add `on`, or `cancelled = true`"),
        _ => (&["opens", "closes"], "add `opens` or `closes`, or `cancelled = true`"),
    };
    let dated = keys.iter().find(|key| given.table.value(key).is_some());
    match (dated, given.cancelled) {
        (None, false) => {
            let fault = draft.fault(given.table.at(), "empty-override", "the override changes nothing");
            faults.push(fault.suggest(example));
        }
        (Some(key), true) => {
            let message = format!("it is cancelled and has `{key}`");
            let fault = draft.fault(given.table.key_at(key), "empty-override", message);
            faults.push(fault.suggest(format!("remove `{key}` or `cancelled`")));
        }
        _ => {}
    }
}

/// The dates belong to that year, and the period still closes after it opens.
fn dates(
    draft: &Draft<'_>,
    entry: &EntryDraft<'_>,
    given: &OverrideDraft<'_>,
    year: i16,
    faults: &mut Vec<Fault>,
) {
    let (Some(closes), true) = (entry.closes, given.opens.is_some() || given.closes.is_some()) else {
        return;
    };
    let (first, last) = match entry.opens {
        Some(opens) => window(opens, closes, year),
        None if entry.kind == EntryKind::Deadline => (closes.effective(year), closes.effective(year)),
        None => return,
    };
    let far = |day: Date, from: Date| {
        day < from.saturating_sub(jiff::Span::new().months(6))
            || day > from.saturating_add(jiff::Span::new().months(6))
    };
    for (day, rule) in [(given.opens, first), (given.closes, last)] {
        if let Some(day) = day.filter(|day| far(day.is, rule)) {
            let message =
                format!("`{}` is more than six months from {rule}, the date of {year} by rule", day.is);
            faults.push(draft.fault(day.at, "override-far", message).suggest("check the years"));
            return;
        }
    }
    let opens = given.opens.map_or(first, |day| day.is);
    let closes = given.closes.map_or(last, |day| day.is);
    if closes < opens {
        let at = given.closes.or(given.opens).map_or(given.table.at(), |day| day.at);
        let message = format!("the period would close on {closes}, before it opens on {opens}");
        faults.push(draft.fault(at, "ends-before-start", message).suggest("write a later closing day"));
    }
}
