//! `config.json` in the current folder may be anybody's: it leads only secrets that are its own.

use std::sync::{Arc, Mutex};

use serde_json::{Map, Value, json};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;
use v2024_sandbox::{Operation, Options};
use v2024_task_management::{Client, Error, ErrorKind, NoteCode, Settings};

use crate::common::*;

/// Settings that decide where secrets are sent, or who can read them on the way, as a file has them.
fn leading() -> Value {
    json!({
        "BaseUrl": "https://folder.test", "TokenUrl": "https://folder.test/token",
        "Proxy": "http://folder.test:3128", "CertificateAuthority": "folder.pem", "AllowHttp": true,
    })
}

/// All other settings.
fn others() -> Value {
    json!({
        "ClientId": "folder-id", "ClientSecret": "folder-secret", "Token": "folder-token",
        "TokenExpiration": "2100-01-01T00:00:00Z", "ApiVersion": "v2025",
        "ProxyCredential": { "UserName": "u", "Password": "folder-password" },
        "TimeoutSeconds": 7, "ConnectTimeoutSeconds": 7, "AttemptTimeoutSeconds": 7,
        "MaximumRetryCount": 7, "PagesAhead": 1, "RetryIntervalSeconds": 7, "Experimental": true,
        "ConsumerIdentifier": "c", "ConsumerVersion": "1", "UserAgent": "u",
        "NermBaseUrl": "https://nerm.test",
    })
}

const CREDENTIALS: [&str; 3] = ["Token", "ClientId", "ClientSecret"];

fn joined(parts: &[&Value]) -> Value {
    let members = parts.iter().flat_map(|part| part.as_object().unwrap());
    Value::Object(
        members
            .map(|(name, value)| (name.clone(), value.clone()))
            .collect(),
    )
}

/// The members with these names.
fn only(names: &[&str], all: &Value) -> Value {
    Value::Object(
        names
            .iter()
            .map(|name| ((*name).to_owned(), all[*name].clone()))
            .collect(),
    )
}

/// A folder with a `config.json`, and a home folder with a client of the vendor's command line.
struct Places {
    folder: tempfile::TempDir,
    home: tempfile::TempDir,
}

impl Places {
    fn new(file: &Value, home: &str) -> Self {
        let (folder, home_folder) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        std::fs::write(folder.path().join("config.json"), file.to_string()).unwrap();
        std::fs::create_dir(home_folder.path().join(".sailpoint")).unwrap();
        std::fs::write(
            home_folder.path().join(".sailpoint/config.yaml"),
            format!("activeenvironment: a\nenvironments: {{a: {home}}}\n"),
        )
        .unwrap();
        Self {
            folder,
            home: home_folder,
        }
    }

    fn file(&self) -> String {
        self.folder.path().join("config.json").display().to_string()
    }

    fn settings(&self, explicit: &Value, environment: &Value) -> Value {
        let home = json!({ "HOME": self.home.path() });
        let environment = joined(&[&home, environment]);
        let places = json!({ "Folder": self.folder.path(), "Environment": environment });
        joined(&[&places, explicit])
    }

    fn resolve(&self, explicit: &Value, environment: &Value) -> Result<Settings, Error> {
        Settings::from_json(&self.settings(explicit, environment).to_string())
    }

    fn preview(&self, explicit: &Value, environment: &Value) -> Map<String, Value> {
        Settings::preview(&self.settings(explicit, environment).to_string())
    }

    /// The settings among `names` that are taken from the folder's file.
    fn taken(&self, names: &Value, found: &Map<String, Value>) -> Vec<String> {
        let mut names = sorted(names);
        names.retain(|name| {
            found
                .get(name)
                .is_some_and(|found| found["source"] == self.file())
        });
        names
    }
}

/// The members' names.
fn sorted(all: &Value) -> Vec<String> {
    let mut names: Vec<_> = all.as_object().unwrap().keys().cloned().collect();
    names.sort();
    names
}

#[test]
fn what_the_file_decides_if_secrets_come_from_elsewhere() {
    let (explicit, variables, home) = (json!({}), json!({}), "{}");
    let own = joined(&[&leading(), &others()]);
    let none: &[&str] = &[];
    let all: &[&str] = &[
        "AllowHttp",
        "BaseUrl",
        "CertificateAuthority",
        "Proxy",
        "TokenUrl",
    ];
    // What a password for a proxy leaves, and what it leaves if the proxy is not the file's.
    let tenant: &[&str] = &["AllowHttp", "BaseUrl", "TokenUrl"];
    let token = only(&["Token"], &others());
    let client = only(&["ClientId", "ClientSecret"], &others());
    let credential = json!({ "ProxyCredential": { "UserName": "u", "Password": "p" } });
    let without_proxy = only(tenant, &leading());
    let without_proxy = joined(&[
        &without_proxy,
        &json!({ "CertificateAuthority": "folder.pem" }),
    ]);
    let rows: Vec<(Value, Value, Value, &str, &[&str])> = vec![
        // The file, the explicit settings, the environment, the home folder, what the file decides.
        (leading(), explicit.clone(), variables.clone(), home, all),
        (
            joined(&[&leading(), &token]),
            explicit.clone(),
            variables.clone(),
            home,
            all,
        ),
        (
            joined(&[&leading(), &client]),
            explicit.clone(),
            variables.clone(),
            home,
            all,
        ),
        (own.clone(), explicit.clone(), variables.clone(), home, all),
        (
            own.clone(),
            json!({ "Token": "t" }),
            variables.clone(),
            home,
            none,
        ),
        (
            own.clone(),
            json!({ "ClientId": "i" }),
            variables.clone(),
            home,
            none,
        ),
        (
            own.clone(),
            json!({ "ClientSecret": "s" }),
            variables.clone(),
            home,
            none,
        ),
        (
            own.clone(),
            explicit.clone(),
            json!({ "SAIL_CLIENT_ID": "i" }),
            home,
            none,
        ),
        (
            own.clone(),
            explicit.clone(),
            json!({ "SAIL_CLIENT_SECRET": "s" }),
            home,
            none,
        ),
        (
            leading(),
            json!({ "Token": "t" }),
            variables.clone(),
            home,
            none,
        ),
        (
            leading(),
            explicit.clone(),
            json!({ "SAIL_CLIENT_SECRET": "s" }),
            home,
            none,
        ),
        (
            leading(),
            explicit.clone(),
            variables.clone(),
            "{pat: {clientsecret: s}}",
            none,
        ),
        // A client without its id, or from a source that is asked after the token's, never takes its place.
        (
            joined(&[&leading(), &token]),
            explicit.clone(),
            variables.clone(),
            "{pat: {clientsecret: s}}",
            all,
        ),
        (
            joined(&[&leading(), &token]),
            explicit.clone(),
            variables.clone(),
            "{pat: {clientid: i, clientsecret: s}}",
            all,
        ),
        // Any other client might, when the token is rejected.
        (
            joined(&[&leading(), &token]),
            explicit.clone(),
            json!({ "SAIL_CLIENT_ID": "i", "SAIL_CLIENT_SECRET": "s" }),
            home,
            none,
        ),
        (
            joined(&[&leading(), &client]),
            json!({ "Token": "t" }),
            variables.clone(),
            home,
            none,
        ),
        // What the home folder would give too is not asked for.
        (
            own.clone(),
            explicit.clone(),
            variables.clone(),
            "{pat: {clientid: i, clientsecret: s}}",
            all,
        ),
        (
            own.clone(),
            credential.clone(),
            variables.clone(),
            home,
            tenant,
        ),
        (
            joined(&[&leading(), &client]),
            credential,
            variables.clone(),
            home,
            tenant,
        ),
        (
            own.clone(),
            json!({ "Proxy": "http://u:p@proxy.test" }),
            variables.clone(),
            home,
            tenant,
        ),
        (
            own.clone(),
            json!({ "Proxy": "http://proxy.test" }),
            variables.clone(),
            home,
            &["AllowHttp", "BaseUrl", "CertificateAuthority", "TokenUrl"],
        ),
        // The file's proxy takes its place, so that password is sent to nobody.
        (
            own,
            explicit.clone(),
            json!({ "HTTPS_PROXY": "http://u:p@proxy.test" }),
            home,
            all,
        ),
        (
            joined(&[&without_proxy, &client]),
            explicit.clone(),
            json!({ "https_proxy": "http://u:p@proxy.test" }),
            home,
            tenant,
        ),
        (
            joined(&[&without_proxy, &client]),
            explicit,
            json!({ "ALL_PROXY": "u:p@proxy.test" }),
            home,
            tenant,
        ),
    ];
    for (file, explicit, variables, home, expected) in rows {
        let places = Places::new(&file, home);
        let found = places.preview(&explicit, &variables);
        let row = format!("{file} {explicit} {variables} {home}");
        assert_eq!(places.taken(&leading(), &found), expected, "{row}");
        // The other settings count as before.
        for name in places.taken(&others(), &found) {
            assert!(
                file.get(&name).is_some() && explicit.get(&name).is_none(),
                "{row}"
            );
        }
    }
}

#[test]
fn every_setting_is_one_of_the_two_kinds() {
    let error = Settings::from_json(r#"{"NoSuchSetting":1}"#).unwrap_err();
    let known = error
        .hint()
        .unwrap()
        .strip_prefix("the settings are ")
        .unwrap();
    let mut known: Vec<_> = known.split(", ").map(str::to_owned).collect();
    known.sort();
    // A new setting goes into `leading` if it decides where secrets are sent or who can read them.
    assert_eq!(known, sorted(&joined(&[&leading(), &others()])));

    let places = Places::new(&joined(&[&leading(), &others()]), "{}");
    let found = places.preview(&json!({ "Token": "t" }), &json!({}));
    let mut expected = sorted(&others());
    expected.retain(|name| name != "Token");
    assert_eq!(places.taken(&others(), &found), expected);
    assert_eq!(places.taken(&leading(), &found), [""; 0]);
}

/// Each of the other sources leads the secrets of any.
#[test]
fn explicit_settings_environment_and_home_folder_trust_one_another() {
    let secrets = [
        (only(&CREDENTIALS, &others()), json!({}), "{}"),
        (
            json!({}),
            json!({ "SAIL_CLIENT_ID": "i", "SAIL_CLIENT_SECRET": "s" }),
            "{}",
        ),
        (
            json!({}),
            json!({}),
            "{baseurl: https://home.test, pat: {clientid: i, clientsecret: s}}",
        ),
    ];
    let environment = json!({ "SAIL_BASE_URL": "https://environment.test" });
    for (explicit, variables, home) in &secrets {
        let places = Places::new(&json!({}), home);
        let given = joined(&[
            &leading(),
            explicit,
            &json!({ "CertificateAuthority": null }),
        ]);
        let settings = places.resolve(&given, variables).unwrap();
        for name in ["BaseUrl", "TokenUrl", "Proxy", "AllowHttp"] {
            assert_eq!(
                settings.shown()[name]["source"],
                "explicit",
                "{name} {home}"
            );
        }
        let settings = places
            .resolve(explicit, &joined(&[variables, &environment]))
            .unwrap();
        assert_eq!(settings.shown()["BaseUrl"]["source"], "environment");
    }
    let places = Places::new(&leading(), "{baseurl: https://home.test}");
    let settings = places.resolve(&secrets[0].0, &json!({})).unwrap();
    assert_eq!(settings.shown()["BaseUrl"]["value"], "https://home.test");
}

#[test]
fn what_is_not_used_gives_one_warning_with_where_to_put_it() {
    let token = json!({ "BaseUrl": "https://t.test", "Token": "t" });
    let places = Places::new(&leading(), "{}");
    let settings = places.resolve(&token, &json!({})).unwrap();
    let [note] = settings.notes() else {
        panic!("{:?}", settings.notes());
    };
    let file = places.file();
    assert_eq!(
        (note.code(), note.is_warning(), note.message()),
        (
            NoteCode::FolderNotTrusted,
            true,
            format!(
                "not used from {file}: TokenUrl, Proxy, CertificateAuthority, AllowHttp. A file in the current folder \
                 decides where secrets go only if all of them come from it, and Token is from the explicit \
                 settings. Give these settings explicitly, or set HTTPS_PROXY, SSL_CERT_FILE, or \
                 all secrets in that file alone"
            )
            .as_str()
        )
    );
    // What the file says in vain, or as the others do, is not worth a word.
    for (file, explicit) in [
        (
            leading(),
            joined(&[
                &leading(),
                &token,
                &json!({ "BaseUrl": "http://127.0.0.1", "TokenUrl": "http://127.0.0.1/token" }),
            ]),
        ),
        (json!({ "AllowHttp": false }), token.clone()),
        (json!({ "MaximumRetryCount": 3 }), token),
    ] {
        let places = Places::new(&file, "{}");
        let settings = places.resolve(&explicit, &json!({})).unwrap();
        assert_eq!(settings.notes(), [], "{file}");
    }
    let places = Places::new(
        &json!({ "BaseUrl": "https://t.test" }),
        "{baseurl: https://t.test}",
    );
    let settings = places
        .resolve(&json!({ "Token": "t" }), &json!({}))
        .unwrap();
    assert_eq!(settings.notes(), []);
}

#[test]
fn an_error_says_that_the_file_does_not_count() {
    let places = Places::new(&leading(), "{}");
    let file = places.file();
    let error = places
        .resolve(&json!({ "Token": "t" }), &json!({}))
        .unwrap_err();
    let home = places.home.path().join(".sailpoint").join("config.yaml");
    assert_eq!(
        error.message(),
        format!(
            "settings missing: BaseUrl (found Token from the explicit settings); looked in the explicit settings, \
             the environment (SAIL_BASE_URL), {file} (not used from it: BaseUrl, TokenUrl, Proxy, \
             CertificateAuthority, AllowHttp, because Token is from the explicit settings), {}",
            home.display()
        )
    );
    let plain = json!({ "BaseUrl": "http://t.test", "Token": "t" });
    let error = places.resolve(&plain, &json!({})).unwrap_err();
    assert_eq!(
        error.message(),
        format!(
            "BaseUrl (from the explicit settings) is plain http, which would send the client secret unencrypted; \
             AllowHttp in {file} does not count, because Token is from the explicit settings"
        )
    );
}

/// A tenant that refuses everybody and keeps what it received.
struct Refusing {
    url: String,
    received: Arc<Mutex<Vec<String>>>,
}

impl Refusing {
    async fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let received = Arc::<Mutex<Vec<String>>>::default();
        let kept = Arc::clone(&received);
        tokio::spawn(async move {
            while let Ok((mut stream, _)) = listener.accept().await {
                let mut request = Vec::new();
                // A form ends with the secret, and the head of a request without a body with an empty line.
                while !is_whole(&request) {
                    assert!(stream.read_buf(&mut request).await.unwrap() > 0);
                }
                kept.lock()
                    .unwrap()
                    .push(String::from_utf8(request).unwrap());
                let head = "HTTP/1.1 401 Unauthorized\r\nContent-Type: application/json";
                let response =
                    format!("{head}\r\nContent-Length: 2\r\nConnection: close\r\n\r\n{{}}");
                stream.write_all(response.as_bytes()).await.unwrap();
            }
        });
        Self { url, received }
    }

    fn take(&self) -> String {
        std::mem::take(&mut *self.received.lock().unwrap()).concat()
    }
}

fn is_whole(request: &[u8]) -> bool {
    let text = String::from_utf8_lossy(request);
    let Some((head, body)) = text.split_once("\r\n\r\n") else {
        return false;
    };
    let length = head
        .lines()
        .find_map(|line| line.strip_prefix("content-length: "));
    body.len() == length.map_or(0, |length| length.parse().unwrap())
}

/// The sources in the order in which they are asked.
const SOURCES: [&str; 4] = ["explicit", "environment", "folder", "home"];

/// What becomes of a call.
#[derive(Debug, PartialEq)]
enum Outcome {
    /// It reached the tenant of the folder's file, or the other one.
    Folders,
    Others,
    /// A setting is missing.
    Missing,
    /// The folder's token is for the folder's tenant only.
    Refused,
}

/// What is right if the parts of the credentials and another `BaseUrl` come from these sources.
fn expected(
    token: Option<&str>,
    id: Option<&str>,
    secret: Option<&str>,
    base: Option<&str>,
) -> Outcome {
    let rank = |source: &str| SOURCES.iter().position(|it| *it == source).unwrap();
    let client = id
        .zip(secret)
        .filter(|(id, secret)| token.is_none_or(|token| rank(id).max(rank(secret)) <= rank(token)));
    let mut sent: Vec<&str> = token.into_iter().collect();
    sent.extend(client.into_iter().flat_map(|(id, secret)| [id, secret]));
    if sent.is_empty() {
        return Outcome::Missing;
    }
    let counts = sent.iter().all(|source| *source == "folder");
    match base {
        None | Some("home") if counts => Outcome::Folders,
        // The file's own client asks at the file's own TokenUrl.
        Some(_) if counts && token.is_none() => Outcome::Folders,
        None => Outcome::Missing,
        Some(_) if token == Some("folder") => Outcome::Refused,
        Some(_) => Outcome::Others,
    }
}

#[tokio::test]
async fn every_secret_goes_only_where_it_may_whatever_source_it_is_from() {
    let (folders, others) = (Refusing::start().await, Refusing::start().await);
    let any = || [None].into_iter().chain(SOURCES.map(Some));
    let mut number = 0;
    let mut seen = [0; 4];
    for token in [None, Some("explicit"), Some("folder")] {
        for (id, secret) in any().flat_map(|id| any().map(move |secret| (id, secret))) {
            for base in [None, Some("explicit"), Some("environment"), Some("home")] {
                number += 1;
                let case =
                    format!("token {token:?}, id {id:?}, secret {secret:?}, BaseUrl {base:?}");
                let token_url = format!("{}/oauth/token", folders.url);
                let mut file = json!({ "BaseUrl": folders.url, "TokenUrl": token_url });
                let (mut explicit, mut variables) = (json!({}), json!({}));
                let (mut in_home, mut pat) = (json!({}), json!({}));
                let mut put = |source: Option<&str>, name: &str, variable: &str, value: &str| match (
                    source, name,
                ) {
                    (Some("explicit"), _) => explicit[name] = value.into(),
                    (Some("environment"), _) => variables[variable] = value.into(),
                    (Some("folder"), _) => file[name] = value.into(),
                    (Some("home"), "BaseUrl") => in_home["baseurl"] = value.into(),
                    (Some("home"), _) => pat[name.to_lowercase()] = value.into(),
                    _ => {}
                };
                // Clients with the same credentials would share that the token was refused.
                let value = |what: &str, source: Option<&str>| {
                    format!("{what}of{}no{number}x", source.unwrap_or_default())
                };
                put(token, "Token", "", &value("token", token));
                put(id, "ClientId", "SAIL_CLIENT_ID", &value("id", id));
                put(
                    secret,
                    "ClientSecret",
                    "SAIL_CLIENT_SECRET",
                    &value("secret", secret),
                );
                put(base, "BaseUrl", "SAIL_BASE_URL", &others.url);
                in_home["pat"] = pat;
                let places = Places::new(&file, &in_home.to_string());
                let outcome = match places.resolve(&explicit, &variables) {
                    Ok(settings) => {
                        let client = Client::new(settings).unwrap();
                        let error = client.get_task_status("x").await.unwrap_err();
                        assert_eq!(error.status(), Some(401), "{case}: {error}");
                        let (to_folders, to_others) = (folders.take(), others.take());
                        for source in SOURCES.iter().filter(|source| **source != "folder") {
                            assert!(!to_folders.contains(&format!("of{source}no")), "{case}");
                        }
                        assert!(!to_others.contains("tokenoffolderno"), "{case}");
                        match (to_folders.is_empty(), to_others.is_empty()) {
                            (false, true) => Outcome::Folders,
                            (true, false) => Outcome::Others,
                            _ => panic!("{case}: {to_folders} {to_others}"),
                        }
                    }
                    Err(error) if error.message().starts_with("settings missing: ") => {
                        Outcome::Missing
                    }
                    Err(error) => {
                        let start =
                            format!("Token (from {}) is not sent to BaseUrl ", places.file());
                        assert!(error.message().starts_with(&start), "{case}: {error}");
                        Outcome::Refused
                    }
                };
                seen[match outcome {
                    Outcome::Folders => 0,
                    Outcome::Others => 1,
                    Outcome::Missing => 2,
                    Outcome::Refused => 3,
                }] += 1;
                assert_eq!(outcome, expected(token, id, secret, base), "{case}");
            }
        }
    }
    assert_eq!(number, 300);
    assert!(seen.iter().all(|count| *count > 0), "{seen:?}");
}

#[test]
fn the_folders_token_is_for_the_address_in_the_folders_file() {
    let file = json!({ "BaseUrl": "https://folder.test", "Token": "t" });
    let client = "pat: {clientid: i, clientsecret: s}";
    let places = Places::new(&file, &format!("{{baseurl: https://home.test, {client}}}"));
    let path = places.file();
    // The client of the home folder never takes the token's place.
    let settings = places.resolve(&json!({}), &json!({})).unwrap();
    assert_eq!(settings.notes(), []);
    assert_eq!(settings.shown()["BaseUrl"]["value"], "https://folder.test");
    // The same address in another form.
    let same = json!({ "BaseUrl": "folder.test/v2024/" });
    let settings = places.resolve(&same, &json!({})).unwrap();
    assert_eq!(settings.shown()["BaseUrl"]["source"], "explicit");

    let environment = json!({ "SAIL_CLIENT_ID": "i", "SAIL_CLIENT_SECRET": "s" });
    let home = places.home.path().join(".sailpoint").join("config.yaml");
    let home = home.display();
    for (explicit, variables, message) in [
        (
            json!({ "BaseUrl": "https://other.test" }),
            json!({}),
            format!(
                "Token (from {path}) is not sent to BaseUrl (from the explicit settings): that file has another BaseUrl"
            ),
        ),
        (
            json!({}),
            environment,
            format!(
                "Token (from {path}) is not sent to BaseUrl (from {home}): that file has another BaseUrl; \
                 BaseUrl in {path} does not count, because ClientSecret is from the environment"
            ),
        ),
    ] {
        let error = places.resolve(&explicit, &variables).unwrap_err();
        assert_eq!(
            (error.kind(), error.message(), error.hint()),
            (
                ErrorKind::Settings,
                message.as_str(),
                Some(
                    "give the Token of that tenant explicitly, or remove Token or BaseUrl from the file"
                )
            )
        );
    }
}

/// A tenant that somebody else runs.
async fn foreign_tenant() -> v2024_sandbox::Sandbox {
    sandbox().await
}

#[tokio::test]
async fn an_address_and_a_dummy_secret_in_the_file_get_nothing() {
    let (own, foreign) = (sandbox().await, foreign_tenant().await);
    let foreign_url = foreign.base_url();
    let file = json!({
        "BaseUrl": foreign_url, "TokenUrl": format!("{foreign_url}/oauth/token"), "ClientSecret": "dummy",
    });
    let places = Places::new(&file, "{}");
    let variables = json!({
        "SAIL_CLIENT_ID": own.client_id(), "SAIL_CLIENT_SECRET": settings_json(&own, json!({}))["ClientSecret"],
    });
    let error = places.resolve(&json!({}), &variables).unwrap_err();
    assert!(
        error
            .message()
            .starts_with("settings missing: BaseUrl (found "),
        "{error}"
    );

    let explicit = json!({ "BaseUrl": own.base_url() });
    let settings = places.resolve(&explicit, &variables).unwrap();
    let client = Client::new(settings).unwrap();
    client.get_pending_tasks(pending()).await.unwrap();
    assert_eq!(own.requests().len(), 2);
    assert_eq!(foreign.requests().len(), 0);
}

#[tokio::test]
async fn a_dummy_token_in_the_file_does_not_lead_the_client_that_follows_it() {
    let (own, foreign) = (sandbox().await, foreign_tenant().await);
    let file =
        json!({ "Token": "dummy", "TokenUrl": format!("{}/oauth/token", foreign.base_url()) });
    let places = Places::new(&file, "{}");
    let secret = settings_json(&own, json!({}))["ClientSecret"].clone();
    let variables = json!({
        "SAIL_BASE_URL": own.base_url(), "SAIL_CLIENT_ID": own.client_id(), "SAIL_CLIENT_SECRET": secret,
    });
    let settings = places
        .resolve(&json!({ "RetryIntervalSeconds": 0 }), &variables)
        .unwrap();
    let client = Client::new(settings).unwrap();
    client.get_pending_tasks(pending()).await.unwrap();
    let received: Vec<_> = own
        .requests()
        .iter()
        .map(|request| (request.operation, request.status))
        .collect();
    assert_eq!(received.len(), 3);
    assert_eq!(
        (received[0].1, received[1].0),
        (Some(401), Operation::Token)
    );
    assert_eq!(foreign.requests().len(), 0);
}

#[tokio::test]
async fn a_file_with_everything_works() {
    let own = v2024_sandbox::Sandbox::start(Options::default())
        .await
        .unwrap();
    let all = settings_json(&own, json!({}));
    let places = Places::new(&only(&["BaseUrl", "ClientId", "ClientSecret"], &all), "{}");
    let settings = places.resolve(&json!({}), &json!({})).unwrap();
    assert_eq!(settings.notes(), []);
    let client = Client::new(settings).unwrap();
    client.get_pending_tasks(pending()).await.unwrap();
}
