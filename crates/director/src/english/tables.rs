//! Tables of English words that are not names of entries: qualities, small words, near nouns and near verbs.

use kinora_vocabulary::Kind;

/// A noun that an entry can stand for.
pub(crate) struct Near {
    pub(crate) words: &'static [&'static str],
    pub(crate) kind: Kind,
    pub(crate) id: &'static str,
    /// Whether the replacement is worth a warning.
    pub(crate) warn: bool,
    pub(crate) age: &'static str,
    pub(crate) size: f32,
    pub(crate) colour: &'static str,
}

const fn near(kind: Kind, id: &'static str, words: &'static [&'static str]) -> Near {
    Near { words, kind, id, warn: true, age: "", size: 1.0, colour: "" }
}
const fn same(kind: Kind, id: &'static str, words: &'static [&'static str]) -> Near {
    Near { warn: false, ..near(kind, id, words) }
}
const fn sized(near: Near, size: f32) -> Near {
    Near { size, ..near }
}
const fn aged(near: Near, age: &'static str) -> Near {
    Near { age, ..near }
}
const fn coloured(near: Near, colour: &'static str) -> Near {
    Near { colour, ..near }
}

use Kind::{Creature, Garment, Person, Place, Prop, Vehicle};

/// Nouns that entries stand for when the vocabulary does not have them itself; the first match whose entry exists counts.
pub(crate) const NEAR_NOUNS: &[Near] = &[
    aged(same(Person, "boy", &["boy", "kid", "lad"]), "child"),
    aged(near(Person, "girl", &["boy", "lad", "schoolboy"]), "child"),
    aged(same(Person, "girl", &["kid", "child", "daughter", "schoolgirl", "little girl"]), "child"),
    aged(near(Person, "girl", &["baby", "toddler", "infant"]), "baby"),
    aged(same(Person, "woman", &["old woman", "grandmother", "grandma", "granny", "elderly woman", "old lady"]), "old"),
    same(Person, "old-man", &["grandfather", "grandpa", "old man", "elderly man", "elder", "old gentleman"]),
    aged(near(Person, "woman", &["teenager", "teen", "student", "pupil"]), "teen"),
    same(Person, "woman", &["woman", "lady", "mother", "mom", "mum", "wife", "sister", "aunt", "female", "person", "human", "someone", "somebody", "adult", "friend", "human being"]),
    same(Person, "man", &["man", "guy", "gentleman", "father", "dad", "husband", "brother", "uncle", "male", "fellow", "figure"]),
    near(Person, "woman", &["queen", "princess", "ballerina", "dancer", "nurse", "teacher", "actress", "waitress", "witch", "bride", "singer", "model", "doctor", "scientist", "chef", "athlete", "runner", "tourist", "traveler", "traveller", "stranger", "neighbour", "neighbor", "woman's", "artist", "musician", "reader", "swimmer"]),
    near(Person, "man", &["king", "prince", "knight", "soldier", "policeman", "police officer", "fireman", "firefighter", "farmer", "fisherman", "sailor", "pirate", "wizard", "astronaut", "cowboy", "worker", "driver", "businessman", "actor", "detective", "hero", "warrior", "hunter", "groom", "priest", "monk", "player", "captain", "pilot", "cook", "baker", "butcher", "postman", "clown", "samurai", "robot", "viking", "thief"]),
    sized(same(Creature, "dog", &["puppy", "pup"]), 0.6),
    near(Creature, "dog", &["labrador", "poodle", "terrier", "retriever", "golden retriever", "bulldog", "husky", "corgi", "dachshund", "dalmatian", "beagle", "hound", "german shepherd", "pug", "chihuahua"]),
    coloured(sized(near(Creature, "dog", &["wolf", "coyote", "jackal", "hyena"]), 1.2), "grey"),
    sized(near(Creature, "cat", &["kitten"]), 0.6),
    sized(near(Creature, "fox", &["cat", "kitten", "kitty"]), 0.7),
    sized(near(Creature, "fox", &["squirrel", "rabbit", "bunny", "hare", "hamster", "mouse", "rat", "raccoon", "badger", "weasel", "otter"]), 0.5),
    coloured(sized(near(Creature, "dog", &["bear", "teddy bear", "panda", "pig", "lion", "tiger", "leopard", "cheetah", "panther"]), 1.8), "brown"),
    sized(same(Creature, "horse", &["foal"]), 0.6),
    sized(near(Creature, "horse", &["pony", "donkey", "foal", "calf", "goat", "sheep", "lamb"]), 0.7),
    near(Creature, "horse", &["cow", "bull", "ox", "deer", "stag", "zebra", "unicorn", "moose", "elk", "camel", "giraffe", "mule", "antelope", "buffalo", "llama", "mare", "stallion", "reindeer"]),
    coloured(sized(near(Creature, "horse", &["elephant", "rhino", "rhinoceros", "hippo", "hippopotamus"]), 1.6), "grey"),
    near(Creature, "bird", &["eagle", "owl", "seagull", "gull", "parrot", "crow", "raven", "pigeon", "dove", "sparrow", "robin", "swan", "duck", "goose", "hawk", "falcon", "swallow", "chicken", "hen", "rooster", "penguin", "flamingo", "stork", "heron", "butterfly", "bat", "bee", "dragonfly", "peacock", "hummingbird", "woodpecker"]),
    near(Creature, "fish", &["shark", "whale", "dolphin", "goldfish", "salmon", "trout", "tuna", "clownfish", "carp", "eel", "turtle", "octopus", "jellyfish", "seal"]),
    same(Vehicle, "car", &["automobile"]),
    near(Vehicle, "car", &["truck", "bus", "van", "taxi", "lorry", "jeep", "limousine", "ambulance", "tractor", "pickup", "suv", "minivan", "race car", "sports car"]),
    near(Vehicle, "boat", &["ship", "yacht", "canoe", "kayak", "sailboat", "sailing boat", "raft", "ferry", "vessel", "gondola", "rowboat", "dinghy"]),
    near(Prop, "chair", &["sofa", "couch", "armchair", "stool", "throne", "seat"]),
    near(Prop, "bench", &["sofa", "couch", "log"]),
    near(Prop, "table", &["desk", "counter", "dining table"]),
    near(Prop, "cup", &["mug", "glass", "bottle", "bowl", "vase", "jar", "wine glass", "teapot", "coffee", "tea", "goblet"]),
    near(Prop, "lamp", &["lantern", "candle", "lantern", "torch", "light", "street light", "streetlight", "traffic light", "street lamp"]),
    near(Prop, "rock", &["stone", "boulder", "pebble"]),
    same(Prop, "oak", &["tree"]),
    near(Prop, "oak", &["maple", "birch", "willow", "apple tree", "bush", "shrub", "palm", "palm tree", "cherry tree"]),
    near(Prop, "pine", &["fir", "spruce", "christmas tree", "conifer"]),
    near(Prop, "flower", &["rose", "tulip", "daisy", "sunflower", "poppy", "lily", "blossom", "plant", "potted plant"]),
    near(Prop, "house", &["cottage", "cabin", "hut", "barn", "castle", "building", "tower", "shed", "church", "lighthouse", "temple", "home", "farmhouse", "mill"]),
    near(Prop, "book", &["newspaper", "magazine", "letter", "notebook", "map", "diary", "novel", "paper", "laptop", "tablet", "phone", "cell phone", "menu"]),
    near(Prop, "ball", &["balloon", "football", "basketball", "apple", "sports ball", "soccer ball", "globe", "snowball"]),
    near(Prop, "umbrella", &["parasol"]),
    near(Garment, "coat", &["jacket", "raincoat", "cloak", "cape", "parka", "overcoat", "suit", "blazer", "robe"]),
    near(Garment, "sweater", &["jumper", "hoodie", "cardigan", "pullover", "vest"]),
    near(Garment, "shirt", &["t shirt", "tshirt", "blouse", "top", "tee"]),
    near(Garment, "trousers", &["pants", "jeans", "shorts", "leggings", "slacks"]),
    near(Garment, "dress", &["gown", "kimono", "sundress"]),
    near(Garment, "hat", &["cap", "beanie", "beret", "helmet", "crown", "bonnet", "hood"]),
    near(Garment, "shoes", &["boots", "boot", "sneakers", "sandals", "shoe", "slippers", "heels"]),
    same(Place, "forest", &["woods", "woodland"]),
    near(Place, "forest", &["jungle", "rainforest", "bamboo forest", "grove", "orchard", "swamp"]),
    same(Place, "meadow", &["field", "grassland", "open field", "wheat field"]),
    near(Place, "meadow", &["park", "garden", "farm", "hill", "hills", "valley", "mountain", "countryside", "backyard", "yard", "lawn", "prairie", "village", "savanna", "savannah", "cliff", "playground", "golf course", "stadium", "path"]),
    same(Place, "beach", &["sea", "ocean", "shore", "seaside", "coast", "seashore"]),
    near(Place, "beach", &["lake", "river", "pond", "island", "harbour", "harbor", "pier", "desert", "dune", "dunes", "lagoon", "bay", "waterfall", "stream", "aquarium", "coral reef", "pool", "swimming pool", "water"]),
    same(Place, "city-street", &["street", "city", "road", "town", "sidewalk", "downtown"]),
    near(Place, "city-street", &["alley", "market", "highway", "square", "plaza", "avenue", "bridge", "crosswalk", "parking lot", "station", "train station", "bus stop", "track", "metropolis", "runway", "gas station"]),
    same(Place, "living-room", &["room", "lounge"]),
    near(Place, "living-room", &["kitchen", "bedroom", "bathroom", "office", "library", "cafe", "café", "restaurant", "bar", "classroom", "school", "hall", "apartment", "studio", "attic", "house", "home", "hotel", "museum", "shop", "store", "dining room", "theatre", "theater", "stage", "hospital", "indoors"]),
    same(Place, "space", &["outer space", "galaxy", "cosmos", "universe"]),
    near(Place, "space", &["moon", "mars", "planet", "asteroid", "space station", "nebula", "orbit"]),
];

/// What a near verb makes of itself.
pub(crate) struct NearVerb {
    pub(crate) words: &'static [&'static str],
    pub(crate) motion: &'static str,
    pub(crate) effect: Effect,
    pub(crate) manner: &'static str,
    pub(crate) mood: &'static str,
    pub(crate) warn: bool,
}

/// More than the motion itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Effect {
    None,
    /// The target moves too.
    Chase,
    /// On top of what then moves.
    Ride,
    /// Away from the camera.
    Far,
    /// Towards the camera.
    Near,
    Up,
    Down,
    /// The object is held.
    Hold,
    /// Makes a noise of that verb's name.
    Noise,
    /// Says something.
    Speech,
}

const fn verb(motion: &'static str, words: &'static [&'static str]) -> NearVerb {
    NearVerb { words, motion, effect: Effect::None, manner: "", mood: "", warn: true }
}
const fn plain(motion: &'static str, words: &'static [&'static str]) -> NearVerb {
    NearVerb { warn: false, ..verb(motion, words) }
}
const fn with(effect: Effect, v: NearVerb) -> NearVerb {
    NearVerb { effect, ..v }
}
const fn how(manner: &'static str, v: NearVerb) -> NearVerb {
    NearVerb { manner, ..v }
}
const fn mood(mood: &'static str, v: NearVerb) -> NearVerb {
    NearVerb { mood, ..v }
}

/// Verbs that a motion stands for.
pub(crate) const NEAR_VERBS: &[NearVerb] = &[
    with(Effect::Chase, plain("run", &["chase", "pursue", "hunt"])),
    plain("walk", &["follow", "approach", "enter", "cross", "return", "visit", "stroll", "come", "arrive", "travel", "move", "head", "pass", "explore", "proceed", "continue", "appear", "emerge", "meet", "join", "lead", "roam", "tread", "saunter", "wander"]),
    how("quickly", plain("walk", &["trot", "stride", "hurry", "scurry"])),
    how("quietly", plain("walk", &["sneak", "tiptoe", "creep", "prowl", "stalk", "steal"])),
    how("slowly", plain("walk", &["trudge", "plod", "shuffle", "limp", "stagger", "stumble", "patrol"])),
    how("slowly", verb("walk", &["crawl", "climb", "slither", "push", "pull", "carry on", "roll", "skate", "cycle", "slide", "graze", "sniff"])),
    with(Effect::Far, plain("walk", &["leave", "depart", "disappear", "exit", "vanish", "walk away", "go away", "drive away"])),
    with(Effect::Near, plain("walk", &["come closer", "come near"])),
    plain("run", &["rush", "race", "bolt", "speed", "hurtle", "charge", "scamper", "sprint", "dart", "zoom", "canter"]),
    with(Effect::Far, plain("run", &["flee", "escape", "run away"])),
    how("happily", verb("run", &["play", "frolic", "romp"])),
    plain("run", &["drive", "cruise", "ride along", "accelerate", "sail", "row", "steer", "park"]),
    with(Effect::Ride, verb("sit", &["ride"])),
    plain("stop", &["slow down", "brake", "come to rest", "slow"]),
    verb("sit", &["lie", "lie down", "sleep", "rest", "relax", "nap", "crouch", "kneel", "lean", "perch", "lounge", "snooze", "squat", "meditate", "fish"]),
    verb("jump", &["skip", "trampoline", "leapfrog", "pounce", "fall", "tumble", "trip", "dunk", "exercise", "cheer", "celebrate"]),
    verb("swim", &["dive", "bathe", "snorkel", "surf", "splash", "sink"]),
    plain("swim", &["drift", "bob"]),
    plain("fly", &["glide", "hover", "take off", "flap", "swoop", "circle", "flit"]),
    verb("stop", &["land"]),
    plain("look", &["notice", "spot", "admire", "study", "examine", "inspect", "search", "gape", "peek", "squint", "contemplate", "examine", "discover", "find", "recognize"]),
    with(Effect::Up, plain("look", &["look up", "gaze up", "stare up"])),
    with(Effect::Down, plain("look", &["look down", "gaze down", "stare down"])),
    mood("happy", plain("look", &["smile", "grin", "beam"])),
    mood("happy", verb("look", &["laugh", "giggle", "chuckle", "wink"])),
    mood("sad", verb("stand", &["cry", "weep", "sob", "sigh", "mourn"])),
    mood("angry", verb("stand", &["frown", "scowl", "fume"])),
    mood("surprised", verb("look", &["gasp"])),
    verb("look", &["nod", "think", "dream", "wonder", "listen", "ponder", "blink"]),
    verb("wave", &["point", "clap", "applaud", "salute", "beckon", "gesture", "signal", "shake hands", "high five", "throw", "toss", "catch", "paint", "draw", "write", "sweep", "stir", "cook", "knock", "wash", "clean", "juggle", "stretch", "bow", "dig", "type", "grab", "reach", "pet", "stroke", "kick", "hit", "give", "offer", "hand", "pick up", "pick", "feed", "touch", "put", "place", "set down", "open", "close", "build"]),
    verb("stand", &["hug", "embrace", "kiss", "eat", "drink", "smell", "breathe", "work", "shiver", "tremble", "wake up", "wake", "smoke", "chew", "nibble", "taste", "sip"]),
    with(Effect::Hold, plain("stand", &["hold", "carry", "clutch", "grip", "bear"])),
    with(Effect::Speech, plain("talk", &["ask", "answer", "reply", "shout", "yell", "whisper", "call", "cry out", "scream", "announce", "exclaim", "explain", "mutter", "murmur", "respond", "add", "begin", "narrate", "argue", "discuss", "gossip", "tell"])),
    with(Effect::Speech, verb("talk", &["sing", "rap", "hum", "pray"])),
    with(Effect::Noise, plain("stand", &["bark", "meow", "neigh", "whinny", "chirp", "tweet", "howl", "growl", "roar", "moo", "baa", "quack", "honk", "purr", "hiss", "snort", "squawk", "crow", "ring"])),
    plain("stand", &["remain", "pose", "linger", "live", "exist", "tower", "loom", "idle", "hide", "rise"]),
    plain("dance", &["twirl", "waltz", "pirouette", "ballet", "sway", "tango", "whirl", "breakdance"]),
    plain("turn", &["look back", "look around", "turn back", "turn away", "rotate", "spin"]),
    plain("read", &["leaf through", "browse"]),
];

/// Verbs that only help others: "starts to run".
pub(crate) const HELPERS: &[&str] = &["start", "begin", "try", "want", "keep", "continue", "decide", "seem", "get", "let", "help", "manage", "love", "enjoy", "like", "attempt", "prepare"];
/// Verbs whose object may be the motion: "takes a walk", "goes for a swim".
pub(crate) const LIGHT: &[&str] = &["take", "have", "do", "make", "perform", "give", "go", "practice", "practise"];

/// Numbers as words.
pub(crate) const NUMBERS: &[(&str, u32)] = &[
    ("one", 1), ("two", 2), ("three", 3), ("four", 4), ("five", 5), ("six", 6), ("seven", 7), ("eight", 8), ("nine", 9), ("ten", 10), ("eleven", 11), ("twelve", 12), ("both", 2), ("dozen", 12), ("couple", 2), ("pair", 2), ("several", 4), ("some", 3), ("few", 3), ("many", 8),
];
/// Numbers of things together: "a herd of".
pub(crate) const GROUPS: &[(&str, u32)] = &[
    ("pair", 2), ("couple", 2), ("trio", 3), ("group", 4), ("herd", 6), ("flock", 6), ("school", 7), ("pack", 4), ("bunch", 5), ("crowd", 10), ("handful", 4), ("row", 5), ("pile", 4), ("stack", 3), ("swarm", 8), ("dozen", 12), ("family", 4), ("team", 5), ("lot", 8), ("lots", 8), ("number", 5), ("few", 3),
];
/// Sizes.
pub(crate) const SIZES: &[(&str, f32)] = &[
    ("tiny", 0.45), ("miniature", 0.45), ("minuscule", 0.45), ("small", 0.7), ("little", 0.7), ("short", 0.85), ("big", 1.35), ("large", 1.35), ("bigger", 1.35), ("larger", 1.35), ("smaller", 0.7), ("huge", 2.0), ("giant", 2.0), ("enormous", 2.0), ("gigantic", 2.5), ("massive", 2.0), ("colossal", 2.5), ("towering", 1.6), ("tall", 1.2), ("oversized", 1.6), ("biggest", 1.6), ("smallest", 0.5),
];
/// Ages.
pub(crate) const AGES: &[(&str, &str)] = &[
    ("old", "old"), ("elderly", "old"), ("aged", "old"), ("ancient", "old"), ("young", "young"), ("teenage", "teen"), ("adult", "adult"), ("baby", "baby"), ("newborn", "baby"), ("middle aged", "adult"), ("grown", "adult"),
];
/// Builds.
pub(crate) const BUILDS: &[(&str, &str)] = &[
    ("thin", "thin"), ("slim", "thin"), ("slender", "thin"), ("skinny", "thin"), ("lean", "thin"), ("fat", "heavy"), ("heavy", "heavy"), ("chubby", "heavy"), ("plump", "heavy"), ("stout", "heavy"), ("athletic", "athletic"), ("muscular", "athletic"), ("strong", "athletic"), ("tall", "tall"), ("short", "short"),
];
/// Moods of somebody.
pub(crate) const MOODS: &[(&str, &str)] = &[
    ("happy", "happy"), ("cheerful", "happy"), ("joyful", "happy"), ("smiling", "happy"), ("laughing", "happy"), ("excited", "happy"), ("delighted", "happy"), ("playful", "happy"), ("merry", "happy"), ("grinning", "happy"), ("sad", "sad"), ("lonely", "sad"), ("unhappy", "sad"), ("crying", "sad"), ("melancholic", "sad"), ("weeping", "sad"), ("depressed", "sad"),
    ("angry", "angry"), ("furious", "angry"), ("mad", "angry"), ("afraid", "afraid"), ("scared", "afraid"), ("frightened", "afraid"), ("nervous", "afraid"), ("terrified", "afraid"), ("anxious", "afraid"), ("worried", "afraid"), ("tired", "tired"), ("sleepy", "tired"), ("exhausted", "tired"), ("weary", "tired"), ("calm", "calm"), ("peaceful", "calm"), ("relaxed", "calm"), ("serene", "calm"), ("thoughtful", "calm"),
    ("surprised", "surprised"), ("shocked", "surprised"), ("astonished", "surprised"), ("amazed", "surprised"), ("curious", "surprised"),
];
/// Moods of a film, as entries of `music`.
pub(crate) const FILM_MOODS: &[(&str, &str)] = &[
    ("happy", "happy"), ("cheerful", "happy"), ("joyful", "happy"), ("upbeat", "happy"), ("uplifting", "happy"), ("hopeful", "happy"), ("energetic", "happy"), ("calm", "calm"), ("peaceful", "calm"), ("serene", "calm"), ("quiet", "calm"), ("tranquil", "calm"), ("relaxing", "calm"), ("gentle", "calm"), ("cosy", "calm"), ("cozy", "calm"), ("soothing", "calm"), ("dreamy", "calm"), ("idyllic", "calm"), ("sad", "sad"), ("melancholic", "sad"), ("melancholy", "sad"), ("lonely", "sad"), ("gloomy", "sad"), ("nostalgic", "sad"), ("sombre", "sad"), ("somber", "sad"), ("tragic", "sad"),
    ("tense", "tense"), ("scary", "tense"), ("suspenseful", "tense"), ("dramatic", "tense"), ("thrilling", "tense"), ("creepy", "tense"), ("spooky", "tense"), ("ominous", "tense"), ("eerie", "mysterious"), ("epic", "epic"), ("heroic", "epic"), ("grand", "epic"), ("majestic", "epic"), ("triumphant", "epic"), ("mysterious", "mysterious"), ("magical", "mysterious"), ("mystical", "mysterious"), ("enigmatic", "mysterious"), ("romantic", "romantic"), ("tender", "romantic"), ("playful", "playful"), ("funny", "playful"), ("comic", "playful"), ("whimsical", "playful"), ("comical", "playful"), ("humorous", "playful"), ("silly", "playful"),
];
/// Weathers as qualities, with whether snow lies: the last is for "snowy".
pub(crate) const WEATHERS: &[(&str, &str)] = &[
    ("snowy", "snow"), ("rainy", "rain"), ("foggy", "fog"), ("misty", "fog"), ("hazy", "fog"), ("sunny", "clear"), ("sunlit", "clear"), ("cloudy", "cloudy"), ("overcast", "cloudy"), ("stormy", "rain"), ("drizzly", "rain"), ("cloudless", "clear"), ("clear", "clear"), ("wet", "rain"), ("thunderstorm", "rain"), ("storm", "rain"), ("snowstorm", "snow"), ("blizzard", "snow"), ("raining", "rain"), ("snowing", "snow"), ("sunshine", "clear"), ("snowflakes", "snow"), ("raindrops", "rain"), ("downpour", "rain"), ("mist", "fog"),
];
/// Ground under snow.
pub(crate) const SNOW_COVER: &[&str] = &["snowy", "snow covered", "snowbound", "wintry", "winter", "frozen", "icy", "frosty", "snow capped"];
/// Times as qualities.
pub(crate) const TIMES: &[(&str, &str)] = &[
    ("moonlit", "night"), ("starry", "night"), ("starlit", "night"), ("nighttime", "night"), ("tonight", "night"), ("nocturnal", "night"), ("daytime", "afternoon"), ("sunrise", "dawn"), ("sundown", "sunset"), ("evening", "dusk"), ("midday", "noon"), ("midnight", "night"), ("sunsets", "sunset"), ("moon", "night"), ("moonlight", "night"), ("stars", "night"), ("lamplit", "night"),
];
/// Materials as qualities.
pub(crate) const MATERIALS: &[(&str, &str)] = &[
    ("wooden", "wood"), ("oaken", "wood"), ("stone", "stone"), ("marble", "stone"), ("metal", "metal"), ("metallic", "metal"), ("iron", "metal"), ("steel", "metal"), ("brass", "metal"), ("glass", "glass"), ("felt", "felt"), ("woollen", "felt"), ("woolen", "felt"), ("wool", "felt"), ("knitted", "felt"), ("leather", "leather"), ("clay", "clay"), ("paper", "paper"), ("plastic", "plastic"), ("brick", "brick"), ("ceramic", "clay"),
];
/// Looks that are known by name but not drawn yet.
pub(crate) const LOOKS: &[&str] = &[
    "van gogh", "oil painting", "hokusai", "ukiyo", "black and white", "pixel art", "cyberpunk", "animated", "animation", "anime", "watercolor", "watercolour", "surrealism", "surreal", "noir", "film noir", "cartoon", "photorealistic", "realistic", "cinematic", "low poly", "comic book", "sketch", "pencil", "vintage", "retro", "pixar", "ghibli", "impressionist", "monochrome", "sepia", "steampunk", "origami", "lego", "vaporwave", "3d render", "hyperrealistic", "documentary",
];
/// Looks that ask for nothing that a picture here does not have anyway.
pub(crate) const USUAL_LOOKS: &[&str] = &["cinematic", "animated", "animation"];
/// How something is done.
pub(crate) const MANNERS: &[(&str, &str)] = &[
    ("slowly", "slowly"), ("slow", "slowly"), ("gently", "slowly"), ("gracefully", "slowly"), ("leisurely", "slowly"), ("lazily", "slowly"), ("smoothly", "slowly"), ("steadily", "slowly"), ("quickly", "quickly"), ("fast", "quickly"), ("rapidly", "quickly"), ("swiftly", "quickly"), ("hurriedly", "quickly"), ("energetically", "quickly"), ("wildly", "quickly"), ("happily", "happily"), ("joyfully", "happily"), ("cheerfully", "happily"), ("playfully", "happily"), ("excitedly", "happily"), ("merrily", "happily"),
    ("sadly", "sadly"), ("mournfully", "sadly"), ("tiredly", "sadly"), ("wearily", "sadly"), ("angrily", "angrily"), ("furiously", "angrily"), ("quietly", "quietly"), ("softly", "quietly"), ("silently", "quietly"), ("carefully", "quietly"), ("cautiously", "quietly"), ("calmly", "calmly"), ("peacefully", "calmly"), ("nervously", "nervously"), ("anxiously", "nervously"), ("loudly", "loudly"), ("proudly", "proudly"), ("curiously", "calmly"),
];
/// Qualities that say nothing a picture could show more than it does; no warning.
pub(crate) const EMPTY: &[&str] = &[
    "beautiful", "cute", "lovely", "pretty", "nice", "adorable", "fluffy", "majestic", "handsome", "elegant", "cozy", "cosy", "quiet", "lush", "dense", "wide", "vast", "open", "bright", "dark", "deep", "distant", "single", "lone", "solitary", "wild", "busy", "empty", "crowded", "bustling", "magical", "enchanted", "mysterious", "narrow", "sandy", "grassy", "leafy", "warm", "cold", "fresh", "gentle", "soft", "heavy", "light", "thick", "strong", "golden", "colorful", "colourful", "same", "very", "quite", "really", "just", "own", "first", "second", "third", "last", "next", "real", "short", "long", "simple", "modern", "traditional", "classic", "cool", "friendly", "sweet", "brave", "clever", "lively", "gorgeous", "stunning", "scenic", "picturesque", "rural", "urban", "tropical", "green", "little", "full", "detailed", "high", "low", "whole", "favourite", "favorite", "fine", "good", "new", "round", "quietly", "mighty", "noble", "hot", "steaming", "fallen", "rolling", "blooming", "flowering", "autumn", "spring", "summer", "peaceful", "serene", "calm", "romantic", "tranquil", "sleek", "shiny", "small", "lonely", "falling", "gray",
];
/// Words that carry the sentence and mean nothing here.
pub(crate) const FILLERS: &[&str] = &[
    "there", "we", "i", "you", "show", "shows", "showing", "see", "video", "film", "movie", "clip", "short", "animation", "scene", "footage", "image", "picture", "story", "please", "make", "create", "generate", "depicting", "featuring", "about", "also", "too", "very", "just", "still", "so", "it's", "view", "sequence", "render", "style", "that", "which", "who", "whose", "where", "now", "here", "again", "back", "forth", "away", "along", "down", "up", "off", "out", "home", "together", "alone", "ahead", "once", "even", "only", "almost", "all", "not", "no", "well", "will", "can", "must", "should", "would", "could", "may", "might", "to", "be", "been", "being", "as", "if", "than", "more", "most", "much", "each", "other", "another", "us", "me", "my", "our", "your", "forward", "forwards", "backwards", "nearby", "outside", "inside", "indoors", "outdoors", "around", "by", "something", "everything", "nothing", "way", "side", "sides", "kind", "type", "front", "top", "bottom", "middle", "center", "centre", "edge", "end", "beginning", "background", "foreground", "distance", "air", "sky", "ground", "floor", "horizon", "shot", "shots", "frame", "camera", "screen", "minute", "second", "seconds", "time", "while", "moment", "day", "year", "world", "face", "eyes", "head", "hand", "hands", "arm", "arms", "leg", "legs", "tail", "feet", "foot", "body", "back", "sun", "light", "shadow", "shadows", "wind", "fire", "path", "trail", "line", "circle", "circles", "corner", "direction", "speed", "life", "fun", "joy", "food", "nature", "it", "was", "were", "is", "are", "am", "do", "does", "did", "has", "have", "had", "scenery", "landscape", "leaves", "trees", "sand", "waves", "mood", "atmosphere", "feeling", "music", "sound", "sounds", "noise", "whole", "herd", "kind", "yard", "their", "any",
];
/// First names, with the entry they usually stand for.
pub(crate) const GIVEN_NAMES: &[(&str, &[&str])] = &[
    ("woman", &["anna", "emma", "mary", "sarah", "julia", "lucy", "alice", "sophie", "maria", "eva", "laura", "clara", "nina", "lena", "olivia", "mia", "ella", "grace", "rose", "kate", "jane", "helen", "lisa", "amy", "zoe", "yuki", "mei", "sofia", "elena", "ava", "isabella", "charlotte", "amelia", "emily", "hannah", "ruth", "martha", "carmen", "lucia", "sakura", "jessica", "susan", "linda"]),
    ("man", &["tom", "john", "max", "peter", "paul", "jack", "james", "david", "ben", "sam", "leo", "oliver", "noah", "henry", "george", "william", "daniel", "michael", "luca", "marco", "juan", "carlos", "diego", "kenji", "hiro", "wei", "bob", "mark", "adam", "simon", "lucas", "hugo", "oscar", "felix", "alex", "robert", "thomas", "joe", "frank", "fred", "arthur", "karl", "pedro"]),
];
