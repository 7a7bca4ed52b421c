//! The colours of a status: which part each is of, and whether it can be true beside the words.

use super::lines::fold;
use super::raw::Light;
use super::status::Unit;
use crate::items::{Health, Phase};

/// Gives each part the colour that is its own.
pub(super) fn shine(units: &mut [Unit], lights: &[Light], unsure: &mut Vec<String>) {
    let known = |light: &&Light| light.colour.health.is_some();
    let shapes: Vec<&Light> = lights.iter().filter(|l| !l.fill).filter(known).collect();
    let count = units.len();
    let in_order = count > 1 && shapes.len() == count && shapes.iter().all(|l| l.line.is_none());
    for (at, light) in shapes.iter().enumerate() {
        let of = |unit: &Unit, line: usize| unit.lines.0 <= line && line <= unit.lines.1;
        let unit = match light.line {
            Some(line) => units.iter_mut().find(|u| of(u, line)),
            None if in_order => units.get_mut(at),
            None if count == 1 => units.first_mut(),
            None => {
                let message = "a colour lies over a status of several parts: which of them is it of";
                unsure.push(message.to_owned());
                None
            }
        };
        if let (Some(unit), Some(health)) = (unit, light.colour.health) {
            lit(unit, health, unsure);
        }
    }
    let Some(fill) = lights.iter().filter(known).find(|l| l.fill && shapes.is_empty()) else { return };
    let Some(health) = fill.colour.health else { return };
    let open = units.iter().filter(|u| u.part.phase == Phase::Unknown).count();
    if count > 1 {
        unsure.push(format!("its cell has one colour, {}, for {count} parts", health.code()));
    }
    for unit in units.iter_mut() {
        // Of several parts the colour is that of those that are under way.
        if count == 1 || (open > 0 && unit.part.phase == Phase::Unknown) {
            lit(unit, health, unsure);
        }
    }
}

fn lit(unit: &mut Unit, health: Health, unsure: &mut Vec<String>) {
    let before = unit.part.health;
    if before == Health::Unknown {
        unit.part.health = health;
    } else if before != health {
        unsure.push(format!("its status is {} and {} at the same time", before.code(), health.code()));
    }
}

/// A word and a colour that can't both be true.
pub(super) fn doubts(unit: &Unit, unsure: &mut Vec<String>) {
    let (phase, health) = (unit.part.phase, unit.part.health);
    let idle =
        matches!(phase, Phase::NotStarted | Phase::Undecided | Phase::Dormant) && health == Health::Green;
    let done = phase == Phase::Done && matches!(health, Health::Red | Health::Yellow);
    let plan = unit.words.iter().any(|w| fold(w).starts_with("enligt plan")) && health == Health::Red;
    if idle || done || plan {
        let said = if plan { "enligt plan" } else { phase.code() };
        unsure.push(format!("its status says {said} and its colour is {}", health.code()));
    }
}
