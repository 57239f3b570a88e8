//! `config.yaml` of SailPoint's command line, `sail`.

use std::fmt;
use std::marker::PhantomData;

use serde::de::{Deserialize, DeserializeSeed, Deserializer, IgnoredAny, MapAccess, Visitor};
use serde_json::Value;

use super::account::Account;
use super::file::{Parsed, reason};
use super::table;

/// The parser takes quadratic time for nested brackets, so deeper ones are refused before it runs.
const DEEPEST: usize = 128;

/// The settings of the active environment.
pub(crate) fn parse(text: &str) -> Result<Parsed, String> {
    if depth_of_brackets(text) > DEEPEST {
        return Err("is nested too deeply".to_owned());
    }
    serde_norway::from_str::<IgnoredAny>(text).map_err(|error| match error.location() {
        Some(place) => format!(
            "is not YAML: line {}, column {}: {}",
            place.line(),
            place.column(),
            reason(&error)
        ),
        None => format!("is not YAML: {}", reason(&error)),
    })?;
    names(text, &[]).ok_or("contains no settings")?;
    let active = scalar(text, &["activeenvironment"])
        .and_then(|value| value.as_str().map(str::to_owned))
        .ok_or("does not name an activeenvironment")?;
    let environments = names(text, &["environments"]).ok_or("contains no environments")?;
    let is_active = |name: &&String| name.eq_ignore_ascii_case(&active);
    match environments.iter().filter(is_active).count() {
        0 => return Err(format!("does not contain the environment {active:?}")),
        1 => {}
        _ => return Err(format!("contains the environment {active:?} twice")),
    }

    let mut parsed = Parsed {
        account: Some(account(text, &active)),
        ..Parsed::default()
    };
    let environment = ["environments", active.as_str()];
    let pat = ["environments", active.as_str(), "pat"];
    for (path, known) in [
        (&environment[..], &[("baseurl", "BaseUrl")][..]),
        (
            &pat[..],
            &[("clientid", "ClientId"), ("clientsecret", "ClientSecret")][..],
        ),
    ] {
        for name in names(text, path).unwrap_or_default() {
            let same = |(key, _): &&(&str, &str)| name.eq_ignore_ascii_case(key);
            match known.iter().find(same) {
                Some((_, setting)) => {
                    // A name that comes again is not read again: each reading goes through the file.
                    let earlier = parsed.given.iter().find(|(name, _)| name == setting);
                    let value = match earlier {
                        Some((_, value)) => value.clone(),
                        None => {
                            scalar(text, &[path, &[name.as_str()]].concat()).unwrap_or_default()
                        }
                    };
                    parsed.given.push(((*setting).to_owned(), value));
                }
                // The file has settings of its own; only a misspelt name is of interest.
                None if table::nearest(&name).is_some() => parsed.unknown.push(name),
                None => {}
            }
        }
    }
    Ok(parsed)
}

/// Whose secrets the keyring has. Older versions of `sail` have one way to log in for all environments.
fn account(text: &str, active: &str) -> Account {
    let auth_type =
        scalar(text, &["environments", active, "authtype"]).or_else(|| scalar(text, &["authtype"]));
    Account {
        environment: active.to_lowercase(),
        uses_oauth: auth_type
            .as_ref()
            .and_then(Value::as_str)
            .is_some_and(|auth_type| auth_type.trim().eq_ignore_ascii_case("oauth")),
    }
}

/// How deep the brackets are nested; those in texts and comments count too.
fn depth_of_brackets(text: &str) -> usize {
    let mut deepest = 0;
    let mut depth: usize = 0;
    for byte in text.bytes() {
        match byte {
            b'[' | b'{' => depth += 1,
            b']' | b'}' => depth = depth.saturating_sub(1),
            _ => {}
        }
        deepest = deepest.max(depth);
    }
    deepest
}

/// The scalar at a path, as text exactly as it was written: an id may consist of digits. Anything
/// else that stands there is no text and comes back as `false`.
fn scalar(text: &str, path: &[&str]) -> Option<Value> {
    match at::<String>(text, path) {
        Ok(found) => found.map(Value::from),
        Err(_) => Some(false.into()),
    }
}

/// The keys of the map at a path.
fn names(text: &str, path: &[&str]) -> Option<Vec<String>> {
    at::<Keys>(text, path).ok()?.map(|Keys(keys)| keys)
}

fn at<'de, T: Deserialize<'de>>(
    text: &'de str,
    path: &[&str],
) -> Result<Option<T>, serde_norway::Error> {
    let found = PhantomData;
    At { path, found }.deserialize(serde_norway::Deserializer::from_str(text))
}

/// Reads what is at the end of a path of keys, and nothing else.
struct At<'a, T> {
    path: &'a [&'a str],
    found: PhantomData<T>,
}

impl<'de, T: Deserialize<'de>> DeserializeSeed<'de> for At<'_, T> {
    type Value = Option<T>;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        if self.path.is_empty() {
            Option::deserialize(deserializer)
        } else {
            deserializer.deserialize_any(self)
        }
    }
}

impl<'de, T: Deserialize<'de>> Visitor<'de> for At<'_, T> {
    type Value = Option<T>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a map")
    }

    fn visit_unit<E>(self) -> Result<Self::Value, E> {
        Ok(None)
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        let mut value = None;
        let Some((first, rest)) = self.path.split_first() else {
            return Ok(value);
        };
        while let Some(key) = map.next_key::<String>()? {
            if value.is_none() && key.eq_ignore_ascii_case(first) {
                let found = PhantomData;
                value = map.next_value_seed(At { path: rest, found })?;
            } else {
                map.next_value::<IgnoredAny>()?;
            }
        }
        Ok(value)
    }
}

/// The keys of a map.
struct Keys(Vec<String>);

impl<'de> Deserialize<'de> for Keys {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Map;
        impl<'de> Visitor<'de> for Map {
            type Value = Keys;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a map")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Keys, A::Error> {
                let mut keys = Vec::new();
                while let Some((key, IgnoredAny)) = map.next_entry()? {
                    keys.push(key);
                }
                Ok(Keys(keys))
            }
        }
        deserializer.deserialize_map(Map)
    }
}
