//! The camera as numbers: from the world to homogeneous pixels and back along rays.

use crate::scene::Camera;
use glam::{Affine3A, Vec3};
use kinora_base::maths;

/// A camera at a picture size.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct View {
    pub(crate) eye: Vec3,
    pub(crate) right: Vec3,
    pub(crate) up: Vec3,
    pub(crate) forward: Vec3,
    /// Pixels for a slope of one.
    pub(crate) focal: f32,
    pub(crate) cx: f32,
    pub(crate) cy: f32,
    pub(crate) width: usize,
    pub(crate) height: usize,
    /// A reflected camera: it sees nothing under this height.
    pub(crate) under: Option<f32>,
}

/// Nearer than this nothing is drawn, metres.
pub(crate) const NEAR: f32 = 0.02;

impl View {
    pub(crate) fn new(camera: &Camera, width: usize, height: usize) -> Self {
        let turn = camera.world_from_camera.normalize();
        let half = camera.vertical_fov.clamp(0.01, 3.0) * 0.5;
        Self {
            eye: camera.eye,
            right: turn * Vec3::X,
            up: turn * Vec3::Y,
            forward: turn * Vec3::NEG_Z,
            focal: height as f32 * 0.5 / maths::tan(half),
            cx: width as f32 * 0.5,
            cy: height as f32 * 0.5,
            width,
            height,
            under: None,
        }
    }

    /// The height of a point in the world from its homogeneous pixels.
    #[inline(always)]
    pub(crate) fn height_of(&self, p: [f32; 3]) -> f32 {
        let (across, down) = ((p[0] - self.cx * p[2]) / self.focal, (p[1] - self.cy * p[2]) / self.focal);
        self.eye.y + self.forward.y * p[2] + self.right.y * across - self.up.y * down
    }

    /// Homogeneous pixels (x w, y w, w) of a point in the world, w in metres along the axis.
    pub(crate) fn pixels(&self, world: Vec3) -> [f32; 3] {
        let d = world - self.eye;
        let w = self.forward.dot(d);
        [self.focal * self.right.dot(d) + self.cx * w, self.cy * w - self.focal * self.up.dot(d), w]
    }

    /// The three rows that take a point of an object to homogeneous pixels: `row.0 . p + row.1`.
    pub(crate) fn rows(&self, world_from_object: &Affine3A) -> [(Vec3, f32); 3] {
        let m = world_from_object.matrix3;
        let origin = Vec3::from(world_from_object.translation) - self.eye;
        let row = |a: Vec3| (Vec3::new(a.dot(m.x_axis.into()), a.dot(m.y_axis.into()), a.dot(m.z_axis.into())), a.dot(origin));
        [row(self.right * self.focal + self.forward * self.cx), row(self.forward * self.cy - self.up * self.focal), row(self.forward)]
    }

    /// The direction through a pixel position, one metre deep along the axis.
    pub(crate) fn ray(&self, x: f32, y: f32) -> Vec3 {
        self.forward + self.right * ((x - self.cx) / self.focal) - self.up * ((y - self.cy) / self.focal)
    }

    /// Whether a ball may be in the picture.
    pub(crate) fn sees(&self, centre: Vec3, radius: f32) -> bool {
        let d = centre - self.eye;
        let (x, y, z) = (self.right.dot(d), self.up.dot(d), self.forward.dot(d));
        let (ax, ay) = (self.cx / self.focal, self.cy / self.focal);
        let reach = |a: f32| radius * (1.0 + a * a).sqrt();
        z > -radius && x.abs() - ax * z < reach(ax) && y.abs() - ay * z < reach(ay)
    }
}
