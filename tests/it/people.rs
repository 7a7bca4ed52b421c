//! People in the plan: who stands in, who takes over, what is told of weeks, which meeting decides, and what can't
//! well be done.

#![cfg(test)]

use arshjul::calendar::{QuietPeriods, civil, instant, window_of_day};
use arshjul::people::{Absence, Holder, Person};
use arshjul::plan::decision::{Decision, of_occasion};
use arshjul::plan::feasible;
use arshjul::plan::model::{EnteredDate, Facts, Given, Message, MessageKind, Plan, Startable, Starts};
use arshjul::plan::occasions::occasions;
use arshjul::plan::recipients::{About, Recipe, answered_for, resolve};
use arshjul::plan::{Assume, Window, plan};
use arshjul::rules::Rules;
use arshjul::workflow::model::{Recipient, RoleOf, Status};
use arshjul::workflow::{SourceFile, shipped};
use jiff::Timestamp;
use jiff::civil::{Date, date, time};

/// Two councils above one programme area, which has two groups. In a programme area its support, then its chair,
/// stand in; in a council its chair; a group passes everything up to its own chair first.
const ORGANISATION: &str = r#"
title = "Provregionen"

[[kind]]
id = "rad"
title = "Råd"
roles = ["ordförande", "stab"]
stand-ins = ["ordförande"]

[[kind]]
id = "omrade"
title = "Område"
roles = ["ordförande", "processtöd", "ledamot"]
stand-ins = ["processtöd", "ordförande"]

[[kind]]
id = "grupp"
title = "Grupp"
roles = ["ordförande"]
stand-ins = ["ordförande"]

[[body]]
name = "Råd B"
kind = "rad"

[[body]]
name = "Råd A"
kind = "rad"

[[body]]
name = "Område Ett"
kind = "omrade"
parents = ["rad-b", "rad-a"]

[[body]]
name = "Grupp X"
kind = "grupp"
parents = ["omrade-ett"]

[[body]]
name = "Grupp Y"
kind = "grupp"
parents = ["omrade-ett"]
"#;

/// Each group is asked twice in spring, the area's support once.
const ROUND: &str = r#"
title = "Runda"
for = "omrade"

[[period]]
id = "runda"
title = "Rundan"
opens = { every = "03-03", on-holiday = "next-workday" }
closes = { every = "04-30", on-holiday = "previous-workday" }

[[step]]
id = "svara"
ask = "Vad svarar ni i {title}?"
to = "grupp/ordförande"
when = "opens"
due = "20 workdays after opens"
answers = { ja = "Ja", nej = "Nej" }
remind = ["5 workdays before due"]
escalate = [{ when = "1 workday after due", to = "processtöd" }]

[[step]]
id = "igen"
ask = "Och sedan?"
to = "grupp/ordförande"
when = "5 workdays before closes"
due = "closes"
answers = { ja = "Ja" }
"#;

struct Room {
    rules: Rules,
    facts: Facts,
}

/// `2025-03-03 08:00`
fn shown(at: Timestamp) -> String {
    civil(at).strftime("%Y-%m-%d %H:%M").to_string()
}

fn midnight(day: Date) -> Timestamp {
    instant(day, time(0, 0, 0, 0))
}

impl Room {
    /// Started with the year.
    fn new(workflow: &str) -> Self {
        let files = [("organisation.toml", ORGANISATION), ("runda.toml", workflow)];
        let files = files.map(|(path, text)| SourceFile::new(path, text));
        let rules = Rules::load(&files, QuietPeriods::default()).unwrap();
        let facts = Facts { starts: Starts::Everything(midnight(date(2025, 1, 1))), ..Facts::default() };
        Self { rules, facts }
    }

    fn person(&mut self, id: &str) {
        let address = format!("{id}@example.org");
        let person = Person { id: id.into(), name: id.to_uppercase(), address };
        self.facts.people.persons.insert(id.into(), person);
    }

    /// `hold("grupp-x/ordforande", "pia")`, since always.
    fn hold(&mut self, seat: &str, person: &str) -> &mut Holder {
        self.person(person);
        let (body, role) = seat.split_once('/').unwrap();
        let (body, role, person) = (body.into(), role.into(), person.into());
        self.facts.people.holders.push(Holder { body, role, person, from: None, until: None, deputy: false });
        self.facts.people.holders.last_mut().unwrap()
    }

    fn away(&mut self, person: &str, from: Date, until: Date, deputy: Option<&str>) {
        let deputy = deputy.map(Into::into);
        self.facts.people.absences.push(Absence { person: person.into(), from, until, deputy });
    }

    /// Who gets what is meant for `role` in `body`, as `role path: person`.
    fn asked(&self, seat: &str, day: Date) -> Vec<String> {
        self.resolved(seat, day).iter().map(line).collect()
    }

    fn resolved(&self, seat: &str, day: Date) -> Vec<Recipe> {
        let (body, role) = seat.split_once('/').unwrap();
        let to = [Recipient::Role { of: RoleOf::Body(body.into()), role: role.into() }];
        resolve(&self.rules.world(&self.facts), &to, About::default(), day)
    }

    fn plan(&self, from: Date, until: Date) -> Plan {
        let window = Window { from: midnight(from), until: midnight(until) };
        plan(self.rules.world(&self.facts), window, Assume::Nothing)
    }

    fn of_step(&self, step: &str) -> Vec<Message> {
        let mut messages = self.plan(date(2025, 1, 1), date(2026, 1, 1)).messages;
        messages.retain(|m| m.matter.step.as_str() == step);
        messages
    }

    /// `person` answers all that `step` has asked of them.
    fn answer(&mut self, step: &str, person: &str, day: Date) {
        let asked = self.of_step(step).into_iter().find(|m| m.to.as_ref() == Some(&person.into()));
        let (matter, at) = (asked.unwrap().matter, window_of_day(day));
        let given =
            Given { matter, person: person.into(), answer: "ja".into(), at, date: None, marks: vec![] };
        self.facts.answers.push(given);
    }

    fn warnings(&self, from: Date, until: Date) -> Vec<String> {
        let world = self.rules.world(&self.facts);
        let found = feasible::warnings(world, &self.plan(from, until), feasible::PER_WEEK);
        found.into_iter().map(|w| format!("{}: {}", w.place, w.what)).collect()
    }
}

fn line(recipe: &Recipe) -> String {
    let person = recipe.person.as_ref().map_or("vakant", |p| p.as_str());
    format!("{}: {person}", recipe.role_path())
}

/// When, to whom and with which heading.
fn told(messages: &[Message]) -> Vec<String> {
    let to = |m: &Message| m.to.as_ref().map_or_else(|| "vakant".to_owned(), ToString::to_string);
    messages.iter().map(|m| format!("{} {}: {}", shown(m.at), to(m), m.notice.headline)).collect()
}

const DAY: Date = date(2025, 3, 3);

#[test]
fn what_is_meant_for_a_vacant_role_goes_to_the_nearest_who_stands_in() {
    let mut room = Room::new(ROUND);
    assert_eq!(room.asked("grupp-x/ordforande", DAY), ["grupp-x/ordforande: vakant"]);
    room.hold("rad-b/ordforande", "bo");
    assert_eq!(room.asked("grupp-x/ordforande", DAY), ["rad-b/ordforande: bo"]);
    // Of two parents the first by id: one person has it.
    room.hold("rad-a/ordforande", "ada");
    assert_eq!(room.asked("grupp-x/ordforande", DAY), ["rad-a/ordforande: ada"]);
    // Nearer than the councils, and of the area's roles the first that is held.
    room.hold("omrade-ett/ordforande", "olle");
    assert_eq!(room.asked("grupp-x/ordforande", DAY), ["omrade-ett/ordforande: olle"]);
    room.hold("omrade-ett/processtod", "petra");
    room.hold("omrade-ett/processtod", "per");
    assert_eq!(room.asked("grupp-x/ordforande", DAY), ["omrade-ett/processtod: per"]);
    // A deputy holds the role while nobody else does.
    room.hold("grupp-x/ordforande", "dan").deputy = true;
    assert_eq!(room.asked("grupp-x/ordforande", DAY), ["grupp-x/ordforande: dan"]);
    room.hold("grupp-x/ordforande", "pia");
    assert_eq!(room.asked("grupp-x/ordforande", DAY), ["grupp-x/ordforande: pia"]);
}

#[test]
fn who_is_away_without_a_deputy_leaves_a_vacancy() {
    let mut room = Room::new(ROUND);
    room.hold("omrade-ett/processtod", "petra");
    room.hold("grupp-x/ordforande", "pia");
    room.away("pia", DAY, DAY, None);
    let found = room.resolved("grupp-x/ordforande", DAY);
    assert_eq!(found.iter().map(line).collect::<Vec<_>>(), ["omrade-ett/processtod: petra"]);
    assert_eq!(found[0].for_vacant, Some(("grupp-x".into(), "ordforande".into())));
    assert_eq!(room.asked("grupp-x/ordforande", DAY.tomorrow().unwrap()), ["grupp-x/ordforande: pia"]);
}

#[test]
fn a_body_that_is_not_started_passes_nothing_up_and_takes_nothing_over() {
    let mut room = Room::new(ROUND);
    room.hold("omrade-ett/processtod", "petra");
    room.hold("rad-a/ordforande", "ada");
    let start = |bodies: &[&str]| {
        let start = |body: &&str| (Startable::Body((*body).into()), midnight(date(2025, 1, 1)));
        Starts::Each(bodies.iter().map(start).collect())
    };
    room.facts.starts = start(&["omrade-ett", "rad-a"]);
    assert_eq!(room.asked("grupp-x/ordforande", DAY), ["grupp-x/ordforande: vakant"]);
    room.facts.starts = start(&["grupp-x", "rad-a"]);
    assert_eq!(room.asked("grupp-x/ordforande", DAY), ["rad-a/ordforande: ada"]);
}

#[test]
fn who_stands_in_for_two_gets_one_mail_that_says_why() {
    let mut room = Room::new(ROUND);
    room.hold("omrade-ett/processtod", "petra");
    let asked = room.of_step("svara");
    let first: Vec<&Message> = asked.iter().filter(|m| m.kind == MessageKind::Ask).collect();
    assert_eq!(first.len(), 1);
    assert_eq!(first[0].notice.why, "Rollen ordförande i Grupp X är vakant. Därför kommer frågan till dig.");
    assert_eq!(first[0].role, "omrade-ett/processtod");
    assert!(first[0].key.0.contains(":svara:0:petra:"), "{}", first[0].key);
    let escalated = asked.iter().find(|m| m.kind == MessageKind::Escalation).unwrap();
    assert_eq!(escalated.notice.silent, ["Grupp X, ordförande: vakant, frågan gick till PETRA"]);
}

#[test]
fn deputies_hear_of_the_silent_whom_they_stand_in_for() {
    let mut room = Room::new(ROUND);
    room.hold("omrade-ett/processtod", "petra");
    room.hold("grupp-x/ordforande", "pia");
    room.hold("grupp-x/ordforande", "dan").deputy = true;
    room.hold("grupp-y/ordforande", "yngve");
    let silent: Vec<Recipe> = ["grupp-x/ordforande", "grupp-y/ordforande"]
        .iter()
        .flat_map(|seat| room.resolved(seat, DAY))
        .collect();
    let deputies = |room: &Room, silent: &[Recipe]| {
        let about = About { silent, ..About::default() };
        let found = resolve(&room.rules.world(&room.facts), &[Recipient::Deputy], about, DAY);
        found.iter().map(line).collect::<Vec<_>>()
    };
    assert_eq!(deputies(&room, &silent), ["grupp-x/ordforande: dan"], "Grupp Y has no deputy");
    assert_eq!(deputies(&room, &silent[1..]), [""; 0]);
    room.person("eva");
    room.away("yngve", DAY, DAY, Some("eva"));
    assert_eq!(deputies(&room, &silent), ["grupp-x/ordforande: dan", "grupp-y/ordforande: eva"]);
}

#[test]
fn what_a_former_holder_or_a_deputy_answered_counts() {
    let mut room = Room::new(ROUND);
    room.hold("grupp-x/ordforande", "pia").until = Some(date(2025, 3, 14));
    room.hold("grupp-x/ordforande", "ny").from = Some(date(2025, 3, 15));
    let (then, later) = (date(2025, 3, 10), date(2025, 3, 20));
    let counts = |room: &Room, person: &str, answered, day| {
        let world = room.rules.world(&room.facts);
        let recipe = &room.resolved("grupp-x/ordforande", day)[0];
        answered_for(&world, recipe, &person.into(), answered, day)
    };
    assert!(counts(&room, "pia", then, later), "the chair before");
    assert!(!counts(&room, "pia", later, later), "no longer chair when answering");
    room.hold("grupp-x/ordforande", "jan");
    assert!(!counts(&room, "pia", then, later), "of several chairs nobody knows who took over from whom");
    room.facts.people.holders.pop();
    room.person("dan");
    room.away("ny", date(2025, 3, 20), date(2025, 3, 21), Some("dan"));
    assert!(counts(&room, "dan", later, date(2025, 3, 24)), "who stood in while the chair was away");
    assert!(!counts(&room, "dan", date(2025, 3, 19), date(2025, 3, 24)), "the chair was there");
}

#[test]
fn a_new_chair_is_not_asked_what_the_former_one_has_answered() {
    let mut room = Room::new(ROUND);
    room.hold("grupp-x/ordforande", "pia").until = Some(date(2025, 3, 14));
    room.hold("grupp-x/ordforande", "ny").from = Some(date(2025, 3, 15));
    let to_ny = |room: &Room| {
        let mut messages = room.of_step("svara");
        messages.retain(|m| m.to.as_ref().is_some_and(|p| p.as_str() == "ny"));
        messages.iter().map(|m| shown(m.at)).collect::<Vec<_>>()
    };
    assert_eq!(to_ny(&room), ["2025-03-24 08:00"]);
    room.answer("svara", "pia", date(2025, 3, 10));
    assert_eq!(to_ny(&room), [""; 0]);
}

#[test]
fn a_silent_chairs_deputy_hears_of_it() {
    let mut room = Room::new(&ROUND.replace("to = \"processtöd\" }]", "to = \"deputy\" }]"));
    room.hold("grupp-x/ordforande", "pia");
    room.hold("grupp-x/ordforande", "dan").deputy = true;
    let mut escalated = room.of_step("svara");
    escalated.retain(|m| m.kind == MessageKind::Escalation);
    assert_eq!(told(&escalated), ["2025-04-01 08:00 dan: 1 av 2 har inte svarat"]);
}

#[test]
fn a_new_holder_is_told_what_is_open_and_what_comes() {
    let mut room = Room::new(ROUND);
    room.hold("grupp-x/ordforande", "pia").until = Some(date(2025, 3, 22));
    room.hold("grupp-x/ordforande", "ny").from = Some(date(2025, 3, 23));
    let told_ny = room.of_step("tilltrade");
    // A Sunday: the mail comes on Monday.
    assert_eq!(told(&told_ny), ["2025-03-24 08:00 ny: Du är nu ordförande i Grupp X"]);
    let message = &told_ny[0];
    assert_eq!(message.kind, MessageKind::Tell);
    assert_eq!(message.key.0, "arshjul:grupp-x:tilltrade/ordforande:tilltrade:0:ny:2025-03-23");
    assert_eq!(
        message.notice.rows,
        [
            ("Vad svarar ni i Rundan?".to_owned(), "svara senast måndag 31 mars (v. 14)".to_owned()),
            (
                "Och sedan?".to_owned(),
                "kommer onsdag 23 april, svara senast onsdag 30 april (v. 18)".to_owned()
            ),
        ][..1],
        "the second question comes after 30 days"
    );
    assert_eq!(message.notice.text, ["1 fråga har ställts till rollen och är inte besvarad."]);
    assert_eq!(
        message.notice.why,
        "Du får det här för att du är ordförande i Grupp X från och med söndag 23 mars 2025."
    );
    room.answer("svara", "pia", date(2025, 3, 10));
    assert!(room.of_step("tilltrade").is_empty(), "nothing is open, nothing comes");
}

#[test]
fn the_coming_month_is_told_even_where_nothing_is_open() {
    let mut room = Room::new(ROUND);
    room.hold("grupp-x/ordforande", "ny").from = Some(date(2025, 4, 10));
    let told_ny = room.of_step("tilltrade");
    assert_eq!(
        told_ny[0].notice.rows,
        [(
            "Och sedan?".to_owned(),
            "kommer onsdag 23 april, svara senast onsdag 30 april (v. 18)".to_owned()
        )]
    );
    assert_eq!(
        told_ny[0].notice.text,
        ["1 fråga kommer inom 30 dagar. Du får ett mejl om var och en när det är dags."]
    );
}

#[test]
fn no_hand_over_for_a_first_import_a_deputy_or_a_mandate_that_goes_on() {
    let mut room = Room::new(ROUND);
    let begin = Some(date(2025, 3, 10));
    room.hold("grupp-x/ordforande", "pia").until = Some(date(2025, 3, 9));
    room.hold("grupp-x/ordforande", "pia").from = begin;
    let deputy = room.hold("grupp-y/ordforande", "dan");
    (deputy.from, deputy.deputy) = (begin, true);
    assert!(room.of_step("tilltrade").is_empty());
    room.hold("grupp-y/ordforande", "yngve").from = begin;
    assert_eq!(room.of_step("tilltrade").len(), 1);
    room.facts.starts = Starts::Everything(midnight(date(2025, 3, 10)));
    assert!(room.of_step("tilltrade").is_empty(), "recorded from no later than the start");
}

#[test]
fn a_hand_over_waits_for_the_end_of_a_quiet_and_of_an_absence() {
    let mut room = Room::new(&ROUND.replace("03-03", "06-02").replace("04-30", "08-29"));
    room.hold("grupp-x/ordforande", "ny").from = Some(date(2025, 7, 15));
    assert_eq!(room.of_step("tilltrade").len(), 0, "due in June");
    let mut room =
        Room::new(&ROUND.replace("03-03", "06-02").replace("04-30", "08-29").replace("20 work", "50 work"));
    room.hold("grupp-x/ordforande", "ny").from = Some(date(2025, 7, 15));
    assert_eq!(shown(room.of_step("tilltrade")[0].at), "2025-08-04 08:00");
    room.away("ny", date(2025, 7, 1), date(2025, 8, 6), None);
    assert_eq!(shown(room.of_step("tilltrade")[0].at), "2025-08-07 08:00");
    // Whatever the plan's window, the mail lies in one of two halves.
    let (first, second) =
        (room.plan(date(2025, 7, 1), date(2025, 8, 7)), room.plan(date(2025, 8, 7), date(2025, 9, 1)));
    let count = |plan: &Plan| plan.messages.iter().filter(|m| m.matter.step.as_str() == "tilltrade").count();
    assert_eq!((count(&first), count(&second)), (0, 1));
}

const WEEKLY: &str = r#"
title = "Veckan"
for = "omrade"

[[summary]]
id = "veckan"
tell = "Läget i {body} {week}"
to = "processtöd"
on = "monday"
"#;

#[test]
fn a_week_is_told_on_its_day_and_a_gap_once() {
    let mut room = Room::new(WEEKLY);
    room.hold("omrade-ett/processtod", "petra");
    let weeks = room.of_step("veckan");
    assert!(weeks.iter().all(|m| m.kind == MessageKind::Summary && m.notice.rows.is_empty()));
    let line = |m: &Message| format!("{} {}", shown(m.at), m.key.0.split(':').nth(2).unwrap());
    let lines: Vec<String> = weeks.iter().map(line).collect();
    // New Year's quiet ends on Tuesday 7 January; Easter Monday and the summer move to the next open day.
    assert_eq!(lines[..2], ["2025-01-07 08:00 vecka/2025-W02", "2025-01-13 08:00 vecka/2025-W03"]);
    assert!(lines.contains(&"2025-04-22 08:00 vecka/2025-W17".to_owned()));
    let summer: Vec<&String> =
        lines.iter().filter(|l| ("2025-06-30".."2025-08-12").contains(&&l[..10])).collect();
    let expected = [
        "2025-06-30 08:00 vecka/2025-W27",
        "2025-08-04 08:00 vecka/2025-W32",
        "2025-08-11 08:00 vecka/2025-W33",
    ];
    assert_eq!(summer, expected.iter().collect::<Vec<_>>());
    assert_eq!(weeks[1].notice.headline, "Läget i Område Ett v. 3");
    assert_eq!(weeks[1].notice.why, "Du får det här som processtöd i Område Ett.");
}

#[test]
fn after_a_gap_the_weeks_own_day_is_enough() {
    let mut room = Room::new(&WEEKLY.replace("monday", "wednesday"));
    room.hold("omrade-ett/processtod", "petra");
    let days: Vec<String> = room.of_step("veckan").iter().map(|m| shown(m.at)[..10].to_owned()).collect();
    assert_eq!(days[0], "2025-01-08");
    let summer: Vec<&String> =
        days.iter().filter(|d| ("2025-07-01".."2025-08-10").contains(&d.as_str())).collect();
    assert_eq!(summer, ["2025-07-02", "2025-08-06"]);
    let mut room = Room::new(&WEEKLY.replace("monday", "friday"));
    room.hold("omrade-ett/processtod", "petra");
    let days: Vec<String> = room.of_step("veckan").iter().map(|m| shown(m.at)[..10].to_owned()).collect();
    assert!(days.contains(&"2025-04-22".to_owned()), "Good Friday's is told on Tuesday");
}

#[test]
fn a_body_that_is_not_started_has_no_weeks() {
    let mut room = Room::new(WEEKLY);
    room.hold("omrade-ett/processtod", "petra");
    room.facts.starts = Starts::Each([(Startable::Workflow("runda".into()), midnight(DAY))].into());
    assert!(room.of_step("veckan").is_empty());
}

const DECIDED: &str = r#"
[decided-by]
meetings = "sydostra/rsl"
ready = "sammanstall.due"
papers = "5 workdays"
latest = "2 workdays before closes"
otherwise = "RSL:s arbetsutskott via mejl"
"#;

/// The shipped files, with RSL deciding on the answers of the rounds.
fn decided() -> Rules {
    let mut files = shipped();
    let file = files.iter_mut().find(|f| f.path == "sydostra/remisser.toml").unwrap();
    let text = if file.text.contains("[decided-by]") {
        file.text.clone()
    } else {
        file.text.replacen("\n[[step]]", &format!("{DECIDED}\n[[step]]"), 1)
    };
    *file = SourceFile::new(file.path.clone(), text);
    Rules::load(&files, QuietPeriods::default()).unwrap()
}

fn decision(rules: &Rules, facts: &Facts, round: &str) -> Decision {
    let world = rules.world(facts);
    let all = occasions(&world, date(2024, 11, 1), date(2026, 3, 1));
    let found = all.iter().find(|o| o.at.id.to_string() == round).unwrap();
    let workflow = &rules.workflows.0[&"sydostra/remisser".into()];
    of_occasion(world, workflow, Some(&"rpo-medicinsk-diagnostik".into()), found).unwrap()
}

#[test]
fn rsl_is_in_time_for_two_of_the_five_rounds() {
    let (rules, facts) = (decided(), Facts::default());
    let said = |round| decision(&rules, &facts, round).said();
    assert_eq!(said("vinter.2024"), "RSL hinner behandla svaret: onsdag 12 februari (v. 7).");
    assert_eq!(said("var.2025"), "RSL hinner behandla svaret: torsdag 10 april (v. 15).");
    assert_eq!(
        said("sommar.2025"),
        "RSL hinner inte behandla svaret (senaste möte tisdag 13 maj är före förslaget, nästa fredag 19 september \
         är för sent). Förankras i RSL:s arbetsutskott via mejl."
    );
    assert_eq!(
        said("host.2025"),
        "RSL hinner inte behandla svaret (senaste möte 15–16 oktober är före förslaget, nästa torsdag 20 november \
         är för sent). Förankras i RSL:s arbetsutskott via mejl."
    );
    assert_eq!(
        said("vinter.2025"),
        "RSL hinner inte behandla svaret (senaste möte torsdag 20 november 2025 är före förslaget, och inget senare \
         är känt). Förankras i RSL:s arbetsutskott via mejl."
    );
}

#[test]
fn a_file_says_which_meeting_decides() {
    let rules = Rules::load(&shipped(), QuietPeriods::default()).unwrap();
    let facts = Facts { starts: Starts::Everything(midnight(date(2025, 1, 1))), ..Facts::default() };
    let window = Window { from: midnight(date(2025, 2, 1)), until: midnight(date(2025, 5, 1)) };
    let plan = plan(rules.world(&facts), window, Assume::GatesOpen);
    let draft = plan.messages.iter().find(|m| m.matter.step.as_str() == "sammanstall").unwrap();
    assert_eq!(draft.notice.text[0], "RSL hinner behandla svaret: torsdag 10 april (v. 15).");
}

#[test]
fn signatures_are_wanted_after_the_meeting_or_three_days_before_the_last() {
    let (rules, mut facts) = (decided(), Facts::default());
    let signature = |facts: &Facts| match decision(&rules, facts, "vinter.2024") {
        Decision::InTime { signature, occasion, .. } => Some((occasion.span.first(), signature)),
        Decision::Otherwise { .. } => None,
    };
    assert_eq!(signature(&facts), Some((date(2025, 2, 12), date(2025, 2, 12))));
    let all = occasions(&rules.world(&facts), date(2025, 2, 12), date(2025, 2, 12));
    let meeting = all.iter().find(|o| o.at.workflow.as_str() == "sydostra/rsl").unwrap().at.clone();
    let moved = |day: Date| EnteredDate {
        span: Some(arshjul::workflow::model::Span::AllDay { first: day, last: day }),
        place: None,
        status: Status::Confirmed,
        why: None,
    };
    facts.dates.insert(meeting.clone(), moved(date(2025, 2, 10)));
    assert_eq!(signature(&facts), Some((date(2025, 2, 10), date(2025, 2, 11))));
    // The draft is ready on 31 January: papers that go out five workdays before 6 February are too early.
    facts.dates.insert(meeting.clone(), moved(date(2025, 2, 6)));
    assert_eq!(signature(&facts), None);
    facts.dates.insert(meeting.clone(), moved(date(2025, 2, 13)));
    assert_eq!(signature(&facts), None, "a day too late");
    facts.dates.insert(meeting, EnteredDate { status: Status::Cancelled, ..moved(date(2025, 2, 12)) });
    assert_eq!(signature(&facts), None, "cancelled");
}

/// One deadline a year, asked and due as stated.
fn asked(when: &str, due: &str) -> Room {
    let text = format!(
        r#"
title = "Frist"
for = "omrade"

[[deadline]]
id = "frist"
title = "Fristen"
every = "06-02"
on-holiday = "next-workday"

[[step]]
id = "fraga"
ask = "Klart?"
to = "processtöd"
when = "{when}"
due = "{due}"
answers = {{ ja = "Ja" }}
"#
    );
    Room::new(&text)
}

#[test]
fn what_people_cant_well_do_is_warned_of() {
    let year = |room: &Room| room.warnings(date(2025, 1, 1), date(2026, 1, 1));
    assert_eq!(year(&asked("10 workdays before due", "2 workdays after end")), [""; 0]);
    assert_eq!(
        year(&asked("10 workdays before due", "30 workdays after end")),
        ["runda: `fraga` of runda frist.2025 is due on 2025-07-16, in the quiet period `sommaruppehåll`"]
    );
    // 30 May 2025 is the Friday after Ascension Day.
    assert_eq!(
        year(&asked("10 workdays before due", "1 workday before end")),
        ["runda: `fraga` of runda frist.2025 is due on 2025-05-30, a single workday between days off"]
    );
    // The ask would lie in the quiet weeks: it is sent after them, on the very last day.
    assert_eq!(
        year(&asked("5 workdays before due", "43 workdays after end")),
        ["runda: `fraga` of runda frist.2025 is due on 2025-08-04, the day it is asked (2025-08-04)"]
    );
}

#[test]
fn a_round_that_nobody_decides_on_is_warned_of_once() {
    let rules = decided();
    let facts = Facts { starts: Starts::Everything(midnight(date(2025, 1, 1))), ..Facts::default() };
    let window = Window { from: midnight(date(2025, 1, 1)), until: midnight(date(2026, 1, 1)) };
    let plan = plan(rules.world(&facts), window, Assume::GatesOpen);
    let found = feasible::warnings(rules.world(&facts), &plan, feasible::PER_WEEK);
    let of_rsl: Vec<&String> =
        found.iter().map(|w| &w.what).filter(|what| what.contains("no meeting")).collect();
    assert_eq!(
        of_rsl,
        [
            "nationell/remisser host.2025: no meeting of RSL can decide on what is ready on 2025-10-31 and must be \
             settled by 2025-11-12 (the last before: 2025-10-15, the next after: 2025-11-20)",
            "nationell/remisser sommar.2025: no meeting of RSL can decide on what is ready on 2025-05-28 and must \
             be settled by 2025-06-11 (the last before: 2025-05-13, the next after: 2025-09-19)",
            "nationell/remisser vinter.2025: no meeting of RSL can decide on what is ready on 2026-01-30 and must \
             be settled by 2026-02-11 (the last before: 2025-11-20, the next after: none known)",
        ]
    );
}

#[test]
fn more_mails_a_week_than_the_budget_are_warned_of() {
    let steps = (0..6).map(|n| {
        format!("[[step]]\nid = \"s{n}\"\ntell = \"Dag\"\nto = \"processtöd\"\nwhen = \"{n} workdays after start\"\n\n")
    });
    let head =
        "title = \"M\"\nfor = \"omrade\"\n\n[[meeting]]\nid = \"m\"\ntitle = \"M\"\ndates = [2025-03-10]\n\n";
    let mut room = Room::new(&format!("{head}{}", steps.collect::<String>()));
    room.hold("omrade-ett/processtod", "petra");
    let warnings = |room: &Room| {
        let plan = room.plan(date(2025, 1, 1), date(2026, 1, 1));
        let world = room.rules.world(&room.facts);
        feasible::warnings(world, &plan, 4).into_iter().map(|w| w.what).collect::<Vec<_>>()
    };
    assert_eq!(warnings(&room), ["petra@example.org gets 5 mails in 2025-W11, more than 4"]);
    room.facts.people.holders.clear();
    assert_eq!(warnings(&room), ["omrade-ett/processtod gets 5 mails in 2025-W11, more than 4"]);
    assert_eq!(room.warnings(date(2025, 1, 1), date(2026, 1, 1)), [""; 0], "five are not too many");
}
