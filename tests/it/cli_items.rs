//! The register from a shell: a plan taken in, looked at and changed, and what a body gives another to do.

#![cfg(test)]

use serde_json::Value;

use crate::cli::{Said, Shell};

const FEBRUARY_2023: &str = include_str!("../data/plan-2023-02.csv");
const THE_2025: &str = include_str!("../data/plan-2025.csv");
const OCTOBER_2023: &str = include_str!("../data/logg-2023-10.csv");
const PEOPLE: &str = "kropp;roll;namn;epost\nRPO MD;ordförande;Olle;olle@example.org\n";

/// A shell whose register has the plans of both years.
pub fn with_plans() -> Shell {
    let shell = Shell::new();
    for (name, text) in [
        ("folk.csv", PEOPLE),
        ("2023.csv", FEBRUARY_2023),
        ("2025.csv", THE_2025),
        ("logg.csv", OCTOBER_2023),
    ] {
        shell.write(name, text);
    }
    shell.ok(&["import", "folk.csv"]);
    shell.ok(&["import", "2023.csv", "--body", "RPO MD", "--as-of", "2023-02-28", "--version", "2023-02"]);
    shell.ok(&["import", "2025.csv", "--body", "RPO MD", "--as-of", "2025-01-01", "--version", "2025"]);
    shell.ok(&["import", "logg.csv", "--body", "RPO MD", "--as-of", "2025-01-01"]);
    shell
}

fn list(shell: &Shell, format: &str) -> String {
    shell.ok(&["item", "list", "--body", "RPO MD", "--as-of", "2025-01-01", "--format", format])
}

fn line_of<'a>(text: &'a str, unit: &str) -> &'a str {
    let unit = format!("rpo-medicinsk-diagnostik.{unit} ");
    text.lines().find(|line| line.starts_with(&unit)).unwrap()
}

#[track_caller]
fn refused(shell: &Shell, arguments: &[&str], code: i32, said: &str) {
    let Said { code: ended, out, err } = shell.run(arguments);
    assert_eq!(ended, code, "{arguments:?}: {out}{err}");
    assert!(err.contains(said), "{arguments:?}: {err}");
}

#[test]
fn an_import_says_what_it_understood_and_what_would_vanish() {
    let shell = Shell::new();
    shell.write("2023.csv", FEBRUARY_2023);
    shell.write("2025.csv", THE_2025);
    let take = ["import", "2023.csv", "--body", "RPO MD", "--as-of", "2023-02-28"];
    let dry = [&take[..], &["--dry-run"]].concat();
    let text = shell.ok(&dry);
    assert!(
        text.contains("plan: 9 items, 9 parts") && text.contains("6 log lines, 1 of them planned"),
        "{text}"
    );
    assert!(
        text.contains("unsure: `Fyra grupper inom radiologi under våren 2023` is taken as 2023-05-31"),
        "{text}"
    );
    let json: Value = serde_json::from_str(&shell.ok(&[&dry[..], &["--format", "json"]].concat())).unwrap();
    let item = |json: &Value, id: &str| {
        json["items"].as_array().unwrap().iter().find(|item| item["id"] == id).unwrap().clone()
    };
    assert_eq!(json["kind"], "plan");
    let l3 = item(&json, "l3");
    assert_eq!((&l3["source"], &l3["promises"][2]), (&"rsl".into(), &"P6".into()));
    assert_eq!((&l3["log"][0]["kind"], &l3["log"][0]["date"]), (&"beslut".into(), &"2023-02-06".into()));
    assert_eq!((&l3["log"][0]["planned"], &l3["log"][1]["planned"]), (&false.into(), &true.into()));
    assert_eq!(item(&json, "l6")["deadlines"][0]["precision"], "quarter");
    assert_eq!(item(&json, "l9")["owners"].as_array().unwrap().len(), 2);

    let said = shell.ok(&take);
    assert!(said.contains("9 added, 0 changed, 0 as they were"), "{said}");
    assert!(said.contains("15 log lines"), "{said}");
    let again = shell.ok(&take);
    assert!(again.ends_with("0 added, 0 changed, 9 as they were\n"), "{again}");
    let next = ["import", "2025.csv", "--body", "RPO MD", "--as-of", "2025-01-01", "--dry-run"];
    let text = shell.ok(&next);
    let vanishing =
        text.lines().filter(|line| line.starts_with("would vanish without a closing entry")).count();
    assert_eq!(vanishing, 4, "{text}");
    assert!(
        text.contains("renamed rpo-medicinsk-diagnostik.l5: `Stöd till arbetsgrupperna` is now"),
        "{text}"
    );
    let json: Value = serde_json::from_str(&shell.ok(&[&next[..], &["--format", "json"]].concat())).unwrap();
    assert_eq!(json["warnings"].as_array().unwrap().len(), 4 + 3);
    assert_eq!(item(&json, "l12")["parts"].as_array().unwrap().len(), 2);
    assert_eq!(list(&shell, "text").lines().count(), 9 + 1, "nothing was taken over");
}

#[test]
fn a_wrong_cell_is_told_with_its_place() {
    let shell = Shell::new();
    let head = "id;punkt;löften;deadline;logg;länkar;uppdrag till;ägare";
    let row = "a;Bilder;P9;snart;utan dag;ingen adress;RAG Patolgi;alla: olle";
    shell.write("fel.csv", &format!("{head}\n{row}\na;Svar;;;;;;\n"));
    let said = shell.run(&["import", "fel.csv", "--dry-run"]);
    assert_eq!(said.code, 1);
    for (place, what) in [
        ("2:3", "`P9` is no promise"),
        ("2:4", "`snart` says no day"),
        ("2:5", "doesn't begin with a day"),
        ("2:6", "has no web address"),
        ("2:7", "there is no body `RAG Patolgi`"),
        ("2:8", "`olle` names no owner"),
        ("3:2", "have the same id, `a`"),
    ] {
        let found = said.err.lines().any(|line| line.contains(place) && line.contains(what));
        assert!(found, "{place} {what}: {}", said.err);
    }
    shell.write(
        "logg.csv",
        "punkt;datum;slag;text\nl1;2025-13-01;rapport;Hej\nl1;2025-01-01;prat;Hej\nl1;2025-01-01;;\n",
    );
    let said = shell.run(&["import", "logg.csv", "--body", "RPO MD"]);
    for place in ["2:2", "3:3", "4:4"] {
        assert!(said.err.contains(&format!("logg.csv:{place}")), "{place}: {}", said.err);
    }
    shell.write("okand.csv", "punkt;datum;slag;text\nl1;2025-01-01;rapport;Hej\n");
    refused(&shell, &["import", "okand.csv", "--body", "RPO MD"], 1, "there is no item `l1` in the plan");
}

#[test]
fn the_list_says_honestly_how_old_the_news_is() {
    let shell = with_plans();
    let text = list(&shell, "text");
    let l5 = line_of(&text, "l5");
    assert!(l5.contains("Ej påbörjad, no colour, not confirmed since 2023-02-06"), "{l5}");
    assert!(l5.contains("581 days overdue (Fyra grupper inom radiologi under våren 2023)"), "{l5}");
    assert!(line_of(&text, "l16").contains("never updated; owner: nobody; no next date"), "{text}");
    assert!(line_of(&text, "l10").contains("waits for första RPO-mötet 2025 (undated)"), "{text}");
    assert!(line_of(&text, "l10").contains("owner: alla: rag-nuklearmedicin/ordförande"), "{text}");
    assert!(text.ends_with("18 units\n"));
    let json: Vec<Value> = list(&shell, "json").lines().map(|l| serde_json::from_str(l).unwrap()).collect();
    let l5 = json.iter().find(|unit| unit["unit"].as_str().unwrap().ends_with(".l5")).unwrap();
    assert_eq!((&l5["deadline"]["days_overdue"], &l5["phase"]), (&581.into(), &"ej_paborjad".into()));
    assert_eq!(list(&shell, "csv").lines().count(), 19);
    refused(&shell, &["item", "list", "--body", "RPO MDD"], 1, "there is no body `RPO MDD`");
}

#[test]
fn an_item_is_changed_and_shows_what_was_done() {
    let shell = with_plans();
    let set = [
        "item",
        "set",
        "l12~molekylar",
        "--phase",
        "Pågår",
        "--health",
        "grön",
        "--why",
        "Analyserna är valda",
    ];
    assert_eq!(
        shell.ok(&[&set[..], &["--next", "2027-03-01", "--by", "olle@example.org"]].concat()),
        "recorded\n"
    );
    let owner =
        ["item", "set", "l12~molekylar", "--owner", "RAG Patologi/ordförande", "--owner", "olle@example.org"];
    shell.ok(&[&owner[..], &["--all", "--line", "Två delar ansvaret", "--kind", "beslut"]].concat());
    let shown = shell.ok(&["item", "show", "l12"]);
    assert!(shown.contains("(Molekylär): Pågår, green, confirmed"), "{shown}");
    assert!(shown.contains("owner: alla: rag-patologi/ordförande, Olle; next: 2027-03-01"), "{shown}");
    assert!(shown.contains("Rapport (Molekylär): Analyserna är valda [p1]"), "{shown}");
    assert!(shown.contains("Beslut (Molekylär): Två delar ansvaret [cli]"), "{shown}");
    assert!(shown.contains("uppföljning") || shown.contains("follow-up: Antal analyser"), "{shown}");
    assert!(shown.contains("p1 item rpo-medicinsk-diagnostik.l12~molekylar: {"), "{shown}");
    refused(&shell, &["item", "set", "l12~molekylar"], 2, "say what changes");
    refused(&shell, &["item", "set", "l12~molekylr", "--phase", "Pågår"], 1, "did you mean");
    refused(&shell, &["item", "set", "l5", "--phase", "Avslutad"], 2, "item close l5 TEXT");
    refused(&shell, &["item", "set", "l5", "--phase", "Pågårr"], 2, "`Pågårr` is no such word, did you mean");
    refused(&shell, &["item", "set", "l5", "--owner", "olle"], 2, "`olle` is no owner");

    let said = shell.ok(&["item", "log", "l1", "--date", "2099-03-01", "--planned", "Avtalet skrivs"]);
    let number = said.split_whitespace().nth(1).unwrap();
    refused(&shell, &["item", "log", "l1", "--date", "2099-03-01", "Avtalet skrevs"], 2, "say --planned");
    shell.ok(&["item", "log", "l1", "--about", number, "Avtalet är skrivet"]);
    let decided =
        ["item", "log", "l1", "--date", "2025-02-03", "--kind", "beslut", "--who", "röntgencheferna"];
    shell.ok(&[&decided[..], &["--by", "2025-04-01", "Vi räknar om"]].concat());
    let shown = shell.ok(&["item", "show", "l1"]);
    assert!(shown.contains(&format!("what became of {number}: Avtalet är skrivet")), "{shown}");
    assert!(
        shown.contains("2025-02-03 Beslut: Vi räknar om; röntgencheferna does it by 2025-04-01"),
        "{shown}"
    );
    refused(&shell, &["item", "log", "l1", "--kind", "avslut", "Slut"], 2, "item close UNIT TEXT");

    assert_eq!(shell.ok(&["item", "rename", "l1", "Stöd vid remiss"]), "recorded\n");
    assert!(shell.ok(&["item", "show", "l1"]).contains("was called `Beslutsstöd för den som remitterar"));
    // The number that the tax agency uses in its examples.
    let named = ["item", "log", "l7", "Ring 811218-9876 om saken"];
    refused(&shell, &named, 1, "the text holds what looks like a personal number");
    assert_eq!(shell.ok(&["item", "close", "l7", "Nätverket bär sig självt"]), "closed\n");
    assert!(line_of(&list(&shell, "text"), "l7").contains("Avslutad"));
    assert!(!line_of(&list(&shell, "text"), "l7").contains("done without a closing entry"));
}

#[test]
fn waits_deadlines_and_measures_are_kept_from_a_shell() {
    let shell = with_plans();
    let wait = |on: &str| shell.run(&["item", "wait", "l16", "Måtten", "--on", on]);
    for on in ["meeting", "2027-02-01", "sydostra/rpo:mote-1.2026", "undated"] {
        assert_eq!(wait(on).code, 0, "{on}");
    }
    assert_eq!(wait("snart").code, 2);
    assert_eq!(wait("sydostra/rpo:mote-99.2026").code, 1);
    let shown = shell.ok(&["item", "show", "l16"]);
    let waiting = shown.lines().find(|line| line.contains("Måtten, until 2027-02-01")).unwrap();
    let number = waiting.trim().split('.').next().unwrap();
    refused(&shell, &["item", "wait", "--end", number], 2, "--why");
    assert_eq!(shell.ok(&["item", "wait", "--end", number, "--why", "De kom"]), "recorded\n");
    assert_eq!(shell.ok(&["item", "wait", "--end", number, "--why", "De kom"]), "nothing has changed\n");
    refused(&shell, &["item", "wait", "--end", "999", "--why", "De kom"], 1, "there is no wait 999");

    let promise = ["item", "deadline", "l16", "--day", "2025-06-30"];
    let words = [&promise[..], &["--text", "Q2 2025", "--precision", "quarter"]].concat();
    assert_eq!(shell.ok(&words), "recorded\n");
    assert!(line_of(&list(&shell, "text"), "l16").contains("by 2025-06-30 (Q2 2025)"));
    assert_eq!(shell.ok(&[&promise[..], &["--met"]].concat()), "recorded\n");
    assert!(!line_of(&list(&shell, "text"), "l16").contains("Q2 2025"));
    assert!(shell.ok(&["item", "show", "l16"]).contains("2025-06-30 (Q2 2025, met)"));
    refused(&shell, &["item", "deadline", "l16", "--day", "2025-07-01", "--met"], 1, "no such deadline");

    let new =
        ["item", "measure", "l16", "--name", "Svarstid", "--measured-in", "dagar", "--target", "högst 5"];
    let said = shell.ok(&new);
    let number = said.split_whitespace().nth(1).unwrap();
    let value =
        ["item", "measure", "l16", "--set", number, "--region", "RKL", "--period", "2025 T1", "--value", "7"];
    assert_eq!(shell.ok(&value), "recorded\n");
    assert!(
        shell
            .ok(&["item", "show", "l16"])
            .contains("Svarstid, dagar, target högst 5; region-kalmar-lan 2025 T1: 7")
    );
    let elsewhere =
        ["item", "measure", "l15", "--set", number, "--region", "RKL", "--period", "2025 T1", "--value", "7"];
    refused(&shell, &elsewhere, 1, "has no measure");
}

#[test]
fn a_new_item_has_an_owner_and_a_next_date() {
    let shell = with_plans();
    let add = ["item", "add", "--body", "RPO MD", "--title", "Snabbare svar", "--id", "l17"];
    refused(&shell, &[&add[..], &["--next", "2027-02-01"]].concat(), 2, "--owner");
    refused(&shell, &[&add[..], &["--owner", "RPO MD/ordförande"]].concat(), 2, "--next");
    let whole = [&add[..], &["--owner", "RPO MD/ordförande", "--next", "2027-02-01"]].concat();
    let whole = [&whole[..], &["--promise", "P1", "--follow-up", "Svarstid"]].concat();
    assert_eq!(shell.ok(&whole), "added rpo-medicinsk-diagnostik.l17\n");
    refused(&shell, &whole, 1, "there is an item");
    let shown = shell.ok(&["item", "show", "l17"]);
    assert!(
        shown.contains("Ej påbörjad, never updated; owner: rpo-medicinsk-diagnostik/ordförande"),
        "{shown}"
    );
    assert!(shown.contains("promise: P1") && shown.contains("follow-up: Svarstid"), "{shown}");
    let part = ["item", "add", "--body", "RPO MD", "--title", "Annat", "--id", "l17", "--part", "Lab"];
    let part = [&part[..], &["--owner", "RPO MD/ordförande", "--next", "2027-02-01"]].concat();
    refused(&shell, &part, 1, "a part of it has the same title");
}

#[test]
fn an_assignment_goes_from_draft_to_noted() {
    let shell = with_plans();
    let listed = shell.ok(&["assign", "list", "--body", "RPO MD"]);
    assert_eq!(listed.lines().filter(|line| line.contains(", Utkast; ")).count(), 5, "{listed}");
    assert_eq!(shell.ok(&["assign", "list", "--body", "RAG Klinisk kemi"]).lines().count(), 1);
    let draft =
        ["assign", "draft", "--from", "RPO MD", "--to", "RAG Patologi", "--title", "Nyckeltal i patologi"];
    let said = shell.ok(&[&draft[..], &["l16"]].concat());
    let number = said.trim().rsplit(' ').next().unwrap();
    let give = ["assign", "give", number, "--start", "2027-01-11", "--end", "2027-06-01"];
    refused(&shell, &give, 1, "can't become `givet`");
    assert_eq!(shell.ok(&["assign", "approve", number]), "recorded\n");
    assert_eq!(shell.ok(&["assign", "approve", number]), "nothing has changed\n");
    let given = shell.ok(&give);
    assert_eq!(given, "given; opened sydostra/uppdrag givet.2027.1\n", "the refused one opened nothing");
    refused(&shell, &give, 1, "has been given already");
    refused(&shell, &["assign", "note", number], 1, "can't become `noterat`");
    assert_eq!(shell.ok(&["assign", "confirm", number]), "recorded\n");
    assert!(line_of(&list(&shell, "text"), "l16").contains("owner: rag-patologi/ordförande"));
    assert_eq!(shell.ok(&["assign", "report", number, "--owner", "RAG Patologi/sekreterare"]), "recorded\n");
    assert!(
        line_of(&list(&shell, "text"), "l16").contains("owner: rag-patologi/ordförande"),
        "it was theirs already"
    );
    assert_eq!(shell.ok(&["assign", "note", number]), "recorded\n");
    let listed = shell.ok(&["assign", "list"]);
    assert!(
        listed.contains("Noterat; rpo-medicinsk-diagnostik.l16; sydostra/uppdrag givet.2027.1"),
        "{listed}"
    );
    refused(&shell, &["assign", "confirm", "99"], 1, "there is no assignment 99");
}

#[test]
fn what_was_promised_long_ago_is_found_through_the_lineage() {
    let shell = with_plans();
    let promises = ["item", "promises", "--body", "RPO MD", "--as-of", "2025-01-01"];
    let text = shell.ok(&promises);
    for said in [
        "Arbetsgrupper inom radiologi (rpo-medicinsk-diagnostik.l5)",
        "promised by 2023-05-31, 581 days ago: \"Fyra grupper inom radiologi under våren 2023\", said in the plan of \
         2023-02-28",
        "Ej påbörjad",
        "in the versions 2023-02, 2025",
        "called \"Stöd till arbetsgrupperna\" in 2023-02",
    ] {
        assert!(text.contains(said), "{said}: {text}");
    }
    let json: Value =
        serde_json::from_str(&shell.ok(&[&promises[..], &["--format", "json"]].concat())).unwrap();
    let l5 = json.as_array().unwrap().iter().find(|row| row["id"] == "rpo-medicinsk-diagnostik.l5").unwrap();
    assert_eq!((&l5["overdue"], &l5["day"]), (&581.into(), &"2023-05-31".into()));
    let before = ["item", "promises", "--body", "RPO MD", "--as-of", "2023-01-01"];
    assert!(shell.ok(&before).contains("nothing that was promised by 2023-01-01 is overdue"));
}

#[test]
fn versions_are_listed_and_compared() {
    let shell = with_plans();
    let versions = shell.ok(&["item", "versions", "--body", "RPO MD"]);
    assert!(versions.contains("2023-02 imported") && versions.contains("9 items, 9 units"), "{versions}");
    assert!(versions.contains("2025 imported") && versions.contains("12 items, 14 units"), "{versions}");
    let compare = ["item", "compare", "2023-02", "2025", "--body", "RPO MD"];
    let Said { code, out, err } = shell.run(&compare);
    assert_eq!((code, err.as_str()), (1, ""), "the answer is no: some vanished");
    let head =
        "9 items, then 12: 5 go on, 0 closed, 4 vanished without a closing entry, 7 new, of which 0 return";
    assert!(out.starts_with(head), "{out}");
    assert!(
        out.contains("renamed, was \"Stöd till arbetsgrupperna\": Arbetsgrupper inom radiologi"),
        "{out}"
    );
    assert!(out.contains("VANISHED without a closing entry: Gemensamma anställningar"), "{out}");
    for row in ["l6", "l7", "l8", "l9"] {
        shell.ok(&["item", "close", row, "Ingår inte i planen längre."]);
    }
    let out = shell.ok(&compare);
    assert!(out.contains("4 closed, 0 vanished"), "{out}");
    assert!(shell.ok(&["item", "compare", "2025/imported", "now", "--body", "RPO MD"]).contains("12 go on"));
    refused(
        &shell,
        &["item", "compare", "2024", "now", "--body", "RPO MD"],
        1,
        "there are: 2023-02/imported",
    );
}

#[test]
fn results_that_nobody_handed_in_are_missing() {
    let shell = with_plans();
    let results =
        ["item", "results", "--body", "RAG Patologi", "--from", "2025-01-01", "--until", "2025-12-31"];
    let text = shell.ok(&results);
    assert_eq!(text, "2025-01-31 Rapporter från arbetsgrupperna, rag-patologi: saknas\n");
}
