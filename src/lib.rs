//! `arshjul` runs a public organisation's year.
//!
//! ```text
//! workflows/*.toml, organisation ─┐
//! facts (items, answers, holders) ├─▶ plan (pure) ─▶ reconcile ─▶ outbox ─▶ mail
//! a moment in time ───────────────┘       │
//!                                         └─▶ ical, web (read; web also records facts)
//! ```
//!
//! Modules form layers, and a module names only lower ones; `tests/it/layering.rs` holds the table.
//! `ARCHITECTURE.md` is the map for a reader of the code.

pub mod answering;
pub mod app;
pub mod belongs;
pub mod calendar;
pub mod calendars;
pub mod cli;
pub mod clock;
pub mod config;
pub mod demo;
pub mod documents;
pub mod fault;
pub mod grammar;
pub mod ical;
pub mod ids;
pub mod import;
pub mod items;
pub mod mail;
pub mod organisation;
pub mod people;
pub mod picture;
pub mod plan;
pub mod rules;
pub mod store;
pub mod telemetry;
pub mod text;
pub mod tokens;
pub mod web;
pub mod wheel;
pub mod worker;
pub mod workflow;
