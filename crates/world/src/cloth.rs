//! Cloth of things in the wind: flags stream from their poles, laundry and curtains swing, banners belly between theirs.
//! Where it is follows from the wind of the moment alone.

use glam::{Affine3A, Mat3, Vec3};
use kinora_base::maths::{cos, sin};
use kinora_render::scene::{Instance, Pose};
use kinora_solids::facts::{Cloth, HeldBy};
use std::sync::Arc;

/// The wind at a thing at a moment.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Blast {
    /// How the air goes, metres a second in the world.
    pub air: Vec3,
    /// Seconds of the film.
    pub time: f32,
}

/// Poses what of an instance is cloth, now and a frame before.
pub fn blow(instance: &mut Instance, cloth: &Cloth, [now, before]: [Blast; 2]) {
    let sheet = |world: &Affine3A, blast: Blast| Sheet::new(cloth, world, blast);
    let (now, before) = (sheet(&instance.world_from_object, now), sheet(&instance.previous_world_from_object, before));
    let mesh = &instance.mesh;
    let normal = |(p, n): (&Vec3, &Vec3)| if now.has(*p) { now.normal(*p, *n) } else { *n };
    instance.pose = Some(Arc::new(Pose {
        positions: mesh.positions.iter().map(|p| now.at(*p)).collect(),
        normals: mesh.positions.iter().zip(&mesh.normals).map(normal).collect(),
        previous: mesh.positions.iter().map(|p| before.at(*p)).collect(),
        coarser: Vec::new(),
    }));
}

/// Cloth in its thing's own space at one moment.
struct Sheet {
    low: Vec3,
    high: Vec3,
    by: HeldBy,
    /// Of the air.
    along: Vec3,
    across: Vec3,
    /// How much of its weight the wind carries, 0..1.
    lift: f32,
    time: f32,
}

/// Air of this speed, metres a second, carries half of the cloth's weight.
const CARRIES: f32 = 2.2;

impl Sheet {
    fn new(cloth: &Cloth, world: &Affine3A, blast: Blast) -> Self {
        let scale = world.matrix3.x_axis.length().max(1e-6);
        let own = Vec3::from(world.matrix3.inverse() * glam::Vec3A::from(blast.air)) * scale;
        let level = Vec3::new(own.x, 0.0, own.z);
        let speed = level.length();
        let carries = CARRIES * cloth.heavy.max(0.1);
        // In still air a flag hangs on the side where it was made.
        let along = if cloth.by == HeldBy::Left { (level + Vec3::X * 0.3).normalize_or(Vec3::X) } else { level.normalize_or(Vec3::X) };
        Self {
            low: cloth.low.into(),
            high: cloth.high.into(),
            by: cloth.by,
            along,
            across: along.cross(Vec3::Y),
            lift: speed * speed / (speed * speed + carries * carries),
            time: blast.time,
        }
    }

    fn has(&self, p: Vec3) -> bool {
        p.cmpge(self.low).all() && p.cmple(self.high).all()
    }

    /// Where a point of the thing is.
    fn at(&self, p: Vec3) -> Vec3 {
        if self.has(p) { self.blown(p) } else { p }
    }

    /// Where a point of the cloth is.
    fn blown(&self, p: Vec3) -> Vec3 {
        match self.by {
            HeldBy::Left => {
                let out = p.x - self.low.x;
                let falls = 1.15 * (1.0 - self.lift);
                let wave = out.min(0.9) * (0.03 + 0.10 * self.lift) * sin(7.0 * out - 8.5 * self.time + 1.2 * p.y);
                let way = self.along * cos(falls) - Vec3::Y * sin(falls);
                Vec3::new(self.low.x, p.y, 0.0) + way * out + self.across * (p.z + wave)
            }
            HeldBy::Top => {
                let down = self.high.y - p.y;
                let angle = self.lift * (0.8 + 0.22 * sin(5.3 * self.time - 2.0 * p.x) + 0.10 * sin(9.1 * self.time - 5.0 * p.x - 3.0 * down));
                let wave = 0.05 * self.lift * down * sin(9.0 * p.x - 6.7 * self.time);
                Vec3::new(p.x, self.high.y, p.z) + (self.along * sin(angle) - Vec3::Y * cos(angle)) * down + self.across * wave
            }
            HeldBy::Sides => {
                let half = (self.high.x - self.low.x) * 0.5;
                let u = (p.x - self.low.x) / half - 1.0;
                let free = self.lift * (1.0 - u * u);
                // Wind that comes at a slant bellies it too.
                let square = self.along.z.abs().sqrt() * self.along.z.signum();
                let belly = 0.20 * half * square * (1.0 + 0.30 * sin(3.9 * self.time) + 0.12 * sin(7.7 * self.time + 2.0 * p.y));
                // Gusts run along it, with the wind.
                let wave = 0.03 * sin(3.2 * (p.x * self.along.x.signum() - 2.1 * self.time) + 1.5 * p.y);
                p + Vec3::Z * (free * (belly + wave))
            }
        }
    }

    /// The normal of the cloth: as the sheet is turned there.
    fn normal(&self, p: Vec3, n: Vec3) -> Vec3 {
        const STEP: f32 = 2e-3;
        let here = self.blown(p);
        let [x, y, z] = [Vec3::X, Vec3::Y, Vec3::Z].map(|axis| (self.blown(p + axis * STEP) - here) / STEP);
        let turned = Mat3::from_cols(y.cross(z), z.cross(x), x.cross(y)) * n;
        turned.normalize_or(n)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use kinora_solids::Model;
    use kinora_solids::primitives::rounded_box;

    const FLAG: Cloth = Cloth { low: (0.0, 1.0, -0.2), high: (1.2, 2.0, 0.2), by: HeldBy::Left, heavy: 1.0 };

    fn posed(cloth: &Cloth, world: Affine3A, air: Vec3, time: f32) -> Instance {
        let mut mesh = rounded_box(Vec3::new(0.55, 0.4, 0.01), 0.004, 3);
        mesh.positions.iter_mut().for_each(|p| *p += Vec3::new(0.57, 1.5, 0.0));
        // The pole.
        mesh.positions.push(Vec3::new(-0.3, 1.5, 0.0));
        mesh.normals.push(Vec3::X);
        let mut instance = Model::new(vec![mesh], Vec::new()).instance(0, world, 1);
        blow(&mut instance, cloth, [Blast { air, time }; 2]);
        instance
    }

    fn mean(instance: &Instance) -> Vec3 {
        let all = &instance.pose.as_ref().expect("a pose").positions;
        instance.world_from_object.transform_vector3(all[..all.len() - 1].iter().sum::<Vec3>() / (all.len() - 1) as f32 - Vec3::Y * 1.5)
    }

    #[test]
    fn flags_stream_with_the_wind_whichever_way_they_stand() {
        for yaw in [0.0, 1.0, -2.0] {
            let world = Affine3A::from_rotation_y(yaw);
            for wind in [Vec3::X, Vec3::Z, Vec3::new(-0.6, 0.0, 0.8)] {
                let flag = mean(&posed(&FLAG, world, wind * 7.0, 3.0));
                let level = Vec3::new(flag.x, 0.0, flag.z).normalize();
                assert!(level.dot(wind) > 0.97, "turned by {yaw}, wind {wind}: it streams to {level}");
                assert!(flag.y > -0.12, "a strong wind carries it: {flag}");
            }
            assert!(mean(&posed(&FLAG, world, Vec3::ZERO, 3.0)).y < -0.3, "in still air it hangs");
        }
    }

    #[test]
    fn banners_belly_away_from_the_wind_and_stay_on_their_poles() {
        let banner = Cloth { by: HeldBy::Sides, ..FLAG };
        let at = |air: Vec3, x: f32| {
            let sheet = Sheet::new(&banner, &Affine3A::IDENTITY, Blast { air, time: 0.4 });
            sheet.blown(Vec3::new(x, 1.5, 0.0)).z
        };
        for side in [1.0, -1.0] {
            assert!(at(Vec3::Z * (6.0 * side), 0.6) * side > 0.06, "it bellies to where the wind goes: {}", at(Vec3::Z * (6.0 * side), 0.6));
        }
        assert!(at(Vec3::Z * 6.0, 0.0).abs() < 1e-6 && at(Vec3::Z * 6.0, 1.2).abs() < 1e-6, "its poles hold it");
        assert_eq!(at(Vec3::ZERO, 0.6), 0.0, "in still air it is flat");
        let curtain = Cloth { by: HeldBy::Top, heavy: 3.0, ..FLAG };
        let angle = |cloth: &Cloth| mean(&posed(cloth, Affine3A::IDENTITY, Vec3::Z * 4.0, 1.0)).z;
        assert!(angle(&curtain) > 0.02 && angle(&curtain) < 0.6 * angle(&Cloth { heavy: 1.0, ..curtain }), "what is heavy moves less");
    }

    #[test]
    fn cloth_keeps_its_size_its_normals_and_what_holds_it() {
        for by in [HeldBy::Left, HeldBy::Top, HeldBy::Sides] {
            let cloth = Cloth { by, ..FLAG };
            for k in 0..20 {
                let air = Vec3::new(3.0, 0.0, -4.0) * (k as f32 / 10.0);
                let flag = posed(&cloth, Affine3A::IDENTITY, air, k as f32 * 0.37);
                let pose = flag.pose.as_ref().expect("a pose");
                assert_eq!(pose.positions.last(), Some(&Vec3::new(-0.3, 1.5, 0.0)), "the pole stays");
                for t in &flag.mesh.triangles {
                    for (a, b) in [(t[0], t[1]), (t[1], t[2])] {
                        let [was, is] = [&flag.mesh.positions, &pose.positions].map(|p| p[a as usize].distance(p[b as usize]));
                        assert!(is < was * 1.45 + 0.01, "{by:?}: an edge of {was} m is {is} m long in wind {air}");
                    }
                }
                assert!(pose.normals.iter().all(|n| (n.length() - 1.0).abs() < 1e-3), "{by:?}: unit normals");
            }
        }
        let faces = posed(&FLAG, Affine3A::IDENTITY, Vec3::Z * 8.0, 1.0);
        let pose = faces.pose.as_ref().expect("a pose");
        let sides = pose.normals.iter().zip(&faces.mesh.normals).filter(|(_, was)| was.z.abs() > 0.9).map(|(n, _)| n.x.abs());
        assert!(sides.fold(1.0, f32::min) > 0.6, "the sides of a flag that streams towards the lens look aside");
    }
}
