//! The sources of settings, the forms they may have, and the messages about missing ones.

use std::path::{Path, PathBuf};

use serde_json::{Value, json};
use v2024_task_management::host::json::settings_error;
use v2024_task_management::{Client, Error, ErrorKind, NoteCode, Settings};

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
    // As the system separates them.
    let path: PathBuf = folder.join(name).components().collect();
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
    for prefix in ["//localhost", "/a//b"] {
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
fn base_urls_that_are_refused() {
    for (given, words) in [
        (
            "http://t.api.test",
            "BaseUrl (from the explicit settings) is plain http, which would send the client secret unencrypted",
        ),
        (
            "http://t.localhost",
            "BaseUrl (from the explicit settings) is plain http, which would send the client secret unencrypted",
        ),
        (
            "ftp://t.api.test",
            "BaseUrl (from the explicit settings) is not an http or https address",
        ),
        (
            "https://",
            "BaseUrl (from the explicit settings) is not an http or https address",
        ),
        (
            "https://a b",
            "BaseUrl (from the explicit settings) is not an http or https address",
        ),
        (
            "https://user:pw@t.api.test",
            "BaseUrl (from the explicit settings) must not hold a user name or password",
        ),
        (
            "https://t.api.test?x=1",
            "BaseUrl (from the explicit settings) must not have a query or a fragment",
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

/// Each would be taken for another host, or for one that nobody meant.
const NEARLY_ADDRESSES: [&str; 51] = [
    "https:/t.api.test",
    "http:/t.api.test",
    "https:t.api.test",
    "https:///t.api.test",
    "https:////t.api.test",
    "https//t.api.test",
    "https/t.api.test",
    "https.//t.api.test",
    "https;//t.api.test",
    "https:://t.api.test",
    "https:.//t.api.test",
    "https:443//t.api.test",
    "https://https://t.api.test",
    "https://http://t.api.test",
    "https://https//t.api.test",
    "https://htps//t.api.test",
    "https:%2F%2Ft.api.test",
    "htps://t.api.test",
    "htps:/t.api.test",
    "htps//t.api.test",
    "ttps://t.api.test",
    "https ://t.api.test",
    "ftp://t.api.test",
    "ws://t.api.test",
    "file:///etc/passwd",
    "javascript:alert(1)",
    "://t.api.test",
    "//t.api.test",
    "/oauth/token",
    "oauth/token",
    "./oauth/token",
    "../oauth/token",
    "/",
    "?",
    "tenant",
    "tenant:8443",
    "v2024/task-status",
    "https:\\\\t.api.test",
    "https:/\\t.api.test",
    "https://t.api.test\\v2024",
    "https://t. api.test",
    "https://t.api.test /v2024",
    "https://t.api.test:https",
    "https://t.api.test:99999",
    "t.api.test:port",
    "\"https://t.api.test\"",
    "'t.api.test'",
    "<https://t.api.test>",
    "https://t..api.test",
    "https://t.api.test,",
    "https://2024",
];

#[test]
fn an_address_that_is_nearly_right_is_refused_with_the_form_that_works() {
    for given in NEARLY_ADDRESSES {
        for (name, form) in [
            ("BaseUrl", "https://TENANT.api.identitynow.com"),
            ("TokenUrl", "https://TENANT.api.identitynow.com/oauth/token"),
        ] {
            let mut all =
                json!({ "BaseUrl": "https://t.api.test", "Token": "t", "Environment": {} });
            all[name] = json!(given);
            let error = resolve(all).expect_err(given);
            assert_eq!(
                (error.kind(), error.message(), error.hint()),
                (
                    ErrorKind::Settings,
                    format!("{name} (from the explicit settings) is not an http or https address")
                        .as_str(),
                    Some(format!("write it as {form}").as_str())
                ),
                "{given}"
            );
        }
    }
    for (given, reason) in [
        (
            "https://user:pw-1@t.api.test",
            "must not hold a user name or password",
        ),
        (
            "user:pw-1@t.api.test",
            "must not hold a user name or password",
        ),
        (
            "https://pw-1@t.api.test",
            "must not hold a user name or password",
        ),
        (
            "https://t.api.test?pw-1",
            "must not have a query or a fragment",
        ),
        (
            "https://t.api.test#pw-1",
            "must not have a query or a fragment",
        ),
        (
            "http://pw-1.test",
            "is plain http, which would send the client secret unencrypted",
        ),
    ] {
        for name in ["BaseUrl", "TokenUrl"] {
            let mut all =
                json!({ "BaseUrl": "https://t.api.test", "Token": "t", "Environment": {} });
            all[name] = json!(given);
            let error = resolve(all).unwrap_err();
            assert_eq!(
                error.message(),
                format!("{name} (from the explicit settings) {reason}")
            );
            let hint = error.hint().unwrap();
            assert!(
                hint.contains("https://TENANT.api.identitynow.com"),
                "{hint}"
            );
            assert!(!hint.contains("pw-1"));
        }
    }
}

#[test]
fn unusual_addresses_that_are_right_are_accepted() {
    for (given, used) in [
        ("https://gateway:8443/sail", "https://gateway:8443/sail"),
        ("https://t.api.test.", "https://t.api.test."),
        ("https://tenänt.api.test", "https://xn--tennt-ira.api.test"),
        ("https://my_tenant.api.test", "https://my_tenant.api.test"),
        ("https://10.1.2.3:8443", "https://10.1.2.3:8443"),
        ("10.1.2.3", "https://10.1.2.3"),
        ("[2001:db8::1]:8443", "https://[2001:db8::1]:8443"),
        ("localhost", "https://localhost"),
        ("https.example.test", "https://https.example.test"),
        ("https://tenant.example.test", "https://tenant.example.test"),
        ("https://tenant.test", "https://tenant.test"),
        (
            "https://my-tenant.api.identitynow.com",
            "https://my-tenant.api.identitynow.com",
        ),
        (
            "https://acme.api.identitynow-demo.com",
            "https://acme.api.identitynow-demo.com",
        ),
        (
            "https://acme.identitynow.com/api",
            "https://acme.identitynow.com/api",
        ),
        (
            "https://acme.login.identitynow.com",
            "https://acme.login.identitynow.com",
        ),
        ("https://sail.acme.test", "https://sail.acme.test"),
        ("t.api.test/a//b", "https://t.api.test/a//b"),
    ] {
        assert_eq!(shown(&base_url(given).unwrap(), "BaseUrl").0, used);
    }
}

/// As the instructions have them.
#[test]
fn a_placeholder_in_an_address_is_refused_with_what_to_put_there() {
    for given in [
        "https://TENANT.api.identitynow.com",
        "tenant.api.identitynow.com/v2024",
        "https://tenant.identitynow.com",
        "https://YOUR-TENANT.api.identitynow.com:443/",
        "https://example.api.identitynow-demo.com",
        "https://example-tenant.api.saas.sailpointfedramp.com",
        "https://{tenant}.api.identitynow.com",
        "https://<tenant>.api.identitynow.com",
        "{your tenant}.api.identitynow.com",
        "https://{tenant}.api.test",
        "https://{apiUrl}/v2024",
    ] {
        for (name, form) in [
            ("BaseUrl", "https://acme.api.identitynow.com"),
            ("TokenUrl", "https://acme.api.identitynow.com/oauth/token"),
        ] {
            let mut all =
                json!({ "BaseUrl": "https://t.api.test", "Token": "t", "Environment": {} });
            all[name] = json!(given);
            let error = resolve(all).expect_err(given);
            assert_eq!(error.kind(), ErrorKind::Settings);
            assert_eq!(
                error.message(),
                format!(
                    "{name} (from the explicit settings) has a placeholder instead of the tenant's name"
                ),
                "{given}"
            );
            let hint = format!("put your tenant's name there, as acme in {form}");
            assert_eq!(error.hint(), Some(hint.as_str()));
        }
    }
    let environment = json!({ "SAIL_BASE_URL": "https://TENANT.api.identitynow.com" });
    let error = resolve(json!({ "Token": "t", "Environment": environment })).unwrap_err();
    assert_eq!(
        error.message(),
        "BaseUrl (from the environment) has a placeholder instead of the tenant's name"
    );
}

#[test]
fn the_tenants_address_for_browsers_is_refused_with_that_of_its_api() {
    for (given, api) in [
        (
            "https://Acme.identitynow.com",
            "https://acme.api.identitynow.com",
        ),
        (
            "acme.identitynow.com/v2024/",
            "https://acme.api.identitynow.com",
        ),
        (
            "https://acme.identitynow.com/ui/d/dashboard",
            "https://acme.api.identitynow.com",
        ),
        (
            "https://acme-sb.identitynow-demo.com/",
            "https://acme-sb.api.identitynow-demo.com",
        ),
        (
            "https://acme.saas.sailpointfedramp.com",
            "https://acme.api.saas.sailpointfedramp.com",
        ),
    ] {
        let error = base_url(given).expect_err(given);
        assert_eq!(
            (error.kind(), error.message(), error.hint()),
            (
                ErrorKind::Settings,
                "BaseUrl (from the explicit settings) is the tenant's address for browsers, not that of its API",
                Some(format!("write it as {api}").as_str())
            )
        );
    }
}

#[test]
fn explicit_over_environment_over_json_over_yaml() {
    let home = folder();
    let here = folder();
    let yaml = write(
        home.path(),
        ".sailpoint/config.yaml",
        "activeenvironment: Prod\nenvironments:\n  prod:\n    baseurl: https://yaml.test\n    \
         pat:\n      clientid: yaml-id\n      clientsecret: yaml-secret\n",
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
    // The file of the folder does not lead the secret of the home folder.
    assert_eq!(
        sources(json!({}), json!({})),
        [yaml.clone(), file.clone(), yaml.clone()]
    );
    let variables = json!({
        "SAIL_BASE_URL": "https://env.test",
        "SAIL_CLIENT_ID": " ",
        "SAIL_CLIENT_SECRET": "env-secret",
    });
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
    // Why the keyring gives nothing depends on the system.
    let start = format!(
        "settings missing: ClientId, ClientSecret (found BaseUrl from {path}); looked in the explicit settings, \
         the environment (SAIL_CLIENT_ID, SAIL_CLIENT_SECRET), \
         {} (not found), {path}, the keyring for its environment \"prod\" (",
        Path::new("/nowhere").join("config.json").display()
    );
    assert!(error.message().starts_with(&start), "{error}");
    assert!(error.hint().unwrap().contains("keyring"));
    write(
        home.path(),
        ".sailpoint/config.yaml",
        "activeenvironment: test\nenvironments: {}\n",
    );
    let error = resolve(json!({ "Folder": "/nowhere", "Environment": environment })).unwrap_err();
    assert!(
        error.message().ends_with(&format!(
            "{path} (does not contain the environment \"test\")"
        )),
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
            .contains("config.json (is not JSON: line 1, column 3: key must be a string)"),
        "{error}"
    );
}

/// The notes as code, message and whether each is a warning.
fn notes(settings: &Settings) -> Vec<(NoteCode, &str, bool)> {
    settings
        .notes()
        .iter()
        .map(|note| (note.code(), note.message(), note.is_warning()))
        .collect()
}

#[test]
fn a_file_that_cannot_be_parsed_gives_a_note() {
    let (here, home) = (folder(), folder());
    let path = write(here.path(), "config.json", "{ this is not JSON");
    let mut all = json!({
        "BaseUrl": "https://t.test", "Token": "t", "Folder": here.path(),
        "Environment": { "HOME": home.path() },
    });
    let message = format!(
        "the settings file {path} was skipped: it is not JSON: line 1, column 3: key must be a string"
    );
    let settings = resolve(all.clone()).unwrap();
    assert_eq!(
        notes(&settings),
        [(NoteCode::FileSkipped, message.as_str(), false)]
    );
    // The notes come with an error too.
    all["ApiVersion"] = json!("v7");
    let error = resolve(all.clone()).unwrap_err();
    let envelope: Value = serde_json::from_str(&settings_error(&all.to_string(), &error)).unwrap();
    assert_eq!(
        envelope["notes"],
        json!([{ "code": "file_skipped", "message": message, "warning": false }])
    );
    assert_eq!(envelope["settings"]["BaseUrl"]["value"], "https://t.test");
}

#[test]
fn plain_http_that_a_file_allows_gives_a_warning() {
    let here = folder();
    let path = write(
        here.path(),
        "config.json",
        r#"{"AllowHttp":true,"Token":"t"}"#,
    );
    let given = |more: Value| {
        let mut all = json!({
            "BaseUrl": "http://t.test", "Folder": here.path(), "Environment": {},
        });
        all.as_object_mut()
            .unwrap()
            .extend(more.as_object().unwrap().clone());
        resolve(all).unwrap()
    };
    let message = format!(
        "secrets and tokens are sent unencrypted to a plain http address, because AllowHttp is set in {path}"
    );
    assert_eq!(
        notes(&given(json!({}))),
        [(NoteCode::PlainHttp, message.as_str(), true)]
    );
    for more in [
        json!({ "AllowHttp": true }),
        json!({ "BaseUrl": "https://t.test" }),
        json!({ "BaseUrl": "http://127.0.0.1:8124" }),
    ] {
        assert_eq!(notes(&given(more.clone())), [], "{more}");
    }
}

/// Everything needed, explicitly, next to the files of a folder and a home folder.
fn with_files(here: &Path, home: &Path) -> Value {
    json!({
        "BaseUrl": "https://t.test", "Token": "t", "Folder": here, "Environment": { "HOME": home },
    })
}

#[test]
fn a_file_that_cannot_be_used_gives_a_note_with_the_reason() {
    let (here, home) = (folder(), folder());
    let all = with_files(here.path(), home.path());
    for (name, content, reason) in [
        (
            "config.json",
            "{\"BaseUrl\":\n \"x\" \"y\"}".into(),
            "is not JSON: line 2, column 6: expected `,` or `}`",
        ),
        ("config.json", "[1]".into(), "is not a JSON object"),
        ("config.json", "[".repeat(100_000), "is not a JSON object"),
        (
            "config.json",
            format!("{{\"a\":{}", "[".repeat(100_000)),
            "is not JSON: line 1, column 132: recursion limit exceeded",
        ),
        (
            "config.json",
            " ".repeat((1 << 20) + 1),
            "is 1048577 bytes long; at most 1048576 are read",
        ),
        (
            ".sailpoint/config.yaml",
            "a: b\n c: [\n".into(),
            "is not YAML: line 2, column 3: mapping values are not allowed in this context",
        ),
        (
            ".sailpoint/config.yaml",
            "- a".into(),
            "contains no settings",
        ),
        (
            ".sailpoint/config.yaml",
            String::new(),
            "contains no settings",
        ),
        (
            ".sailpoint/config.yaml",
            "environments:".into(),
            "does not name an activeenvironment",
        ),
        (
            ".sailpoint/config.yaml",
            "activeenvironment: a".into(),
            "contains no environments",
        ),
        (
            ".sailpoint/config.yaml",
            "activeenvironment: a\nenvironments: {A: {}, a: {}}".into(),
            "contains the environment \"a\" twice",
        ),
    ] {
        let folder = if name == "config.json" { &here } else { &home };
        let path = write(folder.path(), name, content);
        let settings = resolve(all.clone()).unwrap();
        let message = format!("the settings file {path} was skipped: it {reason}");
        assert_eq!(
            notes(&settings),
            [(NoteCode::FileSkipped, message.as_str(), false)]
        );
        std::fs::remove_file(path).unwrap();
    }
    assert_eq!(notes(&resolve(all).unwrap()), []);
}

#[test]
fn deeply_nested_yaml_is_refused_fast() {
    let home = folder();
    for nested in [
        "[".repeat(100_000),
        "{a: ".repeat(100_000),
        "- ".repeat(100_000),
        "? ".repeat(100_000),
    ] {
        let path = write(home.path(), ".sailpoint/config.yaml", nested);
        let started = std::time::Instant::now();
        let settings = resolve(with_files(home.path(), home.path())).unwrap();
        assert!(started.elapsed() < std::time::Duration::from_secs(2));
        let [(NoteCode::FileSkipped, message, false)] = notes(&settings)[..] else {
            panic!("{:?}", settings.notes());
        };
        assert!(message.starts_with(&format!("the settings file {path} was skipped: it ")));
    }
}

#[cfg(unix)]
#[test]
fn a_settings_file_that_is_not_regular_is_not_opened() {
    use std::os::unix::fs::symlink;

    let is_skipped = |here: &Path| {
        let settings = resolve(with_files(here, here)).unwrap();
        let message = format!(
            "the settings file {} was skipped: it is not a regular file",
            here.join("config.json").display()
        );
        assert_eq!(
            notes(&settings),
            [(NoteCode::FileSkipped, message.as_str(), false)]
        );
    };
    let here = folder();
    let path = here.path().join("config.json");
    // Opening it would wait for a writer.
    let made = std::process::Command::new("mkfifo").arg(&path).status();
    assert!(made.unwrap().success());
    is_skipped(here.path());
    std::fs::remove_file(&path).unwrap();
    symlink("/dev/zero", &path).unwrap();
    is_skipped(here.path());
    std::fs::remove_file(&path).unwrap();
    std::fs::create_dir(&path).unwrap();
    is_skipped(here.path());
    std::fs::remove_dir(&path).unwrap();
    // A link to a regular file is followed.
    let target = write(here.path(), "target.json", r#"{"MaximumRetryCount":3}"#);
    symlink(target, &path).unwrap();
    let settings = resolve(with_files(here.path(), here.path())).unwrap();
    assert_eq!(shown(&settings, "MaximumRetryCount").0, 3);
}

#[test]
fn a_wrong_type_in_a_file_is_ignored_unless_it_is_needed() {
    let here = folder();
    let path = write(
        here.path(),
        "config.json",
        r#"{"TimeoutSeconds":"soon","AllowHttp":"yes","ClientId":7,"Proxy":[],"proxy":"p"}"#,
    );
    let settings = resolve(with_files(here.path(), here.path())).unwrap();
    let message = |name: &str, reason: &str| format!("{name} in {path} was ignored: it {reason}");
    let expected = [
        message("AllowHttp", "must be true or false"),
        message("ClientId", "must be text"),
        message("Proxy", "is given twice"),
        message(
            "TimeoutSeconds",
            "must be a number of seconds from 0.001 to 86400",
        ),
    ];
    assert_eq!(
        notes(&settings),
        expected
            .each_ref()
            .map(|message| (NoteCode::SettingIgnored, message.as_str(), false))
    );
    assert_eq!(
        shown(&settings, "TimeoutSeconds"),
        (json!(100), "default".into())
    );
    let needed = json!({ "BaseUrl": "https://t.test", "ClientSecret": "s", "Folder": here.path(), "Environment": {} });
    let error = resolve(needed).unwrap_err();
    assert_eq!(
        error.message(),
        format!("ClientId (from {path}) must be text")
    );
}

/// What could change how a terminal shows other text.
const CONTROLS: [&str; 8] = [
    "\u{1b}[31m",
    "\u{7}",
    "\u{9b}31m",
    "\u{7f}",
    "\u{202e}",
    "\u{2028}",
    "a\nb",
    "a\tb",
];

/// Settings are shown, and the files may be anybody's.
#[test]
fn no_text_of_a_file_with_control_characters_is_used_or_shown() {
    let texts = [
        "ConsumerIdentifier",
        "ConsumerVersion",
        "UserAgent",
        "NermBaseUrl",
        "CertificateAuthority",
        "Proxy",
        "TokenExpiration",
        "ApiVersion",
        "TokenUrl",
        "BaseUrl",
        "ClientId",
        "ClientSecret",
        "Token",
    ];
    let (here, home) = (folder(), folder());
    for control in CONTROLS {
        let hostile = format!("x{control}x");
        let mut json = json!({ "ProxyCredential": { "UserName": hostile, "Password": "p" } });
        for name in texts {
            json[name] = hostile.as_str().into();
        }
        let path = write(here.path(), "config.json", json.to_string());
        let pat = json!({ "clientid": hostile, "clientsecret": hostile });
        let yaml = json!({
            "activeenvironment": "a", "environments": { "a": { "baseurl": hostile, "pat": pat } },
        });
        // YAML lets none of them stand there by itself.
        let yaml: String = yaml
            .to_string()
            .chars()
            .map(|c| match u32::from(c) {
                code @ 0x7f.. => format!("\\u{code:04x}"),
                _ => c.to_string(),
            })
            .collect();
        let yaml_path = write(home.path(), ".sailpoint/config.yaml", yaml);
        let settings = resolve(with_files(here.path(), home.path())).unwrap();
        let mut expected: Vec<_> = texts.map(|name| (name, &path)).into();
        expected.sort_unstable();
        expected.extend(["BaseUrl", "ClientId", "ClientSecret"].map(|name| (name, &yaml_path)));
        let mut expected: Vec<_> = expected
            .iter()
            .map(|(name, path)| {
                format!("{name} in {path} was ignored: it must be text without control characters")
            })
            .collect();
        let place = expected
            .iter()
            .position(|message| message.starts_with("Token "))
            .unwrap();
        expected.insert(
            place,
            format!(
                "ProxyCredential in {path} was ignored: it must be an object with UserName and Password, \
                 without control characters"
            ),
        );
        let found: Vec<_> = notes(&settings)
            .into_iter()
            .map(|(_, message, _)| message.to_owned())
            .collect();
        assert_eq!(found, expected);
        assert!(
            settings
                .notes()
                .iter()
                .all(|note| note.code() == NoteCode::SettingIgnored)
        );
        let shown = Value::from(settings.shown().clone());
        let is_hostile = |text: &str| text.contains(control);
        for (name, setting) in shown.as_object().unwrap() {
            assert!(
                !setting["value"].as_str().is_some_and(is_hostile),
                "{name}: {setting}"
            );
        }
        let preview = Settings::preview(&with_files(here.path(), home.path()).to_string());
        assert!(
            !preview
                .values()
                .any(|setting| setting["value"].as_str().is_some_and(is_hostile))
        );
    }
}

#[test]
fn an_explicit_text_or_a_variable_with_control_characters_is_refused() {
    for control in CONTROLS {
        let hostile = format!("x{control}x");
        // Those that nothing reads too.
        for name in [
            "UserAgent",
            "ConsumerVersion",
            "CertificateAuthority",
            "NermBaseUrl",
            "Proxy",
            "Token",
            "BaseUrl",
        ] {
            let mut all = json!({ "BaseUrl": "https://t.test", "Token": "t", "Environment": {} });
            all[name] = hostile.as_str().into();
            let message = resolve(all.clone()).unwrap_err().message().to_owned();
            let expected = format!(
                "{name} (from the explicit settings) must be text without control characters"
            );
            assert!(message.starts_with(&expected), "{message}");
            assert!(!message.contains(control), "{message}");
            let preview = Settings::preview(&all.to_string());
            assert_eq!(preview[name]["value"], "********");
        }
        let all = json!({
            "BaseUrl": "https://t.test", "ClientId": "i", "Environment": { "SAIL_CLIENT_SECRET": hostile },
        });
        assert_eq!(
            resolve(all).unwrap_err().message(),
            "ClientSecret (from the environment) must be text without control characters"
        );
        let all = json!({
            "BaseUrl": "https://t.test", "Token": "t", "Environment": {},
            "ProxyCredential": { "UserName": "u", "Password": hostile },
        });
        assert_eq!(
            resolve(all).unwrap_err().message(),
            "ProxyCredential (from the explicit settings) must be an object with UserName and Password, \
             without control characters"
        );
        let all = json!({
            "BaseUrl": "https://t.test", "Token": "t", "Environment": {},
            "SystemProxy": { "https://t.test": format!("http://proxy.test/{control}") },
        });
        let preview = Settings::preview(&all.to_string());
        let shown = preview["Proxy"]["value"].as_str().unwrap();
        assert!(!shown.contains(control), "{shown}");
    }
}

#[test]
fn a_wrong_type_in_one_file_leaves_the_other_file() {
    let (here, home) = (folder(), folder());
    write(here.path(), "config.json", r#"{"BaseUrl":7}"#);
    let yaml = write(
        home.path(),
        ".sailpoint/config.yaml",
        "activeenvironment: a\nenvironments: {a: {baseurl: https://yaml.test, pat: {clientid: [1], clientsecret: s}}}",
    );
    let all =
        json!({ "ClientId": "i", "Folder": here.path(), "Environment": { "HOME": home.path() } });
    let settings = resolve(all).unwrap();
    assert_eq!(
        shown(&settings, "BaseUrl"),
        (json!("https://yaml.test"), yaml.clone())
    );
    assert_eq!(
        notes(&settings)[1],
        (
            NoteCode::SettingIgnored,
            format!("ClientId in {yaml} was ignored: it must be text").as_str(),
            false
        )
    );
}

#[test]
fn names_and_ids_of_digits_work_in_the_yaml() {
    let home = folder();
    for (name, id) in [
        ("2024", "00012"),
        ("1e3", "1e9"),
        ("0x1F", "true"),
        ("~x", "12_3"),
    ] {
        write(
            home.path(),
            ".sailpoint/config.yaml",
            format!(
                "activeenvironment: {name}\nenvironments:\n  {name}:\n    \
                 pat:\n      clientid: {id}\n      clientsecret: 0123\n"
            ),
        );
        let all = json!({ "BaseUrl": "https://t.test", "Folder": home.path(), "Environment": { "HOME": home.path() } });
        let settings = resolve(all).unwrap();
        assert_eq!(notes(&settings), []);
        assert_eq!(shown(&settings, "ClientId").0, id);
    }
}

#[test]
fn a_name_close_to_a_setting_gives_a_note() {
    let (here, home) = (folder(), folder());
    let json = write(
        here.path(),
        "config.json",
        r#"{"base_url":1,"Logging":{},"CleintSecret":"s","version":2,"timeout":3}"#,
    );
    let yaml = write(
        home.path(),
        ".sailpoint/config.yaml",
        "activeenvironment: a\nenvironments: {a: {tenanturl: x, base_url: y, pat: {client-id: z}}}",
    );
    let settings = resolve(with_files(here.path(), home.path())).unwrap();
    let expected = [
        format!("\"base_url\" in {json} is not a setting; is it BaseUrl?"),
        format!("\"CleintSecret\" in {json} is not a setting; is it ClientSecret?"),
        format!("\"base_url\" in {yaml} is not a setting; is it BaseUrl?"),
        format!("\"client-id\" in {yaml} is not a setting; is it ClientId?"),
    ];
    assert_eq!(
        notes(&settings),
        expected
            .each_ref()
            .map(|message| (NoteCode::UnknownName, message.as_str(), false))
    );
}

#[test]
fn explicit_settings_may_begin_with_a_byte_order_mark() {
    let text = json!({ "BaseUrl": "https://t.test", "Token": "t", "Environment": {} }).to_string();
    let text = format!("\u{feff}{text}");
    let settings = Settings::from_json(&text).unwrap();
    assert_eq!(shown(&settings, "BaseUrl").1, "explicit");
    assert_eq!(Settings::preview(&text)["BaseUrl"]["source"], "explicit");
}

#[test]
fn an_explicit_name_given_twice_is_an_error_without_its_value() {
    for twice in [
        r#"{"ClientSecret":"s3cr3t","clientsecret":"s3cr3t-2"}"#,
        r#"{"ClientSecret":"s3cr3t","ClientSecret":"s3cr3t"}"#,
        r#"{"Folder":"s3cr3t","FOLDER":"s3cr3t"}"#,
        r#"{"Environment":{"a":"s3cr3t"},"environment":{}}"#,
    ] {
        let error = Settings::from_json(twice).unwrap_err();
        assert!(
            error
                .message()
                .ends_with(" is given twice in the explicit settings"),
            "{error}"
        );
        assert!(!settings_error(twice, &error).contains("s3cr3t"));
    }
}

#[test]
fn an_explicit_value_of_the_wrong_type_or_name_is_not_repeated() {
    const SECRET: &str = "s3cr3t-value-9f8e7d";
    for (name, value) in [
        ("TimeoutSeconds", json!(SECRET)),
        ("AllowHttp", json!(SECRET)),
        ("ClientSecret", json!([SECRET])),
        ("ClientSecret", json!({ "value": SECRET })),
        ("Token", json!({ "value": SECRET })),
        ("ProxyCredential", json!(SECRET)),
        ("TokenExpiration", json!(SECRET)),
        ("ApiVersion", json!(SECRET)),
        ("UserAgent", json!(format!("{SECRET}\u{e9}"))),
        ("Environment", json!(SECRET)),
        ("Folder", json!([SECRET])),
        ("ClientSecrt", json!(SECRET)),
    ] {
        let mut all = json!({ "BaseUrl": "https://t.test", "Token": "t", "Environment": {} });
        all[name] = value;
        let error = resolve(all.clone()).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Settings);
        let text = format!("{error} {error:?}");
        assert!(!text.contains(SECRET), "{text}");
        assert!(error.message().contains(&name[..4]), "{text}");
        // What is found is shown, but for a value of the wrong type.
        let is_right_type = ["TokenExpiration", "ApiVersion", "UserAgent"].contains(&name);
        let preview = Value::from(Settings::preview(&all.to_string())).to_string();
        assert_eq!(preview.contains(SECRET), is_right_type, "{preview}");
    }
    let error = resolve(json!({ "ClientSecrt": "s" })).unwrap_err();
    assert!(
        error
            .hint()
            .unwrap()
            .starts_with("did you mean ClientSecret? the settings are BaseUrl, "),
        "{error}"
    );
}

#[tokio::test]
async fn c62_blanks_and_line_ends_around_values_are_removed() {
    let sandbox = common::sandbox().await;
    let mut settings = sandbox.settings();
    for end in ["\n", "\r\n", " ", "\t\r\n "] {
        let mut all = settings.clone();
        for name in ["BaseUrl", "ClientId", "ClientSecret"] {
            all[name] = json!(format!("{}{end}", settings[name].as_str().unwrap()));
        }
        let client = Client::new(resolve(all).unwrap()).unwrap();
        client.get_pending_tasks(common::pending()).await.unwrap();
        settings["MaximumRetryCount"] = json!(0);
    }
    let all = json!({
        "BaseUrl": "https://t.test", "Token": "t\r\n", "TokenUrl": " https://t.test/x \n", "Environment": {},
    });
    let token = resolve(all).unwrap();
    assert_eq!(shown(&token, "TokenUrl").0, "https://t.test/x");
}

#[test]
fn c70_a_complete_config_json_needs_no_yaml() {
    let (here, home) = (folder(), folder());
    let json = write(
        here.path(),
        "config.json",
        r#"{"BaseUrl":"https://json.test","ClientId":"i","ClientSecret":"s"}"#,
    );
    write(
        home.path(),
        ".sailpoint/config.yaml",
        "activeenvironment: prod\nenvironments:\n  prod:\n    baseurl: https://yaml.test\n",
    );
    let all = json!({ "Folder": here.path(), "Environment": { "HOME": home.path() } });
    let settings = resolve(all).unwrap();
    for name in ["BaseUrl", "ClientId", "ClientSecret"] {
        assert_eq!(shown(&settings, name).1, json);
    }
    assert_eq!(notes(&settings), []);
}

#[test]
fn a_misspelt_name_in_the_file_is_reported_where_a_setting_is_missing() {
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
            .ends_with("config.json (unknown names: ClientSecrt and 1 more)"),
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
        format!(
            "settings missing: BaseUrl, ClientId, ClientSecret; looked in the explicit settings, \
             the environment (SAIL_BASE_URL, SAIL_CLIENT_ID, SAIL_CLIENT_SECRET), {} (not found)",
            Path::new("/nowhere").join("config.json").display()
        )
    );
    assert_eq!(
        error.hint(),
        Some("set SAIL_BASE_URL, SAIL_CLIENT_ID and SAIL_CLIENT_SECRET, or give them explicitly")
    );
}

#[test]
fn only_what_is_missing_is_asked_for() {
    let error = resolve(json!({
        "ClientId": "i", "Folder": "/nowhere", "ExplicitName": "Set-It",
        "Environment": { "SAIL_BASE_URL": "https://t.test" },
    }))
    .unwrap_err();
    assert_eq!(
        error.message(),
        format!(
            "settings missing: ClientSecret (found BaseUrl from the environment, ClientId from Set-It); looked in \
             Set-It, the environment (SAIL_CLIENT_SECRET), {} (not found)",
            Path::new("/nowhere").join("config.json").display()
        )
    );
    assert_eq!(
        error.hint(),
        Some("set SAIL_CLIENT_SECRET, or give it to Set-It")
    );
    let home = folder();
    let config = "activeenvironment: a\nenvironments: {a: {baseurl: https://t.test}}\n";
    write(home.path(), ".sailpoint/config.yaml", config);
    let error = resolve(json!({
        "ClientSecret": "s", "Folder": "/nowhere", "Environment": { "HOME": home.path() },
    }))
    .unwrap_err();
    // What the keyring says depends on the system.
    let hint = error.hint().unwrap();
    assert!(hint.contains("set SAIL_CLIENT_ID"), "{hint}");
    assert!(!hint.contains("SAIL_CLIENT_SECRET"), "{hint}");
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
            "TimeoutSeconds (from the explicit settings) must be a number of seconds from 0.001 to 86400, \
             not \"soon\"",
        ),
        (
            "TimeoutSeconds",
            json!(0),
            "TimeoutSeconds (from the explicit settings) must be a number of seconds from 0.001 to 86400, not 0",
        ),
        (
            "RetryIntervalSeconds",
            json!(-1),
            "RetryIntervalSeconds (from the explicit settings) must be a number of seconds from 0 to 86400, not -1",
        ),
        (
            "MaximumRetryCount",
            json!(-1),
            "MaximumRetryCount (from the explicit settings) must be a whole number from 0, not -1",
        ),
        (
            "MaximumRetryCount",
            json!(1.5),
            "MaximumRetryCount (from the explicit settings) must be a whole number from 0, not 1.5",
        ),
        (
            "PagesAhead",
            json!(0),
            "PagesAhead (from the explicit settings) must be a whole number from 1 to 100, not 0",
        ),
        (
            "PagesAhead",
            json!(101),
            "PagesAhead (from the explicit settings) must be a whole number from 1 to 100, not 101",
        ),
        (
            "Experimental",
            json!("true"),
            r#"Experimental (from the explicit settings) must be true or false, not "true""#,
        ),
        (
            "ApiVersion",
            json!("v7"),
            r#"ApiVersion (from the explicit settings) must be one of v2024, v2025, v2026, beta, latest, v1, not "v7""#,
        ),
        (
            "ClientId",
            json!(7),
            "ClientId (from the explicit settings) must be text, not 7",
        ),
        (
            "ClientSecret",
            json!(7),
            "ClientSecret (from the explicit settings) must be text",
        ),
        (
            "TokenExpiration",
            json!("tomorrow"),
            r#"TokenExpiration (from the explicit settings) must be an ISO 8601 date with its offset, not "tomorrow""#,
        ),
        (
            "ProxyCredential",
            json!({ "UserName": "u" }),
            "ProxyCredential (from the explicit settings) must be an object with UserName and Password",
        ),
        (
            "ConsumerIdentifier",
            json!("a\nb"),
            r#"ConsumerIdentifier (from the explicit settings) must be text without control characters, not "a\nb""#,
        ),
        (
            "UserAgent",
            json!("\u{fc}"),
            "UserAgent (from the explicit settings) must be ASCII text",
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
        ("PagesAhead", json!(4)),
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
    let reasons = [
        (
            "ftp://proxy:80",
            "has a scheme that is not supported for proxies",
        ),
        (
            "socks://proxy:1080",
            "has a scheme that is not supported for proxies",
        ),
        (
            "http://DOM\\u:no-secret@proxy:80",
            "has a backslash, which the address of a proxy cannot have",
        ),
        (
            "DOM\\u:no-secret@proxy:80",
            "has a backslash, which the address of a proxy cannot have",
        ),
    ];
    let others = [
        "htp:/proxy",
        "http:/proxy:80",
        "http://",
        "a b",
        "http://user:no-secret/1@proxy:80",
        "http://user:1#no-secret@proxy:80",
        "http://a(b:80",
    ];
    let others = others.map(|address| (address, "is not the address of a proxy"));
    for (address, reason) in reasons.into_iter().chain(others) {
        for (proxy, variable) in [
            (json!(address), "Proxy"),
            (json!(null), "HTTPS_PROXY"),
            (json!(null), "https_proxy"),
            (json!(null), "ALL_PROXY"),
        ] {
            let source = match variable {
                "Proxy" => "the explicit settings",
                _ => "the environment",
            };
            let error = client(proxy, json!({ variable: address })).err().unwrap();
            assert_eq!(error.kind(), ErrorKind::Settings, "{address}");
            let message = format!("{variable} (from {source}) {reason}");
            assert_eq!(error.message(), message);
            assert!(!format!("{error:?}").contains("no-secret"), "{error:?}");
        }
    }
    // What is not used is not complained of.
    for environment in [
        json!({ "ALL_PROXY": "ftp://proxy:80", "HTTPS_PROXY": "http://proxy:80" }),
        json!({ "ALL_PROXY": "ftp://proxy:80", "NO_PROXY": "t.test" }),
        json!({ "HTTP_PROXY": "ftp://proxy:80" }),
    ] {
        client(json!(null), environment).unwrap();
    }
    client(
        json!("http://proxy:80"),
        json!({ "ALL_PROXY": "ftp://proxy:80" }),
    )
    .unwrap();
    for address in [
        "http://proxy:3128",
        "https://user:pw@proxy",
        "proxy:3128",
        "proxy",
        "user:pw@proxy:80/",
        "socks5://proxy:1080",
        "http://DOM%5Cu:pw@proxy:80",
    ] {
        client(json!(address), json!({})).unwrap();
    }
}

#[test]
fn the_mask_of_a_secret_is_not_taken_for_one() {
    let folder = folder();
    let saved = json!({ "BaseUrl": "https://t", "ClientId": "i", "ClientSecret": "********" });
    let path = write(folder.path(), "config.json", saved.to_string());
    let in_file = json!({ "Folder": folder.path(), "Environment": {} });
    let explicit = |name: &str, value: Value| {
        json!({
            "BaseUrl": "https://t", "Token": "t", "Environment": {}, name: value,
        })
    };
    for (settings, name, source) in [
        (in_file, "ClientSecret", path.as_str()),
        (
            explicit("Token", json!("********")),
            "Token",
            "the explicit settings",
        ),
        (
            explicit("Proxy", json!("http://********@p")),
            "Proxy",
            "the explicit settings",
        ),
        (
            explicit(
                "ProxyCredential",
                json!({ "UserName": "u", "Password": "********" }),
            ),
            "ProxyCredential",
            "the explicit settings",
        ),
    ] {
        let error = resolve(settings).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Settings);
        assert_eq!(
            error.message(),
            format!("{name} (from {source}) is ********, which only stands for a hidden secret")
        );
    }
}

#[test]
fn a_variable_that_is_not_utf8_is_refused_where_it_is_used() {
    let text = "a\u{fffd}b";
    let secret = json!({ "BaseUrl": "https://t.test", "Token": "t" });
    let given = |explicit: &Value, name: &str| {
        let mut all = explicit.clone();
        all["Environment"] = json!({ name: text, "ALL_PROXY": "http://proxy.test:3128" });
        Client::new(resolve(all)?)
    };
    for (name, used) in [
        ("SAIL_BASE_URL", json!({ "Token": "t" })),
        (
            "SAIL_CLIENT_ID",
            json!({ "BaseUrl": "https://t.test", "ClientSecret": "s" }),
        ),
        (
            "SAIL_CLIENT_SECRET",
            json!({ "BaseUrl": "https://t.test", "ClientId": "i" }),
        ),
        ("HTTPS_PROXY", secret.clone()),
        ("https_proxy", secret.clone()),
        ("NO_PROXY", secret.clone()),
    ] {
        let error = given(&used, name).unwrap_err();
        assert_eq!(
            (error.kind(), error.message()),
            (
                ErrorKind::Settings,
                format!("{name} (from the environment) is not UTF-8 text").as_str()
            )
        );
    }
    let mut all = secret;
    all["ClientId"] = json!("i");
    all["ClientSecret"] = json!("s");
    for name in [
        "SAIL_BASE_URL",
        "SAIL_CLIENT_ID",
        "SAIL_CLIENT_SECRET",
        "HTTP_PROXY",
    ] {
        given(&all, name).unwrap();
    }
    all["Environment"] = json!({ "SAIL_BASE_URL": 7 });
    assert_eq!(
        resolve(all).unwrap_err().message(),
        "SAIL_BASE_URL in Environment must be text"
    );
}

/// The variables of the process itself may have any bytes.
#[cfg(unix)]
#[test]
fn bytes_that_are_not_utf8_in_the_process_environment() {
    use std::ffi::OsStr;
    use std::os::unix::ffi::OsStrExt;

    const NAME: &str = "settings::bytes_that_are_not_utf8_in_the_process_environment";
    if std::env::var_os("V2024_TEST_CHILD").is_some() {
        let error = Settings::from_json("{}").unwrap_err();
        let message = "SAIL_BASE_URL (from the environment) is not UTF-8 text";
        assert_eq!(error.message(), message);
        let settings = Settings::from_json(r#"{"BaseUrl":"https://t.test"}"#).unwrap();
        assert_eq!(shown(&settings, "ClientSecret").1, "environment");
        return;
    }
    // A path may be of any bytes, so the file in this home is read. The file system of macOS refuses such a name.
    let parent = folder();
    let name: &[u8] = if cfg!(target_vendor = "apple") {
        b"h"
    } else {
        b"h\xff"
    };
    let home = parent.path().join(OsStr::from_bytes(name));
    write(
        &home,
        ".sailpoint/config.yaml",
        "activeenvironment: a\nenvironments: {a: {pat: {clientid: i}}}\n",
    );
    let status = std::process::Command::new(std::env::current_exe().unwrap())
        .args(["--exact", NAME])
        .env("V2024_TEST_CHILD", "1")
        .env("SAIL_BASE_URL", OsStr::from_bytes(b"https://\xff.test"))
        .env("SAIL_CLIENT_SECRET", "s")
        .env_remove("SAIL_CLIENT_ID")
        .env("HOME", &home)
        .current_dir(parent.path())
        .status();
    assert!(status.unwrap().success());
}

#[test]
fn a_proxy_that_is_not_used_gives_a_note() {
    let notes_of = |explicit: Value, environment: Value| {
        let token = json!({ "Token": "t", "Proxy": null, "Environment": environment });
        let mut all = explicit;
        for (name, value) in token.as_object().unwrap() {
            if all.get(name).is_none() {
                all[name] = value.clone();
            }
        }
        let client = Client::new(resolve(all).unwrap()).unwrap();
        let notes = client.settings().notes().iter();
        let notes = notes.map(|note| (note.code(), note.message().to_owned()));
        notes.collect::<Vec<_>>()
    };
    let proxy = "http://proxy.test:3128";
    let note = |message: &str| vec![(NoteCode::ProxyUnused, message.to_owned())];
    assert_eq!(
        notes_of(
            json!({ "BaseUrl": "http://127.0.0.1:8124/a", "Proxy": proxy }),
            json!({})
        ),
        note(
            "Proxy is not used for http://127.0.0.1:8124: addresses of this machine are reached directly"
        )
    );
    assert_eq!(
        notes_of(
            json!({
                "BaseUrl": "https://t.test", "TokenUrl": "https://login.test/t", "Proxy": proxy,
                "ClientId": "i", "ClientSecret": "s",
            }),
            json!({ "NO_PROXY": "login.test" })
        ),
        note("Proxy is not used for https://login.test: NO_PROXY exempts it")
    );
    let none = Vec::new();
    let used = json!({ "BaseUrl": "https://t.test", "Proxy": proxy });
    assert_eq!(notes_of(used, json!({})), none);
    let by_variable = json!({ "BaseUrl": "http://127.0.0.1:8124" });
    assert_eq!(notes_of(by_variable, json!({ "HTTP_PROXY": proxy })), none);
}
