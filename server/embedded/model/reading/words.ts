import { transliterate } from 'transliteration'
import { toEnglish } from './korean.ts'

/** English number and identifiers. Everything here works on lower-case words. */

const irregular: Record<string, string> = {
  people: 'person',
  children: 'child',
  men: 'man',
  women: 'woman',
  feet: 'foot',
  mice: 'mouse',
  teeth: 'tooth',
  geese: 'goose',
  movies: 'movie',
  cookies: 'cookie',
  calories: 'calorie',
  zombies: 'zombie',
  ties: 'tie',
  leaves: 'leaf',
  knives: 'knife',
  shelves: 'shelf',
  wolves: 'wolf',
  halves: 'half',
  lives: 'life',
  shoes: 'shoe',
  toes: 'toe',
  quizzes: 'quiz',
  analyses: 'analysis',
  indices: 'index',
  criteria: 'criterion',
  buses: 'bus',
  gases: 'gas',
  lenses: 'lens',
  axes: 'axe',
  caches: 'cache',
  aches: 'ache',
}
const irregularPlural = Object.fromEntries(Object.entries(irregular).map(([many, one]) => [one, many]))
const uncountable = new Set(
  'series news species equipment software hardware information feedback data media staff furniture inventory laundry homework money music fish sheep is this its us was has does status bonus campus virus focus bus gas lens address access process class glass pass business fitness boss cross dress express press stress success always canvas atlas yes plus minus less across previous various continuous'.split(
    ' ',
  ),
)

/** `entries` -> `entry`; a singular word comes back as it is. */
export function singular(word: string): string {
  const known = irregular[word]
  if (known) return known
  if (word.length < 4 || uncountable.has(word) || !word.endsWith('s') || /(?:ss|us|is)$/.test(word)) return word
  if (word.endsWith('ies')) return word.length > 4 ? `${word.slice(0, -3)}y` : word.slice(0, -1)
  if (/(?:sses|shes|ches|xes|zzes)$/.test(word)) return word.slice(0, -2)
  if (/[^oa]uses$/.test(word)) return word.slice(0, -2)
  if (/(?:t|r|h)oes$/.test(word)) return word.slice(0, -2)
  return word.slice(0, -1)
}

/** `entry` -> `entries`; never the word itself, so that a route and a record differ. */
export function plural(word: string): string {
  const known = irregularPlural[word]
  if (known) return known
  if (/[^aeiou]y$/.test(word)) return `${word.slice(0, -1)}ies`
  if (/(?:s|sh|ch|x|z)$/.test(word)) return `${word}es`
  if (/(?:[aeiou]t|tomat|potat|her)o$/.test(word)) return `${word}es`
  return `${word}s`
}

export function isPlural(word: string): boolean {
  return word in irregular || (word.endsWith('s') && singular(word) !== word)
}

const reserved = new Set(
  'id page q pagesize createdat updatedat constructor prototype tostring valueof hasownproperty class new delete default function return import export await async var let const if else for while do switch case break continue try catch throw this super null true false in of typeof void with yield enum static package interface private public protected implements eval arguments undefined'.split(
    ' ',
  ),
)

/** The words of a label as ASCII, in English where the lexicon knows them. */
export function asciiWords(label: string): string[] {
  return label
    .replace(/e-mail/gi, 'email')
    .replace(/check-(in|out)/gi, 'check$1')
    .replace(/([a-z\d])([A-Z])/g, '$1 $2')
    .split(/[^\p{L}\p{N}]+/u)
    .filter((word) => word !== '')
    .flatMap((word) => (/[가-힣]/.test(word) ? toEnglish(word).split(' ') : [word]))
    .map((word) => (/^[\x21-\x7e]+$/.test(word) ? word : transliterate(word)))
    .flatMap((word) => word.toLowerCase().split(/[^a-z\d]+/))
    .filter((word, index, all) => word !== '' && !(word === 'headcount' && all[index - 1] === 'capacity'))
}

/** camelCase of at most four words and 32 letters; never a word that JavaScript or the API keeps for itself. */
export function identifier(words: string[], fallback: string): string {
  let name = ''
  for (const word of words.slice(0, 4)) {
    if (name.length + word.length > 32 && name !== '') break
    name += name === '' ? word : word.charAt(0).toUpperCase() + word.slice(1)
  }
  name = name.slice(0, 32)
  if (name === '') name = fallback
  if (/^\d/.test(name)) name = `n${name}`
  return reserved.has(name.toLowerCase()) ? `${name}Value` : name
}

/** `blogPosts` -> `blog-posts`. */
export function kebab(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)
}

/** Lower case, singular, single spaces, a space at both ends: the form in which labels are looked for in sentences. */
export function normal(text: string): string {
  const words = text
    .replace(/e-mail/gi, 'email')
    .toLowerCase()
    .split(/[^\p{L}\p{N}]+/u)
    .filter((word) => word !== '')
    .map((word) => (/^[a-z]+$/.test(word) ? singular(word) : word))
  return ` ${words.join(' ')} `
}

/**
 * Where `label` stands in a text made by `normal`, or -1. Korean words carry particles, so only their start must be a word's start.
 */
export function mention(normalText: string, label: string): number {
  const wanted = normal(label)
  if (wanted.trim() === '') return -1
  return normalText.indexOf(/[가-힣] $/.test(wanted) ? wanted.trimEnd() : wanted)
}

const pastParticiple: Record<string, string> = {
  write: 'written',
  take: 'taken',
  give: 'given',
  choose: 'chosen',
  drive: 'driven',
  see: 'seen',
}
const unchanged = new Set(
  'paid bought brought made sold sent held won lent kept led read put set met built spent wrote took gave drove saw'.split(' '),
)

/** `paid` -> `paid`, `shares` -> `shared`, `owns` -> `owned`: what stands before By. */
export function participle(verb: string): string {
  if (unchanged.has(verb) || verb.endsWith('ed')) return verb
  const base = /(?:sses|shes|ches|xes)$/.test(verb) ? verb.slice(0, -2) : verb.replace(/ies$/, 'y').replace(/([^s])s$/, '$1')
  if (pastParticiple[base]) return pastParticiple[base]
  if (base.endsWith('e')) return `${base}d`
  return /[^aeiou]y$/.test(base) ? `${base.slice(0, -1)}ied` : `${base}ed`
}
