//! The committed C header is the one generated from the sources.

#[test]
fn the_committed_header_is_fresh() {
    let generated = std::fs::read_to_string(env!("V2024_GENERATED_HEADER")).unwrap();
    let committed = include_str!("../../include/v2024_task_management.h");
    assert!(
        generated == committed,
        "include/v2024_task_management.h is stale: run `cargo xtask header` and commit it"
    );
}

#[test]
fn every_item_of_the_header_has_a_comment() {
    let header = include_str!("../../include/v2024_task_management.h");
    let lines: Vec<&str> = header.lines().collect();
    let mut items = 0;
    for (index, line) in lines.iter().enumerate() {
        let is_define = line.starts_with("#define V2024_") && !line.ends_with("_H");
        let is_item = line.starts_with("typedef")
            || (line.contains("v2024_") && line.contains('(') && !line.starts_with([' ', '/']));
        if is_define || is_item {
            items += 1;
            assert!(
                lines[index - 1].trim_end().ends_with("*/"),
                "no comment above: {line}"
            );
        }
    }
    assert_eq!(
        items, 33,
        "items were added or removed: check their comments and this number"
    );
}
