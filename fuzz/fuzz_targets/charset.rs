#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| v2024_task_management::fuzzing::charset(data));
