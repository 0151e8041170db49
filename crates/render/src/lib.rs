//! Scene to picture and passes, on the CPU.

mod finish;
mod geometry;
mod lanes;
mod occlusion;
mod particles;
mod passes;
mod raster;
mod renderer;
pub mod scene;
mod shade;
mod shadow;
mod sky;
mod surface;
mod view;

pub use passes::Passes;
pub use renderer::{Frame, Renderer, Settings, SimdLevel, Timings};
