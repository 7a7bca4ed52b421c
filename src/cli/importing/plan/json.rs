//! The same as the review, for programs.

use serde_json::{Value, json};

use super::Shown;
use super::review::{options, unsure_of};
use crate::calendar::rfc3339;
use crate::cli::importing::news;
use crate::cli::reviewing::item_json;
use crate::items::lineage::{By, Found};
use crate::items::threeway::{Change, Kind, Merged};

pub(super) fn plan(shown: &Shown<'_>) -> Value {
    let incoming = &shown.source.incoming;
    let items = incoming.rows.iter().enumerate().map(|(number, row)| {
        let parts: Vec<_> = row.parts.iter().collect();
        let mut item = item_json(&parts, shown.rules, shown.asked.as_of);
        item["unsure"] = json!(unsure_of(row));
        item["number"] = json!(number + 1);
        item["place"] = json!(row.place.map(|place| shown.source.place(place)));
        item["row"] = json!(shown.worked.ids.get(number));
        item["lineage"] = shown.worked.lineage.rows.get(number).map_or(Value::Null, lineage);
        item["changes"] = json!(changes(shown, number));
        item
    });
    let items: Vec<Value> = items.collect();
    let warnings = shown.misplaced.iter().chain(&incoming.warnings).chain(&shown.worked.warnings).cloned();
    let told = shown.report.map(|report| news(report, None)).unwrap_or_default();
    let told =
        told.into_iter().filter(|line| line.starts_with("would vanish") || line.starts_with("renamed"));
    let compared = &shown.worked.compared;
    json!({
        "kind": "plan",
        "items": items,
        "unplaced": incoming.unplaced.iter().map(|one| &one.text).collect::<Vec<_>>(),
        "warnings": warnings.chain(told).collect::<Vec<_>>(),
        "title": incoming.title,
        "dated": incoming.dated,
        "as_of": shown.asked.as_of,
        "unplaced_at": incoming.unplaced.iter().map(|one| shown.source.place(one.place)).collect::<Vec<_>>(),
        "texts": incoming.texts.iter().map(|t| json!({"heading": t.heading, "text": t.text})).collect::<Vec<_>>(),
        "export": shown.worked.exported.as_ref().map(|exported| exported.stamp.to_string()),
        "summary": compared.summary(),
        "counts": {
            "changes": compared.count(Kind::Edit),
            "answers": compared.count(Kind::Answer),
            "conflicts": compared.count(Kind::Conflict),
            "added": compared.added.len(),
            "gone": compared.gone.len(),
            "came": compared.came.len(),
        },
        "gone": compared.gone,
        "came": compared.came,
        "open": options(shown),
        "written": shown.wrote && shown.report.is_some(),
    })
}

fn lineage(found: &Found) -> Value {
    match found {
        Found::New => json!({"is": "new"}),
        Found::Same(id, by) => {
            let by = match by {
                By::Id => "id",
                By::Title => "title",
                By::Earlier(_) => "earlier title",
                By::Told => "told",
            };
            json!({"is": "same", "id": id, "by": by})
        }
        Found::Proposed(proposal) => json!({
            "is": "proposed", "id": proposal.id, "reasons": proposal.reasons, "score": proposal.score, "or": proposal.or,
        }),
    }
}

/// What is changed of the row with a number.
fn changes(shown: &Shown<'_>, number: usize) -> Vec<Value> {
    let rows = shown.worked.compared.rows.iter().enumerate().filter(|(_, row)| row.number == number);
    let of = |(at, row): (usize, &Merged)| {
        let one = |(n, change): (usize, &Change)| {
            let by = shown.worked.changed_by.get(&(at, n));
            json!({
                "field": change.field.to_string(), "kind": change.kind, "was": change.was, "document": change.document,
                "register": change.register, "taken": change.taken,
                "by": by.map(|(who, _)| who), "at": by.map(|(_, at)| rfc3339(*at)),
            })
        };
        row.changes.iter().enumerate().map(one).collect::<Vec<_>>()
    };
    rows.flat_map(of).collect()
}
