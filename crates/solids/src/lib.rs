//! Solids to meshes: signed distances, lathes, tufts, levels of detail, materials.
