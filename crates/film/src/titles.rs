//! Words over the picture: titles, cards, lower thirds, captions, credits, and subtitles if they are to be burnt in.
//!
//! [`Overlay::new`] sets every text once, at the size of the film, and rasters it with exact coverage; [`Overlay::draw`] lays
//! what is seen at a frame over its picture, straight in YUV. Sizes are shares of the picture's smaller side (of its width
//! where it is upright), so that words are as large on a phone as on a screen; all words keep the safe margin of 5 %.
//! Frame n depends on the plan and n alone.

use crate::captions::Caption;
use kinora_base::picture::Yuv420;
use kinora_base::{LinearRgb, Ticks};
use kinora_letters::{Coverage, Face, Fonts, Outline, Setting, Wish};
use kinora_plan::{Plan, Title, TitleFace, TitlePlace, TitleStyle};
use std::ops::Range;

/// Margin that screens and players may cover, as a share of a side.
const SAFE: f32 = 0.05;
/// Letters, if nobody says otherwise: a warm white.
const WHITE: LinearRgb = LinearRgb(0.93, 0.89, 0.80);
/// The bar beside a lower third.
const ACCENT: LinearRgb = LinearRgb(0.80, 0.36, 0.07);
/// Cards.
const DARK: LinearRgb = LinearRgb(0.008, 0.007, 0.008);
/// How long words take to come and to go.
const FADE: f32 = 0.45;

/// All words of a film, ready to be laid over its pictures.
#[derive(Debug, Default)]
pub struct Overlay {
    items: Vec<Item>,
    fps: f32,
}

/// One title.
#[derive(Debug)]
struct Item {
    /// Frames in which anything of it is seen.
    frames: Range<i64>,
    /// Frames of its fades, in and out; 0 = at once.
    fades: (f32, f32),
    /// The whole picture goes dark by this share first.
    dark: f32,
    layers: Vec<Layer>,
    /// How far everything moves up while it is seen, pixels.
    roll: f32,
    /// All that it was made from.
    key: String,
}

/// A mask in one colour.
#[derive(Debug)]
struct Layer {
    mask: Coverage,
    /// Its upper left corner, pixels from the upper left.
    at: (i32, i32),
    yuv: [f32; 3],
    /// Factor on the mask.
    strength: f32,
}

/// How a text is set within a title.
struct Style {
    face: Face,
    /// Size of the letters, share of the unit.
    size: f32,
    tracking: f32,
    capitals: bool,
    /// The longest line and the greatest height, shares of width and height.
    room: (f32, f32),
    lines: usize,
    align: f32,
    /// Share of black of the soft shadow, and of the dark edge.
    shadow: (f32, f32),
}

impl Overlay {
    /// Sets the titles of a plan, and captions that are to be burnt in. `colour` knows the names of colours.
    #[must_use]
    pub fn new(plan: &Plan, burnt: &[Caption], fonts: &Fonts, colour: &dyn Fn(&str) -> Option<LinearRgb>) -> Self {
        let (fps, length) = (plan.fps.0 as f32, plan.duration());
        let page = Page { width: plan.size.width as usize, height: plan.size.height as usize, fonts, language: &plan.language };
        let frame = |at: Ticks| at.nearest_frame(plan.fps);
        let ordered = |style: TitleStyle| !matches!(style, TitleStyle::Card | TitleStyle::Credits);
        let mut items: Vec<(bool, Item)> = Vec::new();
        for title in &plan.titles {
            let to = if title.to == Ticks::ZERO { length } else { title.to.min(length) };
            let frames = frame(title.from)..frame(to);
            let ink = title.colour.as_deref().and_then(colour).unwrap_or(WHITE);
            items.push((ordered(title.style), page.title(title, frames, (fps, frame(length)), ink)));
        }
        for caption in burnt {
            let style = TitleStyle::Caption;
            let title = Title { text: caption.text.clone(), style, ..blank() };
            let mut item = page.title(&title, frame(caption.from)..frame(caption.to), (fps, frame(length)), WHITE);
            item.fades = (0.0, 0.0);
            items.push((true, item));
        }
        // Cards lie under all other words.
        items.sort_by_key(|(over, _)| *over);
        Self { items: items.into_iter().map(|(_, item)| item).filter(|i| !i.frames.is_empty()).collect(), fps }
    }

    /// Whether there is nothing to be laid over any picture.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.items.is_empty()
    }

    /// All that the words in some frames depend on.
    #[must_use]
    pub fn key(&self, frames: &Range<i64>) -> Vec<&str> {
        self.items.iter().filter(|i| i.frames.start < frames.end && i.frames.end > frames.start).map(|i| i.key.as_str()).collect()
    }

    /// Lays over a picture what is to be read at a frame.
    pub fn draw(&self, picture: &mut Yuv420, frame: i64) {
        for item in self.items.iter().filter(|i| i.frames.contains(&frame)) {
            let (since, left) = ((frame - item.frames.start) as f32 + 1.0, (item.frames.end - frame) as f32);
            let ease = |t: f32| t * t * (3.0 - 2.0 * t);
            let ramp = |frames: f32, passed: f32| if frames > 0.0 { ease((passed / frames).clamp(0.0, 1.0)) } else { 1.0 };
            let seen = ramp(item.fades.0, since).min(ramp(item.fades.1, left));
            if item.dark > 0.0 {
                darken(picture, item.dark * seen);
            }
            // On a card the words come a little after it and go a little before it.
            let late = if item.dark > 0.0 { FADE * self.fps * 0.6 } else { 0.0 };
            let words = if late > 0.0 { ramp(FADE * self.fps, (since - late).max(0.0)).min(ramp(FADE * self.fps, (left - late).max(0.0))) } else { seen };
            let share = since / (item.frames.end - item.frames.start).max(1) as f32;
            let up = item.roll * share;
            for layer in &item.layers {
                layer.draw(picture, if item.roll > 0.0 { seen } else { words }, up);
            }
        }
    }
}

fn blank() -> Title {
    Title {
        id: String::new(),
        text: String::new(),
        under: String::new(),
        style: TitleStyle::Caption,
        place: None,
        face: None,
        colour: None,
        from: Ticks::ZERO,
        to: Ticks::ZERO,
        span: None,
    }
}

/// What titles are set on.
struct Page<'a> {
    width: usize,
    height: usize,
    fonts: &'a Fonts,
    language: &'a str,
}

/// A text with its size, pixels.
struct Block {
    setting: Setting,
    size: f32,
    align: f32,
    shadow: (f32, f32),
}

impl Block {
    fn height(&self) -> f32 {
        self.size * (0.74 + self.setting.leading * (self.setting.lines.max(1) as f32 - 1.0))
    }
    fn width(&self) -> f32 {
        self.setting.width * self.size
    }
}

impl Page<'_> {
    /// The side that sizes are shares of, pixels.
    fn unit(&self) -> f32 {
        (self.height as f32).min(self.width as f32 * 0.72)
    }

    fn title(&self, title: &Title, frames: Range<i64>, (fps, end): (f32, i64), ink: LinearRgb) -> Item {
        let card = matches!(title.style, TitleStyle::Card | TitleStyle::Credits);
        let fade = FADE * fps;
        // A card that opens the film is there at once, one that ends it stays.
        let fades = (if card && frames.start <= 0 { 0.0 } else { fade }, if card && frames.end >= end { 0.0 } else { fade });
        let mut item = Item { frames, fades, dark: if card { 1.0 } else { 0.0 }, layers: Vec::new(), roll: 0.0, key: String::new() };
        let (main, under) = styles(title, self.width > self.height);
        let main = self.block(&title.text, &main);
        let under = self.block(&title.under, &under);
        item.key = format!("{title:?} {ink:?} {:?} {:?}", main.setting.fonts().collect::<Vec<_>>(), under.setting.fonts().collect::<Vec<_>>());
        if title.style == TitleStyle::LowerThird {
            self.lower_third(title, &main, &under, ink, &mut item);
        } else {
            self.centred(title, &main, &under, ink, &mut item);
        }
        item
    }

    /// The text in its style; letters shrink until it fits.
    fn block(&self, text: &str, style: &Style) -> Block {
        let text = if style.capitals { text.to_uppercase() } else { text.to_owned() };
        let (wide, high) = (self.width as f32 * style.room.0, self.height as f32 * style.room.1);
        let mut size = self.unit() * style.size;
        let least = self.unit() * style.size * 0.42;
        loop {
            let most_lines = ((high / size - 0.74) / 1.24 + 1.0).max(1.0) as usize;
            let wish = Wish {
                language: self.language,
                leading: 1.24,
                tracking: style.tracking,
                longest: wide / size,
                align: style.align,
                most_lines: most_lines.min(style.lines),
                ..Wish::line(style.face)
            };
            let setting = self.fonts.set(&text, &even(wish, self.fonts, &text));
            let fits = !setting.cut && setting.width * size <= wide * 1.01;
            if fits || size <= least {
                return Block { setting, size, align: style.align, shadow: style.shadow };
            }
            size *= 0.92;
        }
    }

    fn centred(&self, title: &Title, main: &Block, under: &Block, ink: LinearRgb, item: &mut Item) {
        let (w, h, unit) = (self.width as f32, self.height as f32, self.unit());
        let gap = if under.setting.is_empty() { 0.0 } else { unit * 0.075 };
        let tall = main.height() + gap + if gap > 0.0 { under.height() } else { 0.0 };
        let (x, top) = self.place(title, main.width().max(under.width()), tall);
        let rolls = title.style == TitleStyle::Credits && tall > h * (1.0 - 4.0 * SAFE);
        let top = if rolls { h } else { top };
        if rolls {
            item.roll = h + tall;
        }
        let align = main.align;
        self.put(main, x, top, align, ink, item);
        if gap > 0.0 {
            let y = top + main.height();
            if title.style != TitleStyle::Caption {
                let half = unit * 0.045;
                item.layers.push(rule([x - half, y + gap * 0.5 - unit * 0.0012, x + half, y + gap * 0.5 + unit * 0.0012], yuv(ink), 0.75));
            }
            self.put(under, x, y + gap, align, ink, item);
        }
        let _ = w;
    }

    fn lower_third(&self, title: &Title, main: &Block, under: &Block, ink: LinearRgb, item: &mut Item) {
        let unit = self.unit();
        let gap = if under.setting.is_empty() { 0.0 } else { unit * 0.028 };
        let tall = main.height() + gap + if gap > 0.0 { under.height() } else { 0.0 };
        let wide = main.width().max(under.width());
        let (_, top) = self.place(title, wide, tall);
        let right = matches!(title.place, Some(TitlePlace::TopRight | TitlePlace::BottomRight));
        let left = if right { self.width as f32 * (1.0 - SAFE) - wide } else { self.width as f32 * SAFE + unit * 0.03 };
        let bar = left - unit * 0.026;
        item.layers.push(rule([bar, top - unit * 0.008, bar + unit * 0.0065, top + tall + unit * 0.008], yuv(ACCENT), 1.0));
        self.put(main, left, top, 0.0, ink, item);
        if gap > 0.0 {
            self.put(under, left, top + main.height() + gap, 0.0, ink, item);
        }
    }

    /// Where a block is aligned, and its upper edge.
    fn place(&self, title: &Title, wide: f32, tall: f32) -> (f32, f32) {
        let (w, h) = (self.width as f32, self.height as f32);
        let usual = match title.style {
            TitleStyle::Title | TitleStyle::Card | TitleStyle::Credits => TitlePlace::Middle,
            TitleStyle::LowerThird => TitlePlace::BottomLeft,
            TitleStyle::Caption => TitlePlace::Bottom,
        };
        let place = title.place.unwrap_or(usual);
        let x = match place {
            TitlePlace::TopLeft | TitlePlace::BottomLeft => w * SAFE + wide * 0.5,
            TitlePlace::TopRight | TitlePlace::BottomRight => w * (1.0 - SAFE) - wide * 0.5,
            _ => w * 0.5,
        };
        let lower = if title.style == TitleStyle::LowerThird { 0.09 } else { 0.065 };
        let top = match place {
            TitlePlace::Top | TitlePlace::TopLeft | TitlePlace::TopRight => h * (SAFE + 0.015),
            // The eye takes what is a little above the middle for the middle.
            TitlePlace::Middle => (h - tall) * 0.485,
            _ => h * (1.0 - lower) - tall,
        };
        (x, top)
    }

    /// Rasters a block with its shadow.
    fn put(&self, block: &Block, x: f32, top: f32, align: f32, ink: LinearRgb, item: &mut Item) {
        let outline = block.setting.outline(0.12 / block.size.max(1.0));
        // The origin of a setting lies on its first baseline; capitals are about .74 ems high.
        let base = top + block.size * 0.74;
        let shift = (align - block.align) * block.width();
        let soft = (block.size * 0.16).ceil().max(2.0);
        let Some((mask, at)) = rastered(&outline, block.size, (x - shift, base), soft as usize * 3) else { return };
        let black = yuv(LinearRgb::BLACK);
        if block.shadow.0 > 0.0 {
            item.layers.push(Layer { mask: mask.blurred(soft as usize), at: (at.0, at.1 + (block.size * 0.03) as i32), yuv: black, strength: block.shadow.0 });
        }
        if block.shadow.1 > 0.0 {
            let edge = (block.size * 0.035).round().max(1.0) as usize;
            item.layers.push(Layer { mask: mask.blurred(edge), at, yuv: black, strength: block.shadow.1 });
        }
        item.layers.push(Layer { mask, at, yuv: yuv(ink), strength: 1.0 });
    }
}

/// The same wish with lines of like length: as short as they can be without one more of them.
fn even<'w>(wish: Wish<'w>, fonts: &Fonts, text: &str) -> Wish<'w> {
    let lines = fonts.set(text, &wish).lines;
    if lines < 2 {
        return wish;
    }
    let mut best = wish;
    for k in 1..14 {
        let shorter = Wish { longest: wish.longest * (1.0 - 0.04 * k as f32), ..wish };
        let set = fonts.set(text, &shorter);
        if set.lines > lines || set.cut {
            break;
        }
        best = shorter;
    }
    best
}

/// The look of a title and of the smaller words below it.
fn styles(title: &Title, wide: bool) -> (Style, Style) {
    let usual = match title.style {
        TitleStyle::Title | TitleStyle::Card => Face::Serif,
        TitleStyle::LowerThird => Face::Bold,
        TitleStyle::Caption | TitleStyle::Credits => Face::Sans,
    };
    let face = match title.face {
        None => usual,
        Some(TitleFace::Sans) => Face::Sans,
        Some(TitleFace::Bold) => Face::Bold,
        Some(TitleFace::Round) => Face::Round,
        Some(TitleFace::Neon) => Face::Neon,
        Some(TitleFace::Serif) => Face::Serif,
    };
    let main = |size, room, lines, shadow| Style { face, size, tracking: 0.0, capitals: false, room, lines, align: 0.5, shadow };
    let under = Style { face: Face::Sans, size: 0.034, tracking: 0.16, capitals: true, room: (0.8, 0.2), lines: 3, align: 0.5, shadow: (0.4, 0.0) };
    match title.style {
        TitleStyle::Title => (Style { tracking: 0.012, ..main(0.128, (0.84, 0.6), 4, (0.55, 0.16)) }, under),
        TitleStyle::Card => (Style { tracking: 0.012, ..main(0.118, (0.80, 0.66), 6, (0.0, 0.0)) }, Style { shadow: (0.0, 0.0), ..under }),
        TitleStyle::LowerThird => {
            let room = if wide { 0.6 } else { 0.82 };
            (
                Style { align: 0.0, ..main(0.050, (room, 0.2), 2, (0.6, 0.2)) },
                Style { align: 0.0, size: 0.032, tracking: 0.03, capitals: false, room: (room, 0.15), lines: 2, shadow: (0.6, 0.2), ..under },
            )
        }
        TitleStyle::Caption => (main(0.047, (0.80, 0.3), 4, (0.5, 0.5)), Style { tracking: 0.02, capitals: false, shadow: (0.5, 0.5), ..under }),
        TitleStyle::Credits => (main(0.044, (0.80, 40.0), 400, (0.0, 0.0)), Style { shadow: (0.0, 0.0), ..under }),
    }
}

/// The mask of an outline at a size, its origin at a place of the picture, and where its upper left corner is.
fn rastered(outline: &Outline, size: f32, (x, base): (f32, f32), margin: usize) -> Option<(Coverage, (i32, i32))> {
    let (low, high) = outline.bounds()?;
    let left = (x + low[0] * size).floor() as i32 - margin as i32;
    let bottom = (base - low[1] * size).ceil() as i32 + margin as i32;
    let width = ((high[0] - low[0]) * size).ceil() as usize + 2 + 2 * margin;
    let height = ((high[1] - low[1]) * size).ceil() as usize + 2 + 2 * margin;
    // No film is larger; a picture of 400 lines of credits is.
    (width * height < 400_000_000).then(|| {
        let placed = outline.clone().placed(size, [x - left as f32, bottom as f32 - base]);
        (Coverage::of(&placed, width, height), (left, bottom - height as i32))
    })
}

/// A filled box, pixels: left, top, right, bottom.
fn rule([x0, y0, x1, y1]: [f32; 4], yuv: [f32; 3], strength: f32) -> Layer {
    let (left, top) = (x0.floor(), y0.floor());
    let (width, height) = ((x1 - left).ceil().max(1.0) as usize + 1, (y1 - top).ceil().max(1.0) as usize + 1);
    let h = height as f32;
    let (a, b, c, d) = (x0 - left, x1 - left, h - (y0 - top), h - (y1 - top));
    let outline = Outline { contours: vec![vec![[a, d], [b, d], [b, c], [a, c]]], glyphs: vec![0] };
    Layer { mask: Coverage::of(&outline, width, height), at: (left as i32, top as i32), yuv, strength }
}

/// BT.709 in the range of video.
fn yuv(colour: LinearRgb) -> [f32; 3] {
    let encode = |v: f32| if v <= 0.003_130_8 { 12.92 * v.max(0.0) } else { 1.055 * kinora_base::maths::pow(v.min(1.0), 1.0 / 2.4) - 0.055 };
    let [r, g, b] = [colour.0, colour.1, colour.2].map(encode);
    let y = 0.2126 * r + 0.7152 * g + 0.0722 * b;
    [16.0 + 219.0 * y, 128.0 + 224.0 * (b - y) / 1.8556, 128.0 + 224.0 * (r - y) / 1.5748]
}

/// The whole picture towards a dark card.
fn darken(picture: &mut Yuv420, share: f32) {
    let to = yuv(DARK);
    let weight = (share.clamp(0.0, 1.0) * 256.0) as i32;
    for (plane, to) in [&mut picture.y, &mut picture.u, &mut picture.v].into_iter().zip(to) {
        let to = (to + 0.5) as i32;
        plane.iter_mut().for_each(|v| *v = ((i32::from(*v) * (256 - weight) + to * weight + 128) >> 8) as u8);
    }
}

impl Layer {
    /// Blends the mask into the picture, moved up by a number of pixels that need not be whole.
    fn draw(&self, picture: &mut Yuv420, seen: f32, up: f32) {
        let share = self.strength * seen;
        if share <= 0.002 {
            return;
        }
        let (width, height) = (picture.width as i32, picture.height as i32);
        let (whole, part) = (up.floor(), up - up.floor());
        let top = self.at.1 - whole as i32;
        let alpha = |x: i32, y: i32| -> f32 {
            let here = |y: i32| {
                let inside = (0..self.mask.width as i32).contains(&x) && (0..self.mask.height as i32).contains(&y);
                if inside { f32::from(self.mask.alpha[y as usize * self.mask.width + x as usize]) } else { 0.0 }
            };
            let a = if part > 0.0 { here(y) * (1.0 - part) + here(y + 1) * part } else { here(y) };
            a * share * (1.0 / 255.0)
        };
        let rows = (top - 1).max(0) & !1..(top + self.mask.height as i32 + 1).min(height);
        let columns = self.at.0.max(0) & !1..(self.at.0 + self.mask.width as i32 + 1).min(width);
        for y in rows.clone() {
            for x in columns.clone() {
                let a = alpha(x - self.at.0, y - top);
                if a > 0.0 {
                    let at = &mut picture.y[(y * width + x) as usize];
                    *at = (f32::from(*at) + (self.yuv[0] - f32::from(*at)) * a + 0.5) as u8;
                }
            }
        }
        let chroma = width / 2;
        for y in rows.step_by(2).filter(|y| y / 2 < height / 2) {
            for x in columns.clone().step_by(2).filter(|x| x / 2 < chroma) {
                let a = [(0, 0), (1, 0), (0, 1), (1, 1)].map(|(i, j)| alpha(x + i - self.at.0, y + j - top)).iter().sum::<f32>() * 0.25;
                if a > 0.0 {
                    let at = (y / 2 * chroma + x / 2) as usize;
                    for (plane, to) in [(&mut picture.u, self.yuv[1]), (&mut picture.v, self.yuv[2])] {
                        plane[at] = (f32::from(plane[at]) + (to - f32::from(plane[at])) * a + 0.5) as u8;
                    }
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use kinora_plan::Size;

    fn plan(size: (u32, u32), titles: Vec<Title>) -> Plan {
        let json = r#"{"version":1,"scenes":[{"id":"s","place":"forest"}],"shots":[{"id":"a","scene":"s","length":240000}],"fps":24}"#;
        Plan { size: Size { width: size.0, height: size.1 }, titles, ..Plan::from_json(json).expect("a plan") }
    }

    fn titled(text: &str, style: TitleStyle) -> Title {
        Title { text: text.to_owned(), style, ..blank() }
    }

    /// The box of what differs from a grey picture: left, top, right, bottom; none if nothing does.
    fn drawn(plan: &Plan, frame: i64) -> Option<[usize; 4]> {
        let (w, h) = (plan.size.width as usize, plan.size.height as usize);
        let mut picture = Yuv420::black(w, h);
        picture.y.fill(120);
        Overlay::new(plan, &[], &Fonts::builtin(), &|_| None).draw(&mut picture, frame);
        let seen: Vec<usize> = (0..w * h).filter(|i| picture.y[*i] > 150).collect();
        let (xs, ys) = (seen.iter().map(|i| i % w), seen.iter().map(|i| i / w));
        Some([xs.clone().min()?, ys.clone().min()?, xs.max()?, ys.max()?])
    }

    #[test]
    fn words_keep_the_safe_margins_in_every_shape() {
        for size in [(320, 180), (180, 320), (240, 240), (420, 180), (240, 180)] {
            for style in [TitleStyle::Title, TitleStyle::Card, TitleStyle::LowerThird, TitleStyle::Caption, TitleStyle::Credits] {
                for text in ["A", "The Fox Who Came Back", "A very long sentence that does not fit into one line of any picture, nor into two of them"] {
                    let plan = plan(size, vec![titled(text, style)]);
                    let Some([x0, y0, x1, y1]) = drawn(&plan, 60) else { panic!("{style:?} {text} is not seen in {size:?}") };
                    let (w, h) = (size.0 as f32, size.1 as f32);
                    assert!(x0 as f32 >= w * 0.045 && x1 as f32 <= w * 0.955, "{style:?} {text} in {size:?}: {x0} to {x1}");
                    assert!(y0 as f32 >= h * 0.04 && y1 as f32 <= h * 0.96, "{style:?} {text} in {size:?}: {y0} to {y1}");
                }
            }
        }
    }

    #[test]
    fn words_fade_and_are_gone_outside_their_time() {
        let mut title = titled("Fox", TitleStyle::Title);
        (title.from, title.to) = (Ticks::from_seconds(1.0), Ticks::from_seconds(3.0));
        let plan = plan((320, 180), vec![title]);
        let bright = |frame| {
            let mut picture = Yuv420::black(320, 180);
            Overlay::new(&plan, &[], &Fonts::builtin(), &|_| None).draw(&mut picture, frame);
            picture.y.iter().map(|y| u32::from(*y) - 16).sum::<u32>()
        };
        assert_eq!((bright(10), bright(80)), (0, 0), "nothing before and after");
        assert!(bright(25) < bright(30) && bright(30) < bright(48), "it comes gently: {} {} {}", bright(25), bright(30), bright(48));
        assert!(bright(71) < bright(48), "and goes gently");
    }

    #[test]
    fn long_credits_roll_and_a_card_hides_the_picture() {
        let text = (1..60).map(|n| format!("Somebody {n}")).collect::<Vec<_>>().join("\n");
        let plan = plan((320, 180), vec![titled(&text, TitleStyle::Credits)]);
        let overlay = Overlay::new(&plan, &[], &Fonts::builtin(), &|_| None);
        let at = |frame| {
            let mut picture = Yuv420::black(320, 180);
            picture.y.fill(200);
            overlay.draw(&mut picture, frame);
            picture
        };
        assert!(at(50) != at(51), "they move");
        assert!(at(60).y[0] < 40, "before a dark card: {}", at(60).y[0]);
    }

    #[test]
    fn odd_texts_are_no_trouble() {
        for text in ["\u{1f600}", " ", "שלום", &"w".repeat(5000), &"a b ".repeat(1200), "\n\n\n"] {
            for style in [TitleStyle::Title, TitleStyle::Credits, TitleStyle::LowerThird] {
                let plan = plan((128, 72), vec![titled(text, style)]);
                let mut picture = Yuv420::black(128, 72);
                Overlay::new(&plan, &[], &Fonts::builtin(), &|_| None).draw(&mut picture, 30);
            }
        }
    }
}
