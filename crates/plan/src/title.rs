//! Words over the picture.

use crate::Id;
use kinora_base::{Span, Ticks};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Words that are laid over the picture for a time, drawn after look, lens and grade.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Title {
    /// Stable id.
    pub id: Id,
    /// The words; a line break begins a new line.
    pub text: String,
    /// Smaller words below: the function of a person, the author of a film.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub under: String,
    /// What it is, which decides how it looks.
    #[serde(default)]
    pub style: TitleStyle,
    /// Where, if not where its style puts it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub place: Option<TitlePlace>,
    /// The letters, if not those of its style.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub face: Option<TitleFace>,
    /// Colour of the letters, an entry of `colours`; none = warm white.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub colour: Option<String>,
    /// From when, counted from the film's beginning.
    #[serde(default)]
    #[schemars(with = "i64")]
    pub from: Ticks,
    /// Until when; 0 = the film's end.
    #[serde(default)]
    #[schemars(with = "i64")]
    pub to: Ticks,
    /// The words it came from.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(skip)]
    pub span: Option<Span>,
}

/// What a title is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum TitleStyle {
    /// The film's name, large, over the picture.
    #[default]
    Title,
    /// The same on a card of its own: the picture fades to black behind it.
    Card,
    /// Who or what is seen, small, at the lower left.
    LowerThird,
    /// A sentence at the lower edge, as a subtitle is.
    Caption,
    /// The names at the end, on a dark card; more lines than fit roll from below to above.
    Credits,
}

/// Where a title stands within the safe area.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum TitlePlace {
    /// At the upper edge.
    Top,
    /// In the middle.
    Middle,
    /// At the lower edge.
    Bottom,
    /// Upper left corner.
    TopLeft,
    /// Upper right corner.
    TopRight,
    /// Lower left corner.
    BottomLeft,
    /// Lower right corner.
    BottomRight,
}

/// A style of letters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum TitleFace {
    /// Geometric, medium.
    Sans,
    /// Geometric, bold.
    Bold,
    /// Rounded.
    Round,
    /// Thin and rounded.
    Neon,
    /// With serifs.
    Serif,
}
