//! Recurrence rules (RFC 5545, 3.3.10).

use super::when::Moment;

/// What is wrong with a rule; nothing if it can be followed.
pub fn wrong(rule: &str) -> Option<String> {
    let mut seen: Vec<&str> = Vec::new();
    for part in rule.split(';') {
        let Some((name, value)) = part.split_once('=') else {
            return Some("a part is not `NAME=value`".to_owned());
        };
        let Some(known) = PARTS.iter().copied().find(|known| name.eq_ignore_ascii_case(known)) else {
            return Some("it has a part that no rule has".to_owned());
        };
        if seen.contains(&known) {
            return Some(format!("{known} stands in it twice"));
        }
        seen.push(known);
        if let Some(expected) = expected(known, value) {
            return Some(format!("{known} must be {expected}"));
        }
    }
    if !seen.contains(&"FREQ") {
        return Some("it has no FREQ".to_owned());
    }
    (seen.contains(&"UNTIL") && seen.contains(&"COUNT"))
        .then(|| "it has both UNTIL and COUNT: keep one".to_owned())
}

/// The day or moment after which a rule gives nothing.
pub fn until(rule: &str) -> Option<Moment> {
    let parts = rule.split(';').filter_map(|part| part.split_once('='));
    let until = parts.into_iter().find(|(name, _)| name.eq_ignore_ascii_case("UNTIL"));
    until.and_then(|(_, value)| Moment::parse(value))
}

/// The last two are RFC 7529's.
const PARTS: &[&str] = &[
    "FREQ",
    "UNTIL",
    "COUNT",
    "INTERVAL",
    "BYSECOND",
    "BYMINUTE",
    "BYHOUR",
    "BYDAY",
    "BYMONTHDAY",
    "BYYEARDAY",
    "BYWEEKNO",
    "BYMONTH",
    "BYSETPOS",
    "WKST",
    "RSCALE",
    "SKIP",
];

const FREQUENCIES: &[&str] = &["SECONDLY", "MINUTELY", "HOURLY", "DAILY", "WEEKLY", "MONTHLY", "YEARLY"];
const WEEKDAYS: &[&str] = &["MO", "TU", "WE", "TH", "FR", "SA", "SU"];

/// What a part must be, if it isn't.
fn expected(name: &str, value: &str) -> Option<&'static str> {
    let is_one_of = |words: &[&str]| words.iter().any(|word| value.eq_ignore_ascii_case(word));
    let all = |fits: &dyn Fn(&str) -> bool| value.split(',').all(fits);
    let from =
        |least: u32, most: u32| all(&|one: &str| number(one).is_some_and(|n| (least..=most).contains(&n)));
    let either_sign =
        |most: u32| all(&|one: &str| number(unsigned(one)).is_some_and(|n| (1..=most).contains(&n)));
    let (fits, expected) = match name {
        "FREQ" => (is_one_of(FREQUENCIES), "DAILY, WEEKLY, MONTHLY or YEARLY, or a shorter one"),
        "UNTIL" => (Moment::parse(value).is_some(), "a date, or a time that ends with `Z`"),
        "COUNT" | "INTERVAL" => (number(value).is_some_and(|n| n > 0), "a whole number from 1"),
        "BYSECOND" => (from(0, 60), "from 0 to 60"),
        "BYMINUTE" => (from(0, 59), "from 0 to 59"),
        "BYHOUR" => (from(0, 23), "from 0 to 23"),
        "BYDAY" => (all(&is_weekday), "weekdays: MO, or -1SU for the last Sunday"),
        "BYMONTHDAY" => (either_sign(31), "from 1 to 31, or from -31 to -1"),
        "BYYEARDAY" | "BYSETPOS" => (either_sign(366), "from 1 to 366, or from -366 to -1"),
        "BYWEEKNO" => (either_sign(53), "from 1 to 53, or from -53 to -1"),
        // With an L for the leap month of other calendars (RFC 7529, 4.2).
        "BYMONTH" => {
            let month = |one: &str| number(one.trim_end_matches('L')).is_some_and(|n| (1..=12).contains(&n));
            (all(&month), "from 1 to 12")
        }
        "WKST" => (is_one_of(WEEKDAYS), "a weekday: MO"),
        _ => (true, ""),
    };
    (!fits).then_some(expected)
}

fn is_weekday(text: &str) -> bool {
    let day = text.len().checked_sub(2).and_then(|at| text.split_at_checked(at));
    let Some((ordinal, day)) = day else { return false };
    let fits = ordinal.is_empty() || number(unsigned(ordinal)).is_some_and(|n| (1..=53).contains(&n));
    fits && WEEKDAYS.iter().any(|known| day.eq_ignore_ascii_case(known))
}

fn unsigned(text: &str) -> &str {
    text.strip_prefix(['+', '-']).unwrap_or(text)
}

fn number(text: &str) -> Option<u32> {
    text.bytes().all(|byte| byte.is_ascii_digit()).then(|| text.parse().ok()).flatten()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_rule_that_can_be_followed() {
        for rule in [
            "FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU",
            "FREQ=WEEKLY;INTERVAL=2;UNTIL=20251231T230000Z;WKST=SU;BYDAY=TU,TH",
            "freq=monthly;byday=mo,tu;bysetpos=-1;count=10",
            "FREQ=YEARLY;BYYEARDAY=-366,1;BYWEEKNO=53;BYHOUR=0,23;BYMINUTE=59;BYSECOND=60",
            "RSCALE=HEBREW;FREQ=YEARLY;BYMONTH=5L;BYMONTHDAY=8;SKIP=FORWARD",
            "FREQ=DAILY;UNTIL=20251231",
        ] {
            assert_eq!(wrong(rule), None, "{rule}");
        }
    }

    #[test]
    fn a_rule_that_cannot() {
        for rule in [
            "",
            "BYMONTH=3",
            "FREQ=OFTEN",
            "FREQ=YEARLY;BYMONTH=13",
            "FREQ=YEARLY;BYMONTH=0",
            "FREQ=MONTHLY;BYMONTHDAY=32",
            "FREQ=MONTHLY;BYDAY=1MÅ",
            "FREQ=MONTHLY;BYDAY=54MO",
            "FREQ=DAILY;INTERVAL=0",
            "FREQ=DAILY;COUNT=",
            "FREQ=DAILY;COUNT=99999999999",
            "FREQ=DAILY;COUNT=2;UNTIL=20251231",
            "FREQ=DAILY;FREQ=DAILY",
            "FREQ=DAILY;UNTIL=20250229",
            "FREQ=DAILY;",
            "FREQ=DAILY;BYEASTER=1",
        ] {
            assert!(wrong(rule).is_some(), "{rule}");
        }
    }
}
