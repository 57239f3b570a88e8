//! Listings of every task, also while tasks come and go.

use std::collections::{HashMap, HashSet};
use std::time::Duration;

use futures_util::{StreamExt, TryStreamExt};
use serde_json::{Value, json};
use v2024_sandbox::{Churn, Fault, Operation, Options, Sandbox};
use v2024_task_management::events::{Observer, RequestEvent};
use v2024_task_management::{
    Error, ErrorKind, Listing, PendingTasksOptions, Response, TaskStatus, TaskStatusListOptions,
};

use crate::common::*;

/// A tenant with this number of tasks.
async fn tenant_of(tasks: usize) -> Tenant {
    let options = Options {
        tasks,
        ..Default::default()
    };
    tenant_with(options, json!({})).await
}

/// Every id of a listing, and the error it ended with.
async fn all(mut listing: Listing) -> (Vec<String>, Option<Error>) {
    let mut found = Vec::new();
    while let Some(page) = listing.next_page().await {
        match page {
            Ok(page) if page.text().is_empty() => {}
            Ok(page) => found.extend(ids(&page.json::<Vec<_>>().unwrap())),
            Err(error) => return (found, Some(error)),
        }
    }
    (found, None)
}

fn pages(limit: i64) -> TaskStatusListOptions {
    TaskStatusListOptions {
        limit: Some(limit),
        ..list()
    }
}

fn stored(sandbox: &Sandbox) -> Vec<String> {
    let tasks: Vec<Value> = sandbox
        .tasks()
        .iter()
        .map(|task| serde_json::from_str(task).unwrap())
        .collect();
    ids(&tasks)
}

#[tokio::test]
async fn tasks_of_the_year_9999_are_listed() {
    // Without a total, the dates of the second page are looked at.
    let mut options = Options::default();
    options.rules.no_total = true;
    let tenant = tenant_with(options, json!({})).await;
    let task = |id| json!({ "id": id, "created": "9999-12-30T21:59:59Z" });
    let tasks = json!(["a", "b", "c", "d"].map(task)).to_string();
    tenant.sandbox.set_tasks(&tasks).unwrap();
    let listing = tenant.client.all_task_statuses(pages(2), None).unwrap();
    let (mut found, error) = all(listing).await;
    found.sort();
    assert_eq!(found, ["a", "b", "c", "d"]);
    assert!(error.is_none());
}

#[tokio::test]
async fn c08_every_task_once_in_order_for_every_page_size() {
    for tasks in [0, 1, 10, 99, 250, 251, 500] {
        let tenant = tenant_with(
            Options {
                tasks,
                pending: tasks / 10,
                ..Default::default()
            },
            json!({}),
        )
        .await;
        for limit in [1, 2, 7, 10, 250] {
            if limit < 10 && tasks > 100 {
                continue;
            }
            let (found, error) =
                all(tenant.client.all_task_statuses(pages(limit), None).unwrap()).await;
            assert!(error.is_none(), "{error:?}");
            assert_eq!(
                found,
                stored(&tenant.sandbox),
                "{tasks} tasks in pages of {limit}"
            );
        }
    }
}

#[tokio::test]
async fn the_requests_of_a_listing_overlap() {
    let tenant = tenant_of(600).await;
    all(tenant.client.all_task_statuses(list(), None).unwrap()).await;
    assert_eq!(
        tenant.calls(),
        [
            "GET /v2024/task-status?limit=250&offset=0&count=true&sorters=-created 200",
            "GET /v2024/task-status?limit=250&offset=245&count=true&sorters=-created 200",
            "GET /v2024/task-status?limit=250&offset=490&count=true&sorters=-created 200",
        ]
    );
}

#[tokio::test]
async fn a_listing_says_whether_a_row_can_be_missing_so_far() {
    let tenant = tenant_of(600).await;
    let gapless = async |options| {
        let mut listing = tenant.client.all_task_statuses(options, None).unwrap();
        let mut gapless = vec![listing.is_gapless()];
        while let Some(page) = listing.next_page().await {
            page.unwrap();
            gapless.push(listing.is_gapless());
        }
        gapless
    };
    // The last page has fewer rows than were asked for, and could lack some.
    assert_eq!(gapless(list()).await, [false, true, true, false]);
    let uncounted = TaskStatusListOptions {
        count: Some(false),
        ..list()
    };
    assert_eq!(gapless(uncounted).await[..3], [false; 3]);
}

/// The offsets of the pages that were requested, in this order.
fn offsets(tenant: &Tenant) -> Vec<u32> {
    let offset = |call: &String| {
        let (_, rest) = call.split_once("offset=")?;
        rest.split('&').next()?.parse().ok()
    };
    tenant.calls().iter().filter_map(offset).collect()
}

/// Waits until so many pages were requested, and makes sure that no more are.
async fn settled(tenant: &Tenant, pages: usize) {
    for _ in 0..500 {
        if tenant.calls().len() >= pages {
            break;
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    tokio::time::sleep(Duration::from_millis(50)).await;
    assert_eq!(tenant.calls().len(), pages);
}

#[tokio::test]
async fn pages_are_requested_ahead_of_a_caller_that_takes_them() {
    let tenant = tenant_of(200).await;
    let mut listing = tenant.client.all_task_statuses(pages(20), None).unwrap();
    // Pages begin 15 rows after one another; the last one at 180. Every page that is taken has the next
    // ones requested.
    for requested in [1, 2, 5, 7, 8, 9, 10, 11, 12, 13, 13, 13, 13] {
        assert!(listing.next_page().await.unwrap().is_ok());
        settled(&tenant, requested).await;
    }
    assert!(listing.next_page().await.is_none());
    let mut requested = offsets(&tenant);
    requested.sort_unstable();
    assert_eq!(requested, (0..=180).step_by(15).collect::<Vec<_>>());
}

#[tokio::test]
async fn one_page_ahead_is_one_request_at_a_time() {
    let options = Options {
        tasks: 200,
        ..Default::default()
    };
    let tenant = tenant_with(options, json!({ "PagesAhead": 1 })).await;
    let mut listing = tenant.client.all_task_statuses(pages(20), None).unwrap();
    for requested in 1..=13 {
        assert!(listing.next_page().await.unwrap().is_ok());
        assert_eq!(tenant.calls().len(), requested);
    }
    assert!(listing.next_page().await.is_none());
    settled(&tenant, 13).await;
}

#[tokio::test]
async fn no_page_is_requested_for_rows_that_are_not_wanted() {
    let tenant = tenant_of(600).await;
    for (first, requested) in [
        (20, 1),
        (21, 2),
        (35, 2),
        (36, 3),
        (50, 3),
        (51, 4),
        (80, 5),
    ] {
        tenant.sandbox.clear_requests();
        let listing = tenant.client.all_task_statuses(pages(20), Some(first));
        let (found, error) = all(listing.unwrap()).await;
        assert!(error.is_none(), "{error:?}");
        assert_eq!(found.len() as u64, first);
        settled(&tenant, requested).await;
    }
}

/// A page that failed before the caller came to it, perhaps because the caller took its time, is
/// requested again.
#[tokio::test]
async fn a_page_that_failed_ahead_of_its_turn_is_requested_again() {
    let tenant = tenant_of(200).await;
    let mut listing = tenant.client.all_task_statuses(pages(20), None).unwrap();
    let mut found = Vec::new();
    for (requested, times) in [(1, 0), (2, 0), (5, 2), (7, 0)] {
        let page = listing.next_page().await.unwrap().unwrap();
        found.extend(ids(&page.json::<Vec<_>>().unwrap()));
        settled(&tenant, requested).await;
        if times > 0 {
            tenant.fault(Operation::List, times, reply(403));
        }
    }
    let (rest, error) = all(listing).await;
    assert!(error.is_none(), "{error:?}");
    found.extend(rest);
    assert_eq!(found, stored(&tenant.sandbox));
    assert_eq!(tenant.calls().len(), 13 + 2);
}

/// Without retries, the try ahead of its turn is the only one.
#[tokio::test]
async fn without_retries_a_page_that_failed_ahead_of_its_turn_is_final() {
    let options = Options {
        tasks: 200,
        ..Default::default()
    };
    let tenant = tenant_with(options, json!({ "MaximumRetryCount": 0 })).await;
    let mut listing = tenant.client.all_task_statuses(pages(20), None).unwrap();
    for requested in [1, 2, 5] {
        listing.next_page().await.unwrap().unwrap();
        settled(&tenant, requested).await;
    }
    tenant.fault(Operation::List, 0, reply(403));
    // This requests the sixth and the seventh page ahead.
    listing.next_page().await.unwrap().unwrap();
    settled(&tenant, 7).await;
    listing.next_page().await.unwrap().unwrap();
    let error = listing.next_page().await.unwrap().unwrap_err();
    assert_eq!(error.status(), Some(403));
    let is_sixth = |call: &&String| call.contains("offset=75&");
    assert_eq!(tenant.calls().iter().filter(is_sixth).count(), 1);
}

/// Notes the offsets of the pages whose requests are reported.
#[derive(Default)]
struct Noted(std::sync::Mutex<Vec<String>>);

impl Observer for Noted {
    fn request(&self, event: &RequestEvent<'_>) {
        let what = event
            .url
            .split_once("offset=")
            .map_or("token", |(_, rest)| {
                rest.split('&').next().unwrap_or_default()
            });
        let bytes = event.result.map_or(0, |response| response.text().len());
        // The body with the token is not shown.
        assert_eq!(bytes > 100, what != "token", "{what}: {bytes} bytes");
        self.0.lock().unwrap().push(what.to_owned());
    }
}

#[tokio::test]
async fn requests_are_reported_in_the_order_of_the_pages() {
    let tenant = tenant_of(200).await;
    let mut listing = tenant.client.all_task_statuses(pages(20), None).unwrap();
    let noted = Noted::default();
    while let Some(page) = listing.next_page_observed(&noted).await {
        page.unwrap();
    }
    let mut expected = vec!["token".to_owned()];
    expected.extend((0..=180).step_by(15).map(|offset: u32| offset.to_string()));
    assert_eq!(noted.0.into_inner().unwrap(), expected);
}

#[tokio::test]
async fn c07_an_invalid_offset_after_full_pages_is_the_end() {
    for tasks in [250, 495, 490, 500] {
        let tenant = tenant_of(tasks).await;
        tenant
            .sandbox
            .change_rules(|rules| rules.offset_error = true);
        let (found, error) = all(tenant.client.all_task_statuses(list(), None).unwrap()).await;
        assert!(error.is_none(), "{error:?}");
        assert_eq!(found.len(), tasks);
    }
    // The tenant of the bug report: one full page, then 400 for every later offset.
    let tenant = tenant_of(250).await;
    let body = r#"{"detailCode":"400.1 Bad request content","messages":[{"text":"Specified offset is invalid."}]}"#;
    for _ in 0..9 {
        tenant.sandbox.fault(Fault {
            operation: Operation::List,
            skip: 1,
            times: 1,
            ..fault(reply_with(400, &[], body))
        });
    }
    let (found, error) = all(tenant.client.all_task_statuses(list(), None).unwrap()).await;
    assert!(error.is_none(), "{error:?}");
    assert_eq!(found.len(), 250);
}

#[tokio::test]
async fn an_invalid_offset_of_the_first_page_is_an_error() {
    let tenant = tenant().await;
    tenant
        .sandbox
        .change_rules(|rules| rules.offset_error = true);
    let options = TaskStatusListOptions {
        offset: Some(5000),
        ..list()
    };
    let (found, error) = all(tenant.client.all_task_statuses(options, None).unwrap()).await;
    assert_eq!((found.len(), error.unwrap().status()), (0, Some(400)));
}

#[tokio::test]
async fn pending_tasks_and_none_of_them() {
    let tenant = tenant_with(
        Options {
            tasks: 400,
            pending: 300,
            ..Default::default()
        },
        json!({}),
    )
    .await;
    let (found, _) = all(tenant.client.all_pending_tasks(pending(), None).unwrap()).await;
    assert_eq!(found.len(), 300);
    let none = tenant_with(
        Options {
            pending: 0,
            ..Default::default()
        },
        json!({}),
    )
    .await;
    none.sandbox.change_rules(|rules| rules.no_content = true);
    let mut listing = none.client.all_pending_tasks(pending(), None).unwrap();
    assert_eq!(listing.next_page().await.unwrap().unwrap().status(), 204);
    assert!(listing.next_page().await.is_none());
}

#[tokio::test]
async fn a_listing_can_stop_early_and_start_late() {
    let tenant = tenant_of(600).await;
    let expected = stored(&tenant.sandbox);
    for first in [0, 1, 250, 251, 599, 700] {
        let (found, _) = all(tenant
            .client
            .all_task_statuses(list(), Some(first))
            .unwrap())
        .await;
        assert_eq!(found, expected[..usize::try_from(first).unwrap().min(600)]);
    }
    let late = TaskStatusListOptions {
        offset: Some(590),
        ..list()
    };
    let (found, _) = all(tenant.client.all_task_statuses(late, None).unwrap()).await;
    assert_eq!(found, expected[590..]);
}

#[tokio::test]
async fn page_sizes_out_of_range_are_refused_before_any_request() {
    let tenant = tenant().await;
    for (limit, words) in [
        (0, "limit is 0; a listing needs a page size from 1 to 250"),
        (251, "limit is 251; it must be from 0 to 250"),
    ] {
        let error = tenant.client.all_pending_tasks(
            PendingTasksOptions {
                limit: Some(limit),
                ..pending()
            },
            None,
        );
        assert_eq!(error.err().unwrap().message(), words);
    }
    assert_eq!(tenant.sandbox.requests(), []);
}

#[tokio::test]
async fn an_error_in_the_middle_says_where() {
    let tenant = tenant_of(600).await;
    tenant.sandbox.fault(Fault {
        operation: Operation::List,
        skip: 1,
        times: 0,
        ..fault(reply(403))
    });
    let (found, error) = all(tenant.client.all_task_statuses(list(), None).unwrap()).await;
    let error = error.unwrap();
    assert_eq!(
        (found.len(), error.kind(), error.status()),
        (250, ErrorKind::Http, Some(403))
    );
    assert!(
        error
            .message()
            .ends_with("; the listing stopped at offset 245"),
        "{error}"
    );
}

#[tokio::test]
async fn c17_a_token_that_ends_in_the_middle_goes_unnoticed() {
    let tenant = tenant_of(1400).await;
    tenant.sandbox.fault(Fault {
        operation: Operation::List,
        skip: 3,
        ..fault(v2024_sandbox::Action::ExpireTokens)
    });
    let (found, error) = all(tenant.client.all_task_statuses(list(), None).unwrap()).await;
    assert!(error.is_none(), "{error:?}");
    assert_eq!(
        (found, tenant.token_requests()),
        (stored(&tenant.sandbox), 2)
    );
    // Of the pages that are requested at once, each may be refused.
    let calls = tenant.calls();
    let refused = calls.iter().filter(|call| call.ends_with(" 401")).count();
    assert!((1..=4).contains(&refused), "{calls:?}");
}

#[tokio::test]
async fn a_listing_is_a_stream_of_pages() {
    let tenant = tenant_of(600).await;
    let listing = tenant.client.all_task_statuses(list(), None).unwrap();
    let pages: Vec<Response> = listing.try_collect().await.unwrap();
    let found = pages
        .iter()
        .flat_map(|page| ids(&page.json::<Vec<_>>().unwrap()));
    assert_eq!(found.collect::<Vec<_>>(), stored(&tenant.sandbox));
    assert_eq!(pages.len(), 3);
}

/// A page that the stream began to fetch is neither lost nor fetched again.
#[tokio::test]
async fn next_page_goes_on_where_the_stream_was() {
    let tenant = tenant_of(600).await;
    let mut listing = tenant.client.all_task_statuses(list(), None).unwrap();
    let begun = tokio::time::timeout(Duration::ZERO, listing.next()).await;
    assert!(begun.is_err());
    let first = listing.next_page().await.unwrap().unwrap();
    let second = listing.next().await.unwrap().unwrap();
    let (rest, error) = all(listing).await;
    assert!(error.is_none(), "{error:?}");
    let mut found = ids(&first.json::<Vec<_>>().unwrap());
    found.extend(ids(&second.json::<Vec<_>>().unwrap()));
    found.extend(rest);
    assert_eq!(found, stored(&tenant.sandbox));
    assert_eq!(tenant.calls().len(), 3);
}

#[tokio::test]
async fn a_listing_gives_typed_tasks_one_by_one() {
    let tenant = tenant_of(600).await;
    let expected = stored(&tenant.sandbox);
    for first in [None, Some(0), Some(251)] {
        let listing = tenant.client.all_task_statuses(list(), first).unwrap();
        let found: Vec<TaskStatus> = listing.tasks().try_collect().await.unwrap();
        let most = first.map_or(600, |first| usize::try_from(first).unwrap());
        assert!(found.iter().map(|task| &task.id).eq(&expected[..most]));
    }
    let none = tenant_of(0).await;
    let mut tasks = none
        .client
        .all_task_statuses(list(), None)
        .unwrap()
        .tasks::<TaskStatus>();
    assert!(tasks.next().await.is_none());
}

#[tokio::test]
async fn a_task_that_does_not_fit_is_one_error_among_the_others() {
    let tenant = tenant().await;
    let odd = r#"{ "id" : "b", "target":{"name":[1, 2]}}"#;
    let body = format!(r#" [ {{"id":"a"}} ,{odd}, 5, [], {{"id":"c"}} ] "#);
    tenant.fault(
        Operation::List,
        1,
        reply_with(200, &[("X-Total-Count", "5")], &body),
    );
    let listing = tenant.client.all_task_statuses(list(), None).unwrap();
    let tasks: Vec<Result<TaskStatus, Error>> = listing.tasks().collect().await;
    let (good, bad): (Vec<_>, Vec<_>) = tasks.iter().partition(|task| task.is_ok());
    let good = good.iter().map(|task| task.as_ref().unwrap().id.as_str());
    assert_eq!(good.collect::<Vec<_>>(), ["a", "c"]);
    assert_eq!(tasks.last().unwrap().as_ref().unwrap().id, "c");

    let expected = [
        (
            "task b",
            "target.name: invalid type: sequence, expected a string at line 1 column 31",
            odd,
        ),
        (
            "a task without an id",
            "invalid type: integer `5`, expected an object at line 1 column 1",
            "5",
        ),
        (
            "a task without an id",
            "invalid type: sequence, expected an object at line 1 column 0",
            "[]",
        ),
    ];
    for (task, (which, reason, json)) in bad.into_iter().zip(expected) {
        let error = task.as_ref().unwrap_err();
        assert_eq!(
            error.message(),
            format!("{which} does not fit the type it is read into: {reason}")
        );
        assert_eq!(error.kind(), ErrorKind::InvalidResponse);
        assert_eq!(error.response().unwrap().text(), json);
    }
    assert_eq!(tasks.len(), 5);
}

#[tokio::test]
async fn typed_tasks_end_with_an_error_of_the_listing() {
    let tenant = tenant_of(600).await;
    tenant.sandbox.fault(Fault {
        operation: Operation::List,
        skip: 1,
        times: 0,
        ..fault(reply(403))
    });
    let listing = tenant.client.all_task_statuses(list(), None).unwrap();
    let tasks: Vec<Result<Value, Error>> = listing.tasks().collect().await;
    let error = tasks.last().unwrap().as_ref().unwrap_err();
    assert_eq!((tasks.len(), error.status()), (251, Some(403)));
}

/// Tasks come and go at random during the listing. Each task that existed throughout comes exactly
/// once, and no task comes twice.
#[tokio::test]
async fn none_lost_and_none_twice_under_change() {
    for seed in 0..200 {
        let options = Options {
            tasks: 300,
            pending: 150,
            seed,
            ..Default::default()
        };
        let tenant = tenant_with(options, json!({})).await;
        let before = stored(&tenant.sandbox);
        tenant.sandbox.change_rules(|rules| {
            rules.churn = Some(Churn {
                insert: 0.5,
                prune: 0.3,
                remove: 0.4,
                finish: 0.4,
                burst: 12,
            });
        });
        let pending_only = seed % 2 == 1;
        let listing = if pending_only {
            tenant.client.all_pending_tasks(
                PendingTasksOptions {
                    limit: Some(20),
                    ..pending()
                },
                None,
            )
        } else {
            tenant.client.all_task_statuses(pages(20), None)
        };
        let (found, error) = all(listing.unwrap()).await;
        assert!(error.is_none(), "seed {seed}: {error:?}");

        let unique: HashSet<&String> = found.iter().collect();
        assert_eq!(unique.len(), found.len(), "seed {seed}: a task came twice");
        let after: HashMap<String, bool> = tenant
            .sandbox
            .tasks()
            .iter()
            .map(|task| {
                let task: Value = serde_json::from_str(task).unwrap();
                (
                    task["id"].as_str().unwrap().to_owned(),
                    task["completionStatus"].is_null(),
                )
            })
            .collect();
        for id in &before {
            let throughout = after
                .get(id)
                .is_some_and(|is_pending| *is_pending || !pending_only);
            // A task that had finished before the listing was never pending.
            if throughout && (!pending_only || after[id]) {
                assert!(unique.contains(id), "seed {seed}: task {id} was lost");
            }
        }
    }
}
