//! The page of a question about an item of the plan: how the item is, a form filled in beforehand, what it sends.
//!
//! Pages are written out for looking at as in `answer_page.rs`.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use arshjul::items::register::{Deadline, LogEntry, LogKind, Precision, Promise, Wait, WaitKind, WaitOn};
use arshjul::items::{Health, Item, Owner, Owners, Phase};
use arshjul::plan::model::{Message, MessageKind, Object};
use arshjul::store::{ItemChange, LogRow, NewMeasure};
use arshjul::tokens;
use arshjul::workflow::model::{Answer, Takes};
use axum::http::StatusCode;
use jiff::SignedDuration;
use jiff::civil::{Date, date};

use crate::answer_page::{Page, assert_whole, colleague, show};
use crate::web::{Reply, Site, answer};

const RPO: &str = "rpo-medicinsk-diagnostik";
/// A number that Skatteverket gives as an example; nobody has it.
const NUMBER: &str = "811218-9876";

fn about(site: &Site, step: &str, unit: &str, headline: &str, answers: Vec<Answer>) -> Message {
    let moment = site.now() - SignedDuration::from_hours(1);
    let mut ask = crate::store::message(step, MessageKind::Nudge, site.person.as_str(), moment);
    ask.matter.body = Some(RPO.into());
    ask.matter.object = Object::Item(unit.to_owned());
    ask.key.0 = format!("{}:{unit}", ask.key.0);
    ask.role = format!("{RPO}/processtod");
    ask.notice.from_body = "RPO MD".to_owned();
    ask.notice.headline = headline.to_owned();
    ask.notice.why = "Du får det här som processtöd i RPO Medicinsk diagnostik.".to_owned();
    ask.notice.rows = vec![("Läge".to_owned(), "Okänd".to_owned())];
    ask.notice.answers = answers;
    ask
}

/// The status round's question.
fn update(site: &Site) -> Message {
    let answers = vec![
        Answer { log: Some(LogKind::Unchanged), ..answer("ingen", "Ingen förändring") },
        Answer {
            takes: vec![
                Takes::Phase,
                Takes::Health,
                Takes::Line,
                Takes::NextDate,
                Takes::Owner,
                Takes::Values,
            ],
            ..answer("uppdatera", "Uppdatera")
        },
        Answer {
            takes: vec![Takes::Line, Takes::NextDate],
            needs: vec![Takes::Line, Takes::NextDate],
            health: Some(Health::Red),
            ..answer("hjalp", "Vi behöver hjälp")
        },
    ];
    let mut ask = about(site, "lage", "l1", "Hur går det med ”Gemensam bildlagring”?", answers);
    ask.notice.due = Some(date(2025, 10, 14));
    ask
}

/// Proposals for next year's plan.
fn proposals(site: &Site) -> Message {
    let answers = vec![
        answer("inga", "Inga nya punkter"),
        Answer { takes: vec![Takes::Items], needs: vec![Takes::Items], ..answer("nya", "Föreslå punkter") },
    ];
    let mut ask = about(site, "nya", "l1", "Vilka nya punkter ska in i handlingsplanen för 2026?", answers);
    ask.matter.object = Object::Other("revision".to_owned());
    ask
}

fn entry(day: Date, text: &str) -> LogEntry {
    LogEntry {
        part: None,
        day,
        precision: Precision::Day,
        kind: LogKind::Report,
        planned: false,
        text: text.to_owned(),
        doer: None,
        by: None,
        about: None,
    }
}

/// An item with a past: green in 2024, owned by the body's chair, promised long ago, waiting for a meeting.
async fn with_a_past(site: &Site) {
    colleague(site).await;
    let now = site.now();
    let owner = Owner::Role { body: RPO.into(), role: "ordforande".into() };
    let change = ItemChange {
        health: Some(Health::Green),
        next: Some(Some(date(2025, 9, 1))),
        owners: Some(Owners::one(owner)),
        entry: Some(entry(date(2024, 10, 13), "Upphandlingen är klar")),
        wait: Some(Wait {
            number: 0,
            part: None,
            kind: WaitKind::Meeting,
            text: "nästa RPO".to_owned(),
            on: WaitOn::Undated,
            since: date(2025, 9, 1),
        }),
        ..ItemChange::default()
    };
    site.store.update_item("l1", &change, "test", now).await.unwrap();
    let promise = Deadline {
        day: date(2023, 5, 31),
        precision: Precision::Season,
        text: "under våren 2023".to_owned(),
        stated: date(2023, 2, 28),
        met: false,
    };
    site.store.add_deadline(&"l1".into(), &promise, "test", now).await.unwrap();
    let measure = NewMeasure {
        item: "l1".into(),
        name: "Andel undersökningar som delas".to_owned(),
        unit: "procent".to_owned(),
        target: "minst 80".to_owned(),
        source: String::new(),
    };
    site.store.add_measure(&measure, "test", now).await.unwrap();
}

async fn asked() -> Page {
    let page = Page::of(update).await;
    with_a_past(&page.site).await;
    page
}

impl Page {
    async fn item(&self) -> Item {
        self.site.store.unit("l1").await.unwrap().unwrap()
    }

    async fn log(&self) -> Vec<LogRow> {
        self.site.store.log_of(&"l1".into()).await.unwrap()
    }

    /// Presses a button as a browser does: with every field as the page filled it in, but for `typed`.
    async fn press(&self, typed: &[(&str, &str)], pressed: &str) -> Reply {
        let body = self.get().await.body;
        self.press_on(&body, typed, pressed).await
    }

    /// The same on a page that has been open for a while.
    async fn press_on(&self, page: &str, typed: &[(&str, &str)], pressed: &str) -> Reply {
        let form = page.split("<form ").nth(1).unwrap().split("</form>").next().unwrap();
        let mut fields = prefilled(form);
        fields.retain(|(name, _)| !typed.iter().any(|(known, _)| known == name));
        fields.extend(typed.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())));
        fields.push(("svar".to_owned(), pressed.to_owned()));
        self.post(&encoded(&fields)).await
    }
}

fn encoded(fields: &[(String, String)]) -> String {
    let escape = |text: &str| -> String { text.bytes().map(|byte| format!("%{byte:02X}")).collect() };
    let pairs = fields.iter().map(|(name, value)| format!("{}={}", escape(name), escape(value)));
    pairs.collect::<Vec<_>>().join("&")
}

/// The fields of a form with what stands in them, as a browser would send them.
fn prefilled(form: &str) -> Vec<(String, String)> {
    let attribute = |tag: &str, name: &str| -> Option<String> {
        let rest = tag.split_once(&format!(" {name}=\""))?.1;
        let value = rest.split('"').next()?;
        Some(value.replace("&amp;", "&").replace("&quot;", "\""))
    };
    let mut fields = Vec::new();
    let mut select = None;
    for tag in form.split('<').skip(1) {
        let (tag, text) = tag.split_once('>').unwrap();
        let value = || attribute(tag, "value").unwrap_or_default();
        if let Some(rest) = tag.strip_prefix("select") {
            select = attribute(rest, "name");
        } else if tag.starts_with("option") && tag.contains(" selected") {
            fields.push((select.clone().unwrap(), value()));
        } else if tag.starts_with("textarea") {
            fields.push((attribute(tag, "name").unwrap(), text.trim_start_matches('\n').to_owned()));
        } else if tag.starts_with("input") {
            let boxed = tag.contains("type=\"checkbox\"") || tag.contains("type=\"radio\"");
            if !boxed || tag.contains(" checked") {
                fields.push((attribute(tag, "name").unwrap(), value()));
            }
        }
    }
    fields
}

#[tokio::test]
async fn the_page_shows_how_the_item_is_and_the_form_is_filled_in() {
    let page = asked().await;
    let reply = page.get().await;
    show("punkt", &reply);
    let body = reply.body;
    assert_whole("punkt", &body);
    for said in [
        "</svg> Grön, ej bekräftad sedan 13 oktober 2024",
        "13 oktober 2024 (358 dagar sedan): ”Upphandlingen är klar”",
        "<dt>Lovat till</dt><dd>31 maj 2023, 859 dagar sedan (”under våren 2023”)",
        "nästa RPO, inget datum än",
        "1 september, har passerat",
        "<dt>Ägare</dt><dd>ordförande i RPO Medicinsk diagnostik</dd>",
        "<option value=\"pagar\" selected>Pågår</option>",
        "value=\"gron\" checked>",
        "value=\"2025-09-01\"",
        "<option value=\"rpo-medicinsk-diagnostik/ordforande\" selected>",
        "<option value=\"rag-patologi/ordforande\">ordförande i RAG Patologi</option>",
        "Enhet: procent. Mål: minst 80.",
        "name=\"matt-1-region-ostergotland\"",
        "name=\"matt-period\" value=\"2025 T2\"",
    ] {
        assert!(body.contains(said), "{said}: {body}");
    }
    assert!(!body.contains("<option value=\"okand\""), "nothing becomes unknown");
    assert!(!body.contains("Gemensam bildlagring</dd>"), "the headline says that");
    assert!(!body.contains("<dd>Okänd"), "how it was when the mail left is not how it is");
    assert!(
        body.find("value=\"ingen\"").unwrap() < body.find("name=\"fas\"").unwrap(),
        "one press comes first"
    );
}

#[tokio::test]
async fn never_updated_is_said() {
    let page = Page::of(update).await;
    let body = page.get().await.body;
    assert!(body.contains("Gul, aldrig uppdaterad"), "{body}");
    assert!(body.contains("<dt>Ägare</dt><dd>ingen</dd>") && body.contains("Välj ägare"));
}

#[tokio::test]
async fn no_change_is_one_press_though_every_field_is_filled_in() {
    let page = asked().await;
    let before = page.item().await;
    let reply = page.press(&[], "ingen").await;
    assert_eq!(reply.status, StatusCode::OK, "{}", reply.body);
    assert_eq!(page.item().await, before);
    let log = page.log().await;
    let last = &log.last().unwrap().entry;
    assert_eq!(
        (last.kind, last.text.as_str(), last.day),
        (LogKind::Unchanged, "Ingen förändring", date(2025, 10, 6))
    );
    assert!(page.get().await.body.contains("Grön, rapporterad i dag"));
    let again = page.press(&[], "ingen").await;
    assert!(again.body.contains("Svaret var redan noterat"), "{}", again.body);
    assert_eq!(page.log().await.len(), log.len(), "pressed twice, said once");
}

#[tokio::test]
async fn what_was_typed_for_another_answer_is_refused_and_kept() {
    let page = asked().await;
    let typed = [("rad", "Pilot i Kalmar"), ("fas", "avvaktar"), ("nasta", "2025-12-01")];
    let reply = page.press(&typed, "ingen").await;
    show("punkt-fel", &reply);
    assert_eq!(reply.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_whole("punkt-fel", &reply.body);
    for said in ["något läge", "någon rad", "något nästa datum"] {
        assert!(reply.body.contains(&format!("hör inte {said}")), "{said}: {}", reply.body);
    }
    assert!(reply.body.contains("value=\"Pilot i Kalmar\"") && reply.body.contains("value=\"2025-12-01\""));
    assert!(reply.body.contains("<option value=\"avvaktar\" selected>"));
    assert!(reply.body.contains("name=\"fas-var\" value=\"pagar\""), "what it was filled with stays");
    let reply = page.press_on(&reply.body, &[], "uppdatera").await;
    assert_eq!(reply.status, StatusCode::OK, "{}", reply.body);
    let item = page.item().await;
    assert_eq!((item.phase, item.next), (Phase::Waiting, Some(date(2025, 12, 1))));
}

#[tokio::test]
async fn an_update_changes_what_was_changed_and_writes_one_line() {
    let page = asked().await;
    let typed = [
        ("halsa", "gul"),
        ("rad", "Två av tre regioner är anslutna"),
        ("agare", "rag-patologi/ordforande"),
        ("agare-alla", "ja"),
        ("matt-1-region-kalmar-lan", "82"),
    ];
    let reply = page.press(&typed, "uppdatera").await;
    show("punkt-tack", &reply);
    assert_eq!(reply.status, StatusCode::OK, "{}", reply.body);
    let item = page.item().await;
    let owner = Owner::Role { body: "rag-patologi".into(), role: "ordforande".into() };
    assert_eq!((item.phase, item.health), (Phase::Ongoing, Health::Yellow));
    assert_eq!(item.owners, Owners { list: vec![owner], all: true });
    assert_eq!(item.next, Some(date(2025, 9, 1)), "left as it was, though it has passed");
    let log = page.log().await;
    let last = log.last().unwrap();
    assert_eq!(
        (last.entry.kind, last.entry.text.as_str()),
        (LogKind::Report, "Två av tre regioner är anslutna")
    );
    assert_eq!(last.who, page.site.person.as_str());
    let measures = page.site.store.measures_of(&"l1".into()).await.unwrap();
    let values: Vec<_> = measures[0].values.iter().map(|row| &row.value).collect();
    assert_eq!(values.len(), 1);
    assert_eq!(
        (values[0].region.as_str(), values[0].period.as_str(), values[0].value.as_str()),
        ("region-kalmar-lan", "2025 T2", "82")
    );
    show("punkt-besvarad", &page.get().await);

    let again = page.press(&[("rad", "Nu är alla anslutna"), ("halsa", "gron")], "uppdatera").await;
    assert!(again.body.contains("gäller i stället"), "{}", again.body);
    let log = page.log().await;
    let texts: Vec<&str> = log.iter().map(|row| row.entry.text.as_str()).collect();
    assert_eq!(texts, ["Upphandlingen är klar", "Två av tre regioner är anslutna", "Nu är alla anslutna"]);
    assert_eq!(page.item().await.health, Health::Green);
}

#[tokio::test]
async fn red_needs_a_reason() {
    let page = asked().await;
    let reply = page.press(&[("halsa", "rod")], "uppdatera").await;
    show("punkt-rod", &reply);
    assert_eq!(reply.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(reply.body.contains("<a href=\"#f-rad\">Skriv en rad om orsaken"), "{}", reply.body);
    assert!(reply.body.contains("value=\"rod\" checked"));
    let reply = page.press(&[], "hjalp").await;
    assert!(
        reply.body.contains("Skriv en rad om orsaken") && reply.body.contains("Nästa datum har redan varit"),
        "{}",
        reply.body
    );
    let reply = page.press(&[("rad", "Avtalet är överklagat"), ("nasta", "2025-11-03")], "hjalp").await;
    assert_eq!(reply.status, StatusCode::OK, "{}", reply.body);
    assert_eq!(page.item().await.health, Health::Red);
}

#[tokio::test]
async fn a_finished_item_needs_a_closing_line() {
    let page = asked().await;
    let reply = page.press(&[("fas", "avslutad")], "uppdatera").await;
    assert!(reply.body.contains("Skriv en rad om hur punkten avslutades"), "{}", reply.body);
    page.press(&[("fas", "avslutad"), ("rad", "Driftsatt i alla tre")], "uppdatera").await;
    assert_eq!(page.log().await.last().unwrap().entry.kind, LogKind::Closing);
    assert_eq!(page.item().await.phase, Phase::Done);
}

#[tokio::test]
async fn a_page_that_lay_open_changes_nothing_back() {
    let page = asked().await;
    let open = page.get().await.body;
    let change = ItemChange {
        phase: Some(Phase::Waiting),
        health: Some(Health::Yellow),
        next: Some(Some(date(2025, 11, 20))),
        ..ItemChange::default()
    };
    page.site.store.update_item("l1", &change, "cli", page.site.now()).await.unwrap();
    let reply = page.press_on(&open, &[("rad", "Möte hållet")], "uppdatera").await;
    assert_eq!(reply.status, StatusCode::OK, "{}", reply.body);
    let item = page.item().await;
    assert_eq!(
        (item.phase, item.health, item.next),
        (Phase::Waiting, Health::Yellow, Some(date(2025, 11, 20)))
    );
    let reply = page.press_on(&open, &[], "ingen").await;
    assert_eq!(reply.status, StatusCode::OK, "{}", reply.body);
}

#[tokio::test]
async fn a_personal_number_is_asked_about_and_kept_out_of_what_is_written() {
    let page = asked().await;
    let line = format!("Samtal om patienten {NUMBER}");
    let reply = page.press(&[("rad", &line), ("nasta", "2025-11-03")], "uppdatera").await;
    show("punkt-nummer", &reply);
    assert_eq!(reply.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_whole("punkt-nummer", &reply.body);
    assert!(
        reply.body.contains("Från tecken 21 står det som ser ut som ett personnummer."),
        "{}",
        reply.body
    );
    assert!(
        reply.body.contains("name=\"anda\" value=\"ja\">") && reply.body.contains("value=\"2025-11-03\"")
    );
    assert_eq!(page.log().await.len(), 1);
    let still = page.press_on(&reply.body, &[], "uppdatera").await;
    assert_eq!(still.status, StatusCode::UNPROCESSABLE_ENTITY);
    let anyway = page.press_on(&reply.body, &[("anda", "ja")], "uppdatera").await;
    assert_eq!(anyway.status, StatusCode::OK, "{}", anyway.body);
    assert_eq!(page.log().await.last().unwrap().entry.text, line);
    let mended = page.press(&[("rad", "Samtal hållet 230206, se 2025-01-31")], "uppdatera").await;
    assert_eq!(mended.status, StatusCode::OK, "{}", mended.body);
}

#[tokio::test]
async fn new_items_are_proposed_with_owner_and_next_date() {
    let page = Page::of(proposals).await;
    let reply = page.get().await;
    show("forslag", &reply);
    assert_whole("forslag", &reply.body);
    let typed = [
        ("punkt-1-titel", "Genetik för alla"),
        ("punkt-1-lofte", "P4"),
        ("punkt-1-aktivitet", "Kartlägg flödet"),
        ("punkt-1-uppfoljning", "Svarstid"),
        ("punkt-1-agare", "rag-patologi/ordforande"),
        ("punkt-1-nasta", "2026-02-01"),
        ("punkt-2-titel", "Nyckeltal"),
        ("punkt-2-agare", ""),
    ];
    let reply = page.press(&typed, "nya").await;
    show("forslag-fel", &reply);
    assert_eq!(reply.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_whole("forslag-fel", &reply.body);
    assert!(reply.body.contains("<a href=\"#f-punkt-2-agare\">Punkt 2: välj en ägare."), "{}", reply.body);
    assert!(reply.body.contains("<a href=\"#f-punkt-2-nasta\">Punkt 2: ange nästa datum"));
    assert!(reply.body.contains("value=\"P4\" checked") && reply.body.contains("Kartlägg flödet</textarea>"));
    assert_eq!(reply.body.matches("<details class=\"block\" open>").count(), 2, "what is written in is open");
    assert_eq!(page.site.store.facts().await.unwrap().items.len(), 1);

    let mended = [("punkt-2-agare", "rag-klinisk-kemi/ordforande"), ("punkt-2-nasta", "2026-03-01")];
    let sent = page.press_on(&reply.body, &mended, "nya").await;
    assert_eq!(sent.status, StatusCode::OK, "{}", sent.body);
    let items = page.site.store.facts().await.unwrap().items;
    let new = items.iter().find(|item| item.id.as_str() == "genetik-for-alla").unwrap();
    assert_eq!((new.body.as_str(), new.phase, new.next), (RPO, Phase::Undecided, Some(date(2026, 2, 1))));
    let card = page.site.store.card_of(&new.id).await.unwrap();
    assert_eq!(card.promises.into_iter().collect::<Vec<_>>(), [Promise::Equal]);
    assert_eq!(card.activities[0].text, "Kartlägg flödet");
    assert_eq!(card.follow_up.as_deref(), Some("Svarstid"));
    let log = page.site.store.log_of(&new.id).await.unwrap();
    assert_eq!((log[0].entry.text.as_str(), log[0].entry.kind), ("Föreslagen", LogKind::Note));
    assert_eq!(items.len(), 3);

    let again = page.press_on(&reply.body, &mended, "nya").await;
    assert!(again.body.contains("Svaret var redan noterat"), "{}", again.body);
    assert_eq!(page.site.store.facts().await.unwrap().items.len(), 3);
    let more = [
        ("punkt-1-titel", "Genetik för alla"),
        ("punkt-1-agare", "rag-patologi/ordforande"),
        ("punkt-1-nasta", "2026-05-01"),
    ];
    page.press(&more, "nya").await;
    let items = page.site.store.facts().await.unwrap().items;
    assert!(
        items.iter().any(|item| item.id.as_str() == "genetik-for-alla-2"),
        "another one of the same title"
    );
    let known = [
        ("punkt-1-titel", "gemensam BILDLAGRING"),
        ("punkt-1-agare", "rag-patologi/ordforande"),
        ("punkt-1-nasta", "2026-05-01"),
    ];
    let reply = page.press(&known, "nya").await;
    assert!(reply.body.contains("den titeln finns redan i handlingsplanen"), "{}", reply.body);
    let none = page.press(&[], "nya").await;
    assert!(none.body.contains("Svaret behöver några nya punkter"), "{}", none.body);
}

#[tokio::test]
async fn several_items_on_one_page_stay_short() {
    let mut page = asked().await;
    let site = &page.site;
    let body: arshjul::ids::BodyId = RPO.into();
    let mut asks = Vec::new();
    for n in 2..5 {
        let known = Item::new(
            body.clone(),
            format!("l{n}").as_str().into(),
            &format!("Punkt nummer {n}"),
            site.now(),
        );
        let item = Item { phase: Phase::NotStarted, ..known };
        site.store.save_items(&body, &[item], "test", site.now()).await.unwrap();
        let headline = format!("Hur går det med ”Punkt nummer {n}”?");
        asks.push(about(site, "lage", &format!("l{n}"), &headline, update(site).notice.answers));
    }
    site.plan(&mut asks.iter_mut().collect::<Vec<_>>()).await;
    for ask in &mut asks {
        ask.key.0.push_str("-sent");
    }
    let token = arshjul::store::NewToken {
        hash: sha2::Digest::finalize(<sha2::Sha256 as sha2::Digest>::new_with_prefix([9u8; 32])).into(),
        person: site.person.clone(),
        purpose: tokens::ANSWER.to_owned(),
        matters: asks.iter().map(|ask| ask.matter.clone()).collect(),
        expires: None,
    };
    site.store.issue_token(&token, site.now()).await.unwrap();
    page.site.token = tokens::encode(&[9; 32]);
    let reply = page.get().await;
    show("punkter", &reply);
    assert_eq!(reply.status, StatusCode::OK);
    assert_whole("punkter", &reply.body);
    assert_eq!(reply.body.matches("<article").count(), 3);
    assert_eq!(reply.body.matches("<details class=\"tucked\">").count(), 3, "the fields are put away");
    assert_eq!(reply.body.matches("value=\"ingen\"").count(), 3, "and the one press isn't");
}
