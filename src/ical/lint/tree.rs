//! Components within components (RFC 5545, 3.4 and 3.6).

use std::borrow::Cow;
use std::fmt;

use super::content::{self, Property, capitals};
use super::unfold::Logical;
use super::{Findings, Shown};

/// What stands between a BEGIN and its END.
#[derive(Debug)]
pub struct Component<'a> {
    /// Where it begins.
    pub line: usize,
    /// In capitals.
    pub name: Cow<'a, str>,
    /// Its own properties.
    pub properties: Vec<Property<'a>>,
    /// The components in it.
    pub children: Vec<Self>,
}

impl<'a> Component<'a> {
    /// Its first property of a name.
    pub fn first(&self, name: &str) -> Option<&Property<'a>> {
        self.properties.iter().find(|property| property.name == name)
    }

    pub fn has(&self, name: &str) -> bool {
        self.first(name).is_some()
    }
}

/// How deep components may lie in each other; the standard knows four levels.
const DEEPEST: usize = 16;

/// What stands in a calendar and nowhere else.
const TOP: &[&str] = &["VEVENT", "VTODO", "VJOURNAL", "VFREEBUSY", "VTIMEZONE", "VAVAILABILITY"];

/// The components that are in nothing: one VCALENDAR, in a feed without faults.
pub fn build<'a>(lines: &'a [Logical<'_>], findings: &mut Findings) -> Vec<Component<'a>> {
    let mut tree = Tree { open: Vec::new(), roots: Vec::new() };
    for Logical { line, text } in lines {
        let Some(property) = content::parse(*line, text, findings) else { continue };
        match &*property.name {
            "BEGIN" => tree.begin(*line, capitals(property.value.trim()), findings),
            "END" => tree.end(*line, &capitals(property.value.trim()), findings),
            _ => match tree.open.last_mut() {
                Some(component) => component.properties.push(property),
                None => findings.add(
                    *line,
                    "outside-calendar",
                    format_args!("{} stands outside of any calendar: leave it out", Shown(&property.name)),
                ),
            },
        }
    }
    while !tree.open.is_empty() {
        tree.close_unended(format_args!("the end of the file"), findings);
    }
    tree.roots
}

struct Tree<'a> {
    open: Vec<Component<'a>>,
    roots: Vec<Component<'a>>,
}

impl<'a> Tree<'a> {
    fn begin(&mut self, line: usize, name: Cow<'a, str>, findings: &mut Findings) {
        while self.open.last().is_some_and(|last| ends(&last.name, &name)) {
            self.close_unended(format_args!("the BEGIN of {} on line {line}", Shown(&name)), findings);
        }
        let parent = self.open.last().map(|component| &*component.name);
        if !may_stand(&name, parent) || self.open.len() >= DEEPEST {
            let within = parent.unwrap_or("no component");
            findings.add(
                line,
                "misplaced-component",
                format_args!(
                    "{} can't stand in {}: move or leave it out (RFC 5545, 3.6)",
                    Shown(&name),
                    Shown(within)
                ),
            );
        }
        if self.open.len() < DEEPEST {
            self.open.push(Component { line, name, properties: Vec::new(), children: Vec::new() });
        }
    }

    fn end(&mut self, line: usize, name: &str, findings: &mut Findings) {
        let Some(depth) = self.open.iter().rposition(|component| component.name == name) else {
            findings.add(
                line,
                "end-without-begin",
                format_args!("END:{} ends what hasn't begun: leave it out, or write its BEGIN", Shown(name)),
            );
            return;
        };
        while self.open.len() > depth + 1 {
            self.close_unended(format_args!("the END of {} on line {line}", Shown(name)), findings);
        }
        self.close();
    }

    fn close_unended(&mut self, before: fmt::Arguments<'_>, findings: &mut Findings) {
        if let Some(component) = self.open.last() {
            let name = Shown(&component.name);
            findings.add(
                component.line,
                "not-ended",
                format_args!("{name} has no END before {before}: write one where it ends"),
            );
        }
        self.close();
    }

    fn close(&mut self) {
        let Some(component) = self.open.pop() else { return };
        match self.open.last_mut() {
            Some(parent) => parent.children.push(component),
            None => self.roots.push(component),
        }
    }
}

/// Whether `open` must be over where `next` begins, so that one missing END is one finding.
fn ends(open: &str, next: &str) -> bool {
    match next {
        "VCALENDAR" => true,
        "VALARM" => open == "VALARM",
        "STANDARD" | "DAYLIGHT" => matches!(open, "STANDARD" | "DAYLIGHT"),
        _ => TOP.contains(&next) && open != "VCALENDAR",
    }
}

/// Whether a component may stand in `parent`. Of those that only extensions know, nothing is known.
fn may_stand(name: &str, parent: Option<&str>) -> bool {
    match (name, parent) {
        ("VCALENDAR", parent) => parent.is_none(),
        (_, None) => false,
        ("VALARM", Some(parent)) => matches!(parent, "VEVENT" | "VTODO"),
        ("STANDARD" | "DAYLIGHT", Some(parent)) => parent == "VTIMEZONE",
        (name, Some(parent)) => !TOP.contains(&name) || parent == "VCALENDAR",
    }
}
