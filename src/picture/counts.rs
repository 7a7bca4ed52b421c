//! How many there are of what.

use std::collections::BTreeMap;

use super::Shown;
use crate::items::{Health, Phase};

/// Counted in parts, but for [`Self::rows`] and [`Self::late`].
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// Rows.
    pub rows: usize,
    /// Parts.
    pub parts: usize,
    /// Parts in each phase; a phase that none is in is left out.
    pub phases: BTreeMap<Phase, usize>,
    /// Parts of each health, alike.
    pub healths: BTreeMap<Health, usize>,
    /// Parts that nobody has confirmed for long, those included of which nothing was ever reported.
    pub stale: usize,
    /// Parts that nobody answers for and that aren't done.
    pub unowned: usize,
    /// Rows with a promise that has passed without being met.
    pub late: usize,
}

impl Counts {
    /// Counts rows.
    #[must_use]
    pub fn of<'a>(rows: impl IntoIterator<Item = &'a Shown>) -> Self {
        let mut counts = Self::default();
        for row in rows {
            counts.rows += 1;
            counts.late += usize::from(row.late.is_some());
            for part in &row.parts {
                counts.parts += 1;
                *counts.phases.entry(part.phase).or_default() += 1;
                *counts.healths.entry(part.health).or_default() += 1;
                counts.stale += usize::from(part.stale);
                counts.unowned += usize::from(part.owners.is_empty() && part.phase != Phase::Done);
            }
        }
        counts
    }
}
