//! Where settings come from, which forms they may have, and what is said when they lack.

use std::path::Path;

use serde_json::{Value, json};
use v2024_task_management::{Client, Error, ErrorKind, Settings};

use crate::common;

fn resolve(settings: Value) -> Result<Settings, Error> {
    Settings::from_json(&settings.to_string())
}

/// A setting's value and source.
fn shown(settings: &Settings, name: &str) -> (Value, String) {
    let entry = &settings.shown()[name];
    (
        entry["value"].clone(),
        entry["source"].as_str().unwrap().to_owned(),
    )
}

fn base_url(text: &str) -> Result<Settings, Error> {
    resolve(json!({ "BaseUrl": text, "Token": "t", "Environment": {} }))
}

fn folder() -> tempfile::TempDir {
    tempfile::tempdir().unwrap()
}

fn write(folder: &Path, name: &str, content: impl AsRef<[u8]>) -> String {
    let path = folder.join(name);
    std::fs::create_dir_all(path.parent().unwrap()).unwrap();
    std::fs::write(&path, content).unwrap();
    path.display().to_string()
}

#[test]
fn c20_every_form_of_a_base_url() {
    for (given, used) in [
        ("https://t.api.test", "https://t.api.test"),
        ("https://t.api.test/", "https://t.api.test"),
        ("https://t.api.test/v2024", "https://t.api.test"),
        ("https://t.api.test/v2024/", "https://t.api.test"),
        ("https://t.api.test/v3", "https://t.api.test"),
        ("https://t.api.test/beta", "https://t.api.test"),
        ("t.api.test", "https://t.api.test"),
        (" https://t.api.test ", "https://t.api.test"),
        ("HTTPS://T.API.TEST:443", "https://t.api.test"),
        (
            "https://t.api.test:8443/gateway/v2025",
            "https://t.api.test:8443/gateway",
        ),
        ("http://127.0.0.1:8124", "http://127.0.0.1:8124"),
        ("http://localhost:8124/", "http://localhost:8124"),
        ("http://[::1]:8124", "http://[::1]:8124"),
        ("localhost:8124", "https://localhost:8124"),
    ] {
        let settings = base_url(given).unwrap();
        assert_eq!(
            shown(&settings, "BaseUrl"),
            (json!(used), "explicit".into()),
            "{given}"
        );
        assert_eq!(
            shown(&settings, "TokenUrl").0,
            format!("{used}/oauth/token")
        );
    }
}

#[tokio::test]
async fn a_doubled_slash_in_the_base_url_names_no_other_host() {
    let sandbox = common::sandbox().await;
    for prefix in ["//localhost", "/\\localhost", "/a//b"] {
        let settings = resolve(json!({
            "BaseUrl": format!("{}{prefix}", sandbox.base_url()), "Token": "t",
            "MaximumRetryCount": 0, "Environment": {},
        }))
        .unwrap();
        let error = Client::new(settings)
            .unwrap()
            .get_task_status("x")
            .await
            .unwrap_err();
        assert_eq!(error.status(), Some(404), "{prefix}: {error}");
    }
}

#[test]
fn base_urls_that_cannot_be_meant() {
    for (given, words) in [
        (
            "http://t.api.test",
            "BaseUrl is plain http, which would send the client secret unencrypted: http://t.api.test",
        ),
        (
            "ftp://t.api.test",
            "BaseUrl is not an http or https address",
        ),
        ("https://", "BaseUrl is not an http or https address"),
        ("https://a b", "BaseUrl is not an http or https address"),
        (
            "https://user:pw@t.api.test",
            "BaseUrl must not hold a user name or password",
        ),
        (
            "https://t.api.test?x=1",
            "BaseUrl must not have a query or a fragment",
        ),
    ] {
        let error = base_url(given).unwrap_err();
        assert_eq!(
            (error.kind(), error.message()),
            (ErrorKind::Settings, words)
        );
    }
    resolve(json!({ "BaseUrl": "http://t.api.test", "Token": "t", "AllowHttp": true, "Environment": {} })).unwrap();
}

#[test]
fn explicit_over_environment_over_json_over_yaml() {
    let home = folder();
    let here = folder();
    let yaml = write(
        home.path(),
        ".sailpoint/config.yaml",
        "activeenvironment: Prod\nenvironments:\n  prod:\n    baseurl: https://yaml.test\n    pat:\n      clientid: yaml-id\n      clientsecret: yaml-secret\n",
    );
    let file = write(
        here.path(),
        "config.json",
        r#"{"BaseURL":"https://json.test","clientid":"json-id"}"#,
    );
    let sources = |explicit: Value, environment: Value| {
        let mut all = json!({ "Folder": here.path(), "Environment": environment });
        all["Environment"]["HOME"] = json!(home.path());
        all.as_object_mut()
            .unwrap()
            .extend(explicit.as_object().unwrap().clone());
        let settings = resolve(all).unwrap();
        ["BaseUrl", "ClientId", "ClientSecret"].map(|name| shown(&settings, name).1)
    };
    assert_eq!(
        sources(json!({}), json!({})),
        [file.clone(), file.clone(), yaml.clone()]
    );
    let variables = json!({ "SAIL_BASE_URL": "https://env.test", "SAIL_CLIENT_ID": " ", "SAIL_CLIENT_SECRET": "env-secret" });
    assert_eq!(
        sources(json!({}), variables.clone()),
        ["environment".into(), file.clone(), "environment".into()]
    );
    assert_eq!(
        sources(
            json!({ "baseurl": "https://x.test", "ClientSecret": "s" }),
            variables
        ),
        ["explicit".into(), file, "explicit".into()]
    );
}

#[test]
fn c19_the_sail_command_lines_file_and_its_keyring() {
    let home = folder();
    let path = write(
        home.path(),
        ".sailpoint/config.yaml",
        "activeenvironment: prod\nenvironments:\n  prod:\n    baseurl: https://yaml.test\n",
    );
    let environment = json!({ "HOME": home.path() });
    let error = resolve(json!({ "Folder": "/nowhere", "Environment": environment })).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Settings);
    assert_eq!(
        error.message(),
        format!(
            "the settings are missing: ClientId, ClientSecret; looked in the explicit settings, the environment (SAIL_BASE_URL, SAIL_CLIENT_ID, SAIL_CLIENT_SECRET), /nowhere/config.json (not there), {path}"
        )
    );
    assert!(error.hint().unwrap().contains("keyring"));
    write(
        home.path(),
        ".sailpoint/config.yaml",
        "activeenvironment: test\nenvironments: {}\n",
    );
    let error = resolve(json!({ "Folder": "/nowhere", "Environment": environment })).unwrap_err();
    assert!(
        error
            .message()
            .ends_with(&format!("{path} (has no environment named \"test\")")),
        "{error}"
    );
}

#[test]
fn c13_sources_that_are_not_needed_are_not_complained_about() {
    let here = folder();
    write(here.path(), "config.json", "{ this is not JSON");
    let environment = json!({ "SAIL_BASE_URL": "https://env.test", "SAIL_CLIENT_ID": "i", "SAIL_CLIENT_SECRET": "s" });
    resolve(json!({ "Folder": here.path(), "Environment": environment })).unwrap();
    let error = resolve(json!({ "Folder": here.path(), "Environment": {} })).unwrap_err();
    assert!(
        error
            .message()
            .contains("config.json (is not JSON: line 1, column 3)"),
        "{error}"
    );
}

#[test]
fn a_misspelt_name_in_the_file_is_told_where_a_setting_is_missing() {
    let here = folder();
    let long = "s".repeat(41);
    write(
        here.path(),
        "config.json",
        format!(r#"{{"BaseUrl":"https://t.test","ClientID":"i","ClientSecrt":"s","{long}":1}}"#),
    );
    let error = resolve(json!({ "Folder": here.path(), "Environment": {} })).unwrap_err();
    assert!(
        error
            .message()
            .ends_with("config.json (no settings: ClientSecrt and 1 more)"),
        "{error}"
    );
}

#[test]
fn a_byte_order_mark_is_fine() {
    let text = r#"{"BaseUrl":"https://json.test","ClientId":"i","ClientSecret":"s"}"#;
    let utf16 = |order: fn(u16) -> [u8; 2]| -> Vec<u8> {
        format!("\u{feff}{text}")
            .encode_utf16()
            .flat_map(order)
            .collect()
    };
    for content in [
        format!("\u{feff}{text}").into_bytes(),
        utf16(u16::to_le_bytes),
        utf16(u16::to_be_bytes),
    ] {
        let here = folder();
        write(here.path(), "config.json", content);
        let settings = resolve(json!({ "Folder": here.path(), "Environment": {} })).unwrap();
        assert_eq!(shown(&settings, "BaseUrl").0, "https://json.test");
    }
}

#[test]
fn nothing_at_all_says_what_and_where() {
    let error = resolve(json!({ "Folder": "/nowhere", "Environment": {} })).unwrap_err();
    assert_eq!(
        error.message(),
        "the settings are missing: BaseUrl, ClientId, ClientSecret; looked in the explicit settings, the environment (SAIL_BASE_URL, SAIL_CLIENT_ID, SAIL_CLIENT_SECRET), /nowhere/config.json (not there)"
    );
    assert_eq!(
        error.hint(),
        Some("set SAIL_BASE_URL, SAIL_CLIENT_ID and SAIL_CLIENT_SECRET, or give them explicitly")
    );
}

#[test]
fn wrong_settings_are_named() {
    let with = |name: &str, value: Value| {
        let mut all = json!({ "BaseUrl": "https://t.test", "Token": "t", "Environment": {} });
        all[name] = value;
        resolve(all).unwrap_err().message().to_owned()
    };
    for (name, value, words) in [
        (
            "BaseUri",
            json!("x"),
            r#"there is no setting named "BaseUri""#,
        ),
        (
            "TimeoutSeconds",
            json!("soon"),
            "TimeoutSeconds (from explicit) must be a number of seconds from 0.001 to 86400",
        ),
        (
            "TimeoutSeconds",
            json!(0),
            "TimeoutSeconds (from explicit) must be a number of seconds from 0.001 to 86400",
        ),
        (
            "RetryIntervalSeconds",
            json!(-1),
            "RetryIntervalSeconds (from explicit) must be a number of seconds from 0 to 86400",
        ),
        (
            "MaximumRetryCount",
            json!(-1),
            "MaximumRetryCount (from explicit) must be a whole number from 0",
        ),
        (
            "MaximumRetryCount",
            json!(1.5),
            "MaximumRetryCount (from explicit) must be a whole number from 0",
        ),
        (
            "Experimental",
            json!("true"),
            "Experimental (from explicit) must be true or false",
        ),
        (
            "ApiVersion",
            json!("v7"),
            "ApiVersion \"v7\" is not one of v2024, v2025, v2026, beta, latest, v1",
        ),
        (
            "ClientId",
            json!(7),
            "ClientId (from explicit) must be text",
        ),
        (
            "TokenExpiration",
            json!("tomorrow"),
            "TokenExpiration must be an ISO 8601 date with its offset",
        ),
        (
            "ProxyCredential",
            json!({ "UserName": "u" }),
            "ProxyCredential (from explicit) must be an object with UserName and Password",
        ),
        (
            "ConsumerIdentifier",
            json!("a\nb"),
            "ConsumerIdentifier, ConsumerVersion and UserAgent must be printable ASCII",
        ),
    ] {
        assert_eq!(with(name, value), words);
    }
    for (text, words) in [
        ("{", "the settings are not JSON: line 1, column 1"),
        ("[]", "the settings must be a JSON object"),
    ] {
        assert_eq!(Settings::from_json(text).unwrap_err().message(), words);
    }
    let bomb = format!("{}{}", "[".repeat(100_000), "]".repeat(100_000));
    assert_eq!(
        Settings::from_json(&bomb).unwrap_err().kind(),
        ErrorKind::Settings
    );
    let long = format!(r#"{{"BaseUrl":"{}"}}"#, "x".repeat(2 << 20));
    assert!(
        Settings::from_json(&long)
            .unwrap_err()
            .message()
            .ends_with("at most 1048576 are read")
    );
}

#[test]
fn the_defaults() {
    let settings = base_url("https://t.test").unwrap();
    for (name, value) in [
        ("ApiVersion", json!("v2024")),
        ("TimeoutSeconds", json!(100)),
        ("ConnectTimeoutSeconds", json!(15)),
        ("AttemptTimeoutSeconds", json!(30)),
        ("MaximumRetryCount", json!(10)),
        ("RetryIntervalSeconds", json!(1)),
        ("Experimental", json!(false)),
    ] {
        assert_eq!(shown(&settings, name), (value, "default".into()));
    }
}

#[test]
fn a_proxy_that_is_not_understood_is_refused() {
    let client = |proxy: Value, environment: Value| {
        let all = json!({ "BaseUrl": "https://t.test", "Token": "t", "Proxy": proxy, "Environment": environment });
        v2024_task_management::Client::new(resolve(all).unwrap())
    };
    for address in [
        "ftp://proxy:80",
        "socks5://proxy:1080",
        "htp:/proxy",
        "http:/proxy:80",
        "http://",
        "a b",
    ] {
        for (proxy, environment) in [
            (json!(address), json!({})),
            (json!(null), json!({ "HTTPS_PROXY": address })),
            (json!(null), json!({ "ALL_PROXY": address })),
        ] {
            let error = client(proxy, environment).err().unwrap();
            assert_eq!(error.kind(), ErrorKind::Settings, "{address}");
            assert_eq!(
                error.message(),
                "the proxy's address is not an http or https address"
            );
        }
    }
    for address in [
        "http://proxy:3128",
        "https://user:pw@proxy",
        "proxy:3128",
        "proxy",
        "user:pw@proxy:80/",
    ] {
        client(json!(address), json!({})).unwrap();
    }
}

#[test]
fn what_was_shown_of_a_secret_is_not_taken_for_one() {
    let folder = folder();
    let saved = json!({ "BaseUrl": "https://t", "ClientId": "i", "ClientSecret": "********" });
    let path = write(folder.path(), "config.json", saved.to_string());
    let in_file = json!({ "Folder": folder.path(), "Environment": {} });
    let explicit = |name: &str, value: Value| json!({ "BaseUrl": "https://t", "Token": "t", "Environment": {}, name: value });
    for (settings, name, source) in [
        (in_file, "ClientSecret", path.as_str()),
        (explicit("Token", json!("********")), "Token", "explicit"),
        (
            explicit("Proxy", json!("http://********@p")),
            "Proxy",
            "explicit",
        ),
        (
            explicit(
                "ProxyCredential",
                json!({ "UserName": "u", "Password": "********" }),
            ),
            "ProxyCredential",
            "explicit",
        ),
    ] {
        let error = resolve(settings).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Settings);
        assert_eq!(
            error.message(),
            format!("{name} (from {source}) is ********, which only shows that there is a secret")
        );
    }
}
