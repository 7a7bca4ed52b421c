//! Where civil time meets the world: Europe/Stockholm.

use std::sync::OnceLock;

use jiff::Timestamp;
use jiff::civil::{Date, DateTime, Time};
use jiff::tz::{self, AmbiguousOffset, TimeZone, TimeZoneDatabase};

/// Swedish time since 1996 as a POSIX rule, should the bundled database fail to open.
const POSIX: &str = "CET-1CEST,M3.5.0,M10.5.0/3";

/// Europe/Stockholm from the database compiled into the program.
///
/// The machine's own database is not asked: the same plan must come out on every machine.
#[must_use]
pub fn stockholm() -> TimeZone {
    static ZONE: OnceLock<TimeZone> = OnceLock::new();
    ZONE.get_or_init(|| {
        TimeZoneDatabase::bundled()
            .get("Europe/Stockholm")
            .or_else(|_| TimeZone::posix(POSIX))
            .unwrap_or_else(|_| TimeZone::fixed(tz::offset(1)))
    })
    .clone()
}

/// The moment at which Stockholm's clocks show `time` on `date`.
///
/// A time in the gap of spring is the end of the gap (02:30 is 03:00, the first moment that exists; the
/// usual 03:30 would be later than anybody asked). A time that autumn gives twice is the first of the
/// two. Saturates at the ends of jiff's timestamps.
#[must_use]
pub fn instant(date: Date, time: Time) -> Timestamp {
    let zone = stockholm();
    let civil = date.to_datetime(time);
    let moment = match zone.to_ambiguous_timestamp(civil).offset() {
        AmbiguousOffset::Unambiguous { offset } => offset.to_timestamp(civil),
        AmbiguousOffset::Fold { before, .. } => before.to_timestamp(civil),
        // Read with summer's offset, a time in the gap lies less than the gap's length before the
        // change of clocks, so the next change is that one.
        AmbiguousOffset::Gap { after, .. } => after
            .to_timestamp(civil)
            .map(|early| zone.following(early).next().map_or(early, |change| change.timestamp())),
    };
    moment.unwrap_or(if date.year() < 0 { Timestamp::MIN } else { Timestamp::MAX })
}

/// What Stockholm's clocks and calendars show at `moment`.
#[must_use]
pub fn civil(moment: Timestamp) -> DateTime {
    stockholm().to_datetime(moment)
}

/// The date in Stockholm at `moment`.
#[must_use]
pub fn today(moment: Timestamp) -> Date {
    civil(moment).date()
}

/// RFC 3339 with Stockholm's offset: `2025-02-17T08:00:00+01:00`.
#[must_use]
pub fn rfc3339(moment: Timestamp) -> String {
    moment.display_with_offset(stockholm().to_offset(moment)).to_string()
}
