//! Scene to picture and passes, on the CPU.
//!
//! A [`scene::Scene`] goes in, a [`Frame`] comes out: a BT.709 picture and, if asked for, who is where, how far and
//! whence. [`Renderer::render`] is a pure function of the scene and the size: caches make the next frame quicker,
//! never different, and AVX2 and plain code give the same bytes.
//!
//! # Steps
//! 1. `geometry`: instances in view (`far` ones in few triangles) to triangles as edge functions, in bins of 64 x 64 pixels.
//! 2. `shadow`: depth maps along the sun (near and wide) and from above; what stands still is drawn in `pieces`,
//!    once for all renderers of a film.
//! 3. `raster`: per tile, depth and triangle at four samples a pixel, the nearest triangles first; `fragments` boils
//!    them down to one fragment for each distinct surface in a pixel, or, in large pictures and where detail has faded,
//!    in a block of two by two.
//! 4. `occlusion`: ambient and sky occlusion at a half or quarter of the size, in every second row.
//! 5. `shade` with `surface` and `sky`: eight fragments of one material at a time become light.
//!    Water knows `waves` of the sea and `wakes` of what moves on it.
//! 6. `particles`: flakes, drops and motes over each tile.
//! 7. `lens` and `motion`: what is out of focus becomes discs, what moves while the shutter is open is smeared.
//! 8. `finish`: bloom, tone map and grade straight to YUV 4:2:0; or, if the scene has a look, [`looks`].
//!
//! All kernels stand on `lanes`: eight numbers at a time, exact operations only.
//!
//! ```
//! use kinora_render::{Renderer, Settings, SimdLevel, scene};
//! # use glam::Vec3;
//! let camera = scene::Camera::looking(Vec3::new(0.0, 1.6, 4.0), Vec3::Y, 0.6);
//! let sky = scene::Scene {
//!     camera,
//!     previous_camera: camera,
//!     light: scene::Light::default(),
//!     lamps: vec![],
//!     still: std::sync::Arc::from([]),
//!     moving: vec![],
//!     particle_kind: scene::ParticleKind::Dust,
//!     particles: vec![],
//!     puffs: vec![],
//!     wakes: vec![],
//!     faces: vec![],
//!     interest: (Vec3::ZERO, 4.0),
//!     time: 0.0,
//!     look: None,
//! };
//! let mut renderer = Renderer::new(Settings { width: 64, height: 64, simd: SimdLevel::Detect, passes: false });
//! assert_eq!(renderer.render(&sky).picture.width, 64);
//! ```
//!
//! # Limits today
//! - Of lamps, only those nearest to the action cast shadows: two that shine to all sides, and two with beams.
//! - Shadows are soft within the ball of interest, coarser to five times its radius, and missing beyond.
//! - What stands still and sways casts the shadow of its rest; motion vectors leave the sway out.
//! - Two surfaces of one part in a pixel are shaded as one where depth and facing nearly agree.
//! - From 900 lines on, the insides of surfaces whose detail has faded are shaded at half the resolution, above 1200 lines all
//!   are; edges never, but a triangle that ends within two by two pixels has one colour in them.

mod cube;
mod far;
mod finish;
mod fragments;
mod geometry;
mod glass;
mod lanes;
mod lens;
pub mod looks;
mod meter;
mod mirror;
mod motion;
mod occlusion;
mod particles;
mod passes;
mod pieces;
mod portrait;
mod raster;
mod renderer;
pub mod scene;
mod shade;
mod shadow;
mod shafts;
mod sky;
mod surface;
pub mod texture;
mod view;
mod wakes;
mod waves;

pub use meter::{Metered, meter};
pub use passes::Passes;
pub use pieces::StillShadows;
pub use renderer::{Frame, Renderer, Settings, SimdLevel, Timings};
pub use wakes::lifted;
