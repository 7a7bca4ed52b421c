//! What stands in a calendar: meetings, periods and deadlines, with their dates and rules.

use super::super::forms::{CALENDAR, QUARTER, WORKFLOW};
use super::{FOR, ID, STATUS};
use crate::grammar::{Field, MONTH_DAY, Shape, optional, required};

const ENTRY_TITLE: Field = required("title", &Shape::LINE, "What it is called, in calendars and mails.");
const NOTE: Field = optional("note", &Shape::PROSE, "A remark that follows it into calendars and pages.");
const PLACE: Field = optional("place", &Shape::LINE, "Where.");
const PREPARED_AS: Field =
    optional("prepared-as", &Shape::Form(&WORKFLOW), "The steps of that file apply to it too.");
const BY_HAND: Field =
    optional("by-hand", &Shape::Bool, "`true` if each one is entered in the program, whenever it comes.");
const LAST_DAY: Field = optional(
    "last-day",
    &Shape::LINE,
    "What its last day is called in calendars, as an event of its own: `Sista svarsdag`. Without it, it is none.",
);
const DATE_STATUS: Field = optional("status", &STATUS, "How sure it is; without it, confirmed.");

const MEETING_DATE: Shape = Shape::Table(&[
    required("start", &Shape::DateOrTime, "The first day, or the time it starts."),
    optional("end", &Shape::DateOrTime, "The last day, or the time it ends. Without it, the first day."),
    PLACE,
    NOTE,
    DATE_STATUS,
]);

const WORDS: Shape = Shape::OneOf(&[Shape::LINE, Shape::List(&Shape::LINE)]);

pub(super) const MEETING: Shape = Shape::Table(&[
    ID,
    ENTRY_TITLE,
    PLACE,
    NOTE,
    FOR,
    PREPARED_AS,
    BY_HAND,
    optional(
        "dates",
        &Shape::List(&Shape::OneOf(&[Shape::Date, MEETING_DATE])),
        "Its dates, at most one a year: `2025-02-12`, or `{ start = 2025-10-15, end = 2025-10-16 }`.",
    ),
    optional(
        "expected",
        &Shape::List(&Shape::Form(&QUARTER)),
        "Quarters in which it will be but has no date yet: `2025-Q1`.",
    ),
    optional(
        "from-calendar",
        &Shape::Form(&CALENDAR),
        "Its dates stand in another's calendar: a name under [calendars.sources] in arshjul.toml, or an address that \
         is no secret.",
    ),
    optional(
        "title-contains",
        &WORDS,
        "Only events of that calendar with one of these words in the title, whatever the case.",
    ),
    optional("category", &WORDS, "Only events of that calendar that have one of these categories."),
]);

const RULE: Shape = Shape::Table(&[
    required("every", &Shape::Form(&MONTH_DAY), "Month and day: `04-15`."),
    required(
        "on-holiday",
        &Shape::Choice(&["next-workday", "previous-workday", "keep"]),
        "Where it goes when that day is no workday.",
    ),
]);

const PERIOD_DATE: Shape = Shape::Table(&[
    required("opens", &Shape::Date, "The first day."),
    required("closes", &Shape::Date, "The last day."),
    NOTE,
    DATE_STATUS,
]);

const CANCELLED: Field = optional("cancelled", &Shape::Bool, "`true` if there is none that year.");
const OVERRIDE_YEAR: Field = required("year", &Shape::YEAR, "The year it opens in, or is due in.");
const WHY: Field = required("why", &Shape::LINE, "Why, to people: \"förlängd\".");

pub(super) const PERIOD: Shape = Shape::Table(&[
    ID,
    ENTRY_TITLE,
    NOTE,
    LAST_DAY,
    FOR,
    PREPARED_AS,
    BY_HAND,
    optional("opens", &RULE, "The first day of every year's period."),
    optional("closes", &RULE, "The last day. Before the first day of the year, it is the next year's."),
    optional(
        "dates",
        &Shape::List(&PERIOD_DATE),
        "Its dates instead of a rule, at most one a year: `{ opens = 2025-02-17, closes = 2025-04-14 }`.",
    ),
    optional(
        "override",
        &Shape::List(&Shape::Table(&[
            OVERRIDE_YEAR,
            optional("opens", &Shape::Date, "Opens on this day instead."),
            optional("closes", &Shape::Date, "Closes on this day instead."),
            CANCELLED,
            WHY,
        ])),
        "A published date that beats the rule in one year.",
    ),
]);

const DEADLINE_DATE: Shape = Shape::Table(&[required("on", &Shape::Date, "The day."), NOTE, DATE_STATUS]);

pub(super) const DEADLINE: Shape = Shape::Table(&[
    ID,
    ENTRY_TITLE,
    NOTE,
    FOR,
    PREPARED_AS,
    BY_HAND,
    optional(
        "renewed-by",
        &Shape::SLUG,
        "A step whose answer takes a date: that date makes next year's deadline.",
    ),
    optional("every", &Shape::Form(&MONTH_DAY), "Month and day: `01-31`."),
    optional(
        "on-holiday",
        &Shape::Choice(&["next-workday", "previous-workday", "keep"]),
        "Where it goes when that day is no workday.",
    ),
    optional(
        "dates",
        &Shape::List(&Shape::OneOf(&[Shape::Date, DEADLINE_DATE])),
        "Its dates instead of a rule, at most one a year: `2025-01-31`.",
    ),
    optional(
        "override",
        &Shape::List(&Shape::Table(&[
            OVERRIDE_YEAR,
            optional("on", &Shape::Date, "Due on this day instead."),
            CANCELLED,
            WHY,
        ])),
        "A published date that beats the rule in one year.",
    ),
]);
