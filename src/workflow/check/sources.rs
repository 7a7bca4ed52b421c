//! Meetings that come from another's calendar: whose they are, and that no secret stands in the file.

use super::World;
use crate::fault::Fault;
use crate::workflow::build;
use crate::workflow::draft::{Draft, EntryDraft};
use crate::workflow::model::Scope;

/// So many letters and digits in a row, with a digit among them, are no word: they are a password in an address.
const LONGEST_WORD: usize = 16;

pub(super) fn check(world: &World<'_>, draft: &Draft<'_>, faults: &mut Vec<Fault>) {
    for entry in &draft.entries {
        let Some(source) = entry.from_calendar else {
            without(draft, entry, faults);
            continue;
        };
        if looks_secret(source.is) {
            // The address itself is not repeated: faults are logged.
            let message = "the address looks like a secret one, and files are versioned and shown";
            let advice = "write a name here, such as `rpo-diagnostik`, and the address under [calendars.sources] in \
                          arshjul.toml";
            faults.push(draft.fault(source.at, "secret-address", message).suggest(advice));
        }
        if many_bodies(world, draft, entry) {
            let message = "a calendar is one body's, and this meeting is of several";
            let advice = "write a file for the body with `for = [\"...\"]` and its calendar; `prepared-as` borrows the \
                          steps";
            faults.push(draft.fault(source.at, "calendar-of-many", message).suggest(advice));
        }
    }
}

/// Words that choose among events, and no calendar that they come from.
fn without(draft: &Draft<'_>, entry: &EntryDraft<'_>, faults: &mut Vec<Fault>) {
    if entry.table.value("from-calendar").is_some() {
        return;
    }
    for key in ["title-contains", "category"] {
        if entry.table.value(key).is_some() {
            let message = format!("`{key}` chooses among the events of a calendar, and there is none");
            let fault = draft.fault(entry.table.key_at(key), "no-calendar", message);
            faults.push(fault.suggest(format!("add `from-calendar`, or remove `{key}`")));
        }
    }
}

fn many_bodies(world: &World<'_>, draft: &Draft<'_>, entry: &EntryDraft<'_>) -> bool {
    let names = entry.scope.as_ref().or(draft.scope.as_ref());
    match names.and_then(|names| build::scope(world.organisation, draft, names)) {
        None | Some(Scope::Once) => false,
        Some(Scope::Bodies(bodies)) => bodies.len() > 1,
        Some(Scope::Kind(kind)) => {
            world.organisation.bodies.values().filter(|body| body.kind == kind).count() > 1
        }
    }
}

/// Whether whoever has the address has the calendar: a query, `private`, or something that nobody would call a folder.
fn looks_secret(address: &str) -> bool {
    let Some((_, rest)) = address.split_once("://") else { return false };
    let path = rest.split_once('/').map_or("", |(_, path)| path);
    let mut words = path.split(|c: char| !c.is_ascii_alphanumeric());
    path.contains('?')
        || words.any(|word| {
            let coded = word.len() >= LONGEST_WORD && word.bytes().any(|b| b.is_ascii_digit());
            coded || word.eq_ignore_ascii_case("private")
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn published_addresses_of_the_usual_servers_are_secret_ones() {
        for (address, secret) in [
            (
                "https://outlook.office365.com/owa/calendar/0a1b2c3d4e5f60718293@x.example.org/x1/calendar.ics",
                true,
            ),
            ("https://calendar.google.com/calendar/ical/x%40example.org/private-ab12/basic.ics", true),
            ("webcal://p12.example.org/published/2/MTIzNDU2Nzg5MDEyMzQ1Njc4", true),
            ("https://a.example.org/k.ics?nyckel=1", true),
            ("https://a.example.org/kalender/regionstyrelsens-sammantraden-2025.ics", false),
            ("https://0a1b2c3d4e5f60718293.example.org/rsl.ics", false),
            ("rpo-diagnostik", false),
        ] {
            assert_eq!(looks_secret(address), secret, "{address}");
        }
    }
}
