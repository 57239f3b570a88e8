#![no_main]

libfuzzer_sys::fuzz_target!(|text: &str| {
    v2024_sandbox::is_filter(text);
});
