//! Dates, times and durations (RFC 5545, 3.3.4 to 3.3.6), and what of them belongs together.

use jiff::civil::{Date, DateTime, Time};
use jiff::tz::AmbiguousOffset;

use super::content::Property;
use super::tree::Component;
use super::{Findings, Shown, recurrence};
use crate::calendar::stockholm;

/// The one zone whose skipped hour is known here.
const STOCKHOLM: &str = "Europe/Stockholm";

/// A date or a time as it is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Moment {
    /// `20250212`.
    Day(Date),
    /// `20250212T090000`: in the zone that TZID names, or wherever its reader is.
    Local(DateTime),
    /// `20250212T080000Z`.
    Utc(DateTime),
}

impl Moment {
    /// Reads a date or a time; nothing if there is no such day or time.
    pub fn parse(text: &str) -> Option<Self> {
        let (day, time) = match text.split_once('T') {
            Some((day, time)) => (day, Some(time)),
            None => (text, None),
        };
        let [year, month, day] = numbers(day, [4, 2, 2])?;
        let date = Date::new(year, i8::try_from(month).ok()?, i8::try_from(day).ok()?).ok()?;
        let Some(time) = time else { return Some(Self::Day(date)) };
        let (time, is_utc) = match time.strip_suffix('Z') {
            Some(time) => (time, true),
            None => (time, false),
        };
        let [hour, minute, second] = numbers(time, [2, 2, 2])?;
        // The standard allows for a leap second, which jiff has no place for.
        let second = if second == 60 { 59 } else { second };
        let [hour, minute, second] =
            [i8::try_from(hour).ok()?, i8::try_from(minute).ok()?, i8::try_from(second).ok()?];
        let moment = date.to_datetime(Time::new(hour, minute, second, 0).ok()?);
        Some(if is_utc { Self::Utc(moment) } else { Self::Local(moment) })
    }

    fn is_day(self) -> bool {
        matches!(self, Self::Day(_))
    }

    fn is_local(self) -> bool {
        matches!(self, Self::Local(_))
    }
}

/// Digits of these lengths and nothing else.
fn numbers<const N: usize>(text: &str, lengths: [usize; N]) -> Option<[i16; N]> {
    let mut rest = text;
    let mut read = [0; N];
    for (number, length) in read.iter_mut().zip(lengths) {
        let (digits, after) = rest.split_at_checked(length)?;
        *number = digits.bytes().all(|byte| byte.is_ascii_digit()).then(|| digits.parse().ok())??;
        rest = after;
    }
    rest.is_empty().then_some(read)
}

/// A duration as it is written (RFC 5545, 3.3.6).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Duration {
    pub is_positive: bool,
    /// Whether it is of days or weeks only.
    pub is_of_days: bool,
}

impl Duration {
    /// Reads a duration: `P1D`, `PT6H`, `P1DT12H`, `-PT15M`, `P2W`; nothing for `P12H`, whose `T` is missing.
    pub fn parse(text: &str) -> Option<Self> {
        let negative = text.strip_prefix('-');
        let rest = negative.or(text.strip_prefix('+')).unwrap_or(text).strip_prefix('P')?;
        let (days, time) = match rest.split_once('T') {
            Some((days, time)) => (days, Some(time)),
            None => (rest, None),
        };
        let fits = match (units(days)?.as_str(), units(time.unwrap_or_default())?.as_str()) {
            ("W" | "D", "") => time.is_none(),
            ("" | "D", "H" | "HM" | "HMS" | "M" | "MS" | "S") => true,
            _ => false,
        };
        let is_nothing = !rest.bytes().any(|byte| matches!(byte, b'1'..=b'9'));
        fits.then_some(Self { is_positive: negative.is_none() && !is_nothing, is_of_days: time.is_none() })
    }
}

/// The letters of `1H30M`, each after at least one digit.
fn units(text: &str) -> Option<String> {
    let mut units = String::new();
    let mut has_digits = false;
    for letter in text.chars() {
        if letter.is_ascii_digit() {
            has_digits = true;
        } else if has_digits && units.len() < 3 {
            units.push(letter);
            has_digits = false;
        } else {
            return None;
        }
    }
    (!has_digits).then_some(units)
}

/// DTSTART and its kin, of which some are lists: whether there is such a date, of the type that is stated, and whether
/// its zone fits it.
pub fn check(property: &Property<'_>, findings: &mut Findings) {
    let zone = property.parameter("TZID");
    let is_date = property.is_stated_as("DATE");
    let is_list = matches!(&*property.name, "EXDATE" | "RDATE");
    // Not all properties with a comma are lists: `DTSTART:20250212,20250213` is no date.
    let most = if is_list { usize::MAX } else { 1 };
    for value in property.value.splitn(most, ',') {
        if let Some((code, what)) = wrong(value, zone, is_date) {
            let name = &property.name;
            findings.add(property.line, code, format_args!("{name} is {}: {what}", Shown(value)));
        }
    }
}

/// What is wrong with a date or a time, with its code.
fn wrong(value: &str, zone: Option<&str>, is_date: bool) -> Option<(&'static str, &'static str)> {
    let Some(moment) = Moment::parse(value) else {
        return Some((
            "bad-date",
            "there is no such date or time; write 20250212, or 20250212T090000 (RFC 5545, 3.3.4, 3.3.5)",
        ));
    };
    match moment {
        Moment::Day(_) if !is_date => Some((
            "date-without-value",
            "a date without a time must be said to be one: write ;VALUE=DATE before the colon (RFC 5545, 3.8.2.4)",
        )),
        Moment::Local(_) | Moment::Utc(_) if is_date => {
            Some(("bad-date", "VALUE=DATE says that it is a date, but it has a time: leave out one of them"))
        }
        Moment::Day(_) | Moment::Utc(_) if zone.is_some() => Some((
            "tzid-misused",
            "a date and a time that ends with `Z` have no TZID: leave it out (RFC 5545, 3.2.19)",
        )),
        Moment::Local(time) if zone == Some(STOCKHOLM) && is_skipped(time) => Some((
            "skipped-time",
            "summer time skips it, and programs disagree on what it means: write the hour after",
        )),
        Moment::Day(_) | Moment::Local(_) | Moment::Utc(_) => None,
    }
}

fn is_skipped(time: DateTime) -> bool {
    // Clocks change on Sundays between one and three; asking the zone costs more than all else.
    let may_be = time.hour() == 2 && time.weekday() == jiff::civil::Weekday::Sunday;
    may_be && matches!(stockholm().to_ambiguous_timestamp(time).offset(), AmbiguousOffset::Gap { .. })
}

/// A moment in UTC: DTSTAMP and its kin (RFC 5545, 3.8.2.1 and 3.8.7).
pub fn check_utc(property: &Property<'_>, findings: &mut Findings) {
    let Property { line, name, value, .. } = property;
    match Moment::parse(value) {
        Some(Moment::Utc(_)) => {}
        Some(_) => findings.add(
            *line,
            "not-utc",
            format_args!(
                "{name} is {}, but must be in UTC: 20250212T080000Z (RFC 5545, 3.8.7)",
                Shown(value)
            ),
        ),
        None => check(property, findings),
    }
}

/// What start, end and length of a component say together (RFC 5545, 3.6.1, 3.8.2.2 and 3.8.5.3).
pub fn check_together(component: &Component<'_>, findings: &mut Findings) {
    let start = component.first("DTSTART");
    let end = component.first("DTEND").or(component.first("DUE"));
    let length = component.first("DURATION");
    if let (Some(end), Some(length)) = (end, length) {
        findings.add(
            end.line.max(length.line),
            "end-and-duration",
            format_args!("{} and DURATION both say when it ends: keep {0} (RFC 5545, 3.6.1)", end.name),
        );
    }
    let Some((start, starts)) = start.and_then(|start| Some((start, read(start)?))) else { return };
    if let Some((end, ends)) = end.and_then(|end| Some((end, read(end)?))) {
        check_end((start, starts), (end, ends), findings);
    }
    if let Some(length) = length
        && starts.is_day()
        && Duration::parse(length.value).is_some_and(|duration| !duration.is_of_days)
    {
        let said = "what begins on a whole day lasts days or weeks: write P1D (RFC 5545, 3.8.2.5)";
        findings.add(
            length.line,
            "bad-duration",
            format_args!("DURATION is {}: {said}", Shown(length.value)),
        );
    }
    if let Some(rule) = component.first("RRULE")
        && let Some(until) = recurrence::until(rule.value)
    {
        let is_observance = matches!(&*component.name, "STANDARD" | "DAYLIGHT");
        let (fits, expected) = match starts {
            Moment::Day(_) => (until.is_day(), "a date, as DTSTART is"),
            Moment::Local(_) if start.parameter("TZID").is_none() && !is_observance => {
                (until.is_local(), "a time without `Z`, as DTSTART is")
            }
            Moment::Local(_) | Moment::Utc(_) => {
                (matches!(until, Moment::Utc(_)), "a time in UTC, which ends with `Z`")
            }
        };
        if !fits {
            findings.add(
                rule.line,
                "until-other-type",
                format_args!("UNTIL of RRULE must be {expected} (RFC 5545, 3.3.10)"),
            );
        }
    }
}

/// A date or a time in which nothing is wrong by itself: what is gives one finding, not two.
fn read(property: &Property<'_>) -> Option<Moment> {
    let is_right =
        || wrong(property.value, property.parameter("TZID"), property.is_stated_as("DATE")).is_none();
    Moment::parse(property.value).filter(|_| !property.is_broken && is_right())
}

/// The end is excluded, of the start's type, and later than it. Times in different zones aren't compared: where they
/// are is the reader's to know.
fn check_end(
    (start, starts): (&Property<'_>, Moment),
    (end, ends): (&Property<'_>, Moment),
    findings: &mut Findings,
) {
    let Property { line, name, value, .. } = end;
    let zones = (start.parameter("TZID"), end.parameter("TZID"));
    let is_floating = |moment: Moment, zone: Option<&str>| moment.is_local() && zone.is_none();
    let (is_earlier, is_same) = match (starts, ends) {
        (Moment::Day(start), Moment::Day(end)) => (end < start, end == start),
        (Moment::Local(start), Moment::Local(end)) if zones.0 == zones.1 => (end < start, end == start),
        (Moment::Utc(start), Moment::Utc(end)) => (end < start, end == start),
        _ if starts.is_day() != ends.is_day()
            || is_floating(starts, zones.0) != is_floating(ends, zones.1) =>
        {
            findings.add(
                *line,
                "end-other-type",
                format_args!(
                    "{name} is {} and DTSTART {}: both must be dates, or both times with a zone (RFC 5545, 3.8.2.2)",
                    Shown(value),
                    Shown(start.value)
                ),
            );
            return;
        }
        _ => return,
    };
    if is_earlier {
        findings.add(
            *line,
            "end-before-start",
            format_args!(
                "{name} {} is before DTSTART {}: write a later one (RFC 5545, 3.8.2.2)",
                Shown(value),
                Shown(start.value)
            ),
        );
    } else if is_same {
        let advice = match starts {
            Moment::Day(_) => "the end is excluded, so write the day after the last",
            Moment::Local(_) | Moment::Utc(_) => "write a later time, or leave the end out",
        };
        findings.add(
            *line,
            "end-equals-start",
            format_args!("{name} {} is DTSTART itself: {advice} (RFC 5545, 3.8.2.2)", Shown(value)),
        );
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn moments_are_those_that_exist() {
        for there in ["20240229", "20250212T090000", "20250212T235960Z", "00010101"] {
            assert!(Moment::parse(there).is_some(), "{there}");
        }
        for not in [
            "",
            "T",
            "20250229",
            "2025-02-12",
            "20250212T0900",
            "20250212T240000",
            "20250212t090000",
            "２０250212",
        ] {
            assert!(Moment::parse(not).is_none(), "{not}");
        }
    }

    #[test]
    fn durations_are_in_order() {
        for there in ["P1D", "PT6H", "P1DT12H", "-PT15M", "P2W", "+PT1H0M30S", "PT0S", "PT30S"] {
            assert!(Duration::parse(there).is_some(), "{there}");
        }
        for not in [
            "", "P", "PT", "P12H", "P1DT", "PT1D", "P1W2D", "PT1H30S", "P1W1", "1D", "PT-1H", "P1Y", "PTH",
            "PT1M1H",
        ] {
            assert!(Duration::parse(not).is_none(), "{not}");
        }
        let positive = |text| Duration::parse(text).is_some_and(|duration| duration.is_positive);
        assert!(positive("PT10S") && !positive("-PT1H") && !positive("PT0S"));
    }

    #[test]
    fn an_hour_is_skipped_in_spring() {
        let at = |text| match Moment::parse(text) {
            Some(Moment::Local(time)) => is_skipped(time),
            _ => false,
        };
        assert!(at("20260329T020000") && at("20260329T025959"));
        assert!(!at("20260329T030000") && !at("20260329T015959") && !at("20261025T023000"));
    }
}
