//! The four places that settings are read from.

use std::cell::OnceCell;
use std::path::{Path, PathBuf};

use serde_json::{Map, Value};

use super::table::{self, SETTINGS, Setting};
use crate::error::Error;

const EXPLICIT: &str = "explicit";
const ENVIRONMENT: &str = "environment";

/// Explicit values, the environment, and the two files.
pub(super) struct Sources {
    explicit: Map<String, Value>,
    environment: Option<Map<String, Value>>,
    folder: PathBuf,
    json: File,
    yaml: Option<File>,
}

/// A settings file: what it holds, or why it could not be read.
struct File {
    path: String,
    parse: fn(&str) -> Result<Map<String, Value>, String>,
    content: OnceCell<Result<Map<String, Value>, String>>,
}

impl Sources {
    pub(super) fn gather(explicit: Map<String, Value>) -> Result<Self, Error> {
        let mut sources = Self {
            explicit: Map::new(),
            environment: None,
            folder: PathBuf::new(),
            json: File::new(Path::new("config.json"), parse_json),
            yaml: None,
        };
        for (name, value) in explicit {
            match (table::find(&name), value) {
                (Some(setting), value) => {
                    sources.explicit.insert(setting.name.to_owned(), value);
                }
                (None, Value::Object(variables)) if name.eq_ignore_ascii_case("Environment") => {
                    sources.environment = Some(variables);
                }
                (None, Value::String(folder)) if name.eq_ignore_ascii_case("Folder") => {
                    sources.folder = folder.into();
                }
                (None, _) => return Err(unknown(&name)),
            }
        }
        if sources.folder.as_os_str().is_empty() {
            sources.folder = std::env::current_dir().unwrap_or_default();
        }
        sources.json = File::new(&sources.folder.join("config.json"), parse_json);
        sources.yaml = sources
            .variable("HOME")
            .or_else(|| sources.variable("USERPROFILE"))
            .map(|home| {
                let path = Path::new(&home).join(".sailpoint").join("config.yaml");
                File::new(&path, parse_yaml)
            });
        Ok(sources)
    }

    /// The value of a setting and where it stood. Null and blank text count as absent.
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
        std::iter::once(&self.json)
            .chain(&self.yaml)
            .find_map(|file| Some((file.find(setting.name)?, file.path.as_str())))
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

    pub(super) fn missing(&self, names: &[&str]) -> Error {
        let variables: Vec<_> = SETTINGS
            .iter()
            .filter_map(|setting| setting.variable)
            .collect();
        let mut places = vec![
            "the explicit settings".to_owned(),
            format!("the environment ({})", variables.join(", ")),
            self.json.state(),
        ];
        places.extend(self.yaml.as_ref().map(File::state));
        let plural = if names.len() == 1 {
            "setting is"
        } else {
            "settings are"
        };
        let message = format!(
            "the {plural} missing: {}; looked in {}",
            names.join(", "),
            places.join(", ")
        );
        let keyring = self
            .yaml
            .as_ref()
            .is_some_and(|yaml| yaml.find("BaseUrl").is_some())
            && names.iter().any(|name| name.starts_with("Client"));
        Error::settings(message).with_hint(if keyring {
            "the sail command line may keep its secrets in the system's keyring, which is not read: \
             set SAIL_CLIENT_ID and SAIL_CLIENT_SECRET"
        } else {
            "set SAIL_BASE_URL, SAIL_CLIENT_ID and SAIL_CLIENT_SECRET, or give them explicitly"
        })
    }
}

impl File {
    fn new(path: &Path, parse: fn(&str) -> Result<Map<String, Value>, String>) -> Self {
        Self {
            path: path.display().to_string(),
            parse,
            content: OnceCell::new(),
        }
    }

    fn content(&self) -> &Result<Map<String, Value>, String> {
        self.content
            .get_or_init(|| (self.parse)(&read(Path::new(&self.path))?))
    }

    fn find(&self, name: &str) -> Option<Value> {
        let content = self.content().as_ref().ok()?;
        member(content, name)
            .filter(|value| is_given(value))
            .cloned()
    }

    /// The path and why nothing came from it, for the message that something is missing: a name may
    /// be misspelt.
    fn state(&self) -> String {
        match self.content() {
            Ok(content) => {
                let strangers = strangers(content);
                if strangers.is_empty() {
                    self.path.clone()
                } else {
                    format!("{} ({strangers})", self.path)
                }
            }
            Err(reason) => format!("{} ({reason})", self.path),
        }
    }
}

fn unknown(name: &str) -> Error {
    // A secret pasted in place of a name must not be repeated.
    let shown = if name.len() <= 40 { name } else { "…" };
    Error::settings(format!("there is no setting named {shown:?}"))
        .with_hint(format!("the settings are {}", table::names()))
}

/// The names in a file that are no settings: a few of those that may be misspelt ones. The file may
/// be another program's, and hold keys of any kind.
fn strangers(content: &Map<String, Value>) -> String {
    let strangers: Vec<_> = content
        .keys()
        .filter(|name| table::find(name).is_none())
        .collect();
    let like_settings =
        |name: &&&String| name.len() <= 30 && name.bytes().all(|byte| byte.is_ascii_alphabetic());
    let shown: Vec<_> = strangers
        .iter()
        .filter(like_settings)
        .take(3)
        .map(|name| name.as_str())
        .collect();
    match (shown.as_slice(), strangers.len() - shown.len()) {
        ([], 0) => String::new(),
        ([], others) => format!("no settings: {others} names"),
        (shown, 0) => format!("no settings: {}", shown.join(", ")),
        (shown, others) => format!("no settings: {} and {others} more", shown.join(", ")),
    }
}

fn is_given(value: &Value) -> bool {
    match value {
        Value::Null => false,
        Value::String(text) => !text.trim().is_empty(),
        _ => true,
    }
}

fn member<'a>(object: &'a Map<String, Value>, name: &str) -> Option<&'a Value> {
    object
        .iter()
        .find(|(key, _)| key.eq_ignore_ascii_case(name))
        .map(|(_, value)| value)
}

fn read(path: &Path) -> Result<String, String> {
    let bytes = std::fs::read(path).map_err(|error| match error.kind() {
        std::io::ErrorKind::NotFound => "not there".to_owned(),
        _ => format!("cannot be read: {error}"),
    })?;
    decode(&bytes).ok_or_else(|| "is not UTF-8 text".to_owned())
}

/// A file's text; Windows tools write a byte order mark, some of them UTF-16.
pub(crate) fn decode(bytes: &[u8]) -> Option<String> {
    let utf16 = |bytes: &[u8], unit: fn([u8; 2]) -> u16| {
        let units: Vec<u16> = bytes
            .chunks_exact(2)
            .map(|pair| unit([pair[0], pair[1]]))
            .collect();
        String::from_utf16(&units).ok()
    };
    match bytes {
        [0xff, 0xfe, rest @ ..] => utf16(rest, u16::from_le_bytes),
        [0xfe, 0xff, rest @ ..] => utf16(rest, u16::from_be_bytes),
        [0xef, 0xbb, 0xbf, rest @ ..] => String::from_utf8(rest.to_vec()).ok(),
        all => String::from_utf8(all.to_vec()).ok(),
    }
}

pub(crate) fn parse_json(text: &str) -> Result<Map<String, Value>, String> {
    let value = serde_json::from_str(text).map_err(|error| {
        format!(
            "is not JSON: line {}, column {}",
            error.line(),
            error.column()
        )
    })?;
    match value {
        Value::Object(object) => Ok(object),
        _ => Err("is not a JSON object".to_owned()),
    }
}

/// The active environment of the `sail` command line, as settings.
pub(crate) fn parse_yaml(text: &str) -> Result<Map<String, Value>, String> {
    let value: Value = serde_norway::from_str(text).map_err(|error| match error.location() {
        Some(place) => format!(
            "is not YAML: line {}, column {}",
            place.line(),
            place.column()
        ),
        None => "is not YAML".to_owned(),
    })?;
    let object = |value: Option<&Value>| value.and_then(Value::as_object).cloned();
    let root = object(Some(&value)).ok_or("holds no settings")?;
    let active = member(&root, "activeenvironment")
        .and_then(Value::as_str)
        .ok_or("names no activeenvironment")?;
    let environments = object(member(&root, "environments")).ok_or("holds no environments")?;
    let environment = object(member(&environments, active))
        .ok_or_else(|| format!("has no environment named {active:?}"))?;
    let pat = object(member(&environment, "pat")).unwrap_or_default();

    let mut settings = Map::new();
    for (name, value) in [
        ("BaseUrl", member(&environment, "baseurl")),
        ("ClientId", member(&pat, "clientid")),
        ("ClientSecret", member(&pat, "clientsecret")),
    ] {
        settings.extend(value.map(|value| (name.to_owned(), value.clone())));
    }
    Ok(settings)
}
