//! The service as callers see it, with an engine that is quick, and the real one where films matter.

mod calls;
mod common;
mod fields;
mod films;
mod hooks;
mod ledger;
mod safety;
