//! What the documents say is so: their commands run, their output is what comes out, their files are there.
//!
//! The fenced blocks of a document are one story, told in a folder of its own:
//! - in ` ```sh ` every line is run and must succeed;
//! - in ` ```console ` the lines after `$ ` are run, and what follows each is what it must print, whether it
//!   succeeds or not; a line `...` stands for any lines;
//! - ` ```csv people.csv ` writes the block to that file;
//! - a ` ```toml ` without a file shows paragraphs that are shipped word for word;
//! - all others are only read by people.
//!
//! A command that serves is run until it has answered a request, and must then end cleanly. Of `tests/run`, which
//! runs this test, only the presence is looked at.

#![cfg(test)]

use std::collections::BTreeSet;
use std::fs;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use arshjul::config;

/// Every document with something to run or to check.
const DOCUMENTS: &[&str] = &[
    "README.md",
    "ARCHITECTURE.md",
    "CONTRIBUTING.md",
    "SECURITY.md",
    "PERFORMANCE.md",
    "CHANGELOG.md",
    "deploy/README.md",
];
/// Endings of files that a document may name.
const ENDINGS: &[&str] = &[
    "rs", "toml", "md", "sql", "sh", "py", "service", "conf", "html", "txt", "csv", "yml", "expected", "css",
];
const PROGRAM: &str = env!("CARGO_BIN_EXE_arshjul");

struct Block {
    line: usize,
    language: String,
    file: Option<String>,
    lines: Vec<String>,
}

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn read(document: &str) -> String {
    fs::read_to_string(root().join(document)).unwrap_or_else(|error| panic!("{document}: {error}"))
}

/// The fenced blocks of a document, and its lines outside them.
fn parts(text: &str) -> (Vec<Block>, Vec<(usize, String)>) {
    let (mut blocks, mut prose) = (Vec::new(), Vec::new());
    let mut open: Option<Block> = None;
    for (number, line) in text.lines().enumerate() {
        match (line.trim_start().strip_prefix("```"), open.take()) {
            (Some(info), None) => {
                let mut words = info.split_whitespace().map(str::to_owned);
                let (language, file) = (words.next().unwrap_or_default(), words.next());
                open = Some(Block { line: number + 1, language, file, lines: Vec::new() });
            }
            (Some(_), Some(block)) => blocks.push(block),
            (None, Some(mut block)) => {
                block.lines.push(line.to_owned());
                open = Some(block);
            }
            (None, None) => prose.push((number + 1, line.to_owned())),
        }
    }
    assert!(open.is_none(), "a block is not closed");
    (blocks, prose)
}

/// A folder in which a document's commands run.
struct Stage {
    folder: tempfile::TempDir,
}

impl Stage {
    /// `arshjul` is the program that was built, and `cargo run -- ` runs it too.
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let bin = folder.path().join(".bin");
        fs::create_dir(&bin).unwrap();
        std::os::unix::fs::symlink(PROGRAM, bin.join("arshjul")).unwrap();
        Self { folder }
    }

    fn path(&self) -> &Path {
        self.folder.path()
    }

    fn shell(&self, command: &str) -> Command {
        let mut shell = Command::new("sh");
        let bin = self.path().join(".bin");
        shell.args(["-c", command]).current_dir(self.path()).stdin(Stdio::null());
        // Nothing of the developer's own set-up may help or hinder.
        shell.env_clear().env("PATH", format!("{}:/usr/local/bin:/usr/bin:/bin", bin.display()));
        shell
    }

    /// Runs one command and returns what it printed, or why it is wrong.
    fn run(&self, command: &str, may_fail: bool) -> Result<String, String> {
        let command = command.replace("cargo run --release -- ", "cargo run -- ");
        let command = command.replace("cargo run -- ", "arshjul ");
        if let Some(script) = command.split_whitespace().next().filter(|word| word.starts_with("tests/")) {
            return if root().join(script).is_file() {
                Ok(String::new())
            } else {
                Err("is not there".into())
            };
        }
        if !command.split_whitespace().any(|word| word == "arshjul") {
            return Err("is no command of ours: run it in a block of another language".to_owned());
        }
        let serves = command.contains("arshjul serve")
            || (command.contains("arshjul demo") && !command.contains("--fast"));
        if serves {
            return self.serve(&command);
        }
        let ran = self.shell(&command).output().map_err(|error| error.to_string())?;
        if !ran.status.success() && !may_fail {
            let said = [ran.stdout, ran.stderr].concat();
            return Err(format!("{}: {}", ran.status, String::from_utf8_lossy(&said)));
        }
        Ok(String::from_utf8_lossy(&ran.stdout).into_owned())
    }

    /// Starts a server on a free port, asks it for its first page, and ends it.
    fn serve(&self, command: &str) -> Result<String, String> {
        let command = command.replace("arshjul demo", "arshjul demo --port 0");
        let mut shell = self.shell(&format!("exec {command}"));
        let mut child = shell
            .env("ARSHJUL_LISTEN", "127.0.0.1:0")
            .stdout(Stdio::piped())
            .spawn()
            .map_err(|e| e.to_string())?;
        let mut said = String::new();
        let mut address = None;
        let mut lines = BufReader::new(child.stdout.take().expect("piped"));
        while address.is_none() && lines.read_line(&mut said).map_err(|e| e.to_string())? > 0 {
            address = said.split("http://").nth(1).map(|rest| {
                rest.chars().take_while(|c| c.is_ascii_digit() || matches!(c, '.' | ':')).collect::<String>()
            });
        }
        let answered = address.map(|address| first_line(&address));
        let killed = Command::new("kill").arg(child.id().to_string()).status();
        let ended = child.wait().map_err(|e| e.to_string())?;
        match answered {
            Some(Ok(status)) if status.starts_with("HTTP/1.1 200") && ended.success() => Ok(said),
            other => Err(format!("answered {other:?}, ended {ended} after {killed:?}; it said: {said}")),
        }
    }
}

fn first_line(address: &str) -> std::io::Result<String> {
    let mut stream = TcpStream::connect(address)?;
    write!(stream, "GET / HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n\r\n")?;
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer)?;
    Ok(String::from_utf8_lossy(&answer).lines().next().unwrap_or_default().to_owned())
}

/// Whether `found` is as `expected` says, where a line `...` stands for any lines.
fn fits(expected: &[String], found: &[&str]) -> bool {
    match expected.split_first() {
        None => found.is_empty(),
        Some((line, rest)) if line == "..." => (0..=found.len()).any(|skip| fits(rest, &found[skip..])),
        Some((line, rest)) => {
            found.split_first().is_some_and(|(first, others)| first.trim_end() == line && fits(rest, others))
        }
    }
}

/// Plays a block; says what is wrong in it.
fn play(stage: &Stage, block: &Block) -> Vec<String> {
    let at = |offset: usize, what: String| format!("{}: {what}", block.line + 1 + offset);
    let mut wrong = Vec::new();
    if let Some(file) = &block.file {
        fs::write(stage.path().join(file), format!("{}\n", block.lines.join("\n"))).unwrap();
    } else if block.language == "sh" {
        for (offset, line) in block.lines.iter().enumerate() {
            let command = line.split(" # ").next().unwrap_or_default().trim();
            if command.is_empty() || command.starts_with('#') {
                continue;
            }
            if let Err(why) = stage.run(command, false) {
                wrong.push(at(offset, format!("`{command}` {why}")));
            }
        }
    } else if block.language == "console" {
        let mut rest = block.lines.as_slice();
        while let Some((line, after)) = rest.split_first() {
            let offset = block.lines.len() - rest.len();
            let end = after.iter().position(|l| l.starts_with("$ ")).unwrap_or(after.len());
            let (expected, next) = after.split_at(end);
            rest = next;
            let Some(command) = line.strip_prefix("$ ") else {
                wrong.push(at(offset, "a command begins with `$ `".to_owned()));
                continue;
            };
            match stage.run(command, true) {
                Err(why) => wrong.push(at(offset, format!("`{command}` {why}"))),
                Ok(said) if fits(expected, &said.lines().collect::<Vec<_>>()) => {}
                Ok(said) => wrong.push(at(offset, format!("`{command}` really says:\n{said}"))),
            }
        }
    }
    wrong
}

fn plays(document: &str) {
    let stage = Stage::new();
    let (blocks, _) = parts(&read(document));
    let wrong: Vec<String> = blocks.iter().flat_map(|block| play(&stage, block)).collect();
    assert!(wrong.is_empty(), "{document}:{}", wrong.join("\n"));
}

#[test]
fn the_readme_can_be_followed() {
    plays("README.md");
}

#[test]
fn the_other_documents_can_be_followed() {
    for document in DOCUMENTS.iter().filter(|d| **d != "README.md") {
        plays(document);
    }
}

/// What stands between backticks in prose.
fn quoted(line: &str) -> impl Iterator<Item = &str> {
    line.split('`').skip(1).step_by(2)
}

/// Where a line's links lead, within the tree.
fn links(line: &str) -> impl Iterator<Item = &str> {
    let targets = line.split("](").skip(1).filter_map(|rest| rest.split(')').next());
    targets.filter(|t| !t.contains("://") && !t.starts_with('#')).map(|t| t.split('#').next().unwrap_or(t))
}

/// Whether quoted text names a file of the tree: it has a known ending, or begins with a folder of the root.
fn names_a_file(text: &str) -> bool {
    let plain = |c: char| c.is_alphanumeric() || "/._-".contains(c);
    if text.starts_with('/') || text.starts_with("target/") || !text.chars().all(plain) {
        return false;
    }
    let ending =
        text.rsplit_once('.').is_some_and(|(stem, ending)| !stem.is_empty() && ENDINGS.contains(&ending));
    let folder = text.split_once('/').is_some_and(|(first, _)| root().join(first).is_dir());
    ending || folder
}

#[test]
fn every_file_that_is_named_is_there() {
    let mut wrong = Vec::new();
    for document in DOCUMENTS {
        let (blocks, prose) = parts(&read(document));
        let own = Path::new(document).parent().and_then(Path::to_str).unwrap_or_default();
        // What a reader makes while following the document.
        let made: BTreeSet<PathBuf> = blocks
            .iter()
            .filter_map(|b| b.file.as_ref().map(PathBuf::from))
            .chain([config::DEFAULT_FILE.into()])
            .collect();
        for (number, line) in &prose {
            let named = quoted(line).filter(|text| names_a_file(text)).chain(links(line));
            for name in named {
                let there = ["", "src", own].iter().any(|folder| root().join(folder).join(name).exists());
                if !there && !made.contains(Path::new(name)) {
                    wrong.push(format!("{document}:{number}: there is no {name}"));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn the_workflows_that_are_shown_are_shipped() {
    let shipped: Vec<String> = arshjul::workflow::shipped().into_iter().map(|file| file.text).collect();
    let mut shown = 0;
    for document in DOCUMENTS {
        let (blocks, _) = parts(&read(document));
        for block in blocks.iter().filter(|b| b.language == "toml" && b.file.is_none()) {
            for paragraph in block.lines.join("\n").split("\n\n") {
                shown += 1;
                let is_shipped = shipped.iter().any(|text| text.contains(paragraph));
                assert!(is_shipped, "{document}:{}: no shipped file says\n{paragraph}", block.line);
            }
        }
    }
    assert!(shown > 0);
}

#[test]
fn the_map_shows_every_module() {
    let map = read("ARCHITECTURE.md");
    let entries = fs::read_dir(root().join("src")).unwrap();
    let names = entries.map(|e| e.unwrap().file_name().to_string_lossy().trim_end_matches(".rs").to_owned());
    let missing: Vec<String> = names.filter(|name| !map.contains(&format!("`{name}`"))).collect();
    assert!(missing.is_empty(), "ARCHITECTURE.md does not say what {missing:?} are for");
}

#[test]
fn the_readme_names_every_command_and_setting() {
    let readme = read("README.md");
    let help = Command::new(PROGRAM).arg("--help").output().unwrap();
    let help = String::from_utf8(help.stdout).unwrap();
    let commands = help.lines().skip_while(|l| *l != "Commands:").skip(1).take_while(|l| !l.is_empty());
    let commands: Vec<&str> =
        commands.filter_map(|l| l.split_whitespace().next()).filter(|c| *c != "help").collect();
    assert!(commands.len() > 10, "{help}");
    let schema = config::schema();
    let settings = schema["properties"].as_object().unwrap().iter().filter(|(key, _)| *key != "quiet");
    // A table's own keys stand after its name.
    let keys = settings.flat_map(|(key, value)| match value["properties"].as_object() {
        Some(inner) => inner.keys().map(|own| format!("{key}-{own}")).collect(),
        None => vec![key.clone()],
    });
    let variables = keys.map(|key| format!("ARSHJUL_{}", key.to_uppercase().replace('-', "_")));
    let wanted = commands.iter().map(|c| format!("`{c}")).chain(variables.map(|v| format!("`{v}`")));
    let missing: Vec<String> = wanted.filter(|text| !readme.contains(text)).collect();
    assert!(missing.is_empty(), "README.md does not name {missing:?}");
}

#[test]
fn three_dots_stand_for_any_lines() {
    let expected = |lines: &[&str]| lines.iter().map(|l| (*l).to_owned()).collect::<Vec<_>>();
    assert!(fits(&expected(&["a", "...", "d"]), &["a", "b", "c", "d"]));
    assert!(fits(&expected(&["..."]), &[]));
    assert!(!fits(&expected(&["a"]), &["a", "b"]));
    assert!(!fits(&expected(&["a", "...", "d"]), &["a", "b"]));
}
