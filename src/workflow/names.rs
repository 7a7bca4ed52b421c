//! What the names in a workflow file mean in an organisation: bodies, kinds and roles.

use super::draft::Names;
use super::forms::{Name, RolePath};
use super::model::{Recipient, RoleOf, Scope};
use crate::grammar::{At, Trouble, advise, closest};
use crate::ids::{BodyId, KindId, RoleId, slug};
use crate::organisation::Organisation;
use crate::organisation::file::suggest_body;

/// A name that means nothing: the fault's code, what is wrong and what to write.
pub(super) type Unknown = (&'static str, Trouble);

/// Which bodies `for` means. A single name is a body before it is a kind: `for = "rsl"` is the body, where both
/// are called so. In a list there are only bodies.
pub(super) fn scope(organisation: &Organisation, names: &Names) -> Result<Scope, Vec<At<Unknown>>> {
    if let ([name], false) = (names.names.as_slice(), names.list) {
        return body_or_kind(organisation, &name.is).map_err(|unknown| vec![At { is: unknown, at: name.at }]);
    }
    let mut bodies = Vec::new();
    let mut unknown = Vec::new();
    for name in &names.names {
        let id = BodyId::from(name.is.slug.as_str());
        if organisation.bodies.contains_key(&id) {
            bodies.push(id);
        } else {
            unknown.push(At { is: not_a_body(organisation, &name.is), at: name.at });
        }
    }
    if unknown.is_empty() { Ok(Scope::Bodies(bodies)) } else { Err(unknown) }
}

fn body_or_kind(organisation: &Organisation, name: &Name) -> Result<Scope, Unknown> {
    let (body, kind) = (BodyId::from(name.slug.as_str()), KindId::from(name.slug.as_str()));
    if organisation.bodies.contains_key(&body) {
        return Ok(Scope::Bodies(vec![body]));
    }
    if organisation.kinds.contains_key(&kind) {
        return Ok(Scope::Kind(kind));
    }
    Err(neither(organisation, name))
}

fn not_a_body(organisation: &Organisation, name: &Name) -> Unknown {
    let Name { slug, written } = name;
    if organisation.kinds.contains_key(&KindId::from(slug.as_str())) {
        let message = format!("`{written}` is a kind, and a list has only bodies");
        return ("unknown-body", Trouble::new(message, format!("write `for = \"{slug}\"` without brackets")));
    }
    let message = format!("unknown body `{written}`");
    ("unknown-body", Trouble { message, suggestion: suggest_body(organisation, written) })
}

fn neither(organisation: &Organisation, name: &Name) -> Unknown {
    let message = format!("there is no body and no kind `{}`", name.written);
    let kinds = || organisation.kinds.keys().map(KindId::as_str);
    let suggestion = match organisation.find(&name.written) {
        Some(body) => Some(format!("write `{}`", body.id)),
        None => {
            let bodies = organisation.bodies.keys().map(BodyId::as_str);
            match closest(&name.slug, kinds().chain(bodies)) {
                Some(near) => Some(format!("did you mean `{near}`?")),
                None => advise(&name.slug, kinds()),
            }
        }
    };
    ("unknown-body", Trouble { message, suggestion })
}

/// Whom a role path means, as far as the path itself tells; whether the own body has the role is
/// [`own_role`]'s question.
pub(super) fn recipient(organisation: &Organisation, path: &RolePath) -> Result<Recipient, Unknown> {
    let role = path.role.clone();
    let Some(of) = &path.of else { return Ok(Recipient::Role { of: RoleOf::Own, role }) };
    if of.slug == "receiver" {
        // Which body that is stands in the occasion, not in a file.
        return Ok(Recipient::Role { of: RoleOf::Receiver, role });
    }
    match body_or_kind(organisation, of)? {
        Scope::Bodies(bodies) => {
            let Some(id) = bodies.into_iter().next() else { return Err(neither(organisation, of)) };
            let kind = organisation.bodies.get(&id).map(|body| &body.kind);
            has_role(organisation, kind, path, &format!("the body `{id}`"))?;
            Ok(Recipient::Role { of: RoleOf::Body(id), role })
        }
        Scope::Kind(kind) => {
            has_role(organisation, Some(&kind), path, &format!("the kind `{kind}`"))?;
            Ok(Recipient::Role { of: RoleOf::Kind(kind), role })
        }
        Scope::Once => Err(neither(organisation, of)),
    }
}

/// Whether every body of `scope` has the role of a path that names no body.
pub(super) fn own_role(organisation: &Organisation, scope: &Scope, path: &RolePath) -> Result<(), Unknown> {
    match scope {
        Scope::Once => {
            let message = format!("`{}` is in no body: this runs once and not for a body", path.title);
            let advice =
                elsewhere(organisation, &path.role).unwrap_or_else(|| "write `rsl/sekreterare`".to_owned());
            Err(("no-own-body", Trouble::new(message, advice)))
        }
        Scope::Kind(kind) => has_role(organisation, Some(kind), path, &format!("the kind `{kind}`")),
        Scope::Bodies(bodies) => bodies.iter().try_for_each(|id| {
            let kind = organisation.bodies.get(id).map(|body| &body.kind);
            has_role(organisation, kind, path, &format!("the body `{id}`"))
        }),
    }
}

/// A kind that doesn't exist has been reported where the body is defined, and has every role here.
fn has_role(
    organisation: &Organisation,
    kind: Option<&KindId>,
    path: &RolePath,
    whose: &str,
) -> Result<(), Unknown> {
    let Some(kind) = kind.and_then(|kind| organisation.kinds.get(kind)) else { return Ok(()) };
    let role = &path.role;
    if kind.roles.contains_key(role) {
        return Ok(());
    }
    let titles = || kind.roles.values().map(String::as_str);
    let near = closest(role.as_str(), kind.roles.keys().map(RoleId::as_str));
    let near = near.and_then(|near| titles().find(|title| slug(title) == near));
    let suggestion = match near {
        Some(near) => Some(format!("did you mean `{near}`?")),
        None => elsewhere(organisation, role).or_else(|| advise(role.as_str(), titles())),
    };
    Err(("unknown-role", Trouble { message: format!("{whose} has no role `{}`", path.title), suggestion }))
}

/// The kinds that have a role.
fn elsewhere(organisation: &Organisation, role: &RoleId) -> Option<String> {
    let paths: Vec<String> = organisation
        .kinds
        .iter()
        .filter_map(|(id, kind)| kind.roles.get(role).map(|title| format!("{id}/{title}")))
        .collect();
    let few: Vec<&str> = paths.iter().map(String::as_str).take(3).collect();
    (!few.is_empty()).then(|| format!("write {}", crate::grammar::either(&few)))
}
