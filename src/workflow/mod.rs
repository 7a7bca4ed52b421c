//! Workflow files: read, checked, and turned into [`Workflows`].
//!
//! A file is parsed and compared with its grammar ([`crate::grammar`]), read into a draft that keeps the place
//! of every value, checked together with all the others, and built into the [`model`] when nothing is wrong with
//! any of them. All faults of all files come at once.

mod build;
mod check;
mod draft;
pub mod folder;
mod forms;
pub mod model;
mod names;
mod shape;
mod shipped;
pub mod window;

use std::collections::BTreeMap;

pub use model::Workflows;
pub use shape::SHAPE;
pub use shipped::{DEFAULT_REGION, all_shipped, shipped, shipped_of, shipped_regions};

pub use crate::grammar::SourceFile;

use crate::fault::{Fault, Faults};
use crate::grammar::Document;
use crate::ids::{WorkflowId, is_slug, slug};
use crate::organisation::{Organisation, file as organisation_file};
use check::World;
use draft::Draft;

/// Reads the workflow files among `files`; organisation files are passed over.
///
/// # Errors
/// Every fault of every workflow file. Then no workflow is returned, not even from files without a fault: a file
/// may point to another one, and half of a new set is nothing that anybody has written.
pub fn load(files: &[SourceFile], organisation: &Organisation) -> Result<Workflows, Faults> {
    let mut faults = Vec::new();
    let workflows = read(files, organisation, &mut faults);
    Faults::unless_none(faults, workflows)
}

/// Reads organisation and workflow files.
///
/// # Errors
/// Every fault of every file.
pub fn load_all(files: &[SourceFile]) -> Result<(Organisation, Workflows), Faults> {
    let mut faults = Vec::new();
    let organisation = organisation_file::read(files, &mut faults);
    let workflows = read(files, &organisation, &mut faults);
    Faults::unless_none(faults, (organisation, workflows))
}

/// The JSON Schema of workflow files, for editors.
#[must_use]
pub fn schema() -> serde_json::Value {
    crate::grammar::schema("arshjul workflow", &SHAPE)
}

fn read(files: &[SourceFile], organisation: &Organisation, faults: &mut Vec<Fault>) -> Workflows {
    let files = files.iter().filter(|file| !organisation_file::is_organisation(&file.path));
    let documents: Vec<Document<'_>> = files.map(|file| Document::read(file, &SHAPE)).collect();
    let before = faults.len();
    let mut drafts: BTreeMap<WorkflowId, Draft<'_>> = BTreeMap::new();
    for document in &documents {
        faults.extend(document.faults().iter().cloned());
        let Some(id) = workflow_id(document, faults) else { continue };
        if drafts.insert(id.clone(), Draft::read(id, document)).is_some() {
            faults.push(document.source().fault(0, "duplicate-id", "there are two files with this path"));
        }
    }
    faults
        .extend(check::check(&World { organisation, drafts: drafts.values().map(|d| (&d.id, d)).collect() }));
    let mut workflows = Workflows::default();
    if faults.len() > before {
        return workflows;
    }
    for (id, draft) in &drafts {
        match build::workflow(organisation, draft) {
            Some(workflow) => drop(workflows.0.insert(id.clone(), workflow)),
            None => faults.push(draft.fault(0, "not-understood", "the file can't be understood")),
        }
    }
    workflows
}

/// The id that a file's path makes.
fn workflow_id(document: &Document<'_>, faults: &mut Vec<Fault>) -> Option<WorkflowId> {
    let path = document.source().path();
    let id = path.strip_suffix(".toml").unwrap_or(path);
    if id.split('/').all(is_slug) {
        return Some(WorkflowId::from(id));
    }
    let better: Vec<String> = id.split('/').map(slug).collect();
    let message = "the file's name has other signs than a-z, digits and hyphens";
    let fault = document.source().fault(0, "bad-file-name", message);
    faults.push(fault.suggest(format!("call it `{}.toml`", better.join("/"))));
    None
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::calendar::{Side, Unit};
    use crate::items::{Health, Phase};
    use model::{Anchor, Interval, Moment, Recipient, RoleOf, Schedule, Scope, SettledBy, Span, When};

    const ORGANISATION: &str = "[[kind]]\nid = \"rpo\"\ntitle = \"RPO\"\nroles = [\"ordförande\", \"processtöd\"]\n\
                                [[kind]]\nid = \"rsl\"\ntitle = \"RSL\"\nroles = [\"sekreterare\"]\n\
                                [[body]]\nname = \"RPO A\"\nkind = \"rpo\"\n\
                                [[body]]\nid = \"rsl\"\nname = \"RSL\"\nkind = \"rsl\"\n";

    fn load_with(files: &[(&str, &str)]) -> Result<Workflows, Faults> {
        let mut all = vec![SourceFile::new("organisation.toml", ORGANISATION)];
        all.extend(files.iter().map(|(path, text)| SourceFile::new(*path, *text)));
        load_all(&all).map(|(_, workflows)| workflows)
    }

    fn told(files: &[(&str, &str)]) -> Vec<String> {
        load_with(files).err().into_iter().flatten().map(|fault| fault.to_string()).collect()
    }

    #[test]
    fn a_whole_file_becomes_what_it_says() {
        let text = r#"
            title = "Möten"
            for = ["rpo-a", "RSL"]
            feed = "moten"

            [[meeting]]
            id = "mote"
            title = "Möte"
            place = "Linköping"
            dates = [2026-10-15, { start = 2025-10-15T13:00:00, end = 2025-10-16T12:00:00, status = "tentative" }]
            expected = ["2027-Q4", "2024-Q1"]

            [[step]]
            id = "fraga"
            on = "mote"
            ask = "Ärenden till {title}?"
            to = ["rpo/Ordförande", "rsl/sekreterare"]
            when = "2 weeks before start"
            due = "1 workday before end"
            answered-by = "anyone"
            answers = { z = "Först", a = { label = "Sist" } }
        "#;
        let workflows = load_with(&[("a/b.toml", text)]).unwrap();
        let workflow = &workflows.0[&WorkflowId::from("a/b")];
        assert_eq!(workflow.scope, Scope::Bodies(vec!["rpo-a".into(), "rsl".into()]));
        let When::Listed { dates, expected } = &workflow.entries[0].when else { panic!("no list") };
        assert_eq!(expected, &[(2024, 1), (2027, 4)]);
        assert!(matches!(dates[0].span, Span::Timed { .. }) && matches!(dates[1].span, Span::AllDay { .. }));
        assert_eq!((dates[0].status, dates[1].status), (model::Status::Tentative, model::Status::Confirmed));
        let step = &workflow.steps[0];
        let offset = step.when.offset.unwrap();
        assert_eq!((offset.count, offset.unit, offset.side), (2, Unit::Weeks, Side::Before));
        assert_eq!(step.when.anchor, Anchor::Start);
        assert_eq!(step.to[0], Recipient::Role { of: RoleOf::Kind("rpo".into()), role: "ordforande".into() });
        assert_eq!(
            step.to[1],
            Recipient::Role { of: RoleOf::Body("rsl".into()), role: "sekreterare".into() }
        );
        let ask = step.ask.as_ref().unwrap();
        assert_eq!(ask.settled_by, SettledBy::Anyone);
        let answers: Vec<_> = ask.answers.iter().map(|answer| answer.label.as_str()).collect();
        assert_eq!(answers, ["Först", "Sist"], "in the order of the file, not of the alphabet");
    }

    #[test]
    fn a_watch_becomes_what_it_says() {
        let text = r#"
            title = "Punkter"
            for = "rpo"

            [[watch]]
            id = "rod"
            items = { health = "rod", phase = "pagar", owner = false }
            ask = "Hur går {item}?"
            to = ["owner", "processtöd"]
            first = "at once"
            every = "2 weeks"
            limit = 3
            answers = { bra = { label = "Bra", health = "gron", phase = "avslutad", rest = "1 month" } }
            then = { to = "ordförande", tell = "Ingen svarar om {item}" }
        "#;
        let workflows = load_with(&[("punkter.toml", text)]).unwrap();
        let watch = &workflows.0[&WorkflowId::from("punkter")].watches[0];
        assert_eq!(
            (watch.about.health, watch.about.phases.as_slice()),
            (Some(Health::Red), &[Phase::Ongoing][..])
        );
        assert_eq!((watch.about.owned, watch.limit), (Some(false), Some(3)));
        let fortnight = Interval { count: 2, unit: Unit::Weeks };
        assert_eq!(watch.schedule, Schedule::Series { first: None, every: Some(fortnight) });
        assert_eq!(watch.to[0], Recipient::Owner);
        assert_eq!(watch.answers[0].rest.unwrap().count, 1);
        assert_eq!(watch.answers[0].phase, Some(Phase::Done));
        assert_eq!(watch.hand_over.as_ref().unwrap().to.len(), 1);
    }

    #[test]
    fn the_faults_of_all_files_come_at_once() {
        let wrong = "title = \"X\"\nfor = \"rop\"\n";
        assert_eq!(
            told(&[("b.toml", wrong), ("a.toml", "titel = \"X\"\n"), ("Å b.toml", "title = \"X\"\n")]),
            [
                "a.toml:1:1: missing key `title`, add `title = \"...\"`",
                "a.toml:1:1: unknown key `titel`, did you mean `title`?",
                "b.toml:2:7: there is no body and no kind `rop`, did you mean `rpo`?",
                "Å b.toml:1:1: the file's name has other signs than a-z, digits and hyphens, \
                 call it `a-b.toml`",
            ]
        );
    }

    #[test]
    fn a_file_in_another_encoding_is_told_where() {
        let faults = told(&[("a.toml", "title = \"M\u{fffd}te\"\n")]);
        assert_eq!(faults, ["a.toml:1:11: the file isn't UTF-8, save it as UTF-8 in your editor"]);
    }

    #[test]
    fn a_file_without_a_fault_is_not_loaded_beside_one_that_has() {
        let files = [("a.toml", "title = \"A\"\n"), ("b.toml", "title = 1\n")];
        assert_eq!(told(&files), ["b.toml:1:9: `title` is a whole number, write text in quotes"]);
    }

    #[test]
    fn opens_and_start_are_the_same_day() {
        for (word, anchor) in [
            ("start", Anchor::Start),
            ("opens", Anchor::Start),
            ("end", Anchor::End),
            ("closes", Anchor::End),
            ("expected", Anchor::Expected),
            ("due", Anchor::Due),
            ("fraga", Anchor::Answered("fraga".into())),
            ("fraga.due", Anchor::DueOf("fraga".into())),
        ] {
            assert_eq!(forms::read_moment(word), Ok(Moment { offset: None, anchor }));
        }
    }
}
