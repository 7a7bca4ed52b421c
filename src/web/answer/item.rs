//! The fields of a question about an item, and of proposals of new ones: what stands in them and what they send.
//!
//! A field that is filled in beforehand says in a hidden one beside it what it was filled with. What is sent as it
//! was filled in is no input: pressing "Ingen förändring" is one press, and a page that lay open while somebody else
//! changed the item changes nothing back.

use jiff::civil::Date;

use super::faults::unreadable_date;
use super::fields::{Block, Builder, Fault, Field, Opt, Tick};
use super::name;
use super::sent::Sent;
use super::unit::{Known, Unit, value_of};
use crate::answering::{AboutItem, HandedOwners, HandedValue, Proposal};
use crate::items::measures::awaited;
use crate::items::register::Promise;
use crate::items::{Health, Phase};
use crate::store::NewMeasure;
use crate::text::item_form::{self as text, labels};
use crate::workflow::model::{Answer, Takes};

/// So many items can be proposed at a time; the page can be opened again for more.
pub(super) const BLOCKS: usize = 3;

/// What stands in the fields about an item.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct FilledItem {
    pub phase: String,
    pub health: String,
    pub line: String,
    pub next: String,
    pub owner: String,
    pub each: String,
    pub period: String,
    /// By the field's name.
    pub values: Vec<(String, String)>,
    /// What the fields were filled with beforehand.
    pub was: Vec<(&'static str, String)>,
    pub proposals: Vec<FilledProposal>,
    pub anyway: bool,
}

/// What stands in the fields of one proposal.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct FilledProposal {
    pub title: String,
    pub promises: Vec<String>,
    pub activity: String,
    pub follow_up: String,
    pub owner: String,
    pub next: String,
}

/// The fields that are filled in beforehand.
const BEFOREHAND: [&str; 5] = [name::PHASE, name::HEALTH, name::NEXT, name::OWNER, name::EACH_OWNER];
/// What a ticked box sends.
const YES: &str = "ja";

/// The name of the hidden field that says what `field` was filled with.
fn was_name(field: &str) -> String {
    format!("{field}-var")
}

impl FilledItem {
    /// As the item is.
    pub fn of(unit: Option<&Unit>) -> Self {
        let proposals = vec![FilledProposal::default(); BLOCKS];
        let Some(unit) = unit else { return Self::default() };
        let Some(known) = &unit.item else { return Self { proposals, ..Self::default() } };
        let item = &known.item;
        let periods = known.measures.iter().flat_map(|m| &m.values).map(|row| row.value.period.as_str());
        let period = awaited(periods, unit.today);
        let mut values = Vec::new();
        for measure in &known.measures {
            for (region, _) in &known.regions {
                let value = known.value(measure.number, region, &period).unwrap_or_default();
                values.push((name::value(measure.number, region), value.to_owned()));
            }
        }
        let mut filled = Self {
            phase: item.phase.code().to_owned(),
            health: item.health.code().to_owned(),
            next: item.next.map(|next| next.to_string()).unwrap_or_default(),
            owner: value_of(&item.owners.list),
            each: if item.owners.all { YES.to_owned() } else { String::new() },
            period,
            values,
            proposals,
            ..Self::default()
        };
        filled.was = BEFOREHAND.map(|field| (field, filled.get(field).to_owned())).into();
        filled
    }

    fn get(&self, field: &str) -> &str {
        match field {
            name::PHASE => &self.phase,
            name::HEALTH => &self.health,
            name::NEXT => &self.next,
            name::OWNER => &self.owner,
            name::EACH_OWNER => &self.each,
            _ => "",
        }
    }

    fn was(&self, field: &str) -> &str {
        self.was.iter().find(|(known, _)| *known == field).map_or("", |(_, value)| value)
    }

    /// What was typed. What a form doesn't say that it was filled with, it was filled with as the item is `now`.
    pub fn sent(sent: &Sent, now: &Self) -> Self {
        let beforehand = |field: &'static str| {
            let was = was_name(field);
            (field, if sent.has(&was) { sent.one(&was) } else { now.get(field).to_owned() })
        };
        let values = sent.names().filter(|field| field.starts_with(name::VALUE) && *field != name::PERIOD);
        let proposal = |n: usize| {
            let one = |part: &str| sent.one(&name::proposal(n, part));
            FilledProposal {
                title: one(name::TITLE),
                promises: sent.all(&name::proposal(n, name::PROMISE)).map(str::to_owned).collect(),
                activity: one(name::ACTIVITY),
                follow_up: one(name::FOLLOW_UP),
                owner: one(name::PROPOSED_OWNER),
                next: one(name::PROPOSED_NEXT),
            }
        };
        Self {
            phase: sent.one(name::PHASE),
            health: sent.one(name::HEALTH),
            line: sent.one(name::LINE),
            next: sent.one(name::NEXT),
            owner: sent.one(name::OWNER),
            each: sent.one(name::EACH_OWNER),
            period: sent.one(name::PERIOD),
            values: values.map(|field| (field.to_owned(), sent.one(field))).collect(),
            was: BEFOREHAND.map(beforehand).into(),
            proposals: now.proposals.iter().enumerate().map(|(n, _)| proposal(n)).collect(),
            anyway: sent.has(name::ANYWAY),
        }
    }

    /// What of this is said with the `chosen` answer about the item as it is `now`.
    pub fn about(&self, chosen: &Answer, now: &Self, known: Option<&Known>) -> Result<AboutItem, Vec<Fault>> {
        let next = self.said(chosen, now, name::NEXT, Takes::NextDate);
        let next = next.map(|next| next.parse::<Date>()).transpose();
        let next = next.map_err(|_| vec![unreadable_date(name::NEXT)])?;
        let taken = |takes| chosen.takes.contains(&takes);
        // Who must answer is said with who they are.
        let each = self.each != self.was(name::EACH_OWNER) && taken(Takes::Owner);
        let owner = self.said(chosen, now, name::OWNER, Takes::Owner);
        let owner = owner.or_else(|| Some(self.owner.clone()).filter(|owner| each && !owner.is_empty()));
        Ok(AboutItem {
            phase: self
                .said(chosen, now, name::PHASE, Takes::Phase)
                .and_then(|code| Phase::read(&code))
                .filter(|phase| *phase != Phase::Unknown),
            health: self
                .said(chosen, now, name::HEALTH, Takes::Health)
                .and_then(|code| Health::read(&code))
                .filter(|health| *health != Health::Unknown),
            line: Some(self.line.clone()).filter(|line| !line.is_empty()),
            next,
            owners: owner.map(|owner| HandedOwners {
                names: owner.split(',').map(str::to_owned).collect(),
                all: self.each == YES,
            }),
            values: known.map(|known| self.measured(known)).unwrap_or_default(),
        })
    }

    /// What a field that was filled in beforehand says. As it was filled in it says something only to an answer that
    /// takes it, and only while the item is like that: phase and health are then confirmed, and what the answer needs
    /// is there.
    fn said(&self, chosen: &Answer, now: &Self, field: &str, takes: Takes) -> Option<String> {
        let (typed, was) = (self.get(field), self.was(field));
        let confirms = match takes {
            Takes::Phase | Takes::Health => chosen.takes.contains(&takes),
            _ => chosen.needs.contains(&takes),
        };
        let counts = typed != was || (confirms && typed == now.get(field));
        (counts && !typed.is_empty()).then(|| typed.to_owned())
    }

    /// The values that aren't those of the register.
    fn measured(&self, known: &Known) -> Vec<HandedValue> {
        let mut values = Vec::new();
        for measure in &known.measures {
            for (region, _) in &known.regions {
                let field = name::value(measure.number, region);
                let typed = self.values.iter().find(|(known, _)| *known == field).map(|(_, value)| value);
                let stands = known.value(measure.number, region, &self.period);
                if let Some(typed) = typed.filter(|typed| !typed.is_empty() && Some(typed.as_str()) != stands)
                {
                    values.push(HandedValue {
                        measure: measure.number,
                        region: region.to_string(),
                        period: self.period.clone(),
                        value: typed.clone(),
                    });
                }
            }
        }
        values
    }

    /// What is proposed, blank blocks too: each keeps its number.
    pub fn proposed(&self) -> Result<Vec<Proposal>, Vec<Fault>> {
        let mut faults = Vec::new();
        let mut proposals = Vec::new();
        for (n, filled) in self.proposals.iter().enumerate() {
            let next = Some(&filled.next).filter(|next| !next.is_empty()).map(|next| next.parse::<Date>());
            let next = next.transpose().unwrap_or_else(|_| {
                faults.push(unreadable_date(&name::proposal(n, name::PROPOSED_NEXT)));
                None
            });
            proposals.push(Proposal {
                title: filled.title.clone(),
                promises: filled.promises.iter().filter_map(|code| Promise::read(code)).collect(),
                activity: filled.activity.clone(),
                follow_up: filled.follow_up.clone(),
                owner: filled.owner.clone(),
                next,
            });
        }
        if faults.is_empty() { Ok(proposals) } else { Err(faults) }
    }
}

impl Builder<'_> {
    /// The fields about an item that one of the answers takes. None says which answers those are, as other fields do:
    /// most are filled in, and are looked past.
    pub fn item_fields(&self, unit: &Unit, fields: &mut Vec<Field>) {
        let Some(known) = &unit.item else { return };
        let filled = &self.filled.item;
        if self.takes(Takes::Phase) {
            fields.push(self.phase(known.item.phase));
        }
        if self.takes(Takes::Health) {
            fields.push(self.health(known.item.health));
        }
        if self.takes(Takes::Line) {
            let hint = Some(labels::LINE_HINT.to_owned());
            fields.push(self.field(name::LINE, "text", labels::LINE, hint, &filled.line));
        }
        if self.takes(Takes::NextDate) {
            let field = self.field(name::NEXT, "date", labels::NEXT, None, &filled.next);
            fields.push(self.filled_beforehand(field));
        }
        if self.takes(Takes::Owner) {
            fields.push(self.owner(unit));
        }
        if self.takes(Takes::Values) && !known.measures.is_empty() {
            self.values(known, fields);
        }
    }

    fn filled_beforehand(&self, field: Field) -> Field {
        let was = self.filled.item.was(&field.name).to_owned();
        Field { was: vec![(was_name(&field.name), was)], ..field }
    }

    fn phase(&self, present: Phase) -> Field {
        let chosen = &self.filled.item.phase;
        // What isn't stated can stay so, but nothing becomes so.
        let phases = Phase::ALL.iter().filter(|phase| **phase != Phase::Unknown || present == Phase::Unknown);
        let options = phases.map(|phase| Opt::new(phase.code(), phase.swedish(), chosen)).collect();
        let field = self.field(name::PHASE, "select", labels::PHASE, None, chosen);
        self.filled_beforehand(Field { options, ..field })
    }

    fn health(&self, present: Health) -> Field {
        let chosen = &self.filled.item.health;
        let known = Health::ALL.iter().filter(|h| **h != Health::Unknown || present == Health::Unknown);
        let options = known.map(|health| Opt {
            mark: Some(health.code()),
            ..Opt::new(health.code(), health.swedish(), chosen)
        });
        let field = self.field(name::HEALTH, "radios", labels::HEALTH, None, chosen);
        self.filled_beforehand(Field { options: options.collect(), ..field })
    }

    fn owner(&self, unit: &Unit) -> Field {
        let filled = &self.filled.item;
        let field = self.field(name::OWNER, "select", labels::OWNERS, None, &filled.owner);
        let mut field = self.filled_beforehand(Field { options: options(unit, &filled.owner), ..field });
        field.was.push((was_name(name::EACH_OWNER), filled.was(name::EACH_OWNER).to_owned()));
        field.boxes = vec![Tick {
            id: format!("{}-alla", field.id),
            name: name::EACH_OWNER.to_owned(),
            value: YES.to_owned(),
            label: labels::EACH_OWNER.to_owned(),
            ticked: filled.each == YES,
        }];
        field
    }

    fn values(&self, known: &Known, fields: &mut Vec<Field>) {
        let filled = &self.filled.item;
        fields.push(self.field(name::PERIOD, "text", labels::PERIOD, None, &filled.period));
        for measure in &known.measures {
            let parts = known.regions.iter().map(|(region, words)| {
                let field = name::value(measure.number, region);
                let last = known.last(measure, region);
                let hint = last.map(|(value, period)| text::last_value(&value, &period));
                let typed = filled.values.iter().find(|(known, _)| *known == field);
                self.field(&field, "text", words, hint, typed.map_or("", |(_, value)| value))
            });
            let parts = parts.collect();
            let (NewMeasure { name, unit, target, .. }, number) = (&measure.measure, measure.number);
            let hint = text::measure(unit, target);
            let group = self.field(&format!("{}{number}", name::VALUE), "group", name, hint, "");
            fields.push(Field { parts, ..group });
        }
    }

    /// The blocks of proposals.
    pub fn blocks(&self, unit: &Unit) -> Vec<Block> {
        let filled = self.filled.item.proposals.iter().enumerate();
        let blocks = filled.map(|(n, filled)| {
            let field = |part: &str, kind, label, hint, value: &str| {
                self.field(&name::proposal(n, part), kind, label, hint, value)
            };
            let must = || Some(labels::MUST.to_owned());
            let promises = field(name::PROMISE, "marks", labels::PROMISES, None, "");
            let boxes = Promise::ALL.iter().map(|promise| Tick {
                id: format!("{}-{}", promises.id, promise.code()),
                name: promises.name.clone(),
                value: promise.code().to_owned(),
                label: promise.swedish().to_owned(),
                ticked: filled.promises.iter().any(|code| code == promise.code()),
            });
            let boxes = boxes.collect();
            let owner = field(name::PROPOSED_OWNER, "select", labels::OWNERS, must(), &filled.owner);
            let fields = vec![
                field(name::TITLE, "text", labels::TITLE, must(), &filled.title),
                Field { boxes, ..promises },
                field(name::ACTIVITY, "area", labels::ACTIVITY, None, &filled.activity),
                field(name::FOLLOW_UP, "area", labels::FOLLOW_UP, None, &filled.follow_up),
                Field { options: options(unit, &filled.owner), ..owner },
                field(name::PROPOSED_NEXT, "date", labels::NEXT, must(), &filled.next),
            ];
            let written = *filled != FilledProposal::default();
            Block { summary: text::proposal(n + 1), open: n == 0 || written, fields }
        });
        blocks.collect()
    }

    /// The box that records what looks like a personal number all the same.
    pub fn anyway(&self) -> Field {
        let field = self.field(name::ANYWAY, "marks", labels::ANYWAY, None, "");
        let boxes = vec![Tick {
            id: format!("{}-ja", field.id),
            name: name::ANYWAY.to_owned(),
            value: YES.to_owned(),
            label: labels::ANYWAY_TICK.to_owned(),
            ticked: self.filled.item.anyway,
        }];
        Field { boxes, ..field }
    }
}

/// Those who may own an item, and nobody where nobody is chosen.
fn options(unit: &Unit, chosen: &str) -> Vec<Opt> {
    let owners = unit.owners.iter().map(|(value, words)| Opt::new(value, words, chosen));
    let nobody = chosen.is_empty() || !unit.owners.iter().any(|(value, _)| value == chosen);
    let none = nobody.then(|| Opt::new("", labels::OWNER_NONE, ""));
    none.into_iter().chain(owners).collect()
}
