//! The working year as the files have it: every file loads, and each workflow's moments are on the days that were
//! worked out by hand. The days are those of the calendar, before a quiet period stretches a ladder.

#![cfg(test)]

use std::collections::BTreeSet;

use arshjul::calendar::{QuietPeriods, civil, instant, window_of_day};
use arshjul::ids::StepId;
use arshjul::organisation::Organisation;
use arshjul::people::{Holder, People, Person};
use arshjul::plan::model::{Facts, MessageKind, Starts};
use arshjul::plan::moments::{Anchored, Natural, Steps, natural};
use arshjul::plan::occasions::occasions;
use arshjul::plan::{Assume, Window, plan};
use arshjul::rules::Rules;
use arshjul::workflow::model::{
    Does, GateOf, Interval, Moment, Per, Recipient, RoleOf, Schedule, SettledBy, Span, Step, Takes, Watch,
    Workflow, Workflows,
};
use arshjul::workflow::{all_shipped, load_all, shipped, shipped_of, shipped_regions};
use jiff::Timestamp;
use jiff::civil::{Date, date, time};

fn files() -> (Organisation, Workflows) {
    load_all(&all_shipped()).unwrap()
}

fn workflow(id: &str) -> Workflow {
    files().1.0.remove(&id.into()).unwrap_or_else(|| panic!("no {id}"))
}

fn step<'a>(workflow: &'a Workflow, id: &str) -> &'a Step {
    workflow
        .steps
        .iter()
        .find(|s| s.id.as_str() == id)
        .unwrap_or_else(|| panic!("no {id} in {}", workflow.id))
}

/// One occasion in whose steps every question is answered on the day it is asked.
struct At<'a> {
    workflow: &'a Workflow,
    on: Anchored,
}

impl<'a> At<'a> {
    fn days(workflow: &'a Workflow, first: Date, last: Date) -> Self {
        Self { workflow, on: Anchored::Dated(Span::AllDay { first, last }) }
    }

    fn day(workflow: &'a Workflow, day: Date) -> Self {
        Self::days(workflow, day, day)
    }

    fn quarter(workflow: &'a Workflow, first: Date) -> Self {
        Self { workflow, on: Anchored::Expected(first) }
    }

    fn moment(&self, moment: &Moment, due: Option<Date>) -> Date {
        natural(moment, self.on, due, self).unwrap().day()
    }

    /// A step's days: `0` when it is said, `r` reminders, `due`, `e` escalations, `a` alarms.
    fn said(&self, id: &str) -> String {
        let step = step(self.workflow, id);
        let mut days = vec![format!("0 {}", self.moment(&step.when, self.due(&step.id)))];
        if let Some(ask) = &step.ask {
            let due = self.due(&step.id);
            days.extend(ask.remind.iter().map(|m| format!("r {}", self.moment(m, due))));
            days.extend(due.map(|due| format!("due {due}")));
            days.extend(ask.escalate.iter().map(|rung| format!("e {}", self.moment(&rung.when, due))));
            days.extend(ask.alarm.iter().map(|rung| format!("a {}", self.moment(&rung.when, due))));
        }
        days.join(", ")
    }
}

impl Steps for At<'_> {
    fn due(&self, id: &StepId) -> Option<Date> {
        let ask = step(self.workflow, id.as_str()).ask.as_ref()?;
        natural(&ask.due, self.on, None, self).map(Natural::day)
    }

    fn answered(&self, id: &StepId) -> Option<Timestamp> {
        let asked = step(self.workflow, id.as_str());
        Some(instant(self.moment(&asked.when, self.due(id)), time(8, 0, 0, 0)))
    }
}

fn role(of: RoleOf, role: &str) -> Recipient {
    Recipient::Role { of, role: role.into() }
}

fn kind(kind: &str) -> RoleOf {
    RoleOf::Kind(kind.into())
}

#[test]
fn each_sjukvardsregion_loads_alone_and_all_load_together() {
    assert_eq!(shipped_regions(), ["mellansverige", "sydostra"]);
    for region in shipped_regions() {
        let (organisation, workflows) = load_all(&shipped_of(region)).unwrap();
        assert!(
            workflows
                .0
                .keys()
                .all(|id| id.as_str().starts_with(region) || id.as_str().starts_with("nationell"))
        );
        assert!(organisation.decision.is_some() && organisation.contact.is_some(), "{region}");
    }
    assert_eq!(shipped(), shipped_of("sydostra"), "where nothing is configured");
    assert_eq!(files().1.0.len(), 29 - 3, "every file that is no organisation is a workflow");
    assert!(shipped_of("finns-inte").iter().all(|file| file.path.starts_with("nationell/")));
}

#[test]
fn the_regions_are_above_every_group_and_the_groups_stand_in_for_their_own() {
    let (organisation, _) = files();
    for group in ["rag-patologi", "rpo-medicinsk-diagnostik", "rsl", "rsl-arbetsutskott"] {
        let regions = organisation.related(Some(&group.into()), &"region".into());
        let shorts: BTreeSet<&str> = regions.iter().map(|region| region.short.as_str()).collect();
        assert_eq!(shorts, BTreeSet::from(["RJL", "RKL", "RÖ"]), "{group}");
    }
    let seven = organisation.related(Some(&"rpo-akut-vard-mellansverige".into()), &"region".into());
    assert_eq!(seven.len(), 7, "and Sydöstra's are not among them");
    let rag = &organisation.kinds[&"rag".into()];
    assert_eq!(rag.stand_ins.first().unwrap().as_str(), "sekreterare");
    let rpo = &organisation.kinds[&"rpo".into()];
    assert_eq!(rpo.stand_ins.first().unwrap().as_str(), "processtod");
}

/// Forwarded; the first, second and last reminder; own last day; compiled; with RSL; sent; alarm; last day.
#[rustfmt::skip]
const ROUNDS: [[&str; 10]; 5] = [
    ["2024-11-15", "2025-01-10", "2025-01-17", "2025-01-23", "2025-01-24", "2025-01-31", "2025-02-05", "2025-02-12", "2025-02-13", "2025-02-14"],
    ["2025-02-17", "2025-03-10", "2025-03-17", "2025-03-21", "2025-03-24", "2025-03-31", "2025-04-03", "2025-04-10", "2025-04-11", "2025-04-14"],
    ["2025-04-15", "2025-05-07", "2025-05-14", "2025-05-20", "2025-05-21", "2025-05-28", "2025-06-03", "2025-06-11", "2025-06-12", "2025-06-13"],
    ["2025-09-15", "2025-10-10", "2025-10-17", "2025-10-23", "2025-10-24", "2025-10-31", "2025-11-05", "2025-11-12", "2025-11-13", "2025-11-14"],
    ["2025-11-17", "2026-01-09", "2026-01-16", "2026-01-22", "2026-01-23", "2026-01-30", "2026-02-04", "2026-02-11", "2026-02-12", "2026-02-13"],
];

#[test]
fn a_round_is_listed_assigned_asked_compiled_and_sent_on_its_days() {
    let remisser = workflow("sydostra/remisser");
    for [t0, first, second, last, own, compiled, rsl, sent, alarm, closes] in ROUNDS {
        let at = At::days(&remisser, t0.parse().unwrap(), closes.parse().unwrap());
        let asked = at.said("inhamta");
        let expected = format!("0 {t0}, r {first}, r {second}, r {last}, r {own}, due {own}, e ");
        assert!(asked.starts_with(&expected), "{asked} is not {expected}");
        assert!(at.said("sammanstall").ends_with(&format!("due {compiled}, e {compiled}")));
        assert_eq!(at.said("till-rsl"), format!("0 {compiled}, due {rsl}, e {rsl}"));
        assert_eq!(at.said("skicka"), format!("0 {rsl}, due {sent}, a {alarm}, a {closes}"));
    }
    let autumn = At::days(&remisser, date(2025, 9, 15), date(2025, 11, 14));
    assert_eq!(autumn.said("lista"), "0 2025-09-15, r 2025-09-17, due 2025-09-17, e 2025-09-19");
    assert_eq!(autumn.said("fordela"), "0 2025-09-15, r 2025-09-18, r 2025-09-22, due 2025-09-22");
    // What is said of the whole system is with the council before the draft is ready.
    assert_eq!(autumn.said("konsekvenser"), "0 2025-10-27, r 2025-10-30, due 2025-10-30");
    for own in remisser.steps.iter().filter(|s| s.id.as_str() != "lista") {
        assert_eq!(own.per, Per::Listed, "{} is said once for each remiss", own.id);
    }
}

#[test]
fn everyone_concerned_is_asked_for_comments_and_whoever_answered_is_thanked() {
    let remisser = workflow("sydostra/remisser");
    let asked = step(&remisser, "inhamta");
    let ask = asked.ask.as_ref().unwrap();
    let does: Vec<(&str, Does)> = ask.answers.iter().map(|a| (a.id.as_str(), a.does)).collect();
    let expected = [
        ("synpunkter", Does::Settle),
        ("inga", Does::Settle),
        ("avstar", Does::Settle),
        ("separat", Does::Settle),
        ("mer-tid", Does::MoreTime),
        ("fel", Does::PassOn),
        ("hjalp", Does::Help),
    ];
    assert_eq!(does, expected);
    assert_eq!(ask.answers[0].takes, [Takes::Text, Takes::Link, Takes::File]);
    assert!(asked.to.contains(&role(kind("region"), "funktionsbrevlada")));
    let told = &ask.told[1];
    assert_eq!(told.mark.as_ref().unwrap().as_str(), "oense");
    assert_eq!(told.to, [role(kind("kunskapsrad"), "ordforande"), role(RoleOf::Body("rsl".into()), "stab")]);
    let tack = step(&remisser, "tack");
    assert_eq!((&tack.to, tack.gate.as_ref().unwrap().of), (&asked.to, GateOf::Same));
    assert_eq!(tack.gate.as_ref().unwrap().step.as_str(), "inhamta");
    let decided = remisser.decided_by.as_ref().unwrap();
    assert_eq!((decided.meetings.as_str(), decided.papers.count), ("sydostra/rsl", 5));
}

#[test]
fn a_remiss_outside_the_rounds_gives_the_group_three_fifths_and_at_least_five_workdays() {
    let other = workflow("sydostra/ad-hoc-remisser");
    let month = At::days(&other, date(2025, 3, 3), date(2025, 3, 28));
    assert!(month.said("inhamta").contains("due 2025-03-18"), "{}", month.said("inhamta"));
    let short = At::days(&other, date(2025, 3, 3), date(2025, 3, 11));
    assert!(short.said("inhamta").contains("due 2025-03-10"), "{}", short.said("inhamta"));
}

#[test]
fn a_synpunktsinhamtning_goes_to_the_regions_seven_workdays_before_its_end() {
    let synpunkter = workflow("sydostra/synpunkter");
    let at = At::days(&synpunkter, date(2025, 9, 1), date(2025, 9, 29));
    let asked = "0 2025-09-01, r 2025-09-15, r 2025-09-18, due 2025-09-18, e 2025-09-19";
    assert_eq!(at.said("svara"), asked);
    let svara = step(&synpunkter, "svara");
    assert_eq!((svara.to.len(), svara.ask.as_ref().unwrap().settled_by), (3, SettledBy::Body));
}

#[test]
fn only_a_region_with_a_gap_is_asked_for_a_plan() {
    let adopted = workflow("sydostra/efter-remiss");
    let gate = step(&adopted, "plan").gate.as_ref().unwrap();
    assert_eq!((gate.step.as_str(), gate.of), ("glapp", GateOf::Same));
    assert_eq!(gate.answers, ["glapp".into()]);
    for asked in ["glapp", "plan"] {
        assert_eq!(step(&adopted, asked).ask.as_ref().unwrap().settled_by, SettledBy::Body, "{asked}");
    }
}

/// Meeting; asked; last day; papers.
const MEETINGS: [[&str; 4]; 7] = [
    ["2025-02-12", "2025-01-15", "2025-01-29", "2025-02-05"],
    ["2025-04-10", "2025-03-13", "2025-03-27", "2025-04-03"],
    ["2025-05-13", "2025-04-10", "2025-04-28", "2025-05-06"],
    ["2025-09-19", "2025-08-22", "2025-09-05", "2025-09-12"],
    ["2025-09-26", "2025-08-29", "2025-09-12", "2025-09-19"],
    ["2025-10-15", "2025-09-17", "2025-10-01", "2025-10-08"],
    ["2025-11-20", "2025-10-23", "2025-11-06", "2025-11-13"],
];

#[test]
fn rsl_is_prepared_on_its_days() {
    let rsl = workflow("sydostra/rsl");
    for [meeting, asked, due, papers] in MEETINGS {
        let at = At::day(&rsl, meeting.parse().unwrap());
        let said = at.said("arenden");
        assert!(said.starts_with(&format!("0 {asked}, ")) && said.contains(&format!("due {due}")), "{said}");
        assert_eq!(at.said("handlingar"), format!("0 {papers}"));
    }
    let two_days = At::days(&rsl, date(2025, 10, 15), date(2025, 10, 16));
    let asked = "0 2025-09-17, r 2025-09-26, r 2025-09-30, due 2025-10-01, e 2025-10-02, e 2025-10-03";
    assert_eq!(two_days.said("arenden"), asked);
    assert_eq!(
        (two_days.said("beslut"), two_days.said("anteckningar")),
        ("0 2025-10-17".to_owned(), "0 2025-10-30".to_owned())
    );
    assert_eq!(
        step(&rsl, "arenden").ask.as_ref().unwrap().settled_by,
        SettledBy::Body,
        "a group answers once"
    );
}

#[test]
fn a_council_is_prepared_from_fifteen_workdays_before() {
    let councils = workflow("sydostra/kunskapsrad");
    let at = At::day(&councils, date(2025, 3, 20));
    let asked = "0 2025-02-27, r 2025-03-11, r 2025-03-13, due 2025-03-13, e 2025-03-14";
    assert_eq!(at.said("lagesbild"), asked);
    assert_eq!(
        (at.said("underlag"), at.said("utfall")),
        ("0 2025-03-13".to_owned(), "0 2025-03-24".to_owned())
    );
    assert_eq!(at.said("punkter"), "0 2025-03-13");
    let undated = At::quarter(&councils, date(2025, 4, 1));
    assert_eq!(undated.said("datum"), "0 2025-03-04, r 2025-03-18, due 2025-04-01");
}

#[test]
fn a_status_round_opens_ten_workdays_before_the_meeting() {
    let round = workflow("sydostra/statusrunda");
    let at = At::day(&round, date(2023, 2, 6));
    assert_eq!(at.said("status"), "0 2023-01-23, r 2023-01-30, r 2023-02-02, due 2023-02-02, e 2023-02-08");
    assert_eq!(
        (at.said("dagordning"), at.said("lage")),
        ("0 2023-01-30".to_owned(), "0 2023-02-03".to_owned())
    );
    assert_eq!(at.said("facit"), "0 2023-02-08", "what was written at the meeting counts");
    let outcome = "0 2023-02-08, r 2023-02-13, r 2023-02-20, due 2023-02-20, e 2023-02-21";
    assert_eq!(at.said("utfall"), outcome, "each item that waited for the meeting asks for its outcome");
    let status = step(&round, "status");
    assert_eq!((status.per, status.to.as_slice()), (Per::Item, &[Recipient::Owner][..]));
    let ask = status.ask.as_ref().unwrap();
    assert_eq!((ask.settled_by, ask.entry_answers), (SettledBy::Owners, true));
    assert_eq!(ask.escalate.iter().map(|rung| rung.silent_rounds).collect::<Vec<_>>(), [Some(2)]);
    let asks = workflow("sydostra/rpo");
    assert_eq!(At::quarter(&asks, date(2025, 1, 1)).said("datum").split(',').next(), Some("0 2024-11-29"));
}

#[test]
fn every_state_of_an_item_has_its_schedule() {
    let items = workflow("sydostra/punkter");
    let told: Vec<String> = items.watches.iter().map(|w| format!("{}: {}", w.id, schedule(w))).collect();
    let expected = [
        "uppdrag: at once, then 20 Workdays",
        "utan-agare: at once, then 10 Workdays, 2 times, then ordforande",
        "utan-datum: at once, then 40 Workdays, 2 times, then processtod",
        "ej-paborjad: 20 workdays after, then 20 Workdays, 3 times, then processtod ordforande",
        "tidsgrans: 6 Months 3 Months 1 Months before the deadline",
        "tidsgrans-uppdrag: 6 Months 3 Months 1 Months before the deadline",
        "lovad: at once, then 20 Workdays, 3 times, then processtod ordforande",
        "ej-beslutad: 10 Workdays before each meeting, 3 times, then ordforande",
        "vilande: 03-01 09-01",
        "inaktuell: at once",
        "datum-passerat: 3 workdays after, then 20 Workdays, 2 times, then processtod",
        "planerat: 2 workdays after, then 10 Workdays, 2 times, then processtod",
        "rod: at once",
        "rod-veckovis: 5 workdays after, then 5 Workdays",
        "utan-avslut: at once",
        "utan-avslut-och-agare: at once",
        "utan-uppfoljning: 04-15 11-15",
    ];
    assert_eq!(told, expected);
    // Whoever shall get an assignment isn't asked before it is confirmed.
    let to_owner = |w: &&Watch| w.to.contains(&Recipient::Owner);
    let watches = items.watches.iter().filter(to_owner);
    let asked: Vec<_> =
        watches.filter(|w| w.about.unassigned != Some(false)).map(|w| w.id.as_str()).collect();
    assert_eq!(
        asked,
        ["vilande", "rod", "utan-avslut"],
        "those are asked of others too, or are about what is done"
    );
}

fn schedule(watch: &Watch) -> String {
    let length = |length: &Interval| format!("{} {:?}", length.count, length.unit);
    let mut told = match &watch.schedule {
        Schedule::Series { first, every } => {
            let first = first.map_or_else(|| "at once".to_owned(), |first| first.to_string());
            let every = every.as_ref().map(|every| format!(", then {}", length(every)));
            format!("{first}{}", every.unwrap_or_default())
        }
        Schedule::Yearly(days) => days.iter().map(ToString::to_string).collect::<Vec<_>>().join(" "),
        Schedule::Meetings(before) => format!("{} before each meeting", length(before)),
        Schedule::Deadline(before) => {
            format!("{} before the deadline", before.iter().map(length).collect::<Vec<_>>().join(" "))
        }
    };
    if let (Some(limit), Some(then)) = (watch.limit, &watch.hand_over) {
        let role = |to: &Recipient| match to {
            Recipient::Role { role, .. } => role.to_string(),
            other => format!("{other:?}"),
        };
        let to: Vec<String> = then.to.iter().map(role).collect();
        told.push_str(&format!(", {limit} times, then {}", to.join(" ")));
    }
    told
}

#[test]
fn the_groups_report_by_the_last_workday_of_january() {
    let reports = workflow("sydostra/rag-rapporter");
    let at = At::day(&reports, date(2025, 1, 31));
    let asked = "0 2024-12-12, r 2025-01-17, r 2025-01-24, r 2025-01-30, due 2025-01-31, \
                 e 2025-01-31, e 2025-02-03, e 2025-02-05, e 2025-02-07";
    assert_eq!(at.said("rapport"), asked);
    assert_eq!(
        due_days("sydostra/rag-rapporter", "rapport", 2023..=2026),
        ["2023-01-31", "2024-01-31", "2025-01-31", "2026-01-30"]
    );
    // Then the year's first meeting decides.
    let meeting = At::day(&reports, date(2025, 2, 20));
    assert_eq!(meeting.said("underlag"), "0 2025-02-13");
    assert!(step(&reports, "beslut").on.iter().all(|on| on.as_str() == "mote-1"));
}

/// The days on which a yearly deadline or the end of a yearly period falls.
fn due_days(workflow: &str, entry: &str, years: std::ops::RangeInclusive<i16>) -> Vec<String> {
    let rules = Rules::load(&shipped(), QuietPeriods::none()).unwrap();
    let facts = Facts::default();
    let (from, until) = (date(*years.start(), 1, 1), date(*years.end(), 12, 31));
    let all = occasions(&rules.world(&facts), from, until);
    let of = all.iter().filter(|o| o.at.workflow.as_str() == workflow && o.at.id.entry.as_str() == entry);
    of.map(|o| o.span.last().to_string()).collect()
}

#[test]
fn a_dialogforum_begins_thirty_workdays_before() {
    let forum = workflow("sydostra/dialogforum");
    let at = At::day(&forum, date(2023, 10, 13));
    assert_eq!(at.said("boka"), "0 2023-09-01");
    assert_eq!(at.said("status"), "0 2023-09-22, r 2023-10-06, due 2023-10-11, e 2023-10-12");
    assert_eq!((at.said("program"), at.said("logg")), ("0 2023-10-11".to_owned(), "0 2023-10-17".to_owned()));
    assert!(at.said("anteckningar").ends_with("due 2023-10-27"));
    // The first of February is a Saturday in 2025.
    assert!(At::quarter(&forum, date(2025, 4, 1)).said("datum").starts_with("0 2025-01-31"));
    assert!(At::quarter(&forum, date(2025, 10, 1)).said("datum").starts_with("0 2025-08-01"));
}

#[test]
fn the_plan_is_revised_from_october_to_the_last_workday_before_the_twentieth_of_december() {
    let revision = workflow("sydostra/handlingsplan");
    assert_eq!(
        due_days("sydostra/handlingsplan", "revidering", 2024..=2026),
        ["2024-12-19", "2025-12-19", "2026-12-18"]
    );
    let at = At::days(&revision, date(2025, 10, 1), date(2025, 12, 19));
    let asked = "0 2025-10-24, r 2025-10-31, r 2025-11-07, r 2025-11-14, due 2025-11-14, \
                 e 2025-11-17, e 2025-12-05";
    assert_eq!(at.said("punkter"), asked);
    let starts = ["granska", "forankra", "godkann", "publicera"].map(|step| at.said(step)[2..12].to_owned());
    assert_eq!(starts, ["2025-11-14", "2025-11-28", "2025-12-05", "2025-12-12"]);
    assert!(at.said("publicera").contains("due 2025-12-19"));
    let answers = &step(&revision, "punkter").ask.as_ref().unwrap().answers;
    let answers: Vec<&str> = answers.iter().filter(|a| a.does.settles()).map(|a| a.id.as_str()).collect();
    assert_eq!(answers, ["behalls", "andras", "avslutas"]);
}

#[test]
fn next_years_meetings_are_set_from_the_top() {
    let times = workflow("sydostra/motestider");
    let at = At::day(&times, date(2025, 12, 1));
    assert!(at.said("rsl").starts_with("0 2025-09-01") && at.said("rsl").contains("due 2025-10-15"));
    // 1 and 15 November are Saturdays.
    let asked = "0 2025-09-01, r 2025-10-15, r 2025-10-31, r 2025-11-14, due 2025-11-14, e 2025-12-01";
    assert_eq!(at.said("rpo"), asked);
    for (level, above) in [("rad", "rsl"), ("rpo", "rad"), ("rag", "rpo")] {
        let gate = step(&times, level).gate.as_ref().unwrap();
        assert_eq!((gate.step.as_str(), gate.of), (above, GateOf::Above), "{level}");
    }
}

#[test]
fn a_nomination_is_asked_at_once_and_sent_by_its_last_day() {
    let nominations = workflow("sydostra/nomineringar");
    let at = At::days(&nominations, date(2023, 1, 16), date(2023, 2, 28));
    assert_eq!(at.said("kandidat"), "0 2023-01-16, r 2023-02-07, r 2023-02-14, due 2023-02-14, e 2023-02-15");
    assert!(at.said("underlag").contains("due 2023-02-21"), "D-5");
    assert!(at.said("beslut-rsl").contains("due 2023-02-24"), "D-2");
    assert!(at.said("skicka").starts_with("0 2023-02-21, r 2023-02-24, due 2023-02-28"));
    assert_eq!(nominations.decided_by.as_ref().unwrap().otherwise, "RSL:s arbetsutskott via mejl");
    assert_eq!(step(&nominations, "beslut-rpo").on, ["nag".into()]);
}

#[test]
fn a_dispens_is_asked_after_120_days_before_it_ends() {
    let dispens = workflow("sydostra/dispens");
    let at = At::day(&dispens, date(2023, 12, 31));
    // 2 September is a Saturday; the last workday of the year is the 29th.
    let asked = "0 2023-09-01, r 2023-10-02, r 2023-11-01, r 2023-11-16, r 2023-12-01, due 2023-12-01, \
                 e 2023-12-01, a 2023-12-29";
    assert_eq!(at.said("ansok"), asked);
    assert_eq!(at.said("beslut"), "0 2023-12-21, due 2023-12-29, a 2023-12-29");
    assert_eq!(dispens.entries[0].renewed_by, Some("beslut".into()));
    assert_eq!(
        step(&dispens, "ansok").ask.as_ref().unwrap().settled_by,
        SettledBy::Body,
        "each region applies"
    );
}

#[test]
fn three_regions_hear_of_the_dispens_and_the_alarm_is_not_held_back_at_christmas() {
    let rules = Rules::load(&shipped(), QuietPeriods::default()).unwrap();
    let mut people = People::default();
    let holders = [
        ("region-ostergotland", "verksamhetschef", "ro"),
        ("region-jonkopings-lan", "verksamhetschef", "rjl"),
        ("region-kalmar-lan", "verksamhetschef", "rkl"),
        ("rpo-medicinsk-diagnostik", "ordforande", "olle"),
    ];
    for (body, role, id) in holders {
        let address = format!("{id}@example.org");
        people.persons.insert(id.into(), Person { id: id.into(), name: id.to_owned(), address });
        let (body, role, person) = (body.into(), role.into(), id.into());
        people.holders.push(Holder { body, role, person, from: None, until: None, deputy: false });
    }
    let start = instant(date(2023, 8, 1), time(0, 0, 0, 0));
    let facts = Facts { people, starts: Starts::Everything(start), ..Facts::default() };
    let window = Window { from: start, until: instant(date(2024, 1, 31), time(0, 0, 0, 0)) };
    let planned = plan(rules.world(&facts), window, Assume::Nothing);
    let of = |kind: MessageKind, who: &str| -> Vec<String> {
        let of = planned.messages.iter().filter(|m| {
            let dispens =
                m.matter.workflow.as_str() == "sydostra/dispens" && m.matter.step.as_str() == "ansok";
            dispens && m.kind == kind && m.to.as_ref().is_some_and(|to| to.as_str() == who)
        });
        of.map(|m| civil(m.at).date().to_string()).collect()
    };
    for region in ["ro", "rjl", "rkl"] {
        assert_eq!(of(MessageKind::Ask, region), ["2023-09-01"]);
        let reminded = ["2023-10-02", "2023-11-01", "2023-11-16", "2023-12-01"];
        assert_eq!(of(MessageKind::Reminder, region), reminded, "{region}");
        assert_eq!(of(MessageKind::Alarm, region), ["2023-12-29"]);
    }
    assert_eq!(of(MessageKind::Escalation, "olle"), ["2023-12-01"], "the chair hears thirty days before");
    assert!(!rules.quiet.is_open(date(2023, 12, 29)) && window_of_day(date(2023, 12, 29)) < window.until);
}

#[test]
fn an_assignment_is_followed_to_its_report_and_further_up() {
    let assignments = workflow("sydostra/uppdrag");
    let at = At::days(&assignments, date(2022, 5, 6), date(2023, 4, 5));
    let asked = "0 2023-03-08, r 2023-03-22, r 2023-03-29, r 2023-04-05, due 2023-04-05, \
                 e 2023-04-06, e 2023-04-17";
    assert_eq!(at.said("rapport"), asked);
    assert!(at.said("bekrafta").starts_with("0 2022-05-06"));
    assert_eq!(at.said("halvtid"), "0 2022-10-20");
    for (step_id, after) in [("nasta-rpo", "rapport"), ("nasta-rad", "nasta-rpo"), ("nasta-rsl", "nasta-rad")]
    {
        assert_eq!(step(&assignments, step_id).gate.as_ref().unwrap().step.as_str(), after);
    }
    let only_on = |entry: &str| -> Vec<&str> {
        let there = assignments.steps.iter().filter(|s| s.on.iter().any(|on| on.as_str() == entry));
        there.map(|s| s.id.as_str()).collect()
    };
    assert_eq!(only_on("till-rag"), ["utkast", "godkann", "ta-emot-godkant"]);
    assert_eq!(only_on("givet"), ["ta-emot"], "it has been drafted and approved in the register");
}

#[test]
fn notes_are_published_within_ten_workdays() {
    let notes = workflow("sydostra/minnesanteckningar");
    let at = At::day(&notes, date(2024, 2, 22));
    assert_eq!(at.said("publicera"), "0 2024-02-29, due 2024-03-07, e 2024-03-07");
    let rag = workflow("sydostra/rag");
    assert_eq!(At::day(&rag, date(2024, 2, 22)).said("anteckningar"), at.said("publicera"));
    let told = &step(&rag, "anteckningar").ask.as_ref().unwrap().told[0];
    assert_eq!(told.to, [role(kind("rpo"), "processtod")], "a group's notes go to its programme area");
}

#[test]
fn an_nhv_application_is_assessed_anchored_backed_and_sent() {
    let nhv = workflow("sydostra/nhv");
    let at = At::days(&nhv, date(2025, 9, 1), date(2025, 10, 24));
    // 39 workdays lie between.
    assert!(at.said("bedom").contains("due 2025-09-22"), "{}", at.said("bedom"));
    assert!(at.said("underlag").contains("due 2025-10-02"), "{}", at.said("underlag"));
    assert!(at.said("stod").starts_with("0 2025-10-02"), "{}", at.said("stod"));
    assert!(at.said("skicka").ends_with("due 2025-10-24, a 2025-10-23, a 2025-10-24"));
    assert!(step(&nhv, "bedom").to.contains(&role(kind("kunskapsrad"), "ordforande")), "all four councils");
}

#[test]
fn samverkansnamnden_meets_four_times_and_hears_how_the_activity_plan_went() {
    let board = workflow("mellansverige/samverkansnamnden");
    let meetings: Vec<String> = {
        let rules = Rules::load(&shipped_of("mellansverige"), QuietPeriods::none()).unwrap();
        let facts = Facts::default();
        let all = occasions(&rules.world(&facts), date(2023, 1, 1), date(2023, 12, 31));
        let of = all.into_iter().filter(|o| o.at.workflow == board.id);
        of.map(|o| format!("{} {} {}", o.span.first(), o.span.last(), o.place.unwrap())).collect()
    };
    let expected = [
        "2023-02-16 2023-02-17 Elite Stadshotellet, Västerås",
        "2023-06-01 2023-06-02 Region Uppsala",
        "2023-09-29 2023-09-29 Digitalt",
        "2023-12-07 2023-12-08 Region Gävleborg",
    ];
    assert_eq!(meetings, expected);
    let last = At::days(&board, date(2023, 12, 7), date(2023, 12, 8));
    let asked = "0 2023-10-12, r 2023-11-09, r 2023-11-23, due 2023-11-23, e 2023-11-24";
    assert_eq!(last.said("aterrapport"), asked);
    assert_eq!(step(&board, "aterrapport").per, Per::Item);
    assert_eq!(last.said("handlingar"), "0 2023-11-30");
}

#[test]
fn in_mellansverige_a_programme_area_has_no_part_in_a_remiss_unless_it_is_given_one() {
    let remisser = workflow("mellansverige/remisser");
    for own in &remisser.steps {
        let to_area =
            |to: &Recipient| matches!(to, Recipient::Role { of: RoleOf::Kind(k), .. } if k.as_str() == "rpo");
        assert!(!own.to.iter().any(to_area), "{}", own.id);
    }
    let given = step(&remisser, "uppdra").gate.as_ref().unwrap();
    assert_eq!(given.answers, ["programomradet".into()]);
    let autumn = At::days(&remisser, date(2025, 9, 15), date(2025, 11, 14));
    assert!(autumn.said("inhamta").contains("due 2025-10-24"));
}

#[test]
fn a_question_to_a_group_has_the_answers_that_it_was_entered_with() {
    let question = workflow("sydostra/fraga");
    for (id, settled) in [("person", SettledBy::Each), ("region", SettledBy::Body)] {
        let ask = step(&question, id).ask.as_ref().unwrap();
        assert!(ask.from_occasion && ask.settled_by == settled, "{id}");
    }
    let weekly = workflow("sydostra/veckobrev");
    assert_eq!(weekly.summaries[0].on, jiff::civil::Weekday::Monday);
    let group = workflow("sydostra/grupp");
    let life: Vec<&str> = group.steps.iter().map(|s| s.id.as_str()).take(4).collect();
    assert_eq!(life, ["forslag", "bemanna", "uppdrag", "forsta-mote"]);
}
