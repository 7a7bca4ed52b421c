//! Text on its way into a cell or a block: runs become paragraphs, coloured symbols become marks.

use super::colour::Colour;
use super::limits::Reading;
use super::{Mark, Paragraph};
use crate::fault::Fault;

/// Paragraphs that are done, and the marks in them.
#[derive(Debug, Default)]
pub(super) struct Story {
    pub paragraphs: Vec<Paragraph>,
    pub marks: Vec<Mark>,
}

/// A paragraph being read.
#[derive(Debug, Default)]
pub(super) struct Draft {
    text: String,
    pub level: u8,
    pub bullet: bool,
    marks: Vec<(Colour, Option<char>)>,
}

/// What a paragraph and a mark count as beside their text: that is about what they take.
const WEIGHT: usize = 32;

/// Symbols that people colour as lights. Ticks and crosses are not among them: they are text that says something.
const LIGHTS: &str = "●⬤⚫◉■◼▪⬛█▲▼◆";

impl Draft {
    /// Appends text in a colour. Symbols of the font Wingdings become the letters that look like them.
    pub fn run(&mut self, reading: &mut Reading, text: &str, colour: Option<Colour>) -> Result<(), Fault> {
        reading.take_text(text.len())?;
        let mut light = None;
        for letter in text.chars() {
            let letter = wingding(letter).unwrap_or(letter);
            match letter {
                '\u{AD}' | '\u{200B}' | '\u{200C}' | '\u{FEFF}' | '\u{FE0F}' => continue,
                '\u{B}' | '\r' | '\u{2028}' | '\u{85}' => self.text.push('\n'),
                '\u{A0}' | '\u{202F}' => self.text.push(' '),
                '\n' | '\t' => self.text.push(letter),
                letter if letter.is_control() => continue,
                letter => self.text.push(letter),
            }
            if let Some(colour) = emoji(letter) {
                self.mark(reading, colour, Some(letter))?;
            } else if light.is_none() && LIGHTS.contains(letter) {
                light = Some(letter);
            }
        }
        if let (Some(colour), Some(letter)) = (colour, light) {
            self.mark(reading, colour, Some(letter))?;
        }
        Ok(())
    }

    /// Notes a coloured symbol, or a shape that stands in the text.
    pub fn mark(&mut self, reading: &mut Reading, colour: Colour, symbol: Option<char>) -> Result<(), Fault> {
        self.marks.push((colour, symbol));
        reading.take_text(2 * WEIGHT)
    }

    /// Whether there is nothing but space.
    pub fn is_blank(&self) -> bool {
        self.text.trim().is_empty()
    }

    /// The text without space at the ends of its lines.
    pub fn into_text(self) -> String {
        trimmed(&self.text)
    }
}

impl Story {
    /// Takes the paragraph in, unless it is blank. What a blank one has of marks is taken all the same.
    pub fn push(&mut self, reading: &mut Reading, draft: Draft) -> Result<(), Fault> {
        let blank = draft.is_blank();
        let paragraph = (!blank).then_some(self.paragraphs.len());
        let Draft { text, level, bullet, marks } = draft;
        let marks = marks.into_iter().map(|(colour, symbol)| Mark {
            colour,
            text: symbol.map(String::from),
            paragraph,
        });
        self.marks.extend(marks);
        if !blank {
            reading.take_text(WEIGHT)?;
            self.paragraphs.push(Paragraph { text: trimmed(&text), level, bullet });
        }
        Ok(())
    }

    /// Takes in all of a story that stood inside.
    pub fn append(&mut self, inner: Self) {
        let before = self.paragraphs.len();
        self.paragraphs.extend(inner.paragraphs);
        self.marks.extend(
            inner.marks.into_iter().map(|m| Mark { paragraph: m.paragraph.map(|p| p + before), ..m }),
        );
    }

    /// All of it on one line.
    pub fn one_line(&self) -> Option<String> {
        let words = self.paragraphs.iter().flat_map(|p| p.text.split_whitespace());
        let line = words.collect::<Vec<_>>().join(" ");
        Some(line).filter(|l| !l.is_empty())
    }

    /// Text in pieces that may be coloured, a paragraph for each line.
    pub fn of_runs<'t>(
        reading: &mut Reading,
        runs: impl IntoIterator<Item = (&'t str, Option<Colour>)>,
    ) -> Result<Self, Fault> {
        let mut story = Self::default();
        let mut draft = Draft::default();
        for (text, colour) in runs {
            for (number, line) in text.split('\n').enumerate() {
                if number > 0 {
                    story.push(reading, std::mem::take(&mut draft))?;
                }
                draft.run(reading, line, colour)?;
            }
        }
        story.push(reading, draft)?;
        Ok(story)
    }
}

/// Whether text has a symbol that people colour as a light.
pub(super) fn has_light(text: &str) -> bool {
    text.chars().any(|letter| LIGHTS.contains(wingding(letter).unwrap_or(letter)))
}

fn trimmed(text: &str) -> String {
    let lines: Vec<&str> = text.trim().split('\n').map(str::trim).collect();
    lines.join("\n")
}

/// Wingdings' symbols, which programs store in Unicode's private range.
pub(super) fn wingding(letter: char) -> Option<char> {
    Some(match letter {
        '\u{F06C}' => '●',
        '\u{F06E}' => '■',
        '\u{F06F}' | '\u{F0A8}' => '☐',
        '\u{F075}' => '◆',
        '\u{F0A7}' => '▪',
        '\u{F0FB}' => '✗',
        '\u{F0FC}' => '✓',
        '\u{F0FD}' => '☒',
        '\u{F0FE}' => '☑',
        _ => return None,
    })
}

/// Symbols that are coloured by what they are.
fn emoji(letter: char) -> Option<Colour> {
    Some(Colour::new(match letter {
        '🟢' | '🟩' => [0, 0xB0, 0x50],
        '🟡' | '🟨' => [0xFF, 0xFF, 0],
        '🔴' | '🟥' => [0xFF, 0, 0],
        _ => return None,
    }))
}

#[cfg(test)]
mod tests {
    use super::super::limits::Limits;
    use super::*;
    use crate::items::Health;

    #[test]
    fn a_coloured_symbol_is_a_mark_and_a_coloured_word_is_not() {
        let mut reading = Reading::new("x", Limits::default());
        let red = Colour::parse("FF0000");
        let mut story = Story::default();
        story.push(&mut reading, Draft::default()).unwrap();
        let mut draft = Draft::default();
        draft.run(&mut reading, "Försenad\u{A0}", red).unwrap();
        draft.run(&mut reading, " \u{F06C} Lab ", red).unwrap();
        story.push(&mut reading, draft).unwrap();
        let mut draft = Draft::default();
        draft.run(&mut reading, "🟢 Röntgen ●\u{1}", None).unwrap();
        story.push(&mut reading, draft).unwrap();
        let texts: Vec<&str> = story.paragraphs.iter().map(|p| p.text.as_str()).collect();
        assert_eq!(texts, ["Försenad  ● Lab", "🟢 Röntgen ●"]);
        let marks: Vec<_> = story.marks.iter().map(|m| (m.colour.health, m.paragraph)).collect();
        assert_eq!(marks, [(Some(Health::Red), Some(0)), (Some(Health::Green), Some(1))]);
    }
}
