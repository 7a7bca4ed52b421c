//! Text with a form of its own: an id, a day of the year.

use crate::calendar::{MonthDay, MonthDayError};
use crate::ids::{is_slug, slug};

/// A form of text. The check is what counts; the pattern says the same to editors, and a test compares them.
#[derive(Clone, Copy, Debug)]
pub struct Form {
    /// With its article: "a day of the year".
    pub name: &'static str,
    /// The code of its faults.
    pub code: &'static str,
    /// A regular expression (ECMA 262) for the whole text.
    pub pattern: &'static str,
    /// A text that has the form.
    pub example: &'static str,
    /// Whether a text has the form.
    pub check: fn(&str) -> Result<(), Trouble>,
}

/// What is wrong with a text, before it is known where it stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Trouble {
    /// What is wrong.
    pub message: String,
    /// What to write instead.
    pub suggestion: Option<String>,
}

impl Trouble {
    /// A trouble with advice.
    pub fn new(message: impl Into<String>, suggestion: impl Into<String>) -> Self {
        Self { message: message.into(), suggestion: Some(suggestion.into()) }
    }
}

/// An id: lower-case letters a-z, digits and single hyphens.
pub const SLUG: Form = Form {
    name: "an id",
    code: "bad-id",
    pattern: "^[a-z0-9]+(-[a-z0-9]+)*$",
    example: "varmote",
    check: |text| {
        if is_slug(text) {
            return Ok(());
        }
        let message = format!("`{text}` is no id: it has letters a-z, digits and hyphens only");
        let better = slug(text);
        Err(Trouble { message, suggestion: (!better.is_empty()).then(|| format!("write `{better}`")) })
    },
};

/// A day of any year.
pub const MONTH_DAY: Form = Form {
    name: "a day of the year",
    code: "bad-month-day",
    pattern: "^((0[13578]|1[02])-(0[1-9]|[12][0-9]|3[01])|(0[469]|11)-(0[1-9]|[12][0-9]|30)|02-(0[1-9]|[12][0-9]))$",
    example: "04-15",
    check: |text| match MonthDay::parse(text) {
        Ok(_) => Ok(()),
        Err(MonthDayError::NoSuchDay(_)) => {
            Err(Trouble::new(format!("there is no day `{text}`"), "write month and day, such as `04-15`"))
        }
        Err(MonthDayError::Shape(_)) => {
            Err(Trouble::new(format!("`{text}` is no day of the year"), month_day_hint(text)))
        }
    },
};

/// What "15/4" and "2025-04-15" were probably meant to be.
fn month_day_hint(text: &str) -> String {
    let swedish = text
        .split_once('/')
        .and_then(|(day, month)| MonthDay::new(month.trim().parse().ok()?, day.trim().parse().ok()?));
    let dated = || text.parse::<jiff::civil::Date>().ok().map(MonthDay::of);
    match swedish.or_else(dated) {
        Some(day) => format!("write month and day: `{day}`"),
        None => "write month and day, such as `04-15`".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_wrong_form_says_the_right_one() {
        let trouble = (SLUG.check)("Mer tid").unwrap_err();
        assert_eq!(trouble.suggestion.unwrap(), "write `mer-tid`");
        assert_eq!(
            (MONTH_DAY.check)("15/4").unwrap_err().suggestion.unwrap(),
            "write month and day: `04-15`"
        );
        let dated = (MONTH_DAY.check)("2025-04-15").unwrap_err();
        assert_eq!(dated.suggestion.unwrap(), "write month and day: `04-15`");
        assert_eq!((MONTH_DAY.check)("04-31").unwrap_err().message, "there is no day `04-31`");
    }
}
