//! Bodies, their kinds and the roles in them: what a workflow file may name.
//!
//! A body may have several parents (RPO primärvård sits in four councils), so the structure is a graph
//! without cycles, not a tree. Who holds a role is not here: holders are rows, see [`crate::people`].

pub mod file;

use std::collections::{BTreeMap, BTreeSet};

use crate::ids::{BodyId, KindId, RoleId, slug};

/// Everything a workflow file may refer to. Immutable once loaded.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Organisation {
    /// What the whole is called: "Sydöstra sjukvårdsregionen".
    pub title: String,
    /// By whose decision the program asks: what a person's first mail says.
    pub decision: Option<String>,
    /// How somebody can check that a mail is genuine: what a person's first mail says.
    pub contact: Option<String>,
    /// Kinds of bodies by id.
    pub kinds: BTreeMap<KindId, Kind>,
    /// Bodies by id.
    pub bodies: BTreeMap<BodyId, Body>,
}

/// What bodies of one kind have in common.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Kind {
    /// The kind's name to people: "RPO", "Kunskapsråd".
    pub title: String,
    /// The roles that bodies of this kind have: slug and Swedish title.
    pub roles: BTreeMap<RoleId, String>,
    /// Who gets what is meant for a vacant role, the nearest first; then the bodies above.
    pub stand_ins: Vec<RoleId>,
}

/// One body: a council, a programme area, a working group.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Body {
    /// Its id.
    pub id: BodyId,
    /// Its full name: "RPO Medicinsk diagnostik".
    pub name: String,
    /// What stands in a mail's subject: "RPO MD". The name where there is no shorter one.
    pub short: String,
    /// Which kind it is.
    pub kind: KindId,
    /// The bodies above it; none for a body at the top.
    pub parents: Vec<BodyId>,
    /// Other names for it in documents.
    pub aliases: Vec<String>,
    /// The folder whose file it stands in: the workflows there are for the bodies there.
    pub folder: String,
}

impl Organisation {
    /// The same with nobody to stand in for a vacant role: what is meant for it is then seen to be vacant.
    #[must_use]
    pub fn without_stand_ins(&self) -> Self {
        let mut organisation = self.clone();
        for kind in organisation.kinds.values_mut() {
            kind.stand_ins.clear();
        }
        organisation
    }

    /// All bodies above `body`, nearest first is not promised.
    #[must_use]
    pub fn ancestors(&self, body: &BodyId) -> BTreeSet<BodyId> {
        let mut found = BTreeSet::new();
        let mut next: Vec<&BodyId> = self.bodies.get(body).into_iter().flat_map(|b| &b.parents).collect();
        while let Some(parent) = next.pop() {
            if found.insert(parent.clone()) {
                next.extend(self.bodies.get(parent).into_iter().flat_map(|b| &b.parents));
            }
        }
        found
    }

    /// All bodies below `body`.
    #[must_use]
    pub fn descendants(&self, body: &BodyId) -> BTreeSet<BodyId> {
        let mut found = BTreeSet::new();
        let mut grown = true;
        while grown {
            let below = self.bodies.values().filter(|b| {
                !found.contains(&b.id) && b.parents.iter().any(|p| p == body || found.contains(p))
            });
            let below: Vec<BodyId> = below.map(|b| b.id.clone()).collect();
            grown = !below.is_empty();
            found.extend(below);
        }
        found
    }

    /// The bodies of `kind` that are related to `body`: above it, below it or itself; without a body, all of
    /// them. This is what `rag/ordförande` in a workflow file of an RPO means: every RAG of that RPO.
    #[must_use]
    pub fn related(&self, body: Option<&BodyId>, kind: &KindId) -> Vec<&Body> {
        let of_kind = self.bodies.values().filter(|b| &b.kind == kind);
        let Some(body) = body else { return of_kind.collect() };
        let (above, below) = (self.ancestors(body), self.descendants(body));
        of_kind.filter(|b| &b.id == body || above.contains(&b.id) || below.contains(&b.id)).collect()
    }

    /// The Swedish title of `role` in `body`; the slug itself where the kind has no such role.
    #[must_use]
    pub fn role_title<'a>(&'a self, body: &BodyId, role: &'a RoleId) -> &'a str {
        let kind = self.bodies.get(body).and_then(|b| self.kinds.get(&b.kind));
        kind.and_then(|k| k.roles.get(role)).map_or(role.as_str(), String::as_str)
    }

    /// A role as people write it: a body by any of its names, a slash, and the role. None if there is no such role.
    #[must_use]
    pub fn find_role(&self, path: &str) -> Option<(BodyId, RoleId)> {
        let (body, role) = path.split_once('/')?;
        let body = self.find(body)?;
        let role = RoleId::new(slug(role));
        let known = self.kinds.get(&body.kind)?.roles.contains_key(&role);
        known.then(|| (body.id.clone(), role))
    }

    /// A body by id, name, short name or alias, without regard to case.
    #[must_use]
    pub fn find(&self, name: &str) -> Option<&Body> {
        let wanted = name.trim().to_lowercase();
        self.bodies.get(&BodyId::from(wanted.as_str())).or_else(|| {
            self.bodies.values().find(|b| {
                let mut names = [&b.name, &b.short].into_iter().chain(&b.aliases);
                names.any(|n| n.to_lowercase() == wanted)
            })
        })
    }
}
