//! Who, of what, how far, whence, facing where, in which colour: of each pixel's first sample.

use crate::geometry::Geometry;
use crate::lanes::plain::Plain;
use crate::lanes::{F, V3};
use crate::raster::{NONE, SAMPLES, Samples};
use crate::scene::Material;
use crate::surface;
use crate::view::View;
use glam::Vec3;

/// The passes of a frame, rows from the top.
#[derive(Clone, Debug, PartialEq)]
pub struct Passes {
    /// Width in pixels.
    pub width: usize,
    /// Height in pixels.
    pub height: usize,
    /// Instance ids; 0 is the set and the sky.
    pub id: Vec<u16>,
    /// Metres along the view axis; infinite for the sky.
    pub depth: Vec<f32>,
    /// Pixels from the previous frame to this one, x right, y down.
    pub motion: Vec<[f32; 2]>,
    /// Unit normals in the world, without relief; nought for the sky.
    pub normal: Vec<[f32; 3]>,
    /// Colour of the surface under white light, linear, with paint, coats and mottle; nought for the sky.
    pub albedo: Vec<[f32; 3]>,
    /// Numbers of materials, from 1, in the order in which the frame's instances name them; 0 for the sky.
    pub material: Vec<u16>,
}

impl Passes {
    pub(crate) fn new(width: usize, height: usize) -> Self {
        let n = width * height;
        Self {
            width,
            height,
            id: vec![0; n],
            depth: vec![f32::INFINITY; n],
            motion: vec![[0.0; 2]; n],
            normal: vec![[0.0; 3]; n],
            albedo: vec![[0.0; 3]; n],
            material: vec![0; n],
        }
    }
}

/// Fills the passes of one tile (x, y, width, height).
pub(crate) fn fill(passes: &mut Passes, samples: &Samples, (geometry, materials): (&Geometry, &[&Material]), (view, before): (&View, &View), tile: [usize; 4]) {
    let [x0, y0, w, h] = tile;
    for y in 0..h {
        for x in 0..w {
            let at = (y0 + y) * passes.width + x0 + x;
            let here = [(x0 + x) as f32 + SAMPLES[0][0], (y0 + y) as f32 + SAMPLES[0][1]];
            let index = samples.id(x, y, 0);
            let old = if index == NONE {
                before.pixels(before.eye + view.ray(here[0], here[1]))
            } else {
                let t = &geometry.triangles[index as usize];
                passes.id[at] = geometry.parts[geometry.faces[index as usize].part as usize].id;
                passes.depth[at] = 1.0 / samples.depth(x, y, 0);
                let e = t.edges_at(here[0], here[1]);
                let sum = e[0] + e[1] + e[2];
                let mut p = [0.0; 3];
                let mut looked_up = [0.0; 12];
                for (i, share) in e.iter().enumerate() {
                    let corner = t.corner(i);
                    for (k, p) in p.iter_mut().enumerate() {
                        *p += geometry.previous[corner][k] * (share / sum);
                    }
                    for (v, c) in looked_up.iter_mut().zip(geometry.corners[corner].0) {
                        *v += c * (share / sum);
                    }
                }
                let number = geometry.material(index);
                passes.material[at] = number + 1;
                surface_at(passes, at, &looked_up, materials[usize::from(number)]);
                p
            };
            if old[2] > 1e-6 {
                passes.motion[at] = [here[0] - old[0] / old[2], here[1] - old[1] / old[2]];
            }
        }
    }
}

/// Normal and albedo from what shading interpolates.
fn surface_at(passes: &mut Passes, at: usize, [nx, ny, nz, _, x, y, z, _, r, g, b, _]: &[f32; 12], material: &Material) {
    let normal = Vec3::new(*nx, *ny, *nz).normalize_or_zero();
    passes.normal[at] = normal.to_array();
    let same = |v: Vec3| V3::<Plain>::of(v);
    // Mottle as it is seen from near: it does not depend on the size of the picture.
    let albedo = surface::albedo::<Plain>(material, same(Vec3::new(*x, *y, *z)), same(normal), same(Vec3::new(*r, *g, *b)), 0.001);
    let first = |v: F<Plain>| v.array()[0].max(0.0);
    passes.albedo[at] = [first(albedo.x), first(albedo.y), first(albedo.z)];
}
