//! From facts and files to planned messages.

use jiff::{SignedDuration, Timestamp, ToSpan};

use super::{Worker, WorkerError};
use crate::calendar::{today, window_of_day};
use crate::plan::model::KnownState;
use crate::plan::occasions::occasions;
use crate::plan::reconcile::reconcile;
use crate::plan::{Assume, Window, plan};
use crate::store::{Applied, PlannedMark};

/// Messages are planned so far ahead. What lies further away is planned as the days pass.
const HORIZON_DAYS: i64 = 60;
/// Occasions are kept from so long ago to so far ahead, in days: what feeds show (13 and 18 months) and a bit.
const OCCASIONS_DAYS: (i64, i64) = (430, 580);
/// A fact may set off a message for the very moment at which a knock has just been: so far back of the last
/// knock a message may still be added.
const GRACE: SignedDuration = SignedDuration::from_mins(2);
/// How often a plan is made anew because facts changed under it, before it is left to the next knock.
const TRIES: usize = 3;

impl Worker {
    /// Plans anew if facts, files or the day have changed since the last time.
    pub(super) async fn plan(&self, now: Timestamp) -> Result<Option<Applied>, WorkerError> {
        let rules = self.rules.rules();
        let day = today(now);
        let until = window_of_day(day.saturating_add(HORIZON_DAYS.days()));
        let mut done = None;
        for _ in 0..TRIES {
            let revision = self.store.facts_revision().await?;
            let mark = PlannedMark { until, facts_revision: revision, files_digest: rules.digest.clone() };
            if self.store.planned_mark().await?.is_some_and(|known| known == mark) {
                return Ok(done);
            }
            let (facts, revision) = self.store.facts_with_revision().await?;
            let mark = PlannedMark { facts_revision: revision, ..mark };
            let since = self.last_beat().await?.unwrap_or(now) - GRACE;
            let known = self.store.known(since).await?;
            // What is planned and has not left stays in the comparison, however old it is.
            let waiting = known.iter().filter(|k| k.state == KnownState::Planned).map(|k| k.at).min();
            let world = rules.world(&facts);
            let window = Window { from: waiting.unwrap_or(since).min(since), until };
            let planned = plan(world, window, Assume::Nothing);
            let changes = reconcile(&planned.messages, &known, since);
            let (back, ahead) = OCCASIONS_DAYS;
            let seen = occasions(&world, day.saturating_sub(back.days()), day.saturating_add(ahead.days()));
            let in_force = rules.workflows.0.keys().cloned().collect();
            let applied = self.store.apply(&changes, &seen, &in_force, &mark, now).await?;
            if !applied.stale {
                tracing::info!(
                    tick.added = applied.added,
                    tick.moved = applied.moved,
                    tick.withdrawn = applied.withdrawn,
                    occasions.changed = applied.occasions_changed,
                    "planned anew"
                );
                // A move makes facts of its own, who must be told of it: they are planned in the next round.
                done = done.or(Some(applied));
            }
        }
        Ok(done)
    }
}
