//! How an item is followed up: in words, or with measures that have values.
//!
//! A period is written as people write it: "2025", "2025 T1", "Q2 2025", "2025-03". What is awaited on a day is the
//! value of the last period that has ended, of the kind that the measure's values have had; without any, tertials.

use jiff::ToSpan;
use jiff::civil::Date;
use serde::Serialize;

use super::register::Followed;

/// A measure, as far as follow-up depends on it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Measured {
    /// What is measured.
    pub name: String,
    /// The periods that some region has a value for, as they were written.
    pub periods: Vec<String>,
}

/// How a row is followed up on a day.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(tag = "follow-up", rename_all = "kebab-case")]
pub enum FollowUp {
    /// "Uppföljning saknas": neither words nor a measure with a value.
    Missing,
    /// "Mätvärde saknas": these measures have no value for their last period.
    ValueMissing {
        /// Measure and period.
        measures: Vec<(String, String)>,
    },
    /// As it should be.
    Followed,
}

/// How a row is followed up on `day`.
#[must_use]
pub fn follow_up(followed: &Followed, day: Date) -> FollowUp {
    let measures: Vec<(String, String)> =
        followed.measures.iter().filter_map(|m| Some((m.name.clone(), lacks(m, day)?))).collect();
    match (followed.follow_up, measures.is_empty()) {
        (_, false) => FollowUp::ValueMissing { measures },
        (false, true) => FollowUp::Missing,
        (true, true) => FollowUp::Followed,
    }
}

/// The period that a measure lacks a value for on `day`; none if it has it, or a later one.
#[must_use]
pub fn lacks(measured: &Measured, day: Date) -> Option<String> {
    let spans: Vec<(Kind, Date)> = measured.periods.iter().filter_map(|period| read(period)).collect();
    let kind = kind_of(&spans);
    let awaited = kind.last_ended(day);
    let has = spans.iter().any(|(kind, first)| kind.last(*first) >= awaited);
    (!has).then(|| kind.label(awaited))
}

/// The period whose value is awaited on `day` after values for `periods`, whether it has come or not: the last that
/// has ended, as long as the newest of them.
#[must_use]
pub fn awaited<'a>(periods: impl IntoIterator<Item = &'a str>, day: Date) -> String {
    let spans: Vec<(Kind, Date)> = periods.into_iter().filter_map(read).collect();
    let kind = kind_of(&spans);
    kind.label(kind.last_ended(day))
}

/// How long the newest of `spans` is.
fn kind_of(spans: &[(Kind, Date)]) -> Kind {
    let newest = spans.iter().max_by_key(|(kind, first)| kind.last(*first));
    newest.map_or(Kind::Tertial, |(kind, _)| *kind)
}

/// How long a period is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Month,
    Quarter,
    Tertial,
    Half,
    Year,
}

impl Kind {
    fn months(self) -> i8 {
        match self {
            Self::Month => 1,
            Self::Quarter => 3,
            Self::Tertial => 4,
            Self::Half => 6,
            Self::Year => 12,
        }
    }

    /// The last day of the period that begins on `first`.
    fn last(self, first: Date) -> Date {
        let next = first.checked_add(i32::from(self.months()).months());
        next.and_then(Date::yesterday).unwrap_or(first)
    }

    /// The last day of the last period that has ended before `day`.
    fn last_ended(self, day: Date) -> Date {
        let month = (day.month() - 1) / self.months() * self.months() + 1;
        Date::new(day.year(), month, 1).and_then(Date::yesterday).unwrap_or(day)
    }

    /// The period that ends on `last`, as people write it.
    fn label(self, last: Date) -> String {
        let (year, number) = (last.year(), (last.month() - 1) / self.months() + 1);
        match self {
            Self::Month => format!("{year}-{number:02}"),
            Self::Quarter => format!("{year} Q{number}"),
            Self::Tertial => format!("{year} T{number}"),
            Self::Half => format!("{year} H{number}"),
            Self::Year => year.to_string(),
        }
    }
}

/// The kind and the first day of a period; none for words that aren't one.
fn read(period: &str) -> Option<(Kind, Date)> {
    let words = period.to_lowercase().replace(['-', '_', '/', '.'], " ");
    let mut words = words.split_whitespace().collect::<Vec<_>>();
    let at = words.iter().position(|w| w.len() == 4 && w.bytes().all(|b| b.is_ascii_digit()))?;
    let year: i16 = words.remove(at).parse().ok()?;
    let rest = words.concat();
    let digits = rest.trim_start_matches(|c: char| !c.is_ascii_digit());
    let kind = match rest.trim_end_matches(|c: char| c.is_ascii_digit()) {
        "" if digits.is_empty() => Kind::Year,
        "år" | "helår" if digits.is_empty() => Kind::Year,
        "" => Kind::Month,
        "q" | "k" | "kv" | "kvartal" => Kind::Quarter,
        "t" | "tertial" => Kind::Tertial,
        "h" | "halvår" => Kind::Half,
        _ => return None,
    };
    let number: i8 = if kind == Kind::Year { 1 } else { digits.parse().ok()? };
    let month = number.checked_sub(1)?.checked_mul(kind.months())?.checked_add(1)?;
    Some((kind, Date::new(year, month, 1).ok()?))
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    fn measured(periods: &[&str]) -> Measured {
        Measured { name: "Svarstid".to_owned(), periods: periods.iter().map(|p| (*p).to_owned()).collect() }
    }

    #[test]
    fn periods_are_read_as_people_write_them() {
        let shown = |text| read(text).map(|(kind, first)| kind.label(kind.last(first)));
        for (text, label) in [
            ("2025", "2025"),
            ("helår 2025", "2025"),
            ("2025 T1", "2025 T1"),
            ("T3 2025", "2025 T3"),
            ("kvartal 2 2025", "2025 Q2"),
            ("2025-03", "2025-03"),
            ("2025 H2", "2025 H2"),
        ] {
            assert_eq!(shown(text).as_deref(), Some(label), "{text}");
        }
        for text in ["våren", "2025 T4", "2025 x1", "2025 T0", "25 T1", "", "2025 13"] {
            assert_eq!(read(text), None, "{text}");
        }
    }

    #[test]
    fn the_last_period_that_has_ended_is_awaited() {
        let day = date(2025, 5, 20);
        assert_eq!(lacks(&measured(&[]), day).as_deref(), Some("2025 T1"));
        assert_eq!(lacks(&measured(&["2024 T3"]), day).as_deref(), Some("2025 T1"));
        assert_eq!(lacks(&measured(&["2025 T1"]), day), None);
        assert_eq!(lacks(&measured(&["2024"]), day), None, "by year: that of last year is the last");
        assert_eq!(lacks(&measured(&["2024"]), date(2026, 1, 2)).as_deref(), Some("2025"));
        assert_eq!(lacks(&measured(&["2025 Q2"]), day), None, "that of the present one is newer still");
        assert_eq!(lacks(&measured(&["våren"]), day).as_deref(), Some("2025 T1"), "no period can be told");
    }

    #[test]
    fn a_form_asks_for_the_period_that_is_waited_for() {
        for (periods, day, period) in [
            (&[][..], date(2025, 10, 6), "2025 T2"),
            (&[][..], date(2026, 1, 1), "2025 T3"),
            (&["2025 T1", "2025 T2"], date(2025, 10, 6), "2025 T2"),
            (&["2024", "2025 Q1"], date(2025, 10, 6), "2025 Q3"),
        ] {
            assert_eq!(awaited(periods.iter().copied(), day), period, "{periods:?} on {day}");
            let lacking = lacks(&measured(periods), day);
            assert!(lacking.is_none_or(|lacking| lacking == period), "{periods:?} on {day}");
        }
    }

    #[test]
    fn words_are_a_follow_up_and_a_measure_without_value_is_none() {
        let day = date(2025, 5, 20);
        let row = |words, periods: Option<&[&str]>| Followed {
            follow_up: words,
            measures: periods.map(measured).into_iter().collect(),
            ..Followed::default()
        };
        assert_eq!(follow_up(&row(false, None), day), FollowUp::Missing);
        assert_eq!(follow_up(&row(true, None), day), FollowUp::Followed);
        assert_eq!(follow_up(&row(true, Some(&["2025 T1"])), day), FollowUp::Followed);
        let missing = vec![("Svarstid".to_owned(), "2025 T1".to_owned())];
        assert_eq!(
            follow_up(&row(true, Some(&["2024 T3"])), day),
            FollowUp::ValueMissing { measures: missing }
        );
    }
}
