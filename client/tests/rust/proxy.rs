//! Proxies: squid, and a host name that only squid can resolve.

use std::fs::{self, Permissions};
use std::io::{self, Read, Write};
use std::net::{Ipv4Addr, TcpListener, TcpStream};
use std::os::unix::fs::PermissionsExt;
use std::process::{Child, Command, Stdio};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::{Duration, Instant};

use serde_json::{Value, json};
use tempfile::TempDir;
use v2024_sandbox::{Certificate, Options, Sandbox, Tls};
use v2024_task_management::{Error, ErrorKind, NoteCode, Settings};

use crate::common::*;

/// The name in the sandbox's "wrong" certificate.
const HOST: &str = "elsewhere.example";
const USER: &str = "robot";
const PASSWORD: &str = "pass:w@rd";

struct Squid {
    process: Child,
    folder: TempDir,
    port: u16,
}

impl Squid {
    fn open() -> Self {
        Self::start("http_access allow all")
    }

    fn with_authentication() -> Self {
        Self::start(
            "auth_param basic program /bin/sh FOLDER/users.sh\n\
             acl known proxy_auth REQUIRED\n\
             http_access allow known\n\
             http_access deny all",
        )
    }

    fn start(access: &str) -> Self {
        let folder = tempfile::tempdir().unwrap();
        // Squid started by root continues as another user, who writes the logs.
        fs::set_permissions(folder.path(), Permissions::from_mode(0o777)).unwrap();
        let port = TcpListener::bind("127.0.0.1:0")
            .unwrap()
            .local_addr()
            .unwrap()
            .port();
        let place = folder.path().display().to_string();
        let configuration = format!(
            "http_port 127.0.0.1:{port}\n\
             {access}\n\
             hosts_file FOLDER/hosts\n\
             logformat story %rm %ru %>Hs %[un\n\
             access_log stdio:FOLDER/access.log story\n\
             cache_log FOLDER/cache.log\n\
             coredump_dir FOLDER\n\
             pid_filename none\n\
             visible_hostname proxy.test\n\
             cache deny all\n\
             pinger_enable off\n\
             shutdown_lifetime 0 seconds\n"
        );
        let write = |name: &str, text: &str| {
            fs::write(folder.path().join(name), text.replace("FOLDER", &place)).unwrap();
        };
        write("squid.conf", &configuration);
        write("hosts", &format!("127.0.0.1 {HOST}\n"));
        // Squid passes users on in lower case and percent-encoded.
        write(
            "users.sh",
            "while read -r user password; do\n\
             case \"$user $password\" in 'robot pass:w@rd' | 'dom%5Crobot pass:w@rd') echo OK ;; *) echo ERR ;; esac\n\
             done\n",
        );
        let process = Command::new("squid")
            .arg("-N")
            // Names its shared memory, which would otherwise be that of every squid: only one user can have it.
            .args(["-n", &format!("test{port}"), "-f"])
            .arg(folder.path().join("squid.conf"))
            .stdin(Stdio::null())
            .spawn()
            .unwrap_or_else(|error| {
                panic!("these tests need the proxy squid (Debian: apt-get install squid): {error}")
            });
        let squid = Self {
            process,
            folder,
            port,
        };
        squid.until("it listens", || {
            TcpStream::connect(("127.0.0.1", port)).ok().map(drop)
        });
        squid
    }

    fn url(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }

    /// The requests it has logged, as `METHOD URL STATUS USER`: waits for `at_least` of them. A
    /// tunnel is logged when it ends.
    fn log(&self, at_least: usize) -> Vec<String> {
        const LAST: &str = "http://last.invalid/";
        let mut stream = TcpStream::connect(("127.0.0.1", self.port)).unwrap();
        write!(stream, "GET {LAST} HTTP/1.0\r\n\r\n").unwrap();
        stream.read_to_end(&mut Vec::new()).unwrap();
        self.until("its log is complete", || {
            let log = fs::read_to_string(self.folder.path().join("access.log")).ok()?;
            let (last, lines): (Vec<_>, Vec<_>) = log
                .lines()
                .filter(|line| !line.contains("error:transaction-end-before-headers"))
                .map(str::to_owned)
                .partition(|line| line.contains(LAST));
            (!last.is_empty() && lines.len() >= at_least).then_some(lines)
        })
    }

    fn until<T>(&self, what: &str, mut look: impl FnMut() -> Option<T>) -> T {
        let started = Instant::now();
        loop {
            if let Some(found) = look() {
                return found;
            }
            assert!(
                started.elapsed() < Duration::from_secs(20),
                "squid did not get this far: {what}: {}",
                fs::read_to_string(self.folder.path().join("cache.log")).unwrap_or_default()
            );
            thread::sleep(Duration::from_millis(20));
        }
    }
}

impl Drop for Squid {
    fn drop(&mut self) {
        // Killed, it would leave its shared memory behind.
        let _ = Command::new("kill")
            .arg(self.process.id().to_string())
            .status();
        let _ = self.process.wait();
    }
}

/// A tenant that is reached as `elsewhere.example`, and what its client needs for that.
struct Elsewhere {
    sandbox: Sandbox,
    base_url: String,
    authority: TempDir,
}

impl Elsewhere {
    async fn start(tls: bool) -> Self {
        let sandbox = Sandbox::start(Options {
            tls: tls.then(|| Tls {
                certificate: Certificate::WrongName,
                ..Tls::default()
            }),
            ..Default::default()
        })
        .await
        .unwrap();
        let base_url = sandbox.base_url().replace("127.0.0.1", HOST);
        let authority = tempfile::tempdir().unwrap();
        fs::write(
            authority.path().join("ca.pem"),
            sandbox.ca_pem().unwrap_or_default(),
        )
        .unwrap();
        Self {
            sandbox,
            base_url,
            authority,
        }
    }

    /// Gets the pending tasks with a client with these settings.
    async fn ask(&self, more: Value) -> Result<(), Error> {
        let mut settings = json!({
            "BaseUrl": self.base_url,
            "AllowHttp": true,
            "MaximumRetryCount": 1,
        });
        if self.sandbox.ca_pem().is_some() {
            settings["Folder"] = json!(self.authority.path());
            settings["CertificateAuthority"] = json!("ca.pem");
        }
        let settings_object = settings.as_object_mut().unwrap();
        settings_object.extend(more.as_object().unwrap().clone());
        let client = client(&self.sandbox, settings);
        client.get_pending_tasks(pending()).await.map(drop)
    }

    /// The requests as the tenant got them, and whether each came through a proxy.
    fn received(&self) -> Vec<(String, bool)> {
        let requests = self.sandbox.requests();
        requests
            .iter()
            .map(|request| {
                assert_eq!(request.header("proxy-authorization"), None);
                (line(request), request.header("via").is_some())
            })
            .collect()
    }

    /// What squid logs of the two requests over plain http.
    fn both(&self, status: u16, user: &str) -> Vec<String> {
        let base_url = &self.base_url;
        vec![
            format!("POST {base_url}/oauth/token {status} {user}"),
            format!("GET {base_url}/v2024/task-status/pending-tasks {status} {user}"),
        ]
    }
}

/// How a hint about a proxy ends.
fn given_by(proxy: &str, name: &str) -> String {
    format!("; the proxy {proxy} is given by {name}")
}

const TOKEN: &str = "POST /oauth/token 200";
const PENDING: &str = "GET /v2024/task-status/pending-tasks 200";

#[tokio::test]
async fn c35_token_and_api_go_through_the_proxy_over_http_with_squid() {
    let squid = Squid::open();
    let mut log = Vec::new();
    for more in [
        json!({ "Proxy": squid.url() }),
        json!({ "Environment": { "HTTP_PROXY": squid.url() } }),
        json!({ "Environment": { "http_proxy": squid.url() } }),
        json!({ "Environment": { "ALL_PROXY": squid.url() } }),
        // The more specific setting wins over one that leads nowhere.
        json!({ "Environment": { "HTTP_PROXY": squid.url(), "ALL_PROXY": "http://127.0.0.1:1" } }),
        json!({ "Proxy": squid.url(), "Environment": { "HTTP_PROXY": "http://127.0.0.1:1" } }),
        // Exceptions for other hosts do not affect this one.
        json!({ "Proxy": squid.url(), "Environment": { "NO_PROXY": "example.com,lsewhere.example" } }),
    ] {
        let tenant = Elsewhere::start(false).await;
        tenant.ask(more.clone()).await.unwrap();
        let received = [(TOKEN.to_owned(), true), (PENDING.to_owned(), true)];
        assert_eq!(tenant.received(), received, "{more}");
        log.extend(tenant.both(200, "-"));
    }
    assert_eq!(squid.log(log.len()), log);
}

#[tokio::test]
async fn c35_token_and_api_go_through_a_tunnel_over_https_with_squid() {
    let squid = Squid::open();
    let mut log = Vec::new();
    for more in [
        json!({ "Proxy": squid.url() }),
        json!({ "Environment": { "HTTPS_PROXY": squid.url() } }),
        json!({ "Environment": { "https_proxy": squid.url(), "ALL_PROXY": "http://127.0.0.1:1" } }),
        json!({ "Environment": { "ALL_PROXY": squid.url() } }),
    ] {
        let tenant = Elsewhere::start(true).await;
        tenant.ask(more.clone()).await.unwrap();
        // The proxy can neither read nor change what goes through a tunnel.
        let received = [(TOKEN.to_owned(), false), (PENDING.to_owned(), false)];
        assert_eq!(tenant.received(), received, "{more}");
        let authority = tenant.base_url.trim_start_matches("https://");
        log.push(format!("CONNECT {authority} 200 -"));
    }
    assert_eq!(squid.log(log.len()), log);
}

#[tokio::test]
async fn c35_an_untrusted_certificate_behind_the_proxy_says_what_to_set_with_squid() {
    let squid = Squid::open();
    let tenant = Elsewhere::start(true).await;
    let untrusting = json!({ "Proxy": squid.url(), "CertificateAuthority": null });
    let error = tenant.ask(untrusting).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Tls);
    assert_eq!(
        error.message(),
        format!(
            "the certificate of {} through the proxy {} is self-signed or from an authority that is not trusted",
            tenant.base_url,
            squid.url()
        )
    );
    let hint = error.hint().unwrap();
    assert!(
        hint.contains("set CertificateAuthority or SSL_CERT_FILE"),
        "{hint}"
    );
    let origin = given_by(&squid.url(), "Proxy (from the explicit settings)");
    assert!(hint.ends_with(&origin), "{hint}");
    assert_eq!(tenant.received(), []);
}

#[tokio::test]
async fn a_variable_for_the_other_scheme_does_not_count_with_squid() {
    let squid = Squid::open();
    for (tls, variable) in [(false, "HTTPS_PROXY"), (true, "HTTP_PROXY")] {
        let tenant = Elsewhere::start(tls).await;
        let error = tenant
            .ask(json!({ "Environment": { variable: squid.url() } }))
            .await
            .unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Connect, "{variable}: {error}");
        assert_eq!(tenant.received(), []);
    }
    assert_eq!(squid.log(0), [""; 0]);
}

#[tokio::test]
async fn c35_hosts_in_no_proxy_are_reached_directly_with_squid() {
    let squid = Squid::open();
    for exception in [
        HOST,
        ".example",
        "example",
        "other.test, elsewhere.example",
        "*",
    ] {
        for (tls, name) in [(false, "NO_PROXY"), (true, "no_proxy")] {
            let tenant = Elsewhere::start(tls).await;
            let more = json!({ "Proxy": squid.url(), "Environment": { name: exception } });
            // Only the proxy can resolve the name, so a direct connection fails.
            let error = tenant.ask(more).await.unwrap_err();
            assert_eq!(error.kind(), ErrorKind::Connect, "{exception}: {error}");
            let start = format!("cannot connect to {}: ", tenant.base_url);
            assert!(error.message().starts_with(&start), "{exception}: {error}");
            assert_eq!(tenant.received(), [], "{exception}");
        }
    }
    assert_eq!(squid.log(0), [""; 0]);
}

#[tokio::test]
async fn loopback_is_reached_directly_with_squid() {
    let squid = Squid::open();
    for tls in [false, true] {
        for address in ["127.0.0.1", "localhost"] {
            let mut tenant = Elsewhere::start(tls).await;
            tenant.sandbox = Sandbox::start(Options {
                tls: tls.then(Tls::default),
                ..Default::default()
            })
            .await
            .unwrap();
            fs::write(
                tenant.authority.path().join("ca.pem"),
                tenant.sandbox.ca_pem().unwrap_or_default(),
            )
            .unwrap();
            tenant.base_url = tenant.sandbox.base_url().replace("127.0.0.1", address);
            let everything = json!({
                "Proxy": squid.url(),
                "Environment": { "HTTP_PROXY": squid.url(), "HTTPS_PROXY": squid.url(), "ALL_PROXY": squid.url() },
            });
            tenant.ask(everything).await.unwrap();
            let received = [(TOKEN.to_owned(), false), (PENDING.to_owned(), false)];
            assert_eq!(tenant.received(), received, "{address}");
        }
    }
    let sandbox = sandbox().await;
    // Nothing listens there; the proxy would respond 503 in its own words.
    let six = json!({ "BaseUrl": "http://[::1]:1", "Proxy": squid.url(), "MaximumRetryCount": 0 });
    let error = client(&sandbox, six)
        .get_pending_tasks(pending())
        .await
        .unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Connect, "{error}");
    assert_eq!(squid.log(0), [""; 0]);
}

#[tokio::test]
async fn c35_the_proxy_asks_for_authentication_with_squid() {
    let squid = Squid::with_authentication();
    let with = |user: &str, password: &str| {
        squid
            .url()
            .replace("http://", &format!("http://{user}:{password}@"))
    };
    let login = |password: &str| json!({ "UserName": USER, "Password": password });
    let encoded = "pass%3Aw%40rd";
    for tls in [false, true] {
        let mut log = Vec::new();
        let mut tenants = Vec::new();
        let before = squid.log(0).len();
        for more in [
            json!({ "Proxy": squid.url(), "ProxyCredential": login(PASSWORD) }),
            json!({ "Proxy": with(USER, encoded) }),
            json!({ "Environment": { "ALL_PROXY": with(USER, encoded) } }),
            json!({
                "Environment": { "ALL_PROXY": squid.url() },
                "ProxyCredential": login(PASSWORD),
            }),
            json!({ "Proxy": with("wrong", "wrong"), "ProxyCredential": login(PASSWORD) }),
        ] {
            let tenant = Elsewhere::start(tls).await;
            tenant
                .ask(more.clone())
                .await
                .unwrap_or_else(|error| panic!("{more}: {error}"));
            let received = [(TOKEN.to_owned(), !tls), (PENDING.to_owned(), !tls)];
            assert_eq!(tenant.received(), received, "{more}");
            if tls {
                let authority = tenant.base_url.trim_start_matches("https://");
                log.push(format!("CONNECT {authority} 200 {USER}"));
                // Ends the tunnel, so that it is logged.
                drop(tenant);
            } else {
                log.extend(tenant.both(200, USER));
                tenants.push(tenant);
            }
        }
        let set = "set ProxyCredential, or give the proxy as http://USER:PASSWORD@HOST:PORT";
        let correct = "correct the user name and password, which are given by";
        let explicit = "(from the explicit settings)";
        for (more, user, advice) in [
            (json!({ "Proxy": squid.url() }), "-", set.to_owned()),
            (
                json!({ "Proxy": with(USER, "no-secret-9f8e7d") }),
                USER,
                format!("{correct} Proxy {explicit}"),
            ),
            (
                json!({ "Proxy": squid.url(), "ProxyCredential": login("no-secret-9f8e7d") }),
                USER,
                format!("{correct} ProxyCredential {explicit}"),
            ),
        ] {
            let tenant = Elsewhere::start(tls).await;
            let error = tenant.ask(more.clone()).await.unwrap_err();
            assert_eq!(
                (error.kind(), error.status()),
                (ErrorKind::Connect, None),
                "{more}: {error}"
            );
            assert_eq!(
                error.message(),
                format!(
                    "the proxy {} on the way to {} asks for authentication (407) and offers Basic",
                    squid.url(),
                    tenant.base_url
                )
            );
            let origin = given_by(&squid.url(), &format!("Proxy {explicit}"));
            assert_eq!(error.hint(), Some(format!("{advice}{origin}").as_str()));
            assert!(!format!("{error:?}").contains("no-secret"), "{error:?}");
            assert_eq!(tenant.received(), []);
            // Tried once: another try would be refused like the first.
            let authority = tenant.base_url.trim_start_matches("https://");
            if tls {
                log.push(format!("CONNECT {authority} 407 {user}"));
                // Without credentials, for what the proxy offers.
                log.push(format!("CONNECT {authority} 407 -"));
            } else {
                log.push(format!("POST {}/oauth/token 407 {user}", tenant.base_url));
            }
        }
        let mut logged = squid.log(before + log.len()).split_off(before);
        // Tunnels end in any order.
        logged.sort();
        log.sort();
        assert_eq!(logged, log);
    }
}

/// A host such as PowerShell finds out what the system's automatic script says.
#[tokio::test]
async fn c68_the_systems_proxy() {
    let squid = Squid::open();
    for tls in [false, true] {
        let tenant = Elsewhere::start(tls).await;
        let address = &tenant.base_url;
        let token = format!("{address}/oauth/token");
        let system = json!({ address: squid.url(), token: squid.url() });
        let more = json!({ "SystemProxy": system });
        tenant.ask(more.clone()).await.unwrap();
        let received = [(TOKEN.to_owned(), !tls), (PENDING.to_owned(), !tls)];
        assert_eq!(tenant.received(), received);

        let settings = settings(&tenant.sandbox, more);
        assert_eq!(
            settings.shown()["Proxy"],
            json!({ "value": squid.url(), "source": "system" })
        );
        let notes: Vec<_> = settings
            .notes()
            .iter()
            .map(|note| (note.code(), note.message()))
            .collect();
        let message = format!(
            "the proxy {} comes from the settings of the system",
            squid.url()
        );
        assert_eq!(notes, [(NoteCode::SystemProxy, message.as_str())]);

        // What is given counts before the system, and addresses that it names none for are reached directly.
        for direct in [
            json!({ "SystemProxy": system, "Proxy": "None" }),
            json!({ "SystemProxy": system, "Proxy": " none ", "Environment": { "ALL_PROXY": squid.url() } }),
            json!({ "SystemProxy": system, "Environment": { "NO_PROXY": HOST } }),
            json!({ "SystemProxy": { address: null } }),
            json!({ "SystemProxy": { "https://other.example": squid.url() } }),
            json!({ "SystemProxy": {} }),
        ] {
            let error = tenant.ask(direct.clone()).await.unwrap_err();
            let start = format!("cannot connect to {address}: ");
            assert!(error.message().starts_with(&start), "{direct}: {error}");
        }
        let nowhere =
            json!({ "SystemProxy": system, "Environment": { "ALL_PROXY": "http://127.0.0.1:1" } });
        let error = tenant.ask(nowhere).await.unwrap_err();
        let start = format!("cannot connect to {address} through the proxy http://127.0.0.1:1: ");
        assert!(error.message().starts_with(&start), "{error}");
        let empty = json!({ "SystemProxy": system, "Proxy": " " });
        tenant.ask(empty).await.unwrap();
    }
    for (wrong, message) in [
        (
            json!({ "https://a.example": 1 }),
            "SystemProxy must be an object of texts, or null for an address without a proxy",
        ),
        (json!("http://proxy"), "SystemProxy must be an object"),
    ] {
        let json = json!({ "BaseUrl": "https://a.example", "Token": "t", "SystemProxy": wrong });
        let error = Settings::from_json(&json.to_string()).unwrap_err();
        assert_eq!(
            (error.kind(), error.message()),
            (ErrorKind::Settings, message)
        );
    }
}

/// A proxy that wants to know who asks, in ways that this client does not speak.
#[tokio::test]
async fn c67_a_proxy_without_basic_says_what_helps() {
    for (offered, named) in [
        (
            "Proxy-Authenticate: Negotiate\r\nProxy-Authenticate: NTLM\r\n",
            " and offers Negotiate, NTLM",
        ),
        (
            "proxy-authenticate: Digest realm=\"a, Basic\", nonce=\"x\"\r\n",
            " and offers Digest",
        ),
        ("", ""),
    ] {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let proxy = format!("http://{}", listener.local_addr().unwrap());
        let response =
            format!("HTTP/1.1 407 No\r\n{offered}Content-Length: 0\r\nConnection: close\r\n\r\n");
        thread::spawn(move || {
            for client in listener.incoming() {
                let mut client = client.unwrap();
                _ = client.read(&mut [0; 10_000]);
                _ = client.write_all(response.as_bytes());
            }
        });
        for tls in [false, true] {
            let tenant = Elsewhere::start(tls).await;
            let login = json!({ "UserName": USER, "Password": PASSWORD });
            let more = json!({ "Proxy": proxy, "ProxyCredential": login });
            let error = tenant.ask(more).await.unwrap_err();
            assert_eq!(error.kind(), ErrorKind::Connect, "{error}");
            assert_eq!(
                error.message(),
                format!(
                    "the proxy {proxy} on the way to {} asks for authentication (407){named}",
                    tenant.base_url
                )
            );
            let hint = if named.is_empty() {
                "correct the user name and password, which are given by ProxyCredential (from the explicit settings)"
            } else {
                "this client sends a proxy only Basic, so a password does not help: run a helper such as px or cntlm \
                 on this machine and set Proxy to its address, or have elsewhere.example let through without \
                 authentication"
            };
            let origin = given_by(&proxy, "Proxy (from the explicit settings)");
            assert_eq!(error.hint(), Some(format!("{hint}{origin}").as_str()));
        }
    }
}

#[tokio::test]
async fn a_proxy_that_is_not_there_is_named() {
    for tls in [false, true] {
        let tenant = Elsewhere::start(tls).await;
        let address = "http://user:password@127.0.0.1:1";
        let variable = if tls { "HTTPS_PROXY" } else { "HTTP_PROXY" };
        let unknown = "http://user:password@proxy.invalid:3128";
        for (more, proxy, name) in [
            (
                json!({ "Proxy": address, "ExplicitName": "Set-It" }),
                "http://127.0.0.1:1",
                "Proxy (from Set-It)".to_owned(),
            ),
            (
                json!({ "Environment": { variable: address } }),
                "http://127.0.0.1:1",
                format!("{variable} (from the environment)"),
            ),
            (
                json!({ "Environment": { "all_proxy": address } }),
                "http://127.0.0.1:1",
                "all_proxy (from the environment)".to_owned(),
            ),
            (
                json!({ "SystemProxy": { tenant.base_url.as_str(): address } }),
                "http://127.0.0.1:1",
                "the system's proxy setting".to_owned(),
            ),
            (
                json!({ "Proxy": unknown, "MaximumRetryCount": 0 }),
                "http://proxy.invalid:3128",
                "Proxy (from the explicit settings)".to_owned(),
            ),
        ] {
            // The token endpoint has an address of its own, to which the system's proxy may not be for.
            let more = match more {
                Value::Object(mut members) => {
                    members.insert("Token".to_owned(), "t".into());
                    Value::Object(members)
                }
                other => other,
            };
            let error = tenant.ask(more).await.unwrap_err();
            assert_eq!(error.kind(), ErrorKind::Connect, "{error}");
            let start = format!(
                "cannot connect to {} through the proxy {proxy}: ",
                tenant.base_url
            );
            assert!(error.message().starts_with(&start), "{error}");
            let origin = given_by(proxy, &name);
            assert_eq!(
                error.hint(),
                Some(format!("check the proxy, BaseUrl and the network{origin}").as_str())
            );
            assert!(!error.to_string().contains("password@"), "{error}");
        }
    }
}

#[tokio::test]
async fn a_proxy_that_refuses_a_tunnel_is_named() {
    let squid = Squid::start("http_access deny all");
    let tenant = Elsewhere::start(true).await;
    let error = tenant
        .ask(json!({ "Proxy": squid.url() }))
        .await
        .unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Connect, "{error}");
    assert_eq!(
        error.message(),
        format!(
            "cannot connect to {} through the proxy {}: the proxy does not connect to it; tried 2 times",
            tenant.base_url,
            squid.url()
        )
    );
}

#[tokio::test]
async fn c53_a_windows_domain_in_the_address_of_a_proxy_with_squid() {
    let squid = Squid::with_authentication();
    let address = squid
        .url()
        .replace("http://", "http://DOM%5Crobot:pass%3Aw%40rd@");
    for tls in [false, true] {
        for more in [
            json!({ "Proxy": address }),
            json!({ "Environment": { "HTTP_PROXY": address, "HTTPS_PROXY": address } }),
            json!({ "Proxy": squid.url(), "ProxyCredential": { "UserName": "DOM\\robot", "Password": PASSWORD } }),
        ] {
            let tenant = Elsewhere::start(tls).await;
            tenant.ask(more).await.unwrap();
            let received = [(TOKEN.to_owned(), !tls), (PENDING.to_owned(), !tls)];
            assert_eq!(tenant.received(), received);
        }
    }
}

/// A SOCKS server of versions 4, 4a and 5, and the hosts and users it was asked for.
struct Socks {
    port: u16,
    asked: Arc<Mutex<Vec<String>>>,
}

impl Socks {
    fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = listener.local_addr().unwrap().port();
        let asked = Arc::<Mutex<Vec<String>>>::default();
        let log = Arc::clone(&asked);
        thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let log = Arc::clone(&log);
                thread::spawn(move || serve(stream, &log));
            }
        });
        Self { port, asked }
    }

    fn asked(&self) -> Vec<String> {
        std::mem::take(&mut self.asked.lock().unwrap())
    }
}

fn serve(mut client: TcpStream, log: &Mutex<Vec<String>>) -> io::Result<()> {
    fn take<const N: usize>(stream: &mut TcpStream) -> io::Result<[u8; N]> {
        let mut bytes = [0; N];
        stream.read_exact(&mut bytes).map(|()| bytes)
    }
    fn text(stream: &mut TcpStream) -> io::Result<String> {
        let [length] = take(stream)?;
        let mut bytes = vec![0; length.into()];
        stream.read_exact(&mut bytes)?;
        Ok(String::from_utf8(bytes).unwrap())
    }
    fn until_nul(stream: &mut TcpStream) -> io::Result<String> {
        let mut bytes = Vec::new();
        loop {
            match take(stream)? {
                [0] => return Ok(String::from_utf8(bytes).unwrap()),
                [byte] => bytes.push(byte),
            }
        }
    }
    let mut user = String::from("-");
    let [version] = take(&mut client)?;
    let (host, port) = if version == 4 {
        let [_connect, a, b, address @ ..] = take::<7>(&mut client)?;
        until_nul(&mut client)?;
        let host = match address {
            [0, 0, 0, _] => until_nul(&mut client)?,
            _ => Ipv4Addr::from(address).to_string(),
        };
        client.write_all(&[0, 0x5a, 0, 0, 0, 0, 0, 0])?;
        (host, u16::from_be_bytes([a, b]))
    } else {
        let methods = text(&mut client)?;
        if methods.contains('\u{2}') {
            client.write_all(&[5, 2])?;
            let [_version] = take(&mut client)?;
            user = format!("{} {}", text(&mut client)?, text(&mut client)?);
            client.write_all(&[1, 0])?;
        } else {
            client.write_all(&[5, 0])?;
        }
        let host = match take(&mut client)? {
            [_, _, _, 3] => text(&mut client)?,
            _ => Ipv4Addr::from(take(&mut client)?).to_string(),
        };
        let port = u16::from_be_bytes(take(&mut client)?);
        client.write_all(&[5, 0, 0, 1, 0, 0, 0, 0, 0, 0])?;
        (host, port)
    };
    log.lock().unwrap().push(format!("{host}:{port} {user}"));
    let mut tenant = TcpStream::connect(("127.0.0.1", port))?;
    let (mut from, mut to) = (client.try_clone()?, tenant.try_clone()?);
    thread::spawn(move || io::copy(&mut from, &mut to));
    io::copy(&mut tenant, &mut client).map(drop)
}

#[tokio::test]
async fn socks_proxies() {
    let socks = Socks::start();
    for tls in [false, true] {
        for (address, user) in [
            ("socks4a://", "-"),
            ("socks5h://", "-"),
            ("socks5h://robot:pass%3Aw%40rd@", "robot pass:w@rd"),
        ] {
            let address = format!("{address}127.0.0.1:{}", socks.port);
            for more in [
                json!({ "Proxy": address }),
                json!({ "Environment": { "ALL_PROXY": address } }),
            ] {
                let tenant = Elsewhere::start(tls).await;
                tenant.ask(more).await.unwrap();
                let received = [(TOKEN.to_owned(), false), (PENDING.to_owned(), false)];
                assert_eq!(tenant.received(), received);
                let (_, authority) = tenant.base_url.split_once("://").unwrap();
                assert_eq!(socks.asked(), [format!("{authority} {user}")]);
            }
        }
        // This one looks up names on this machine.
        let tenant = Elsewhere::start(tls).await;
        let proxy = format!("socks5://127.0.0.1:{}", socks.port);
        let error = tenant.ask(json!({ "Proxy": proxy })).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Connect, "{error}");
        let start = format!(
            "cannot connect to {} through the proxy {proxy}: ",
            tenant.base_url
        );
        assert!(error.message().starts_with(&start), "{error}");
        assert_eq!(socks.asked(), [""; 0]);
    }
}

#[tokio::test]
async fn every_connection_error_names_the_proxy() {
    /// What a program that is no proxy does with a connection.
    fn serve(mut client: TcpStream, does: &str) {
        match does {
            "closes" => {}
            "hangs" => _ = client.read_to_end(&mut Vec::new()),
            greeting => {
                _ = client.write_all(greeting.as_bytes());
                _ = client.read_to_end(&mut Vec::new());
            }
        }
    }
    for does in ["closes", "hangs", "SSH-2.0-OpenSSH_9.6\r\n"] {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = listener.local_addr().unwrap().port();
        thread::spawn(move || {
            for client in listener.incoming().flatten() {
                thread::spawn(move || serve(client, does));
            }
        });
        for scheme in ["http", "socks5h"] {
            for tls in [false, true] {
                let case = format!("{does} {scheme} {tls}");
                let tenant = Elsewhere::start(tls).await;
                let proxy = format!("{scheme}://127.0.0.1:{port}");
                let timeout = if does == "hangs" { 1 } else { 100 };
                let more = json!({ "Proxy": proxy, "TimeoutSeconds": timeout });
                let error = tenant.ask(more).await.unwrap_err();
                if does == "hangs" {
                    assert_eq!(error.kind(), ErrorKind::Timeout, "{case}: {error}");
                } else {
                    assert_eq!(error.kind(), ErrorKind::Connect, "{case}: {error}");
                    let place = format!("{} through the proxy {proxy}", tenant.base_url);
                    assert!(error.message().contains(&place), "{case}: {error}");
                }
                let origin = given_by(&proxy, "Proxy (from the explicit settings)");
                let hint = format!("check the proxy, BaseUrl and the network{origin}");
                assert_eq!(error.hint(), Some(hint.as_str()), "{case}: {error}");
            }
        }
    }
}
