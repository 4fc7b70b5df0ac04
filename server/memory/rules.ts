import { createHmac } from 'node:crypto'

/** So many characters of a digest name a word or a piece of one: enough that two seldom share one within an agent's documents. */
const digestLength = 12
const mostPlaces = 16_000

/** Cuts texts into words: of Hangul, of scripts that put no spaces between words, and of everything else. */
const wordPattern =
  /\p{Script=Hangul}+|[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}]+|(?:(?![\p{Script=Hangul}\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}])[\p{L}\p{N}])+/gu
const hangul = /^\p{Script=Hangul}/u
const unspaced = /^[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}]/u

/** Endings that Korean puts to a word; the longest that fits is taken off. */
const particles = [
  ...[
    '에서는',
    '에서도',
    '으로는',
    '으로도',
    '으로서',
    '으로써',
    '에게서',
    '한테서',
    '까지는',
    '까지도',
    '부터는',
    '이라는',
    '이라고',
    '에서의',
  ],
  ...[
    '했습니다',
    '합니다',
    '됩니다',
    '입니다',
    '하세요',
    '하십시오',
    '하려면',
    '하려고',
    '하기',
    '하는',
    '하다',
    '한다',
    '하여',
    '해서',
    '하면',
    '하고',
    '된다',
    '되는',
    '되면',
    '해요',
  ],
  ...[
    '에서',
    '에게',
    '한테',
    '께서',
    '으로',
    '부터',
    '까지',
    '처럼',
    '보다',
    '마다',
    '조차',
    '마저',
    '이나',
    '이며',
    '이고',
    '이랑',
    '라고',
    '라는',
    '에는',
    '에도',
    '와의',
    '과의',
  ],
  ...['와', '과', '을', '를', '이', '가', '은', '는', '의', '에', '로', '도', '만', '나', '며', '랑', '할', '한', '될', '된'],
].sort((a, b) => b.length - a.length)

/** English words that stand everywhere and find nothing. */
const common = new Set(
  'a an and are as at be but by can do does for from had has have how i if in into is it its me my no not of on or our so that the their then there these they this to was we were what when where which who why will with you your'.split(
    ' ',
  ),
)

/** A file's name without folders and without what cannot be seen. */
export function plainName(name: string): string {
  const last = name.normalize('NFC').split(/[\\/]/).at(-1) ?? ''
  return (
    last
      .replace(/[\p{Cc}\p{Cf}\p{Co}\p{Cs}\u2028\u2029]/gu, '')
      .trim()
      .slice(0, 200) || 'document'
  )
}

/** What a document is called by its kind. */
export function mediaTypeOf(name: string, pdf: boolean): string {
  if (pdf) return 'application/pdf'
  return /\.(md|markdown|mdx)$/i.test(name) ? 'text/markdown' : 'text/plain'
}

/** One form for what is written in several: case, width, accents. */
const plain = (text: string): string =>
  text
    .normalize('NFKD')
    .replace(/\p{Mn}/gu, '')
    .normalize('NFC')

/** Words as they stand, and the parts of names in code. */
function rawWords(text: string): string[] {
  return (plain(text).match(wordPattern) ?? []).flatMap((word) => {
    const parts = word.split(/(?<=\p{Ll})(?=\p{Lu})|(?<=\p{Lu})(?=\p{Lu}\p{Ll})|(?<=\p{L})(?=\p{N})|(?<=\p{N})(?=\p{L})/u)
    return [word, ...(parts.length > 1 ? parts : [])].map((one) => one.toLowerCase().slice(0, 64))
  })
}

/** What an English word comes from, roughly: bookings, booked and booking are one. */
function stem(word: string): string {
  if (word.length < 4 || !/^[a-z]+$/.test(word)) return word
  let base = word
    .replace(/ies$/, 'y')
    .replace(/(ss|sh|ch|x|z)es$/, '$1')
    .replace(/([^su])s$/, '$1')
  const cut = base.replace(/(ing|ed|ly|er|ment|tion)$/, '')
  if (cut.length >= 3 && /[aeiouy]/.test(cut)) base = cut.replace(/([^aeiouls])\1$/, '$1')
  return base.length > 3 ? base.replace(/[ey]$/, '') : base
}

function withoutParticle(word: string): string {
  const ending = particles.find((one) => word.length - one.length >= 2 && word.endsWith(one))
  return ending ? word.slice(0, -ending.length) : word
}

/** The forms of a word that count as the word itself. */
export function formsOf(word: string): string[] {
  const base = hangul.test(word) ? withoutParticle(word) : `~${stem(word)}`
  return [...new Set([word, base])]
}

/** Pieces of a word by which it is found although it is written a little otherwise: three letters, of Hangul and Han two. */
function gramsOf(word: string): string[] {
  const letters = [...word]
  if (hangul.test(word) || unspaced.test(word)) {
    const base = hangul.test(word) ? [...withoutParticle(word)] : letters
    return [...new Set(base.slice(1).map((letter, at) => `${base[at]}${letter}`))]
  }
  if (letters.length < 4) return []
  const edged = ['^', ...letters, '$']
  return [...new Set(edged.slice(2).map((letter, at) => `${edged[at]}${edged[at + 1]}${letter}`))]
}

export type Digest = (kind: 'word' | 'gram', text: string) => string

/** Makes the digests of one agent's documents: without the key nobody tells which word one stands for. */
export function digestsWith(key: Uint8Array): Digest {
  const known = new Map<string, string>()
  return (kind, text) => {
    const whole = `${kind}:${text}`
    const found = known.get(whole)
    if (found) return found
    const digest = createHmac('sha256', key).update(whole).digest('hex').slice(0, digestLength)
    // One document has so many different pieces at most; what goes beyond is worked out again.
    if (known.size < 500_000) known.set(whole, digest)
    return digest
  }
}

/** What PostgreSQL is given of a passage: a tsvector of digests, words with weight A, pieces of words with weight C. */
export function termsOf(text: string, digest: Digest): string {
  const places = new Map<string, string[]>()
  const put = (term: string, place: string) => {
    const known = places.get(term)
    if (!known) places.set(term, [place])
    // The same word again weighs more, up to a point.
    else if (place.endsWith('A') && known.length < 8) known.push(place)
  }
  for (const [at, word] of rawWords(text).entries()) {
    const place = Math.min(at + 1, mostPlaces)
    for (const form of formsOf(word)) put(digest('word', form), `${place}A`)
    for (const gram of gramsOf(word)) put(digest('gram', gram), `${place}C`)
  }
  return [...places].map(([term, where]) => `'${term}':${where.join(',')}`).join(' ')
}

/** One word of a question, as PostgreSQL is asked for it: the word itself, and what is written much like it. */
interface AskedWord {
  words: string
  grams: string | null
}

/** The words of a question that are worth asking for; a question of common words alone asks for those. */
export function askedWords(query: string, digest: Digest): AskedWord[] {
  const all = [...new Set(rawWords(query))]
  const telling = all.filter((word) => !common.has(word))
  return (telling.length > 0 ? telling : all).slice(0, 24).map((word) => {
    const grams = gramsOf(word).slice(0, 30)
    return {
      words: formsOf(word)
        .map((form) => `'${digest('word', form)}':A`)
        .join(' | '),
      grams: grams.length === 0 ? null : grams.map((gram) => `'${digest('gram', gram)}':C`).join(' | '),
    }
  })
}

/** How much a word tells, by how many of all passages have it; one that nobody has is asked for by its pieces. */
export const weightOf = (found: number, all: number): number => Math.log(1 + (all - found + 0.5) / (found + 0.5))
