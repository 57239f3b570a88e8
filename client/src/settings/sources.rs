//! The sources of settings: explicit values, the environment, two files, and the keyring.

use std::cell::OnceCell;
use std::collections::BTreeMap;
use std::ffi::OsString;
use std::path::{Path, PathBuf};

use serde_json::{Map, Value};

use super::account::Account;
use super::file::{File, is_given, parse_json};
use super::keyring::{self, Entries, Nothing};
use super::note::{Note, NoteCode};
use super::system_proxy::{self, SystemProxy};
use super::table::{self, Setting};
use super::yaml;
use crate::error::Error;
use crate::secrets::sealed;
use crate::text::brief;

/// What messages call the explicit settings of a host that has no name for them.
const EXPLICIT: &str = "the explicit settings";

/// Explicit values, the environment, the two files, and the keyring.
pub(super) struct Sources {
    explicit: Map<String, Value>,
    /// What messages call the explicit settings: the host may have a name for them.
    explicit_name: String,
    /// Settings that were saved without a value and given back.
    unset: Vec<&'static str>,
    /// Whether masked values are shown with a sealed one beside them.
    pub(super) seals: bool,
    environment: Option<Map<String, Value>>,
    folder: PathBuf,
    json: File,
    yaml: Option<File>,
    keyring: OnceCell<Result<Entries, Nothing>>,
    /// What the host found out, if it did.
    system_proxy: Option<SystemProxy>,
    notes: Vec<Note>,
}

/// The settings that were found, by name, each with its source.
pub(super) type Values<'a> = BTreeMap<&'static str, (Value, Source<'a>)>;

/// Where a value was found.
#[derive(Clone, Copy)]
pub(super) enum Source<'a> {
    Explicit(&'a str),
    Environment,
    /// `config.json` in the current folder, which may be anybody's.
    Folder(&'a File),
    /// The file in the home folder.
    Home(&'a File),
    /// The keyring of the account that the file in the home folder names.
    Keyring,
}

impl<'a> Source<'a> {
    /// What programs know it by: for a file, its path.
    pub(super) fn name(self) -> &'a str {
        match self {
            Self::Explicit(_) => "explicit",
            Self::Environment => "environment",
            Self::Folder(file) | Self::Home(file) => file.path(),
            Self::Keyring => "keyring",
        }
    }

    /// What messages call it.
    pub(super) fn words(self) -> &'a str {
        match self {
            Self::Explicit(name) => name,
            Self::Environment => "the environment",
            Self::Folder(_) | Self::Home(_) => self.name(),
            Self::Keyring => "the keyring",
        }
    }

    /// Its place in the order in which the sources are asked: the first is the strongest.
    pub(super) fn rank(self) -> u8 {
        match self {
            Self::Explicit(_) => 0,
            Self::Environment => 1,
            Self::Folder(_) => 2,
            Self::Home(_) => 3,
            Self::Keyring => 4,
        }
    }
}

impl Sources {
    pub(super) fn gather(explicit: Vec<(String, Value)>) -> Result<Self, Error> {
        let mut settings = Map::new();
        let mut environment = None;
        let mut folder = None;
        let mut seals = None;
        let mut explicit_name = None;
        let mut system_proxy = None;
        let mut unset = Vec::new();
        for (name, value) in explicit {
            let is_first = match (table::find(&name), value) {
                (Some(setting), value) => {
                    if value == sealed::NONE {
                        unset.push(setting.name);
                    }
                    settings.insert(setting.name.to_owned(), value).is_none()
                }
                (None, Value::Object(variables)) if name.eq_ignore_ascii_case("Environment") => {
                    check_variables(&variables)?;
                    environment.replace(variables).is_none()
                }
                (None, Value::String(path)) if name.eq_ignore_ascii_case("Folder") => {
                    folder.replace(PathBuf::from(path)).is_none()
                }
                (None, Value::String(text)) if name.eq_ignore_ascii_case("ExplicitName") => {
                    explicit_name.replace(text).is_none()
                }
                (None, Value::Object(places)) if name.eq_ignore_ascii_case("SystemProxy") => {
                    system_proxy.replace(given_by_host(places)?).is_none()
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
        let explicit_name = explicit_name.unwrap_or_else(|| EXPLICIT.to_owned());
        for (name, value) in &mut settings {
            open(name, value, &explicit_name)?;
        }
        let folder = folder
            .filter(|folder| !folder.as_os_str().is_empty())
            .unwrap_or_else(|| std::env::current_dir().unwrap_or_default());
        let mut sources = Self {
            explicit: settings,
            explicit_name,
            unset,
            seals: seals.unwrap_or_default(),
            environment,
            json: File::new(folder.join("config.json"), parse_json),
            folder,
            yaml: None,
            keyring: OnceCell::new(),
            system_proxy,
            notes: Vec::new(),
        };
        sources.yaml = sources.home(cfg!(windows)).map(|home| {
            let path = home.join(".sailpoint").join("config.yaml");
            File::new(path, yaml::parse)
        });
        Ok(sources)
    }

    /// The home folder. Programs on Windows go by USERPROFILE; some shells there set HOME too.
    fn home(&mut self, is_windows: bool) -> Option<PathBuf> {
        let names = if is_windows {
            ["USERPROFILE", "HOME"]
        } else {
            ["HOME", "USERPROFILE"]
        };
        for name in names {
            match self.path_variable(name) {
                Some(Ok(home)) => return Some(home),
                Some(Err(note)) => self.notes.push(note),
                None => {}
            }
        }
        None
    }

    fn files(&self) -> impl Iterator<Item = &File> {
        std::iter::once(&self.json).chain(&self.yaml)
    }

    /// The value of a setting and its source. Null and blank text count as absent.
    pub(super) fn find(&self, setting: &Setting) -> Option<(Value, Source<'_>)> {
        self.all(setting).next()
    }

    /// The same without the file in the current folder.
    pub(super) fn find_elsewhere(&self, setting: &Setting) -> Option<(Value, Source<'_>)> {
        self.all(setting)
            .find(|(_, source)| !matches!(source, Source::Folder(_)))
    }

    /// The values of a setting in all sources, the one that counts first.
    fn all(&self, setting: &Setting) -> impl Iterator<Item = (Value, Source<'_>)> {
        let name = setting.name;
        let explicit = self.explicit.get(name).filter(|value| is_given(value));
        let variable = setting.variable.and_then(|name| self.variable(name));
        let files = std::iter::once(Source::Folder(&self.json))
            .chain(self.yaml.as_ref().map(Source::Home))
            .filter_map(move |source| match source {
                Source::Folder(file) | Source::Home(file) => {
                    Some((file.find(name)?.clone(), source))
                }
                _ => None,
            });
        explicit
            .map(|value| (value.clone(), Source::Explicit(&self.explicit_name)))
            .into_iter()
            .chain(variable.map(|text| (Value::from(text), Source::Environment)))
            .chain(files)
            .filter(move |_| !self.unset.contains(&name))
    }

    /// An environment variable that is set and not blank. Bytes that are not UTF-8 are replaced, see
    /// [`check_text`].
    pub(super) fn variable(&self, name: &str) -> Option<String> {
        self.named_variable(name).map(|(_, value)| value)
    }

    /// The same, with its name: proxies are often set in lower case.
    fn named_variable(&self, name: &str) -> Option<(String, String)> {
        let (name, value) = self.look_up(name)?;
        Some((name, value.to_string_lossy().into_owned()))
    }

    /// The variable that gives the proxy for a scheme, and its value.
    pub(super) fn proxy_variable(&self, name: &str) -> Option<(String, String)> {
        self.named_variable(name)
            .or_else(|| self.named_variable("ALL_PROXY"))
    }

    /// The path in an environment variable, which may be of any bytes; a note if it is relative.
    pub(super) fn path_variable(&self, name: &str) -> Option<Result<PathBuf, Note>> {
        let (_, value) = self.look_up(name)?;
        let path = PathBuf::from(value);
        // A relative one would be a part of the current folder, which may be anybody's.
        Some(if path.has_root() {
            Ok(path)
        } else {
            let message = format!("{name} was ignored: it is not an absolute path");
            Err(Note::new(NoteCode::VariableIgnored, message))
        })
    }

    /// The paths in an environment variable, and a note about those that are relative. An empty one would be
    /// the current folder.
    pub(super) fn paths_variable(&self, name: &str) -> (Vec<PathBuf>, Option<Note>) {
        let Some((_, value)) = self.look_up(name) else {
            return (Vec::new(), None);
        };
        let paths = std::env::split_paths(&value);
        let (absolute, relative): (Vec<_>, Vec<_>) = paths.partition(|path| path.has_root());
        let relative: Vec<_> = relative.iter().map(|path| format!("{path:?}")).collect();
        let note = (!relative.is_empty()).then(|| {
            let message = format!(
                "parts of {name} were ignored: they are not absolute paths: {}",
                relative.join(", ")
            );
            Note::new(NoteCode::VariableIgnored, message)
        });
        (absolute, note)
    }

    fn look_up(&self, name: &str) -> Option<(String, OsString)> {
        let value = |name: &str| match &self.environment {
            Some(variables) => variables.get(name)?.as_str().map(OsString::from),
            None => std::env::var_os(name),
        };
        [name.to_owned(), name.to_ascii_lowercase()]
            .into_iter()
            .filter_map(|name| value(&name).map(|value| (name, value)))
            .find(|(_, value)| !value.to_string_lossy().trim().is_empty())
    }

    /// The proxy in the system's settings, as the host says or else as they are.
    pub(super) fn system_proxy(&self) -> SystemProxy {
        let given = self.system_proxy.clone();
        given.unwrap_or_else(system_proxy::read)
    }

    /// The account whose secrets the keyring may have: the home folder's file names it.
    pub(super) fn account(&self) -> Option<&Account> {
        // Who gives saved settings back wants no others.
        let secrets = ["Token", "ClientId", "ClientSecret"];
        if secrets.iter().any(|name| self.unset.contains(name)) {
            return None;
        }
        self.yaml.as_ref()?.account()
    }

    /// What the keyring has for that account. It is opened when this is first called.
    pub(super) fn keyring(&self) -> Option<(&Account, &Result<Entries, Nothing>)> {
        let account = self.account()?;
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

    /// What was skipped in the environment and the files.
    pub(super) fn notes(&self) -> Vec<Note> {
        let files = self.files().flat_map(File::notes);
        self.notes.iter().cloned().chain(files).collect()
    }

    /// Why there is no client without these settings: a file has an unusable value, or no source has
    /// any that counts. `found` are those that a client needs and that are there; `folder_state` replaces
    /// what is said of the file in the current folder.
    pub(super) fn missing(
        &self,
        names: &[&str],
        found: &[(&str, Source<'_>)],
        folder_state: Option<String>,
    ) -> Error {
        for (name, file) in names
            .iter()
            .flat_map(|name| self.files().map(move |file| (name, file)))
        {
            if let Some(reason) = file.unusable(name) {
                let name = named(name, file.path());
                return Error::settings(format!("{name} {reason}"));
            }
        }
        let variables: Vec<_> = names
            .iter()
            .filter_map(|name| table::find(name)?.variable)
            .collect();
        let mut places = vec![
            self.explicit_name.clone(),
            format!("the environment ({})", variables.join(", ")),
        ];
        places.push(folder_state.unwrap_or_else(|| self.json.state()));
        places.extend(self.yaml.as_ref().map(File::state));
        let explicitly = match self.explicit_name.as_str() {
            EXPLICIT => "explicitly".to_owned(),
            name => format!("to {name}"),
        };
        let set = format!("set {}", listed(&variables));
        let it = if names.len() == 1 { "it" } else { "them" };
        let mut hint = format!("{set}, or give {it} {explicitly}");
        let looked = self.keyring.get().and_then(|looked| looked.as_ref().err());
        let account = self.yaml.as_ref().and_then(File::account);
        if let (Some(nothing), Some(account)) = (looked, account) {
            places.extend(nothing.state(account));
            if !names.contains(&"BaseUrl") {
                hint = nothing.hint(&set);
            }
        }
        let found: Vec<_> = found
            .iter()
            .map(|(name, source)| format!("{name} from {}", source.words()))
            .collect();
        let found = match found.as_slice() {
            [] => String::new(),
            found => format!(" (found {})", found.join(", ")),
        };
        let message = format!(
            "settings missing: {}{found}; looked in {}",
            names.join(", "),
            places.join(", ")
        );
        if let Some(name) = names.iter().find(|name| self.unset.contains(name)) {
            return Error::settings(message).with_hint(format!(
                "the settings that were given back had no {name} when they were saved: set {name} \
                 to null to look for it in the other sources again"
            ));
        }
        Error::settings(message).with_hint(hint)
    }
}

/// `A`, `A and B`, `A, B and C`.
fn listed(names: &[&str]) -> String {
    match names {
        [] => String::new(),
        [one] => (*one).to_owned(),
        [before @ .., last] => format!("{} and {last}", before.join(", ")),
    }
}

/// A setting or variable with its source, for a message.
pub(super) fn named(name: &str, source: &str) -> String {
    format!("{name} (from {source})")
}

/// The variables that a host gives instead of the process's must be texts.
fn check_variables(variables: &Map<String, Value>) -> Result<(), Error> {
    let is_text = |value: &Value| value.is_string() || value.is_null();
    match variables.iter().find(|(_, value)| !is_text(value)) {
        Some((name, _)) => {
            let name = brief(name, 40);
            Err(Error::settings(format!(
                "{name} in Environment must be text"
            )))
        }
        None => Ok(()),
    }
}

/// What a host found out about the system's proxy: for each address the proxy, or null for none.
fn given_by_host(places: Map<String, Value>) -> Result<SystemProxy, Error> {
    let place = |(address, proxy)| match proxy {
        Value::Null => Ok((address, None)),
        Value::String(proxy) => Ok((address, Some(proxy))),
        _ => Err(Error::settings(
            "SystemProxy must be an object of texts, or null for an address without a proxy",
        )),
    };
    Ok(SystemProxy {
        places: places.into_iter().map(place).collect::<Result<_, _>>()?,
        ..SystemProxy::default()
    })
}

/// Refuses the character that stands for bytes that are not UTF-8. Hosts such as .NET put it there
/// themselves.
pub(crate) fn check_text(given_by: &str, text: &str) -> Result<(), Error> {
    if text.contains(char::REPLACEMENT_CHARACTER) {
        let message = format!("{given_by} is not UTF-8 text");
        return Err(
            Error::settings(message).with_hint("set it again, or give the setting explicitly")
        );
    }
    Ok(())
}

/// Replaces a sealed explicit value by that which this process sealed.
fn open(name: &str, value: &mut Value, explicit_name: &str) -> Result<(), Error> {
    if !sealed::is_sealed(value) {
        return Ok(());
    }
    *value = sealed::open(name, value).ok_or_else(|| {
        let name = named(name, explicit_name);
        Error::settings(format!("{name} is sealed, and not by this process"))
            .with_hint("give the value itself")
    })?;
    Ok(())
}

/// An explicit name that is not a setting.
fn unknown(name: &str) -> Error {
    // A secret pasted instead of a name must not be repeated.
    let is_name = |c: char| c.is_ascii_alphabetic() || "_-. ".contains(c);
    let is_shown = name.len() <= 40 && name.chars().all(is_name);
    let shown = if is_shown { name } else { "…" };
    let needed = [
        ("Environment", "an object"),
        ("ExplicitName", "text"),
        ("Folder", "text"),
        ("SealSecrets", "true or false"),
        ("SystemProxy", "an object"),
    ]
    .into_iter()
    .find(|(known, _)| name.eq_ignore_ascii_case(known));
    if let Some((name, needed)) = needed {
        return Error::settings(format!("{name} must be {needed}"));
    }
    let nearest =
        table::nearest(name).map_or(String::new(), |nearest| format!("did you mean {nearest}? "));
    Error::settings(format!("there is no setting named {shown:?}"))
        .with_hint(format!("{nearest}the settings are {}", table::names()))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn home(variables: Value, is_windows: bool) -> (Option<PathBuf>, Vec<Note>) {
        let explicit = vec![("Environment".to_owned(), variables)];
        let mut sources = Sources::gather(explicit).unwrap();
        sources.notes.clear();
        (sources.home(is_windows), sources.notes)
    }

    /// Two absolute paths.
    const A: &str = if cfg!(windows) { "C:\\a" } else { "/a" };
    const B: &str = if cfg!(windows) { "C:\\b" } else { "/b" };

    #[test]
    fn the_home_folder() {
        for (variables, unix, windows) in [
            (json!({}), None, None),
            (json!({ "HOME": A }), Some(A), Some(A)),
            (json!({ "USERPROFILE": B }), Some(B), Some(B)),
            (json!({ "HOME": A, "USERPROFILE": B }), Some(A), Some(B)),
            (json!({ "HOME": "", "USERPROFILE": B }), Some(B), Some(B)),
            (json!({ "HOME": " ", "USERPROFILE": " " }), None, None),
        ] {
            for (is_windows, expected) in [(false, unix), (true, windows)] {
                let found = home(variables.clone(), is_windows);
                assert_eq!(
                    found,
                    (expected.map(PathBuf::from), Vec::new()),
                    "{variables}"
                );
            }
        }
    }

    #[test]
    fn a_home_within_the_current_folder_is_none() {
        let (found, notes) = home(json!({ "HOME": ".", "USERPROFILE": B }), false);
        assert_eq!(found, Some(PathBuf::from(B)));
        let message = "HOME was ignored: it is not an absolute path";
        assert_eq!(notes, [Note::new(NoteCode::VariableIgnored, message)]);
    }
}
