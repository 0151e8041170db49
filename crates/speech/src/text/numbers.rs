//! Numbers, times, money and signs as words of a language.

use super::Tongue;

/// The text with everything written in digits or signs spelled out.
pub(super) fn spell(text: &str, tongue: Tongue) -> String {
    let chars: Vec<char> = text.chars().collect();
    let mut out = String::with_capacity(text.len());
    let mut i = 0;
    while i < chars.len() {
        let c = chars[i];
        if c.is_ascii_digit() {
            let (number, next) = Number::read(&chars, i, tongue);
            let before = chars[..i].iter().rev().find(|c| **c != ' ').copied();
            let rest: String = chars[next..].iter().take(12).collect();
            let (words, used) = say(&number, before, &rest, tongue);
            if matches!(tongue, Tongue::English | Tongue::Spanish) && out.ends_with(|c: char| c.is_alphanumeric()) {
                out.push(' ');
            }
            // The sign that stood before is part of what was said.
            if matches!(before, Some('$' | '€' | '£' | '¥')) || before == Some('-') && chars[..i - 1].last().is_none_or(|c| *c == ' ') {
                out.truncate(out.trim_end_matches(['$', '€', '£', '¥', '-', ' ']).len());
                if !out.is_empty() {
                    out.push(' ');
                }
            }
            out.push_str(&words);
            i = next + used;
            if matches!(tongue, Tongue::English | Tongue::Spanish) && chars.get(i).is_some_and(|c| c.is_alphanumeric()) {
                out.push(' ');
            }
            continue;
        }
        match sign(c, tongue) {
            Some(word) => out.push_str(&format!(" {word} ")),
            None if matches!(c, '"' | '(' | ')' | '#' | '=' | '°' | '$' | '€' | '£' | '¥') => out.push(' '),
            None if c == '-' || c == '/' => out.push(' '),
            None => out.push(c),
        }
        i += 1;
    }
    out
}

fn sign(c: char, tongue: Tongue) -> Option<&'static str> {
    let column = match tongue {
        Tongue::English => 0,
        Tongue::Spanish => 1,
        Tongue::Japanese => 2,
        Tongue::Korean => 3,
        Tongue::Mandarin => 4,
    };
    let row = match c {
        '%' => ["percent", "por ciento", "パーセント", "퍼센트", "百分号"],
        '&' => ["and", "y", "アンド", "앤드", "和"],
        '+' => ["plus", "más", "プラス", "플러스", "加"],
        '@' => ["at", "arroba", "アット", "골뱅이", "艾特"],
        _ => return None,
    };
    Some(row[column])
}

/// A number as written.
#[derive(Debug, PartialEq)]
enum Number {
    /// A whole number, its digits kept for years and telephone numbers; whether thousands were marked.
    Whole(String, bool),
    /// Whole part and digits after the point.
    Decimal(String, String),
    /// Hours and minutes.
    Time(u64, u64),
}

impl Number {
    /// The number that begins at `i`, and where it ends.
    fn read(chars: &[char], i: usize, tongue: Tongue) -> (Self, usize) {
        let digits = |from: usize| chars[from..].iter().take_while(|c| c.is_ascii_digit()).count();
        let text = |from: usize, to: usize| chars[from..to].iter().collect::<String>();
        // Spain writes 1.500,5, the others 1,500.5.
        let (thousands, point) = if tongue == Tongue::Spanish { ('.', ',') } else { (',', '.') };
        let mut end = i + digits(i);
        let first = end - i;
        if first <= 2
            && chars.get(end) == Some(&':')
            && digits(end + 1) == 2
            && let (Ok(hours), Ok(minutes)) = (text(i, end).parse::<u64>(), text(end + 1, end + 3).parse::<u64>())
            && hours < 25
            && minutes < 60
        {
            return (Self::Time(hours, minutes), end + 3);
        }
        let mut whole = text(i, end);
        while first <= 3 && chars.get(end) == Some(&thousands) && digits(end + 1) == 3 {
            whole.push_str(&text(end + 1, end + 4));
            end += 4;
        }
        if (chars.get(end) == Some(&point) || chars.get(end) == Some(&'.')) && chars.get(end + 1).is_some_and(char::is_ascii_digit) {
            let more = digits(end + 1);
            return (Self::Decimal(whole, text(end + 1, end + 1 + more)), end + 1 + more);
        }
        (Self::Whole(whole, end - i > 3 && chars[i..end].contains(&thousands)), end)
    }
}

/// A number in words, and how many characters after it were part of it ("%", "年").
fn say(number: &Number, before: Option<char>, rest: &str, tongue: Tongue) -> (String, usize) {
    match tongue {
        Tongue::English => english(number, before, rest),
        Tongue::Spanish => spanish(number, before, rest),
        Tongue::Mandarin => mandarin(number, before, rest),
        Tongue::Korean => korean(number, before, rest),
        Tongue::Japanese => japanese(number, before, rest),
    }
}

/// Numbers too long for a count are read digit by digit.
fn value(digits: &str) -> Option<u64> {
    if digits.len() > 12 || digits.len() > 1 && digits.starts_with('0') { None } else { digits.parse().ok() }
}

fn one_by_one(digits: &str, names: &[&str; 10], between: &str) -> String {
    digits.bytes().map(|b| names[usize::from(b - b'0') % 10]).collect::<Vec<_>>().join(between)
}

// ---- English ----

const EN_ONES: [&str; 20] = [
    "zero",
    "one",
    "two",
    "three",
    "four",
    "five",
    "six",
    "seven",
    "eight",
    "nine",
    "ten",
    "eleven",
    "twelve",
    "thirteen",
    "fourteen",
    "fifteen",
    "sixteen",
    "seventeen",
    "eighteen",
    "nineteen",
];
const EN_TENS: [&str; 10] = ["", "", "twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"];

fn english_count(n: u64) -> String {
    let join = |head: String, rest: u64, with: &str| if rest == 0 { head } else { format!("{head}{with}{}", english_count(rest)) };
    match n {
        0..=19 => EN_ONES[n as usize].to_owned(),
        20..=99 => join(EN_TENS[(n / 10) as usize].to_owned(), n % 10, " "),
        100..=999 => join(format!("{} hundred", english_count(n / 100)), n % 100, " and "),
        1_000..=999_999 => join(format!("{} thousand", english_count(n / 1_000)), n % 1_000, " "),
        1_000_000..=999_999_999 => join(format!("{} million", english_count(n / 1_000_000)), n % 1_000_000, " "),
        _ => join(format!("{} billion", english_count(n / 1_000_000_000)), n % 1_000_000_000, " "),
    }
}

fn english_ordinal(n: u64) -> String {
    let words = english_count(n);
    let (head, last) = words.rsplit_once(' ').map_or((String::new(), words.as_str()), |(h, l)| (format!("{h} "), l));
    let irregular = [("one", "first"), ("two", "second"), ("three", "third"), ("five", "fifth"), ("eight", "eighth"), ("nine", "ninth"), ("twelve", "twelfth")];
    let last = match irregular.iter().find(|(w, _)| *w == last) {
        Some((_, o)) => (*o).to_owned(),
        None if last.ends_with('y') => format!("{}ieth", &last[..last.len() - 1]),
        None => format!("{last}th"),
    };
    head + &last
}

fn english_year(n: u64) -> String {
    match (n / 100, n % 100) {
        (20, 0..=9) => english_count(n),
        (c, 0) if c % 10 != 0 => format!("{} hundred", english_count(c)),
        (_, 0) => english_count(n),
        (c, y @ 1..=9) => format!("{} oh {}", english_count(c), english_count(y)),
        (c, y) => format!("{} {}", english_count(c), english_count(y)),
    }
}

fn english(number: &Number, before: Option<char>, rest: &str) -> (String, usize) {
    let names: [&str; 10] = std::array::from_fn(|i| EN_ONES[i]);
    let money = match before {
        Some('$') => Some(("dollar", "cent")),
        Some('€') => Some(("euro", "cent")),
        Some('£') => Some(("pound", "penny")),
        Some('¥') => Some(("yen", "sen")),
        _ => None,
    };
    let plural = |n: u64, word: &str| match (n, word) {
        (1, w) | (_, w @ ("yen" | "sen")) => w.to_owned(),
        (_, "penny") => "pence".to_owned(),
        (_, w) => format!("{w}s"),
    };
    let minus = if before == Some('-') { "minus " } else { "" };
    match number {
        Number::Time(h, 0) if rest.trim_start().to_lowercase().starts_with(['a', 'p']) => (english_count(*h), 0),
        Number::Time(h, 0) => (format!("{} o'clock", english_count(*h)), 0),
        Number::Time(h, m @ 1..=9) => (format!("{} oh {}", english_count(*h), english_count(*m)), 0),
        Number::Time(h, m) => (format!("{} {}", english_count(*h), english_count(*m)), 0),
        Number::Whole(d, marked) => {
            let Some(n) = value(d) else { return (one_by_one(d, &names, " "), 0) };
            if ["st", "nd", "rd", "th"].iter().any(|s| rest.starts_with(s) && !rest[2..].starts_with(char::is_alphabetic)) {
                return (english_ordinal(n), 2);
            }
            if let Some((unit, _)) = money {
                return (format!("{} {}", english_count(n), plural(n, unit)), 0);
            }
            // Decades: "the 90s"; years by pairs.
            if rest.starts_with('s') && n % 10 == 0 && !rest[1..].starts_with(char::is_alphabetic) {
                let words = if d.len() == 4 { english_year(n) } else { english_count(n) };
                let plural = words.strip_suffix('y').map_or_else(|| format!("{words}s"), |w| format!("{w}ies"));
                return (plural, 1);
            }
            let year = d.len() == 4 && !marked && (1100..2100).contains(&n) && minus.is_empty();
            (format!("{minus}{}", if year { english_year(n) } else { english_count(n) }), 0)
        }
        Number::Decimal(w, f) => {
            let n = value(w).unwrap_or(0);
            match money {
                Some((unit, small)) if f.len() <= 2 => {
                    let cents: u64 = format!("{f:0<2}").parse().unwrap_or(0);
                    (format!("{} {} and {} {}", english_count(n), plural(n, unit), english_count(cents), plural(cents, small)), 0)
                }
                _ => (format!("{minus}{} point {}", english_count(n), one_by_one(f, &names, " ")), 0),
            }
        }
    }
}

// ---- Spanish ----

const ES_ONES: [&str; 30] = [
    "cero",
    "uno",
    "dos",
    "tres",
    "cuatro",
    "cinco",
    "seis",
    "siete",
    "ocho",
    "nueve",
    "diez",
    "once",
    "doce",
    "trece",
    "catorce",
    "quince",
    "dieciséis",
    "diecisiete",
    "dieciocho",
    "diecinueve",
    "veinte",
    "veintiuno",
    "veintidós",
    "veintitrés",
    "veinticuatro",
    "veinticinco",
    "veintiséis",
    "veintisiete",
    "veintiocho",
    "veintinueve",
];
const ES_TENS: [&str; 10] = ["", "", "", "treinta", "cuarenta", "cincuenta", "sesenta", "setenta", "ochenta", "noventa"];
const ES_HUNDREDS: [&str; 10] =
    ["", "ciento", "doscientos", "trescientos", "cuatrocientos", "quinientos", "seiscientos", "setecientos", "ochocientos", "novecientos"];

fn spanish_count(n: u64) -> String {
    let join = |head: String, rest: u64| if rest == 0 { head } else { format!("{head} {}", spanish_count(rest)) };
    // "uno" before a noun that is meant: veintiún mil, un millón.
    let short = |n: u64| {
        let words = spanish_count(n);
        if let Some(head) = words.strip_suffix("veintiuno") {
            format!("{head}veintiún")
        } else {
            words.strip_suffix("uno").map_or(words.clone(), |h| format!("{h}un"))
        }
    };
    match n {
        0..=29 => ES_ONES[n as usize].to_owned(),
        30..=99 if n.is_multiple_of(10) => ES_TENS[(n / 10) as usize].to_owned(),
        30..=99 => format!("{} y {}", ES_TENS[(n / 10) as usize], ES_ONES[(n % 10) as usize]),
        100 => "cien".into(),
        101..=999 => join(ES_HUNDREDS[(n / 100) as usize].to_owned(), n % 100),
        1_000..=1_999 => join("mil".into(), n % 1_000),
        2_000..=999_999 => join(format!("{} mil", short(n / 1_000)), n % 1_000),
        1_000_000..=1_999_999 => join("un millón".into(), n % 1_000_000),
        _ => join(format!("{} millones", short(n / 1_000_000)), n % 1_000_000),
    }
}

fn spanish(number: &Number, before: Option<char>, rest: &str) -> (String, usize) {
    let names: [&str; 10] = std::array::from_fn(|i| ES_ONES[i]);
    let unit = match (before, rest.chars().next()) {
        (Some('$'), _) | (_, Some('$')) => Some(("dólar", "dólares")),
        (Some('€'), _) | (_, Some('€')) => Some(("euro", "euros")),
        (Some('£'), _) | (_, Some('£')) => Some(("libra", "libras")),
        _ => None,
    };
    let minus = if before == Some('-') { "menos " } else { "" };
    let used = usize::from(rest.starts_with(['$', '€', '£']));
    let money = |n: u64| unit.map_or(String::new(), |(one, many)| format!(" {}", if n == 1 { one } else { many }));
    match number {
        Number::Time(h, 0) => (spanish_count(*h), 0),
        Number::Time(h, 15) => (format!("{} y cuarto", spanish_count(*h)), 0),
        Number::Time(h, 30) => (format!("{} y media", spanish_count(*h)), 0),
        Number::Time(h, m) => (format!("{} y {}", spanish_count(*h), spanish_count(*m)), 0),
        Number::Whole(d, _) => match value(d) {
            Some(n) => (format!("{minus}{}{}", spanish_count(n), money(n)), used),
            None => (one_by_one(d, &names, " "), 0),
        },
        Number::Decimal(w, f) => {
            let n = value(w).unwrap_or(0);
            let after = if f.starts_with('0') || f.len() > 2 { one_by_one(f, &names, " ") } else { spanish_count(f.parse().unwrap_or(0)) };
            (format!("{minus}{} coma {after}{}", spanish_count(n), money(2)), used)
        }
    }
}

// ---- Chinese characters: Mandarin and Japanese ----

const HAN: [&str; 10] = ["零", "一", "二", "三", "四", "五", "六", "七", "八", "九"];

/// A count below 10^12 in Chinese characters; `ones` writes 一 before ten, hundred and thousand as Mandarin does.
fn han_count(n: u64, mandarin: bool) -> String {
    if n == 0 {
        return "零".into();
    }
    let group = |mut n: u64, first: bool| -> String {
        let mut out = String::new();
        let mut gap = false;
        for (unit, name) in [(1000, "千"), (100, "百"), (10, "十"), (1, "")] {
            let digit = (n / unit) as usize;
            n %= unit;
            if digit == 0 {
                gap = !out.is_empty();
                continue;
            }
            if gap && mandarin {
                out.push('零');
            }
            gap = false;
            let silent = digit == 1 && if mandarin { unit == 10 && out.is_empty() && first } else { unit > 1 };
            if !silent {
                out.push_str(if mandarin && digit == 2 && unit == 1000 { "两" } else { HAN[digit] });
            }
            out.push_str(name);
        }
        out
    };
    let mut out = String::new();
    for (unit, name) in [(100_000_000, "亿"), (10_000, "万"), (1, "")] {
        let part = n / unit % 10_000;
        if part == 0 {
            continue;
        }
        if mandarin && !out.is_empty() && part < 1000 {
            out.push('零');
        }
        let name = if mandarin {
            name
        } else {
            match name {
                "亿" => "億",
                other => other,
            }
        };
        let pair = mandarin && part == 2 && unit > 1 && out.is_empty();
        out.push_str(&if pair { "两".into() } else { group(part, out.is_empty()) });
        out.push_str(name);
    }
    out
}

/// Of these one has 两, not 二.
const PAIRED: &str = "个只条位本张件匹头辆座块次天岁杯碗瓶把朵颗棵点万千百年种家层米周包袋盒双遍趟顿句首部台间所根份片幅对群名架艘斤吨秒元";

fn mandarin(number: &Number, before: Option<char>, rest: &str) -> (String, usize) {
    let next = rest.chars().next();
    let minus = if before == Some('-') { "负" } else { "" };
    let percent = usize::from(next == Some('%'));
    let head = if percent == 1 { "百分之" } else { "" };
    let unit = match before {
        Some('$') => "美元",
        Some('€') => "欧元",
        Some('£') => "英镑",
        Some('¥') => "元",
        _ => "",
    };
    match number {
        Number::Time(h, m) => {
            let hours = if *h == 2 { "两".to_owned() } else { han_count(*h, true) };
            let minutes = match m {
                0 => String::new(),
                30 => "半".into(),
                m @ 1..=9 => format!("零{}分", han_count(*m, true)),
                m => format!("{}分", han_count(*m, true)),
            };
            (format!("{hours}点{minutes}"), usize::from(rest.starts_with('分')))
        }
        Number::Whole(d, _) => match value(d) {
            // Years and long numbers digit by digit; 幺 is for telephones, which nobody marks.
            Some(_) if d.len() == 4 && next == Some('年') => (one_by_one(d, &HAN, ""), 0),
            Some(2) if next.is_some_and(|c| PAIRED.contains(c)) || ["分钟", "小时", "公里", "公斤"].iter().any(|w| rest.starts_with(w)) => {
                ("两".into(), 0)
            }
            Some(n) => (format!("{head}{minus}{}{unit}", han_count(n, true)), percent),
            None => (one_by_one(d, &HAN, ""), 0),
        },
        Number::Decimal(w, f) => (format!("{head}{minus}{}点{}{unit}", han_count(value(w).unwrap_or(0), true), one_by_one(f, &HAN, "")), percent),
    }
}

/// Japanese: the dictionary reads numbers in characters; what it reads wrongly with a counter is written in kana.
fn japanese(number: &Number, before: Option<char>, rest: &str) -> (String, usize) {
    let digits = ["ゼロ", "いち", "に", "さん", "よん", "ご", "ろく", "なな", "はち", "きゅう"];
    let minus = if before == Some('-') { "マイナス" } else { "" };
    let unit = match before {
        Some('$') => "ドル",
        Some('€') => "ユーロ",
        Some('£') => "ポンド",
        Some('¥') => "円",
        _ => "",
    };
    match number {
        Number::Time(h, m) => {
            let (hours, _) = japanese_counter(*h, "時").unwrap_or((japanese_count(*h) + "じ", 1));
            let minutes = match m {
                0 => String::new(),
                30 => "はん".into(),
                m => japanese_counter(*m, "分").map_or_else(|| japanese_count(*m) + "ふん", |c| c.0),
            };
            (hours + &minutes, usize::from(rest.starts_with('分')))
        }
        Number::Whole(d, _) => match value(d) {
            Some(n) => japanese_counter(n, rest).unwrap_or_else(|| (format!("{minus}{}{unit}", japanese_count(n)), 0)),
            None => (one_by_one(d, &digits, ""), 0),
        },
        Number::Decimal(w, f) => (format!("{minus}{}てん{}{unit}", japanese_count(value(w).unwrap_or(0)), one_by_one(f, &digits, "")), 0),
    }
}

fn japanese_count(n: u64) -> String {
    const ONES: [&str; 10] = ["", "いち", "に", "さん", "よん", "ご", "ろく", "なな", "はち", "きゅう"];
    if n == 0 {
        return "ゼロ".into();
    }
    let group = |n: u64| -> String {
        let (t, h, d, o) = ((n / 1000 % 10) as usize, (n / 100 % 10) as usize, (n / 10 % 10) as usize, (n % 10) as usize);
        let thousands = match t {
            0 => String::new(),
            1 => "せん".into(),
            3 => "さんぜん".into(),
            8 => "はっせん".into(),
            t => format!("{}せん", ONES[t]),
        };
        let hundreds = match h {
            0 => String::new(),
            1 => "ひゃく".into(),
            3 => "さんびゃく".into(),
            6 => "ろっぴゃく".into(),
            8 => "はっぴゃく".into(),
            h => format!("{}ひゃく", ONES[h]),
        };
        let tens = match d {
            0 => String::new(),
            1 => "じゅう".into(),
            d => format!("{}じゅう", ONES[d]),
        };
        thousands + &hundreds + &tens + ONES[o]
    };
    let mut out = String::new();
    for (unit, name) in [(100_000_000, "おく"), (10_000, "まん"), (1, "")] {
        let part = n / unit % 10_000;
        if part > 0 {
            out.push_str(&group(part));
            out.push_str(name);
        }
    }
    out
}

/// A number with a counter that changes it or is changed by it, and how many characters the counter has.
fn japanese_counter(n: u64, rest: &str) -> Option<(String, usize)> {
    const DAYS: [&str; 11] = ["", "ついたち", "ふつか", "みっか", "よっか", "いつか", "むいか", "なのか", "ようか", "ここのか", "とおか"];
    const THINGS: [&str; 11] = ["", "ひとつ", "ふたつ", "みっつ", "よっつ", "いつつ", "むっつ", "ななつ", "やっつ", "ここのつ", "とお"];
    let small = usize::try_from(n).ok().filter(|n| (1..=10).contains(n));
    let ten_and = |n: u64| if n < 10 { String::new() } else { japanese_count(n / 10 * 10) };
    let last = (n % 10) as usize;
    if rest.starts_with('日') && !rest.starts_with("日間") {
        return Some((
            match n {
                1..=10 => DAYS[n as usize].into(),
                14 | 24 => format!("{}よっか", ten_and(n)),
                20 => "はつか".into(),
                n => format!("{}にち", japanese_count(n)),
            },
            1,
        ));
    }
    if rest.starts_with('つ') {
        return small.map(|n| (THINGS[n].to_owned(), 1));
    }
    if rest.starts_with('人') {
        return Some((
            match n {
                1 => "ひとり".into(),
                2 => "ふたり".into(),
                n if last == 4 => format!("{}よにん", ten_and(n)),
                n => format!("{}にん", japanese_count(n)),
            },
            1,
        ));
    }
    if rest.starts_with('時') || rest.starts_with('月') && !rest.starts_with("月間") {
        let (hour, word) = (rest.starts_with('時'), if rest.starts_with('時') { "じ" } else { "がつ" });
        let one = match last {
            4 if hour => "よ",
            4 => "し",
            7 => "しち",
            9 => "く",
            _ => return Some((japanese_count(n) + word, 1)),
        };
        return Some((ten_and(n) + one + word, 1));
    }
    if rest.starts_with('歳') || rest.starts_with('才') {
        return Some((if n == 20 { "はたち".into() } else { changed(n, "さい", "さい", "さい") }, 1));
    }
    // Counters whose first sound doubles after 1, 6, 8, 10 (and is voiced after 3).
    let (counter, plain, double, after_three) = [
        ("分", "ふん", "ぷん", "ぷん"),
        ("本", "ほん", "ぽん", "ぼん"),
        ("匹", "ひき", "ぴき", "びき"),
        ("杯", "はい", "ぱい", "ばい"),
        ("回", "かい", "かい", "かい"),
        ("階", "かい", "かい", "がい"),
        ("個", "こ", "こ", "こ"),
        ("頭", "とう", "とう", "とう"),
        ("冊", "さつ", "さつ", "さつ"),
        ("足", "そく", "そく", "ぞく"),
        ("軒", "けん", "けん", "げん"),
        ("週間", "しゅうかん", "しゅうかん", "しゅうかん"),
    ]
    .into_iter()
    .find(|(c, ..)| rest.starts_with(c))?;
    Some((changed(n, plain, double, after_three), counter.chars().count()))
}

fn changed(n: u64, plain: &str, double: &str, after_three: &str) -> String {
    let count = japanese_count(n);
    let hard = plain.starts_with(['か', 'こ', 'き', 'け', 'ふ', 'は', 'ほ', 'ひ']);
    match n % 10 {
        1 => format!("{}いっ{double}", count.strip_suffix("いち").unwrap_or(&count)),
        3 => format!("{count}{after_three}"),
        6 if hard => format!("{}ろっ{double}", count.strip_suffix("ろく").unwrap_or(&count)),
        8 => format!("{}はっ{double}", count.strip_suffix("はち").unwrap_or(&count)),
        0 if count.ends_with("じゅう") => format!("{}じゅっ{double}", count.strip_suffix("じゅう").unwrap_or(&count)),
        4 if plain == "ふん" => format!("{count}ぷん"),
        _ => format!("{count}{plain}"),
    }
}

// ---- Korean ----

fn korean_count(n: u64) -> String {
    const ONES: [&str; 10] = ["", "일", "이", "삼", "사", "오", "육", "칠", "팔", "구"];
    if n == 0 {
        return "영".into();
    }
    let group = |mut n: u64| {
        let mut out = String::new();
        for (unit, name) in [(1000, "천"), (100, "백"), (10, "십"), (1, "")] {
            let digit = (n / unit) as usize;
            n %= unit;
            if digit > 1 || digit == 1 && unit == 1 {
                out.push_str(ONES[digit]);
            }
            if digit > 0 {
                out.push_str(name);
            }
        }
        out
    };
    let mut out = String::new();
    for (unit, name) in [(100_000_000, "억"), (10_000, "만"), (1, "")] {
        let part = n / unit % 10_000;
        if part > 0 {
            if !(part == 1 && unit == 10_000) {
                out.push_str(&group(part));
            }
            out.push_str(name);
        }
    }
    out
}

fn korean_native(n: u64) -> Option<String> {
    const ONES: [&str; 10] = ["", "한", "두", "세", "네", "다섯", "여섯", "일곱", "여덟", "아홉"];
    const TENS: [&str; 10] = ["", "열", "스물", "서른", "마흔", "쉰", "예순", "일흔", "여든", "아흔"];
    if n == 20 {
        return Some("스무".into());
    }
    (1..100).contains(&n).then(|| format!("{}{}", TENS[(n / 10) as usize], ONES[(n % 10) as usize]))
}

fn korean(number: &Number, before: Option<char>, rest: &str) -> (String, usize) {
    let digits = ["공", "일", "이", "삼", "사", "오", "육", "칠", "팔", "구"];
    let minus = if before == Some('-') { "마이너스 " } else { "" };
    let unit = match before {
        Some('$') => " 달러",
        Some('€') => " 유로",
        Some('£') => " 파운드",
        Some('¥') => " 엔",
        _ => "",
    };
    const NATIVE: &[&str] = &["시간", "시", "살", "명", "개", "마리", "번", "권", "잔", "병", "달", "송이", "그루", "대", "채", "켤레", "사람", "가지", "장"];
    match number {
        Number::Time(h, m) => {
            let hours = korean_native(if *h > 12 { h - 12 } else { *h }).unwrap_or_else(|| korean_count(*h));
            (if *m == 0 { format!("{hours} 시") } else { format!("{hours} 시 {} 분", korean_count(*m)) }, 0)
        }
        Number::Whole(d, _) => match value(d) {
            Some(n) => {
                let after = rest.trim_start();
                let native =
                    NATIVE.iter().any(|w| after.starts_with(w)) && !after.starts_with("번지") && !after.starts_with("개월") && !after.starts_with("대학");
                (
                    native.then(|| korean_native(n)).flatten().unwrap_or_else(|| format!("{minus}{}{unit}", korean_count(n)))
                        + if unit.is_empty() && native { " " } else { "" },
                    0,
                )
            }
            None => (one_by_one(d, &digits, ""), 0),
        },
        Number::Decimal(w, f) => (format!("{minus}{} 점 {}{unit}", korean_count(value(w).unwrap_or(0)), one_by_one(f, &digits, "")), 0),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(tongue: Tongue, pairs: &[(&str, &str)]) {
        for (text, words) in pairs {
            let said = spell(text, tongue).split_whitespace().collect::<Vec<_>>().join(" ");
            assert_eq!(said, *words, "{text}");
        }
    }

    #[test]
    fn english() {
        check(
            Tongue::English,
            &[
                ("At 5:30 p.m.", "At five thirty p.m."),
                ("It cost $3.50!", "It cost three dollars and fifty cents!"),
                ("In 1984 and 2005", "In nineteen eighty four and two thousand five"),
                ("the 21st of May", "the twenty first of May"),
                ("1,250 people, 99% sure", "one thousand two hundred and fifty people, ninety nine percent sure"),
                ("-5 degrees", "minus five degrees"),
                ("the 1990s", "the nineteen nineties"),
                ("3.14", "three point one four"),
                ("0123", "zero one two three"),
            ],
        );
    }

    #[test]
    fn spanish() {
        check(
            Tongue::Spanish,
            &[
                ("Tengo 25 años", "Tengo veinticinco años"),
                ("1.500 euros", "mil quinientos euros"),
                ("a las 3:30", "a las tres y media"),
                ("21000", "veintiún mil"),
                ("3,5 kilos", "tres coma cinco kilos"),
                ("100%", "cien por ciento"),
                ("5€", "cinco euros"),
            ],
        );
    }

    #[test]
    fn mandarin() {
        check(
            Tongue::Mandarin,
            &[
                ("2024年5月3日", "二零二四年五月三日"),
                ("温度25度", "温度二十五度"),
                ("2只猫", "两只猫"),
                ("2分钟", "两分钟"),
                ("2月2号", "二月二号"),
                ("2500米", "两千五百米"),
                ("22000", "两万两千"),
                ("20200", "两万零二百"),
                ("10,050", "一万零五十"),
                ("50%", "百分之五十"),
                ("5:30", "五点半"),
                ("3.5", "三点五"),
                ("12", "十二"),
            ],
        );
    }

    #[test]
    fn japanese() {
        check(
            Tongue::Japanese,
            &[
                ("3本", "さんぼん"),
                ("1人", "ひとり"),
                ("4時10分", "よじじゅっぷん"),
                ("2024年", "にせんにじゅうよん年"),
                ("6匹", "ろっぴき"),
                ("300", "さんびゃく"),
                ("5日", "いつか"),
            ],
        );
    }

    #[test]
    fn korean() {
        check(
            Tongue::Korean,
            &[("3시 20분", "세 시 이십분"), ("25살", "스물다섯 살"), ("2024년", "이천이십사년"), ("10,000원", "만원"), ("5:30", "다섯 시 삼십 분")],
        );
    }
}
