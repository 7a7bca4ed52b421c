//! How a unit of the plan is told of, in mails and on pages alike: what was reported and how old that is side by side,
//! so that nobody takes an old green for a new one. No other place says it in words of its own.

use jiff::civil::Date;

use crate::calendar::swedish::{range, range_year};
use crate::items::fresh::CONFIRMED_FOR;
use crate::items::{Health, Phase};

/// The heads of a table of units.
pub const TABLE: [&str; 4] = [labels::ITEM, labels::PHASE, labels::REPORTED, "Nästa steg"];

/// A date in a year that readers may not guess: without the year where it is that of `today`.
#[must_use]
pub fn day(date: Date, today: Date) -> String {
    if date.year() == today.year() { range(date, date) } else { range_year(date, date) }
}

/// "Grön, rapporterad 6 februari (18 dagar sedan)", "Grön, ej bekräftad sedan 13 oktober 2024", "Röd, aldrig
/// uppdaterad". From the 91st day on a report confirms nothing any more.
#[must_use]
pub fn health(health: Health, reported: Option<Date>, today: Date) -> String {
    let colour = match health {
        Health::Unknown => "Ingen färg angiven",
        known => known.swedish(),
    };
    match reported {
        None => format!("{colour}, aldrig uppdaterad"),
        Some(last) if days(last, today) > CONFIRMED_FOR => {
            format!("{colour}, ej bekräftad sedan {}", day(last, today))
        }
        Some(_) => format!("{colour}, rapporterad {}", last_report(reported, today)),
    }
}

/// "6 februari (18 dagar sedan)", "i går", "aldrig".
#[must_use]
pub fn last_report(reported: Option<Date>, today: Date) -> String {
    match reported {
        None => "aldrig".to_owned(),
        Some(last) => match days(last, today) {
            ..=0 => "i dag".to_owned(),
            1 => "i går".to_owned(),
            age => format!("{} ({age} dagar sedan)", day(last, today)),
        },
    }
}

/// "31 maj 2023, 581 dagar sedan (”under våren 2023”)", "31 december (”under 2025”)".
#[must_use]
pub fn deadline(last: Date, words: &str, today: Date) -> String {
    let when = day(last, today);
    let said = if words.is_empty() { String::new() } else { format!(" (”{words}”)") };
    match days(last, today) {
        ..=-1 => format!("{when}{said}"),
        0 => format!("{when}, i dag{said}"),
        1 => format!("{when}, i går{said}"),
        late => format!("{when}, {late} dagar sedan{said}"),
    }
}

/// "Första RPO-mötet 2025, 5 mars", or that nobody knows when.
#[must_use]
pub fn wait(words: &str, until: Option<Date>, today: Date) -> String {
    match until {
        Some(until) => format!("{words}, {}", day(until, today)),
        None => format!("{words}, inget datum än"),
    }
}

/// "5 mars", "1 september, har passerat", or that there is none.
#[must_use]
pub fn next(next: Option<Date>, today: Date) -> String {
    match next {
        None => "datum saknas".to_owned(),
        Some(on) if on < today => format!("{}, har passerat", day(on, today)),
        Some(on) => day(on, today),
    }
}

/// Labels of the facts about a unit.
pub mod labels {
    /// Its title.
    pub const ITEM: &str = "Punkt";
    /// Its phase.
    pub const PHASE: &str = "Läge";
    /// Its health and the age of the report.
    pub const HEALTH: &str = "Status";
    /// When the last report came, and what it said.
    pub const REPORTED: &str = "Senast rapporterat";
    /// When something happens next.
    pub const NEXT: &str = "Nästa datum";
    /// What was promised by when.
    pub const DEADLINE: &str = "Lovat till";
    /// What it waits for.
    pub const WAITS: &str = "Väntar på";
    /// Who answers for it.
    pub const OWNERS: &str = "Ägare";
    /// Those that a message has.
    pub const ALL: [&str; 6] = [ITEM, PHASE, HEALTH, NEXT, DEADLINE, WAITS];
}

/// "Pågår, gul".
#[must_use]
pub fn state(phase: Phase, health: Health) -> String {
    match health {
        Health::Unknown => phase.swedish().to_owned(),
        health => format!("{}, {}", phase.swedish(), health.swedish().to_lowercase()),
    }
}

/// The link to a page with several units.
#[must_use]
pub fn answer_several(count: usize) -> String {
    format!("Svara om {count} punkter")
}

fn days(from: Date, to: Date) -> i32 {
    from.until(to).map_or(0, |span| span.get_days())
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    #[test]
    fn an_old_green_is_told_as_old() {
        let today = date(2025, 1, 1);
        let told = |reported| health(Health::Green, reported, today);
        assert_eq!(told(Some(today)), "Grön, rapporterad i dag");
        assert_eq!(told(Some(date(2024, 12, 14))), "Grön, rapporterad 14 december 2024 (18 dagar sedan)");
        assert_eq!(told(Some(date(2024, 10, 3))), "Grön, rapporterad 3 oktober 2024 (90 dagar sedan)");
        assert_eq!(told(Some(date(2024, 10, 2))), "Grön, ej bekräftad sedan 2 oktober 2024");
        assert_eq!(told(Some(date(2024, 12, 31))), "Grön, rapporterad i går");
        assert_eq!(told(None), "Grön, aldrig uppdaterad");
        assert_eq!(health(Health::Unknown, None, today), "Ingen färg angiven, aldrig uppdaterad");
    }

    #[test]
    fn a_promise_says_how_late_it_is() {
        let promised = date(2023, 5, 31);
        assert_eq!(
            deadline(promised, "våren 2023", date(2025, 1, 1)),
            "31 maj 2023, 581 dagar sedan (”våren 2023”)"
        );
        assert_eq!(deadline(promised, "våren 2023", date(2023, 3, 1)), "31 maj (”våren 2023”)");
        assert_eq!(deadline(promised, "våren 2023", promised), "31 maj, i dag (”våren 2023”)");
        assert_eq!(deadline(promised, "", date(2023, 6, 1)), "31 maj, i går");
    }

    #[test]
    fn what_comes_next_is_told_as_it_is() {
        let today = date(2025, 10, 6);
        assert_eq!(next(Some(date(2025, 9, 1)), today), "1 september, har passerat");
        assert_eq!(next(Some(today), today), "6 oktober");
        assert_eq!(next(None, today), "datum saknas");
        assert_eq!(wait("nästa RPO", None, today), "nästa RPO, inget datum än");
    }
}
