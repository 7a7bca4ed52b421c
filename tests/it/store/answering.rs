//! What may come with an answer, and what is done with it.

use std::io::{Cursor, Write};

use arshjul::answering::{self, AnswerError, AnswerOutcome, Handed, HandedFile, Policy, Reply, Wrong};
use arshjul::plan::model::{Arranged, ForCalendars, Message, MessageKind, Occasion};
use arshjul::rules::Rules;
use arshjul::store::{PlannedMark, Recorded, Store};
use arshjul::workflow::model::{Answer, Does, EntryKind, Mark, Span, Status, Takes};
use jiff::Timestamp;
use jiff::civil::date;

use super::requests::known;
use super::{Bench, at, conformance, matter, message, occasion_ref, plan};

conformance! {
    an_answer_takes_what_it_says_it_takes,
    everything_that_is_wrong_is_said_at_once,
    what_an_answer_does_not_take_is_refused,
    more_time_lies_between_the_last_day_and_the_end,
    a_file_is_looked_at,
    a_question_goes_to_somebody_who_may_be_asked,
    an_answer_without_a_list_withdraws_what_was_listed,
    nothing_is_taken_after_the_end,
}

const NOW: &str = "2025-10-10T10:00";

fn choice(id: &str, takes: &[Takes], does: Does) -> Answer {
    Answer { takes: takes.to_vec(), does, ..Answer::plain(id.into(), id) }
}

/// Anna is asked, with every kind of answer; the round closes on 14 November.
async fn asked(store: &Store) -> Message {
    let anna = known(store, "anna").await;
    known(store, "bo").await;
    let mut ask = message("svara", MessageKind::Ask, &anna, at("2025-10-01T06:00"));
    ask.expires = Some(at("2025-11-14T23:00"));
    ask.notice.due = Some(date(2025, 10, 24));
    ask.notice.sections = vec!["Allmänt".to_owned(), "Detaljer".to_owned()];
    ask.notice.marks = vec![Mark { id: "oense".into(), label: "Betydande meningsskiljaktighet".to_owned() }];
    ask.notice.answers = vec![
        choice("synpunkter", &[Takes::Text, Takes::Link, Takes::File], Does::Settle),
        choice("beslut", &[Takes::Date], Does::Settle),
        choice("lista", &[Takes::List], Does::Settle),
        choice("inga", &[], Does::Settle),
        choice("mer-tid", &[], Does::MoreTime),
        choice("fel", &[], Does::PassOn),
        choice("hjalp", &[], Does::Help),
    ];
    plan(store, std::slice::from_ref(&ask)).await;
    let first = date(2025, 10, 1);
    let round = Occasion {
        at: occasion_ref("nationell/remisser"),
        kind: EntryKind::Period,
        title: "Höst".to_owned(),
        span: Span::AllDay { first, last: date(2025, 11, 14) },
        status: Status::Confirmed,
        place: None,
        note: None,
        feed: None,
        public: None,
        calendar: ForCalendars::default(),
    };
    let mark = PlannedMark {
        until: at("2026-01-01T00:00"),
        facts_revision: store.facts_revision().await.unwrap(),
        files_digest: "files".to_owned(),
    };
    store.apply(&[], &[round], &["nationell/remisser".into()].into(), &mark, at(NOW)).await.unwrap();
    ask
}

fn policy() -> Policy {
    Policy { domains: vec!["region.example.org".to_owned()], file_limit: 2_000, file_check: None }
}

async fn reply(
    store: &Store,
    answer: &str,
    handed: &Handed,
    now: Timestamp,
) -> Result<AnswerOutcome, AnswerError> {
    reply_under(store, answer, handed, &policy(), now).await
}

async fn reply_under(
    store: &Store,
    answer: &str,
    handed: &Handed,
    policy: &Policy,
    now: Timestamp,
) -> Result<AnswerOutcome, AnswerError> {
    let person = store.person_by_address("anna@example.org").await.unwrap().unwrap().id;
    let (matter, answer) = (matter("svara"), answer.into());
    let reply = Reply { matter: &matter, person: &person, answer: &answer, handed, who: "anna" };
    answering::answer(store, &Rules::default(), policy, &reply, now).await
}

/// What is wrong with it, as codes.
async fn wrong(store: &Store, answer: &str, handed: Handed) -> Vec<&'static str> {
    match reply(store, answer, &handed, at(NOW)).await {
        Err(AnswerError::Handed(wrong)) => {
            assert!(wrong.iter().all(|w| !w.to_string().is_empty()));
            wrong.iter().map(Wrong::code).collect()
        }
        other => panic!("{other:?}"),
    }
}

fn docx(content: &[u8]) -> Vec<u8> {
    let mut archive = zip::ZipWriter::new(Cursor::new(Vec::new()));
    archive.start_file("word/document.xml", zip::write::SimpleFileOptions::default()).unwrap();
    archive.write_all(content).unwrap();
    archive.finish().unwrap().into_inner()
}

fn file(name: &str, bytes: &[u8]) -> Handed {
    let file = HandedFile { name: name.to_owned(), bytes: bytes.to_vec() };
    Handed { file: Some(file), ..Handed::default() }
}

fn to(address: &str) -> Handed {
    Handed { to: Some(address.to_owned()), ..Handed::default() }
}

fn on(year: i16, month: i8, day: i8) -> Handed {
    Handed { date: Some(date(year, month, day)), ..Handed::default() }
}

async fn an_answer_takes_what_it_says_it_takes(bench: Bench) {
    let store = bench.open().await;
    let ask = asked(&store).await;
    let handed = Handed {
        texts: vec![
            ("Detaljer".to_owned(), " Sidan 3.\r\n".to_owned()),
            ("Allmänt".to_owned(), " ".to_owned()),
        ],
        link: Some(" https://example.org/svar ".to_owned()),
        marks: vec!["oense".into()],
        ..file("C:\\Svar.docx", &docx(b"x"))
    };
    let done = reply(&store, "synpunkter", &handed, at(NOW)).await.unwrap();
    assert_eq!(done, AnswerOutcome::Answered(Recorded::New));
    let question = answering::question(&store, &matter("svara"), ask.to.as_ref().unwrap(), at(NOW)).await;
    let question = question.unwrap().unwrap();
    assert_eq!(question.given.unwrap().marks, ["oense".into()]);
    let came = question.handed.unwrap();
    assert_eq!(came.texts, [("Detaljer".to_owned(), "Sidan 3.".to_owned())]);
    assert_eq!(came.link.as_deref(), Some("https://example.org/svar"));
    assert_eq!(came.file.unwrap().name, "Svar.docx");

    // It may be changed until the end; the date comes with it.
    let done = reply(&store, "beslut", &on(2027, 1, 31), at("2025-11-14T22:00")).await.unwrap();
    assert!(matches!(done, AnswerOutcome::Answered(Recorded::Changed { .. })), "{done:?}");
    let given = store.facts().await.unwrap().answers.remove(0);
    assert_eq!((given.date, given.marks.len()), (Some(date(2027, 1, 31)), 0));
}

async fn everything_that_is_wrong_is_said_at_once(bench: Bench) {
    let store = bench.open().await;
    asked(&store).await;
    let handed = Handed {
        texts: vec![("Allmänt".to_owned(), "å".repeat(20_001)), ("Annat".to_owned(), "x".to_owned())],
        link: Some("example.org".to_owned()),
        marks: vec!["enig".into()],
        date: Some(date(2025, 12, 1)),
        ..file("svar.exe", b"MZ")
    };
    let all = [
        "date-not-taken",
        "mark-unknown",
        "text-too-long",
        "heading-unknown",
        "link-no-address",
        "file-kind",
    ];
    assert_eq!(wrong(&store, "synpunkter", handed).await, all);
    let longest = vec![("Allmänt".to_owned(), "å".repeat(20_000))];
    let handed = Handed { texts: longest, ..Handed::default() };
    reply(&store, "synpunkter", &handed, at(NOW)).await.unwrap();

    let lines = |n: usize| (1..=n).map(|n| (format!("Remiss {n}"), None)).collect::<Vec<_>>();
    let list = |list| Handed { list, ..Handed::default() };
    assert_eq!(wrong(&store, "lista", Handed::default()).await, ["list-empty"]);
    assert_eq!(wrong(&store, "lista", list(vec![(" ".to_owned(), None)])).await, ["list-empty"]);
    assert_eq!(wrong(&store, "lista", list(lines(101))).await, ["list-too-long"]);
    let mut odd = lines(3);
    odd[0].1 = Some("javascript:alert(1)".to_owned());
    odd[2] = (String::new(), Some("https://example.org".to_owned()));
    assert_eq!(wrong(&store, "lista", list(odd)).await, ["line-no-address", "line-no-title"]);
    reply(&store, "lista", &list(lines(100)), at(NOW)).await.unwrap();
    assert_eq!(store.facts().await.unwrap().listed.len(), 100);

    assert_eq!(wrong(&store, "beslut", Handed::default()).await, ["date-missing"]);
    assert_eq!(wrong(&store, "beslut", on(2023, 10, 10)).await, ["date-too-early"], "longer ago than a year");
    assert_eq!(wrong(&store, "beslut", on(2225, 10, 10)).await, ["date-too-late"]);
    let unknown = reply(&store, "kanske", &Handed::default(), at(NOW)).await;
    assert!(matches!(unknown, Err(AnswerError::Unknown(_))), "{unknown:?}");
}

async fn what_an_answer_does_not_take_is_refused(bench: Bench) {
    let store = bench.open().await;
    asked(&store).await;
    let handed = Handed {
        texts: vec![("Allmänt".to_owned(), "x".to_owned())],
        link: Some("https://example.org".to_owned()),
        list: vec![("Sepsis".to_owned(), None)],
        to: Some("bo@example.org".to_owned()),
        date: Some(date(2025, 11, 1)),
        ..file("svar.pdf", b"%PDF-1.7")
    };
    let all = [
        "text-not-taken",
        "link-not-taken",
        "file-not-taken",
        "date-not-taken",
        "list-not-taken",
        "to-not-taken",
    ];
    assert_eq!(wrong(&store, "inga", handed).await, all);
    let marked = Handed { marks: vec!["oense".into()], ..to("bo@example.org") };
    assert_eq!(wrong(&store, "fel", marked).await, ["marks-not-taken"]);
    assert!(store.facts().await.unwrap().answers.is_empty());
}

async fn more_time_lies_between_the_last_day_and_the_end(bench: Bench) {
    let store = bench.open().await;
    asked(&store).await;
    assert_eq!(wrong(&store, "mer-tid", Handed::default()).await, ["date-missing"]);
    assert_eq!(wrong(&store, "mer-tid", on(2025, 10, 10)).await, ["date-past"]);
    assert_eq!(wrong(&store, "mer-tid", on(2025, 10, 24)).await, ["date-too-early"]);
    assert_eq!(wrong(&store, "mer-tid", on(2025, 11, 15)).await, ["date-too-late"]);
    let until = |day| AnswerOutcome::Arranged { what: Arranged::Time(date(2025, 11, day)), same: false };
    assert_eq!(reply(&store, "mer-tid", &on(2025, 11, 14), at(NOW)).await.unwrap(), until(14));
    assert_eq!(reply(&store, "mer-tid", &on(2025, 11, 3), at(NOW)).await.unwrap(), until(3));
    let again = reply(&store, "mer-tid", &on(2025, 11, 3), at(NOW)).await.unwrap();
    assert!(matches!(again, AnswerOutcome::Arranged { same: true, .. }));
    reply(&store, "inga", &Handed::default(), at(NOW)).await.unwrap();
    let answered = reply(&store, "mer-tid", &on(2025, 11, 3), at(NOW)).await;
    assert!(matches!(answered, Err(AnswerError::Answered)), "{answered:?}");
}

async fn a_file_is_looked_at(bench: Bench) {
    let store = bench.open().await;
    asked(&store).await;
    assert_eq!(wrong(&store, "synpunkter", file("svar.docx", b"")).await, ["file-empty"]);
    assert_eq!(wrong(&store, "synpunkter", file("svar.docx", b"text")).await, ["file-kind"]);
    assert_eq!(wrong(&store, "synpunkter", file("svar.pdf", &[b'%'; 2_001])).await, ["file-too-large"]);
    #[cfg(unix)]
    {
        let word = |text: &str| text.split(' ').map(str::to_owned).collect();
        let scanned = |check: &str| Policy { file_check: Some(word(check)), ..policy() };
        for (check, said) in [("false", "file-refused"), ("no-such-scanner", "file-unchecked")] {
            let file = file("svar.pdf", b"%PDF-1.7");
            let done = reply_under(&store, "synpunkter", &file, &scanned(check), at(NOW)).await;
            let Err(AnswerError::Handed(wrong)) = done else { panic!("{done:?}") };
            assert_eq!(wrong.iter().map(Wrong::code).collect::<Vec<_>>(), [said]);
        }
        let file = file("svar.pdf", b"%PDF-1.7");
        reply_under(&store, "synpunkter", &file, &scanned("grep -q PDF"), at(NOW)).await.unwrap();
    }
}

async fn a_question_goes_to_somebody_who_may_be_asked(bench: Bench) {
    let store = bench.open().await;
    asked(&store).await;
    for answer in ["fel", "hjalp"] {
        assert_eq!(wrong(&store, answer, Handed::default()).await, ["to-missing"]);
        assert_eq!(wrong(&store, answer, to("Anna@example.org")).await, ["to-self"]);
        for unknown in ["ny@example.org", "ny@sub.region.example.org", "ny <ny@region.example.org>", "ny"] {
            assert_eq!(wrong(&store, answer, to(unknown)).await, ["to-unknown"], "{unknown}");
        }
    }
    assert_eq!(store.facts().await.unwrap().people.persons.len(), 2);
    let done = reply(&store, "hjalp", &to("BO@example.org"), at(NOW)).await.unwrap();
    assert!(matches!(done, AnswerOutcome::Arranged { what: Arranged::HelpFrom(_), same: false }), "{done:?}");
    let done = reply(&store, "fel", &to("ny@Region.example.org"), at(NOW)).await.unwrap();
    let new = store.person_by_address("ny@region.example.org").await.unwrap().unwrap().id;
    assert_eq!(done, AnswerOutcome::Arranged { what: Arranged::PassedTo(new), same: false });
}

async fn an_answer_without_a_list_withdraws_what_was_listed(bench: Bench) {
    let store = bench.open().await;
    asked(&store).await;
    let handed = Handed { list: vec![("Sepsis".to_owned(), None)], ..Handed::default() };
    reply(&store, "lista", &handed, at(NOW)).await.unwrap();
    reply(&store, "inga", &Handed::default(), at(NOW)).await.unwrap();
    assert!(store.facts().await.unwrap().listed[0].withdrawn);
    reply(&store, "lista", &handed, at(NOW)).await.unwrap();
    let listed = store.facts().await.unwrap().listed;
    assert_eq!((listed.len(), listed[0].withdrawn), (1, false));
}

async fn nothing_is_taken_after_the_end(bench: Bench) {
    let store = bench.open().await;
    asked(&store).await;
    for answer in ["inga", "mer-tid"] {
        let late = reply(&store, answer, &Handed::default(), at("2025-11-14T23:00")).await;
        assert!(matches!(late, Err(AnswerError::Closed)), "{late:?}");
    }
    assert!(store.facts().await.unwrap().answers.is_empty());
}
