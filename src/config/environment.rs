//! The process's environment, read once.

use std::collections::BTreeMap;

/// Settings from the environment. An empty value counts as none.
#[derive(Clone, Debug, Default)]
pub struct Environment(BTreeMap<String, String>);

impl Environment {
    /// What the process was started with, as far as it begins with `ARSHJUL_` or is `NO_COLOR`.
    #[must_use]
    pub fn of_process() -> Self {
        let ours = |name: &str| name.starts_with("ARSHJUL_") || name == "NO_COLOR";
        let all =
            std::env::vars_os().filter_map(|(k, v)| Some((k.into_string().ok()?, v.into_string().ok()?)));
        Self(all.filter(|(name, value)| ours(name) && !value.is_empty()).collect())
    }

    /// These settings and no others.
    #[must_use]
    pub fn of(settings: &[(&str, &str)]) -> Self {
        Self(settings.iter().map(|(k, v)| ((*k).to_owned(), (*v).to_owned())).collect())
    }

    /// The names of all settings.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.0.keys().map(String::as_str)
    }

    /// A setting.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&str> {
        self.0.get(name).map(String::as_str)
    }
}
