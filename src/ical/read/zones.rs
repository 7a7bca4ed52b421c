//! What a TZID means.
//!
//! The standard wants each one described in the same file. In truth many aren't, the descriptions of those that are
//! come from old tables, and the names tell more. So in this order: the zone database's own names, also behind a
//! prefix; Windows' names; what the file describes; and a name that has Stockholm in it. What nothing is known of is
//! taken to be Stockholm's time, with a doubt.

use std::collections::HashMap;

use jiff::Timestamp;
use jiff::civil::DateTime;
use jiff::tz::{Offset, TimeZone, TimeZoneDatabase};

use super::components::{Observance, Zone as Described};
use super::doubts::{Doubts, Quoted};
use super::rule::{Frequency, Rule};
use super::time::{Written, offset, written};
use super::windows;
use crate::calendar;

/// Whose clocks an event goes by.
#[derive(Clone, Debug, PartialEq)]
pub enum Zone {
    /// Stockholm's: nothing is reckoned, also not in the nights when the clocks change.
    Stockholm,
    Other(TimeZone),
}

impl Zone {
    /// What Stockholm's clocks show when these show `local`.
    pub fn to_stockholm(&self, local: DateTime) -> DateTime {
        match self {
            Self::Stockholm => local,
            Self::Other(zone) => {
                let moment = zone.to_ambiguous_timestamp(local).compatible();
                moment.map_or(local, calendar::civil)
            }
        }
    }

    /// What these clocks show at `moment`.
    pub fn local(&self, moment: Timestamp) -> DateTime {
        match self {
            Self::Stockholm => calendar::civil(moment),
            Self::Other(zone) => zone.to_datetime(moment),
        }
    }

    /// The moment at which these clocks show `local`; of two the first.
    pub fn instant(&self, local: DateTime) -> Option<Timestamp> {
        match self {
            Self::Stockholm => Some(calendar::instant(local.date(), local.time())),
            Self::Other(zone) => zone.to_ambiguous_timestamp(local).compatible().ok(),
        }
    }
}

/// The zones of one file, by the names that it uses.
pub struct Zones {
    described: HashMap<String, Described>,
    known: HashMap<String, Zone>,
}

impl Zones {
    /// With what the file describes. Of two with the same name the last counts.
    pub fn new(described: Vec<Described>) -> Self {
        let by_name = |zone: Described| (zone.id.to_lowercase(), zone);
        Self { described: described.into_iter().map(by_name).collect(), known: HashMap::new() }
    }

    /// The zone that is called `id`. A doubt about it is said once a file.
    pub fn find(&mut self, id: &str, line: usize, doubts: &mut Doubts) -> Zone {
        let id = id.trim();
        if let Some(known) = self.known.get(id) {
            return known.clone();
        }
        let zone = named(id).or_else(|| self.described(id, doubts)).unwrap_or_else(|| {
            if !id.to_lowercase().contains("stockholm") {
                let shown = Quoted(id);
                doubts.add(
                    line,
                    format_args!("the zone {shown} is unknown; its times were read as Stockholm's"),
                );
            }
            Zone::Stockholm
        });
        self.known.insert(id.to_owned(), zone.clone());
        zone
    }

    fn described(&self, id: &str, doubts: &mut Doubts) -> Option<Zone> {
        let zone = self.described.get(&id.to_lowercase())?;
        if let Some(found) = zone.location.as_deref().and_then(named) {
            return Some(found);
        }
        if let Some(found) = from_rules(zone) {
            return Some(found);
        }
        let standard = zone.standard.as_ref().and_then(|o| offset(&o.offset));
        let daylight = zone.daylight.as_ref().and_then(|o| offset(&o.offset));
        let hours = |found: Option<Offset>| found.map(|offset| offset.seconds());
        let (found, what) = match (hours(standard), hours(daylight)) {
            (Some(3600), Some(7200)) => (Zone::Stockholm, "Stockholm's".to_owned()),
            _ => (Zone::Other(TimeZone::fixed(standard?)), format!("UTC{}", standard?)),
        };
        let shown = Quoted(id);
        doubts.add(
            zone.line,
            format_args!(
                "when the clocks of {shown} change was not understood; its times were read as {what}"
            ),
        );
        Some(found)
    }
}

/// A zone that is known by its name.
fn named(id: &str) -> Option<Zone> {
    const UTC: &[&str] = &["z", "utc", "gmt", "coordinated universal time", "microsoft/utc"];
    let plain = id.trim_matches(['"', '/', ' ']);
    let plain = plain.strip_prefix("tzone://").unwrap_or(plain);
    let (bracketed, rest) = plain.strip_prefix("(UTC)").map_or((false, plain), |rest| (true, rest.trim()));
    if UTC.contains(&rest.to_ascii_lowercase().as_str()) || (bracketed && rest.is_empty()) {
        return Some(Zone::Other(TimeZone::UTC));
    }
    // `/citadel.org/20250101_1/Europe/Stockholm`, `/mozilla.org/20070129_1/America/Argentina/Buenos_Aires`
    let cuts = plain.match_indices('/').map(|(at, _)| &plain[at + 1..]);
    let cuts: Vec<&str> =
        std::iter::once(plain).chain(cuts.take(6)).filter(|name| name.len() <= 64).collect();
    let database = TimeZoneDatabase::bundled();
    let zone = cuts.iter().find_map(|name| database.get(name).ok());
    let zone = zone.or_else(|| database.get(windows::zone(plain)?).ok())?;
    Some(if zone.iana_name() == Some("Europe/Stockholm") { Zone::Stockholm } else { Zone::Other(zone) })
}

/// A zone with one offset, or with two and a yearly rule for each.
fn from_rules(zone: &Described) -> Option<Zone> {
    let standard = zone.standard.as_ref()?;
    let at = offset(&standard.offset)?;
    let Some(daylight) = &zone.daylight else {
        return standard.rule.is_none().then(|| Zone::Other(TimeZone::fixed(at)));
    };
    let (begins, ends) = (change(daylight)?, change(standard)?);
    // In these rules the sign says how far UTC is ahead.
    let posix = |offset: Offset| {
        let seconds = -offset.seconds();
        let (sign, seconds) = (if seconds < 0 { "-" } else { "" }, seconds.abs());
        format!("{sign}{}:{:02}:{:02}", seconds / 3600, seconds / 60 % 60, seconds % 60)
    };
    let rule = format!("STD{}DST{},{begins},{ends}", posix(at), posix(offset(&daylight.offset)?));
    if rule == "STD-1:00:00DST-2:00:00,M3.5.0/2:00:00,M10.5.0/3:00:00" {
        return Some(Zone::Stockholm);
    }
    TimeZone::posix(&rule).ok().map(Zone::Other)
}

/// When the clocks change to an offset each year: `M3.5.0/2:00:00` for the last Sunday of March at two.
fn change(observance: &Observance) -> Option<String> {
    let Some(Written::Local(start)) = written(&observance.start) else { return None };
    let rule = Rule::parse(observance.rule.as_deref()?).ok()?;
    let ([month], [(nth, day)]) = (rule.months.as_slice(), rule.days.as_slice()) else { return None };
    let nth = match nth {
        Some(n @ 1..=4) => *n,
        Some(-1 | 5) => 5,
        _ => return None,
    };
    let plain =
        rule.frequency == Frequency::Yearly && rule.month_days.is_empty() && rule.positions.is_empty();
    let at = format!("{}:{:02}:{:02}", start.hour(), start.minute(), start.second());
    plain.then(|| format!("M{month}.{nth}.{}/{at}", day.to_sunday_zero_offset()))
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    fn observance(start: &str, offset: &str, rule: Option<&str>) -> Option<Observance> {
        Some(Observance { start: start.into(), offset: offset.into(), rule: rule.map(str::to_owned) })
    }

    /// What is noon in that zone on a winter's day and a summer's day in Stockholm, and how many doubts it took.
    fn noon(id: &str, described: Vec<Described>) -> (String, String, usize) {
        let mut doubts = Doubts::default();
        let mut zones = Zones::new(described);
        let mut at = |month| {
            let zone = zones.find(id, 1, &mut doubts);
            zone.to_stockholm(date(2025, month, 15).at(12, 0, 0, 0)).strftime("%H:%M").to_string()
        };
        (at(1), at(7), doubts.into_found().len())
    }

    fn of(winter: &str, summer: &str, doubts: usize) -> (String, String, usize) {
        (winter.to_owned(), summer.to_owned(), doubts)
    }

    #[test]
    fn names_that_are_known() {
        for (id, wanted) in [
            ("Europe/Stockholm", of("12:00", "12:00", 0)),
            ("europe/stockholm", of("12:00", "12:00", 0)),
            ("\"Europe/Helsinki\"", of("11:00", "11:00", 0)),
            ("/citadel.org/20250101_1/Europe/Stockholm", of("12:00", "12:00", 0)),
            ("/freeassociation.sourceforge.net/Tzfile/Europe/London", of("13:00", "13:00", 0)),
            ("/mozilla.org/20070129_1/America/Argentina/Buenos_Aires", of("16:00", "17:00", 0)),
            ("W. Europe Standard Time", of("12:00", "12:00", 0)),
            ("GMT Standard Time", of("13:00", "13:00", 0)),
            ("tzone://Microsoft/Utc", of("13:00", "14:00", 0)),
            ("(UTC) Coordinated Universal Time", of("13:00", "14:00", 0)),
            ("(UTC+01:00) Amsterdam, Berlin, Bern, Rome, Stockholm, Vienna", of("12:00", "12:00", 0)),
            ("Kontoret", of("12:00", "12:00", 1)),
            ("", of("12:00", "12:00", 1)),
        ] {
            assert_eq!(noon(id, Vec::new()), wanted, "{id}");
        }
    }

    #[test]
    fn names_that_only_the_file_knows() {
        let zone =
            |standard, daylight| Described { line: 1, id: "Eget".into(), location: None, standard, daylight };
        let sundays = ("FREQ=YEARLY;BYMONTH=10;BYDAY=-1SU", "FREQ=YEARLY;INTERVAL=1;BYDAY=-1SU;BYMONTH=3");
        let european = zone(
            observance("16010101T030000", "+0100", Some(sundays.0)),
            observance("16010101T020000", "+0200", Some(sundays.1)),
        );
        assert_eq!(from_rules(&european), Some(Zone::Stockholm));
        let british = zone(
            observance("19701025T020000", "+0000", Some(sundays.0)),
            observance("19700329T010000", "+0100", Some(sundays.1)),
        );
        assert_eq!(noon("eget", vec![british]), of("13:00", "13:00", 0));
        let american = zone(
            observance("20071104T020000", "-0500", Some("FREQ=YEARLY;BYMONTH=11;BYDAY=1SU")),
            observance("20070311T020000", "-0400", Some("FREQ=YEARLY;BYMONTH=3;BYDAY=2SU")),
        );
        assert_eq!(noon("Eget", vec![american]), of("18:00", "18:00", 0));
        let fixed = zone(observance("19700101T000000", "+0530", None), None);
        assert_eq!(noon("Eget", vec![fixed]), of("07:30", "08:30", 0));
        let listed =
            zone(observance("20241027T030000", "+0100", None), observance("20250330T020000", "+0200", None));
        assert_eq!(noon("Eget", vec![listed]), of("12:00", "12:00", 1));
        let strange = zone(observance("x", "+0300", Some("FREQ=DAILY")), observance("x", "+0400", None));
        assert_eq!(noon("Eget", vec![strange]), of("10:00", "11:00", 1));
        assert_eq!(noon("Eget", vec![zone(None, None)]), of("12:00", "12:00", 1));
        let located = Described { location: Some("Europe/Helsinki".into()), ..zone(None, None) };
        assert_eq!(noon("Eget", vec![located]), of("11:00", "11:00", 0));
    }
}
