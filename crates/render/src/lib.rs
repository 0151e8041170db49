//! Scene to picture and passes, on the CPU.

pub mod scene;
