//! Configuration: a file `arshjul.toml`, and the environment, which wins.
//!
//! This is the only module that reads the environment. It turns both into values, with all faults at once;
//! the rest of the program gets plain values and never asks where they came from.

mod environment;
mod file;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use crate::answering::Policy;
use crate::calendar::QuietPeriods;
use crate::calendars::{self, Host, Source};
use crate::fault::{Fault, Faults};
use crate::grammar::SourceFile;
use crate::mail::smtp_url::{Secret, SmtpConfig};
use crate::store::Location;

pub use environment::Environment;
pub use file::{EXAMPLE, schema};

/// The file that is read where nothing else is said, in the working directory.
pub const DEFAULT_FILE: &str = "arshjul.toml";

/// A person gets no more mails in a week unless something else is said.
pub const PER_WEEK: u32 = 5;

/// How an installation is set up.
#[derive(Clone, Debug)]
pub struct Config {
    /// The folder of workflow and organisation files; none for the shipped ones.
    pub workflows: Option<PathBuf>,
    /// Where facts and the outbox are kept.
    pub database: Location,
    /// Who mails come from; none is sent without.
    pub from: Option<String>,
    /// Where an answer by mail goes.
    pub reply_to: Option<String>,
    /// How mails leave; none is sent without.
    pub mail: Option<MailTo>,
    /// The address that the web server listens on.
    pub listen: String,
    /// The address that people reach it at, without a slash at its end.
    pub public_url: String,
    /// At most so many mails a minute.
    pub per_minute: Option<u32>,
    /// At most so many mails to a person in a week; none for no limit.
    pub per_week: Option<u32>,
    /// The folder of an organisation's own mail templates; none for the shipped ones.
    pub templates: Option<PathBuf>,
    /// An address that is fetched after each good round, so that a monitor notices silence.
    pub heartbeat: Option<String>,
    /// What may be handed in with an answer, and to whom a question may be passed on.
    pub answers: Policy,
    /// Where others' calendars may be fetched from.
    pub calendars: calendars::Policy,
    /// The addresses of calendars that workflow files call by name.
    pub calendar_sources: BTreeMap<String, Source>,
    /// What is logged, in the syntax of `tracing`'s filters.
    pub log: String,
    /// When nothing is sent.
    pub quiet: QuietPeriods,
}

/// How mails leave.
#[derive(Clone, Debug)]
pub enum MailTo {
    /// To a relay.
    Smtp(SmtpConfig),
    /// Into a folder, one file each.
    Files(PathBuf),
}

impl Config {
    /// The configuration that `environment` names: the file of `ARSHJUL_CONFIG`, else [`DEFAULT_FILE`] if there is
    /// one, else defaults; then the environment's own settings.
    ///
    /// # Errors
    /// All faults of file and environment together.
    pub fn load(environment: &Environment) -> Result<Self, Faults> {
        let named = environment.get("ARSHJUL_CONFIG").map(PathBuf::from);
        let path = named.clone().unwrap_or_else(|| PathBuf::from(DEFAULT_FILE));
        let file = match std::fs::read_to_string(&path) {
            Ok(text) => Some(SourceFile::new(path.to_string_lossy(), text)),
            Err(error) if named.is_none() && error.kind() == std::io::ErrorKind::NotFound => None,
            Err(error) => return Err(Faults::new(vec![unreadable(&path, &error)])),
        };
        Self::read(file.as_ref(), environment)
    }

    /// The configuration of `file` and `environment`.
    ///
    /// # Errors
    /// All faults of both.
    pub fn read(file: Option<&SourceFile>, environment: &Environment) -> Result<Self, Faults> {
        let (settings, mut faults) = file.map_or_else(Default::default, file::read);
        let mut reader = Reader { settings, environment, faults: &mut faults };
        let config = reader.config();
        match config {
            Some(config) if faults.is_empty() => Ok(config),
            _ => Err(Faults::new(faults)),
        }
    }

    /// What stands in the way of sending mail, in the words of the one who must mend it; none if nothing does.
    #[must_use]
    pub fn cannot_send(&self) -> Option<&'static str> {
        match (&self.from, &self.mail) {
            (None, _) => Some(
                "there is no sender: set ARSHJUL_FROM (or `from` in arshjul.toml) to the address that mails come from",
            ),
            (_, None) => Some(
                "there is no way out for mail: set ARSHJUL_SMTP=smtp://HOST:PORT (or `smtp` in arshjul.toml), or \
                 ARSHJUL_MAIL=files:FOLDER to write mails to files",
            ),
            _ => None,
        }
    }
}

fn unreadable(path: &Path, error: &std::io::Error) -> Fault {
    Fault {
        file: path.to_string_lossy().into_owned(),
        line: 1,
        column: 1,
        code: "unreadable",
        message: format!("the file can't be read: {error}"),
        suggestion: Some("correct ARSHJUL_CONFIG, or make one with `arshjul init`".to_owned()),
    }
}

/// Puts settings of the file and of the environment together.
struct Reader<'a> {
    settings: file::Settings,
    environment: &'a Environment,
    faults: &'a mut Vec<Fault>,
}

impl Reader<'_> {
    fn config(&mut self) -> Option<Config> {
        let database = self.text("database").unwrap_or_else(|| "arshjul.db".to_owned());
        let database = self.checked("database", Location::parse(&database));
        let password = self.secret("ARSHJUL_DATABASE_PASSWORD");
        let database = match (database, password) {
            (Some(location), Some(password)) => Some(location.with_password(password.expose())),
            (location, _) => location,
        };
        let mail = self.mail();
        let listen = self.text("listen").unwrap_or_else(|| "127.0.0.1:8080".to_owned());
        let public_url = self.text("public-url").unwrap_or_else(|| format!("http://{listen}"));
        let public_url = public_url.trim_end_matches('/').to_owned();
        let per_minute = self.number("per-minute", self.settings.per_minute);
        let per_week = self.number("per-week", self.settings.per_week).unwrap_or(PER_WEEK);
        let calendar_sources = std::mem::take(&mut self.settings.calendars.sources);
        let calendars = self.calendars();
        Some(Config {
            workflows: self.text("workflows").map(PathBuf::from),
            database: database?,
            from: self.text("from"),
            reply_to: self.text("reply-to"),
            mail,
            listen,
            public_url,
            per_minute,
            per_week: Some(per_week).filter(|most| *most > 0),
            templates: self.text("templates").map(PathBuf::from),
            heartbeat: self.text("heartbeat"),
            answers: self.answers(),
            calendar_sources: self.calendar_sources(calendar_sources, &calendars),
            calendars,
            log: self.text("log").unwrap_or_else(|| "info".to_owned()),
            quiet: std::mem::take(&mut self.settings.quiet).unwrap_or_default(),
        })
    }

    /// A setting: `ARSHJUL_PUBLIC_URL` for `public-url`, else the file's.
    fn text(&mut self, key: &str) -> Option<String> {
        self.environment.get(&variable(key)).map(str::to_owned).or_else(|| self.settings.text.remove(key))
    }

    /// A number: the environment's, else the file's.
    fn number(&mut self, key: &str, of_file: Option<u32>) -> Option<u32> {
        match self.environment.get(&variable(key)).map(str::to_owned) {
            Some(text) => self.checked(key, text.parse().map_err(|_| "is not a whole number")),
            None => of_file,
        }
    }

    fn answers(&mut self) -> Policy {
        let domains = self.text("answer-domains").unwrap_or_default();
        let mut found = Vec::new();
        for domain in domains.split([',', ' ']).map(str::trim).filter(|domain| !domain.is_empty()) {
            let plain = |c: char| c.is_ascii_alphanumeric() || c == '.' || c == '-';
            if domain.contains('.') && domain.chars().all(plain) && !domain.starts_with('.') {
                found.push(domain.to_lowercase());
            } else {
                let message = format!("`{domain}` is no mail domain; write it as `region.example.org`");
                self.fault("answer-domains", message);
            }
        }
        let megabytes = match self.environment.get("ARSHJUL_FILE_LIMIT") {
            Some(text) => {
                let number = text.parse().ok().filter(|n| (1..=100).contains(n));
                self.checked("file-limit", number.ok_or("is not a whole number of MB from 1 to 100"))
            }
            None => self.settings.file_limit,
        };
        let check = self.text("file-check");
        Policy {
            domains: found,
            file_limit: megabytes.map_or(Policy::default().file_limit, |n| u64::from(n) * 1_000_000),
            file_check: check.map(|line| line.split_whitespace().map(str::to_owned).collect()),
        }
    }

    fn calendars(&mut self) -> calendars::Policy {
        let of_file = std::mem::take(&mut self.settings.calendars);
        let allow_http = self.truth("calendars-allow-http", of_file.allow_http);
        let allow_private = self.truth("calendars-allow-private", of_file.allow_private);
        let hosts = match self.environment.get("ARSHJUL_CALENDARS_HOSTS").map(str::to_owned) {
            None => of_file.hosts,
            Some(text) => {
                let words = text.split([',', ' ']).filter(|word| !word.is_empty());
                words.filter_map(|word| self.checked("calendars-hosts", Host::parse(word))).collect()
            }
        };
        calendars::Policy { hosts, allow_http, allow_private, ..calendars::Policy::default() }
    }

    /// The addresses of calendars: the environment's, also as files that hold one, else the file's. An address may be
    /// a secret and is never repeated.
    fn calendar_sources(
        &mut self,
        mut addresses: BTreeMap<String, String>,
        policy: &calendars::Policy,
    ) -> BTreeMap<String, Source> {
        let prefix = variable(file::CALENDAR_SOURCE);
        let names: Vec<String> = self.environment.names().map(str::to_owned).collect();
        for variable in names.iter().filter_map(|name| name.strip_prefix(&prefix)) {
            let name = variable.strip_suffix("_FILE").unwrap_or(variable);
            if let Some(address) = self.secret(&format!("{prefix}{name}")) {
                addresses.insert(name.to_lowercase().replace('_', "-"), address.expose().to_owned());
            }
        }
        let mut found = BTreeMap::new();
        for (name, address) in addresses {
            let key = format!("{}{name}", file::CALENDAR_SOURCE);
            found.extend(self.checked(&key, Source::parse(&address, policy)).map(|source| (name, source)));
        }
        found
    }

    /// Yes or no: the environment's, else the file's, else no.
    fn truth(&mut self, key: &str, of_file: Option<bool>) -> bool {
        match self.environment.get(&variable(key)).map(str::to_owned) {
            Some(text) => self.checked(key, text.parse().map_err(|_| "is neither `true` nor `false`")),
            None => of_file,
        }
        .unwrap_or(false)
    }

    fn mail(&mut self) -> Option<MailTo> {
        if let Some(mail) = self.text("mail") {
            let folder = mail.strip_prefix("files:").filter(|f| !f.is_empty());
            let folder = folder.ok_or("has another form than files:FOLDER");
            return self.checked("mail", folder).map(|f| MailTo::Files(PathBuf::from(f)));
        }
        let url = self.text("smtp")?;
        let password = self.secret("ARSHJUL_SMTP_PASSWORD");
        self.checked("smtp", SmtpConfig::parse(&url, password)).map(MailTo::Smtp)
    }

    /// A secret, given as it is or as a file that holds it.
    fn secret(&mut self, name: &str) -> Option<Secret> {
        if let Some(value) = self.environment.get(name) {
            return Some(Secret::new(value));
        }
        let path = self.environment.get(&format!("{name}_FILE"))?.to_owned();
        match std::fs::read_to_string(&path) {
            Ok(text) => Some(Secret::new(text.trim_end_matches(['\r', '\n']))),
            Err(error) => {
                self.fault(&format!("{name}_FILE"), format!("the file it names can't be read: {error}"));
                None
            }
        }
    }

    fn checked<T, E: std::fmt::Display>(&mut self, key: &str, value: Result<T, E>) -> Option<T> {
        value.map_err(|error| self.fault(key, error.to_string())).ok()
    }

    /// A fault of a setting: in the environment where it is set there, else in the file.
    fn fault(&mut self, key: &str, message: String) {
        let variable = if key.starts_with("ARSHJUL_") { key.to_owned() } else { variable(key) };
        let in_environment = self.environment.get(&variable).is_some();
        let (file, line, column) = match self.settings.places.get(key) {
            Some((file, line, column)) if !in_environment => (file.clone(), *line, *column),
            _ => (variable, 1, 1),
        };
        self.faults.push(Fault { file, line, column, code: "bad-setting", message, suggestion: None });
    }
}

/// The environment's name for a setting.
fn variable(key: &str) -> String {
    format!("ARSHJUL_{}", key.replace('-', "_").to_uppercase())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(file: &str, environment: &[(&str, &str)]) -> Result<Config, String> {
        let file = SourceFile::new("arshjul.toml", file);
        let config = Config::read(Some(&file), &Environment::of(environment));
        config.map_err(|faults| faults.to_string())
    }

    #[test]
    fn nothing_said_gives_an_installation_that_sends_nothing() {
        let config = read("", &[]).unwrap();
        assert!(config.cannot_send().unwrap().contains("ARSHJUL_FROM"));
        assert_eq!(config.listen, "127.0.0.1:8080");
        assert_eq!(config.public_url, "http://127.0.0.1:8080");
    }

    #[test]
    fn the_environment_beats_the_file() {
        let file = "from = \"a@example.org\"\nlisten = \"127.0.0.1:1\"\nper-minute = 20";
        let config = read(file, &[("ARSHJUL_FROM", "b@example.org"), ("ARSHJUL_MAIL", "files:ut")]).unwrap();
        assert_eq!(config.from.as_deref(), Some("b@example.org"));
        assert_eq!((config.listen.as_str(), config.per_minute), ("127.0.0.1:1", Some(20)));
        assert!(config.cannot_send().is_none());
    }

    #[test]
    fn the_cap_of_a_week_may_be_lifted() {
        let per_week = |file: &str, environment: &[(&str, &str)]| read(file, environment).unwrap().per_week;
        assert_eq!(per_week("", &[]), Some(PER_WEEK));
        assert_eq!(per_week("per-week = 0", &[]), None);
        assert_eq!(per_week("per-week = 0", &[("ARSHJUL_PER_WEEK", "3")]), Some(3));
        read("", &[("ARSHJUL_PER_WEEK", "fem")]).unwrap_err();
    }

    #[test]
    fn all_faults_come_together_with_their_places() {
        let file = "smtp = \"ftp://x\"\nfrom_ = \"x\"\n[[quiet]]\nname = \"sommar\"\nweeks = \"60-61\"\n";
        let faults = read(file, &[("ARSHJUL_DATABASE", "mysql://x")]).unwrap_err();
        for expected in
            ["arshjul.toml:1:8:", "arshjul.toml:2:1:", "arshjul.toml:5:9:", "ARSHJUL_DATABASE:1:1:"]
        {
            assert!(faults.contains(expected), "{expected} in\n{faults}");
        }
    }

    #[test]
    fn quiet_periods_replace_the_usual_ones() {
        let file = "[[quiet]]\nname = \"påsk\"\nfrom = \"04-01\"\nuntil = \"04-10\"\n";
        let config = read(file, &[]).unwrap();
        assert_eq!(config.quiet.name(jiff::civil::date(2025, 4, 5)), Some("påsk"));
        assert_eq!(config.quiet.name(jiff::civil::date(2025, 7, 15)), None);
    }

    #[test]
    fn what_may_be_handed_in_is_configured() {
        let answers = read("", &[]).unwrap().answers;
        assert_eq!(answers, Policy::default());
        let file = "answer-domains = \"Region.example.org, x.example.org\"\nfile-limit = 25\n\
                    file-check = \"clamdscan --no-summary -\"\n";
        let answers = read(file, &[("ARSHJUL_FILE_LIMIT", "3")]).unwrap().answers;
        assert!(answers.allows("Anna@REGION.example.org") && !answers.allows("anna@sub.region.example.org"));
        assert!(!answers.allows("anna") && !answers.allows("anna@example.org"));
        assert_eq!(answers.file_limit, 3_000_000);
        assert_eq!(answers.file_check.unwrap(), ["clamdscan", "--no-summary", "-"]);
        let faults = read("answer-domains = \"anna@x.org\"\nfile-limit = 0\n", &[]).unwrap_err();
        for expected in ["arshjul.toml:1:18:", "arshjul.toml:2:14:"] {
            assert!(faults.contains(expected), "{expected} in\n{faults}");
        }
        read("", &[("ARSHJUL_FILE_LIMIT", "0")]).unwrap_err();
    }

    #[test]
    fn where_calendars_come_from_is_configured() {
        let calendars =
            |file: &str, environment: &[(&str, &str)]| read(file, environment).map(|c| c.calendars);
        assert_eq!(calendars("", &[]).unwrap(), calendars::Policy::default());
        let hosts = |words: &[&str]| words.iter().map(|w| Host::parse(w).unwrap()).collect::<Vec<_>>();
        let file = "[calendars]\nhosts = [\"a.example.org\", \"*.icloud.com\"]\nallow-http = true\n";
        let found = calendars(file, &[]).unwrap();
        assert_eq!((found.allow_http, found.allow_private), (true, false));
        assert_eq!(found.hosts, hosts(&["a.example.org", "*.icloud.com"]));
        let environment = [
            ("ARSHJUL_CALENDARS_HOSTS", "b.example.org, localhost:8443"),
            ("ARSHJUL_CALENDARS_ALLOW_HTTP", "false"),
            ("ARSHJUL_CALENDARS_ALLOW_PRIVATE", "true"),
        ];
        let found = calendars(file, &environment).unwrap();
        assert_eq!((found.allow_http, found.allow_private), (false, true));
        assert_eq!(found.hosts, hosts(&["b.example.org", "localhost:8443"]));
        let faults = calendars("[calendars]\nhosts = [\"a.example.org\", \"https://b\"]\n", &[]).unwrap_err();
        assert!(faults.contains("arshjul.toml:2:27: `https://b` is no host"), "{faults}");
        let environment = [("ARSHJUL_CALENDARS_HOSTS", "*.com"), ("ARSHJUL_CALENDARS_ALLOW_HTTP", "ja")];
        let faults = calendars("", &environment).unwrap_err();
        for expected in
            ["ARSHJUL_CALENDARS_HOSTS:1:1: `*.com` is no host", "ARSHJUL_CALENDARS_ALLOW_HTTP:1:1:"]
        {
            assert!(faults.contains(expected), "{expected} in\n{faults}");
        }
    }

    #[test]
    fn calendars_get_their_addresses_by_name_and_no_complaint_repeats_one() {
        let file = "[calendars]\nhosts = [\"a.example.org\"]\n[calendars.sources]\n\
                    rpo = \"https://a.example.org/hemlig1\"\nrsl-moten = \"https://a.example.org/hemlig2\"\n";
        let folder = tempfile::tempdir().unwrap();
        let secret = folder.path().join("adress");
        std::fs::write(&secret, "webcal://a.example.org/hemlig3\n").unwrap();
        let secret = secret.to_str().unwrap();
        let environment = [
            ("ARSHJUL_CALENDARS_SOURCES_RSL_MOTEN", "https://a.example.org/hemlig4"),
            ("ARSHJUL_CALENDARS_SOURCES_NY_FILE", secret),
        ];
        let config = read(file, &environment).unwrap();
        let names: Vec<&str> = config.calendar_sources.keys().map(String::as_str).collect();
        assert_eq!(names, ["ny", "rpo", "rsl-moten"]);
        let policy = &config.calendars;
        let address = |text: &str| Source::parse(text, policy).unwrap();
        assert_eq!(config.calendar_sources["rsl-moten"], address("https://a.example.org/hemlig4"));
        assert_eq!(config.calendar_sources["ny"], address("https://a.example.org/hemlig3"));
        assert!(!format!("{config:?}").contains("hemlig"));
        let wrong = file.replace("//a.example.org/hemlig1", "//b.example.org/hemlig1");
        let faults = read(&wrong, &[("ARSHJUL_CALENDARS_SOURCES_RSL_MOTEN", "hemlig5")]).unwrap_err();
        for expected in
            ["arshjul.toml:4:7: b.example.org is not among", "ARSHJUL_CALENDARS_SOURCES_RSL_MOTEN:1:1:"]
        {
            assert!(faults.contains(expected), "{expected} in\n{faults}");
        }
        assert!(!faults.contains("hemlig"), "{faults}");
    }

    #[test]
    fn the_example_is_a_configuration_without_faults() {
        read(EXAMPLE, &[]).unwrap();
    }
}
