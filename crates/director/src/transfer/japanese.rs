//! Japanese: words by the longest match, with the forms of its verbs; the verb comes last.

use super::chinese::{join_people, words};
use super::dictionary::{Class, Cut, Dictionary, Form, HAN_NUMBERS, Piece, Text, by_itself, close_shots, framing_leads, plain_piece};
use super::phrase::Writer;
use super::verb_last::Clauses;
use crate::english::lex::Lexeme;
use kinora_vocabulary::{Language, Vocabulary};

/// A Japanese prompt as the words of an English one.
pub(crate) fn transfer(text: &str, vocabulary: &Vocabulary) -> Vec<Lexeme> {
    let dictionary = Dictionary::of(vocabulary, Language::Ja, &[WORDS, HAN_NUMBERS], forms);
    let mut pieces: Vec<Piece> = Vec::new();
    let chars = Text::new(text);
    for cut in chars.cuts(text, true) {
        match cut {
            Cut::Mark(mark, span) => pieces.push(plain_piece(Class::Mark, "", &mark.to_string(), span)),
            Cut::Quote(inside, span) => pieces.push(plain_piece(Class::Quote, "", &inside, span)),
            Cut::Run(from, length) => words(&chars, from, from + length, &dictionary, &mut pieces),
        }
    }
    close_shots(&mut pieces);
    framing_leads(&mut pieces);
    // スーツ姿の女性: who wears one.
    pieces.retain(|p| p.text != "姿");
    people(&mut pieces);
    join_people(&mut pieces);
    compounds(&mut pieces, &dictionary);
    strange_verbs(&mut pieces);
    let mut writer = Writer::default();
    for sentence in pieces.split_inclusive(|p| matches!(p.mark(), Some('.' | '!' | '?' | ';' | '\n'))) {
        writer.write(&Clauses::read(sentence));
    }
    writer.tokens
}

/// 二人の人: after a number that has its の, 人 counts nothing but is somebody.
fn people(pieces: &mut [Piece]) {
    for k in 0..pieces.len() {
        let counts = k > 0 && pieces[k - 1].is(Class::Number) && !pieces[k - 1].text.ends_with('の');
        if pieces[k].text == "人" && pieces[k].is(Class::Classifier) && !counts {
            (pieces[k].word.class, pieces[k].word.english) = (Class::Noun, "person".into());
        }
    }
}

/// 飛び込む, 走ってくる: a verb and what goes with it are one.
fn compounds(pieces: &mut Vec<Piece>, dictionary: &Dictionary) {
    let mut k = 0;
    while k < pieces.len() {
        if !pieces[k].is(Class::Aux) {
            k += 1;
            continue;
        }
        let linked = pieces[k].word.english == "linked";
        let verb = k.checked_sub(1).map(|b| &pieces[b]).filter(|v| v.is(Class::Verb) && v.word.form == Form::And && v.span.end == pieces[k].span.start);
        if verb.is_some_and(|v| v.text.ends_with(['て', 'で']) == linked) {
            let aux = pieces.remove(k);
            let verb = &mut pieces[k - 1];
            verb.word.form = aux.word.form;
            verb.span.end = aux.span.end;
            verb.text.push_str(&aux.text);
            continue;
        }
        by_itself(&mut pieces[k], dictionary);
        k += 1;
    }
}

/// What is not known but ends as verbs do, by what follows it: 競走をする, 淹れて、, 欲張りな犬.
fn strange_verbs(pieces: &mut Vec<Piece>) {
    let does = |p: &Piece| p.is(Class::Verb) && p.text.starts_with(['す', 'し', 'さ']) && p.word.english == "do";
    let mut k = 0;
    while k < pieces.len() {
        if !pieces[k].is(Class::Unknown) {
            k += 1;
            continue;
        }
        let object = pieces.get(k + 1).is_some_and(|p| p.text == "を");
        let at = k + 1 + usize::from(object);
        if pieces.get(at).is_some_and(does) {
            let form = pieces[at].word.form;
            pieces[k].span.end = pieces[at].span.end;
            (pieces[k].word.class, pieces[k].word.form) = (Class::Verb, form);
            pieces.drain(k + 1..=at);
            k += 1;
            continue;
        }
        let text = pieces[k].text.clone();
        let touching = pieces.get(k + 1).filter(|p| p.span.start == pieces[k].span.end);
        let while_next = touching.is_some_and(|p| matches!(p.text.as_str(), "ながら" | "つつ"));
        let noun = touching.is_some_and(|p| matches!(p.word.class, Class::Noun | Class::Unknown));
        let ends = pieces.get(k + 1).is_none_or(|p| p.is(Class::Mark) || p.is(Class::Quote));
        let kana = text.chars().count() > 1 && text.ends_with(|c: char| matches!(c, 'ぁ'..='ん'));
        let form = if while_next {
            pieces.remove(k + 1);
            Some(Form::While)
        } else if !kana {
            None
        } else if text.ends_with(['て', 'で']) {
            Some(Form::And)
        } else if noun && text.ends_with(['る', 'う', 'く', 'す', 'つ', 'ぶ', 'む', 'ぐ', 'た', 'だ']) {
            Some(Form::Describing)
        } else if ends {
            Some(if text.ends_with(['き', 'ぎ', 'し', 'ち', 'び', 'み', 'り', 'い', 'え', 'け', 'げ', 'せ', 'れ', 'べ', 'め']) {
                Form::And
            } else {
                Form::Final
            })
        } else {
            None
        };
        if let Some(form) = form {
            (pieces[k].word.class, pieces[k].word.form) = (Class::Verb, form);
        } else if kana && noun && text.ends_with(['な', 'い']) {
            pieces[k].word.class = Class::Adjective;
            pieces[k].word.english = text.trim_end_matches('な').to_owned();
        }
        k += 1;
    }
    // 煉瓦を運ぶ, 木で: what things are made of is a thing where it has a role.
    for k in 1..pieces.len() {
        let role = pieces[k].is(Class::Particle) && !matches!(pieces[k].word.english.as_str(), "of" | "plural");
        let made = |w: &str| pieces[k - 1].is(Class::Adjective) && !w.ends_with(['い', 'な', 'た', 'る', 'の']);
        if role && made(&pieces[k - 1].text) {
            pieces[k - 1].word.class = Class::Noun;
        }
    }
}

/// The forms of a word: verbs have many, adjectives in い two, the others one.
fn forms(word: &str, class: Class) -> Vec<(String, Form)> {
    let mut out = vec![(word.to_owned(), Form::Final)];
    if class == Class::Adjective
        && let Some(stem) = word.strip_suffix('い')
    {
        out.push((format!("{stem}くて"), Form::Final));
    }
    // 修理する, 修理をする.
    if let Some(done) = word.strip_suffix("する").filter(|d| class == Class::Verb && !d.is_empty() && !d.ends_with('を')) {
        out.extend(forms(&format!("{done}をする"), class));
    }
    if class == Class::Verb || class == Class::Aux {
        for (te, stem) in stems(word) {
            for (ending, form) in [
                ("いる", Form::Final),
                ("いた", Form::Final),
                ("います", Form::Final),
                ("いました", Form::Final),
                ("る", Form::Final),
                ("", Form::And),
                ("から", Form::And),
                ("いて", Form::And),
                ("いながら", Form::While),
                ("あげる", Form::Final),
                ("あげている", Form::Final),
                ("あげた", Form::Final),
                ("くれる", Form::Final),
            ] {
                out.push((format!("{te}{ending}"), form));
            }
            // た and だ follow て and で.
            let past = te.strip_suffix('て').map_or_else(|| format!("{}だ", te.trim_end_matches('で')), |t| format!("{t}た"));
            out.push((past.clone(), Form::Final));
            out.push((format!("{past}後"), Form::And));
            for (ending, form) in [
                ("ます", Form::Final),
                ("ました", Form::Final),
                ("", Form::And),
                ("つつ", Form::While),
                ("ながら", Form::While),
                ("始める", Form::Final),
                ("たい", Form::Final),
            ] {
                if ending.is_empty() && stem.chars().count() < 2 {
                    continue;
                }
                out.push((format!("{stem}{ending}"), form));
            }
        }
        if let Some(stem) = passive(word) {
            for ending in ["る", "た", "ます", "ました", "ている", "て", "ています"] {
                out.push((format!("{stem}{ending}"), Form::Passive));
            }
        }
        for (ending, form) in [("間", Form::While), ("前に", Form::And), ("と", Form::And)] {
            out.push((format!("{word}{ending}"), form));
        }
    }
    out
}

/// What the passive of a verb begins with: 開けら-れ, 押さ-れ.
fn passive(verb: &str) -> Option<String> {
    let rows = [
        ("する", "され"),
        ("来る", "来られ"),
        ("る", "られ"),
        ("く", "かれ"),
        ("ぐ", "がれ"),
        ("す", "され"),
        ("つ", "たれ"),
        ("う", "われ"),
        ("ぬ", "なれ"),
        ("ぶ", "ばれ"),
        ("む", "まれ"),
    ];
    rows.iter().find_map(|(end, passive)| verb.strip_suffix(end).filter(|s| !s.is_empty()).map(|s| format!("{s}{passive}")))
}

/// The て-form and the stem of a verb; both of them where the ending does not tell which it is.
fn stems(verb: &str) -> Vec<(String, String)> {
    let cut = |end: &str| verb.strip_suffix(end).map(str::to_owned);
    if let Some(s) = cut("する") {
        return vec![(format!("{s}して"), format!("{s}し"))];
    }
    if let Some(s) = cut("くる").filter(|s| s.is_empty() || s.ends_with('て')) {
        return vec![(format!("{s}きて"), format!("{s}き"))];
    }
    if let Some(s) = cut("来る") {
        return vec![(format!("{s}来て"), format!("{s}来"))];
    }
    if let Some(s) = cut("行く") {
        return vec![(format!("{s}行って"), format!("{s}行き"))];
    }
    let rows = [
        ("く", "いて", "き"),
        ("ぐ", "いで", "ぎ"),
        ("す", "して", "し"),
        ("つ", "って", "ち"),
        ("う", "って", "い"),
        ("ぬ", "んで", "に"),
        ("ぶ", "んで", "び"),
        ("む", "んで", "み"),
    ];
    for (end, te, stem) in rows {
        if let Some(s) = cut(end) {
            return vec![(format!("{s}{te}"), format!("{s}{stem}"))];
        }
    }
    cut("る").map_or_else(Vec::new, |s| vec![(format!("{s}て"), s.clone()), (format!("{s}って"), format!("{s}り"))])
}

const WORDS: &str = "
y|込む,出す,上げる,上がる,下げる,付く,つく,付ける,移る,入れる,入る,回る,回す,去る,合う,続ける,終える,切る,抜く,抜ける,寄る,寄せる,降りる,下ろす,落ちる,落とす,越える,越す,直す,交わす,立つ,立てる,向かう,掛ける,かける,始める,歩く|stem
y|くる,来る,いく,行く,しまう,みる,おく,くれる,もらう,みせる,見せる|linked
y|ながら|while
k|の|of
k|は|topic
k|が,も|subject
k|を|object
k|に,へ|to
k|によって,により|by
k|で|in
k|と|with
k|や|and
k|から|from
k|まで|to
k|たち,達|plural
d|月の下で,月明かりの下で,月光の下で|at night
a|銀髪の,白髪の|silver haired
a|黒髪の|black haired
a|貧しい,貧乏な|poor
a|勇敢な,勇ましい|brave
a|冷たい|cold
a|熱い,温かい,暖かい|warm
a|暗い,薄暗い|dark
a|古い|old
a|新しい|new
a|静かな|quiet
a|金色の,金の|golden
a|欲張りな|greedy
a|お腹を空かせた,空腹の|hungry
a|けがをした,傷ついた|wounded
a|透明な|transparent
a|巨大な|giant
x|昔々,むかしむかし,昔,ある日,とある,姿,自分,自分の,いました,いた,います,あった,ありました,あります,ください,そこへ,もう,すぐ,まだ,いつも,まるで,ふと,日,BGM,背景に|
d|優雅に|gracefully
d|必死に,全力で|quickly
x|です,だ,ます,である,よ,ね,ている,いる,ある,そこ,とても,すごく,一緒に,それを,という,って,誰かの|
t|早朝,朝早く|morning
t|夜明け前,明け方|dawn
t|真夜中,深夜|night
w|雨の日,土砂降り,大雨|rain
w|大雪,吹雪|snow
w|霧の深い|fog
x|近所の,仕事帰りに,仕事の後,休み時間に,休み時間,放課後,週末に,週末,毎日,毎朝,みんなで,皆で,一人で,二人で,仲良く,お互いに,元気に,元気よく,一生懸命,一生懸命に|
t|大晦日の夜,大晦日|night
d|ゆっくり,ゆっくりと,のんびり|slowly
d|速く,素早く,急いで|quickly
d|楽しそうに,嬉しそうに,幸せそうに|happily
d|悲しそうに|sadly
d|静かに|quietly
d|突然,急に|suddenly
d|一斉に,声をそろえて,声を揃えて,口をそろえて,口を揃えて|together
n|両手,手元|hands
n|足元|feet
n|友達,友だち,友人|friend
n|人形|doll
v|取り出す|take out
v|埋める|bury
n|群衆,人だかり,大群衆|crowd
m|一|a
m|二,2|two
m|三,3|three
m|百|one hundred
m|二百|two hundred
m|数十,何十|dozens
m|数百,何百|hundreds
m|千|one thousand
m|数千,何千|thousands
m|一人の|a
m|二人の,二人|two
m|三人の,三人|three
m|たくさんの,大勢の,多くの,数匹の|several
q|匹,人,羽,頭,台,冊,個,枚,つ,艘,軒,隻|
r|この,その,あの|the
r|もう一人の,別の,もう一匹の|another
u|彼|he
u|彼女|she
u|それ|it
u|彼ら|they
c|それから,そして,その後,次に,やがて,最後に|then
c|一方,その間|while
d|同時に|at the same time
s|上,うえ|on
s|下,した|under
s|前,まえ|in front of
s|後ろ,うしろ,裏|behind
s|隣,となり,横,そば,近く,脇|next to
s|中,なか|in
s|間|between
s|左,左側|to the left of
s|右,右側|to the right of
v|歩く,散歩する,行く|walk
v|走る,駆ける|run
v|飛ぶ|fly
v|泳ぐ|swim
v|見る,見つめる,眺める|look
v|読む|read
v|座る|sit
v|立つ|stand
v|跳ぶ,ジャンプする,跳ねる|jump
v|追う,追いかける|chase
v|止まる,立ち止まる|stop
v|振り返る,振り向く|turn around
v|踊る|dance
v|歌う|sing
v|同時に言う,一緒に言う|say together
v|同時に叫ぶ,一緒に叫ぶ|shout together
v|言う,話す,語る,述べる,告げる,話しかける|say
v|叫ぶ,怒鳴る,大声で言う,わめく|shout
v|ささやく,囁く,耳打ちする|whisper
v|聞く,尋ねる,たずねる,訊く,問う,問いかける|ask
v|答える,返事する,返事をする,返す|answer
v|つぶやく,呟く,独り言を言う|murmur
v|呼ぶ,呼びかける|call
v|頼む,懇願する|beg
v|思う,考える,心の中で思う|think
n|鼻|nose
n|船長|captain
n|将軍|general
n|トレーナー|trainer
n|招待客|guest
n|子熊,小熊|bear cub
n|女騎士|woman knight
n|玉|ball
n|球児,高校球児|baseball player
t|夏の夜,冬の夜,秋の夜,春の夜|night
f|カメラが右にパンする,右にパン|camera pans right
f|カメラが左にパンする,左にパン|camera pans left
f|鳥のさえずり,鳥の声|birdsong
v|睨み合う,にらみ合う,睨む|stare
v|ダンクを決める,ダンクする|dunk
v|噴火する,爆発する|explode
v|進む|go
n|文字,単語|word
n|ピアニスト|pianist
n|バイオリニスト|violinist
v|弾く,演奏する|play
v|口紅を塗る|put on makeup
v|落ちる,落下する|fall
v|飛び降りる,飛びおりる|jump
v|倒す,ひっくり返す|break
n|子猿,小猿|monkey
n|肉|meat
n|制服|uniform
n|スポーツカー|car
n|エレベーター|elevator
n|漁村|fishing village
v|嗅ぐ,匂いを嗅ぐ|smell
v|うつむく|look down
v|会釈する|bow
n|道場|gym
d|高く|high
v|集める|gather
v|のぞく,覗く|look
v|転がる,転げる|roll
v|払う|brush off
v|扇ぐ,あおぐ|fan
a|病気の|sick
w|小雨|rain
x|お互い,向かい合う,向かい合って|
n|音楽|music
n|祭り,お祭り|festival
n|石段|stairs
v|作る|make
v|急ぐ|hurry
v|置く|put
v|消す|put out
v|隠す|hide
v|待つ|wait
v|する|do
v|がする|come
v|聞こえる,響く,来る,やってくる,やって来る|come
n|ナレーション,ナレーター,語り手,語り|narrator
n|声|voice
n|妻,奥さん|wife
n|夫,旦那|husband
n|博士,科学者|scientist
n|孫|grandson
v|命令する|order
n|電話,携帯,スマホ|phone
n|母親,お母さん,母|mother
n|父親,お父さん,父|father
d|心の中で,心の中では|in his mind
n|男の声|man voice
n|女の声|woman voice
n|スピーカー,拡声器,アナウンス|loudspeaker
n|太郎,健太,田中|Taro
n|花子,さくら,美咲|Hanako
d|怒って,怒りながら,怒った顔で,怒った声で,腹を立てて|angrily
d|悲しげに,悲しい顔で,寂しそうに,悲しい声で|sadly
d|不安そうに,緊張して,心配そうに,恥ずかしそうに|nervously
d|怖がって,怯えて,怯えながら,怖がりながら|fearfully
d|優しく,やさしく,優しい声で|tenderly
d|冷たく,冷たい声で|coldly
d|興奮して,わくわくして|excitedly
d|驚いて,びっくりして|in surprise
d|疲れた声で,疲れて|tiredly
d|小声で,小さな声で,ひそひそ声で,ひそひそと,低い声で|in a whisper
d|大声で,大きな声で|loudly
d|泣きながら,涙ながらに|in tears
d|笑いながら,笑って,微笑んで,笑顔で,微笑みながら|with a smile
d|英語で|in english
d|スペイン語で|in spanish
d|中国語で|in chinese
d|韓国語で|in korean
d|日本語で|in japanese
d|電話で,電話口で|on the phone
d|電話の向こうで,電話の向こうから,電話越しに,電話の向こうの,受話器から|on the other end
d|無線で,無線越しに|over the radio
d|ラジオから|from the radio
d|スピーカーから,放送で|from the loudspeaker
d|外から|from outside
d|ドアの向こうから,扉の向こうから,ドアの後ろから|from behind the door
d|画面の外から,画面外から|off screen
d|遠くから|from afar
d|隣の部屋から|from the next room
v|持つ,抱く,抱える,差す,さす|hold
v|着る,かぶる,履く,身につける|wearing
v|乗る|ride
v|手を振る|wave
v|運転する|drive
v|寝る,眠る|sleep
v|食べる|eat
v|飲む|drink
n|カメラ,レンズ|camera
n|男,男性,男の人|man
n|女,女性,女の人|woman
n|人|person
n|子犬|puppy
n|カモメ,かもめ|seagull
n|おじいさん,お爺さん,老人|old man
n|おばあさん,お婆さん|old woman
n|木|tree
n|草原,野原|meadow
n|海|sea
n|海辺,浜辺,ビーチ,砂浜|beach
n|街,通り,街角,都会|city street
n|道|road
n|部屋,リビング,居間|living room
n|宇宙|space
n|家|house
n|空|sky
n|コーヒー|coffee
n|お茶|tea
n|髪|hair
a|赤い,赤,赤色の|red
a|青い,青,青色の|blue
a|黄色い,黄色の,黄色|yellow
a|緑の,緑色の,緑色|green
a|黒い,黒,黒色の|black
a|白い,白,白色の|white
a|開いた,開いている,開いてる|open
a|閉じた,閉まった,閉まっている|closed
a|壊れた,割れた,壊れている|broken
a|燃える,燃えている,燃え盛る|burning
a|灯った,灯っている|lit
a|消えた,消えている|unlit
a|光る,光っている,輝く,輝いている,発光する|glowing
a|オレンジ色の,オレンジの,オレンジ色|orange
a|紫の,紫色の,紫色|purple
a|ピンクの,ピンク色の|pink
a|灰色の,グレーの|grey
a|茶色の,茶色い|brown
a|小さな,小さい|small
a|大きな,大きい|big
a|背の高い,高い|tall
a|若い|young
a|年老いた,老いた|old
a|太った,太い,ぽっちゃりした|fat
a|痩せた,やせた,細い,ほっそりした|thin
a|禿げた,はげた,ハゲの,スキンヘッドの,はげ頭の|bald
a|筋肉質の,筋骨たくましい,たくましい|muscular
a|背の低い|short
a|ひげを生やした,髭を生やした,ひげ面の|bearded
a|眼鏡をかけた,メガネをかけた,眼鏡の|bespectacled
a|巻き毛の|curly haired
a|金髪の|blond haired
a|赤毛の|red haired
a|長髪の|long haired
a|短髪の|short haired
a|怒った,怒っている,怒り狂った|angry
a|怯えた,怖がっている,怖がる|scared
a|疲れた,疲れている|tired
a|緊張した,不安な,不安そうな|nervous
a|驚いた|surprised
a|興奮した|excited
a|嬉しい,幸せな|happy
a|悲しい|sad
a|木製の|wooden
a|雪の,雪に覆われた,雪の積もった|snowy
a|雨の|rainy
a|霧の|foggy
a|美しい,きれいな,可愛い,かわいい|beautiful
t|夕暮れ,夕焼け,日没,夕日|sunset
t|夕方|dusk
t|夜明け,明け方|dawn
t|朝|morning
t|昼,正午|noon
t|午後|afternoon
t|夜,深夜|night
w|雪の中|snow
w|雨の中|rain
w|霧の中|fog
f|極端なクローズアップ,大写し,マクロ撮影|extreme close-up
f|ローアングル,下からのアングル,煽り,あおり|low angle shot
f|ハイアングル|high angle shot
f|俯瞰,俯瞰ショット,真上から,真上からのショット|top down shot
f|空撮,ドローン空撮,ドローンショット,ドローン撮影,上空から|aerial shot
f|後ろから追うカメラ,追うカメラ,カメラが追う,カメラが後を追う,追跡ショット,カメラが追いかける|tracking shot
f|後ろ姿,背後から|from behind
f|横顔,横から|from the side
f|主観視点,一人称視点|point of view
f|肩越し,肩越しのショット|over the shoulder
f|長回し,ワンカット|one take
f|手持ちカメラ|handheld camera
f|クローズアップ,アップ|close-up
f|ミディアムショット|medium shot
f|ロングショット,ワイドショット,遠景|wide shot
f|スローモーション,スローモーションで,スロー再生|in slow motion
f|浅い被写界深度,背景ぼかし,背景をぼかして|shallow depth of field
f|柔らかい朝の光の中,柔らかな朝の光の中,朝の光の中,柔らかい朝の光,朝の光|in soft morning light
f|柔らかい光の中,柔らかな光の中,柔らかい光,柔らかな光,自然光|soft light
f|暖かい光の中,暖かい光,温かい光の中,温かい光,暖色系|warm light
f|日差しの中,日の光の中,暖かい日差しの中|in warm sunlight
f|映画のような画質,映画のような映像,映画的な光,映画のような,シネマティック,シネマチック,映画的|cinematic lighting
f|高画質,高解像度,高精細,超高画質|high quality
f|音楽なし|no music
";
