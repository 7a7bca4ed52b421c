//! What is said after a press: what is recorded, or why it isn't.

use super::super::error::Said;
use super::super::look::Link;
use super::case::{Case, Gone, person_words};
use super::view::Setting;
use crate::calendar::civil;
use crate::ids::AnswerId;
use crate::plan::model::{Arranged, Object};
use crate::store::Recorded;
use crate::text::answers::{self as text, word};

/// The page's own address: no page repeats the secret in it.
pub(super) const HERE: &str = "?";

/// What is left to answer, after one of several has been.
pub(super) struct Rest {
    pub open: Vec<Link>,
}

/// That an answer is recorded, or was already.
pub(super) fn thanks(recorded: &Recorded, case: &Case, rest: Option<Rest>) -> Said<'static> {
    let label = case.question.given.as_ref().map(|given| label_of(case, &given.answer)).unwrap_or_default();
    let mut paragraphs = Vec::new();
    match recorded {
        Recorded::New => {}
        Recorded::Changed { before } => {
            let earlier = label_of(case, &before.answer);
            let said =
                if earlier == label { text::RENEWED.to_owned() } else { text::replaced(&earlier, &label) };
            paragraphs.push(said);
        }
        Recorded::Same { before } => paragraphs.push(text::recorded_before(civil(before.at))),
    }
    let file = case.question.handed.as_ref().and_then(|handed| handed.file.as_ref());
    if let Some(file) = file {
        let said = text::file(&file.name, u64::from(file.size));
        paragraphs.push(format!("{} {said}", word("answer_file_now")));
    }
    let stays = match case.question.message.matter.object {
        Object::Occasion(_) | Object::Part { .. } | Object::Other(_) => word("answer_no_reminders"),
        // What is asked about an item may be asked again when nothing has changed.
        Object::Item(_) => word("answer_item_noted"),
    };
    paragraphs.push(stays.to_owned());
    let said = Said {
        title: word("answer_thanks"),
        strong: Some(text::recorded(&label)),
        tone: "good",
        ..Said::default()
    };
    ended(said, paragraphs, word("answer_back"), rest)
}

/// That something is arranged instead of an answer, or was already.
pub(super) fn arranged(
    what: &Arranged,
    same: bool,
    setting: Setting<'_>,
    rest: Option<Rest>,
) -> Said<'static> {
    let rules = setting.site.state.rules.rules();
    let who = |person| person_words(&rules, setting.facts, person, setting.now);
    let (strong, said) = match what {
        Arranged::Time(day) => (text::TIME_TITLE, text::more_time(*day)),
        Arranged::PassedTo(person) => (text::PASSED_TITLE, text::passed_to(&who(person))),
        Arranged::HelpFrom(person) => (text::HELP_TITLE, text::help_from(&who(person))),
    };
    let mut paragraphs = vec![said];
    if same {
        paragraphs.push(text::ARRANGED_BEFORE.to_owned());
    }
    let title = word("answer_thanks");
    let said = Said { title, strong: Some(strong.to_owned()), tone: "good", ..Said::default() };
    ended(said, paragraphs, word("answer_back_open"), rest)
}

/// Back to the question, or on to those that are left.
fn ended(
    mut said: Said<'static>,
    mut paragraphs: Vec<String>,
    back: &'static str,
    rest: Option<Rest>,
) -> Said<'static> {
    match rest {
        None => {
            paragraphs.push(word("answer_done").to_owned());
            said.link = Some(Link::new(HERE, back));
        }
        Some(Rest { open }) if open.is_empty() => {
            paragraphs.push(format!("{} {}", word("open_rest_nothing"), word("answer_done")));
        }
        Some(Rest { open }) => {
            said.list_title = word("open_rest");
            said.list = open;
            said.link = Some(Link::new(HERE, word("open_back")));
        }
    }
    said.paragraphs = paragraphs;
    said
}

/// That the question takes no answer any more, and which one stands.
pub(super) fn too_late(case: &Case) -> Said<'static> {
    let given = case.question.given.as_ref();
    let strong = given.map(|given| {
        format!("{}. {}", text::recorded(&label_of(case, &given.answer)), text::noted(civil(given.at)))
    });
    let (title, help) = match case.gone {
        Some(Gone::Cancelled) => (word("answer_cancelled_title"), "answer_cancelled"),
        Some(Gone::Withdrawn) => (word("answer_withdrawn_title"), "answer_withdrawn"),
        None if given.is_some() => (text::CLOSED_TITLE, "answer_closed_answered"),
        None => (text::CLOSED_TITLE, "answer_closed_unanswered"),
    };
    Said { title, strong, paragraphs: vec![word(help).to_owned()], ..Said::default() }
}

/// That a question with an answer is neither postponed nor passed on.
pub(super) fn answered_already(case: &Case) -> Said<'static> {
    let given = case.question.given.as_ref();
    Said {
        title: word("answer_already_title"),
        strong: given.map(|given| text::recorded(&label_of(case, &given.answer))),
        paragraphs: vec![word("answer_already").to_owned()],
        link: Some(Link::new(HERE, word("answer_back"))),
        ..Said::default()
    }
}

fn label_of(case: &Case, answer: &AnswerId) -> String {
    let known = case.question.message.notice.answers.iter().find(|a| &a.id == answer);
    known.map_or_else(|| answer.to_string(), |a| a.label.clone())
}
