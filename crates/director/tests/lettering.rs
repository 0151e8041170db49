//! Words that are written: on things and over the picture, in five languages; and lines that stay lines.

use kinora_director::{Options, Prompt, direct};
use kinora_plan::{Plan, TitleStyle};
use kinora_vocabulary::Vocabulary;
use std::sync::OnceLock;

fn plan(text: &str) -> Plan {
    static WORDS: OnceLock<Vocabulary> = OnceLock::new();
    let vocabulary = WORDS.get_or_init(|| Vocabulary::builtin().expect("our own files"));
    direct(&Prompt { text: text.to_owned(), options: Options::default() }, vocabulary).unwrap_or_else(|e| panic!("{text}: {e}")).output
}

/// What is written on which things.
fn written(plan: &Plan) -> Vec<(String, String)> {
    plan.scenes.iter().flat_map(|s| &s.things).filter_map(|t| Some((t.word.clone(), t.traits.text.clone()?))).collect()
}

fn lines(plan: &Plan) -> Vec<&str> {
    plan.shots.iter().flat_map(|s| &s.lines).map(|l| l.text.as_str()).collect()
}

#[test]
fn words_stand_on_things_in_five_languages() {
    for (prompt, word, text) in [
        ("A dog sits beside a sign that says \"OPEN\" in a city street.", "signboard", "OPEN"),
        ("A neon sign reading \"JAZZ BAR\" glows in a city street at night.", "neon-sign", "JAZZ BAR"),
        ("A sign says \"BAKERY\". A cat sits in front of it.", "signboard", "BAKERY"),
        ("A man holding a sign that says \"OPEN\"", "signboard", "OPEN"),
        ("A sign that says \"OPEN\"", "signboard", "OPEN"),
        ("A cat looks at an \"OPEN\" sign on a city street.", "signboard", "OPEN"),
        ("A woman stands before a poster with the words “LOST CAT”.", "poster", "LOST CAT"),
        ("A birthday cake with \"Happy 30\" stands on a table in a kitchen.", "cake", "Happy 30"),
        ("Una mujer mira un cartel que dice «ABIERTO» en la calle.", "signboard", "ABIERTO"),
        ("Un gato pasa delante de un letrero de neón con el texto \"BAR\" de noche.", "neon-sign", "BAR"),
        ("夜晚的街道上有一个写着“营业中”的霓虹灯招牌，一只猫坐在前面。", "neon-sign", "营业中"),
        ("一只狗坐在招牌前，招牌上写着“面包店”。", "signboard", "面包店"),
        ("夜の街に「酒場」と書かれたネオンサインがある。猫が座っている。", "neon-sign", "酒場"),
        ("看板に「営業中」と書いてある。犬が座る。", "signboard", "営業中"),
        ("밤 거리에 \"영업 중\"이라고 적힌 네온사인이 있다. 고양이가 앉는다.", "neon-sign", "영업 중"),
        ("간판에 \"빵집\"이라고 적혀 있다. 개가 앉는다.", "signboard", "빵집"),
    ] {
        let plan = plan(prompt);
        assert_eq!(written(&plan), [(word.to_owned(), text.to_owned())], "{prompt}");
        assert!(lines(&plan).is_empty(), "nobody says it: {prompt}: {:?}", lines(&plan));
    }
}

#[test]
fn lines_stay_lines() {
    for (prompt, line) in [
        ("A woman stands near a poster and says \"I like it.\"", "I like it."),
        ("A man points at the neon sign. \"Look at that!\" he says.", "Look at that!"),
        ("A man holding a sign says \"Hello\"", "Hello"),
        ("A man beside a sign says \"Hello\"", "Hello"),
        ("The man says the words \"I love you\"", "I love you"),
        ("She picks up the phone: \"Hello?\"", "Hello?"),
        ("The girl whispers \"I am afraid\" in the forest.", "I am afraid"),
        ("男人对女人说：“你好。”", "你好。"),
        ("男の人が「こんにちは」と言う。", "こんにちは"),
        ("남자가 \"안녕하세요\"라고 말한다.", "안녕하세요"),
        ("Un hombre dice: «Buenos días».", "Buenos días"),
    ] {
        let plan = plan(prompt);
        assert_eq!(lines(&plan), [line], "{prompt}");
        assert!(written(&plan).is_empty() && plan.titles.is_empty(), "nothing is written: {prompt}: {:?} {:?}", written(&plan), plan.titles);
    }
}

#[test]
fn titles_and_their_times() {
    for (prompt, style, text, last) in [
        ("Title card \"The Red Fox\". A red fox walks through a snowy forest.", TitleStyle::Card, "The Red Fox", false),
        ("A fox runs in a forest, with the title \"RUN\".", TitleStyle::Title, "RUN", false),
        ("A fox sleeps in a forest, ending with the text \"The End\".", TitleStyle::Title, "The End", true),
        ("A fox sleeps in a forest. End credits: \"Made by Ana\".", TitleStyle::Credits, "Made by Ana", true),
        ("A woman smiles in a garden. Lower third: \"Ana Ruiz\".", TitleStyle::LowerThird, "Ana Ruiz", false),
        ("A dog runs on a beach. The words \"One year later\" appear on screen.", TitleStyle::Caption, "One year later", false),
        ("片名“红狐”。一只红狐狸走过森林。", TitleStyle::Title, "红狐", false),
        ("タイトル「赤い狐」。狐が森を歩く。", TitleStyle::Title, "赤い狐", false),
        ("제목 \"붉은 여우\". 여우가 숲을 걷는다.", TitleStyle::Title, "붉은 여우", false),
        ("Un zorro camina por el bosque. Termina con el texto \"Fin\".", TitleStyle::Title, "Fin", true),
    ] {
        let plan = plan(prompt);
        let [title] = plan.titles.as_slice() else { panic!("{prompt}: {:?}", plan.titles) };
        assert_eq!((title.style, title.text.as_str()), (style, text), "{prompt}");
        assert_eq!(title.to.0 == 0, last, "at the end or not: {prompt}: {title:?}");
        assert!(title.from < plan.duration(), "within the film: {prompt}");
        assert!(lines(&plan).is_empty(), "nobody says it: {prompt}: {:?}", lines(&plan));
        assert!(plan.check().is_empty(), "a plan that holds: {prompt}: {:?}", plan.check());
    }
}

#[test]
fn odd_quotations_are_no_trouble() {
    for text in ["\"\"", "\"", "“”", "「", "\u{1f600}", "مرحبا", &"x".repeat(500)] {
        let _ = plan(&format!("A dog sits beside a sign that says \"{text}\" in a park. Title: \"{text}\"."));
        let _ = plan(&format!("A dog sits. Sign「{text} sign that says «{text}» {text}\" sign"));
    }
}
