//! The workflow files that come with the program.
//!
//! What is national is for everybody; beside it there is a folder for each sjukvårdsregion that somebody has
//! written one for. An installation has one of them.

use super::SourceFile;

macro_rules! files {
    ($($path:literal),* $(,)?) => {
        &[$(($path, include_str!(concat!("../../workflows/", $path)))),*]
    };
}

/// Path and content of every file in `workflows/`; a test compares the list with the folder.
const FILES: &[(&str, &str)] = files!(
    "mellansverige/organisation.toml",
    "mellansverige/remisser.toml",
    "mellansverige/samverkansnamnden.toml",
    "nationell/organisation.toml",
    "nationell/remisser.toml",
    "nationell/synpunktsinhamtningar.toml",
    "sydostra/ad-hoc-remisser.toml",
    "sydostra/dialogforum.toml",
    "sydostra/dispens.toml",
    "sydostra/efter-remiss.toml",
    "sydostra/fraga.toml",
    "sydostra/grupp.toml",
    "sydostra/handlingsplan.toml",
    "sydostra/kunskapsrad.toml",
    "sydostra/minnesanteckningar.toml",
    "sydostra/motestider.toml",
    "sydostra/nhv.toml",
    "sydostra/nomineringar.toml",
    "sydostra/organisation.toml",
    "sydostra/punkter.toml",
    "sydostra/rag-rapporter.toml",
    "sydostra/rag.toml",
    "sydostra/remisser.toml",
    "sydostra/rpo.toml",
    "sydostra/rsl.toml",
    "sydostra/statusrunda.toml",
    "sydostra/synpunkter.toml",
    "sydostra/uppdrag.toml",
    "sydostra/veckobrev.toml",
);

/// The folder of what is the same for the whole country.
const NATIONAL: &str = "nationell";

/// The sjukvårdsregion whose files are in force where nothing is configured.
pub const DEFAULT_REGION: &str = "sydostra";

/// The files that are in force where nothing is configured, as they were when the program was built.
#[must_use]
pub fn shipped() -> Vec<SourceFile> {
    shipped_of(DEFAULT_REGION)
}

/// The files of one sjukvårdsregion, by the name of its folder, and what is national. Only the latter where there
/// is no such folder, see [`shipped_regions`].
#[must_use]
pub fn shipped_of(region: &str) -> Vec<SourceFile> {
    select(|folder| folder == NATIONAL || folder == region)
}

/// Every file of `workflows/`: several sjukvårdsregioner side by side.
#[must_use]
pub fn all_shipped() -> Vec<SourceFile> {
    select(|_| true)
}

/// The folders of the sjukvårdsregioner that there are files for, in the order of their names.
#[must_use]
pub fn shipped_regions() -> Vec<&'static str> {
    let mut regions: Vec<&str> = FILES.iter().map(|(path, _)| folder(path)).collect();
    regions.retain(|folder| *folder != NATIONAL);
    regions.dedup();
    regions
}

fn select(wanted: impl Fn(&str) -> bool) -> Vec<SourceFile> {
    let files = FILES.iter().filter(|(path, _)| wanted(folder(path)));
    files.map(|(path, text)| SourceFile::new(*path, *text)).collect()
}

fn folder(path: &str) -> &str {
    path.split('/').next().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use jiff::civil::Date;

    use super::shipped;
    use crate::ids::{StepId, WorkflowId};
    use crate::organisation::Organisation;
    use crate::workflow::load_all;
    use crate::workflow::model::{
        Anchor, EntryKind, Moment, Recipient, RoleOf, Scope, Span, Step, When, Workflow, Workflows,
    };
    use crate::workflow::window::window;

    fn all() -> (Organisation, Workflows) {
        load_all(&shipped()).unwrap()
    }

    fn workflow(id: &str) -> Workflow {
        all().1.0.remove(&WorkflowId::from(id)).unwrap()
    }

    fn step<'a>(workflow: &'a Workflow, id: &str) -> &'a Step {
        workflow.steps.iter().find(|step| step.id == StepId::from(id)).unwrap()
    }

    /// Every window that opens in the years, by published override or by rule.
    fn windows(workflow: &Workflow, years: std::ops::RangeInclusive<i16>) -> Vec<String> {
        let mut windows = Vec::new();
        for year in years {
            for entry in &workflow.entries {
                let When::Window { opens, closes, overrides } = &entry.when else { panic!("{}", entry.id) };
                let (first, last) = window(*opens, *closes, year);
                let given = overrides.get(&year);
                let first = given.and_then(|given| given.opens).unwrap_or(first);
                let last = given.and_then(|given| given.closes).unwrap_or(last);
                windows.push(format!("{first} {last}"));
            }
        }
        windows
    }

    #[test]
    fn the_rounds_open_and_close_on_the_days_they_did() {
        assert_eq!(
            windows(&workflow("nationell/remisser"), 2022..=2025),
            [
                "2022-02-15 2022-04-14",
                "2022-04-19 2022-06-14",
                "2022-09-15 2022-11-14",
                "2022-11-15 2023-02-14",
                "2023-02-15 2023-04-14",
                "2023-04-17 2023-06-14",
                "2023-09-15 2023-11-14",
                "2023-11-15 2024-02-14",
                "2024-02-15 2024-04-12",
                "2024-04-15 2024-06-14",
                "2024-09-16 2024-11-14",
                "2024-11-15 2025-02-14",
                "2025-02-17 2025-04-14",
                "2025-04-15 2025-06-13",
                "2025-09-15 2025-11-14",
                "2025-11-17 2026-02-13",
            ]
        );
        let extended = windows(&workflow("nationell/remisser"), 2020..=2020);
        assert_eq!(extended.last().unwrap(), "2020-11-16 2021-02-15");
        assert_eq!(
            windows(&workflow("nationell/remisser"), 2028..=2028)[..2],
            ["2028-02-15 2028-04-13", "2028-04-18 2028-06-14"]
        );
    }

    #[test]
    fn there_are_eight_synpunktsinhamtningar_a_year() {
        let windows = windows(&workflow("nationell/synpunktsinhamtningar"), 2025..=2025);
        assert_eq!(windows.len(), 8);
        assert_eq!(windows[3], "2025-05-02 2025-05-30");
        assert_eq!(windows[7], "2025-12-01 2026-01-29");
    }

    /// The day of a moment in a round, when every question is answered on the day it is asked.
    fn day(workflow: &Workflow, own: &Step, moment: &Moment, round: (Date, Date)) -> Date {
        let anchor = match &moment.anchor {
            Anchor::Start => round.0,
            Anchor::End => round.1,
            Anchor::Due => day(workflow, own, &own.ask.as_ref().unwrap().due, round),
            Anchor::DueOf(id) => {
                let of = step(workflow, id.as_str());
                day(workflow, of, &of.ask.as_ref().unwrap().due, round)
            }
            Anchor::Answered(id) => {
                let of = step(workflow, id.as_str());
                day(workflow, of, &of.when, round)
            }
            Anchor::Expected | Anchor::Share(_) => panic!("{}", own.id),
        };
        moment.offset.map_or(anchor, |offset| offset.apply(anchor))
    }

    #[test]
    fn a_round_is_worked_on_its_golden_days() {
        let remisser = workflow("sydostra/remisser");
        let days = |round: (Date, Date)| {
            let mut days = BTreeSet::new();
            // What is told, and what is asked before the round is worked on, is not in the table.
            for step in remisser.steps.iter().filter(|s| !["lista", "fordela"].contains(&s.id.as_str())) {
                let Some(ask) = &step.ask else { continue };
                let rungs = ask.escalate.iter().chain(&ask.alarm).map(|rung| &rung.when);
                let all = std::iter::once(&step.when).chain(&ask.remind).chain(rungs);
                days.extend(all.map(|moment| day(&remisser, step, moment, round).to_string()));
            }
            days.into_iter().collect::<Vec<_>>()
        };
        let round = (Date::constant(2025, 9, 15), Date::constant(2025, 11, 14));
        assert_eq!(
            days(round),
            [
                "2025-09-15", // T0
                "2025-10-10", // I-10
                "2025-10-17", // I-5
                "2025-10-23", // I-1
                "2025-10-24", // I
                "2025-10-27", // I+1
                "2025-10-30", // the day before D-10: consequences for the system
                "2025-10-31", // D-10
                "2025-11-05", // D-7
                "2025-11-13", // D-1
                "2025-11-14", // D
            ]
        );
        let skicka = step(&remisser, "skicka");
        let target = day(&remisser, skicka, &skicka.ask.as_ref().unwrap().due, round);
        assert_eq!(target.to_string(), "2025-11-12");
        let inhamta = step(&remisser, "inhamta");
        let rsl = Recipient::Role { of: RoleOf::Body("rsl".into()), role: "stab".into() };
        assert_eq!(skicka.to, [rsl]);
        let role = |of, role: &str| Recipient::Role { of, role: role.into() };
        let kind = |kind: &str| RoleOf::Kind(kind.into());
        let asked = [
            role(RoleOf::Own, "ledamot"),
            role(kind("rag"), "ordforande"),
            role(kind("region"), "funktionsbrevlada"),
        ];
        assert_eq!(inhamta.to, asked);
        let first = &step(&remisser, "fordela").ask.as_ref().unwrap().answers[0];
        assert_eq!(first.id.as_str(), "samordnas", "the plan assumes a gate's first answer");
        assert_eq!(inhamta.gate.as_ref().unwrap().answers.first(), Some(&first.id));
    }

    #[test]
    fn rsl_meets_six_times_and_prepares_from_the_first_day() {
        let rsl = workflow("sydostra/rsl");
        assert_eq!(rsl.scope, Scope::Bodies(vec!["rsl".into()]));
        let mut spans = Vec::new();
        for entry in rsl.entries.iter().filter(|entry| entry.when != When::ByHand) {
            let When::Listed { dates, expected } = &entry.when else { panic!("{}", entry.id) };
            assert!(expected.is_empty() && entry.kind == EntryKind::Meeting);
            let Span::AllDay { first, last } = dates[0].span else { panic!("{}", entry.id) };
            spans.push((first, last));
        }
        assert_eq!(spans.len(), 6);
        assert_eq!(spans[4], (Date::constant(2025, 10, 15), Date::constant(2025, 10, 16)));
        let asked = step(&rsl, "arenden");
        assert_eq!(day(&rsl, asked, &asked.when, spans[4]).to_string(), "2025-09-17");
        assert_eq!(day(&rsl, asked, &asked.ask.as_ref().unwrap().due, spans[4]).to_string(), "2025-10-01");
        let after = step(&rsl, "beslut");
        assert_eq!(day(&rsl, after, &after.when, spans[4]).to_string(), "2025-10-17");
    }

    #[test]
    fn the_councils_meet_together_once_and_each_in_three_quarters() {
        let (organisation, mut workflows) = all();
        let kunskapsrad = workflows.0.remove(&WorkflowId::from("sydostra/kunskapsrad")).unwrap();
        let joint = &kunskapsrad.entries[0];
        assert_eq!(joint.prepared_as, Some(WorkflowId::from("sydostra/rsl")));
        assert_eq!(joint.scope.as_ref().unwrap_or(&kunskapsrad.scope), &Scope::Once);
        let own = kunskapsrad.entries.iter().filter(|entry| entry.scope.is_some());
        let own: Vec<_> = own.filter(|entry| entry.when != When::ByHand).collect();
        assert_eq!(own.len(), 3);
        let councils = organisation.related(None, &"kunskapsrad".into());
        assert_eq!(own.len() * councils.len() + 1, 13);
        let of_md = organisation.ancestors(&"rpo-medicinsk-diagnostik".into());
        assert!(of_md.contains(&"kunskapsrad-diagnostik-och-sinnen".into()) && of_md.contains(&"rsl".into()));
        assert_eq!(organisation.descendants(&"rpo-medicinsk-diagnostik".into()).len(), 5);
        assert_eq!(organisation.find("RAG IT").unwrap().id.as_str(), "rag-laboratoriemedicin-it");
    }
}
