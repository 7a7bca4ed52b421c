//! The compiled draft and the list for the diary, as others read them.

#![cfg(test)]

mod gathering;
mod story;
mod xml;

use std::fs;
use std::io::{Cursor, Read};
use std::path::{Path, PathBuf};
use std::process::Command;

use arshjul::documents::{Answered, Choice, Compilation, Respondent, diary, docx};
use jiff::civil::date;
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};
use serde_json::{Value, json};
use zip::ZipArchive;

const OENSE: &str = "Betydande meningsskiljaktighet";

fn compilation() -> Compilation {
    let choice = |label: &str, with_content| Choice { label: label.to_owned(), with_content };
    Compilation {
        title: "Vårdprogram för \"lungcancer\" & <mesoteliom>".to_owned(),
        link: Some("https://example.org/remiss?a=1&b=2".to_owned()),
        diary: Some("RST 2025-117".to_owned()),
        body: "RPO Medicinsk diagnostik".to_owned(),
        opened: date(2025, 9, 15),
        closes: date(2025, 11, 14),
        due: Some(date(2025, 10, 24)),
        at: "2025-10-31T09:00:00Z".parse().unwrap(),
        sections: vec!["Allmänt".to_owned(), "Ekonomi".to_owned(), "Jämlik vård".to_owned()],
        choices: vec![
            choice("Lämnar synpunkter", true),
            choice("Inga synpunkter", false),
            choice("Avstår", false),
            choice("Skickas separat", false),
        ],
        marks: vec![OENSE.to_owned()],
        respondents: respondents(),
        sent: None,
    }
}

fn answered(label: &str, day: &str) -> Answered {
    Answered {
        label: label.to_owned(),
        at: format!("{day}T10:00:00Z").parse().unwrap(),
        marks: Vec::new(),
        texts: Vec::new(),
        link: None,
        file: None,
    }
}

fn respondents() -> Vec<Respondent> {
    let who = |body: &str, role: &str, region: Option<&str>, answer| Respondent {
        body: body.to_owned(),
        role: role.to_owned(),
        region: region.map(str::to_owned),
        answer,
        ..Respondent::default()
    };
    let texts = |texts: &[(&str, &str)]| texts.iter().map(|(h, t)| ((*h).into(), (*t).into())).collect();
    let patologi = Answered {
        marks: vec![OENSE.to_owned()],
        texts: texts(&[
            ("Allmänt", "Vi är oense.\nOm mycket.\n\nNytt stycke."),
            ("Ekonomi", "=2+2 <dyrt> & sent"),
        ]),
        file: Some("yttrande.docx".to_owned()),
        ..answered("Lämnar synpunkter", "2025-10-20")
    };
    let kemi = Answered {
        texts: texts(&[("Allmänt", "Bra."), ("Rubrik som inte längre finns", "Detta får inte gå förlorat.")]),
        link: Some("inte en adress".to_owned()),
        ..answered("Lämnar synpunkter", "2025-10-21")
    };
    let later = Respondent {
        more_time: Some(date(2025, 11, 3)),
        ..who("RAG Nuklearmedicin", "ordförande", None, None)
    };
    let linked = Answered {
        link: Some("https://example.org/svar".to_owned()),
        ..answered("Skickas separat", "2025-10-22")
    };
    vec![
        later,
        who("RAG Patologi", "ordförande", Some("Region Östergötland"), Some(patologi)),
        who("RAG Klinisk kemi", "ordförande", Some("Region Kalmar län"), Some(kemi)),
        who("RAG IT", "ordförande", None, Some(answered("Inga synpunkter", "2025-10-01"))),
        who("RPO MD", "ledamot", None, Some(answered("Avstår", "2025-10-02"))),
        who("RPO MD", "ledamot", None, Some(answered("Lämnar synpunkter", "2025-10-03"))),
        who("RPO Cancer", "processtöd", None, Some(linked)),
        who("RPO MD", "ledamot", None, None),
    ]
}

/// Every part, by name.
fn parts(bytes: &[u8]) -> Vec<(String, String)> {
    let mut archive = ZipArchive::new(Cursor::new(bytes)).unwrap();
    let read = (0..archive.len()).map(|number| {
        let mut file = archive.by_index(number).unwrap();
        let mut text = String::new();
        file.read_to_string(&mut text).unwrap();
        (file.name().unwrap().into_owned(), text)
    });
    read.collect()
}

/// What the readers that others wrote make of documents; none where there is no Python with them.
fn judged(documents: &[Vec<u8>]) -> Option<Vec<Value>> {
    #[expect(clippy::disallowed_methods, reason = "tests have no configuration but this variable")]
    let Some(python) = std::env::var_os("ARSHJUL_TEST_PYTHON") else {
        eprintln!("skipped: ARSHJUL_TEST_PYTHON does not name a Python with python-docx");
        return None;
    };
    let folder = tempfile::tempdir().unwrap();
    let write = |(number, bytes): (usize, &Vec<u8>)| -> PathBuf {
        let path = folder.path().join(format!("{number}.docx"));
        fs::write(&path, bytes).unwrap();
        path
    };
    let files: Vec<PathBuf> = documents.iter().enumerate().map(write).collect();
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/tools/docx_judge.py");
    let said = Command::new(python).arg(script).args(files).output().unwrap();
    assert!(said.status.success(), "{}", String::from_utf8_lossy(&said.stderr));
    let lines = String::from_utf8(said.stdout).unwrap();
    Some(lines.lines().map(|line| serde_json::from_str(line).unwrap()).collect())
}

#[test]
fn another_reader_finds_headings_tables_and_language() {
    let bytes = docx(&compilation()).unwrap();
    let Some(read) = judged(&[bytes]) else { return };
    let read = &read[0];
    let of_style = |wanted: &[&str]| -> Vec<String> {
        let all = read["paragraphs"].as_array().unwrap().iter();
        let found = all.filter(|p| wanted.contains(&p[0].as_str().unwrap()));
        found.map(|p| p[1].as_str().unwrap().to_owned()).collect()
    };
    assert_eq!(of_style(&["Title"]), ["Vårdprogram för \"lungcancer\" & <mesoteliom>"]);
    assert_eq!(
        of_style(&["Heading 1", "Heading 2"]),
        [
            "Markerat: Betydande meningsskiljaktighet",
            "Synpunkter",
            "Allmänt",
            "Ekonomi",
            "Jämlik vård",
            "Rubrik som inte längre finns",
            "Så har de tillfrågade svarat",
            "Lämnar synpunkter",
            "Inga synpunkter",
            "Avstår",
            "Skickas separat",
            "Har inte svarat",
            "Bilagor och länkar",
        ]
    );
    assert_eq!(
        of_style(&["List Bullet"]),
        [
            "RAG Patologi, ordförande (Region Östergötland, måndag 20 oktober 2025)",
            "RAG Klinisk kemi, ordförande (Region Kalmar län, tisdag 21 oktober 2025)",
            "RAG Patologi, ordförande (Region Östergötland, måndag 20 oktober 2025)",
            "RPO MD, ledamot (fredag 3 oktober 2025, utan text, länk och bilaga)",
            "RAG IT, ordförande (onsdag 1 oktober 2025)",
            "RPO MD, ledamot (torsdag 2 oktober 2025)",
            "RPO Cancer, processtöd (onsdag 22 oktober 2025)",
            "RAG Nuklearmedicin, ordförande (har fått tid till måndag 3 november 2025)",
            "RPO MD, ledamot",
            "RAG Klinisk kemi, ordförande: inte en adress",
            "RAG Patologi, ordförande: bilaga yttrande.docx",
            "RPO Cancer, processtöd: https://example.org/svar",
        ]
    );
    let patologi = "Betydande meningsskiljaktighet\nRAG Patologi, ordförande\nLämnar synpunkter";
    let kemi = "RAG Klinisk kemi, ordförande\nLämnar synpunkter";
    let heads = ["Region", "Lämnat av", "Synpunkter"];
    assert_eq!(
        read["tables"],
        json!([
            [
                heads,
                ["Region Kalmar län", kemi, "Bra."],
                ["Region Östergötland", patologi, "Vi är oense.\nOm mycket.\nNytt stycke."],
            ],
            [heads, ["Region Östergötland", patologi, "=2+2 <dyrt> & sent"]],
            [heads, ["Region Kalmar län", kemi, "Detta får inte gå förlorat."]],
        ])
    );
    let link = |link| json!([link, link]);
    assert_eq!(
        read["links"],
        json!([link("https://example.org/remiss?a=1&b=2"), link("https://example.org/svar")])
    );
    assert_eq!(read["language"], json!(["sv-SE", "sv-SE"]));
    assert_eq!(read["author"], "RPO Medicinsk diagnostik", "a body, no person");
    assert_eq!(read["title"], "Vårdprogram för \"lungcancer\" & <mesoteliom>");
    assert_eq!(read["page"], json!([210, 297]));
    assert_eq!(read["header"], json!(["Diarienummer RST 2025-117 · RPO Medicinsk diagnostik"]));
    assert_eq!(read["footer"], json!(["Sida 1 av 1"]));
    assert!(of_style(&["Uppgift"]).contains(&"Svar: 6 av 8 tillfrågade har svarat".to_owned()));
}

#[test]
fn the_same_answers_give_the_same_bytes_in_whatever_order_they_come() {
    let mut turned = compilation();
    turned.respondents.reverse();
    assert_eq!(docx(&compilation()).unwrap(), docx(&turned).unwrap());
}

#[test]
fn nobody_asked_and_nothing_written_is_a_document_too() {
    let empty = Compilation {
        sections: Vec::new(),
        marks: Vec::new(),
        choices: Vec::new(),
        respondents: Vec::new(),
        link: None,
        diary: None,
        due: None,
        ..compilation()
    };
    let bytes = docx(&empty).unwrap();
    for (name, part) in parts(&bytes) {
        xml::check(&part).unwrap_or_else(|why| panic!("{name}: {why}"));
    }
    let Some(read) = judged(&[bytes]) else { return };
    assert_eq!(read[0]["tables"], json!([]));
}

#[test]
fn a_section_that_is_asked_for_once_has_no_heading() {
    let mut plain = compilation();
    plain.sections.clear();
    plain.respondents.truncate(2);
    plain.respondents[1].answer.as_mut().unwrap().texts = vec![(String::new(), "Ett svar.".to_owned())];
    let Some(read) = judged(&[docx(&plain).unwrap()]) else { return };
    let headings = read[0]["paragraphs"].as_array().unwrap().iter().filter(|p| p[0] == "Heading 2");
    let headings: Vec<&str> = headings.map(|p| p[1].as_str().unwrap()).collect();
    assert!(!headings.contains(&"Utan rubrik"), "{headings:?}");
    assert_eq!(read[0]["tables"][0][1][2], "Ett svar.");
}

/// Texts as people, other programs and attackers leave them.
fn anything() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        4 => any::<String>(),
        4 => ".{0,40}",
        2 => Just("]]>".to_owned()),
        2 => Just("</w:t></w:r></w:p></w:tc>&#0;&lt;<!--".to_owned()),
        2 => Just("\u{0}\u{1}\u{b}\u{1b}\u{fffe}\u{ffff}\u{85}\u{2028}\r\n\r\t".to_owned()),
        2 => Just("👩🏽‍⚕️ é e\u{301} \u{202e}".to_owned()),
        2 => Just("https://example.org/?a=b&c=\"d\"".to_owned()),
        1 => Just("ord ".repeat(5_000)),
    ];
    vec(piece, 0..4).prop_map(|pieces| pieces.concat())
}

fn any_answer() -> impl Strategy<Value = Option<Answered>> {
    let parts = (
        anything(),
        vec(anything(), 0..3),
        vec((anything(), anything()), 0..3),
        proptest::option::of(anything()),
        proptest::option::of(anything()),
    );
    proptest::option::of(parts.prop_map(|(label, marks, texts, link, file)| Answered {
        label,
        at: "2025-10-01T10:00:00Z".parse().unwrap(),
        marks,
        texts,
        link,
        file,
    }))
}

fn any_compilation() -> impl Strategy<Value = Compilation> {
    let respondent = (anything(), anything(), proptest::option::of(anything()), any_answer()).prop_map(
        |(body, role, region, answer)| Respondent { body, role, region, answer, ..Respondent::default() },
    );
    let own = (anything(), proptest::option::of(anything()), proptest::option::of(anything()), anything());
    (own, vec(anything(), 0..3), vec(anything(), 0..3), vec(respondent, 0..4)).prop_map(
        |((title, link, diary, body), sections, marks, respondents)| Compilation {
            title,
            link,
            diary,
            body,
            sections,
            marks,
            respondents,
            ..compilation()
        },
    )
}

#[test]
fn any_text_gives_a_well_formed_document() {
    let kept = std::cell::RefCell::new(Vec::new());
    let config = Config { cases: 64, failure_persistence: None, ..Config::default() };
    let result = TestRunner::new(config).run(&any_compilation(), |of| {
        let bytes = docx(&of).unwrap();
        for (name, part) in parts(&bytes) {
            let checked = xml::check(&part);
            prop_assert!(checked.is_ok(), "{name}: {checked:?}");
        }
        kept.borrow_mut().push(bytes);
        Ok(())
    });
    result.unwrap();
    if let Some(read) = judged(&kept.borrow()) {
        assert_eq!(read.len(), 64);
    }
}

#[test]
fn no_answer_that_came_in_is_missing() {
    let runner = Config { cases: 64, failure_persistence: None, ..Config::default() };
    let one = vec(("[a-zåäö]{0,8}", "[a-zåäö]{12,30}"), 0..4);
    let result = TestRunner::new(runner).run(&vec(one, 1..5), |texts| {
        let mut of = compilation();
        of.respondents = vec![respondents().swap_remove(1); texts.len()];
        for (respondent, texts) in of.respondents.iter_mut().zip(&texts) {
            respondent.answer.as_mut().unwrap().texts = texts.clone();
        }
        let all = parts(&docx(&of).unwrap());
        let (_, document) = all.into_iter().find(|(name, _)| name == "word/document.xml").unwrap();
        for (_, text) in texts.iter().flatten() {
            prop_assert!(document.contains(text.as_str()), "{text}");
        }
        Ok(())
    });
    result.unwrap();
}

#[test]
fn the_list_for_the_diary_opens_in_excel() {
    let mut of = compilation();
    of.sent = Some("2025-11-12T08:00:00Z".parse().unwrap());
    let unasked = Compilation { respondents: Vec::new(), diary: None, ..compilation() };
    let list = diary(&[of, unasked]);
    let table = list.strip_prefix('\u{feff}').expect("a byte order mark: without it Excel reads Latin-1");
    assert!(table.ends_with("\r\n") && table.matches('\n').count() == table.matches("\r\n").count());
    let mut reader =
        csv::ReaderBuilder::new().delimiter(b';').has_headers(false).from_reader(table.as_bytes());
    let rows: Vec<Vec<String>> =
        reader.records().map(|row| row.unwrap().iter().map(str::to_owned).collect()).collect();
    assert_eq!(
        rows[0],
        ["Diarienummer", "Ärende", "Öppnat", "Sista svarsdag", "Tillfrågad", "Svarade", "Svar", "Inskickat"]
    );
    assert_eq!(rows.len(), 1 + 8 + 1);
    let title = "Vårdprogram för \"lungcancer\" & <mesoteliom>";
    let matter = ["RST 2025-117", title, "2025-09-15", "2025-11-14"];
    let row = |rest: [&str; 4]| matter.into_iter().chain(rest).map(str::to_owned).collect::<Vec<_>>();
    let patologi = "Lämnar synpunkter, Betydande meningsskiljaktighet, bilaga yttrande.docx";
    assert_eq!(rows[2], row(["RAG Patologi, ordförande", "2025-10-20", patologi, "2025-11-12"]));
    assert!(rows.contains(&row(["RAG Nuklearmedicin, ordförande", "", "", "2025-11-12"])));
    assert_eq!(rows[9], ["", title, "2025-09-15", "2025-11-14", "", "", "", ""]);
}

#[test]
fn no_cell_of_the_list_is_a_formula() {
    let config = Config { cases: 256, failure_persistence: None, ..Config::default() };
    let text = prop_oneof!["[ \t\r\n]*[=+@-].*", "[\u{0}-\u{1f}]*[=+@-].*", any::<String>()];
    let result = TestRunner::new(config).run(&text, |text| {
        let of =
            Compilation { title: text.clone(), diary: Some(text), respondents: Vec::new(), ..compilation() };
        let list = diary(&[of]);
        let mut reader =
            csv::ReaderBuilder::new().delimiter(b';').has_headers(false).from_reader(list.as_bytes());
        let rows: Vec<csv::StringRecord> = reader.records().map(Result::unwrap).collect();
        prop_assert_eq!(rows.len(), 2);
        for cell in rows.iter().flatten() {
            prop_assert!(!cell.starts_with(['=', '+', '-', '@', '\t', '\r', '\n']), "{cell:?}");
        }
        Ok(())
    });
    result.unwrap();
}
