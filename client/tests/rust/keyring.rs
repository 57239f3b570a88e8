//! The keyring of the `sail` command line: a GNOME Keyring on a bus of its own.

use std::fs;
use std::io::{self, BufRead, BufReader, Read, Write};
use std::net::Shutdown;
use std::os::linux::net::SocketAddrExt;
use std::os::unix::net::{SocketAddr, UnixListener, UnixStream};
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use serde_json::{Value, json};
use v2024_task_management::host::json::settings_error;
use v2024_task_management::{Client, Error, ErrorKind, Note, NoteCode, Settings};

use crate::common;

const INSTALL: &str = "these tests need a keyring \
     (Debian: apt-get install dbus-bin dbus-daemon gnome-keyring libsecret-tools)";

/// A keyring without a desktop. Its password is `pw`.
struct Keyring {
    folder: tempfile::TempDir,
    bus: Child,
    daemon: Option<Child>,
    address: String,
}

impl Keyring {
    /// A home with the settings of `sail`, and a bus on which no keyring is.
    fn without(config: &str) -> Self {
        let folder = tempfile::tempdir().unwrap();
        fs::create_dir(folder.path().join(".sailpoint")).unwrap();
        fs::write(folder.path().join(".sailpoint/config.yaml"), config).unwrap();
        // The bus starts no program by itself.
        let configuration = folder.path().join("bus.conf");
        let listen = folder.path().join("bus").display().to_string();
        let text = format!(
            r#"<busconfig><type>session</type><listen>unix:path={listen}</listen><auth>EXTERNAL</auth>
            <policy context="default">
            <allow send_destination="*" eavesdrop="true"/><allow eavesdrop="true"/><allow own="*"/>
            </policy>
            </busconfig>"#
        );
        fs::write(&configuration, text).unwrap();
        let mut bus = Command::new("dbus-daemon")
            .args(["--nofork", "--print-address"])
            .arg(format!("--config-file={}", configuration.display()))
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap_or_else(|error| panic!("{INSTALL}: {error}"));
        let mut address = String::new();
        BufReader::new(bus.stdout.take().unwrap())
            .read_line(&mut address)
            .unwrap();
        Self {
            folder,
            bus,
            daemon: None,
            address: address.trim().to_owned(),
        }
    }

    fn new(config: &str) -> Self {
        let mut keyring = Self::without(config);
        let mut daemon = keyring
            .command("gnome-keyring-daemon")
            .args(["--foreground", "--unlock", "--components=secrets"])
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap_or_else(|error| panic!("{INSTALL}: {error}"));
        daemon.stdin.take().unwrap().write_all(b"pw\n").unwrap();
        keyring.daemon = Some(daemon);
        // It is there once something can be stored.
        let start = Instant::now();
        while !keyring.store("test", "test", "test") {
            assert!(start.elapsed() < Duration::from_secs(20), "no keyring");
            thread::sleep(Duration::from_millis(50));
        }
        keyring
    }

    fn command(&self, program: &str) -> Command {
        let mut command = Command::new(program);
        command
            .env("HOME", self.folder.path())
            .env("XDG_DATA_HOME", self.folder.path())
            .env("XDG_RUNTIME_DIR", self.folder.path())
            .env("DBUS_SESSION_BUS_ADDRESS", &self.address);
        command
    }

    /// Stores as `sail` does.
    fn store(&self, service: &str, user: &str, secret: &str) -> bool {
        let mut tool = self
            .command("secret-tool")
            .args([
                "store",
                "--label=test",
                "service",
                service,
                "username",
                user,
            ])
            .stdin(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap_or_else(|error| panic!("{INSTALL}: {error}"));
        tool.stdin
            .take()
            .unwrap()
            .write_all(secret.as_bytes())
            .unwrap();
        tool.wait().unwrap().success()
    }

    fn store_client(&self, user: &str) {
        assert!(self.store("environments.pat.clientid", user, "keyring-id"));
        assert!(self.store("environments.pat.clientsecret", user, "keyring-secret"));
    }

    fn lock(&self) {
        let status = self
            .command("dbus-send")
            .args([
                "--session",
                "--print-reply",
                "--dest=org.freedesktop.secrets",
            ])
            .args([
                "/org/freedesktop/secrets",
                "org.freedesktop.Secret.Service.Lock",
            ])
            .arg("array:objpath:/org/freedesktop/secrets/collection/login")
            .stdout(Stdio::null())
            .status()
            .unwrap_or_else(|error| panic!("{INSTALL}: {error}"));
        assert!(status.success());
    }

    /// Settings with this home and bus.
    fn json(&self, mut settings: Value) -> String {
        let mut environment = json!({
            "HOME": self.folder.path(), "DBUS_SESSION_BUS_ADDRESS": self.address,
        });
        if let Some(Value::Object(more)) = settings.get_mut("Environment").map(Value::take) {
            environment.as_object_mut().unwrap().extend(more);
        }
        settings["Environment"] = environment;
        settings["Folder"] = json!(self.folder.path());
        settings.to_string()
    }

    fn settings(&self, settings: Value) -> Result<Settings, Error> {
        Settings::from_json(&self.json(settings))
    }
}

impl Drop for Keyring {
    fn drop(&mut self) {
        for child in [Some(&mut self.bus), self.daemon.as_mut()]
            .into_iter()
            .flatten()
        {
            _ = child.kill();
            _ = child.wait();
        }
    }
}

fn config(base_url: &str, auth_type: &str) -> String {
    format!(
        "activeenvironment: Acme\nauthtype: {auth_type}\nenvironments:\n  acme:\n    baseurl: {base_url}\n  \
         other:\n    baseurl: https://other.test\n"
    )
}

fn source(settings: &Settings, name: &str) -> Option<String> {
    let source = settings.shown().get(name)?["source"].as_str();
    source.map(str::to_owned)
}

fn messages(settings: &Settings) -> Vec<(NoteCode, &str)> {
    let notes = settings.notes().iter();
    notes
        .map(|note: &Note| (note.code(), note.message()))
        .collect()
}

/// What the message about missing settings says of the keyring, and the hint.
fn refusal(error: &Error) -> (&str, &str) {
    let (_, state) = error.message().rsplit_once("config.yaml").unwrap();
    (state, error.hint().unwrap())
}

/// Where the keyring is open, but of no use.
const ENTRY_HINT: &str =
    "store them again with the sail command line, or set SAIL_CLIENT_ID and SAIL_CLIENT_SECRET";

/// Where the keyring cannot be read.
const HINT: &str = "set SAIL_CLIENT_ID and SAIL_CLIENT_SECRET; the keyring of the sail command line can be \
                    read only in the session of the user who has unlocked it";

#[tokio::test]
async fn c75_id_and_secret_come_from_the_keyring_as_a_pair_with_keyring() {
    let tenant = common::sandbox().await;
    let keyring = Keyring::new(&config(tenant.base_url(), "pat"));
    keyring.store_client("acme");
    assert!(keyring.store("environments.pat.clientid", "other", "other-id"));
    let settings = keyring
        .settings(json!({ "ClientId": "explicit-id" }))
        .unwrap();
    assert_eq!(
        settings.shown()["ClientId"],
        json!({ "value": "keyring-id", "source": "keyring" })
    );
    assert_eq!(
        settings.shown()["ClientSecret"],
        json!({ "value": "********", "source": "keyring" })
    );
    assert_eq!(
        messages(&settings),
        [(
            NoteCode::Keyring,
            "ClientId and ClientSecret come from the keyring: those of the environment \"acme\" of the sail command \
             line; the ClientId from the explicit settings is not used, since these belong together"
        )]
    );
    assert!(!format!("{settings:?}").contains("keyring-secret"));

    let client = Client::new(settings).unwrap();
    _ = client.get_pending_tasks(Default::default()).await;
    let requests = tenant.requests();
    assert_eq!(
        requests[0].body,
        "grant_type=client_credentials&client_id=keyring%2Did&client_secret=keyring%2Dsecret"
    );
}

#[test]
fn it_is_opened_only_if_nothing_else_is_enough_with_keyring() {
    // No keyring is there: whoever looked for it would say so, or wait.
    let silent = silent_bus();
    for enough in [
        json!({ "Token": "t" }),
        json!({ "ClientId": "i", "ClientSecret": "s" }),
        json!({ "ClientId": "i", "Environment": { "SAIL_CLIENT_SECRET": "s" } }),
    ] {
        let start = Instant::now();
        let settings = silent.settings(enough).unwrap();
        // Looking for one takes 2 s.
        assert!(start.elapsed() < Duration::from_secs(2));
        assert_eq!(settings.notes(), []);
    }
    // A file in the current folder names no account.
    let keyring = Keyring::without("");
    let config = json!({ "activeenvironment": "acme", "BaseUrl": "https://t.test" }).to_string();
    fs::write(keyring.folder.path().join("config.json"), config).unwrap();
    let error = keyring.settings(json!({})).unwrap_err();
    assert!(!error.message().contains("keyring"), "{error}");
}

#[tokio::test]
async fn an_access_token_and_its_end_with_keyring() {
    let keyring = Keyring::new(&config("https://t.test", "OAuth"));
    keyring.store_client("acme");
    let error = keyring.settings(json!({})).unwrap_err();
    assert_eq!(
        refusal(&error),
        (
            ", the keyring for its environment \"acme\" (it has no environments.oauth.accesstoken for \"acme\")",
            ENTRY_HINT
        )
    );
    assert!(keyring.store("environments.oauth.accesstoken", "acme", "keyring-token"));
    assert!(keyring.store(
        "environments.oauth.expiry",
        "acme",
        "2199-01-01T00:00:00+02:00"
    ));
    let settings = keyring.settings(json!({})).unwrap();
    assert_eq!(source(&settings, "Token").as_deref(), Some("keyring"));
    assert_eq!(settings.shown()["Token"]["value"], "********");
    assert_eq!(
        settings.shown()["TokenExpiration"],
        json!({ "value": "2199-01-01T00:00:00+02:00", "source": "keyring" })
    );
    assert_eq!(source(&settings, "ClientId"), None);

    for (expiry, reason) in [
        (
            "soon",
            "its environments.oauth.expiry is not an ISO 8601 date",
        ),
        (" ", "it has no environments.oauth.expiry for \"acme\""),
    ] {
        assert!(keyring.store("environments.oauth.expiry", "acme", expiry));
        let error = keyring.settings(json!({})).unwrap_err();
        assert_eq!(
            refusal(&error),
            (
                format!(", the keyring for its environment \"acme\" ({reason})").as_str(),
                ENTRY_HINT
            )
        );
    }

    assert!(keyring.store(
        "environments.oauth.expiry",
        "acme",
        "2026-01-01T00:00:00+02:00"
    ));
    let error = keyring.settings(json!({})).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Settings);
    assert_eq!(
        refusal(&error),
        (
            ", the keyring for its environment \"acme\" (its access token expired at 2025-12-31T22:00:00Z)",
            "run a command of sail, which logs in again, or set SAIL_CLIENT_ID and SAIL_CLIENT_SECRET"
        )
    );
}

#[test]
fn a_keyring_that_is_locked_or_lacks_the_secret_asks_nobody_with_keyring() {
    let keyring = Keyring::new(&config("https://t.test", "pat"));
    assert!(keyring.store("environments.pat.clientid", "acme", "keyring-id"));
    let error = keyring.settings(json!({})).unwrap_err();
    assert_eq!(
        refusal(&error),
        (
            ", the keyring for its environment \"acme\" (it has no environments.pat.clientsecret for \"acme\")",
            ENTRY_HINT
        )
    );
    keyring.lock();
    let start = Instant::now();
    let error = keyring.settings(json!({})).unwrap_err();
    assert!(start.elapsed() < Duration::from_secs(2));
    assert_eq!(
        refusal(&error),
        (
            ", the keyring for its environment \"acme\" (it is locked)",
            HINT
        )
    );
    assert!(
        error
            .message()
            .starts_with("settings missing: ClientId, ClientSecret (found BaseUrl from ")
    );
}

#[test]
fn a_secret_with_control_characters_is_refused_with_keyring() {
    let keyring = Keyring::new(&config("https://t.test", "pat"));
    let secret = "se\u{1b}[31mcret";
    assert!(keyring.store("environments.pat.clientid", "acme", "id"));
    assert!(keyring.store("environments.pat.clientsecret", "acme", secret));
    let error = keyring.settings(json!({})).unwrap_err();
    assert_eq!(
        refusal(&error),
        (
            ", the keyring for its environment \"acme\" (its environments.pat.clientsecret has control characters)",
            ENTRY_HINT
        )
    );
}

/// What the message says of the keyring if this is where the bus is.
fn reason(keyring: &Keyring, environment: Value) -> String {
    let error = keyring
        .settings(json!({ "Environment": environment }))
        .unwrap_err();
    let (state, hint) = refusal(&error);
    assert_eq!(hint, HINT);
    let reason = state.strip_prefix(", the keyring for its environment \"acme\" (");
    reason.unwrap().strip_suffix(')').unwrap().to_owned()
}

#[test]
fn no_session_bus_and_no_keyring_on_it_with_keyring() {
    let keyring = Keyring::without(&config("https://t.test", "pat"));
    let unsupported = "the address of the session bus is not supported";
    let missing = "the session bus failed: No such file or directory (os error 2)";
    for (address, expected) in [
        (keyring.address.as_str(), "no program offers one"),
        ("unix", unsupported),
        ("unix:tmpdir=/tmp", unsupported),
        ("tcp:host=localhost,port=1", unsupported),
        ("autolaunch:", unsupported),
        ("unixexec:path=/bin/false", unsupported),
        // It would be a part of the current folder.
        ("unix:path=bus", unsupported),
        ("unix:path=./%62us", unsupported),
        ("unix:path=/no/such", missing),
        ("tcp:host=localhost,port=1;unix:path=/no/such", missing),
        (
            "unix:path=/no%00such",
            "the session bus failed: paths must not contain interior null bytes",
        ),
    ] {
        let environment = json!({ "DBUS_SESSION_BUS_ADDRESS": address });
        assert_eq!(reason(&keyring, environment), expected, "{address}");
    }
}

#[test]
fn where_the_bus_usually_is_with_keyring() {
    let keyring = Keyring::without(&config("https://t.test", "pat"));
    let usual = |folder: Value| {
        let environment = json!({ "DBUS_SESSION_BUS_ADDRESS": null, "XDG_RUNTIME_DIR": folder });
        reason(&keyring, environment)
    };
    assert_eq!(usual(json!(keyring.folder.path())), "no program offers one");
    let up = "../".repeat(std::env::current_dir().unwrap().components().count());
    let relative = format!("{up}{}", keyring.folder.path().display());
    assert!(fs::metadata(&relative).unwrap().is_dir());
    for (folder, case) in [
        (json!(relative), "a relative folder"),
        (json!(null), "no folder"),
        (json!("/no/such"), "no such folder"),
    ] {
        assert_eq!(usual(folder), "there is no session bus", "{case}");
    }
    // A socket that a bus left behind.
    let folder = tempfile::tempdir().unwrap();
    drop(UnixListener::bind(folder.path().join("bus")).unwrap());
    assert_eq!(usual(json!(folder.path())), "there is no session bus");
}

#[test]
fn addresses_of_a_bus_with_keyring() {
    let keyring = Keyring::new(&config("https://t.test", "pat"));
    keyring.store_client("acme");
    let path = keyring.folder.path().join("bus").display().to_string();
    let encoded: String = path.bytes().map(|byte| format!("%{byte:02x}")).collect();
    let abstract_name = abstract_socket_to(&path);
    for address in [
        format!("unix:path={path}"),
        format!("unix:path={encoded}"),
        format!("unix:path=/no/such;unix:path={path}"),
        format!(
            "autolaunch:; tcp:host=localhost,port=1;nonsense;unix:path={path};unix:path=/no/such"
        ),
        format!("unix:abstract={abstract_name}"),
    ] {
        let environment = json!({ "DBUS_SESSION_BUS_ADDRESS": address });
        let settings = keyring
            .settings(json!({ "Environment": environment }))
            .unwrap();
        assert_eq!(
            source(&settings, "ClientSecret").as_deref(),
            Some("keyring"),
            "{address}"
        );
    }
}

/// Names a socket that has no file and leads to this one.
fn abstract_socket_to(path: &str) -> String {
    let name = path.trim_start_matches('/').to_owned();
    let address = SocketAddr::from_abstract_name(&name).unwrap();
    let listener = UnixListener::bind_addr(&address).unwrap();
    let path = path.to_owned();
    thread::spawn(move || {
        for client in listener.incoming() {
            let (client, bus) = (client.unwrap(), UnixStream::connect(&path).unwrap());
            for (mut from, mut to) in [
                (client.try_clone().unwrap(), bus.try_clone().unwrap()),
                (bus, client),
            ] {
                thread::spawn(move || {
                    _ = io::copy(&mut from, &mut to);
                    _ = to.shutdown(Shutdown::Both);
                });
            }
        }
    });
    name
}

/// What a bus says while somebody logs in.
const LOGIN: &[u8] = b"OK 1234deadbeef1234deadbeef1234dead\r\nAGREE_UNIX_FD\r\n";

#[test]
fn a_bus_that_breaks_the_protocol_with_keyring() {
    let unreadable = "what it sent cannot be read";
    // Little-endian: type, flags, version; lengths of the body and, after the serial, the fields.
    let message = |kind: u8, body: u32, fields: u32| {
        let mut message = LOGIN.to_vec();
        message.extend([b'l', kind, 0, 1]);
        for number in [body, 1, fields] {
            message.extend(number.to_le_bytes());
        }
        message
    };
    let garbage = |start: &[u8]| {
        let mut bytes = start.to_vec();
        bytes.extend((0..100_000u32).map(|at| (at.wrapping_mul(2_654_435_761) >> 24) as u8));
        bytes
    };
    for (case, sent, expected) in [
        (
            "closes at once",
            vec![],
            "the session bus failed: failed to read from socket",
        ),
        ("an empty line", b"\n".to_vec(), "it cannot be read"),
        ("garbage", garbage(b""), unreadable),
        (
            "refuses the login",
            b"REJECTED ANONYMOUS\r\n".to_vec(),
            unreadable,
        ),
        (
            "closes after the login",
            LOGIN.to_vec(),
            "the session bus failed: failed to read from socket",
        ),
        ("garbage after the login", garbage(LOGIN), unreadable),
        ("a message without fields", message(2, 0, 0), unreadable),
        (
            "a message too long for D-Bus",
            message(2, u32::MAX, u32::MAX),
            unreadable,
        ),
        (
            "a message that ends early",
            message(2, 100 << 20, 16),
            "the session bus failed: failed to read from socket",
        ),
    ] {
        let keyring = bus_that_sends(sent);
        let start = Instant::now();
        assert_eq!(reason(&keyring, json!({})), expected, "{case}");
        assert!(start.elapsed() < Duration::from_secs(2), "{case}");
    }
}

/// A bus that sends this to everybody, whatever they say, and closes the connection.
fn bus_that_sends(bytes: Vec<u8>) -> Keyring {
    let mut keyring = Keyring::without(&config("https://t.test", "pat"));
    let path = keyring.folder.path().join("broken");
    let listener = UnixListener::bind(&path).unwrap();
    thread::spawn(move || {
        for client in listener.incoming() {
            let mut client = client.unwrap();
            // Closing before it was read would discard what is sent.
            _ = client.read(&mut [0; 1000]);
            _ = client.write_all(&bytes);
        }
    });
    keyring.address = format!("unix:path={}", path.display());
    keyring
}

/// A bus on which nobody responds.
fn silent_bus() -> Keyring {
    let mut keyring = Keyring::without(&config("https://t.test", "pat"));
    let path = keyring.folder.path().join("silent");
    // The socket stays open: the test ends soon.
    std::mem::forget(UnixListener::bind(&path).unwrap());
    keyring.address = format!("unix:path={}", path.display());
    keyring
}

#[test]
fn an_outline_does_not_open_it_with_keyring() {
    let silent = silent_bus();
    let start = Instant::now();
    let outline = Settings::outline(&silent.json(json!({}))).unwrap();
    // Looking for one takes 2 s.
    assert!(start.elapsed() < Duration::from_secs(2));
    assert_eq!(outline["BaseUrl"]["value"], "https://t.test");
    assert_eq!(outline["TokenUrl"]["value"], "https://t.test/oauth/token");
    assert_eq!(outline.get("ClientSecret"), None);
}

#[test]
fn nobody_responds_with_keyring() {
    let keyring = silent_bus();
    let json = keyring.json(json!({}));
    let start = Instant::now();
    let error = Settings::from_json(&json).unwrap_err();
    settings_error(&json, &error);
    let time = start.elapsed();
    assert!(time >= Duration::from_secs(2), "{time:?}");
    // Once, although the error shows the settings that were found.
    assert!(time < Duration::from_secs(4), "{time:?}");
    assert_eq!(
        refusal(&error),
        (
            ", the keyring for its environment \"acme\" (it did not respond within 2 s)",
            HINT
        )
    );
}

#[test]
fn a_file_in_the_current_folder_never_leads_its_secrets_with_keyring() {
    let keyring = Keyring::new(&config("https://home.test", "pat"));
    keyring.store_client("acme");
    let config = keyring.folder.path().join("config.json");
    let text = json!({
        "BaseUrl": "https://folder.test", "TokenUrl": "https://folder.test/token",
        "Proxy": "http://folder.test", "ClientId": "folder-id",
    });
    fs::write(&config, text.to_string()).unwrap();
    let settings = keyring.settings(json!({})).unwrap();
    assert_eq!(settings.shown()["BaseUrl"]["value"], "https://home.test");
    assert_eq!(
        settings.shown()["TokenUrl"],
        json!({ "value": "https://home.test/oauth/token", "source": "default" })
    );
    assert_eq!(settings.shown()["ClientId"]["value"], "keyring-id");
    assert_eq!(source(&settings, "Proxy"), None);
    let codes: Vec<_> = messages(&settings).iter().map(|(code, _)| *code).collect();
    assert_eq!(codes, [NoteCode::Keyring, NoteCode::FolderNotTrusted]);

    // What is told before the keyring is opened has the same addresses.
    let outline = Settings::outline(&keyring.json(json!({}))).unwrap();
    for name in ["BaseUrl", "TokenUrl"] {
        assert_eq!(outline[name], settings.shown()[name]);
    }
    assert_eq!(outline.get("Proxy"), None);

    // Nor does the file lead an access token.
    let oauth = Keyring::new(&self::config("https://home.test", "OAuth"));
    for (service, text) in [
        ("environments.oauth.accesstoken", "keyring-token"),
        ("environments.oauth.expiry", "2199-01-01T00:00:00Z"),
    ] {
        assert!(oauth.store(service, "acme", text));
    }
    fs::write(oauth.folder.path().join("config.json"), text.to_string()).unwrap();
    let settings = oauth.settings(json!({})).unwrap();
    assert_eq!(source(&settings, "Token").as_deref(), Some("keyring"));
    assert_eq!(settings.shown()["BaseUrl"]["value"], "https://home.test");

    // Those of the environment do.
    let environment = json!({ "SAIL_BASE_URL": "https://env.test" });
    let settings = keyring
        .settings(json!({ "Environment": environment }))
        .unwrap();
    assert_eq!(settings.shown()["BaseUrl"]["value"], "https://env.test");
}
