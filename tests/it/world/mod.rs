//! A whole installation in a test: a fresh store, a clock that stands still, a mailbox, and people who answer by
//! the links in their mails. Stories are told with its verbs, on both databases.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

pub mod letter;
mod verbs;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use arshjul::answering::{self, AnswerError, AnswerOutcome, Handed, Policy, Reply};
use arshjul::app::intake::{self, Intake};
use arshjul::app::sender;
use arshjul::calendar::{QuietPeriods, civil, instant, is_workday, next_window, today};
use arshjul::clock::{Chance, Clock, CountingChance, ManualClock};
use arshjul::ids::{BodyId, OccasionRef, PersonId};
use arshjul::import::{self, Imported};
use arshjul::mail::compose::Templates;
use arshjul::mail::transport::{MemoryTransport, Outcome, Transport};
use arshjul::plan::model::{EnteredDate, Matter, Startable};
use arshjul::rules::{InForce, Rules};
use arshjul::store::{MailState, NewPlan, Recorded, Store, StoredOccasion};
use arshjul::tokens;
use arshjul::worker::{Knock, Outgoing, Worker};
use arshjul::workflow::model::{Span, Status};
use arshjul::workflow::{SourceFile, shipped};
use jiff::civil::{Date, DateTime, time};
use jiff::{SignedDuration, Timestamp};
use sha2::{Digest, Sha256};

pub use letter::Letter;

use crate::store::Bench;

/// Runs each story on each database, and looks afterwards whether the world was left in order.
macro_rules! stories {
    ($($story:ident),+ $(,)?) => {
        mod sqlite {
            $(#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn $story() {
                super::$story($crate::store::Bench::sqlite()).await.is_in_order().await;
            })+
        }

        #[cfg(feature = "postgres")]
        mod postgres {
            $(#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn $story() {
                if let Some(bench) = $crate::store::Bench::postgres(stringify!($story)).await {
                    super::$story(bench).await.is_in_order().await;
                }
            })+
        }
    };
}
pub(crate) use stories;

/// The body that most stories are about.
pub const RPO: &str = "rpo-medicinsk-diagnostik";

/// Those who have a part in the shipped workflows. RAG Klinisk kemi has no chair.
pub const PEOPLE: &str = "kropp;roll;namn;epost;från;till;ersättare
rsl;sekreterare;Sten;sten@example.org;;;
rsl;stab;RSL:s stab;stab@example.org;;;
kunskapsrad-diagnostik-och-sinnen;ordförande;Dag;dag@example.org;;;
rpo-medicinsk-diagnostik;processtöd;Petra;petra@example.org;;;
rpo-medicinsk-diagnostik;ordförande;Olle;olle@example.org;;;
rpo-medicinsk-diagnostik;ledamot;Jon;jon@example.org;;;
rpo-medicinsk-diagnostik;ledamot;Kaj;kaj@example.org;;;
rag-nuklearmedicin;ordförande;Nils;nils@example.org;;;
rag-patologi;ordförande;Pia;pia@example.org;;;
rag-laboratoriemedicin-it;ordförande;Lo;lo@example.org;;;
rag-klinisk-kemi;ordförande;XX;;;;
";

/// `moment("2025-10-24 08:00")` in Stockholm; a day alone is its morning at seven.
pub fn moment(text: &str) -> Timestamp {
    match DateTime::strptime("%Y-%m-%d %H:%M", text) {
        Ok(at) => instant(at.date(), at.time()),
        Err(_) => instant(text.parse().unwrap_or_else(|_| panic!("`{text}` is no moment")), time(7, 0, 0, 0)),
    }
}

/// `shown(moment)` is `2025-10-24 08:00`.
pub fn shown(moment: Timestamp) -> String {
    civil(moment).strftime("%Y-%m-%d %H:%M").to_string()
}

/// `nora` writes from `nora@example.org`.
fn address(name: &str) -> String {
    if name.contains('@') { name.to_owned() } else { format!("{name}@example.org") }
}

/// What a world is made of, before its first day.
pub struct Setting {
    bench: Bench,
    day: Timestamp,
    files: Vec<SourceFile>,
    people: String,
    plan: Option<String>,
    per_week: Option<u32>,
}

impl Setting {
    /// Files instead of the shipped ones; those of a path that is shipped take its place.
    pub fn file(mut self, path: &str, text: &str) -> Self {
        self.files.retain(|f| f.path != path);
        self.files.push(SourceFile::new(path, text));
        self.files.sort_by(|a, b| a.path.cmp(&b.path));
        self
    }

    /// Only the shipped files of these names, and the organisation. Whose meetings decide is there too, without
    /// what is asked before them.
    pub fn only(mut self, names: &[&str]) -> Self {
        let name = |path: &str| path.rsplit('/').next().map(|file| file.trim_end_matches(".toml").to_owned());
        self.files.retain(|f| {
            name(&f.path).is_some_and(|name| name == "organisation" || names.contains(&name.as_str()))
        });
        let points = self.files.iter().any(|f| f.text.contains("meetings = \"sydostra/rsl\""));
        if points && !self.files.iter().any(|f| f.path == "sydostra/rsl.toml") {
            let meetings = "title = \"RSL\"\nfor = \"rsl\"\n[[meeting]]\nid = \"mote-3\"\ntitle = \"RSL\"\n\
                            dates = [2025-05-13]\n";
            return self.file("sydostra/rsl.toml", meetings);
        }
        self
    }

    pub fn people(mut self, csv: &str) -> Self {
        csv.clone_into(&mut self.people);
        self
    }

    /// The plan of [`RPO`].
    pub fn plan(mut self, csv: &str) -> Self {
        self.plan = Some(csv.to_owned());
        self
    }

    /// At most so many mails to a person in a week.
    pub fn per_week(mut self, most: u32) -> Self {
        self.per_week = Some(most);
        self
    }

    /// Installed, and silent.
    pub async fn silent(self) -> World {
        let store = self.bench.open().await;
        let rules = Rules::load(&self.files, QuietPeriods::default()).unwrap();
        let mailbox = MemoryTransport::new();
        let clock = Arc::new(ManualClock::at(self.day));
        let chance = Arc::new(CountingChance::from_seed(0));
        let rules = Arc::new(InForce::new(rules));
        let worker = Arc::new(worker(&store, &clock, &chance, &rules, &mailbox, self.per_week));
        let mut world = World {
            store,
            clock,
            rules,
            mailbox,
            worker,
            letters: Vec::new(),
            chance,
            bench: self.bench,
            policy: Policy { domains: vec!["region.example.org".to_owned()], ..Policy::default() },
            files: self.files,
            per_week: self.per_week,
        };
        world.import(&self.people).await;
        if let Some(plan) = &self.plan {
            world.import(plan).await;
        }
        world
    }

    /// Installed, and everything started at once.
    pub async fn started(self) -> World {
        let mut world = self.silent().await;
        world.start().await;
        world
    }
}

fn worker(
    store: &Store,
    clock: &Arc<ManualClock>,
    chance: &Arc<CountingChance>,
    rules: &Arc<InForce>,
    mailbox: &MemoryTransport,
    per_week: Option<u32>,
) -> Worker {
    let url = "https://arshjul.example.org";
    let outgoing = Outgoing {
        sender: sender("Årshjulet <arshjul@example.org>", None, "Sydöstra sjukvårdsregionen", url),
        templates: Templates::embedded().unwrap(),
        transport: Transport::Memory(mailbox.clone()),
        public_url: url.to_owned(),
        per_minute: None,
        per_week,
    };
    let (clock, chance) = (clock.clone() as Arc<dyn Clock>, chance.clone() as Arc<dyn Chance>);
    Worker::new(store.clone(), clock, chance, rules.clone(), Some(outgoing))
}

/// An installation with its people and its mailbox.
pub struct World {
    pub store: Store,
    pub clock: Arc<ManualClock>,
    pub rules: Arc<InForce>,
    pub mailbox: MemoryTransport,
    pub worker: Arc<Worker>,
    /// Everything that arrived, in order.
    pub letters: Vec<Letter>,
    pub bench: Bench,
    /// What may be handed in, and to whom a question may be passed on.
    pub policy: Policy,
    chance: Arc<CountingChance>,
    files: Vec<SourceFile>,
    per_week: Option<u32>,
}

impl World {
    /// A world on `day`, with the shipped files and [`PEOPLE`].
    #[expect(clippy::new_ret_no_self, reason = "a world begins with its setting")]
    pub fn new(bench: Bench, day: &str) -> Setting {
        let (people, per_week) = (PEOPLE.to_owned(), Some(arshjul::config::PER_WEEK));
        Setting { bench, day: moment(day), files: shipped(), people, plan: None, per_week }
    }

    /// Takes over a list of people or a plan.
    pub async fn import(&mut self, csv: &str) {
        let (rules, now) = (self.rules.rules(), self.now());
        match import::read("list.csv", csv.as_bytes(), &rules.organisation).unwrap() {
            Imported::People(list) => {
                self.store.save_people(&intake::people(list.rows), "test", now).await.unwrap();
            }
            Imported::Items(rows) => {
                let body = BodyId::from(RPO);
                let facts = self.store.facts().await.unwrap();
                let (as_of, recorded) = (arshjul::calendar::today(now), now);
                let about = Intake { body: &body, world: rules.world(&facts), as_of, recorded };
                let (rows, assignments) = intake::plan(rows, about).unwrap();
                let (rows, assignments) = (rows.as_slice(), assignments.as_slice());
                let plan = NewPlan { body: &body, rows, assignments, as_of, recorded, version: None };
                self.store.take_plan(&plan, "test", now).await.unwrap();
            }
            Imported::Log(rows) => {
                let items = self.store.facts().await.unwrap().items;
                let today = arshjul::calendar::today(now);
                let lines = intake::log(rows, &BodyId::from(RPO), &items, today).unwrap();
                self.store.take_log(&lines, "test", now).await.unwrap();
            }
        }
    }

    /// Everything leaves silent mode.
    pub async fn start(&mut self) {
        let all = intake::everything(&self.rules.rules(), &self.store.facts().await.unwrap());
        self.start_only(&all).await;
    }

    pub async fn start_only(&mut self, what: &[Startable]) {
        self.store.start(what, self.now(), "test").await.unwrap();
    }

    pub fn now(&self) -> Timestamp {
        self.clock.now()
    }

    /// One knock and one delivery, at this moment.
    pub async fn tick(&mut self) -> Knock {
        let knock = self.worker.knock().await.unwrap();
        self.worker.deliver().await.unwrap();
        self.collect();
        knock
    }

    /// What has come to the mailbox since last time, stamped with this moment.
    pub fn collect(&mut self) {
        let now = self.now();
        let all = self.mailbox.delivered();
        let new = all.iter().skip(self.letters.len()).map(|mail| Letter::read(mail, now));
        self.letters.extend(new.collect::<Vec<_>>());
    }

    /// Lets time pass, with a tick at every moment at which something may be due and at 08:00 every day.
    pub async fn advance_to(&mut self, text: &str) {
        let target = moment(text);
        loop {
            self.tick().await;
            let now = self.now();
            if now >= target {
                return;
            }
            let morning = arshjul::calendar::window_of_day(today(now));
            let morning = if morning > now {
                morning
            } else {
                arshjul::calendar::window_of_day(today(now).tomorrow().unwrap())
            };
            let next = match self.store.next_moment().await.unwrap() {
                // It waits for a window.
                Some(at) if at <= now => {
                    next_window(&QuietPeriods::none(), now + SignedDuration::from_secs(1))
                }
                Some(at) => at,
                None => target,
            };
            self.clock.set(next.min(morning).min(target));
        }
    }

    /// The daemon is down until then, and takes up its work.
    pub async fn down_until(&mut self, text: &str) -> Knock {
        self.clock.set(moment(text));
        self.restart().await;
        self.tick().await
    }

    /// Another process takes over where this one ended, however it did.
    pub async fn restart(&mut self) {
        let Self { store, clock, chance, rules, mailbox, per_week, .. } = &*self;
        let fresh = worker(store, clock, chance, rules, mailbox, *per_week);
        self.worker = Arc::new(fresh);
        if self.bench.is_sqlite() {
            self.worker.take_over().await.unwrap();
        }
    }

    /// A second process beside this one.
    pub async fn another_worker(&self) -> Worker {
        let store = self.bench.open_another().await;
        worker(&store, &self.clock, &self.chance, &self.rules, &self.mailbox, self.per_week)
    }

    /// The identity behind `jon`.
    pub async fn person(&self, name: &str) -> PersonId {
        let people = self.store.facts().await.unwrap().people.persons;
        people.into_values().find(|p| p.address == address(name)).unwrap().id
    }

    pub fn fail_next(&self, outcomes: Vec<Outcome>) {
        self.mailbox.fail_next(outcomes);
    }

    /// Everything that reached a person, oldest first.
    pub fn mails_to(&self, name: &str) -> Vec<&Letter> {
        let address = address(name);
        self.letters.iter().filter(|letter| letter.to == address).collect()
    }

    /// When a person got which rung of a step: `2025-03-10 08:00 r1`.
    pub fn of_step(&self, name: &str, step: &str) -> Vec<String> {
        let mails = self.mails_to(name);
        let lines = mails.iter().flat_map(|letter| letter.rungs_of(step));
        lines.collect()
    }

    /// Who has got anything of a step.
    pub fn who_got(&self, step: &str) -> BTreeSet<&str> {
        let got = self.letters.iter().filter(|letter| !letter.rungs_of(step).is_empty());
        got.map(|letter| letter.to.trim_end_matches("@example.org")).collect()
    }

    /// The newest mail to a person that holds something of a step.
    #[track_caller]
    pub fn newest(&self, name: &str, step: &str) -> &Letter {
        let mails = self.mails_to(name);
        let found = mails.into_iter().rev().find(|letter| !letter.rungs_of(step).is_empty());
        found.unwrap_or_else(|| panic!("{name} has no mail of {step}"))
    }

    /// A person presses the link of a step in their newest mail that has one, and answers.
    pub async fn answer(&mut self, name: &str, step: &str, answer: &str) {
        let recorded = self.try_answering(name, step, answer).await;
        assert!(!matches!(recorded, Ok(Recorded::Same { .. })), "{name} had answered {step} already");
        recorded.unwrap_or_else(|error| panic!("{name} can't answer {step}: {error}"));
    }

    pub async fn try_answering(
        &mut self,
        name: &str,
        step: &str,
        answer: &str,
    ) -> Result<Recorded, AnswerError> {
        let about = |m: &Matter| m.step.as_str() == step;
        match self.try_handing_in(name, about, answer, &Handed::default()).await? {
            AnswerOutcome::Answered(recorded) => Ok(recorded),
            AnswerOutcome::Arranged { what, .. } => panic!("{answer} settles nothing: {what:?}"),
        }
    }

    /// A person answers one of the matters of their newest mail that has a link for it.
    pub async fn try_handing_in(
        &mut self,
        name: &str,
        about: impl Fn(&Matter) -> bool,
        answer: &str,
        handed: &Handed,
    ) -> Result<AnswerOutcome, AnswerError> {
        let now = self.now();
        for letter in self.mails_to(name).into_iter().rev() {
            for link in &letter.links {
                let secret = tokens::decode(link).unwrap_or_else(|| panic!("{link} is no token"));
                let token = self.store.token(&Sha256::digest(secret).into(), now).await.unwrap();
                let Some(token) = token else { continue };
                if let Some(matter) = token.matters.iter().find(|matter| about(matter)) {
                    let (rules, answer) = (self.rules.rules(), answer.into());
                    let (person, who) = (&token.person, token.person.as_str());
                    let reply = Reply { matter, person, answer: &answer, handed, who };
                    return answering::answer(&self.store, &rules, &self.policy, &reply, now).await;
                }
            }
        }
        panic!("{name} has no link to answer {answer} with");
    }

    /// Gives an occasion another day.
    pub async fn move_meeting(&mut self, workflow: &str, body: &str, occasion: &str, day: &str) {
        let first: Date = day.parse().unwrap();
        self.enter(workflow, body, occasion, Some(Span::AllDay { first, last: first }), Status::Confirmed)
            .await;
    }

    pub async fn cancel(&mut self, workflow: &str, body: &str, occasion: &str) {
        self.enter(workflow, body, occasion, None, Status::Cancelled).await;
    }

    async fn enter(
        &mut self,
        workflow: &str,
        body: &str,
        occasion: &str,
        span: Option<Span>,
        status: Status,
    ) {
        let at = occasion_ref(workflow, body, occasion);
        let date = EnteredDate { span, place: None, status, why: Some("ändrat".to_owned()) };
        assert!(self.store.enter_date(&at, &date, "test", self.now()).await.unwrap());
    }

    /// An occasion as feeds know it.
    pub async fn stored(&self, workflow: &str, body: &str, occasion: &str) -> StoredOccasion {
        let at = occasion_ref(workflow, body, occasion);
        let all = self.store.occasions().await.unwrap();
        all.into_iter().find(|o| o.occasion.at == at).unwrap_or_else(|| panic!("no {occasion} is stored"))
    }

    /// The files are changed on disk; true if the new ones are in force.
    pub fn reload(&mut self, path: &str, text: &str) -> bool {
        let mut files = self.files.clone();
        files.retain(|f| f.path != path);
        files.push(SourceFile::new(path, text));
        self.rules.take(Rules::load(&files, QuietPeriods::default()))
    }

    /// How many messages were passed over, by the reason.
    pub async fn skipped(&self) -> BTreeMap<String, u64> {
        self.store.counts().await.unwrap().skipped
    }

    /// What holds after every story: each key is in one mail, copies are equal byte for byte and no more than the
    /// attempts whose end isn't known, nothing but alarms left outside the windows, and every mail is sent or says
    /// why it isn't.
    pub async fn is_in_order(&self) {
        self.store.check_integrity().await.unwrap();
        let mut mail_of: BTreeMap<&str, &str> = BTreeMap::new();
        let mut bytes_of: BTreeMap<&str, (&[u8], u32)> = BTreeMap::new();
        for letter in &self.letters {
            for key in &letter.keys {
                let first = *mail_of.entry(key).or_insert(&letter.message_id);
                assert_eq!(first, letter.message_id, "{key} is in two mails");
            }
            let (bytes, copies) = bytes_of.entry(&letter.message_id).or_insert((&letter.bytes, 0));
            assert_eq!(*bytes, letter.bytes, "a copy of {} differs", letter.message_id);
            *copies += 1;
        }
        let now = self.now();
        let mails = self.store.mails(100_000, 0).await.unwrap();
        for letter in &self.letters {
            // What is tried again leaves whenever its turn comes.
            if mails.iter().any(|mail| mail.message_id == letter.message_id && mail.attempts == 1) {
                self.left_in_a_window(letter);
            }
        }
        for mail in mails {
            let copies = bytes_of.get(mail.message_id.as_str()).map_or(0, |(_, copies)| *copies);
            let sent = u32::from(mail.state == MailState::Sent);
            assert!(copies <= sent + mail.ambiguous, "{copies} copies of {mail:?}");
            assert!(copies >= sent, "sent and not there: {mail:?}");
            match mail.state {
                MailState::Sent | MailState::Cancelled => {}
                MailState::Failed => assert!(mail.last_reply.is_some(), "{mail:?}"),
                MailState::Queued => {
                    let waits = self.store.next_moment().await.unwrap().is_some_and(|next| next > now);
                    assert!(waits && (mail.last_reply.is_some() || mail.ambiguous > 0), "{mail:?}");
                }
                MailState::Sending => panic!("nobody is sending {mail:?}"),
            }
        }
    }

    fn left_in_a_window(&self, letter: &Letter) {
        let at = civil(letter.at);
        let alarm = letter.keys.iter().all(|key| Letter::rung(key).starts_with('a'));
        let day = is_workday(at.date()) && self.rules.rules().quiet.is_open(at.date());
        let by_day = (time(7, 0, 0, 0)..time(18, 15, 0, 0)).contains(&at.time());
        assert!(alarm || day, "{} leaves on a closed day", letter.line());
        assert!(by_day, "{} leaves at night", letter.line());
    }
}

pub fn occasion_ref(workflow: &str, body: &str, occasion: &str) -> OccasionRef {
    let body = if body.is_empty() { None } else { Some(body.into()) };
    OccasionRef { workflow: workflow.into(), body, id: occasion.parse().unwrap() }
}
