//! Sealed secrets: a host that saves settings keeps them instead of the secrets themselves.
//!
//! A sealed value is encrypted with a key that exists only in this process's memory. It can be given
//! back as an explicit setting of the same name, also after the environment and the files have changed.
//! Nobody else can read it, and another process cannot use it.

use std::sync::LazyLock;

use percent_encoding::{NON_ALPHANUMERIC, percent_decode_str, percent_encode};
use ring::aead::{AES_256_GCM, Aad, LessSafeKey, NONCE_LEN, Nonce, UnboundKey};
use ring::rand::{SecureRandom, SystemRandom};
use serde_json::Value;

/// How a sealed value begins.
const PREFIX: &str = "v2024-sealed:";

/// Stands for no value, whatever other sources have.
pub(crate) const NONE: &str = "v2024-sealed:none";

static RANDOM: LazyLock<SystemRandom> = LazyLock::new(SystemRandom::new);

/// The process's key; `None` if the system has no random numbers.
static KEY: LazyLock<Option<LessSafeKey>> = LazyLock::new(|| {
    let mut bytes = [0; 32];
    RANDOM.fill(&mut bytes).ok()?;
    UnboundKey::new(&AES_256_GCM, &bytes)
        .map(LessSafeKey::new)
        .ok()
});

/// Seals the value of a setting.
pub(crate) fn seal(setting: &str, value: &Value) -> Option<String> {
    let mut nonce = [0; NONCE_LEN];
    RANDOM.fill(&mut nonce).ok()?;
    let mut text = value.to_string().into_bytes();
    KEY.as_ref()?
        .seal_in_place_append_tag(
            Nonce::assume_unique_for_key(nonce),
            Aad::from(setting),
            &mut text,
        )
        .ok()?;
    let sealed = [nonce.as_slice(), &text].concat();
    Some(format!(
        "{PREFIX}{}",
        percent_encode(&sealed, NON_ALPHANUMERIC)
    ))
}

/// Whether a value is a sealed one.
pub(crate) fn is_sealed(value: &Value) -> bool {
    value.as_str().is_some_and(|text| text.starts_with(PREFIX))
}

/// The value of a setting that this process sealed; null for [`NONE`]. Another setting's is not opened, since not every
/// setting is masked when it is shown.
pub(crate) fn open(setting: &str, sealed: &Value) -> Option<Value> {
    if sealed == NONE {
        return Some(Value::Null);
    }
    let sealed: Vec<u8> = percent_decode_str(sealed.as_str()?.strip_prefix(PREFIX)?).collect();
    let (nonce, text) = sealed.split_at_checked(NONCE_LEN)?;
    let nonce = Nonce::try_assume_unique_for_key(nonce).ok()?;
    let mut text = text.to_vec();
    let opened = KEY
        .as_ref()?
        .open_in_place(nonce, Aad::from(setting), &mut text)
        .ok()?;
    serde_json::from_slice(opened).ok()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn only_the_same_setting_of_this_process_opens() {
        for value in [json!("s3cr3t"), json!({ "UserName": "u", "Password": "p" })] {
            let sealed = Value::from(seal("Token", &value).unwrap());
            assert!(is_sealed(&sealed) && !is_sealed(&value));
            assert_eq!(open("Token", &sealed), Some(value));
            assert_eq!(open("ClientId", &sealed), None);
            let text = sealed.as_str().unwrap();
            let changed = [&text[..text.len() - 1], "_"].concat();
            assert_eq!(open("Token", &changed.into()), None);
            assert!(!text.contains("s3cr3t"));
        }
        assert_eq!(open("Token", &NONE.into()), Some(Value::Null));
        for other in ["", "v2024-sealed:", "v2024-sealed:%00", "s3cr3t"] {
            assert_eq!(open("Token", &other.into()), None);
        }
    }
}
