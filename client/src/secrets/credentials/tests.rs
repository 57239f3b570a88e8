//! What is taken for a credential, and what stays as the tenant wrote it.

use std::time::{Duration, Instant};

use super::*;

const TOKEN: &str = "Zx81-spectrum_48k";
const JWT: &str = "eyJhbGciOiJub25lIn0.eyJzdWIiOiJ4In0.c2lnbmF0dXJl";
const OPAQUE: &str = "b2Rk4mVuT0x5Zm9yVGVzdHM3q9LwX1cYtR";
const HEX: &str = "9c1e7a0b44d25f6e8810ab3cd97f02e65a4b1c88";

fn found(text: &str) -> Vec<String> {
    credentials(text).unwrap()
}

#[test]
fn a_credential_is_found_after_its_name_in_any_notation() {
    for text in [
        r#"{"access_token":"TOKEN"}"#,
        r#"{"accessToken" : "TOKEN"}"#,
        r#"{"id_token":"TOKEN","error":"x"}"#,
        r#"{"Refresh-Token":"TOKEN"}"#,
        r#"{"a":{"b":[{"sessionToken":"TOKEN"}]}}"#,
        r#"{"token":{"type":"bearer","value":"TOKEN"}}"#,
        r#"{"tokens":["x","TOKEN"]}"#,
        r#"{"credentials":{"password":"TOKEN"}}"#,
        r#"{"jwt":"TOKEN"}"#,
        r#"{"client_secret":"TOKEN"}"#,
        r#"{"name":"access_token","value":"TOKEN"}"#,
        r#"{"key":"token", "type":1}{"key":"idToken",  "value" : "TOKEN"}"#,
        r#"{"body":"{\"access_token\":\"TOKEN\"}"}"#,
        r#"{"a":"{\"b\":\"{\\\"token\\\":\\\"TOKEN\\\"}\"}"}"#,
        r#"{"acc\u0065ss\u005ftoken":"TOKEN"}"#,
        r#"{"access_token":"TOKEN"#,
        "{'access_token': 'TOKEN'}",
        "{access_token: TOKEN}",
        "access_token=TOKEN&token_type=bearer",
        "token_type=bearer&accessToken=TOKEN",
        "a=1&b=access_token%3DTOKEN%26c%3D1",
        "https://t.test/#access_token=TOKEN",
        "access_token: TOKEN\n",
        "Your access token: TOKEN.",
        "Authorization: Bearer TOKEN",
        "got Bearer TOKEN, want none",
        "the token TOKEN is not for you",
        "<access_token>TOKEN</access_token>",
        "<AccessToken type=\"bearer\">\n  TOKEN\n</AccessToken>",
        "<token><type>bearer</type><value>TOKEN</value></token>",
        "<token><![CDATA[TOKEN]]></token>",
        r#"<input type="hidden" name="access_token" value="TOKEN">"#,
        r#"<meta name="auth-token" content='TOKEN'>"#,
        "{&quot;accessToken&quot;:&quot;TOKEN&quot;}",
        "array(access_token => TOKEN)",
        "access_token;x;token := TOKEN",
    ] {
        let text = text.replace("TOKEN", TOKEN);
        assert_eq!(found(&text), [TOKEN], "{text}");
    }
    let nested = r#"{"credentials":{"user":"u","password":"hunterhunter"}}"#;
    assert_eq!(found(nested), ["hunterhunter"]);
    assert_eq!(found(r#"{"token":1234567890123}"#), ["1234567890123"]);
    let escaped = r#"{"token":"\u005ax81-spectrum_48k"}"#;
    assert!(found(escaped).contains(&TOKEN.to_owned()));
}

#[test]
fn a_credential_is_found_by_its_form() {
    for (text, credential) in [
        (JWT.to_owned(), JWT),
        (format!("no name: {JWT}!"), JWT),
        (format!(r#"{{"data":["{JWT}"]}}"#), JWT),
        (format!("see ?x={JWT}&y=1"), JWT),
        (OPAQUE.to_owned(), OPAQUE),
        (format!("<p>{OPAQUE}</p>"), OPAQUE),
        (format!(r#"{{"result":"{OPAQUE}"}}"#), OPAQUE),
        (format!("x={OPAQUE}== y"), OPAQUE),
        (HEX.to_owned(), HEX),
        (TOKEN.to_owned(), TOKEN),
        (format!("\u{feff}\"{TOKEN}\"\n"), TOKEN),
    ] {
        assert_eq!(found(&text), [credential], "{text}");
    }
}

#[test]
fn the_tenants_words_stay() {
    for text in [
        r#"{"error":"invalid_client","error_description":"Bad client credentials"}"#,
        r#"{"error":"invalid_token","error_description":"Invalid access token: expired"}"#,
        r#"{"error":"unsupported_grant_type","token":"invalid_token","id_token":"missing_parameter"}"#,
        r#"{"detailCode":"401 Unauthorized","trackingId":"2c9180835d2e5168015d32f890ca1581","messages":[]}"#,
        r#"{"trackingId":"5f2c1a3e-9b8d-4c7e-8f60-112233445566","path":"/oauth/token","status":500}"#,
        r#"{"errors":[{"field":"client_secret","code":"required"},{"client_secret":"must not be blank"}]}"#,
        r#"{"token_type":"Bearer","expires_in":"749","scope":"sp:scopes:all","token":null}"#,
        r#"{"message":"client_secret: mismatch; password: incorrect","note":"incorrect mismatch"}"#,
        r#"{"key":"access token","text":"Something else"}"#,
        "Full authentication is required to access this resource",
        "POST https://tenant-1.api.identitynow.com/oauth/token: use a bearer token",
        "no token for https://tenant-2.api.identitynow.com/oauth/token/v2024",
        "/v2024/taskStatus/2c9180835d2e5168015d32f890ca1581/pendingTasksOfTheTenantNumber12",
        "ERROR_42_TOKEN_ENDPOINT_IS_NOT_AVAILABLE_FOR_THIS_TENANT",
        "tenant-1-us-east-1-prod-2-api-gateway-for-2026-11-28",
        "Request ID: b2Rk4mVuT0x5Zm9yVGVzdHM3q9LwX1cYtR==",
        "reference=b2Rk4mVuT0x5Zm9yVGVzdHM3q9LwX1cYtR",
        "Bearer realm=\"oauth\", error=\"invalid_token\", error_description=\"The token expired\"",
        "<html><head><title>502 Bad Gateway</title></head><body>nginx/1.25.3</body></html>",
        "2c9180835d2e5168015d32f890ca1581",
        "5f2c1a3e-9b8d-4c7e-8f60-112233445566\n",
        "/oauth/token/v2024",
        "\"UNAUTHORIZED_CLIENT\"",
        "eyJ",
        "",
    ] {
        assert_eq!(found(text), [""; 0], "{text}");
    }
}

#[test]
fn headers_keep_their_ids() {
    let found = |name: &str, value: &str| credentials_in_header(name, value).unwrap();
    assert_eq!(found("x-auth-token", TOKEN), [TOKEN]);
    assert_eq!(found("x-a", &format!("access_token={TOKEN}; x")), [TOKEN]);
    assert_eq!(
        found("location", &format!("/#a=1&id_token={TOKEN}")),
        [TOKEN]
    );
    assert_eq!(found("x-a", JWT), [JWT]);
    for (name, value) in [
        ("x-amz-cf-id", "b2Rk4mVuT0x5Zm9yVGVzdHM3q9LwX1cYtR=="),
        ("etag", HEX),
        ("slpt-request-id", "2c9180835d2e5168015d32f890ca1581"),
        (
            "www-authenticate",
            "Bearer realm=\"a\", error=\"invalid_token\"",
        ),
        ("location", "https://t.test/oauth/token"),
    ] {
        assert_eq!(found(name, value), [""; 0], "{name}");
    }
}

/// Whatever an endpoint sends, looking through it takes no long time.
#[test]
fn a_text_full_of_credentials_is_looked_at_fast() {
    let start = Instant::now();
    for part in [
        "token=",
        "token:{",
        "<token",
        "\"token\":\"",
        "token ",
        "bearer a1",
        "\\u0022token",
        "%22token%3a",
        "[{",
        "eyJ.",
        "a1B2/",
        "=",
        "<token>",
    ] {
        let text = part.repeat((1 << 18) / part.len());
        let _ = credentials(&text);
        let time = start.elapsed();
        assert!(time < Duration::from_secs(20), "{part}: {time:?}");
    }
    // Each value has the words of an error in it.
    let words = format!("{}invalid ", "token=".repeat(10_000)).repeat(4);
    assert_eq!(credentials(&words), Err(TooMany));
    let deep = "\"token\":{".repeat(100_000);
    assert_eq!(credentials(&deep), Err(TooMany));
    let many: String = (0..40)
        .map(|number| format!("token=number-{number}-of-many\n"))
        .collect();
    assert_eq!(credentials(&many), Err(TooMany));
}
