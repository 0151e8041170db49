//! What is offered: model versions, plans, costs. Read from the data files of this crate.

use crate::money::Credits;
use serde::Deserialize;
use std::sync::LazyLock;

/// A model version: what it allows and costs.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Model {
    /// As the older interface names it.
    pub name: String,
    /// Other names: the first is that of the newer interface.
    pub other: Vec<String>,
    /// Served by the omni endpoints.
    #[serde(default)]
    pub omni: bool,
    /// Which lengths, in seconds.
    pub durations: Durations,
    /// Name of the picture size, credits a second silent, credits a second with sound.
    pub tiers: Vec<(String, i64, i64)>,
    /// Credits a second with voices that were asked for by name.
    #[serde(default)]
    pub voiced: Option<i64>,
    /// Whether there is sound.
    pub sound: Sound,
    /// The most shots.
    pub shots: u32,
    /// Frames a second, if nobody asks for others.
    pub fps: u32,
    /// Languages that lips move in.
    pub lips: Vec<String>,
    /// Whether its films can be extended by the older interface.
    pub extend: bool,
    /// Whether `cfg_scale` is a field of it.
    pub cfg: bool,
    /// The most characters of a prompt.
    pub prompt: usize,
}

/// Lengths that a model makes, in seconds.
#[derive(Clone, Debug, Deserialize)]
pub enum Durations {
    /// Every whole second from, to.
    Range(u32, u32),
    /// These only.
    List(Vec<u32>),
}

impl Durations {
    /// Whether it is made.
    #[must_use]
    pub fn allow(&self, seconds: u32) -> bool {
        match self {
            Self::Range(from, to) => (*from..=*to).contains(&seconds),
            Self::List(list) => list.contains(&seconds),
        }
    }
    /// For people.
    #[must_use]
    pub fn text(&self) -> String {
        match self {
            Self::Range(from, to) => format!("{from} to {to}"),
            Self::List(list) => list.iter().map(u32::to_string).collect::<Vec<_>>().join(" or "),
        }
    }
}

/// Whether a model's films sound.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
pub enum Sound {
    /// They are silent.
    Never,
    /// Silent unless asked.
    Wish,
    /// With sound, unless silence is asked for where that is possible.
    Always,
}

/// A picture size.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Tier {
    /// 720 lines and less.
    P720,
    /// 1080 lines.
    P1080,
    /// 2160 lines.
    K4,
}

impl Tier {
    /// By its name.
    #[must_use]
    pub fn of(name: &str) -> Option<Self> {
        match name {
            "720p" | "std" => Some(Self::P720),
            "1080p" | "pro" => Some(Self::P1080),
            "4k" => Some(Self::K4),
            _ => None,
        }
    }
    /// Its name.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::P720 => "720p",
            Self::P1080 => "1080p",
            Self::K4 => "4k",
        }
    }
    /// The smallest that holds pictures of that size.
    #[must_use]
    pub fn holding(width: u32, height: u32) -> Self {
        match u64::from(width) * u64::from(height) {
            pixels if pixels <= 1280 * 720 => Self::P720,
            pixels if pixels <= 1920 * 1088 => Self::P1080,
            _ => Self::K4,
        }
    }
    /// Pixels across and down for an aspect ratio "16:9": the short side is 720, 1080 or 2160, a square holds as many pixels.
    #[must_use]
    pub fn size(self, aspect: &str) -> Option<(u32, u32)> {
        let (short, long) = match self {
            Self::P720 => (720, 1280),
            Self::P1080 => (1080, 1920),
            Self::K4 => (2160, 3840),
        };
        let square = match self {
            Self::P720 => 960,
            Self::P1080 => 1440,
            Self::K4 => 2160,
        };
        match aspect {
            "16:9" => Some((long, short)),
            "9:16" => Some((short, long)),
            "1:1" => Some((square, square)),
            _ => None,
        }
    }
}

impl Model {
    /// Credits for a film; none if the model does not make such pictures.
    #[must_use]
    pub fn price(&self, tier: Tier, sound: bool, voiced: bool, milliseconds: i64) -> Option<Credits> {
        let (_, silent, loud) = self.tiers.iter().find(|t| t.0 == tier.name())?;
        let a_second = match (sound, voiced, self.voiced) {
            (true, true, Some(voiced)) => voiced,
            (true, ..) => *loud,
            (false, ..) => *silent,
        };
        Some(Credits(a_second.saturating_mul(milliseconds)))
    }
    /// The name in the newer interface.
    #[must_use]
    pub fn new_name(&self) -> &str {
        self.other.first().map_or(&self.name, String::as_str)
    }
}

/// A plan that an account is on.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Tariff {
    /// Its name in commands.
    pub name: String,
    /// For people.
    pub title: String,
    /// A month; for the record.
    pub dollars: u32,
    /// What it gives.
    pub credits: Allowance,
    /// The largest pictures.
    pub tier: String,
    /// Share of the workers.
    pub weight: i64,
    /// Tasks at once, waiting ones included.
    pub slots: i64,
    /// Creating calls a second; 0 = no limit.
    pub rate: u32,
    /// Other calls a second; 0 = no limit.
    pub reads: u32,
}

/// Credits of a plan.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
pub enum Allowance {
    /// So many every day; what is left at midnight UTC is gone.
    Daily(i64),
    /// So many every month; they stay.
    Monthly(i64),
    /// Nothing is charged.
    Unlimited,
}

/// Costs of what is not a film.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Costs {
    /// A call of text-to-audio.
    pub sound: Credits,
    /// A call of tts.
    pub speech: Credits,
    /// A picture by size.
    pub pictures: Vec<(String, Credits)>,
}

/// Everything that is offered.
#[derive(Clone, Debug)]
pub struct Catalogue {
    /// Model versions.
    pub models: Vec<Model>,
    /// Plans.
    pub plans: Vec<Tariff>,
    /// Other costs.
    pub costs: Costs,
}

static BUILT_IN: LazyLock<Catalogue> = LazyLock::new(|| {
    fn read<T: serde::de::DeserializeOwned>(name: &str, text: &str) -> T {
        ron::Options::default()
            .with_default_extension(ron::extensions::Extensions::IMPLICIT_SOME)
            .from_str(text)
            .unwrap_or_else(|e| unreachable!("{name} is part of the program and tested: {e}"))
    }
    Catalogue {
        models: read("models.ron", include_str!("../data/models.ron")),
        plans: read("plans.ron", include_str!("../data/plans.ron")),
        costs: read("costs.ron", include_str!("../data/costs.ron")),
    }
});

impl Catalogue {
    /// The data files of this crate.
    #[must_use]
    pub fn built_in() -> &'static Self {
        &BUILT_IN
    }
    /// A model by any of its names.
    #[must_use]
    pub fn model(&self, name: &str) -> Option<&Model> {
        self.models.iter().find(|m| m.name == name || m.other.iter().any(|o| o == name))
    }
    /// A plan by its name.
    #[must_use]
    pub fn plan(&self, name: &str) -> Option<&Tariff> {
        self.plans.iter().find(|p| p.name == name)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_tables_say_what_the_maker_says() {
        let all = Catalogue::built_in();
        let price = |model: &str, tier, sound, seconds| all.model(model).and_then(|m| m.price(tier, sound, false, seconds * 1000)).map(Credits::number);
        assert_eq!(price("kling-v2-5-turbo", Tier::P720, false, 5), Some(10.0), "720p 5 s");
        assert_eq!(price("kling-2.5-turbo", Tier::P1080, false, 5), Some(25.0), "1080p 5 s");
        assert_eq!(price("kling-2.5-turbo", Tier::P1080, false, 10), Some(50.0), "1080p 10 s");
        assert_eq!(price("kling-v3", Tier::P720, true, 10), Some(90.0), "with sound");
        assert_eq!(price("kling-v3", Tier::K4, false, 3), Some(90.0), "4K");
        assert_eq!(price("kling-v2-6", Tier::K4, false, 5), None, "there is no 4K before 3.0");
        assert_eq!(all.model("kling-v2-6").and_then(|m| m.price(Tier::P1080, true, true, 5000)), Some(Credits::whole(60)), "with voices by name");
        let credits: Vec<_> = ["free", "standard", "pro", "premium", "enterprise"].iter().filter_map(|p| all.plan(p)).map(|p| (p.dollars, p.credits)).collect();
        use Allowance::{Daily, Monthly};
        assert_eq!(credits, [(0, Daily(66)), (10, Monthly(660)), (37, Monthly(3000)), (92, Monthly(8000)), (180, Monthly(26000))], "plans");
    }

    #[test]
    fn names_are_unambiguous_and_tiers_known() {
        let all = Catalogue::built_in();
        let mut names: Vec<&str> = all.models.iter().flat_map(|m| std::iter::once(&m.name).chain(&m.other)).map(String::as_str).collect();
        let count = names.len();
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), count, "every name means one model");
        assert!(all.models.iter().flat_map(|m| &m.tiers).all(|t| Tier::of(&t.0).is_some()), "sizes of models");
        assert!(all.plans.iter().all(|p| Tier::of(&p.tier).is_some() && p.weight > 0 && p.slots > 0), "plans");
    }
}
