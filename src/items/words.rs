//! The words of a plan: whether two texts say the same, and how much two rows have in common.
//!
//! Programs change what they save: straight quotes become curved, two hyphens a dash, a blank one that doesn't break.
//! None of that is an edit. And what goes on under another title keeps some of its words, in another form or joined
//! with others: Swedish bends words at their end and writes compounds together.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

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
    texts: usize,
    /// In how many of the texts each stem is.
    found: HashMap<String, usize>,
    known: HashSet<String>,
}

/// Of one text: its stems. Compounds have the stems of their parts too.
pub(super) type Words = BTreeMap<String, Found>;

/// A stem in a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Found {
    /// A word that it came from.
    pub word: String,
    /// It is only a part of that word: `grupp` in `arbetsgrupp`.
    pub part: bool,
}

impl Vocabulary {
    /// Knows the words of all `texts`.
    pub(super) fn of<'a>(texts: impl IntoIterator<Item = &'a str> + Clone) -> Self {
        let all = texts.clone().into_iter().flat_map(stems);
        let mut vocabulary = Self { known: all.map(|(_, stem)| stem).collect(), ..Self::default() };
        for text in texts {
            vocabulary.texts += 1;
            for stem in vocabulary.words(text).into_keys() {
                *vocabulary.found.entry(stem).or_default() += 1;
            }
        }
        vocabulary
    }

    /// The words of one text, with those parts of compounds that are words elsewhere.
    pub(super) fn words(&self, text: &str) -> Words {
        let mut words = Words::new();
        for (word, stem) in stems(text) {
            for part in self.parts(&stem) {
                words.entry(part).or_insert_with(|| Found { word: word.clone(), part: true });
            }
            words.insert(stem, Found { word, part: false });
        }
        words
    }

    /// `patologisamverkan` is about patologi and samverkan, if those are words of some text.
    fn parts(&self, stem: &str) -> BTreeSet<String> {
        let cuts = stem.char_indices().map(|(at, _)| at);
        let cuts = cuts.filter(|at| *at >= SHORTEST_STEM && stem.len() - at >= SHORTEST_STEM);
        let halves = cuts.flat_map(|at| [stem.get(..at), stem.get(at..)]).flatten();
        let is_word = |half: &&str| half.chars().count() >= SHORTEST_STEM && self.known.contains(*half);
        halves.filter(is_word).map(str::to_owned).collect()
    }

    /// How much a word tells: much where few texts have it.
    fn weight(&self, stem: &str) -> f64 {
        let found = self.found.get(stem).copied().unwrap_or(1).max(1);
        let count = |n: usize| f64::from(u32::try_from(n).unwrap_or(u32::MAX));
        (1.0 + count(self.texts) / count(found)).ln()
    }

    /// A part of a word tells half as much as the word.
    fn tells(&self, stem: &str, part: bool) -> f64 {
        if part { self.weight(stem) / 2.0 } else { self.weight(stem) }
    }

    fn total(&self, words: &Words) -> f64 {
        words.iter().map(|(stem, found)| self.tells(stem, found.part)).sum()
    }

    /// The words that two have in common, those that tell most first, and their weight.
    pub(super) fn shared<'a>(&self, one: &'a Words, other: &Words) -> (Vec<&'a str>, f64) {
        let mut both: Vec<(f64, &'a str)> = Vec::new();
        for (stem, found) in one {
            if let Some(there) = other.get(stem) {
                both.push((self.tells(stem, found.part || there.part), &found.word));
            }
        }
        let weight = both.iter().map(|(weight, _)| weight).sum();
        both.sort_by(|a, b| b.0.total_cmp(&a.0).then_with(|| a.1.cmp(b.1)));
        let mut words: Vec<&str> = Vec::new();
        for (_, word) in both {
            if !words.contains(&word) {
                words.push(word);
            }
        }
        (words, weight)
    }

    /// How alike two are, from 0 to 1.
    pub(super) fn overlap(&self, one: &Words, other: &Words) -> f64 {
        share(2.0 * self.shared(one, other).1, self.total(one) + self.total(other))
    }

    /// How much of `one` is in `other`, from 0 to 1.
    pub(super) fn held(&self, one: &Words, other: &Words) -> f64 {
        share(self.shared(one, other).1, self.total(one))
    }
}

fn share(part: f64, whole: f64) -> f64 {
    if whole > 0.0 { part / whole } else { 0.0 }
}

/// How alike two short texts are, from 0 to 1, without knowing any others.
pub(super) fn likeness(one: &str, other: &str) -> f64 {
    let vocabulary = Vocabulary::of([one, other]);
    vocabulary.overlap(&vocabulary.words(one), &vocabulary.words(other))
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
        assert!(words.contains_key(stem("patologi")) && words.contains_key(stem("samverkan")), "{words:?}");
        assert!(!words.contains_key("gisa"));
    }

    #[test]
    fn a_word_that_all_have_tells_little() {
        let texts = ["Plan för patologi", "Plan för genetik", "Plan för kemi"];
        let vocabulary = Vocabulary::of(texts);
        let words = |text| vocabulary.words(text);
        let by_plan = vocabulary.overlap(&words(texts[0]), &words(texts[1]));
        let by_subject = vocabulary.overlap(&words(texts[0]), &words("Stöd till patologi"));
        assert!(by_plan < by_subject, "{by_plan} {by_subject}");
    }
}
