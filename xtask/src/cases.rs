//! tests/CASES.md and the tests that name its cases.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use crate::workspace;

/// Where tests are. A folder that does not exist is skipped.
const FOLDERS: [&str; 6] = [
    "client/src",
    "client/tests",
    "sandbox/tests",
    "src",
    "tests",
    "xtask/src/test",
];
const EXTENSIONS: [&str; 5] = ["c", "js", "ps1", "py", "rs"];

const UNTESTED: &str = "not tested yet";

#[test]
fn cases_and_tests_agree() {
    let cases = cases();
    let mut faults = Vec::new();
    let mut files = Vec::new();
    for folder in FOLDERS {
        collect(&workspace::root().join(folder), &mut files);
    }
    let mut named: BTreeMap<String, Vec<PathBuf>> = BTreeMap::new();
    for file in files {
        let text = fs::read_to_string(&file).expect("a test is text");
        let file = file.strip_prefix(workspace::root()).unwrap().to_path_buf();
        for id in ids(&text) {
            named.entry(id).or_default().push(file.clone());
        }
    }
    for (id, files) in &named {
        let Some(places) = cases.get(id) else {
            faults.push(format!("{id} of {files:?} has no entry"));
            continue;
        };
        for file in files {
            if !places.iter().any(|place| file.ends_with(place)) {
                faults.push(format!("the entry {id} does not list {}", file.display()));
            }
        }
    }
    for (id, places) in &cases {
        let files = named.get(id).map_or(&[][..], Vec::as_slice);
        for place in places {
            if !files.iter().any(|file| file.ends_with(place)) {
                faults.push(format!("no test in a file {place} names {id}"));
            }
        }
    }
    assert!(faults.is_empty(), "tests/CASES.md: {faults:#?}");
}

#[test]
fn an_id_is_read_from_names_and_comments() {
    let read = |text| ids(text).into_iter().collect::<Vec<_>>();
    assert_eq!(read("async fn c04_c28_every_shape() {"), ["C04", "C28"]);
    assert_eq!(read("fn every_c04_shape() {"), [""; 0]);
    assert_eq!(read("    It 'C08: 204 is no object' {"), ["C08"]);
    assert_eq!(read("# C29: stopping a call\n/// C17\n"), ["C17", "C29"]);
    assert_eq!(read("// The array (C22), as sent"), ["C22"]);
    // The language.
    assert_eq!(read("Valid C11 and C++17; as C11, Standard::C11)"), [""; 0]);
}

/// Each case's id with the files that its entry lists.
fn cases() -> BTreeMap<String, Vec<String>> {
    let text = fs::read_to_string(workspace::root().join("tests/CASES.md")).unwrap();
    let mut cases = BTreeMap::new();
    for entry in text.split("\n## ").skip(1) {
        let (id, body) = entry.split_once('\n').unwrap();
        assert!(is_id(id), "an entry starts with its id, not {id:?}");
        for label in ["\n- Input: ", "\n- Expected: ", "\n- Source: "] {
            assert!(body.contains(label), "{id} has no {label:?}");
        }
        let (_, tests) = body
            .split_once("\n- Tests: ")
            .unwrap_or_else(|| panic!("{id} has no list of tests"));
        let places: Vec<String> = tests
            .split('`')
            .skip(1)
            .step_by(2)
            .map(str::to_owned)
            .collect();
        assert_eq!(
            places.is_empty(),
            tests.trim() == UNTESTED,
            "{id} lists its tests or is {UNTESTED:?}"
        );
        let last = cases
            .last_key_value()
            .map(|(id, _): (&String, _)| id.as_str());
        assert!(last < Some(id), "{id} is not in order");
        cases.insert(id.to_owned(), places);
    }
    cases
}

/// The cases that a test's text names: `fn c04_c28_...` and `C14: ...`. A bare `C14` counts at the end
/// of a line or of brackets, but not inside a sentence: C11 and C17 are languages too.
fn ids(text: &str) -> BTreeSet<String> {
    let mut ids = BTreeSet::new();
    for line in text.lines() {
        if let Some((_, name)) = line.split_once("fn ") {
            let parts = name.split('_').map(str::to_uppercase);
            ids.extend(parts.take_while(|part| is_id(part)));
        }
        for (start, _) in line.match_indices('C') {
            let Some(word) = line.get(start..start + 3) else {
                continue;
            };
            let (before, after) = (&line[..start], &line[start + 3..]);
            if is_id(word)
                && (before.is_empty() || before.ends_with([' ', '\'', '"', '(']))
                && (after.is_empty() || after.starts_with([':', ')']))
            {
                ids.insert(word.to_owned());
            }
        }
    }
    ids
}

fn is_id(word: &str) -> bool {
    word.strip_prefix('C')
        .is_some_and(|digits| digits.len() == 2 && digits.bytes().all(|byte| byte.is_ascii_digit()))
}

/// Adds the tests in a folder and the folders below.
fn collect(folder: &Path, files: &mut Vec<PathBuf>) {
    let Ok(entries) = fs::read_dir(folder) else {
        return;
    };
    for entry in entries {
        let path = entry.unwrap().path();
        if path.is_dir() {
            collect(&path, files);
        } else if path
            .extension()
            .is_some_and(|extension| EXTENSIONS.iter().any(|known| extension == *known))
        {
            files.push(path);
        }
    }
}
