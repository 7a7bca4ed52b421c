//! Room between what a person hears of one unit, whichever watches it comes from.

use jiff::Timestamp;
use jiff::civil::Date;

use crate::calendar::{QuietPeriods, today, window_of_day, workdays_between, workdays_from};

/// Nobody hears of the same unit again within so many workdays.
const SPACING: i32 = 5;

/// Something that a person would hear of a unit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Heard {
    /// When it would leave by itself.
    pub at: Timestamp,
    /// What goes first of what would leave at one moment: red before the rest, then in the files' order.
    pub rank: (bool, usize),
    /// Whose turn it is: of one series the next message says what an earlier one would have said.
    pub series: usize,
    /// It goes up the line, so nothing stands in for it.
    pub handed_over: bool,
}

/// The moments at which something was answered about a unit. An answer may change what the unit is, and then what
/// had been said of it shortly before isn't in the plan any more; it has reached somebody all the same.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Spoken<'a> {
    /// Answers to what this person was asked too.
    pub own: &'a [Timestamp],
    /// Every answer about the unit: what isn't red keeps apart from all of them.
    pub all: &'a [Timestamp],
}

/// When each of `heard` leaves, in their order: later than by itself where something else about the unit has just
/// been heard; none for what its own series repeats by then.
pub(super) fn spaced(quiet: &QuietPeriods, heard: &[Heard], spoken: Spoken<'_>) -> Vec<Option<Timestamp>> {
    let mut order: Vec<usize> = (0..heard.len()).collect();
    order.sort_by_key(|i| heard.get(*i).map(|h| (h.at, h.rank)));
    let mut leaves = vec![None; heard.len()];
    let mut last: Option<Date> = None;
    for (place, &i) in order.iter().enumerate() {
        let Some(own) = heard.get(i) else { continue };
        let spoken = if own.rank.0 { spoken.all } else { spoken.own };
        let at = first_free(quiet, own.at, last, spoken);
        let mut following = order.iter().skip(place + 1).filter_map(|i| heard.get(*i));
        let repeated = !own.handed_over
            && following.any(|other| other.series == own.series && today(other.at) <= today(at));
        if repeated {
            continue;
        }
        last = Some(today(at));
        if let Some(leaves) = leaves.get_mut(i) {
            *leaves = Some(at);
        }
    }
    leaves
}

/// `at`, or the morning of the first day after it that is far enough from `last` and from everything `spoken`.
fn first_free(quiet: &QuietPeriods, at: Timestamp, last: Option<Date>, spoken: &[Timestamp]) -> Timestamp {
    let mut at = at;
    loop {
        let spoken = spoken.iter().filter(|moment| **moment <= at).map(|moment| today(*moment));
        let latest = spoken.chain(last).max();
        match latest.filter(|latest| workdays_between(*latest, today(at)) < SPACING) {
            None => return at,
            Some(latest) => {
                let free = quiet.first_open_workday(workdays_from(latest, SPACING));
                // Each round lies after the one before: a day so far after `latest` is far enough from it.
                at = window_of_day(free).max(at);
                if today(at) < free || workdays_between(latest, free) < SPACING {
                    return at;
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;
    use proptest::collection::vec;
    use proptest::prelude::{prop_assert, proptest};

    use super::*;

    fn heard(day: Date, series: usize) -> Heard {
        Heard { at: window_of_day(day), rank: (true, series), series, handed_over: false }
    }

    fn days(heard: &[Heard], spoken: &[Timestamp]) -> Vec<Option<Date>> {
        let spoken = Spoken { own: &[], all: spoken };
        let leaves = spaced(&QuietPeriods::default(), heard, spoken);
        leaves.into_iter().map(|at| at.map(today)).collect()
    }

    #[test]
    fn what_comes_too_soon_waits_and_what_is_repeated_by_then_is_dropped() {
        let (monday, next) = (date(2025, 3, 3), date(2025, 3, 10));
        let red = Heard { rank: (false, 7), ..heard(monday, 7) };
        assert_eq!(days(&[heard(monday, 1), red], &[]), [Some(next), Some(monday)], "red goes first");
        // A weekly message and another beside it: the other is not put off for ever, nor is the weekly one.
        let weekly = [monday, next, date(2025, 3, 17)].map(|day| heard(day, 1));
        let all = [&weekly[..], &[heard(date(2025, 3, 4), 2)]].concat();
        assert_eq!(days(&all, &[]), [Some(monday), None, Some(date(2025, 3, 17)), Some(next)]);
    }

    #[test]
    fn who_has_just_answered_is_left_alone() {
        let tuesday = window_of_day(date(2025, 3, 4));
        assert_eq!(days(&[heard(date(2025, 3, 5), 1)], &[tuesday]), [Some(date(2025, 3, 11))]);
        assert_eq!(days(&[heard(date(2025, 3, 3), 1)], &[tuesday]), [Some(date(2025, 3, 3))]);
    }

    proptest! {
        #[test]
        fn five_workdays_lie_between_any_two(
            starts in vec((0..200_i64, 0..4_usize), 0..30),
            spoken in vec(0..200_i64, 0..4),
        ) {
            let day = |n: i64| QuietPeriods::default().first_open_workday(date(2025, 5, 5) + jiff::Span::new().days(n));
            let all: Vec<Heard> = starts.iter().map(|(n, series)| heard(day(*n), *series)).collect();
            let spoken: Vec<Timestamp> = spoken.iter().map(|n| window_of_day(day(*n))).collect();
            let mut left: Vec<Date> = days(&all, &spoken).into_iter().flatten().collect();
            left.sort_unstable();
            for pair in left.windows(2) {
                prop_assert!(workdays_between(pair[0], pair[1]) >= SPACING, "{pair:?}");
            }
            for (own, leaves) in all.iter().zip(days(&all, &spoken)) {
                prop_assert!(leaves.is_none_or(|day| day >= today(own.at)), "never early");
                prop_assert!(leaves.is_none_or(|day| QuietPeriods::default().is_open(day)));
            }
        }
    }
}
