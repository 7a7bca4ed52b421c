//! Which occasion each meeting of a list is: one that is known, one that is expected, or a new one.
//!
//! In this order, each occasion for one meeting at most:
//! 1. a dated occasion of the body on the same day: as it was, or with another time or place;
//! 2. a dated one in the same quarter that the list has no more: moved, if the titles are the same and there is no
//!    doubt which one;
//! 3. one that is expected in that quarter, or an entry of the file that has had its date in that quarter in other
//!    years and has none this year: dated;
//! 4. otherwise a new occasion of an entry that is filled by hand, `extra` if there is one.
//!
//! What the title says is another body's is compared and never entered; nor are periods, which rules give.

mod known;

use jiff::civil::Date;

use crate::calendar::{Roll, roll};
use crate::ids::{BodyId, EntryId, OccasionRef, WorkflowId};
use crate::import::meetings::context::quarter;
use crate::import::meetings::{MeetingRow, RowKind};
use crate::plan::model::{EnteredDate, Occasion, Opened, World};
use crate::workflow::model::{EntryKind, Span, Status};

use known::{Known, Whose};

/// What an occasion may be called at most.
const LONGEST_TITLE: usize = 300;

/// What becomes of a meeting of a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fate {
    /// It is known as it is.
    Same(OccasionRef),
    /// It is known, and the list says another day, time or place.
    Changed {
        /// Which one.
        at: OccasionRef,
        /// When it was.
        was: Span,
        /// What the list says.
        date: EnteredDate,
    },
    /// It was expected, or its entry had no date that year.
    Dated {
        /// Which one.
        at: OccasionRef,
        /// What it is called.
        title: String,
        /// What the list says.
        date: EnteredDate,
    },
    /// Nobody knew of it.
    New {
        /// The workflow that it becomes an occasion of.
        workflow: WorkflowId,
        /// The entry.
        entry: EntryId,
        /// What is entered.
        opened: Box<Opened>,
    },
    /// It isn't entered, and why.
    Left(String),
}

impl Fate {
    /// The date that it enters for an occasion that there is.
    #[must_use]
    pub fn date(&self) -> Option<(OccasionRef, EnteredDate)> {
        match self {
            Self::Changed { at, date, .. } | Self::Dated { at, date, .. } => Some((at.clone(), date.clone())),
            Self::Same(_) | Self::New { .. } | Self::Left(_) => None,
        }
    }
}

/// What becomes of each of `rows` when they are taken in as meetings of `body`. A list that has been entered gives
/// [`Fate::Same`] throughout. `today` is the day the list is true of: what has been before it is moved only where
/// nothing else is expected.
#[must_use]
pub fn place(rows: &[MeetingRow], body: &BodyId, today: Date, world: &World<'_>) -> Vec<Fate> {
    let years = rows.iter().map(|r| r.span.first().year());
    let (Some(first), Some(last)) = (years.clone().min(), years.max()) else { return Vec::new() };
    let mut placing = Placing {
        rows,
        known: Known::of(world, body, (first, last)),
        fates: vec![None; rows.len()],
        taken: Vec::new(),
        today,
    };
    placing.others();
    placing.same_day();
    placing.moved();
    placing.expected();
    placing.new_ones();
    let fates = placing.fates.into_iter();
    fates.map(|fate| fate.unwrap_or_else(|| Fate::Left("nothing is known of it".to_owned()))).collect()
}

struct Placing<'a, 'w> {
    rows: &'a [MeetingRow],
    known: Known<'w>,
    fates: Vec<Option<Fate>>,
    /// Occasions that a row has.
    taken: Vec<OccasionRef>,
    today: Date,
}

fn quarter_of(span: Span) -> (i16, i8) {
    (span.first().year(), quarter(span.first()))
}

fn days_apart(a: Date, b: Date) -> i32 {
    a.until(b).map_or(i32::MAX, |span| span.get_days().abs())
}

impl Placing<'_, '_> {
    fn open(&self) -> Vec<usize> {
        (0..self.rows.len()).filter(|i| self.fates[*i].is_none()).collect()
    }

    fn take(&mut self, row: usize, at: &OccasionRef, fate: Fate) {
        self.taken.push(at.clone());
        self.fates[row] = Some(fate);
    }

    /// Periods, what doesn't take place, and meetings of others.
    fn others(&mut self) {
        for (i, row) in self.rows.iter().enumerate() {
            self.fates[i] = match (row.kind, self.known.whose(row)) {
                (RowKind::Period, _) => Some(self.period(row)),
                _ if self.known.joint(row).is_some() => {
                    self.known.joint(row).map(|joint| Fate::Same(joint.at.clone()))
                }
                (RowKind::Meeting, Whose::Own) if row.cancelled => Some(self.cancelled(row)),
                (RowKind::Meeting, Whose::Own) => None,
                (RowKind::Meeting, Whose::Other { name, id }) => Some(self.foreign(row, &name, id.as_ref())),
            };
        }
    }

    fn period(&self, row: &MeetingRow) -> Fate {
        let (opens, closes) = (row.span.first(), row.span.last());
        let same = |o: &&Occasion| {
            let (first, last) = (o.span.first(), o.span.last());
            (first == opens || first == roll(opens, Roll::NextWorkday))
                && (last == closes || last == roll(closes, Roll::PreviousWorkday))
        };
        let periods = || self.known.dated.iter().filter(|o| o.kind == EntryKind::Period);
        if let Some(known) = periods().find(same) {
            return Fate::Same(known.at.clone());
        }
        let near = periods().find(|o| o.span.first() <= closes && opens <= o.span.last());
        let known = near.map_or_else(String::new, |o| {
            format!("; {} {} is {} to {}", o.at.workflow, o.at.id, o.span.first(), o.span.last())
        });
        Fate::Left(format!(
            "a period isn't entered from a list: write it in a workflow file, or use `move`{known}"
        ))
    }

    fn cancelled(&self, row: &MeetingRow) -> Fate {
        let known = self.known.own().find(|o| o.span.first() == row.span.first());
        match known {
            Some(o) if o.status == Status::Cancelled => Fate::Same(o.at.clone()),
            Some(o) => Fate::Left(format!(
                "it is cancelled in the list: `arshjul cancel {} {} --body {}`",
                o.at.workflow, o.at.id, self.known.body.id
            )),
            None => Fate::Left("it is cancelled in the list, and isn't known".to_owned()),
        }
    }

    fn foreign(&self, row: &MeetingRow, name: &str, id: Option<&BodyId>) -> Fate {
        let theirs = |o: &&Occasion| o.kind == EntryKind::Meeting && id.is_some() && o.at.body.as_ref() == id;
        let same_day = |o: &&Occasion| o.span.first() == row.span.first() && o.span.last() == row.span.last();
        if let Some(known) = self.known.dated.iter().filter(theirs).find(same_day) {
            return Fate::Same(known.at.clone());
        }
        Fate::Left(match id {
            Some(id) => format!("it is a meeting of {name}: import it with `--body {id}`"),
            None => format!("it is a meeting of {name}, not of this body alone"),
        })
    }

    /// The best pairs first, so that of two meetings on one day each finds its own.
    fn same_day(&mut self) {
        for wanted in (1..=6).rev() {
            for i in self.open() {
                let row = &self.rows[i];
                let free =
                    |o: &&Occasion| !self.taken.contains(&o.at) && self.known.likeness(row, o) == wanted;
                let Some(occasion) = self.known.own().find(free).cloned() else { continue };
                self.turn_into(i, &occasion);
            }
        }
    }

    /// Dated occasions that the list no longer has, and rows of the same quarter and name that nobody knows.
    fn moved(&mut self) {
        let group = |i: usize| (quarter_of(self.rows[i].span), self.known.name(&self.rows[i]));
        let mut groups: Vec<((i16, i8), Option<String>)> = self.open().into_iter().map(group).collect();
        groups.sort();
        groups.dedup();
        for (wanted, name) in groups {
            let movable = |i: &usize| {
                let row = &self.rows[*i];
                let certain = row.moved || row.named || self.covers(row.span.first().year());
                let grouped = quarter_of(row.span) == wanted && self.known.name(row) == name;
                grouped && row.group.is_none() && certain
            };
            let rows: Vec<usize> = self.open().into_iter().filter(movable).collect();
            // A meeting that has been isn't moved while another is still expected.
            let flagged = rows.iter().any(|i| self.rows[*i].moved);
            let waits = !flagged && rows.first().is_some_and(|i| self.slot(&self.rows[*i]).is_some());
            let missing =
                self.missing(|o| quarter_of(o.span) == wanted && !(waits && o.span.last() < self.today));
            self.pair(rows, missing);
        }
        // A new time may lie in another quarter; then only one can be meant.
        for i in self.open() {
            let row = &self.rows[i];
            let year = row.span.first().year();
            let missing = self.missing(|o| o.span.first().year() == year && self.known.alike(row, o));
            if let (true, [only]) = (row.moved, missing.as_slice()) {
                self.pair(vec![i], vec![only.clone()]);
            }
        }
    }

    /// Whether the list has other meetings of the body that year where they are known to be: then it is the list
    /// of the year, and what it lacks has moved.
    fn covers(&self, year: i16) -> bool {
        self.taken.iter().any(|at| at.id.year == year && at.body.as_ref() == Some(&self.known.body.id))
    }

    fn missing(&self, within: impl Fn(&Occasion) -> bool) -> Vec<Occasion> {
        let free = |o: &&Occasion| {
            !self.taken.contains(&o.at)
                && o.status != Status::Cancelled
                && !self.known.is_group(&o.at)
                && within(o)
        };
        self.known.own().filter(free).cloned().collect()
    }

    /// As many of both are paired in order. Otherwise a row that says it has a new time takes the nearest, and one
    /// occasion that is left goes to the nearest row. What could be several is left for a person.
    fn pair(&mut self, rows: Vec<usize>, missing: Vec<Occasion>) {
        let alike = |i: usize, o: &Occasion| self.known.alike(&self.rows[i], o);
        let mut rows: Vec<usize> =
            rows.into_iter().filter(|i| missing.iter().any(|o| alike(*i, o))).collect();
        let mut missing: Vec<Occasion> =
            missing.into_iter().filter(|o| rows.iter().any(|i| alike(*i, o))).collect();
        rows.sort_by_key(|i| (!self.rows[*i].moved, self.rows[*i].span.first()));
        while rows.len() != missing.len() && rows.first().is_some_and(|i| self.rows[*i].moved) {
            if missing.is_empty() {
                return;
            }
            let i = rows.remove(0);
            let nearest = self.nearest(i, &missing);
            let occasion = missing.remove(nearest);
            self.turn_into(i, &occasion);
        }
        if rows.len() == missing.len() {
            rows.sort_by_key(|i| self.rows[*i].span.first());
            for (i, occasion) in rows.into_iter().zip(missing) {
                self.turn_into(i, &occasion);
            }
        } else if let [only] = missing.as_slice() {
            let near = |i: &usize| days_apart(self.rows[*i].span.first(), only.span.first());
            if let Some(i) = rows.into_iter().min_by_key(near) {
                self.turn_into(i, only);
            }
        } else if !missing.is_empty() {
            for i in rows {
                self.fates[i] = Some(Fate::Left(ambiguous(&missing)));
            }
        }
    }

    fn nearest(&self, row: usize, missing: &[Occasion]) -> usize {
        let day = self.rows[row].span.first();
        let near = |(_, o): &(usize, &Occasion)| days_apart(day, o.span.first());
        missing.iter().enumerate().min_by_key(near).map_or(0, |(at, _)| at)
    }

    fn turn_into(&mut self, row: usize, occasion: &Occasion) {
        let fate = self.known.update(&self.rows[row], occasion);
        self.take(row, &occasion.at, fate);
    }

    /// What is expected in the row's quarter and no other row has.
    fn slot(&self, row: &MeetingRow) -> Option<known::Slot> {
        let free = |slot: &&known::Slot| {
            (slot.at.id.year, slot.quarter) == quarter_of(row.span)
                && !self.taken.contains(&slot.at)
                && self.known.similar(row, &slot.title)
        };
        self.known.slots.iter().find(free).cloned()
    }

    fn expected(&mut self) {
        for i in self.open() {
            let row = &self.rows[i];
            let Some(slot) = self.slot(row).filter(|_| row.group.is_none()) else { continue };
            let date = known::entered(row, None, row.span);
            self.take(i, &slot.at.clone(), Fate::Dated { at: slot.at, title: slot.title, date });
        }
    }

    fn new_ones(&mut self) {
        for i in self.open() {
            let row = &self.rows[i];
            let cancelled =
                |o: &&Occasion| o.status == Status::Cancelled && o.span.first() == row.span.first();
            self.fates[i] =
                Some(match (self.known.own().find(cancelled), self.known.by_hand(row.group.is_some())) {
                    (Some(known), _) if row.group.is_none() => Fate::Left(format!(
                        "`{}` is cancelled on that day; give it a date again with `move`",
                        known.at.id
                    )),
                    (_, Some(_)) if row.title.chars().count() > LONGEST_TITLE => {
                        Fate::Left(format!("its title is longer than {LONGEST_TITLE} characters"))
                    }
                    (_, Some((workflow, entry))) => Fate::New {
                        workflow: workflow.id.clone(),
                        entry: entry.id.clone(),
                        opened: Box::new(Opened {
                            title: if row.named { row.title.clone() } else { entry.title.clone() },
                            span: row.span,
                            place: row.place.clone(),
                            note: row.note.clone(),
                            link: None,
                            receivers: Vec::new(),
                            answers: Vec::new(),
                            diary: None,
                            group: row.group.clone(),
                        }),
                    },
                    (_, None) => Fate::Left(self.known.nothing_by_hand(row.group.is_some())),
                });
        }
    }
}

fn ambiguous(missing: &[Occasion]) -> String {
    let each: Vec<String> = missing.iter().map(|o| format!("{} ({})", o.at.id, o.span.first())).collect();
    format!(
        "it may be a new date of {}, or another meeting: use `move` or `open`, or write `(ny tid)` after it",
        crate::grammar::join_or(&each)
    )
}
