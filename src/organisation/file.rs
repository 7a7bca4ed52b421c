//! Reads organisation files: `organisation.toml` in the folder of workflows and in any folder below it.
//!
//! There is one for what is national and one for each sjukvårdsregion; together they are one organisation. Kinds
//! and bodies of one file may be named in all of them. Persons are never named in any.

use std::collections::BTreeMap;

use super::{Body, Kind, Organisation};
use crate::fault::{Fault, Faults};
use crate::grammar::{At, Document, Form, Shape, SourceFile, Table, Trouble, advise, optional, required};
use crate::ids::{BodyId, KindId, RoleId, is_slug, slug};

/// The name of an organisation file in its folder.
pub const NAME: &str = "organisation.toml";

/// A role's title, from which its id is made.
pub const ROLE: Form = Form {
    name: "a role",
    code: "bad-role",
    pattern: "^[A-Za-zÅÄÖÉÜåäöéü0-9][A-Za-zÅÄÖÉÜåäöéü0-9 :-]*$",
    example: "ordförande",
    check: |text| {
        if is_name(text) {
            return Ok(());
        }
        let message = format!("`{text}` is no role: it has letters, digits, spaces, hyphens and colons only");
        Err(Trouble::new(message, "write a title such as `ordförande`"))
    },
};

/// Whether a text can be made an id: what [`ROLE`] says, and half a role path.
pub(crate) fn is_name(text: &str) -> bool {
    let letter = |c: char| c.is_ascii_alphanumeric() || "ÅÄÖÉÜåäöéü".contains(c);
    text.starts_with(letter) && text.chars().all(|c| letter(c) || " :-".contains(c))
}

const KIND: Shape = Shape::Table(&[
    required("id", &Shape::SLUG, "The kind's id: what `for` in a workflow names."),
    required("title", &Shape::LINE, "What people call bodies of this kind: \"RPO\"."),
    required("roles", &Shape::List(&Shape::Form(&ROLE)), "The roles that each body of this kind has."),
    optional(
        "stand-ins",
        &Shape::List(&Shape::Form(&ROLE)),
        "Who gets what is meant for a vacant role, the nearest first; then those of the bodies above.",
    ),
]);

const BODY: Shape = Shape::Table(&[
    optional(
        "id",
        &Shape::SLUG,
        "Its id; without it, the name in lower case with hyphens, å and ä as a, ö as o.",
    ),
    required("name", &Shape::LINE, "Its full name."),
    optional("short", &Shape::LINE, "What stands in the subject of a mail; without it, the name."),
    required("kind", &Shape::SLUG, "Which kind of body it is."),
    optional(
        "parents",
        &Shape::OneOf(&[Shape::List(&Shape::SLUG), Shape::SLUG]),
        "The ids of the bodies it belongs to; there may be several.",
    ),
    optional("aliases", &Shape::List(&Shape::LINE), "Other names for it in documents."),
]);

/// What an organisation file may hold.
pub const SHAPE: Shape = Shape::Table(&[
    optional("title", &Shape::LINE, "What the organisation is called."),
    optional("decision", &Shape::LINE, "By whose decision the program asks: said in a person's first mail."),
    optional(
        "contact",
        &Shape::LINE,
        "How somebody can check that a mail is genuine, such as whom to call: said in a person's first mail.",
    ),
    optional("kind", &Shape::List(&KIND), "A kind of body and the roles in it."),
    optional("body", &Shape::List(&BODY), "A body: a council, a programme area, a working group."),
]);

/// The JSON Schema of organisation files.
#[must_use]
pub fn schema() -> serde_json::Value {
    crate::grammar::schema("arshjul organisation", &SHAPE)
}

/// Whether a path is that of an organisation file.
#[must_use]
pub fn is_organisation(path: &str) -> bool {
    path.rsplit('/').next() == Some(NAME)
}

/// Reads the organisation files among `files`. Without any, the organisation is empty.
///
/// The title is that of the file nearest the root, the first by path where several are as near.
///
/// # Errors
/// Every fault of every organisation file.
pub fn load(files: &[SourceFile]) -> Result<Organisation, Faults> {
    let mut faults = Vec::new();
    let organisation = read(files, &mut faults);
    Faults::unless_none(faults, organisation)
}

/// The same with as much as could be understood, for checks that go on.
pub(crate) fn read(files: &[SourceFile], faults: &mut Vec<Fault>) -> Organisation {
    let mut files: Vec<&SourceFile> = files.iter().filter(|file| is_organisation(&file.path)).collect();
    files.sort_by_key(|file| (file.path.matches('/').count(), &file.path));
    let documents: Vec<Document<'_>> = files.iter().map(|file| Document::read(file, &SHAPE)).collect();
    faults.extend(documents.iter().flat_map(|document| document.faults().iter().cloned()));
    let mut reading = Reading::default();
    for document in &documents {
        reading.title(document);
        reading.kinds(document);
        reading.bodies(document);
    }
    reading.names();
    reading.relations();
    reading.cycles();
    faults.append(&mut reading.faults);
    reading.organisation
}

/// A body's declaration, for faults about it.
struct Declared<'a> {
    document: &'a Document<'a>,
    table: Table<'a>,
    id: BodyId,
}

#[derive(Default)]
struct Reading<'a> {
    organisation: Organisation,
    kinds: BTreeMap<KindId, String>,
    declared: Vec<Declared<'a>>,
    title_depth: Option<usize>,
    faults: Vec<Fault>,
}

impl<'a> Reading<'a> {
    fn title(&mut self, document: &'a Document<'a>) {
        let first = |have: &Option<String>, key: &str| {
            have.clone().or_else(|| document.root().text(key).map(|text| text.is.to_owned()))
        };
        self.organisation.decision = first(&self.organisation.decision, "decision");
        self.organisation.contact = first(&self.organisation.contact, "contact");
        let Some(title) = document.root().text("title") else { return };
        let (depth, said) = (depth(document.source().path()), &mut self.organisation.title);
        // Several at the same depth are several organisations that share one installation.
        match self.title_depth {
            Some(nearest) if nearest < depth => {}
            Some(nearest) if nearest == depth => *said = format!("{said} och {}", title.is),
            _ => {
                title.is.clone_into(said);
                self.title_depth = Some(depth);
            }
        }
    }

    fn kinds(&mut self, document: &'a Document<'a>) {
        for table in document.root().tables("kind") {
            let Some(id) = table.read("id", |text| is_slug(text).then(|| KindId::from(text))) else {
                continue;
            };
            let place = place(document, table.at());
            if let Some(first) = self.kinds.insert(id.is.clone(), place) {
                let message = format!("the kind `{}` is already defined at {first}", id.is);
                self.faults.push(document.source().fault(id.at, "duplicate-id", message));
                continue;
            }
            let mut roles = BTreeMap::new();
            for role in table.many("roles").into_iter().filter_map(|value| value.text()) {
                if is_name(role.is)
                    && let Some(first) = roles.insert(RoleId::new(slug(role.is)), role.is.to_owned())
                {
                    let message = format!("the role `{}` is the same as `{first}`", role.is);
                    let fault = document.source().fault(role.at, "duplicate-id", message);
                    self.faults.push(fault.suggest("keep one of them"));
                }
            }
            let title = table.text("title").map_or_else(|| id.is.to_string(), |title| title.is.to_owned());
            let stand_ins = self.stand_ins(document, table, &roles);
            self.organisation.kinds.insert(id.is, Kind { title, roles, stand_ins });
        }
    }

    fn stand_ins(
        &mut self,
        document: &Document<'_>,
        table: Table<'_>,
        roles: &BTreeMap<RoleId, String>,
    ) -> Vec<RoleId> {
        let mut found = Vec::new();
        for role in table.many("stand-ins").into_iter().filter_map(|value| value.text()) {
            let id = RoleId::new(slug(role.is));
            if roles.contains_key(&id) {
                found.push(id);
            } else if is_name(role.is) {
                let message = format!("the kind has no role `{}`", role.is);
                let advice = advise(role.is, roles.values().map(String::as_str));
                let fault = document.source().fault(role.at, "unknown-role", message);
                self.faults.push(fault.suggest_maybe(advice));
            }
        }
        found
    }

    fn bodies(&mut self, document: &'a Document<'a>) {
        for table in document.root().tables("body") {
            let Some(id) = self.body_id(document, table) else { continue };
            if let Some(first) = self.declared.iter().find(|declared| declared.id == id.is) {
                let message = format!(
                    "the body `{}` is already defined at {}",
                    id.is,
                    place(first.document, first.table.at())
                );
                self.faults.push(document.source().fault(id.at, "duplicate-id", message));
                continue;
            }
            self.declared.push(Declared { document, table, id: id.is.clone() });
            let name = table.text("name").map_or_else(|| id.is.to_string(), |name| name.is.to_owned());
            let texts = |key| table.many(key).into_iter().filter_map(|v| v.text()).map(|text| text.is);
            let body = Body {
                id: id.is.clone(),
                short: table.text("short").map_or_else(|| name.clone(), |short| short.is.to_owned()),
                name,
                kind: KindId::from(table.text("kind").map_or("", |kind| kind.is)),
                parents: texts("parents").map(BodyId::from).collect(),
                aliases: texts("aliases").map(str::to_owned).collect(),
                folder: folder(document.source().path()).to_owned(),
            };
            self.organisation.bodies.insert(id.is, body);
        }
    }

    /// The stated id, or the one made from the name.
    fn body_id(&mut self, document: &Document<'_>, table: Table<'_>) -> Option<At<BodyId>> {
        if table.value("id").is_some() {
            return table.read("id", |text| is_slug(text).then(|| BodyId::from(text)));
        }
        let name = table.text("name")?;
        let id = slug(name.is);
        if is_slug(&id) {
            return Some(At { is: BodyId::new(id), at: name.at });
        }
        let message = format!("no id can be made from the name `{}`", name.is);
        self.faults.push(document.source().fault(name.at, "bad-id", message).suggest("add `id = \"...\"`"));
        None
    }

    /// No name, short name or alias may mean two bodies.
    fn names(&mut self) {
        let mut taken: BTreeMap<String, &BodyId> = BTreeMap::new();
        for Declared { id, .. } in &self.declared {
            taken.insert(id.to_string(), id);
        }
        for Declared { document, table, id } in &self.declared {
            let own = ["name", "short", "aliases"].into_iter().flat_map(|key| table.many(key));
            for name in own.filter_map(|value| value.text()) {
                let other = taken.entry(name.is.trim().to_lowercase()).or_insert(id);
                if *other != id {
                    let message = format!("`{}` already means the body `{other}`", name.is);
                    let fault = document.source().fault(name.at, "duplicate-name", message);
                    self.faults.push(fault.suggest("write a name that only one body has"));
                }
            }
        }
    }

    /// Kinds and parents must exist.
    fn relations(&mut self) {
        let organisation = &self.organisation;
        for Declared { document, table, .. } in &self.declared {
            let kind = table.text("kind").filter(|kind| is_slug(kind.is));
            if let Some(kind) = kind.filter(|kind| !organisation.kinds.contains_key(&KindId::from(kind.is))) {
                let fault =
                    document.source().fault(kind.at, "unknown-kind", format!("unknown kind `{}`", kind.is));
                let advice = advise(kind.is, organisation.kinds.keys().map(KindId::as_str));
                self.faults.push(fault.suggest_maybe(advice));
            }
            for parent in table.many("parents").into_iter().filter_map(|value| value.text()) {
                if is_slug(parent.is) && !organisation.bodies.contains_key(&BodyId::from(parent.is)) {
                    let message = format!("unknown body `{}`", parent.is);
                    let fault = document.source().fault(parent.at, "unknown-body", message);
                    self.faults.push(fault.suggest_maybe(suggest_body(organisation, parent.is)));
                }
            }
        }
    }

    /// A body may not be above itself.
    fn cycles(&mut self) {
        // Whoever's parents are all settled is settled; only what is left over can be on a cycle.
        let mut left: BTreeMap<&BodyId, &Body> = self.organisation.bodies.iter().collect();
        loop {
            let before = left.len();
            let settled: Vec<&BodyId> = left
                .iter()
                .filter(|(_, body)| !body.parents.iter().any(|parent| left.contains_key(parent)))
                .map(|(id, _)| *id)
                .collect();
            for id in settled {
                left.remove(id);
            }
            if left.len() == before {
                break;
            }
        }
        for Declared { document, table, id } in &self.declared {
            if left.contains_key(id) && self.organisation.ancestors(id).contains(id) {
                let message = format!("the body `{id}` is above itself through its parents");
                let fault = document.source().fault(table.key_at("parents"), "cycle", message);
                self.faults.push(fault.suggest("remove a parent from one of the bodies in the circle"));
            }
        }
    }
}

fn depth(path: &str) -> usize {
    path.matches('/').count()
}

/// The folder that a path lies in; empty for the root.
fn folder(path: &str) -> &str {
    path.rsplit_once('/').map_or("", |(folder, _)| folder)
}

fn place(document: &Document<'_>, at: usize) -> String {
    let (line, _) = document.source().position(at);
    format!("{}:{line}", document.source().path())
}

/// Advice for an unknown body: the one that is called so, else the one with the closest id.
pub(crate) fn suggest_body(organisation: &Organisation, text: &str) -> Option<String> {
    match organisation.find(text) {
        Some(body) => Some(format!("write `{}`", body.id)),
        None if organisation.kinds.contains_key(&KindId::from(text)) => {
            Some("write the id of a body: this is a kind".to_owned())
        }
        None => advise(text, organisation.bodies.keys().map(BodyId::as_str)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(files: &[(&str, &str)]) -> Vec<String> {
        let files: Vec<SourceFile> = files.iter().map(|(path, text)| SourceFile::new(*path, *text)).collect();
        load(&files).err().into_iter().flatten().map(|fault| fault.to_string()).collect()
    }

    const KINDS: &str = "[[kind]]\nid = \"rpo\"\ntitle = \"RPO\"\nroles = [\"ordförande\", \"processtöd\"]\n";

    #[test]
    fn files_of_all_folders_are_one_organisation() {
        let files = [
            SourceFile::new("nationell/organisation.toml", KINDS),
            SourceFile::new(
                "sydost/organisation.toml",
                "title = \"Sydost\"\n[[body]]\nname = \"RPO Öron och näsa\"\nkind = \"rpo\"\naliases = [\"ÖN\"]\n",
            ),
            SourceFile::new("sydost/rpo.toml", "not an organisation"),
        ];
        let organisation = load(&files).unwrap();
        assert_eq!(organisation.title, "Sydost");
        let body = organisation.find("ön").unwrap();
        assert_eq!(body.id.as_str(), "rpo-oron-och-nasa");
        assert_eq!(organisation.role_title(&body.id, &"ordforande".into()), "ordförande");
    }

    #[test]
    fn every_fault_of_every_file_is_told() {
        let sydost = "[[body]]\nname = \"A\"\nkind = \"rop\"\nparents = [\"b\"]\n\
                      [[body]]\nname = \"B\"\nkind = \"rpo\"\nparents = \"a\"\n\
                      [[body]]\nid = \"a\"\nname = \"C\"\nkind = \"rpo\"\n\
                      [[body]]\nname = \"D\"\nkind = \"rpo\"\naliases = [\"b\"]\nparents = [\"x\"]\n";
        assert_eq!(
            told(&[("organisation.toml", KINDS), ("sydost/organisation.toml", sydost)]),
            [
                "sydost/organisation.toml:3:8: unknown kind `rop`, did you mean `rpo`?",
                "sydost/organisation.toml:4:1: the body `a` is above itself through its parents, \
                 remove a parent from one of the bodies in the circle",
                "sydost/organisation.toml:8:1: the body `b` is above itself through its parents, \
                 remove a parent from one of the bodies in the circle",
                "sydost/organisation.toml:10:6: the body `a` is already defined at \
                 sydost/organisation.toml:1",
                "sydost/organisation.toml:16:12: `b` already means the body `b`, \
                 write a name that only one body has",
                "sydost/organisation.toml:17:12: unknown body `x`, write `a`, `b` or `d`",
            ]
        );
    }

    #[test]
    fn roles_and_kinds_stand_once() {
        let kinds =
            format!("{KINDS}{KINDS}[[kind]]\nid = \"x\"\ntitle = \"X\"\nroles = [\"A\", \"å\", \"!\"]\n");
        assert_eq!(
            told(&[("organisation.toml", &kinds)]),
            [
                "organisation.toml:6:6: the kind `rpo` is already defined at organisation.toml:1",
                "organisation.toml:12:15: the role `å` is the same as `A`, keep one of them",
                "organisation.toml:12:20: `!` is no role: it has letters, digits, spaces, hyphens and \
                 colons only, write a title such as `ordförande`",
            ]
        );
    }
}
