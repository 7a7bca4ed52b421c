//! The page that a link in a mail leads to: its forms, what they send and what is said to it.
//!
//! With `ARSHJUL_PAGES=DIR` the pages are written to that folder, to be looked at and put before html-validate.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::collections::BTreeSet;
use std::sync::Arc;

use arshjul::plan::model::{Arranged, Facts, Given, Message, MessageKind, Object};
use arshjul::store::{Finish, NewAnswer, NewToken, PersonRow, Settles};
use arshjul::workflow::model::{Answer, Does, Mark, Takes};
use arshjul::{tokens, web};
use axum::body::Body;
use axum::http::{Request, StatusCode};
use jiff::civil::date;
use jiff::{SignedDuration, Timestamp};
use sha2::{Digest, Sha256};
use tower::ServiceExt;

use crate::store::{Bench, message};
use crate::web::{Reply, Site, answer, cancel};
use crate::world::World;

const PARTS: &str = "multipart/form-data; boundary=grans";
/// The smallest file that has the mark of a PDF.
const PDF: &str = "%PDF-1.7\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n";

fn takes(id: &str, label: &str, takes: &[Takes]) -> Answer {
    Answer { takes: takes.to_vec(), ..answer(id, label) }
}

fn does(id: &str, label: &str, does: Does) -> Answer {
    Answer { does, ..answer(id, label) }
}

/// A remiss: synpunkter under headings, with link and file; more time, pass on, help; a mark.
fn remiss(site: &Site) -> Message {
    let moment = site.now() - SignedDuration::from_hours(1);
    let mut ask = message("svara", MessageKind::Ask, site.person.as_str(), moment);
    ask.matter.body = Some("rpo-medicinsk-diagnostik".into());
    ask.role = "rpo-medicinsk-diagnostik/processtod".to_owned();
    let notice = &mut ask.notice;
    notice.from_body = "RPO MD".to_owned();
    notice.headline = "Vilka synpunkter har ni på vårdförloppet Njursvikt?".to_owned();
    notice.text = vec!["Remissen är nationell. Svaren sammanställs av processtödet i vecka 44.".to_owned()];
    notice.rows =
        vec![("Remiss".to_owned(), "Personcentrerat och sammanhållet vårdförlopp Njursvikt".to_owned())];
    notice.due = Some(date(2025, 10, 24));
    notice.why = "Du får det här som processtöd i RPO Medicinsk diagnostik.".to_owned();
    notice.sections = ["Allmänna synpunkter", "Konsekvenser för regionen"].map(str::to_owned).into();
    notice.marks =
        vec![Mark { id: "oenighet".into(), label: "Det finns betydande meningsskiljaktigheter".to_owned() }];
    notice.answers = vec![
        takes("synpunkter", "Vi har synpunkter", &[Takes::Text, Takes::Link, Takes::File]),
        answer("inga", "Inga synpunkter"),
        answer("separat", "Skickas separat"),
        does("tid", "Be om mer tid", Does::MoreTime),
        does("fel", "Skicka vidare", Does::PassOn),
        does("hjalp", "Be om hjälp", Does::Help),
    ];
    ask
}

/// The decision about a dispens, with its last day and the matters it covers.
fn decision(site: &Site) -> Message {
    let mut ask = remiss(site);
    ask.matter.step = "besluta".into();
    ask.key.0 = ask.key.0.replace("svara", "besluta");
    ask.notice.headline = "Vad är beslutat om dispensen?".to_owned();
    ask.notice.sections.clear();
    ask.notice.marks.clear();
    ask.notice.due = Some(date(2025, 10, 10));
    ask.notice.answers = vec![
        takes("ja", "Dispensen är förlängd", &[Takes::Date]),
        takes("lista", "Det gäller flera ärenden", &[Takes::List, Takes::Text]),
        answer("nej", "Dispensen upphör"),
    ];
    ask
}

/// A question and its page.
pub struct Page {
    pub site: Site,
    pub ask: Message,
}

impl Page {
    pub async fn of(ask: fn(&Site) -> Message) -> Self {
        let mut site = Site::new().await;
        let mut ask = ask(&site);
        site.plan(&mut [&mut ask]).await;
        let token = site.link(20, &ask).await;
        site.token = token;
        // The person holds the role in which they are asked.
        Self { site, ask }
    }

    pub fn path(&self) -> String {
        format!("/svar/{}", self.site.token)
    }

    pub async fn get(&self) -> Reply {
        self.site.get(&self.path()).await
    }

    pub async fn post(&self, body: &str) -> Reply {
        self.site.post(&[], body).await
    }

    /// Sends fields and a file as a browser does.
    async fn parts(&self, fields: &[(&str, &str)], file: Option<(&str, &str)>) -> Reply {
        let mut body = String::new();
        for (name, value) in fields {
            body.push_str(&format!(
                "--grans\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n"
            ));
        }
        let (name, bytes) = file.unwrap_or(("", ""));
        body.push_str(&format!(
            "--grans\r\nContent-Disposition: form-data; name=\"fil\"; filename=\"{name}\"\r\n\
             Content-Type: application/octet-stream\r\n\r\n{bytes}\r\n--grans--\r\n"
        ));
        self.site.call("POST", &self.path(), &[("content-type", PARTS)], &body).await
    }
}

/// Writes a page where somebody wants to look at it.
#[expect(clippy::disallowed_methods, reason = "a folder for whoever looks, no setting of the program")]
pub fn show(name: &str, reply: &Reply) {
    if let Some(folder) = std::env::var_os("ARSHJUL_PAGES") {
        std::fs::write(std::path::Path::new(&folder).join(format!("{name}.html")), &reply.body).unwrap();
    }
}

#[tokio::test]
async fn a_page_has_a_button_for_each_answer_and_fields_for_what_they_take() {
    let page = Page::of(remiss).await;
    let reply = page.get().await;
    show("remiss", &reply);
    let body = reply.body;
    for id in ["synpunkter", "inga", "separat", "tid", "fel", "hjalp"] {
        assert_eq!(body.matches(&format!("name=\"svar\" value=\"{id}\"")).count(), 1, "{id}");
    }
    assert!(body.contains("Du svarar som Anna Exempel, processtöd i RPO Medicinsk diagnostik."), "{body}");
    assert_eq!(body.matches("<form ").count(), 4, "answers; more time, pass on, help");
    assert_eq!(body.matches("<details").count(), 3);
    assert_eq!(body.matches("enctype=\"multipart/form-data\"").count(), 1, "where a file is taken");
    for field in ["text-1", "text-2", "lank", "fil", "kryss", "dag"] {
        assert_eq!(body.matches(&format!(" name=\"{field}\"")).count(), 1, "{field}");
    }
    assert_eq!(body.matches(" name=\"till\"").count(), 2, "pass on and help");
    assert!(body.contains("<legend>Eller fyll i och tryck på ”Vi har synpunkter”</legend>"));
    let at = |said: &str| body.find(said).unwrap();
    assert!(at("value=\"separat\"") < at("name=\"text-1\""), "nobody looks past fields for what needs none");
    assert!(at("name=\"kryss\"") < at("value=\"synpunkter\""));
    assert!(!body.contains("fraga"), "the only question needs no name");
}

/// Ids are unique, and what refers to one finds it: labels, hints, faults, the links of a summary.
pub fn assert_whole(name: &str, body: &str) {
    let values = |attribute: &str| -> Vec<String> {
        let start = format!(" {attribute}=\"");
        let parts = body.split(start.as_str()).skip(1);
        parts.filter_map(|rest| rest.split('"').next()).map(str::to_owned).collect()
    };
    let ids = values("id");
    let known: BTreeSet<&String> = ids.iter().collect();
    assert_eq!(known.len(), ids.len(), "{name}: an id stands twice");
    let fragments = values("href").into_iter().filter_map(|href| href.strip_prefix('#').map(str::to_owned));
    let described = ["aria-describedby", "aria-labelledby", "for"].map(values).concat();
    let described: Vec<String> = described.iter().flat_map(|ids| ids.split(' ')).map(str::to_owned).collect();
    for id in fragments.chain(described) {
        assert!(known.contains(&id), "{name}: there is no {id}");
    }
    for forbidden in ["<script", " style=", " onclick", "autofocus"] {
        assert!(!body.contains(forbidden), "{name} has {forbidden}");
    }
}

#[tokio::test]
async fn pressing_enter_presses_nothing() {
    let page = Page::of(remiss).await;
    let body = page.get().await.body;
    assert_whole("remiss", &body);
    for form in body.split("<form ").skip(1) {
        let mut buttons = form.split("<button ").skip(1);
        assert!(buttons.next().unwrap().starts_with("type=\"submit\" disabled hidden>"));
        assert!(buttons.next().unwrap().starts_with("type=\"submit\" formmethod=\"dialog\""));
    }
}

#[tokio::test]
async fn what_is_handed_in_is_kept_and_stands_in_the_fields() {
    let page = Page::of(remiss).await;
    let text = "Bra förslag.\r\n\r\nVi <saknar> barn & unga.";
    let fields = [
        ("text-1", text),
        ("text-2", ""),
        ("lank", "https://example.org/svar"),
        ("kryss", "oenighet"),
        ("svar", "synpunkter"),
    ];
    let reply = page.parts(&fields, Some(("Svar från RPO MD.pdf", PDF))).await;
    show("remiss-tack", &reply);
    assert_eq!(reply.status, StatusCode::OK, "{}", reply.body);
    assert!(reply.body.contains("Ditt svar är noterat: Vi har synpunkter"));
    assert!(reply.body.contains("Inlämnad fil: Svar från RPO MD.pdf ("));
    let body = page.get().await.body;
    show("remiss-besvarad", &page.get().await);
    assert_whole("remiss-besvarad", &body);
    assert!(body.contains("Bra förslag.\n\nVi &lt;saknar&gt; barn &amp; unga.</textarea>"), "{body}");
    assert!(
        body.contains("value=\"https://example.org/svar\"") && body.contains("value=\"oenighet\" checked")
    );
    assert!(body.contains("<a href=\"?fil=\">Svar från RPO MD.pdf ("), "{body}");
    assert_eq!(body.matches("<details").count(), 0, "what is answered is neither postponed nor passed on");

    let file = page.site.get(&format!("{}?fil=", page.path())).await;
    assert_eq!((file.status, file.body.as_str()), (StatusCode::OK, PDF));
    assert_eq!(file.header("content-type"), "application/pdf");
    assert_eq!(
        file.header("content-disposition"),
        "attachment; filename*=UTF-8''Svar%20fr%C3%A5n%20RPO%20MD.pdf"
    );
    assert_eq!(
        (file.header("cache-control"), file.header("x-content-type-options")),
        ("no-store", "nosniff")
    );
    let mut another = page.ask.clone();
    another.matter.step = "annat".into();
    let token = page.site.link(77, &another).await;
    let other = page.site.get(&format!("/svar/{token}?fil=")).await;
    assert_eq!(other.status, StatusCode::NOT_FOUND, "another link doesn't open it");
}

#[tokio::test]
async fn the_same_once_more_is_the_same_and_a_change_keeps_the_file_until_it_is_dropped() {
    let page = Page::of(remiss).await;
    let fields = [("text-1", "Bra."), ("svar", "synpunkter")];
    page.parts(&fields, Some(("svar.pdf", PDF))).await;
    let before = page.site.facts().await;
    for file in [Some(("svar.pdf", PDF)), None] {
        let again = page.parts(&fields, file).await;
        assert!(again.body.contains("Svaret var redan noterat"), "{}", again.body);
        assert_eq!(page.site.facts().await, before);
    }
    let changed = page.parts(&[("text-1", "Mycket bra."), ("svar", "synpunkter")], None).await;
    assert!(
        changed.body.contains("gäller i stället") && changed.body.contains("svar.pdf"),
        "{}",
        changed.body
    );
    let fields = [("text-1", "Mycket bra."), ("utan-fil", "ja"), ("svar", "synpunkter")];
    let dropped = page.parts(&fields, None).await;
    assert!(dropped.status == StatusCode::OK && !dropped.body.contains("svar.pdf"));
    let handed = page.site.store.handed_in(&page.ask.matter, &page.site.person).await.unwrap().unwrap();
    assert!(handed.file.is_none());
}

#[tokio::test]
async fn what_stood_in_the_fields_does_not_stop_another_answer() {
    let page = Page::of(remiss).await;
    page.post("text-1=Bra.&lank=https%3A%2F%2Fexample.org%2F&svar=synpunkter").await;
    let written_now = page.post("text-1=Mycket+bra.&lank=https%3A%2F%2Fexample.org%2F&svar=inga").await;
    assert_eq!(written_now.status, StatusCode::UNPROCESSABLE_ENTITY);
    let reply = page.post("text-1=Bra.&lank=https%3A%2F%2Fexample.org%2F&svar=inga").await;
    assert_eq!(reply.status, StatusCode::OK, "{}", reply.body);
    assert_eq!(page.site.store.handed_in(&page.ask.matter, &page.site.person).await.unwrap(), None);
}

#[tokio::test]
async fn what_is_wrong_is_said_beside_the_field_and_nothing_typed_is_lost() {
    let page = Page::of(remiss).await;
    let before = page.site.facts().await;
    let long = "x".repeat(20_001);
    let fields = [
        ("text-1", "Behåll det här"),
        ("text-2", long.as_str()),
        ("lank", "intranätet"),
        ("kryss", "oenighet"),
        ("svar", "synpunkter"),
    ];
    let reply = page.parts(&fields, Some(("bild.png", "\u{89}PNG"))).await;
    show("remiss-fel", &reply);
    assert_eq!(reply.status, StatusCode::UNPROCESSABLE_ENTITY);
    let body = reply.body;
    assert_whole("remiss-fel", &body);
    assert!(body.contains("<title>Rätta: Vilka synpunkter"));
    assert!(body.contains("Behåll det här</textarea>") && body.contains(&long));
    assert!(body.contains("value=\"intranätet\"") && body.contains("value=\"oenighet\" checked"));
    for (field, said) in [
        ("text-2", "Texten är 20\u{a0}001 tecken."),
        ("lank", "Länken är ingen webbadress."),
        ("fil", "Filen är varken ett Word-dokument"),
    ] {
        assert!(body.contains(&format!("<li><a href=\"#f-{field}\">")), "{field} in the summary: {body}");
        assert!(body.contains(&format!("aria-describedby=\"f-{field}-fel")), "{field} refers to its fault");
        assert_eq!(body.matches(said).count(), 2, "{said}");
    }
    assert_eq!(body.matches("aria-invalid=\"true\"").count(), 3);
    assert!(!body.contains("Välj också filen igen"), "that is said already");
    assert_eq!(page.site.facts().await, before);
    assert!(!page.site.was_woken().await);

    let good_file = page.parts(&[("lank", "intranätet"), ("svar", "synpunkter")], Some(("a.pdf", PDF))).await;
    assert!(good_file.body.contains("Välj också filen igen"));
    let reply = page.post("text-1=Bra&kryss=annat&svar=inga").await;
    assert_whole("fel svar", &reply.body);
    assert!(reply.body.contains("Till svaret ”Inga synpunkter” hör inte någon text."));
    assert!(reply.body.contains("href=\"#f-kryss\""));
}

#[tokio::test]
async fn a_date_is_asked_for_where_it_is_needed() {
    let page = Page::of(decision).await;
    show("beslut", &page.get().await);
    for (day, said) in [
        ("", "Ange ett datum."),
        ("i morgon", "Datumet går inte att läsa."),
        ("2023-10-06", "Ange en dag efter"),
    ] {
        let reply = page.post(&format!("dag={}&svar=ja", day.replace(' ', "+"))).await;
        assert_eq!(reply.status, StatusCode::UNPROCESSABLE_ENTITY, "{day}");
        assert!(reply.body.contains(said), "{day}: {}", reply.body);
        assert!(reply.body.contains(&format!("value=\"{day}\"")), "{day} is kept");
    }
    let reply = page.post("dag=2026-10-31&svar=ja").await;
    assert_eq!(reply.status, StatusCode::OK, "{}", reply.body);
    let given = page.site.store.answer_of(&page.ask.matter, &page.site.person).await.unwrap().unwrap();
    assert_eq!(given.date, Some(date(2026, 10, 31)));
    assert!(page.get().await.body.contains("value=\"2026-10-31\""));
}

#[tokio::test]
async fn matters_are_listed_one_a_line() {
    let page = Page::of(decision).await;
    let reply =
        page.post("lista=Ett+%7C+https%3A%2F%2Fexample.org%2F1%0D%0A%0D%0ATv%C3%A5%0D%0A&svar=lista").await;
    assert_eq!(reply.status, StatusCode::OK, "{}", reply.body);
    let listed = page.site.store.facts().await.unwrap().listed;
    let listed: Vec<_> = listed.iter().map(|l| (l.title.as_str(), l.link.as_deref())).collect();
    assert_eq!(listed, [("Ett", Some("https://example.org/1")), ("Två", None)]);
    let body = page.get().await.body;
    assert!(body.contains("Ett | https://example.org/1\nTvå</textarea>"), "{body}");
}

#[tokio::test]
async fn more_time_passing_on_and_help_leave_the_question_open() {
    let page = Page::of(remiss).await;
    colleague(&page.site).await;
    let reply = page.post("till=okand%40example.com&svar=fel").await;
    show("skicka-vidare-fel", &reply);
    assert_whole("skicka vidare", &reply.body);
    assert_eq!(reply.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(reply.body.matches("<details class=\"other\" open>").count(), 1, "where it was pressed");
    assert!(reply.body.contains("value=\"okand@example.com\"") && reply.body.contains("href=\"#f-2-till\""));

    let reply = page.post("dag=2025-11-03&svar=tid").await;
    show("mer-tid", &reply);
    assert!(reply.body.contains("Svara senast måndag 3 november (v. 45)."), "{}", reply.body);
    let reply = page.post("till=Bo%40example.org&svar=hjalp").await;
    assert!(
        reply.body.contains("Även Bo Exempel (ordförande i RPO Medicinsk diagnostik) får"),
        "{}",
        reply.body
    );
    let body = page.get().await.body;
    show("med-hjalp", &page.get().await);
    assert!(body.contains("<strong>måndag 3 november <span class=\"nb\">(v. 45)</span></strong>"), "{body}");
    assert!(body.contains("Du har fått mer tid") && body.contains("Du har bett om hjälp"));
    let reply = page.post("till=bo%40example.org&svar=fel").await;
    assert!(reply.body.contains("Frågan är skickad vidare"), "{}", reply.body);
    let body = page.get().await.body;
    show("skickad-vidare", &page.get().await);
    assert!(body.contains("Frågan ligger nu hos Bo Exempel") && body.contains("Vill du ändå svara?"));
    let same = page.post("till=bo%40example.org&svar=fel").await;
    assert!(same.body.contains("Det var redan noterat."));
    assert_eq!(page.site.standing().await, None);
    let arranged = page.site.store.arranged(&page.ask.matter, &page.site.person).await.unwrap();
    assert!(matches!(arranged.as_slice(), [Arranged::PassedTo(_)]), "{arranged:?}");

    page.post("svar=inga").await;
    let late = page.post("dag=2025-11-03&svar=tid").await;
    assert_eq!(late.status, StatusCode::CONFLICT);
    assert!(late.body.contains("Frågan är redan besvarad") && late.body.contains("noterat: Inga synpunkter"));
}

/// Bo Exempel, ordförande.
pub async fn colleague(site: &Site) {
    let row = |role: &str, name: &str, address: &str| PersonRow {
        body: "rpo-medicinsk-diagnostik".into(),
        role: role.into(),
        name: name.to_owned(),
        address: address.to_owned(),
        from: None,
        until: None,
        deputy: false,
    };
    let rows = [
        row("processtod", "Anna Exempel", "anna@example.org"),
        row("ordforande", "Bo Exempel", "bo@example.org"),
    ];
    site.store.save_people(&rows, "test", site.now()).await.unwrap();
}

#[tokio::test]
async fn what_somebody_else_has_settled_says_so_by_role() {
    let mut page = Page::of(remiss).await;
    colleague(&page.site).await;
    let people = page.site.store.facts().await.unwrap().people.persons;
    let bo = people.values().find(|p| p.name == "Bo Exempel").unwrap().id.clone();
    let mut own = page.ask.clone();
    own.matter.object = Object::Item("l1".to_owned());
    own.kind = MessageKind::Nudge;
    own.key.0.push_str(":l1");
    let mut other = own.clone();
    other.to = Some(bo.clone());
    other.role = "rpo-medicinsk-diagnostik/ordforande".to_owned();
    other.key.0.push_str(":bo");
    page.site.plan(&mut [&mut own, &mut other]).await;
    page.site.token = page.site.link(21, &own).await;
    assert!(!page.get().await.body.contains("redan besvarad"));
    let given = Given {
        matter: own.matter.clone(),
        person: bo.clone(),
        answer: "inga".into(),
        at: page.site.now(),
        date: None,
        marks: Vec::new(),
    };
    let new = NewAnswer { settles: Settles::All, ..NewAnswer::of(&given, bo.as_str()) };
    page.site.store.record_answer(&new, page.site.now()).await.unwrap();
    let reply = page.get().await;
    show("redan-besvarad", &reply);
    assert!(reply.body.contains("Frågan är redan besvarad"));
    assert!(reply.body.contains("”Inga synpunkter”. Det gavs av ordförande i RPO Medicinsk diagnostik"));
    assert!(!reply.body.contains("Bo Exempel"), "the role, not the name");
}

#[tokio::test]
async fn a_cancelled_occasion_needs_no_answer() {
    let mut page = Page::of(remiss).await;
    page.site.plan(&mut []).await;
    let stored = page.site.store.occasions().await.unwrap();
    let last = date(2025, 11, 1);
    let at = stored
        .into_iter()
        .map(|o| o.occasion)
        .find(|o| o.at.workflow.as_str() == "nationell/remisser" && o.span.last() > last);
    let mut ask = page.ask.clone();
    ask.matter.object = Object::Occasion(at.unwrap().at);
    ask.key.0.push_str(":x");
    page.site.plan(&mut [&mut ask]).await;
    page.site.token = page.site.link(22, &ask).await;
    cancel(&page.site, "nationell/remisser").await;
    let reply = page.get().await;
    show("installt", &reply);
    assert!(
        reply.body.contains("Tillfället är inställt") && !reply.body.contains("<button"),
        "{}",
        reply.body
    );
    let pressed = page.post("svar=inga").await;
    assert_eq!(pressed.status, StatusCode::CONFLICT);
    assert!(pressed.body.contains("Du behöver inte svara"));
}

#[tokio::test]
async fn what_is_too_large_is_said_in_a_friendly_way() {
    let page = Page::of(remiss).await;
    let before = page.site.facts().await;
    let large = page.parts(&[("svar", "synpunkter")], Some(("a.pdf", &"x".repeat(10_000_001)))).await;
    assert_eq!(large.status, StatusCode::UNPROCESSABLE_ENTITY, "it can be read, and said beside the field");
    assert!(large.body.contains("Filen är för stor. Den får vara högst 10 MB."));
    let larger = page.parts(&[("svar", "synpunkter")], Some(("a.pdf", &"x".repeat(12_000_000)))).await;
    show("for-stort", &larger);
    assert_eq!(larger.status, StatusCode::PAYLOAD_TOO_LARGE);
    assert!(larger.body.contains("En fil får vara högst 10 MB."), "{}", larger.body);
    for broken in ["--grans\r\n", "--grans\r\nContent-Disposition: form-data\r\n\r\nx", ""] {
        let reply = page.site.call("POST", &page.path(), &[("content-type", PARTS)], broken).await;
        assert_eq!(reply.status, StatusCode::BAD_REQUEST);
    }
    assert_eq!(page.site.facts().await, before);
}

#[tokio::test]
async fn a_link_that_ran_out_can_be_had_again_once_a_day_and_only_by_its_owner() {
    let page = Page::of(remiss).await;
    page.site.clock.advance(SignedDuration::from_hours(24 * 181));
    let reply = page.get().await;
    show("utgangen", &reply);
    assert_eq!(reply.status, StatusCode::GONE);
    assert_whole("utgången", &reply.body);
    assert!(
        reply.body.contains("Länken har gått ut") && reply.body.contains("RPO Medicinsk diagnostik"),
        "{}",
        reply.body
    );
    for secret in ["Anna", "anna@example.org", "Njursvikt"] {
        assert!(!reply.body.contains(secret), "{secret}");
    }
    let answered = page.post("svar=inga").await;
    assert_eq!(answered.status, StatusCode::GONE);
    assert!(answered.body.contains("Ditt svar är inte sparat."));
    assert_eq!(page.site.standing().await, None);

    let before = page.site.store.coming(100).await.unwrap().len();
    let reply = page.post("ny-lank=ja&till=annan%40example.com").await;
    show("ny-lank", &reply);
    assert!(reply.status == StatusCode::OK && reply.body.contains("En ny länk är på väg"), "{}", reply.body);
    assert!(page.site.was_woken().await);
    let again = page.post("ny-lank=ja").await;
    assert!(again.body.contains("En ny länk är redan skickad"));
    let coming = page.site.store.coming(100).await.unwrap();
    assert_eq!(coming.len(), before + 1);
    let letter = coming.iter().find(|m| m.key.0.starts_with('~')).unwrap();
    assert_eq!(letter.to.as_ref(), Some(&page.site.person), "to whose link it was, and nobody else");
    assert_eq!((letter.kind, letter.urgent), (MessageKind::Tell, true));
    assert!(!letter.key.0.contains(&page.site.token));
    let known = page.site.store.known(Timestamp::UNIX_EPOCH).await.unwrap();
    assert!(known.iter().all(|known| known.key != letter.key), "or the next plan would withdraw it");
    page.site.clock.advance(SignedDuration::from_hours(24));
    assert!(page.post("ny-lank=ja").await.body.contains("En ny länk är på väg"));
}

#[tokio::test]
async fn a_link_that_is_revoked_says_how_to_get_help() {
    let page = Page::of(remiss).await;
    page.site.store.revoke_tokens(&page.site.person, None, "test", page.site.now()).await.unwrap();
    let reply = page.post("ny-lank=ja").await;
    show("sparrad", &reply);
    assert_eq!(reply.status, StatusCode::GONE);
    assert!(reply.body.contains("Svara på mejlet som länken stod i") && !reply.body.contains("<button"));
    assert!(page.site.store.coming(100).await.unwrap().iter().all(|m| !m.key.0.starts_with('~')));
}

/// A link to everything that waits for the person.
async fn open_link(site: &Site) -> String {
    let secret = [99; 32];
    let token = NewToken {
        hash: Sha256::digest(secret).into(),
        person: site.person.clone(),
        purpose: tokens::OPEN.to_owned(),
        matters: Vec::new(),
        expires: Some(site.now() + SignedDuration::from_hours(24 * 180)),
    };
    site.store.issue_token(&token, site.now()).await.unwrap();
    tokens::encode(&secret)
}

/// Two questions that have been asked, and the link to both.
async fn several() -> (Page, Message) {
    let mut page = Page::of(remiss).await;
    let mut urgent = decision(&page.site);
    page.site.plan(&mut [&mut urgent]).await;
    let (mut first, mut second) = (page.ask.clone(), urgent.clone());
    first.key.0.push_str(":1");
    second.key.0.push_str(":2");
    page.site.plan(&mut [&mut first, &mut second]).await;
    send(&page.site, &[&first, &second]).await;
    page.ask = first;
    page.site.token = open_link(&page.site).await;
    (page, second)
}

/// As if their mail had left.
pub async fn send(site: &Site, messages: &[&Message]) {
    let mail = arshjul::store::NewMail {
        message_id: "<1@example.org>".to_owned(),
        person: site.person.clone(),
        envelope: arshjul::store::Envelope {
            from: "a@example.org".to_owned(),
            to: "anna@example.org".to_owned(),
        },
        bytes: b"x".to_vec(),
        keys: messages.iter().map(|m| m.key.clone()).collect(),
        tokens: Vec::new(),
        send_at: site.now(),
    };
    assert!(site.store.queue(&mail, site.now()).await.unwrap());
    let wait = |_: u32| SignedDuration::from_mins(5);
    let claim = site.store.claim(site.now(), SignedDuration::from_mins(5), &wait).await.unwrap().unwrap();
    let sent = Finish::Sent { reply: "250 ok".to_owned() };
    assert!(site.store.finish(&claim, &sent, site.now()).await.unwrap());
}

#[tokio::test]
async fn one_page_has_everything_that_is_open() {
    let (page, urgent) = several().await;
    let reply = page.get().await;
    show("allt", &reply);
    let body = reply.body;
    assert_whole("allt", &body);
    assert!(body.contains("2 frågor väntar på ditt svar."), "{body}");
    let place = |said: &str| body.find(&format!(">{said}</h2>")).unwrap();
    assert!(place(&urgent.notice.headline) < place(&page.ask.notice.headline), "the most urgent first");
    let key = format!("name=\"fraga\" value=\"{}\"", urgent.key.0);
    assert!(body.contains(&key), "a question is named by its key: {body}");

    let reply = page.post(&format!("fraga={}&svar=nej", urgent.key.0)).await;
    show("allt-tack", &reply);
    assert!(reply.body.contains("Ditt svar är noterat: Dispensen upphör"), "{}", reply.body);
    assert!(reply.body.contains("Det här är kvar att svara på") && reply.body.contains("Njursvikt"));
    assert!(page.get().await.body.contains("1 fråga väntar på ditt svar."));
    let wrong = page.post(&format!("fraga={}&text-1=Bra&svar=inga", page.ask.key.0)).await;
    show("allt-fel", &wrong);
    assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(
        wrong.body.contains(&format!("value=\"{}\"", page.ask.key.0)),
        "the form still names its question"
    );
    let reply = page.post(&format!("fraga={}&svar=inga", page.ask.key.0)).await;
    assert!(reply.body.contains("Ingenting mer väntar på ditt svar."));
    let reply = page.get().await;
    show("allt-tomt", &reply);
    assert!(reply.body.contains("Ingenting väntar på ditt svar"));
    assert!(format!("https://arshjul.example.org{}", page.path()).len() < 200);
}

#[tokio::test]
async fn a_link_to_several_matters_names_them_in_its_forms() {
    let (page, urgent) = several().await;
    let secret = [98; 32];
    let token = NewToken {
        hash: Sha256::digest(secret).into(),
        person: page.site.person.clone(),
        purpose: tokens::ANSWER.to_owned(),
        matters: vec![page.ask.matter.clone(), urgent.matter.clone()],
        expires: None,
    };
    page.site.store.issue_token(&token, page.site.now()).await.unwrap();
    let path = format!("/svar/{}", tokens::encode(&secret));
    let shown = page.site.get(&format!("{path}?utm_source=mejl&fil")).await;
    assert_eq!(shown.status, StatusCode::NOT_FOUND, "no file has been handed in");
    let shown = page.site.get(&format!("{path}?utm_source=mejl&x&x")).await;
    assert_whole("flera", &shown.body);
    assert_eq!(shown.body.matches("<h1").count(), 1);
    let form = [("content-type", "application/x-www-form-urlencoded")];
    assert_eq!(page.site.call("POST", &path, &form, "svar=nej").await.status, StatusCode::BAD_REQUEST);
    let body = format!("fraga={}&svar=nej", urgent.key.0);
    assert_eq!(page.site.call("POST", &path, &form, &body).await.status, StatusCode::OK);
    assert!(page.site.get(&path).await.body.contains("1 fråga väntar på ditt svar."));
}

#[tokio::test]
async fn a_link_to_everything_opens_nobody_elses_questions() {
    let (page, _) = several().await;
    let mut others = page.ask.clone();
    others.to = Some("p99".into());
    others.matter.step = "annat".into();
    others.key.0.push_str(":annan");
    page.site.plan(&mut [&mut others]).await;
    let before = page.site.facts().await;
    for body in [
        format!("fraga={}&svar=inga", others.key.0),
        "fraga=finns-inte&svar=inga".to_owned(),
        "svar=inga".to_owned(),
    ] {
        assert_eq!(page.post(&body).await.status, StatusCode::BAD_REQUEST, "{body}");
    }
    assert_eq!(page.site.facts().await, before);
}

/// What nothing but a press may change.
async fn state(site: &Site) -> ((i64, Facts), Vec<Message>, arshjul::store::Counts) {
    let (revision, _, facts) = site.facts().await;
    ((revision, facts), site.store.coming(1000).await.unwrap(), site.store.counts().await.unwrap())
}

/// The first browser found; none where there is none.
#[expect(clippy::disallowed_methods, reason = "a tool of the test is looked for")]
fn browser() -> Option<std::path::PathBuf> {
    let path = std::env::var_os("PATH")?;
    let names = ["chromium", "chromium-browser", "google-chrome"];
    let mut found = std::env::split_paths(&path).flat_map(|folder| names.map(|name| folder.join(name)));
    found.find(|file| file.is_file())
}

/// What mail scanners do: fetch, ask for the head, fetch again, and run the page in a browser with scripts on.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_scanner_changes_anything() {
    let (page, urgent) = several().await;
    let site = &page.site;
    let mut tokens = vec![site.token.clone(), site.link(31, &page.ask).await, site.link(32, &urgent).await];
    for n in 0..40_u8 {
        let mut ask = if n % 2 == 0 { remiss(site) } else { decision(site) };
        ask.matter.step = format!("fraga-{n}").as_str().into();
        ask.key.0.push_str(&format!(":{n}"));
        site.plan(&mut [&mut ask]).await;
        tokens.push(site.link(100 + n, &ask).await);
    }
    let before = state(site).await;
    for token in &tokens {
        for method in ["GET", "HEAD", "GET", "HEAD"] {
            let reply = site.call(method, &format!("/svar/{token}"), &[], "").await;
            assert_eq!(reply.status, StatusCode::OK, "{method}");
            assert!(reply.header("content-security-policy").starts_with("default-src 'none'"));
        }
    }
    assert_eq!(state(site).await, before);

    let Some(browser) = browser() else {
        eprintln!("not run in a browser: there is no chromium on this machine");
        return;
    };
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let stop = tokio_util::sync::CancellationToken::new();
    let served = tokio::spawn(arshjul::web::serve(listener, site.router.clone(), stop.clone()));
    let profile = tempfile::tempdir().unwrap();
    for token in tokens.iter().take(4) {
        let mut command = tokio::process::Command::new(&browser);
        command.args(["--headless", "--no-sandbox", "--disable-gpu", "--no-first-run"]);
        command.args(["--disable-background-networking", "--virtual-time-budget=2000", "--dump-dom"]);
        command.arg(format!("--user-data-dir={}", profile.path().display()));
        command.arg(format!("http://{address}/svar/{token}"));
        let shown = command.output().await.unwrap();
        let shown = String::from_utf8_lossy(&shown.stdout).into_owned();
        assert!(shown.contains("name=\"svar\""), "the browser has seen the page: {shown}");
    }
    stop.cancel();
    served.await.unwrap().unwrap();
    assert_eq!(state(site).await, before);
    assert!(!site.was_woken().await);
}

/// The letter with a new link is sent by the worker like any other mail, in one of its own, and no plan takes it
/// back.
#[tokio::test]
async fn a_new_link_arrives_by_mail() {
    let mut world = World::new(Bench::sqlite(), "2025-04-01").only(&["remisser", "rsl"]).started().await;
    world.advance_to("2025-04-15 11:00").await;
    let person = world.person("petra").await;
    let state = web::State {
        store: world.store.clone(),
        clock: world.clock.clone(),
        chance: Arc::new(arshjul::clock::CountingChance::from_seed(0)),
        rules: world.rules.clone(),
        wake: Arc::default(),
        public_url: "http://localhost:8080".to_owned(),
        policy: world.policy.clone(),
    };
    let asked = world.store.open_matters(&person).await.unwrap();
    assert!(!asked.is_empty(), "the round has been asked about");
    let secret = [7; 32];
    let token = NewToken {
        hash: Sha256::digest(secret).into(),
        person: person.clone(),
        purpose: tokens::ANSWER.to_owned(),
        matters: vec![asked[0].matter.clone()],
        expires: Some(world.now() - SignedDuration::from_hours(1)),
    };
    world.store.issue_token(&token, world.now() - SignedDuration::from_hours(2)).await.unwrap();
    let request = Request::post(format!("/svar/{}", tokens::encode(&secret)))
        .header("content-type", "application/x-www-form-urlencoded")
        .body(Body::from("ny-lank=ja"))
        .unwrap();
    let response = web::router(state).oneshot(request).await.unwrap();
    assert_eq!(response.status(), StatusCode::OK);

    // Something else changes, so that the plan is made anew before anything is sent.
    let colleagues = "kropp;roll;namn;epost\nRSL;sekreterare;nyss;nyss@example.org\n";
    world.import(colleagues).await;
    let before = world.mails_to("petra").len();
    world.advance_to("2025-04-15 11:15").await;
    let mails = world.mails_to("petra");
    assert_eq!(mails.len(), before + 1);
    let letter = mails.last().unwrap();
    assert!(letter.subject.contains("Ny länk: "), "{}", letter.subject);
    let link = letter.links.iter().find_map(|link| tokens::decode(link)).unwrap();
    let token = world.store.token(&Sha256::digest(link).into(), world.now()).await.unwrap().unwrap();
    assert_eq!((token.person, token.matters.as_slice()), (person, [asked[0].matter.clone()].as_slice()));
}
