//! Texts from elsewhere, prepared for messages.

use std::borrow::Cow;

/// The first `most` characters of a text, printable, followed by an ellipsis if there were more.
pub(crate) fn brief(text: &str, most: usize) -> String {
    match text.char_indices().nth(most) {
        Some((end, _)) => format!("{}…", printable(&text[..end])),
        None => printable(text).into_owned(),
    }
}

/// A text without the characters that could change how a terminal shows other text. Control
/// characters become their pictures from U+2400 on. U+FFFD takes the place of those that have no
/// picture, and of characters that separate lines or set the direction of text.
///
/// The PowerShell module has the same rule, and a test that compares the two.
pub(crate) fn printable(text: &str) -> Cow<'_, str> {
    if text.contains(|c| picture(c) != c) {
        text.chars().map(picture).collect::<String>().into()
    } else {
        text.into()
    }
}

/// Whether a text has none of the characters that [`printable`] replaces.
pub(crate) fn is_printable(text: &str) -> bool {
    matches!(printable(text), Cow::Borrowed(_))
}

fn picture(c: char) -> char {
    const PICTURES: u32 = 0x2400;
    const DEL: char = '\u{2421}';
    match c {
        '\0'..='\x1f' => {
            char::from_u32(PICTURES + u32::from(c)).unwrap_or(char::REPLACEMENT_CHARACTER)
        }
        '\x7f' => DEL,
        '\u{80}'..='\u{9f}'
        | '\u{61c}'
        | '\u{200e}'
        | '\u{200f}'
        | '\u{2028}'..='\u{202e}'
        | '\u{2066}'..='\u{2069}' => char::REPLACEMENT_CHARACTER,
        c => c,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_and_directions_are_not_changed_by_a_text() {
        let replaced: String = ('\u{a0}'..=char::MAX)
            .filter(|c| picture(*c) != *c)
            .collect();
        assert_eq!(
            replaced,
            "\u{61c}\u{200e}\u{200f}\u{2028}\u{2029}\u{202a}\u{202b}\u{202c}\u{202d}\u{202e}\
             \u{2066}\u{2067}\u{2068}\u{2069}"
        );
        assert_eq!(printable("a\u{202e}b\u{200d}"), "a\u{fffd}b\u{200d}");
    }

    #[test]
    fn control_characters_become_pictures() {
        assert_eq!(
            printable("a\0\x1b[31m\r\n\t\x1f\x7f\u{80}\u{9b}\u{9f}\u{a0}é"),
            "a␀␛[31m␍␊␉␟␡\u{fffd}\u{fffd}\u{fffd}\u{a0}é"
        );
        let plain = "GET /x: 404 Not Found";
        assert!(matches!(printable(plain), Cow::Borrowed(text) if text == plain));
        assert_eq!(brief("a\nbc", 2), "a␊…");
        assert_eq!(brief("a\n", 2), "a␊");
    }
}
