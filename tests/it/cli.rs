//! The program itself, run as a person or a script runs it: what it says, and its exit code.

#![cfg(test)]

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io::{BufRead, BufReader, Read};
use std::path::Path;
use std::process::{Command, Output, Stdio};

use arshjul::calendar::{QuietPeriods, civil};
use arshjul::mail::transport::{Delivered, Envelope};
use arshjul::plan::model::MessageKind;
use arshjul::store::{Access, Location, MessageState, Store};
use arshjul::workflow::model::{Answer, Does, Mark, Takes};
use jiff::civil::time;
use jiff::fmt::rfc2822;
use serde_json::Value;
use tempfile::TempDir;

use crate::broken::{broken, folder as broken_folder};
use crate::world::{Letter, PEOPLE};

/// An empty folder to work in, with nothing set in the environment.
pub struct Shell(TempDir);

/// What a command said, and how it ended.
pub struct Said {
    pub code: i32,
    pub out: String,
    pub err: String,
}

impl Shell {
    pub fn new() -> Self {
        Self(tempfile::tempdir().unwrap())
    }

    fn folder(&self) -> &Path {
        self.0.path()
    }

    fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_arshjul"));
        command.args(arguments).current_dir(self.folder()).env_clear().stdin(Stdio::null());
        command
    }

    pub fn run(&self, arguments: &[&str]) -> Said {
        said(self.command(arguments).output().unwrap())
    }

    /// Runs a command that must succeed, and gives what it said.
    #[track_caller]
    pub fn ok(&self, arguments: &[&str]) -> String {
        let said = self.run(arguments);
        assert_eq!((said.code, said.err.as_str()), (0, ""), "{arguments:?}: {}", said.out);
        said.out
    }

    /// What a `check` that must find no fault comes to. Before it there may be warnings, which depend on today.
    #[track_caller]
    fn checked(&self, arguments: &[&str]) -> String {
        let said = self.ok(arguments);
        let lines: Vec<&str> = said.lines().collect();
        let (last, before) = lines.split_last().unwrap();
        assert!(before.iter().all(|line| line.contains(".toml: warning: ")), "{said}");
        (*last).to_owned()
    }

    pub fn write(&self, name: &str, text: &str) {
        fs::write(self.folder().join(name), text).unwrap();
    }
}

fn said(output: Output) -> Said {
    let text = |bytes| String::from_utf8(bytes).unwrap();
    Said { code: output.status.code().unwrap(), out: text(output.stdout), err: text(output.stderr) }
}

#[test]
fn what_is_asked_wrongly_ends_with_two() {
    let shell = Shell::new();
    for arguments in [
        &[][..],
        &["planera"],
        &["plan"],
        &["plan", "--from", "2025-13-01", "--to", "2025-12-31"],
        &["plan", "--from", "2025-02-01", "--to", "2025-01-01"],
        &["days", "--from", "2025-02-01", "--to", "2025-01-01"],
        &["feed"],
        &["demo", "--out", "x"],
        &["completions", "cobol"],
        &["move", "sydostra/rsl", "mote-1.2025", "--start", "i morgon"],
    ] {
        let said = shell.run(arguments);
        assert_eq!(said.code, 2, "{arguments:?}: {}{}", said.out, said.err);
        assert!(said.out.is_empty() && !said.err.is_empty(), "{arguments:?}");
    }
    assert_eq!(shell.run(&["--help"]).code, 0);
    assert!(shell.ok(&["--version"]).starts_with("arshjul "));
}

#[test]
fn what_is_not_there_ends_with_one() {
    let shell = Shell::new();
    for arguments in [
        &["status"][..],
        &["feed", "rls"],
        &["import", "finns-inte.csv"],
        &["backup", "kopia.db"],
        &["restore", "kopia.db"],
        &["send-test", "anna@example.org"],
        &["plan", "--from", "2025-01-01", "--to", "2025-01-02", "--body", "rpo-medicinsk-diagnostk"],
        &["check", "finns-inte.toml"],
        &["doctor"],
    ] {
        let said = shell.run(arguments);
        assert_eq!(said.code, 1, "{arguments:?}: {}{}", said.out, said.err);
    }
    assert!(shell.run(&["feed", "rls"]).err.contains("rsl"), "it says which one may be meant");
    assert!(!shell.folder().join("arshjul.db").exists(), "a question makes no database");
}

#[test]
fn every_broken_file_is_refused_with_its_faults() {
    let shell = Shell::new();
    let files = broken();
    assert!(files.len() >= 25);
    for (name, _) in files.iter().filter(|(name, _)| !name.starts_with("organisation-")) {
        let path = broken_folder().join(format!("{name}.toml"));
        let path = path.to_str().unwrap();
        let said = shell.run(&["check", path]);
        assert_eq!((said.code, said.err.as_str()), (1, ""), "{name}: {}", said.out);
        let expected = fs::read_to_string(broken_folder().join(format!("{name}.expected"))).unwrap();
        // Its place begins with the path as it was given.
        assert_eq!(said.out.replace(path, &format!("{name}.toml")), expected, "{name}");
        let json = shell.run(&["check", "--format", "json", path]);
        assert_eq!(json.code, 1);
        for line in json.out.lines() {
            let fault: Value = serde_json::from_str(line).unwrap();
            assert_eq!(fault["file"], path, "{line}");
            assert!(fault["line"].as_u64().unwrap() > 0 && fault["code"].is_string(), "{line}");
        }
    }
}

#[test]
fn a_plan_is_printed_in_three_forms() {
    let shell = Shell::new();
    let period = ["plan", "--from", "2025-01-01", "--to", "2025-12-31"];
    let with = |more: &[&str]| shell.ok(&[&period[..], more].concat());
    let json = with(&["--format", "json"]);
    let lines: Vec<Value> = json.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let of = |kind: &str| lines.iter().filter(|line| line["type"] == kind).count();
    assert!(of("occasion") > 11 && of("message") > 100 && of("occasion") + of("message") == lines.len());
    let text = with(&[]);
    // After the sum there may be warnings.
    let sum = format!("{} occasions, {} messages", of("occasion"), of("message"));
    assert!(text.lines().any(|line| line == sum), "{sum}");
    for decided in [
        "  sydostra/remisser var.2025: RSL hinner behandla svaret: torsdag 10 april (v. 15).",
        "  sydostra/remisser sommar.2025: RSL hinner inte behandla svaret (senaste möte tisdag 13 maj är före \
         förslaget, nästa fredag 19 september är för sent). Förankras i RSL:s arbetsutskott via mejl.",
    ] {
        assert!(text.lines().any(|line| line == decided), "{decided} is not in {text}");
    }
    assert_eq!(with(&["--format", "csv"]).lines().count(), of("message") + 1);
    let rsl = with(&["--format", "json", "--workflow", "sydostra/rsl"]);
    let of_rsl = lines.iter().filter(|line| line["workflow"] == "sydostra/rsl").count();
    assert_eq!(rsl.lines().count(), of_rsl);
    assert!(!shell.folder().join("arshjul.db").exists(), "reading changes nothing");
}

#[test]
fn a_plan_is_compared_with_that_of_other_files() {
    let shell = Shell::new();
    let said = shell.ok(&["init", "--name", "Norra sjukvårdsregionen"]);
    assert!(said.contains("arshjul.toml"), "{said}");
    assert_eq!(shell.run(&["init"]).code, 1, "nothing is written over");
    assert_eq!(shell.checked(&["check"]), "26 files, no faults");
    let diff = ["plan", "--from", "2025-01-01", "--to", "2025-12-31", "--diff", "other"];
    let copy = Command::new("cp").args(["-r", "workflows", "other"]).current_dir(shell.folder()).status();
    assert!(copy.unwrap().success());
    assert_eq!(shell.ok(&diff), "0 added, 0 removed\n");
    let file = shell.folder().join("other/sydostra/rsl.toml");
    let text = fs::read_to_string(&file).unwrap();
    fs::write(&file, text.replace("dates = [2025-02-12]", "dates = [2025-02-13]")).unwrap();
    let changed = shell.ok(&diff);
    assert!(changed.contains("- 2025-02-12 meeting RSL") && changed.contains("+ 2025-02-13 meeting RSL"));
    assert!(changed.lines().filter(|line| line.starts_with('+')).count() > 5, "{changed}");
    fs::write(&file, "title = ").unwrap();
    assert_eq!(shell.run(&diff).code, 1);
}

#[test]
fn each_sjukvardsregion_begins_with_its_own_files() {
    let shell = Shell::new();
    let refused = shell.run(&["init", "--region", "melansverige"]);
    assert_eq!(refused.code, 1);
    assert!(refused.err.contains("did you mean `mellansverige`?"), "{}", refused.err);
    let said = shell.ok(&["init", "--region", "mellansverige", "--name", "Mitt i Sverige"]);
    assert!(said.contains("workflows/mellansverige/organisation.toml"), "{said}");
    assert_eq!(shell.checked(&["check"]), "6 files, no faults");
    let named = fs::read_to_string(shell.folder().join("workflows/mellansverige/organisation.toml")).unwrap();
    assert!(named.contains("title = \"Mitt i Sverige\""));
    assert!(!shell.folder().join("workflows/sydostra").exists());
}

#[test]
fn the_whole_folder_of_workflows_has_no_fault() {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("workflows");
    assert_eq!(Shell::new().checked(&["check", folder.to_str().unwrap()]), "29 files, no faults");
}

#[test]
fn days_feeds_schemas_and_completions_are_printed() {
    let shell = Shell::new();
    let days = shell.ok(&["days", "--from", "2025-05-01", "--to", "2025-05-04"]);
    let days: Vec<Value> = days.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(days.len(), 4);
    assert_eq!(days[0]["workday"], false);
    assert_eq!(days[1]["workday"], true);
    let names = shell.ok(&["feed", "--list"]);
    for name in names.lines() {
        let feed = shell.ok(&["feed", name, "--as-of", "2025-06-01"]);
        assert!(feed.starts_with("BEGIN:VCALENDAR\r\n") && feed.ends_with("END:VCALENDAR\r\n"), "{name}");
        assert_eq!(feed, shell.ok(&["feed", name, "--as-of", "2025-06-01"]), "the same day, the same bytes");
    }
    assert!(names.lines().any(|name| name == "remisser"));
    for of in ["workflow", "organisation", "config"] {
        let schema: Value = serde_json::from_str(&shell.ok(&["schema", of])).unwrap();
        assert!(schema["properties"].is_object(), "{of}");
    }
    for shell_name in ["bash", "zsh", "fish"] {
        assert!(shell.ok(&["completions", shell_name]).contains("arshjul"));
    }
}

#[test]
fn a_reader_that_has_seen_enough_is_no_fault() {
    let shell = Shell::new();
    let mut command = shell.command(&["days", "--from", "1900-01-01", "--to", "2399-12-31"]);
    let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let mut first = String::new();
    let mut out = BufReader::new(child.stdout.take().unwrap());
    out.read_line(&mut first).unwrap();
    drop(out);
    let mut complaint = String::new();
    child.stderr.take().unwrap().read_to_string(&mut complaint).unwrap();
    assert_eq!((child.wait().unwrap().code(), complaint.as_str()), (Some(0), ""));
    assert!(first.contains("1900-01-01"));
}

const PLAN: &str = "punkt;delområde;fas;hälsa;ägare;sedan
Dela erfarenheter;Lab;Ej påbörjad;Okänd;rag-patologi/ordförande;2025-01-13
";

#[test]
fn an_installation_is_set_up_looked_at_and_copied() {
    let shell = Shell::new();
    shell.write("people.csv", PEOPLE);
    shell.write("plan.csv", PLAN);
    let dry = shell.ok(&["import", "people.csv", "--dry-run"]);
    assert!(dry.contains("people: 10 terms of office"), "{dry}");
    assert!(!shell.folder().join("arshjul.db").exists());
    assert!(shell.ok(&["import", "people.csv"]).contains("10 added, 0 changed, 0 as they were"));
    assert!(shell.ok(&["import", "people.csv"]).contains("0 added, 0 changed, 10 as they were"));
    assert_eq!(shell.run(&["import", "plan.csv"]).code, 2, "whose plan?");
    assert!(shell.ok(&["import", "plan.csv", "--body", "RPO MD"]).contains("1 added"));
    shell.write("bad.csv", &PEOPLE.replace("jon@example.org", "jon"));
    let bad = shell.run(&["import", "bad.csv"]);
    assert!(bad.code == 1 && bad.err.contains("bad.csv:7:4"), "{}", bad.err);

    assert!(shell.ok(&["status"]).contains("people: 10, terms of office: 10, items: 1, answers: 0"));
    assert_eq!(shell.run(&["start", "sydostra/rls"]).code, 1);
    assert!(!shell.ok(&["start", "allt", "--dry-run"]).contains("started"));
    let started = shell.ok(&["start", "allt"]);
    assert!(started.contains("nothing about the time before now will be sent"), "{started}");
    assert!(shell.ok(&["start", "allt"]).contains("already started"));

    let moved =
        shell.ok(&["move", "sydostra/rsl", "mote-1.2025", "--start", "2025-02-14", "--why", "lokalen"]);
    assert!(moved.contains("\"start\":\"2025-02-14\"") && moved.ends_with("recorded\n"), "{moved}");
    let again = ["move", "sydostra/rsl", "mote-1.2025", "--start", "2025-02-14", "--why", "lokalen"];
    assert!(shell.ok(&again).ends_with("nothing has changed\n"));
    assert!(shell.ok(&["cancel", "sydostra/rsl", "mote-1.2025"]).contains("\"status\":\"cancelled\""));
    assert_eq!(shell.run(&["cancel", "sydostra/rsl", "mote-7.2025"]).code, 1);
    assert_eq!(shell.run(&["answer", "a:b:c:d:e:f:g", "ja"]).code, 1);

    shell.ok(&["backup", "kopia.db"]);
    assert_eq!(shell.run(&["backup", "kopia.db"]).code, 1, "nothing is written over");
    shell.write("fler.csv", "kropp;roll;namn;epost\nrsl;ledamot;Vera;vera@example.org\n");
    shell.ok(&["import", "fler.csv"]);
    assert!(shell.ok(&["status"]).contains("people: 11,"));
    let restored = shell.ok(&["restore", "kopia.db"]);
    assert!(restored.contains("the database that was there is kept"), "{restored}");
    assert!(shell.ok(&["status"]).contains("people: 10,"));
    let held = "nothing is sent until `arshjul start allt`: restored from a backup";
    assert!(shell.ok(&["status"]).contains(held));
    assert!(shell.ok(&["start", "allt"]).contains("sending was held back and goes on"));
    assert!(!shell.ok(&["status"]).contains(held));
}

#[test]
fn roles_absences_and_links_are_kept_from_a_shell() {
    let shell = Shell::new();
    let refused = |arguments: &[&str], code: i32, said: &str| {
        let answer = shell.run(arguments);
        assert_eq!(answer.code, code, "{arguments:?}: {}", answer.err);
        assert!(answer.err.contains(said), "{arguments:?}: {}", answer.err);
    };
    shell.write("folk.csv", PEOPLE);
    shell.ok(&["import", "folk.csv"]);
    let chair = ["holder", "RAG Patologi", "Ordförande"];
    let held = shell.ok(&[&chair[..], &["--from", "2025-05-01"]].concat());
    assert!(held.ends_with("rag-patologi/ordforande on 2025-05-01: nobody\n"), "{held}");
    let new = [&chair[..], &["eva@example.org", "--from", "2025-06-01"]].concat();
    refused(&new, 2, "say who it is with --name");
    let held = shell.ok(&[&new[..], &["--name", "Eva"]].concat());
    assert_eq!(held, "recorded\nrag-patologi/ordforande on 2025-06-01: Eva <eva@example.org>\n");
    let ends = [&chair[..], &["eva@example.org", "--until", "2025-12-31"]].concat();
    assert!(shell.ok(&ends).starts_with("recorded\n"));
    assert!(shell.ok(&ends).starts_with("nothing has changed\n"));
    refused(
        &["holder", "rag-patologi", "ordforand"],
        1,
        "`rag-patologi` has no role `ordforand`, did you mean",
    );
    refused(&["holder", "rag-patolgi", "ordforande"], 1, "there is no body `rag-patolgi`, did you mean");
    refused(&["holder", "rsl", "stab", "stab", "--name", "x"], 2, "write name@example.org");

    let away = ["pause", "petra@example.org", "--from", "2099-07-01", "--until", "2099-07-10"];
    let noted = shell.ok(&[&away[..], &["--deputy", "olle@example.org"]].concat());
    assert!(noted.contains("away 2099-07-01-2099-07-10; olle@example.org gets the mail"), "{noted}");
    refused(&[&away[..], &["--deputy", "petra@example.org"]].concat(), 1, "name somebody else");
    refused(&["pause", "x@example.org", "--until", "2099-07-03"], 1, "makes somebody known");
    refused(
        &["pause", "petra@example.org", "--from", "2099-07-04", "--until", "2099-07-03"],
        1,
        "before it begins",
    );
    let back = shell.ok(&["pause", "petra@example.org", "--until", "2099-07-03"]);
    assert!(back.contains("away 2099-07-01-2099-07-03"), "{back}");
    assert!(shell.ok(&["status"]).contains("absences: 1, occasions by hand: 0"));

    let revoked = shell.ok(&["links", "--revoke", "petra@example.org"]);
    assert!(revoked.starts_with("0 links revoked"), "{revoked}");
    refused(&["links", "--revoke", "x@example.org"], 1, "nobody has the address");
    refused(&["links"], 2, "--revoke");
}

#[test]
fn occasions_and_matters_are_entered_from_a_shell() {
    let shell = Shell::new();
    for file in arshjul::workflow::shipped() {
        let path = shell.folder().join("workflows").join(&file.path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, file.text).unwrap();
    }
    shell.write("workflows/sydostra/fragor-prov.toml", QUESTIONS);
    shell.write("arshjul.toml", "workflows = \"workflows\"\n");
    shell.write("folk.csv", PEOPLE);
    shell.ok(&["import", "folk.csv"]);
    let refused = |arguments: &[&str], code: i32, said: &str| {
        let answer = shell.run(arguments);
        assert_eq!(answer.code, code, "{arguments:?}: {}", answer.err);
        assert!(answer.err.contains(said), "{arguments:?}: {}", answer.err);
    };
    let entry = ["open", "sydostra/fragor-prov", "fraga", "--title", "Prov", "--start", "2025-05-05"];
    let open = |more: &[&'static str]| [&entry[..], more].concat();
    refused(&open(&[]), 2, "write --end");
    refused(&open(&["--end", "2025-05-01"]), 2, "ends before it begins");
    let body = ["--end", "2025-05-30", "--body", "RPO MD"];
    let body = |more: &[&'static str]| open(&[&body[..], more].concat());
    refused(&body(&["--link", "example.org"]), 2, "begins with http://");
    refused(&body(&["--answer", "Ja"]), 2, "write `id=Label`");
    refused(&body(&["--to", "rag-patolgi"]), 1, "did you mean");
    let all =
        body(&["--to", "rag-patologi", "--answer", "ja=Ja", "--answer", "nej=Nej", "--diary", "D 2025:1"]);
    assert_eq!(shell.ok(&all), "opened sydostra/fragor-prov fraga.2025.1\n");
    assert_eq!(shell.ok(&all), "opened sydostra/fragor-prov fraga.2025.2\n");
    let by_file = ["open", "nationell/remisser", "sommar", "--title", "x", "--start", "2025-05-05"];
    refused(&by_file, 1, "change one with `move`");

    let of = ["list", "sydostra/remisser", "sommar.2025", "--body", "RPO MD"];
    let list = |more: &[&'static str]| [&of[..], more].concat();
    assert_eq!(shell.ok(&list(&[])), "");
    let listed = shell.ok(&list(&["Sepsis | https://example.org/s", "Starr"]));
    assert_eq!(listed, "2 added, 0 changed, 0 withdrawn\n1. Sepsis | https://example.org/s\n2. Starr\n");
    shell.write("lista.txt", "Glaukom\n\nStarr |\n");
    let listed = shell.ok(&list(&["--file", "lista.txt"]));
    assert_eq!(listed, "1 added, 0 changed, 1 withdrawn\n2. Starr\n3. Glaukom\n");
    assert_eq!(shell.ok(&list(&["--withdraw", "2"])), "withdrawn\n3. Glaukom\n");
    refused(&list(&["--withdraw", "7"]), 1, "no matter of number 7");
    refused(&list(&["Sepsis | example.org"]), 1, "line 1 has a link that is no web address");
    refused(&["list", "sydostra/remisser", "sommar.2025"], 2, "say which with --body");
    refused(&["list", "sydostra/remisser", "sommer.2025", "--body", "RPO MD"], 1, "has no entry `sommer`");
    refused(&["list", "sydostra/remisser", "sommar", "--body", "RPO MD"], 2, "write ENTRY.YEAR");
    assert!(shell.ok(&["status"]).contains("occasions by hand: 2, matters listed: 1"));
}

const QUESTIONS: &str = r#"
title = "Frågor"
for = "rpo"

[[period]]
id = "fraga"
title = "En fråga"
by-hand = true
"#;

#[tokio::test]
async fn an_answer_that_came_by_telephone_is_recorded_with_all_that_was_said() {
    let shell = Shell::new();
    shell.write("arshjul.toml", "answer-domains = \"region.example.org\"\n");
    shell.write("folk.csv", PEOPLE);
    shell.ok(&["import", "folk.csv"]);
    let place = Location::parse(shell.folder().join("arshjul.db").to_str().unwrap()).unwrap();
    let store = Store::open(&place, Access::Beside).await.unwrap();
    let petra = store.person_by_address("petra@example.org").await.unwrap().unwrap().id;
    let asked = crate::store::at("2025-04-01T06:00");
    let mut ask = crate::store::message("svara", MessageKind::Ask, petra.as_str(), asked);
    let choice = |id: &str, takes: &[Takes], does| Answer {
        takes: takes.to_vec(),
        does,
        ..Answer::plain(id.into(), id)
    };
    ask.notice.sections = vec!["Allmänt".to_owned(), "Detaljer".to_owned()];
    ask.notice.marks = vec![Mark { id: "oense".into(), label: "Oense".to_owned() }];
    ask.notice.answers = vec![
        choice("synpunkter", &[Takes::Text, Takes::Link, Takes::File], Does::Settle),
        choice("mer-tid", &[], Does::MoreTime),
        choice("fel", &[], Does::PassOn),
    ];
    crate::store::plan(&store, std::slice::from_ref(&ask)).await;
    let key = ask.key.0.as_str();
    let refused = |arguments: &[&str], code: i32, said: &str| {
        let answer = shell.run(&[&["answer", key], arguments].concat());
        assert_eq!(answer.code, code, "{arguments:?}: {}", answer.err);
        assert!(answer.err.contains(said), "{arguments:?}: {}", answer.err);
    };
    let ok = |arguments: &[&str]| shell.ok(&[&["answer", key], arguments].concat());
    refused(&["ja"], 1, "it takes synpunkter, mer-tid, fel");
    refused(&["mer-tid"], 1, "give one with --date");
    refused(&["fel"], 1, "say to whom with --to");
    refused(&["fel", "--to", "ny@example.org"], 1, "`answer-domains`");
    refused(&["synpunkter", "--text", "a", "--text", "b", "--text", "c"], 2, "takes Allmänt, Detaljer");
    refused(&["synpunkter", "--link", "x", "--mark", "enig"], 1, "there is no mark `enig`; the link is no");
    refused(&["synpunkter", "--file", "borta.docx"], 1, "borta.docx can't be read");
    assert_eq!(ok(&["mer-tid", "--date", "2099-01-01"]), "recorded: more time until 2099-01-01\n");
    let passed = ok(&["fel", "--to", "ny@region.example.org"]);
    assert!(passed.starts_with("recorded: `p") && passed.ends_with("` is asked instead\n"), "{passed}");
    assert!(shell.ok(&["status"]).contains("open requests with an arrangement: 1,"));
    shell.write("svar.pdf", "%PDF-1.7\n");
    let all = ["synpunkter", "--text", "Bra.", "--text", "Sidan 3.", "--mark", "oense", "--file", "svar.pdf"];
    assert_eq!(ok(&all), "recorded\n");
    assert_eq!(ok(&all), "it was recorded already\n");
    refused(&["mer-tid", "--date", "2099-01-01"], 1, "change that answer instead");
    let came = store.handed_in(&ask.matter, &petra).await.unwrap().unwrap();
    assert_eq!(came.texts[1], ("Detaljer".to_owned(), "Sidan 3.".to_owned()));
    store.close().await;
}

/// A mail as `demo --out` wrote it.
fn letters(folder: &Path) -> Vec<Letter> {
    let mut paths: Vec<_> = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    let read = |path: &std::path::PathBuf| {
        let bytes = fs::read(path).unwrap();
        let envelope = Envelope { from: String::new(), to: vec![String::new()] };
        let mail = Delivered { envelope, message_id: path.display().to_string(), bytes };
        let read = crate::compose::read(&mail.bytes);
        let at = rfc2822::parse(read.header("Date")).unwrap().timestamp();
        Letter::read(&mail, at)
    };
    paths.iter().filter(|path| path.extension().is_some_and(|e| e == "eml")).map(read).collect()
}

/// The demonstration's whole year, from its files and its database. A minute or more without optimisation, so it
/// runs when `ARSHJUL_TEST_FULL` is set.
#[tokio::test]
async fn a_demonstrated_year_keeps_what_is_promised() {
    #[expect(clippy::disallowed_methods, reason = "a switch of the tests, not of the program")]
    if std::env::var_os("ARSHJUL_TEST_FULL").is_none() {
        println!("skipped: ARSHJUL_TEST_FULL is not set");
        return;
    }
    let shell = Shell::new();
    let mut command = shell.command(&["demo", "--fast", "--out", "mails"]);
    let said = said(command.env("ARSHJUL_DATABASE", "demo.db").output().unwrap());
    assert_eq!((said.code, said.err.as_str()), (0, ""), "{}", said.out);
    assert!(said.out.contains("attempts whose end is not known: 0"), "{}", said.out);
    let letters = letters(&shell.folder().join("mails"));
    assert!(said.out.contains(&format!("{} mails to", letters.len())), "{}", said.out);
    assert!(letters.len() > 200, "{}", said.out);

    let place = Location::parse(shell.folder().join("demo.db").to_str().unwrap()).unwrap();
    let store = Store::open(&place, Access::Beside).await.unwrap();
    store.check_integrity().await.unwrap();
    let answers = store.facts().await.unwrap().answers;
    let quiet = QuietPeriods::default();
    let mut seen = BTreeSet::new();
    let mut reminded: BTreeMap<_, Vec<_>> = BTreeMap::new();
    for letter in &letters {
        let at = civil(letter.at);
        let mut all_alarms = true;
        for key in &letter.keys {
            assert!(seen.insert(key.clone()), "{key} is in two mails");
            let message = store.message(key).await.unwrap().unwrap();
            assert!(message.at <= letter.at, "{key} is early: {at}");
            assert!(letter.at.duration_since(message.at).as_hours() < 24 * 4, "{key} is late: {at}");
            all_alarms &= message.urgent;
            if !message.notice.answers.is_empty() {
                let person = message.to.clone().unwrap();
                reminded.entry((message.matter, person)).or_default().push(letter.at);
            }
        }
        let window = at.time() == time(8, 0, 0, 0) || at.time() == time(15, 0, 0, 0);
        assert!(all_alarms || (window && quiet.is_open(at.date())), "{} at {at}", letter.line());
    }
    // Everything that the database has as sent this year is in a file.
    for row in store.mails(10_000, 0).await.unwrap() {
        let in_year = civil(row.created_at).date().year() == 2025;
        let file = letters.iter().any(|letter| letter.bytes == row.bytes);
        assert_eq!(file, in_year, "{row:?}");
    }
    // Who has answered is not asked again. About an item a later report is asked for, after the rest it gave.
    let mut answered = 0;
    for given in &answers {
        let arshjul::plan::model::Object::Occasion(_) = given.matter.object else { continue };
        let asked = reminded.get(&(given.matter.clone(), given.person.clone()));
        for at in asked.into_iter().flatten() {
            assert!(*at <= given.at, "{given:?} is asked again {}", civil(*at));
            answered += 1;
        }
    }
    assert!(answered > 50, "{answered}");
    let counts = store.counts().await.unwrap();
    assert_eq!(counts.messages.get(&MessageState::Failed), None);
    store.close().await;
}

#[test]
fn a_faulty_mail_template_is_told_by_check_and_doctor_and_keeps_the_daemon_from_starting() {
    let shell = Shell::new();
    fs::create_dir(shell.folder().join("mallar")).unwrap();
    shell.write("mallar/mail.txt", "{{ greeting }}\n{{ headding }}\n");
    shell.write("arshjul.toml", "templates = \"mallar\"\n");
    for command in ["check", "doctor", "serve"] {
        let said = shell.run(&[command]);
        let told = "mail.txt:2:1: unknown field `headding`, did you mean `heading`?";
        assert!(said.code != 0 && (said.out + &said.err).contains(told), "{command}");
    }
    shell.write("mallar/mail.txt", "{{ greeting }}\n");
    shell.ok(&["check"]);
}
