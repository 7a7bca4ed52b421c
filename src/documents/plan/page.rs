//! The page: one file that needs nothing else, to be read, printed, or pasted into a slide or a mail.

use super::super::markup::{Markup, one_line};
use super::super::page::begun;
use super::cells::{Cell, Kind, Para, Without, cells, changed};
use super::{Sheet, described, fill, ink, lights};
use crate::items::written::symbol;
use crate::items::{Health, Phase};
use crate::picture::Section;
use crate::text::picture as text;

/// The lägesbild as HTML, in Swedish, in UTF-8. Equal values give equal bytes.
#[must_use]
pub fn page(sheet: Sheet<'_>) -> String {
    let (picture, title) = (sheet.picture, sheet.title());
    let mut page = begun(&title);
    page.raw("<h1>")
        .text(&title)
        .raw("</h1>\n<p class=\"facts\">")
        .text(&sheet.facts().join(" · "))
        .raw("</p>\n");
    summary(&mut page, sheet);
    if let Some(since) = picture.since {
        page.raw("<h2>").text(&text::since(since)).raw("</h2>\n");
        let lines: Vec<String> = picture.changes.iter().map(|one| changed(one, picture.day)).collect();
        if lines.is_empty() {
            page.raw("<p>").text(text::NOTHING_CHANGED).raw("</p>\n");
        } else {
            items(&mut page, &lines);
        }
    }
    for section in &picture.sections {
        table(&mut page, section, sheet);
    }
    if picture.sections.is_empty() {
        page.raw("<p>").text(text::EMPTY).raw("</p>\n");
    }
    page.raw("</main>\n<footer><p class=\"small\">")
        .text(&sheet.foot())
        .raw("</p></footer>\n</body>\n</html>\n");
    page.into_string()
}

fn summary(page: &mut Markup, sheet: Sheet<'_>) {
    let counts = &sheet.picture.counts;
    page.raw("<p>").text(&text::size(counts.rows, counts.parts)).raw("</p>\n<ul class=\"lights\">\n");
    for (health, count) in lights(sheet.picture) {
        let colour = fill(health).unwrap_or("F2F2F2");
        page.raw(&format!(
            "<li style=\"background:#{colour}\"><b>{} {count}</b> ",
            symbol(Phase::Unknown, health)
        ));
        page.text(&format!("{}: {}", health.swedish(), text::legend(health))).raw("</li>\n");
    }
    page.raw("</ul>\n<p>").text(&text::phases(&counts.phases)).raw("</p>\n");
    let attention = text::attention(counts.stale, counts.unowned, counts.late);
    if !attention.is_empty() {
        items(page, &attention);
    }
}

fn items(page: &mut Markup, lines: &[String]) {
    page.raw("<ul>\n");
    for line in lines {
        page.raw("<li>").text(line).raw("</li>\n");
    }
    page.raw("</ul>\n");
}

fn table(page: &mut Markup, section: &Section, sheet: Sheet<'_>) {
    let without = Without { notes: false, mark: sheet.stamp.is_none() };
    page.raw("<h2>").text(&section.heading).raw("</h2>\n<table class=\"plan\">\n<caption>");
    page.text(&described(&section.heading, section.rows.iter().map(|row| row.number)))
        .raw("</caption>\n<thead><tr>");
    for head in text::COLUMNS {
        page.raw("<th scope=\"col\">").text(head).raw("</th>");
    }
    page.raw("</tr></thead>\n<tbody>\n");
    for shown in &section.rows {
        page.raw("<tr>");
        for (number, cell) in cells(shown, sheet.picture.day, without).iter().enumerate() {
            // A row is called by its title, in the second column.
            let (begin, end) = if number == 1 { ("<th scope=\"row\"", "</th>") } else { ("<td", "</td>") };
            page.raw(begin);
            if let Some(colour) = cell.fill.and_then(fill) {
                page.raw(&format!(" style=\"background:#{colour}\""));
            }
            page.raw(">");
            content(page, cell);
            page.raw(end);
        }
        page.raw("</tr>\n");
    }
    page.raw("</tbody>\n</table>\n");
}

/// Paragraphs; those with bullets that follow each other are a list.
fn content(page: &mut Markup, cell: &Cell) {
    let mut listing = false;
    for para in &cell.paras {
        let bullet = para.kind == Kind::Bullet;
        if bullet != listing {
            page.raw(if bullet { "<ul>" } else { "</ul>" });
            listing = bullet;
        }
        match para.kind {
            Kind::Bullet => page.raw("<li>").text(&para.text).raw("</li>"),
            Kind::Title => page.raw("<p><b>").text(&para.text).raw("</b></p>"),
            Kind::Small => page.raw("<p class=\"small\">").text(&para.text).raw("</p>"),
            Kind::Text => page.raw("<p>").text(&para.text).raw("</p>"),
            Kind::Status(health) => status(page, cell, health, para),
        };
    }
    if listing {
        page.raw("</ul>");
    }
}

fn status<'m>(page: &'m mut Markup, cell: &Cell, health: Health, para: &Para) -> &'m mut Markup {
    page.raw("<p><b>");
    match ink(health).filter(|_| cell.fill.is_none()).zip(para.text.split_once(' ')) {
        Some((colour, (symbol, words))) => {
            page.raw(&format!("<span style=\"color:#{colour}\">"))
                .text(symbol)
                .raw("</span> ")
                .text(&one_line(words));
        }
        None => {
            page.text(&para.text);
        }
    }
    page.raw("</b></p>")
}
