//! What operators watch: counters and times in the text format of Prometheus, and one line of JSON for every call.

use crate::store::Load;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

/// Upper bounds of the times of calls, in seconds.
const BOUNDS: [f64; 10] = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1.0, 5.0];

#[derive(Default)]
struct Counts {
    /// By call and status: how many.
    calls: BTreeMap<(&'static str, u16), u64>,
    /// By call: how many within each bound, how many, seconds.
    times: BTreeMap<&'static str, ([u64; BOUNDS.len()], u64, f64)>,
    /// By outcome.
    jobs: BTreeMap<&'static str, u64>,
    callbacks: BTreeMap<&'static str, u64>,
    /// Seconds of films that were made, and seconds that it took.
    made: (f64, f64),
}

/// Counters of a process.
#[derive(Default)]
pub struct Metrics(Mutex<Counts>);

impl Metrics {
    fn counts(&self) -> MutexGuard<'_, Counts> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
    /// A call was answered.
    pub fn call(&self, name: &'static str, status: u16, took: Duration) {
        let mut counts = self.counts();
        *counts.calls.entry((name, status)).or_default() += 1;
        let (within, number, sum) = counts.times.entry(name).or_default();
        for (count, _) in within.iter_mut().zip(BOUNDS).filter(|(_, bound)| took.as_secs_f64() <= *bound) {
            *count += 1;
        }
        *number += 1;
        *sum += took.as_secs_f64();
    }
    /// A job ended so.
    pub fn job(&self, outcome: &'static str) {
        *self.counts().jobs.entry(outcome).or_default() += 1;
    }
    /// A film of so many seconds took so many.
    pub fn made(&self, film: f64, took: f64) {
        let made = &mut self.counts().made;
        *made = (made.0 + film, made.1 + took);
    }
    /// A callback was tried with this outcome.
    pub fn callback(&self, outcome: &'static str) {
        *self.counts().callbacks.entry(outcome).or_default() += 1;
    }
    /// Everything as text.
    #[must_use]
    pub fn text(&self, load: &Load, disk: u64) -> String {
        let counts = self.counts();
        let mut out = String::new();
        let mut line = |text: std::fmt::Arguments<'_>| {
            let _ = out.write_fmt(text);
            out.push('\n');
        };
        line(format_args!("# HELP kinora_requests_total Calls by route and status.\n# TYPE kinora_requests_total counter"));
        for ((name, status), n) in &counts.calls {
            line(format_args!("kinora_requests_total{{route=\"{name}\",status=\"{status}\"}} {n}"));
        }
        line(format_args!("# HELP kinora_request_seconds Times of calls by route.\n# TYPE kinora_request_seconds histogram"));
        for (name, (within, number, sum)) in &counts.times {
            for (bound, n) in BOUNDS.iter().zip(within) {
                line(format_args!("kinora_request_seconds_bucket{{route=\"{name}\",le=\"{bound}\"}} {n}"));
            }
            line(format_args!("kinora_request_seconds_bucket{{route=\"{name}\",le=\"+Inf\"}} {number}"));
            line(format_args!("kinora_request_seconds_sum{{route=\"{name}\"}} {sum}\nkinora_request_seconds_count{{route=\"{name}\"}} {number}"));
        }
        line(format_args!("# HELP kinora_jobs_total Jobs that this process ended, by outcome.\n# TYPE kinora_jobs_total counter"));
        for (name, n) in &counts.jobs {
            line(format_args!("kinora_jobs_total{{outcome=\"{name}\"}} {n}"));
        }
        line(format_args!("# HELP kinora_callbacks_total Tries to tell, by outcome.\n# TYPE kinora_callbacks_total counter"));
        for (name, n) in &counts.callbacks {
            line(format_args!("kinora_callbacks_total{{outcome=\"{name}\"}} {n}"));
        }
        let gauges = [("queued", load.queued), ("running", load.running), ("callbacks_waiting", load.callbacks), ("dead_letters", load.dead_letters)];
        for (name, n) in gauges {
            line(format_args!("# TYPE kinora_{name} gauge\nkinora_{name} {n}"));
        }
        line(format_args!("# TYPE kinora_disk_bytes gauge\nkinora_disk_bytes {disk}"));
        line(format_args!("# TYPE kinora_film_seconds_total counter\nkinora_film_seconds_total {}", counts.made.0));
        line(format_args!("# TYPE kinora_work_seconds_total counter\nkinora_work_seconds_total {}", counts.made.1));
        out
    }
}

/// One line of JSON on standard error. Keys, tokens, links and bodies are never given to it.
pub fn log(level: &str, message: &str, fields: Value) {
    let at = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).map_or(0, |d| d.as_millis());
    let mut line = json!({ "at": at as u64, "level": level, "message": message });
    if let (Some(line), Value::Object(fields)) = (line.as_object_mut(), fields) {
        line.extend(fields);
    }
    use std::io::Write as _;
    // A log that cannot be written is no reason to stop.
    let _ = writeln!(std::io::stderr(), "{line}");
}
