//! What an installation allows to be handed in, and to whom a question may go on.

/// From the configuration.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Policy {
    /// Mail domains to which a question may be passed on though the person is not registered; in lower case.
    pub domains: Vec<String>,
    /// The largest file, in bytes.
    pub file_limit: u64,
    /// A program with its arguments that gets each file on its standard input; it accepts by exit code 0.
    pub file_check: Option<Vec<String>>,
}

/// Ten million bytes: what a mail with an attachment may weigh in most organisations.
const FILE_LIMIT: u64 = 10_000_000;

impl Default for Policy {
    fn default() -> Self {
        Self { domains: Vec::new(), file_limit: FILE_LIMIT, file_check: None }
    }
}

impl Policy {
    /// Whether somebody with that address may be asked though nobody has registered them.
    #[must_use]
    pub fn allows(&self, address: &str) -> bool {
        let domain = address.trim().rsplit_once('@').map(|(_, domain)| domain.to_lowercase());
        domain.is_some_and(|domain| self.domains.contains(&domain))
    }
}
