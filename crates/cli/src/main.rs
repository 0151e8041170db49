//! The `kinora` program: a thin layer over the `kinora` crate.

mod arguments;
mod commands;
mod doctor;
mod progress;

use clap::Parser as _;
use std::process::ExitCode;

fn main() -> ExitCode {
    let arguments = arguments::Arguments::parse();
    match commands::run(arguments) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("kinora: {error:#}");
            ExitCode::from(error.downcast_ref::<kinora::Error>().map_or(1, kinora::Error::exit_code))
        }
    }
}
