//! The `kinora` program: a thin layer over the `kinora` crate.

mod arguments;
mod commands;
mod doctor;
mod fonts;
mod progress;
mod service;
mod voices;

use crate::progress::say;
use clap::Parser as _;
use std::process::ExitCode;

#[global_allocator]
static MEMORY: kinora::LargePages = kinora::LargePages;

fn main() -> ExitCode {
    let arguments = arguments::Arguments::parse();
    match commands::run(arguments) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            // Our own errors say why in themselves; those of others have a chain.
            match error.downcast_ref::<kinora::Error>() {
                Some(ours) => {
                    say(&format!("kinora: {ours}"));
                    ExitCode::from(ours.exit_code())
                }
                None => {
                    say(&format!("kinora: {error:#}"));
                    ExitCode::FAILURE
                }
            }
        }
    }
}
