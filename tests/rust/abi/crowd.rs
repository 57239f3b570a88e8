//! One client under 32 threads that cancel, free and read at random.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;
use std::time::Duration;

use serde_json::{Value, json};
use v2024_sandbox::{Action, Fault, Operation, Options, Sandbox};

use super::{Client, Next, Text, code};
use crate::common::{fault, reply_with};

const THREADS: u64 = 32;
const CALLS: usize = 40;

/// The task in which each update leaves a mark.
const TASK: &str = concat!(
    r#"[{"id":"x","type":"QUARTZ","uniqueName":"x","created":"2025-01-02T03:04:05Z","completed":null,"#,
    r#""completionStatus":null,"messages":[],"returns":[],"attributes":{"marks":[]}}]"#
);

#[derive(Default)]
struct Count {
    done: AtomicUsize,
    cancelled: AtomicUsize,
    freed: AtomicUsize,
    /// Their token expired twice in a row, because of other requests.
    expired: AtomicUsize,
}

fn chance(action: Action, chance: f64) -> Fault {
    Fault {
        operation: Operation::Api,
        times: 0,
        chance,
        ..fault(action)
    }
}

/// A request chosen at random, with the status it ends with; an update leaves this mark.
fn request(random: &mut fastrand::Rng, mark: &str) -> (Value, u64) {
    match random.u8(..6) {
        0 => (json!({"operation": "get_pending_tasks"}), 200),
        1 => (
            json!({"operation": "get_pending_task_headers", "count": true, "events": true}),
            200,
        ),
        2 => (json!({"operation": "get_task_status", "id": "x"}), 200),
        3 => (json!({"operation": "get_task_status", "id": "none"}), 404),
        4 => (
            json!({"operation": "get_task_status_list", "limit": 1, "all": true}),
            200,
        ),
        _ => (
            json!({
                "operation": "update_task_status", "id": "x",
                "json_patch": [{"op": "add", "path": "/attributes/marks/-", "value": mark}],
            }),
            200,
        ),
    }
}

/// One call, perhaps cancelled or freed half-way. Returns the mark of an update that was made.
fn call(client: Client, random: &mut fastrand::Rng, mark: &str, count: &Count) -> Option<String> {
    let (request, expected) = request(random, mark);
    let call = client.start(&request);
    let pause = |random: &mut fastrand::Rng| {
        thread::sleep(Duration::from_micros(random.u64(..4000)));
    };
    match random.u8(..4) {
        0 => {
            pause(random);
            call.cancel();
        }
        1 => {
            pause(random);
            call.free();
            call.free();
            assert_eq!(call.next(-1), Next::Over);
            count.freed.fetch_add(1, Ordering::Relaxed);
            return None;
        }
        _ => {}
    }
    let messages = call.rest();
    call.free();
    let responses: Vec<&Value> = messages
        .iter()
        .filter(|message| message["kind"] == "response")
        .collect();
    let last = responses
        .last()
        .unwrap_or_else(|| panic!("{request} has no result"));
    if code(last) == "cancelled" {
        count.cancelled.fetch_add(1, Ordering::Relaxed);
        return None;
    }
    assert_eq!(responses.len(), 1, "{request}");
    if last["status"] == 401 {
        count.expired.fetch_add(1, Ordering::Relaxed);
        return None;
    }
    assert_eq!(last["status"], expected, "{request}: {last}");
    count.done.fetch_add(1, Ordering::Relaxed);
    (request["operation"] == "update_task_status").then(|| mark.to_owned())
}

#[test]
fn every_call_is_accounted_for() {
    let sandbox = Sandbox::start_blocking(Options::default()).unwrap();
    sandbox.set_tasks(TASK).unwrap();
    let limit = reply_with(429, &[("Retry-After", "0")], "");
    sandbox.fault(chance(limit, 0.05));
    sandbox.fault(chance(Action::ExpireTokens, 0.005));
    sandbox.fault(Fault {
        delay: 3,
        ..chance(Action::Pass, 0.5)
    });
    let client = Client::of(
        &sandbox,
        json!({ "MaximumRetryCount": 50, "RetryIntervalSeconds": 0 }),
    );
    let count = Count::default();
    let acknowledged: Vec<String> = thread::scope(|scope| {
        let threads: Vec<_> = (0..THREADS)
            .map(|seed| {
                let count = &count;
                scope.spawn(move || {
                    let mut random = fastrand::Rng::with_seed(seed);
                    let mut marks = Vec::new();
                    for number in 0..CALLS {
                        if random.u8(..10) == 0 {
                            let (status, result) = client.list(Some(1), Text::NULL, Text::NULL);
                            assert!(status == 200 || status == 401, "{result}");
                            let which = if status == 200 {
                                &count.done
                            } else {
                                &count.expired
                            };
                            which.fetch_add(1, Ordering::Relaxed);
                        } else {
                            let mark = format!("{seed}/{number}");
                            marks.extend(call(client, &mut random, &mark, count));
                        }
                    }
                    marks
                })
            })
            .collect();
        threads
            .into_iter()
            .flat_map(|thread| thread.join().unwrap())
            .collect()
    });
    let [done, cancelled, freed, expired] =
        [&count.done, &count.cancelled, &count.freed, &count.expired]
            .map(|count| count.load(Ordering::Relaxed));
    println!("{done} done, {cancelled} cancelled, {freed} freed, {expired} expired");
    assert_eq!(done + cancelled + freed + expired, THREADS as usize * CALLS);
    assert!(cancelled > 0 && freed > 0 && done > expired);

    // Every acknowledged update was made, and none was made twice.
    let task: Value = serde_json::from_str(&sandbox.task("x").unwrap()).unwrap();
    let mut marks: Vec<&str> = task["attributes"]["marks"]
        .as_array()
        .unwrap()
        .iter()
        .map(|mark| mark.as_str().unwrap())
        .collect();
    marks.sort_unstable();
    assert!(marks.windows(2).all(|pair| pair[0] != pair[1]), "{marks:?}");
    for mark in &acknowledged {
        assert!(
            marks.binary_search(&mark.as_str()).is_ok(),
            "{mark} is lost"
        );
    }
    assert!(!acknowledged.is_empty());
    client.free();
}
