//! The draft's text: what stands where.
//!
//! First what is known of the matter; then who disagrees, since that changes what happens next; then the texts, one
//! table a section; then everybody by what they answered; last what was attached. Each list says so when it is
//! empty, and no text that came in is missing: one under a heading that is no longer asked for gets a section of
//! its own.

use super::markup::{Markup, is_address, lines, one_line};
use super::{Answered, Compilation, Respondent};
use crate::calendar::{swedish, today};
use crate::text::documents as text;

/// The text area of an A4 page with margins of 2 cm, in twentieths of a point.
const WIDTH: u32 = 9_638;
/// How wide the columns of regions and of those who answered are.
const REGION_WIDTH: u32 = 1_700;
const WHO_WIDTH: u32 = 2_400;

/// The document's main part, and the addresses that its links lead to, in the order of their numbers.
#[derive(Debug, Default)]
pub struct Draft {
    /// What stands in the body, without its frame.
    pub markup: Markup,
    /// The links' targets; the first is `rIdLank1`.
    pub targets: Vec<String>,
}

/// Writes the draft.
#[must_use]
pub fn draft(of: &Compilation) -> Draft {
    let mut draft = Draft::default();
    let in_order = of.in_order();
    draft.head(of);
    draft.disagreements(of, &in_order);
    draft.texts(of, &in_order);
    draft.by_answer(of, &in_order);
    draft.attached(&in_order);
    draft
}

impl Draft {
    fn head(&mut self, of: &Compilation) {
        self.paragraph("Rubrik", &of.title);
        self.paragraph("Underrubrik", text::SUBTITLE);
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
                self.fact(label, |d| d.run(&one_line(&value)));
            }
        }
        if let Some(link) = &of.link {
            self.fact(text::facts::LINK, |d| d.link(link));
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
            self.paragraph("Rubrik1", &text::marked(mark));
            let ticked = |a: &Answered| a.marks.iter().any(|m| m == mark);
            let who = all.iter().filter(|r| r.answer.as_ref().is_some_and(ticked));
            let entries: Vec<String> = who.map(|r| entry(r, &[])).collect();
            match entries.is_empty() {
                true => self.paragraph("Normal", &text::not_marked(mark)),
                false => self.list(&entries),
            }
        }
    }

    fn texts(&mut self, of: &Compilation, all: &[&Respondent]) {
        self.paragraph("Rubrik1", text::TEXTS);
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
                self.paragraph("Rubrik2", heading);
            }
            self.section(section, if plain { text::TEXTS } else { heading }, all);
        }
        if sections.is_empty() {
            self.paragraph("Normal", text::NO_TEXTS);
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
            return self.paragraph("Normal", text::NO_TEXTS);
        }
        // Where no region is known, a column of nothing would only be read aloud row by row.
        let regions = all.iter().any(|r| r.region.is_some());
        let columns: Vec<(&str, u32)> = match regions {
            true => vec![
                (text::REGION, REGION_WIDTH),
                (text::WHO, WHO_WIDTH),
                (text::TEXT, WIDTH - REGION_WIDTH - WHO_WIDTH),
            ],
            false => vec![(text::WHO, WHO_WIDTH), (text::TEXT, WIDTH - WHO_WIDTH)],
        };
        self.begin_table(&text::table(heading), &columns);
        for (respondent, answer, texts) in rows {
            self.markup.raw("<w:tr>");
            if regions {
                let region = respondent.region.as_deref().unwrap_or(text::NO_REGION);
                self.cell(REGION_WIDTH, |d| d.paragraph("Tabelltext", region));
            }
            self.cell(WHO_WIDTH, |d| {
                for mark in &answer.marks {
                    d.styled("Tabelltext", |d| d.bold(mark));
                }
                d.paragraph("Tabelltext", &respondent.title());
                d.paragraph("Tabelltext", &answer.label);
            });
            self.cell(columns.last().map_or(WIDTH, |c| c.1), |d| {
                for paragraph in &texts {
                    d.styled("Tabelltext", |d| d.run_of(paragraph));
                }
            });
            self.markup.raw("</w:tr>");
        }
        // Word wants a paragraph after a table, and two tables in a row would become one.
        self.markup.raw("</w:tbl><w:p/>");
    }

    fn by_answer(&mut self, of: &Compilation, all: &[&Respondent]) {
        self.paragraph("Rubrik1", text::BY_ANSWER);
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
            self.paragraph("Rubrik2", label);
            self.list(&entries);
        }
        self.paragraph("Rubrik2", text::SILENT);
        let silent = all.iter().filter(|r| r.answer.is_none());
        let entries: Vec<String> = silent.map(|r| entry(r, &[])).collect();
        self.list(&entries);
    }

    fn attached(&mut self, all: &[&Respondent]) {
        self.paragraph("Rubrik1", text::ATTACHED);
        let mut none = true;
        for (respondent, answer) in all.iter().filter_map(|r| Some((r, r.answer.as_ref()?))) {
            if let Some(file) = &answer.file {
                none = false;
                self.list(&[format!("{}: {}", respondent.title(), text::file(file))]);
            }
            if let Some(link) = &answer.link {
                none = false;
                self.styled("Punktlista", |d| {
                    d.run(&one_line(&format!("{}:", respondent.title())));
                    d.run(" ");
                    d.link(link);
                });
            }
        }
        if none {
            self.paragraph("Normal", text::NOTHING_ATTACHED);
        }
    }

    fn list(&mut self, entries: &[String]) {
        if entries.is_empty() {
            self.paragraph("Normal", text::NOBODY);
        }
        for entry in entries {
            self.paragraph("Punktlista", entry);
        }
    }

    fn fact(&mut self, label: &str, value: impl FnOnce(&mut Self)) {
        self.styled("Uppgift", |d| {
            d.bold(&format!("{label}:"));
            d.run(" ");
            value(d);
        });
    }

    fn paragraph(&mut self, style: &str, content: &str) {
        self.styled(style, |d| d.run(&one_line(content)));
    }

    fn styled(&mut self, style: &str, content: impl FnOnce(&mut Self)) {
        self.markup.raw("<w:p><w:pPr><w:pStyle w:val=\"").raw(style).raw("\"/></w:pPr>");
        content(self);
        self.markup.raw("</w:p>");
    }

    fn bold(&mut self, content: &str) {
        self.markup.raw("<w:r><w:rPr><w:b/><w:bCs/></w:rPr><w:t xml:space=\"preserve\">");
        self.markup.text(content).raw("</w:t></w:r>");
    }

    fn run(&mut self, content: &str) {
        self.run_of(&[content.to_owned()]);
    }

    /// Lines of one paragraph.
    fn run_of(&mut self, all: &[String]) {
        self.markup.raw("<w:r>");
        for (number, line) in all.iter().flat_map(|l| lines(l)).enumerate() {
            if number > 0 {
                self.markup.raw("<w:br/>");
            }
            for (number, part) in line.split('\t').enumerate() {
                if number > 0 {
                    self.markup.raw("<w:tab/>");
                }
                self.markup.raw("<w:t xml:space=\"preserve\">").verbatim(part).raw("</w:t>");
            }
        }
        self.markup.raw("</w:r>");
    }

    /// An address, which can be followed if it is one that every reader takes.
    fn link(&mut self, link: &str) {
        let link = one_line(link);
        if !is_address(&link) {
            return self.run(&link);
        }
        let known = self.targets.iter().position(|target| *target == link);
        let number = known.unwrap_or_else(|| {
            self.targets.push(link.clone());
            self.targets.len() - 1
        });
        self.markup.raw(&format!("<w:hyperlink r:id=\"rIdLank{}\" w:history=\"1\">", number + 1));
        self.markup.raw("<w:r><w:rPr><w:rStyle w:val=\"Hyperlnk\"/></w:rPr><w:t>").text(&link);
        self.markup.raw("</w:t></w:r></w:hyperlink>");
    }

    /// A table with a row of heads that is repeated on each page. No cell is merged: a screen reader reads a row
    /// with the heads of its columns.
    fn begin_table(&mut self, title: &str, columns: &[(&str, u32)]) {
        self.markup.raw("<w:tbl><w:tblPr><w:tblStyle w:val=\"Svarstabell\"/>");
        self.markup.raw(&format!("<w:tblW w:w=\"{WIDTH}\" w:type=\"dxa\"/><w:tblLayout w:type=\"fixed\"/>"));
        self.markup.raw("<w:tblLook w:val=\"0020\" w:firstRow=\"1\" w:lastRow=\"0\" w:firstColumn=\"0\" ");
        self.markup.raw("w:lastColumn=\"0\" w:noHBand=\"1\" w:noVBand=\"1\"/>");
        self.markup.raw("<w:tblCaption w:val=\"").text(title).raw("\"/></w:tblPr><w:tblGrid>");
        for (_, width) in columns {
            self.markup.raw(&format!("<w:gridCol w:w=\"{width}\"/>"));
        }
        self.markup.raw("</w:tblGrid><w:tr><w:trPr><w:cantSplit/><w:tblHeader/></w:trPr>");
        for (head, width) in columns {
            self.markup.raw(&format!("<w:tc><w:tcPr><w:tcW w:w=\"{width}\" w:type=\"dxa\"/>"));
            self.markup.raw("<w:shd w:val=\"clear\" w:color=\"auto\" w:fill=\"DDE6F3\"/></w:tcPr>");
            self.styled("Tabelltext", |d| d.bold(head));
            self.markup.raw("</w:tc>");
        }
        self.markup.raw("</w:tr>");
    }

    fn cell(&mut self, width: u32, content: impl FnOnce(&mut Self)) {
        self.markup.raw(&format!("<w:tc><w:tcPr><w:tcW w:w=\"{width}\" w:type=\"dxa\"/></w:tcPr>"));
        content(self);
        self.markup.raw("</w:tc>");
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
