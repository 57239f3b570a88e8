//! A body as text, read in the encoding that the response declares.

use encoding_rs::{Encoding, UTF_8};

/// A body, classified once when it arrives.
#[derive(Clone)]
pub(crate) enum Body {
    Empty,
    /// One valid JSON value with nothing around it.
    Json(String),
    /// Anything else; bytes that are invalid in its encoding are replaced.
    Text(String),
}

impl Body {
    pub(super) fn read(bytes: Vec<u8>, headers: &[(String, String)]) -> Self {
        let encoding = encoding(headers, &bytes);
        let text = if encoding == UTF_8 {
            String::from_utf8(bytes).map_err(|error| {
                let text = String::from_utf8_lossy(error.as_bytes());
                text.into_owned()
            })
        } else {
            match encoding.decode_without_bom_handling(&bytes) {
                (text, false) => Ok(text.into_owned()),
                (text, true) => Err(text.into_owned()),
            }
        };
        let text = match text {
            Ok(text) => text,
            Err(with_replacements) => return Self::Text(with_replacements),
        };
        let trimmed = text.trim_start_matches('\u{feff}').trim();
        if trimmed.is_empty() {
            return Self::Empty;
        }
        if serde_json::from_str::<serde::de::IgnoredAny>(trimmed).is_err() {
            return Self::Text(text);
        }
        if trimmed.len() == text.len() {
            Self::Json(text)
        } else {
            Self::Json(trimmed.to_owned())
        }
    }
}

/// The text of a body of which only the beginning came.
pub(super) fn beginning(headers: &[(String, String)], body: &[u8]) -> String {
    let mut decoder = encoding(headers, body).new_decoder_without_bom_handling();
    let most = decoder.max_utf8_buffer_length(body.len()).unwrap_or(0);
    let mut text = String::with_capacity(most);
    // The end may be in the middle of a character, which is left out then.
    let is_last = false;
    let _ = decoder.decode_to_string(body, &mut text, is_last);
    text
}

/// The encoding of a body: that of its byte order mark, or the one its `Content-Type` declares, or
/// UTF-8.
fn encoding(headers: &[(String, String)], body: &[u8]) -> &'static Encoding {
    if let Some((encoding, _)) = Encoding::for_bom(body) {
        return encoding;
    }
    headers
        .iter()
        .find(|(name, _)| name.eq_ignore_ascii_case("content-type"))
        .and_then(|(_, content_type)| charset(content_type))
        .and_then(|label| Encoding::for_label_no_replacement(label.as_bytes()))
        .unwrap_or(UTF_8)
}

/// The `charset` of a content type such as `text/html; charset="latin1"`.
fn charset(content_type: &str) -> Option<&str> {
    content_type.split(';').skip(1).find_map(|parameter| {
        let (name, value) = parameter.split_once('=')?;
        name.trim()
            .eq_ignore_ascii_case("charset")
            .then(|| value.trim().trim_matches(['"', '\'']))
    })
}

#[cfg(test)]
mod tests {
    use super::super::Response;
    use crate::secrets::Masks;

    fn response(status: u16, body: &str) -> Response {
        Response::new(status, Vec::new(), body.as_bytes().to_vec())
    }

    #[test]
    fn a_body_is_json_text_or_nothing() {
        assert_eq!(
            response(200, "\u{feff} [1, 2] \n").json_text(),
            Some("[1, 2]")
        );
        assert_eq!(response(200, "[1, 2").json_text(), None);
        assert_eq!(response(200, "[1, 2").text(), "[1, 2");
        assert_eq!(response(204, " \n").text(), "");
        assert_eq!(
            response(200, r#"{"a":"\ud800","A":9007199254740993,"":1}"#)
                .json_text()
                .map(str::len),
            Some(40)
        );
        let latin1 = Response::new(200, Vec::new(), vec![b'"', 0xfc, b'"']);
        assert_eq!((latin1.json_text(), latin1.text()), (None, "\"\u{fffd}\""));
    }

    fn declared(content_type: &str, body: &[u8]) -> Response {
        let headers = vec![("content-type".to_owned(), content_type.to_owned())];
        Response::new(200, headers, body.to_vec())
    }

    #[test]
    fn a_body_is_read_in_the_encoding_it_declares() {
        for (content_type, body) in [
            ("application/json; charset=ISO-8859-1", &b"\"\xfc\""[..]),
            ("application/json;charset=\"latin1\"", b"\"\xfc\""),
            (
                "application/json; a=b; Charset = 'windows-1252' ",
                b"\"\xfc\"",
            ),
            ("application/json; charset=utf-16le", b"\"\0\xfc\0\"\0"),
            ("application/json; charset=utf-16be", b"\0\"\0\xfc\0\""),
            ("application/json; charset=gb18030", b"\"\xa8\xb9\""),
            ("application/json; charset=utf-8", b"\"\xc3\xbc\""),
            ("application/json; charset=unheard-of", b"\"\xc3\xbc\""),
            ("application/json; charset=", b"\"\xc3\xbc\""),
            ("application/json; charset", b"\"\xc3\xbc\""),
            ("application/json", b"\"\xc3\xbc\""),
            // A byte order mark is more certain than a header.
            ("application/json", b"\xff\xfe\"\0\xfc\0\"\0"),
            (
                "application/json; charset=latin1",
                b"\xfe\xff\0\"\0\xfc\0\"",
            ),
            (
                "application/json; charset=latin1",
                b"\xef\xbb\xbf\"\xc3\xbc\"",
            ),
        ] {
            let response = declared(content_type, body);
            assert_eq!(response.json_text(), Some("\"ü\""), "{content_type}");
        }
        let japanese = declared("text/plain; charset=Shift_JIS", b"\x90\xda\x91\xb1");
        assert_eq!((japanese.json_text(), japanese.text()), (None, "接続"));
        let invalid = declared("application/json; charset=Shift_JIS", b"\"\x90\"");
        assert_eq!(
            (invalid.json_text(), invalid.text()),
            (None, "\"\u{fffd}\"")
        );
    }

    #[test]
    fn a_body_that_was_cut_ends_with_a_whole_character_and_a_note() {
        for (content_type, body) in [
            ("text/plain", &b"a\xc3\xbcb\xc3"[..]),
            ("text/plain; charset=utf-16le", b"a\0\xfc\0b\0c"),
            ("text/plain; charset=latin1", b"a\xfcb"),
            ("text/plain; charset=gb18030", b"a\xa8\xb9b\x81\x30"),
        ] {
            let headers = vec![("content-type".to_owned(), content_type.to_owned())];
            let response = Response::cut(400, headers, body, "cut".to_owned());
            let response = response.masked(&Masks::of([]));
            assert_eq!(response.text(), "aüb\n[cut]", "{content_type}");
        }
        let marked = Response::cut(400, Vec::new(), b"\xff\xfea\0", "cut".to_owned());
        let marked = marked.masked(&Masks::of([]));
        assert_eq!(marked.text(), "\u{feff}a\n[cut]");
    }
}
