//! Which row of the register each row of a document is.
//!
//! A row is the same by its id, by its title, or by a title that it had. What goes on under a new title is only
//! proposed, with the reasons in words: whether it is the same row is for people to say. Each row of the register is
//! found at most once.
//!
//! A proposal is made where two rows have enough in common: words of their titles, words of all that they say, the
//! same activity, dated line, link or focus area, the same neighbour. How much each counts is at [`Pair::score`]; it was
//! set on the plans of one programme area from 2022 to 2025 and those of the tests.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;
use serde::Serialize;

use super::register::Link;
use super::table::Row;
use super::words::{Vocabulary, Words, plain, title_key};
use crate::ids::ItemId;

/// From this score on two rows may be the same: what is below was, in the plans it was set on, never right.
const ENOUGH: f64 = 0.30;
/// So much less than the best one, and another row is worth naming beside it.
const CLOSE: f64 = 0.08;

/// A row of the register.
#[derive(Clone, Copy, Debug)]
pub struct Known<'a> {
    /// The row; [`Row::id`] is its id.
    pub row: &'a Row,
    /// What it was called before, the oldest first, each until that day.
    pub earlier: &'a [(String, Date)],
    /// Its documents.
    pub links: &'a [Link],
    /// Why it wasn't expected in the document; none if it was.
    pub gone: Option<&'a Gone>,
}

/// Why a row of the register isn't expected in the next document.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Gone {
    /// Its log says why it ended.
    Closed(Date),
    /// It is done, and no line says why.
    Done,
    /// It was missing in the newest plan already; this is the last that had it.
    Missing(String),
}

/// A row of the document.
#[derive(Clone, Copy, Debug)]
pub struct Read<'a> {
    /// The row. An id that the register doesn't have says that the row is a new one.
    pub row: &'a Row,
    /// Its documents.
    pub links: &'a [Link],
}

/// What somebody has said of a row of the document, by its number from 0.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Told {
    /// It is that row of the register.
    Same(usize, ItemId),
    /// It is a new one.
    New(usize),
}

/// Which row of the register a row of the document is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Found {
    /// It is that one.
    Same(ItemId, By),
    /// It may be that one; somebody has to say so.
    Proposed(Proposal),
    /// It is none of them.
    New,
}

/// How a row was known again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum By {
    /// The document carries its id or mark.
    Id,
    /// Its title.
    Title,
    /// A title that it had until that day.
    Earlier(Date),
    /// Somebody said so.
    Told,
}

/// A row that may go on under another title.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Proposal {
    /// The row of the register.
    pub id: ItemId,
    /// What speaks for it, what tells most first; in English, lower case.
    pub reasons: Vec<String>,
    /// How much speaks for it, in hundredths.
    pub score: u32,
    /// Rows for which nearly as much speaks.
    pub or: Vec<ItemId>,
}

/// What became of both sides.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Lineage {
    /// For each row of the document, in its order.
    pub rows: Vec<Found>,
    /// Rows of the register that were expected and aren't there. Those that are only proposed are taken as there.
    pub vanishing: Vec<ItemId>,
}

impl Found {
    /// The row of the register that it is or may be.
    #[must_use]
    pub fn id(&self) -> Option<&ItemId> {
        match self {
            Self::Same(id, _) => Some(id),
            Self::Proposed(proposal) => Some(&proposal.id),
            Self::New => None,
        }
    }
}

/// Finds out which row of the register each row of a document is. What was told goes before everything else.
#[must_use]
pub fn trace(read: &[Read<'_>], known: &[Known<'_>], told: &[Told]) -> Lineage {
    let mut tracing = Tracing { read, known, rows: vec![None; read.len()], taken: BTreeSet::new() };
    tracing.told(told);
    tracing.by(By::Id, |read, known| read.row.id.is_some() && read.row.id == known.row.id);
    tracing.by_title();
    tracing.propose(told);
    let rows: Vec<Found> = tracing.rows.into_iter().map(|found| found.unwrap_or(Found::New)).collect();
    let found: BTreeSet<&ItemId> = rows.iter().filter_map(Found::id).collect();
    let expected = known.iter().filter(|k| k.gone.is_none()).filter_map(|k| k.row.id.as_ref());
    let vanishing = expected.filter(|id| !found.contains(id)).cloned().collect();
    Lineage { rows, vanishing }
}

struct Tracing<'a> {
    read: &'a [Read<'a>],
    known: &'a [Known<'a>],
    rows: Vec<Option<Found>>,
    /// Which of the register's rows are found, by their place among `known`.
    taken: BTreeSet<usize>,
}

impl<'a> Tracing<'a> {
    fn told(&mut self, told: &[Told]) {
        for told in told {
            let (number, found) = match told {
                Told::New(number) => (*number, Found::New),
                Told::Same(number, id) => {
                    self.taken.extend(self.known.iter().position(|k| k.row.id.as_ref() == Some(id)));
                    (*number, Found::Same(id.clone(), By::Told))
                }
            };
            if let Some(row) = self.rows.get_mut(number) {
                *row = Some(found);
            }
        }
    }

    fn free(&self) -> impl Iterator<Item = (usize, &'a Known<'a>)> {
        self.known.iter().enumerate().filter(|(at, _)| !self.taken.contains(at))
    }

    fn take(&mut self, number: usize, at: usize, by: By) {
        let id = self.known.get(at).and_then(|k| k.row.id.clone());
        if let (Some(row), Some(id)) = (self.rows.get_mut(number), id) {
            *row = Some(Found::Same(id, by));
            self.taken.insert(at);
        }
    }

    fn open(&self) -> Vec<usize> {
        (0..self.rows.len()).filter(|number| self.rows.get(*number).is_some_and(Option::is_none)).collect()
    }

    fn by(&mut self, by: By, is: impl Fn(&Read<'_>, &Known<'_>) -> bool) {
        for number in self.open() {
            let Some(read) = self.read.get(number) else { continue };
            let found = self.free().find(|(_, known)| is(read, known)).map(|(at, _)| at);
            if let Some(at) = found {
                self.take(number, at, by);
            }
        }
    }

    /// The same title, then one that a row had. Where two rows have it nothing is certain: it is left to be proposed.
    fn by_title(&mut self) {
        let key = |number: usize| self.read.get(number).map(|read| title_key(&read.row.title));
        let keys: Vec<(usize, String)> =
            self.open().into_iter().filter_map(|number| Some((number, key(number)?))).collect();
        let mut times: BTreeMap<&str, usize> = BTreeMap::new();
        for (_, key) in &keys {
            *times.entry(key).or_default() += 1;
        }
        let once = keys.iter().filter(|(_, key)| times.get(key.as_str()) == Some(&1) && !key.is_empty());
        let once: Vec<&(usize, String)> = once.collect();
        for (number, key) in &once {
            let same: Vec<usize> =
                self.free().filter(|(_, k)| title_key(&k.row.title) == *key).map(|(at, _)| at).collect();
            if let [at] = same.as_slice() {
                self.take(*number, *at, By::Title);
            }
        }
        for (number, key) in once {
            if self.rows.get(*number).is_some_and(Option::is_some) {
                continue;
            }
            let until = |k: &Known<'_>| {
                k.earlier.iter().rev().find(|(title, _)| title_key(title) == *key).map(|(_, day)| *day)
            };
            let had: Vec<(usize, Date)> =
                self.free().filter_map(|(at, known)| Some((at, until(known)?))).collect();
            if let [(at, day)] = had.as_slice() {
                self.take(*number, *at, By::Earlier(*day));
            }
        }
    }

    /// The pairs that have most in common, each row once.
    fn propose(&mut self, told: &[Told]) {
        let is_new = |number: usize| {
            let has_id = self.read.get(number).is_some_and(|read| read.row.id.is_some());
            has_id || told.contains(&Told::New(number))
        };
        let open: Vec<usize> = self.open().into_iter().filter(|number| !is_new(*number)).collect();
        let free: Vec<usize> = self.free().map(|(at, _)| at).collect();
        if open.is_empty() || free.is_empty() {
            return;
        }
        let texts = Texts::of(self.read, self.known);
        let pair = |number: &usize, at: &usize| Pair::of(self, &texts, *number, *at);
        let mut pairs: Vec<Pair> =
            open.iter().flat_map(|number| free.iter().filter_map(move |at| pair(number, at))).collect();
        pairs.sort_by(|a, b| {
            b.score.total_cmp(&a.score).then_with(|| (a.number, a.at).cmp(&(b.number, b.at)))
        });
        for pair in &pairs {
            if self.taken.contains(&pair.at) || self.rows.get(pair.number).is_none_or(Option::is_some) {
                continue;
            }
            let nearly = |other: &&Pair| {
                other.number == pair.number && other.at != pair.at && other.score > pair.score - CLOSE
            };
            let or = pairs.iter().filter(nearly).filter(|other| !self.taken.contains(&other.at));
            let id_at = |at: usize| self.known.get(at).and_then(|k| k.row.id.clone());
            let or: Vec<ItemId> = or.filter_map(|other| id_at(other.at)).collect();
            let Some(id) = id_at(pair.at) else { continue };
            let proposal = Proposal { id, reasons: pair.reasons(self, &texts), score: pair.hundredths(), or };
            self.taken.insert(pair.at);
            if let Some(row) = self.rows.get_mut(pair.number) {
                *row = Some(Found::Proposed(proposal));
            }
        }
    }

    /// Whether both stand next to rows that are the same: the row before them, or the one after.
    fn neighbours(&self, number: usize, at: usize) -> bool {
        let id = |at: Option<usize>| at.and_then(|at| self.known.get(at)).and_then(|k| k.row.id.as_ref());
        let same = |number: Option<usize>| {
            let found = number.and_then(|number| self.rows.get(number)).and_then(Option::as_ref);
            found.and_then(|found| if let Found::Same(id, _) = found { Some(id) } else { None })
        };
        let meet = |number, at| same(number).is_some() && same(number) == id(at);
        meet(number.checked_sub(1), at.checked_sub(1)) || meet(number.checked_add(1), at.checked_add(1))
    }
}

/// What both sides' rows say.
struct Texts {
    read: Vec<Said>,
    known: Vec<Said>,
    /// Whether one row of each side has a stem and no other, by its number.
    rare: Vec<bool>,
}

/// What a row says, as words: its titles, and everything. And what may be the same in both, as it is compared.
struct Said {
    titles: Vec<Words>,
    all: Words,
    focus_area: Option<String>,
    activities: Vec<String>,
    lines: Vec<(Date, String)>,
}

impl Texts {
    fn of(read: &[Read<'_>], known: &[Known<'_>]) -> Self {
        let of_read = |read: &Read<'_>| texts(read.row, &[]);
        let read_texts: Vec<(Vec<String>, String)> = read.iter().map(of_read).collect();
        let of_known = |known: &Known<'_>| texts(known.row, known.earlier);
        let known_texts: Vec<(Vec<String>, String)> = known.iter().map(of_known).collect();
        let all = read_texts.iter().chain(&known_texts).map(|(_, all)| all.as_str());
        let vocabulary = Vocabulary::of(all);
        let read: Vec<Said> = read
            .iter()
            .zip(&read_texts)
            .map(|(read, texts)| Said::of(read.row, texts, &vocabulary))
            .collect();
        let known: Vec<Said> = known
            .iter()
            .zip(&known_texts)
            .map(|(known, texts)| Said::of(known.row, texts, &vocabulary))
            .collect();
        let both = rare(&read, vocabulary.len()).into_iter().zip(rare(&known, vocabulary.len()));
        let rare = both.map(|(one, other)| one && other).collect();
        Self { read, known, rare }
    }
}

impl Said {
    fn of(row: &Row, (titles, all): &(Vec<String>, String), vocabulary: &Vocabulary) -> Self {
        let some = |text: String| Some(text).filter(|text| !text.is_empty());
        Self {
            titles: titles.iter().map(|title| vocabulary.words(title)).collect(),
            all: vocabulary.words(all),
            focus_area: row.focus_area.as_deref().map(plain).and_then(some),
            activities: row.activities.iter().filter_map(|a| some(plain(&a.text))).collect(),
            lines: row.log.iter().filter_map(|line| Some((line.day, some(plain(&line.text))?))).collect(),
        }
    }
}

/// Which stems one of these rows has and no other.
fn rare(rows: &[Said], stems: usize) -> Vec<bool> {
    let mut times = vec![0usize; stems];
    for word in rows.iter().flat_map(|said| said.all.iter()).filter(|word| !word.part) {
        if let Some(times) = times.get_mut(word.stem) {
            *times += 1;
        }
    }
    times.into_iter().map(|times| times == 1).collect()
}

/// The titles of a row, and all that it says as one text.
fn texts(row: &Row, earlier: &[(String, Date)]) -> (Vec<String>, String) {
    let mut titles = vec![row.title.clone()];
    titles.extend(earlier.iter().map(|(title, _)| title.clone()));
    let mut all = titles.clone();
    all.extend(row.focus_area.clone());
    all.extend(row.activities.iter().map(|activity| activity.text.clone()));
    all.extend(row.follow_up.clone());
    all.extend(row.log.iter().map(|line| line.text.clone()));
    all.extend(row.units.iter().filter_map(|unit| unit.said.clone()));
    (titles, all.join("\n"))
}

/// A row of the document beside one of the register.
struct Pair {
    number: usize,
    at: usize,
    score: f64,
    /// Of the register's titles, the one that is most alike.
    title: usize,
    focus_area: bool,
    activities: usize,
    lines: Vec<Date>,
    links: usize,
    neighbours: bool,
}

impl Pair {
    /// None if they have too little in common.
    fn of(tracing: &Tracing<'_>, texts: &Texts, number: usize, at: usize) -> Option<Self> {
        let (read, known) = (tracing.read.get(number)?, tracing.known.get(at)?);
        let (new, old) = (texts.read.get(number)?, texts.known.get(at)?);
        let is_link = |link: &Link| known.links.iter().any(|k| k.address == link.address);
        let mut pair = Self {
            number,
            at,
            score: 0.0,
            title: 0,
            focus_area: new.focus_area.is_some() && new.focus_area == old.focus_area,
            activities: new.activities.iter().filter(|text| old.activities.contains(text)).count(),
            lines: new.lines.iter().filter(|line| old.lines.contains(line)).map(|(day, _)| *day).collect(),
            links: read.links.iter().filter(|link| is_link(link)).count(),
            neighbours: tracing.neighbours(number, at),
        };
        pair.score = pair.score(texts, new, old);
        (pair.score >= ENOUGH).then_some(pair)
    }

    /// Titles tell most; what one's title says may stand in the other's text; a dated line that both have is as good
    /// as a title.
    fn score(&mut self, texts: &Texts, new: &Said, old: &Said) -> f64 {
        let Some(title) = new.titles.first() else { return 0.0 };
        let overlaps = old.titles.iter().map(|old| title.overlap(old));
        let best = overlaps.enumerate().max_by(|a, b| a.1.total_cmp(&b.1));
        let (at, titles) = best.unwrap_or_default();
        self.title = at;
        let in_text = title.held(&old.all);
        let of_text = old.titles.get(at).map_or(0.0, |old| old.held(&new.all));
        let whole = new.all.both(&old.all).filter(|(one, other)| !one.part && !other.part);
        let rare = whole.filter(|(word, _)| texts.rare.get(word.stem) == Some(&true)).count();
        let some =
            |n: usize, each: f64, most: f64| (f64::from(u8::try_from(n).unwrap_or(u8::MAX)) * each).min(most);
        0.55 * titles
            + 0.25 * in_text.max(of_text)
            + 0.10 * in_text.min(of_text)
            + 0.50 * new.all.overlap(&old.all)
            + if self.focus_area { 0.08 } else { 0.0 }
            + some(self.activities, 0.15, 0.3)
            + some(self.lines.len(), 0.35, 0.5)
            + some(self.links, 0.2, 0.3)
            + some(rare, 0.09, 0.27)
            + if self.neighbours { 0.03 } else { 0.0 }
    }

    fn hundredths(&self) -> u32 {
        let capped = (self.score * 100.0).clamp(0.0, 100.0);
        (0..=100).rev().find(|n| f64::from(*n) <= capped).unwrap_or(0)
    }

    fn reasons(&self, tracing: &Tracing<'_>, texts: &Texts) -> Vec<String> {
        let mut reasons = Vec::new();
        let (Some(new), Some(old), Some(read)) =
            (texts.read.get(self.number), texts.known.get(self.at), tracing.read.get(self.number))
        else {
            return reasons;
        };
        let quoted = |words: &[&str]| {
            let words: Vec<String> = words.iter().take(4).map(|word| format!("`{word}`")).collect();
            words.join(", ")
        };
        let none = Words::default();
        let title = new.titles.first().unwrap_or(&none);
        let old_title = old.titles.get(self.title).unwrap_or(&none);
        let in_titles = title.shared(old_title);
        if !in_titles.is_empty() {
            let which = if self.title == 0 { "both titles" } else { "this title and an earlier one of it" };
            reasons.push(format!("{which} say {}", quoted(&in_titles)));
        }
        let elsewhere = new.all.shared(&old.all);
        let elsewhere: Vec<&str> = elsewhere.into_iter().filter(|word| !in_titles.contains(word)).collect();
        if !elsewhere.is_empty() {
            reasons.push(format!("both rows speak of {}", quoted(&elsewhere)));
        }
        if let (true, Some(area)) = (self.focus_area, &read.row.focus_area) {
            reasons.push(format!("both stand under `{area}`"));
        }
        let counted = |n: usize, one: &str, many: &str| match n {
            0 => None,
            1 => Some(format!("one {one} is the same")),
            n => Some(format!("{n} {many} are the same")),
        };
        reasons.extend(counted(self.activities, "activity", "activities"));
        if let Some(day) = self.lines.first() {
            let more = self.lines.len() - 1;
            let more = if more > 0 { format!(" and {more} more") } else { String::new() };
            reasons.push(format!("both have the line of {day}{more}"));
        }
        reasons.extend(counted(self.links, "link", "links"));
        if self.neighbours {
            reasons.push("both stand next to the same row".to_owned());
        }
        reasons
    }
}
