import type postgres from "postgres";

/** Words that a handful of jobs in a million have, in each script, and one of two letters. */
export const rareWords = {
  latin: "xylophonist",
  "three letters": "xyl",
  accented: "żółwie",
  Cyrillic: "ёжика",
  Greek: "ψυχή",
  Chinese: "龍舌蘭",
  "two letters": "zq",
  "two letters, Chinese": "龍舌",
} as const;

const english =
  `a the of in with and on at by red blue green golden old young small tall cat dog horse castle forest river mountain
  sea city street night morning light soft dramatic lighting portrait landscape photo painting oil watercolor detailed
  highly sharp focus bokeh 35mm film grain cinematic studio woman man child robot dragon spaceship garden flower rose
  house window rain snow fog sunset sunrise autumn winter summer spring field bridge lighthouse harbor boat train car
  bicycle market temple ruins desert canyon waterfall lake glacier volcano island beach wave storm lightning cloud star
  moon galaxy nebula planet crystal glass metal copper bronze marble wood stone silk velvet lace feather fur scales
  smile eyes hair dress armor sword shield crown lantern candle fire smoke mirror shadow reflection texture pattern
  isometric minimalist surreal abstract baroque gothic art deco nouveau cyberpunk steampunk vintage retro futuristic
  trending masterpiece best quality ultra realistic 8k hdr render octane unreal engine concept illustration comic`.split(
    /\s+/,
  );
const cyrillic =
  "красный синий кот собака замок лес река гора море город ночь утро свет портрет пейзаж фото картина маслом подробный резкий снег дождь закат осень зима девушка робот дракон сад цветок".split(
    " ",
  );
const greek =
  "κόκκινο μπλε γάτα σκύλος κάστρο δάσος ποτάμι βουνό θάλασσα πόλη νύχτα πρωί φως πορτρέτο τοπίο φωτογραφία πίνακας χιόνι βροχή".split(
    " ",
  );
const accented =
  "café près château forêt rivière été naïve façade élégant lumière dorée über straße größe schön mädchen früh König łąka świt".split(
    " ",
  );
const chinese =
  "紅色 藍色 貓 狗 城堡 森林 河流 山 大海 城市 夜晚 早晨 光線 肖像 風景 照片 油畫 細節 雪 雨 日落 秋天 冬天 少女 機器人 龍 花園".split(
    " ",
  );
const syllables = "ka lo mi ra ten sul vor bel dan gri ho jun pe thu wes yar fin cor".split(" ");

/** Of twenty prompts sixteen are English, often with a name that hardly any other has; the rest is one of each of these. */
const vocabularies = [
  ...Array.from({ length: 16 }, () => ({ words: english, gap: " " })),
  { words: cyrillic, gap: " " },
  { words: greek, gap: " " },
  { words: accented, gap: " " },
  { words: chinese, gap: "" },
];

/** Phrases of the temporary table `phrases`, from number 0 on; every twentieth is of the same vocabulary. */
export const PHRASES = 4000;

/**
 * Makes the temporary tables of which prompts are put together, as to draw every word of a million would take minutes:
 * `phrases` (`nth`, `text` of 6 to 11 words), `names` (`nth` from 0 to 5831, `text`) that hardly any prompt shares, and
 * `rare` (`text`), all of {@link rareWords}.
 */
export async function createPhrases(sql: postgres.ISql): Promise<void> {
  await sql`CREATE TEMP TABLE vocabularies (nth int PRIMARY KEY, words text[], gap text)`;
  for (const [nth, { words, gap }] of vocabularies.entries())
    await sql`INSERT INTO vocabularies VALUES (${nth}, ${words}::text[], ${gap})`;
  await sql`
    CREATE TEMP TABLE phrases AS
    SELECT p AS nth, string_agg(v.words[1 + floor(cardinality(v.words) * power(random(), 2))::int], v.gap) AS text
    FROM generate_series(0, ${PHRASES - 1}::int) p JOIN vocabularies v ON v.nth = p % 20, generate_series(1, 6 + p % 6)
    GROUP BY p`;
  await sql`
    CREATE TEMP TABLE names AS
    SELECT (row_number() OVER () - 1)::int AS nth, ' ' || a || b || c AS text
    FROM unnest(${syllables}::text[]) a, unnest(${syllables}::text[]) b, unnest(${syllables}::text[]) c`;
  await sql`CREATE TEMP TABLE rare AS SELECT ${` ${[...new Set(Object.values(rareWords))].join(" ")}`}::text AS text`;
  await sql`ANALYZE phrases`;
  await sql`ANALYZE names`;
}
