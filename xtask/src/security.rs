//! SECURITY.md names the tests that hold its promises.

use crate::workspace;

#[test]
fn the_tests_that_it_names_are_there() {
    let text = std::fs::read_to_string(workspace::root().join("SECURITY.md")).unwrap();
    let (_, table) = text.split_once("## What holds these promises").unwrap();
    let files: Vec<_> = table.split('`').skip(1).step_by(2).collect();
    assert!(files.len() > 10);
    for file in files {
        assert!(workspace::root().join(file).is_file(), "{file}");
    }
}
