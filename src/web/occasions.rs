//! Occasions as pages show them.

use jiff::civil::Date;
use serde::Serialize;

use crate::organisation::Organisation;
use crate::store::StoredOccasion;
use crate::text::web as text;
use crate::workflow::model::{EntryKind, Status};

/// An occasion on a page.
#[derive(Debug, Serialize)]
pub struct Shown {
    /// What links within the page lead to; none where nothing does.
    pub anchor: Option<String>,
    /// For machines: its first day.
    pub iso: String,
    /// The leaf of a calendar beside it.
    pub day: i8,
    pub month: String,
    pub when: String,
    pub title: String,
    pub kind: &'static str,
    /// For colours: `meeting`, `period`, `deadline`.
    pub class: &'static str,
    pub body: Option<String>,
    pub place: Option<String>,
    pub note: Option<String>,
    /// What isn't as usual: preliminary, cancelled, without its file.
    pub remarks: Vec<&'static str>,
    pub cancelled: bool,
}

impl Shown {
    pub fn of(stored: &StoredOccasion, organisation: &Organisation) -> Self {
        let occasion = &stored.occasion.for_everybody();
        let first = occasion.span.first();
        let body = occasion.at.body.as_ref().and_then(|id| organisation.bodies.get(id));
        // "RSL" of the body RSL says nothing twice.
        let body = body.filter(|b| ![&b.name, &b.short].contains(&&occasion.title));
        let orphaned = stored.orphaned.then_some(text::ORPHANED);
        Self {
            anchor: None,
            iso: first.to_string(),
            day: first.day(),
            month: text::month_short(first),
            when: text::when(occasion.span),
            title: occasion.title.clone(),
            kind: text::kind(occasion.kind),
            class: match occasion.kind {
                EntryKind::Meeting => "meeting",
                EntryKind::Period => "period",
                EntryKind::Deadline => "deadline",
            },
            body: body.map(|b| b.name.clone()),
            place: occasion.place.clone(),
            note: occasion.note.clone(),
            remarks: text::status(occasion.status).into_iter().chain(orphaned).collect(),
            cancelled: occasion.status == Status::Cancelled,
        }
    }

    /// A period that is open today: its end is what matters.
    pub fn open(stored: &StoredOccasion, organisation: &Organisation, today: Date) -> Self {
        let last = stored.occasion.span.last();
        Self {
            iso: last.to_string(),
            day: last.day(),
            month: text::month_short(last),
            when: text::open_until(last, today),
            ..Self::of(stored, organisation)
        }
    }
}

/// In the order they happen, those of one day by title.
pub fn by_day(mut occasions: Vec<StoredOccasion>) -> Vec<StoredOccasion> {
    occasions.sort_by(|a, b| {
        let order = |o: &StoredOccasion| (o.occasion.span.first(), o.occasion.span, o.occasion.title.clone());
        order(a).cmp(&order(b))
    });
    occasions
}
