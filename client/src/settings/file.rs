//! A settings file: what it contains, or why it was skipped.

use std::cell::OnceCell;
use std::collections::BTreeMap;
use std::fmt;
use std::fs;
use std::io::{ErrorKind, Read};
use std::path::{Path, PathBuf};

use serde::de::{Deserialize, Deserializer, MapAccess, Visitor};
use serde_json::Value;

use super::account::Account;
use super::note::{Note, NoteCode};
use super::table;
use crate::text::printable;

/// The longest settings text or file that is read: 1 MiB.
pub(super) const LONGEST: usize = 1 << 20;

/// A settings file, read when it is first looked at.
pub(super) struct File {
    path: PathBuf,
    shown_path: String,
    parse: fn(&str) -> Result<Parsed, String>,
    content: OnceCell<Result<Content, Skipped>>,
}

/// What a parser finds in the text of a file.
#[derive(Debug, Default)]
pub(crate) struct Parsed {
    /// Names of settings with their values; a name may be there several times.
    pub given: Vec<(String, Value)>,
    /// Names that are no settings.
    pub unknown: Vec<String>,
    /// The account of the `sail` command line.
    pub account: Option<Account>,
}

/// The settings in a file.
#[derive(Default)]
struct Content {
    values: BTreeMap<&'static str, Value>,
    /// Settings whose value cannot be used, and why.
    unusable: BTreeMap<&'static str, String>,
    unknown: Vec<String>,
    account: Option<Account>,
}

/// Why a file was skipped.
enum Skipped {
    NotFound,
    Unusable(String),
}

/// The members of a JSON object in their order. A map would keep only the last of two with the same
/// name.
pub(super) struct Members(pub Vec<(String, Value)>);

impl File {
    pub(super) fn new(path: PathBuf, parse: fn(&str) -> Result<Parsed, String>) -> Self {
        Self {
            shown_path: printable(&path.display().to_string()).into_owned(),
            path,
            parse,
            content: OnceCell::new(),
        }
    }

    pub(super) fn path(&self) -> &str {
        &self.shown_path
    }

    fn content(&self) -> Result<&Content, &Skipped> {
        self.content
            .get_or_init(|| {
                let text = read(&self.path)?;
                let parsed = (self.parse)(&text).map_err(Skipped::Unusable)?;
                Ok(Content::of(parsed))
            })
            .as_ref()
    }

    /// The value of a setting, if it is of the setting's kind.
    pub(super) fn find(&self, name: &str) -> Option<&Value> {
        self.content().ok()?.values.get(name)
    }

    /// Why the value of a setting cannot be used, if there is one.
    pub(super) fn unusable(&self, name: &str) -> Option<&str> {
        let reason = self.content().ok()?.unusable.get(name)?;
        Some(reason)
    }

    /// The account of the `sail` command line that the file names.
    pub(super) fn account(&self) -> Option<&Account> {
        self.content().ok()?.account.as_ref()
    }

    /// What was skipped. A file that does not exist is not worth a note.
    pub(super) fn notes(&self) -> Vec<Note> {
        let path = &self.shown_path;
        match self.content() {
            Ok(content) => content.notes(path),
            Err(Skipped::NotFound) => Vec::new(),
            Err(Skipped::Unusable(reason)) => {
                let message = format!("the settings file {path} was skipped: it {reason}");
                vec![Note::new(NoteCode::FileSkipped, message)]
            }
        }
    }

    /// The path and why the file lacks settings, for the message that something is missing. A name
    /// may be misspelt.
    pub(super) fn state(&self) -> String {
        let path = &self.shown_path;
        match self.content() {
            Ok(content) if content.unknown.is_empty() => path.clone(),
            Ok(content) => format!("{path} ({})", unknown_names(&content.unknown)),
            Err(Skipped::NotFound) => format!("{path} (not found)"),
            Err(Skipped::Unusable(reason)) => format!("{path} ({reason})"),
        }
    }
}

impl Content {
    fn of(parsed: Parsed) -> Self {
        let mut content = Self {
            unknown: parsed.unknown,
            account: parsed.account,
            ..Self::default()
        };
        let mut seen = Vec::new();
        for (name, value) in parsed.given {
            let Some(setting) = table::find(&name) else {
                continue;
            };
            let name = setting.name;
            if seen.contains(&name) {
                content.values.remove(name);
                content.unusable.insert(name, "is given twice".to_owned());
                continue;
            }
            seen.push(name);
            if !is_given(&value) {
                continue;
            }
            if setting.kind.accepts(&value) {
                content.values.insert(name, value);
            } else {
                let reason = format!("must be {}", setting.kind.expected(&value));
                content.unusable.insert(name, reason);
            }
        }
        content
    }

    fn notes(&self, path: &str) -> Vec<Note> {
        // A file may have any number of names.
        const MAX_COMPARED: usize = 1000;
        const MAX_NOTES: usize = 5;
        let unusable = self.unusable.iter().map(|(name, reason)| {
            let message = format!("{name} in {path} was ignored: it {reason}");
            Note::new(NoteCode::SettingIgnored, message)
        });
        let misspelt = self
            .unknown
            .iter()
            .take(MAX_COMPARED)
            .filter_map(|name| {
                let nearest = table::nearest(name)?;
                let message = format!("{name:?} in {path} is not a setting; is it {nearest}?");
                Some(Note::new(NoteCode::UnknownName, message))
            })
            .take(MAX_NOTES);
        unusable.chain(misspelt).collect()
    }
}

/// Null and blank text count as absent.
pub(super) fn is_given(value: &Value) -> bool {
    match value {
        Value::Null => false,
        Value::String(text) => !text.trim().is_empty(),
        _ => true,
    }
}

/// A few of the names that may be misspelt settings. The file may belong to another program and have
/// keys of any kind.
fn unknown_names(unknown: &[String]) -> String {
    let may_be_setting =
        |name: &&String| name.len() <= 30 && name.bytes().all(|byte| byte.is_ascii_alphabetic());
    let shown: Vec<_> = unknown
        .iter()
        .filter(may_be_setting)
        .take(3)
        .map(String::as_str)
        .collect();
    match (shown.as_slice(), unknown.len() - shown.len()) {
        ([], others) => format!("{others} unknown names"),
        (shown, 0) => format!("unknown names: {}", shown.join(", ")),
        (shown, others) => format!("unknown names: {} and {others} more", shown.join(", ")),
    }
}

/// The text of a file. A named pipe or a device might block or never end, so neither is opened.
fn read(path: &Path) -> Result<String, Skipped> {
    let unreadable = |error: std::io::Error| match error.kind() {
        ErrorKind::NotFound | ErrorKind::NotADirectory => Skipped::NotFound,
        _ => Skipped::Unusable(format!("cannot be read: {error}")),
    };
    let unusable = |reason: String| Err(Skipped::Unusable(reason));
    let metadata = fs::metadata(path).map_err(unreadable)?;
    if !metadata.is_file() {
        return unusable("is not a regular file".to_owned());
    }
    let longest = LONGEST as u64;
    if metadata.len() > longest {
        let length = metadata.len();
        return unusable(format!(
            "is {length} bytes long; at most {LONGEST} are read"
        ));
    }
    let mut bytes = Vec::new();
    fs::File::open(path)
        .and_then(|file| file.take(longest + 1).read_to_end(&mut bytes))
        .map_err(unreadable)?;
    if bytes.len() > LONGEST {
        return unusable(format!("is longer than {LONGEST} bytes"));
    }
    decode(&bytes).ok_or_else(|| Skipped::Unusable("is not UTF-8 text".to_owned()))
}

/// The text of a file. Windows programs begin a file with a byte order mark, and some write UTF-16.
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

/// The members of `config.json` that are settings, and the names of the others.
pub(crate) fn parse_json(text: &str) -> Result<Parsed, String> {
    let Members(members) = serde_json::from_str(text).map_err(|error| {
        if error.is_data() {
            return "is not a JSON object".to_owned();
        }
        let (line, column) = (error.line(), error.column());
        let mut reason = reason(&error);
        if reason == "invalid escape" {
            // Most likely the path of a file on Windows.
            reason += r"; write a backslash as \\";
        }
        format!("is not JSON: line {line}, column {column}: {reason}")
    })?;
    let mut parsed = Parsed::default();
    for (name, value) in members {
        if table::find(&name).is_some() {
            parsed.given.push((name, value));
        } else {
            parsed.unknown.push(name);
        }
    }
    Ok(parsed)
}

/// A parser's error without the place, which has its own form in our messages.
pub(super) fn reason(error: &impl fmt::Display) -> String {
    let text = error.to_string();
    match text.split_once(" at line ") {
        Some((reason, _)) => reason.to_owned(),
        None => text,
    }
}

impl<'de> Deserialize<'de> for Members {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Object;
        impl<'de> Visitor<'de> for Object {
            type Value = Members;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Members, A::Error> {
                let mut members = Vec::new();
                while let Some(member) = map.next_entry()? {
                    members.push(member);
                }
                Ok(Members(members))
            }
        }
        deserializer.deserialize_map(Object)
    }
}
