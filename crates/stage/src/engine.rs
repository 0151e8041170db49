//! Engines draw frames of a staging. [`Photographer`] is the embedded one: the scene at frame n, drawn by `render`.
//! [`Blank`] draws cards and is for tests.

use crate::blocking::seed_of;
use crate::staging::Staging;
use crate::things::{self, Added, Live, Moment};
use crate::{StageError, camera};
use glam::{Affine3A, Vec3};
use kinora_base::picture::Yuv420;
use kinora_base::{Seed, maths};
use kinora_cast::Character;
use kinora_plan::{RoleKind, State, TransitionKind};
use kinora_render::looks::Look;
use kinora_render::scene::{Face, Instance, Relief, Scene, Wake};
use kinora_render::{Frame, Metered, Renderer, Settings, SimdLevel, StillShadows};
use kinora_solids::{Letters, Model};
use kinora_vocabulary::{Kind, Vocabulary};
use kinora_world::beams;
use kinora_world::looks::Makeover;
use kinora_world::states::Condition;
use kinora_world::{Finish, ModelLibrary, Turns};
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, OnceLock};

/// Draws frames. Frame n depends only on the staging and n.
pub trait Engine: Sync {
    /// A drawer for one thread.
    fn shooter(&self) -> Box<dyn Shot + Send + '_>;
}

/// One thread's drawer.
pub trait Shot {
    /// The picture (and the passes, if they were asked for) of a frame.
    fn shoot(&mut self, frame: i64) -> Frame;
    /// Milliseconds by pass of the last frame, for benches.
    fn timings(&self) -> Vec<(&'static str, f64)> {
        Vec::new()
    }
}

/// What stands still in a shot, made when it is first asked for.
type Still = Arc<OnceLock<Arc<[Instance]>>>;

/// The embedded engine.
pub struct Photographer<'a> {
    staging: &'a Staging,
    vocabulary: &'a Vocabulary,
    library: ModelLibrary,
    /// By role and member of a group.
    bodies: BTreeMap<(String, u32), Character>,
    /// By scene: what burns, shines or changes.
    live: Vec<Vec<Live>>,
    stills: Mutex<BTreeMap<usize, Still>>,
    shadows: Arc<StillShadows>,
    meters: Mutex<BTreeMap<usize, Metered>>,
    failure: Mutex<Option<StageError>>,
    /// What the look makes of materials, and of the picture.
    makeover: Makeover,
    look: Option<Arc<Look>>,
    simd: SimdLevel,
    passes: bool,
}

impl<'a> Photographer<'a> {
    /// For a staging.
    ///
    /// # Errors
    /// If a role's body cannot be made.
    pub fn new(staging: &'a Staging, vocabulary: &'a Vocabulary, simd: SimdLevel, passes: bool) -> Result<Self, StageError> {
        let mut bodies = BTreeMap::new();
        for role in staging.plan.cast.iter().filter(|r| r.kind != RoleKind::Vehicle) {
            let acts = |member: u32| staging.scenes.iter().any(|s| s.actors.iter().any(|a| a.role == role.id && a.member == member));
            for member in (0..role.count.max(1)).filter(|m| acts(*m)) {
                // Animals of a group are alike, people are not.
                let of = if role.kind == RoleKind::Person { member } else { 0 };
                let body = staging.company.character(role, vocabulary, seed_of(&staging.plan, &role.id, of))?.output;
                bodies.insert((role.id.clone(), member), body);
            }
        }
        let look = kinora_world::looks::look(vocabulary, &staging.plan.look)?;
        let live = staging.scenes.iter().map(|s| things::live(s, vocabulary)).collect();
        Ok(Self {
            staging,
            vocabulary,
            library: ModelLibrary::default(),
            bodies,
            live,
            stills: Mutex::new(BTreeMap::new()),
            shadows: Arc::new(StillShadows::for_lines(staging.plan.size.height as usize)),
            meters: Mutex::new(BTreeMap::new()),
            failure: Mutex::new(None),
            look: look.of_picture(),
            makeover: look.scene.materials,
            simd,
            passes,
        })
    }

    /// Sets the words on things in these fonts; without, there are the Latin letters of the binary.
    #[must_use]
    pub fn with_letters(mut self, letters: Letters) -> Self {
        self.library = ModelLibrary::lettered(letters);
        self
    }

    /// The body of a member of a role, if it is a person or an animal that is in a scene.
    #[must_use]
    pub fn body(&self, role: &str, member: u32) -> Option<&Character> {
        self.bodies.get(&(role.to_owned(), member))
    }

    /// What stands still in a shot, at the levels of detail that the shot's camera path needs.
    fn still(&self, shot: usize) -> Arc<[Instance]> {
        let cell = {
            let mut stills = self.stills.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
            let cell = stills.entry(shot).or_default().clone();
            // Films are drawn in order, and a dissolve looks back by one shot.
            stills.retain(|k, _| *k + 3 > shot);
            cell
        };
        cell.get_or_init(|| self.build_still(shot)).clone()
    }

    fn build_still(&self, shot: usize) -> Arc<[Instance]> {
        let staging = self.staging;
        let staged = &staging.scenes[staging.scene_of(shot).0];
        let cameras = &staging.cameras[staging.cuts[shot] as usize..staging.cuts[shot + 1] as usize];
        let step = (cameras.len() / 8).max(1);
        let height = staging.plan.size.height as f32;
        let aspect = staging.plan.size.width as f32 / height;
        let level_for = |at: Vec3, radius: f32| {
            let sampled = || cameras.iter().step_by(step).chain(cameras.last());
            // What stays out of the picture only casts its shadow.
            let edge = if sampled().any(|c| near_view(c, aspect, at, radius)) { SET_EDGE } else { SET_EDGE * 4.0 };
            let pixels = |c: &kinora_render::scene::Camera| camera::pixels_per_metre(c, ((c.eye - at).length() - radius).max(0.4), height);
            // What is out of focus needs no edges finer than its discs.
            sampled().map(|c| (edge + crate::lens::blur(c, at, radius) * BLURRED_EDGE) * height / pixels(c).max(1e-3)).fold(f32::MAX, f32::min)
        };
        match kinora_world::instances(&staged.set, &|p| things::stands(staged, p, self.vocabulary), (&self.library, self.vocabulary), &level_for) {
            Ok(mut instances) => {
                instances.retain(|i| i.sway < 0.05 || !before_the_lens(i, cameras));
                self.makeover.apply(&mut instances);
                Arc::from(instances)
            }
            Err(error) => {
                self.fail(error.into());
                Arc::from([])
            }
        }
    }

    /// What went wrong while frames were drawn, if anything did: a film drawn in spite of it is not to be kept.
    pub fn failure(&self) -> Option<StageError> {
        self.failure.lock().unwrap_or_else(std::sync::PoisonError::into_inner).take()
    }

    /// What a light meter says of a shot, at a quarter and three quarters of its length. Threads that come to a shot together all ask it,
    /// and share the work by its shadows.
    fn metered(&self, shot: usize) -> Metered {
        let kept = || self.meters.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        if let Some(known) = kept().get(&shot) {
            return *known;
        }
        let (first, end) = (self.staging.cuts[shot], self.staging.cuts[shot + 1]);
        let frames = [1, 3].map(|k| first + (end - first) * k / 4);
        let metered = kinora_render::meter(frames.map(|f| self.unexposed(f)), self.simd, self.shadows.clone());
        kept().insert(shot, metered);
        metered
    }

    /// The scene that the renderer draws at a frame.
    #[must_use]
    pub fn scene(&self, frame: i64) -> Scene {
        let mut scene = self.unexposed(frame);
        let metered = self.metered(self.staging.shot_at(frame));
        scene.light.exposure *= metered.exposure;
        scene.light.ends = metered.ends;
        scene
    }

    /// The scene at a frame, exposed as its light was made.
    fn unexposed(&self, frame: i64) -> Scene {
        let staging = self.staging;
        let shot = staging.shot_at(frame);
        let (index, start) = staging.scene_of(shot);
        let scene = &staging.scenes[index];
        let now = start + (frame - staging.cuts[shot]).max(0) as usize;
        let before = if frame > staging.cuts[shot] { now - 1 } else { now };
        let view = staging.cameras[frame as usize];
        let previous_camera = if frame > staging.cuts[shot] { staging.cameras[frame as usize - 1] } else { view };
        let time = frame as f32 * staging.fps().seconds_per_frame();
        let moment = Moment { scene, now, time, fps: staging.fps().0 as f32, eye: view.eye };
        let mut added = Added::default();
        let level = |model: &Model, world: Affine3A| self.level(model, Vec3::from(world.translation), world.matrix3.y_axis.length(), &view);
        if let Err(error) = things::add(&self.live[index], &moment, (&self.library, self.vocabulary), &level, &mut added) {
            self.fail(error.into());
        }
        let interest = self.interest(shot, frame);
        let (front, texels) = (front(scene, now, &view), self.shadows.texels(interest.1));
        for (k, actor) in scene.actors.iter().enumerate() {
            self.add_actor(actor, now, before, &view, (front, texels), &mut added.moving);
            self.add_gear(&moment, k, before, &view, &mut added);
        }
        for held in scene.held.iter().filter(|h| !is_gear(scene, h, now)) {
            self.add_held(&moment, held, before, &view, &mut added);
        }
        for driven in &scene.driven {
            self.add_vehicle(&moment, driven, before, &view, &mut added);
        }
        self.makeover.apply(&mut added.moving);
        let planned = &staging.plan.scenes[index];
        let (still, wakes) = (self.still(shot), self.wakes(scene, now));
        added.moving.extend(ridges(&wakes, &still, &scene.set));
        let (particle_kind, particles) = kinora_world::particles(planned, &scene.set, self.vocabulary, &view, time, staging.plan.root_seed().child(&scene.id));
        let mut puffs = kinora_world::effects::drifting(planned, &scene.set, self.vocabulary, &view, time, staging.plan.root_seed().child(&scene.id));
        puffs.append(&mut added.puffs);
        Scene {
            camera: view,
            previous_camera,
            light: scene.light.clone(),
            lamps: added.lamps.into_iter().chain(scene.set.lamps.iter().copied()).collect(),
            still,
            interest,
            moving: added.moving,
            particle_kind,
            particles,
            puffs,
            wakes,
            faces: faces(scene, now),
            time,
            look: self.look.clone(),
        }
    }

    /// The share of a frame that one number of the id pass would fill if nothing else were there, found at a small size.
    #[must_use]
    pub fn alone(&self, frame: i64, number: u16) -> f32 {
        let mut scene = self.unexposed(frame);
        scene.still = scene.still.iter().filter(|i| i.id == number).cloned().collect();
        scene.moving.retain(|i| i.id == number);
        scene.particles.clear();
        scene.puffs.clear();
        scene.look = None;
        if scene.still.is_empty() && scene.moving.is_empty() {
            return 0.0;
        }
        let size = self.staging.plan.size;
        let small = |side: u32| (side * ALONE_HEIGHT / size.height.max(1)).max(16) as usize;
        let settings = Settings { width: small(size.width) & !1, height: ALONE_HEIGHT as usize, simd: self.simd, passes: true };
        let drawn = Renderer::new(settings).render(&scene);
        drawn.passes.map_or(0.0, |p| p.id.iter().filter(|id| **id == number).count() as f32 / p.id.len().max(1) as f32)
    }

    /// Where shadows matter: around everybody who moves, over the whole shot if they keep near, so that the shadows of
    /// what stands still are drawn but once.
    fn interest(&self, shot: usize, frame: i64) -> (Vec3, f32) {
        let (first, end) = (self.staging.cuts[shot], self.staging.cuts[shot + 1]);
        let step = ((end - first) / 8).max(1);
        let mut all: Vec<(Vec3, Vec3)> = (first..end).step_by(step as usize).chain([end - 1]).flat_map(|f| self.movers(shot, f)).collect();
        let mut around = surroundings(&all);
        if around.is_none_or(|(_, spread, _)| spread > 5.0) {
            all = self.movers(shot, frame);
            around = surroundings(&all);
        }
        let stage = self.staging.scenes[self.staging.scene_of(shot).0].set.stage_area.centre;
        around.map_or((stage, 8.0), |(middle, spread, reach)| (middle, (spread + 6.0).max(reach * 0.6).min(40.0)))
    }

    /// Where actors and vehicles are at a frame of a shot, each with the camera's place.
    fn movers(&self, shot: usize, frame: i64) -> Vec<(Vec3, Vec3)> {
        let (scene, start) = self.staging.scene_of(shot);
        let scene = &self.staging.scenes[scene];
        let now = start + (frame - self.staging.cuts[shot]).max(0) as usize;
        let eye = self.staging.cameras[frame as usize].eye;
        let actors = scene.actors.iter().filter_map(|a| a.performance.poses.get(now.min(a.performance.poses.len().saturating_sub(1))));
        let vehicles = scene.driven.iter().filter_map(|d| d.track.get(now.min(d.track.len().saturating_sub(1))));
        actors.map(|pose| pose.landmarks.chest).chain(vehicles.map(|track| track.0)).map(|at| (at, eye)).collect()
    }

    fn add_actor(
        &self,
        actor: &crate::Actor,
        now: usize,
        before: usize,
        view: &kinora_render::scene::Camera,
        (front, texels): (f32, [f32; 2]),
        moving: &mut Vec<Instance>,
    ) {
        let Some(body) = self.bodies.get(&(actor.role.clone(), actor.member)) else { return };
        let poses = &actor.performance.poses;
        let Some(pose) = poses.get(now.min(poses.len().saturating_sub(1))) else { return };
        let was = &poses[before.min(poses.len() - 1)];
        let away = (pose.landmarks.chest - view.eye).length();
        let edge = if away > front { CROWD_EDGE } else { ACTOR_EDGE };
        let pixels = camera::pixels_per_metre(view, (away - body.radius).max(0.25), self.staging.plan.size.height as f32);
        let coarsest = |fine: &dyn Fn(f32) -> bool| (0..body.levels.len()).rev().find(|k| fine(body.levels[*k].edge)).unwrap_or(0);
        let level = coarsest(&|e| e * pixels <= edge * self.staging.plan.size.height as f32);
        // Shadows need no finer shapes than the texels they fall on.
        let mut coarser = texels.map(|texel| coarsest(&|e| kinora_render::scene::throws(e * body.scale, texel))).to_vec();
        coarser.dedup();
        coarser.retain(|k| *k > level);
        moving.push(Instance {
            mesh: body.levels[level].mesh.clone(),
            materials: body.materials.clone(),
            world_from_object: kinora_cast::world_from_object(body, pose),
            previous_world_from_object: kinora_cast::world_from_object(body, was),
            pose: Some(Arc::new(kinora_cast::pose(body, level, &coarser, pose, was))),
            id: actor.id,
            casts_shadow: true,
            sway: 0.0,
        });
    }

    /// What an actor's motions bring along. What the plan has put into the same hands takes the place of the main thing.
    fn add_gear(&self, moment: &Moment<'_>, k: usize, before: usize, view: &kinora_render::scene::Camera, added: &mut Added) {
        let (scene, now) = (moment.scene, moment.now);
        let performance = &scene.actors[k].performance;
        let last = performance.poses.len().saturating_sub(1);
        let (Some(pose), Some(was)) = (performance.poses.get(now.min(last)), performance.poses.get(before.min(last))) else { return };
        for carried in &pose.carried {
            let Some(piece) = performance.gear.get(usize::from(carried.piece)).filter(|p| !p.thing.is_empty()) else { continue };
            let held = stands_for(scene, k, piece);
            // What two hold is drawn once.
            let twice = |a: &crate::Actor| a.performance.gear.iter().any(|p| p.shared && p.thing == piece.thing);
            if piece.shared && scene.actors[..k].iter().any(twice) {
                continue;
            }
            if piece.stands && scene.actors[..k].iter().any(|a| a.role == scene.actors[k].role && has_the_same(a, piece, carried, now)) {
                continue;
            }
            let word = held.map_or(&piece.thing, |h| &h.word);
            let condition = held.map_or_else(Condition::default, |h| scene.condition(h.id, h.state, now, moment.fps));
            let finish = held.map_or_else(
                || Finish { seed: 1, ..Finish::default() },
                |h| Finish {
                    colour: h.colour.clone(),
                    material: h.material.clone(),
                    seed: 1,
                    aglow: condition.state == Some(State::Glowing),
                    ..Finish::default()
                },
            );
            let kind = if self.vocabulary.get(Kind::Prop, word).is_some() { Kind::Prop } else { Kind::Vehicle };
            if self.vocabulary.get(kind, word).is_none() {
                continue;
            }
            let Some(model) = self.model(kind, word, &finish) else { continue };
            let grip = if piece.stands { None } else { crate::layout::facts(self.vocabulary, word).grip };
            let grip = grip.map_or(Vec3::ZERO, Vec3::from);
            let (id, scale) = held.map_or((0, 1.0), |h| (h.id, h.scale));
            let at = |c: &kinora_cast::Carried| Affine3A::from_scale_rotation_translation(c.size * scale, c.turn, c.at) * Affine3A::from_translation(-grip);
            let previous = was.carried.iter().find(|c| c.piece == carried.piece).unwrap_or(carried);
            let level = self.level(&model, carried.at, carried.size.max_element() * scale, view);
            let mut instance = model.instance(level, at(carried), id);
            instance.previous_world_from_object = at(previous);
            if kind == Kind::Prop {
                moment.blow(&mut instance, word, self.vocabulary);
            }
            added.moving.push(instance);
            if kind == Kind::Prop {
                let seed = Seed(u64::from(scene.actors[k].id)).child("gear").index(u64::from(carried.piece));
                things::shine((word, condition), (&model, at(carried)), self.vocabulary, added);
                let lives = things::Carried { word, condition, world: at(carried), seed, id };
                if let Err(error) = lives.add(moment, (&self.library, self.vocabulary), added) {
                    self.fail(error.into());
                }
                continue;
            }
            self.add_head_lamps(word, at(carried), moment, added);
            for part in kinora_world::turning(&self.library, self.vocabulary, word) {
                let turned = |c: &kinora_cast::Carried| at(c) * part.turned(c.rolled, c.size.max_element() * scale, 0.0);
                let mut instance = part.model.instance(level.min(part.model.levels.len() - 1), turned(carried), id);
                instance.previous_world_from_object = turned(previous);
                added.moving.push(instance);
            }
        }
    }

    fn model(&self, kind: Kind, word: &str, finish: &Finish) -> Option<Arc<Model>> {
        match self.library.model(self.vocabulary, kind, word, finish) {
            Ok(model) => Some(model),
            Err(error) => {
                self.fail(error.into());
                None
            }
        }
    }

    /// Keeps the first thing that went wrong.
    fn fail(&self, error: StageError) {
        self.failure.lock().unwrap_or_else(std::sync::PoisonError::into_inner).get_or_insert(error);
    }

    fn level(&self, model: &Model, at: Vec3, scale: f32, view: &kinora_render::scene::Camera) -> usize {
        let pixels = camera::pixels_per_metre(view, ((at - view.eye).length() - model.bounds.radius() * scale).max(0.3), self.staging.plan.size.height as f32);
        (0..model.levels.len()).rev().find(|k| model.levels[*k].edge * scale * pixels <= ACTOR_EDGE * self.staging.plan.size.height as f32).unwrap_or(0)
    }

    fn add_held(&self, moment: &Moment<'_>, held: &crate::Held, before: usize, view: &kinora_render::scene::Camera, added: &mut Added) {
        let (scene, now) = (moment.scene, moment.now);
        let finish = Finish { colour: held.colour.clone(), material: held.material.clone(), text: held.text.clone(), seed: 1, ..Finish::default() };
        let condition = scene.condition(held.id, held.state, now, moment.fps);
        let Some(model) = self.model(Kind::Prop, &held.word, &kinora_world::states::dressed(finish, condition)) else { return };
        let Some(actor) = scene.actors.get(held.actor) else { return };
        let facts = crate::layout::facts(self.vocabulary, &held.word);
        let grip = facts.grip.map_or(Vec3::ZERO, Vec3::from) * held.scale;
        let at = |frame: usize| {
            let poses = &actor.performance.poses;
            let l = &poses[frame.min(poses.len() - 1)].landmarks;
            let (place, turn) = held.track.get(frame).or(held.track.last()).copied().unwrap_or((l.grip, l.grip_turn));
            Affine3A::from_rotation_translation(turn, place) * Affine3A::from_translation(-grip) * Affine3A::from_scale(Vec3::splat(held.scale))
        };
        let level = self.level(&model, Vec3::from(at(now).translation), held.scale, view);
        let mut instance = model.instance(level, at(now), held.id);
        instance.previous_world_from_object = at(before);
        moment.blow(&mut instance, &held.word, self.vocabulary);
        added.moving.push(instance);
        things::shine((&held.word, condition), (&model, at(now)), self.vocabulary, added);
        if let Err(error) = things::Carried::held(held, at(now), moment).add(moment, (&self.library, self.vocabulary), added) {
            self.fail(error.into());
        }
    }

    /// The head lamps of a vehicle, if it is dark enough for them.
    fn add_head_lamps(&self, word: &str, world: Affine3A, moment: &Moment<'_>, added: &mut Added) {
        let facts = crate::vehicle::facts(self.vocabulary, word);
        let strength = if moment.scene.set.underwater { 1.7 } else { moment.scene.set.lamp_strength };
        let lamps = beams::head_lamps(&facts.lights, world, strength);
        added.puffs.extend(beams::in_the_air(&lamps, beams::OVER, moment.eye, &moment.scene.light));
        added.lamps.extend(lamps);
    }

    fn add_vehicle(&self, moment: &Moment<'_>, driven: &crate::Driven, before: usize, view: &kinora_render::scene::Camera, added: &mut Added) {
        let now = moment.now;
        let traits = self.staging.plan.role(&driven.role).map(|r| &r.traits);
        let (material, text) = (traits.and_then(|t| t.material.clone()), traits.and_then(|t| t.text.clone()));
        let aglow = traits.is_some_and(|t| t.state == Some(State::Glowing));
        let finish = Finish { colour: driven.colour.clone(), material, text, aglow, seed: 1, ..Finish::default() };
        let Some(model) = self.model(Kind::Vehicle, &driven.word, &finish) else { return };
        let at = |frame: usize| {
            let (p, q, rolled) = driven.track[frame.min(driven.track.len() - 1)];
            (Affine3A::from_scale_rotation_translation(Vec3::splat(driven.scale), q, p), rolled)
        };
        let ((here, rolled), (was, rolled_before)) = (at(now), at(before));
        let level = self.level(&model, Vec3::from(here.translation), driven.scale, view);
        let turning = kinora_world::turning(&self.library, self.vocabulary, &driven.word);
        // The body nods on its springs about its axles; the wheels stay on the ground.
        let axle = turning.iter().find_map(|t| if let Turns::Ground(radius) = t.by { Some(Vec3::Y * radius) } else { None }).unwrap_or(Vec3::ZERO);
        let nod = |frame: usize| {
            let lean = driven.lean.get(frame).copied().unwrap_or(0.0);
            Affine3A::from_translation(axle) * Affine3A::from_rotation_x(lean) * Affine3A::from_translation(-axle)
        };
        let mut body = model.instance(level, here * nod(now), driven.id);
        body.previous_world_from_object = was * nod(before);
        added.moving.push(body);
        let burns = self.staging.plan.role(&driven.role).is_some_and(|r| r.traits.state == Some(State::Burning));
        if burns && let Err(error) = things::add_fire(&model, here, moment, (&self.library, self.vocabulary), driven.id, added) {
            self.fail(error.into());
        }
        self.add_head_lamps(&driven.word, here * nod(now), moment, added);
        // Engines run where it goes somewhere.
        let runs = driven.track.windows(2).any(|two| two[0].0 != two[1].0);
        let seconds = |frame: usize| if runs { frame as f32 / moment.fps } else { 0.0 };
        for part in turning {
            let turned = |rolled: f32, frame: usize| part.turned(rolled, driven.scale, seconds(frame));
            let mut instance = part.model.instance(level.min(part.model.levels.len() - 1), here * turned(rolled, now), driven.id);
            instance.previous_world_from_object = was * turned(rolled_before, before);
            added.moving.push(instance);
        }
    }
}

/// Seconds that a wake can be seen, and how many more for each metre of hull.
const WAKE: (f32, f32) = (6.0, 1.1);

impl Photographer<'_> {
    /// The tracks of all who move on the water.
    fn wakes(&self, scene: &crate::SceneStaging, now: usize) -> Vec<Wake> {
        let Some(water) = scene.set.stage_area.water_level.filter(|_| !scene.set.underwater) else { return Vec::new() };
        let fps = self.staging.fps().0 as f32;
        let deep = |p: Vec3| scene.set.terrain.height(p.x, p.z) < water - 0.2;
        let boats = scene.driven.iter().filter_map(|d| {
            let facts = crate::vehicle::facts(self.vocabulary, &d.word);
            let half = self.model(Kind::Vehicle, &d.word, &Finish { seed: 1, ..Finish::default() })?.bounds.high.x;
            let length = facts.length * d.scale;
            let bow = |k: usize| d.track.get(k).map(|(at, turn, _)| *at + *turn * Vec3::Z * (length * 0.46));
            let at = bow(now.min(d.track.len().checked_sub(1)?))?;
            (facts.floats && deep(at)).then(|| wake((half * d.scale).min(length * 0.2), length, now, fps, water, &bow))?
        });
        let swimmers = scene.actors.iter().filter_map(|a| {
            let poses = &a.performance.poses;
            let (pose, body) = (poses.get(now.min(poses.len().checked_sub(1)?))?, self.bodies.get(&(a.role.clone(), a.member))?);
            let l = &pose.landmarks;
            let lowest = [l.feet[0], l.feet[1], l.hips, l.chest, pose.root].iter().map(|p| p.y).fold(f32::MAX, f32::min);
            // Who stands over the water or is under it leaves nothing.
            let afloat = lowest < water + 0.06 && l.crown.y > water - 0.12 && deep(l.chest);
            let front = |k: usize| poses.get(k).map(|p| p.landmarks.chest);
            let (half, length) = (body.radius.min(body.length * 0.35).max(0.06) * 0.7, body.length.max(0.3));
            afloat.then(|| wake(half, length, now, fps, water, &front))?
        });
        boats.chain(swimmers).collect()
    }
}

/// The waves of wakes that rise over the water, made of it.
fn ridges(wakes: &[Wake], still: &[Instance], set: &kinora_world::Set) -> Vec<Instance> {
    let liquid = |i: &&Instance| i.materials.first().is_some_and(|m| m.relief == Relief::Ripples);
    let (Some(water), Some(level)) = (still.iter().find(liquid).map(|i| &i.materials[0]), set.stage_area.water_level) else { return Vec::new() };
    let deep = |p: &Vec3| (level - set.terrain.height(p.x, p.z)).clamp(0.0, 2.0);
    let of = |wake: &Wake| {
        let mut mesh = kinora_render::lifted(wake)?;
        mesh.tint = mesh.positions.iter().map(|p| [(deep(p) * 127.5) as u8; 3]).collect();
        Some(Instance::ground(mesh, water.clone()))
    };
    wakes.iter().filter_map(of).collect()
}

/// The track up to a frame of what was `at` each; before the scene it came the same way, if it moves from the start.
fn wake(half: f32, length: f32, now: usize, fps: f32, water: f32, at: &dyn Fn(usize) -> Option<Vec3>) -> Option<Wake> {
    const STEPS: usize = 28;
    let step = (WAKE.0 + WAKE.1 * length).min(30.0) / STEPS as f32;
    let first = at(0)?;
    let (early, seconds) = (at((fps * 0.25) as usize)?, ((fps * 0.25) as usize) as f32 / fps);
    let before = (early - first) * Vec3::new(1.0, 0.0, 1.0) / seconds.max(1e-3);
    let before = if before.length() > 0.15 { before } else { Vec3::ZERO };
    let track: Vec<(Vec3, f32)> = (0..=STEPS)
        .map(|k| k as f32 * step)
        .filter_map(|ago| {
            let frame = now as f32 - ago * fps;
            let place = if frame >= 0.0 {
                let (one, part) = (at(frame as usize)?, frame.fract());
                at(frame as usize + 1).map_or(one, |next| one.lerp(next, part))
            } else {
                first + before * (frame / fps)
            };
            Some((place.with_y(water), ago))
        })
        .collect();
    let gone: f32 = track.windows(2).map(|w| (w[1].0 - w[0].0).length()).sum();
    (gone > 0.3).then_some(Wake { half, length, track })
}

/// What the plan has put into an actor's hands that a piece of gear stands for: the same thing, or what the motion is done with.
fn stands_for<'a>(scene: &'a crate::SceneStaging, actor: usize, piece: &kinora_cast::GearPiece) -> Option<&'a crate::Held> {
    let own = || scene.held.iter().filter(|h| h.actor == actor);
    let gear = &scene.actors.get(actor)?.performance.gear;
    let free = |h: &&crate::Held| gear.iter().all(|g| g.thing != h.word);
    own().find(|h| h.word == piece.thing).or_else(|| own().find(|h| piece.main && free(h)))
}

/// How near two things of a kind stand that are one: what two work at from both sides, metres.
const ONE_AND_THE_SAME: f32 = 0.35;

/// Whether what somebody else has standing there is the same piece of gear.
fn has_the_same(other: &crate::Actor, piece: &kinora_cast::GearPiece, carried: &kinora_cast::Carried, now: usize) -> bool {
    let performance = &other.performance;
    let Some(pose) = performance.poses.get(now.min(performance.poses.len().saturating_sub(1))) else { return false };
    let same = |c: &kinora_cast::Carried| {
        let theirs = performance.gear.get(usize::from(c.piece)).is_some_and(|p| p.stands && p.thing == piece.thing);
        theirs && c.at.distance(carried.at) < ONE_AND_THE_SAME
    };
    pose.carried.iter().any(same)
}

/// Whether a thing in a hand is drawn as the gear of what its holder does.
fn is_gear(scene: &crate::SceneStaging, held: &crate::Held, now: usize) -> bool {
    let Some(actor) = scene.actors.get(held.actor) else { return false };
    let performance = &actor.performance;
    let pose = performance.poses.get(now.min(performance.poses.len().saturating_sub(1)));
    let stands = |c: &kinora_cast::Carried| {
        let piece = performance.gear.get(usize::from(c.piece));
        piece.and_then(|p| stands_for(scene, held.actor, p)).is_some_and(|h| h.id == held.id)
    };
    pose.is_some_and(|p| p.carried.iter().any(stands))
}

/// The faces of all who act in a scene.
fn faces(scene: &crate::SceneStaging, now: usize) -> Vec<Face> {
    let pose = |actor: &crate::Actor| actor.performance.poses.get(now.min(actor.performance.poses.len().saturating_sub(1))).map(|p| &p.landmarks).cloned();
    scene.actors.iter().filter_map(pose).map(|l| Face { at: l.eyes, towards: l.facing }).collect()
}

/// Whether a ball is in the picture of a camera, or not far from it.
fn near_view(camera: &kinora_render::scene::Camera, aspect: f32, at: Vec3, radius: f32) -> bool {
    let p = camera.world_from_camera.inverse() * (at - camera.eye);
    let half = maths::tan(camera.vertical_fov * 0.5);
    let reach = radius * 2.0 + 1.0;
    -p.z > -reach && p.x.abs() < half * aspect * (-p.z).max(0.0) * 1.1 + reach * 1.5 && p.y.abs() < half * (-p.z).max(0.0) * 1.1 + reach * 1.5
}

/// Rows of the picture in which something is seen alone.
const ALONE_HEIGHT: u32 = 180;
/// The longest typical triangle edge of actors and things in the picture, as a share of its height: the same shapes at every size.
const ACTOR_EDGE: f32 = 0.009;
/// The same for members of a crowd who stand behind others.
const CROWD_EDGE: f32 = 0.015;
/// How many of a crowd stand before the others.
const FRONT: usize = 24;
/// The same for what stands still: leaves and needles may be larger than a nose.
const SET_EDGE: f32 = 0.040;

/// Of what is out of focus: the same, as a share of the radius of its discs.
const BLURRED_EDGE: f32 = 2.0;

/// Grass and flowers that would stand in front of the lens at some time of the shot are mown for it.
fn before_the_lens(instance: &Instance, cameras: &[kinora_render::scene::Camera]) -> bool {
    let at = Vec3::from(instance.world_from_object.translation);
    cameras.iter().step_by((cameras.len() / 12).max(1)).chain(cameras.last()).any(|c| {
        let to = (at - c.eye) * Vec3::new(1.0, 0.0, 1.0);
        let forward = (c.world_from_camera * Vec3::NEG_Z) * Vec3::new(1.0, 0.0, 1.0);
        let along = to.dot(forward.normalize_or(Vec3::NEG_Z));
        to.length() < 0.9 || (along > 0.0 && along < c.focus * 0.7 && c.eye.y - at.y < 0.9)
    })
}

/// How far from the camera those of a crowd are who stand before the others, metres.
fn front(scene: &crate::SceneStaging, now: usize, view: &kinora_render::scene::Camera) -> f32 {
    let chest = |a: &crate::Actor| a.performance.poses.get(now.min(a.performance.poses.len().saturating_sub(1))).map(|p| p.landmarks.chest);
    let mut away: Vec<f32> = scene.actors.iter().filter_map(chest).map(|at| (at - view.eye).length()).collect();
    away.sort_by(f32::total_cmp);
    away.get(FRONT - 1).copied().unwrap_or(f32::MAX)
}

/// Middle of places, how far they spread from it, and how far cameras are from it.
fn surroundings(places: &[(Vec3, Vec3)]) -> Option<(Vec3, f32, f32)> {
    let (low, high) = places.iter().fold((Vec3::INFINITY, Vec3::NEG_INFINITY), |(low, high), (at, _)| (low.min(*at), high.max(*at)));
    let middle = (low + high) * 0.5;
    let spread = places.iter().map(|(at, _)| (*at - middle).length()).fold(0.0, f32::max);
    let reach = places.iter().map(|(_, eye)| (*eye - middle).length()).fold(0.0, f32::max);
    (!places.is_empty()).then_some((middle, spread, reach))
}

impl Engine for Photographer<'_> {
    fn shooter(&self) -> Box<dyn Shot + Send + '_> {
        let size = self.staging.plan.size;
        let settings = Settings { width: size.width as usize, height: size.height as usize, simd: self.simd, passes: self.passes };
        Box::new(Camera { engine: self, renderer: Renderer::sharing(settings, self.shadows.clone()) })
    }
}

struct Camera<'e, 'a> {
    engine: &'e Photographer<'a>,
    renderer: Renderer,
}

impl Shot for Camera<'_, '_> {
    fn shoot(&mut self, frame: i64) -> Frame {
        let scene = self.engine.scene(frame);
        let mut drawn = self.renderer.render(&scene);
        let staging = self.engine.staging;
        let shot = staging.shot_at(frame);
        let transition = &staging.plan.shots[shot].transition;
        let into = frame - staging.cuts[shot];
        let length = transition.length.nearest_frame(staging.fps());
        if into < length && transition.kind != TransitionKind::Cut {
            let share = (into as f32 + 0.5) / length as f32;
            match transition.kind {
                TransitionKind::Dissolve if shot > 0 => {
                    let before = self.renderer.render(&self.engine.scene(staging.cuts[shot] - 1));
                    blend(&mut drawn.picture, &before.picture, share);
                }
                _ => {
                    let black = Yuv420::black(drawn.picture.width, drawn.picture.height);
                    blend(&mut drawn.picture, &black, share);
                }
            }
        }
        drawn
    }

    fn timings(&self) -> Vec<(&'static str, f64)> {
        let t = self.renderer.timings();
        [
            ("geometry", t.geometry),
            ("shadow", t.shadow),
            ("raster", t.raster),
            ("occlusion", t.occlusion),
            ("shade", t.shade),
            ("lens", t.lens),
            ("bloom", t.bloom),
            ("finish", t.finish),
        ]
        .map(|(n, ms)| (n, f64::from(ms)))
        .to_vec()
    }
}

/// Mixes `under` in, so that `share` of `picture` is left.
fn blend(picture: &mut Yuv420, under: &Yuv420, share: f32) {
    let weight = (share.clamp(0.0, 1.0) * 256.0) as i32;
    let mix = |a: &mut [u8], b: &[u8]| a.iter_mut().zip(b).for_each(|(a, b)| *a = ((i32::from(*a) * weight + i32::from(*b) * (256 - weight) + 128) >> 8) as u8);
    mix(&mut picture.y, &under.y);
    mix(&mut picture.u, &under.u);
    mix(&mut picture.v, &under.v);
}

/// Draws a grey card whose brightness counts the frames; for tests of everything around an engine.
#[derive(Debug)]
pub struct Blank {
    /// Width and height of the cards.
    pub size: (usize, usize),
}

impl Engine for Blank {
    fn shooter(&self) -> Box<dyn Shot + Send + '_> {
        Box::new(Card(self.size))
    }
}

struct Card((usize, usize));

impl Shot for Card {
    fn shoot(&mut self, frame: i64) -> Frame {
        let mut picture = Yuv420::black(self.0.0, self.0.1);
        picture.y.fill(16 + (frame.rem_euclid(200)) as u8);
        Frame { picture, passes: None }
    }
}
