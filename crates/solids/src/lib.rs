//! Solids to meshes: signed distance fields, exact primitives.

pub mod field;
mod mesher;
pub mod primitives;

pub use field::Field;
pub use mesher::mesh_field;
pub use primitives::join;
