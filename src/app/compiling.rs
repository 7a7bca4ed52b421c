//! From a matter in the store to what a compiled draft says.

use jiff::Timestamp;
use jiff::civil::Date;

use crate::documents::{Answered, Choice, Compilation, Respondent};
use crate::grammar::advise;
use crate::ids::{BodyId, EntryId, KindId, OccasionId, OccasionRef, StepId, WorkflowId};
use crate::plan::model::{Facts, Listed, Matter, Object, Occasion};
use crate::plan::occasions;
use crate::rules::Rules;
use crate::store::{Request, RequestState, Store, StoreError};
use crate::workflow::model::{Answer, Ask, Follow, Per, SettledBy, Step, Takes, Workflow};

/// Bodies of this kind are regions: whose body, or whose body's only region above it, says where an answer is from.
const REGION: &str = "region";

/// Why nothing can be compiled.
#[derive(Debug, thiserror::Error)]
pub enum CompileError {
    /// What was named isn't there.
    #[error("{0}")]
    Unknown(String),
    /// Several matters are listed under the occasion, and a draft is about one.
    #[error("say which listed matter with --listed: {0}")]
    Several(String),
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// What is to be compiled, as somebody names it.
#[derive(Clone, Copy, Debug)]
pub struct Named<'a> {
    /// The workflow whose step asked.
    pub workflow: &'a str,
    /// The occasion, of that workflow or of one that it follows.
    pub occasion: &'a OccasionId,
    /// The body it was done for; none for a workflow that runs once.
    pub body: Option<&'a BodyId>,
    /// The step that asked; none for the first with headings for the texts, or else that asks several for one.
    pub step: Option<&'a str>,
}

/// The ask of one workflow, body and occasion.
#[derive(Clone, Debug)]
pub struct Round<'a> {
    workflow: &'a Workflow,
    body: Option<BodyId>,
    occasion: Occasion,
    step: &'a Step,
    ask: &'a Ask,
}

/// Finds what is meant.
///
/// # Errors
/// [`CompileError::Unknown`], with what was perhaps meant.
pub fn find<'a>(rules: &'a Rules, facts: &Facts, named: Named<'_>) -> Result<Round<'a>, CompileError> {
    let unknown = |what: String, advice: Option<String>| {
        CompileError::Unknown(format!("{what}{}", advice.map(|a| format!(", {a}")).unwrap_or_default()))
    };
    let Some(workflow) = rules.workflows.0.get(&WorkflowId::from(named.workflow)) else {
        let advice = advise(named.workflow, rules.workflows.0.keys().map(WorkflowId::as_str));
        return Err(unknown(format!("there is no workflow `{}`", named.workflow), advice));
    };
    let bodies = occasions::bodies_of(&rules.world(facts), &workflow.scope);
    if !bodies.contains(&named.body.cloned()) {
        let what = match named.body {
            Some(body) => format!("`{}` does not run for `{body}`", workflow.id),
            None => format!("`{}` runs for each body: say which with --body", workflow.id),
        };
        return Err(unknown(what, None));
    }
    let occasion = occasion(rules, facts, workflow, named).ok_or_else(|| {
        let what = format!("`{}` has no occasion `{}` with a date", workflow.id, named.occasion);
        let entries = homes(rules, workflow).into_iter().flat_map(|(home, only)| {
            home.entries.iter().filter(move |e| only.is_none_or(|id| id == &e.id)).map(|e| e.id.as_str())
        });
        unknown(what, advise(named.occasion.entry.as_str(), entries))
    })?;
    let on = |s: &&Step| s.on.is_empty() || s.on.contains(&named.occasion.entry);
    let asks = || workflow.steps.iter().filter(on).filter_map(|s| Some((s, s.ask.as_ref()?)));
    let (step, ask) = match named.step {
        Some(id) => asks().find(|(step, _)| step.id.as_str() == id).ok_or_else(|| {
            let what = format!("`{}` has no step `{id}` that asks", workflow.id);
            unknown(what, advise(id, asks().map(|(step, _)| step.id.as_str())))
        })?,
        None => {
            let sectioned = asks().find(|(_, ask)| !ask.sections.is_empty());
            sectioned.or_else(|| asks().find(|(_, ask)| asks_many_for_text(ask))).ok_or_else(|| {
                let ids: Vec<&str> = asks().map(|(step, _)| step.id.as_str()).collect();
                let what = format!("no step of `{}` asks several for texts", workflow.id);
                unknown(what, (!ids.is_empty()).then(|| format!("name one with --step: {}", ids.join(", "))))
            })?
        }
    };
    Ok(Round { workflow, body: named.body.cloned(), occasion, step, ask })
}

/// One who answers for all has nothing to be compiled with.
fn asks_many_for_text(ask: &Ask) -> bool {
    let texts = |a: &Answer| a.does.settles() && a.takes.contains(&Takes::Text);
    ask.settled_by != SettledBy::Anyone && ask.answers.iter().any(texts)
}

/// The workflows whose occasions a workflow's steps are about, each with the only entry that is meant, if one is.
fn homes<'a>(rules: &'a Rules, workflow: &'a Workflow) -> Vec<(&'a Workflow, Option<&'a EntryId>)> {
    let followed = |f: &'a Follow| Some((rules.workflows.0.get(&f.workflow)?, f.entry.as_ref()));
    std::iter::once((workflow, None)).chain(workflow.follows.iter().filter_map(followed)).collect()
}

/// The occasion that is meant: of the workflow itself or one that it follows, for the body or for all.
fn occasion(rules: &Rules, facts: &Facts, workflow: &Workflow, named: Named<'_>) -> Option<Occasion> {
    let year = named.occasion.year;
    let day = |year: i16, month, day| Date::new(year, month, day).unwrap_or(Date::MAX);
    // A period may end, and an entered date may lie, in another year than the one an occasion is named by.
    let (from, until) = (day(year.saturating_sub(1), 1, 1), day(year.saturating_add(2), 12, 31));
    let seen = occasions::occasions(&rules.world(facts), from, until);
    let of_body = |o: &&Occasion| o.at.body.is_none() || o.at.body.as_ref() == named.body;
    let meant = |home: &Workflow, only: Option<&EntryId>| {
        let right = |o: &&Occasion| o.at.workflow == home.id && &o.at.id == named.occasion;
        let found = seen.iter().filter(right).filter(of_body);
        found.filter(|o| only.is_none_or(|entry| entry == &o.at.id.entry)).max_by_key(|o| o.at.body.is_some())
    };
    homes(rules, workflow).into_iter().find_map(|(home, only)| meant(home, only)).cloned()
}

impl Round<'_> {
    /// The matters listed under the occasion that have not been withdrawn, if the ask is put once for each.
    #[must_use]
    pub fn listed<'f>(&self, facts: &'f Facts) -> Vec<&'f Listed> {
        let own = |l: &&Listed| {
            !l.withdrawn
                && l.workflow == self.workflow.id
                && l.body == self.body
                && l.of == self.occasion.at
                && self.step.per == Per::Listed
        };
        let mut found: Vec<&Listed> = facts.listed.iter().filter(own).collect();
        found.sort_by_key(|l| l.number);
        found
    }

    /// The one matter that is meant: the listed one of that number, or the occasion as a whole where the ask is not
    /// put for each listed matter, or none is listed.
    ///
    /// # Errors
    /// [`CompileError::Several`] where a number is needed, [`CompileError::Unknown`] where it is nobody's.
    pub fn one<'f>(&self, facts: &'f Facts, number: Option<u16>) -> Result<Option<&'f Listed>, CompileError> {
        let listed = self.listed(facts);
        let all =
            || listed.iter().map(|l| format!("{} {}", l.number, l.title)).collect::<Vec<_>>().join("; ");
        match number {
            Some(number) => match listed.iter().find(|l| l.number == number) {
                Some(found) => Ok(Some(found)),
                None if listed.is_empty() => {
                    Err(CompileError::Unknown(format!("nothing is listed under `{}`", self.occasion.at.id)))
                }
                None => Err(CompileError::Unknown(format!("no {number} is listed, but {}", all()))),
            },
            None => match listed.as_slice() {
                [] => Ok(None),
                [only] => Ok(Some(only)),
                _ => Err(CompileError::Several(all())),
            },
        }
    }

    /// What was asked: the ask about a listed matter, or about the occasion as a whole.
    #[must_use]
    pub fn matter(&self, listed: Option<&Listed>) -> Matter {
        self.matter_of(self.step.id.clone(), listed)
    }

    fn matter_of(&self, step: StepId, listed: Option<&Listed>) -> Matter {
        let at: &OccasionRef = &self.occasion.at;
        let object = listed.map_or_else(|| Object::Occasion(at.clone()), |l| Object::listed(at, l.number));
        Matter { workflow: self.workflow.id.clone(), body: self.body.clone(), object, step }
    }

    /// What the draft says, by the `requests` that there are of [`Self::matter`]. Persons are named only with
    /// `names`.
    #[must_use]
    pub fn compilation(
        &self,
        rules: &Rules,
        facts: &Facts,
        listed: Option<&Listed>,
        requests: &[Request],
        names: bool,
        now: Timestamp,
    ) -> Compilation {
        let opened = facts.opened.get(&self.occasion.at);
        let body = self.body.as_ref().and_then(|b| rules.organisation.bodies.get(b));
        let (link, diary) = match listed {
            Some(listed) => (listed.link.clone(), listed.diary.clone()),
            None => opened.map_or((None, None), |o| (o.link.clone(), o.diary.clone())),
        };
        let labels = self.labels(facts);
        let marks = self.ask.marks.iter().map(|m| m.label.clone()).collect();
        // A later mail names a moved day.
        let newest = requests.iter().max_by_key(|r| r.asked);
        Compilation {
            title: listed.map_or_else(|| self.occasion.title.clone(), |l| l.title.clone()),
            link,
            diary,
            body: body.map_or_else(|| rules.organisation.title.clone(), |b| b.name.clone()),
            opened: self.occasion.span.first(),
            closes: self.occasion.span.last(),
            due: newest.and_then(|r| r.common),
            at: now,
            sections: self.ask.sections.clone(),
            choices: labels.iter().filter_map(|(_, choice)| choice.clone()).collect(),
            marks,
            respondents: self.respondents(rules, facts, requests, names),
            sent: self.sent(facts, listed),
        }
    }

    /// The labels of all answers by their ids, with what the draft needs of those that settle the ask.
    fn labels(&self, facts: &Facts) -> Vec<((String, String), Option<Choice>)> {
        let opened = facts.opened.get(&self.occasion.at).filter(|_| self.ask.from_occasion);
        if let Some(opened) = opened.filter(|o| !o.answers.is_empty()) {
            let own = opened.answers.iter().map(|(id, label)| {
                let choice = Choice { label: label.clone(), with_content: false };
                ((id.to_string(), label.clone()), Some(choice))
            });
            return own.collect();
        }
        let content = |takes: &Takes| matches!(takes, Takes::Text | Takes::Link | Takes::File);
        let all = self.ask.answers.iter().map(|answer| {
            let with_content = answer.takes.iter().any(content);
            let choice = Choice { label: answer.label.clone(), with_content };
            ((answer.id.to_string(), answer.label.clone()), answer.does.settles().then_some(choice))
        });
        all.collect()
    }

    fn respondents(
        &self,
        rules: &Rules,
        facts: &Facts,
        requests: &[Request],
        names: bool,
    ) -> Vec<Respondent> {
        let labels = self.labels(facts);
        let counts = requests.iter().filter(|r| !self.is_done_by_others(r, requests));
        let all = counts.map(|request| {
            let (body, role) = request.role.split_once('/').unwrap_or(("", request.role.as_str()));
            let (body, role) = (BodyId::from(body), role.into());
            let answer = request.given.as_ref().map(|given| {
                let label = labels.iter().find(|((id, _), _)| id == given.answer.as_str());
                let mark = |id| self.ask.marks.iter().find(|m| &m.id == id).map(|m| m.label.clone());
                let marks = given.marks.iter().map(|id| mark(id).unwrap_or_else(|| id.to_string()));
                let handed = request.handed.as_ref();
                Answered {
                    label: label.map_or_else(|| given.answer.to_string(), |((_, label), _)| label.clone()),
                    at: given.at,
                    marks: marks.collect(),
                    texts: handed.map(|h| h.texts.clone()).unwrap_or_default(),
                    link: handed.and_then(|h| h.link.clone()),
                    file: handed.and_then(|h| h.file.as_ref()).map(|f| f.name.clone()),
                }
            });
            let person = facts.people.persons.get(&request.person).filter(|_| names);
            let known = rules.organisation.bodies.get(&body);
            Respondent {
                body: known.map_or_else(|| body.to_string(), |b| b.name.clone()),
                role: rules.organisation.role_title(&body, &role).to_owned(),
                region: region(rules, &body),
                name: person.map(|p| p.name.clone()),
                more_time: request.time,
                answer,
            }
        });
        all.collect()
    }

    /// Whether nothing is expected of somebody silent: another is asked instead, or one answer is enough and there
    /// is one.
    fn is_done_by_others(&self, request: &Request, requests: &[Request]) -> bool {
        if request.given.is_some() {
            return false;
        }
        let instead = request.state() == RequestState::PassedOn
            && requests.iter().any(|r| Some(&r.person) == request.passed_to.as_ref());
        let body = |r: &Request| r.role.split_once('/').map(|(body, _)| body.to_owned());
        let mut answered = requests.iter().filter(|r| r.given.is_some());
        instead
            || match self.ask.settled_by {
                SettledBy::Each | SettledBy::Owners => false,
                SettledBy::Anyone => answered.next().is_some(),
                SettledBy::Body => answered.any(|r| body(r).is_some() && body(r) == body(request)),
            }
    }

    /// When what was compiled left: the first answer to the last ask that has an alarm. An alarm is about an external
    /// deadline, so that ask is the one by which it is met.
    fn sent(&self, facts: &Facts, listed: Option<&Listed>) -> Option<Timestamp> {
        let external =
            |s: &&Step| s.id != self.step.id && s.ask.as_ref().is_some_and(|a| !a.alarm.is_empty());
        let step = self.workflow.steps.iter().rfind(external)?;
        let done = &step.ask.as_ref()?.answers.first()?.id;
        let matters = [self.matter_of(step.id.clone(), listed), self.matter_of(step.id.clone(), None)];
        let given = facts.answers.iter().filter(|g| matters.contains(&g.matter) && &g.answer == done);
        given.map(|g| g.at).max()
    }
}

/// The region that a body is or belongs to; none where it belongs to several, as whatever is joint does.
fn region(rules: &Rules, body: &BodyId) -> Option<String> {
    let kind = KindId::from(REGION);
    let mut own = rules.organisation.ancestors(body);
    own.insert(body.clone());
    let bodies = own.iter().filter_map(|id| rules.organisation.bodies.get(id));
    let mut regions = bodies.filter(|b| b.kind == kind);
    match (regions.next(), regions.next()) {
        (Some(only), None) => Some(only.name.clone()),
        _ => None,
    }
}

/// Who was asked, and what came of it.
///
/// # Errors
/// When the store fails.
pub async fn gather(
    store: &Store,
    round: &Round<'_>,
    listed: Option<&Listed>,
) -> Result<Vec<Request>, StoreError> {
    store.requests(&round.matter(listed)).await
}
