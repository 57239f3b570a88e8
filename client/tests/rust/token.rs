//! The access token: how many times it is fetched, and what a refusal leads to.

use serde_json::json;
use v2024_sandbox::{Action, Fault, Operation, Options};
use v2024_task_management::{Client, ErrorKind, Settings};

use crate::common::*;

#[tokio::test(flavor = "multi_thread")]
async fn many_waiting_callers_share_one_fetch() {
    let tenant = tenant().await;
    tenant.sandbox.fault(Fault {
        operation: Operation::Token,
        delay: 100,
        ..fault(Action::Pass)
    });
    let calls: Vec<_> = (0..50)
        .map(|_| {
            let client = tenant.client.clone();
            tokio::spawn(async move { client.get_pending_tasks(pending()).await })
        })
        .collect();
    for call in calls {
        call.await.unwrap().unwrap();
    }
    assert_eq!((tenant.token_requests(), tenant.calls().len()), (1, 50));
}

#[tokio::test]
async fn clients_with_the_same_settings_share_the_token() {
    let tenant = tenant().await;
    for _ in 0..3 {
        client(&tenant.sandbox, json!({}))
            .get_pending_tasks(pending())
            .await
            .unwrap();
    }
    assert_eq!(tenant.token_requests(), 1);
}

#[tokio::test]
async fn the_token_request_is_a_form() {
    let tenant = tenant().await;
    tenant.client.get_pending_tasks(pending()).await.unwrap();
    let request = tenant.sandbox.requests().remove(0);
    assert_eq!(
        (request.method.as_str(), request.path.as_str()),
        ("POST", "/oauth/token")
    );
    assert_eq!(
        request.header("content-type"),
        Some("application/x-www-form-urlencoded")
    );
    assert_eq!(
        request.body,
        format!(
            "grant_type=client_credentials&client_id={}&client_secret=[redacted]",
            tenant.sandbox.client_id()
        )
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_refused_secret_is_one_error_for_all_waiting_callers() {
    let sandbox = sandbox().await;
    let client = client(&sandbox, json!({ "ClientSecret": "wrong-secret" }));
    sandbox.fault(Fault {
        operation: Operation::Token,
        delay: 100,
        ..fault(Action::Pass)
    });
    let calls: Vec<_> = (0..20)
        .map(|_| {
            let client = client.clone();
            tokio::spawn(async move { client.get_pending_tasks(pending()).await })
        })
        .collect();
    for call in calls {
        let error = call.await.unwrap().unwrap_err();
        assert_eq!(
            (error.kind(), error.status()),
            (ErrorKind::Authentication, Some(401))
        );
        assert!(
            error
                .message()
                .starts_with("invalid client credentials: POST http://127.0.0.1:"),
            "{error}"
        );
        assert!(!error.message().contains("JWT"), "{error}");
        assert!(error.hint().unwrap().contains("SAIL_CLIENT_SECRET"));
    }
    let requests: Vec<String> = sandbox.requests().iter().map(line).collect();
    assert_eq!(requests, ["POST /oauth/token 401"]);
}

#[tokio::test]
async fn an_expired_token_is_renewed_once_and_the_call_goes_on() {
    let tenant = tenant().await;
    tenant.client.get_pending_tasks(pending()).await.unwrap();
    tenant.sandbox.expire_tokens();
    tenant.client.get_pending_tasks(pending()).await.unwrap();
    assert_eq!(tenant.token_requests(), 2);
    let statuses: Vec<_> = tenant
        .sandbox
        .requests()
        .iter()
        .map(|request| request.status.unwrap())
        .collect();
    assert_eq!(statuses, [200, 200, 401, 200, 200]);
}

#[tokio::test]
async fn c14_a_lasting_401_is_reported_after_one_renewal() {
    let tenant = tenant().await;
    tenant.fault(Operation::Api, 0, reply(401));
    let error = tenant.client.get_task_status("x").await.unwrap_err();
    assert_eq!((error.kind(), error.status()), (ErrorKind::Http, Some(401)));
    assert_eq!((tenant.token_requests(), tenant.calls().len()), (2, 2));
}

#[tokio::test]
async fn no_retries_means_no_renewal_either_but_the_next_call_gets_a_new_token() {
    let tenant = tenant_with(Options::default(), json!({ "MaximumRetryCount": 0 })).await;
    tenant.client.get_pending_tasks(pending()).await.unwrap();
    tenant.sandbox.expire_tokens();
    assert_eq!(
        tenant
            .client
            .get_pending_tasks(pending())
            .await
            .unwrap_err()
            .status(),
        Some(401)
    );
    tenant.client.get_pending_tasks(pending()).await.unwrap();
    assert_eq!((tenant.token_requests(), tenant.calls().len()), (2, 3));
}

#[tokio::test]
async fn a_token_is_renewed_before_it_ends() {
    let tenant = tenant().await;
    tenant.sandbox.change_rules(|rules| rules.token_seconds = 1);
    tenant.client.get_pending_tasks(pending()).await.unwrap();
    tokio::time::sleep(std::time::Duration::from_millis(950)).await;
    tenant.client.get_pending_tasks(pending()).await.unwrap();
    assert_eq!(tenant.token_requests(), 2);
    assert!(tenant.calls().iter().all(|call| call.ends_with(" 200")));
}

#[tokio::test]
async fn c16_the_token_endpoint_may_limit_the_rate() {
    let tenant = tenant().await;
    tenant.fault(
        Operation::Token,
        1,
        reply_with(429, &[("Retry-After", "1")], ""),
    );
    tenant.client.get_pending_tasks(pending()).await.unwrap();
    let times: Vec<_> = tenant
        .sandbox
        .requests()
        .iter()
        .map(|request| (request.path.clone(), request.status))
        .collect();
    assert_eq!(
        times,
        [
            ("/oauth/token".to_owned(), Some(429)),
            ("/oauth/token".to_owned(), Some(200)),
            ("/v2024/task-status/pending-tasks".to_owned(), Some(200)),
        ]
    );
    let at: Vec<_> = tenant
        .sandbox
        .requests()
        .iter()
        .map(|request| request.at)
        .collect();
    assert!(
        at[1] - at[0] >= 990,
        "Retry-After was not waited for: {at:?}"
    );
}

#[tokio::test]
async fn a_given_token_is_used_and_not_replaced_without_credentials() {
    let sandbox = sandbox().await;
    let given = json!({ "Token": "given", "ClientId": null, "ClientSecret": "" });
    let error = client(&sandbox, given)
        .get_task_status("x")
        .await
        .unwrap_err();
    assert_eq!(error.status(), Some(401));
    let requests: Vec<String> = sandbox.requests().iter().map(line).collect();
    assert_eq!(requests, ["GET /v2024/task-status/x 401"]);
    sandbox.clear_requests();

    let ended = json!({
        "Token": "given",
        "TokenExpiration": "2020-01-01T00:00:00Z",
        "ClientId": null,
        "ClientSecret": null,
    });
    let error = client(&sandbox, ended)
        .get_task_status("x")
        .await
        .unwrap_err();
    assert_eq!(
        (error.kind(), error.message()),
        (ErrorKind::Authentication, "the given Token has expired")
    );
    assert_eq!(sandbox.requests(), []);

    let both = json!({ "Token": "other", "TokenExpiration": "2020-01-01T00:00:00Z" });
    client(&sandbox, both)
        .get_pending_tasks(pending())
        .await
        .unwrap();
}

#[tokio::test]
async fn a_rejected_token_is_replaced_only_by_a_client_of_the_same_or_a_stronger_source() {
    let sandbox = sandbox().await;
    let home = tempfile::tempdir().unwrap();
    let folder = tempfile::tempdir().unwrap();
    let in_home = home.path().join(".sailpoint").join("config.yaml");
    let in_folder = folder.path().join("config.json");
    std::fs::create_dir_all(in_home.parent().unwrap()).unwrap();
    let (id, secret) = (sandbox.client_id(), sandbox.client_secret());
    let client_settings = json!({ "ClientId": id, "ClientSecret": secret });
    let yaml_path = in_home.display().to_string();
    let json_path = in_folder.display().to_string();
    let explicit = "the explicit settings";
    // Where the token is, where the client is, and what is told of a client that is not used.
    for (token_in, client_in, unused) in [
        ("explicit", "explicit", None),
        (
            "explicit",
            "environment",
            Some(("the environment", explicit)),
        ),
        (
            "explicit",
            "id in environment",
            Some(("the environment", explicit)),
        ),
        ("explicit", "folder", Some((json_path.as_str(), explicit))),
        ("explicit", "home", Some((yaml_path.as_str(), explicit))),
        ("folder", "explicit", None),
        ("folder", "environment", None),
        ("folder", "folder", None),
        (
            "folder",
            "home",
            Some((yaml_path.as_str(), json_path.as_str())),
        ),
    ] {
        let mut settings = json!({
            "BaseUrl": sandbox.base_url(), "Folder": folder.path(),
            "Environment": { "HOME": home.path(), "USERPROFILE": home.path() },
        });
        let mut json = json!({});
        let mut pat = json!({});
        let mut put = |place: &str, values: &serde_json::Value| {
            for (name, value) in values.as_object().unwrap() {
                match place {
                    "environment" if name == "ClientId" => {
                        settings["Environment"]["SAIL_CLIENT_ID"] = value.clone();
                    }
                    "environment" => settings["Environment"]["SAIL_CLIENT_SECRET"] = value.clone(),
                    "id in environment" if name == "ClientId" => {
                        settings["Environment"]["SAIL_CLIENT_ID"] = value.clone();
                    }
                    "folder" => json[name] = value.clone(),
                    "home" => pat[name.to_lowercase()] = value.clone(),
                    _ => settings[name] = value.clone(),
                }
            }
        };
        put(client_in, &client_settings);
        put(token_in, &json!({ "Token": "rejected" }));
        std::fs::write(&in_folder, json.to_string()).unwrap();
        let yaml =
            json!({ "activeenvironment": "prod", "environments": { "prod": { "pat": pat } } });
        std::fs::write(&in_home, yaml.to_string()).unwrap();
        for expiry in [None, Some("2020-01-01T00:00:00Z")] {
            sandbox.clear_requests();
            if let Some(expiry) = expiry {
                settings["TokenExpiration"] = expiry.into();
            }
            let case = format!("token in {token_in}, client in {client_in}, {expiry:?}");
            let client = Client::new(Settings::from_json(&settings.to_string()).unwrap()).unwrap();
            let result = client.get_pending_tasks(pending()).await;
            let requests: Vec<String> = sandbox.requests().iter().map(line).collect();
            let path = "GET /v2024/task-status/pending-tasks";
            let (first, second) = (format!("{path} 401"), format!("{path} 200"));
            let Some((from, token_from)) = unused else {
                assert!(result.is_ok(), "{case}: {result:?}");
                // A token of an earlier row may be shared.
                assert_eq!(requests.last(), Some(&second), "{case}");
                continue;
            };
            let error = result.unwrap_err();
            let expected: &[String] = if expiry.is_none() { &[first] } else { &[] };
            assert_eq!(requests, expected, "{case}");
            let told = format!(
                "; the given Token, from {token_from}, is not replaced by the ClientId and ClientSecret from {from}"
            );
            assert!(error.message().ends_with(&told), "{case}: {error}");
            assert_eq!(
                error.hint().unwrap(),
                format!(
                    "give a new Token, or remove Token from {token_from} to use the ClientId and ClientSecret from \
                     {from}, or give them beside Token to have them used when it is rejected"
                ),
                "{case}"
            );
        }
    }
}

#[tokio::test]
async fn a_token_endpoint_that_fails_says_what_to_do() {
    for (status, hint) in [
        (
            503,
            "the tenant failed: try again later, or report the tracking id to SailPoint's support",
        ),
        (
            429,
            "the tenant limits the rate of requests: send them less often, or allow more retries \
             (MaximumRetryCount, TimeoutSeconds)",
        ),
    ] {
        let sandbox = sandbox().await;
        sandbox.fault(Fault {
            operation: Operation::Token,
            times: 0,
            ..fault(reply(status))
        });
        let error = client(&sandbox, json!({ "MaximumRetryCount": 0 }))
            .get_pending_tasks(pending())
            .await
            .unwrap_err();
        assert_eq!((error.status(), error.hint()), (Some(status), Some(hint)));
    }
}

/// The tenant's address for browsers responds so, as do proxies.
#[tokio::test]
async fn a_web_page_is_no_refusal_of_the_credentials() {
    let hint = "a web page came, not a response of the API: check that BaseUrl is the API's address, \
                https://TENANT.api.identitynow.com, and whether a proxy sent it";
    for status in [401, 403, 404] {
        let page = reply_with(status, &[], "\n<!DOCTYPE html><title>Sign in</title>");
        for operation in [Operation::Token, Operation::Get] {
            let tenant = tenant().await;
            tenant.fault(operation, 0, page.clone());
            let error = tenant.client.get_task_status("x").await.unwrap_err();
            assert_eq!((error.status(), error.hint()), (Some(status), Some(hint)));
        }
    }
}

#[tokio::test]
async fn a_token_with_characters_that_no_header_can_hold_is_not_sent() {
    let tenant = tenant().await;
    let body = json!({ "access_token": "t\u{7}ken", "expires_in": 700 }).to_string();
    tenant.fault(Operation::Token, 1, reply_with(200, &[], &body));
    let error = tenant.client.get_task_status("x").await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Authentication);
    assert_eq!(
        error.message(),
        "the token that was fetched has characters that no header can hold"
    );
    assert_eq!(tenant.calls(), [""; 0]);
}

#[tokio::test]
async fn a_token_endpoint_without_a_token_says_so() {
    let tenant = tenant().await;
    tenant.fault(
        Operation::Token,
        0,
        reply_with(200, &[("Content-Type", "text/html")], "<html>login</html>"),
    );
    let error = tenant
        .client
        .get_pending_tasks(pending())
        .await
        .unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Authentication);
    assert_eq!(
        error.message(),
        "the token endpoint's response has no access token"
    );
    assert_eq!(tenant.calls(), [""; 0]);
}

#[tokio::test]
async fn c47_a_token_without_a_usable_lifetime_is_used_until_it_is_refused() {
    for expires_in in [r#""749""#, r#""""#, "0", "-1", "null"] {
        let tenant = tenant().await;
        let body = format!(r#"{{"access_token":"unknown here","expires_in":{expires_in}}}"#);
        let headers = [("Content-Type", "application/json")];
        tenant.fault(Operation::Token, 1, reply_with(200, &headers, &body));
        // The sandbox does not know the first token: that it was sent is what counts.
        tenant.client.get_pending_tasks(pending()).await.unwrap();
        let pending_tasks = "GET /v2024/task-status/pending-tasks";
        assert_eq!(
            tenant.calls(),
            [
                format!("{pending_tasks} 401"),
                format!("{pending_tasks} 200")
            ],
            "{expires_in}"
        );
        assert_eq!(tenant.token_requests(), 2);
    }
}

#[tokio::test]
async fn c11_two_tenants_keep_their_own_tokens() {
    let (first, second) = (tenant().await, tenant().await);
    for _ in 0..2 {
        first.client.get_pending_tasks(pending()).await.unwrap();
        second.client.get_pending_tasks(pending()).await.unwrap();
    }
    assert_eq!((first.token_requests(), second.token_requests()), (1, 1));
    assert!(
        first
            .calls()
            .iter()
            .chain(&second.calls())
            .all(|call| call.ends_with(" 200"))
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn one_callers_deadline_does_not_fail_another() {
    let sandbox = sandbox().await;
    sandbox.fault(Fault {
        operation: Operation::Token,
        ..fault(Action::Hang)
    });
    let hasty = client(&sandbox, json!({ "TimeoutSeconds": 0.5 }));
    let patient = client(&sandbox, json!({}));
    let first = tokio::spawn(async move { hasty.get_pending_tasks(pending()).await });
    while sandbox.requests().is_empty() {
        tokio::time::sleep(std::time::Duration::from_millis(5)).await;
    }
    let second = patient.get_pending_tasks(pending()).await;
    assert_eq!(first.await.unwrap().unwrap_err().kind(), ErrorKind::Timeout);
    assert_eq!(second.unwrap().status(), 200);
}
