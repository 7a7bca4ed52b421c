//! Plans as documents from a shell: what the review says, what has to be said before anything is written, and what is
//! left of a document that others' programs have edited and saved.

#![cfg(test)]

use std::path::Path;
use std::process::Command;

use serde_json::Value;

use crate::cli::{Said, Shell};
use crate::stories::plandokument::nameless;

const FEBRUARY_2023: &str = include_str!("../data/plan-2023-02.csv");
const THE_2025: &str = include_str!("../data/plan-2025.csv");
const BODY: [&str; 2] = ["--body", "RPO MD"];
const NEXT: [&str; 4] = ["import", "2025.csv", "--as-of", "2025-01-01"];

/// A shell whose register has the plan of 2023, with that of 2025 at hand; neither carries ids.
fn with_2023() -> Shell {
    let shell = Shell::new();
    shell.write("2023.csv", &nameless(FEBRUARY_2023));
    shell.write("2025.csv", &nameless(THE_2025));
    let take = ["import", "2023.csv", "--as-of", "2023-02-28", "--version", "2023-02"];
    shell.ok(&[&take[..], &BODY].concat());
    shell
}

fn next(more: &[&str]) -> Vec<&'static str> {
    let all = NEXT.iter().copied().chain(BODY).map(str::to_owned).chain(more.iter().map(|m| (*m).to_owned()));
    all.map(|word| &*Box::leak(word.into_boxed_str())).collect()
}

#[test]
fn what_is_only_proposed_is_written_when_somebody_has_said_so() {
    let shell = with_2023();
    let Said { code, out, err } = shell.run(&next(&[]));
    assert_eq!((code, err.as_str()), (1, ""), "{out}");
    for line in [
        "Which rows these are: 2 known, 3 proposed, 7 new",
        "     perhaps stod-till-arbetsgrupperna `Stöd till arbetsgrupperna`",
        "     both stand under `Arbetsgrupper`",
        "Nothing is written: somebody has to say which rows these are",
        "  --same 4=stod-till-arbetsgrupperna   or   --new 4",
        "  or for all of them   --same all   or   --new all",
    ] {
        assert!(out.lines().any(|said| said == line), "{line}: {out}");
    }
    let order = ["\nDoubts\n", "\nWhich rows", "\nItems\n", "\nNothing is written", "\nTo go on, add\n"];
    let places: Vec<usize> = order.iter().map(|heading| out.find(heading).unwrap()).collect();
    assert!(places.is_sorted(), "doubts first, and last what to do: {out}");

    let wrong = ["--same", "2=arbetsgrupper", "--same", "4", "--new", "99", "--take", "3=both"];
    let Said { code, err, .. } = shell.run(&next(&wrong));
    let faults = [
        "--same 2=arbetsgrupper: the plan in the register has no row",
        "--same 4: write it as NEW=OLD",
        "--new 99: the document has rows 1 to 12",
        "--take 3=both: `both` is neither document nor register",
    ];
    assert_eq!(code, 1);
    assert!(faults.iter().all(|fault| err.contains(fault)), "all at once: {err}");

    let told = ["--same", "4=Stöd till arbetsgrupperna", "--same", "all", "--new", "2"];
    let out = shell.ok(&next(&told));
    assert!(out.contains("10 added, 3 changed, 1 as they were"), "{out}");
    assert_eq!(out.lines().filter(|line| line.starts_with("renamed ")).count(), 2, "{out}");
    assert_eq!(out.lines().filter(|line| line.starts_with("would vanish")).count(), 5, "{out}");
    let again = shell.ok(&next(&[]));
    assert!(again.contains("0 added, 0 changed, 14 as they were"), "{again}");
}

#[test]
fn a_program_is_told_the_same() {
    let shell = with_2023();
    let json: Value = serde_json::from_str(&shell.ok(&next(&["--dry-run", "--format", "json"]))).unwrap();
    assert_eq!((&json["kind"], &json["written"]), (&"plan".into(), &false.into()));
    let items = json["items"].as_array().unwrap();
    assert_eq!(items.len(), 12);
    assert_eq!(items[0]["lineage"]["by"], "title");
    let l5 = &items[3];
    assert_eq!((&l5["lineage"]["is"], &l5["number"]), (&"proposed".into(), &4.into()));
    assert_eq!(l5["row"], "rpo-medicinsk-diagnostik.stod-till-arbetsgrupperna");
    assert!(!l5["lineage"]["reasons"].as_array().unwrap().is_empty());
    assert_eq!(items[6]["lineage"]["is"], "new");
    assert_eq!(json["open"].as_array().unwrap().len(), 4);
    assert_eq!(json["gone"].as_array().unwrap().len(), 4);
}

#[test]
fn what_is_no_plan_is_told_apart() {
    let shell = Shell::new();
    shell.write("brev.txt", "Hej!\nHär kommer lite text.\n");
    let Said { code, err, .. } =
        shell.run(&["import", "brev.txt", "--kind", "plan", "--body", "RPO MD", "--dry-run"]);
    assert_eq!(code, 1);
    assert!(err.contains("brev.txt holds no plan that is known again"), "{err}");
    shell.write("plan.csv", &nameless(THE_2025));
    let said = shell.run(&["import", "plan.csv"]);
    assert_eq!(said.code, 2, "{}", said.err);
    assert!(said.err.contains("--body BODY"), "{}", said.err);
}

/// Edits a document with what others wrote; false where there is no Python with it.
fn edit(shell: &Shell, from: &str, into: &str) -> bool {
    #[expect(clippy::disallowed_methods, reason = "tests have no configuration but these variables")]
    let (python, soffice) =
        (std::env::var_os("ARSHJUL_TEST_PYTHON"), std::env::var_os("ARSHJUL_TEST_SOFFICE"));
    let Some(python) = python else {
        eprintln!(
            "skipped: ARSHJUL_TEST_PYTHON does not name a Python with python-pptx, python-docx and openpyxl"
        );
        return false;
    };
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/tools/edit_plan.py");
    let mut command = Command::new(python);
    command.arg(script).args([from, into]).args(soffice).current_dir(shell.folder());
    let output = command.output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    true
}

#[test]
fn of_a_document_that_comes_back_exactly_the_edits_are_shown() {
    for kind in ["pptx", "docx", "xlsx"] {
        let shell = Shell::new();
        shell.write("2023.csv", FEBRUARY_2023);
        shell.write("2025.csv", THE_2025);
        shell.ok(&["import", "2023.csv", "--body", "RPO MD", "--as-of", "2023-02-28"]);
        shell.ok(&["import", "2025.csv", "--body", "RPO MD", "--as-of", "2025-01-01"]);
        let (ours, theirs) = (format!("plan.{kind}"), format!("edited.{kind}"));
        shell.ok(&["export", "--body", "RPO MD", "--as-of", "2025-03-01", "--out", &ours]);
        let out = shell.ok(&["import", &ours, "--dry-run"]);
        assert!(
            out.contains("compared with export 1 of rpo-medicinsk-diagnostik (2025-03-01)"),
            "{kind}: {out}"
        );
        assert!(out.contains("\nno changes\n") && !out.contains("Doubts"), "{kind}: {out}");
        if !edit(&shell, &ours, &theirs) {
            return;
        }
        let out = shell.ok(&["import", &theirs, "--dry-run"]);
        let (_, changes) = out.split_once("What it would change in the register\n").unwrap();
        let mut lines: Vec<&str> = changes.lines().take_while(|line| !line.contains(" added, ")).collect();
        lines.retain(|line| line.starts_with("     ") || !line.starts_with("  "));
        let expected = [
            "3 changes, 1 item gone without a closing entry",
            "     colour: + `Grön`",
            "     activity: `Samla erfarenheter` -> `Samla erfarenheter från alla tre regionerna`",
            "     line of 2025-03-11: + `Två frågor är valda`",
        ];
        assert_eq!(lines, expected, "{kind}: {out}");
        shell.ok(&["import", &theirs, "--as-of", "2025-03-12"]);
        let out = shell.ok(&["import", &theirs, "--as-of", "2025-03-12"]);
        assert!(out.contains("\nno changes, 1 item gone without a closing entry\n"), "{kind}: {out}");
        let shown = shell.ok(&["item", "show", "l15"]);
        assert!(shown.contains("2025-03-11 Rapport: Två frågor är valda [import]"), "{shown}");
    }
}
