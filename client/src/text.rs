//! Texts from elsewhere, prepared for messages.

use std::borrow::Cow;

/// The first `most` characters of a text, printable, followed by an ellipsis if there were more.
pub(crate) fn brief(text: &str, most: usize) -> String {
    match text.char_indices().nth(most) {
        Some((end, _)) => format!("{}…", printable(&text[..end])),
        None => printable(text).into_owned(),
    }
}

/// A text without control characters, which could rewrite what a terminal shows: U+2400 pictures for
/// C0 and DEL, U+FFFD for C1.
pub(crate) fn printable(text: &str) -> Cow<'_, str> {
    if text.contains(char::is_control) {
        text.chars().map(picture).collect::<String>().into()
    } else {
        text.into()
    }
}

fn picture(c: char) -> char {
    const PICTURES: u32 = 0x2400;
    const DEL: char = '\u{2421}';
    match c {
        '\0'..='\x1f' => {
            char::from_u32(PICTURES + u32::from(c)).unwrap_or(char::REPLACEMENT_CHARACTER)
        }
        '\x7f' => DEL,
        c if c.is_control() => char::REPLACEMENT_CHARACTER,
        c => c,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn control_characters_become_pictures() {
        assert_eq!(
            printable("a\0\x1b[31m\r\n\t\x1f\x7f\u{80}\u{9b}\u{9f}\u{a0}é\u{2028}"),
            "a␀␛[31m␍␊␉␟␡\u{fffd}\u{fffd}\u{fffd}\u{a0}é\u{2028}"
        );
        let plain = "GET /x: 404 Not Found";
        assert!(matches!(printable(plain), Cow::Borrowed(text) if text == plain));
        assert_eq!(brief("a\nbc", 2), "a␊…");
        assert_eq!(brief("a\n", 2), "a␊");
    }
}
