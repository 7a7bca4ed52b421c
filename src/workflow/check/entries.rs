//! Meetings, periods and deadlines: where their dates come from and whether these can be.

use jiff::civil::Date;

use crate::fault::Fault;
use crate::grammar::DateOrTime;
use crate::workflow::draft::{DateDraft, Draft, EntryDraft};
use crate::workflow::model::EntryKind;
use crate::workflow::window::{crosses_new_year, half_a_year_after, window};

/// The years for which a rule is tried. Weekends come round in 28 of them; Easter takes most of its days.
const TRIED: std::ops::RangeInclusive<i16> = 2020..=2100;

pub(super) fn check(draft: &Draft<'_>, faults: &mut Vec<Fault>) {
    for entry in &draft.entries {
        sources(draft, entry, faults);
        for date in &entry.dates {
            one_date(draft, entry.kind, date, faults);
        }
        one_a_year(draft, entry, faults);
        rule(draft, entry, faults);
    }
}

/// Dates come from a list or from a rule: from one of them, and from a whole one.
fn sources(draft: &Draft<'_>, entry: &EntryDraft<'_>, faults: &mut Vec<Fault>) {
    let has = |key: &str| entry.table.value(key).is_some();
    let others = ["dates", "expected", "opens", "closes", "every", "override"];
    let other = || others.into_iter().find(|key| has(key));
    let mut alone = |own: &str, is: &str, other: Option<&str>| {
        if let Some(key) = other {
            let message = format!("{is} and has `{key}`");
            let fault = draft.fault(entry.table.key_at(key), "dates-and-rule", message);
            faults.push(fault.suggest(format!("keep `{own}` or `{key}`")));
        }
    };
    if has("from-calendar") {
        let by_hand = entry.by_hand.then_some("by-hand");
        return alone("from-calendar", "it comes from a calendar", by_hand.or_else(other));
    }
    if entry.by_hand {
        return alone("by-hand", "it is entered by hand", other());
    }
    let listed = !entry.table.many("dates").is_empty() || !entry.table.many("expected").is_empty();
    let (rule_keys, advice): (&[&str], &str) = match entry.kind {
        EntryKind::Meeting => {
            (&[], "add `dates = [2025-02-12]`, `expected = [\"2025-Q1\"]` or `from-calendar`")
        }
        EntryKind::Period => (&["opens", "closes"], "add `opens` and `closes`, or `dates`"),
        EntryKind::Deadline => (&["every", "on-holiday"], "add `every` and `on-holiday`, or `dates`"),
    };
    let given: Vec<&str> = rule_keys.iter().copied().filter(|key| has(key)).collect();
    let missing = rule_keys.iter().find(|key| !has(key));
    match (listed, given.first(), missing) {
        (false, None, _) => {
            let fault = draft.fault(entry.table.at(), "no-dates", "it has neither dates nor a rule for them");
            faults.push(if rule_keys.is_empty() {
                let message = "the meeting is neither dated nor expected";
                draft.fault(entry.table.at(), "no-dates", message).suggest(advice)
            } else {
                fault.suggest(advice)
            });
        }
        (true, Some(key), _) => {
            let fault =
                draft.fault(entry.table.key_at(key), "dates-and-rule", "it has both dates and a rule");
            faults.push(fault.suggest(format!("keep `dates` or `{}`", rule_keys.join("` and `"))));
        }
        (_, Some(key), Some(missing)) => {
            let message = format!("`{key}` is alone");
            let fault = draft.fault(entry.table.key_at(key), "half-a-rule", message);
            faults.push(fault.suggest(format!("add `{missing}`")));
        }
        _ => {}
    }
}

fn one_date(draft: &Draft<'_>, kind: EntryKind, date: &DateDraft<'_>, faults: &mut Vec<Fault>) {
    let Some(start) = date.start else { return };
    let Some(end) = date.end else {
        let open = date.table.is_none_or(|table| table.value("end").is_none());
        if let (DateOrTime::Time(time), EntryKind::Meeting, true) = (start.is, kind, open) {
            let message = format!("`{time}` has no end");
            let later = time.checked_add(jiff::Span::new().hours(2)).unwrap_or(time);
            let advice = format!("write `{{ start = {time}, end = {later} }}`");
            faults.push(draft.fault(start.at, "no-end", message).suggest(advice));
        }
        return;
    };
    let (code, message, advice) = match (start.is, end.is) {
        (DateOrTime::Day(first), DateOrTime::Day(last)) if last < first => {
            ("ends-before-start", format!("`{last}` is before `{first}`"), "write a day that is not earlier")
        }
        (DateOrTime::Time(start), DateOrTime::Time(end)) if end <= start => {
            ("ends-before-start", format!("`{end}` is not after `{start}`"), "write a later time")
        }
        (DateOrTime::Day(_), DateOrTime::Time(_)) | (DateOrTime::Time(_), DateOrTime::Day(_)) => {
            let message = "one end has a time and the other has none".to_owned();
            ("half-timed", message, "write both with a time, or none")
        }
        _ => return,
    };
    faults.push(draft.fault(end.at, code, message).suggest(advice));
}

/// An occasion's id is entry and year, so there is one a year.
fn one_a_year(draft: &Draft<'_>, entry: &EntryDraft<'_>, faults: &mut Vec<Fault>) {
    let mut years: Vec<i16> = Vec::new();
    for date in &entry.dates {
        let Some(start) = date.start else { continue };
        let year = match start.is {
            DateOrTime::Day(day) => day.year(),
            DateOrTime::Time(time) => time.year(),
        };
        if years.contains(&year) {
            let message = format!("there are two dates in {year}");
            let fault = draft.fault(date.at, "two-dates-in-a-year", message);
            faults.push(fault.suggest("write an entry of its own, with another id, for each date of a year"));
        }
        years.push(year);
    }
    let mut quarters: Vec<i16> = Vec::new();
    for quarter in &entry.expected {
        let (year, _) = quarter.is;
        if quarters.contains(&year) {
            let message = format!("it is expected twice in {year}");
            let fault = draft.fault(quarter.at, "two-dates-in-a-year", message);
            faults.push(
                fault.suggest("write an entry of its own, with another id, for each quarter of a year"),
            );
        }
        quarters.push(year);
    }
}

/// A period by rule must close after it opens, and within half a year if it goes over New Year.
fn rule(draft: &Draft<'_>, entry: &EntryDraft<'_>, faults: &mut Vec<Fault>) {
    let (EntryKind::Period, Some(opens), Some(closes)) = (entry.kind, entry.opens, entry.closes) else {
        return;
    };
    let at = entry.table.key_at("closes");
    let too_long =
        |(first, last): (Date, Date)| crosses_new_year(opens, closes) && last > half_a_year_after(first);
    let mut nominal = TRIED.map(|year| {
        let last = if crosses_new_year(opens, closes) { year + 1 } else { year };
        (opens.nominal(year), closes.nominal(last))
    });
    if let Some((first, last)) = nominal.find(|days| too_long(*days)) {
        let message = format!("the period lasts over six months, from {first} to {last}");
        let advice = "write a closing day that is after the opening day, or at most six months later";
        faults.push(draft.fault(at, "long-period", message).suggest(advice));
        return;
    }
    let mut real = TRIED.map(|year| window(opens, closes, year));
    if let Some((first, last)) = real.find(|(first, last)| last < first) {
        let message = format!("the period would close on {last}, before it opens on {first}");
        faults.push(draft.fault(at, "ends-before-start", message).suggest("write a later closing day"));
    }
}
