#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| kinora_fuzz::properties::figure(data));
