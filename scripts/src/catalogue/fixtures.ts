import { readdir, readFile } from 'node:fs/promises'
import path from 'node:path'
import { CreditRole } from '@cinegraph/engines/search/credit-role'
import { z } from 'zod'

const texts = z.strictObject({ en: z.string().min(1), ru: z.string().min(1) })
const slug = z
  .string()
  .regex(/^[a-z0-9]+(-[a-z0-9]+)*$/, 'must be lower-case words joined by hyphens')
const date = z.iso.date()

const genre = z.strictObject({ slug, name: texts, description: texts })

const person = z.strictObject({
  slug,
  name: texts,
  birthDate: date.nullable(),
  deathDate: date.nullable(),
  biography: texts.optional(),
})

const film = z
  .strictObject({
    slug,
    type: z.enum(['MOVIE', 'TV_SHOW']),
    title: texts,
    originalTitle: z.string().min(1),
    originalLanguage: z.string().length(2),
    description: texts,
    tagline: texts.optional(),
    releaseDate: date.nullable(),
    year: z.int().min(1888).max(2100),
    runtimeMinutes: z.int().min(1).max(1000).nullable(),
    ageRating: z.union([0, 6, 12, 16, 18].map((age) => z.literal(age))),
    countries: z.array(z.string().regex(/^[A-Z]{2}$/)).min(1),
    externalRating: z.number().min(1).max(10).nullable(),
    creditsStartSec: z.int().positive().nullable(),
    genres: z.array(slug).min(1),
    credits: z
      .array(
        z.strictObject({
          person: slug,
          role: z.enum(CreditRole),
          character: z.string().min(1).optional(),
        }),
      )
      .min(1),
  })
  .refine((it) => !it.releaseDate || Number(it.releaseDate.slice(0, 4)) === it.year, {
    message: 'releaseDate and year differ',
  })

const catalogue = z
  .strictObject({ genres: z.array(genre), people: z.array(person), films: z.array(film) })
  .check(({ value, issues }) => {
    const report = (message: string) => issues.push({ code: 'custom', input: value, message })
    for (const [kind, entries] of Object.entries(value)) {
      for (const repeated of duplicates(entries.map((it) => it.slug))) {
        report(`${kind}: ${repeated} is there twice`)
      }
    }
    const people = new Set(value.people.map((it) => it.slug))
    const genres = new Set(value.genres.map((it) => it.slug))
    for (const { slug: where, ...it } of value.films) {
      for (const name of it.genres) if (!genres.has(name)) report(`${where}: unknown genre ${name}`)
      for (const credit of it.credits) {
        if (!people.has(credit.person)) report(`${where}: unknown person ${credit.person}`)
      }
    }
  })

/** Films, people and genres, linked by slug: the form of `prisma/fixtures` and of the generated load. */
export interface Catalogue {
  genres: readonly Genre[]
  people: readonly Person[]
  films: readonly Film[]
}
export type Genre = z.output<typeof genre>
export type Person = z.output<typeof person>
/** Fixtures are in both languages; a generated film may be in one. */
export type Film = Omit<z.output<typeof film>, 'title' | 'description'> & {
  title: { en: string; ru?: string }
  description: { en: string; ru?: string }
}

/** Reads and checks the demo catalogue. Throws with every problem when it is not consistent. */
export async function readFixtures(folder: string): Promise<Catalogue> {
  const read = async (file: string): Promise<unknown> =>
    JSON.parse(await readFile(path.join(folder, file), 'utf8'))
  const files = (await readdir(path.join(folder, 'films')))
    .filter((it) => it.endsWith('.json'))
    .sort()
  const [genres, people, ...films] = await Promise.all(
    ['genres.json', 'people.json', ...files.map((it) => `films/${it}`)].map(read),
  )
  return catalogue.parse({ genres, people, films: films.flat() })
}

const duplicates = (values: readonly string[]) =>
  values.filter((value, index) => values.indexOf(value) !== index)
