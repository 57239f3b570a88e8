//! What is masked, and that nothing else changes.

use percent_encoding::{NON_ALPHANUMERIC, percent_decode_str, utf8_percent_encode};
use proptest::collection::vec;
use proptest::prelude::*;
use serde_json::Value;

use super::*;

fn json(secret: &str, text: &str) -> String {
    Masks::of(&[secret.into()]).json(text.to_owned())
}

fn text(secret: &str, text: &str) -> String {
    Masks::of(&[secret.into()]).text(text.to_owned())
}

#[test]
fn every_form_of_a_secret_is_masked() {
    let secret = r#"a"b c/\é+9"#;
    for (written, masked) in [
        (r#"plain a"b c/\é+9."#, "plain ********."),
        (r#"JSON a\"b c/\\é+9."#, "JSON ********."),
        (r#"JSON a\"b c\/\\\u00E9\u002b9."#, "JSON ********."),
        ("URL a%22b%20c%2F%5C%C3%A9%2B9.", "URL ********."),
        ("URL a%22b%20c/%5c%c3%a9%2b9.", "URL ********."),
        ("form a%22b+c%2F%5C%C3%A9%2B9.", "form ********."),
        (r#"a"b c/\é+9a"b c/\é+9"#, "****************"),
    ] {
        assert_eq!(text(secret, written), masked);
        let body = serde_json::json!({ "a": [written, 1], written: null }).to_string();
        let expected = serde_json::json!({ "a": [masked, 1], masked: null }).to_string();
        assert_eq!(json(secret, &body), expected);
    }
    assert_eq!(text("", "text"), "text");
    assert_eq!(json("", r#"["",""]"#), r#"["",""]"#);
}

#[test]
fn a_body_keeps_every_byte_that_is_not_a_secret() {
    let body = " [ \"\\u0041 pass\\u0077ord\\/1 \\ud800\\n\" , 1.50e+3,{\"\\/a\" :null}]\n";
    assert_eq!(
        json("password/1", body),
        " [ \"\\u0041 ******** \\ud800\\n\" , 1.50e+3,{\"\\/a\" :null}]\n"
    );
    // A letter of an escape is no letter of the text.
    for secret in ["npassword", "u0041 pas", "0041 password", "/1 \\ud800"] {
        assert_eq!(json(secret, body), body);
    }
}

#[test]
fn a_short_secret_is_masked_only_as_a_whole_text() {
    let body = r#"{"null":null,"1":1,"e":1e1,"true":[true,false],"a":"null","b":["1","e","e1","true"," e","\u0065"]}"#;
    for (secret, changed) in [
        ("null", r#""a":"null""#),
        ("1", r#"["1""#),
        ("true", r#""true"," e""#),
    ] {
        let masked = changed.replace(&format!("\"{secret}\""), "\"********\"");
        assert_eq!(json(secret, body), body.replace(changed, &masked));
    }
    let masked = body.replace(r#","e","e1""#, r#","********","e1""#);
    assert_eq!(json("e", body), masked.replace(r"\u0065", "********"));
    assert_eq!(json("e", r#""e""#), r#""********""#);
    for (given, masked) in [
        ("e", "********"),
        (" e\n", " ********\n"),
        ("ee", "ee"),
        ("", ""),
    ] {
        assert_eq!(text("e", given), masked);
    }
    // A number such as the total count must stay.
    let mut headers = vec![("x-total-count".to_owned(), "12".to_owned())];
    Masks::of(&["12".into()]).headers(&mut headers);
    assert_eq!(headers[0].1, "12");
}

/// A body that is too large is cut, perhaps within a secret.
#[test]
fn the_beginning_of_a_secret_is_cut_off() {
    let secret = "S3c\"r/e\\t \u{e9}\u{1f511}+%41";
    let secrets = [secret.into(), "12345".into()];
    let masks = Masks::of(&secrets);
    let escaped = serde_json::json!(secret).to_string();
    let every = |text: &str| -> String {
        let units = text.encode_utf16();
        units.map(|unit| format!("\\u{unit:04X}")).collect()
    };
    let encoded = utf8_percent_encode(secret, NON_ALPHANUMERIC).to_string();
    let bytes = secret.bytes();
    for form in [
        secret.to_owned(),
        secret.replace(' ', "+"),
        escaped[1..escaped.len() - 1].to_owned(),
        every(secret),
        every(&every(secret)),
        every(&encoded),
        encoded.replace('%', r"\u0025"),
        bytes.map(|byte| format!("%{byte:02x}")).collect(),
        encoded.replace("%20", "+"),
        encoded,
    ] {
        let whole = format!("{{\"a\":\"x {form}");
        for (end, _) in whole.char_indices().skip(9) {
            let shown = masks.beginning(&whole[..end]);
            assert_eq!(shown, "{\"a\":\"x ", "{}", &whole[..end]);
        }
        assert_eq!(masks.beginning(&whole), "{\"a\":\"x ********");
        let more = format!("{whole} S3 12345 {form} x");
        assert_eq!(
            masks.beginning(&more),
            "{\"a\":\"x ******** S3 12345 ******** x"
        );
    }
    // Its last letters are its first ones too.
    let masks = [SecretString::from("abcdefab")];
    let masks = Masks::of(&masks);
    for (text, shown) in [
        ("x abcdefab", "x ********"),
        ("x abcdefabcdef", "x ********"),
        ("x abcdefab ab", "x ******** "),
        ("x abcdefa", "x "),
        ("x ab x", "x ab x"),
        ("", ""),
    ] {
        assert_eq!(masks.beginning(text), shown);
    }
}

/// The names of headers come in lower case.
#[test]
fn a_long_secret_is_masked_in_the_names_of_headers() {
    let secrets = ["S3cr3t!Word", "short", "S3cr3t!Word"].map(SecretString::from);
    let masks = Masks::of(&secrets);
    for (name, shown) in [
        ("s3cr3t!word", "********"),
        ("x-S3cr3t!Word-s3cr3t!word", "x-********-********"),
        ("x-s3cr3t%21word", "x-********"),
        ("x-%53%33cr3t%21w%6frd-a", "x-********-a"),
        ("short", "short"),
    ] {
        let mut headers = vec![(name.to_owned(), "x".to_owned())];
        masks.headers(&mut headers);
        assert_eq!(headers[0].0, shown);
    }
}

#[test]
fn a_secret_that_was_escaped_twice_is_masked_in_a_text() {
    let secret = r#"pass"wo/rd"#;
    assert_eq!(
        text(secret, r#"{"a":"{\"b\":\"pass\\\"wo\\/rd\"}" x"#),
        r#"{"a":"{\"b\":\"********\"}" x"#
    );
    assert_eq!(
        text(secret, r#"{"a\u003dpass%22wo%2Frd"#),
        r#"{"a\u003d********"#
    );
}

/// SECURITY.md names these. They are tested so that it stays true.
#[test]
fn forms_that_are_not_recognized() {
    let secret = "pa55/word";
    for form in [
        "pa55%252Fword",
        "pa55&#47;word",
        "pa55&sol;word",
        "cGE1NS93b3Jk",
        "PA55/WORD",
        "pa55/w ord",
    ] {
        assert_eq!(text(secret, form), form);
        let body = Value::from(form).to_string();
        assert_eq!(json(secret, &body), body);
    }
}

#[test]
fn a_long_secret_of_digits_in_a_number() {
    let body = r#"[12345678,-1123456789.5e3,1234567,{"x12345678":true}]"#;
    assert_eq!(
        json("12345678", body),
        r#"["********","********",1234567,{"x********":true}]"#
    );
}

/// A secret of which some characters matter to JSON or to a URL.
fn secret(length: std::ops::Range<usize>) -> impl Strategy<Value = String> {
    let (least, most) = (length.start, length.end - 1);
    let characters = [
        "[ -)+-~é中😀]",
        "[ab\\\\\"%+nu0 ]",
        "[A-Za-z0-9._-]",
        "[0-9]",
    ];
    proptest::sample::select(characters.to_vec()).prop_flat_map(move |characters| {
        let expression = format!("{characters}{{{least},{most}}}");
        proptest::string::string_regex(&expression).unwrap()
    })
}

/// What stands around a secret; much of it looks like the beginning of an escape.
const AROUND: &str = "[ab\\\\\"%+nu0 {}:,é😀]{0,6}";

/// A text that may repeat the secret, in one of its forms.
fn repeating(secret: String) -> impl Strategy<Value = String> {
    let encoded = utf8_percent_encode(&secret, NON_ALPHANUMERIC).to_string();
    let escaped = Value::from(secret.as_str()).to_string();
    let in_form: String = secret.split(' ').collect::<Vec<_>>().join("+");
    let forms = vec![
        String::new(),
        encoded.to_lowercase(),
        encoded.replace("%20", "+"),
        encoded,
        escaped[1..escaped.len() - 1].to_owned(),
        in_form,
        secret,
    ];
    (AROUND, proptest::sample::select(forms), AROUND).prop_map(|(a, b, c)| a + &b + &c)
}

/// A secret, and a JSON text that may repeat it in strings and names; every character is escaped or not.
fn bodies(length: std::ops::Range<usize>) -> impl Strategy<Value = (String, String)> {
    secret(length)
        .prop_flat_map(|secret| {
            let texts = vec(repeating(secret.clone()), 1..6);
            let numbers = vec("-?[1-9][0-9]{0,12}(\\.[0-9]{1,9})?", 1..3);
            (Just(secret), texts, numbers, vec(0_u8..6, 1..40))
        })
        .prop_map(|(secret, texts, numbers, dice)| {
            let mut dice = dice.iter().copied().cycle();
            let mut strings = texts.iter().map(|text| written(text, &mut dice));
            let first = strings.next().unwrap_or_default();
            let others: Vec<_> = strings
                .map(|string| format!("{{ {string} :[null ,{string},true]}}"))
                .chain(numbers)
                .collect();
            (secret, format!("[{first},{}]", others.join(" , ")))
        })
}

/// A JSON string, of which chance decides what is escaped.
fn written(text: &str, dice: &mut impl Iterator<Item = u8>) -> String {
    let mut written = String::from("\"");
    for c in text.chars() {
        let mut units = [0; 2];
        match (dice.next(), c) {
            (Some(0), c) => {
                for unit in c.encode_utf16(&mut units) {
                    written.push_str(&format!("\\u{unit:04x}"));
                }
            }
            (_, '"' | '\\') | (Some(1), '/') => written.extend(['\\', c]),
            _ => written.push(c),
        }
    }
    written + "\""
}

/// The scalars of a JSON text: its strings and names decoded, its literals as they are.
fn decoded(body: &str) -> Vec<(Kind, String)> {
    let scalars = json::scalars(body).map(|(kind, place)| {
        let text = &body[place];
        let text = match kind {
            Kind::Literal => text.to_owned(),
            _ => serde_json::from_str(&format!("\"{text}\"")).unwrap(),
        };
        (kind, text)
    });
    scalars.collect()
}

/// Whether a decoded text repeats a secret in one of its forms.
fn holds(text: &str, secret: &str) -> bool {
    let unescaped = serde_json::from_str::<String>(&format!("\"{text}\"")).unwrap_or_default();
    let plain = percent_decode_str(text).decode_utf8_lossy().into_owned();
    let in_form = secret.replace(' ', "+");
    [text, &unescaped, &plain]
        .iter()
        .any(|text| text.contains(secret) || text.contains(&in_form))
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(2000) })]

    #[test]
    fn a_long_secret_is_gone_from_json_and_nothing_else((secret, body) in bodies(8..20)) {
        let masked = json(&secret, &body);
        prop_assert!(serde_json::from_str::<Value>(&masked).is_ok(), "{masked}");
        let (before, after) = (decoded(&body), decoded(&masked));
        prop_assert_eq!(before.len(), after.len());
        for ((kind, before), (_, after)) in before.iter().zip(&after) {
            prop_assert!(!holds(after, &secret), "{after}");
            if *kind == Kind::Literal && before != after {
                prop_assert!(before.contains(&secret));
            }
            if !after.contains(MASK) {
                prop_assert_eq!(before, after);
            }
        }
        if !before.iter().any(|(_, text)| text.contains('%') || text.contains('\\') || holds(text, &secret)) {
            prop_assert_eq!(masked, body);
        }
    }

    #[test]
    fn a_short_secret_is_gone_from_whole_strings_and_nothing_else((secret, body) in bodies(1..8)) {
        let masked = json(&secret, &body);
        prop_assert!(serde_json::from_str::<Value>(&masked).is_ok(), "{masked}");
        for ((kind, before), (_, after)) in decoded(&body).iter().zip(decoded(&masked)) {
            prop_assert!(*kind != Kind::Text || after != secret);
            if *kind != Kind::Text {
                prop_assert_eq!(before, &after);
            } else if *before != after {
                prop_assert_eq!(&after, MASK);
                prop_assert!(before == &secret || before.len() > secret.len() || secret.contains(' '));
            }
        }
    }

    #[test]
    fn a_long_secret_is_gone_from_a_text(
        (secret, body) in secret(8..20).prop_flat_map(|secret| (Just(secret.clone()), repeating(secret)))
    ) {
        let masked = text(&secret, &body);
        prop_assert!(!masked.contains(&secret), "{masked}");
        prop_assert!(!percent_decode_str(&masked).decode_utf8_lossy().contains(&secret), "{masked}");
        if !masked.contains(MASK) {
            prop_assert_eq!(masked, body);
        }
    }
}
