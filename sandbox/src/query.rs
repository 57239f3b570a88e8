//! Query parameters of the lists.

use crate::errors::ApiError;

/// The decoded parameters of a raw query, in order.
pub(crate) fn pairs(raw: Option<&str>) -> Vec<(String, String)> {
    form_urlencoded::parse(raw.unwrap_or_default().as_bytes())
        .into_owned()
        .collect()
}

/// The requested part of a list. Unknown parameters are ignored; of a repeated parameter, the first
/// value counts.
#[derive(Debug, PartialEq)]
pub(crate) struct Page {
    pub(crate) limit: usize,
    pub(crate) offset: usize,
    pub(crate) count: bool,
}

impl Page {
    pub(crate) fn new(pairs: &[(String, String)]) -> Result<Self, ApiError> {
        Ok(Self {
            limit: integer(pairs, "limit", 250, 0..=250)?,
            offset: integer(pairs, "offset", 0, 0..=i32::MAX)?,
            count: match first(pairs, "count") {
                None => false,
                Some(text) if text.eq_ignore_ascii_case("true") => true,
                Some(text) if text.eq_ignore_ascii_case("false") => false,
                Some(text) => {
                    return Err(ApiError::bad_request(format!(
                        "count must be true or false, not \"{text}\"."
                    )));
                }
            },
        })
    }
}

/// The first value of a parameter.
pub(crate) fn first<'a>(pairs: &'a [(String, String)], name: &str) -> Option<&'a str> {
    pairs
        .iter()
        .find(|(key, _)| key == name)
        .map(|(_, value)| value.as_str())
}

fn integer(
    pairs: &[(String, String)],
    name: &str,
    default: usize,
    range: std::ops::RangeInclusive<i32>,
) -> Result<usize, ApiError> {
    let Some(text) = first(pairs, name) else {
        return Ok(default);
    };
    match text.parse::<i32>() {
        Ok(number) if range.contains(&number) => Ok(number as usize),
        _ => Err(ApiError::bad_request(format!(
            "{name} must be an integer between {} and {}, not \"{text}\".",
            range.start(),
            range.end()
        ))),
    }
}
