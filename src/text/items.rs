//! How a unit of the plan is told of: what was reported and how old that is side by side, so that nobody takes an old
//! green for a new one.

use jiff::civil::Date;

use crate::calendar::swedish::{range, range_year};
use crate::items::fresh::CONFIRMED_FOR;
use crate::items::{Health, Phase};

/// The heads of a table of units.
pub const TABLE: [&str; 4] = ["Punkt", "Läge", "Senast rapporterat", "Nästa steg"];

/// A date in a year that readers may not guess: without the year where it is that of `today`.
#[must_use]
pub fn day(date: Date, today: Date) -> String {
    if date.year() == today.year() { range(date, date) } else { range_year(date, date) }
}

/// "Grön, rapporterad 6 februari (18 dagar sedan)", "Grön, ej bekräftad sedan 13 oktober 2024", "Röd, aldrig
/// uppdaterad".
#[must_use]
pub fn health(health: Health, reported: Option<Date>, today: Date) -> String {
    let colour = health.swedish();
    match reported {
        None => format!("{colour}, aldrig uppdaterad"),
        Some(last) => match days(last, today) {
            ..=0 => format!("{colour}, rapporterad i dag"),
            1 => format!("{colour}, rapporterad i går"),
            age if age <= CONFIRMED_FOR => {
                format!("{colour}, rapporterad {} ({age} dagar sedan)", day(last, today))
            }
            _ => format!("{colour}, ej bekräftad sedan {}", day(last, today)),
        },
    }
}

/// "6 februari (18 dagar sedan)", "aldrig".
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

/// "31 maj 2023, 581 dagar sedan (under våren 2023)", "31 december (under 2025)".
#[must_use]
pub fn deadline(last: Date, words: &str, today: Date) -> String {
    let when = day(last, today);
    match days(last, today) {
        ..=0 => format!("{when} ({words})"),
        1 => format!("{when}, i går ({words})"),
        late => format!("{when}, {late} dagar sedan ({words})"),
    }
}

/// "Första RPO-mötet 2025, 5 mars", or that nobody knows when.
#[must_use]
pub fn wait(words: &str, until: Option<Date>, today: Date) -> String {
    match until {
        Some(until) => format!("{words}, {}", day(until, today)),
        None => format!("{words}, datum ej satt"),
    }
}

/// "5 mars", or that there is none.
#[must_use]
pub fn next(next: Option<Date>, today: Date) -> String {
    next.map_or_else(|| "datum saknas".to_owned(), |next| day(next, today))
}

/// Labels of the facts about a unit.
pub mod labels {
    /// Its title.
    pub const ITEM: &str = "Punkt";
    /// Its phase.
    pub const PHASE: &str = "Läge";
    /// Its health and the age of the report.
    pub const HEALTH: &str = "Status";
    /// When something happens next.
    pub const NEXT: &str = "Nästa datum";
    /// What was promised by when.
    pub const DEADLINE: &str = "Lovat till";
    /// What it waits for.
    pub const WAITS: &str = "Väntar på";
    /// All of them.
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
        assert_eq!(told(None), "Grön, aldrig uppdaterad");
    }

    #[test]
    fn a_promise_says_how_late_it_is() {
        let promised = date(2023, 5, 31);
        assert_eq!(
            deadline(promised, "våren 2023", date(2025, 1, 1)),
            "31 maj 2023, 581 dagar sedan (våren 2023)"
        );
        assert_eq!(deadline(promised, "våren 2023", date(2023, 3, 1)), "31 maj (våren 2023)");
    }
}
