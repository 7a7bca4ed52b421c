//! How a row is followed up: its measures, and their values by region and period.

use jiff::Timestamp;

use super::{MeasureRow, NewMeasure, ValueRow, body_of};
use crate::ids::ItemId;
use crate::store::db::{Row, Tx, args};
use crate::store::facts::{Writer, commit_if, write_facts};
use crate::store::rows::to_json;
use crate::store::{MeasuredValue, Result, Store, StoreError};

const NEW: &str = "INSERT INTO measure (item, name, unit, target, source) VALUES ($1, $2, $3, $4, $5) \
     ON CONFLICT (item, name) DO NOTHING RETURNING number";
const ITEM_OF: &str = "SELECT item FROM measure WHERE number = $1";
const VALUE_OF: &str = "SELECT measure, region, period, value, at, who FROM measured \
     WHERE measure = $1 AND region = $2 AND period = $3";
const VALUE: &str = "INSERT INTO measured (measure, region, period, value, at, who) VALUES ($1, $2, $3, $4, $5, $6) \
     ON CONFLICT (measure, region, period) DO UPDATE SET value = excluded.value, at = excluded.at, who = excluded.who";
pub(super) const OF: &str = "SELECT number, item, name, unit, target, source FROM measure \
     WHERE item = $1 OR item IN (SELECT id FROM item WHERE body = $2) ORDER BY item, number";
const VALUES: &str = "SELECT measure, region, period, value, at, who FROM measured WHERE measure = $1 \
     ORDER BY period, region";

impl Store {
    /// Says how a row is followed up, and gives the measure's number.
    ///
    /// # Errors
    /// [`StoreError::Refused`] if there is no such item, or it has a measure of that name, or the name is empty.
    pub async fn add_measure(&self, measure: &NewMeasure, who: &str, now: Timestamp) -> Result<i64> {
        let mut tx = write_facts(self).await?;
        body_of(&mut tx, &measure.item).await?;
        let NewMeasure { item, name, unit, target, source } = measure;
        if name.trim().is_empty() {
            return Err(StoreError::Refused(format!("a measure of `{item}` needs a name")));
        }
        let row = tx.row(NEW, args![item.as_str(), name, unit, target, source]).await?;
        let row =
            row.ok_or_else(|| StoreError::Refused(format!("`{item}` has a measure `{name}` already")))?;
        let number = row.int("number")?;
        Writer { who, now }.note(&mut tx, format!("measure {item}"), None, to_json(measure)?).await?;
        tx.commit().await?;
        Ok(number)
    }

    /// Gives a measure a value for a region and a period, in the place of the one it had. Says whether it changed
    /// anything.
    ///
    /// # Errors
    /// [`StoreError::Refused`] if there is no such measure.
    pub async fn set_value(&self, value: &MeasuredValue, who: &str, now: Timestamp) -> Result<bool> {
        let mut tx = write_facts(self).await?;
        let changed = set(&mut tx, None, value, Writer { who, now }).await?;
        commit_if(tx, changed).await?;
        Ok(changed)
    }

    /// How a row is followed up, with all values.
    ///
    /// # Errors
    /// When the database fails or a row can't be read.
    pub async fn measures_of(&self, item: &ItemId) -> Result<Vec<MeasureRow>> {
        let mut tx = self.db().read().await?;
        let rows = tx.rows(OF, args![item.as_str(), ""]).await?;
        let mut measures = Vec::new();
        for row in &rows {
            measures.push(read(&mut tx, row).await?);
        }
        Ok(measures)
    }
}

/// Sets a value within a transaction that writes facts. With `item`, the measure must be one of that row.
pub(super) async fn set(
    tx: &mut Tx,
    item: Option<&ItemId>,
    value: &MeasuredValue,
    writer: Writer<'_>,
) -> Result<bool> {
    let row = tx.row(ITEM_OF, args![value.measure]).await?;
    let of = row.map(|row| row.text("item")).transpose()?.map(ItemId::new);
    let Some(of) = of.filter(|of| item.is_none_or(|item| item == of)) else {
        let whose = item.map(|item| format!(" of `{item}`")).unwrap_or_default();
        return Err(StoreError::Refused(format!("there is no measure {}{whose}", value.measure)));
    };
    let key = args![value.measure, value.region.as_str(), &value.period];
    let before = tx.row(VALUE_OF, key).await?.as_ref().map(value_of).transpose()?.map(|row| row.value);
    if before.as_ref() == Some(value) {
        return Ok(false);
    }
    let args =
        args![value.measure, value.region.as_str(), &value.period, &value.value, writer.now, writer.who];
    tx.run(VALUE, args).await?;
    let earlier = before.as_ref().map(to_json).transpose()?;
    writer.note(tx, format!("measure {of}"), earlier, to_json(value)?).await?;
    Ok(true)
}

/// A measure with its values.
pub(super) async fn read(tx: &mut Tx, row: &Row) -> Result<MeasureRow> {
    let number = row.int("number")?;
    let measure = NewMeasure {
        item: ItemId::new(row.text("item")?),
        name: row.text("name")?,
        unit: row.text("unit")?,
        target: row.text("target")?,
        source: row.text("source")?,
    };
    let values = tx.rows(VALUES, args![number]).await?;
    Ok(MeasureRow { number, measure, values: values.iter().map(value_of).collect::<Result<_>>()? })
}

fn value_of(row: &Row) -> Result<ValueRow> {
    let value = MeasuredValue {
        measure: row.int("measure")?,
        region: row.text("region")?.as_str().into(),
        period: row.text("period")?,
        value: row.text("value")?,
    };
    Ok(ValueRow { value, at: row.moment("at")?, who: row.text("who")? })
}
