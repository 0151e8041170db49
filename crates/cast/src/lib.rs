//! People and creatures: bodies, skeletons, motion, faces.
