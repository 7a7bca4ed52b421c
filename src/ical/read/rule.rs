//! Repetitions: what a rule says, and the days it comes to (RFC 5545, 3.3.10).
//!
//! Read are days, weeks, months and years with BYDAY, BYMONTHDAY, BYMONTH and BYSETPOS, which is what calendar
//! programs write. A rule with anything else is not guessed at.

use jiff::SignedDuration;
use jiff::civil::{Date, DateTime, Weekday};

use super::time::{Written, written};

/// The most values that a part of a rule may list: the days of a month.
const LONGEST_LIST: usize = 31;

/// How often a period comes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Frequency {
    Daily,
    Weekly,
    Monthly,
    Yearly,
}

/// A rule (RRULE).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rule {
    pub frequency: Frequency,
    /// Every so many periods.
    pub interval: i64,
    /// Ends after so many repetitions, the event itself counted.
    pub count: Option<u64>,
    /// Ends with this day or moment.
    pub until: Option<Written>,
    /// BYDAY: weekdays, also the nth of the month.
    pub days: Vec<(Option<i8>, Weekday)>,
    /// BYMONTHDAY: days of the month, also from its end.
    pub month_days: Vec<i8>,
    /// BYMONTH.
    pub months: Vec<i8>,
    /// BYSETPOS: which of a period's days.
    pub positions: Vec<i16>,
    /// The day that weeks begin with.
    pub week_start: Weekday,
    /// BYHOUR, BYMINUTE and BYSECOND; must be those of the start.
    clock: [Option<i8>; 3],
}

/// The time that repetitions are wanted in, both days included, and how many at most.
#[derive(Clone, Copy, Debug)]
pub struct Wanted {
    pub from: Date,
    pub until: Date,
    pub most: usize,
}

/// Why a rule could not be followed to its end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stopped {
    /// There are more repetitions than are wanted; those before are there.
    TooMany,
    /// It takes more steps than there are left for this file.
    TooLong,
}

impl Rule {
    /// Reads a rule.
    ///
    /// # Errors
    /// The part of it that isn't understood.
    pub fn parse(text: &str) -> Result<Self, &str> {
        let mut rule = Self {
            frequency: Frequency::Daily,
            interval: 1,
            count: None,
            until: None,
            days: Vec::new(),
            month_days: Vec::new(),
            months: Vec::new(),
            positions: Vec::new(),
            week_start: Weekday::Monday,
            clock: [None; 3],
        };
        let mut frequency = None;
        for part in text.split(';').map(str::trim).filter(|part| !part.is_empty()) {
            let (key, value) = part.split_once('=').ok_or(part)?;
            if key.eq_ignore_ascii_case("FREQ") {
                frequency = Some(frequency_of(value).ok_or(part)?);
            } else {
                rule.part(&key.to_ascii_uppercase(), value.trim()).ok_or(part)?;
            }
        }
        rule.frequency = frequency.ok_or(text)?;
        if rule.is_sound() { Ok(rule) } else { Err(text) }
    }

    fn part(&mut self, key: &str, value: &str) -> Option<()> {
        match key {
            "INTERVAL" => self.interval = value.parse().ok().filter(|n| (1..=10_000).contains(n))?,
            "COUNT" => self.count = Some(value.parse().ok().filter(|n| *n > 0)?),
            "UNTIL" => self.until = Some(written(value)?),
            "WKST" => self.week_start = weekday(value)?,
            "BYDAY" => self.days = list(value, nth_day)?,
            "BYMONTHDAY" => self.month_days = list(value, |n| within(n, 31))?,
            "BYMONTH" => {
                self.months = list(value, |n| n.parse().ok().filter(|n| (1..=12).contains(n)))?;
                // A year's days are told in the order of its months, which is the order of time.
                self.months.sort_unstable();
            }
            "BYSETPOS" => {
                let position = |n: &str| n.parse().ok().filter(|n: &i16| *n != 0 && n.abs() <= 366);
                self.positions = list(value, position)?;
            }
            "BYHOUR" => self.clock[0] = Some(value.parse().ok()?),
            "BYMINUTE" => self.clock[1] = Some(value.parse().ok()?),
            "BYSECOND" => self.clock[2] = Some(value.parse().ok()?),
            _ if key.starts_with("X-") => {}
            _ => return None,
        }
        Some(())
    }

    /// Whether the parts make sense together, in a way that is understood.
    fn is_sound(&self) -> bool {
        let nth = self.days.iter().any(|(nth, _)| nth.is_some());
        // The nth weekday that is also a certain day of the month is nothing that anybody means.
        let one_way = !nth || self.month_days.is_empty();
        match self.frequency {
            Frequency::Daily => !nth && self.positions.is_empty(),
            Frequency::Weekly => !nth && self.month_days.is_empty(),
            Frequency::Monthly => one_way,
            // Without a month the nth weekday is that of the year.
            Frequency::Yearly => self.days.is_empty() || !self.months.is_empty() && one_way,
        }
    }

    /// Whether the time of day it names, if any, is that of `start`.
    pub fn keeps_time_of(&self, start: DateTime) -> bool {
        let of_start = [start.hour(), start.minute(), start.second()];
        self.clock.iter().zip(of_start).all(|(named, own)| named.is_none_or(|named| named == own))
    }

    /// The repetitions of what starts at `start`, in order and without gaps in what is wanted. `start` is always the
    /// first, whether the rule gives it or not. `last` is the rule's end on the clocks of `start`. Each day that is
    /// looked at takes one of `steps`.
    pub fn expand(
        &self,
        start: DateTime,
        last: Option<DateTime>,
        wanted: Wanted,
        steps: &mut u32,
    ) -> (Vec<DateTime>, Option<Stopped>) {
        let is_wanted = |at: DateTime| (wanted.from..=wanted.until).contains(&at.date());
        let mut found: Vec<DateTime> = Some(start).filter(|at| is_wanted(*at)).into_iter().collect();
        let mut left = self.count.map(|count| count - 1);
        // Those before what is wanted are passed over at once, unless they must be counted.
        let mut period =
            if self.count.is_some() { 0 } else { self.periods_before(start.date(), wanted.from) };
        loop {
            let Some(fewer) = steps.checked_sub(self.days_a_period()) else {
                return (found, Some(Stopped::TooLong));
            };
            *steps = fewer;
            let Some((begins, days)) = self.period(start.date(), period) else { return (found, None) };
            if begins > wanted.until || last.is_some_and(|last| begins > last.date()) {
                return (found, None);
            }
            period += 1;
            for at in days.into_iter().map(|day| day.to_datetime(start.time())).filter(|at| *at > start) {
                if left == Some(0) || last.is_some_and(|last| at > last) || at.date() > wanted.until {
                    return (found, None);
                }
                left = left.map(|left| left - 1);
                if is_wanted(at) {
                    if found.len() >= wanted.most {
                        return (found, Some(Stopped::TooMany));
                    }
                    found.push(at);
                }
            }
        }
    }

    /// How many days a period has to be looked at.
    fn days_a_period(&self) -> u32 {
        match self.frequency {
            Frequency::Daily => 1,
            Frequency::Weekly => 7,
            Frequency::Monthly => 31,
            Frequency::Yearly => 366,
        }
    }

    /// How many periods surely end before `from`.
    fn periods_before(&self, start: Date, from: Date) -> i64 {
        let days = from.duration_since(start).as_hours() / 24;
        (days / (i64::from(self.days_a_period()) * self.interval) - 1).max(0)
    }

    /// The first day of a period, and those of its days that the rule means, in order. None past the end of time.
    fn period(&self, start: Date, number: i64) -> Option<(Date, Vec<Date>)> {
        let along = number * self.interval;
        let (begins, mut days) = match self.frequency {
            Frequency::Daily => {
                let day = after(start, along)?;
                (day, vec![day])
            }
            Frequency::Weekly => {
                let into = i64::from(start.weekday().since(self.week_start));
                let first = after(start, along * 7 - into)?;
                let days = (0..7).filter_map(|n| after(first, n));
                (first, days.filter(|day| self.has_weekday(*day, start.weekday())).collect())
            }
            Frequency::Monthly => {
                let month = i64::from(start.year()) * 12 + i64::from(start.month()) - 1 + along;
                let first = month_from(month.div_euclid(12), i8::try_from(month.rem_euclid(12) + 1).ok()?)?;
                (first, self.of_month(first, start.day()))
            }
            Frequency::Yearly => {
                let year = i64::from(start.year()) + along;
                let every: &[i8] = &[1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12];
                let own = [start.month()];
                let months = match (self.months.as_slice(), self.month_days.is_empty()) {
                    ([], true) => own.as_slice(),
                    ([], false) => every,
                    (named, _) => named,
                };
                let months = months.iter().filter_map(|month| month_from(year, *month));
                (month_from(year, 1)?, months.flat_map(|first| self.of_month(first, start.day())).collect())
            }
        };
        if self.frequency == Frequency::Daily {
            days.retain(|day| self.has_weekday(*day, day.weekday()) && self.has_month_day(*day));
        }
        days.retain(|day| self.months.is_empty() || self.months.contains(&day.month()));
        if !self.positions.is_empty() {
            days = self.chosen(&days);
        }
        Some((begins, days))
    }

    fn has_weekday(&self, day: Date, otherwise: Weekday) -> bool {
        let of = |weekday: Weekday| day.weekday() == weekday;
        if self.days.is_empty() { of(otherwise) } else { self.days.iter().any(|(_, weekday)| of(*weekday)) }
    }

    fn has_month_day(&self, day: Date) -> bool {
        let from_end = day.day() - day.days_in_month() - 1;
        self.month_days.is_empty() || self.month_days.iter().any(|n| *n == day.day() || *n == from_end)
    }

    /// The days of the month that begins with `first`; without further words the day `otherwise`, where it has one.
    fn of_month(&self, first: Date, otherwise: i8) -> Vec<Date> {
        let days = (1..=first.days_in_month()).filter_map(|n| Date::new(first.year(), first.month(), n).ok());
        let is_nth = |day: Date, nth: Option<i8>| {
            let (from_start, from_end) =
                ((day.day() - 1) / 7 + 1, -((day.days_in_month() - day.day()) / 7 + 1));
            nth.is_none_or(|nth| nth == from_start || nth == from_end)
        };
        let means = |day: &Date| {
            let named =
                self.days.iter().any(|(nth, weekday)| day.weekday() == *weekday && is_nth(*day, *nth));
            match (self.days.is_empty(), self.month_days.is_empty()) {
                (true, true) => day.day() == otherwise,
                (true, false) => self.has_month_day(*day),
                (false, _) => named && self.has_month_day(*day),
            }
        };
        days.filter(means).collect()
    }

    /// Of `days` those at the positions named, counted from either end.
    fn chosen(&self, days: &[Date]) -> Vec<Date> {
        let is_chosen = |at: usize| {
            let from_start = i16::try_from(at + 1).unwrap_or(i16::MAX);
            let from_end = i16::try_from(days.len() - at).map_or(i16::MIN, |n| -n);
            self.positions.contains(&from_start) || self.positions.contains(&from_end)
        };
        days.iter().enumerate().filter(|(at, _)| is_chosen(*at)).map(|(_, day)| *day).collect()
    }
}

fn after(day: Date, days: i64) -> Option<Date> {
    day.checked_add(SignedDuration::from_hours(days * 24)).ok()
}

fn month_from(year: i64, month: i8) -> Option<Date> {
    Date::new(i16::try_from(year).ok()?, month, 1).ok()
}

fn frequency_of(word: &str) -> Option<Frequency> {
    let frequencies = [
        ("DAILY", Frequency::Daily),
        ("WEEKLY", Frequency::Weekly),
        ("MONTHLY", Frequency::Monthly),
        ("YEARLY", Frequency::Yearly),
    ];
    frequencies.into_iter().find(|(name, _)| name.eq_ignore_ascii_case(word.trim())).map(|(_, found)| found)
}

fn weekday(word: &str) -> Option<Weekday> {
    Some(match word.to_ascii_uppercase().as_str() {
        "MO" => Weekday::Monday,
        "TU" => Weekday::Tuesday,
        "WE" => Weekday::Wednesday,
        "TH" => Weekday::Thursday,
        "FR" => Weekday::Friday,
        "SA" => Weekday::Saturday,
        "SU" => Weekday::Sunday,
        _ => return None,
    })
}

/// `MO`, `1MO`, `-1SU`.
fn nth_day(word: &str) -> Option<(Option<i8>, Weekday)> {
    let (nth, day) = word.split_at_checked(word.len().checked_sub(2)?)?;
    let nth = if nth.is_empty() { None } else { Some(within(nth, 5)?) };
    Some((nth, weekday(day)?))
}

/// A number from 1 to `most`, or as far from the end.
fn within(word: &str, most: i8) -> Option<i8> {
    word.parse().ok().filter(|n: &i8| *n != 0 && (-most..=most).contains(n))
}

/// What stands between commas, each once; not more than anybody needs.
fn list<T: PartialEq + Clone>(text: &str, read: impl Fn(&str) -> Option<T>) -> Option<Vec<T>> {
    let mut found: Vec<T> = Vec::new();
    for word in text.split(',') {
        let value = read(word.trim())?;
        if !found.contains(&value) {
            found.push(value);
        }
        if found.len() > LONGEST_LIST {
            return None;
        }
    }
    Some(found)
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    const EVER: Wanted = Wanted { from: Date::MIN, until: Date::MAX, most: 12 };

    /// The days on which something of 09:00 comes, at most twelve.
    fn days(rule: &str, start: Date) -> String {
        within_days(rule, start, EVER).0
    }

    fn within_days(rule: &str, start: Date, wanted: Wanted) -> (String, Option<Stopped>) {
        let rule = Rule::parse(rule).unwrap();
        let start = start.at(9, 0, 0, 0);
        let last = rule.until.map(|until| match until {
            Written::Date(day) => day.at(23, 59, 59, 0),
            Written::Local(at) => at,
            Written::Instant(at) => crate::calendar::civil(at),
        });
        let (found, stopped) = rule.expand(start, last, wanted, &mut 2_000_000);
        assert!(found.iter().all(|at| at.time() == start.time()));
        (
            found.iter().map(|at| at.date().strftime("%y%m%d").to_string()).collect::<Vec<_>>().join(" "),
            stopped,
        )
    }

    #[test]
    fn the_standards_examples() {
        // RFC 5545, 3.8.5.3, in its order; what goes on for ever is cut at twelve.
        let september = date(1997, 9, 2);
        for (rule, start, wanted) in [
            ("FREQ=DAILY;COUNT=3", september, "970902 970903 970904"),
            ("FREQ=DAILY;INTERVAL=10;COUNT=5", september, "970902 970912 970922 971002 971012"),
            (
                "FREQ=WEEKLY;UNTIL=19971007T000000Z;WKST=SU;BYDAY=TU,TH",
                september,
                "970902 970904 970909 970911 970916 970918 970923 970925 970930 971002",
            ),
            (
                "FREQ=WEEKLY;INTERVAL=2;COUNT=8;WKST=SU;BYDAY=TU,TH",
                september,
                "970902 970904 970916 970918 970930 971002 971014 971016",
            ),
            (
                "FREQ=MONTHLY;COUNT=10;BYDAY=1FR",
                date(1997, 9, 5),
                "970905 971003 971107 971205 980102 980206 980306 980403 980501 980605",
            ),
            (
                "FREQ=MONTHLY;INTERVAL=2;COUNT=10;BYDAY=1SU,-1SU",
                date(1997, 9, 7),
                "970907 970928 971102 971130 980104 980125 980301 980329 980503 980531",
            ),
            (
                "FREQ=MONTHLY;COUNT=6;BYDAY=-2MO",
                date(1997, 9, 22),
                "970922 971020 971117 971222 980119 980216",
            ),
            (
                "FREQ=MONTHLY;BYMONTHDAY=-3;COUNT=6",
                date(1997, 9, 28),
                "970928 971029 971128 971229 980129 980226",
            ),
            (
                "FREQ=MONTHLY;COUNT=10;BYMONTHDAY=1,-1",
                date(1997, 9, 30),
                "970930 971001 971031 971101 971130 971201 971231 980101 980131 980201",
            ),
            (
                "FREQ=MONTHLY;INTERVAL=18;COUNT=10;BYMONTHDAY=10,11,12,13,14,15",
                date(1997, 9, 10),
                "970910 970911 970912 970913 970914 970915 990310 990311 990312 990313",
            ),
            ("FREQ=YEARLY;COUNT=4;BYMONTH=6,7", date(1997, 6, 10), "970610 970710 980610 980710"),
            (
                "FREQ=YEARLY;BYDAY=TH;BYMONTH=3;COUNT=5",
                date(1997, 3, 13),
                "970313 970320 970327 980305 980312",
            ),
            ("FREQ=MONTHLY;BYDAY=FR;BYMONTHDAY=13;COUNT=3", date(1998, 2, 13), "980213 980313 981113"),
            (
                "FREQ=MONTHLY;BYDAY=SA;BYMONTHDAY=7,8,9,10,11,12,13;COUNT=3",
                date(1997, 9, 13),
                "970913 971011 971108",
            ),
            (
                "FREQ=YEARLY;INTERVAL=4;BYMONTH=11;BYDAY=TU;BYMONTHDAY=2,3,4,5,6,7,8;COUNT=3",
                date(1996, 11, 5),
                "961105 001107 041102",
            ),
            ("FREQ=MONTHLY;COUNT=3;BYDAY=TU,WE,TH;BYSETPOS=3", date(1997, 9, 4), "970904 971007 971106"),
            (
                "FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-2;COUNT=4",
                date(1997, 9, 29),
                "970929 971030 971127 971230",
            ),
            (
                "FREQ=WEEKLY;INTERVAL=2;COUNT=4;BYDAY=TU,SU;WKST=MO",
                date(1997, 8, 5),
                "970805 970810 970819 970824",
            ),
            (
                "FREQ=WEEKLY;INTERVAL=2;COUNT=4;BYDAY=TU,SU;WKST=SU",
                date(1997, 8, 5),
                "970805 970817 970819 970831",
            ),
            (
                "FREQ=MONTHLY;BYMONTHDAY=15,30;COUNT=5",
                date(2007, 1, 15),
                "070115 070130 070215 070315 070330",
            ),
        ] {
            assert_eq!(days(rule, start), wanted, "{rule}");
        }
    }

    #[test]
    fn days_that_a_month_lacks_are_passed_over() {
        assert_eq!(days("FREQ=MONTHLY;COUNT=4", date(2025, 1, 31)), "250131 250331 250531 250731");
        assert_eq!(days("FREQ=YEARLY;COUNT=3", date(2024, 2, 29)), "240229 280229 320229");
        assert_eq!(days("FREQ=MONTHLY;BYMONTH=2;BYMONTHDAY=31", date(2025, 1, 31)), "250131");
    }

    #[test]
    fn the_event_itself_is_the_first_also_where_the_rule_does_not_give_it() {
        assert_eq!(days("FREQ=WEEKLY;BYDAY=MO;COUNT=3", date(2025, 4, 1)), "250401 250407 250414");
        assert_eq!(days("FREQ=DAILY;UNTIL=20250101", date(2025, 4, 1)), "250401");
    }

    #[test]
    fn months_may_be_named_in_any_order() {
        assert_eq!(days("FREQ=YEARLY;BYMONTH=11,8;COUNT=3", date(2024, 8, 29)), "240829 241129 250829");
        assert_eq!(
            days("FREQ=YEARLY;BYMONTH=7,5;BYDAY=SU;BYSETPOS=2;COUNT=2", date(2025, 5, 11)),
            "250511 260510"
        );
    }

    #[test]
    fn only_what_is_wanted_is_told_and_from_the_right_one_on() {
        let april = |most| Wanted { from: date(2026, 4, 1), until: date(2026, 4, 30), most };
        for (rule, wanted) in [
            ("FREQ=WEEKLY;INTERVAL=3", "260421"),
            ("FREQ=WEEKLY;INTERVAL=3;COUNT=1000", "260421"),
            ("FREQ=MONTHLY;INTERVAL=5;BYDAY=2TU", "260414"),
            ("FREQ=YEARLY;BYMONTH=4", "260404"),
            ("FREQ=DAILY;INTERVAL=7", "260407 260414 260421 260428"),
        ] {
            // A Tuesday, and the second one of a month that is a multiple of five before April 2026.
            let start = if rule.contains("2TU") { date(2000, 11, 14) } else { date(2000, 4, 4) };
            let (found, stopped) = within_days(rule, start, april(12));
            assert_eq!((found.as_str(), stopped), (wanted, None), "{rule}");
        }
        let (found, stopped) = within_days("FREQ=DAILY", date(2000, 4, 4), april(2));
        assert_eq!((found.as_str(), stopped), ("260401 260402", Some(Stopped::TooMany)));
        let rule = Rule::parse("FREQ=DAILY;COUNT=100000").unwrap();
        let found = rule.expand(date(2000, 4, 4).at(9, 0, 0, 0), None, april(12), &mut 100);
        assert_eq!(found, (Vec::new(), Some(Stopped::TooLong)));
    }

    #[test]
    fn the_ends_of_time_are_ends() {
        for rule in [
            "FREQ=DAILY;INTERVAL=10000",
            "FREQ=WEEKLY;INTERVAL=10000",
            "FREQ=MONTHLY;INTERVAL=10000",
            "FREQ=YEARLY;INTERVAL=10000",
        ] {
            for start in [Date::MIN, date(9999, 12, 30)] {
                within_days(rule, start, EVER);
                within_days(&format!("{rule};COUNT=3"), start, EVER);
            }
        }
    }

    #[test]
    fn what_is_not_understood_is_not_guessed_at() {
        for rule in [
            "",
            "FREQ=HOURLY",
            "COUNT=3",
            "FREQ=DAILY;BYDAY=1MO",
            "FREQ=WEEKLY;BYDAY=-1MO",
            "FREQ=YEARLY;BYDAY=20MO",
            "FREQ=YEARLY;BYWEEKNO=20",
            "FREQ=YEARLY;BYYEARDAY=100",
            "FREQ=MONTHLY;BYDAY=6MO",
            "FREQ=DAILY;INTERVAL=0",
            "FREQ=DAILY;COUNT=0",
            "FREQ=DAILY;UNTIL=igen",
            "FREQ=MONTHLY;BYMONTHDAY=32",
            "FREQ=DAILY;BYMONTH=13",
            "FREQ=DAILY;BYDAY=",
            "FREQ=DAILY;BYDAY=Å",
            "FREQ=WEEKLY;BYMONTHDAY=1",
            "FREQ=DAILY;SKIP",
            "FREQ=MONTHLY;BYMONTHDAY=-32",
            "FREQ=YEARLY;BYDAY=MO;BYMONTHDAY=1",
        ] {
            assert!(Rule::parse(rule).is_err(), "{rule}");
        }
        let start = date(2025, 4, 1).at(9, 30, 0, 0);
        let keeps = |rule| Rule::parse(rule).unwrap().keeps_time_of(start);
        assert!(keeps("FREQ=DAILY;BYHOUR=9;BYMINUTE=30") && !keeps("FREQ=DAILY;BYHOUR=10"));
        assert!(Rule::parse("freq=daily;byday=mo; interval=2;X-OWN=1;").is_ok());
    }
}
