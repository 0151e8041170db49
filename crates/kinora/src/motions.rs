//! Recorded motions come into a plan: from the command line, or from files that a plan names.

use crate::{Error, Kinora};
use kinora_base::Studio;
use kinora_cast::motions::Repertoire;
use kinora_plan::bvh::{self, Bvh};
use kinora_plan::{Beat, Plan, Recording};
use std::path::Path;

impl Kinora {
    /// Gives a recorded motion (a BVH file) to a person of a plan, who plays it in all shots instead of what legs and trunk would
    /// do; speech and gestures stay. The person is named by id, name or word; without a name it is the first one.
    ///
    /// # Errors
    /// If the file cannot be read or is no motion of a human, or there is no such person.
    pub fn play(&self, plan: &mut Plan, role: Option<&str>, file: &Path, studio: &dyn Studio) -> Result<(), Error> {
        let text = read(file, studio)?;
        let who = crate::characters::person(plan, role, file)?;
        let repertoire = Repertoire::read(&self.vocabulary).map_err(kinora_stage::StageError::from)?;
        let id = fresh(plan, &file.file_stem().map(|s| s.to_string_lossy().into_owned()).unwrap_or_default());
        let name = file.file_name().map(|n| n.to_string_lossy().into_owned()).unwrap_or_default();
        plan.motions.push(Recording { id: id.clone(), file: name, bvh: text, in_place: false });
        give(plan, &who, &id, &repertoire);
        Ok(())
    }

    /// Takes in the files that a plan names, from beside it.
    pub(crate) fn take_in_motions(plan: &mut Plan, beside: &Path, studio: &dyn Studio) -> Result<(), Error> {
        let folder = beside.parent().unwrap_or(Path::new(""));
        for motion in plan.motions.iter_mut().filter(|m| m.bvh.is_empty() && !m.file.is_empty()) {
            motion.bvh = read(&folder.join(&motion.file), studio)?;
        }
        Ok(())
    }
}

/// The text of a file in which a human moves.
fn read(path: &Path, studio: &dyn Studio) -> Result<String, Error> {
    let wrong = |what: String| Error::Motion { path: path.to_owned(), what };
    if std::fs::metadata(path).is_ok_and(|m| m.len() > bvh::LONGEST as u64) {
        return Err(wrong(format!("more than {} bytes: cut it, or export it with 30 frames a second", bvh::LONGEST)));
    }
    let bytes = studio.read(path).map_err(|e| Error::Read { path: path.to_owned(), source: e })?;
    let text = String::from_utf8(bytes).map_err(|_| Error::NotText { path: path.to_owned() })?;
    let parsed = Bvh::parse(&text).map_err(|e| wrong(e.to_string()))?;
    bvh::body::find(&parsed).map_err(wrong)?;
    Ok(text)
}

/// The motion in every shot of the scenes in which somebody is.
fn give(plan: &mut Plan, who: &str, motion: &str, repertoire: &Repertoire) {
    let whole = |b: &Beat| b.who == who && (b.motion.is_some() || repertoire.of(&b.action).whole());
    let there: Vec<bool> = plan.shots.iter().map(|s| s.framing.subject.iter().any(|id| id == who) || s.beats.iter().any(|b| b.who == who)).collect();
    let scenes: Vec<String> = plan.shots.iter().zip(&there).filter(|(_, t)| **t).map(|(s, _)| s.scene.clone()).collect();
    // What it is called is what it takes the place of: a film of somebody who walks stays one.
    let action = plan.shots.iter().flat_map(|s| &s.beats).find(|b| whole(b)).map_or_else(|| "stand".to_owned(), |b| b.action.clone());
    for (k, shot) in plan.shots.iter_mut().enumerate().filter(|(_, s)| scenes.is_empty() || scenes.contains(&s.scene)) {
        shot.beats.retain(|b| !whole(b));
        let id = format!("{motion}-of-{who}-{}", k + 1);
        shot.beats.push(Beat { id, who: who.to_owned(), action: action.clone(), motion: Some(motion.to_owned()), ..Beat::default() });
    }
}

/// An id that the plan does not have.
fn fresh(plan: &Plan, stem: &str) -> String {
    let clean: String = stem.to_lowercase().chars().map(|c| if c.is_alphanumeric() { c } else { '-' }).take(40).collect();
    let taken = |id: &String| plan.motion(id).is_some() || plan.role(id).is_some() || plan.to_json().contains(&format!("\"{id}\""));
    (1..).map(|n| if n == 1 { format!("motion-{clean}") } else { format!("motion-{clean}-{n}") }).find(|id| !taken(id)).unwrap_or_default()
}
