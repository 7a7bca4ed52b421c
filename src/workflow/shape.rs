//! What a workflow file may hold: the grammar that both the loader and the published schema come from.

mod entries;

use super::forms::{BODY, FIRST, INTERVAL, MOMENT, OCCASIONS, REST, ROLE_PATH, STEP_OF, WORKFLOW};
use crate::grammar::{Field, MONTH_DAY, SLUG, Shape, optional, required};
use entries::{DEADLINE, MEETING, PERIOD};

const PHASES: &[&str] = &["ej_paborjad", "ej_beslutad", "vilande", "pagar", "avvaktar", "avslutad", "okand"];
const LOG_KINDS: &[&str] = &["beslut", "rapport", "dialog", "oforandrad", "notering", "avslut"];
const ASSIGNMENT_STATES: &[&str] = &["utkast", "godkant", "givet", "bekraftat", "rapporterat", "noterat"];
const HEALTHS: &[&str] = &["gron", "gul", "rod", "okand"];

const NAME: Shape = Shape::Form(&ROLE_PATH);
const MOMENT_TEXT: Shape = Shape::Form(&MOMENT);
const RECIPIENTS: Shape = Shape::OneOf(&[NAME, Shape::List(&NAME)]);
const IDS: Shape = Shape::OneOf(&[Shape::SLUG, Shape::List(&Shape::SLUG)]);
const STATUS: Shape = Shape::Choice(&["tentative", "confirmed", "cancelled"]);

const FOR: Field = optional(
    "for",
    &Shape::OneOf(&[Shape::Form(&BODY), Shape::List(&Shape::Form(&BODY))]),
    "For whom it runs: a kind of body (`rpo`), a body (`rsl`) or a list of bodies. Without it, once for all.",
);
const ID: Field = required("id", &Shape::SLUG, "Its id: letters a-z, digits and hyphens. Never change it.");
const ANSWERS: Shape = Shape::Map {
    key: &SLUG,
    value: &Shape::OneOf(&[
        Shape::LINE,
        Shape::Table(&[
            required("label", &Shape::LINE, "What the button says."),
            optional(
                "phase",
                &Shape::Choice(PHASES),
                "In a watch: the phase that the answer gives the item.",
            ),
            optional("health", &Shape::Choice(HEALTHS), "In a watch: the health that the answer gives it."),
            optional(
                "rest",
                &Shape::Form(&REST),
                "In a watch: no nudge about the item for so long, or until the `date` that comes with the answer.",
            ),
            optional(
                "takes",
                &Shape::OneOf(&[TAKES, Shape::List(&TAKES)]),
                "What can be handed in with it. A date must be, the rest may be.",
            ),
            optional(
                "needs",
                &Shape::OneOf(&[TAKES, Shape::List(&TAKES)]),
                "What of that must come with it.",
            ),
            optional(
                "log",
                &Shape::Choice(LOG_KINDS),
                "About an item: the kind of line that it writes in the log.",
            ),
            optional(
                "waits-for",
                &Shape::Choice(&["meeting"]),
                "About an item: it waits for its body's next `meeting`.",
            ),
            optional(
                "assignment",
                &Shape::Choice(ASSIGNMENT_STATES),
                "About an assignment: how far it has come with this answer.",
            ),
            optional(
                "plan",
                &Shape::Choice(&["freeze", "approve", "publish"]),
                "About the body's plan: what the answer does to it as a whole.",
            ),
            optional(
                "does",
                &Shape::Choice(&["more-time", "pass-on", "help"]),
                "What it does instead of answering: asks for a later day, passes the question on, or asks \
                 somebody else too.",
            ),
        ]),
    ]),
};
const TAKES: Shape = Shape::Choice(&[
    "text",
    "link",
    "file",
    "date",
    "list",
    "phase",
    "health",
    "line",
    "next-date",
    "owner",
    "values",
    "items",
    "hours",
    "place",
]);
const LACKS: Shape = Shape::Choice(&["time", "place"]);
const PHASE: Shape = Shape::Choice(PHASES);
const ITEMS: Shape = Shape::OneOf(&[ITEM_FILTER, Shape::List(&ITEM_FILTER)]);
const ITEM_FILTER: Shape = Shape::Table(&[
    optional("phase", &Shape::OneOf(&[PHASE, Shape::List(&PHASE)]), "In this phase, or any of these."),
    optional("health", &Shape::Choice(HEALTHS), "With this health."),
    optional("owner", &Shape::Bool, "With (`true`) or without (`false`) an owner."),
    optional(
        "next-date",
        &Shape::Choice(&["missing", "passed", "set"]),
        "Its next date is `missing`, has `passed`, or is `set`.",
    ),
    optional("stale", &Shape::Form(&INTERVAL), "Nothing has been reported for so long."),
    optional("stale-near-deadline", &Shape::Form(&INTERVAL), "The same, with a deadline within six months."),
    optional("updated", &Shape::Bool, "Something has (`true`) or nothing has ever (`false`) been reported."),
    optional("overdue", &Shape::Bool, "What was promised by a day has (`true`) or hasn't (`false`) passed."),
    optional(
        "unassigned",
        &Shape::Bool,
        "It waits (`true`) or doesn't wait (`false`) for an assignment that hasn't been confirmed.",
    ),
    optional(
        "bound",
        &Shape::Bool,
        "In a step: it waits (`true`) or doesn't wait (`false`) for the occasion.",
    ),
    optional("closing-entry", &Shape::Bool, "Its log has (`true`) or lacks (`false`) a closing line."),
    optional("planned-entry", &Shape::Bool, "`true`: the day of something planned has passed."),
    optional(
        "follow-up",
        &Shape::Bool,
        "The plan says (`true`) or doesn't say (`false`) how it is followed up.",
    ),
    optional(
        "proposed",
        &Shape::Bool,
        "It has (`true`) or hasn't (`false`) been proposed since the plan was frozen, and nobody has decided on it.",
    ),
    optional(
        "measured",
        &Shape::Bool,
        "It is measured, and all of its measures have (`true`) or one lacks (`false`) a value for the last period.",
    ),
    optional(
        "changed",
        &Shape::Bool,
        "In a step: something has (`true`) or hasn't (`false`) been reported or changed since the meeting before.",
    ),
    optional("of", &Shape::Choice(&["below"]), "In a step: in the plans of the bodies `below`, not its own."),
]);
const MARKS: Shape = Shape::Map { key: &SLUG, value: &Shape::LINE };
const TELL_ON: Shape = Shape::List(&Shape::Table(&[
    optional("answer", &IDS, "On any of these answers; without it, on any."),
    optional("mark", &Shape::SLUG, "If this was ticked."),
    required("to", &RECIPIENTS, "To whom."),
    required("tell", &Shape::LINE, "What they are told. `{who}` is who answered, `{answer}` what."),
]));
const ANSWERS_FIELD: Field = optional(
    "answers",
    &ANSWERS,
    "The possible answers, each with an id and what its button says: `{ inga = \"Inga synpunkter\" }`.",
);

const RUNGS: Shape = Shape::List(&Shape::Table(&[
    required("when", &MOMENT_TEXT, "When: `1 workday after due`."),
    required("to", &RECIPIENTS, "To whom."),
    optional(
        "silent-rounds",
        &Shape::Integer { least: 2, most: 9 },
        "Only about those who were silent in so many rounds in a row, this one included.",
    ),
]));

const TELL: Field = optional("tell", &Shape::LINE, "What is told: the sentence that heads the mail.");
const ASK: Field = optional("ask", &Shape::LINE, "What is asked: the sentence that heads the mail.");
const TOGETHER: Field = optional(
    "together",
    &Shape::LINE,
    "What heads several of them in one mail: `{count} punkter är inte påbörjade. Vad gäller?`.",
);
const TEXT: Field = optional("text", &Shape::PROSE, "More to read, below the sentence.");
const TO: Field = required(
    "to",
    &RECIPIENTS,
    "To whom: a role (`processtöd`), a role in another body (`rsl/sekreterare`), in all bodies of a kind that \
     belong together with it (`rag/ordförande`), or a list.",
);

const STEP: Shape = Shape::Table(&[
    ID,
    optional("on", &IDS, "Only for these meetings, periods or deadlines; without it, for all."),
    optional("while", &Shape::Choice(&["undated"]), "`undated`: for those that have no date yet."),
    optional(
        "lacks",
        &Shape::OneOf(&[LACKS, Shape::List(&LACKS)]),
        "Only for a meeting that lacks this, or one of these: its `time` of day, its `place`.",
    ),
    optional(
        "per",
        &Shape::Choice(&["listed", "item"]),
        "Once for each matter listed under the occasion (`listed`), or for each item of the body's plan (`item`).",
    ),
    optional(
        "items",
        &ITEMS,
        "Which items of the body's plan: all that is stated holds, in any table of a list. With `per = \"item\"` \
         once for each, else as rows of the one message, which isn't sent without any.",
    ),
    optional(
        "counts",
        &Shape::SLUG,
        "A step whose answers are counted: `{answered}`, `{asked}` and `{missing}` in what is told.",
    ),
    optional(
        "gate",
        &Shape::Table(&[
            required("step", &Shape::SLUG, "Which step."),
            optional("answer", &IDS, "Which of its answers, one or a list; without it, any."),
            optional("mark", &Shape::SLUG, "Only if this was ticked with the answer."),
            optional(
                "of",
                &Shape::Choice(&["anybody", "same", "above"]),
                "Whose answer: `anybody` (without it, that), the `same` recipient or body, or a body `above`.",
            ),
        ]),
        "Only after another step's answer.",
    ),
    TELL,
    ASK,
    TOGETHER,
    TEXT,
    TO,
    required(
        "when",
        &MOMENT_TEXT,
        "When: `opens`, `10 workdays before start`, or the id of a step: as soon as it is answered.",
    ),
    optional("due", &MOMENT_TEXT, "The last day to answer: `15 workdays before closes`."),
    optional(
        "in-calendars",
        &Shape::LINE,
        "What that day is called in the calendars of the bodies it runs for: `Intern svarsdag`. Without it, it isn't \
         there.",
    ),
    ANSWERS_FIELD,
    optional(
        "answered-by",
        &Shape::Choice(&["each", "anyone", "body", "owners"]),
        "`each` who was asked (without it, that), `anyone`: the first answer settles it, `body`: the first \
         answer of each body settles it for that body, or `owners`: as the item says, any of its owners or each.",
    ),
    optional(
        "entry-answers",
        &Shape::Bool,
        "`true`: a report in the item's log since the question was asked is an answer too.",
    ),
    optional(
        "answers-from",
        &Shape::Choice(&["occasion"]),
        "`occasion`: the answers are those entered with the occasion, where any were.",
    ),
    optional("marks", &MARKS, "What can be ticked beside an answer: `{ oense = \"Vi är inte eniga\" }`."),
    optional("sections", &Shape::List(&Shape::LINE), "The headings that a text is written under."),
    optional("tell-on", &TELL_ON, "Who is told at once of certain answers."),
    optional("remind", &Shape::List(&MOMENT_TEXT), "When those who are silent are reminded."),
    optional("escalate", &RUNGS, "Who hears of the silence, and when."),
    optional("alarm", &RUNGS, "Alarms of an external deadline: never held back in a quiet period."),
]);

const WATCH: Shape = Shape::Table(&[
    ID,
    required(
        "items",
        &ITEMS,
        "Which items of the plan it is about: all that is stated holds, in any table of a list.",
    ),
    TELL,
    ASK,
    TOGETHER,
    TEXT,
    required("to", &RECIPIENTS, "To whom: `owner`, the item's owner, or roles as in a step."),
    optional("first", &Shape::Form(&FIRST), "The first nudge: `20 workdays after since`, or `at once`."),
    optional("every", &Shape::Form(&INTERVAL), "How long between nudges; without it there is one."),
    optional(
        "on-days",
        &Shape::List(&Shape::Form(&MONTH_DAY)),
        "Instead of `first`: on these days of every year, or the next workday: `[\"03-01\", \"09-01\"]`.",
    ),
    optional(
        "before-meeting",
        &Shape::Form(&INTERVAL),
        "Instead of `first`: so long before each meeting of the item's body.",
    ),
    optional(
        "before-deadline",
        &Shape::List(&Shape::Form(&INTERVAL)),
        "Instead of `first`: so long before the item's deadline, once each: `[\"6 months\", \"1 month\"]`.",
    ),
    optional(
        "gives-way",
        &Shape::Form(&STEP_OF),
        "A step that asks about the same items before a meeting: near its round no nudge is sent.",
    ),
    optional("limit", &Shape::Integer { least: 1, most: 99 }, "How many nudges; without it, no limit."),
    ANSWERS_FIELD,
    optional(
        "then",
        &Shape::Table(&[
            required("to", &RECIPIENTS, "Who takes over."),
            required("tell", &Shape::LINE, "What they are told."),
        ]),
        "When all nudges have been in vain.",
    ),
]);

const DECIDED_BY: Shape = Shape::Table(&[
    required("meetings", &Shape::Form(&WORKFLOW), "The file whose meetings decide."),
    required("ready", &MOMENT_TEXT, "When the draft is ready: `sammanstall.due`."),
    required(
        "papers",
        &Shape::Form(&INTERVAL),
        "How long before the meeting its papers go out: `5 workdays`.",
    ),
    required(
        "latest",
        &MOMENT_TEXT,
        "The last day on which a meeting is of use: `2 workdays before closes`.",
    ),
    required("otherwise", &Shape::LINE, "Who anchors it when no meeting is in time."),
]);

const SUMMARY: Shape = Shape::Table(&[
    ID,
    required("tell", &Shape::LINE, "The sentence that heads the mail."),
    TO,
    required(
        "on",
        &Shape::Choice(&["monday", "tuesday", "wednesday", "thursday", "friday"]),
        "On which day of the week.",
    ),
]);

/// What a workflow file may hold.
pub const SHAPE: Shape = Shape::Table(&[
    required("title", &Shape::LINE, "What the workflow is called, to people."),
    FOR,
    optional(
        "feed",
        &Shape::SLUG,
        "The public calendar feed that its meetings and periods are published in.",
    ),
    optional(
        "occasion",
        &Shape::OneOf(&[Shape::Form(&OCCASIONS), Shape::List(&Shape::Form(&OCCASIONS))]),
        "Its steps are about the occasions of another file: `nationell/remisser`, or one entry of it.",
    ),
    optional(
        "category",
        &Shape::LINE,
        "The word that its occasions are coloured by in calendars: `Remiss`. Without it, the kind of their body.",
    ),
    optional(
        "switch-off",
        &Shape::List(&Shape::Form(&STEP_OF)),
        "Steps of other files that don't run for these bodies: `nationell/remisser#fordela`.",
    ),
    optional("meeting", &Shape::List(&MEETING), "A meeting."),
    optional("period", &Shape::List(&PERIOD), "Something that opens and closes."),
    optional("deadline", &Shape::List(&DEADLINE), "Something that is due."),
    optional("step", &Shape::List(&STEP), "Something that is told or asked."),
    optional("watch", &Shape::List(&WATCH), "A rule over the items of the plan."),
    optional("decided-by", &DECIDED_BY, "Which meetings decide on what it works out."),
    optional(
        "summary",
        &Shape::List(&SUMMARY),
        "A week in one mail: what is unanswered, vacant, failed, and to come.",
    ),
]);

#[cfg(test)]
mod tests {
    use super::*;
    use crate::items::register::{AssignmentState, LogKind};
    use crate::items::{Health, Phase};

    #[test]
    fn the_words_are_those_of_the_items() {
        assert_eq!(PHASES, Phase::ALL.iter().map(|phase| phase.code()).collect::<Vec<_>>());
        assert_eq!(HEALTHS, Health::ALL.iter().map(|health| health.code()).collect::<Vec<_>>());
        assert_eq!(LOG_KINDS, LogKind::ALL.iter().map(|kind| kind.code()).collect::<Vec<_>>());
        let states = AssignmentState::ALL.iter().map(|state| state.code());
        assert_eq!(ASSIGNMENT_STATES, states.collect::<Vec<_>>());
    }
}
