//! A JSON Patch: an array of operations, each sent exactly as the caller wrote it.

use serde::{Deserialize, Deserializer};
use serde_json::value::RawValue;

use crate::error::Error;

const OPERATIONS: [&str; 6] = ["add", "remove", "replace", "move", "copy", "test"];

/// The longest patch that is sent: 8 MiB.
const LONGEST: usize = 8 << 20;

/// The text of a JSON Patch (RFC 6902), checked to be an array of operations.
///
/// Checks what every patch needs: `op` is one of the six, `path` is a JSON Pointer, `add`, `replace` and
/// `test` have a `value`, `move` and `copy` a `from`. The tenant decides whether the paths and values fit
/// the task.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct JsonPatch(String);

#[derive(Deserialize)]
struct PatchOperation<'a> {
    op: Option<serde_json::Value>,
    path: Option<serde_json::Value>,
    from: Option<serde_json::Value>,
    #[serde(borrow, default, deserialize_with = "given")]
    value: Option<&'a RawValue>,
}

/// Reads a member that is there: a null is a value, too.
fn given<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<&'de RawValue>, D::Error> {
    Deserialize::deserialize(deserializer).map(Some)
}

impl JsonPatch {
    /// Reads an array of operations, or a single one, which becomes an array of one. A byte order mark before
    /// them is skipped.
    ///
    /// # Errors
    /// [`ErrorKind::InvalidArgument`](crate::ErrorKind::InvalidArgument), naming the invalid operation and the reason.
    pub fn parse(text: &str) -> Result<Self, Error> {
        let text = text.trim_start_matches('\u{feff}').trim();
        if text.len() > LONGEST {
            return Err(Error::invalid_argument(format!(
                "the JSON Patch is {} bytes long; at most {LONGEST} are sent",
                text.len()
            )));
        }
        // Parsing into values limits the depth; parsing into raw text does not.
        let value: serde_json::Value = serde_json::from_str(text).map_err(|error| {
            Error::invalid_argument(format!("the JSON Patch is not JSON: {error}"))
                .with_hint(r#"give an array such as [{"op":"replace","path":"/completionStatus","value":"ERROR"}]"#)
        })?;
        match value {
            serde_json::Value::Object(_) => Self::of_operations(&[raw(text)?]),
            serde_json::Value::Array(_) => {
                let operations: Vec<&RawValue> = serde_json::from_str(text).map_err(|error| {
                    Error::invalid_argument(format!("the JSON Patch is not JSON: {error}"))
                })?;
                Self::of_operations(&operations)
            }
            _ => Err(Error::invalid_argument(
                "the JSON Patch must be an array of operations",
            )),
        }
    }

    /// The JSON array that is sent.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    fn of_operations(operations: &[&RawValue]) -> Result<Self, Error> {
        for (index, operation) in operations.iter().enumerate() {
            check(operation).map_err(|wrong| {
                Error::invalid_argument(format!(
                    "operation {} of the JSON Patch {wrong}",
                    index + 1
                ))
            })?;
        }
        let texts: Vec<&str> = operations.iter().map(|operation| operation.get()).collect();
        Ok(Self(format!("[{}]", texts.join(","))))
    }
}

fn raw(text: &str) -> Result<&RawValue, Error> {
    serde_json::from_str(text)
        .map_err(|error| Error::invalid_argument(format!("the JSON Patch is not JSON: {error}")))
}

fn check(operation: &RawValue) -> Result<(), String> {
    if !operation.get().starts_with('{') {
        return Err("is not an object".to_owned());
    }
    let operation: PatchOperation<'_> =
        serde_json::from_str(operation.get()).map_err(|error| format!("is invalid: {error}"))?;
    let op = match &operation.op {
        Some(serde_json::Value::String(op)) if OPERATIONS.contains(&op.as_str()) => op.as_str(),
        Some(serde_json::Value::String(op)) => {
            return Err(format!(
                "has op {op:?}; it must be one of {}",
                OPERATIONS.join(", ")
            ));
        }
        _ => return Err("has no op".to_owned()),
    };
    match operation.path {
        Some(serde_json::Value::String(path)) => check_pointer("path", &path)?,
        _ => return Err("has no path".to_owned()),
    }
    match (op, operation.from) {
        (_, Some(serde_json::Value::String(from))) => check_pointer("from", &from)?,
        ("move" | "copy", _) => return Err(format!("has no from, which {op} needs")),
        _ => {}
    }
    if matches!(op, "add" | "replace" | "test") && operation.value.is_none() {
        return Err(format!("has no value, which {op} needs"));
    }
    Ok(())
}

/// Checks a JSON Pointer (RFC 6901): it is empty or begins with a slash.
fn check_pointer(name: &str, pointer: &str) -> Result<(), String> {
    if pointer.is_empty() || pointer.starts_with('/') {
        return Ok(());
    }
    Err(format!(
        "has {name} {pointer:?}; it must begin with a slash"
    ))
}
