//! `init`.

use std::fs;
use std::io::Write;
use std::path::Path;

use super::{CliError, Done, Exit, InitArgs};
use crate::config::{DEFAULT_FILE, EXAMPLE};
use crate::workflow;

/// Writes arshjul.toml and a folder of workflow files. Nothing that exists is written over.
pub(super) fn init(args: &InitArgs, out: &mut (dyn Write + Send)) -> Done {
    let region = known_region(&args.region)?;
    let config = args.folder.join(DEFAULT_FILE);
    let workflows = args.folder.join("workflows");
    for path in [&config, &workflows] {
        if path.exists() {
            return Err(CliError::Refused(format!("{} exists already; nothing was written", path.display())));
        }
    }
    let organisation = format!("{region}/organisation.toml");
    for file in workflow::shipped_of(region) {
        let text = match &args.name {
            Some(name) if file.path == organisation => renamed(&file.text, name),
            _ => file.text,
        };
        write_new(&workflows.join(&file.path), &text)?;
    }
    write_new(&config, &settings(args))?;
    writeln!(out, "wrote {} and {}", config.display(), workflows.display())?;
    writeln!(out, "next: correct the bodies in {}/{organisation},", workflows.display())?;
    writeln!(out, "then `arshjul check`, `arshjul import people.csv`, `arshjul start allt --dry-run`")?;
    Ok(Exit::Success)
}

/// The sjukvårdsregion of that name.
fn known_region(name: &str) -> Result<&'static str, CliError> {
    let known = workflow::shipped_regions();
    known.iter().find(|region| **region == name).copied().ok_or_else(|| {
        let advice = crate::grammar::advise(name, known.iter().copied());
        let advice = advice.map(|a| format!(", {a}")).unwrap_or_default();
        CliError::Refused(format!("there are no files for `{name}`{advice}"))
    })
}

/// The commented example with what was given filled in.
fn settings(args: &InitArgs) -> String {
    let mut text = EXAMPLE.replace("#workflows = \"workflows\"", "workflows = \"workflows\"");
    for (key, value) in [("from", &args.from), ("smtp", &args.smtp), ("public-url", &args.public_url)] {
        if let Some(value) = value {
            let line =
                text.lines().find(|l| l.starts_with(&format!("#{key} = "))).unwrap_or_default().to_owned();
            text = text.replace(&line, &format!("{key} = {}", toml_string(value)));
        }
    }
    text
}

fn renamed(text: &str, name: &str) -> String {
    let title = text.lines().find(|l| l.starts_with("title")).unwrap_or_default();
    text.replacen(title, &format!("title = {}", toml_string(name)), 1)
}

/// A JSON string is a TOML basic string.
fn toml_string(value: &str) -> String {
    serde_json::Value::from(value).to_string()
}

fn write_new(path: &Path, text: &str) -> std::io::Result<()> {
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder)?;
    }
    fs::write(path, text)
}
