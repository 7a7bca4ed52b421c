//! From a document to a plan.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;

use super::flow::{self, Flow};
use super::heads;
use super::lines::{fold, squeeze};
use super::raw::{Raw, Raws};
use super::tables::{self, Columns};
use super::{Place, Plan, PlanItem, Unplaced, reading};
use crate::ids::slug;
use crate::import::notation::{self, Basis, Notation, YearFrom};
use crate::import::office::{Block, Document, Page};
use crate::items::register::Source;
use crate::items::table::Stamp;
use crate::organisation::Organisation;

/// What is known beside the document.
#[derive(Clone, Copy, Debug)]
pub struct About<'a> {
    /// Whose names of bodies and roles are certain.
    pub organisation: &'a Organisation,
    /// The day that the plan is true of: what is dated later is planned.
    pub as_of: Date,
}

/// Whether a document is a plan: somewhere stand headings of areas with activities, follow-up or status.
#[must_use]
pub fn recognises(document: &Document) -> bool {
    document.pages.iter().any(|page| has_table(page) || has_heading(page))
}

fn has_table(page: &Page) -> bool {
    page.blocks.iter().any(|block| matches!(block, Block::Table(table) if tables::heading(table).is_some()))
}

fn has_heading(page: &Page) -> bool {
    let all: Vec<&str> = texts(page).collect();
    (0..all.len()).any(|at| heads::flat(all.iter().skip(at).copied()).is_some())
}

/// The lines of a page outside its tables.
fn texts(page: &Page) -> impl Iterator<Item = &str> {
    let paragraphs = page.blocks.iter().filter_map(|block| match block {
        Block::Text(paragraphs) => Some(paragraphs),
        Block::Table(_) => None,
    });
    paragraphs.flatten().flat_map(|p| p.text.split('\n')).map(str::trim)
}

/// Reads a document as a plan. Nothing of it is lost: what has no place is kept as [`Plan::unplaced`].
#[must_use]
pub fn recognise(document: &Document, about: About<'_>) -> Plan {
    let mut raws = Raws::default();
    let furniture = flow::furniture(&document.pages, &about.organisation.title);
    let mut flow = Flow::new(document.kind, &furniture);
    let mut columns: Option<Columns> = None;
    for page in &document.pages {
        let goes_on = |table: &crate::import::office::Table| columns.as_ref().is_some_and(|c| c.fit(table));
        let of_plan = has_table(page)
            || page.blocks.iter().any(|block| matches!(block, Block::Table(table) if goes_on(table)));
        if of_plan {
            flow.end(&mut raws);
            with_tables(page, &mut columns, &mut raws);
            continue;
        }
        // A page of something else ends the table: what comes after it has a heading of its own.
        columns = None;
        flow.page(page, &mut raws);
        for block in &page.blocks {
            if let Block::Table(table) = block {
                tables::read(table, page, &mut columns, &mut raws);
            }
        }
    }
    flow.end(&mut raws);
    finish(document, raws, about)
}

/// A page with a table of the plan: its title is known, what else stands beside the table has no place.
fn with_tables(page: &Page, columns: &mut Option<Columns>, raws: &mut Raws) {
    if let Some(heading) = &page.heading {
        raws.unplaced.push(Unplaced { place: Place { page: page.number, row: 0 }, text: heading.clone() });
    }
    for block in &page.blocks {
        match block {
            Block::Table(table) => tables::read(table, page, columns, raws),
            Block::Text(paragraphs) => {
                let place = Place { page: page.number, row: 0 };
                let own = paragraphs.iter().map(|p| squeeze(&p.text));
                raws.unplaced.extend(own.map(|text| Unplaced { place, text }));
            }
        }
    }
}

fn finish(document: &Document, raws: Raws, about: About<'_>) -> Plan {
    let Raws { rows, texts, mut unplaced, mut warnings, sources } = raws;
    let told = document.warnings.iter().map(|warning| match warning.page {
        Some(page) => format!("page {page}: {}", warning.message),
        None => warning.message.clone(),
    });
    warnings.splice(0..0, told);
    let varied = sources.iter().collect::<BTreeSet<_>>().len() > 1;
    let mut items: Vec<PlanItem> = Vec::with_capacity(rows.len());
    for raw in rows {
        let above = items.last().map(|item| item.card.promises.clone()).unwrap_or_default();
        let mut item = reading::item(&raw, &above, about);
        item.card.source = source(&raw, &item, varied);
        items.push(item);
    }
    let items = apart(together(items));
    let mut every = document.pages.iter().flat_map(|page| &page.blocks).flat_map(words);
    let stamp = every.find_map(Stamp::find);
    unplaced.retain(|one| stamp.is_none() || Stamp::find(&one.text).is_none());
    let title = title(document, &unplaced);
    let dated = dated(title.as_deref(), &texts);
    let mut texts = texts;
    texts.retain(|text| !(text.heading.is_none() && title.as_deref() == Some(text.text.as_str())));
    Plan { title, dated, stamp, items, texts, unplaced, warnings }
}

/// Every text of a block.
fn words(block: &Block) -> Vec<&str> {
    match block {
        Block::Text(paragraphs) => paragraphs.iter().map(|p| p.text.as_str()).collect(),
        Block::Table(table) => {
            let cells = table.rows.iter().flat_map(|row| &row.cells);
            cells.flat_map(|cell| &cell.paragraphs).map(|p| p.text.as_str()).collect()
        }
    }
}

/// Where all rows stand under the template's own heading, only what is filled in says that one comes from there.
/// Where headings differ, they tell.
fn source(raw: &Raw, item: &PlanItem, varied: bool) -> Option<Source> {
    let said = item.card.source;
    if raw.has(heads::Column::Source) || raw.section.is_some() {
        return said;
    }
    match said {
        Some(Source::National) if !varied && item.card.focus_area.is_none() => None,
        None if varied => Some(Source::Own),
        None if item.card.focus_area.is_some() => Some(Source::National),
        said => said,
    }
}

/// Rows that name parts of one item in a column of their own become one.
fn together(items: Vec<PlanItem>) -> Vec<PlanItem> {
    let mut all: Vec<PlanItem> = Vec::with_capacity(items.len());
    for item in items {
        let named = |i: &PlanItem| i.parts.iter().all(|p| p.name.is_some());
        let other = |i: &PlanItem| i.parts.iter().all(|p| item.parts.iter().all(|own| own.name != p.name));
        let twin = all.last_mut().filter(|last| {
            last.title == item.title && last.id == item.id && named(last) && named(&item) && other(last)
        });
        match twin {
            Some(last) => {
                last.parts.extend(item.parts);
                last.log.extend(item.log);
                last.deadlines.extend(item.deadlines);
                last.waits.extend(item.waits);
                let news: Vec<_> =
                    item.card.activities.into_iter().filter(|a| !last.card.activities.contains(a)).collect();
                last.card.activities.extend(news);
                let rest: Vec<_> =
                    item.card.rest.into_iter().filter(|r| !last.card.rest.contains(r)).collect();
                last.card.rest.extend(rest);
                last.card.promises.extend(item.card.promises);
                let said = [
                    (&mut last.card.follow_up, item.card.follow_up),
                    (&mut last.card.focus_area, item.card.focus_area),
                ];
                for (known, more) in said {
                    if known.is_none() {
                        *known = more;
                    } else if *known != more {
                        last.card.rest.extend(more);
                    }
                }
                last.owners.extend(
                    item.owners.into_iter().filter(|name| !last.owners.contains(name)).collect::<Vec<_>>(),
                );
                last.unsure.extend(item.unsure);
            }
            None => all.push(item),
        }
    }
    all
}

/// Two rows with one title would become one in the register: the second takes more of its own words.
fn apart(mut items: Vec<PlanItem>) -> Vec<PlanItem> {
    let mut known: BTreeMap<String, usize> = BTreeMap::new();
    for item in &mut items {
        if item.title.is_empty() {
            let first = item.card.activities.first().map(|a| a.text.clone());
            item.title =
                first.or_else(|| item.card.follow_up.clone()).unwrap_or_else(|| "Utan rubrik".to_owned());
            item.unsure.push("it has no title: its first words stand for one".to_owned());
        }
        let count = known.entry(slug(&item.title)).or_default();
        *count += 1;
        if *count > 1 && item.id.is_none() && item.mark.is_none() {
            let more = item.card.activities.first().map_or_else(|| count.to_string(), |a| a.text.clone());
            item.unsure.push(format!("another row is called `{}` too", item.title));
            item.title = format!("{} – {more}", item.title);
        }
    }
    items
}

/// What the plan is called: the document's title, or a short line that says that it is a plan.
fn title(document: &Document, unplaced: &[Unplaced]) -> Option<String> {
    let is = |text: &str| {
        let low = fold(text);
        let low = low.strip_prefix("översiktlig ").unwrap_or(&low);
        let short = text.chars().count() <= 100 && !text.ends_with('.');
        let words = ["handlingsplan", "aktivitetsplan", "verksamhetsplan", "lägesbild"];
        let alone = |rest: &str| !rest.starts_with(char::is_alphabetic);
        short && words.iter().any(|word| low.strip_prefix(word).is_some_and(alone))
    };
    let headings = document.pages.iter().filter_map(|page| page.heading.as_deref());
    let lines = document.pages.iter().take(3).flat_map(texts);
    let placed = unplaced.iter().map(|u| u.text.as_str());
    let own = document.title.as_deref();
    let found = own.into_iter().chain(headings).chain(placed).chain(lines).find(|text| is(text));
    found.or(own).map(squeeze)
}

/// The first day, month or year that its title or the head of a page states.
fn dated(title: Option<&str>, texts: &[crate::items::versions::Text]) -> Option<Date> {
    let heads =
        texts.iter().flat_map(|text| text.heading.as_deref().into_iter().chain(text.text.lines().take(2)));
    let short = heads.filter(|line| line.chars().count() <= 90 && !line.starts_with('•'));
    title.into_iter().chain(short).find_map(|line| {
        notation::find(line, Basis::default()).into_iter().find_map(|found| match found.what {
            Notation::Stretch(stretch) if stretch.year_from == YearFrom::Stated => {
                stretch.days().map(|(first, _)| first)
            }
            _ => None,
        })
    })
}
