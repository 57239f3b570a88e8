//! The four sources of settings: explicit values, the environment, and two files.

use std::path::{Path, PathBuf};

use serde_json::{Map, Value};

use super::file::{File, is_given, parse_json};
use super::note::Note;
use super::table::{self, SETTINGS, Setting};
use super::yaml;
use crate::error::Error;
use crate::secrets::sealed;

pub(super) const EXPLICIT: &str = "explicit";
const ENVIRONMENT: &str = "environment";

/// Explicit values, the environment, and the two files.
pub(super) struct Sources {
    explicit: Map<String, Value>,
    /// Settings that were saved without a value and given back.
    unset: Vec<&'static str>,
    /// Whether masked values are shown with a sealed one beside them.
    pub(super) seals: bool,
    environment: Option<Map<String, Value>>,
    folder: PathBuf,
    json: File,
    yaml: Option<File>,
}

impl Sources {
    pub(super) fn gather(explicit: Vec<(String, Value)>) -> Result<Self, Error> {
        let mut settings = Map::new();
        let mut environment = None;
        let mut folder = None;
        let mut seals = None;
        let mut unset = Vec::new();
        for (name, value) in explicit {
            let is_first = match (table::find(&name), value) {
                (Some(setting), value) => {
                    if value == sealed::NONE {
                        unset.push(setting.name);
                    }
                    let value = opened(setting, value)?;
                    settings.insert(setting.name.to_owned(), value).is_none()
                }
                (None, Value::Object(variables)) if name.eq_ignore_ascii_case("Environment") => {
                    environment.replace(variables).is_none()
                }
                (None, Value::String(path)) if name.eq_ignore_ascii_case("Folder") => {
                    folder.replace(PathBuf::from(path)).is_none()
                }
                (None, Value::Bool(flag)) if name.eq_ignore_ascii_case("SealSecrets") => {
                    seals.replace(flag).is_none()
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
            unset,
            seals: seals.unwrap_or_default(),
            environment,
            json: File::new(folder.join("config.json"), parse_json),
            folder,
            yaml: None,
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
        if self.unset.contains(&setting.name) {
            return None;
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
        let message = format!(
            "settings missing: {}; looked in {}",
            names.join(", "),
            places.join(", ")
        );
        if let Some(name) = names.iter().find(|name| self.unset.contains(name)) {
            return Error::settings(message).with_hint(format!(
                "the settings that were given back had no {name} when they were saved: set {name} \
                 to null to look for it in the other sources again"
            ));
        }
        let keyring = self
            .yaml
            .as_ref()
            .is_some_and(|yaml| yaml.find("BaseUrl").is_some())
            && names.iter().any(|name| name.starts_with("Client"));
        Error::settings(message).with_hint(if keyring {
            "the sail command line may keep its secrets in the system's keyring, which this client \
             does not read: set SAIL_CLIENT_ID and SAIL_CLIENT_SECRET"
        } else {
            "set SAIL_BASE_URL, SAIL_CLIENT_ID and SAIL_CLIENT_SECRET, or give them explicitly"
        })
    }
}

/// An explicit value. A sealed one stands for that which this process sealed.
fn opened(setting: &Setting, value: Value) -> Result<Value, Error> {
    if !sealed::is_sealed(&value) {
        return Ok(value);
    }
    sealed::open(setting.name, &value).ok_or_else(|| {
        Error::settings(format!(
            "{} is sealed, and not by this process",
            setting.name
        ))
        .with_hint("give the value itself")
    })
}

/// An explicit name that is not a setting.
fn unknown(name: &str) -> Error {
    // A secret pasted instead of a name must not be repeated.
    let shown = if name.len() <= 40 { name } else { "…" };
    let needed = ["Environment", "Folder", "SealSecrets"]
        .into_iter()
        .zip(["an object", "text", "true or false"])
        .find(|(known, _)| name.eq_ignore_ascii_case(known));
    if let Some((name, needed)) = needed {
        return Error::settings(format!("{name} must be {needed}"));
    }
    let nearest =
        table::nearest(name).map_or(String::new(), |nearest| format!("did you mean {nearest}? "));
    Error::settings(format!("there is no setting named {shown:?}"))
        .with_hint(format!("{nearest}the settings are {}", table::names()))
}
