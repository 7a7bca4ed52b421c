//! Where the database is.

use std::fmt;
use std::path::{Path, PathBuf};

use super::StoreError;

/// Where the database is: a file, or a PostgreSQL server. Shows no password.
#[derive(Clone)]
pub struct Location(pub(super) Place);

#[derive(Clone)]
pub(super) enum Place {
    File(PathBuf),
    #[cfg(feature = "postgres")]
    Server(Box<sqlx::postgres::PgConnectOptions>),
}

impl Location {
    /// Reads `arshjul.db`, `sqlite:arshjul.db` or `postgres://user@host/database`.
    ///
    /// # Errors
    /// [`StoreError::Location`] for another scheme, for a database in memory, and for a server's address when
    /// the program was built without PostgreSQL.
    pub fn parse(text: &str) -> Result<Self, StoreError> {
        let refuse = |what: String| Err(StoreError::Location(what));
        let text = text.trim();
        if text.starts_with("postgres://") || text.starts_with("postgresql://") {
            return server(text);
        }
        let path = match text.split_once("://") {
            Some(("sqlite" | "file", path)) => path,
            Some((scheme, _)) => {
                return refuse(format!(
                    "starts with `{scheme}://`; write a file's path or `postgres://user@host/database`"
                ));
            }
            None => text.strip_prefix("sqlite:").unwrap_or(text),
        };
        match path {
            "" => refuse("is empty; write a file's path, such as `arshjul.db`".to_owned()),
            ":memory:" => refuse("is memory, which forgets what was sent; write a file's path".to_owned()),
            path => Ok(Self(Place::File(PathBuf::from(path)))),
        }
    }

    /// The same place with this password, for a password that comes by a file or an environment variable.
    /// A file has none: nothing changes.
    #[must_use]
    pub fn with_password(self, password: &str) -> Self {
        match self.0 {
            Place::File(path) => {
                let _ = password;
                Self(Place::File(path))
            }
            #[cfg(feature = "postgres")]
            Place::Server(options) => Self(Place::Server(Box::new(options.password(password)))),
        }
    }

    /// Whether there is something to open: a server always counts, a file only where it exists.
    #[must_use]
    pub fn existing(&self) -> bool {
        self.file().is_none_or(Path::exists)
    }

    /// The file's path; none for a server.
    #[must_use]
    pub fn file(&self) -> Option<&Path> {
        match &self.0 {
            Place::File(path) => Some(path),
            #[cfg(feature = "postgres")]
            Place::Server(_) => None,
        }
    }
}

#[cfg(feature = "postgres")]
fn server(url: &str) -> Result<Location, StoreError> {
    // The driver's own message may quote the address, password and all.
    let options = url.parse().map_err(|_| {
        StoreError::Location("cannot be read; write `postgres://user@host:port/database`".to_owned())
    })?;
    Ok(Location(Place::Server(Box::new(options))))
}

#[cfg(not(feature = "postgres"))]
fn server(_url: &str) -> Result<Location, StoreError> {
    Err(StoreError::Location(
        "is a PostgreSQL server, which this program was built without (cargo feature `postgres`)".to_owned(),
    ))
}

impl fmt::Display for Location {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0 {
            Place::File(path) => write!(f, "{}", path.display()),
            #[cfg(feature = "postgres")]
            Place::Server(options) => write!(
                f,
                "postgres://{}@{}:{}/{}",
                options.get_username(),
                options.get_socket().map_or(options.get_host().into(), |socket| socket.to_string_lossy()),
                options.get_port(),
                options.get_database().unwrap_or_default()
            ),
        }
    }
}

impl fmt::Debug for Location {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{self}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_is_a_file_and_other_schemes_are_refused_with_advice() {
        assert_eq!(Location::parse(" data/arshjul.db").unwrap().file(), Some(Path::new("data/arshjul.db")));
        assert_eq!(Location::parse("sqlite://a.db").unwrap().to_string(), "a.db");
        assert_eq!(Location::parse("sqlite:a.db").unwrap().to_string(), "a.db");
        for wrong in ["mysql://x/y", "", "sqlite::memory:"] {
            let said = Location::parse(wrong).unwrap_err().to_string();
            assert!(said.contains("write a file's path"), "{wrong}: {said}");
        }
    }

    #[cfg(feature = "postgres")]
    #[test]
    fn a_server_is_shown_without_its_password() {
        let place = Location::parse("postgres://anna:hemlig@db.example.org:5433/arshjul").unwrap();
        assert_eq!(format!("{place} {place:?}").matches("hemlig").count(), 0);
        let place = place.with_password("lika hemlig");
        assert_eq!(place.to_string(), "postgres://anna@db.example.org:5433/arshjul");
        assert!(!Location::parse("postgres://anna:hemlig@:x/").unwrap_err().to_string().contains("hemlig"));
    }
}
