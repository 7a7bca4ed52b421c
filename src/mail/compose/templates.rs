//! The two forms of a mail: structure only, the words come from the catalogue.
//!
//! An organisation may put its own in place. They are held against everything a mail may say before the first
//! mail is made: a field that a template misspells must not become a hole in a mail, nor stop one half a year later.

use std::collections::BTreeSet;

use minijinja::syntax::SyntaxConfig;
use minijinja::value::{Serde, Value};
use minijinja::{Environment, Error, ErrorKind, UndefinedBehavior};

use super::ComposeError;
use super::samples;
use super::view::View;
use crate::fault::{Fault, Faults};
use crate::grammar::{SourceFile, advise};

/// Their names: in a folder of an organisation's own, and as files of this program.
pub const NAMES: [&str; 2] = [TEXT, HTML];
const TEXT: &str = "mail.txt";
/// The ending decides that values are escaped.
const HTML: &str = "mail.html";

/// An address as an attribute holds it. Strokes stay: Word shows a link with them escaped as it is written.
fn address(url: &str) -> String {
    let escapes = [("&", "&amp;"), ("<", "&lt;"), (">", "&gt;"), ("\"", "&quot;"), ("'", "&#39;")];
    escapes.iter().fold(url.to_owned(), |url, (plain, escaped)| url.replace(plain, escaped))
}

/// The templates, parsed once.
#[derive(Debug)]
pub struct Templates(Environment<'static>);

impl Templates {
    /// The templates this program was built with.
    ///
    /// # Errors
    /// Never for a program whose tests have passed: they parse and render them.
    pub fn embedded() -> Result<Self, ComposeError> {
        let mut environment = Environment::new();
        environment.set_syntax(SyntaxConfig::builder().trim_blocks(true).lstrip_blocks(true).build()?);
        // A field that a template misspells must not become a hole in a mail.
        environment.set_undefined_behavior(UndefinedBehavior::Strict);
        environment.add_filter("address", |url: String| Value::from_safe_string(address(&url)));
        environment.add_template(HTML, include_str!("../templates/mail.html"))?;
        environment.add_template(TEXT, include_str!("../templates/mail.txt"))?;
        Ok(Self(environment))
    }

    /// The same with these files in place of those of the same name: one of [`NAMES`] ends each path.
    ///
    /// # Errors
    /// Every file that can't be parsed, names a field that there isn't, or fails for one of the kinds of mail
    /// there are; with its line.
    pub fn with(files: &[SourceFile]) -> Result<Self, Faults> {
        let whole = |error: ComposeError| Faults::new(vec![fault("", 1, &error.to_string())]);
        let mut templates = Self::embedded().map_err(whole)?;
        let views = samples::views().map_err(whole)?;
        let mut faults = Vec::new();
        for file in files {
            let Some(name) = NAMES.into_iter().find(|name| file.path.ends_with(name)) else { continue };
            match templates.0.add_template_owned(name, file.text.clone()) {
                Err(error) => faults.push(refused(file, &error)),
                Ok(()) => faults.extend(templates.judge(name, file, &views)),
            }
        }
        Faults::unless_none(faults, templates)
    }

    /// What is wrong with a template, beside its grammar.
    fn judge(&self, name: &str, file: &SourceFile, views: &[View]) -> Vec<Fault> {
        let Ok(template) = self.0.get_template(name) else { return Vec::new() };
        let known = samples::fields(views);
        let top: BTreeSet<&str> =
            known.iter().filter(|path| !path.contains('.')).map(String::as_str).collect();
        let globals: BTreeSet<&str> = self.0.globals().map(|(name, _)| name).collect();
        let mut unknown: Vec<String> = template.undeclared_variables(true).into_iter().collect();
        unknown.retain(|path| {
            let first = path.split('.').next().unwrap_or(path);
            !known.contains(path) && !globals.contains(first)
        });
        unknown.sort();
        let named = unknown.iter().map(|path| {
            let near: Vec<&str> = match path.rsplit_once('.') {
                Some((of, _)) if known.contains(of) => below(&known, of),
                _ => top.iter().copied().collect(),
            };
            let field = path.rsplit('.').next().unwrap_or(path);
            let fault = fault(&file.path, line_of(&file.text, path), &format!("unknown field `{path}`"));
            let advice = advise(field, near.iter().copied());
            fault.suggest(advice.unwrap_or_else(|| format!("the fields are {}", near.join(", "))))
        });
        let named: Vec<Fault> = named.collect();
        if !named.is_empty() {
            return named;
        }
        // One misspelt field of a section fails for nearly every mail: said once.
        let failed = views.iter().find_map(|view| template.render(Value::from(Serde(view))).err());
        failed.map(|error| failing(file, &error, &known)).into_iter().collect()
    }

    /// The plain text and the HTML of a mail.
    pub(super) fn render(&self, view: &View) -> Result<(String, String), ComposeError> {
        let view = Value::from(Serde(view));
        let text = self.0.get_template(TEXT)?.render(view.clone())?;
        let html = self.0.get_template(HTML)?.render(view)?;
        Ok((text, html))
    }
}

fn fault(file: &str, line: usize, message: &str) -> Fault {
    Fault::new(file, (line, 1), "bad-template", message)
}

fn refused(file: &SourceFile, error: &Error) -> Fault {
    let what = error.detail().map_or_else(|| error.kind().to_string(), str::to_owned);
    fault(&file.path, error.line().unwrap_or(1), &what)
}

/// A template that fails for a mail there may be. Where it names a field that nothing has, that field is told.
fn failing(file: &SourceFile, error: &Error, known: &BTreeSet<String>) -> Fault {
    let line = error.line().unwrap_or(1);
    if error.kind() != ErrorKind::UndefinedError {
        return refused(file, error);
    }
    let fields: BTreeSet<&str> = known.iter().filter_map(|path| path.rsplit('.').next()).collect();
    let text = file.text.lines().nth(line.saturating_sub(1)).unwrap_or_default();
    let wrong = dotted(text).into_iter().find(|(_, field)| !fields.contains(field));
    match wrong {
        None => fault(&file.path, line, "a field here is missing in some mails")
            .suggest("ask for it first: `{% if section.link %}`"),
        Some((of, field)) => {
            let fault = fault(&file.path, line, &format!("unknown field `{field}` of `{of}`"));
            let all = || format!("the fields are {}", fields.iter().copied().collect::<Vec<_>>().join(", "));
            fault.suggest(advise(field, fields.iter().copied()).unwrap_or_else(all))
        }
    }
}

/// The fields of `of`, without the dots before them.
fn below<'a>(known: &'a BTreeSet<String>, of: &str) -> Vec<&'a str> {
    known
        .iter()
        .filter_map(|path| path.strip_prefix(of)?.strip_prefix('.'))
        .filter(|f| !f.contains('.'))
        .collect()
}

/// The line that names a field first.
fn line_of(text: &str, path: &str) -> usize {
    let at = text.lines().position(|line| {
        let mut rest = line;
        while let Some(found) = rest.find(path) {
            let letter = |c: char| c.is_alphanumeric() || c == '_' || c == '.';
            let before = rest[..found].chars().next_back().is_some_and(letter);
            let after = rest[found + path.len()..].chars().next().is_some_and(letter);
            if !before && !after {
                return true;
            }
            rest = &rest[found + path.len()..];
        }
        false
    });
    at.map_or(1, |at| at + 1)
}

/// Every `name.field` of a line of code.
fn dotted(line: &str) -> Vec<(&str, &str)> {
    let words = line.split(|c: char| !(c.is_alphanumeric() || c == '_' || c == '.'));
    words
        .filter_map(|word| word.rsplit_once('.'))
        .filter(|(of, field)| !of.is_empty() && !field.is_empty())
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_stays_within_its_attribute() {
        assert_eq!(
            address("https://example.org/a?b=1&c=\"'<x>"),
            "https://example.org/a?b=1&amp;c=&quot;&#39;&lt;x&gt;"
        );
    }
}
