//! Lists of people from a shell: a list that lacks somebody ends nothing by itself, and one that lacks much is refused.

#![cfg(test)]

use crate::cli::{Said, Shell};

const HEAD: &str = "kropp;roll;namn;epost\n";
const CHAIR: &str = "RPO MD;ordförande;Olle Exempel;olle@example.org\n";
const MEMBERS: [&str; 5] = ["anna", "bo", "cia", "dag", "eva"];

/// The chair and some of the members.
fn listed(members: &[&str]) -> String {
    let row = |name: &&str| format!("RPO MD;ledamot;{name} Exempel;{name}@example.org\n");
    [HEAD.to_owned(), CHAIR.to_owned()].into_iter().chain(members.iter().map(row)).collect()
}

/// A register with the chair and all members, and the list `next.csv`.
fn registered(next: &[&str]) -> Shell {
    let shell = Shell::new();
    shell.write("all.csv", &listed(&MEMBERS));
    shell.write("next.csv", &listed(next));
    assert!(shell.ok(&["import", "all.csv"]).contains("6 added"));
    shell
}

fn missing(shell: &Shell) -> bool {
    shell.ok(&["import", "next.csv", "--dry-run"]).contains("not in the list")
}

#[test]
fn whoever_is_missing_in_a_list_keeps_what_they_hold_until_somebody_says_otherwise() {
    let shell = registered(&MEMBERS[..4]);
    let said = shell.ok(&["import", "next.csv"]);
    assert!(said.contains("rpo-medicinsk-diagnostik ledamot (1); they keep what they hold"), "{said}");
    assert!(!said.contains("eva"), "names are for a person who reads them, and this is no terminal: {said}");
    assert!(missing(&shell), "nothing has ended");
    let said = shell.ok(&["import", "next.csv", "--end-missing", "2026-01-31"]);
    assert!(said.contains("0 added, 0 changed, 5 as they were, 1 ended"), "{said}");
    assert!(!missing(&shell));
}

#[test]
fn a_list_that_lacks_much_is_refused_as_a_whole() {
    let shell = registered(&["anna", "bo", "fia"]);
    let Said { code, out, err } = shell.run(&["import", "next.csv"]);
    assert_eq!(code, 1, "{out}{err}");
    assert!(err.contains("3 of 6 who hold a role") && err.contains("ledamot (3)"), "{err}");
    assert!(err.contains("--end-missing DAY") && !err.contains("cia"), "{err}");
    let looked = shell.ok(&["import", "next.csv", "--dry-run"]);
    assert!(looked.contains("it would be refused, since 3 of 6"), "{looked}");
    let json = shell.ok(&["import", "next.csv", "--dry-run", "--format", "json"]);
    assert!(json.contains("it would be refused"), "{json}");
    let same = shell.ok(&["import", "all.csv"]);
    assert!(
        same.contains("0 added, 0 changed, 6 as they were"),
        "the new member wasn't taken either: {same}"
    );

    let kept = shell.ok(&["import", "next.csv", "--keep-missing"]);
    assert!(kept.contains("1 added") && missing(&shell), "{kept}");
    let ended = shell.ok(&["import", "next.csv", "--end-missing", "2026-01-31"]);
    assert!(ended.contains("3 ended") && !missing(&shell), "{ended}");
}

#[test]
fn a_body_that_a_list_says_nothing_of_is_left_alone() {
    let shell = registered(&MEMBERS);
    shell.write("other.csv", "kropp;roll;namn;epost\nRAG Patologi;ordförande;Pia;pia@example.org\n");
    let said = shell.ok(&["import", "other.csv"]);
    assert!(said.contains("1 added") && !said.contains("not in the list"), "{said}");
    shell.write("vacant.csv", "kropp;roll;namn;epost\nRAG Patologi;ordförande;XX;\n");
    let Said { code, err, .. } = shell.run(&["import", "vacant.csv"]);
    assert_eq!(
        (code, err.contains("1 of 1")),
        (1, true),
        "a role that has become vacant is said to be: {err}"
    );
    let ended = shell.ok(&["import", "vacant.csv", "--end-missing", "2026-01-31"]);
    assert!(ended.contains("1 ended"), "{ended}");
    let Said { code, .. } =
        shell.run(&["import", "all.csv", "--end-missing", "2026-01-31", "--keep-missing"]);
    assert_eq!(code, 2);
}
