//! Mandarin: characters to pinyin with tones by phrases (crate `piper-plus-g2p`), pinyin to the model's symbols.

use super::mark;
use super::words::Words;
use crate::pack::Pack;
use piper_plus_g2p::Phonemizer as _;
use piper_plus_g2p::chinese::ChinesePhonemizer;
use piper_plus_g2p::token_map::PUA_TO_TOKEN;

pub(super) struct Mandarin {
    pinyin: ChinesePhonemizer,
    words: Words,
}

/// Words whose last syllable has no tone (from the lists of the Putonghua proficiency test); the phonemizer gives it one.
const NEUTRAL: &str = "爱人 巴掌 把手 白净 帮手 棒槌 包袱 包涵 本事 比方 扁担 别扭 玻璃 簸箕 苍蝇 \
    差事 柴火 称呼 锄头 畜生 窗户 刺猬 凑合 耷拉 答应 打扮 打点 打发 打量 打算 \
    打听 大方 耽搁 耽误 道士 灯笼 提防 地方 弟弟 弟兄 点心 东家 东西 动静 动弹 \
    豆腐 嘟囔 对付 多么 队伍 耳朵 风筝 福气 甘蔗 干事 高粱 膏药 告诉 疙瘩 哥哥 \
    胳膊 跟头 工夫 功夫 公公 姑姑 姑娘 故事 寡妇 怪物 关系 官司 罐头 规矩 闺女 \
    蛤蟆 含糊 行当 合同 和尚 核桃 红火 后头 厚道 狐狸 胡琴 糊涂 皇上 活泼 火候 \
    伙计 护士 机灵 脊梁 记号 记性 家伙 架势 嫁妆 见识 将就 交情 叫唤 街坊 结实 \
    戒指 姐夫 姐姐 精神 舅舅 觉得 咳嗽 客气 口袋 窟窿 快活 阔气 喇叭 懒得 浪头 \
    老婆 老实 老爷 姥姥 累赘 里头 力气 厉害 利落 利索 痢疾 连累 凉快 粮食 溜达 \
    萝卜 骆驼 妈妈 麻烦 麻利 马虎 码头 买卖 馒头 忙活 冒失 眉毛 媒人 妹妹 门道 \
    眯缝 迷糊 苗条 名堂 名字 明白 蘑菇 模糊 木匠 木头 那么 奶奶 难为 脑袋 能耐 \
    你们 念叨 娘家 奴才 女婿 暖和 疟疾 牌楼 盘算 朋友 脾气 屁股 便宜 漂亮 婆家 \
    婆婆 铺盖 欺负 前头 亲戚 勤快 清楚 亲家 拳头 热闹 人家 人们 认识 扫帚 商量 \
    晌午 上司 上头 烧饼 少爷 舌头 生意 牲口 师父 师傅 石匠 石榴 石头 时候 拾掇 \
    使唤 似的 事情 收成 收拾 首饰 叔叔 舒服 舒坦 疏忽 爽快 思量 算计 岁数 太太 \
    特务 挑剔 跳蚤 铁匠 头发 妥当 唾沫 挖苦 娃娃 尾巴 委屈 为了 稳当 我们 稀罕 \
    媳妇 喜欢 下巴 吓唬 先生 乡下 相声 消息 小气 笑话 心思 行李 兄弟 休息 秀才 \
    秀气 学生 学问 丫头 衙门 哑巴 胭脂 烟筒 眼睛 秧歌 养活 吆喝 妖精 钥匙 爷爷 \
    衣服 衣裳 意思 应酬 冤枉 月饼 月亮 云彩 运气 在乎 咱们 怎么 扎实 眨巴 栅栏 \
    张罗 丈夫 帐篷 丈人 招呼 招牌 折腾 这个 这么 芝麻 知识 知道 指甲 指头 主意 \
    转悠 庄稼 壮实 状元 琢磨 嘴巴 星星 猩猩 蛐蛐 宝宝 太阳 葡萄 聪明 干净 骨头 \
    外头 部分 早上 晚上 大爷 爸爸 谢谢 看看 试试 想想 走走 说说 听听 问问 尝尝 找找 坐坐 \
    玩玩 聊聊 笑笑 歇歇 瞧瞧 帮帮 猜猜 摸摸 闻闻 动动 转转 逛逛 敲敲 拍拍 洗洗 擦擦 \
    练练 讲讲 谈谈 求求 劝劝 救救 陪陪 抱抱";
/// Of these, those with two third tones by their characters: the first stays low before a syllable without tone.
const STAYS_LOW: &str = "耳朵 姐姐 奶奶 姥姥 指甲 指头 嘴巴 本事 宝宝 首饰 伙计 脊梁 口袋 点心 使唤";

/// Sounds of the phonemizer in the model's symbols; of a final with a coda, the tone stands before the coda.
const SOUNDS: &[(&str, &str, &str)] = &[
    ("tɕ", "ʨ", ""),
    ("tɕʰ", "ʨʰ", ""),
    ("tʂ", "ꭧ", ""),
    ("tʂʰ", "ꭧʰ", ""),
    ("ts", "ʦ", ""),
    ("tsʰ", "ʦʰ", ""),
    ("aɪ", "ai", ""),
    ("eɪ", "ei", ""),
    ("aʊ", "au", ""),
    ("oʊ", "ou", ""),
    ("an", "a", "n"),
    ("ən", "ə", "n"),
    ("aŋ", "a", "ŋ"),
    ("əŋ", "ə", "ŋ"),
    ("uŋ", "ʊ", "ŋ"),
    ("ia", "ja", ""),
    ("iɛ", "je", ""),
    ("iou", "jou", ""),
    ("iaʊ", "jau", ""),
    ("iɛn", "jɛ", "n"),
    ("in", "i", "n"),
    ("iaŋ", "ja", "ŋ"),
    ("iŋ", "i", "ŋ"),
    ("iuŋ", "jʊ", "ŋ"),
    ("ua", "wa", ""),
    ("uo", "wo", ""),
    ("uaɪ", "wai", ""),
    ("ueɪ", "wei", ""),
    ("uan", "wa", "n"),
    ("uən", "wə", "n"),
    ("uaŋ", "wa", "ŋ"),
    ("uəŋ", "wə", "ŋ"),
    ("yɛ", "ɥe", ""),
    ("yɛn", "ɥɛ", "n"),
    ("yn", "y", "n"),
    ("y_vowel", "y", ""),
    ("ɻ̩", "ɨ", ""),
    ("ɚ", "ɚ", ""),
    ("o", "o", ""),
];

impl Mandarin {
    pub(super) fn open(pack: &Pack) -> Result<Self, String> {
        Ok(Self { words: Words::open(pack).map_err(|e| e.to_string())?, pinyin: ChinesePhonemizer::new_bundled().map_err(|e| e.to_string())? })
    }

    pub(super) fn read(&self, text: &str) -> String {
        let mut out = String::new();
        let mut stretch = String::new();
        for c in text.chars() {
            match mark(c).or((c == ' ').then_some(' ')) {
                Some(m) => {
                    out.push_str(&self.stretch(&stretch));
                    stretch.clear();
                    out.push(m);
                }
                None => stretch.push(c),
            }
        }
        out + &self.stretch(&stretch)
    }

    fn stretch(&self, text: &str) -> String {
        let characters: Vec<char> = text.chars().collect();
        let lengths: Vec<usize> = sections(&characters).flat_map(|s| self.words.lengths(s)).collect();
        read_words(&self.pinyin, &characters, &lengths)
    }
}

/// Words by their characters and lengths in the model's symbols, a space between words.
fn read_words(pinyin: &ChinesePhonemizer, characters: &[char], lengths: &[usize]) -> String {
    let mut at = 0;
    let mut words: Vec<Vec<String>> = Vec::new();
    for length in lengths {
        let own = &characters[at..at + length];
        let near = Near { before: &characters[..at], after: &characters[at + length..] };
        let asked: String = own.iter().enumerate().map(|(i, c)| sounds_as(*c, own, i, &near)).collect();
        let read = syllables(&pinyin.phonemize_with_prosody(&asked).map(|t| t.0).unwrap_or_default());
        words.push(match own {
            // No other character sounds as "must" does.
            ['得'] if asked == "得" => vec!["tei↓".into()],
            // What is not one syllable a character (letters, unknown characters) stands as it is.
            _ if read.len() == *length => word(own, &read),
            _ => vec![read.concat()],
        });
        at += length;
    }
    if words.iter().map(Vec::len).eq(lengths.iter().copied()) {
        by_neighbours(characters, &mut words);
    }
    words.iter().map(|w| w.concat()).filter(|w| !w.is_empty()).collect::<Vec<_>>().join(" ")
}

/// Numbers of dates and times begin words of their own: 八月八日 is no 八月八.
fn sections(characters: &[char]) -> impl Iterator<Item = &[char]> {
    let cut = |i: usize| i > 1 && "年月日号点".contains(characters[i - 1]) && is_number(characters[i - 2]) && is_number(characters[i]);
    let mut cuts: Vec<usize> = (0..characters.len()).filter(|i| *i == 0 || cut(*i)).collect();
    cuts.push(characters.len());
    (1..cuts.len()).map(move |k| &characters[cuts[k - 1]..cuts[k]])
}

fn is_number(c: char) -> bool {
    "零〇一二两三四五六七八九十百千万亿".contains(c)
}

/// What stands around a word.
struct Near<'a> {
    before: &'a [char],
    after: &'a [char],
}

impl Near<'_> {
    fn follows(&self, any: &str) -> bool {
        self.before.last().is_some_and(|c| any.contains(*c))
    }

    fn precedes(&self, any: &str) -> bool {
        self.after.first().is_some_and(|c| any.contains(*c))
    }

    /// Whether the word counts something: after a number, "this", "which" ...
    fn counts(&self) -> bool {
        self.before.last().is_some_and(|c| is_number(*c) || "几每这那哪各某半整".contains(*c))
    }
}

/// A character that sounds as one with several readings does here, where the phonemizer, which knows phrases alone, would
/// take another reading; or the character itself.
fn sounds_as(c: char, word: &[char], i: usize, near: &Near<'_>) -> char {
    if c == '长' && i == 0 && word.len() > 1 && !"大得成出子辈老官相女势者孙高进胖".contains(word[1]) {
        return '常';
    }
    if word.len() > 1 {
        return c;
    }
    match c {
        // A particle after a verb or an adjective, or "must": 跑得快, 我得走.
        '得' if !near.before.is_empty() && !near.follows(WHO_MUST) => '的',
        '地' if near.before.len() > 1 && !near.after.is_empty() && !near.counts() && !near.follows("们块片的在") && !near.precedes("上下里面是很有太") => {
            '的'
        }
        '长' if near.precedes("得着出成满大在") || near.precedes("了") && !near.follows("很太更") => '掌',
        '长' => '常',
        '只' if near.counts() => '支',
        '行' if near.counts() => '航',
        '种' if !near.counts() && !near.after.is_empty() => '众',
        '数' if near.precedes("到一了着不") => '暑',
        '教' => '交',
        '干' if near.follows("擦晒烘吹晾烤很太") => '甘',
        '倒' if near.precedes("在下") || near.precedes("了") && !near.after.get(1).is_some_and(|c| is_number(*c)) => '岛',
        '背' if near.precedes("着起上了") => '杯',
        '弹' if !near.counts() => '谈',
        '调' if !near.counts() => '条',
        '盛' if near.precedes("饭汤了满一") => '成',
        '转' if near.after.iter().take(3).any(|c| *c == '圈') => '赚',
        '待' if near.precedes("在着一了") => '呆',
        '铺' => '扑',
        '划' => '滑',
        '量' if !near.counts() && near.precedes("一了着体身") => '良',
        c => c,
    }
}

/// After these, 得 is "must".
const WHO_MUST: &str = "我你您他她它咱们谁就也还都总必非人";

/// Tones that depend on the neighbours in a sentence.
fn by_neighbours(characters: &[char], words: &mut [Vec<String>]) {
    let starts: Vec<usize> = words.iter().scan(0, |at, w| Some(std::mem::replace(at, *at + w.len()))).collect();
    let mut all: Vec<String> = words.iter().flatten().cloned().collect();
    let tone = |s: &String| s.chars().find(|c| is_tone(*c));
    for i in 0..all.len() {
        let (before, after) = (i.checked_sub(1).map(|k| characters[k]), characters.get(i + 1).copied());
        let next = all.get(i + 1).and_then(tone);
        match characters[i] {
            // 好不好, 看一看
            '一' | '不' if before.is_some() && before == after => all[i].retain(|c| !is_tone(c)),
            '一' if counts_off(before, after) => all[i] = "i→".into(),
            '一' if starts.contains(&i) => all[i] = if next == Some('↘') { "i↗" } else { "i↘" }.into(),
            '不' if starts.contains(&i) => all[i] = if next == Some('↘') { "pu↗" } else { "pu↘" }.into(),
            _ => {}
        }
        // A third tone rises before another, also of the next word.
        if starts.contains(&(i + 1)) && tone(&all[i]) == Some('↓') && next == Some('↓') {
            all[i] = all[i].replace('↓', "↗");
        }
    }
    let mut read = all.into_iter();
    words.iter_mut().flatten().for_each(|s| *s = read.next().unwrap_or_default());
}

/// Whether 一 is the number itself and keeps its tone: 第一, 二十一, 一九九八, 一月, 一号, or at the end.
fn counts_off(before: Option<char>, after: Option<char>) -> bool {
    let digit = |c: char| "零〇一二三四五六七八九".contains(c);
    before.is_some_and(|c| digit(c) || "第十期周".contains(c))
        || after.is_none_or(|c| digit(c) || "月号楼".contains(c))
        || before.is_some_and(|c| "百千万零".contains(c)) && after == Some('十')
}

/// A word's syllables, the last without its tone if that is how the word is spoken.
fn word(characters: &[char], syllables: &[String]) -> Vec<String> {
    let mut syllables = syllables.to_vec();
    let tail: String = characters[characters.len().saturating_sub(2)..].iter().collect();
    let listed = |list: &str| list.split(' ').any(|w| w == tail);
    if let [.., first, last] = &mut syllables[..]
        && listed(NEUTRAL)
    {
        last.retain(|c| !is_tone(c));
        if listed(STAYS_LOW) {
            *first = first.replace('↗', "↓");
        }
    }
    // The ending -r has no tone of its own, unless it is a child.
    if let ([.., before, '儿'], Some(last)) = (characters, syllables.last_mut())
        && !"女婴幼孤男胎健宠血孙小".contains(*before)
    {
        last.retain(|c| !is_tone(c));
    }
    syllables
}

fn is_tone(c: char) -> bool {
    matches!(c, '→' | '↗' | '↓' | '↘')
}

/// The phonemizer's tokens in the model's symbols, a string for each syllable.
fn syllables(tokens: &[String]) -> Vec<String> {
    let mut out = Vec::new();
    let (mut now, mut coda) = (String::new(), "");
    for token in tokens {
        // Multi-letter sounds come as private characters.
        let mut chars = token.chars();
        let decoded = match (chars.next(), chars.next()) {
            (Some(c), None) => PUA_TO_TOKEN.get(&c).copied().unwrap_or(token),
            _ => token,
        };
        let tone = match decoded {
            "tone1" => Some("→"),
            "tone2" => Some("↗"),
            "tone3" => Some("↓"),
            "tone4" => Some("↘"),
            "tone5" => Some(""),
            _ => None,
        };
        if let Some(tone) = tone {
            out.push(std::mem::take(&mut now) + tone + std::mem::take(&mut coda));
            continue;
        }
        now.push_str(std::mem::take(&mut coda));
        match SOUNDS.iter().find(|(s, ..)| *s == decoded) {
            Some((_, sound, end)) => {
                // After lips, o is wo.
                let lips = *sound == "o" && now.ends_with(['p', 'ʰ', 'm', 'f']);
                now.push_str(if lips { "wo" } else { sound });
                coda = end;
            }
            None => now.push_str(decoded),
        }
    }
    if !now.is_empty() {
        out.push(now + coda);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_syllable_of_some_words_has_no_tone() {
        let pinyin = ChinesePhonemizer::new_bundled().unwrap_or_else(|e| panic!("{e}"));
        let read = |text: &str| {
            let characters: Vec<char> = text.chars().collect();
            word(&characters, &syllables(&pinyin.phonemize_with_prosody(text).map(|t| t.0).unwrap_or_default())).concat()
        };
        assert_eq!(read("狐狸"), "xu↗li", "as in a dictionary");
        assert_eq!(read("耳朵"), "ɚ↓two", "no third tone to rise before");
        assert_eq!(read("好朋友"), "xau↓pʰə↗ŋjou", "at the end of longer words too");
        assert!(read("森林").ends_with("li↗n"), "others keep theirs: {}", read("森林"));
    }

    #[test]
    fn tones_stand_after_vowels() {
        let pinyin = ChinesePhonemizer::new_bundled().unwrap_or_else(|e| panic!("{e}"));
        let read = |text: &str| syllables(&pinyin.phonemize_with_prosody(text).map(|t| t.0).unwrap_or_default()).join(" ");
        assert_eq!(read("你好"), "ni↗ xau↓", "third before third rises");
        assert_eq!(read("银行"), "i↗n xa↗ŋ", "行 in a bank is hang");
        assert_eq!(read("知道"), "ꭧɨ→ tau↘", "a syllable without a vowel letter");
        assert_eq!(read("山坡"), "ʂa→n pʰwo→", "o after lips");
    }

    /// A sentence whose words are told apart by spaces.
    fn sentence(text: &str) -> String {
        let pinyin = ChinesePhonemizer::new_bundled().unwrap_or_else(|e| panic!("{e}"));
        let lengths: Vec<usize> = text.split(' ').map(|w| w.chars().count()).collect();
        read_words(&pinyin, &text.chars().filter(|c| *c != ' ').collect::<Vec<_>>(), &lengths)
    }

    #[test]
    fn readings_go_by_the_words_around() {
        assert_eq!(sentence("睡 得 好"), "ʂwei↘ tɤ xau↓", "a particle");
        assert_eq!(sentence("我 得 走"), "wo↗ tei↗ ʦou↓", "must");
        assert_eq!(sentence("很 长"), "xə↓n ꭧʰa↗ŋ", "long");
        assert_eq!(sentence("孩子 长 得 快"), "xai↗ʦɨ ꭧa↓ŋ tɤ kʰwai↘", "to grow");
        assert!(sentence("长椅").starts_with("ꭧʰa↗ŋ"), "a long bench");
        assert!(sentence("长大").starts_with("ꭧa↓ŋ"), "to grow up");
        assert_eq!(sentence("两 只 猫"), "lja↓ŋ ꭧɨ→ mau→", "a measure word");
        assert_eq!(sentence("我 只 有"), "wo↗ ꭧɨ↗ jou↓", "only");
        assert_eq!(sentence("轻轻 地 走"), "ʨʰi→ŋʨʰi→ŋ tɤ ʦou↓", "-ly");
        assert!(sentence("一会儿").ends_with("xwei↘ɚ"), "the ending -r: {}", sentence("一会儿"));
        assert!(sentence("女儿").ends_with("ɚ↗"), "a daughter: {}", sentence("女儿"));
    }

    #[test]
    fn tones_go_by_the_neighbours() {
        assert_eq!(sentence("第一次"), "ti↘i→ʦʰɨ↘", "an ordinal keeps its tone");
        assert_eq!(sentence("一 天"), "i↘ tʰjɛ→n", "falls before a level tone");
        assert_eq!(sentence("一 次"), "i↗ ʦʰɨ↘", "rises before a falling one");
        assert_eq!(sentence("不 去"), "pu↗ ʨʰy↘", "not before a falling tone");
        assert_eq!(sentence("好 不 好"), "xau↓ pu xau↓", "A not A");
        assert_eq!(sentence("我 买"), "wo↗ mai↓", "third before third of the next word");
    }

    #[test]
    fn dates_are_cut_before_their_numbers() {
        let cut = |text: &str| sections(&text.chars().collect::<Vec<_>>()).map(|s| s.iter().collect::<String>()).collect::<Vec<_>>().join("|");
        assert_eq!(cut("二零零八年八月八日见面"), "二零零八年|八月|八日见面", "a date");
        assert_eq!(cut("三点二十分"), "三点|二十分", "a time");
        assert_eq!(cut("点一杯茶"), "点一杯茶", "to order is no time");
    }
}
