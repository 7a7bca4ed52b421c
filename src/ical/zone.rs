//! The description of Europe/Stockholm that goes into every feed.

/// Two yearly rules from 1970 on. Outlook ignores descriptions that list each change, and without one it
/// shifts events by an hour. Right from 1996, when summer time began to end in October.
pub const STOCKHOLM: &[(&str, &str)] = &[
    ("BEGIN", "VTIMEZONE"),
    ("TZID", "Europe/Stockholm"),
    ("BEGIN", "DAYLIGHT"),
    ("DTSTART", "19700329T020000"),
    ("TZOFFSETFROM", "+0100"),
    ("TZOFFSETTO", "+0200"),
    ("TZNAME", "CEST"),
    ("RRULE", "FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU"),
    ("END", "DAYLIGHT"),
    ("BEGIN", "STANDARD"),
    ("DTSTART", "19701025T030000"),
    ("TZOFFSETFROM", "+0200"),
    ("TZOFFSETTO", "+0100"),
    ("TZNAME", "CET"),
    ("RRULE", "FREQ=YEARLY;BYMONTH=10;BYDAY=-1SU"),
    ("END", "STANDARD"),
    ("END", "VTIMEZONE"),
];

#[cfg(test)]
mod tests {
    use jiff::civil::{Weekday, date};

    use crate::calendar::stockholm;

    #[test]
    fn the_rules_are_those_of_the_zone_database() {
        for year in 1996..=2100 {
            let sunday = |month| {
                let last = date(year, month, 1).last_of_month();
                last.tomorrow().unwrap().nth_weekday(-1, Weekday::Sunday).unwrap()
            };
            let begins = sunday(3).at(2, 0, 0, 0).to_zoned(jiff::tz::TimeZone::fixed(jiff::tz::offset(1)));
            let ends = sunday(10).at(3, 0, 0, 0).to_zoned(jiff::tz::TimeZone::fixed(jiff::tz::offset(2)));
            let new_year = date(year, 1, 1).to_zoned(stockholm()).unwrap().timestamp();
            let changes: Vec<_> = stockholm().following(new_year).take(2).map(|t| t.timestamp()).collect();
            assert_eq!(changes, [begins.unwrap().timestamp(), ends.unwrap().timestamp()], "{year}");
        }
    }
}
