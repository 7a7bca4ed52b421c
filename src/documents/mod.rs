//! What leaves the program as a file for people: the compiled draft of an answer, the list for the diary, the
//! lägesbild of a plan, and other papers.
//!
//! Values in, bytes out. The same values give the same bytes, so a draft that is made again can be compared with
//! the one that was sent around. Names of persons are personal data: a respondent is a body and a role, and a name
//! stands only where the caller put one.

mod diary;
mod docx;
mod draft;
mod markup;
mod package;
mod page;
mod paper;
pub mod plan;
mod writing;

use jiff::Timestamp;
use jiff::civil::Date;

use crate::text::documents as text;
use docx::{Frame, Pages};
use markup::{one_line, paragraphs};
use package::About;

pub use diary::diary;
pub use package::DocumentError;
pub use paper::{Block, Paper};

/// What was answered to one ask: everything that a compiled draft says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Compilation {
    /// What it is about: the remiss's title.
    pub title: String,
    /// Where its papers are.
    pub link: Option<String>,
    /// The number in the authority's diary.
    pub diary: Option<String>,
    /// The body that compiles, in full: "RPO Medicinsk diagnostik".
    pub body: String,
    /// The first day of the occasion.
    pub opened: Date,
    /// The last day of the occasion, which is the national last day of a remiss.
    pub closes: Date,
    /// The group's own last day to answer.
    pub due: Option<Date>,
    /// When the answers were as they are told here.
    pub at: Timestamp,
    /// The headings that were asked for, in their order. Empty where one text without a heading was.
    pub sections: Vec<String>,
    /// The answers that could be given and settle the ask, in their order.
    pub choices: Vec<Choice>,
    /// What could be ticked beside an answer: "Betydande meningsskiljaktighet".
    pub marks: Vec<String>,
    /// Everybody who was asked, in any order.
    pub respondents: Vec<Respondent>,
    /// When the joint answer was sent in.
    pub sent: Option<Timestamp>,
}

/// An answer that could be given.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Choice {
    /// Its label: "Inga synpunkter".
    pub label: String,
    /// Something to read belongs to it: a text, a link or a file.
    pub with_content: bool,
}

/// Somebody who was asked.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Respondent {
    /// The body in which they were asked: "RAG Patologi".
    pub body: String,
    /// The role: "ordförande".
    pub role: String,
    /// The region that the body belongs to, where one is known.
    pub region: Option<String>,
    /// The person's name; none unless names were asked for.
    pub name: Option<String>,
    /// A later last day of their own.
    pub more_time: Option<Date>,
    /// What they answered; none while they are silent.
    pub answer: Option<Answered>,
}

/// A complete answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answered {
    /// The label of the chosen answer.
    pub label: String,
    /// When.
    pub at: Timestamp,
    /// Labels of what was ticked.
    pub marks: Vec<String>,
    /// Heading and text; the heading is empty where none was asked for.
    pub texts: Vec<(String, String)>,
    /// A web address that came with it.
    pub link: Option<String>,
    /// The name of the file that came with it.
    pub file: Option<String>,
}

impl Compilation {
    /// How many have answered.
    #[must_use]
    pub fn answered(&self) -> usize {
        self.respondents.iter().filter(|r| r.answer.is_some()).count()
    }

    /// The respondents as they are listed everywhere: by region (those of none last), body, role and name.
    fn in_order(&self) -> Vec<&Respondent> {
        let mut all: Vec<&Respondent> = self.respondents.iter().collect();
        all.sort_by_key(|r| (r.region.is_none(), &r.region, &r.body, &r.role, &r.name, answered_at(r)));
        all
    }
}

impl Respondent {
    /// `RAG Patologi, ordförande`, with the name last where there is one.
    fn title(&self) -> String {
        let parts = [Some(&self.body), Some(&self.role), self.name.as_ref()];
        let parts: Vec<&str> =
            parts.into_iter().flatten().map(|part| part.trim()).filter(|part| !part.is_empty()).collect();
        parts.join(", ")
    }
}

impl Answered {
    /// Heading and paragraphs of its texts that hold more than blanks.
    fn written(&self) -> impl Iterator<Item = (String, Vec<Vec<String>>)> {
        let texts = self.texts.iter().map(|(heading, text)| (one_line(heading), paragraphs(text)));
        texts.filter(|(_, text)| !text.is_empty())
    }

    /// Nothing to read came with it.
    fn is_bare(&self) -> bool {
        self.written().next().is_none() && self.link.is_none() && self.file.is_none()
    }
}

/// The compiled draft as a .docx. Equal values give equal bytes: nothing in it tells when or where it was written.
///
/// # Errors
/// When it would be larger than a zip archive can be (4 GiB).
pub fn docx(of: &Compilation) -> Result<Vec<u8>, DocumentError> {
    let about = About { title: &of.title, subject: text::SUBTITLE, author: &of.body, at: of.at };
    let head = text::page_head(of.diary.as_deref(), &of.body);
    let frame = Frame { head: &head, foot: None, pages: Pages::Upright };
    docx::docx(draft::draft(of), frame, &about, &[])
}

fn answered_at(respondent: &Respondent) -> Option<Timestamp> {
    respondent.answer.as_ref().map(|a| a.at)
}
