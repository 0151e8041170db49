//! Properties of Kinora's inputs, and inputs to try them with. See `README.md` beside `Cargo.toml`.

pub mod mutate;
pub mod properties;
