//! A round whose answers are compiled, from the mails to the documents.

use std::path::Path;
use std::process::{Command, Output};

use arshjul::app::compiling::{Named, find, gather};
use arshjul::documents::docx;
use arshjul::ids::{BodyId, OccasionId};
use arshjul::plan::model::{Given, Matter, Object};
use arshjul::store::{FileKind, NewAnswer, NewFile, NewHandedIn};
use arshjul::workflow::shipped;

use super::judged;
use crate::store::Bench;
use crate::world::{RPO, World, occasion_ref, stories};

stories! {
    what_was_handed_in_stands_in_the_draft,
}

const FILE: &str = "sydostra/remisser.toml";
const WORKFLOW: &str = r#"
title = "Samordnade remissvar"
for = "rpo"
occasion = "nationell/remisser"

[[step]]
id = "inhamta"
ask = "Lämna synpunkter"
to = ["ledamot", "rag/ordförande"]
when = "opens"
due = "15 workdays before closes"
marks = { oense = "Betydande meningsskiljaktighet" }
sections = ["Allmänt", "Ekonomi"]

[step.answers]
synpunkter = { label = "Synpunkter", takes = ["text", "link", "file"] }
inga = "Inga synpunkter"
"#;

/// The round has opened; Jon has written and attached, Nils has nothing to say, and Pia disagrees.
/// Petra is asked for the groups without a chair.
async fn answered(bench: Bench) -> World {
    let mut world = World::new(bench, "2025-04-01").only(&["remisser"]).file(FILE, WORKFLOW).started().await;
    world.advance_to("2025-04-15 09:30").await;
    let matter = Matter {
        workflow: "sydostra/remisser".into(),
        body: Some(RPO.into()),
        object: Object::Occasion(occasion_ref("nationell/remisser", "", "sommar.2025")),
        step: "inhamta".into(),
    };
    let pia = [("Allmänt", "Vi är inte överens."), ("Ekonomi", "För dyrt & för <sent>.\nSe bilaga.")];
    let file = NewFile { name: "yttrande.docx", kind: FileKind::Docx, bytes: b"PK" };
    for (name, answer, texts, file) in [
        ("jon", "synpunkter", vec![("Allmänt", "Ett gott förslag.")], Some(file)),
        ("nils", "inga", Vec::new(), None),
        ("pia", "synpunkter", pia.to_vec(), None),
    ] {
        let given = Given {
            matter: matter.clone(),
            person: world.person(name).await,
            answer: answer.into(),
            at: world.now(),
            date: None,
            marks: if name == "pia" { vec!["oense".into()] } else { Vec::new() },
        };
        let handed = NewHandedIn { texts, link: None, file };
        let new = NewAnswer { handed, ..NewAnswer::of(&given, name) };
        world.store.record_answer(&new, world.now()).await.unwrap();
    }
    world
}

async fn what_was_handed_in_stands_in_the_draft(bench: Bench) -> World {
    let world = answered(bench).await;
    let (rules, facts) = (world.rules.rules(), world.store.facts().await.unwrap());
    let (occasion, body): (OccasionId, BodyId) = ("sommar.2025".parse().unwrap(), RPO.into());
    let named = Named { workflow: "sydostra/remisser", occasion: &occasion, body: Some(&body), step: None };
    let round = find(&rules, &facts, named).unwrap();
    let requests = gather(&world.store, &round, None).await.unwrap();
    let of = round.compilation(&rules, &facts, None, &requests, false, world.now());
    assert_eq!(of.title, "Nationell remissrunda april–juni");
    // Three chairs, two members, and the processtöd, who stands in for the chairs that nobody is.
    assert_eq!((of.answered(), of.respondents.len()), (3, 6), "{:?}", of.respondents);
    assert_eq!(of.due.unwrap().to_string(), "2025-05-21");
    let Some(read) = judged(&[docx(&of).unwrap()]) else { return world };
    let tables = read[0]["tables"].to_string();
    for text in ["Ett gott förslag.", "Vi är inte överens.", "För dyrt & för <sent>.\\nSe bilaga."] {
        assert!(tables.contains(text), "{text} in {tables}");
    }
    let paragraphs = read[0]["paragraphs"].to_string();
    for text in ["bilaga yttrande.docx", "RAG Nuklearmedicin, ordförande (tisdag 15 april 2025)"] {
        assert!(paragraphs.contains(text), "{text} in {paragraphs}");
    }
    let all = read[0].to_string();
    for name in ["Jon", "Nils", "Pia", "Kaj", "example.org"] {
        assert!(!all.contains(name), "{name} is personal data");
    }
    world
}

struct Desk<'a> {
    folder: &'a Path,
    database: String,
}

impl Desk<'_> {
    fn compile(&self, more: &[&str]) -> Output {
        Command::new(env!("CARGO_BIN_EXE_arshjul"))
            .args(["compile", "sydostra/remisser", "sommar.2025", "--body", "RPO MD"])
            .args(more)
            .current_dir(self.folder)
            .env_clear()
            .env("ARSHJUL_DATABASE", &self.database)
            .env("ARSHJUL_WORKFLOWS", self.folder.join("workflows"))
            .output()
            .unwrap()
    }

    #[track_caller]
    fn ok(&self, more: &[&str]) -> String {
        let said = self.compile(more);
        assert!(said.status.success(), "{}", String::from_utf8_lossy(&said.stderr));
        String::from_utf8(said.stdout).unwrap()
    }

    #[track_caller]
    fn refused(&self, more: &[&str], expected: &str) {
        let said = self.compile(more);
        let err = String::from_utf8_lossy(&said.stderr);
        assert!(said.status.code() == Some(1) && err.contains(expected), "{err}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_command_writes_both_and_overwrites_nothing() {
    let world = answered(Bench::sqlite()).await;
    let folder = tempfile::tempdir().unwrap();
    for file in shipped()
        .into_iter()
        .filter(|f| f.path.contains("organisation") || f.path.contains("nationell") || f.path == FILE)
    {
        let path = folder.path().join("workflows").join(&file.path);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, if file.path == FILE { WORKFLOW } else { &file.text }).unwrap();
    }
    let database = world.bench.location.file().unwrap().display().to_string();
    let desk = Desk { folder: folder.path(), database };
    let both = ["--out", "utkast.docx", "--diary", "diarium.csv"];
    assert_eq!(
        desk.ok(&both),
        "utkast.docx: 3 of 6 have answered\n\
         diarium.csv: Nationell remissrunda april–juni: 3 of 6 have answered\n"
    );
    let draft = std::fs::read(folder.path().join("utkast.docx")).unwrap();
    assert!(draft.starts_with(b"PK"));
    let list = std::fs::read_to_string(folder.path().join("diarium.csv")).unwrap();
    assert_eq!(list.lines().count(), 1 + 6);
    assert!(!list.contains("Pia"));

    desk.refused(&["--out", "utkast.docx"], "utkast.docx exists; --force overwrites it");
    desk.refused(&["--out", "nytt.docx", "--diary", "diarium.csv"], "diarium.csv exists");
    assert!(!folder.path().join("nytt.docx").exists(), "both or neither");
    desk.ok(&["--out", "utkast.docx", "--force", "--names"]);
    assert_ne!(std::fs::read(folder.path().join("utkast.docx")).unwrap(), draft);
    desk.refused(&["--out", "x.docx", "--listed", "3"], "nothing is listed under `sommar.2025`");
    desk.refused(&["--out", "x.docx", "--step", "skicka"], "has no step `skicka` that asks");
    desk.refused(&["--out", "saknas/x.docx"], "can't be written");
    assert_eq!(desk.compile(&[]).status.code(), Some(2), "neither document nor list");
    world.is_in_order().await;
}
