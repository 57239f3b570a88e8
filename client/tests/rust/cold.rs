//! The first call over https: how many connections it makes, and how many times it waits for the tenant.

use std::net::SocketAddr;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use serde_json::json;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::tcp::{OwnedReadHalf, OwnedWriteHalf};
use tokio::net::{TcpListener, TcpStream};
use v2024_sandbox::{Options, Sandbox, Tls, TlsVersion};
use v2024_task_management::{Client, Settings};

/// How far away the tenant is, one way. What comes in parts comes together.
const WAY: Duration = Duration::from_millis(25);

#[derive(Clone, Copy, Debug, PartialEq)]
enum From {
    Client,
    Tenant,
}

/// What each connection carried: who sent, and how many bytes.
type Log = Arc<Mutex<Vec<Vec<(From, usize)>>>>;

/// Forwards connections to a tenant that is far away.
async fn far(tenant: SocketAddr) -> (SocketAddr, Log) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let log = Log::default();
    let connections = Arc::clone(&log);
    tokio::spawn(async move {
        while let Ok((client, _)) = listener.accept().await {
            let number = {
                let mut connections = connections.lock().unwrap();
                connections.push(Vec::new());
                connections.len() - 1
            };
            let tenant = TcpStream::connect(tenant).await.unwrap();
            let (from_client, to_client) = client.into_split();
            let (from_tenant, to_tenant) = tenant.into_split();
            let note = |from, log: &Log| {
                let log = Arc::clone(log);
                move |bytes| log.lock().unwrap()[number].push((from, bytes))
            };
            tokio::spawn(forward(
                from_client,
                to_tenant,
                note(From::Client, &connections),
            ));
            tokio::spawn(forward(
                from_tenant,
                to_client,
                note(From::Tenant, &connections),
            ));
        }
    });
    (address, log)
}

async fn forward(mut from: OwnedReadHalf, mut to: OwnedWriteHalf, note: impl Fn(usize)) {
    let mut buffer = vec![0; 1 << 16];
    loop {
        if from.readable().await.is_err() {
            return;
        }
        tokio::time::sleep(WAY).await;
        match from.read(&mut buffer).await {
            Ok(bytes) if bytes > 0 => {
                note(bytes);
                if to.write_all(&buffer[..bytes]).await.is_err() {
                    return;
                }
            }
            _ => return,
        }
    }
}

struct Distant {
    _tenant: Sandbox,
    client: Client,
    log: Log,
    id: String,
}

async fn distant(version: TlsVersion) -> Distant {
    let tls = Tls {
        versions: vec![version],
        ..Tls::default()
    };
    let options = Options {
        tls: Some(tls),
        ..Default::default()
    };
    let tenant = Sandbox::start(options).await.unwrap();
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("ca.pem");
    std::fs::write(&file, tenant.ca_pem().unwrap()).unwrap();
    let address = tenant.base_url().trim_start_matches("https://");
    let (address, log) = far(address.parse().unwrap()).await;
    let mut settings = tenant.settings();
    settings["BaseUrl"] = json!(format!("https://localhost:{}", address.port()));
    settings["CertificateAuthority"] = json!(file);
    let client = Client::new(Settings::from_json(&settings.to_string()).unwrap()).unwrap();
    let id = tenant.task_ids().remove(0);
    Distant {
        _tenant: tenant,
        client,
        log,
        id,
    }
}

/// How many times the client sent and then waited for the tenant.
fn waits(connection: &[(From, usize)]) -> usize {
    connection
        .windows(2)
        .filter(|pair| pair[0].0 == From::Client && pair[1].0 == From::Tenant)
        .count()
}

#[tokio::test]
async fn the_first_call_makes_one_connection_and_five_round_trips() {
    // After a name is looked up and a connection is made: TLS, the token, the call. TLS 1.2 takes one more.
    for (version, expected) in [(TlsVersion::V1_3, 3), (TlsVersion::V1_2, 4)] {
        let distant = distant(version).await;
        let response = distant.client.get_task_status(&distant.id).await.unwrap();
        assert_eq!(response.status(), 200);
        tokio::time::sleep(4 * WAY).await;
        let log = distant.log.lock().unwrap();
        assert_eq!(log.len(), 1, "{version:?}: {log:?}");
        assert_eq!(waits(&log[0]), expected, "{version:?}: {log:?}");
    }
}

#[tokio::test]
async fn further_connections_resume_the_session() {
    for version in [TlsVersion::V1_3, TlsVersion::V1_2] {
        let distant = distant(version).await;
        let get = || distant.client.get_task_status(&distant.id);
        get().await.unwrap();
        let (one, other) = tokio::join!(get(), get());
        assert_eq!((one.unwrap().status(), other.unwrap().status()), (200, 200));
        tokio::time::sleep(4 * WAY).await;
        let log = distant.log.lock().unwrap();
        assert_eq!(log.len(), 2, "{version:?}: {log:?}");
        let hello = |connection: &[(From, usize)]| {
            let first = connection.iter().find(|(from, _)| *from == From::Tenant);
            first.unwrap().1
        };
        // A resumed session sends no certificate.
        let (full, resumed) = (hello(&log[0]), hello(&log[1]));
        assert!(
            2 * resumed < full,
            "{version:?}: {full} and {resumed} bytes"
        );
    }
}
