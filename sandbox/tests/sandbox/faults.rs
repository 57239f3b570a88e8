use std::{
    io::ErrorKind,
    time::{Duration, Instant},
};

use reqwest::Method;
use serde_json::json;
use v2024_sandbox::{Action, Body, Fault, Operation, Options, Sandbox};

use crate::client::{Client, DOCUMENTED, LIST, PENDING, Response, builder, http};

async fn client() -> Client {
    Client::new(Options::default()).await
}

/// The status of GETs of the list, one after the other.
async fn statuses(client: &Client, count: usize) -> Vec<u16> {
    let mut statuses = Vec::new();
    for _ in 0..count {
        statuses.push(client.get(LIST).await.status);
    }
    statuses
}

#[tokio::test]
async fn a_fault_hits_the_requests_it_selects() {
    let client = client().await;
    client.sandbox.fault(Fault::new(Action::status(503)));
    assert_eq!(
        statuses(&client, 3).await,
        [503, 200, 200],
        "once by default"
    );

    client.sandbox.fault(Fault {
        skip: 1,
        times: 2,
        ..Fault::new(Action::status(500))
    });
    assert_eq!(statuses(&client, 5).await, [200, 500, 500, 200, 200]);

    client.sandbox.clear_faults();
    client.sandbox.fault(Fault {
        times: 0,
        ..Fault::new(Action::status(502))
    });
    assert_eq!(statuses(&client, 3).await, [502; 3], "forever");
    client.sandbox.clear_faults();
    assert_eq!(statuses(&client, 1).await, [200]);

    // Each fault counts every request that matches it; the one set first applies.
    client.sandbox.fault(Fault {
        times: 2,
        ..Fault::new(Action::status(503))
    });
    client.sandbox.fault(Fault {
        times: 3,
        ..Fault::new(Action::status(504))
    });
    assert_eq!(statuses(&client, 4).await, [503, 503, 504, 200]);
}

#[tokio::test]
async fn a_fault_is_chosen_by_operation_and_path() {
    let requests = [
        (Method::POST, "/oauth/token", Operation::Token),
        (Method::HEAD, PENDING, Operation::PendingHeaders),
        (Method::GET, PENDING, Operation::Pending),
        (Method::GET, DOCUMENTED, Operation::Get),
        (Method::GET, LIST, Operation::List),
        (Method::PATCH, DOCUMENTED, Operation::Update),
    ];
    let client = client().await;
    for selector in requests
        .iter()
        .map(|(_, _, operation)| *operation)
        .chain([Operation::All, Operation::Api])
    {
        client.sandbox.clear_faults();
        client.sandbox.fault(Fault {
            operation: selector,
            times: 0,
            ..Fault::new(Action::status(418))
        });
        for (method, path, operation) in &requests {
            let status = client
                .request(method.clone(), path)
                .send()
                .await
                .unwrap()
                .status()
                .as_u16();
            let hit = match selector {
                Operation::All => true,
                Operation::Api => *operation != Operation::Token,
                exact => exact == *operation,
            };
            assert_eq!(status == 418, hit, "{selector:?} {operation:?}");
        }
    }
    client.sandbox.clear_faults();
    let path = Some(format!("{LIST}/a%20b"));
    client.sandbox.fault(Fault {
        path,
        times: 0,
        ..Fault::new(Action::status(418))
    });
    assert_eq!(client.get(&format!("{LIST}/a%20b")).await.status, 418);
    assert_eq!(client.get(&format!("{LIST}/ab")).await.status, 404);
}

#[tokio::test]
async fn chance_is_the_same_for_the_same_seed() {
    let run = async || {
        let client = Client::new(Options {
            seed: 7,
            ..Options::default()
        })
        .await;
        client.sandbox.fault(Fault {
            times: 0,
            chance: 0.5,
            ..Fault::new(Action::status(503))
        });
        statuses(&client, 40).await
    };
    let first = run().await;
    assert_eq!(first, run().await);
    assert!(first.contains(&503) && first.contains(&200));
}

#[tokio::test]
async fn a_response_without_a_body_has_the_documented_one() {
    let client = client().await;
    for (status, code) in [
        (400, "400.1 Bad Request Content"),
        (403, "403 Forbidden"),
        (404, "404 Not found"),
        (500, "500.0 Internal Fault"),
        (502, "502 Bad Gateway"),
        (503, "503 Service Unavailable"),
        (504, "504 Gateway Timeout"),
    ] {
        client.sandbox.fault(Fault::new(Action::status(status)));
        client.get(LIST).await.assert_error(status, code, "");
    }
    client.sandbox.fault(Fault::new(Action::status(401)));
    assert_eq!(
        client.get(LIST).await.json(),
        json!({"error": "JWT validation failed: JWT is expired"})
    );
    let headers = Some(vec![("Retry-After".into(), "7".into())]);
    client.sandbox.fault(Fault::new(Action::Respond {
        status: 429,
        headers,
        body: None,
    }));
    let limited = client.get(LIST).await;
    assert_eq!(
        (limited.status, limited.header("retry-after")),
        (429, Some("7"))
    );
    assert_eq!(limited.json(), json!({"message": " Rate Limit Exceeded "}));
    assert_eq!(limited.header("content-type"), Some("application/json"));
    let statuses: Vec<_> = client
        .sandbox
        .requests()
        .iter()
        .map(|request| request.status)
        .collect();
    assert_eq!(
        statuses,
        [400, 403, 404, 500, 502, 503, 504, 401, 429].map(Some)
    );
}

#[tokio::test]
async fn a_response_is_sent_exactly_as_given() {
    let client = client().await;
    let response = Action::respond(
        302,
        [("Location", "/elsewhere"), ("X-A", "1"), ("x-a", "2")],
        "<p>é</p>",
    );
    client.sandbox.fault(Fault::new(response.clone()));
    let text = client.raw(LIST).await.unwrap();
    let (head, body) = text.split_once("\r\n\r\n").unwrap();
    let mut lines: Vec<&str> = head
        .lines()
        .filter(|line| !line.starts_with("date:"))
        .collect();
    lines.sort_unstable();
    assert_eq!(
        lines,
        [
            "HTTP/1.1 302 Found",
            "connection: close",
            "content-length: 9",
            "location: /elsewhere",
            "x-a: 1",
            "x-a: 2"
        ]
    );
    assert_eq!(body, "<p>é</p>");

    client.sandbox.fault(Fault {
        operation: Operation::PendingHeaders,
        ..Fault::new(response)
    });
    let no_redirect = builder()
        .redirect(reqwest::redirect::Policy::none())
        .build()
        .unwrap();
    let head = no_redirect.head(client.url(PENDING)).send().await.unwrap();
    assert_eq!(head.status(), 302);
    assert_eq!(head.text().await.unwrap(), "", "no body for HEAD");

    let bytes = vec![0x1f, 0x8b, 0xff, 0];
    client.sandbox.fault(Fault::new(Action::Respond {
        status: 200,
        headers: None,
        body: Some(bytes.clone().into()),
    }));
    let response = client.request(Method::GET, LIST).send().await.unwrap();
    assert_eq!(response.headers()["content-type"], "application/json");
    assert_eq!(response.bytes().await.unwrap(), bytes);

    client
        .sandbox
        .fault(Fault::new(Action::respond(204, [], "")));
    let empty = client.get(PENDING).await;
    assert_eq!(
        (
            empty.status,
            empty.text.as_str(),
            empty.header("content-type")
        ),
        (204, "", None)
    );
}

#[tokio::test]
async fn a_fault_that_cannot_be_sent_says_so() {
    let client = client().await;
    for (action, what) in [
        (Action::status(99), "99 is not an HTTP status"),
        (
            Action::respond(200, [("bad name", "x")], ""),
            "the header bad name can't be sent",
        ),
    ] {
        client.sandbox.fault(Fault::new(action));
        let response = client.get(LIST).await;
        assert_eq!(
            (response.status, response.json()),
            (501, json!({"sandbox": format!("wrong fault: {what}")}))
        );
    }
}

#[tokio::test]
async fn a_delay_comes_before_the_response() {
    let client = client().await;
    client.sandbox.fault(Fault {
        delay: 120,
        ..Fault::new(Action::Pass)
    });
    let start = Instant::now();
    assert_eq!(client.get(LIST).await.status, 200);
    assert!(start.elapsed() >= Duration::from_millis(120));

    let usual = client.get(LIST).await.text;
    let bytes = usual.len().div_ceil(4);
    client
        .sandbox
        .fault(Fault::new(Action::SlowBody { bytes, delay: 40 }));
    let start = Instant::now();
    let mut response = client.request(Method::GET, LIST).send().await.unwrap();
    assert_eq!(response.content_length(), Some(usual.len() as u64));
    let mut text = Vec::new();
    while let Some(piece) = response.chunk().await.unwrap() {
        text.extend_from_slice(&piece);
    }
    assert!(start.elapsed() >= Duration::from_millis(160));
    assert_eq!(String::from_utf8(text).unwrap(), usual);
}

#[tokio::test]
async fn a_hanging_request_is_recorded_and_gets_no_response() {
    let client = client().await;
    client.sandbox.fault(Fault::new(Action::Hang));
    let request = client
        .request(Method::GET, LIST)
        .timeout(Duration::from_millis(150));
    assert!(request.send().await.unwrap_err().is_timeout());
    let received = client.sandbox.requests();
    assert_eq!((received.len(), received[0].status), (1, None));
    assert_eq!(client.get(LIST).await.status, 200);
}

#[tokio::test]
async fn connections_are_dropped_and_reset() {
    let client = client().await;
    for action in [Action::Drop, Action::DropEarly] {
        client.sandbox.fault(Fault::new(action));
        assert_eq!(client.raw(LIST).await.unwrap(), "", "closed without a byte");
    }
    client.sandbox.fault(Fault::new(Action::Reset));
    assert_eq!(
        client.raw(LIST).await.unwrap_err().kind(),
        ErrorKind::ConnectionReset
    );
    let received = client.sandbox.requests();
    assert_eq!(
        received
            .iter()
            .map(|request| request.status)
            .collect::<Vec<_>>(),
        [None; 3]
    );

    client.sandbox.clear_requests();
    let connection = |action| Fault {
        operation: Operation::Connection,
        ..Fault::new(action)
    };
    client.sandbox.fault(connection(Action::Reset));
    assert_eq!(
        client.raw(LIST).await.unwrap_err().kind(),
        ErrorKind::ConnectionReset
    );
    client
        .sandbox
        .fault(connection(Action::Raw("SSH-2.0-x\r\n".into())));
    assert!(matches!(
        client.raw(LIST).await.as_deref(),
        Ok("SSH-2.0-x\r\n") | Err(_)
    ));
    assert_eq!(client.sandbox.requests(), [], "nothing was read");
    assert!(
        client
            .raw(LIST)
            .await
            .unwrap()
            .starts_with("HTTP/1.1 200 OK")
    );
}

#[tokio::test]
async fn responses_are_truncated_and_malformed() {
    let client = client().await;
    let usual = client.get(LIST).await.text;
    client.sandbox.fault(Fault::new(Action::Truncate));
    let text = client.raw(LIST).await.unwrap();
    let (head, body) = text.split_once("\r\n\r\n").unwrap();
    assert!(head.starts_with("HTTP/1.1 200 OK\r\n"));
    assert!(head.contains(&format!("content-length: {}", usual.len())));
    assert!(usual.starts_with(body));
    assert!(
        (usual.len() / 2 - 4..=usual.len() / 2).contains(&body.len()),
        "half of it"
    );
    assert_eq!(client.sandbox.requests()[1].status, Some(200));

    for raw in [
        "HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n[]",
        "nonsense",
        "",
    ] {
        client.sandbox.fault(Fault::new(Action::Raw(raw.into())));
        assert_eq!(client.raw(LIST).await.unwrap(), raw);
    }
}

#[tokio::test]
async fn a_head_response_is_not_truncated_and_keeps_its_connection() {
    let client = client().await;
    client.sandbox.fault(Fault::new(Action::Truncate));
    let head = client.request(Method::HEAD, PENDING).send().await.unwrap();
    assert_eq!(head.status(), 200);
    client.get(LIST).await;
    let requests = client.sandbox.requests();
    let [.., head, list] = requests.as_slice() else {
        panic!("{requests:?}")
    };
    assert_eq!(head.connection, list.connection);
}

/// C17
#[tokio::test]
async fn tokens_expire_in_the_middle() {
    let mut client = client().await;
    client.sandbox.fault(Fault {
        operation: Operation::List,
        skip: 2,
        ..Fault::new(Action::ExpireTokens)
    });
    assert_eq!(statuses(&client, 4).await, [200, 200, 401, 401]);
    client.renew().await;
    assert_eq!(statuses(&client, 2).await, [200, 200]);
}

#[test]
fn faults_are_read_from_json() {
    let fault: Fault = serde_json::from_value(json!({
        "operation": "pending_headers",
        "path": "/x",
        "skip": 1,
        "times": null,
        "delay": 5,
        "action": {"respond": {"status": 200, "headers": [["A", "b"]], "body": {"base64": "AP8="}}},
    }))
    .unwrap();
    let expected = Fault {
        operation: Operation::PendingHeaders,
        path: Some("/x".into()),
        skip: 1,
        times: 0,
        delay: 5,
        ..Fault::new(Action::respond(200, [("A", "b")], vec![0, 255]))
    };
    assert_eq!(fault, expected);
    let again: Fault = serde_json::from_str(&serde_json::to_string(&fault).unwrap()).unwrap();
    assert_eq!(again, expected);
    for (json, action) in [
        (json!("pass"), Action::Pass),
        (json!("hang"), Action::Hang),
        (json!("drop"), Action::Drop),
        (json!("drop_early"), Action::DropEarly),
        (json!("reset"), Action::Reset),
        (json!("truncate"), Action::Truncate),
        (json!("expire_tokens"), Action::ExpireTokens),
        (
            json!({"slow_body": {"bytes": 1, "delay": 2}}),
            Action::SlowBody { bytes: 1, delay: 2 },
        ),
        (json!({"raw": "x"}), Action::Raw(Body::Text("x".into()))),
        (json!({"respond": {"status": 503}}), Action::status(503)),
    ] {
        let fault: Fault = serde_json::from_value(json!({ "action": json })).unwrap();
        assert_eq!(fault, Fault::new(action));
    }
    for wrong in [
        json!({}),
        json!({"action": "explode"}),
        json!({"action": "hang", "skp": 1}),
        json!({"action": {"respond": {"status": 200, "bdy": ""}}}),
        json!({"action": "hang", "operation": "delete"}),
    ] {
        assert!(
            serde_json::from_value::<Fault>(wrong.clone()).is_err(),
            "{wrong}"
        );
    }
}

#[tokio::test]
async fn a_dropped_sandbox_no_longer_listens() {
    let sandbox = Sandbox::start(Options::default()).await.unwrap();
    let url = format!("{}{LIST}", sandbox.base_url());
    let response = http().get(&url).send().await.unwrap();
    assert_eq!(Response::read(response).await.status, 401);
    drop(sandbox);
    // The sandbox's own threads close the listener a moment later.
    for _ in 0..100 {
        match http().get(&url).send().await {
            Err(error) if error.is_connect() => return,
            _ => tokio::time::sleep(Duration::from_millis(20)).await,
        }
    }
    panic!("still listening");
}

#[tokio::test]
async fn latency_holds_back_each_response_and_not_the_next_one() {
    let latency = Duration::from_millis(500);
    let client = Client::new(Options {
        latency,
        ..Options::default()
    })
    .await;
    let start = Instant::now();
    let paths = [LIST, PENDING, DOCUMENTED, "/v2024/unknown"];
    let [a, b, c, d] = paths.map(|path| client.get(path));
    let (a, b, c, d) = tokio::join!(a, b, c, d);
    let elapsed = start.elapsed();
    assert_eq!([a, b, c, d].map(|page| page.status), [200, 200, 200, 404]);
    assert!(elapsed >= latency && elapsed < 4 * latency, "{elapsed:?}");

    // As long for the next request on the same connection, and in addition to the delay of a fault.
    client.sandbox.fault(Fault {
        delay: 200,
        ..Fault::new(Action::status(503))
    });
    let start = Instant::now();
    assert_eq!(client.get(LIST).await.status, 503);
    assert!(start.elapsed() >= Duration::from_millis(700));

    let start = Instant::now();
    let url = client.url("/sandbox/info");
    let info = client.http.get(url).send().await.unwrap();
    assert_eq!(info.status(), 200);
    assert!(start.elapsed() < latency, "the controls do not wait");
}
