//! The page that a link in a mail leads to: its forms, what they send and what is said to it.
//!
//! With `ARSHJUL_PAGES=DIR` the pages are written to that folder, to be looked at and put before html-validate.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use arshjul::calendar::instant;
use arshjul::plan::model::{Message, MessageKind, Object};
use arshjul::store::NewToken;
use arshjul::tokens;
use arshjul::workflow::model::{Answer, Does, Mark, Takes};
use axum::http::StatusCode;
use jiff::civil::date;
use jiff::{SignedDuration, Timestamp};
use sha2::{Digest, Sha256};

use crate::store::message;
use crate::web::{Reply, Site, answer};

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

struct Page {
    site: Site,
    ask: Message,
}

impl Page {
    async fn of(ask: fn(&Site) -> Message) -> Self {
        let mut site = Site::new().await;
        let mut ask = ask(&site);
        site.plan(&mut [&mut ask]).await;
        let token = site.link(20, &ask).await;
        site.token = token;
        // The person holds the role in which they are asked.
        Self { site, ask }
    }

    fn path(&self) -> String {
        format!("/svar/{}", self.site.token)
    }

    async fn get(&self) -> Reply {
        self.site.get(&self.path()).await
    }

    async fn post(&self, body: &str) -> Reply {
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
fn show(name: &str, reply: &Reply) {
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
    assert!(body.contains("Hör till svaret ”Vi har synpunkter”."));
    assert!(!body.contains("fraga"), "the only question needs no name");
}
