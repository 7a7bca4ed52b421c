//! From files, facts and requests to what a draft says.

use arshjul::app::compiling::{CompileError, Named, Round, find};
use arshjul::calendar::QuietPeriods;
use arshjul::documents::Compilation;
use arshjul::grammar::SourceFile;
use arshjul::ids::{BodyId, OccasionId, OccasionRef};
use arshjul::people::Person;
use arshjul::plan::model::{Facts, Given, Listed, Object};
use arshjul::rules::Rules;
use arshjul::store::{FileKind, FileRow, HandedIn, Request};
use jiff::Timestamp;
use jiff::civil::date;

const ORGANISATION: &str = r#"
title = "Sydöstra"

[[kind]]
id = "rpo"
title = "RPO"
roles = ["ledamot", "processtöd"]

[[kind]]
id = "rag"
title = "RAG"
roles = ["ordförande"]

[[kind]]
id = "region"
title = "Region"
roles = ["funktionsbrevlåda"]

[[body]]
id = "rpo-md"
name = "RPO Medicinsk diagnostik"
kind = "rpo"

[[body]]
id = "rkl"
name = "Region Kalmar län"
kind = "region"

[[body]]
id = "ro"
name = "Region Östergötland"
kind = "region"

[[body]]
id = "rag-lokal"
name = "RAG Lokal"
kind = "rag"
parents = ["rpo-md", "rkl"]

[[body]]
id = "rag-gemensam"
name = "RAG Gemensam"
kind = "rag"
parents = ["rpo-md", "rkl", "ro"]
"#;

const WORKFLOW: &str = r#"
title = "Remisser"
for = "rpo"

[[period]]
id = "sommar"
title = "Sommarrundan"
opens = { every = "04-15", on-holiday = "next-workday" }
closes = { every = "06-14", on-holiday = "previous-workday" }

[[step]]
id = "fordela"
ask = "Hur svarar ni?"
to = "processtöd"
when = "opens"
due = "5 workdays after opens"
answered-by = "anyone"
answers = { samordnas = "Samordnat", inte = { label = "Inte, med skäl", takes = "text" } }

[[step]]
id = "inhamta"
per = "listed"
ask = "Lämna synpunkter"
to = ["ledamot", "rag/ordförande"]
when = "opens"
due = "15 workdays before closes"
marks = { oense = "Betydande meningsskiljaktighet" }
sections = ["Allmänt", "Ekonomi"]

[step.answers]
synpunkter = { label = "Lämna synpunkter", takes = ["text", "file"] }
inga = "Inga synpunkter"
mer-tid = { label = "Behöver mer tid", does = "more-time" }

[[step]]
id = "fraga"
ask = "Vad gäller i er grupp?"
to = "rag/ordförande"
when = "opens"
due = "closes"
answered-by = "body"
answers = { ja = "Ja", nej = "Nej" }

[[step]]
id = "skicka"
per = "listed"
ask = "Skicka in svaret"
to = "processtöd"
when = "7 workdays before closes"
due = "2 workdays before closes"
answered-by = "anyone"
answers = { inskickat = "Inskickat", nej = "Skickas inte" }
alarm = [{ when = "closes", to = "processtöd" }]
"#;

fn rules() -> Rules {
    let file = |path: &str, text: &str| SourceFile { path: path.to_owned(), text: text.to_owned() };
    let files = [file("z/organisation.toml", ORGANISATION), file("z/remisser.toml", WORKFLOW)];
    Rules::load(&files, QuietPeriods::default()).unwrap_or_else(|faults| panic!("{faults}"))
}

fn body() -> BodyId {
    "rpo-md".into()
}

fn named<'a>(occasion: &'a OccasionId, body: &'a BodyId, step: Option<&'a str>) -> Named<'a> {
    Named { workflow: "z/remisser", occasion, body: Some(body), step }
}

fn sommar() -> OccasionId {
    "sommar.2025".parse().unwrap()
}

fn at() -> OccasionRef {
    OccasionRef { workflow: "z/remisser".into(), body: Some(body()), id: sommar() }
}

fn listed(number: u16, title: &str) -> Listed {
    Listed {
        workflow: "z/remisser".into(),
        body: Some(body()),
        of: at(),
        number,
        title: title.to_owned(),
        link: Some("https://example.org/r".to_owned()),
        diary: Some("D 1".to_owned()),
        withdrawn: false,
    }
}

fn moment(text: &str) -> Timestamp {
    text.parse().unwrap()
}

fn request(person: &str, role: &str) -> Request {
    Request {
        person: person.into(),
        role: role.to_owned(),
        asked: moment("2025-04-15T06:00:00Z"),
        due: Some(date(2025, 5, 21)),
        common: Some(date(2025, 5, 21)),
        given: None,
        handed: None,
        time: None,
        passed_to: None,
        help_from: None,
    }
}

fn answered(round: &Round<'_>, request: Request, answer: &str) -> Request {
    let given = Given {
        matter: round.matter(None),
        person: request.person.clone(),
        answer: answer.into(),
        at: moment("2025-05-02T10:00:00Z"),
        date: None,
        marks: Vec::new(),
    };
    Request { given: Some(given), ..request }
}

/// Everybody by role, with what they answered.
fn told(of: &Compilation) -> Vec<(String, Option<String>)> {
    let mut told: Vec<(String, Option<String>)> = of
        .respondents
        .iter()
        .map(|r| (format!("{}, {}", r.body, r.role), r.answer.as_ref().map(|a| a.label.clone())))
        .collect();
    told.sort();
    told
}

fn compiled(round: &Round<'_>, facts: &Facts, requests: &[Request]) -> Compilation {
    round.compilation(&rules(), facts, None, requests, false, moment("2025-06-01T10:00:00Z"))
}

#[test]
fn what_came_in_is_told_with_its_labels_and_without_names() {
    let (rules, mut facts, occasion, body) = (rules(), Facts::default(), sommar(), body());
    let anna =
        Person { id: "anna".into(), name: "Anna Exempel".to_owned(), address: "a@example.org".to_owned() };
    facts.people.persons.insert("anna".into(), anna);
    let round = find(&rules, &facts, named(&occasion, &body, None)).unwrap();
    let mut lokal = answered(&round, request("anna", "rag-lokal/ordforande"), "synpunkter");
    lokal.given.as_mut().unwrap().marks = vec!["oense".into()];
    lokal.handed = Some(HandedIn {
        texts: vec![("Allmänt".to_owned(), "Nej.".to_owned())],
        link: None,
        file: Some(FileRow {
            id: 1,
            person: "anna".into(),
            name: "svar.docx".to_owned(),
            kind: FileKind::Docx,
            hash: [0; 32],
            size: 9,
            at: moment("2025-05-02T10:00:00Z"),
        }),
        at: moment("2025-05-02T10:00:00Z"),
    });
    let gemensam = answered(&round, request("bo", "rag-gemensam/ordforande"), "inga");
    let late = Request {
        time: Some(date(2025, 5, 30)),
        asked: moment("2025-05-22T06:00:00Z"),
        due: Some(date(2025, 5, 30)),
        ..request("cia", "rpo-md/ledamot")
    };
    let requests = [lokal, gemensam, late];
    let made =
        |names| round.compilation(&rules, &facts, None, &requests, names, moment("2025-06-01T10:00:00Z"));
    let of = made(false);
    assert_eq!((of.title.as_str(), of.body.as_str()), ("Sommarrundan", "RPO Medicinsk diagnostik"));
    assert_eq!((of.opened, of.closes), (date(2025, 4, 15), date(2025, 6, 13)));
    assert_eq!(of.due, Some(date(2025, 5, 21)), "one's own later day is not everybody's");
    assert_eq!(of.sections, ["Allmänt", "Ekonomi"]);
    let choices: Vec<(&str, bool)> = of.choices.iter().map(|c| (c.label.as_str(), c.with_content)).collect();
    assert_eq!(choices, [("Lämna synpunkter", true), ("Inga synpunkter", false)], "more time is no answer");
    let anna = &of.respondents[0];
    assert_eq!((anna.region.as_deref(), anna.name.as_deref()), (Some("Region Kalmar län"), None));
    let answer = anna.answer.as_ref().unwrap();
    assert_eq!(answer.marks, ["Betydande meningsskiljaktighet"]);
    assert_eq!((answer.file.as_deref(), answer.texts.len()), (Some("svar.docx"), 1));
    assert_eq!(of.respondents[1].region, None, "what belongs to two regions is no region's");
    assert_eq!(of.respondents[2].more_time, Some(date(2025, 5, 30)));
    assert_eq!(of.answered(), 2);
    assert_eq!(made(true).respondents[0].name.as_deref(), Some("Anna Exempel"));
}

#[test]
fn who_passed_it_on_is_not_asked_and_a_body_answers_once() {
    let (rules, facts, occasion, body) = (rules(), Facts::default(), sommar(), body());
    let round = find(&rules, &facts, named(&occasion, &body, None)).unwrap();
    let passed = |to: &str| Request { passed_to: Some(to.into()), ..request("anna", "rag-lokal/ordforande") };
    let bo = answered(&round, request("bo", "rpo-md/ledamot"), "inga");
    assert_eq!(told(&compiled(&round, &facts, &[passed("bo"), bo.clone()])).len(), 1);
    let lost = told(&compiled(&round, &facts, &[passed("cia"), bo]));
    assert_eq!(lost.len(), 2, "until the other has been asked, somebody must be reckoned with: {lost:?}");

    let round = find(&rules, &facts, named(&occasion, &body, Some("fraga"))).unwrap();
    let first = answered(&round, request("anna", "rag-lokal/ordforande"), "ja");
    let rest = [request("bo", "rag-lokal/ordforande"), request("cia", "rag-gemensam/ordforande")];
    let requests: Vec<Request> = std::iter::once(first).chain(rest).collect();
    assert_eq!(
        told(&compiled(&round, &facts, &requests)),
        [
            ("RAG Gemensam, ordförande".to_owned(), None),
            ("RAG Lokal, ordförande".to_owned(), Some("Ja".to_owned()))
        ]
    );
}

#[test]
fn a_listed_matter_has_its_own_title_and_day_of_sending() {
    let (rules, occasion, body) = (rules(), sommar(), body());
    let withdrawn = Listed { withdrawn: true, ..listed(3, "Borta") };
    let mut facts =
        Facts { listed: vec![listed(2, "Andra"), listed(1, "Första"), withdrawn], ..Facts::default() };
    let sent = |number, answer: &str, at: &str| Given {
        matter: arshjul::plan::model::Matter {
            workflow: "z/remisser".into(),
            body: Some(body.clone()),
            object: Object::listed(&self::at(), number),
            step: "skicka".into(),
        },
        person: "bo".into(),
        answer: answer.into(),
        at: moment(at),
        date: None,
        marks: Vec::new(),
    };
    facts.answers =
        vec![sent(1, "nej", "2025-06-10T10:00:00Z"), sent(2, "inskickat", "2025-06-11T10:00:00Z")];
    let round = find(&rules, &facts, named(&occasion, &body, None)).unwrap();
    let numbers: Vec<u16> = round.listed(&facts).iter().map(|l| l.number).collect();
    assert_eq!(numbers, [1, 2]);
    let of = |number| {
        let listed = round.one(&facts, Some(number)).unwrap();
        assert_eq!(round.matter(listed).object, Object::listed(&self::at(), number));
        round.compilation(&rules, &facts, listed, &[], false, moment("2025-06-12T10:00:00Z"))
    };
    assert_eq!((of(1).title.as_str(), of(1).sent), ("Första", None), "`Skickas inte` is not sent");
    assert_eq!(of(2).sent, Some(moment("2025-06-11T10:00:00Z")));
    assert_eq!(of(2).diary.as_deref(), Some("D 1"));
    let several = round.one(&facts, None).unwrap_err().to_string();
    assert!(several.contains("1 Första; 2 Andra"), "{several}");
    assert!(round.one(&facts, Some(3)).is_err(), "it was withdrawn");
    facts.listed.clear();
    assert_eq!(round.one(&facts, None).unwrap(), None);
}

#[test]
fn what_is_not_there_is_answered_with_what_is() {
    let (rules, facts, occasion, own) = (rules(), Facts::default(), sommar(), body());
    let lost: OccasionId = "somar.2025".parse().unwrap();
    let rag: BodyId = "rag-lokal".into();
    let wrong = [
        (Named { workflow: "z/remiser", ..named(&occasion, &own, None) }, "did you mean `z/remisser`"),
        (named(&lost, &own, None), "`sommar`"),
        (named(&occasion, &rag, None), "does not run for `rag-lokal`"),
        (Named { body: None, ..named(&occasion, &own, None) }, "--body"),
        (named(&occasion, &own, Some("inhmta")), "`inhamta`"),
    ];
    for (named, expected) in wrong {
        let error = find(&rules, &facts, named).unwrap_err();
        assert!(matches!(error, CompileError::Unknown(_)) && error.to_string().contains(expected), "{error}");
    }
}
