//! The draft's text: what stands where.
//!
//! First what is known of the matter; then who disagrees, since that changes what happens next; then the texts, one
//! table a section; then everybody by what they answered; last what was attached. Each list says so when it is
//! empty, and no text that came in is missing: one under a heading that is no longer asked for gets a section of
//! its own.

use super::markup::one_line;
use super::writing::{PORTRAIT, Writing};
use super::{Answered, Compilation, Respondent};
use crate::calendar::{swedish, today};
use crate::text::documents as text;

/// How wide the columns of regions and of those who answered are.
const REGION_WIDTH: u32 = 1_700;
const WHO_WIDTH: u32 = 2_400;

/// Writes the draft.
#[must_use]
pub fn draft(of: &Compilation) -> Writing {
    let mut draft = Draft::default();
    let in_order = of.in_order();
    draft.head(of);
    draft.disagreements(of, &in_order);
    draft.texts(of, &in_order);
    draft.by_answer(of, &in_order);
    draft.attached(&in_order);
    draft.0
}

/// The text being written.
#[derive(Debug, Default)]
struct Draft(Writing);

impl Draft {
    fn head(&mut self, of: &Compilation) {
        self.0.paragraph("Rubrik", &of.title);
        self.0.paragraph("Underrubrik", text::SUBTITLE);
        let facts = [
            (text::facts::DIARY, Some(of.diary.as_deref().unwrap_or(text::facts::NO_DIARY).to_owned())),
            (text::facts::BODY, Some(of.body.clone())),
            (text::facts::PERIOD, Some(swedish::range_year(of.opened, of.closes))),
            (text::facts::DUE, of.due.map(swedish::long_year_week)),
            (text::facts::CLOSES, Some(swedish::long_year_week(of.closes))),
            (text::facts::AS_OF, Some(text::moment(of.at))),
            (text::facts::ANSWERS, Some(text::answered(of.answered(), of.respondents.len()))),
            (text::facts::SENT, of.sent.map(text::moment)),
        ];
        for (label, value) in facts {
            if let Some(value) = value {
                self.0.fact(label, |d| d.run(&one_line(&value)));
            }
        }
        if let Some(link) = &of.link {
            self.0.fact(text::facts::LINK, |d| d.link(link));
        }
    }

    /// Who ticked what: in words, so that it is read on paper and heard in a screen reader.
    fn disagreements(&mut self, of: &Compilation, all: &[&Respondent]) {
        let mut marks: Vec<&str> = of.marks.iter().map(String::as_str).collect();
        let given = all.iter().flat_map(|r| r.answer.iter().flat_map(|a| &a.marks));
        for mark in given {
            if !marks.contains(&mark.as_str()) {
                marks.push(mark);
            }
        }
        for mark in marks {
            self.0.paragraph("Rubrik1", &text::marked(mark));
            let ticked = |a: &Answered| a.marks.iter().any(|m| m == mark);
            let who = all.iter().filter(|r| r.answer.as_ref().is_some_and(ticked));
            let entries: Vec<String> = who.map(|r| entry(r, &[])).collect();
            match entries.is_empty() {
                true => self.0.paragraph("Normal", &text::not_marked(mark)),
                false => self.list(&entries),
            }
        }
    }

    fn texts(&mut self, of: &Compilation, all: &[&Respondent]) {
        self.0.paragraph("Rubrik1", text::TEXTS);
        let mut sections: Vec<String> = of.sections.iter().map(|s| one_line(s)).collect();
        let answers = || all.iter().filter_map(|r| r.answer.as_ref());
        for (heading, _) in answers().flat_map(Answered::written) {
            if !sections.contains(&heading) {
                sections.push(heading);
            }
        }
        // One text without a heading, as most asks have it, needs none here either.
        let plain = sections.iter().all(String::is_empty);
        for section in &sections {
            let heading = if section.is_empty() { text::NO_HEADING } else { section };
            if !plain {
                self.0.paragraph("Rubrik2", heading);
            }
            self.section(section, if plain { text::TEXTS } else { heading }, all);
        }
        if sections.is_empty() {
            self.0.paragraph("Normal", text::NO_TEXTS);
        }
    }

    /// The texts of one section: a row for everybody who wrote there.
    fn section(&mut self, section: &str, heading: &str, all: &[&Respondent]) {
        let texts = |a: &Answered| -> Vec<Vec<String>> {
            a.written().filter(|(h, _)| h == section).flat_map(|(_, paragraphs)| paragraphs).collect()
        };
        let answers = all.iter().filter_map(|r| Some((*r, r.answer.as_ref()?)));
        let rows: Vec<(&Respondent, &Answered, Vec<Vec<String>>)> =
            answers.map(|(r, a)| (r, a, texts(a))).filter(|(_, _, t)| !t.is_empty()).collect();
        if rows.is_empty() {
            return self.0.paragraph("Normal", text::NO_TEXTS);
        }
        // Where no region is known, a column of nothing would only be read aloud row by row.
        let regions = all.iter().any(|r| r.region.is_some());
        let columns: Vec<(&str, u32)> = match regions {
            true => vec![
                (text::REGION, REGION_WIDTH),
                (text::WHO, WHO_WIDTH),
                (text::TEXT, PORTRAIT - REGION_WIDTH - WHO_WIDTH),
            ],
            false => vec![(text::WHO, WHO_WIDTH), (text::TEXT, PORTRAIT - WHO_WIDTH)],
        };
        self.0.begin_table(&text::table(heading), &columns);
        for (respondent, answer, texts) in rows {
            self.0.markup.raw("<w:tr>");
            if regions {
                let region = respondent.region.as_deref().unwrap_or(text::NO_REGION);
                self.0.cell(REGION_WIDTH, |d| d.paragraph("Tabelltext", region));
            }
            self.0.cell(WHO_WIDTH, |d| {
                for mark in &answer.marks {
                    d.styled("Tabelltext", |d| d.bold(mark));
                }
                d.paragraph("Tabelltext", &respondent.title());
                d.paragraph("Tabelltext", &answer.label);
            });
            self.0.cell(columns.last().map_or(PORTRAIT, |c| c.1), |d| {
                for paragraph in &texts {
                    d.styled("Tabelltext", |d| d.run_of(paragraph));
                }
            });
            self.0.markup.raw("</w:tr>");
        }
        self.0.end_table();
    }

    fn by_answer(&mut self, of: &Compilation, all: &[&Respondent]) {
        self.0.paragraph("Rubrik1", text::BY_ANSWER);
        let mut labels: Vec<(&str, bool)> =
            of.choices.iter().map(|c| (c.label.as_str(), c.with_content)).collect();
        for answer in all.iter().filter_map(|r| r.answer.as_ref()) {
            if !labels.iter().any(|(label, _)| *label == answer.label) {
                labels.push((&answer.label, false));
            }
        }
        for (label, with_content) in labels {
            let chose = |r: &&&Respondent| r.answer.as_ref().is_some_and(|a| a.label == label);
            let entries = all.iter().filter(chose).map(|respondent| {
                let bare = with_content && respondent.answer.as_ref().is_some_and(Answered::is_bare);
                entry(respondent, if bare { &[text::BARE] } else { &[] })
            });
            let entries: Vec<String> = entries.collect();
            self.0.paragraph("Rubrik2", label);
            self.list(&entries);
        }
        self.0.paragraph("Rubrik2", text::SILENT);
        let silent = all.iter().filter(|r| r.answer.is_none());
        let entries: Vec<String> = silent.map(|r| entry(r, &[])).collect();
        self.list(&entries);
    }

    fn attached(&mut self, all: &[&Respondent]) {
        self.0.paragraph("Rubrik1", text::ATTACHED);
        let mut none = true;
        for (respondent, answer) in all.iter().filter_map(|r| Some((r, r.answer.as_ref()?))) {
            if let Some(file) = &answer.file {
                none = false;
                self.list(&[format!("{}: {}", respondent.title(), text::file(file))]);
            }
            if let Some(link) = &answer.link {
                none = false;
                self.0.styled("Punktlista", |d| {
                    d.run(&one_line(&format!("{}:", respondent.title())));
                    d.run(" ");
                    d.link(link);
                });
            }
        }
        if none {
            self.0.paragraph("Normal", text::NOTHING_ATTACHED);
        }
    }

    fn list(&mut self, entries: &[String]) {
        if entries.is_empty() {
            self.0.paragraph("Normal", text::NOBODY);
        }
        for entry in entries {
            self.0.paragraph("Punktlista", entry);
        }
    }
}

/// A respondent in a list: who, then region, day and what else is to be known.
fn entry(respondent: &Respondent, more: &[&str]) -> String {
    let day = respondent.answer.as_ref().map(|a| text::on(today(a.at)));
    let time = respondent.more_time.filter(|_| respondent.answer.is_none()).map(text::more_time);
    let remarks = [respondent.region.clone(), day, time].into_iter().flatten();
    let remarks: Vec<String> = remarks.chain(more.iter().map(|m| (*m).to_owned())).collect();
    match remarks.is_empty() {
        true => respondent.title(),
        false => format!("{} ({})", respondent.title(), remarks.join(", ")),
    }
}
