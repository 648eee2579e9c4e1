import type { CreditRole } from '@cinegraph/engines/search/credit-role'
import type { Film, Person } from './fixtures.js'
import { createRandom, type Random } from './random.js'

/** A film of the `vega-datasets` package: real title, date, running time and rating. */
export interface RealFilm {
  title: string
  releaseDate: string | null
  runtimeMinutes: number | null
  rating: number | null
  genre: string | null
}

const EN =
  'Silent Last Hidden Golden Broken Endless Northern Lost Bright Cold Red Distant Secret Burning Quiet Iron Paper Winter Empty Wild'.split(
    ' ',
  )
const EN_NOUNS =
  'River House Summer Letter Garden Road Shadow Voyage Mirror City Harvest Station Island Promise Orchard Night Engine Bridge Song Door'.split(
    ' ',
  )
const RU =
  'Тихая Последняя Скрытая Золотая Разбитая Бесконечная Северная Потерянная Яркая Холодная Красная Далёкая Тайная Горящая Забытая Железная Бумажная Зимняя Пустая Дикая'.split(
    ' ',
  )
const RU_NOUNS =
  'Река Дача Весна Записка Роща Дорога Тень Дальняя Мечта Столица Жатва Станция Гавань Клятва Аллея Ночь Машина Переправа Песня Дверь'.split(
    ' ',
  )
const FIRST =
  'Anna Boris Clara Dmitri Elena Frank Grace Hugo Irina James Katya Leo Maria Nikolai Olga Paul Rosa Sergei Tanya Victor'.split(
    ' ',
  )
const FIRST_RU =
  'Анна Борис Клара Дмитрий Елена Франк Грейс Гуго Ирина Джеймс Катя Лео Мария Николай Ольга Пол Роза Сергей Таня Виктор'.split(
    ' ',
  )
const LAST =
  'Abramova Bennett Carver Dorin Ehrlich Fontaine Grant Holm Ivanova Jansen Keller Larina Moreau Novak Orlova Petrov Quinn Rossi Sokolova Turner'.split(
    ' ',
  )
const LAST_RU =
  'Абрамова Беннетт Карвер Дорин Эрлих Фонтен Грант Хольм Иванова Янсен Келлер Ларина Моро Новак Орлова Петров Куинн Росси Соколова Тёрнер'.split(
    ' ',
  )
const COUNTRIES = ['US', 'GB', 'FR', 'DE', 'IT', 'JP', 'SU', 'RU', 'IN', 'ES', 'SE', 'KR']
const AGES = [0, 6, 12, 16, 18] as const
const CAST: readonly CreditRole[] = [
  'ACTOR',
  'ACTOR',
  'ACTOR',
  'ACTOR',
  'WRITER',
  'PRODUCER',
  'COMPOSER',
]

/** Everything of the load that is not real says so. */
const SYNTHETIC = {
  en: 'A generated film for load tests.',
  ru: 'Сгенерированный фильм для нагрузочных тестов.',
}
// a film has texts in the languages of its title
const REAL = { en: 'A real title from an open data set; its cast is generated.' }

export interface BulkOptions {
  seed: number
  people: number
  genres: readonly string[]
  real: readonly RealFilm[]
}

const personSlug = (index: number) => `bulk-person-${index}`

/** Person number `index` of the load; depends on nothing but the number. */
export function bulkPerson(seed: number, index: number): Person {
  const random = createRandom(seed * 31 + index)
  const first = random.integer(FIRST.length)
  const last = random.integer(LAST.length)
  return {
    slug: personSlug(index),
    name: {
      en: `${FIRST[first]} ${LAST[last]} ${index}`,
      ru: `${FIRST_RU[first]} ${LAST_RU[last]} ${index}`,
    },
    birthDate:
      random.next() < 0.1
        ? null
        : `${1880 + random.integer(125)}-0${1 + random.integer(9)}-1${random.integer(10)}`,
    deathDate: null,
  }
}

/** Film number `index` of the load: the real titles first, then synthetic ones. */
export function bulkFilm(options: BulkOptions, index: number): Film {
  const random = createRandom(options.seed * 1_000_003 + index)
  const real = options.real[index]
  const year = real?.releaseDate ? Number(real.releaseDate.slice(0, 4)) : 1920 + random.integer(107)
  const releaseDate = real
    ? real.releaseDate
    : random.next() < 0.05
      ? null
      : `${year}-${String(1 + random.integer(12)).padStart(2, '0')}-${String(1 + random.integer(28)).padStart(2, '0')}`
  const title = real ? { en: real.title } : syntheticTitle(random, index)
  return {
    slug: `bulk-film-${index}`,
    type: random.next() < 0.85 ? 'MOVIE' : 'TV_SHOW',
    title,
    originalTitle: title.en,
    originalLanguage: 'en',
    description: real ? REAL : SYNTHETIC,
    releaseDate,
    year,
    runtimeMinutes:
      real?.runtimeMinutes ?? (random.next() < 0.05 ? null : 60 + random.integer(120)),
    ageRating: random.pick(AGES),
    countries: [COUNTRIES[random.popular(COUNTRIES.length)]!],
    externalRating: real ? real.rating : random.next() < 0.1 ? null : 1 + random.integer(91) / 10,
    creditsStartSec: null,
    genres: genresOf(options, random, real),
    credits: creditsOf(options, random),
  }
}

function syntheticTitle(random: Random, index: number) {
  const adjective = random.integer(EN.length)
  const noun = random.integer(EN_NOUNS.length)
  return {
    en: `${EN[adjective]} ${EN_NOUNS[noun]} ${index}`,
    ru: `${RU[adjective]} ${RU_NOUNS[noun]} ${index}`,
  }
}

function genresOf({ genres }: BulkOptions, random: Random, real: RealFilm | undefined): string[] {
  const chosen = new Set(real?.genre && genres.includes(real.genre) ? [real.genre] : [])
  const wanted = 1 + random.integer(3)
  while (chosen.size < wanted) chosen.add(genres[random.popular(genres.length)]!)
  return [...chosen]
}

function creditsOf({ people }: BulkOptions, random: Random): Film['credits'] {
  const roles: CreditRole[] = ['DIRECTOR', ...CAST.slice(0, 2 + random.integer(CAST.length - 1))]
  return roles.map((role) => ({ person: personSlug(random.popular(people)), role }))
}
