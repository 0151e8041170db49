//! Who is meant: mentions become roles and things, clauses become steps of a story in scenes.

use crate::actions::{Actions, Carries};
use crate::english::{FOR_OTHERS, PHONE, merge_traits};
use crate::script::{Action, Clause, FramingWish, Goal, Mention, Order, RelationWish, Script, Setting, SoundWish, Speaker, Speech, What};
use kinora_base::{Span, Warning, WarningKind};
use kinora_plan::speech::Manner;
use kinora_plan::{Heard, Id, MOST_ALIKE, Plan, Relation, RelationKind, Role, RoleKind, Scene, State, Target, Thing, Traits, Voice};
use kinora_vocabulary::{Kind, Language, Vocabulary};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// What somebody does in a step.
#[derive(Clone, Debug)]
pub(crate) struct Act {
    pub(crate) who: Id,
    pub(crate) motion: String,
    pub(crate) manner: Option<String>,
    pub(crate) target: Option<Target>,
    pub(crate) with: Option<Id>,
    pub(crate) prop: Option<Id>,
    pub(crate) span: Span,
}

/// Something said in a step.
#[derive(Clone, Debug)]
pub(crate) struct Said {
    pub(crate) who: Option<Id>,
    pub(crate) text: String,
    pub(crate) manner: Manner,
    pub(crate) heard: Heard,
    pub(crate) language: Option<&'static str>,
    /// It is said at the same time as the line before.
    pub(crate) together: bool,
    pub(crate) span: Span,
}

/// Something heard in a step.
#[derive(Clone, Debug)]
pub(crate) struct Noise {
    pub(crate) kind: Kind,
    pub(crate) word: String,
    pub(crate) source: Option<Id>,
    pub(crate) span: Span,
}

/// What happens at one time.
#[derive(Clone, Debug, Default)]
pub(crate) struct Step {
    pub(crate) segment: usize,
    pub(crate) scene: usize,
    pub(crate) acts: Vec<Act>,
    pub(crate) said: Vec<Said>,
    pub(crate) heard: Vec<Noise>,
    pub(crate) framing: FramingWish,
    /// Whom it is about.
    pub(crate) about: Vec<Id>,
    /// Who acts without being seen: at a wheel.
    pub(crate) unseen: Vec<Id>,
    pub(crate) span: Span,
}

/// A whole story, not yet cut into shots.
#[derive(Debug, Default)]
pub(crate) struct Story {
    pub(crate) cast: Vec<Role>,
    pub(crate) scenes: Vec<Scene>,
    pub(crate) steps: Vec<Step>,
    pub(crate) look: Option<String>,
    /// The prompt's language.
    pub(crate) language: &'static str,
    /// Who is only heard.
    pub(crate) unseen: BTreeSet<Id>,
    pub(crate) actions: Arc<Actions>,
    pub(crate) warnings: Vec<Warning>,
}

/// So many in all may be in crowds; groups of up to twelve are always as many as was asked.
const CROWDS: u32 = 1000;

/// So many say one line at once.
const MOST_VOICES: usize = 4;

struct Teller<'a> {
    vocabulary: &'a Vocabulary,
    story: Story,
    /// By where a mention stands in the prompt.
    resolved: BTreeMap<u32, Id>,
    /// The last mentioned first, with the segment.
    recent: Vec<Id>,
    segment: usize,
    born_in: BTreeMap<Id, usize>,
    placed: Vec<bool>,
    timed: Vec<bool>,
    weathered: Vec<bool>,
    /// Whether something was said to go on outside.
    within: bool,
    /// Water is spoken of.
    water: bool,
    used_ids: BTreeSet<Id>,
    /// By where a mention of two who are not named stands.
    strangers: BTreeMap<u32, Vec<Id>>,
    /// Of the step before, for "they".
    last_group: Vec<Id>,
    /// Who acts, while it is found out upon whom: "a dog runs to it" is not to itself.
    acting: Vec<Id>,
    /// Who was named for what they do, and has not been told to do it.
    doing: Vec<(Id, String, Span)>,
    /// Who spoke, the last one first.
    spoke: Vec<Id>,
    /// Whom the last line was said to.
    spoken_to: Option<Id>,
    /// Somebody telephones.
    phoning: bool,
    /// Who has a telephone at the ear.
    on_phone: BTreeSet<Id>,
    /// Who is only heard.
    unseen: BTreeSet<Id>,
    /// Who a group turns out to be: with their names, if they have any.
    members: Vec<Option<Mention>>,
    /// Those who talk in turn.
    turns: Vec<Id>,
    /// What came last cannot be shown: what goes with it waits for its time.
    waits: bool,
    /// Where the story is: index of a scene.
    scene: usize,
    /// Scenes, roles and things of a film that goes on: they stay as they are.
    given_scenes: usize,
    given: BTreeSet<Id>,
}

/// Makes the story of a script; of a film that goes on, cast and scenes are known already.
pub(crate) fn tell(script: &Script, vocabulary: &Vocabulary, before: Option<&Plan>) -> Story {
    let mut teller = Teller {
        vocabulary,
        story: Story { actions: Actions::of_vocabulary(vocabulary), ..Story::default() },
        resolved: BTreeMap::new(),
        recent: Vec::new(),
        segment: 0,
        born_in: BTreeMap::new(),
        placed: Vec::new(),
        timed: Vec::new(),
        weathered: Vec::new(),
        within: false,
        water: false,
        used_ids: BTreeSet::new(),
        strangers: BTreeMap::new(),
        last_group: Vec::new(),
        acting: Vec::new(),
        doing: Vec::new(),
        spoke: Vec::new(),
        spoken_to: None,
        phoning: false,
        on_phone: BTreeSet::new(),
        unseen: BTreeSet::new(),
        members: members(script),
        turns: Vec::new(),
        waits: false,
        scene: 0,
        given_scenes: 0,
        given: BTreeSet::new(),
    };
    match before {
        Some(plan) => teller.go_on(plan),
        None => teller.new_scene(None),
    }
    let mut explicit = 0;
    for segment in &script.segments {
        if segment.explicit {
            explicit += 1;
            teller.segment = explicit;
        }
        let steps_before = teller.story.steps.len();
        for clause in &segment.clauses {
            teller.clause(clause);
        }
        if segment.explicit && teller.story.steps.len() == steps_before {
            let scene = teller.scene();
            teller.story.steps.push(Step { segment: explicit, scene, span: segment.span, ..Step::default() });
        }
    }
    teller.finish(script)
}

impl Teller<'_> {
    fn scene(&self) -> usize {
        self.scene
    }

    /// Takes over cast and scenes of a film; whoever was seen last is meant first.
    fn go_on(&mut self, plan: &Plan) {
        self.story.cast.clone_from(&plan.cast);
        self.story.scenes.clone_from(&plan.scenes);
        let things = || plan.scenes.iter().flat_map(|s| &s.things);
        self.used_ids = plan.cast.iter().map(|r| r.id.clone()).chain(things().map(|t| t.id.clone())).collect();
        self.given.clone_from(&self.used_ids);
        things().for_each(|t| self.touch(&t.id));
        plan.cast.iter().for_each(|r| self.touch(&r.id));
        plan.shots.iter().flat_map(|s| &s.beats).for_each(|b| self.touch(&b.who));
        let last = plan.shots.last();
        self.last_group = last.map(|s| s.beats.iter().map(|b| b.who.clone()).collect()).unwrap_or_default();
        self.given_scenes = plan.scenes.len();
        for flags in [&mut self.placed, &mut self.timed, &mut self.weathered] {
            *flags = vec![true; plan.scenes.len()];
        }
        let last = last.and_then(|s| plan.scenes.iter().position(|k| k.id == s.scene)).unwrap_or(0);
        self.continue_scene(last);
        self.story.look = Some(plan.look.clone());
    }

    /// A new scene in the world of another one, as that one left it.
    fn continue_scene(&mut self, k: usize) {
        self.new_scene(Some(k));
        let before = self.story.scenes[k].clone();
        let new = &mut self.story.scenes[self.scene];
        (new.continues, new.things) = (Some(before.id), before.things);
    }

    /// The last scene of the film before that is what a clause says, if it is another place or time than now.
    fn returns(&self, wanted: &Setting) -> Option<usize> {
        let place = &wanted.place.as_ref()?.0;
        let fits = |wish: &Option<(String, Span)>, is: &str| wish.as_ref().is_none_or(|w| w.0 == is);
        let alike = |s: &Scene| s.place == *place && fits(&wanted.time, &s.time) && fits(&wanted.weather, &s.weather) && s.snow_cover >= wanted.snow_cover;
        (0..self.given_scenes).rev().find(|i| alike(&self.story.scenes[*i]))
    }

    fn new_scene(&mut self, like: Option<usize>) {
        let base = like.and_then(|k| self.story.scenes.get(k)).cloned();
        let taken = |id: &String| self.story.scenes.iter().any(|s| s.id == *id);
        let id = (self.story.scenes.len() + 1..).map(|n| format!("scene-{n}")).find(|id| !taken(id)).unwrap_or_default();
        let blank = Scene {
            id: id.clone(),
            place: String::new(),
            time: "afternoon".into(),
            weather: "clear".into(),
            continues: None,
            snow_cover: false,
            mood: None,
            things: Vec::new(),
            relations: Vec::new(),
            span: None,
        };
        let scene = base.map_or(blank, |b| Scene { id, continues: None, things: Vec::new(), relations: Vec::new(), span: None, ..b });
        self.story.scenes.push(scene);
        self.scene = self.story.scenes.len() - 1;
        let k = like.unwrap_or(usize::MAX);
        for flags in [&mut self.placed, &mut self.timed, &mut self.weathered] {
            let value = flags.get(k).copied().unwrap_or(false);
            flags.push(value);
        }
    }

    /// Brings the scene to what the clause says, in a new scene if this one has been played in.
    fn setting(&mut self, clause: &Clause) {
        let k = self.scene();
        let s = &clause.setting;
        // A scene that goes on has been played in, as far as the place is concerned.
        let goes_on = self.story.scenes[k].continues.is_some();
        let played = goes_on || self.story.steps.iter().any(|s| s.scene == k);
        let now = &self.story.scenes[k];
        let other_place = s.place.as_ref().is_some_and(|p| self.placed[k] && p.0 != now.place);
        let other_time = s.time.as_ref().is_some_and(|t| self.timed[k] && t.0 != now.time);
        let other_weather = s.weather.as_ref().is_some_and(|w| self.weathered[k] && w.0 != now.weather);
        if played && (other_place || other_time || other_weather) {
            let unused = goes_on && !self.story.steps.iter().any(|s| s.scene == k);
            let left = self.story.scenes[k].continues.as_ref().filter(|_| unused).and_then(|id| self.story.scenes.iter().position(|s| s.id == *id));
            let from = left.unwrap_or(k);
            // Back where the film has been: the same world, not one like it.
            let known = self.returns(s).or_else(|| (self.given_scenes > 0 && !other_place).then_some(from));
            if unused {
                self.story.scenes.pop();
                [&mut self.placed, &mut self.timed, &mut self.weathered].into_iter().for_each(|flags| flags.truncate(k));
            }
            match known {
                Some(known) => self.continue_scene(known),
                None => self.new_scene(Some(from)),
            }
            if other_place && known.is_none() {
                let new = self.scene();
                self.story.scenes[new].snow_cover = false;
            }
        }
        let k = self.scene();
        // A place's own time and weather may change while its world goes on.
        let again = played && k > 0;
        let scene = &mut self.story.scenes[k];
        let set = |flag: &mut bool, into: &mut String, from: &Option<(String, Span)>| {
            if let Some((value, _)) = from.as_ref().filter(|_| !*flag || again || !played) {
                (*flag, *into) = (true, value.clone());
            }
        };
        set(&mut self.placed[k], &mut scene.place, &s.place);
        set(&mut self.timed[k], &mut scene.time, &s.time);
        set(&mut self.weathered[k], &mut scene.weather, &s.weather);
        scene.snow_cover |= s.snow_cover;
        self.within |= s.within;
        self.water |= s.water;
        scene.mood = scene.mood.take().or_else(|| s.mood.clone());
        if scene.span.is_none() {
            scene.span = s.place.as_ref().or(s.time.as_ref()).or(s.weather.as_ref()).map(|p| p.1);
        }
    }

    fn clause(&mut self, clause: &Clause) {
        self.setting(clause);
        let mut about: Vec<Id> = Vec::new();
        let bare = self.without_what_comes_along(clause);
        let clause = bare.as_ref().unwrap_or(clause);
        self.gear(clause);
        let parted = self.parted(clause);
        let clause = parted.as_ref().unwrap_or(clause);
        // "It breaks" is said of a thing.
        let of_things = clause.action.as_ref().is_some_and(|a| a.target.is_none() && a.props.is_empty() && self.story.actions.of(&a.motion).things);
        for m in &clause.subjects {
            let thing = self.recent.iter().find(|id| self.thing_exists(id)).filter(|_| of_things && m.what == What::It).cloned();
            for id in thing.map_or_else(|| self.resolve(m), |id| vec![id]) {
                if !about.contains(&id) {
                    about.push(id);
                }
            }
        }
        let before = about.clone();
        // "The dog fetches it": not the dog.
        self.acting = if clause.action.is_some() { before.clone() } else { Vec::new() };
        let extras: Vec<Id> = clause.extras.iter().flat_map(|m| self.resolve(m)).collect();
        self.acting.clear();
        self.relations(clause);
        let mut step = Step { segment: self.segment, scene: self.scene(), framing: clause.framing.clone(), span: clause.span, ..Step::default() };
        if let Some(action) = &clause.action {
            self.act(action, &about, &mut step);
        }
        // "Carries her sleeping baby": who is named for what they do does it, if nothing else is said of them.
        for (who, motion, span) in std::mem::take(&mut self.doing) {
            if self.role(&who).is_some() && !before.contains(&who) && !step.acts.iter().any(|a| a.who == who) {
                step.acts.push(Act { who, motion, manner: None, target: None, with: None, prop: None, span });
            }
        }
        for line in &clause.lines {
            self.line(line, &mut step);
        }
        for s in &clause.sounds {
            self.sound(s, &mut step);
        }
        step.framing.rack = clause.racks.iter().flat_map(|m| self.resolve(m)).collect();
        about.extend(step.framing.rack.iter().filter(|id| !before.contains(id)).cloned());
        about.extend(extras.into_iter().filter(|id| !before.contains(id)));
        // "Opens the door for another person": both are seen, if nobody leaves the other behind.
        let stays = clause.action.as_ref().is_some_and(|a| !self.story.actions.of(&a.motion).travels);
        let company: Vec<Id> = about.iter().filter(|id| stays && self.role(id).is_some() && !before.contains(id)).cloned().collect();
        step.about = if before.is_empty() { about } else { before.into_iter().chain(company).collect() };
        // Who carries is seen with whom.
        let carried = |r: &&Relation| r.relation.is_carried() && r.to.iter().any(|by| step.about.contains(by)) && !step.about.contains(&r.what);
        let carried: Vec<Id> = self.story.scenes[step.scene].relations.iter().filter(carried).map(|r| r.what.clone()).collect();
        step.about.extend(carried);
        step.about.retain(|id| !step.unseen.contains(id));
        step.about.retain(|id| !self.unseen.contains(id));
        for id in step.said.iter().filter(|s| s.heard == Heard::Here).filter_map(|s| s.who.as_ref()) {
            if !step.about.contains(id) {
                step.about.insert(0, id.clone());
            }
        }
        if !step.about.is_empty() {
            self.last_group = step.about.clone();
        }
        let lost = clause.action.is_some() && step.acts.is_empty();
        self.push(step, clause.order, lost);
    }

    /// "Rides a red bicycle": the bicycle that the motion brings along is a thing in the rider's hands, not a role or a piece of
    /// the set.
    fn gear(&mut self, clause: &Clause) {
        let Some(action) = &clause.action else { return };
        let facts = self.story.actions.of(&action.motion).clone();
        let goal = if let Some(Goal::Mention(m)) = &action.target { Some(m) } else { None };
        for m in clause.extras.iter().chain(goal).chain(&action.props) {
            let What::Entry(Kind::Prop | Kind::Vehicle, word) = &m.what else { continue };
            let known = self.resolved.contains_key(&m.span.start) || self.recent.iter().any(|id| m.definite && id.starts_with(word.as_str()));
            if m.count > 1 || known || !crate::actions::is_gear(self.vocabulary, &facts, word) {
                continue;
            }
            let (id, k) = (self.free_id(word), self.scene());
            let thing = Thing { id: id.clone(), word: word.clone(), count: 1, traits: m.traits.clone(), held_by: None, span: Some(m.span) };
            self.story.scenes[k].things.push(thing);
            self.born_in.insert(id.clone(), self.segment);
            self.resolved.insert(m.span.start, id);
        }
    }

    /// "Blows out the candles on a cake": the cake that the motion brings along is no second one. What was there before stays.
    fn without_what_comes_along(&mut self, clause: &Clause) -> Option<Clause> {
        let action = clause.action.as_ref()?;
        let brings = self.story.actions.of(&action.motion).brings.clone();
        let brought = |m: &Mention| {
            let What::Entry(Kind::Prop, word) = &m.what else { return false };
            let known = self.resolved.contains_key(&m.span.start) || self.story.scenes.iter().flat_map(|s| &s.things).any(|t| t.word == *word);
            brings.contains(word) && m.count < 2 && !known
        };
        let does = |m: &Mention| clause.subjects.iter().any(|s| s.span == m.span);
        let relation = |r: &RelationWish| does(&r.what) && r.to.iter().any(brought);
        let goal = |t: &Goal| matches!(t, Goal::Mention(m) if brought(m));
        let named = clause.relations.iter().filter(|r| relation(r)).flat_map(|r| &r.to).chain(&clause.extras).find(|m| brought(m)).cloned();
        let named = named.or_else(|| action.target.as_ref().and_then(|t| if let Goal::Mention(m) = t { Some(m.clone()) } else { None }).filter(brought))?;
        let mut bare = clause.clone();
        bare.relations.retain(|r| !relation(r));
        bare.extras.retain(|m| !brought(m));
        bare.action.iter_mut().for_each(|a| {
            a.target.take_if(|t| goal(t));
        });
        if named.traits.colour.is_some() || named.traits.material.is_some() {
            let What::Entry(_, word) = &named.what else { return Some(bare) };
            let message = format!("the {word} that comes with it looks as usual");
            self.story.warnings.push(Warning::new(WarningKind::Unsupported, message).at(named.span));
        }
        Some(bare)
    }

    /// "Two people exchange a book": what takes two is done by one and another. Of a group that plays ball, two have it; of some who plant a flag, one does.
    fn parted(&self, clause: &Clause) -> Option<Clause> {
        let facts = self.story.actions.of(&clause.action.as_ref()?.motion);
        let [m] = &clause.subjects[..] else { return None };
        let several = m.count == 2 || m.count > 2 && facts.others.is_some();
        let few = facts.takes_two() || facts.others.is_some();
        let pair = few && several && matches!(m.what, What::Entry(Kind::Person, _)) && !self.resolved.contains_key(&m.span.start);
        let some = |at: u32, count: u32| Mention { count, another: true, definite: false, span: Span { start: m.span.start + at, ..m.span }, ..m.clone() };
        let rest = (m.count > 2).then(|| some(2, m.count - 2));
        pair.then(|| Clause { subjects: [some(0, 1), some(1, 1)].into_iter().chain(rest).collect(), ..clause.clone() })
    }

    /// Somebody whom an action needs and the prompt does not name.
    fn newcomer(&mut self, kind: Kind, word: &str, span: Span) -> Id {
        self.newcomers(kind, word, span, 1)
    }

    fn newcomers(&mut self, kind: Kind, word: &str, span: Span, count: u32) -> Id {
        let m = Mention {
            span,
            what: What::Entry(kind, word.into()),
            definite: false,
            another: true,
            count,
            traits: Traits::default(),
            name: None,
            holds: Vec::new(),
            does: None,
            owner: None,
        };
        self.create(&m, kind, word)
    }

    /// Whom it is done to, if it takes two and nobody is named: somebody who is there, or somebody new.
    fn mate(&mut self, who: &Id, action: &Action) -> Option<Id> {
        let person = |t: &Self, id: &Id| id != who && t.role(id).is_some_and(|r| r.kind == RoleKind::Person);
        if self.role(who).is_none_or(|r| r.kind != RoleKind::Person || r.count > 1) {
            return None;
        }
        if let Some(known) = self.recent.iter().find(|id| person(self, id)).cloned() {
            return Some(known);
        }
        let word = if self.female(who) == Some(true) { "man" } else { "woman" };
        self.vocabulary.get(Kind::Person, word)?;
        Some(self.newcomer(Kind::Person, word, action.span))
    }

    /// The animal that something is done to, if none is named: one that is there, or a new one.
    fn beast(&mut self, who: &Id, action: &Action) -> Option<Id> {
        let facts = self.story.actions.of(&action.motion);
        let (word, count) = (facts.creature.clone()?, facts.creatures);
        self.role(who).filter(|r| r.kind == RoleKind::Person)?;
        self.vocabulary.get(Kind::Creature, &word)?;
        let there = |id: &&Id| self.role(id).is_some_and(|r| r.kind == RoleKind::Creature);
        if let Some(known) = self.recent.iter().find(there).cloned() {
            return Some(known);
        }
        Some(self.newcomers(Kind::Creature, &word, action.span, count))
    }

    /// The thing that something is done at, if none is named: one that is there, or a new one.
    fn usual_thing(&mut self, action: &Action) -> Option<Id> {
        let word = self.story.actions.of(&action.motion).at.clone()?;
        self.vocabulary.get(Kind::Prop, &word)?;
        let k = self.scene();
        if let Some(thing) = self.story.scenes[k].things.iter().find(|t| t.word == word && t.held_by.is_none()) {
            return Some(thing.id.clone());
        }
        let id = self.free_id(&word);
        self.story.scenes[k].things.push(Thing { id: id.clone(), word, count: 1, traits: Traits::default(), held_by: None, span: Some(action.span) });
        Some(id)
    }

    /// Something said: by whom, to whom, and how it is heard.
    fn line(&mut self, line: &Speech, step: &mut Step) {
        if let Speaker::Several(mentions) = &line.who {
            let mut all: Vec<Id> = mentions.iter().flat_map(|m| self.resolve(m)).collect();
            all.retain(|id| self.role(id).is_some());
            all.dedup();
            all.truncate(MOST_VOICES);
            for (k, id) in all.into_iter().enumerate() {
                self.say(line, Some(id), k > 0, step);
            }
            return;
        }
        let who = match &line.who {
            Speaker::Narrator | Speaker::Several(_) => None,
            Speaker::Mention(m) | Speaker::Unseen(m) => self.resolve(m).first().cloned(),
            Speaker::Last if self.spoke.is_empty() && !self.turns.is_empty() => self.nth(0),
            Speaker::Last => self.last_person(),
            Speaker::Same => self.spoke.first().cloned().or_else(|| self.last_person()),
            Speaker::Other => self.other_speaker(),
        };
        self.say(line, who, false, step);
    }

    /// A line of one of those who say it.
    fn say(&mut self, line: &Speech, who: Option<Id>, together: bool, step: &mut Step) {
        let who = who.filter(|id| self.role(id).is_some());
        if who.is_none() && !matches!(line.who, Speaker::Narrator) {
            let message = format!("nobody is there to say \"{}\": it is a voice-over", line.text);
            self.story.warnings.push(Warning::new(WarningKind::Adjusted, message).at(line.span).hint("name who says it"));
        }
        let listener = line.to.as_ref().and_then(|m| self.resolve(m).first().cloned());
        self.phoning |= line.heard == Some(Heard::Phone);
        let heard = who.as_ref().map_or(Heard::Over, |id| self.heard(line, id, step));
        if let Some(id) = &who {
            self.unseen.retain(|u| u != id);
            match heard {
                Heard::Here => {
                    self.talks(id, listener.clone(), line.span, step);
                    let phones = line.heard == Some(Heard::Phone) || self.on_phone.contains(id);
                    if phones && self.role(id).is_some_and(|r| r.kind == RoleKind::Person) {
                        self.holds_phone(&id.clone(), line.span, step);
                    }
                }
                // Who thinks is seen, but the lips rest.
                Heard::Over => step.acts.retain(|a| a.who != *id || a.motion != "talk"),
                Heard::OffScreen | Heard::Phone => {
                    step.acts.retain(|a| a.who != *id);
                    step.acts.iter_mut().for_each(|a| a.with = a.with.take().filter(|w| w != id));
                    self.unseen.insert(id.clone());
                }
            }
            self.spoke.retain(|s| s != id);
            self.spoke.insert(0, id.clone());
            self.spoken_to = listener.filter(|l| l != id);
        }
        let mood = who.as_deref().and_then(|id| self.role(id)).and_then(|r| r.traits.mood.clone());
        let manner = line.manner.or(Manner { delivery: None, ..Manner::of(mood.as_deref()) });
        step.said.push(Said { who, text: line.text.clone(), manner, heard, language: line.language, together, span: line.span });
    }

    /// How a line of somebody is heard. Who speaks into a telephone is there; who answers is not.
    fn heard(&self, line: &Speech, who: &Id, step: &Step) -> Heard {
        let acts = |s: &Step| s.acts.iter().any(|a| a.who == *who) || s.said.iter().any(|l| l.who.as_ref() == Some(who) && l.heard == Heard::Here);
        let seen = self.story.steps.iter().any(acts);
        let unseen = matches!(line.who, Speaker::Unseen(_));
        match line.heard {
            Some(Heard::Phone) if unseen => Heard::Phone,
            Some(Heard::Phone) => {
                let company = |s: &Step| s.about.iter().any(|id| id != who && self.role(id).is_some() && !self.unseen.contains(id));
                if !seen && (self.story.steps.iter().any(company) || step.about.iter().any(|id| id != who)) { Heard::Phone } else { Heard::Here }
            }
            Some(heard) => heard,
            None if unseen && !seen => {
                if self.has_phone() {
                    Heard::Phone
                } else {
                    Heard::OffScreen
                }
            }
            // Who was only heard until now goes on so, until something is seen done.
            None if self.unseen.contains(who) && !step.acts.iter().any(|a| a.who == *who && a.motion != "talk") => self
                .story
                .steps
                .iter()
                .flat_map(|s| &s.said)
                .rev()
                .find(|s| s.who.as_ref() == Some(who))
                .map_or(if self.phoning { Heard::Phone } else { Heard::OffScreen }, |s| s.heard),
            None => Heard::Here,
        }
    }

    /// Who speaks to nobody in particular speaks to whoever answers, or spoke before.
    fn face_each_other(&mut self) {
        let talks: Vec<(usize, usize, Id)> = self
            .story
            .steps
            .iter()
            .enumerate()
            .flat_map(|(k, s)| s.acts.iter().enumerate().filter(|(_, a)| a.motion == "talk").map(move |(n, a)| (k, n, a.who.clone())))
            .collect();
        for (k, n, who) in &talks {
            let scene = self.story.steps[*k].scene;
            let other = |t: &&(usize, usize, Id)| t.2 != *who && self.story.steps[t.0].scene == scene && !self.unseen.contains(&t.2);
            let near = talks.iter().filter(other).min_by_key(|t| (t.0.abs_diff(*k), t.0 < *k)).map(|t| t.2.clone());
            let act = &mut self.story.steps[*k].acts[*n];
            act.with = act.with.take().or(near);
        }
    }

    /// Whether somebody telephones.
    fn has_phone(&self) -> bool {
        self.phoning
            || self.story.scenes.iter().flat_map(|s| &s.things).any(|t| t.word == "phone")
            || self.story.steps.iter().flat_map(|s| &s.said).any(|s| s.heard == Heard::Phone)
    }

    /// Somebody talks in a step, to the listener or to whoever else is there.
    fn talks(&mut self, id: &Id, listener: Option<Id>, span: Span, step: &mut Step) {
        let other = |o: &&Id| *o != id && !self.unseen.contains(*o) && self.role(o).is_some_and(|r| r.kind == RoleKind::Person);
        let with = listener.filter(|l| !self.unseen.contains(l)).or_else(|| self.recent.iter().find(other).cloned());
        if let Some(act) = step.acts.iter_mut().find(|a| a.who == *id && a.motion == "talk") {
            act.with = act.with.take().or(with);
        } else if self.vocabulary.get(Kind::Motion, "talk").is_some() {
            step.acts.push(Act { who: id.clone(), motion: "talk".into(), manner: None, target: None, with, prop: None, span });
        }
    }

    /// Who answers: whom the last line was said to, else who spoke before, else somebody else.
    fn other_speaker(&self) -> Option<Id> {
        let last = self.spoke.first();
        let person = |id: &&Id| Some(*id) != last && self.role(id).is_some_and(|r| r.kind == RoleKind::Person);
        let others = self.spoken_to.iter().chain(self.spoke.iter().skip(1)).chain(&self.recent);
        others.into_iter().find(person).or(last).cloned()
    }

    /// Puts a step after the last one or into it.
    fn push(&mut self, step: Step, order: Order, lost: bool) {
        self.voiced_over(&step);
        let last = self.story.steps.last_mut();
        let bare = |s: &Step| s.acts.is_empty() && s.said.is_empty() && !s.framing.any();
        // "But it flies away and she cries": what goes with something that cannot be shown comes when that would have come.
        let order = if std::mem::take(&mut self.waits) && order == Order::While && !bare(&step) { Order::Then } else { order };
        self.waits = order == Order::Then && bare(&step) && lost;
        // What a narrator says goes with what is seen.
        let told = |s: &Step| s.acts.is_empty() && !s.said.is_empty() && s.said.iter().all(|l| l.who.is_none()) && !s.framing.any();
        // "Close-up of hands. A woman plays": how it is seen, then what.
        let leads = |s: &Step| s.acts.is_empty() && s.said.is_empty() && s.about.is_empty() && s.framing.any();
        // What is thrown flies while somebody runs after it.
        let fetches = |last: &Step| step.acts.iter().any(|a| a.motion == "fetch" && last.acts.iter().any(|b| b.motion == "throw" && b.prop == a.prop));
        let order = if last.as_ref().is_some_and(|last| fetches(last)) { Order::While } else { order };
        match last {
            Some(last)
                if last.segment == step.segment
                    && last.scene == step.scene
                    && (order == Order::While || told(last) || told(&step) || bare(&step) || ((bare(last) || leads(last)) && !step.framing.any()))
                    && (step.said.is_empty() || last.said.is_empty()) =>
            {
                let own = |acts: &[Act], a: &Act| acts.iter().any(|b| b.who == a.who && b.motion == a.motion);
                let fresh: Vec<Act> = step.acts.iter().filter(|a| !own(&last.acts, a)).cloned().collect();
                if (bare(last) || told(last) || leads(last)) && !step.about.is_empty() {
                    last.span = step.span;
                }
                last.acts.extend(fresh);
                last.said.extend(step.said);
                last.heard.extend(step.heard);
                last.framing.merge(&step.framing);
                for id in step.about {
                    if !last.about.contains(&id) {
                        last.about.push(id);
                    }
                }
            }
            _ => self.story.steps.push(step),
        }
    }

    /// "Two friends talk": their lines are that talk, if they come next.
    fn voiced_over(&mut self, step: &Step) {
        let Some(last) = self.story.steps.last() else { return };
        let speaks = |a: &Act| {
            a.motion == "talk"
                && step
                    .said
                    .iter()
                    .any(|l| l.who.is_some() && (l.who.as_ref() == Some(&a.who) || a.with == l.who || last.about.iter().any(|id| l.who.as_ref() == Some(id))))
        };
        let idle = last.said.is_empty() && !last.acts.is_empty() && !last.framing.any() && last.heard.is_empty();
        if idle && last.scene == step.scene && last.segment == step.segment && last.acts.iter().all(speaks) {
            self.story.steps.pop();
        }
    }

    /// "She ties his shoes": what people do to themselves is done to somebody else here.
    fn for_another(&mut self, action: &Action, subjects: &[Id]) -> Option<Action> {
        let (whose, [who]) = (action.whose.as_ref()?, subjects) else { return None };
        let (_, other) = FOR_OTHERS.iter().find(|(own, _)| *own == action.motion)?;
        let another = self.female(who).is_some_and(|female| female != (whose.what == What::She)) && !self.stands_in(who);
        let motion = (*other).to_owned();
        (another && self.vocabulary.get(Kind::Motion, other).is_some()).then(|| Action {
            motion,
            target: Some(Goal::Mention(whose.clone())),
            whose: None,
            ..action.clone()
        })
    }

    /// "The dog fetches it", "runs after it", "brings it back": what has been thrown is run after, taken and brought back.
    fn fetches(&mut self, action: &Action, subjects: &[Id], step: &mut Step) -> bool {
        let [who] = subjects else { return false };
        let motion = self.story.actions.of("throw").fetched.clone();
        let Some(motion) = motion.filter(|m| self.vocabulary.get(Kind::Motion, m).is_some()) else { return false };
        let (says, brings) = (action.motion == motion, action.carries == Some(true));
        let after = action.chase || action.motion == "run" && action.target.is_some();
        if !(says || brings || after) || self.role(who).is_none_or(|r| r.kind == RoleKind::Vehicle) {
            return false;
        }
        let last = self.story.steps.last().filter(|s| s.scene == step.scene);
        let acts = || last.iter().flat_map(|s| &s.acts).chain(&step.acts);
        let fetched = acts().rev().find(|a| a.who == *who && a.motion == motion).cloned();
        let thrown = acts().rev().find(|a| a.who != *who && a.motion == "throw" && a.prop.is_some()).cloned();
        let goal = if let Some(Goal::Mention(m)) = &action.target { Some(m) } else { None };
        let mut mentions = action.props.iter().chain(goal);
        let thing = |t: &Self, id: &Id| {
            thrown.as_ref().is_some_and(|a| a.prop.as_ref() == Some(id)) || fetched.as_ref().is_some_and(|a| a.prop.as_ref() == Some(id)) && t.thing_exists(id)
        };
        let means = mentions.clone().any(|m| m.what == What::It || self.known(m).is_some_and(|id| thing(self, &id)));
        let named = mentions.find(|m| matches!(m.what, What::Entry(Kind::Prop, _))).cloned();
        let to = thrown.as_ref().map(|a| a.who.clone()).or_else(|| fetched.as_ref().and_then(|a| a.with.clone()));
        if let (Some(_), true) = (&fetched, brings && means) {
            let all = self.story.steps.last_mut().into_iter().flat_map(|s| &mut s.acts).chain(&mut step.acts);
            all.filter(|a| a.who == *who && a.motion == motion).for_each(|a| a.target = a.target.take().or_else(|| to.clone().map(Target::Id)));
            return true;
        }
        let prop = match (&thrown, named) {
            (Some(thrown), _) if means || ((says || brings) && mentions_nothing(action)) => thrown.prop.clone(),
            (_, Some(m)) if says => self.resolve(&m).first().cloned(),
            _ => None,
        };
        let Some(prop) = prop else { return false };
        if thrown.is_none() {
            self.hold(&prop, who);
        }
        // Who fetches brings it back to whoever has thrown it.
        let target = to.filter(|_| says || brings).map(Target::Id);
        step.acts.push(Act { who: who.clone(), motion, manner: action.manner.clone(), target, with: None, prop: Some(prop), span: action.span });
        true
    }

    fn act(&mut self, action: &Action, subjects: &[Id], step: &mut Step) {
        let for_another = self.for_another(action, subjects);
        let action = for_another.as_ref().unwrap_or(action);
        if self.fetches(action, subjects, step) {
            return;
        }
        // Of several who play one game, two have the ball; of several who plant one flag, one has it.
        let facts = self.story.actions.of(&action.motion);
        let (others, busy) = (facts.others.clone(), if facts.takes_two() { 2 } else { 1 });
        if let Some(waits) = others.filter(|_| subjects.len() > busy) {
            let (doing, rest) = subjects.split_at(busy);
            self.act(action, doing, step);
            let k = self.scene();
            let rest: Vec<&Id> = rest.iter().filter(|id| self.role(id).is_some()).collect();
            for who in rest {
                step.acts.push(Act { who: who.clone(), motion: waits.clone(), manner: None, target: None, with: None, prop: None, span: action.span });
                // Out of the way of the ball.
                let behind =
                    Relation { what: who.clone(), relation: RelationKind::Behind, to: doing.get(1).cloned().into_iter().collect(), span: Some(action.span) };
                if doing.len() == 2 && !self.story.scenes[k].relations.iter().any(|r| r.what == *who) {
                    self.story.scenes[k].relations.push(behind);
                }
            }
            return;
        }
        self.acting = subjects.to_vec();
        let target = match &action.target {
            Some(Goal::Fixed(t)) => Some(t.clone()),
            Some(Goal::Mention(m)) => self.resolve(m).first().cloned().map(Target::Id),
            None => None,
        };
        let with = action.with.as_ref().and_then(|m| self.resolve(m).first().cloned());
        // "Takes a cup from the table and puts it down": what is in the hands is meant, not what was spoken of last.
        let in_hand = self.recent.iter().find(|id| {
            let things = self.story.scenes.iter().flat_map(|s| &s.things);
            things.into_iter().any(|t| t.id == **id && t.held_by.as_ref().is_some_and(|who| subjects.contains(who)))
        });
        let in_hand = in_hand.cloned();
        let known = |m: &Mention| in_hand.clone().filter(|_| m.what == What::It);
        let mut props: Vec<Id> = action.props.iter().flat_map(|m| known(m).map_or_else(|| self.resolve(m), |id| vec![id])).collect();
        self.acting.clear();
        // "it" may have been somebody.
        let (target, with) = if action.motion == PHONE { self.calls(target, with, subjects) } else { (target, with) };
        let somebody = props.iter().find(|id| self.role(id).is_some()).cloned().map(Target::Id);
        props.retain(|id| self.role(id).is_none());
        let facts = self.story.actions.of(&action.motion);
        let (carries, is_carried) = (facts.carries.is_some(), facts.carried);
        let other = somebody.clone().or(target.clone()).or(with.clone().filter(|_| is_carried.is_some()).map(Target::Id));
        let other = if other.is_none() && (carries || is_carried.is_some()) { self.other_one(action, subjects, carries) } else { other };
        if let (Some(way), Some(Target::Id(by))) = (is_carried, &other) {
            for what in subjects.iter().filter(|id| *id != by).cloned().collect::<Vec<_>>() {
                self.lift(&what, way.relation(), by.clone(), action.span);
            }
            return;
        }
        if let Some((id, way)) = self.lifted(action, other.as_ref()) {
            self.carried(&id, way, (action, subjects), step);
            return;
        }
        let target = target.or(somebody.filter(|_| action.carries.is_none()));
        // "catches it": a thing that is spoken of is held as one that is named.
        let facts = self.story.actions.of(&action.motion);
        let mate = if let Some(Target::Id(id)) = &target { Some(id) } else { with.as_ref() };
        let animal = mate.is_some_and(|id| self.role(id).is_some_and(|r| r.kind == RoleKind::Creature));
        let other = facts.with_animal.clone().filter(|o| animal && self.vocabulary.get(Kind::Motion, o).is_some());
        let action = &other.map_or_else(|| action.clone(), |motion| Action { motion, ..action.clone() });
        let facts = self.story.actions.of(&action.motion);
        let target = match target {
            Some(Target::Id(id)) if props.is_empty() && self.thing_exists(&id) && (facts.held && self.is_light(&id) || self.is_gear(&action.motion, &id)) => {
                props.push(id);
                None
            }
            other => other,
        };
        // Who builds a snowman does not hold it.
        let heavy: Vec<Id> = props.iter().filter(|id| !self.is_light(id) && !self.is_gear(&action.motion, id)).cloned().collect();
        props.retain(|id| !heavy.contains(id));
        let target = target.or_else(|| heavy.into_iter().next().map(Target::Id));
        // "The door opens."
        for thing in subjects.iter().filter(|id| facts.things && self.role(id).is_none()) {
            let (who, motion, manner) = (thing.clone(), action.motion.clone(), action.manner.clone());
            step.acts.push(Act { who, motion, manner, target: None, with: None, prop: None, span: action.span });
        }
        let still: Vec<Id> = subjects.iter().filter(|id| facts.travels && self.role(id).is_none() && self.thing_exists(id)).cloned().collect();
        for thing in still {
            let message = format!("things do not go by themselves: \"{thing}\" stays where it is");
            self.story.warnings.push(Warning::new(WarningKind::Unsupported, message).at(action.span));
        }
        // "The phone rings."
        if let Some(sound) = &action.sound {
            for thing in subjects.iter().filter(|id| self.role(id).is_none()).cloned().collect::<Vec<_>>() {
                self.noise(sound, &thing, action.span, step);
            }
        }
        for who in subjects.iter().filter(|id| self.role(id).is_some()).cloned().collect::<Vec<_>>() {
            for p in &props {
                self.hold(p, &who);
                // What is no load for a mouth lies before an animal or a robot.
                let handed = self.role(&who).is_some_and(|r| r.kind == RoleKind::Person);
                if handed && self.is_gear(&action.motion, p) && !self.given.contains(p) {
                    let thing = self.story.scenes.iter_mut().flat_map(|s| &mut s.things).find(|t| t.id == *p && t.held_by.is_none());
                    thing.into_iter().for_each(|t| t.held_by = Some(who.clone()));
                }
            }
            if let Some(mood) = &action.mood
                && let Some(role) = self.story.cast.iter_mut().find(|r| r.id == who)
            {
                role.traits.mood.get_or_insert_with(|| mood.clone());
            }
            if let Some(sound) = &action.sound {
                self.noise(sound, &who, action.span, step);
            }
            if action.state {
                continue;
            }
            let pair = subjects.len() == 2 && (action.reciprocal || self.story.actions.of(&action.motion).takes_two());
            // Of two who pass something, the one gives and the other receives.
            if subjects.len() == 2 && step.acts.iter().any(|a| a.who == who && Some(&a.motion) == self.story.actions.of(&action.motion).partner.as_ref()) {
                continue;
            }
            let other = subjects.iter().find(|s| pair && **s != who).cloned().map(Target::Id);
            let target = target.clone().or(other).filter(|t| *t != Target::Id(who.clone()));
            // An animal that is named is somebody, too: nobody is made up beside it.
            let somebody = |t: &Self, id: &Id| t.role(id).is_some_and(|r| matches!(r.kind, RoleKind::Person | RoleKind::Creature));
            let alone = !matches!(&target, Some(Target::Id(id)) if somebody(self, id)) && !with.as_ref().is_some_and(|w| somebody(self, w));
            // Nobody comes to be hugged in a teddy bear's place: it is held.
            let toy = match &target {
                Some(Target::Id(id)) if action.motion == "hug" && self.thing_exists(id) && self.is_light(id) => Some(id.clone()),
                _ => None,
            };
            if let Some(toy) = toy {
                self.hold(&toy, &who);
                let (motion, manner) = (action.motion.clone(), action.manner.clone());
                step.acts.push(Act { who: who.clone(), motion, manner, target: None, with: None, prop: Some(toy), span: action.span });
                continue;
            }
            let partner = self.story.actions.of(&action.motion).partner.clone();
            // "Plays catch with a girl": she is the other one.
            let person = |w: &Id| self.role(w).is_some_and(|r| r.kind == RoleKind::Person);
            let other = with.clone().filter(|w| partner.is_some() && target.is_none() && *w != who && person(w)).map(Target::Id);
            let with = with.clone().filter(|_| other.is_none());
            let target = target.or(other);
            let target = if alone && partner.is_some() { self.mate(&who, action).map(Target::Id).or(target) } else { target };
            let target =
                if target.is_none() && with.is_none() { self.beast(&who, action).or_else(|| self.usual_thing(action)).map(Target::Id) } else { target };
            let driver = who.clone();
            let (who, target) = self.at_the_wheel(who, target, &action.motion);
            if driver != who {
                // Nobody is shown at a wheel yet: the film is about the vehicle.
                step.unseen.push(driver.clone());
                let message = format!("\"{driver}\" is not shown in the vehicle");
                self.story.warnings.push(Warning::new(WarningKind::Unsupported, message).at(action.span).hint("the vehicle is shown going by itself"));
            }
            // A vehicle in flames is so all the while.
            if action.motion == "burn" {
                if let Some(role) = self.story.cast.iter_mut().find(|r| r.id == who && r.kind == RoleKind::Vehicle) {
                    role.traits.state = Some(State::Burning);
                }
                continue;
            }
            // Whoever is hugged back has been told so already.
            if self.story.actions.of(&action.motion).mutual && step.acts.iter().any(|a| a.who == who && a.motion == action.motion) {
                continue;
            }
            let (motion, hurry) = self.way_of_going(&who, &action.motion);
            let props = if props.is_empty() { self.usual_prop(&who, &motion, action.span).into_iter().collect() } else { props.clone() };
            step.acts.push(Act {
                who: who.clone(),
                motion: motion.clone(),
                manner: action.manner.clone().or(hurry),
                target: target.clone(),
                with: with.clone().filter(|w| *w != who),
                prop: props.first().cloned(),
                span: action.span,
            });
            // "walks with a dog": the dog walks too.
            if let Some(mate) = with.clone().filter(|w| {
                *w != who && self.role(w).is_some() && {
                    let a = self.story.actions.of(&action.motion);
                    a.legs && !a.posture && a.lasts
                }
            }) && !step.acts.iter().any(|a| a.who == mate)
            {
                step.acts.push(Act {
                    who: mate,
                    motion: action.motion.clone(),
                    manner: action.manner.clone(),
                    target: None,
                    with: Some(who.clone()),
                    prop: None,
                    span: action.span,
                });
            }
            // A hug takes two.
            let both = with.clone().or_else(|| match &target {
                Some(Target::Id(id)) => Some(id.clone()),
                _ => None,
            });
            if let Some(mate) = both.filter(|m| self.story.actions.of(&motion).mutual && *m != who && self.role(m).is_some())
                && !step.acts.iter().any(|a| a.who == mate)
            {
                let to = Some(Target::Id(who.clone()));
                step.acts.push(Act { who: mate, motion: motion.clone(), manner: None, target: to, with: Some(who.clone()), prop: None, span: action.span });
            }
            // Who is given something receives it, and what is thrown to somebody is caught.
            let answered = self.story.actions.of(&motion).answered.clone().filter(|_| !action.against && !props.is_empty());
            if let (Some(other), Some(Target::Id(mate))) = (partner.as_ref().or(answered.as_ref()), &target)
                && self.role(mate).is_some_and(|r| r.kind == RoleKind::Person && (partner.is_some() || r.count == 1))
                && !step.acts.iter().any(|a| a.who == *mate)
            {
                let to = Some(Target::Id(who.clone())).filter(|_| partner.is_some());
                let prop = props.first().filter(|_| partner.is_none()).cloned();
                step.acts.push(Act { who: mate.clone(), motion: other.clone(), manner: None, target: to, with: None, prop, span: action.span });
            }
            // An animal runs after what is thrown to it, and brings it.
            let fetched = self.story.actions.of(&motion).fetched.clone().filter(|_| !action.against && !props.is_empty());
            if let (Some(fetch), Some(mate)) = (fetched, if let Some(Target::Id(id)) = &target { Some(id.clone()) } else { with.clone() })
                && self.role(&mate).is_some_and(|r| r.kind == RoleKind::Creature && r.count == 1 && self.is_pet(&r.word))
                && !step.acts.iter().any(|a| a.who == mate)
            {
                step.acts.push(Act { who: mate, motion: fetch, manner: None, target: None, with: None, prop: props.first().cloned(), span: action.span });
            }
            if action.chase
                && let Some(Target::Id(prey)) = &target
                && self.role(prey).is_some()
            {
                step.acts.push(Act { who: prey.clone(), motion: action.motion.clone(), manner: None, target: None, with: None, prop: None, span: action.span });
            }
            if (action.ride || action.motion == "ride")
                && let Some(Target::Id(mount)) = &target
                && self.role(mount).is_some_and(|r| action.ride || r.kind == RoleKind::Creature)
                && !step.acts.iter().any(|a| a.who == *mount)
            {
                step.acts.push(Act { who: mount.clone(), motion: "walk".into(), manner: None, target: None, with: None, prop: None, span: action.span });
                let k = self.scene();
                self.story.scenes[k].relations.push(Relation {
                    what: who.clone(),
                    relation: RelationKind::On,
                    to: vec![mount.clone()],
                    span: Some(action.span),
                });
            }
            // Who sits on something from the start is on it.
            let moved = self.given.contains(&who) || self.story.steps.iter().any(|s| s.acts.iter().any(|a| a.who == who));
            if let ("sit", Some(Target::Id(seat)), false) = (action.motion.as_str(), &target, moved || action.ride) {
                let k = self.scene();
                let known = self.story.scenes[k].relations.iter().any(|r| r.what == who);
                if !known && self.thing_exists(seat) {
                    self.story.scenes[k].relations.push(Relation {
                        what: who.clone(),
                        relation: RelationKind::On,
                        to: vec![seat.clone()],
                        span: Some(action.span),
                    });
                }
            }
        }
    }

    /// Who is carried by an action, and how.
    fn lifted(&self, action: &Action, whom: Option<&Target>) -> Option<(Id, RelationKind)> {
        let Some(Target::Id(id)) = whom else { return None };
        let role = self.role(id).filter(|r| matches!(r.kind, RoleKind::Person | RoleKind::Creature))?;
        let named = self.story.actions.of(&action.motion).carries.map(Carries::relation);
        // A baby or a kitten that is hugged is on the arm: nobody kneels to it.
        let tiny = match role.kind {
            RoleKind::Person => role.word == "baby",
            _ => matches!(role.word.as_str(), "cat" | "rabbit") || role.traits.size.is_some_and(|s| s < 0.8) && self.is_pet(&role.word),
        };
        let held = action.motion == "hug" && tiny;
        // Who brings somebody a cup carries the cup.
        let things = action.props.iter().any(|m| matches!(m.what, What::Entry(Kind::Prop, _)));
        if named.is_none() && (action.carries.is_none() || things) && !held {
            return None;
        }
        let usual = match role.kind {
            RoleKind::Creature => RelationKind::OnArm,
            _ => RelationKind::InArms,
        };
        Some((id.clone(), action.way.or(named).unwrap_or(usual)))
    }

    /// Whom somebody carries, or who carries them, if nobody is named: who is there already, or a child, or a man.
    fn other_one(&mut self, action: &Action, subjects: &[Id], carries: bool) -> Option<Target> {
        let person = |t: &Self, id: &Id| !subjects.contains(id) && t.role(id).is_some_and(|r| r.kind == RoleKind::Person);
        let known = self.recent.iter().find(|id| person(self, id)).cloned();
        let before_chest = matches!(self.story.actions.of(&action.motion).carries, Some(Carries::InArms | Carries::OnArm));
        let word = if !carries {
            "man"
        } else if before_chest {
            "baby"
        } else {
            "girl"
        };
        self.vocabulary.get(Kind::Person, word)?;
        Some(Target::Id(known.unwrap_or_else(|| self.newcomer(Kind::Person, word, action.span))))
    }

    fn lift(&mut self, what: &str, relation: RelationKind, by: Id, span: Span) {
        let k = self.scene();
        self.story.scenes[k].relations.retain(|r| r.what != what);
        self.story.scenes[k].relations.push(Relation { what: what.to_owned(), relation, to: vec![by], span: Some(span) });
    }

    /// Somebody is carried for the rest of the scene; who carries goes where the words say, or stands.
    fn carried(&mut self, what: &str, relation: RelationKind, (action, subjects): (&Action, &[Id]), step: &mut Step) {
        let Some(who) = subjects.iter().find(|id| *id != what && self.role(id).is_some()).cloned() else { return };
        self.lift(what, relation, who.clone(), action.span);
        if !action.state && self.story.actions.of(&action.motion).travels {
            let target = match &action.target {
                Some(Goal::Fixed(t)) => Some(t.clone()),
                Some(Goal::Mention(m)) => self.resolve(m).first().filter(|id| *id != what).cloned().map(Target::Id),
                None => None,
            };
            step.acts.push(Act { who, motion: action.motion.clone(), manner: action.manner.clone(), target, with: None, prop: None, span: action.span });
        }
    }

    /// Whoever is telephoned is not there, unless seen to do something before.
    fn calls(&mut self, target: Option<Target>, with: Option<Id>, subjects: &[Id]) -> (Option<Target>, Option<Id>) {
        self.phoning = true;
        let person = |id: &&Id| self.role(id).is_some_and(|r| r.kind == RoleKind::Person);
        let callers: Vec<Id> = subjects.iter().filter(person).cloned().collect();
        self.on_phone.extend(callers);
        let named = if let Some(Target::Id(id)) = &target { Some(id.clone()) } else { None };
        for id in named.iter().chain(&with) {
            let acted = self.story.steps.iter().any(|s| s.acts.iter().any(|a| a.who == *id));
            if self.role(id).is_some() && !acted && !subjects.contains(id) {
                self.unseen.insert(id.clone());
                self.spoken_to = Some(id.clone());
            }
        }
        (None, None)
    }

    /// Who telephones holds the telephone at the ear while speaking; what comes last in a step goes on.
    fn holds_phone(&mut self, who: &Id, span: Span, step: &mut Step) {
        let hands_full = |a: &Act| a.who == *who && a.motion != "talk" && a.motion != PHONE && !self.story.actions.of(&a.motion).legs;
        if self.vocabulary.get(Kind::Motion, PHONE).is_none() || step.acts.iter().any(hands_full) {
            return;
        }
        self.on_phone.insert(who.clone());
        step.acts.retain(|a| a.who != *who || a.motion != PHONE);
        let prop = self.usual_prop(who, PHONE, span);
        step.acts.push(Act { who: who.clone(), motion: PHONE.into(), manner: None, target: None, with: None, prop, span });
    }

    /// What is in the hands of a person who does something without a named thing: a guitar, a book.
    fn usual_prop(&mut self, who: &str, motion: &str, span: Span) -> Option<Id> {
        let word = self.story.actions.of(motion).holds.clone().filter(|w| self.vocabulary.get(Kind::Prop, w).is_some())?;
        let k = self.scene();
        let has = |t: &&Thing| t.word == word && t.held_by.as_deref() == Some(who);
        let things = &self.story.scenes[k].things;
        if let Some(thing) = things.iter().find(has).or_else(|| things.iter().find(|t| t.word == word && t.held_by.is_some())) {
            return Some(thing.id.clone());
        }
        self.role(who).filter(|r| r.kind == RoleKind::Person)?;
        let id = self.free_id(&word);
        let held_by = Some(who.to_owned());
        self.story.scenes[k].things.push(Thing { id: id.clone(), word, count: 1, traits: Traits::default(), held_by, span: Some(span) });
        Some(id)
    }

    /// Whether an animal is one that plays with people.
    fn is_pet(&self, word: &str) -> bool {
        self.vocabulary.get(Kind::Creature, word).is_some_and(|a| a.kin.iter().any(|k| k == "pet"))
    }

    /// Whether a thing is what a motion brings along.
    fn is_gear(&self, motion: &str, thing: &str) -> bool {
        let word = self.story.scenes.iter().flat_map(|s| &s.things).find(|t| t.id == thing).map(|t| &t.word);
        word.is_some_and(|w| crate::actions::is_gear(self.vocabulary, self.story.actions.of(motion), w))
    }

    fn is_light(&self, thing: &str) -> bool {
        let word = self.story.scenes.iter().flat_map(|s| &s.things).find(|t| t.id == thing).map(|t| &t.word);
        word.is_none_or(|w| crate::actions::is_light(self.vocabulary, w))
    }

    fn thing_exists(&self, id: &str) -> bool {
        self.story.scenes.iter().any(|s| s.things.iter().any(|t| t.id == id))
    }

    fn hold(&mut self, thing: &str, who: &str) {
        // A thing that holds another is no holder: only roles have hands.
        if self.given.contains(thing) || !self.is_light(thing) || !self.story.cast.iter().any(|r| r.id == who) {
            return;
        }
        for scene in &mut self.story.scenes {
            if let Some(t) = scene.things.iter_mut().find(|t| t.id == thing && t.held_by.is_none()) {
                t.held_by = Some(who.to_owned());
            }
        }
    }

    fn noise(&mut self, lemma: &str, who: &str, span: Span, step: &mut Step) {
        // A phone rings otherwise than a bell does: `phone-ring` wins over `ring`.
        let things = self.story.scenes.iter().flat_map(|s| &s.things);
        let own = things.filter(|t| t.id == who).map(|t| format!("{}-{lemma}", t.word)).find(|id| self.vocabulary.get(Kind::Sound, id).is_some());
        let named = || self.vocabulary.named(Language::En, lemma).into_iter().find(|a| a.kind == Kind::Sound).map(|a| a.id.clone());
        if let Some(word) = own.or_else(named) {
            step.heard.push(Noise { kind: Kind::Sound, word, source: Some(who.to_owned()), span });
        } else {
            let message = format!("the sound \"{lemma}\" is not in the vocabulary and is not heard");
            self.story.warnings.push(Warning::new(WarningKind::UnknownWord, message).at(span));
        }
    }

    fn sound(&mut self, wish: &SoundWish, step: &mut Step) {
        let source = wish.source.as_ref().and_then(|m| self.known(m));
        step.heard.push(Noise { kind: wish.kind, word: wish.word.clone(), source, span: wish.span });
    }

    /// The id of a mention that has been resolved before, without making anything new.
    fn known(&self, m: &Mention) -> Option<Id> {
        self.resolved.get(&m.span.start).cloned()
    }

    fn relations(&mut self, clause: &Clause) {
        for wish in &clause.relations {
            let whats = self.resolve(&wish.what);
            let to: Vec<Id> = wish.to.iter().flat_map(|m| self.resolve(m)).collect();
            let Some(what) = whats.first().cloned() else { continue };
            let to: Vec<Id> = to.into_iter().filter(|t| *t != what).collect();
            if to.is_empty() {
                continue;
            }
            let k = self.scene();
            if self.story.scenes[k].continues.is_some() && self.given.contains(&what) {
                let message = format!("\"{what}\" goes on from where it was");
                self.story.warnings.push(Warning::new(WarningKind::Conflict, message).at(wish.span).hint("say that it goes there"));
                continue;
            }
            let relation = Relation { what, relation: wish.relation, to, span: Some(wish.span) };
            let same = |r: &Relation| r.what == relation.what && r.relation == relation.relation && r.to == relation.to;
            if !self.story.scenes[k].relations.iter().any(same) {
                self.story.scenes[k].relations.push(relation);
            }
        }
    }

    fn role(&self, id: &str) -> Option<&Role> {
        self.story.cast.iter().find(|r| r.id == id)
    }

    fn last_person(&self) -> Option<Id> {
        self.recent
            .iter()
            .find(|id| self.role(id).is_some_and(|r| r.kind == RoleKind::Person))
            .or_else(|| self.recent.iter().find(|id| self.role(id).is_some()))
            .cloned()
    }

    fn touch(&mut self, id: &str) {
        // "A picture hangs on the wall and a man looks at it."
        if self.story.scenes.iter().flat_map(|s| &s.things).any(|t| t.id == id && t.word == "wall") {
            return;
        }
        self.recent.retain(|r| r != id);
        self.recent.insert(0, id.to_owned());
    }

    fn female(&self, id: &str) -> Option<bool> {
        let role = self.role(id)?;
        (role.kind == RoleKind::Person).then(|| {
            if let Some(sex) = role.traits.sex.as_deref() {
                return sex == "female";
            }
            crate::actions::is_female(self.vocabulary, &role.word)
                && role.traits.called.as_deref() != Some("boy")
                && role.voice.as_ref().is_none_or(|v| v.kind != "male")
        })
    }

    /// Whether a role is one: "she" is none of three girls.
    fn is_one(&self, id: &str) -> bool {
        self.role(id).is_none_or(|r| r.count < 2)
    }

    /// Whether somebody is shown for a word that says neither he nor she: a thief.
    fn stands_in(&self, id: &str) -> bool {
        self.role(id).is_some_and(|r| {
            r.kind == RoleKind::Person
                && r.traits.called.as_ref().is_some_and(|c| !c.ends_with("man") && !c.ends_with("ess"))
                && matches!(r.word.as_str(), "man" | "woman")
        })
    }

    fn resolve(&mut self, m: &Mention) -> Vec<Id> {
        if let Some(several) = self.members_of(m) {
            return several;
        }
        if let Some(id) = self.resolved.get(&m.span.start).cloned() {
            self.add_traits(&id, m);
            return vec![id];
        }
        let found: Vec<Id> = match &m.what {
            What::Camera | What::Bare => return Vec::new(),
            What::Nth(n) => self.one_of(*n, m).into_iter().collect(),
            What::He => self.pronoun_or(m, "man"),
            What::She => self.pronoun_or(m, "woman"),
            What::It => {
                let beast = |id: &&Id| self.role(id).is_some() && self.female(id).is_none() && !self.acting.contains(*id);
                // Of whom or what something is done to, the last that was spoken of; who acts is rather somebody than something.
                let thing = |id: &&Id| self.role(id).is_none() && self.thing_exists(id);
                let creature = self.recent.iter().find(|id| beast(id) || (!self.acting.is_empty() && thing(id))).cloned();
                creature.map_or_else(|| self.pronoun(|t, id| t.female(id).is_none()), |id| vec![id])
            }
            What::They => {
                let all = if m.another { Vec::new() } else { self.they() };
                return if all.is_empty() { self.strangers(m) } else { all };
            }
            What::Named(kind, word) => self.named(m, *kind, word),
            What::Wider(word) => self.wider(m, word),
            What::Entry(kind, word) => self.entry(m, *kind, word),
        };
        for id in &found {
            self.doing.extend(m.does.iter().map(|motion| (id.clone(), motion.clone(), m.span)));
            self.resolved.entry(m.span.start).or_insert_with(|| id.clone());
            self.touch(id);
            self.add_traits(id, m);
            for p in &m.holds {
                for thing in self.resolve(p) {
                    self.hold(&thing, id);
                }
            }
        }
        found
    }

    /// Two friends who are named later, or who speak in turn, are two people rather than a group.
    fn members_of(&mut self, m: &Mention) -> Option<Vec<Id>> {
        if let Some(known) = self.strangers.get(&m.span.start).filter(|_| matches!(m.what, What::Entry(..))) {
            return Some(known.clone());
        }
        let What::Entry(Kind::Person, word) = &m.what else { return None };
        if m.count < 2 || m.count as usize != self.members.len() || self.story.cast.iter().any(|r| r.name.is_some()) {
            return None;
        }
        // "The two friends" are those of before.
        let known: Vec<Id> = self.turns.clone();
        let several = if m.definite && known.len() == self.members.len() {
            known
        } else {
            let own = std::mem::take(&mut self.members);
            let each = own.into_iter().map(|name| match name {
                Some(named) => {
                    let word = if let What::Named(_, w) = &named.what { w.clone() } else { word.clone() };
                    self.create(&Mention { count: 1, name: named.name, ..m.clone() }, Kind::Person, &word)
                }
                None => self.create(&Mention { count: 1, ..m.clone() }, Kind::Person, word),
            });
            each.collect()
        };
        several.iter().for_each(|id| self.touch(id));
        self.turns.clone_from(&several);
        self.strangers.insert(m.span.start, several.clone());
        Some(several)
    }

    /// The first, the other, of those who talk.
    fn nth(&self, n: usize) -> Option<Id> {
        let group = if self.turns.is_empty() { self.they() } else { self.turns.clone() };
        group.get(n.min(group.len().saturating_sub(1))).cloned().or_else(|| self.last_person())
    }

    /// The same, or somebody new: "one holds a lamp while another searches".
    fn one_of(&mut self, n: usize, m: &Mention) -> Option<Id> {
        let alone = self.turns.is_empty() && self.story.cast.iter().filter(|r| r.kind == RoleKind::Person).map(|r| r.count).sum::<u32>() == 1;
        let first = self.nth(0).filter(|_| n > 0 && alone && self.spoke.is_empty());
        let word = first.as_ref().map(|id| if self.female(id) == Some(true) { "man" } else { "woman" });
        match word.filter(|w| self.vocabulary.get(Kind::Person, w).is_some()) {
            Some(word) => Some(self.create(&Mention { count: 1, another: true, ..m.clone() }, Kind::Person, word)),
            None => self.nth(n),
        }
    }

    fn pronoun(&self, fits: impl Fn(&Self, &str) -> bool) -> Vec<Id> {
        let others = || self.recent.iter().filter(|id| !self.acting.contains(*id));
        if let Some(id) = others().find(|id| fits(self, id)) {
            return vec![id.clone()];
        }
        self.recent.iter().find(|id| fits(self, id)).or_else(|| self.recent.iter().find(|id| self.role(id).is_some())).cloned().into_iter().collect()
    }

    /// Somebody known, or a stranger: "She opens the fridge."
    ///
    /// Who is surely meant comes before who might be, unless that one acted last: a woman before a musician whom she saw, and a musician
    /// before a chef, whom the vocabulary takes for a man. From then on it is known what they are.
    fn pronoun_or(&mut self, m: &Mention, word: &str) -> Vec<Id> {
        let female = word == "woman";
        let sure = |id: &&Id| self.is_one(id) && (self.female(id) == Some(female) && !self.is_open(id) || self.stands_in(id));
        let open = |id: &&Id| self.is_one(id) && self.is_open(id);
        let acted = |id: &&Id| self.story.steps.last().is_some_and(|s| s.acts.iter().any(|a| a.who == **id));
        let neutral = |id: &&Id| self.is_one(id) && self.is_neutral(id);
        // "He" is not a woman whose name is not given.
        let may_be = |id: &&Id| self.female(id).is_none_or(|f| f == female) || self.role(id).is_some_and(|r| r.name.is_some());
        let others = || self.recent.iter().filter(|id| !self.acting.contains(*id));
        let known = (others().find(|id| sure(id) || open(id) && acted(id)).or_else(|| others().find(open)))
            .or_else(|| self.recent.iter().find(sure))
            .or_else(|| others().find(neutral))
            .or_else(|| self.recent.iter().find(|id| self.role(id).is_some()).filter(may_be))
            .cloned();
        if let Some(id) = &known
            && (self.is_open(id) || self.is_neutral(id))
        {
            self.is_one_of_them(id, female);
        }
        match known {
            Some(id) => vec![id],
            None if self.vocabulary.get(Kind::Person, word).is_some() => vec![self.create(m, Kind::Person, word)],
            None => Vec::new(),
        }
    }

    /// Whether somebody's word and what was said of them leave open whether they are a woman or a man: a musician.
    fn is_open(&self, id: &str) -> bool {
        self.is_neutral(id) && self.role(id).is_some_and(|r| !crate::actions::says_sex(self.vocabulary, &r.word))
    }

    /// Whether somebody may be a woman or a man, whatever the vocabulary takes them for: a chef, not a king.
    fn is_neutral(&self, id: &str) -> bool {
        let says = |word: &str| word.split(['-', ' ']).any(says_sex);
        let said = |r: &Role| r.traits.sex.is_some() || r.name.is_some() || says(&r.word) || r.traits.called.as_deref().is_some_and(says);
        !self.given.contains(id) && self.role(id).is_some_and(|r| r.kind == RoleKind::Person && !said(r))
    }

    /// It is said of somebody whether they are a woman.
    fn is_one_of_them(&mut self, id: &str, female: bool) {
        let Some(role) = self.story.cast.iter_mut().find(|r| r.id == id) else { return };
        role.traits.sex = Some(if female { "female" } else { "male" }.into());
        if let Some(voice) = &mut role.voice {
            voice.kind = crate::actions::voice_of(self.vocabulary, &role.word, &role.traits).into();
        }
    }

    /// Two who are not named: "They dance." They are the same two ever after; a family is four.
    fn strangers(&mut self, m: &Mention) -> Vec<Id> {
        if let Some(known) = self.strangers.get(&m.span.start) {
            return known.clone();
        }
        let traits = Traits { called: None, ..m.traits.clone() };
        let one = Mention { count: 1, another: false, traits, ..m.clone() };
        let together = crate::english::together(m.traits.called.as_deref()).unwrap_or(&["woman", "man"]);
        let two = together.iter().copied().filter(|w| self.vocabulary.get(Kind::Person, w).is_some()).collect::<Vec<_>>();
        let two: Vec<Id> = two.into_iter().map(|word| self.create(&one, Kind::Person, word)).collect();
        two.iter().for_each(|id| self.touch(id));
        self.strangers.insert(m.span.start, two.clone());
        two
    }

    fn they(&self) -> Vec<Id> {
        let group: Vec<Id> = self.last_group.iter().filter(|id| self.role(id).is_some()).cloned().collect();
        if group.len() > 1 || group.first().and_then(|g| self.role(g)).is_some_and(|r| r.count > 1) {
            return group;
        }
        let all: Vec<Id> = self.story.cast.iter().filter(|r| r.kind != RoleKind::Vehicle).map(|r| r.id.clone()).collect();
        if all.is_empty() { group } else { all }
    }

    fn named(&mut self, m: &Mention, kind: Kind, word: &str) -> Vec<Id> {
        if let Some(role) = self.story.cast.iter().find(|r| r.name.is_some() && r.name == m.name) {
            return vec![role.id.clone()];
        }
        vec![self.create(m, kind, word)]
    }

    fn wider(&mut self, m: &Mention, word: &str) -> Vec<Id> {
        let fits = |t: &Self, id: &Id| {
            let Some(role) = t.role(id) else { return false };
            let kind = kind_of(role.kind);
            t.vocabulary.get(kind, &role.word).is_some_and(|a| a.kin.iter().any(|k| k == word))
        };
        if m.definite
            && let Some(id) = self.recent.iter().find(|id| fits(self, id)).cloned()
        {
            return vec![id];
        }
        let kinds = [Kind::Person, Kind::Creature, Kind::Vehicle, Kind::Prop];
        let Some(asset) = kinds.iter().find_map(|k| self.vocabulary.of(*k).find(|a| a.kin.iter().any(|w| w == word))) else { return Vec::new() };
        let (kind, id) = (asset.kind, asset.id.clone());
        self.story.warnings.push(
            Warning::new(WarningKind::Replaced, format!("\"{word}\" could be many things; the film shows \"{id}\""))
                .at(m.span)
                .hint("name the one that is meant"),
        );
        vec![self.create(m, kind, &id)]
    }

    fn entry(&mut self, m: &Mention, kind: Kind, word: &str) -> Vec<Id> {
        if kind == Kind::Garment {
            return Vec::new();
        }
        let role_kind = role_kind(kind);
        let colour_fits = |t: &Traits| m.traits.colour.is_none() || t.colour.is_none() || t.colour == m.traits.colour;
        let called = |t: &Traits| m.traits.called == t.called;
        // "The girl" is none of three children.
        let one_of = |r: &Role| r.kind != RoleKind::Person || r.count < 2 || m.count > 1 || !m.definite;
        let mut same: Vec<Id> = self
            .recent
            .iter()
            .filter(|id| self.role(id).is_some_and(|r| Some(r.kind) == role_kind && r.word == word && colour_fits(&r.traits) && called(&r.traits) && one_of(r)))
            .cloned()
            .collect();
        same.extend(
            self.recent
                .iter()
                .filter(|id| {
                    role_kind.is_none()
                        && self
                            .story
                            .scenes
                            .iter()
                            .flat_map(|s| &s.things)
                            .any(|t| t.id == **id && t.word == word && colour_fits(&t.traits) && called(&t.traits))
                })
                .cloned(),
        );
        let first = same.first().cloned();
        // In a shot list every shot introduces its people again.
        let from_other_shot = first.as_ref().is_some_and(|id| (self.segment > 0 || self.given_scenes > 0) && self.born_in.get(id) != Some(&self.segment));
        if let Some(id) = first.filter(|_| !m.another && m.name.is_none() && (m.definite || from_other_shot)) {
            return vec![id];
        }
        // "the man" may be the old man, and Anna may be "the girl".
        if m.definite && kind == Kind::Person {
            // The customers of a bar are not the one woman who sings there.
            let as_many = |r: &Role| m.traits.called.is_none() || m.count < 2 || r.count > 1;
            let like = |r: &Role| r.kind == RoleKind::Person && one_of(r) && as_many(r) && (r.word.ends_with(word) || (word == "woman" && r.word == "girl"));
            if let Some(id) = self.recent.iter().find(|id| self.role(id).is_some_and(&like)).cloned() {
                return vec![id];
            }
        }
        vec![self.create(m, kind, word)]
    }

    fn free_id(&mut self, word: &str) -> Id {
        let base = if word.is_empty() { "thing" } else { word };
        let id = (1..).map(|n| if n == 1 { base.to_owned() } else { format!("{base}-{n}") }).find(|id| !self.used_ids.contains(id)).unwrap_or_default();
        self.used_ids.insert(id.clone());
        id
    }

    fn create(&mut self, m: &Mention, kind: Kind, word: &str) -> Id {
        let so_far: u32 = match role_kind(kind) {
            Some(_) => self.story.cast.iter().map(|r| r.count).sum(),
            None => self.story.scenes[self.scene()].things.iter().map(|t| t.count).sum(),
        };
        let most = CROWDS.saturating_sub(so_far).clamp(12, MOST_ALIKE);
        let count = m.count.clamp(1, most);
        if m.count > most {
            let message = format!("{} of a kind are too many; the film shows {most}", m.count);
            self.story.warnings.push(Warning::new(WarningKind::Adjusted, message).at(m.span).hint(format!("at most {most}")));
        }
        let id = self.free_id(word);
        self.born_in.insert(id.clone(), self.segment);
        if let Some(role) = role_kind(kind) {
            let mut m = m.clone();
            let burns = role == RoleKind::Vehicle && m.traits.state == Some(State::Burning);
            if m.traits.state.is_some() && !burns {
                m.traits.state = None;
                let message = format!("only things are open, broken or lit: the {word} looks as usual");
                self.story.warnings.push(Warning::new(WarningKind::Unsupported, message).at(m.span));
            }
            let voice =
                (role == RoleKind::Person).then(|| Voice { kind: crate::actions::voice_of(self.vocabulary, word, &m.traits).into(), ..Voice::default() });
            self.story.cast.push(Role {
                id: id.clone(),
                kind: role,
                word: word.to_owned(),
                name: m.name.clone(),
                count,
                traits: m.traits.clone(),
                voice,
                model: None,
                span: Some(m.span),
            });
        } else {
            let k = self.scene();
            self.story.scenes[k].things.push(Thing {
                id: id.clone(),
                word: word.to_owned(),
                count,
                traits: m.traits.clone(),
                held_by: None,
                span: Some(m.span),
            });
        }
        id
    }

    fn add_traits(&mut self, id: &str, m: &Mention) {
        if self.given.contains(id) {
            let wanted = &m.traits;
            let has = |t: &Traits| wanted.colour.is_none() || wanted.colour == t.colour;
            let wears = |t: &Traits| wanted.clothes.iter().all(|g| t.clothes.contains(g));
            if self.role(id).is_some_and(|r| !has(&r.traits) || !wears(&r.traits)) {
                let message = format!("\"{id}\" looks as in the film before");
                self.story.warnings.push(Warning::new(WarningKind::Conflict, message).at(m.span).hint("edit the traits in the plan"));
            }
            return;
        }
        let scene = self.scene();
        if let Some(thing) = self.story.scenes[scene].things.iter_mut().find(|t| t.id == id) {
            let mut own = Mention { traits: thing.traits.clone(), ..m.clone() };
            merge_traits(&mut own, m);
            thing.traits = own.traits;
            return;
        }
        let name = m.name.clone();
        let vehicle = self.role(id).is_some_and(|r| r.kind == RoleKind::Vehicle);
        let Some(traits) = self.story.cast.iter_mut().find(|r| r.id == id).map(|r| {
            r.name = r.name.take().or(name);
            &mut r.traits
        }) else {
            return;
        };
        let mut own = Mention { traits: traits.clone(), ..m.clone() };
        merge_traits(&mut own, m);
        for g in &m.traits.clothes {
            if !own.traits.clothes.contains(g) {
                own.traits.clothes.push(g.clone());
            }
        }
        own.traits.state = own.traits.state.filter(|s| vehicle && *s == State::Burning);
        let made_of = own.traits.material.take_if(|_| !vehicle);
        *traits = own.traits;
        if let Some(material) = made_of {
            let message = format!("only things and vehicles are made of something else: {id} is not of {material}");
            self.story.warnings.push(Warning::new(WarningKind::Unsupported, message).at(m.span));
        }
    }

    fn finish(mut self, script: &Script) -> Story {
        self.spare_walls();
        let place = self.default_place();
        let outdoors: BTreeSet<usize> = self.story.steps.iter().filter(|s| s.acts.iter().any(|a| self.flies(a))).map(|s| s.scene).collect();
        for (k, scene) in self.story.scenes.iter_mut().enumerate().skip(self.given_scenes) {
            if !self.placed[k] {
                scene.place.clone_from(&place);
            }
            // Aircraft are not in the departure hall.
            if scene.place == "airport" && outdoors.contains(&k) && self.vocabulary.get(Kind::Place, "airfield").is_some() {
                scene.place = "airfield".into();
            }
            if scene.place == "space" && !self.timed[k] {
                scene.time = "night".into();
            }
            if scene.mood.is_none() {
                scene.mood.clone_from(&script.film.mood);
            }
            if scene.mood.as_ref().is_some_and(|m| self.vocabulary.get(Kind::Music, m).is_none()) {
                scene.mood = None;
            }
        }
        self.face_each_other();
        self.throw_beyond();
        self.watch_who_performs();
        self.story.unseen = self.unseen;
        self.story
    }

    /// Pictures hang on walls and rooms have some: no other wall stands there for that, unless somebody has to do with it.
    fn spare_walls(&mut self) {
        let used = |id: &Id| {
            let met = |a: &Act| a.target == Some(Target::Id(id.clone())) || a.with.as_ref() == Some(id) || a.prop.as_ref() == Some(id);
            self.story.steps.iter().flat_map(|s| &s.acts).any(met)
                || self.story.scenes.iter().flat_map(|s| &s.relations).any(|r| r.to.contains(id) && self.story.cast.iter().any(|c| c.id == r.what))
        };
        let walls = self.story.scenes.iter().flat_map(|s| &s.things).filter(|t| t.word == "wall" && !self.given.contains(&t.id));
        let spare: Vec<Id> = walls.map(|t| t.id.clone()).filter(|id| !used(id)).collect();
        if self.story.cast.is_empty() && self.story.scenes.iter().flat_map(|s| &s.things).all(|t| spare.contains(&t.id)) {
            return;
        }
        for scene in &mut self.story.scenes {
            scene.things.retain(|t| !spare.contains(&t.id));
            scene.relations.retain(|r| !spare.contains(&r.what) && !r.to.iter().any(|id| spare.contains(id)));
        }
        for step in &mut self.story.steps {
            step.acts.retain(|a| !spare.contains(&a.who));
            step.about.retain(|id| !spare.contains(id));
        }
    }

    /// Who listens or watches, nobody says to what, does so to who plays, sings, dances or talks there.
    fn watch_who_performs(&mut self) {
        let kin = |motion: &str| self.vocabulary.get(Kind::Motion, motion).map_or(&[][..], |a| &a.kin[..]);
        let performs = |motion: &str| kin(motion).iter().any(|k| k == "music" || k == "dance") || matches!(motion, "dance" | "juggle" | "sing" | "talk");
        let on: Vec<(usize, Id)> =
            self.story.steps.iter().flat_map(|s| s.acts.iter().filter(|a| performs(&a.motion)).map(|a| (s.scene, a.who.clone()))).collect();
        for step in &mut self.story.steps {
            for act in step.acts.iter_mut().filter(|a| a.motion == "look" && a.target.is_none()) {
                let seen = on.iter().find(|(scene, who)| *scene == step.scene && *who != act.who);
                act.target = seen.map(|(_, who)| Target::Id(who.clone()));
            }
        }
    }

    /// What somebody fetches is not thrown at them, but beyond.
    fn throw_beyond(&mut self) {
        for step in &mut self.story.steps {
            let fetched: Vec<(Id, Option<Id>)> = step.acts.iter().filter(|a| a.motion == "fetch").map(|a| (a.who.clone(), a.prop.clone())).collect();
            for act in step.acts.iter_mut().filter(|a| a.motion == "throw") {
                if let Some((by, _)) = fetched.iter().find(|f| f.1 == act.prop) {
                    act.target.take_if(|t| *t == Target::Id(by.clone()));
                    act.with.take_if(|w| w == by);
                }
            }
        }
    }

    /// Who drives or sails something is not seen in it: the vehicle acts.
    fn at_the_wheel(&self, who: Id, target: Option<Target>, motion: &str) -> (Id, Option<Target>) {
        match &target {
            Some(Target::Id(id)) if matches!(motion, "drive" | "sail") && self.role(id).is_some_and(|r| r.kind == RoleKind::Vehicle) => (id.clone(), None),
            _ => (who, target),
        }
    }

    /// How somebody goes, and in what manner: vehicles drive, sail, float or fly whatever verb was chosen, nobody else does.
    fn way_of_going(&self, who: &Id, motion: &str) -> (String, Option<String>) {
        let Some(role) = self.role(who) else { return (motion.to_owned(), None) };
        let kin = |kind: &str| self.vocabulary.get(Kind::Vehicle, &role.word).is_some_and(|a| a.kin.iter().any(|k| k == kind));
        let (afloat, flies) = (kin("vessel"), kin("aircraft"));
        let way = match (role.kind == RoleKind::Vehicle, motion) {
            (true, "swim" | "float" | "stand") if afloat => "float",
            (true, "walk" | "run" | "fly" | "drive" | "sail") if afloat => "sail",
            (true, "fly" | "float" | "swim" | "sail") if flies => "fly",
            (true, "walk" | "run" | "fly" | "swim" | "float" | "sail") => "drive",
            // Who sails alone brings a boat along.
            (false, "drive" | "sail") if self.story.actions.of(motion).holds.is_none() => "run",
            (false, "float" | "swim") if matches!(role.word.as_str(), "ghost" | "angel" | "fairy") => "fly",
            (false, "float") => "swim",
            _ => motion,
        };
        let hurry = (motion == "run" && way != "run").then(|| "quickly".to_owned());
        (if self.vocabulary.get(Kind::Motion, way).is_some() { way } else { motion }.to_owned(), hurry)
    }

    /// Whether an act is that of a machine that flies.
    fn flies(&self, act: &Act) -> bool {
        act.motion == "fly" && self.role(&act.who).is_some_and(|r| r.kind == RoleKind::Vehicle)
    }

    /// A place that fits whom the film is about.
    fn default_place(&self) -> String {
        let on_wheels = |r: &Role| {
            let kin = |words: &[&str]| self.vocabulary.get(Kind::Vehicle, &r.word).is_some_and(|a| a.kin.iter().any(|k| words.contains(&k.as_str())));
            r.kind == RoleKind::Vehicle && !kin(&["vessel", "airplane", "aircraft"]) && r.word != "airplane"
        };
        let acts = || self.story.steps.iter().flat_map(|s| &s.acts);
        let swims = self.water || acts().any(|a| matches!(a.motion.as_str(), "swim" | "sail" | "float"));
        // What is in somebody's hands says nothing.
        let stands = || self.story.scenes.iter().flat_map(|s| &s.things).filter(|t| acts().all(|a| a.prop.as_ref() != Some(&t.id)));
        let shows = |words: &[&str]| stands().any(|t| words.contains(&t.word.as_str()));
        let things = || stands().filter_map(|t| self.vocabulary.get(Kind::Prop, &t.word));
        let of_kin = |words: &[&str]| things().any(|a| a.kin.iter().any(|k| words.contains(&k.as_str())));
        let outside = !self.within
            && (shows(&[
                "rock",
                "bench",
                "umbrella",
                "ball",
                "fence",
                "log",
                "mushroom",
                "campfire",
                "snowman",
                "kite",
                "sign",
                "traffic-light",
                "street-lamp",
            ]) || of_kin(&["plant", "tree", "building", "house", "tower", "monument", "shelter"]));
        let inside = self.within || of_kin(&["furniture", "appliance", "cookware"]) || shows(&["picture", "rug"]);
        let home = |kind: Kind, word: &str| {
            let place: Option<String> = self.vocabulary.get(kind, word).and_then(|a| a.section("home").ok().flatten());
            place.filter(|p| self.vocabulary.get(Kind::Place, p).is_some())
        };
        let kin = |place: &str, word: &str| self.vocabulary.get(Kind::Place, place).is_some_and(|a| a.kin.iter().any(|k| k == word));
        if let Some(place) = self.story.scenes.iter().flat_map(|s| &s.things).find_map(|t| home(Kind::Prop, &t.word)) {
            return place;
        }
        let rides = acts().any(|a| a.motion == "ride");
        let suits = |place: &String| !((outside || rides) && kin(place, "indoors") || inside && !kin(place, "indoors") || swims && !kin(place, "water"));
        let of_role = |r: &Role| match r.kind {
            RoleKind::Person => home(Kind::Person, &r.word),
            RoleKind::Creature => home(Kind::Creature, &r.word),
            RoleKind::Vehicle => home(Kind::Vehicle, &r.word),
        };
        let known = |p: &String| self.vocabulary.get(Kind::Place, p).is_some();
        let own = acts().find_map(|a| self.story.actions.of(&a.motion).place.clone()).filter(known);
        // What is done in any home is done where who does it is at home.
        let any_home = |p: &String| matches!(p.as_str(), "living-room" | "bedroom" | "kitchen" | "bathroom");
        let at_home = self.story.cast.iter().filter_map(of_role).find(suits);
        if let Some(place) = own.clone().filter(|p| !any_home(p)).or(at_home).or(own.filter(suits)) {
            return place;
        }
        let weather = !self.within && self.story.scenes.iter().any(|s| s.weather != "clear");
        let wanted = match self.story.cast.first() {
            _ if swims => "beach",
            Some(r) if r.kind == RoleKind::Vehicle => "city-street",
            Some(_) if self.story.cast.iter().any(on_wheels) => "city-street",
            Some(_) if shows(&["wall"]) => "alley",
            Some(_) if shows(&["railing"]) => "balcony",
            Some(_) if shows(&["counter"]) => "kitchen",
            Some(_) if outside || !inside => "meadow",
            None if outside || weather => "meadow",
            _ => "living-room",
        };
        if self.vocabulary.get(Kind::Place, wanted).is_some() {
            return wanted.into();
        }
        self.vocabulary.of(Kind::Place).next().map_or_else(|| wanted.to_owned(), |a| a.id.clone())
    }
}

/// Whether nothing is said of what it is done to.
fn mentions_nothing(action: &Action) -> bool {
    action.props.is_empty() && action.target.is_none()
}

/// Whether a word says whether somebody is a woman or a man.
pub(crate) fn says_sex(word: &str) -> bool {
    word != "viking" && SAY_SEX.iter().any(|end| word.ends_with(end))
}

/// Ends of words that say whether somebody is a woman.
const SAY_SEX: &[&str] = &[
    "man",
    "woman",
    "male",
    "boy",
    "girl",
    "father",
    "mother",
    "lady",
    "lord",
    "guy",
    "king",
    "queen",
    "ess",
    "heroine",
    "bride",
    "groom",
    "ballerina",
    "geisha",
    "maid",
    "monk",
    "nun",
    "priest",
    "waiter",
    "witch",
    "wizard",
];

/// Who a group of people is, if its members are named or speak one by one.
fn members(script: &Script) -> Vec<Option<Mention>> {
    let clauses = || script.segments.iter().flat_map(|s| &s.clauses);
    let mut names: Vec<Mention> = Vec::new();
    let mut groups: Vec<&Mention> = Vec::new();
    for m in clauses().flat_map(|c| {
        let spoken = c.lines.iter().flat_map(|l| match &l.who {
            Speaker::Mention(m) => std::slice::from_ref(m),
            Speaker::Several(all) => all,
            _ => &[],
        });
        c.subjects.iter().chain(&c.extras).chain(spoken)
    }) {
        if matches!(m.what, What::Named(..)) && names.iter().all(|n| n.name != m.name) {
            names.push(m.clone());
        } else if matches!(m.what, What::Entry(Kind::Person, _)) && m.count > 1 && groups.iter().all(|g| g.span != m.span) {
            groups.push(m);
        }
    }
    let [group] = groups[..] else { return Vec::new() };
    let count = group.count as usize;
    if names.len() == count && names.iter().all(|n| n.span.start > group.span.start) {
        return names.into_iter().map(Some).collect();
    }
    let lines = || clauses().flat_map(|c| &c.lines);
    let in_turn = |who: &Speaker| matches!(who, Speaker::Last | Speaker::Other | Speaker::Mention(Mention { what: What::Nth(_), .. }));
    let chorus = |l: &Speech| matches!(&l.who, Speaker::Several(all) if all.iter().any(|m| m.span == group.span));
    if count <= MOST_VOICES && lines().any(chorus) {
        return vec![None; count];
    }
    let parted = clauses().any(|c| c.action.is_some() && c.subjects.iter().any(|m| matches!(m.what, What::Nth(_))));
    if names.is_empty() && count <= 3 && parted {
        return vec![None; count];
    }
    let talk = names.is_empty() && count <= 3 && lines().count() > 1 && lines().any(|l| in_turn(&l.who));
    if talk { vec![None; count] } else { Vec::new() }
}

fn role_kind(kind: Kind) -> Option<RoleKind> {
    match kind {
        Kind::Person => Some(RoleKind::Person),
        Kind::Creature => Some(RoleKind::Creature),
        Kind::Vehicle => Some(RoleKind::Vehicle),
        _ => None,
    }
}

/// The folder of a role's word.
pub(crate) fn kind_of(role: RoleKind) -> Kind {
    match role {
        RoleKind::Person => Kind::Person,
        RoleKind::Creature => Kind::Creature,
        RoleKind::Vehicle => Kind::Vehicle,
    }
}
