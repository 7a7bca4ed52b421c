//! The forms of text in workflow files: moments, lengths of time, roles and pointers to other files.

use crate::calendar::{Offset, OffsetError, Side};
use crate::grammar::{Form, Trouble};
use crate::ids::{EntryId, RoleId, StepId, WorkflowId, is_slug, slug};
use crate::organisation::file::is_name;
use crate::workflow::model::{Anchor, Interval, Moment};

/// The most that an offset may count. More is a slip of the pen.
const MOST: u16 = 999;

/// The words that a moment can be counted from, beside the ids of steps.
pub(super) const ANCHORS: [&str; 6] = ["start", "end", "opens", "closes", "expected", "due"];

/// A day relative to something: `10 workdays before start`.
pub(super) const MOMENT: Form = Form {
    name: "a moment",
    code: "bad-moment",
    pattern: "^ *[1-9][0-9]? *% +of +period *$|^ *([0-9]{1,3} +(workday|day|week|month)s? +(before|after) +)?[a-z0-9]+(-[a-z0-9]+)*(\\.due)? *$",
    example: "10 workdays before start",
    check: |text| read_moment(text).map(drop),
};

/// When a watch nudges first: `20 workdays after since`, or `at once`.
pub(super) const FIRST: Form = Form {
    name: "a first moment",
    code: "bad-moment",
    pattern: "^ *(at +once|[0-9]{1,3} +(workday|day|week|month)s? +after +since) *$",
    example: "20 workdays after since",
    check: |text| read_first(text).map(drop),
};

/// A length of time: `20 workdays`.
pub(super) const INTERVAL: Form = Form {
    name: "a length of time",
    code: "bad-interval",
    pattern: "^ *0*[1-9][0-9]{0,2} +(workday|day|week|month)s? *$",
    example: "20 workdays",
    check: |text| read_interval(text).map(drop),
};

/// How long an answer gives rest: `20 workdays`, or `date`: until the day that comes with it.
pub(super) const REST: Form = Form {
    name: "a length of time",
    code: "bad-interval",
    pattern: "^ *(0*[1-9][0-9]{0,2} +(workday|day|week|month)s?|date) *$",
    example: "20 workdays",
    check: |text| read_rest(text).map(drop),
};

/// A quarter of a year: `2025-Q1`.
pub(super) const QUARTER: Form = Form {
    name: "a quarter",
    code: "bad-quarter",
    pattern: "^(199[0-9]|2[01][0-9]{2})-Q[1-4]$",
    example: "2025-Q1",
    check: |text| match read_quarter(text) {
        Some(_) => Ok(()),
        None => {
            Err(Trouble::new(format!("`{text}` is no quarter"), "write year and quarter, such as `2025-Q1`"))
        }
    },
};

/// Who gets something: `processtöd`, `rag/ordförande`, `owner`.
pub(super) const ROLE_PATH: Form = Form {
    name: "a role",
    code: "bad-role",
    pattern: "^[A-Za-zÅÄÖÉÜåäöéü0-9][A-Za-zÅÄÖÉÜåäöéü0-9 :-]*(/[A-Za-zÅÄÖÉÜåäöéü0-9][A-Za-zÅÄÖÉÜåäöéü0-9 :-]*)?$",
    example: "processtöd",
    check: |text| match read_role_path(text) {
        Some(_) => Ok(()),
        None => Err(Trouble::new(
            format!("`{text}` is no role"),
            "write a role such as `processtöd`, or body and role such as `rsl/sekreterare`",
        )),
    },
};

/// A body or a kind: its id, or the title that the id is made of.
pub(super) const BODY: Form = Form {
    name: "a body or a kind",
    code: "bad-name",
    pattern: "^[A-Za-zÅÄÖÉÜåäöéü0-9][A-Za-zÅÄÖÉÜåäöéü0-9 :-]*$",
    example: "rpo",
    check: |text| match read_name(text) {
        Some(_) => Ok(()),
        None => Err(Trouble::new(
            format!("`{text}` is no body and no kind"),
            "write an id such as `rpo` or `rpo-medicinsk-diagnostik`",
        )),
    },
};

/// Another workflow file: `nationell/remisser`.
pub(super) const WORKFLOW: Form = Form {
    name: "a workflow",
    code: "bad-pointer",
    pattern: "^[a-z0-9]+(-[a-z0-9]+)*(/[a-z0-9]+(-[a-z0-9]+)*)*$",
    example: "nationell/remisser",
    check: |text| {
        let advice = "write the file's path without `.toml`, such as `nationell/remisser`";
        is_path(text).then_some(()).ok_or_else(|| Trouble::new(format!("`{text}` is no workflow"), advice))
    },
};

/// Another's calendar: `rpo-diagnostik`, which the configuration gives an address, or `https://...`.
pub(super) const CALENDAR: Form = Form {
    name: "a calendar",
    code: "bad-calendar",
    pattern: "^([a-z0-9]+(-[a-z0-9]+)*|(https|webcal)://[A-Za-z0-9.-]+(:[0-9]{1,5})?/[!-~]*)$",
    example: "rpo-diagnostik",
    check: |text| {
        let advice = "write a name such as `rpo-diagnostik` and its address under [calendars.sources] in \
                      arshjul.toml, or a public address that begins with https:// or webcal://";
        let known = is_slug(text) || is_address(text);
        known.then_some(()).ok_or_else(|| Trouble::new(format!("`{text}` is no calendar"), advice))
    },
};

/// Whether `text` is an address with a path, as calendars have.
fn is_address(text: &str) -> bool {
    let rest = text.strip_prefix("https://").or_else(|| text.strip_prefix("webcal://"));
    let Some((host, path)) = rest.and_then(|rest| rest.split_once('/')) else { return false };
    let (name, port) = host.split_once(':').map_or((host, None), |(name, port)| (name, Some(port)));
    let is_port = |port: &str| (1..=5).contains(&port.len()) && port.bytes().all(|b| b.is_ascii_digit());
    !name.is_empty()
        && name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'.' || b == b'-')
        && port.is_none_or(is_port)
        && path.bytes().all(|b| b.is_ascii_graphic())
}

/// The occasions of another file, all or those of one entry: `nationell/remisser:sommar`.
pub(super) const OCCASIONS: Form = Form {
    name: "a pointer to occasions",
    code: "bad-pointer",
    pattern: "^[a-z0-9]+(-[a-z0-9]+)*(/[a-z0-9]+(-[a-z0-9]+)*)*(:[a-z0-9]+(-[a-z0-9]+)*)?$",
    example: "nationell/remisser",
    check: |text| {
        let advice = "write `nationell/remisser`, or `nationell/remisser:sommar` for one of its entries";
        let trouble = || Trouble::new(format!("`{text}` points to no occasions"), advice);
        read_occasions(text).map(drop).ok_or_else(trouble)
    },
};

/// A step of another file: `nationell/remisser#fordela`.
pub(super) const STEP_OF: Form = Form {
    name: "a pointer to a step",
    code: "bad-pointer",
    pattern: "^[a-z0-9]+(-[a-z0-9]+)*(/[a-z0-9]+(-[a-z0-9]+)*)*#[a-z0-9]+(-[a-z0-9]+)*$",
    example: "nationell/remisser#fordela",
    check: |text| {
        let trouble =
            || Trouble::new(format!("`{text}` points to no step"), "write `nationell/remisser#fordela`");
        read_step_of(text).map(drop).ok_or_else(trouble)
    },
};

fn words(text: &str) -> Vec<&str> {
    text.split(' ').filter(|word| !word.is_empty()).collect()
}

/// Reads a moment. An anchor that is no reserved word is a step; whether there is one is not known here.
pub(super) fn read_moment(text: &str) -> Result<Moment, Trouble> {
    const ADVICE: &str = "write an anchor such as `start`, or a distance such as `10 workdays before start`";
    match words(text).as_slice() {
        [share @ .., "of", "period"] => match read_share(&share.concat()) {
            Some(percent) => Ok(Moment { offset: None, anchor: Anchor::Share(percent) }),
            None => Err(Trouble::new(
                format!("`{text}` is no share"),
                "write a whole number from 1 to 99, such as `60 % of period`",
            )),
        },
        [anchor] => Ok(Moment { offset: None, anchor: read_anchor(anchor)? }),
        [count, unit, side, anchor] => {
            let offset = Some(read_offset(&[count, unit, side])?);
            Ok(Moment { offset, anchor: read_anchor(anchor)? })
        }
        [count, unit, side] if read_offset(&[count, unit, side]).is_ok() => {
            let advice = format!("write `{} start`, or another anchor", words(text).join(" "));
            Err(Trouble::new(format!("`{text}` doesn't say {side} what"), advice))
        }
        _ => Err(Trouble::new(format!("`{text}` is no moment"), ADVICE)),
    }
}

fn read_share(text: &str) -> Option<u8> {
    let digits = text.strip_suffix('%')?;
    let plain = digits.len() <= 2 && !digits.starts_with('0') && digits.bytes().all(|b| b.is_ascii_digit());
    plain.then(|| digits.parse().ok()).flatten()
}

fn read_anchor(text: &str) -> Result<Anchor, Trouble> {
    Ok(match text {
        "start" | "opens" => Anchor::Start,
        "end" | "closes" => Anchor::End,
        "expected" => Anchor::Expected,
        "due" => Anchor::Due,
        _ => match text.strip_suffix(".due") {
            Some(step) if is_slug(step) => Anchor::DueOf(StepId::from(step)),
            None if is_slug(text) => Anchor::Answered(StepId::from(text)),
            _ => {
                let advice = "write `start`, `end`, `opens`, `closes`, `expected`, `due` or the id of a step";
                return Err(Trouble::new(format!("`{text}` is no anchor"), advice));
            }
        },
    })
}

fn read_offset(words: &[&str]) -> Result<Offset, Trouble> {
    let text = words.join(" ");
    let offset = Offset::parse(&text).map_err(|error| {
        let message = |what: &str, text: &str| format!("`{text}` is no {what}");
        match error {
            OffsetError::NotThreeWords(text) => {
                Trouble::new(message("distance", &text), "write three words such as `10 workdays before`")
            }
            OffsetError::BadNumber(text) => {
                Trouble::new(message("count", &text), format!("write a whole number from 0 to {MOST}"))
            }
            OffsetError::UnknownUnit(text) => {
                Trouble::new(message("unit", &text), "write `workdays`, `days`, `weeks` or `months`")
            }
            OffsetError::UnknownSide(text) => {
                Trouble::new(message("side", &text), "write `before` or `after`")
            }
        }
    })?;
    let digits = words.first().map_or(0, |count| count.len());
    if offset.count > MOST || digits > 3 {
        let message = format!("`{}` is too far", offset.count);
        return Err(Trouble::new(message, format!("write a whole number from 0 to {MOST}")));
    }
    Ok(offset)
}

/// Reads when a watch nudges first; `None` is at once.
pub(super) fn read_first(text: &str) -> Result<Option<Offset>, Trouble> {
    match words(text).as_slice() {
        ["at", "once"] => Ok(None),
        [count, unit, "after", "since"] => read_offset(&[count, unit, "after"]).map(Some),
        _ => Err(Trouble::new(
            format!("`{text}` is no first moment"),
            "write `at once`, or a distance such as `20 workdays after since`",
        )),
    }
}

/// Reads a length of time.
pub(super) fn read_interval(text: &str) -> Result<Interval, Trouble> {
    let trouble =
        || Trouble::new(format!("`{text}` is no length of time"), "write `20 workdays`, at least 1");
    let parts = words(text);
    let &[count, unit] = parts.as_slice() else { return Err(trouble()) };
    let significant = count.trim_start_matches('0');
    if significant.is_empty() || significant.len() > 3 {
        return Err(trouble());
    }
    let Offset { count, unit, side: Side::After } = read_offset(&[significant, unit, "after"])? else {
        return Err(trouble());
    };
    Ok(Interval { count, unit })
}

/// Reads how long an answer gives rest; `None` is until the day that comes with it.
pub(super) fn read_rest(text: &str) -> Result<Option<Interval>, Trouble> {
    if text.trim_matches(' ') == "date" { Ok(None) } else { read_interval(text).map(Some) }
}

/// Reads year and quarter (1-4).
pub(super) fn read_quarter(text: &str) -> Option<(i16, i8)> {
    let (year, quarter) = text.split_once("-Q")?;
    let year: i16 = (year.len() == 4).then(|| year.parse().ok()).flatten()?;
    let quarter = match quarter {
        "1" => 1,
        "2" => 2,
        "3" => 3,
        "4" => 4,
        _ => return None,
    };
    (1990..=2199).contains(&year).then_some((year, quarter))
}

/// A role, and in which body or kind: `rag/ordförande` is (`rag`, `ordforande`).
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct RolePath {
    /// The part before the stroke: a body or a kind, not yet known which.
    pub of: Option<Name>,
    pub role: RoleId,
    /// The role as it was written.
    pub title: String,
}

/// The name of a body, a kind or a role: an id, or a title that an id is made of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Name {
    /// The id.
    pub slug: String,
    /// As it was written.
    pub written: String,
}

/// Reads the name of a body or a kind.
pub(super) fn read_name(text: &str) -> Option<Name> {
    is_name(text).then(|| Name { slug: slug(text), written: text.to_owned() })
}

/// Reads a role path; both parts are turned into slugs, so that Swedish letters may be used.
pub(super) fn read_role_path(text: &str) -> Option<RolePath> {
    let (of, role) = match text.split_once('/') {
        Some((of, role)) => (Some(read_name(of)?), role),
        None => (None, text),
    };
    is_name(role).then(|| RolePath { of, role: RoleId::new(slug(role)), title: role.to_owned() })
}

fn is_path(text: &str) -> bool {
    text.split('/').all(is_slug)
}

/// Reads a pointer to all occasions of a workflow, or to those of one of its entries.
pub(super) fn read_occasions(text: &str) -> Option<(WorkflowId, Option<EntryId>)> {
    let (workflow, entry) = match text.split_once(':') {
        Some((workflow, entry)) => (workflow, Some(entry)),
        None => (text, None),
    };
    let valid = is_path(workflow) && entry.is_none_or(is_slug);
    valid.then(|| (WorkflowId::from(workflow), entry.map(EntryId::from)))
}

/// Reads a pointer to a workflow.
pub(super) fn read_workflow(text: &str) -> Option<WorkflowId> {
    is_path(text).then(|| WorkflowId::from(text))
}

/// Reads a pointer to a step of a workflow.
pub(super) fn read_step_of(text: &str) -> Option<(WorkflowId, StepId)> {
    let (workflow, step) = text.split_once('#')?;
    (is_path(workflow) && is_slug(step)).then(|| (WorkflowId::from(workflow), StepId::from(step)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::calendar::Unit;

    #[test]
    fn a_moment_reads_as_it_is_said() {
        let moment = read_moment(" 10  workdays before   start ").unwrap();
        assert_eq!(moment, read_moment("10 workdays before opens").unwrap());
        let offset = moment.offset.unwrap();
        assert_eq!((offset.count, offset.unit, offset.side), (10, Unit::Workdays, Side::Before));
        assert_eq!(read_moment(" 60 %  of period").unwrap().anchor, Anchor::Share(60));
        assert!(read_moment("0 % of period").is_err() && read_moment("100% of period").is_err());
        assert_eq!(read_moment("1 month after a-b.due").unwrap().anchor, Anchor::DueOf("a-b".into()));
        for wrong in [
            "",
            "start end",
            "10 workdays",
            "-1 days before start",
            "+1 days before start",
            "0999 days before start",
            "1 day before A",
            "a.b",
            ".due",
        ] {
            assert!(read_moment(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn a_length_of_time_is_at_least_one() {
        assert_eq!(read_interval("1 week"), Ok(Interval { count: 1, unit: Unit::Weeks }));
        assert_eq!(read_interval("0020 workdays"), Ok(Interval { count: 20, unit: Unit::Workdays }));
        for wrong in ["0 days", "1000 days", "week", "1 week after", "1 fortnight"] {
            assert!(read_interval(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn a_watch_starts_at_once_or_after() {
        assert_eq!(read_first("at once"), Ok(None));
        assert_eq!(read_first("20 workdays after since").unwrap().unwrap().count, 20);
        assert!(read_first("20 workdays before since").is_err() && read_first("since").is_err());
    }

    #[test]
    fn roles_are_named_in_swedish() {
        let path = read_role_path("kunskapsråd/ordförande").unwrap();
        assert_eq!((path.of.unwrap().slug.as_str(), path.role.as_str()), ("kunskapsrad", "ordforande"));
        assert_eq!(read_role_path("RSL:s stab").unwrap().role.as_str(), "rsl-s-stab");
        for wrong in ["", "/", "a/", "/a", "a/b/c", "-", " a", "a&b"] {
            assert_eq!(read_role_path(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn pointers_name_files_as_they_lie_in_folders() {
        let (workflow, entry) = read_occasions("nationell/remisser:sommar").unwrap();
        assert_eq!((workflow.as_str(), entry.unwrap().as_str()), ("nationell/remisser", "sommar"));
        assert_eq!(read_occasions("remisser").unwrap().1, None);
        assert_eq!(read_step_of("a/b#c").unwrap().1.as_str(), "c");
        for wrong in ["a:", ":a", "a/", "/a", "a.toml", "A", "a:b:c", "a#b"] {
            assert_eq!(read_occasions(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn quarters_have_a_year() {
        assert_eq!(read_quarter("2025-Q4"), Some((2025, 4)));
        for wrong in ["Q4", "2025-Q0", "2025-Q5", "25-Q1", "1989-Q1", "2025-q1"] {
            assert_eq!(read_quarter(wrong), None, "{wrong}");
        }
    }
}
