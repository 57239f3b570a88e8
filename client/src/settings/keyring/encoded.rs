//! The form in which `sail` stores secrets on macOS: a prefix says how the text is encoded.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

/// The secret in a text from the keychain.
pub(super) fn decode(text: &str) -> Option<Vec<u8>> {
    if let Some(base64) = text.strip_prefix("go-keyring-base64:") {
        STANDARD.decode(base64).ok()
    } else if let Some(hex) = text.strip_prefix("go-keyring-encoded:") {
        from_hex(hex)
    } else {
        Some(text.as_bytes().to_vec())
    }
}

fn from_hex(text: &str) -> Option<Vec<u8>> {
    let digit = |byte: u8| char::from(byte).to_digit(16);
    if text.len() % 2 == 1 {
        return None;
    }
    text.as_bytes()
        .chunks_exact(2)
        .map(|pair| u8::try_from(digit(pair[0])? * 16 + digit(pair[1])?).ok())
        .collect()
}

#[cfg(test)]
mod tests {
    use super::decode;

    #[test]
    fn every_form() {
        let decoded = |text| decode(text).map(|bytes| String::from_utf8(bytes).unwrap());
        assert_eq!(decoded("plain"), Some("plain".to_owned()));
        assert_eq!(
            decoded("go-keyring-base64:c2VjcmV0w7w="),
            Some("secretü".to_owned())
        );
        assert_eq!(
            decoded("go-keyring-encoded:736563726574c3BC"),
            Some("secretü".to_owned())
        );
        for damaged in [
            "go-keyring-base64:c2VjcmV0w7w",
            "go-keyring-base64:!",
            "go-keyring-encoded:7",
            "go-keyring-encoded:7x",
            "go-keyring-encoded:+1",
        ] {
            assert_eq!(decoded(damaged), None, "{damaged}");
        }
    }
}
