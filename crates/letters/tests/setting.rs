//! Texts are set as a reader expects them, with the fonts of the binary alone.

use kinora_letters::{Coverage, Face, Fonts, Wish, tongue_of, triangles};

const FACES: [Face; 5] = [Face::Sans, Face::Bold, Face::Round, Face::Neon, Face::Serif];

fn area(points: &[[f32; 2]], faces: &[[u32; 3]]) -> f32 {
    let at = |i: u32| points[i as usize];
    faces.iter().map(|t| (at(t[0]), at(t[1]), at(t[2]))).map(|(a, b, c)| ((b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0])) * 0.5).sum()
}

#[test]
fn triangles_and_coverage_fill_the_same() {
    let fonts = Fonts::builtin();
    for face in FACES {
        for text in ["OPEN", "Straße", "¿Qué?", "8%&@", "ffi"] {
            let outline = fonts.set(text, &Wish::line(face)).outline(0.001);
            let (points, faces) = triangles(&outline);
            let (low, high) = outline.bounds().expect("letters");
            let size = 200.0;
            let placed = outline.clone().placed(size, [-low[0] * size + 2.0, -low[1] * size + 2.0]);
            let (w, h) = (((high[0] - low[0]) * size) as usize + 5, ((high[1] - low[1]) * size) as usize + 5);
            let coverage = Coverage::of(&placed, w, h);
            let covered: f32 = coverage.alpha.iter().map(|a| f32::from(*a) / 255.0).sum::<f32>() / (size * size);
            let filled = area(&points, &faces);
            assert!((covered - filled).abs() < filled * 0.02, "{face:?} {text}: {covered} and {filled} square ems");
            assert!((0..w).all(|x| coverage.alpha[x] == 0) && (0..h).all(|y| coverage.alpha[y * w] == 0), "nothing runs over the border");
        }
    }
}

#[test]
fn lines_fill_their_room() {
    let fonts = Fonts::builtin();
    let lines = |text: &str, room: (f32, f32)| fonts.set(text, &Wish { room: Some(room), most_lines: 60, ..Wish::line(Face::Bold) }).lines;
    assert_eq!(lines("FRESH BREAD EVERY DAY", (10.0, 1.0)), 1, "a wide room takes one line");
    assert!((2..=4).contains(&lines("FRESH BREAD EVERY DAY", (2.0, 1.5))), "a square one takes several");
    assert_eq!(lines("HOTEL", (0.5, 3.0)), 5, "in a tall one letters are stacked");
    assert_eq!(lines("one\ntwo\nthree", (10.0, 1.0)), 3, "line breaks are kept");
    let set = fonts.set("word ".repeat(30).trim(), &Wish { longest: 8.0, most_lines: 2, ..Wish::line(Face::Sans) });
    assert!(set.cut && set.lines == 2 && set.width <= 8.6, "what does not fit ends in an ellipsis: {} lines of {} ems", set.lines, set.width);
}

#[test]
fn what_no_font_has_is_told_and_not_drawn() {
    let fonts = Fonts::builtin();
    let set = fonts.set("Hi 漢字 \u{1f600}!", &Wish::line(Face::Round));
    assert_eq!(set.missing, ['漢', '字', '\u{1f600}'], "each once");
    let plain = fonts.set("Hi !", &Wish::line(Face::Round));
    assert_eq!(set.outline(0.01).contours.len(), plain.outline(0.01).contours.len(), "there are no boxes");
    for text in ["", " ", "\n", "\u{200d}\u{fe0f}\u{feff}", "\u{1f600}"] {
        assert!(fonts.set(text, &Wish::line(Face::Sans)).outline(0.01).contours.is_empty(), "{text:?} has nothing to draw");
    }
}

#[test]
fn languages_are_told_by_their_script() {
    for (text, hint, tongue) in
        [("酒場", "ja", "ja"), ("酒場", "zh", "zh"), ("酒場", "en", "zh"), ("さけ場", "zh", "ja"), ("술집", "en", "ko"), ("Bar", "ja", "")]
    {
        assert_eq!(tongue_of(text, hint), tongue, "{text} in {hint}");
    }
}

#[test]
fn a_folder_without_fonts_is_like_none() {
    let fonts = Fonts::new(Some("/there/is/no/such/folder".into()), vec!["/nor/such".into()]);
    assert_eq!(fonts.set("漢A", &Wish::line(Face::Bold)).missing, ['漢'], "Latin is there all the same");
    assert!(fonts.for_language("ja").is_none(), "Japanese is not");
}

#[test]
fn broken_fonts_are_passed_over() {
    let folder = std::env::temp_dir().join(format!("kinora-fonts-{}", std::process::id()));
    std::fs::create_dir_all(&folder).expect("made");
    for (name, bytes) in [("empty.ttf", &b""[..]), ("NotoSansCJK.ttc", b"ttcf\0\x01\0\0\xff\xff\xff\xff"), ("text.otf", b"this is no font at all, but a text")]
    {
        std::fs::write(folder.join(name), bytes).expect("written");
    }
    let fonts = Fonts::new(Some(folder.clone()), Vec::new());
    assert_eq!(fonts.set("漢", &Wish::line(Face::Bold)).missing, ['漢'], "and do no harm");
    std::fs::remove_dir_all(&folder).expect("removed");
}
