//! Plan and voices become a staging; a staging at frame n becomes a scene.
