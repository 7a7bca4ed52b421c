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
fn a_list_that_lacks_much_ends_nothing_unless_it_is_said_twice() {
    let shell = registered(&["anna", "bo", "fia"]);
    let end = ["import", "next.csv", "--end-missing", "2026-01-31"];
    let Said { code, out, err } = shell.run(&end);
    assert_eq!(code, 1, "{out}{err}");
    assert!(err.contains("3 of 6 who hold a role") && err.contains("ledamot (3)"), "{err}");
    assert!(err.contains("--end-many") && !err.contains("cia"), "{err}");
    let looked = shell.ok(&[&end[..], &["--dry-run"]].concat());
    assert!(looked.contains("it would be refused, since 3 of 6"), "{looked}");
    let json = shell.ok(&[&end[..], &["--dry-run", "--format", "json"]].concat());
    assert!(json.contains("it would be refused"), "{json}");
    let same = shell.ok(&["import", "all.csv"]);
    assert!(
        same.contains("0 added, 0 changed, 6 as they were"),
        "the new member wasn't taken either: {same}"
    );

    let kept = shell.ok(&["import", "next.csv"]);
    assert!(kept.contains("1 added") && kept.contains("they keep what they hold"), "{kept}");
    assert!(missing(&shell), "nothing has ended");
    let ended = shell.ok(&[&end[..], &["--end-many"]].concat());
    assert!(ended.contains("3 ended") && !missing(&shell), "{ended}");
}

#[test]
fn a_body_that_a_list_says_nothing_of_is_left_alone() {
    let shell = registered(&MEMBERS);
    shell.write("other.csv", "kropp;roll;namn;epost\nRAG Patologi;ordförande;Pia;pia@example.org\n");
    let said = shell.ok(&["import", "other.csv"]);
    assert!(said.contains("1 added") && !said.contains("not in the list"), "{said}");
    shell.write("vacant.csv", "kropp;roll;namn;epost\nRAG Patologi;ordförande;XX;\n");
    let kept = shell.ok(&["import", "vacant.csv"]);
    assert!(
        kept.contains("ordförande (1); they keep what they hold"),
        "a role that has become vacant is told of: {kept}"
    );
    let end = ["import", "vacant.csv", "--end-missing", "2026-01-31", "--end-many"];
    let ended = shell.ok(&end);
    assert!(ended.contains("1 ended"), "{ended}");
    assert_eq!(shell.run(&["import", "all.csv", "--end-many"]).code, 2);
}
