//! The words of a plan: whether two texts say the same, and how much two rows have in common.
//!
//! Programs change what they save: straight quotes become curved, two hyphens a dash, a blank one that doesn't break.
//! None of that is an edit. And what goes on under another title keeps some of its words, in another form or joined
//! with others: Swedish bends words at their end and writes compounds together.

use std::cmp::Ordering;
use std::collections::{BTreeMap, HashMap};

/// A text without what programs change by themselves: kinds of blanks, quotes and dashes, marks of lists, letters
/// put together from two, how lines are broken.
#[must_use]
pub fn plain(text: &str) -> String {
    let mut letters = String::with_capacity(text.len());
    for line in text.split(['\n', '\r', '\u{b}', '\u{2028}', '\u{2029}']) {
        for letter in unmarked(line).chars() {
            put(&mut letters, letter);
        }
        put(&mut letters, ' ');
    }
    letters.truncate(letters.trim_end().len());
    letters
}

/// Whether two texts say the same to a reader.
#[must_use]
pub fn alike(one: &str, other: &str) -> bool {
    one == other || plain(one) == plain(other)
}

/// [`alike`], without regard to capital letters and what ends a sentence: for titles.
#[must_use]
pub fn title_key(title: &str) -> String {
    plain(title).to_lowercase().trim_end_matches(['.', ':', ' ']).to_owned()
}

/// A line without the mark of a list at its beginning.
#[must_use]
pub fn unmarked(line: &str) -> &str {
    let marks = ['•', '◦', '▪', '·', '‣', '●', '○', '■', '□', '-', '–', '—', '*', '\u{f0b7}', '\u{f0a7}'];
    let trimmed = line.trim_start();
    let rest = trimmed.strip_prefix(marks).filter(|rest| rest.starts_with(char::is_whitespace));
    rest.map_or(line, str::trim_start)
}

fn put(text: &mut String, letter: char) {
    let last = text.chars().next_back();
    let plain = match letter {
        '\u{ad}' | '\u{200b}'..='\u{200d}' | '\u{2060}' | '\u{feff}' => return,
        '“' | '”' | '„' | '«' | '»' | '″' => '"',
        '‘' | '’' | '‚' | '′' | '´' | '`' => '\'',
        '\u{2010}'..='\u{2015}' | '\u{2212}' => '-',
        '…' => return text.push_str("..."),
        '→' => return text.push_str("->"),
        letter if letter.is_whitespace() || letter == '\u{202f}' => ' ',
        // A letter and the mark over it, as some programs save them.
        '\u{30a}' | '\u{308}' | '\u{301}' => match joined(last, letter) {
            Some(whole) => {
                text.pop();
                whole
            }
            None => letter,
        },
        letter => letter,
    };
    // Blanks and dashes in a row are one; a text begins with no blank.
    let again = match plain {
        ' ' => matches!(last, None | Some(' ')),
        '-' => last == Some('-'),
        _ => false,
    };
    if !again {
        text.push(plain);
    }
}

fn joined(letter: Option<char>, mark: char) -> Option<char> {
    let whole = match (letter?, mark) {
        ('a', '\u{30a}') => 'å',
        ('A', '\u{30a}') => 'Å',
        ('a', '\u{308}') => 'ä',
        ('A', '\u{308}') => 'Ä',
        ('o', '\u{308}') => 'ö',
        ('O', '\u{308}') => 'Ö',
        ('u', '\u{308}') => 'ü',
        ('e', '\u{301}') => 'é',
        ('E', '\u{301}') => 'É',
        _ => return None,
    };
    Some(whole)
}

/// Words that say nothing of what a row is about.
const COMMON: &[&str] = &[
    "alla",
    "att",
    "av",
    "de",
    "dem",
    "den",
    "det",
    "denna",
    "detta",
    "där",
    "efter",
    "eller",
    "en",
    "ett",
    "från",
    "för",
    "få",
    "genom",
    "ha",
    "har",
    "hos",
    "hur",
    "i",
    "in",
    "inför",
    "inom",
    "inte",
    "kan",
    "kring",
    "med",
    "mellan",
    "men",
    "mer",
    "mot",
    "när",
    "ny",
    "nya",
    "nytt",
    "och",
    "om",
    "på",
    "resp",
    "ska",
    "som",
    "samt",
    "sin",
    "sina",
    "sitt",
    "så",
    "till",
    "tom",
    "under",
    "upp",
    "ur",
    "ut",
    "utifrån",
    "var",
    "vid",
    "vi",
    "är",
    "åt",
    "över",
    "ökad",
    "ökat",
    "öka",
    "fördjupad",
    "fördjupat",
    "fortsatt",
    "arbete",
    "arbetet",
    "arbeta",
    "enligt",
    "ev",
];
/// Endings of nouns, adjectives and verbs, the longest first.
const ENDINGS: &[&str] = &[
    "ningar", "ingar", "ning", "arna", "erna", "orna", "ande", "ing", "ade", "are", "het", "en", "ar", "er",
    "or", "et", "as", "es", "a", "e", "s", "n", "t",
];
/// No stem is shorter, so that no ending eats a word.
const SHORTEST_STEM: usize = 4;

/// The words of a text that say what it is about: each as it stands, in lower case, with its stem.
pub(super) fn stems(text: &str) -> Vec<(String, String)> {
    let plain = plain(text).to_lowercase();
    let words = plain.split(|c: char| !c.is_alphanumeric()).filter(|word| {
        let letters = word.chars().count();
        letters > 1 && !word.chars().all(|c| c.is_ascii_digit()) && !COMMON.contains(word)
    });
    words.map(|word| (word.to_owned(), stem(word).to_owned())).collect()
}

fn stem(word: &str) -> &str {
    let long = |left: &&str| left.chars().count() >= SHORTEST_STEM;
    let mut stem = word;
    while let Some(shorter) = ENDINGS.iter().find_map(|ending| stem.strip_suffix(ending).filter(long)) {
        stem = shorter;
    }
    // `gemensam`, `gemensamma`
    let single = stem.chars().next_back().and_then(|last| {
        let left = stem.strip_suffix(last)?;
        left.ends_with(last).then_some(left)
    });
    single.filter(long).unwrap_or(stem)
}

/// The words of some texts that are compared with each other, and how much each of them tells.
#[derive(Debug, Default)]
pub(super) struct Vocabulary {
    /// The number of each stem.
    stems: HashMap<String, usize>,
    /// How much each tells, by its number.
    weights: Vec<f64>,
}

/// The words of one text. Compounds have the stems of their parts too.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Words {
    /// In the order of their stems' numbers, each once.
    found: Vec<Word>,
    /// How much all of them tell.
    total: f64,
}

/// A word of a text.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Word {
    /// Its stem's number.
    pub stem: usize,
    /// As it stands there, in lower case.
    pub word: String,
    /// The stem is only a part of it: `grupp` in `arbetsgrupp`.
    pub part: bool,
    /// How much it tells; a part of a word tells half as much as the word.
    tells: f64,
}

impl Vocabulary {
    /// Knows the words of all `texts`. A word tells much where few of them have it.
    pub(super) fn of<'a>(texts: impl IntoIterator<Item = &'a str> + Clone) -> Self {
        let mut vocabulary = Self::default();
        for (_, stem) in texts.clone().into_iter().flat_map(stems) {
            let number = vocabulary.stems.len();
            vocabulary.stems.entry(stem).or_insert(number);
        }
        let mut times = vec![0u32; vocabulary.stems.len()];
        let mut all = 0u32;
        for text in texts {
            all += 1;
            for word in vocabulary.words(text).found {
                if let Some(times) = times.get_mut(word.stem) {
                    *times += 1;
                }
            }
        }
        let weight = |times: u32| (1.0 + f64::from(all) / f64::from(times.max(1))).ln();
        vocabulary.weights = times.into_iter().map(weight).collect();
        vocabulary
    }

    /// How many stems there are.
    pub(super) fn len(&self) -> usize {
        self.stems.len()
    }

    /// The words of one text, with those parts of compounds that are words elsewhere. What none of the texts has is
    /// left out.
    pub(super) fn words(&self, text: &str) -> Words {
        let mut found: BTreeMap<usize, (String, bool)> = BTreeMap::new();
        for (word, stem) in stems(text) {
            for part in self.parts(&stem) {
                found.entry(part).or_insert_with(|| (word.clone(), true));
            }
            if let Some(number) = self.stems.get(&stem) {
                found.insert(*number, (word, false));
            }
        }
        let weight = |stem: usize| self.weights.get(stem).copied().unwrap_or_default();
        let word = |(stem, (word, part)): (usize, (String, bool))| {
            let tells = if part { weight(stem) / 2.0 } else { weight(stem) };
            Word { stem, word, part, tells }
        };
        let found: Vec<Word> = found.into_iter().map(word).collect();
        let total = found.iter().map(|word| word.tells).sum();
        Words { found, total }
    }

    /// `patologisamverkan` is about patologi and samverkan, if those are words of some text.
    fn parts(&self, stem: &str) -> Vec<usize> {
        let cuts = stem.char_indices().map(|(at, _)| at);
        let cuts = cuts.filter(|at| *at >= SHORTEST_STEM && stem.len() - at >= SHORTEST_STEM);
        let halves = cuts.flat_map(|at| [stem.get(..at), stem.get(at..)]).flatten();
        let long = halves.filter(|half| half.chars().count() >= SHORTEST_STEM);
        long.filter_map(|half| self.stems.get(half).copied()).collect()
    }
}

impl Words {
    /// The words.
    pub(super) fn iter(&self) -> impl Iterator<Item = &Word> {
        self.found.iter()
    }

    /// The words that two have in common, each as it stands in either.
    pub(super) fn both<'a>(&'a self, other: &'a Self) -> impl Iterator<Item = (&'a Word, &'a Word)> {
        let (mut ones, mut others) = (self.found.iter().peekable(), other.found.iter().peekable());
        std::iter::from_fn(move || {
            loop {
                let (one, other) = (ones.peek()?, others.peek()?);
                match one.stem.cmp(&other.stem) {
                    Ordering::Less => drop(ones.next()),
                    Ordering::Greater => drop(others.next()),
                    Ordering::Equal => return ones.next().zip(others.next()),
                }
            }
        })
    }

    fn common(&self, other: &Self) -> f64 {
        self.both(other).map(|(one, other)| one.tells.min(other.tells)).sum()
    }

    /// How alike two are, from 0 to 1.
    pub(super) fn overlap(&self, other: &Self) -> f64 {
        share(2.0 * self.common(other), self.total + other.total)
    }

    /// How much of these words `other` has, from 0 to 1.
    pub(super) fn held(&self, other: &Self) -> f64 {
        share(self.common(other), self.total)
    }

    /// The words that two have in common, those that tell most first, each once.
    pub(super) fn shared<'a>(&'a self, other: &'a Self) -> Vec<&'a str> {
        let both = self.both(other).map(|(one, other)| (one.tells.min(other.tells), one.word.as_str()));
        let mut both: Vec<(f64, &str)> = both.collect();
        both.sort_by(|a, b| b.0.total_cmp(&a.0).then_with(|| a.1.cmp(b.1)));
        let mut words: Vec<&str> = Vec::new();
        for (_, word) in both {
            if !words.contains(&word) {
                words.push(word);
            }
        }
        words
    }
}

fn share(part: f64, whole: f64) -> f64 {
    if whole > 0.0 { part / whole } else { 0.0 }
}

/// How alike two short texts are, from 0 to 1, without knowing any others.
pub(super) fn likeness(one: &str, other: &str) -> f64 {
    let vocabulary = Vocabulary::of([one, other]);
    vocabulary.words(one).overlap(&vocabulary.words(other))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_programs_change_by_themselves_is_no_edit() {
        for (was, is) in [
            ("Ta fram \"stöd\" för svar", "Ta fram ”stöd” för svar"),
            ("Fas 1 - start", "Fas\u{a0}1 – start"),
            ("Fas 1 -- start", "Fas 1 — start"),
            ("och så vidare...", "och så vidare…"),
            ("Två rader\ni en cell", "Två rader\u{b}i en cell "),
            ("Kartlägg metoderna", "• Kartlägg metoderna"),
            ("labb\u{ad}cheferna", "labbcheferna"),
            ("årsmöte", "a\u{30a}rsmo\u{308}te"),
            ("l'avis", "l’avis"),
            ("Plan -> beslut", "Plan → beslut"),
            ("", "  \n"),
        ] {
            assert!(alike(was, is), "{was} / {is}: {:?} {:?}", plain(was), plain(is));
        }
        for (was, is) in
            [("Fas 1", "Fas 2"), ("januari", "Januari"), ("PET-CT", "PET CT"), ("-5", "5"), ("a b", "ab")]
        {
            assert!(!alike(was, is), "{was} / {is}");
        }
    }

    #[test]
    fn a_title_is_the_same_in_capitals_and_with_a_full_stop() {
        assert_eq!(title_key("ÖKAT SAMARBETE."), title_key("Ökat  samarbete"));
        assert_ne!(title_key("Ökat samarbete"), title_key("Fördjupat samarbete"));
    }

    #[test]
    fn words_meet_in_their_stems() {
        for (one, other) in [
            ("arbetsgrupperna", "arbetsgrupp"),
            ("patologin", "patologi"),
            ("rapporterna", "rapport"),
            ("samverkan", "samverka"),
            ("gemensamma", "gemensamt"),
            ("regionernas", "regioner"),
        ] {
            assert_eq!(stem(one), stem(other), "{one} {other}");
        }
        assert_ne!(stem("rapport"), stem("rappakalja"));
    }

    #[test]
    fn a_compound_has_the_words_that_it_is_made_of() {
        let vocabulary =
            Vocabulary::of(["Patologisamverkan", "Samarbete om patologi", "Samverkan om genetik"]);
        let words = vocabulary.words("Patologisamverkan");
        let has = |word: &str| {
            let number = vocabulary.stems.get(stem(word));
            number.is_some_and(|number| words.iter().any(|word| word.stem == *number))
        };
        assert!(has("patologi") && has("samverkan") && !has("genetik"), "{words:?}");
    }

    #[test]
    fn a_word_that_all_have_tells_little() {
        let texts = ["Plan för patologi", "Plan för genetik", "Plan för kemi"];
        let vocabulary = Vocabulary::of(texts);
        let words = |text| vocabulary.words(text);
        let by_plan = words(texts[0]).overlap(&words(texts[1]));
        let by_subject = words(texts[0]).overlap(&words("Stöd till patologi"));
        assert!(by_plan < by_subject, "{by_plan} {by_subject}");
    }
}
