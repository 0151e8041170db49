//! What legs do: planted paws that carry the trunk, paws that wave, dance, paddle or are drawn up in a leap.

use super::perform::{Base, Stage};
use super::rig::{Leg, crest, wave};
use super::strides::{self, Paw};
use super::swing;
use crate::gait::smoothed;
use crate::skeleton::Rig;
use crate::travel::JUMP_FLIGHT;
use crate::{Anatomy, Surroundings};
use glam::{Quat, Vec3};
use kinora_base::maths::{smootherstep, smoothstep, wrap_angle};

impl Stage<'_> {
    /// How low the trunk goes: as low as the legs need in a tenth of a second around, without a jerk.
    pub(super) fn settle(&self, world: &dyn Surroundings) -> Vec<f32> {
        let half = (0.10 * self.fps).ceil() as usize;
        let needs: Vec<f32> = (0..self.track.len()).map(|i| self.need(i, world)).collect();
        let most: Vec<f32> =
            (0..needs.len()).map(|i| needs[i.saturating_sub(half)..(i + half + 1).min(needs.len())].iter().copied().fold(0.0, f32::max)).collect();
        smoothed(&smoothed(&most, half / 2), half - half / 2)
    }

    /// The paws in the world.
    fn paws(&self, i: usize) -> Vec<Paw> {
        let mut paws: Vec<Paw> = self.strides.paws.iter().map(|p| p[i]).collect();
        let sit = self.sitting[i];
        let (dance, beat) = (self.gestures.dance[i], self.gestures.beat[i]);
        if dance > 0.0 {
            // Two paws across from each other step on every beat.
            let (number, share) = (beat as i32, beat - beat.floor());
            for (leg, paw) in self.plan.legs.iter().zip(&mut paws) {
                let mine = (leg.fore == leg.left) == (number % 2 == 0);
                paw.lift += if mine { dance * 0.20 * self.leg * swing::arc((share / 0.8).min(1.0)) } else { 0.0 };
            }
        }
        for (leg, paw) in self.plan.legs.iter().zip(&mut paws).filter(|(leg, _)| !leg.fore && sit > 0.0) {
            // Hind paws come forward under the haunches, one after the other.
            let own = smootherstep((if leg.left { sit * 1.4 } else { sit * 1.4 - 0.4 }).clamp(0.0, 1.0));
            let out = if leg.left { 0.10 } else { -0.10 };
            let side = Quat::from_rotation_y(paw.facing) * Vec3::X * (out * self.leg * own);
            paw.at = strides::beside(paw.at, paw.facing, 0.58 * self.leg * own) + side;
            paw.lift += own * (1.0 - own) * 0.6 * self.leg;
        }
        paws
    }

    /// How much lower the trunk must be for every planted paw to be reached.
    fn need(&self, i: usize, world: &dyn Surroundings) -> f32 {
        let c = self.character;
        let Base { root, turn, grounded } = self.base(i, world);
        let mut rig = Rig::new(&c.bones);
        self.trunk(i, &mut rig);
        let to_model = |p: Vec3| turn.inverse() * (p - root) / c.scale;
        let one = |(leg, paw): (&Leg, Paw)| {
            let hip = rig.joint(leg.bones[0]).at;
            let target = self.ankle(leg, &paw, &to_model);
            let most = leg.length(c) * 0.985;
            let flat = Vec3::new(hip.x - target.x, 0.0, hip.z - target.z).length_squared();
            (hip.y - target.y) - (most * most - flat).max(0.0).sqrt()
        };
        let stands = |leg: &Leg, p: &Paw| p.swing == 0.0 && !(waves(leg) && self.gestures.wave[i] > 0.05);
        let need = self.plan.legs.iter().zip(self.paws(i)).filter(|(l, p)| stands(l, p)).map(one).fold(0.0, f32::max);
        need.min(0.35 * self.leg / c.scale) * (1.0 - self.loose(i, grounded))
    }

    /// How free the legs are of the ground: in the air, in water, in a leap.
    fn loose(&self, i: usize, grounded: f32) -> f32 {
        let (leaves, flies) = JUMP_FLIGHT;
        let leap = self.jumping[i].map_or(0.0, |t| smoothstep(leaves, leaves + 0.20, t) * (1.0 - smoothstep(leaves + flies - 0.20, leaves + flies, t)));
        leap.max(1.0 - grounded)
    }

    /// The paw's joint in model space.
    fn ankle(&self, leg: &Leg, paw: &strides::Paw, to_model: &dyn Fn(Vec3) -> Vec3) -> Vec3 {
        let height = self.character.bones[leg.bones[3]].rest.y * self.character.scale;
        to_model(paw.at + Vec3::Y * (paw.lift + height))
    }

    pub(super) fn legs(&self, i: usize, rig: &mut Rig<'_>, to_model: &dyn Fn(Vec3) -> Vec3, grounded: f32) {
        let facing = self.track[i].1;
        let loose = self.loose(i, grounded);
        for (leg, paw) in self.plan.legs.iter().zip(self.paws(i)) {
            let wave = if waves(leg) && self.character.anatomy == Anatomy::Quadruped { self.gestures.wave[i] * (1.0 - loose) } else { 0.0 };
            let planted = self.ankle(leg, &paw, to_model).lerp(self.waved(i, leg, rig), wave);
            // Who lies puts the fore legs out in front and draws the hind ones up.
            let ahead = if leg.fore { 0.30 } else { 0.22 };
            let quadruped = if self.character.anatomy == Anatomy::Quadruped { 1.0 } else { 0.0 };
            let planted = planted
                + Vec3::new(
                    if leg.fore {
                        0.0
                    } else if leg.left {
                        0.12
                    } else {
                        -0.12
                    },
                    0.0,
                    ahead,
                ) * (leg.length(self.character) * self.lying[i] * quadruped);
            let free = self.tucked(i, leg, rig);
            let bend = swing::arc(paw.swing) * (1.0 - loose) + 0.79 * loose;
            let yaw = wrap_angle(paw.facing - facing) * (1.0 - loose) * (1.0 - wave);
            leg.reach(self.character, rig, planted.lerp(free, loose), bend, (yaw, wave));
        }
    }

    /// Where a paw is that waves: before the shoulder, swinging from side to side.
    fn waved(&self, i: usize, leg: &Leg, rig: &Rig<'_>) -> Vec3 {
        let long = leg.length(self.character);
        let side = if leg.left { 1.0 } else { -1.0 };
        let swing = wave(1.8 * i as f32 / self.fps);
        rig.joint(leg.bones[0]).at + Vec3::new(side * 0.10 + 0.26 * swing, 0.20 + 0.06 * swing * swing, 0.72) * long
    }

    /// Where a paw is that stands on nothing: folded under a bird, paddling in water, drawn up in a leap.
    fn tucked(&self, i: usize, leg: &Leg, rig: &Rig<'_>) -> Vec3 {
        let c = self.character;
        let hip = rig.joint(leg.bones[0]).at;
        let rest = c.bones[leg.bones[3]].rest - c.bones[leg.bones[0]].rest;
        let long = rest.length();
        if c.anatomy == Anatomy::Bird {
            return hip + Vec3::new(rest.x, -0.35 * long, -0.55 * long);
        }
        let time = i as f32 / self.fps;
        let late = if leg.left { 0.0 } else { 0.5 } + if leg.fore { 0.25 } else { 0.0 };
        let paddle = self.swimming[i];
        let leap = (1.0 - paddle) * if leg.fore { 0.35 } else { -0.45 };
        hip + Vec3::new(
            rest.x,
            rest.y * 0.72 + paddle * 0.14 * long * crest(1.6 * time + late),
            rest.z + long * (leap + paddle * 0.4 * wave(1.6 * time + late)),
        )
    }
}

/// The right fore leg waves.
fn waves(leg: &Leg) -> bool {
    leg.fore && !leg.left
}
