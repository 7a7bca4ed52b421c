//! What surrounds an answer: what came with it, what is arranged instead, what it is about, and who is there.

use arshjul::ids::{OccasionId, OccasionRef};
use arshjul::people::Absence;
use arshjul::plan::model::{Arranged, Matter, Message, MessageKind, Object, Opened};
use arshjul::store::{
    Arranging, FileKind, ListReport, NewAnswer, NewFile, NewHandedIn, NewList, NewOccasion, NewToken,
    OpenedChange, Other, PersonRow, Recorded, RequestState, Settles, Store, StoreError, TokenState, Wanted,
};
use arshjul::workflow::model::Span;
use jiff::Timestamp;
use jiff::civil::{Date, date};

use super::{Bench, at, conformance, given, mail, matter, message, occasion_ref, plan, state_of};

conformance! {
    an_answer_keeps_what_came_with_it_and_nothing_older,
    the_history_holds_no_text,
    an_answer_of_a_body_settles_it_for_that_body,
    matters_have_numbers_that_are_never_given_again,
    an_answer_lists_and_is_one_with_its_list,
    an_arrangement_holds_until_the_answer,
    passing_on_and_more_time_take_each_others_place,
    a_question_goes_on_to_somebody_else_and_never_in_a_circle,
    it_is_said_how_far_each_request_has_come,
    occasions_by_hand_are_numbered_within_their_year,
    an_occasion_that_comes_again_shares_its_number_with_none,
    an_absence_is_corrected_and_ends,
    a_role_is_left_vacant_from_a_day,
    a_link_says_why_it_no_longer_works,
    the_last_role_takes_the_links_with_it,
    what_cannot_be_is_refused_by_the_database,
    answers_at_the_same_time_leave_one,
    what_is_told_at_the_same_time_is_told_once_each,
}

/// The person of that name, in a group of RPO Ögon.
pub async fn known(store: &Store, name: &str) -> String {
    let row = PersonRow {
        body: "rpo-ogon".into(),
        role: "ledamot".into(),
        name: name.to_owned(),
        address: format!("{name}@example.org"),
        from: None,
        until: None,
        deputy: false,
    };
    store.save_people(&[row], "test", at("2025-01-01T06:00")).await.unwrap();
    store.person_by_address(&format!("{name}@EXAMPLE.org")).await.unwrap().unwrap().id.to_string()
}

fn handed<'a>(texts: &[(&'a str, &'a str)], file: Option<&'a [u8]>) -> NewHandedIn<'a> {
    let file = file.map(|bytes| NewFile { name: "Svar.docx", kind: FileKind::Docx, bytes });
    NewHandedIn { texts: texts.to_vec(), link: None, file }
}

async fn hand_in(store: &Store, handed: NewHandedIn<'_>, answer: &str, moment: &str) -> Recorded {
    let given = given(&matter("svara"), "anna", answer, at(moment));
    let new = NewAnswer { handed, ..NewAnswer::of(&given, "anna") };
    store.record_answer(&new, at(moment)).await.unwrap()
}

async fn an_answer_keeps_what_came_with_it_and_nothing_older(bench: Bench) {
    let store = bench.open().await;
    let kept = async || store.handed_in(&matter("svara"), &"anna".into()).await.unwrap();
    assert_eq!(kept().await, None);
    let first = handed(&[("Allmänt", "Bra."), ("Detaljer", "Sidan 3.")], Some(b"PK one"));
    assert_eq!(hand_in(&store, first.clone(), "synpunkter", "2025-10-01T10:00").await, Recorded::New);
    let came = kept().await.unwrap();
    assert_eq!(came.texts[1], ("Detaljer".to_owned(), "Sidan 3.".to_owned()));
    let file = came.file.unwrap();
    assert_eq!((file.name.as_str(), file.kind, file.size), ("Svar.docx", FileKind::Docx, 6));
    assert_eq!(store.file(file.id).await.unwrap().unwrap().bytes, b"PK one");

    // The same again is one answer; with another file it is another one, and the old file is gone.
    let again = hand_in(&store, first, "synpunkter", "2025-10-01T10:01").await;
    assert!(matches!(again, Recorded::Same { .. }), "{again:?}");
    let second = NewHandedIn { link: Some("https://example.org/x"), ..handed(&[], Some(b"PK two")) };
    let again = hand_in(&store, second, "synpunkter", "2025-10-02T10:00").await;
    assert!(matches!(again, Recorded::Changed { .. }), "{again:?}");
    let came = kept().await.unwrap();
    assert_eq!((came.texts.len(), came.link.as_deref()), (0, Some("https://example.org/x")));
    assert_eq!(store.file(file.id).await.unwrap(), None);
    let newer = came.file.unwrap().id;

    // An answer that comes alone keeps nothing.
    hand_in(&store, NewHandedIn::default(), "inga", "2025-10-03T10:00").await;
    assert_eq!(kept().await, None);
    assert_eq!(store.file(newer).await.unwrap(), None);
}

async fn the_history_holds_no_text(bench: Bench) {
    let store = bench.open().await;
    for (text, day) in [("Hemligt utkast", 1), ("Hemligt svar", 2)] {
        let new = handed(&[("Allmänt", text)], Some(b"PK hemligt"));
        hand_in(&store, new, "synpunkter", &format!("2025-10-0{day}T10:00")).await;
    }
    let history = store.history(20).await.unwrap();
    let all = format!("{history:?}");
    assert!(!all.contains("emligt"), "{all}");
    assert!(all.contains("sha256") && all.contains("Svar.docx"), "{all}");
    let changed = history.iter().find(|row| row.what == "handed in by anna").unwrap();
    assert!(changed.before.as_ref().unwrap().contains("\"characters\":14"), "{changed:?}");
}

async fn an_answer_of_a_body_settles_it_for_that_body(bench: Bench) {
    let store = bench.open().await;
    let october = at("2025-10-06T06:00");
    let of = |to: &str, role: &str| Message {
        role: role.to_owned(),
        ..message("svara", MessageKind::Reminder, to, october)
    };
    let asked = [of("anna", "rjl/ledamot"), of("bo", "rjl/ledamot"), of("cia", "rkl/ledamot")];
    let told = message("svara", MessageKind::Escalation, "chef", october);
    plan(&store, &asked).await;
    plan(&store, std::slice::from_ref(&told)).await;
    let given = given(&matter("svara"), "anna", "inga", october);
    let new = NewAnswer { settles: Settles::Body("rjl".into()), ..NewAnswer::of(&given, "anna") };
    store.record_answer(&new, october).await.unwrap();
    for (message, state) in asked.iter().chain([&told]).zip(["withdrawn", "withdrawn", "planned", "planned"])
    {
        assert_eq!(state_of(&store, message).await, state, "{}", message.key);
    }
}

fn lines(titles: &[&str]) -> Vec<(String, Option<String>)> {
    titles.iter().map(|title| ((*title).to_owned(), None)).collect()
}

async fn list(store: &Store, lines: &[(String, Option<String>)]) -> ListReport {
    let (workflow, body, of) =
        ("sydostra/remisser".into(), "rpo-ogon".into(), occasion_ref("nationell/remisser"));
    let new = NewList { workflow: &workflow, body: Some(&body), of: &of, lines };
    store.list_matters(&new, "cli", at("2025-10-01T10:00")).await.unwrap()
}

async fn listed(store: &Store) -> Vec<String> {
    let listed = store.facts().await.unwrap().listed.into_iter();
    let line = listed.map(|l| format!("{} {}{}", l.number, l.title, if l.withdrawn { " -" } else { "" }));
    line.collect()
}

async fn matters_have_numbers_that_are_never_given_again(bench: Bench) {
    let store = bench.open().await;
    let report = list(&store, &lines(&["Sepsis", "Grå starr", " sepsis "])).await;
    assert_eq!(report, ListReport { added: 2, changed: 0, withdrawn: 0 });
    let revision = store.facts_revision().await.unwrap();
    assert_eq!(list(&store, &lines(&["Sepsis", "Grå starr"])).await, ListReport::default());
    assert_eq!(store.facts_revision().await.unwrap(), revision);

    let report = list(&store, &lines(&["Glaukom", "Grå  Starr"])).await;
    assert_eq!(report, ListReport { added: 1, changed: 1, withdrawn: 1 });
    assert_eq!(listed(&store).await, ["1 Sepsis -", "2 Grå  Starr", "3 Glaukom"]);
    let mut back = lines(&["Sepsis"]);
    back[0].1 = Some("https://example.org/sepsis".to_owned());
    let report = list(&store, &back).await;
    assert_eq!(report, ListReport { added: 0, changed: 1, withdrawn: 2 });
    let first = store.facts().await.unwrap().listed.remove(0);
    assert_eq!((first.number, first.link.as_deref()), (1, Some("https://example.org/sepsis")));
    list(&store, &lines(&["Ny"])).await;
    assert_eq!(listed(&store).await.last().unwrap(), "4 Ny");

    let withdraw = async |number| {
        let (workflow, body) = ("sydostra/remisser".into(), "rpo-ogon".into());
        let of = occasion_ref("nationell/remisser");
        store.withdraw_matter(&workflow, Some(&body), &of, number, "cli", at("2025-10-02T10:00")).await
    };
    assert!(withdraw(4).await.unwrap());
    assert!(!withdraw(4).await.unwrap());
    assert!(matches!(withdraw(5).await, Err(StoreError::Refused(_))));
    assert_eq!(listed(&store).await.last().unwrap(), "4 Ny -");
}

async fn an_answer_lists_and_is_one_with_its_list(bench: Bench) {
    let store = bench.open().await;
    let about = matter("fordela");
    let (now, later) = (at("2025-10-01T10:00"), at("2025-10-01T10:05"));
    let record = async |titles: &[&str], moment: Timestamp| {
        let given = given(&about, "anna", "samordnas", moment);
        let lines = lines(titles);
        let of = about.object.occasion().unwrap();
        let new = NewList { workflow: &about.workflow, body: about.body.as_ref(), of, lines: &lines };
        let new = NewAnswer { list: Some(new), ..NewAnswer::of(&given, "anna") };
        store.record_answer(&new, moment).await.unwrap()
    };
    assert_eq!(record(&["Sepsis"], now).await, Recorded::New);
    assert!(matches!(record(&["Sepsis"], later).await, Recorded::Same { .. }));
    assert!(matches!(record(&["Sepsis", "Starr"], later).await, Recorded::Changed { .. }));
    assert_eq!(listed(&store).await, ["1 Sepsis", "2 Starr"]);
    assert_eq!(store.facts().await.unwrap().listed[0].workflow, about.workflow);
}

async fn arrange(store: &Store, person: &str, wanted: Wanted<'_>) -> Arranging {
    store.arrange(&matter("svara"), &person.into(), wanted, person, at("2025-10-02T10:00")).await.unwrap()
}

const fn to(address: &str) -> Other<'_> {
    Other { address, register: true }
}

async fn an_arrangement_holds_until_the_answer(bench: Bench) {
    let store = bench.open().await;
    let anna = known(&store, "anna").await;
    let october = at("2025-10-06T06:00");
    let reminder = message("svara", MessageKind::Reminder, &anna, october);
    let other = message("svara", MessageKind::Reminder, "bo", october);
    let told = message("svara", MessageKind::Escalation, "chef", october);
    let all = [reminder, other, told];
    plan(&store, &all).await;
    let revision = store.facts_revision().await.unwrap();
    let time = |day: i8| Arranged::Time(date(2025, 11, day));
    let done = arrange(&store, &anna, Wanted::Time(date(2025, 11, 1))).await;
    assert_eq!(done, Arranging::Arranged { what: time(1), same: false });
    assert!(store.facts_revision().await.unwrap() > revision);
    for (message, state) in all.iter().zip(["withdrawn", "planned", "planned"]) {
        assert_eq!(state_of(&store, message).await, state, "{}", message.key);
    }
    let revision = store.facts_revision().await.unwrap();
    let again = arrange(&store, &anna, Wanted::Time(date(2025, 11, 1))).await;
    assert_eq!(again, Arranging::Arranged { what: time(1), same: true });
    assert_eq!(store.facts_revision().await.unwrap(), revision);
    arrange(&store, &anna, Wanted::Time(date(2025, 11, 8))).await;
    let facts = store.facts().await.unwrap();
    assert_eq!(facts.arrangements.iter().map(|a| &a.what).collect::<Vec<_>>(), [&time(8)]);

    let given = given(&matter("svara"), &anna, "inga", at("2025-10-03T10:00"));
    store.record_answer(&NewAnswer::of(&given, "anna"), given.at).await.unwrap();
    assert!(store.facts().await.unwrap().arrangements.is_empty());
    assert_eq!(arrange(&store, &anna, Wanted::Time(date(2025, 11, 9))).await, Arranging::Answered);
    let history = store.history(20).await.unwrap();
    assert_eq!(history.iter().filter(|row| row.what == "arrangement").count(), 3);
}

async fn passing_on_and_more_time_take_each_others_place(bench: Bench) {
    let store = bench.open().await;
    let (anna, bo) = (known(&store, "anna").await, known(&store, "bo").await);
    let what = async || {
        let all = store.arranged(&matter("svara"), &anna.as_str().into()).await.unwrap();
        all.iter().map(Arranged::code).collect::<Vec<_>>()
    };
    let help = arrange(&store, &anna, Wanted::HelpFrom(to("bo@example.org"))).await;
    let bo_helps = Arranged::HelpFrom(bo.as_str().into());
    assert_eq!(help, Arranging::Arranged { what: bo_helps, same: false });
    arrange(&store, &anna, Wanted::Time(date(2025, 11, 1))).await;
    let mut both = what().await;
    both.sort_unstable();
    assert_eq!(both, ["help", "time"]);
    arrange(&store, &anna, Wanted::PassedTo(to("bo@example.org"))).await;
    assert_eq!(what().await, ["passed"]);
    arrange(&store, &anna, Wanted::Time(date(2025, 11, 1))).await;
    assert_eq!(what().await, ["time"]);
}

async fn a_question_goes_on_to_somebody_else_and_never_in_a_circle(bench: Bench) {
    let store = bench.open().await;
    let (anna, bo) = (known(&store, "anna").await, known(&store, "bo").await);
    let only_known = Other { address: "ny@example.org", register: false };
    assert_eq!(arrange(&store, &anna, Wanted::PassedTo(only_known)).await, Arranging::Unknown);
    assert_eq!(arrange(&store, &anna, Wanted::PassedTo(to("Anna@Example.org"))).await, Arranging::Own);
    arrange(&store, &anna, Wanted::PassedTo(to("bo@example.org"))).await;
    arrange(&store, &bo, Wanted::PassedTo(to("ny@example.org"))).await;
    let new = store.person_by_address("NY@example.org").await.unwrap().unwrap();
    assert_eq!((new.name.as_str(), new.address.as_str()), ("ny@example.org", "ny@example.org"));
    for back in ["anna@example.org", "bo@example.org"] {
        assert_eq!(
            arrange(&store, new.id.as_str(), Wanted::PassedTo(to(back))).await,
            Arranging::Circle,
            "{back}"
        );
        assert_eq!(
            arrange(&store, new.id.as_str(), Wanted::HelpFrom(to(back))).await,
            Arranging::Circle,
            "{back}"
        );
    }
}

async fn it_is_said_how_far_each_request_has_come(bench: Bench) {
    let store = bench.open().await;
    let mut people = Vec::new();
    for name in ["anna", "bo", "cia", "dag", "eva"] {
        people.push(known(&store, name).await);
    }
    let now = at("2025-10-01T06:00");
    let asks: Vec<Message> =
        people.iter().map(|person| message("svara", MessageKind::Ask, person, now)).collect();
    let later = message("svara", MessageKind::Reminder, "senare", at("2025-12-01T06:00"));
    plan(&store, &asks).await;
    plan(&store, &[later]).await;
    for ask in &asks {
        let person = ask.to.as_ref().unwrap();
        store.queue(&mail(&format!("m-{person}"), &[ask], now), now).await.unwrap();
    }
    hand_in_as(&store, &people[0]).await;
    arrange(&store, &people[1], Wanted::Time(date(2025, 11, 1))).await;
    arrange(&store, &people[2], Wanted::PassedTo(to("anna@example.org"))).await;
    arrange(&store, &people[3], Wanted::HelpFrom(to("anna@example.org"))).await;
    let requests = store.requests(&matter("svara")).await.unwrap();
    let states: Vec<_> = requests.iter().map(|r| (r.person.as_str(), r.state())).collect();
    let expected = [
        RequestState::Answered,
        RequestState::MoreTime,
        RequestState::PassedOn,
        RequestState::Helped,
        RequestState::Asked,
    ];
    let expected: Vec<_> = people.iter().map(String::as_str).zip(expected).collect();
    assert_eq!(states, expected);
    assert_eq!(requests[0].handed.as_ref().unwrap().texts[0].1, "Bra.");
    assert_eq!(requests[0].given.as_ref().unwrap().answer.as_str(), "synpunkter");
    assert_eq!((requests[0].role.as_str(), requests[0].asked), ("rpo-ogon/processtod", now));
    assert_eq!(requests[1].time, Some(date(2025, 11, 1)));
    assert_eq!(requests[2].passed_to.as_ref().unwrap().as_str(), people[0]);
    assert!(store.requests(&matter("annat")).await.unwrap().is_empty());
}

async fn hand_in_as(store: &Store, person: &str) {
    let given = given(&matter("svara"), person, "synpunkter", at("2025-10-02T10:00"));
    let new = NewAnswer { handed: handed(&[("", "Bra.")], None), ..NewAnswer::of(&given, person) };
    store.record_answer(&new, given.at).await.unwrap();
}

fn opened(title: &str, first: Date) -> Opened {
    Opened {
        title: title.to_owned(),
        span: Span::AllDay { first, last: first },
        place: None,
        note: None,
        link: None,
        receivers: vec!["rag-x".into()],
        answers: vec![("ja".into(), "Ja".to_owned())],
        diary: None,
        group: None,
    }
}

async fn open(store: &Store, entry: &str, first: Date, renewed: bool) -> OccasionRef {
    let opened = opened("Nominering", first);
    let (workflow, body, entry) = ("sydostra/fragor".into(), "rpo-ogon".into(), entry.into());
    let new = NewOccasion { workflow: &workflow, body: Some(&body), entry: &entry, opened: &opened, renewed };
    store.open_occasion(&new, "cli", at("2025-10-01T10:00")).await.unwrap()
}

async fn occasions_by_hand_are_numbered_within_their_year(bench: Bench) {
    let store = bench.open().await;
    let mut ids = Vec::new();
    for (entry, first) in [
        ("nominering", date(2025, 3, 1)),
        ("nominering", date(2025, 1, 1)),
        ("uppdrag", date(2025, 3, 1)),
        ("nominering", date(2026, 1, 1)),
    ] {
        ids.push(open(&store, entry, first, false).await.id.to_string());
    }
    assert_eq!(ids, ["nominering.2025.1", "nominering.2025.2", "uppdrag.2025.1", "nominering.2026.1"]);
    let at_ = open(&store, "nominering", date(2025, 5, 1), false).await;
    let facts = store.facts().await.unwrap();
    assert_eq!(facts.opened.get(&at_), Some(&opened("Nominering", date(2025, 5, 1))));

    let now = at("2025-10-02T10:00");
    let change = OpenedChange {
        title: Some("Nominering, ledamot".to_owned()),
        link: Some(Some("https://example.org/n".to_owned())),
        diary: None,
    };
    assert!(store.change_opened(&at_, &change, "cli", now).await.unwrap());
    assert!(!store.change_opened(&at_, &change, "cli", now).await.unwrap());
    let changed = store.facts().await.unwrap().opened.remove(&at_).unwrap();
    assert_eq!(
        (changed.title.as_str(), changed.link.as_deref()),
        ("Nominering, ledamot", Some("https://example.org/n"))
    );
    let nowhere = OccasionRef { workflow: "x".into(), ..at_ };
    assert!(matches!(store.change_opened(&nowhere, &change, "cli", now).await, Err(StoreError::Refused(_))));
}

async fn an_occasion_that_comes_again_shares_its_number_with_none(bench: Bench) {
    let store = bench.open().await;
    let first = open(&store, "dispens", date(2025, 3, 1), true).await;
    assert_eq!(first.id.to_string(), "dispens.2025.1");
    let about = Matter {
        workflow: "sydostra/fragor".into(),
        body: Some("rpo-ogon".into()),
        object: Object::Occasion(OccasionRef {
            id: OccasionId { entry: "dispens".into(), year: 2027, number: Some(4) },
            ..first
        }),
        step: "beslut".into(),
    };
    let mut given = given(&about, "anna", "beviljad", at("2025-10-01T10:00"));
    given.date = Some(date(2028, 1, 31));
    store.record_answer(&NewAnswer::of(&given, "anna"), given.at).await.unwrap();
    assert_eq!(open(&store, "dispens", date(2026, 3, 1), true).await.id.to_string(), "dispens.2026.5");
}

async fn an_absence_is_corrected_and_ends(bench: Bench) {
    let store = bench.open().await;
    let (anna, bo) = (known(&store, "anna").await, known(&store, "bo").await);
    let now = at("2025-06-01T10:00");
    let away = |first: i8, last: i8, deputy: Option<&str>| Absence {
        person: anna.as_str().into(),
        from: date(2025, 7, first),
        until: date(2025, 7, last),
        deputy: deputy.map(Into::into),
    };
    let save = async |absence: Absence| store.save_absence(&absence, "cli", now).await;
    let all = async || store.facts().await.unwrap().people.absences;
    assert!(save(away(1, 5, None)).await.unwrap());
    assert!(!save(away(1, 5, None)).await.unwrap());
    assert!(save(away(20, 31, Some(&bo))).await.unwrap());
    assert_eq!(all().await, [away(1, 5, None), away(20, 31, Some(&bo))]);
    // It overlaps both.
    assert!(save(away(4, 25, None)).await.unwrap());
    assert_eq!(all().await, [away(4, 25, None)]);
    for wrong in [away(9, 8, None), away(1, 5, Some(&anna)), away(1, 5, Some("nobody"))] {
        assert!(matches!(save(wrong.clone()).await, Err(StoreError::Refused(_))), "{wrong:?}");
    }
    let unknown = Absence { person: "nobody".into(), ..away(1, 5, None) };
    assert!(matches!(save(unknown).await, Err(StoreError::Refused(_))));

    save(away(28, 30, None)).await.unwrap();
    assert!(store.end_absence(&anna.as_str().into(), date(2025, 7, 10), "cli", now).await.unwrap());
    assert_eq!(all().await, [away(4, 10, None)]);
    assert!(!store.end_absence(&anna.as_str().into(), date(2025, 7, 10), "cli", now).await.unwrap());
}

async fn a_role_is_left_vacant_from_a_day(bench: Bench) {
    let store = bench.open().await;
    let now = at("2025-01-01T06:00");
    let row = |name: &str, from: Option<Date>, until: Option<Date>, deputy| PersonRow {
        body: "rsl".into(),
        role: "ordforande".into(),
        name: name.to_owned(),
        address: format!("{name}@example.org"),
        from,
        until,
        deputy,
    };
    let rows = [
        row("forr", None, Some(date(2025, 2, 1)), false),
        row("nu", Some(date(2025, 2, 2)), None, false),
        row("samma-dag", Some(date(2025, 5, 1)), None, false),
        row("sedan", Some(date(2025, 9, 1)), None, false),
        row("ersattare", None, None, true),
    ];
    store.save_people(&rows, "test", now).await.unwrap();
    let role = (&"rsl".into(), &"ordforande".into());
    assert_eq!(store.vacate(role, false, date(2025, 5, 1), "cli", now).await.unwrap().len(), 2);
    assert!(store.vacate(role, false, date(2025, 5, 1), "cli", now).await.unwrap().is_empty());
    let people = store.facts().await.unwrap().people;
    let holding =
        |day| people.holding(role.0, role.1, day).iter().map(|p| p.name.as_str()).collect::<Vec<_>>();
    assert_eq!(holding(date(2025, 1, 1)), ["forr"]);
    assert_eq!(holding(date(2025, 4, 30)), ["nu"]);
    assert_eq!(holding(date(2025, 5, 1)), ["ersattare"]);
    assert_eq!(holding(date(2025, 9, 1)), ["sedan"]);
}

async fn link(store: &Store, person: &str, n: u8, expires: Option<Timestamp>, now: Timestamp) {
    let token = NewToken {
        hash: [n; 32],
        person: person.into(),
        purpose: "svar".to_owned(),
        matters: vec![matter("svara")],
        expires,
    };
    store.issue_token(&token, now).await.unwrap();
}

async fn a_link_says_why_it_no_longer_works(bench: Bench) {
    let store = bench.open().await;
    let (now, end) = (at("2025-10-01T06:00"), at("2025-12-01T06:00"));
    link(&store, "anna", 1, Some(end), now).await;
    let state = async |n: u8, moment| store.token_state(&[n; 32], moment).await.unwrap();
    let TokenState::Live(row) = state(1, now).await else { panic!("it works") };
    assert_eq!(row.person.as_str(), "anna");
    assert_eq!(state(1, end).await, TokenState::Expired(row));
    assert_eq!(state(2, now).await, TokenState::Unknown);
    assert_eq!(store.revoke_tokens(&"anna".into(), Some("svar"), "cli", now).await.unwrap(), 1);
    assert_eq!(store.revoke_tokens(&"anna".into(), None, "cli", now).await.unwrap(), 0);
    assert_eq!(state(1, now).await, TokenState::Revoked);
    assert_eq!(state(1, end).await, TokenState::Revoked);
    assert_eq!(store.history(5).await.unwrap()[0].what, "links of anna");
}

async fn the_last_role_takes_the_links_with_it(bench: Bench) {
    let store = bench.open().await;
    let anna = known(&store, "anna").await;
    let start = at("2025-01-01T06:00");
    let chair = PersonRow {
        body: "rsl".into(),
        role: "ordforande".into(),
        name: "anna".to_owned(),
        address: "anna@example.org".to_owned(),
        from: None,
        until: None,
        deputy: false,
    };
    store.save_people(&[chair], "test", start).await.unwrap();
    link(&store, &anna, 1, None, at("2025-03-01T06:00")).await;
    link(&store, "without-a-role", 9, None, start).await;
    let works = async |n: u8, moment: &str| {
        let state = store.token_state(&[n; 32], at(moment)).await.unwrap();
        assert!(matches!(state, TokenState::Live(_) | TokenState::Revoked), "{state:?}");
        matches!(state, TokenState::Live(_))
    };
    let end = async |body: &str, role: &str, day| {
        let (body, role) = (body.into(), role.into());
        store.end_holder(&body, &role, &anna.as_str().into(), day, "cli", start).await.unwrap();
    };
    end("rpo-ogon", "ledamot", date(2025, 3, 31)).await;
    assert!(works(1, "2025-05-01T06:00").await, "she is chair still");
    end("rsl", "ordforande", date(2025, 4, 30)).await;
    assert!(works(1, "2025-04-30T06:00").await);
    assert!(!works(1, "2025-05-01T06:00").await);
    // Asked afterwards, on purpose.
    link(&store, &anna, 2, None, at("2025-05-02T06:00")).await;
    assert!(works(2, "2025-05-03T06:00").await);
    assert!(works(9, "2025-05-03T06:00").await, "who is asked without a role has none to lose");
    // Elected again.
    known(&store, "anna").await;
    assert!(works(1, "2025-05-03T06:00").await);
}

async fn what_cannot_be_is_refused_by_the_database(bench: Bench) {
    let store = bench.open().await;
    let (anna, bo) = (known(&store, "anna").await, known(&store, "bo").await);
    hand_in(&store, handed(&[], Some(b"PK")), "synpunkter", "2025-10-01T10:00").await;
    arrange(&store, &bo, Wanted::PassedTo(to("anna@example.org"))).await;
    arrange(&store, &anna, Wanted::Time(date(2025, 11, 1))).await;
    list(&store, &lines(&["Sepsis"])).await;
    let away = Absence {
        person: anna.as_str().into(),
        from: date(2025, 7, 1),
        until: date(2025, 7, 2),
        deputy: Some(bo.as_str().into()),
    };
    store.save_absence(&away, "cli", at("2025-06-01T10:00")).await.unwrap();
    for cannot_be in [
        "UPDATE file SET kind = 'exe'",
        "UPDATE file SET size = 0",
        "UPDATE file SET name = ''",
        "UPDATE file SET hash = bytes",
        "DELETE FROM file",
        "UPDATE handed_in SET file = 99",
        "UPDATE arrangement SET kind = 'lost'",
        "UPDATE arrangement SET kind = 'time'",
        "UPDATE arrangement SET day = NULL",
        "UPDATE arrangement SET other = person",
        "UPDATE arrangement SET other = 'nobody' WHERE kind = 'passed'",
        "UPDATE listed SET number = 0",
        "INSERT INTO listed SELECT * FROM listed",
        "UPDATE absence SET last_day = '2025-06-30'",
        "UPDATE absence SET deputy = person",
        "UPDATE absence SET deputy = 'nobody'",
        "UPDATE absence SET person = 'nobody'",
        "UPDATE answer SET marks = NULL",
    ] {
        assert!(bench.tamper(cannot_be).await.is_err(), "{cannot_be}");
    }
}

async fn answers_at_the_same_time_leave_one(bench: Bench) {
    let (one, other) = (bench.open().await, bench.open_another().await);
    let now = at("2025-10-01T10:00");
    let answer = |store: Store, text: &'static str| {
        tokio::spawn(async move {
            let given = given(&matter("svara"), "anna", "synpunkter", now);
            let new = NewAnswer {
                handed: handed(&[("", text)], Some(text.as_bytes())),
                ..NewAnswer::of(&given, "anna")
            };
            store.record_answer(&new, now).await.unwrap()
        })
    };
    let (first, second) = (answer(one.clone(), "ett"), answer(other.clone(), "två"));
    let done = [first.await.unwrap(), second.await.unwrap()];
    assert_eq!(done.iter().filter(|done| **done == Recorded::New).count(), 1, "{done:?}");
    assert_eq!(done.iter().filter(|done| matches!(done, Recorded::Changed { .. })).count(), 1, "{done:?}");
    let kept = one.handed_in(&matter("svara"), &"anna".into()).await.unwrap().unwrap();
    let file = one.file(kept.file.unwrap().id).await.unwrap().unwrap();
    assert_eq!(file.bytes, kept.texts[0].1.as_bytes(), "text and file are of one answer");
    assert_eq!(bench.tamper("DELETE FROM handed_in").await.unwrap(), 1);
    assert_eq!(bench.tamper("DELETE FROM file").await.unwrap(), 1, "no file is left behind");
}

async fn what_is_told_at_the_same_time_is_told_once_each(bench: Bench) {
    let stores = [bench.open().await, bench.open_another().await];
    let (anna, bo) = (known(&stores[0], "anna").await, known(&stores[0], "bo").await);
    let pass = |store: &Store, from: &str, address: &'static str| {
        let (store, from) = (store.clone(), from.to_owned());
        tokio::spawn(async move { arrange(&store, &from, Wanted::PassedTo(to(address))).await })
    };
    // Two pass it on to each other.
    let tasks = [pass(&stores[0], &anna, "bo@example.org"), pass(&stores[1], &bo, "anna@example.org")];
    let mut circles = 0;
    for task in tasks {
        circles += usize::from(task.await.unwrap() == Arranging::Circle);
    }
    assert_eq!(circles, 1);
    // Two pass it on to somebody new.
    let tasks = [pass(&stores[0], &anna, "ny@example.org"), pass(&stores[1], &bo, "NY@example.org")];
    for task in tasks {
        assert!(matches!(task.await.unwrap(), Arranging::Arranged { .. }));
    }
    assert_eq!(stores[0].facts().await.unwrap().people.persons.len(), 3);
    // Two enter an occasion.
    let tasks = [0, 1].map(|n: usize| {
        let store = stores[n].clone();
        tokio::spawn(async move { open(&store, "nominering", date(2025, 3, 1), false).await.id.number })
    });
    let mut numbers = Vec::new();
    for task in tasks {
        numbers.push(task.await.unwrap());
    }
    numbers.sort_unstable();
    assert_eq!(numbers, [Some(1), Some(2)]);
}
