//! Compares a file with its shape and finds every difference.

use super::dates::{self, Asked};
use super::form::{Form, Trouble};
use super::node::{Content, Entry, Node, find};
use super::shape::{Field, Shape};
use super::source::Source;
use super::{advise, closest};
use crate::fault::Fault;

/// Walks through one file.
pub(super) struct Walk<'a, 'f> {
    source: &'f Source<'a>,
    /// The keys at the top of the file: one that is met deeper down has slipped below a header.
    top: &'static [Field],
    /// The newest year the file names, for advice on dates without one.
    year: Option<i16>,
    /// The keys of a first and a last day in the table that is being walked through.
    days: Option<(&'static str, &'static str)>,
    pub faults: Vec<Fault>,
}

impl<'a, 'f> Walk<'a, 'f> {
    pub fn new(source: &'f Source<'a>, shape: &Shape) -> Self {
        let top = if let Shape::Table(fields) = shape { fields } else { &[][..] };
        Self { source, top, year: dates::newest_year(source.text()), days: None, faults: Vec::new() }
    }

    /// A file's top level: its faults stand at the very beginning.
    pub fn file(&mut self, shape: &Shape, root: &Node) {
        self.value(shape, "", root);
    }

    fn fault(&mut self, at: usize, code: &'static str, trouble: Trouble) {
        let fault = self.source.fault(at, code, trouble.message).suggest_maybe(trouble.suggestion);
        self.faults.push(fault);
    }

    /// `key` is the nearest key above the value, for the message.
    fn value(&mut self, shape: &Shape, key: &str, value: &Node) {
        let at = value.at;
        match (shape, &value.value) {
            (Shape::Table(fields), Content::Table(table)) => self.table(fields, at, table),
            (Shape::Map { key: form, value }, Content::Table(table)) => self.map(form, value, table),
            (Shape::List(shape), Content::List(list)) => self.list(shape, key, list),
            (Shape::OneOf(shapes), found) => match shapes.iter().find(|shape| takes(shape, found)) {
                // The whole choice, for advice on how to write the other.
                Some(Shape::Date | Shape::DateOrTime) => self.date(shape, key, value),
                Some(shape) => self.value(shape, key, value),
                None => self.wrong_type(shape, key, value),
            },
            (Shape::Text { breaks }, Content::Text(text)) => self.text(*breaks, key, at, text),
            (Shape::Form(form), Content::Text(text)) => {
                if let Err(trouble) = (form.check)(text) {
                    self.fault(at, form.code, trouble);
                }
            }
            (Shape::Choice(words), Content::Text(text)) if !words.contains(&text.as_str()) => {
                let message = format!("`{key}` can't be `{text}`");
                let suggestion = advise(text, words.iter().copied());
                self.fault(at, "unknown-word", Trouble { message, suggestion });
            }
            (Shape::Choice(_), Content::Text(_)) | (Shape::Bool, Content::Bool(_)) => {}
            (Shape::Integer { least, most }, Content::Integer(number)) => {
                if number.is_none_or(|number| !(*least..=*most).contains(&number)) {
                    let message = format!("`{key}` is out of range");
                    let advice = format!("write a whole number from {least} to {most}");
                    self.fault(at, "out-of-range", Trouble::new(message, advice));
                }
            }
            (Shape::Date | Shape::DateOrTime, _) => self.date(shape, key, value),
            _ => self.wrong_type(shape, key, value),
        }
    }

    fn table(&mut self, fields: &'static [Field], at: usize, table: &[Entry]) {
        for entry in table {
            match fields.iter().find(|field| field.key == entry.key) {
                Some(field) => {
                    self.days = day_keys(fields);
                    self.value(field.shape, field.key, &entry.node);
                }
                None => self.unknown_key(fields, entry),
            }
        }
        for field in fields.iter().filter(|field| field.required) {
            if find(table, field.key).is_none() {
                let message = format!("missing key `{}`", field.key);
                let advice = format!("add `{} = {}`", field.key, field.shape.example());
                self.fault(at, "missing-key", Trouble::new(message, advice));
            }
        }
    }

    fn unknown_key(&mut self, fields: &[Field], entry: &Entry) {
        let name = entry.key.as_str();
        let allowed = fields.iter().map(|field| field.key);
        let suggestion = match closest(name, allowed.clone()) {
            None if self.top.iter().any(|field| field.key == name) => {
                Some(format!("move `{name}` to the top of the file, above the first `[[`"))
            }
            _ => advise(name, allowed),
        };
        let message = format!("unknown key `{name}`");
        self.fault(entry.at, "unknown-key", Trouble { message, suggestion });
    }

    fn map(&mut self, form: &Form, shape: &Shape, table: &[Entry]) {
        for entry in table {
            if let Err(trouble) = (form.check)(&entry.key) {
                self.fault(entry.at, form.code, trouble);
            }
            self.value(shape, &entry.key, &entry.node);
        }
    }

    fn list(&mut self, shape: &Shape, key: &str, list: &[Node]) {
        for element in list {
            self.value(shape, key, element);
        }
    }

    fn text(&mut self, breaks: bool, key: &str, at: usize, text: &str) {
        let control = |c: char| c.is_control() && u32::from(c) < 0x80 && !(breaks && "\n\r\t".contains(c));
        if !text.chars().any(|c| c > ' ' && c != '\u{7f}') {
            self.fault(at, "empty-text", Trouble::new(format!("`{key}` is empty"), "write some text"));
        } else if text.chars().any(control) {
            let message = format!("`{key}` has a line break or another control character");
            self.fault(at, "control-character", Trouble::new(message, "write it on one line"));
        }
    }

    fn date(&mut self, shape: &Shape, key: &str, value: &Node) {
        let instead = span_keys(shape);
        let inside = instead.is_none();
        let asked = Asked { times: has_times(shape), span: instead.or(self.days), inside, year: self.year };
        match dates::read(&value.value, asked) {
            Some(Ok(_)) => {}
            Some(Err((code, trouble))) => self.fault(value.at, code, trouble),
            None => self.wrong_type(shape, key, value),
        }
    }

    fn wrong_type(&mut self, shape: &Shape, key: &str, value: &Node) {
        let message = format!("`{key}` is {}", value.kind());
        let advice = format!("write {}", shape.expected());
        self.fault(value.at, "wrong-type", Trouble::new(message, advice));
    }
}

/// Whether a value of this type can only be meant as `shape`.
fn takes(shape: &Shape, value: &Content) -> bool {
    match shape {
        Shape::Table(_) | Shape::Map { .. } => matches!(value, Content::Table(_)),
        Shape::List(_) => matches!(value, Content::List(_)),
        Shape::OneOf(shapes) => shapes.iter().any(|shape| takes(shape, value)),
        Shape::Text { .. } | Shape::Form(_) | Shape::Choice(_) => matches!(value, Content::Text(_)),
        Shape::Integer { .. } => matches!(value, Content::Integer(_)),
        Shape::Bool => matches!(value, Content::Bool(_)),
        Shape::Date | Shape::DateOrTime => matches!(value, Content::Date(_) | Content::Text(_)),
    }
}

fn has_times(shape: &Shape) -> bool {
    match shape {
        Shape::DateOrTime => true,
        Shape::OneOf(shapes) => shapes.iter().any(has_times),
        _ => false,
    }
}

/// The keys of the first and the last day, where a table may stand instead of a date.
fn span_keys(shape: &Shape) -> Option<(&'static str, &'static str)> {
    let Shape::OneOf(shapes) = shape else { return None };
    shapes.iter().find_map(|shape| match shape {
        Shape::Table(fields) => day_keys(fields),
        _ => None,
    })
}

fn day_keys(fields: &[Field]) -> Option<(&'static str, &'static str)> {
    let mut days =
        fields.iter().filter(|f| matches!(f.shape, Shape::Date | Shape::DateOrTime)).map(|f| f.key);
    Some((days.next()?, days.next()?))
}

#[cfg(test)]
mod tests {
    use super::super::{Document, SLUG, SourceFile, optional, required};
    use super::*;

    const INNER: Shape = Shape::Table(&[
        required("id", &Shape::SLUG, ""),
        optional("count", &Shape::Integer { least: 1, most: 9 }, ""),
        optional("day", &Shape::Date, ""),
        optional("who", &Shape::OneOf(&[Shape::LINE, Shape::List(&Shape::LINE)]), ""),
    ]);
    const OUTER: Shape = Shape::Table(&[
        optional("title", &Shape::LINE, ""),
        optional("thing", &Shape::List(&INNER), ""),
        optional("labels", &Shape::Map { key: &SLUG, value: &Shape::LINE }, ""),
        optional("size", &Shape::Choice(&["small", "large"]), ""),
    ]);

    fn told(text: &str) -> Vec<String> {
        let file = SourceFile::new("a", text);
        let document = Document::read(&file, &OUTER);
        document.faults().iter().map(ToString::to_string).collect()
    }

    #[test]
    fn a_file_of_the_right_shape_has_no_faults() {
        let text = "title = 'A'\nlabels = { b = 'B' }\nsize = 'small'\n\
                    [[thing]]\nid = 'a'\ncount = 0x9\nday = 2025-02-12\nwho = ['x', 'y']\n\
                    [[thing]]\nid = 'b'\nday = '2025-02-12'\nwho = 'x'\n";
        assert_eq!(told(text), Vec::<String>::new());
        assert_eq!(told(""), Vec::<String>::new());
    }

    #[test]
    fn what_is_missing_is_missing_at_its_header() {
        assert_eq!(
            told("\n  [[thing]]\ncount = 1\n[[thing]]\n"),
            [
                "a:2:3: missing key `id`, add `id = \"varmote\"`",
                "a:4:1: missing key `id`, add `id = \"varmote\"`"
            ]
        );
        assert_eq!(told("thing = [{ count = 1 }]\n"), ["a:1:10: missing key `id`, add `id = \"varmote\"`"]);
    }

    #[test]
    fn a_number_is_whole_and_within_bounds() {
        for (number, fault) in [
            ("0", "`count` is out of range, write a whole number from 1 to 9"),
            ("99999999999999999999999", "`count` is out of range, write a whole number from 1 to 9"),
            ("1.0", "`count` is a decimal number, write a whole number"),
            ("'1'", "`count` is text, write a whole number"),
        ] {
            assert_eq!(
                told(&format!("thing = [{{ id = 'a', count = {number} }}]")),
                [format!("a:1:30: {fault}")]
            );
        }
    }

    #[test]
    fn the_type_decides_which_shape_is_meant() {
        assert_eq!(
            told("thing = [{ id = 'a', who = ['x', 1] }, { id = 'b', who = true }]"),
            [
                "a:1:34: `who` is a whole number, write text in quotes",
                "a:1:58: `who` is `true` or `false`, write text in quotes or a list in `[ ]`"
            ]
        );
    }

    #[test]
    fn a_key_below_a_header_that_belongs_above_is_told_so() {
        assert_eq!(
            told("[[thing]]\nid = 'a'\ntitle = 'A'\nlables = 1\n"),
            [
                "a:3:1: unknown key `title`, move `title` to the top of the file, above the first `[[`",
                "a:4:1: unknown key `lables`, write `count`, `day`, `id` or `who`"
            ]
        );
    }

    #[test]
    fn chosen_words_and_chosen_keys_have_their_form() {
        assert_eq!(
            told("size = 'smal'\nlabels = { 'B b' = 'B' }\n"),
            [
                "a:1:8: `size` can't be `smal`, did you mean `small`?",
                "a:2:12: `B b` is no id: it has letters a-z, digits and hyphens only, write `b-b`"
            ]
        );
    }
}
