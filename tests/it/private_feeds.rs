//! Private feeds over HTTP: made and revoked on a person's own page, fetched by programs that are as they are.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use arshjul::calendar::today;
use arshjul::plan::model::Shows;
use arshjul::store::NewSubscription;
use arshjul::tokens;
use axum::http::StatusCode;
use jiff::SignedDuration;
use sha2::{Digest, Sha256};

use crate::answer_page::send;
use crate::cli::Shell;
use crate::feeds::{shown, values};
use crate::web::{Reply, Site};

const FORM: &str = "application/x-www-form-urlencoded";

/// The person's page of calendars.
async fn page(site: &Site) -> String {
    format!("{}?visa=kalender", site.open_link().await)
}

async fn press(site: &Site, page: &str, form: &str) -> Reply {
    site.call("POST", page, &[("content-type", FORM), ("sec-fetch-site", "same-origin")], form).await
}

/// The path of the address that a page shows.
fn address(page: &str) -> Option<String> {
    let start = page.find(">https://arshjul.example.org/feed/")?;
    let rest = &page[start + ">https://arshjul.example.org".len()..];
    Some(rest[..rest.find('<').unwrap()].to_owned())
}

async fn made(site: &Site, page: &str, form: &str) -> String {
    address(&press(site, page, form).await.body).unwrap()
}

#[tokio::test]
async fn a_calendar_is_made_by_a_press_and_its_address_is_shown_once() {
    let site = Site::new().await;
    let page = page(&site).await;
    let before = site.facts().await;
    for _ in 0..2 {
        let read = site.get(&page).await;
        assert_eq!(read.status, StatusCode::OK);
        assert_eq!((read.header("cache-control"), read.header("x-robots-tag")), ("no-store", "noindex"));
        assert!(read.body.contains("Du har ingen egen kalender än."));
    }
    assert_eq!(site.facts().await, before);

    let form = "antal=0&namn=Outlook+jobb&mejl=ja&gor=ja";
    let said = press(&site, &page, form).await;
    assert_eq!(said.status, StatusCode::OK);
    let path = address(&said.body).unwrap();
    assert!(path.ends_with("/outlook-jobb.ics") && path.len() < 150, "{path}");
    assert!(said.body.contains("Adressen visas bara den här gången") && said.body.contains("<svg viewBox"));
    for link in ["webcal://", "https://calendar.google.com/", "https://outlook.office.com/"] {
        assert!(said.body.contains(&format!("href=\"{link}")), "{link}");
    }
    assert!(site.was_woken().await);

    // The page that is sent again makes no second one, and shows no address.
    let again = press(&site, &page, form).await;
    assert!(again.body.contains("redan gjord") && address(&again.body).is_none());
    let read = site.get(&page).await;
    assert!(read.body.contains("Outlook jobb") && read.body.contains("Har inte hämtats än."));
    assert!(!read.body.contains("/feed/"));
    assert_eq!(site.store.subscriptions(None).await.unwrap().len(), 1);

    let unnamed = press(&site, &page, "antal=1&namn=+&gor=ja").await;
    assert_eq!(unnamed.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(unnamed.body.contains("namn-fel"));
    let foreign = [("content-type", FORM), ("sec-fetch-site", "cross-site")];
    let refused = site.call("POST", &page, &foreign, "antal=1&namn=X&gor=ja").await;
    assert_eq!(refused.status, StatusCode::FORBIDDEN);
    assert_eq!(site.store.subscriptions(None).await.unwrap().len(), 1);

    // One question's link may have gone on to a colleague: it doesn't lead here.
    let question = site.get(&format!("/svar/{}?visa=kalender", site.token)).await;
    assert!(!question.body.contains("Dina kalendrar"));
}

#[tokio::test]
async fn a_private_feed_is_answered_as_programs_need_it() {
    let site = Site::new().await;
    send(&site, &[&site.ask]).await;
    let page = page(&site).await;
    let path = made(&site, &page, "antal=0&namn=Outlook+jobb&gor=ja").await;
    let first = site.call("GET", &path, &[("authorization", "Bearer nonsense")], "").await;
    assert_eq!(first.status, StatusCode::OK);
    assert_eq!(first.header("content-type"), "text/calendar; charset=utf-8");
    assert_eq!(first.header("content-disposition"), "inline; filename=\"outlook-jobb.ics\"");
    assert_eq!(first.header("cache-control"), "private, max-age=3600");
    assert_eq!((first.header("content-encoding"), first.header("www-authenticate")), ("", ""));

    let etag = first.header("etag").to_owned();
    let modified = first.header("last-modified").to_owned();
    for headers in [&[("if-none-match", etag.as_str())][..], &[("if-modified-since", modified.as_str())]] {
        let same = site.call("GET", &path, headers, "").await;
        assert_eq!((same.status, same.body.len()), (StatusCode::NOT_MODIFIED, 0));
        assert_eq!(same.header("etag"), etag);
    }
    let head = site.call("HEAD", &path, &[], "").await;
    assert_eq!((head.status, head.body.len(), head.header("etag")), (StatusCode::OK, 0, etag.as_str()));

    // Any name will do, so that a program that was given another one goes on.
    let (start, _) = path.rsplit_once('/').unwrap();
    assert_eq!(site.get(&format!("{start}/annat.ics")).await.status, StatusCode::OK);
    assert_eq!(site.get(&format!("{start}/annat.txt")).await.status, StatusCode::NOT_FOUND);

    // What waits for her, what concerns her programme area, and nothing that names her.
    let lines = shown(first.body.as_bytes());
    assert!(lines.iter().any(|line| line.starts_with("2025-10-24 Svara senast i dag: ")), "{lines:?}");
    assert!(lines.iter().any(|line| line.contains("Intern svarsdag")), "{lines:?}");
    assert!(!first.body.contains("Anna") && !first.body.contains("anna@"));

    let listed = site.get(&page).await;
    assert!(listed.body.contains("Senast hämtad måndag 6 oktober"), "{}", listed.body);
}

#[tokio::test]
async fn what_is_answered_leaves_the_feed_and_a_feed_never_goes_back() {
    let mut site = Site::new().await;
    send(&site, &[&site.ask]).await;
    let path = made(&site, &page(&site).await, "antal=0&namn=X&gor=ja").await;
    let before = site.get(&path).await;
    site.clock.advance(SignedDuration::from_mins(10));
    assert_eq!(site.answer("inga").await.status, StatusCode::OK);
    let after = site.get(&path).await;
    assert_ne!(before.header("etag"), after.header("etag"));
    assert!(shown(after.body.as_bytes()).iter().all(|line| !line.contains("Svara senast i dag")));
    let since = [("if-modified-since", before.header("last-modified"))];
    assert_eq!(site.call("GET", &path, &since, "").await.status, StatusCode::OK, "Apple asks by date only");

    // Another process says the same of the same.
    for path in [path.as_str(), "/feed/rsl.ics", "/feed/remisser.ics"] {
        let here = site.get(path).await;
        site.restart();
        let there = site.get(path).await;
        for name in ["etag", "last-modified"] {
            assert_eq!(here.header(name), there.header(name), "{path}");
        }
    }
}

#[tokio::test]
async fn a_revoked_address_is_gone_and_nothing_else_is() {
    let site = Site::new().await;
    let page = page(&site).await;
    let path = made(&site, &page, "antal=0&namn=Mobilen&gor=ja").await;
    assert_eq!(site.get(&path).await.status, StatusCode::OK);
    let number = site.store.subscriptions(None).await.unwrap()[0].number;
    let off = press(&site, &page, &format!("med-mejl={number}")).await;
    assert!(off.body.contains("Det är sparat."));
    assert!(site.store.subscriptions(None).await.unwrap()[0].mails);
    for wrong in ["ta-bort=77", "ta-bort=x", ""] {
        assert_eq!(press(&site, &page, wrong).await.status, StatusCode::BAD_REQUEST);
    }
    assert_eq!(site.get(&path).await.status, StatusCode::OK);
    let gone = press(&site, &page, &format!("ta-bort={number}")).await;
    assert!(gone.body.contains("”Mobilen” är borttagen"));
    assert_eq!(site.get(&path).await.status, StatusCode::GONE);
    assert_eq!(site.get(&path.replace("/feed/", "/feed/A")).await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn whoever_leaves_the_last_of_their_roles_leaves_their_feeds() {
    let site = Site::new().await;
    let path = made(&site, &page(&site).await, "antal=0&namn=X&gor=ja").await;
    let last = today(site.now());
    let (body, role) = ("rpo-medicinsk-diagnostik".into(), "processtod".into());
    assert!(site.store.end_holder(&body, &role, &site.person, last, "test", site.now()).await.unwrap());
    assert_eq!(site.get(&path).await.status, StatusCode::OK, "the last day is a day of the term");
    site.clock.advance(SignedDuration::from_hours(24));
    assert_eq!(site.get(&path).await.status, StatusCode::GONE);
}

#[tokio::test]
async fn a_feed_that_has_been_served_is_served_whatever_happens_to_the_database() {
    let site = Site::new().await;
    let path = made(&site, &page(&site).await, "antal=0&namn=X&gor=ja").await;
    let paths = [path.as_str(), "/feed/rsl.ics"];
    let mut before = Vec::new();
    for path in paths {
        before.push(site.get(path).await.body);
    }
    site.store.close().await;
    for (path, before) in paths.into_iter().zip(&before) {
        let after = site.get(path).await;
        assert_eq!((after.status, &after.body), (StatusCode::OK, before), "{path}");
    }
}

/// Somebody else writes, and doesn't stop.
#[tokio::test]
async fn a_database_that_is_locked_costs_the_note_and_not_the_feed() {
    let site = Site::new().await;
    let path = made(&site, &page(&site).await, "antal=0&namn=X&gor=ja").await;
    let file = site.file();
    let pool = sqlx::sqlite::SqlitePool::connect(&format!("sqlite:{}", file.display())).await.unwrap();
    let mut writer = pool.acquire().await.unwrap();
    sqlx::query("BEGIN IMMEDIATE").execute(&mut *writer).await.unwrap();
    let served = site.get(&path).await;
    assert_eq!(served.status, StatusCode::OK);
    sqlx::query("ROLLBACK").execute(&mut *writer).await.unwrap();
    assert_eq!(site.store.subscriptions(None).await.unwrap()[0].fetched, None);
    assert_eq!(site.get(&path).await.status, StatusCode::OK);
    assert!(site.store.subscriptions(None).await.unwrap()[0].fetched.is_some());
}

#[tokio::test]
async fn a_fetch_is_noted_once_an_hour() {
    let site = Site::new().await;
    let path = made(&site, &page(&site).await, "antal=0&namn=X&gor=ja").await;
    let noted = async || site.store.subscriptions(None).await.unwrap()[0].fetched.unwrap().at;
    site.get(&path).await;
    let first = noted().await;
    site.clock.advance(SignedDuration::from_mins(59));
    site.get(&path).await;
    assert_eq!(noted().await, first);
    site.clock.advance(SignedDuration::from_mins(1));
    site.get(&path).await;
    assert_eq!(noted().await, site.now());
    let revision = site.store.facts_revision().await.unwrap();
    site.clock.advance(SignedDuration::from_hours(2));
    site.get(&path).await;
    assert_eq!(site.store.facts_revision().await.unwrap(), revision, "no plan depends on it");
}

#[tokio::test]
async fn titles_only_tells_a_cloud_nothing_of_ones_questions() {
    let site = Site::new().await;
    send(&site, &[&site.ask]).await;
    let path = made(&site, &page(&site).await, "antal=0&namn=Google&rubriker=ja&gor=ja").await;
    let body = site.get(&path).await.body;
    assert!(shown(body.as_bytes()).contains(&"2025-10-24 Sista dag att svara".to_owned()));
    for name in ["DESCRIPTION", "LOCATION", "URL"] {
        assert!(values(body.as_bytes(), name).iter().all(String::is_empty), "{name}");
    }
    assert!(!body.contains("synpunkter"));
}

/// An address that is handed out belongs to nobody who could leave.
#[tokio::test]
async fn a_groups_feed_has_no_holder() {
    let site = Site::new().await;
    let secret = [5; 32];
    let shows = Shows::Group { body: "rsl".into(), group: "2".to_owned() };
    let hash = Sha256::digest(secret).into();
    let new = NewSubscription {
        hash,
        person: None,
        name: "Grupp 2",
        shows: &shows,
        titles_only: false,
        mails: false,
    };
    let number = site.store.subscribe(&new, None, "test", site.now()).await.unwrap().unwrap();
    let path = format!("/feed/{}/grupp-2.ics", tokens::encode(&secret));
    let reply = site.get(&path).await;
    assert_eq!(reply.status, StatusCode::OK);
    assert!(reply.body.contains("NAME:Regionsjukvårdsledningen\\, grupp 2\r\n"));
    assert!(site.store.revoke_subscription(number, "test", site.now()).await.unwrap());
    assert!(!site.store.revoke_subscription(number, "test", site.now()).await.unwrap());
    assert_eq!(site.get(&path).await.status, StatusCode::GONE);
}

/// From a pasted schedule to what each group has in its calendar.
#[test]
fn a_pasted_schedule_gives_each_group_its_three_passes() {
    let shell = Shell::new();
    shell.ok(&["init", "--region", "mellansverige"]);
    shell.write("schema.txt", crate::meetings::SCHEDULE);
    shell.ok(&["import", "schema.txt", "--body", "svn-mellansverige", "--date", "2023-02-16"]);
    for group in ["1", "2", "3"] {
        let feed = shell.ok(&["feed", "svn-mellansverige", "--group", group, "--as-of", "2023-02-01"]);
        let titles = values(feed.as_bytes(), "SUMMARY");
        assert_eq!(titles.len(), 3, "{titles:?}");
        assert!(titles.iter().all(|title| title.ends_with(&format!(", grupp {group}"))), "{titles:?}");
        let mut starts = values(feed.as_bytes(), "DTSTART");
        starts.dedup();
        assert_eq!(starts, ["20230216T144500", "20230216T151500", "20230216T154500"]);
    }
    let shared = shell.ok(&["subscribe", "make", "--group", "svn-mellansverige:2", "--name", "Grupp 2"]);
    assert!(shared.starts_with("1: ") && shared.contains("/grupp-2.ics\n"), "{shared}");
}

#[test]
fn private_feeds_are_made_listed_and_revoked_from_a_shell() {
    let shell = Shell::new();
    shell.write("folk.csv", "kropp;roll;namn;epost\nRPO MD;ordförande;Olle;olle@example.org\n");
    shell.ok(&["import", "folk.csv"]);
    let made =
        shell.ok(&["subscribe", "make", "olle@example.org", "--name", "Outlook jobb", "--titles-only"]);
    let secret = made.split("/feed/").nth(1).unwrap().split('/').next().unwrap();
    assert!(tokens::decode(secret).is_some(), "{made}");
    shell.ok(&[
        "subscribe",
        "make",
        "olle@example.org",
        "--name",
        "Mobilen",
        "--no-mail",
        "--attends",
        "RSL",
    ]);
    let listed = shell.ok(&["subscribe", "list"]);
    assert_eq!(
        listed,
        "1: olle@example.org, Outlook jobb, never fetched, titles only\n\
         2: olle@example.org, Mobilen, never fetched, no mail\n"
    );
    assert!(!listed.contains(secret));
    shell.ok(&["subscribe", "revoke", "1"]);
    let listed = shell.ok(&["subscribe", "list", "olle@example.org"]);
    assert!(listed.starts_with("1: olle@example.org, Outlook jobb, revoked 20"), "{listed}");
    for (arguments, code, said) in [
        (&["subscribe", "revoke", "1"][..], 1, "no feed 1 that works"),
        (
            &["subscribe", "make", "eva@example.org", "--name", "X"],
            1,
            "nobody has the address eva@example.org",
        ),
        (&["subscribe", "make", "olle@example.org", "--name", " "], 2, "1 to 60 characters"),
        (&["subscribe", "make", "--group", "rsl", "--name", "X"], 2, "svn-mellansverige:2"),
        (&["subscribe", "make", "--name", "X"], 2, "required"),
    ] {
        let ended = shell.run(arguments);
        assert_eq!(ended.code, code, "{arguments:?}: {}", ended.err);
        assert!(ended.err.contains(said), "{arguments:?}: {}", ended.err);
    }
}
