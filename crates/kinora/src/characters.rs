//! Characters of one's own come into a plan: from the command line, or from files that a plan names. What was read is kept by
//! the sum of its bytes; a plan alone opens no file.

use crate::{Error, Kinora};
use kinora_base::{Studio, Warning, WarningKind};
use kinora_cast::Figures;
use kinora_gltf as gltf;
use kinora_plan::{ModelFile, Plan, Problem, Role, RoleKind};
use sha2::{Digest as _, Sha256};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::{Arc, PoisonError};

impl Kinora {
    /// Gives the part of a person of a plan to a figure from a file (glTF 2.0 or VRM). The person is named by id, name or word;
    /// without a name it is the first one.
    ///
    /// # Errors
    /// If the file cannot be read, there is no human with a skin in it, or there is no such person.
    pub fn cast(&self, plan: &mut Plan, role: Option<&str>, file: &Path, studio: &dyn Studio) -> Result<(), Error> {
        let who = person(plan, role, file)?;
        let sha256 = self.read_figure(file, studio)?;
        let file = std::path::absolute(file).unwrap_or_else(|_| file.to_owned()).display().to_string();
        if let Some(role) = plan.cast.iter_mut().find(|r| r.id == who) {
            role.model = Some(ModelFile { file, sha256 });
        }
        Ok(())
    }

    /// Reads the characters that a plan names, from where they are or from the folder of the plan.
    pub(crate) fn take_in_figures(&self, plan: &mut Plan, beside: &Path, studio: &dyn Studio) -> Result<(), Error> {
        let folder = beside.parent().unwrap_or(Path::new(""));
        for model in plan.cast.iter_mut().filter_map(|r| r.model.as_mut()).filter(|m| !m.file.is_empty()) {
            let path = folder.join(&model.file);
            let found = self.read_figure(&path, studio)?;
            if !model.sha256.is_empty() && model.sha256 != found {
                let what = format!(
                    "is not the character that the plan was made with: its SHA-256 is {found}, the plan says {}. Put the old file back, or take `sha256` out of the plan",
                    model.sha256
                );
                return Err(Error::Figure { path, what });
            }
            model.sha256 = found;
            // The film and its plan may be written elsewhere.
            model.file = std::path::absolute(&path).unwrap_or(path).display().to_string();
        }
        Ok(())
    }

    /// This engine with the characters that another one has read.
    #[must_use]
    pub fn with_characters_of(self, other: &Self) -> Self {
        *self.figures.lock().unwrap_or_else(PoisonError::into_inner) = other.figures.lock().unwrap_or_else(PoisonError::into_inner).clone();
        self
    }

    /// What was read so far.
    pub(crate) fn figures(&self) -> Figures {
        Arc::new(self.figures.lock().unwrap_or_else(PoisonError::into_inner).clone())
    }

    /// Characters that a plan names and nobody has read.
    pub(crate) fn unread(&self, plan: &Plan) -> Vec<Problem> {
        let known = self.figures();
        let unread = |(i, role): (usize, &Role)| {
            let model = role.model.as_ref().filter(|m| !known.contains_key(&m.sha256))?;
            Some(Problem {
                place: format!("cast[{i}].model"),
                value: format!("\"{}\"", model.file),
                expected: "a character that was read together with the plan".into(),
                hint: "a plan that is sent may not name files of this machine: take `model` out, or make the film with `kinora make plan.json` there".into(),
            })
        };
        plan.cast.iter().enumerate().filter_map(unread).collect()
    }

    /// Reads a file with those that it names, and keeps what is in it. Gives the sum of their bytes.
    fn read_figure(&self, path: &Path, studio: &dyn Studio) -> Result<String, Error> {
        let wrong = |what: String| Error::Figure { path: path.to_owned(), what };
        let bytes = bounded(path, studio)?;
        let mut sum = Sha256::new();
        sum.update(&bytes);
        let mut files = BTreeMap::new();
        let folder = path.parent().unwrap_or(Path::new(""));
        for name in gltf::beside(&bytes).map_err(|e| wrong(e.to_string()))? {
            let beside: PathBuf = folder.join(&name);
            // One that is missing is told with its place.
            if beside.is_file() {
                let bytes = bounded(&beside, studio)?;
                sum.update(&bytes);
                files.insert(name, bytes);
            }
        }
        let sha256 = kinora_packages::hex(&sum.finalize());
        if !self.figures.lock().unwrap_or_else(PoisonError::into_inner).contains_key(&sha256) {
            let figure = gltf::read(&bytes, &files).map_err(|e| wrong(e.to_string()))?;
            kinora_cast::check_figure(&figure).map_err(wrong)?;
            self.figures.lock().unwrap_or_else(PoisonError::into_inner).insert(sha256.clone(), Arc::new(figure));
        }
        Ok(sha256)
    }

    /// Whoever says something should have a mouth.
    pub(crate) fn mute(&self, plan: &Plan) -> Vec<Warning> {
        let figures = self.figures();
        let speaks = |role: &Role| plan.shots.iter().flat_map(|s| &s.lines).any(|l| l.who.as_deref() == Some(role.id.as_str()));
        let mute = |role: &Role| role.model.as_ref().and_then(|m| figures.get(&m.sha256)).is_some_and(|f| !kinora_cast::has_mouth(f));
        let warn = |role: &Role| {
            Warning::new(WarningKind::Unsupported, format!("{} speaks with a still mouth: the character has neither mouth shapes nor a jaw", role.id))
                .hint("give it morph targets such as jawOpen, or VRM expressions (aa, ih, ou, ee, oh)")
        };
        plan.cast.iter().filter(|r| speaks(r) && mute(r)).map(warn).collect()
    }
}

/// A file that is not too large.
fn bounded(path: &Path, studio: &dyn Studio) -> Result<Vec<u8>, Error> {
    if std::fs::metadata(path).is_ok_and(|m| m.len() > gltf::LARGEST as u64) {
        let what = format!("more than {} bytes: make its pictures smaller", gltf::LARGEST);
        return Err(Error::Figure { path: path.to_owned(), what });
    }
    studio.read(path).map_err(|e| Error::Read { path: path.to_owned(), source: e })
}

/// The id of a person who is named by id, name or word; without a name it is the first one.
pub(crate) fn person(plan: &Plan, role: Option<&str>, file: &Path) -> Result<String, Error> {
    let people: Vec<_> = plan.cast.iter().filter(|r| r.kind == RoleKind::Person).collect();
    let called = |name: &str| people.iter().find(|r| r.id == name || r.word == name || r.name.as_deref().is_some_and(|n| n.eq_ignore_ascii_case(name)));
    let who = match role {
        Some(name) => called(name),
        None => people.first(),
    };
    who.map(|r| r.id.clone()).ok_or_else(|| {
        let known = people.iter().map(|r| r.id.as_str()).collect::<Vec<_>>().join(", ");
        let asked = role.map_or_else(|| "nobody".to_owned(), |name| format!("\"{name}\" is nobody who"));
        let what = if known.is_empty() { "there are no people in the film".to_owned() } else { format!("the people are {known}") };
        Error::Arguments(format!("{asked} can play {}: {what}", file.display()))
    })
}
