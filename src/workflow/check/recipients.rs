//! Recipients: there is at least one, and each role exists where it is sought.

use crate::fault::Fault;
use crate::grammar::{At, Table};
use crate::workflow::draft::{Draft, StepDraft};
use crate::workflow::forms::RolePath;
use crate::workflow::model::{Per, Recipient, RoleOf, Scope};
use crate::workflow::names;

use super::{World, scope};

pub(super) fn check(world: &World<'_>, draft: &Draft<'_>, faults: &mut Vec<Fault>) {
    for step in &draft.steps {
        let scopes = scopes(world, draft, step);
        for (table, to) in all(step) {
            empty(draft, table, faults);
            for path in to {
                if is_deputy(&path.is) {
                    if !step.escalate.iter().any(|rung| std::ptr::eq(&rung.to, to)) {
                        let message = "`deputy` stands in for who is silent, so it is for `escalate` only";
                        faults.push(draft.fault(path.at, "bad-role", message).suggest("write a role"));
                    }
                } else if is_owner(&path.is) && step.per == Per::Item {
                } else if is_owner(&path.is) {
                    let message = "`owner` is the owner of an item, and this is a step";
                    let fault = draft.fault(path.at, "only-for-watches", message);
                    faults.push(fault.suggest("write a role"));
                } else {
                    role(world, draft, &scopes, path, faults);
                }
            }
        }
    }
    let own: Vec<Scope> =
        scope(world, draft.scope.as_ref()).into_iter().filter(|s| *s != Scope::Once).collect();
    for watch in &draft.watches {
        let then = watch.then.iter().map(|then| (then.table, &then.to));
        for (table, to) in std::iter::once((watch.table, &watch.to)).chain(then) {
            empty(draft, table, faults);
            for path in to.iter().filter(|path| !is_owner(&path.is)) {
                role(world, draft, &own, path, faults);
            }
        }
    }
    for summary in &draft.summaries {
        empty(draft, summary.table, faults);
        for path in &summary.to {
            role(world, draft, &own, path, faults);
        }
    }
    prepared(world, draft, faults);
}

/// Everyone a step writes to, with the table that names them.
fn all<'d, 'a>(step: &'d StepDraft<'a>) -> Vec<(Table<'a>, &'d Vec<At<RolePath>>)> {
    let rungs = step.escalate.iter().chain(&step.alarm).map(|rung| (rung.table, &rung.to));
    let rungs = rungs.chain(step.told.iter().map(|told| (told.table, &told.to)));
    std::iter::once((step.table, &step.to)).chain(rungs).collect()
}

pub(in crate::workflow) fn is_owner(path: &RolePath) -> bool {
    path.of.is_none() && path.role.as_str() == "owner"
}

pub(in crate::workflow) fn is_deputy(path: &RolePath) -> bool {
    path.of.is_none() && path.role.as_str() == "deputy"
}

fn empty(draft: &Draft<'_>, table: Table<'_>, faults: &mut Vec<Fault>) {
    if let Some(to) = table.value("to")
        && table.many("to").is_empty()
    {
        let fault = draft.fault(to.at(), "no-recipients", "nobody gets this");
        faults.push(fault.suggest("write at least one role, such as `processtöd`"));
    }
}

/// For which bodies a step runs.
fn scopes(world: &World<'_>, draft: &Draft<'_>, step: &StepDraft<'_>) -> Vec<Scope> {
    let chosen = draft.entries.iter().filter(|entry| {
        step.on.is_empty() || step.on.iter().any(|on| entry.id.as_ref().is_some_and(|id| id.is == on.is))
    });
    let mut scopes: Vec<Scope> = Vec::new();
    let mut add = |found: Option<Scope>| scopes.extend(found.filter(|found| !scopes.contains(found)));
    for entry in chosen {
        add(scope(world, entry.scope.as_ref().or(draft.scope.as_ref())));
    }
    if draft.follows_something || draft.entries.is_empty() {
        add(scope(world, draft.scope.as_ref()));
    }
    scopes
}

fn role(
    world: &World<'_>,
    draft: &Draft<'_>,
    scopes: &[Scope],
    path: &At<RolePath>,
    faults: &mut Vec<Fault>,
) {
    let unknown = match names::recipient(world.organisation, &path.is) {
        Err(unknown) => Some(unknown),
        Ok(Recipient::Role { of: RoleOf::Own, .. }) => {
            scopes.iter().find_map(|scope| names::own_role(world.organisation, scope, &path.is).err())
        }
        Ok(_) => None,
    };
    if let Some((code, trouble)) = unknown {
        faults.push(draft.fault(path.at, code, trouble.message).suggest_maybe(trouble.suggestion));
    }
}

/// Steps that another file's meeting borrows must find their recipients from there too.
fn prepared(world: &World<'_>, draft: &Draft<'_>, faults: &mut Vec<Fault>) {
    for entry in &draft.entries {
        let Some(prepared) = &entry.prepared_as else { continue };
        let Some(target) = world.drafts.get(&prepared.is).filter(|target| target.id != draft.id) else {
            continue;
        };
        let Some(scope) = scope(world, entry.scope.as_ref().or(draft.scope.as_ref())) else { continue };
        let borrowed = target.steps.iter().filter(|step| step.on.is_empty());
        let lost = borrowed.flat_map(all).flat_map(|(_, to)| to).find(|path| {
            path.is.of.is_none()
                && !is_owner(&path.is)
                && !is_deputy(&path.is)
                && names::own_role(world.organisation, &scope, &path.is).is_err()
        });
        if let Some(path) = lost {
            let role = &path.is.title;
            let message =
                format!("a step of `{}` goes to `{role}`, which this meeting's body doesn't have", target.id);
            let advice = format!("write in that file whose it is, such as `rsl/{role}`");
            faults.push(draft.fault(prepared.at, "no-own-body", message).suggest(advice));
        }
    }
}
