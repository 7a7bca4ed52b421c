//! The shipped files, and the schemas that are published for editors: what the loader takes and what a schema
//! takes is the same, for real files, for broken ones and for every file that is one slip from a real one.

#![cfg(test)]

use std::collections::BTreeSet;
use std::path::Path;
use std::sync::LazyLock;

use arshjul::grammar::{Document, Shape, SourceFile};
use arshjul::organisation::{self, file::is_organisation};
use arshjul::workflow::{self, all_shipped, load_all, shipped, shipped_of};
use proptest::prelude::{Just, Strategy, any, prop, prop_oneof, proptest};
use serde_json::{Value as Json, json};
use toml::Value;

use crate::broken::broken;

/// A kind of file: its grammar, and a validator made of the schema alone.
struct Kind {
    shape: Shape,
    schema: jsonschema::Validator,
}

impl Kind {
    fn new(shape: Shape, schema: &Json) -> Self {
        let options = jsonschema::options().should_validate_formats(true);
        Self { shape, schema: options.build(schema).unwrap() }
    }

    fn of(path: &str) -> &'static Self {
        static ORGANISATION: LazyLock<Kind> =
            LazyLock::new(|| Kind::new(organisation::file::SHAPE, &organisation::file::schema()));
        static WORKFLOW: LazyLock<Kind> = LazyLock::new(|| Kind::new(workflow::SHAPE, &workflow::schema()));
        if is_organisation(path) { &ORGANISATION } else { &WORKFLOW }
    }

    /// What the loader says of the file's shape, and what the schema says. Both read the same TOML.
    fn verdicts(&self, text: &str) -> (bool, bool, String) {
        let file = SourceFile::new("file.toml", text);
        let document = Document::read(&file, &self.shape);
        let faults = document.faults().iter().map(ToString::to_string).collect::<Vec<_>>().join("\n");
        let value: Value = toml::from_str::<toml::Table>(text).unwrap().into();
        (faults.is_empty(), self.schema.is_valid(&to_json(&value)), faults)
    }

    fn agree(&self, text: &str) -> bool {
        let (loader, schema, faults) = self.verdicts(text);
        assert_eq!(loader, schema, "loader and schema differ on\n{text}\nthe loader says\n{faults}");
        loader
    }
}

/// As editors hand TOML to a validator: dates are strings.
fn to_json(value: &Value) -> Json {
    match value {
        Value::String(text) => json!(text),
        Value::Integer(number) => json!(number),
        Value::Float(number) => json!(number),
        Value::Boolean(value) => json!(value),
        Value::Datetime(date) => json!(date.to_string()),
        Value::Array(list) => list.iter().map(to_json).collect(),
        Value::Table(table) => table.iter().map(|(key, value)| (key.clone(), to_json(value))).collect(),
    }
}

/// The same as TOML on as few lines as there are keys at the top.
fn to_toml(table: &toml::Table) -> String {
    table.iter().map(|(key, value)| format!("{} = {}\n", quote(key), inline(value))).collect()
}

fn inline(value: &Value) -> String {
    match value {
        Value::String(text) => quote(text),
        Value::Integer(number) => number.to_string(),
        Value::Float(number) => format!("{number:?}"),
        Value::Boolean(value) => value.to_string(),
        Value::Datetime(date) => date.to_string(),
        Value::Array(list) => format!("[{}]", list.iter().map(inline).collect::<Vec<_>>().join(", ")),
        Value::Table(table) => {
            let pairs = table.iter().map(|(key, value)| format!("{} = {}", quote(key), inline(value)));
            format!("{{ {} }}", pairs.collect::<Vec<_>>().join(", "))
        }
    }
}

/// A basic string; JSON's escapes are TOML's, save that TOML also wants DEL escaped.
fn quote(text: &str) -> String {
    json!(text).to_string().replace('\u{7f}', "\\u007F")
}

#[test]
fn every_shipped_file_is_without_fault() {
    for files in [shipped(), shipped_of("mellansverige"), all_shipped()] {
        if let Err(faults) = load_all(&files) {
            panic!("{faults}");
        }
    }
}

#[test]
fn every_file_of_the_folder_is_shipped() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("workflows");
    assert_eq!(workflow::folder::read_folder(&folder).unwrap(), all_shipped());
}

#[test]
fn the_schemas_are_schemas() {
    for schema in [workflow::schema(), organisation::file::schema()] {
        assert!(jsonschema::meta::is_valid(&schema));
        assert_eq!(schema["$schema"], "https://json-schema.org/draft/2020-12/schema");
        assert_eq!(schema["additionalProperties"], false);
    }
    assert_eq!(
        workflow::schema()["properties"]["title"]["description"],
        "What the workflow is called, to people."
    );
}

#[test]
fn the_schema_takes_every_shipped_file() {
    for file in all_shipped() {
        assert!(Kind::of(&file.path).agree(&file.text), "{}", file.path);
    }
}

#[test]
fn the_schema_judges_broken_files_as_the_loader_does() {
    let (mut taken, mut refused) = (0, 0);
    for (name, file) in broken() {
        // What is no TOML can't be given to a validator.
        if toml::from_str::<toml::Table>(&file.text).is_err() {
            continue;
        }
        match Kind::of(&file.path).agree(&file.text) {
            true => taken += 1,
            false => refused += 1,
        }
        assert!(!crate::broken::faults_of(&file).is_empty(), "{name} has no fault");
    }
    assert!(taken >= 10 && refused >= 10, "{taken} of the right shape, {refused} not");
}

/// One step into a value.
#[derive(Clone, Debug)]
enum Way {
    Key(String),
    Index(usize),
}

fn ways(value: &Value, here: &mut Vec<Way>, all: &mut Vec<Vec<Way>>) {
    if !here.is_empty() {
        all.push(here.clone());
    }
    let inner: Vec<(Way, &Value)> = match value {
        Value::Table(table) => table.iter().map(|(key, value)| (Way::Key(key.clone()), value)).collect(),
        Value::Array(list) => list.iter().enumerate().map(|(i, value)| (Way::Index(i), value)).collect(),
        _ => Vec::new(),
    };
    for (way, value) in inner {
        here.push(way);
        ways(value, here, all);
        here.pop();
    }
}

fn at<'a>(value: &'a mut Value, way: &[Way]) -> &'a mut Value {
    way.iter().fold(value, |value, way| match way {
        Way::Key(key) => &mut value[key.as_str()],
        Way::Index(i) => &mut value[*i],
    })
}

/// Everything that one slip makes of a file: a value of another kind, a key that is gone or renamed.
fn slips(value: &Value, way: &[Way]) -> Vec<Value> {
    let others = [
        Value::Integer(7),
        Value::Integer(-1),
        Value::Float(1.5),
        Value::Boolean(true),
        Value::String("något".to_owned()),
        Value::String("Rad\nrad".to_owned()),
        Value::String(String::new()),
        Value::Array(Vec::new()),
        Value::Array(vec![Value::Integer(1)]),
        Value::Table(toml::Table::new()),
        Value::Datetime("2025-02-12".parse().unwrap()),
        Value::Datetime("1025-02-12".parse().unwrap()),
        Value::Datetime("2025-02-12T10:00:00".parse().unwrap()),
        Value::Datetime("2025-02-12T10:00:00Z".parse().unwrap()),
        Value::Datetime("10:00:00".parse().unwrap()),
    ];
    let mut slips = Vec::new();
    for other in others {
        let mut changed = value.clone();
        let place = at(&mut changed, way);
        // A date is a string to the schema, so it can't see one that stands for text; the loader can. Where there
        // is a list or a table, text is often an alternative.
        if !other.is_datetime() || place.is_datetime() || place.is_integer() || place.is_bool() {
            *place = other;
            slips.push(changed);
        }
    }
    if let Some((Way::Key(key), above)) = way.split_last() {
        let mut without = value.clone();
        let taken = at(&mut without, above).as_table_mut().unwrap().remove(key).unwrap();
        let mut renamed = without.clone();
        at(&mut renamed, above).as_table_mut().unwrap().insert(format!("{key}x"), taken);
        slips.extend([without, renamed]);
    }
    slips
}

#[test]
fn the_schema_judges_every_slip_as_the_loader_does() {
    // A place is tried once, however many steps have it: `step[].when` is the same everywhere.
    let mut tried = BTreeSet::new();
    let (mut taken, mut refused) = (0, 0);
    for file in shipped() {
        let kind = Kind::of(&file.path);
        let mut value: Value = toml::from_str::<toml::Table>(&file.text).unwrap().into();
        let mut all = Vec::new();
        ways(&value, &mut Vec::new(), &mut all);
        for way in all {
            let general = way.iter().map(|way| match way {
                Way::Key(key) => format!(".{key}"),
                Way::Index(_) => "[]".to_owned(),
            });
            let type_here = at(&mut value, &way).type_str();
            if !tried.insert(format!("{}{type_here}", general.collect::<String>())) {
                continue;
            }
            for slip in slips(&value, &way) {
                match kind.agree(&to_toml(slip.as_table().unwrap())) {
                    true => taken += 1,
                    false => refused += 1,
                }
            }
        }
    }
    assert!(taken > 50 && refused > 1000, "{taken} slips of the right shape, {refused} not");
}

/// Text that is nearly of one of the forms.
fn nearly() -> impl Strategy<Value = String> {
    let word = prop_oneof![
        prop::sample::select(vec![
            "0",
            "1",
            "10",
            "999",
            "1000",
            "007",
            "workdays",
            "workday",
            "days",
            "week",
            "months",
            "before",
            "after",
            "start",
            "due",
            ".due",
            "since",
            "at",
            "once",
            "2025",
            "1989",
            "2200",
            "-Q1",
            "-Q5",
            "04",
            "-15",
            "-31",
            "02",
            "-30",
            "-29",
            "processtöd",
            "rag",
            "Åsa",
            "fordela",
            "nationell/remisser",
            "https://",
            "webcal://a",
            "sommar",
            "/",
            ":",
            "#",
            "-",
            "--",
            ".",
            " ",
            " ",
            " ",
            "  ",
            "\t",
            "\n",
            "T10:00",
            "é",
            "K",
            "1a"
        ])
        .prop_map(str::to_owned),
        "[a-zåA-Z0-9 ./:#-]",
    ];
    prop::collection::vec(word, 0..8).prop_map(|words| words.concat())
}

proptest! {
    #[test]
    fn every_form_is_the_same_to_loader_and_schema(text in nearly()) {
        let kind = Kind::of("file.toml");
        let text = quote(&text);
        for file in [
            format!("title = {text}"),
            format!("title = \"X\"\nfeed = {text}"),
            format!("title = \"X\"\nfor = {text}"),
            format!("title = \"X\"\noccasion = {text}"),
            format!("title = \"X\"\nswitch-off = [{text}]"),
            format!("title = \"X\"\nmeeting = [{{ id = \"a\", title = \"A\", note = {text} }}]"),
            format!("title = \"X\"\nmeeting = [{{ id = \"a\", title = \"A\", prepared-as = {text} }}]"),
            format!("title = \"X\"\nmeeting = [{{ id = \"a\", title = \"A\", expected = [{text}] }}]"),
            format!("title = \"X\"\nmeeting = [{{ id = \"a\", title = \"A\", from-calendar = {text} }}]"),
            format!("title = \"X\"\nmeeting = [{{ id = \"a\", title = \"A\", dates = [{text}] }}]"),
            format!("title = \"X\"\nmeeting = [{{ id = \"a\", title = \"A\", dates = [{{ start = {text} }}] }}]"),
            format!("title = \"X\"\ndeadline = [{{ id = \"a\", title = \"A\", every = {text} }}]"),
            format!("title = \"X\"\nstep = [{{ id = \"a\", to = {text}, when = \"start\" }}]"),
            format!("title = \"X\"\nstep = [{{ id = \"a\", to = \"b\", when = {text} }}]"),
            format!("title = \"X\"\nwatch = [{{ id = \"a\", items = {{}}, to = \"b\", first = {text} }}]"),
            format!("title = \"X\"\nwatch = [{{ id = \"a\", items = {{}}, to = \"b\", first = \"at once\", every = {text} }}]"),
            format!("title = \"X\"\nstep = [{{ id = \"a\", to = \"b\", when = \"start\", answers = {{ {text} = \"A\" }} }}]"),
        ] {
            kind.agree(&file);
        }
        let organisation = Kind::of("organisation.toml");
        organisation.agree(&format!("kind = [{{ id = \"a\", title = \"A\", roles = [{text}] }}]"));
    }
}

/// A shipped file with a piece of it replaced by something else.
fn spoilt() -> impl Strategy<Value = SourceFile> {
    let piece = prop_oneof![
        any::<String>(),
        nearly(),
        Just(String::new()),
        prop::sample::select(vec![
            "[",
            "]",
            "{",
            "}",
            "\"",
            "\"\"\"",
            "'",
            "=",
            "[[step]]\n",
            "\n",
            "\r",
            "\0",
            "\u{feff}",
            "0x",
            "9999-12-31",
            "0000-01-01",
            "1e999",
            "99999999999999999999",
            "9999",
            "[[[[",
            "{{{{",
            "a.b.c.d = 1\n"
        ])
        .prop_map(str::to_owned),
    ];
    (prop::sample::select(shipped()), any::<prop::sample::Index>(), 0usize..40, piece).prop_map(
        |(file, start, length, piece)| {
            let letters: Vec<char> = file.text.chars().collect();
            let start = start.index(letters.len());
            let end = (start + length).min(letters.len());
            let mut text: String = letters[..start].iter().collect();
            text.push_str(&piece);
            text.extend(&letters[end..]);
            SourceFile { path: file.path, text }
        },
    )
}

proptest! {
    #[test]
    fn no_text_makes_the_loader_panic(text in any::<String>()) {
        let _ = load_all(&[SourceFile::new("a.toml", text.clone()), SourceFile::new("organisation.toml", text)]);
    }

    #[test]
    fn no_spoilt_file_makes_the_loader_panic(spoilt in spoilt()) {
        let files: Vec<SourceFile> =
            shipped().into_iter().map(|file| if file.path == spoilt.path { spoilt.clone() } else { file }).collect();
        if let Err(faults) = load_all(&files) {
            let lines = |path: &str| files.iter().find(|file| file.path == path).unwrap().text.lines().count();
            for fault in &faults {
                assert!(fault.line >= 1 && fault.column >= 1 && fault.line <= lines(&fault.file) + 1, "{fault}");
                assert!(!fault.message.ends_with('.') && !fault.message.contains('\n'), "{fault}");
            }
        }
    }
}

#[test]
fn a_lone_carriage_return_in_a_header_is_told_and_not_looked_for_without_end() {
    let file = SourceFile::new("a.toml", "title = \"A\"\n\n[[period\r]]\nid = \"a\"\n");
    let faults = load_all(&[file]).unwrap_err();
    assert!(faults.iter().any(|fault| fault.line == 3 && fault.code == "syntax"), "{faults}");
}
