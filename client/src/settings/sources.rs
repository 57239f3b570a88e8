//! The sources of settings: explicit values, the environment, two files, and the keyring.

use std::cell::OnceCell;
use std::path::{Path, PathBuf};

use serde_json::{Map, Value};

use super::account::Account;
use super::file::{File, is_given, parse_json};
use super::keyring::{self, Entries, Nothing};
use super::note::Note;
use super::table::{self, SETTINGS, Setting};
use super::yaml;
use crate::error::Error;

pub(super) const EXPLICIT: &str = "explicit";
const ENVIRONMENT: &str = "environment";

/// Explicit values, the environment, the two files, and the keyring.
pub(super) struct Sources {
    explicit: Map<String, Value>,
    environment: Option<Map<String, Value>>,
    folder: PathBuf,
    json: File,
    yaml: Option<File>,
    keyring: OnceCell<Result<Entries, Nothing>>,
}

impl Sources {
    pub(super) fn gather(explicit: Vec<(String, Value)>) -> Result<Self, Error> {
        let mut settings = Map::new();
        let mut environment = None;
        let mut folder = None;
        for (name, value) in explicit {
            let is_first = match (table::find(&name), value) {
                (Some(setting), value) => settings.insert(setting.name.to_owned(), value).is_none(),
                (None, Value::Object(variables)) if name.eq_ignore_ascii_case("Environment") => {
                    environment.replace(variables).is_none()
                }
                (None, Value::String(path)) if name.eq_ignore_ascii_case("Folder") => {
                    folder.replace(PathBuf::from(path)).is_none()
                }
                (None, _) => return Err(unknown(&name)),
            };
            if !is_first {
                let message = format!("{name} is given twice in the explicit settings");
                return Err(Error::settings(message).with_hint("names are the same in any case"));
            }
        }
        let folder = folder
            .filter(|folder| !folder.as_os_str().is_empty())
            .unwrap_or_else(|| std::env::current_dir().unwrap_or_default());
        let mut sources = Self {
            explicit: settings,
            environment,
            json: File::new(folder.join("config.json"), parse_json),
            folder,
            yaml: None,
            keyring: OnceCell::new(),
        };
        sources.yaml = sources
            .variable("HOME")
            .or_else(|| sources.variable("USERPROFILE"))
            .map(|home| {
                let path = Path::new(&home).join(".sailpoint").join("config.yaml");
                File::new(path, yaml::parse)
            });
        Ok(sources)
    }

    fn files(&self) -> impl Iterator<Item = &File> {
        std::iter::once(&self.json).chain(&self.yaml)
    }

    /// The value of a setting and its source. Null and blank text count as absent.
    pub(super) fn find(&self, setting: &Setting) -> Option<(Value, &str)> {
        let explicit = self.explicit.get(setting.name);
        if let Some(value) = explicit.filter(|value| is_given(value)) {
            return Some((value.clone(), EXPLICIT));
        }
        if let Some(value) = setting
            .variable
            .and_then(|variable| self.variable(variable))
        {
            return Some((Value::from(value), ENVIRONMENT));
        }
        self.files()
            .find_map(|file| Some((file.find(setting.name)?.clone(), file.path())))
    }

    /// An environment variable that is set and not blank.
    pub(super) fn variable(&self, name: &str) -> Option<String> {
        self.named_variable(name).map(|(_, value)| value)
    }

    /// The same, with its name: proxies are often set in lower case.
    pub(super) fn named_variable(&self, name: &str) -> Option<(String, String)> {
        let look_up = |name: &str| match &self.environment {
            Some(variables) => variables.get(name)?.as_str().map(str::to_owned),
            None => std::env::var(name).ok(),
        };
        [name.to_owned(), name.to_ascii_lowercase()]
            .into_iter()
            .filter_map(|name| look_up(&name).map(|value| (name, value)))
            .find(|(_, value)| !value.trim().is_empty())
    }

    /// What the keyring has for the account that the home folder's file names. It is opened when this is
    /// first called.
    pub(super) fn keyring(&self) -> Option<(&Account, &Result<Entries, Nothing>)> {
        let account = self.yaml.as_ref()?.account()?;
        let variable = |name: &str| self.variable(name);
        let looked = self
            .keyring
            .get_or_init(|| keyring::look(account, &variable));
        Some((account, looked))
    }

    /// A path as the host sees it: relative ones start at its folder.
    pub(super) fn path(&self, path: impl AsRef<Path>) -> PathBuf {
        self.folder.join(path)
    }

    /// What was skipped in the files.
    pub(super) fn notes(&self) -> Vec<Note> {
        self.files().flat_map(File::notes).collect()
    }

    /// Why there is no client without these settings: a file has an unusable value, or no source has
    /// any.
    pub(super) fn missing(&self, names: &[&str]) -> Error {
        for (name, file) in names
            .iter()
            .flat_map(|name| self.files().map(move |file| (name, file)))
        {
            if let Some(reason) = file.unusable(name) {
                return Error::settings(format!("{name} (from {}) {reason}", file.path()));
            }
        }
        let variables: Vec<_> = SETTINGS
            .iter()
            .filter_map(|setting| setting.variable)
            .collect();
        let mut places = vec![
            "the explicit settings".to_owned(),
            format!("the environment ({})", variables.join(", ")),
        ];
        places.extend(self.files().map(File::state));
        let mut hint =
            "set SAIL_BASE_URL, SAIL_CLIENT_ID and SAIL_CLIENT_SECRET, or give them explicitly";
        let looked = self.keyring.get().and_then(|looked| looked.as_ref().err());
        let account = self.yaml.as_ref().and_then(File::account);
        if let (Some(nothing), Some(account)) = (looked, account) {
            places.extend(nothing.state(account));
            if !names.contains(&"BaseUrl") {
                hint = nothing.hint();
            }
        }
        let message = format!(
            "settings missing: {}; looked in {}",
            names.join(", "),
            places.join(", ")
        );
        Error::settings(message).with_hint(hint)
    }
}

/// An explicit name that is not a setting.
fn unknown(name: &str) -> Error {
    // A secret pasted instead of a name must not be repeated.
    let shown = if name.len() <= 40 { name } else { "…" };
    let needed = ["Environment", "Folder"]
        .into_iter()
        .zip(["an object", "text"])
        .find(|(known, _)| name.eq_ignore_ascii_case(known));
    if let Some((name, needed)) = needed {
        return Error::settings(format!("{name} must be {needed}"));
    }
    let nearest =
        table::nearest(name).map_or(String::new(), |nearest| format!("did you mean {nearest}? "));
    Error::settings(format!("there is no setting named {shown:?}"))
        .with_hint(format!("{nearest}the settings are {}", table::names()))
}
