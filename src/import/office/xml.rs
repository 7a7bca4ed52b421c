//! A part as a stream of events. No tree is built: what is kept of a part is what its reader keeps.
//!
//! Elements and attributes are known by their local names, whatever prefix a program gives them, which reads the
//! transitional and the strict form of ECMA-376 alike. A DOCTYPE is refused, so there are no entities to expand.

use std::borrow::Cow;
use std::io::{self, BufRead, BufReader, Read};
use std::str::FromStr;

use quick_xml::events::Event;
use quick_xml::events::attributes::Attributes;
use quick_xml::{Error, Reader, XmlVersion};

use super::limits::Reading;
use crate::fault::Fault;

/// What comes next.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Step {
    /// An element begins: [`Xml::name`] and [`Xml::attr`] tell of it.
    Open,
    /// An element ends.
    Close,
    /// A piece of text, which [`Xml::content`] puts together.
    Text,
    /// The part is over.
    End,
}

/// Bytes with a meter: what a part may unpack to, and what one event may take.
struct Metered<'p> {
    inner: BufReader<Box<dyn Read + 'p>>,
    left: u64,
    token: usize,
    most_token: usize,
    over: Option<&'static str>,
}

impl Metered<'_> {
    fn stop(&mut self, why: &'static str) -> io::Error {
        self.over = Some(why);
        io::Error::other(why)
    }
}

impl Read for Metered<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let available = self.fill_buf()?;
        let count = available.len().min(buffer.len());
        buffer[..count].copy_from_slice(&available[..count]);
        self.consume(count);
        Ok(count)
    }
}

impl BufRead for Metered<'_> {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        if self.left == 0 {
            return Err(self.stop("unpacks to more than a document of this kind does"));
        }
        if self.token > self.most_token {
            return Err(self.stop("has a tag or a text that is too long"));
        }
        self.inner.fill_buf()
    }

    fn consume(&mut self, count: usize) {
        self.left = self.left.saturating_sub(count as u64);
        self.token += count;
        self.inner.consume(count);
    }
}

/// A part being read.
pub(super) struct Xml<'p> {
    reader: Reader<Metered<'p>>,
    /// The reading that this part belongs to.
    pub reading: &'p mut Reading,
    part: String,
    buffer: Vec<u8>,
    /// What stood between `<` and `>`.
    tag: String,
    name: usize,
    text: String,
    depth: usize,
}

impl<'p> Xml<'p> {
    /// A part named `part` with its unpacked bytes, of which there may be `most`.
    pub fn new(part: &str, bytes: Box<dyn Read + 'p>, most: u64, reading: &'p mut Reading) -> Self {
        let metered = Metered {
            inner: BufReader::new(bytes),
            left: most,
            token: 0,
            most_token: reading.limits.token,
            over: None,
        };
        let mut reader = Reader::from_reader(metered);
        reader.config_mut().expand_empty_elements = true;
        Self {
            reader,
            reading,
            part: part.to_owned(),
            buffer: Vec::new(),
            tag: String::new(),
            name: 0,
            text: String::new(),
            depth: 0,
        }
    }

    /// How many elements are open.
    pub fn depth(&self) -> usize {
        self.depth
    }

    /// The local name of the element that began last.
    pub fn name(&self) -> &str {
        let name = self.tag.get(..self.name).unwrap_or_default();
        name.rsplit_once(':').map_or(name, |(_, local)| local)
    }

    /// An attribute of the element that began last, by its local name; without a prefix where there are two.
    pub fn attr(&self, local: &str) -> Option<Cow<'_, str>> {
        self.find(|key| key == local).or_else(|| self.reference(local))
    }

    /// An attribute that has a prefix, which is what tells `r:id` from `id`.
    pub fn reference(&self, local: &str) -> Option<Cow<'_, str>> {
        self.find(|key| key.split_once(':').is_some_and(|(prefix, name)| prefix != "xmlns" && name == local))
    }

    /// An attribute as a number; none where it is missing or something else.
    pub fn number<T: FromStr>(&self, local: &str) -> Option<T> {
        self.attr(local)?.trim().parse().ok()
    }

    /// An attribute as yes or no; none where it is missing or something else.
    pub fn flag(&self, local: &str) -> Option<bool> {
        match self.attr(local)?.as_ref() {
            "1" | "true" | "on" => Some(true),
            "0" | "false" | "off" => Some(false),
            _ => None,
        }
    }

    fn find(&self, wanted: impl Fn(&str) -> bool) -> Option<Cow<'_, str>> {
        // Without the check for doubles, which costs the square of their number: the first counts.
        let mut all = Attributes::new(&self.tag, self.name);
        let found = all.with_checks(false).flatten().find(|a| wanted(a.key.as_ref()))?;
        found.normalized_value(XmlVersion::Implicit1_0).ok()
    }

    /// What comes next inside the element whose depth was `level` when it began; none when it ends. With 0, all
    /// that the part has.
    fn inside(&mut self, level: usize) -> Result<Option<Step>, Fault> {
        match self.next()? {
            Step::Close if self.depth < level => Ok(None),
            Step::End if self.depth == 0 && level == 0 => Ok(None),
            Step::End => Err(self.broken("ends in the middle")),
            step => Ok(Some(step)),
        }
    }

    /// Goes on to the next element that begins inside the one whose depth was `level` when it began, however far in;
    /// false when that one ends. With 0, to the next of the part.
    pub fn element(&mut self, level: usize) -> Result<bool, Fault> {
        while let Some(step) = self.inside(level)? {
            if step == Step::Open {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// Goes past the rest of the element that began last.
    pub fn skip(&mut self) -> Result<(), Fault> {
        let level = self.depth;
        while self.inside(level)?.is_some() {}
        Ok(())
    }

    /// Goes on to the first element named `local`; whether there is one.
    pub fn find_element(&mut self, local: &str) -> Result<bool, Fault> {
        while self.element(0)? {
            if self.name() == local {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// All text inside the element that began last.
    pub fn content(&mut self) -> Result<String, Fault> {
        let level = self.depth;
        let mut text = String::new();
        while let Some(step) = self.inside(level)? {
            if step == Step::Text {
                text.push_str(&self.text);
                if text.len() > self.reading.limits.text {
                    return Err(self.broken("has a text that is too long"));
                }
            }
        }
        Ok(text)
    }

    /// The next event. What stands in `mc:Fallback` is passed over: it says again, for older programs, what the
    /// choice before it said.
    fn next(&mut self) -> Result<Step, Fault> {
        let mut passing: Option<usize> = None;
        loop {
            let step = self.event()?;
            match (step, passing) {
                (Step::End, _) => return Ok(step),
                (Step::Close, Some(level)) if self.depth < level => passing = None,
                (_, Some(_)) => {}
                (Step::Open, None) if self.name() == "Fallback" => passing = Some(self.depth),
                (_, None) => return Ok(step),
            }
        }
    }

    fn event(&mut self) -> Result<Step, Fault> {
        loop {
            self.buffer.clear();
            let before = self.reader.get_ref().left;
            self.reader.get_mut().token = 0;
            let event = self.reader.read_event_into(&mut self.buffer);
            let used = before - self.reader.get_ref().left;
            self.reading.unpack = self.reading.unpack.saturating_sub(used);
            let Some(left) = self.reading.events.checked_sub(1) else {
                let what = "has more elements than a document of this kind";
                return Err(too_large(self.reading, &self.part, what));
            };
            self.reading.events = left;
            let wrong = match event {
                Ok(Event::Start(tag)) => {
                    self.tag.clear();
                    self.tag.push_str(&tag);
                    self.name = tag.name().as_ref().len();
                    self.depth += 1;
                    let mut attributes = tag.attributes();
                    let wrong = attributes.with_checks(false).find_map(Result::err);
                    match wrong {
                        Some(error) => Error::from(error),
                        None if self.depth > self.reading.limits.depth => {
                            return Err(self.broken("has too many elements inside each other"));
                        }
                        None => return Ok(Step::Open),
                    }
                }
                Ok(Event::End(_)) => {
                    self.depth = self.depth.saturating_sub(1);
                    return Ok(Step::Close);
                }
                Ok(Event::Text(text)) => {
                    replace(&mut self.text, &text.xml10_content());
                    return Ok(Step::Text);
                }
                Ok(Event::CData(text)) => {
                    replace(&mut self.text, &text.xml10_content());
                    return Ok(Step::Text);
                }
                Ok(Event::GeneralRef(reference)) => {
                    self.text.clear();
                    let named = quick_xml::escape::resolve_xml_entity(&reference);
                    match (reference.resolve_char_ref(), named) {
                        (Ok(Some(letter)), _) => self.text.push(letter),
                        (Ok(None), Some(text)) => self.text.push_str(text),
                        (Ok(None), None) => return Err(self.broken("has an entity that XML does not know")),
                        (Err(error), _) => return Err(broken(self.reading, &self.part, self.at(), &error)),
                    }
                    return Ok(Step::Text);
                }
                Ok(Event::DocType(_)) => return Err(self.broken("has a DOCTYPE, which no such document has")),
                Ok(Event::Eof) => return Ok(Step::End),
                Ok(Event::Empty(_) | Event::Comment(_) | Event::Decl(_) | Event::PI(_)) => continue,
                Err(error) => error,
            };
            return Err(self.failed(&wrong));
        }
    }

    fn at(&self) -> u64 {
        self.reader.buffer_position()
    }

    /// A fault of this part at the place that has been reached.
    pub fn broken(&self, what: &str) -> Fault {
        broken(self.reading, &self.part, self.at(), &what)
    }

    fn failed(&self, error: &Error) -> Fault {
        if let Some(why) = self.reader.get_ref().over {
            let message = format!("the part `{}` {why}", self.part);
            return self.reading.fault("too-large", &message).suggest(
                "if the file is not from somebody you know, don't open it either; else save it anew",
            );
        }
        let at = match error {
            Error::Io(_) | Error::InvalidAttr(_) => self.at(),
            _ => self.reader.error_position().max(1).min(self.at()),
        };
        broken(self.reading, &self.part, at, error)
    }
}

/// Keeps the memory of `kept` for the next text.
fn replace(kept: &mut String, text: &str) {
    kept.clear();
    kept.push_str(text);
}

fn too_large(reading: &Reading, part: &str, why: &str) -> Fault {
    reading
        .fault("too-large", &format!("the part `{part}` {why}"))
        .suggest("if the file is not from somebody you know, don't open it either; else save it anew")
}

fn broken(reading: &Reading, part: &str, at: u64, what: &dyn std::fmt::Display) -> Fault {
    reading
        .fault("broken", &format!("the file is damaged: the part `{part}` at byte {at}: {what}"))
        .suggest("open it in the program that made it and save it anew")
}
