//! The house rules that a machine can keep: layers, sizes, and who may ask for the time.

#![cfg(test)]

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

/// A module names only modules of a lower number. `web` and `worker` don't know each other.
const LAYERS: &[(&str, u8)] = &[
    ("belongs", 0),
    ("calendar", 0),
    ("clock", 0),
    ("fault", 0),
    ("ids", 0),
    ("grammar", 1),
    ("people", 1),
    ("items", 1),
    ("organisation", 2),
    ("workflow", 3),
    ("text", 4),
    ("wheel", 4),
    ("plan", 5),
    ("documents", 7),
    ("import", 6),
    ("picture", 6),
    ("rules", 6),
    ("tokens", 0),
    ("store", 6),
    ("ical", 6),
    ("mail", 6),
    ("answering", 7),
    ("calendars", 7),
    ("config", 8),
    ("telemetry", 7),
    ("worker", 8),
    ("web", 8),
    ("app", 9),
    ("demo", 10),
    ("cli", 11),
];

/// Lines of a file without its tests, and of a function.
const LONGEST_FILE: usize = 500;
const LONGEST_FUNCTION: usize = 80;

struct Source {
    name: String,
    module: String,
    code: String,
}

fn sources() -> Vec<Source> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut paths = Vec::new();
    collect(&root, &mut paths);
    paths.sort();
    let sources = paths.into_iter().map(|path| {
        let name = path.strip_prefix(&root).unwrap().to_string_lossy().replace('\\', "/");
        let module = name.split('/').next().unwrap().trim_end_matches(".rs").to_owned();
        let text = fs::read_to_string(&path).unwrap();
        let code = text.split("\n#[cfg(test)]\nmod tests").next().unwrap().to_owned();
        Source { name, module, code }
    });
    sources.collect()
}

fn collect(folder: &Path, into: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            collect(&path, into);
        } else if path.extension().is_some_and(|e| e == "rs") {
            into.push(path);
        }
    }
}

/// The top-level modules that `code` names: `crate::x`, and each of `crate::{x, y::z}`.
fn named(code: &str) -> Vec<String> {
    let word = |text: &str| text.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect::<String>();
    let lines = code.lines().filter(|l| !l.trim_start().starts_with("//"));
    let joined = lines.collect::<Vec<_>>().join("\n");
    let mut found = Vec::new();
    for rest in joined.split("crate::").skip(1) {
        if let Some(group) = rest.strip_prefix('{') {
            let inner: String = group.chars().take_while(|c| *c != '}').collect();
            found.extend(inner.split(',').map(|part| word(part.trim())));
        } else {
            found.push(word(rest));
        }
    }
    found
}

#[test]
fn a_module_names_only_lower_layers() {
    let layers: BTreeMap<&str, u8> = LAYERS.iter().copied().collect();
    let mut wrong = Vec::new();
    for source in sources() {
        if ["lib", "main"].contains(&source.module.as_str()) {
            continue;
        }
        let Some(own) = layers.get(source.module.as_str()) else {
            wrong.push(format!("{}: no layer is stated for it", source.name));
            continue;
        };
        for module in named(&source.code) {
            let lower = layers.get(module.as_str()).is_some_and(|layer| layer < own);
            if module != source.module && !lower && !module.is_empty() {
                wrong.push(format!("{} names {module}", source.name));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn the_pure_modules_do_nothing() {
    let forbidden =
        ["async ", ".await", "tokio", "std::fs", "std::env", "std::net", "std::time", "sqlx", "reqwest"];
    let pure = [
        "calendar",
        "ids",
        "fault",
        "grammar",
        "people",
        "items",
        "organisation",
        "workflow",
        "text",
        "plan",
        "ical",
        "documents",
        "import",
        "picture",
        "belongs",
        "wheel",
    ];
    let mut wrong = Vec::new();
    for source in sources().iter().filter(|s| pure.contains(&s.module.as_str())) {
        // Reading a folder of files is the one door; it is named here so that there is only one.
        if source.name == "workflow/folder.rs" {
            continue;
        }
        let code = source.code.lines().filter(|l| !l.trim_start().starts_with("//"));
        let code = code.collect::<Vec<_>>().join("\n");
        wrong
            .extend(forbidden.iter().filter(|f| code.contains(**f)).map(|f| format!("{}: {f}", source.name)));
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn files_and_functions_stay_small() {
    let mut wrong = Vec::new();
    for source in sources() {
        let lines: Vec<&str> = source.code.lines().collect();
        if lines.len() > LONGEST_FILE {
            wrong.push(format!("{}: {} lines", source.name, lines.len()));
        }
        for (start, line) in lines.iter().enumerate() {
            let indent = line.len() - line.trim_start().len();
            let begins = line.split_whitespace().take(4).any(|w| w == "fn");
            let end = lines[start..].iter().position(|l| *l == format!("{}}}", " ".repeat(indent)));
            if let (true, Some(length)) = (begins && line.trim_end().ends_with(['{', '(']), end)
                && length > LONGEST_FUNCTION
            {
                wrong.push(format!("{}:{} a function of {length} lines", source.name, start + 1));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn nothing_is_left_for_later() {
    let words = [concat!("TO", "DO"), concat!("FIX", "ME"), concat!("XX", "X:"), concat!("#[al", "low(")];
    let mut wrong = Vec::new();
    for source in sources() {
        for (number, line) in source.code.lines().enumerate() {
            // A component of calendars is called VTODO.
            let line = line.replace("VTODO", "");
            if words.iter().any(|w| line.contains(w)) {
                wrong.push(format!("{}:{}: {}", source.name, number + 1, line.trim()));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn the_root_holds_what_a_reader_expects() {
    let known = [
        "ARCHITECTURE.md",
        "CHANGELOG.md",
        "CONTRIBUTING.md",
        "Cargo.lock",
        "Cargo.toml",
        "LICENSE-APACHE",
        "LICENSE-MIT",
        "PERFORMANCE.md",
        "README.md",
        "SECURITY.md",
        "deploy",
        "migrations",
        "src",
        "target",
        "tests",
        "workflows",
    ];
    let root = fs::read_dir(env!("CARGO_MANIFEST_DIR")).unwrap();
    let names = root.map(|e| e.unwrap().file_name().to_string_lossy().into_owned());
    let strange: Vec<String> =
        names.filter(|n| !n.starts_with('.') && !known.contains(&n.as_str())).collect();
    assert!(strange.is_empty(), "{strange:?} don't belong in the root");
}
