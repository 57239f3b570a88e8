//! Finds what looks like a credential in a text: what is named as one, in any notation, and what is one by its
//! form.

use memchr::memchr;

use super::escapes::{Escapes, JSON, URL};

/// More or longer credentials, or more names of them, are no part of an error, and looking for them would take
/// long.
const MOST: usize = 32;
const LONGEST: usize = 64 << 10;
const MOST_NAMES: usize = 500;

/// The words of an error in the place of a credential are not longer.
const LONGEST_WORDS: usize = 64;

const CDATA: &str = "<![CDATA[";

/// A shorter one could be any word.
const SHORTEST: usize = 8;

/// The length from which letters and digits in no order are a credential without a name.
const LONG: usize = 32;

/// What a text holds. The error is for a text with so much of it that no part of the text can be shown.
pub(crate) fn credentials(text: &str) -> Result<Vec<String>, TooMany> {
    let mut found = Vec::new();
    for text in readings(text) {
        named(&text, &mut found)?;
        formed(&text, &mut found)?;
        alone(&text, &mut found)?;
    }
    Ok(found)
}

/// What a header holds. Headers have ids of any length, so a form alone is not enough, but for a JWT.
pub(crate) fn credentials_in_header(name: &str, value: &str) -> Result<Vec<String>, TooMany> {
    let mut found = Vec::new();
    for value in readings(value) {
        named(&format!("{name}: {value}"), &mut found)?;
        for word in value.split(|c| !is_token(c)) {
            jwt(word, &mut found)?;
        }
    }
    Ok(found)
}

#[derive(Debug, PartialEq)]
pub(crate) struct TooMany;

/// The text in each notation that it may be in.
fn readings(text: &str) -> Vec<String> {
    let decoded = |text: &str, escapes: Escapes| {
        let bytes = text.as_bytes();
        let decode = || String::from_utf8_lossy(&escapes.decoded(bytes)).into_owned();
        escapes.are_in(bytes).then(decode)
    };
    let mut readings = vec![text.to_owned()];
    let once = decoded(text, JSON);
    let twice = once.as_ref().and_then(|once| decoded(once, JSON));
    readings.extend(once.into_iter().chain(twice));
    let quoted = text.replace("&quot;", "\"").replace("&#34;", "\"");
    if quoted != text {
        readings.push(quoted);
    }
    let plain: Vec<_> = readings
        .iter()
        .filter_map(|text| decoded(text, URL))
        .collect();
    readings.extend(plain);
    readings
}

/// Adds one, unless the words of an error stand in its place.
fn add(credential: &str, found: &mut Vec<String>) -> Result<(), TooMany> {
    const OF_ERRORS: [&str; 16] = [
        "invalid",
        "missing",
        "expired",
        "required",
        "unsupported",
        "unauthorized",
        "denied",
        "incorrect",
        "mismatch",
        "disabled",
        "forbidden",
        "revoked",
        "malformed",
        "unknown",
        "undefined",
        "unavailable",
    ];
    if credential.len() > LONGEST {
        return Err(TooMany);
    }
    let credential = credential.trim_end_matches(['.', ':', '!', '?']);
    let has_digit = credential.contains(|c: char| c.is_ascii_digit());
    let may_be_words = !has_digit && credential.len() <= LONGEST_WORDS;
    let is_of_error = may_be_words && {
        let lower = credential.to_ascii_lowercase();
        OF_ERRORS.iter().any(|word| lower.contains(word))
    };
    let is_known = found.iter().any(|other| other == credential);
    if credential.len() < SHORTEST || is_of_error || is_known {
        return Ok(());
    }
    if found.len() == MOST {
        return Err(TooMany);
    }
    found.push(credential.to_owned());
    Ok(())
}

/// Whether credentials have such names, in any way of writing them: `access_token`, `X-Auth-Token`, `idToken`.
fn is_name(word: &str) -> bool {
    const ENDS: [&str; 15] = [
        "token",
        "tokens",
        "jwt",
        "secret",
        "secrets",
        "password",
        "passwd",
        "apikey",
        "assertion",
        "credential",
        "credentials",
        "authorization",
        "bearer",
        "cookie",
        "sessionid",
    ];
    const NOT_AT_START: [&str; 5] = ["invalid", "missing", "expired", "unsupported", "bad"];
    let letters = word.chars().filter(char::is_ascii_alphanumeric);
    let name = letters.collect::<String>().to_ascii_lowercase();
    ENDS.iter().any(|end| name.ends_with(end))
        && !NOT_AT_START.iter().any(|start| name.starts_with(start))
}

/// What a credential may consist of.
fn is_token(c: char) -> bool {
    c.is_ascii_alphanumeric() || "-_.~+/=".contains(c)
}

fn is_of_word(c: char) -> bool {
    c.is_ascii_alphanumeric() || c == '_' || c == '-'
}

/// What ends a value that is not in quotes.
fn is_end(c: char) -> bool {
    c.is_whitespace() || c.is_control() || "\"'`<>,;&(){}[]|\\".contains(c)
}

fn is_quote(c: char) -> bool {
    "\"'`\\".contains(c)
}

fn is_quote_or_blank(c: char) -> bool {
    is_quote(c) || c.is_whitespace()
}

/// Adds what stands after the name of a credential: `"accessToken": "…"`, `access_token=…`, `<token>…</token>`,
/// `{"name":"token","value":"…"}`, `token: {"value":"…"}`, `Bearer …`.
fn named(text: &str, found: &mut Vec<String>) -> Result<(), TooMany> {
    let mut rest = text;
    let mut names = 0;
    // The end of the brackets whose words are looked at already.
    let mut seen = 0;
    while let Some(start) = rest.find(is_of_word) {
        let is_element = rest[..start].ends_with('<');
        let word = &rest[start..];
        let (word, after) = split(word, |c| !is_of_word(c));
        rest = after;
        if !is_name(word) {
            continue;
        }
        names += 1;
        if names > MOST_NAMES {
            return Err(TooMany);
        }
        match value_after(after, is_element.then_some(word)) {
            Value::None => {}
            Value::Follows(value) => {
                if value.len() >= 2 * SHORTEST
                    && (is_mixed(value) || value.len() > LONGEST)
                    && !value.contains("://")
                {
                    add(value, found)?;
                }
            }
            Value::Text(value) => add(value, found)?,
            Value::Several(inner, after) => {
                // There may be names within, so the search goes on in the brackets.
                let end = text.len() - after.len();
                if end > seen {
                    seen = end;
                    for value in values_in(inner) {
                        add(value, found)?;
                    }
                }
            }
        }
    }
    Ok(())
}

/// What stands after a name.
enum Value<'a> {
    None,
    /// With nothing but a blank between, as in a sentence.
    Follows(&'a str),
    Text(&'a str),
    /// A list, an object, elements within an element; and what follows it.
    Several(&'a str, &'a str),
}

fn value_after<'a>(after: &'a str, element: Option<&str>) -> Value<'a> {
    let (between, rest) = split(after, |c| !is_quote_or_blank(c));
    let rest = if let Some(rest) = rest.strip_prefix([':', '=']) {
        rest.trim_start_matches([':', '=', '>'])
    } else if let Some((name, content)) = element.and_then(|name| Some((name, content(rest)?))) {
        if content.trim_start().starts_with('<') && !content.trim_start().starts_with(CDATA) {
            let end = content.find(&format!("</{name}")).unwrap_or(content.len());
            let (inner, after) = content.split_at(end);
            return Value::Several(inner, after);
        }
        content
    } else if let Some(rest) = after_value_name(rest) {
        rest
    } else {
        let is_word = !between.is_empty() && !between.contains(is_quote);
        return if is_word {
            Value::Follows(split(rest, is_end).0)
        } else {
            Value::None
        };
    };
    let rest = without_scheme(
        rest.trim_start_matches(is_quote_or_blank)
            .trim_start_matches(CDATA),
    );
    if rest.starts_with(['{', '[']) {
        let (inner, after) = rest.split_at(end_of_brackets(rest));
        return Value::Several(inner, after);
    }
    Value::Text(split(rest, is_end).0)
}

/// What is in an element, after its attributes.
fn content(attributes: &str) -> Option<&str> {
    const LONGEST_ATTRIBUTES: usize = 4096;
    let bytes = attributes.as_bytes();
    let end = memchr(b'>', &bytes[..bytes.len().min(LONGEST_ATTRIBUTES)])?;
    attributes.get(end + 1..)
}

/// What stands after `, "value":`, ` value=` or ` content=`, where the name of a credential is itself a value.
fn after_value_name(rest: &str) -> Option<&str> {
    let rest = rest.trim_start_matches(|c| c == ',' || is_quote_or_blank(c));
    let (word, rest) = split(rest, |c| !is_of_word(c));
    let rest = rest.trim_start_matches(is_quote_or_blank);
    let is_value = word.eq_ignore_ascii_case("value")
        || (word.eq_ignore_ascii_case("content") && rest.starts_with('='));
    let rest = rest.strip_prefix([':', '='])?;
    is_value.then_some(rest)
}

fn without_scheme(value: &str) -> &str {
    let (scheme, rest) = split(value, |c| !c.is_ascii_alphabetic());
    let is_scheme = ["bearer", "basic", "token"]
        .iter()
        .any(|name| scheme.eq_ignore_ascii_case(name));
    if is_scheme && rest.starts_with(' ') {
        rest.trim_start()
    } else {
        value
    }
}

/// Where the bracket that begins a text is closed, or the end.
fn end_of_brackets(text: &str) -> usize {
    let mut depth = 0;
    for (at, byte) in text.bytes().enumerate() {
        match byte {
            b'{' | b'[' => depth += 1,
            b'}' | b']' => depth -= 1,
            _ => {}
        }
        if depth == 0 {
            return at + 1;
        }
    }
    text.len()
}

/// The words in brackets that are neither names nor of a sentence.
fn values_in(mut text: &str) -> Vec<&str> {
    let mut values = Vec::new();
    while let Some(start) = text.find(|c| !is_end(c)) {
        let is_element = text[..start].ends_with(['<', '/']);
        let (value, rest) = split(&text[start..], is_end);
        text = rest;
        let is_name = rest.trim_start_matches(is_quote_or_blank).starts_with(':');
        let has_digit = value.contains(|c: char| c.is_ascii_digit());
        if !is_name && !is_element && (has_digit || value.len() >= 2 * SHORTEST) {
            values.push(value);
        }
    }
    values
}

/// Adds what no word looks like: JWTs, and long runs of letters and digits in no order.
fn formed(text: &str, found: &mut Vec<String>) -> Result<(), TooMany> {
    let mut before = "";
    for run in text.split(|c| !is_token(c)) {
        if jwt(run, found)? {
            continue;
        }
        for word in run.split('=').filter(|word| !word.is_empty()) {
            for part in word.split('.') {
                let is_random = is_random(part, LONG, 45)
                    || part.split('/').any(|part| is_random(part, LONG, 30));
                if is_random && !announces_id(before) {
                    add(part, found)?;
                }
            }
            before = word;
        }
    }
    Ok(())
}

/// Adds the only word of a text, which may be shorter.
fn alone(text: &str, found: &mut Vec<String>) -> Result<(), TooMany> {
    let word = text.trim_matches(|c| is_quote_or_blank(c) || c == '\u{feff}');
    let word = word.trim_end_matches('=');
    let is_word = word.chars().all(|c| is_token(c) && !"/=".contains(c));
    if is_word && is_random(word, 2 * SHORTEST, 25) {
        add(word, found)?;
    }
    Ok(())
}

fn is_mixed(word: &str) -> bool {
    let has = |is: fn(&u8) -> bool| word.bytes().any(|byte| is(&byte));
    has(u8::is_ascii_digit) && has(u8::is_ascii_alphabetic)
}

fn is_hexadecimal(word: &str) -> bool {
    let mut characters = word.bytes().filter(u8::is_ascii_alphanumeric);
    characters.all(|byte| byte.is_ascii_hexdigit())
}

/// Whether a word may be the id of a request.
fn is_id(word: &str) -> bool {
    const LONGEST: usize = "00000000-0000-0000-0000-000000000000".len();
    is_hexadecimal(word) && word.len() <= LONGEST
}

/// Adds the JWT in a word, such as `access_token=eyJ…`.
fn jwt(word: &str, found: &mut Vec<String>) -> Result<bool, TooMany> {
    // Base64 of `{"`.
    const START: &str = "eyJ";
    const SHORTEST: usize = 24;
    let jwt = word.find(START).map_or("", |start| &word[start..]);
    let is_jwt = jwt.len() >= SHORTEST && jwt.contains('.');
    if is_jwt {
        add(jwt, found)?;
    }
    Ok(is_jwt)
}

/// Whether what stands before says that an id follows: the tenant's support asks for it.
fn announces_id(before: &str) -> bool {
    let name = before.to_ascii_lowercase();
    let is_id = ["id", "reference", "trace", "digest", "etag"]
        .iter()
        .any(|end| name.ends_with(end));
    is_id && !name.ends_with("valid")
}

/// Whether a word has this length, and capitals, small letters and digits follow one another more often than in
/// words: at so many of a hundred places.
fn is_random(word: &str, shortest: usize, least: usize) -> bool {
    if word.len() < shortest || !is_mixed(word) {
        return false;
    }
    if is_hexadecimal(word) {
        return !is_id(word);
    }
    let characters = word.bytes().filter(u8::is_ascii_alphanumeric);
    let kinds: Vec<_> = characters
        .map(|byte| (byte.is_ascii_digit(), byte.is_ascii_uppercase()))
        .collect();
    let changes = kinds.windows(2).filter(|pair| pair[0] != pair[1]).count();
    100 * changes >= least * kinds.len()
}

/// What comes before the first of these characters, and the rest.
fn split(text: &str, is_end: impl Fn(char) -> bool) -> (&str, &str) {
    text.split_at(text.find(is_end).unwrap_or(text.len()))
}

#[cfg(test)]
mod tests;
