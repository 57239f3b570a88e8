use std::collections::HashSet;

use v2024_sandbox::{Operation, Options, Sandbox};

use crate::client::{Client, DOCUMENTED, LIST, http};

#[tokio::test]
async fn a_request_is_recorded_as_it_was_received() {
    let mut client = Client::new(Options::default()).await;
    client
        .get(&format!(
            "{LIST}?filters=id+eq%20%22a%26b%2Bc%22&limit=1&limit=2&x"
        ))
        .await;
    client.renew().await;
    client.patch(DOCUMENTED, "[ ]").await;
    let requests = client.sandbox.requests();
    let [list, token, update] = &requests[..] else {
        panic!("three requests, not {}", requests.len())
    };

    assert_eq!(
        (list.method.as_str(), list.path.as_str(), list.operation),
        ("GET", LIST, Operation::List)
    );
    assert_eq!(
        list.query.as_deref(),
        Some("filters=id+eq%20%22a%26b%2Bc%22&limit=1&limit=2&x")
    );
    let parameters: Vec<_> = list
        .parameters
        .iter()
        .map(|(name, value)| (name.as_str(), value.as_str()))
        .collect();
    assert_eq!(
        parameters,
        [
            ("filters", "id eq \"a&b+c\""),
            ("limit", "1"),
            ("limit", "2"),
            ("x", "")
        ]
    );
    assert_eq!(list.parameter("limit"), Some("1"));
    assert_eq!(list.header("authorization"), Some("Bearer [redacted]"));
    assert_eq!(
        (list.token, list.status, list.body.as_str()),
        (Some(1), Some(200), "")
    );

    assert_eq!(
        (token.operation, token.token, token.query.as_deref()),
        (Operation::Token, None, None)
    );

    assert_eq!(
        (update.operation, update.token, update.body.as_str()),
        (Operation::Update, Some(2), "[ ]")
    );
    assert_eq!(
        update.header("content-type"),
        Some("application/json-patch+json")
    );
    assert_eq!([list.number, token.number, update.number], [2, 3, 4]);
    assert_eq!(
        [list.connection, token.connection, update.connection],
        [1, 1, 1],
        "kept alive"
    );
    assert!(list.at <= update.at);
}

#[tokio::test]
async fn no_secret_is_recorded() {
    let secret = "s3cret/+&=é";
    let options = Options {
        client_secret: secret.into(),
        ..Options::default()
    };
    let sandbox = Sandbox::start(options).await.unwrap();
    let url = format!("{}/oauth/token", sandbox.base_url());
    let http = http();
    let fields = [
        ("grant_type", "client_credentials"),
        ("client_id", sandbox.client_id()),
        ("client_secret", secret),
    ];
    let multipart = fields
        .iter()
        .fold(reqwest::multipart::Form::new(), |form, (name, value)| {
            form.text(*name, (*value).to_owned())
        });
    for request in [
        http.post(&url).form(&fields),
        http.post(&url).query(&fields),
        http.post(&url).multipart(multipart),
        http.post(&url)
            .basic_auth(sandbox.client_id(), Some(secret))
            .form(&fields[..1]),
    ] {
        request
            .header("proxy-authorization", "Basic czNjcmV0")
            .send()
            .await
            .unwrap();
    }
    let requests = sandbox.requests();
    assert_eq!(
        requests[0].body,
        format!(
            "grant_type=client_credentials&client_id={}&client_secret=[redacted]",
            sandbox.client_id()
        )
    );
    assert_eq!(requests[1].parameter("client_secret"), Some("[redacted]"));
    assert!(requests[2].body.contains("\r\n\r\n[redacted]\r\n"));
    assert_eq!(
        requests[3].header("authorization"),
        Some("Basic [redacted]")
    );
    let everything = serde_json::to_string(&requests).unwrap() + &format!("{requests:?}");
    for trace in ["s3cret", "czNjcmV0", "%C3%A9"] {
        assert!(!everything.contains(trace), "{trace}");
    }
}

#[tokio::test]
async fn the_record_can_be_cleared_and_numbering_continues() {
    let client = Client::new(Options::default()).await;
    client.get(LIST).await;
    client.sandbox.clear_requests();
    assert_eq!(client.sandbox.requests(), []);
    for _ in 0..3 {
        client.get(LIST).await;
    }
    let numbers: Vec<u64> = client
        .sandbox
        .requests()
        .iter()
        .map(|request| request.number)
        .collect();
    assert_eq!(numbers, [3, 4, 5]);
}

#[tokio::test]
async fn tracking_ids_never_repeat() {
    let client = Client::new(Options::default()).await;
    let mut seen = HashSet::new();
    for _ in 0..50 {
        let response = client.get(&format!("{LIST}?limit=0")).await;
        assert!(seen.insert(response.header("slpt-request-id").unwrap().to_owned()));
    }
}
