//! Two years' plans of one programme area, taken in one after the other: what is carried over, what is missing, and
//! what was promised and forgotten. The figures are those that were counted by hand in the plans themselves.

#![expect(
    clippy::unwrap_used,
    clippy::panic,
    reason = "clippy knows test functions, but not the functions they share"
)]

use std::collections::BTreeSet;

use arshjul::app::files;
use arshjul::app::intake::{self, Intake};
use arshjul::calendar::{QuietPeriods, instant};
use arshjul::import::{self, Imported};
use arshjul::items::fresh::{Age, age, overdue};
use arshjul::items::register::{AssignmentState, Promise, WaitOn};
use arshjul::items::{Health, Item, Phase};
use arshjul::plan::follow::{Meetings, Seen};
use arshjul::plan::model::{EnteredDate, Facts};
use arshjul::rules::Rules;
use arshjul::store::{NewPlan, PlanReport, RegisterRow, Store};
use arshjul::workflow::model::{Span, Status};
use jiff::Timestamp;
use jiff::civil::{Date, date, time};

use crate::store::Bench;

const FEBRUARY_2023: &str = include_str!("../data/plan-2023-02.csv");
const THE_2025: &str = include_str!("../data/plan-2025.csv");
/// The plan of October 2023 itself isn't among the data. What the later plan inherits from it are the days of its log.
const OCTOBER_2023: &str = include_str!("../data/logg-2023-10.csv");
const BODY: &str = "rpo-medicinsk-diagnostik";

fn midnight(day: Date) -> Timestamp {
    instant(day, time(0, 0, 0, 0))
}

struct Register {
    store: Store,
    rules: Rules,
}

impl Register {
    async fn new(bench: &Bench) -> Self {
        let rules = files::load(None, QuietPeriods::default()).unwrap();
        Self { store: bench.open().await, rules }
    }

    async fn take(&self, csv: &str, as_of: Date, version: Option<&str>) -> PlanReport {
        let read = import::read("plan.csv", csv.as_bytes(), &self.rules.organisation);
        let Imported::Items(rows) = read.unwrap() else { panic!("no plan") };
        let (facts, body) = (self.store.facts().await.unwrap(), BODY.into());
        let recorded = midnight(as_of);
        let about = Intake { body: &body, world: self.rules.world(&facts), as_of, recorded };
        let (rows, assignments) = intake::plan(rows, about).unwrap();
        let plan = NewPlan { body: &body, rows: &rows, assignments: &assignments, as_of, recorded, version };
        self.store.take_plan(&plan, "import", recorded).await.unwrap()
    }

    async fn take_log(&self, csv: &str, as_of: Date) -> usize {
        let read = import::read("logg.csv", csv.as_bytes(), &self.rules.organisation);
        let Imported::Log(rows) = read.unwrap() else { panic!("no log") };
        let items = self.store.facts().await.unwrap().items;
        let lines = intake::log(rows, &BODY.into(), &items, as_of).unwrap();
        self.store.take_log(&lines, "import", midnight(as_of)).await.unwrap()
    }

    async fn rows(&self) -> Vec<RegisterRow> {
        self.store.register(&BODY.into()).await.unwrap()
    }

    async fn facts(&self) -> Facts {
        self.store.facts().await.unwrap()
    }
}

async fn february(bench: &Bench) -> Register {
    let register = Register::new(bench).await;
    register.take(FEBRUARY_2023, date(2023, 2, 28), Some("2023-02")).await;
    register
}

/// As it stands when the plan of 2025 has followed on those of 2023.
async fn both(bench: &Bench) -> (Register, PlanReport) {
    let register = february(bench).await;
    let report = register.take(THE_2025, date(2025, 1, 1), Some("2025")).await;
    assert_eq!(register.take_log(OCTOBER_2023, date(2025, 1, 1)).await, 8);
    (register, report)
}

fn lineage(row: &RegisterRow) -> &str {
    row.id.as_str().strip_prefix("rpo-medicinsk-diagnostik.").unwrap()
}

/// The units that the plan of 2025 has.
fn of_2025(item: &&Item) -> bool {
    let dropped = ["l6", "l7", "l8", "l9"];
    !dropped.iter().any(|id| item.id.as_str() == format!("{BODY}.{id}"))
}

#[tokio::test]
async fn the_plan_of_february_2023_has_the_figures_that_were_counted_in_it() {
    let bench = Bench::sqlite();
    let register = february(&bench).await;
    let rows = register.rows().await;
    assert_eq!((rows.len(), rows.iter().map(|row| row.units.len()).sum::<usize>()), (9, 9));
    let lines: Vec<_> = rows.iter().flat_map(|row| &row.log).map(|line| &line.entry).collect();
    let days: BTreeSet<Date> = lines.iter().map(|line| line.day).collect();
    let planned: Vec<Date> = lines.iter().filter(|line| line.planned).map(|line| line.day).collect();
    assert_eq!((lines.len(), days.len()), (15, 7));
    assert_eq!(planned, [date(2023, 4, 5), date(2023, 3, 9)]);
    let never: Vec<&str> = rows.iter().filter(|row| row.log.is_empty()).map(lineage).collect();
    assert_eq!(never, ["l9"]);
    assert!(rows.iter().all(|row| row.units[0].health == Health::Unknown), "a colour is never guessed");
    let all_three = BTreeSet::from([Promise::Available, Promise::Equal, Promise::Safe]);
    assert_eq!(rows.iter().filter(|row| row.card.promises == all_three).count(), 8);

    // 90 days: nothing is stale, and one has never been dated.
    let (facts, day) = (register.facts().await, date(2023, 2, 28));
    let ages: Vec<Age> = facts.items.iter().map(|item| age(item, facts.followed(&item.id), day)).collect();
    let old = |age: &Age| matches!(age, Age::Since(last) if (day - *last).get_days() > 90);
    assert_eq!(ages.iter().filter(|age| old(age)).count(), 0);
    assert_eq!(ages.iter().filter(|age| **age == Age::Never).count(), 1);

    let before = register.facts().await;
    let again = register.take(FEBRUARY_2023, date(2023, 2, 28), Some("2023-02")).await;
    assert!(!again.changed(), "{again:?}");
    assert_eq!(register.facts().await, before);
}

#[tokio::test]
async fn the_plan_of_2025_has_the_figures_that_were_counted_in_it() {
    let bench = Bench::sqlite();
    let register = Register::new(&bench).await;
    register.take(THE_2025, date(2025, 1, 1), Some("2025")).await;
    let rows = register.rows().await;
    let units: Vec<&Item> = rows.iter().flat_map(|row| &row.units).collect();
    let of = |phase: Phase| units.iter().filter(|item| item.phase == phase).count();
    assert_eq!((rows.len(), units.len()), (12, 14));
    assert_eq!((of(Phase::NotStarted), of(Phase::Undecided), of(Phase::Dormant)), (5, 1, 1));
    assert_eq!(of(Phase::Unknown) + of(Phase::Ongoing), 7);
    assert_eq!(rows.iter().map(|row| row.log.len()).sum::<usize>(), 0);
    let dated: Vec<&str> = rows.iter().filter(|row| !row.deadlines.is_empty()).map(lineage).collect();
    assert_eq!(dated, ["l10", "l15", "l2", "l3", "l5"]);
    assert_eq!(rows.iter().map(|row| row.card.promises.len()).sum::<usize>(), 12);
    assert_eq!(
        rows.iter().filter(|row| row.card.promises.is_empty()).map(lineage).collect::<Vec<_>>(),
        ["l14"]
    );
    let activities: Vec<_> = rows.iter().flat_map(|row| &row.card.activities).collect();
    let marked = |mark: &str| activities.iter().filter(|a| a.mark.as_deref() == Some(mark)).count();
    assert_eq!((activities.len(), marked("NY"), marked("ev. NY")), (32, 3, 1));

    let bound = rows.iter().filter(|row| row.waits.iter().any(|wait| matches!(wait.on, WaitOn::Occasion(_))));
    assert_eq!(bound.map(lineage).collect::<Vec<_>>(), ["l10", "l3"]);

    // What isn't started waits for an assignment: until its receiver has confirmed it, nobody asks them.
    let facts = register.facts().await;
    assert!(facts.assignments.iter().all(|a| a.state == AssignmentState::Drafted && a.from.as_str() == BODY));
    let given: BTreeSet<&String> = facts.assignments.iter().flat_map(|a| &a.units).collect();
    let idle: BTreeSet<String> =
        units.iter().filter(|item| item.phase == Phase::NotStarted).map(|item| item.unit()).collect();
    assert_eq!(given, idle.iter().collect());
    let world = register.rules.world(&facts);
    let meetings = Meetings::of(&world, date(2025, 1, 1));
    let unassigned = facts
        .items
        .iter()
        .filter(|item| Seen { world, meetings: &meetings, item, occasion: None }.is_unassigned());
    assert_eq!(unassigned.count(), 5);
}

#[tokio::test]
async fn what_was_promised_in_2023_is_found_in_2025_through_the_lineage() {
    let bench = Bench::sqlite();
    let (register, report) = both(&bench).await;
    let missing: Vec<String> = report.missing.iter().map(Item::unit).collect();
    let dropped = ["l6", "l7", "l8", "l9"].map(|id| format!("{BODY}.{id}"));
    assert_eq!(missing, dropped, "they would have vanished without a closing entry");
    let renamed: Vec<&str> = report.renamed.iter().map(|(_, was, _)| was.as_str()).collect();
    assert_eq!(
        renamed,
        ["Behovet av PET-CT i sjukvårdsregionen", "Stöd till arbetsgrupperna", "Ökat samarbete om patologi"]
    );

    let (facts, day) = (register.facts().await, date(2025, 1, 1));
    let l5 = facts.items.iter().find(|item| item.id.as_str().ends_with(".l5")).unwrap();
    let promise = overdue(l5, facts.followed(&l5.id), day).unwrap();
    assert_eq!((promise.day, promise.stated), (date(2023, 5, 31), date(2023, 2, 28)));
    assert_eq!((day - promise.day).get_days(), 581);
    assert_eq!((l5.title.as_str(), l5.phase), ("Arbetsgrupper inom radiologi", Phase::NotStarted));
    let card = register.store.card_of(&l5.id).await.unwrap();
    assert_eq!(card.earlier_titles, [("Stöd till arbetsgrupperna".to_owned(), day)]);

    let rows: BTreeSet<&str> = facts.items.iter().filter(of_2025).map(|item| item.id.as_str()).collect();
    let row_age = |id: &str| {
        let parts = facts.items.iter().filter(|item| item.id.as_str() == id);
        parts.map(|item| age(item, facts.followed(&item.id), day)).max().unwrap()
    };
    let ages: Vec<Age> = rows.iter().map(|id| row_age(id)).collect();
    let old = |age: &Age| matches!(age, Age::Since(last) if (day - *last).get_days() > 90);
    assert_eq!(ages.len(), 12);
    assert_eq!(ages.iter().filter(|age| old(age)).count(), 8, "by lineage with an old day");
    assert_eq!(ages.iter().filter(|age| **age == Age::Never).count(), 4, "never updated");

    let versions = register.store.plan_versions(&BODY.into()).await.unwrap();
    let kept: Vec<_> = versions.iter().map(|v| (v.name.as_str(), v.content.items.len())).collect();
    assert_eq!(kept, [("2023-02", 9), ("2025", 14)]);
    for (csv, as_of) in [(THE_2025, date(2025, 1, 1))] {
        assert!(!register.take(csv, as_of, Some("2025")).await.changed());
    }
    assert_eq!(register.take_log(OCTOBER_2023, date(2025, 1, 1)).await, 0);
}

#[tokio::test]
async fn a_wait_for_the_first_meeting_ends_with_the_day_that_the_meeting_gets() {
    let bench = Bench::sqlite();
    let (register, _) = both(&bench).await;
    let until = |facts: &Facts| {
        let world = register.rules.world(facts);
        let meetings = Meetings::of(&world, date(2025, 1, 1));
        let item = facts.items.iter().find(|item| item.id.as_str().ends_with(".l10")).unwrap();
        Seen { world, meetings: &meetings, item, occasion: None }.waits().next().unwrap().1
    };
    let mut facts = register.facts().await;
    assert_eq!(until(&facts), None, "the meeting has no day yet");
    let l10 = facts.items.iter().find(|item| item.id.as_str().ends_with(".l10")).unwrap();
    let WaitOn::Occasion(meeting) = facts.followed(&l10.id).waits[0].on.clone() else { panic!("not bound") };
    assert_eq!((meeting.workflow.as_str(), meeting.id.to_string().as_str()), ("sydostra/rpo", "mote-1.2025"));
    let day = date(2025, 2, 11);
    let span = Some(Span::AllDay { first: day, last: day });
    facts.dates.insert(meeting, EnteredDate { span, place: None, status: Status::Confirmed, why: None });
    assert_eq!(until(&facts), Some(day), "nobody has touched the item");
}
