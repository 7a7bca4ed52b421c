//! Verbs of a conversation: what people say beside plain answers, and what is told about them.

use arshjul::answering::{AnswerError, AnswerOutcome, Handed};
use arshjul::ids::{AnswerId, OccasionRef};
use arshjul::people::Absence;
use arshjul::plan::model::{Matter, Opened};
use arshjul::store::{NewList, NewOccasion, PersonRow};
use arshjul::workflow::model::{Does, Span};
use jiff::civil::Date;

use super::{World, address, stories};
use crate::store::Bench;

fn day(text: &str) -> Date {
    text.parse().unwrap_or_else(|_| panic!("`{text}` is no day"))
}

impl World {
    /// An occasion of an entry that is filled by hand.
    pub async fn opens(
        &mut self,
        workflow: &str,
        body: &str,
        entry: &str,
        title: &str,
        (first, last): (&str, &str),
    ) -> OccasionRef {
        let opened = Opened {
            title: title.to_owned(),
            span: Span::AllDay { first: day(first), last: day(last) },
            place: None,
            note: None,
            link: None,
            receivers: Vec::new(),
            answers: Vec::new(),
            diary: None,
            group: None,
        };
        self.opens_as(workflow, body, entry, opened).await
    }

    /// The same with all that an occasion may have.
    pub async fn opens_as(&mut self, workflow: &str, body: &str, entry: &str, opened: Opened) -> OccasionRef {
        let rules = self.rules.rules();
        let workflow = rules.workflows.0.get(&workflow.into()).unwrap_or_else(|| panic!("no {workflow}"));
        let entry = workflow.entries.iter().find(|e| e.id.as_str() == entry).unwrap();
        let body = (!body.is_empty()).then(|| body.into());
        let new = NewOccasion {
            workflow: &workflow.id,
            body: body.as_ref(),
            entry: &entry.id,
            opened: &opened,
            renewed: entry.renewed_by.is_some(),
        };
        self.store.open_occasion(&new, "test", self.now()).await.unwrap()
    }

    /// Lists matters under an occasion, for the workflow whose steps are said once for each.
    pub async fn lists(&mut self, workflow: &str, body: &str, of: &OccasionRef, titles: &[&str]) {
        let lines: Vec<_> = titles.iter().map(|title| ((*title).to_owned(), None)).collect();
        let body = (!body.is_empty()).then(|| body.into());
        let new = NewList { workflow: &workflow.into(), body: body.as_ref(), of, lines: &lines };
        self.store.list_matters(&new, "test", self.now()).await.unwrap();
    }

    /// A person answers a step, by the link in their newest mail that has one, and hands something in.
    pub async fn answer_with(
        &mut self,
        name: &str,
        step: &str,
        answer: &str,
        handed: Handed,
    ) -> AnswerOutcome {
        self.answer_about(name, step, None, answer, handed).await
    }

    /// The matters that an answer names, one a line, are listed under the occasion.
    pub async fn answer_listing(&mut self, name: &str, step: &str, answer: &str, titles: &[&str]) {
        let list = titles.iter().map(|title| ((*title).to_owned(), None)).collect();
        self.answer_with(name, step, answer, Handed { list, ..Handed::default() }).await;
    }

    /// The same about one of the matters listed under an occasion, by its number.
    pub async fn answer_about(
        &mut self,
        name: &str,
        step: &str,
        listed: Option<u16>,
        answer: &str,
        handed: Handed,
    ) -> AnswerOutcome {
        let about =
            |m: &Matter| m.step.as_str() == step && (listed.is_none() || m.object.listed_number() == listed);
        let done = self.try_handing_in(name, about, answer, &handed).await;
        done.unwrap_or_else(|error| panic!("{name} can't answer {step}: {error}"))
    }

    /// "Behöver mer tid till ..."
    pub async fn needs_time(&mut self, name: &str, step: &str, until: &str) {
        let handed = Handed { date: Some(day(until)), ..Handed::default() };
        self.arranges(name, step, Does::MoreTime, handed).await;
    }

    /// "Fel mottagare": asks `other` instead.
    pub async fn passes_on(&mut self, name: &str, step: &str, other: &str) {
        let handed = Handed { to: Some(address(other)), ..Handed::default() };
        self.arranges(name, step, Does::PassOn, handed).await;
    }

    /// "Ta hjälp av": asks `other` too.
    pub async fn asks_help(&mut self, name: &str, step: &str, other: &str) {
        let handed = Handed { to: Some(address(other)), ..Handed::default() };
        self.arranges(name, step, Does::Help, handed).await;
    }

    async fn arranges(&mut self, name: &str, step: &str, does: Does, handed: Handed) {
        let answer = self.answer_that(step, does);
        let done = self.answer_with(name, step, answer.as_str(), handed).await;
        assert!(matches!(done, AnswerOutcome::Arranged { same: false, .. }), "{done:?}");
    }

    /// The first answer of a step that does this.
    #[track_caller]
    fn answer_that(&self, step: &str, does: Does) -> AnswerId {
        let rules = self.rules.rules();
        let steps = rules.workflows.0.values().flat_map(|w| &w.steps).filter(|s| s.id.as_str() == step);
        let mut answers = steps.filter_map(|s| s.ask.as_ref()).flat_map(|ask| &ask.answers);
        let found = answers.find(|answer| answer.does == does).map(|answer| answer.id.clone());
        found.unwrap_or_else(|| panic!("{step} has no answer that does {does:?}"))
    }

    /// Somebody is away, and perhaps says who gets the mail.
    pub async fn goes_away(&mut self, name: &str, from: &str, until: &str, deputy: Option<&str>) {
        let deputy = match deputy {
            Some(deputy) => Some(self.person(deputy).await),
            None => None,
        };
        let person = self.person(name).await;
        let absence = Absence { person, from: day(from), until: day(until), deputy };
        assert!(self.store.save_absence(&absence, "test", self.now()).await.unwrap());
    }

    /// A role has another holder from a day on: those before leave it the day before.
    pub async fn takes_over(&mut self, body: &str, role: &str, name: &str, from: &str) {
        let (body, role) = (body.into(), role.into());
        let from = day(from);
        self.store.vacate((&body, &role), false, from, "test", self.now()).await.unwrap();
        let row = PersonRow {
            body,
            role,
            name: name.to_owned(),
            address: address(name),
            from: Some(from),
            until: None,
            deputy: false,
        };
        self.store.save_people(&[row], "test", self.now()).await.unwrap();
    }

    /// Somebody holds a role until a day and no longer.
    pub async fn leaves(&mut self, body: &str, role: &str, name: &str, last: &str) {
        let person = self.person(name).await;
        let (body, role) = (body.into(), role.into());
        let ended = self.store.end_holder(&body, &role, &person, day(last), "test", self.now()).await;
        assert!(ended.unwrap());
    }
}

stories! {
    what_people_say_beside_answers_is_kept,
}

const QUESTIONS: &str = r#"
title = "Samordnade remissvar"
for = "rpo"
occasion = "nationell/remisser"

[[period]]
id = "fraga"
title = "En fråga"
by-hand = true

[[step]]
id = "fordela"
ask = "Vilka remisser rör er?"
to = "processtöd"
when = "opens"
due = "5 workdays after opens"
answered-by = "anyone"
answers = { lista = { label = "De här", takes = "list" }, inga = "Inga remisser rör oss" }

[[step]]
id = "inhamta"
ask = "Lämna synpunkter"
to = ["ledamot", "rag/ordförande"]
when = "opens"
due = "15 workdays before closes"

[step.answers]
synpunkter = { label = "Lämna synpunkter", takes = ["text", "link", "file"] }
mer-tid = { label = "Behöver mer tid", does = "more-time" }
fel = { label = "Fel mottagare", does = "pass-on" }
hjalp = { label = "Ta hjälp av", does = "help" }
"#;

/// Each verb leaves the fact that it is named after; what the plan makes of them is told in other stories.
async fn what_people_say_beside_answers_is_kept(bench: Bench) -> World {
    const BODY: &str = super::RPO;
    let setting = World::new(bench, "2025-04-01").only(&["remisser"]);
    let mut world = setting.file("sydostra/remisser.toml", QUESTIONS).started().await;
    world.advance_to("2025-04-15 16:00").await;
    world.needs_time("jon", "inhamta", "2025-06-02").await;
    world.asks_help("jon", "inhamta", "nils").await;
    world.passes_on("kaj", "inhamta", "ny@region.example.org").await;
    let list = vec![("Sepsis".to_owned(), None), ("Starr".to_owned(), None)];
    world.answer_with("petra", "fordela", "lista", Handed { list, ..Handed::default() }).await;
    let texts = vec![(String::new(), "Bra.".to_owned())];
    world.answer_with("pia", "inhamta", "synpunkter", Handed { texts, ..Handed::default() }).await;
    let file = Handed { link: Some("example.org".to_owned()), ..Handed::default() };
    let refused = world.try_handing_in("lo", |m| m.step.as_str() == "inhamta", "synpunkter", &file).await;
    assert!(matches!(refused, Err(AnswerError::Handed(_))), "{refused:?}");
    world.goes_away("petra", "2025-07-01", "2025-07-10", Some("olle")).await;
    world.takes_over(BODY, "ordforande", "eva", "2025-09-01").await;
    world.leaves("rag-patologi", "ordforande", "pia", "2025-06-30").await;
    let asked =
        world.opens("sydostra/remisser", BODY, "fraga", "Prov på avd. 3", ("2025-05-05", "2025-05-30")).await;
    world.lists("sydostra/remisser", BODY, &asked, &["En sak"]).await;

    let facts = world.store.facts().await.unwrap();
    let mut arranged: Vec<_> = facts.arrangements.iter().map(|a| a.what.code()).collect();
    arranged.sort_unstable();
    assert_eq!(arranged, ["help", "passed", "time"]);
    assert_eq!(facts.answers.len(), 2);
    let titles: Vec<_> = facts.listed.iter().map(|l| l.title.as_str()).collect();
    assert_eq!(facts.listed.len(), 3, "{titles:?}");
    assert_eq!(asked.id.to_string(), "fraga.2025.1");
    assert_eq!((facts.opened.len(), facts.people.absences.len()), (1, 1));
    let holding = |on: &str| {
        let found = facts.people.holding(&BODY.into(), &"ordforande".into(), day(on));
        found.iter().map(|p| p.name.as_str()).collect::<Vec<_>>()
    };
    assert_eq!((holding("2025-08-31"), holding("2025-09-01")), (vec!["Olle"], vec!["eva"]));
    world
}
