//! A dated line, taken apart.

use std::ops::Range;

use crate::import::meetings::pieces::{CUT, tidy};
use crate::import::notation::{Clock, Found, Notation, Stretch, Written, Wrong};

/// What a dated line has, and where.
#[derive(Debug, Default)]
pub(super) struct Parts {
    pub days: Vec<(Range<usize>, Stretch)>,
    pub wrong: Vec<(Range<usize>, Wrong)>,
    pub clock: Option<Clock>,
    pub weeks: Option<Stretch>,
    /// What is cut out of the text.
    pub used: Vec<Range<usize>>,
}

/// Where brackets are, from the opening to after the closing one.
fn bracketed(text: &str) -> Vec<Range<usize>> {
    let mut ranges = Vec::new();
    let mut at = 0;
    while let Some(open) = text[at..].find('(').map(|i| at + i) {
        let Some(close) = text[open..].find(')').map(|i| open + i + 1) else { break };
        ranges.push(open..close);
        at = close;
    }
    ranges
}

/// Days, time and week of a line. A date in brackets is a remark; a time or a week alone in brackets is not.
pub(super) fn parts(text: &str, found: &[Found]) -> Parts {
    let brackets = bracketed(text);
    let mut parts = Parts::default();
    for Found { range, what } in found {
        let around = brackets.iter().find(|b| b.contains(&range.start));
        let whole = around.filter(|b| tidy(&text[b.start + 1..b.end - 1]) == tidy(&text[range.clone()]));
        let place = match (around, whole) {
            (None, _) => range.clone(),
            (Some(_), Some(bracket)) => bracket.clone(),
            (Some(_), None) => continue,
        };
        match what {
            Notation::Clock(clock) if parts.clock.is_none() => {
                parts.clock = Some(*clock);
                parts.used.push(place);
            }
            Notation::Stretch(stretch) => match stretch.written {
                Written::Days { .. } if around.is_none() => {
                    if parts.days.is_empty() {
                        parts.used.push(place);
                    }
                    parts.days.push((range.clone(), *stretch));
                }
                Written::Weeks { .. } if parts.weeks.is_none() => {
                    parts.weeks = Some(*stretch);
                    parts.used.push(place);
                }
                _ => {}
            },
            Notation::Wrong(wrong) if around.is_none() => parts.wrong.push((range.clone(), wrong.clone())),
            _ => {}
        }
    }
    parts
}

/// A text with a mark where each range was.
pub(super) fn cut(text: &str, used: &[Range<usize>]) -> String {
    let mut ranges = used.to_vec();
    ranges.sort_by_key(|r| r.start);
    let mut left = String::new();
    let mut at = 0;
    for range in ranges {
        if range.start >= at {
            left.push_str(&text[at..range.start]);
            left.push(CUT);
            at = range.end;
        }
    }
    left.push_str(&text[at..]);
    left
}

/// The words between listed dates, left out.
pub(super) fn without_and(text: &str) -> String {
    let keep = |part: &&str| !matches!(part.trim(), "och" | "samt" | "resp." | "resp");
    text.split(CUT).filter(keep).collect::<Vec<_>>().join("\u{1f}")
}
