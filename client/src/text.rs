//! Texts from elsewhere, prepared for messages.

/// The first `most` characters of a text, followed by an ellipsis if there were more.
pub(crate) fn brief(text: &str, most: usize) -> String {
    match text.char_indices().nth(most) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.to_owned(),
    }
}
