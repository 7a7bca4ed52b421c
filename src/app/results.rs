//! Results and challenges as they lie in the store.

use std::collections::BTreeMap;

use jiff::civil::Date;

use crate::calendar::today;
use crate::ids::BodyId;
use crate::plan::model::World;
use crate::plan::results::{Came, Period, expected, periods};
use crate::store::{Store, StoreError};

/// What `body` and the bodies below it have handed in for the occasions of the days `from` to `until`.
///
/// # Errors
/// When the store fails.
pub async fn results(
    store: &Store,
    world: &World<'_>,
    body: &BodyId,
    days: (Date, Date),
) -> Result<Vec<Period>, StoreError> {
    let expected = expected(world, body, days);
    let mut came = BTreeMap::new();
    for matter in expected.iter().map(|one| &one.matter) {
        if came.contains_key(matter) {
            continue;
        }
        let mut by_body: BTreeMap<String, Came> = BTreeMap::new();
        for request in store.requests(matter).await? {
            let Some(given) = request.given else { continue };
            let texts = request.handed.map(|handed| handed.texts).unwrap_or_default();
            let new = Came { answer: given.answer, day: today(given.at), texts };
            let of = request.role.split('/').next().unwrap_or_default().to_owned();
            // Of several who answered for a body, what was written says more than that nothing was.
            let known = by_body.get(&of).is_some_and(|known| !known.texts.is_empty() || new.texts.is_empty());
            if !known {
                by_body.insert(of, new);
            }
        }
        came.insert(matter.clone(), by_body);
    }
    Ok(periods(&expected, |one| came.get(&one.matter)?.get(one.body.as_str()).cloned()))
}
