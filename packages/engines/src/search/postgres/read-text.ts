import { isCyrillic } from '../sounds.js'
import { createBindings, type Bind, type Run } from './connection.js'
import {
  isTextual,
  MOST_CORRECTIONS,
  MOST_HOMOPHONES,
  type Reading,
  type Word,
  wordsIn,
} from './reading.js'
import { matchesSql, WORDS } from './relevance.js'
import { isFiller, plainReadings, withoutExtras } from './typed-text.js'
import { correctionsOf, genresNamed, homophonesOf } from './vocabulary.js'

/** The rows that a text is looked up in. */
export interface Searched {
  readonly table: 'search.films' | 'search.persons'
  /** SQL of the words of titles, where these have an index of their own. */
  readonly titles?: string
  /** Whether the rows have genres, so that a word may name one. */
  readonly hasGenres?: boolean
  /** The rows that exist for the viewer. A reading depends on no other, so it reveals nothing of them. */
  readonly visible: (bind: Bind) => string
}

/** With fewer hits than this, other readings are tried. */
const FEW = 3

interface Choice {
  readonly reading: Reading
  /** Counted to FEW. */
  readonly hits: number
}

/** Chooses how to read a text. Undefined for a blank one, which asks for nothing. */
export async function readText(
  run: Run,
  text: string,
  searched: Searched,
): Promise<Reading | undefined> {
  if (text.trim() === '') return undefined
  const readings = plainReadings(text)
  if (readings.length === 0) return []
  const whole = await choose(run, readings, searched)
  if (whole.hits >= FEW) return whole.reading
  const ofGenre = searched.hasGenres && (await chooseGenres(run, readings[0]!, searched))
  if (ofGenre && ofGenre.hits > whole.hits) return ofGenre.reading
  const shorter = readings.map(withoutExtras).filter((it) => it !== undefined)
  if (whole.hits > 0 || shorter.length === 0) return whole.reading
  const rest = await choose(run, shorter, searched)
  return rest.hits > 0 ? rest.reading : whole.reading
}

/** Of readings, the first being what was typed, and their corrections the one that finds most. */
async function choose(run: Run, plain: readonly Reading[], searched: Searched): Promise<Choice> {
  const homophones = await homophonesOf(run, formsIn(plain))
  const heard = plain.map((reading) => withForms(reading, homophones))
  const { hits, real } = await lookUp(
    run,
    { readings: heard, words: alternatives(heard) },
    searched,
  )
  const readings = heard.map((reading) => onlyReal(reading, real))
  if (hits[0]! >= FEW) return { reading: readings[0]!, hits: hits[0]! }
  const promising = hits.some((count) => count > 0) ? [mostHits(readings, hits).reading] : readings
  const corrected = await correct(run, promising, searched)
  const { hits: found } = await lookUp(run, { readings: corrected, words: [] }, searched)
  return mostHits(corrected, found)
}

/** Words that name genres are read as those, and the rest as ever. Undefined when none does. */
async function chooseGenres(
  run: Run,
  typed: Reading,
  searched: Searched,
): Promise<Choice | undefined> {
  const terms = typed.filter((it) => !('forms' in it && isFiller(it.forms[0]!)))
  const genres = await genresNamed(run, formsIn([terms]))
  if (genres.size === 0) return undefined
  const read = terms.map((term) => {
    const ids = 'forms' in term ? genres.get(term.forms[0]!) : undefined
    return ids ? { genre: (term as Word).forms[0]!, ids } : undefined
  })
  const others = terms.filter((_, index) => !read[index])
  const chosen = others.length > 0 ? (await choose(run, [others], searched)).reading : []
  const left = [...chosen]
  const reading = read.map((genre) => genre ?? left.shift()!)
  const { hits } = await lookUp(run, { readings: [reading], words: [] }, searched)
  return { reading, hits: hits[0]! }
}

interface Sought {
  readonly readings: readonly Reading[]
  readonly words: readonly string[]
}

/** How many rows each reading finds, counted to FEW, and which of the words exist for the viewer. */
async function lookUp(
  run: Run,
  { readings, words }: Sought,
  searched: Searched,
): Promise<{ hits: number[]; real: ReadonlySet<string> }> {
  const { values, bind } = createBindings()
  const counts = readings.map(
    (reading) => `(SELECT count(*)::int FROM (${someSql(bind, reading, searched)}) AS found)`,
  )
  const real = `SELECT word FROM unnest(${bind(words)}::text[]) AS word WHERE ${realSql(bind, searched)}`
  const [row] = await run<{ hits: number[]; real: string[] }>(
    `SELECT ARRAY[${counts.join(', ')}]::int[] AS hits, ARRAY(${real}) AS real`,
    values,
  )
  return { hits: row!.hits, real: new Set(row!.real) }
}

/** Rows that a reading finds, as many as are counted; first those whose titles it finds, which are the quicker to look up. */
function someSql(bind: Bind, reading: Reading, { table, titles, visible }: Searched): string {
  const from = isTextual(reading) ? table : 'search.film_facts'
  const some = (conditions: readonly string[]) =>
    `(SELECT 1 FROM ${from} WHERE ${[visible(bind), ...conditions].join(' AND ')} LIMIT ${FEW})`
  if (!titles || !isTextual(reading)) return some([matchesSql(bind, reading)])
  const titled = () => matchesSql(bind, reading, titles)
  const others = some([matchesSql(bind, reading), `NOT (${titled()})`])
  return `${some([titled()])} UNION ALL ${others} LIMIT ${FEW}`
}

/** Whether a row has the `word`. */
function realSql(bind: Bind, { table, titles, visible }: Searched): string {
  const within = (words: string) =>
    `EXISTS (SELECT FROM ${table} WHERE ${visible(bind)} AND ${words} @@ search.question(quote_literal(word)))`
  return `(${[...(titles ? [titles] : []), WORDS].map(within).join(' OR ')})`
}

/** The first of those that find most: what was typed wins over what may have been meant. */
function mostHits(readings: readonly Reading[], hits: readonly number[]): Choice {
  const most = Math.max(...hits)
  return { reading: readings[hits.indexOf(most)]!, hits: most }
}

async function correct(
  run: Run,
  readings: readonly Reading[],
  searched: Searched,
): Promise<Reading[]> {
  const typed = formsIn(readings)
  const corrections = await correctionsOf(run, typed)
  const { real } = await lookUp(
    run,
    { readings: [], words: [...typed, ...[...corrections.values()].flat()] },
    searched,
  )
  return readings.map((reading) =>
    reading.map((term) => {
      if (!('forms' in term)) return term
      const forms = term.forms.filter((it) => real.has(it))
      const near = term.forms
        .flatMap((it) => corrections.get(it) ?? [])
        .filter((it) => real.has(it) && !forms.includes(it))
      return wordOf(term, forms, [...new Set(near)])
    }),
  )
}

/**
 * A word that nothing has is read as the likeliest that it may be a misspelling of. One that something has is not taken for one of the
 * other script: «Андрей» is no mistake for `Audrey`.
 */
function wordOf(term: Word, forms: readonly string[], near: readonly string[]): Word {
  if (forms.length > 0) {
    const alike = near.filter((it) => isCyrillic(term.forms[0]!) === isCyrillic(it))
    return { forms, near: alike.slice(0, MOST_CORRECTIONS) }
  }
  if (near.length === 0) return term
  return { forms: near.slice(0, 1), near: near.slice(1, 1 + MOST_CORRECTIONS) }
}

const withForms = (reading: Reading, more: ReadonlyMap<string, readonly string[]>): Reading =>
  reading.map((term) =>
    'forms' in term
      ? {
          ...term,
          forms: [...term.forms, ...(more.get(term.forms[0]!) ?? []).slice(0, MOST_HOMOPHONES)],
        }
      : term,
  )

const onlyReal = (reading: Reading, real: ReadonlySet<string>): Reading =>
  reading.map((term) => {
    if (!('forms' in term) || term.forms.length === 1) return term
    const forms = term.forms.filter((it) => real.has(it))
    return { ...term, forms: forms.length > 0 ? forms : term.forms.slice(0, 1) }
  })

const formsIn = (readings: readonly Reading[]): string[] => [
  ...new Set(readings.flatMap(wordsIn).flatMap(({ forms }) => forms)),
]

const alternatives = (readings: readonly Reading[]): string[] =>
  formsIn(readings.map((reading) => wordsIn(reading).filter(({ forms }) => forms.length > 1)))
