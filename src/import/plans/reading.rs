//! A row of lines under columns, read into what an item of a plan says.

use std::collections::BTreeSet;

use super::heads::Column;
use super::lines::{Line, Para, fold, is_ditto, joined, paras, sentences, stacked};
use super::naming::{self, Given};
use super::raw::Raw;
use super::times::{self, Said};
use super::{About, PlanItem, PlanPart, entries, promises, status};
use crate::ids::ItemId;
use crate::import::items::{OwnersRow, id_of, wait};
use crate::import::when;
use crate::items::register::{Activity, Card, Link, Promise, Source};
use crate::items::table::marked_row;
use crate::items::{Health, Phase};

/// Reads a row. `above`: the promises of the row before, for a ditto mark.
pub(super) fn item(raw: &Raw, above: &BTreeSet<Promise>, about: About<'_>) -> PlanItem {
    let mut item = PlanItem { place: raw.place, unsure: raw.unsure.clone(), ..PlanItem::default() };
    let mut doing = paras(raw.lines(Column::Activities));
    let followed = paras(raw.lines(Column::FollowUp));
    let needs = raw.has(Column::FollowUp) || raw.has(Column::Status) || doing.len() > 1;
    area(raw, &mut item, &mut doing, needs, above);
    item.card.focus_area = Some(joined(raw.lines(Column::Focus))).filter(|t| !t.is_empty());
    item.id = id(raw);

    // What is dated, wherever it stands; a bullet or a status must open with its day.
    let (bulleted, prose): (Vec<Para>, Vec<Para>) = doing.into_iter().partition(|para| para.bullet);
    let mut doing = dated(prose, true, about, &mut item);
    doing.extend(dated(bulleted, false, about, &mut item));
    doing.sort_by_key(|para| para.first);
    let followed = dated(followed, true, about, &mut item);
    let logged = dated(paras(raw.lines(Column::Log)), false, about, &mut item);
    item.card.rest.extend(logged.into_iter().map(|p| p.text));
    let standing = standing(raw, about, &mut item);

    let mut texts: Vec<String> = doing.iter().chain(&followed).map(|p| p.text.clone()).collect();
    activities(doing, &mut item);
    let follow_up = stacked(followed.iter().map(|p| p.text.as_str()));
    item.card.follow_up = Some(follow_up).filter(|t| !t.is_empty());
    item.parts = parts(raw, &standing, &mut item.unsure);
    texts.extend(paras(&standing).into_iter().map(|p| p.text));
    scheduled(raw, &mut item, &mut texts);
    others(raw, &mut item);
    time(&texts, about, &mut item);
    named(raw, &texts, about, &mut item);
    links(&mut item);
    item.card.source = Source::read(&joined(raw.lines(Column::Source))).or(raw.source);
    let mut seen = BTreeSet::new();
    item.unsure.retain(|doubt| seen.insert(doubt.clone()));
    item
}

fn id(raw: &Raw) -> Option<ItemId> {
    let text = joined(raw.lines(Column::Id));
    (!text.is_empty()).then(|| id_of(Some(&text), ""))
}

/// Title, promises and mark: what the column of areas holds.
fn area(raw: &Raw, item: &mut PlanItem, doing: &mut Vec<Para>, needs: bool, above: &BTreeSet<Promise>) {
    let mut titles: Vec<String> = Vec::new();
    let mut phrases: Vec<String> = Vec::new();
    let marked = |line: &&Line| marked_row(&line.text).is_some();
    item.mark = raw.lines(Column::Area).iter().find(marked).and_then(|line| marked_row(&line.text));
    let lines: Vec<Line> = raw.lines(Column::Area).iter().filter(|line| !marked(line)).cloned().collect();
    for para in paras(&lines) {
        if is_ditto(&para.text) {
            item.card.promises.extend(above);
        } else if let Some(found) = promises::find(&para.text) {
            item.card.promises.extend(found.promises);
            let cut = |range| para.text.get(range).map(str::trim).unwrap_or_default().to_owned();
            let (before, after) = (cut(0..found.range.start), cut(found.range.end..para.text.len()));
            if before.is_empty() || raw.ditto || is_lead(&before) {
                phrases.push(para.text.clone());
            } else {
                titles.push(before);
            }
            titles.extend(Some(after).filter(|t| t.chars().any(char::is_alphanumeric)));
        } else {
            titles.push(para.text);
        }
    }
    for line in raw.lines(Column::Promise) {
        promised(&line.text, item);
    }
    if titles.is_empty() {
        let borrowed = doing.first().is_some_and(|p| !p.bullet && p.text.chars().count() <= 400 && needs);
        if borrowed {
            titles.push(doing.remove(0).text);
            item.card.rest.extend(phrases.iter().filter(|p| lead(p).is_some()).cloned());
        } else if let Some(phrase) = phrases.first() {
            titles.push(bare(phrase).to_owned());
        } else if let Some(focus) = raw.cells.get(&Column::Focus) {
            titles.push(joined(focus));
            item.unsure.push("its area is empty: the national focus area stands for it".to_owned());
        }
    } else {
        item.card.rest.extend(phrases.iter().filter(|p| lead(p).is_some()).cloned());
    }
    title(titles, item);
}

/// "Stöd till RAG" before "för att uppnå ...": what leads up to a promise, and is no title of its own.
fn is_lead(text: &str) -> bool {
    let low = fold(text);
    low.starts_with("stöd ") || low.starts_with("arbeta ") || low.ends_with(" för att")
}

/// What stands before the promise in a phrase.
fn lead(phrase: &str) -> Option<&str> {
    let found = promises::find(phrase)?;
    phrase.get(..found.range.start).map(str::trim).filter(|t| !t.is_empty())
}

/// A promise as a title: without the word for it and its quotation marks.
fn bare(phrase: &str) -> &str {
    let text = phrase.trim_start_matches("Patientlöfte:").trim_start_matches("Patientlöften:").trim();
    text.trim_matches(['”', '"', '“', '.', ' '])
}

/// The first paragraph, with those that it goes on in; what follows a full stop is no title.
fn title(titles: Vec<String>, item: &mut PlanItem) {
    for text in titles {
        let open = !item.title.ends_with(['.', '!', '?']) && item.title.chars().count() < 160;
        if item.title.is_empty() {
            item.title = text;
        } else if open {
            item.title.push(' ');
            item.title.push_str(&text);
        } else {
            item.card.rest.push(text);
        }
    }
    let bare = item.title.trim_end_matches(['.', ' ']).len();
    item.title.truncate(bare);
}

fn promised(text: &str, item: &mut PlanItem) {
    let mut rest = Vec::new();
    for part in text.split([',', '+', ';']).map(str::trim).filter(|p| !p.is_empty()) {
        let read = Promise::read(part).map(|p| BTreeSet::from([p]));
        match read.or_else(|| promises::find(part).map(|found| found.promises)) {
            Some(found) => item.card.promises.extend(found),
            None => rest.push(part),
        }
    }
    if !rest.is_empty() {
        match promises::find(text) {
            Some(found) => item.card.promises.extend(found.promises),
            None => item.card.rest.push(text.to_owned()),
        }
    }
}

fn dated(paras: Vec<Para>, within: bool, about: About<'_>, item: &mut PlanItem) -> Vec<Para> {
    let found = entries::take(paras, about.as_of, within, &mut item.unsure);
    item.log.extend(found.log);
    found.rest
}

/// The lines of the status without those that are dated.
fn standing(raw: &Raw, about: About<'_>, item: &mut PlanItem) -> Vec<Line> {
    let lines = raw.lines(Column::Status);
    let has_day = |p: &Para| {
        crate::import::notation::opens_entry(&p.text).is_some()
            || p.text.contains(|c: char| c.is_ascii_digit())
    };
    let all = paras(lines);
    if !all.iter().any(has_day) {
        return lines.to_vec();
    }
    let mut kept = Vec::new();
    for (at, para) in all.iter().enumerate() {
        let end = all.get(at + 1).map_or(lines.len(), |next| next.first);
        let within = status::opens(&para.text).is_none();
        let rest = dated(vec![para.clone()], within, about, item);
        match rest.first() {
            Some(left) if left.text == para.text => {
                kept.extend(lines.get(para.first..end).unwrap_or_default().iter().cloned())
            }
            Some(left) => kept
                .extend(lines.get(para.first).map(|line| Line { text: left.text.clone(), ..line.clone() })),
            None => {}
        }
    }
    kept
}

/// Bullets are activities; without any, every paragraph is one that doesn't only put the matter off.
fn activities(doing: Vec<Para>, item: &mut PlanItem) {
    let bullets = doing.iter().any(|p| p.bullet);
    for para in doing {
        let named = para
            .text
            .split_once(": ")
            .is_some_and(|(name, _)| !name.contains(' ') && name.chars().count() < 15);
        if if bullets { para.bullet } else { !times::only_waits(&para.text) && !named } {
            item.card.activities.push(activity(&para.text));
        } else {
            item.card.rest.push(para.text);
        }
    }
}

/// `Kartlägg metoderna (ev. NY)`, also where the mark stands alone or first.
fn activity(text: &str) -> Activity {
    let text = text.trim();
    for (mark, forms) in
        [("ev. NY", ["(ev. NY)", "(ev NY)", "(ev. ny)", "ev. NY"]), ("NY", ["(NY)", "(NY!)", "(ny)", "NY:"])]
    {
        for form in forms {
            let bare = text.trim_end_matches('.');
            if let Some(rest) = bare.strip_suffix(form).or_else(|| text.strip_prefix(form)) {
                return Activity { text: rest.trim().to_owned(), mark: Some(mark.to_owned()) };
            }
        }
    }
    Activity { text: text.to_owned(), mark: None }
}

/// How it stands: in the template's one column, or in columns of their own.
fn parts(raw: &Raw, standing: &[Line], unsure: &mut Vec<String>) -> Vec<PlanPart> {
    let mut parts = status::parts(standing, &raw.lights, unsure);
    let name = joined(raw.lines(Column::Part));
    let phase = Phase::read(joined(raw.lines(Column::Phase)).trim_end_matches('.'));
    let health = Health::read(&joined(raw.lines(Column::Health)));
    let unread = [(Column::Phase, phase.is_some()), (Column::Health, health.is_some())];
    let unread = unread.into_iter().filter(|(_, read)| !read).flat_map(|(column, _)| raw.lines(column));
    let said = stacked(unread.chain(raw.lines(Column::StatusText)).map(|l| l.text.as_str()));
    if let Some(first) = parts.first_mut() {
        first.name = Some(name).filter(|n| !n.is_empty()).or(first.name.take());
        first.phase = phase.unwrap_or(first.phase);
        first.health = health.unwrap_or(first.health);
        if !said.is_empty() {
            first.said = Some(first.said.take().map_or(said.clone(), |before| format!("{before}\n{said}")));
        }
    }
    parts
}

/// A column of its own for when: each of its lines is a promise, or words.
fn scheduled(raw: &Raw, item: &mut PlanItem, texts: &mut Vec<String>) {
    for para in paras(raw.lines(Column::Schedule)) {
        item.card.rest.push(format!("Tidplan: {}", para.text));
        // The column says that something is due.
        texts.push(format!("Klart senast {}", para.text));
    }
    for line in raw.lines(Column::Deadline) {
        match when::deadline(&line.text) {
            Some((day, precision)) => item.deadlines.push((day, precision, line.text.clone())),
            None => {
                item.unsure.push(format!("`{}` says no day that is known here", line.text));
                item.card.rest.push(line.text.clone());
            }
        }
    }
    item.waits.extend(raw.lines(Column::Waits).iter().map(|line| wait(&line.text)));
}

/// What has no column here.
fn others(raw: &Raw, item: &mut PlanItem) {
    for (name, lines) in &raw.others {
        let text = paras(lines).into_iter().map(|p| p.text).collect::<Vec<_>>().join("\n");
        item.card.rest.push(if name.is_empty() { text } else { format!("{name}: {text}") });
    }
    let number = |line: &&Line| line.text.contains(char::is_alphabetic);
    let numbers = raw.lines(Column::Number).iter().filter(number);
    let more = raw.lines(Column::Rest).iter().chain(raw.lines(Column::Links)).chain(numbers);
    item.card.rest.extend(more.map(|line| line.text.clone()));
    let source = joined(raw.lines(Column::Source));
    if Source::read(&source).is_none() && !source.is_empty() {
        item.card.rest.push(source);
    }
}

fn time(texts: &[String], about: About<'_>, item: &mut PlanItem) {
    let said = texts.iter().map(|text| Said { text, day: None });
    let logged: Vec<_> = item.log.iter().map(|line| (line.text.clone(), line.day)).collect();
    let all: Vec<Said<'_>> =
        said.chain(logged.iter().map(|(text, day)| Said { text, day: Some(*day) })).collect();
    let times = times::read(&all, about.as_of);
    item.deadlines.extend(times.deadlines);
    item.waits.extend(times.waits);
    item.unsure.extend(times.unsure);
}

/// Owners, and those whom it is to be given to.
fn named(raw: &Raw, texts: &[String], about: About<'_>, item: &mut PlanItem) {
    let column = raw.lines(Column::Owner).iter().flat_map(|line| line.text.split([',', ';']));
    for name in column.map(str::trim).filter(|name| !name.is_empty()) {
        if naming::is_vacant(name) {
            item.unsure.push(format!("nobody answers for it: `{name}` stands where a name will"));
        } else if !item.owners.iter().any(|known| known == name) {
            item.owners.push(name.to_owned());
        }
    }
    let told: BTreeSet<String> = texts
        .iter()
        .chain(item.log.iter().map(|line| &line.text))
        .flat_map(|text| naming::owners(text))
        .collect();
    item.owners.extend(told.into_iter().filter(|name| !item.owners.contains(name)).collect::<Vec<_>>());
    let owners = naming::all_certain(&item.owners, about.organisation);
    if owners == OwnersRow::default() && !item.owners.is_empty() {
        item.unsure.push(format!(
            "who answers for it is named as `{}`: say which role that is",
            item.owners.join("`, `")
        ));
    }
    let divided = item.parts.len() > 1;
    for part in &mut item.parts {
        part.owners = owners.clone();
        let said = part.said.clone().unwrap_or_default();
        give(&said, std::slice::from_mut(part), about, &mut item.unsure);
    }
    let activities: Vec<&str> = item.card.activities.iter().map(|a| a.text.as_str()).collect();
    for text in activities.into_iter().chain(item.card.rest.iter().map(String::as_str)) {
        let parts = if divided { &mut [][..] } else { item.parts.as_mut_slice() };
        give(text, parts, about, &mut item.unsure);
    }
}

/// One body is who it is given to; a second is a doubt.
fn give(text: &str, parts: &mut [PlanPart], about: About<'_>, unsure: &mut Vec<String>) {
    for given in naming::given(text, about.organisation) {
        match given {
            Given::Perhaps(why) => unsure.push(why),
            Given::To(body) => {
                for part in parts.iter_mut() {
                    if part.given_to.as_ref().is_some_and(|known| *known != body) {
                        unsure.push(format!("it is to be given to {body} too: divide it into parts"));
                    } else {
                        part.given_to = Some(body.clone());
                    }
                }
            }
        }
    }
}

/// Web addresses, each with the words that stand before it.
fn links(item: &mut PlanItem) {
    let card: &Card = &item.card;
    let said = item.parts.iter().filter_map(|p| p.said.as_deref());
    let log = item.log.iter().map(|l| l.text.as_str());
    let texts = card.rest.iter().map(String::as_str).chain(card.activities.iter().map(|a| a.text.as_str()));
    let mut found: Vec<Link> = Vec::new();
    for text in texts.chain(card.follow_up.as_deref()).chain(said).chain(log) {
        for sentence in text.lines().flat_map(sentences) {
            let Some(at) = sentence.find("https://").or_else(|| sentence.find("http://")) else { continue };
            let (before, rest) = sentence.split_at(at);
            let address = rest
                .split_whitespace()
                .next()
                .unwrap_or_default()
                .trim_end_matches(['.', ',', ')', ';', '”', '"']);
            let title = before.trim().trim_end_matches([':', '(', '-', '–']).trim();
            let title = if title.is_empty() { address } else { title };
            let link = Link { title: title.to_owned(), address: address.to_owned() };
            if address.len() > "https://".len() && found.len() < 200 && !found.contains(&link) {
                found.push(link);
            }
        }
    }
    item.card.links.extend(found);
}
