use std::collections::BTreeSet;

use reqwest::Method;
use serde_json::Value;
use v2024_sandbox::{Disturbances, OddIds, Options, Rules};

use crate::client::{Client, LIST, PENDING, Response};

/// A tenant with 1,000 tasks, 40 of them pending.
async fn disturbed(disturbances: Disturbances) -> Client {
    Client::new(Options {
        tasks: 1000,
        pending: 40,
        rules: Rules {
            disturbances: Some(disturbances),
            ..Rules::default()
        },
        ..Options::default()
    })
    .await
}

/// A page of 250 rows at an offset.
async fn page(client: &Client, list: &str, offset: usize) -> Response {
    let response = client
        .get(&format!("{list}?count=true&limit=250&offset={offset}"))
        .await;
    assert_eq!(response.status, 200, "{}", response.text);
    response
}

fn total(response: &Response) -> usize {
    response.header("x-total-count").unwrap().parse().unwrap()
}

fn sorted(ids: &[String]) -> BTreeSet<&String> {
    ids.iter().collect()
}

/// The text of a member of each row.
fn member(response: &Response, name: &str) -> Vec<String> {
    let rows = response.json();
    let rows = rows.as_array().unwrap().iter();
    rows.map(|row| row[name].as_str().unwrap().to_owned())
        .collect()
}

#[tokio::test]
async fn pages_can_be_capped() {
    let client = disturbed(Disturbances {
        cap: 100,
        ..Disturbances::default()
    })
    .await;
    let all = client.sandbox.task_ids();
    let long = page(&client, LIST, 50).await;
    assert_eq!((long.ids(), total(&long)), (all[50..150].to_vec(), 1000));
    let short = client.get(&format!("{LIST}?limit=99")).await;
    assert_eq!(short.ids(), all[..99]);
    let pending = page(&client, PENDING, 0).await;
    assert_eq!(pending.ids(), client.sandbox.pending_ids());
}

#[tokio::test]
async fn each_attempt_can_leave_out_other_rows() {
    let drop = Disturbances {
        drop: 0.3,
        ..Disturbances::default()
    };
    let client = disturbed(drop).await;
    let all = client.sandbox.task_ids();
    let mut attempts = Vec::new();
    for _ in 0..3 {
        let page = page(&client, LIST, 250).await;
        assert_eq!(total(&page), 1000);
        let ids = page.ids();
        let rest: Vec<_> = all[250..500]
            .iter()
            .filter(|id| ids.contains(id))
            .cloned()
            .collect();
        assert_eq!(ids, rest, "in the usual order");
        assert!((150..200).contains(&ids.len()), "{}", ids.len());
        attempts.push(ids);
    }
    assert_ne!(attempts[0], attempts[1]);
    assert_ne!(attempts[1], attempts[2]);

    let other = disturbed(drop).await;
    for offset in [0, 750, 500, 0] {
        page(&other, LIST, offset).await;
    }
    for attempt in &attempts {
        let again = page(&other, LIST, 250).await.ids();
        assert_eq!(&again, attempt, "other pages make no difference");
    }
    let other_seed = disturbed(Disturbances { seed: 1, ..drop }).await;
    let others = page(&other_seed, LIST, 250).await.ids();
    assert_ne!(others, attempts[0]);

    client.sandbox.reset();
    assert_eq!(page(&client, LIST, 250).await.ids(), attempts[0]);
    client.sandbox.change_rules(|rules| {
        rules.disturbances = Some(Disturbances { seed: 1, ..drop });
    });
    assert_eq!(page(&client, LIST, 250).await.ids(), others);
}

#[tokio::test]
async fn rows_can_be_hidden_for_good() {
    let client = disturbed(Disturbances {
        hide: 0.1,
        ..Disturbances::default()
    })
    .await;
    let mut shown = Vec::new();
    for offset in [0, 250, 500, 750] {
        let page = page(&client, LIST, offset).await;
        assert_eq!(total(&page), 1000);
        shown.extend(page.ids());
    }
    let all = client.sandbox.task_ids();
    let hidden: Vec<&String> = all.iter().filter(|id| !shown.contains(id)).collect();
    assert!((70..130).contains(&hidden.len()), "{}", hidden.len());
    for offset in [0, 100, 999] {
        let page = page(&client, LIST, offset).await.ids();
        let rest: Vec<_> = all
            .iter()
            .skip(offset)
            .take(250)
            .filter(|id| !hidden.contains(id))
            .cloned()
            .collect();
        assert_eq!(page, rest, "the same rows at each attempt and offset");
    }
    let filtered = client
        .filtered(&format!("id in (\"{}\",\"{}\")", hidden[0], shown[0]))
        .await;
    assert_eq!((filtered.ids(), total(&filtered)), (shown[..1].to_vec(), 2));
    let task = client.get(&format!("{LIST}/{}", hidden[0])).await;
    assert_eq!(task.status, 200);
}

#[tokio::test]
async fn rows_of_the_same_age_can_come_in_any_order() {
    let shuffle = Disturbances {
        shuffle: 20,
        ..Disturbances::default()
    };
    let client = disturbed(shuffle).await;
    let before = client.sandbox.task_ids();
    let first = page(&client, LIST, 0).await;
    let all = client.sandbox.task_ids();
    assert_eq!(sorted(&all), sorted(&before));
    let second = page(&client, LIST, 0).await;
    let created = member(&first, "created");
    let (first_ids, second_ids) = (first.ids(), second.ids());
    assert_eq!((first_ids.len(), total(&first)), (250, 1000));
    assert_ne!(first_ids, second_ids);
    assert_ne!(first_ids, all[..250]);
    for start in (0..240).step_by(20) {
        let group = start..start + 20;
        let expected = sorted(&all[group.clone()]);
        assert_eq!(sorted(&first_ids[group.clone()]), expected);
        assert_eq!(sorted(&second_ids[group.clone()]), expected);
        assert_ne!(first_ids[group.clone()], second_ids[group.clone()]);
        assert!(
            created[group.clone()]
                .iter()
                .all(|one| *one == created[start])
        );
        assert!(
            created[start] > created[group.end],
            "groups keep their order"
        );
    }
    let one = client.get(&format!("{LIST}/{}", first_ids[0])).await;
    assert_eq!(one.json()["created"], created[0]);

    let pending = page(&client, PENDING, 0).await.ids();
    assert_eq!(
        sorted(&pending[..20]),
        sorted(&client.sandbox.pending_ids()[..20])
    );
    assert_ne!(pending, client.sandbox.pending_ids());

    let ascending = client
        .get(&format!("{LIST}?sorters=created&limit=20"))
        .await;
    assert_eq!(sorted(&ascending.ids()), sorted(&all[980..]));

    // A page that begins within a group repeats and loses rows.
    let other = disturbed(shuffle).await;
    let mut seen = BTreeSet::new();
    for offset in (0..1000).step_by(50) {
        let page = other.get(&format!("{LIST}?limit=50&offset={offset}")).await;
        seen.extend(page.ids());
    }
    assert!((900..1000).contains(&seen.len()), "{}", seen.len());
    assert_eq!(page(&other, LIST, 0).await.ids(), second_ids);
}

#[tokio::test]
async fn rows_can_move_to_the_front() {
    let modify = Disturbances {
        modify: 1,
        ..Disturbances::default()
    };
    let client = disturbed(modify).await;
    let original = client.sandbox.task_ids();
    let mut before = original.clone();
    let mut moved = BTreeSet::new();
    for _ in 0..20 {
        let page = page(&client, LIST, 0).await;
        let after = client.sandbox.task_ids();
        assert_eq!((page.ids(), total(&page)), (after[..250].to_vec(), 1000));
        if after != before {
            before.retain(|id| *id != after[0]);
            before.insert(0, after[0].clone());
            let row = &page.json()[0];
            assert!(row["modified"].as_str() > row["created"].as_str());
            moved.insert(after[0].clone());
        }
        assert_eq!(after, before, "one moves to the front, or none");
    }
    assert!((5..=15).contains(&moved.len()), "{}", moved.len());
    assert_eq!(sorted(&before), sorted(&original));

    // Neither another change nor the sorter takes the first row from its place.
    client
        .sandbox
        .change_rules(|rules| rules.disturbances = None);
    let patch = r#"[{"op":"replace","path":"/launcher","value":"me"}]"#;
    client.patch(&format!("{LIST}/{}", before[5]), patch).await;
    assert_eq!(client.sandbox.task_ids(), before);
    let sorted = client.get(&format!("{LIST}?sorters=-created")).await;
    assert_eq!(sorted.ids(), before[..250]);

    // In another order of requests the same rows move.
    let mut ends = Vec::new();
    for offsets in [[0, 250, 500, 750, 0, 250], [250, 750, 250, 0, 500, 0]] {
        let client = disturbed(Disturbances {
            modify: 9,
            ..modify
        })
        .await;
        for offset in offsets {
            page(&client, LIST, offset).await;
        }
        let front = client.sandbox.task_ids();
        let unmoved = front
            .windows(2)
            .rposition(|pair| position(&original, &pair[0]) > position(&original, &pair[1]))
            .unwrap();
        ends.push(front[..=unmoved].iter().cloned().collect::<BTreeSet<_>>());
    }
    assert_eq!(ends[0], ends[1]);
}

fn position(ids: &[String], id: &str) -> usize {
    ids.iter().position(|one| one == id).unwrap()
}

#[tokio::test]
async fn pending_tasks_can_end_between_requests() {
    let end = Disturbances {
        end: 2,
        ..Disturbances::default()
    };
    let mut ends = Vec::new();
    for offsets in [[0, 10, 20, 30, 0, 10], [10, 30, 10, 0, 20, 0]] {
        let client = disturbed(end).await;
        let mut before = client.sandbox.pending_ids();
        for offset in offsets {
            let page = page(&client, PENDING, offset).await;
            let after = client.sandbox.pending_ids();
            assert_eq!(
                (page.ids(), total(&page)),
                (after[offset..].to_vec(), after.len())
            );
            assert!(before.len() - after.len() <= 2);
            assert!(after.iter().all(|id| before.contains(id)));
            for id in before.iter().filter(|id| !after.contains(id)) {
                let task: Value = serde_json::from_str(&client.sandbox.task(id).unwrap()).unwrap();
                assert!(task["completionStatus"].is_string(), "{task}");
            }
            before = after;
        }
        assert!((28..40).contains(&before.len()), "{}", before.len());
        assert_eq!(client.sandbox.task_ids().len(), 1000);
        ends.push(before);
    }
    assert_eq!(ends[0], ends[1], "in another order the same tasks end");
}

#[tokio::test]
async fn lists_can_grow_at_the_front() {
    let grow = Disturbances {
        grow: 3,
        ..Disturbances::default()
    };
    let mut ends = Vec::new();
    for offsets in [[0, 250, 0], [250, 0, 0]] {
        let client = disturbed(grow).await;
        let before = client.sandbox.task_ids();
        for (index, offset) in offsets.into_iter().enumerate() {
            let page = page(&client, LIST, offset).await;
            let all = client.sandbox.task_ids();
            let new = 3 * (index + 1);
            assert_eq!((total(&page), all.len()), (1000 + new, 1000 + new));
            assert_eq!(page.ids(), all[offset..offset + 250]);
            assert_eq!(all[new..], before);
        }
        let pending = page(&client, PENDING, 0).await;
        assert_eq!((total(&pending), pending.ids().len()), (52, 52));
        ends.push(
            client.sandbox.task_ids()[..12]
                .iter()
                .cloned()
                .collect::<BTreeSet<_>>(),
        );
    }
    assert_eq!(ends[0].len(), 12);
    assert_eq!(ends[0], ends[1], "in another order the same tasks appear");
}

#[tokio::test]
async fn rows_can_have_odd_ids_or_none() {
    let odd_ids = OddIds {
        number: 0.2,
        null: 0.2,
        missing: 0.2,
    };
    let client = disturbed(Disturbances {
        odd_ids,
        ..Disturbances::default()
    })
    .await;
    let all = client.sandbox.task_ids();
    let rows = page(&client, LIST, 250).await.json();
    let rows = rows.as_array().unwrap();
    assert_eq!(rows.len(), 250);
    let mut numbers = BTreeSet::new();
    let (mut nulls, mut missing) = (0, 0);
    for (row, id) in rows.iter().zip(&all[250..]) {
        let mut task: Value = serde_json::from_str(&client.sandbox.task(id).unwrap()).unwrap();
        match row.get("id") {
            None => {
                missing += 1;
                task.as_object_mut().unwrap().remove("id");
            }
            Some(Value::Null) => {
                nulls += 1;
                task["id"] = Value::Null;
            }
            Some(Value::Number(number)) => {
                assert!(number.as_u64().unwrap() < 1 << 53);
                numbers.insert(number.as_u64().unwrap());
                task["id"] = number.clone().into();
            }
            Some(_) => {}
        }
        assert_eq!(*row, task, "nothing else is odd");
    }
    for count in [numbers.len(), nulls, missing] {
        assert!((30..70).contains(&count), "{count}");
    }
    assert_eq!(
        page(&client, LIST, 250).await.json().as_array(),
        Some(rows),
        "always the same"
    );
    let next = page(&client, LIST, 251).await.json();
    assert_eq!(next.as_array().unwrap()[..249], rows[1..]);
}

#[tokio::test]
async fn several_pages_in_flight_are_disturbed_as_one_after_the_other() {
    let rules = Disturbances {
        drop: 0.3,
        shuffle: 20,
        end: 2,
        ..Disturbances::default()
    };
    let offsets = [0, 250, 500, 750, 100, 350];
    let one_by_one = disturbed(rules).await;
    let mut expected = Vec::new();
    for offset in offsets {
        expected.push(page(&one_by_one, LIST, offset).await.ids());
    }
    let at_once = disturbed(rules).await;
    let [a, b, c, d, e, f] = offsets.map(|offset| page(&at_once, LIST, offset));
    let pages = tokio::join!(f, e, d, c, b, a);
    let pages = [pages.5, pages.4, pages.3, pages.2, pages.1, pages.0];
    assert_eq!(pages.map(|page| page.ids()).to_vec(), expected);
    assert_eq!(
        one_by_one.sandbox.pending_ids(),
        at_once.sandbox.pending_ids()
    );
}

#[tokio::test]
async fn replaced_tasks_are_disturbed_from_the_beginning() {
    let client = disturbed(Disturbances {
        end: 1,
        shuffle: 2,
        ..Disturbances::default()
    })
    .await;
    page(&client, PENDING, 0).await;
    let tasks = include_str!("six_tasks.json");
    let mut ends = Vec::new();
    for _ in 0..2 {
        client.sandbox.set_tasks(tasks).unwrap();
        let mut pages = Vec::new();
        for _ in 0..8 {
            pages.push(page(&client, LIST, 0).await.ids());
        }
        pages.push(client.sandbox.pending_ids());
        ends.push(pages);
    }
    assert_eq!(ends[0], ends[1]);
    assert_eq!(ends[0][8], [""; 0], "both pending tasks have ended");
    let head = client.request(Method::HEAD, PENDING).send().await.unwrap();
    assert_eq!(head.status(), 200);
}
