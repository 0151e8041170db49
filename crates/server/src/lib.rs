//! The service: what turns the engine into what programs and clients of such services know.
//!
//! A call becomes a film in six steps:
//! 1. *Read* ([`form`]): a table of fields says what a call may hold; what changes nothing becomes a warning, what cannot be taken a [`refusal`].
//! 2. *Order* ([`dialect`]): each interface turns its fields into one [`wish::Wish`] and prices it by the [`catalogue`]. Quote and charge are this number.
//! 3. *Submit* ([`service`]): the [`store`] holds the credits and queues the job in one transaction.
//! 4. *Make* ([`worker`]): a worker claims the job in fair order and has the [`engine`] make it, watched by a heartbeat.
//! 5. *Settle*: in one transaction what was held is spent (or given back), the job is over, and whoever wants to know is noted down.
//! 6. *Tell* ([`hooks`]): callbacks go out, signed, until they are heard.
//!
//! # Limits today
//! Films are made from words and plans; calls that need pictures, videos or recordings are refused in their interface's words. No watermark is drawn.

pub mod admin;
pub mod auth;
pub mod catalogue;
pub mod clock;
pub mod dialect;
pub mod engine;
pub mod form;
pub mod hooks;
mod http;
pub mod metrics;
pub mod money;
pub mod net;
pub mod openapi;
pub mod refusal;
pub mod serve;
pub mod service;
pub mod store;
pub mod wish;
pub mod worker;

pub use http::{Endpoint, endpoints, router};
pub use service::{Config, Service};

use std::path::PathBuf;

/// Why a service cannot start or go on.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// A folder or file cannot be used.
    #[error("{}: {source}", path.display())]
    Folder {
        /// Which.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// The address cannot be listened on.
    #[error("{address}: cannot be listened on: {source}; choose another with --listen")]
    Listen {
        /// Which.
        address: String,
        /// Why.
        source: std::io::Error,
    },
    /// The setting is not safe or makes no sense.
    #[error("{0}")]
    Setting(String),
    /// The store.
    #[error(transparent)]
    Store(#[from] store::StoreError),
    /// The engine.
    #[error(transparent)]
    Engine(#[from] kinora::Error),
}
