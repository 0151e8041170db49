//! A proof of the faces: `cargo run --release -p kinora-letters --example proof -- FOLDER_OF_FONTS out.pgm "text" ...`

use kinora_letters::{Coverage, Face, Fonts, Wish, system_folders};

fn main() -> std::io::Result<()> {
    let mut arguments = std::env::args().skip(1);
    let folder = arguments.next().filter(|f| f != "-").map(Into::into);
    let out = arguments.next().unwrap_or_else(|| "proof.pgm".into());
    let fonts = Fonts::new(folder, system_folders());
    let texts: Vec<String> = arguments.collect();
    let (wide, high, columns) = (380_usize, 150_usize, 5);
    let (width, height) = (wide * columns, high * texts.len());
    let mut picture = vec![255_u8; width * height];
    for (row, text) in texts.iter().enumerate() {
        for (column, face) in [Face::Sans, Face::Bold, Face::Round, Face::Neon, Face::Serif].into_iter().enumerate() {
            let room = (wide as f32 - 30.0, high as f32 - 30.0);
            let set = fonts.set(text, &Wish { room: Some(room), most_lines: 60, ..Wish::line(face) });
            let outline = set.outline(0.002);
            let Some((low, top)) = outline.bounds() else { continue };
            let scale = (room.0 / (top[0] - low[0])).min(room.1 / (top[1] - low[1])).min(70.0);
            let at = [wide as f32 * 0.5 - (low[0] + top[0]) * 0.5 * scale, high as f32 * 0.5 - (low[1] + top[1]) * 0.5 * scale];
            let coverage = Coverage::of(&outline.placed(scale, at), wide, high);
            for y in 0..high {
                for x in 0..wide {
                    picture[(row * high + y) * width + column * wide + x] = 255 - coverage.alpha[y * wide + x];
                }
            }
            if !set.missing.is_empty() {
                eprintln!("{text}: missing {:?}", set.missing);
            }
        }
    }
    let mut bytes = format!("P5\n{width} {height}\n255\n").into_bytes();
    bytes.extend(picture);
    std::fs::write(out, bytes)
}
