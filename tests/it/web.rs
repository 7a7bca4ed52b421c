//! The web, driven in process over a temporary store: what is answered, what is recorded, what is kept silent.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::sync::Arc;

use arshjul::answering::Policy;
use arshjul::calendar::{QuietPeriods, instant};
use arshjul::clock::{Clock, ManualClock};
use arshjul::ids::PersonId;
use arshjul::items::{Health, Item, Phase};
use arshjul::plan::model::{Change, Facts, Message, MessageKind, Object, Opened};
use arshjul::plan::occasions::occasions;
use arshjul::rules::{InForce, Rules};
use arshjul::store::{
    Access, HistoryRow, Location, MetaKey, NewOccasion, NewToken, PersonRow, PlannedMark, Store,
    StoredOccasion,
};
use arshjul::web::{self, State};
use arshjul::workflow;
use arshjul::workflow::model::{Answer, Span};
use arshjul::{tokens, workflow::model::Status};
use axum::Router;
use axum::body::Body;
use axum::http::{HeaderMap, Request, StatusCode};
use http_body_util::BodyExt;
use jiff::civil::{Date, date};
use jiff::{SignedDuration, Timestamp};
use sha2::{Digest, Sha256};
use tempfile::TempDir;
use tokio::sync::Notify;
use tower::ServiceExt;

use crate::store::{adds, message};

const NAME: &str = "Anna Exempel";
const ITEM: &str = "Gemensam bildlagring";
const TODAY: Date = date(2025, 10, 6);
const PUBLIC: &str = "https://arshjul.example.org";
const FORM: &str = "application/x-www-form-urlencoded";

/// A daemon's web over a store with the shipped files, one person, one item and one question.
pub struct Site {
    pub store: Store,
    pub clock: Arc<ManualClock>,
    pub rules: Arc<InForce>,
    pub wake: Arc<Notify>,
    pub router: Router,
    pub person: PersonId,
    pub token: String,
    pub ask: Message,
    _folder: TempDir,
}

pub struct Reply {
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub body: String,
}

/// What people read of a page: no week is parted from its number by markup.
fn read(page: &str) -> String {
    page.replace("<span class=\"nb\">", "").replace("</span>", "")
}

impl Reply {
    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().unwrap())
    }
}

impl Site {
    pub async fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let location = Location::parse(&folder.path().join("arshjul.db").to_string_lossy()).unwrap();
        let store = Store::open_with_relaxed_sync(&location, Access::Sender).await.unwrap();
        let clock = Arc::new(ManualClock::at(instant(TODAY, jiff::civil::time(9, 0, 0, 0))));
        let rules =
            Arc::new(InForce::new(Rules::load(&workflow::shipped(), QuietPeriods::default()).unwrap()));
        let wake = Arc::<Notify>::default();
        let state = State {
            store: store.clone(),
            clock: clock.clone(),
            chance: Arc::new(arshjul::clock::CountingChance::from_seed(0)),
            rules: rules.clone(),
            wake: wake.clone(),
            public_url: PUBLIC.to_owned(),
            policy: Policy::default(),
        };
        let router = web::router(state);
        let person = populate(&store, clock.now()).await;
        let mut ask = question(&person);
        let mut site = Self {
            token: String::new(),
            store,
            clock,
            rules,
            wake,
            router,
            person,
            ask: ask.clone(),
            _folder: folder,
        };
        site.plan(&mut [&mut ask]).await;
        site.ask = ask;
        site.token = site.link(1, &site.ask.clone()).await;
        site.store.meta_put(MetaKey::HEARTBEAT, Some(&site.clock.now().to_string())).await.unwrap();
        site
    }

    pub fn now(&self) -> Timestamp {
        self.clock.now()
    }

    /// The database's file.
    pub fn file(&self) -> std::path::PathBuf {
        self._folder.path().join("arshjul.db")
    }

    /// Plans the occasions around now and these messages.
    pub async fn plan(&self, messages: &mut [&mut Message]) {
        let facts = self.store.facts().await.unwrap();
        let rules = self.rules.rules();
        let found = occasions(&rules.world(&facts), date(2024, 9, 1), date(2027, 4, 1));
        let messages: Vec<Message> = messages.iter().map(|m| (**m).clone()).collect();
        let mark = PlannedMark {
            until: self.now() + SignedDuration::from_hours(24),
            facts_revision: self.store.facts_revision().await.unwrap(),
            files_digest: rules.digest.clone(),
        };
        let in_force = rules.workflows.0.keys().cloned().collect();
        self.store.apply(&adds(&messages), &found, &in_force, &mark, self.now()).await.unwrap();
    }

    pub async fn link(&self, seed: u8, ask: &Message) -> String {
        let secret = [seed; 32];
        let token = NewToken {
            hash: Sha256::digest(secret).into(),
            person: self.person.clone(),
            purpose: tokens::ANSWER.to_owned(),
            matters: vec![ask.matter.clone()],
            expires: Some(self.now() + SignedDuration::from_hours(24 * 180)),
        };
        self.store.issue_token(&token, self.now()).await.unwrap();
        tokens::encode(&secret)
    }

    pub async fn send(&self, request: Request<Body>) -> Reply {
        let response = self.router.clone().oneshot(request).await.unwrap();
        let (parts, body) = response.into_parts();
        let bytes = body.collect().await.unwrap().to_bytes();
        let body = String::from_utf8(bytes.to_vec()).unwrap();
        Reply { status: parts.status, headers: parts.headers, body }
    }

    pub async fn call(&self, method: &str, path: &str, headers: &[(&str, &str)], body: &str) -> Reply {
        let mut request = Request::builder().method(method).uri(path).header("host", "arshjul.example.org");
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        self.send(request.body(Body::from(body.to_owned())).unwrap()).await
    }

    /// The link to everything that waits for the person, as it stands in their mails.
    pub async fn open_link(&self) -> String {
        let secret = [2; 32];
        let token = NewToken {
            hash: Sha256::digest(secret).into(),
            person: self.person.clone(),
            purpose: tokens::OPEN.to_owned(),
            matters: Vec::new(),
            expires: None,
        };
        self.store.issue_token(&token, self.now()).await.unwrap();
        format!("/svar/{}", tokens::encode(&secret))
    }

    /// The same daemon after a restart: what it had in memory is gone.
    pub fn restart(&mut self) {
        self.router = web::router(State {
            store: self.store.clone(),
            clock: self.clock.clone(),
            chance: Arc::new(arshjul::clock::CountingChance::from_seed(7)),
            rules: self.rules.clone(),
            wake: self.wake.clone(),
            public_url: PUBLIC.to_owned(),
            policy: Policy::default(),
        });
    }

    pub async fn get(&self, path: &str) -> Reply {
        self.call("GET", path, &[], "").await
    }

    pub async fn answer(&self, answer: &str) -> Reply {
        self.post(&[], &format!("svar={answer}")).await
    }

    pub async fn post(&self, headers: &[(&str, &str)], body: &str) -> Reply {
        let headers = [&[("content-type", FORM)], headers].concat();
        self.call("POST", &format!("/svar/{}", self.token), &headers, body).await
    }

    /// Everything that reading must not change.
    pub async fn facts(&self) -> (i64, Vec<HistoryRow>, Facts) {
        let revision = self.store.facts_revision().await.unwrap();
        (revision, self.store.history(100).await.unwrap(), self.store.facts().await.unwrap())
    }

    pub async fn standing(&self) -> Option<String> {
        let given = self.store.answer_of(&self.ask.matter, &self.person).await.unwrap();
        given.map(|given| given.answer.to_string())
    }

    pub async fn was_woken(&self) -> bool {
        let woken = self.wake.notified();
        tokio::select! {
            biased;
            () = woken => true,
            () = std::future::ready(()) => false,
        }
    }
}

/// One person and one item.
async fn populate(store: &Store, now: Timestamp) -> PersonId {
    let row = PersonRow {
        body: "rpo-medicinsk-diagnostik".into(),
        role: "processtod".into(),
        name: NAME.to_owned(),
        address: "anna@example.org".to_owned(),
        from: None,
        until: None,
        deputy: false,
    };
    store.save_people(&[row], "test", now).await.unwrap();
    let person = store.facts().await.unwrap().people.persons.keys().next().unwrap().clone();
    let known = Item::new("rpo-medicinsk-diagnostik".into(), "l1".into(), ITEM, now);
    let item = Item { phase: Phase::Ongoing, health: Health::Yellow, ..known };
    store.save_items(&"rpo-medicinsk-diagnostik".into(), &[item], "test", now).await.unwrap();
    person
}

/// "Har ni synpunkter?", with three answers.
pub fn question(person: &PersonId) -> Message {
    let mut ask =
        message("inhamta", MessageKind::Ask, person.as_str(), instant(TODAY, jiff::civil::time(8, 0, 0, 0)));
    let answers =
        [("synpunkter", "Synpunkter är lämnade"), ("inga", "Inga synpunkter"), ("avstar", "Avstår")];
    ask.notice.answers = answers.map(|(id, label)| answer(id, label)).into();
    ask.notice.text = vec!["Rundan pågår <15 september–14 november>.".to_owned()];
    ask.notice.rows = vec![("Period".to_owned(), "Nationell remissrunda & svar".to_owned())];
    ask.notice.due = Some(date(2025, 10, 24));
    ask
}

pub fn answer(id: &str, label: &str) -> Answer {
    Answer::plain(id.into(), label)
}

/// Every address of a page, with the status it has.
fn pages(site: &Site) -> Vec<(String, u16)> {
    vec![
        ("/".to_owned(), 200),
        ("/kalender".to_owned(), 200),
        ("/kalender/rsl".to_owned(), 200),
        ("/kalender/finns-inte".to_owned(), 404),
        ("/arshjul/2025".to_owned(), 200),
        ("/arshjul/2031".to_owned(), 200),
        ("/arshjul/1066".to_owned(), 404),
        ("/arshjul/+2025".to_owned(), 404),
        ("/arshjul/nu".to_owned(), 404),
        ("/feed/rsl.ics".to_owned(), 200),
        ("/feed/finns-inte.ics".to_owned(), 404),
        ("/feed/rsl".to_owned(), 404),
        (format!("/feed/{}/outlook.ics", tokens::encode(&[9; 32])), 404),
        ("/feed/hemligt/outlook.ics".to_owned(), 404),
        (format!("/svar/{}", site.token), 200),
        (format!("/svar/{}", tokens::encode(&[9; 32])), 410),
        ("/svar/skräp".replace('ä', "%C3%A4"), 404),
        ("/finns-inte".to_owned(), 404),
        ("/stil.css".to_owned(), 200),
        ("/healthz".to_owned(), 200),
        ("/readyz".to_owned(), 200),
        ("/metrics".to_owned(), 200),
    ]
}

#[tokio::test]
async fn reading_changes_nothing() {
    let site = Site::new().await;
    let before = site.facts().await;
    for _ in 0..2 {
        for method in ["GET", "HEAD"] {
            for (path, status) in pages(&site) {
                let reply = site.call(method, &path, &[], "").await;
                assert_eq!(reply.status.as_u16(), status, "{method} {path}");
                assert!(method == "GET" || reply.body.is_empty(), "{path}");
            }
        }
    }
    assert_eq!(site.facts().await, before);
    assert!(!site.was_woken().await);
}

#[tokio::test]
async fn every_response_is_guarded() {
    let site = Site::new().await;
    for (path, _) in pages(&site) {
        let reply = site.get(&path).await;
        assert_eq!(reply.header("x-content-type-options"), "nosniff", "{path}");
        assert_eq!(reply.header("referrer-policy"), "no-referrer", "{path}");
        assert_eq!(
            reply.header("content-security-policy"),
            "default-src 'none'; style-src 'self'; img-src 'self' data:; form-action 'self'; base-uri 'none'; \
             frame-ancestors 'none'",
            "{path}"
        );
        let private = path.starts_with("/svar");
        assert_eq!(reply.header("cache-control") == "no-store", private, "{path}");
        assert_eq!(reply.header("x-robots-tag") == "noindex", private, "{path}");
        let html = reply.header("content-type").starts_with("text/html");
        if html {
            assert_eq!(reply.header("content-type"), "text/html; charset=utf-8", "{path}");
            assert!(reply.body.contains("<html lang=\"sv\">"), "{path}");
            for forbidden in ["<script", " style=", "<style", " onclick", "javascript:"] {
                assert!(!reply.body.contains(forbidden), "{path} has {forbidden}");
            }
        }
    }
}

#[tokio::test]
async fn only_the_persons_own_page_names_them_and_no_page_names_an_item() {
    let site = Site::new().await;
    for (path, _) in pages(&site) {
        let reply = site.get(&path).await;
        assert!(!reply.body.contains(ITEM), "{path}");
        let own = path == format!("/svar/{}", site.token);
        assert_eq!(reply.body.contains(NAME), own, "{path}");
        for secret in ["anna@example.org", site.person.as_str()] {
            let named = reply.body.split(|c: char| !c.is_alphanumeric() && c != '@' && c != '.');
            assert!(!named.into_iter().any(|word| word == secret), "{path} has {secret}");
        }
        // The form posts to where it is: the page itself needn't repeat its address.
        assert!(!reply.body.contains(&site.token), "{path} repeats the token");
    }
}

/// What somebody types about an occasion may name a person, and everybody can read calendars and the year.
#[tokio::test]
async fn what_is_typed_about_an_occasion_by_hand_stays_with_those_concerned() {
    let site = Site::new().await;
    let day = |day| date(2025, 11, day);
    let span = Span::AllDay { first: day(3), last: day(28) };
    let opened = Opened {
        title: format!("Nominera {NAME}"),
        span,
        place: None,
        note: Some(format!("{NAME} har tackat ja")),
        link: None,
        receivers: Vec::new(),
        answers: Vec::new(),
        diary: None,
        group: None,
    };
    let new = NewOccasion {
        workflow: &"sydostra/nomineringar".into(),
        body: Some(&"rpo-medicinsk-diagnostik".into()),
        entry: &"nag".into(),
        opened: &opened,
        renewed: false,
    };
    let at = site.store.open_occasion(&new, "test", site.now()).await.unwrap();
    site.plan(&mut []).await;
    let known = site.store.occasion(&at).await.unwrap().unwrap().occasion;
    assert_eq!(known.title, opened.title, "those concerned read what was typed");

    let pages = ["/feed/rpo-medicinsk-diagnostik.ics", "/arshjul/2025", "/kalender", "/"];
    for path in pages {
        let page = site.get(path).await.body.replace("\r\n ", "");
        assert!(!page.contains(NAME), "{path} names a person");
    }
    let feed = site.get(pages[0]).await.body;
    assert!(feed.contains("SUMMARY:Nominering till en nationell arbetsgrupp"), "{feed}");
}

#[tokio::test]
async fn a_question_can_be_answered_with_one_press() {
    let site = Site::new().await;
    let page = read(&site.get(&format!("/svar/{}", site.token)).await.body);
    assert!(page.contains("Du svarar som Anna Exempel.") && page.contains("Har ni synpunkter?"));
    assert!(page.contains("fredag 24 oktober (v. 43)") && page.contains("&lt;15 september"));
    assert_eq!(page.matches("<form method=\"post\">").count(), 1);
    assert_eq!(page.matches("<button type=\"submit\" name=\"svar\"").count(), 3);
    assert!(page.contains("name=\"svar\" value=\"inga\">Inga synpunkter</button>"));
    assert!(!page.contains("autofocus"), "no answer is the default");

    let reply = site.answer("inga").await;
    assert_eq!(reply.status, StatusCode::OK);
    assert!(reply.body.contains("Tack!") && reply.body.contains("Ditt svar är noterat: Inga synpunkter"));
    assert!(reply.body.contains("Du får inga fler påminnelser om den här frågan."));
    assert_eq!(site.standing().await.as_deref(), Some("inga"));
    assert!(site.was_woken().await, "what waited for the answer may leave at once");
    let history = site.store.history(1).await.unwrap();
    assert_eq!(history[0].who, site.person.as_str());

    let page = site.get(&format!("/svar/{}", site.token)).await.body;
    assert!(page.contains("Ditt svar") && page.contains("Noterat måndag 6 oktober (v. 41) kl. 09.00."));
}

#[tokio::test]
async fn the_same_answer_twice_is_one_answer() {
    let site = Site::new().await;
    site.answer("inga").await;
    let before = site.facts().await;
    site.clock.advance(SignedDuration::from_hours(5));
    let reply = site.answer("inga").await;
    assert_eq!(reply.status, StatusCode::OK);
    assert!(reply.body.contains("Svaret var redan noterat, måndag 6 oktober (v. 41) kl. 09.00."));
    assert_eq!(site.facts().await, before);
}

#[tokio::test]
async fn another_answer_takes_its_place() {
    let site = Site::new().await;
    site.answer("inga").await;
    let reply = site.answer("avstar").await;
    assert_eq!(reply.status, StatusCode::OK);
    assert!(reply.body.contains("Ditt svar är ändrat från ”Inga synpunkter” till ”Avstår”."));
    assert_eq!(site.standing().await.as_deref(), Some("avstar"));
    let history = site.store.history(100).await.unwrap();
    assert_eq!(history.iter().filter(|row| row.what == "answer").count(), 2, "with its history");
}

#[tokio::test]
async fn what_is_closed_takes_no_answer_and_says_what_stands() {
    let site = Site::new().await;
    let mut ask = question(&site.person);
    ask.matter.step = "fordela".into();
    ask.key.0.push_str(":2");
    ask.expires = Some(site.now() + SignedDuration::from_hours(1));
    let site = Site { token: site.link(2, &ask).await, ask: ask.clone(), ..site };
    site.plan(&mut [&mut ask]).await;
    site.answer("inga").await;
    site.clock.advance(SignedDuration::from_hours(2));
    let before = site.facts().await;
    let reply = site.answer("avstar").await;
    assert_eq!(reply.status, StatusCode::CONFLICT);
    assert!(reply.body.contains("svaret är inte sparat") && reply.body.contains("noterat: Inga synpunkter"));
    assert_eq!(site.facts().await, before);
    let page = site.get(&format!("/svar/{}", site.token)).await;
    assert!(page.body.contains("Frågan är stängd") && !page.body.contains("<button"));
}

#[tokio::test]
async fn what_is_no_answer_is_refused() {
    let site = Site::new().await;
    let before = site.facts().await;
    for (body, status) in
        [("svar=kanske", 400), ("svar=", 400), ("", 400), ("fraga=0", 400), ("svar=inga&fraga=1", 400)]
    {
        let reply = site.post(&[], body).await;
        assert_eq!(reply.status.as_u16(), status, "{body}");
        assert!(reply.body.contains("Svaret är inte sparat"), "{body}");
    }
    let large = format!("svar=inga&x={}", "x".repeat(12_000_000));
    assert_eq!(site.post(&[], &large).await.status, StatusCode::PAYLOAD_TOO_LARGE);
    let own = format!("/svar/{}", site.token);
    let json = site.call("POST", &own, &[("content-type", "application/json")], "{}").await;
    assert_eq!(json.status, StatusCode::BAD_REQUEST);
    let unknown = format!("/svar/{}", tokens::encode(&[9; 32]));
    let reply = site.call("POST", &unknown, &[("content-type", FORM)], "svar=inga").await;
    assert_eq!(reply.status, StatusCode::GONE);
    assert!(reply.body.contains("Länken fungerar inte längre"));
    assert_eq!(
        site.call("PUT", &format!("/svar/{}", site.token), &[], "").await.status,
        StatusCode::METHOD_NOT_ALLOWED
    );
    assert_eq!(site.facts().await, before);
    assert!(!site.was_woken().await);
}

#[tokio::test]
async fn a_form_on_another_site_is_refused() {
    let site = Site::new().await;
    let before = site.facts().await;
    for headers in
        [("sec-fetch-site", "cross-site"), ("sec-fetch-site", "same-site"), ("origin", "https://example.com")]
    {
        let reply = site.post(&[headers], "svar=inga").await;
        assert_eq!(reply.status, StatusCode::FORBIDDEN, "{headers:?}");
        assert_eq!(reply.header("cache-control"), "no-store");
    }
    assert_eq!(site.facts().await, before);
    let own = [("sec-fetch-site", "same-origin"), ("origin", "null")];
    assert_eq!(site.post(&own, "svar=inga").await.status, StatusCode::OK);
    let own = [("origin", "https://arshjul.example.org")];
    assert_eq!(site.post(&own, "svar=avstar").await.status, StatusCode::OK);
}

#[tokio::test]
async fn a_link_that_is_over_says_how_to_get_another() {
    let site = Site::new().await;
    let path = format!("/svar/{}", site.token);
    site.clock.advance(SignedDuration::from_hours(24 * 181));
    let late = site.get(&path).await;
    assert_eq!(late.status, StatusCode::GONE);
    assert!(late.body.contains("Svara på mejlet som länken stod i och be om en ny"));
    let site = Site::new().await;
    site.store.revoke_tokens(&site.person, Some(tokens::ANSWER), "test", site.now()).await.unwrap();
    assert_eq!(site.get(&path).await.status, StatusCode::GONE);
    let feed = NewToken {
        hash: Sha256::digest([3; 32]).into(),
        person: site.person.clone(),
        purpose: "feed".to_owned(),
        matters: vec![site.ask.matter.clone()],
        expires: None,
    };
    site.store.issue_token(&feed, site.now()).await.unwrap();
    let other = site.get(&format!("/svar/{}", tokens::encode(&[3; 32]))).await;
    assert_eq!(other.status, StatusCode::GONE, "a link for something else");
}

#[tokio::test]
async fn an_answer_about_an_item_changes_the_item() {
    let site = Site::new().await;
    let mut nudge = question(&site.person);
    nudge.kind = MessageKind::Nudge;
    nudge.matter.object = Object::Item("l1".to_owned());
    nudge.key.0.push_str(":l1");
    nudge.notice.answers =
        vec![Answer { health: Some(Health::Green), ..answer("gron", "Enligt plan igen: grön") }];
    let site = Site { token: site.link(4, &nudge).await, ask: nudge.clone(), ..site };
    site.plan(&mut [&mut nudge]).await;
    let reply = site.answer("gron").await;
    assert!(reply.body.contains("Den kan komma tillbaka"), "no promise that there will be no more");
    let items = site.store.facts().await.unwrap().items;
    assert_eq!(items[0].health, Health::Green);
}

#[tokio::test]
async fn the_front_page_says_what_happens_next_and_how_the_plan_is_doing() {
    let site = Site::new().await;
    let page = read(&site.get("/").await.body);
    assert!(page.contains("I dag är det måndag 6 oktober 2025 (v. 41)."));
    assert!(page.contains("15–16 oktober (v. 42)"), "RSL");
    assert!(page.contains("Till och med fredag 14 november (v. 46), 39 dagar kvar"), "the autumn's remisser");
    assert!(page.contains("RPO Medicinsk diagnostik") && page.contains("1 punkt"));
    assert!(page.contains("Gul <b>1</b>") && page.contains("Pågår <b>1</b>"), "in words");
    assert!(!page.contains("används inte"));

    let broken = [arshjul::grammar::SourceFile::new("organisation.toml", "title = 1\n")];
    site.rules.take(Rules::load(&broken, QuietPeriods::default()));
    let page = site.get("/").await.body;
    assert!(page.contains("En ny version av filerna har fel och används inte"));
    let ready = site.get("/readyz").await;
    assert!(ready.status == StatusCode::OK && ready.body.contains("faults"), "{}", ready.body);
}

#[tokio::test]
async fn a_year_lists_its_quarters() {
    let site = Site::new().await;
    let page = read(&site.get("/arshjul/2025").await.body);
    for said in
        ["Kvartal 1", "Kvartal 4", "April", "torsdag 10 april (v. 15)", "/arshjul/2024", "/arshjul/2026"]
    {
        assert!(page.contains(said), "{said}");
    }
    let next = site.get("/arshjul/2026").await.body;
    assert!(next.contains("Pågår när året börjar") && next.contains("17 november 2025–13 februari 2026"));
    assert!(site.get("/arshjul/2031").await.body.contains("Ingenting är inlagt det här året."));
}

#[tokio::test]
async fn every_feed_can_be_subscribed_to_from_the_page() {
    let site = Site::new().await;
    let page = site.get("/kalender").await.body;
    let rules = site.rules.rules();
    let names = arshjul::ical::feeds::feed_names(&rules.organisation, &rules.workflows);
    assert!(names.len() > 10);
    for (name, _) in names {
        let address = format!("value=\"https://arshjul.example.org/feed/{name}.ics\"");
        assert!(page.contains(&address), "{name}");
        let reply = site.get(&format!("/feed/{name}.ics")).await;
        assert_eq!(reply.status, StatusCode::OK, "{name}");
        assert!(reply.body.starts_with("BEGIN:VCALENDAR\r\n"));
    }
    assert!(page.contains("upp till ett dygn"));
}

#[tokio::test]
async fn a_feed_is_fetched_once_and_then_only_when_it_has_changed() {
    let site = Site::new().await;
    let first = site.get("/feed/remisser.ics").await;
    assert_eq!(first.header("content-type"), "text/calendar; charset=utf-8");
    assert_eq!(first.header("content-disposition"), "inline; filename=\"remisser.ics\"");
    assert_eq!(first.header("cache-control"), "public, max-age=3600");
    assert_eq!(first.header("content-encoding"), "");
    let (tag, date) = (first.header("etag").to_owned(), first.header("last-modified").to_owned());
    assert!(tag.starts_with('"') && date.ends_with(" GMT"), "{tag} {date}");

    let again = async |headers: &[(&str, &str)]| site.call("GET", "/feed/remisser.ics", headers, "").await;
    let weak = format!("\"x\", W/{tag}");
    for headers in [
        ("if-none-match", tag.as_str()),
        ("if-none-match", &weak),
        ("if-none-match", "*"),
        ("if-modified-since", &date),
    ] {
        let reply = again(&[headers]).await;
        assert_eq!(reply.status, StatusCode::NOT_MODIFIED, "{headers:?}");
        assert!(reply.body.is_empty() && reply.header("etag") == tag);
    }
    let both = [("if-none-match", "\"x\""), ("if-modified-since", date.as_str())];
    assert_eq!(again(&both).await.status, StatusCode::OK, "the tag decides");
    let credentials = again(&[("authorization", "Bearer x"), ("accept-encoding", "gzip")]).await;
    assert_eq!((credentials.status, credentials.header("content-encoding")), (StatusCode::OK, ""));

    let head = site.call("HEAD", "/feed/remisser.ics", &[], "").await;
    assert_eq!(head.header("content-length"), first.body.len().to_string());
    assert_eq!(head.header("etag"), tag);
}

#[tokio::test]
async fn a_feeds_tag_follows_its_content() {
    let site = Site::new().await;
    let first = site.get("/feed/remisser.ics").await;
    site.clock.advance(SignedDuration::from_hours(24));
    let same = site.get("/feed/remisser.ics").await;
    assert_eq!(first.header("etag"), same.header("etag"), "another day, another rendering, the same bytes");

    cancel(&site, "nationell/remisser").await;
    let other = site.get("/feed/remisser.ics").await;
    assert_ne!(first.header("etag"), other.header("etag"));
    assert!(other.body.contains("STATUS:CANCELLED") && other.body.contains("SEQUENCE:1"));
    let since = [("if-modified-since", same.header("last-modified"))];
    let reply = site.call("GET", "/feed/remisser.ics", &since, "").await;
    assert_eq!(reply.status, StatusCode::OK, "a change is seen by its date too");
}

/// Cancels one occasion of a workflow, in the store.
pub async fn cancel(site: &Site, workflow: &str) {
    site.clock.advance(SignedDuration::from_hours(1));
    let stored: Vec<StoredOccasion> = site.store.occasions().await.unwrap();
    let last = date(2025, 11, 1);
    let mut cancelled = stored
        .into_iter()
        .map(|o| o.occasion)
        .find(|o| o.at.workflow.as_str() == workflow && o.span.last() > last)
        .unwrap();
    cancelled.status = Status::Cancelled;
    let rules = site.rules.rules();
    let mark = PlannedMark {
        until: site.now() + SignedDuration::from_hours(48),
        facts_revision: site.store.facts_revision().await.unwrap(),
        files_digest: rules.digest.clone(),
    };
    let in_force = rules.workflows.0.keys().cloned().collect();
    let none: [Change; 0] = [];
    let applied = site.store.apply(&none, &[cancelled], &in_force, &mark, site.now()).await.unwrap();
    assert_eq!(applied.occasions_changed, 1);
}

#[tokio::test]
async fn when_the_store_is_gone_a_feed_is_served_as_it_last_was() {
    let site = Site::new().await;
    let first = site.get("/feed/rsl.ics").await;
    site.store.close().await;
    let kept = site.get("/feed/rsl.ics").await;
    assert_eq!((kept.status, &kept.body), (StatusCode::OK, &first.body));
    assert_eq!(site.get("/feed/remisser.ics").await.status, StatusCode::SERVICE_UNAVAILABLE);
    let page = site.get("/").await;
    assert_eq!(page.status, StatusCode::SERVICE_UNAVAILABLE);
    assert!(page.body.contains("Något gick fel hos oss"));
    assert_eq!(site.get("/healthz").await.status, StatusCode::OK);
    let ready = site.get("/readyz").await;
    assert_eq!(ready.status, StatusCode::SERVICE_UNAVAILABLE);
    assert!(ready.body.contains("the store can't be read"));
}

#[tokio::test]
async fn a_daemon_that_has_stopped_knocking_is_not_ready() {
    let site = Site::new().await;
    assert_eq!(site.get("/readyz").await.body, "ready\n");
    site.clock.advance(SignedDuration::from_secs(301));
    let ready = site.get("/readyz").await;
    assert_eq!(ready.status, StatusCode::SERVICE_UNAVAILABLE);
    assert!(ready.body.contains("the last knock was 5 minutes ago"), "{}", ready.body);
    site.store.meta_put(MetaKey::HEARTBEAT, None).await.unwrap();
    assert_eq!(site.get("/readyz").await.status, StatusCode::SERVICE_UNAVAILABLE);
}

#[tokio::test]
async fn metrics_are_counts() {
    let site = Site::new().await;
    let reply = site.get("/metrics").await;
    assert_eq!(reply.header("content-type"), "text/plain; version=0.0.4; charset=utf-8");
    assert!(reply.body.contains("arshjul_messages{state=\"planned\"} 1\n"), "{}", reply.body);
    assert!(reply.body.contains("arshjul_rule_faults 0\n"));
}
