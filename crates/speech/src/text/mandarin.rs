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
    外头 部分 早上 晚上 大爷";
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
        if text.is_empty() {
            return String::new();
        }
        let tokens = self.pinyin.phonemize_with_prosody(text).map(|t| t.0).unwrap_or_default();
        let characters: Vec<char> = text.chars().collect();
        let syllables = syllables(&tokens);
        if syllables.len() != characters.len() {
            return syllables.concat();
        }
        let mut at = 0;
        let mut words = Vec::new();
        for length in self.words.lengths(&characters) {
            words.push(word(&characters[at..at + length], &syllables[at..at + length]));
            at += length;
        }
        words.join(" ")
    }
}

/// A word's syllables, the last without its tone if that is how the word is spoken.
fn word(characters: &[char], syllables: &[String]) -> String {
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
    syllables.concat()
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
            word(&characters, &syllables(&pinyin.phonemize_with_prosody(text).map(|t| t.0).unwrap_or_default()))
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
}
