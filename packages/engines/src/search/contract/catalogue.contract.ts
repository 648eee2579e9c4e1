import type {
  FilmCredit,
  FilmDocument,
  FilmQuery,
  GenreDocument,
  PersonDocument,
} from '../search-index.js'

/** A film of which only what matters is said. */
export function film(id: string, given: Partial<FilmDocument> = {}): FilmDocument {
  const title = given.title ?? { en: `Film ${id}` }
  return {
    ...{ id, version: 1, audience: 'everyone', status: 'PUBLISHED', type: 'MOVIE', title },
    originalTitle: title.en ?? title.ru ?? id,
    ...{ description: {}, releaseDate: null, releaseYear: null, ageRating: 12, countries: [] },
    ...{ externalRating: null, seasons: null, genres: [], credits: [] },
    ...given,
  }
}

export const person = (id: string, en: string, ru: string): PersonDocument => ({
  ...{ id, version: 1, name: { en, ru }, birthDate: null },
})
export const genre = (id: string, en: string, ru: string): GenreDocument => ({
  ...{ id, version: 1, slug: id, name: { en, ru } },
})

export const credit = (personId: string, given: Partial<FilmCredit> = {}): FilmCredit => ({
  ...{ personId, role: 'ACTOR', characters: [], name: { en: 'Someone' } },
  ...given,
})
const credited = ({ id, name }: PersonDocument, role: string) => credit(id, { role, name })
const named = (en: string, ru: string, originalTitle = en) => ({ title: { en, ru }, originalTitle })

export const persons = {
  tarkovsky: person('tarkovsky', 'Andrei Tarkovsky', 'Андрей Тарковский'),
  reeves: person('reeves', 'Keanu Reeves', 'Киану Ривз'),
  tautou: person('tautou', 'Audrey Tautou', 'Одри Тоту'),
  melies: person('melies', 'Georges Méliès', 'Жорж Мельес'),
  schwarzenegger: person('schwarzenegger', 'Arnold Schwarzenegger', 'Арнольд Шварценеггер'),
  zephyr: person('zephyr', 'Benjamin Zephyr', 'Бенджамин Зефир'),
}

export const genres = {
  drama: genre('drama', 'Drama', 'Драма'),
  scifi: genre('scifi', 'Science fiction', 'Фантастика'),
}

const { tarkovsky, reeves, tautou, melies, schwarzenegger, zephyr } = persons

/** Films that the search cases name. */
export const films: readonly FilmDocument[] = [
  film('matrix', {
    ...named('The Matrix', 'Матрица'),
    releaseYear: 1999,
    credits: [credited(reeves, 'ACTOR')],
    description: {
      en: 'A hacker learns that his world is a simulation.',
      ru: 'Хакер узнаёт, что его мир — симуляция.',
    },
  }),
  film('amelie', {
    ...named('Amélie', 'Амели', "Le Fabuleux Destin d'Amélie Poulain"),
    credits: [credited(tautou, 'ACTOR')],
    description: {
      en: 'A shy waitress changes the lives of those around her.',
      ru: 'Застенчивая официантка меняет жизни тех, кто вокруг.',
    },
  }),
  film('yolki', named('Six Degrees of Celebration', 'Ёлки', 'Ёлки')),
  film('solaris', {
    ...named('Solaris', 'Солярис', 'Солярис'),
    externalRating: 8,
    credits: [credited(tarkovsky, 'DIRECTOR'), credited(tarkovsky, 'WRITER')],
  }),
  film('stalker', {
    ...named('Stalker', 'Сталкер', 'Сталкер'),
    externalRating: 8.1,
    credits: [credited(tarkovsky, 'DIRECTOR')],
    description: { ru: 'Проводник ведёт двоих через Зону туда, где исполняются желания.' },
  }),
  film('prayer', named('Andrei Tarkovsky. A Cinema Prayer', 'Андрей Тарковский. Кино как молитва')),
  film('brother', named('Brother', 'Брат', 'Брат')),
  film('brother2', { ...named('Brother 2', 'Брат 2', 'Брат 2'), releaseYear: 2000 }),
  film('karamazov', named('The Brothers Karamazov', 'Братья Карамазовы', 'Братья Карамазовы')),
  film('it', named('It', 'Оно')),
  film('samurai', named('Seven Samurai', 'Семь самураев', '七人の侍')),
  film('look', named("Don't Look Now", 'А теперь не смотри')),
  film('spider', named('Spider-Man', 'Человек-паук')),
  film('odyssey', named('2001: A Space Odyssey', 'Космическая одиссея 2001 года')),
  film('titanic', named('Titanic', 'Титаник')),
  film('moon', {
    ...named('A Trip to the Moon', 'Путешествие на Луну', 'Le Voyage dans la Lune'),
    credits: [credited(melies, 'DIRECTOR')],
  }),
  film('terminator', {
    ...named('The Terminator', 'Терминатор'),
    credits: [credited(schwarzenegger, 'ACTOR')],
  }),
  film('mumu', { title: { ru: 'Муму' }, originalTitle: 'Муму' }),
  film('potemkin', {
    title: { ru: 'Броненосец «Потёмкин»' },
    originalTitle: 'Броненосец «Потёмкин»',
  }),
  film('rush', { title: { en: 'The Gold Rush' } }),
  film('limelight', {
    ...named('Limelight', 'Огни рампы'),
    credits: [credit('chaplin', { role: 'DIRECTOR', name: { en: 'Charlie Chaplin' } })],
  }),
  film('zephyr-description', {
    title: { en: 'Mistral' },
    description: { en: 'Zephyr upon zephyr, a zephyr of zephyrs.' },
  }),
  film('zephyr-person', { title: { en: 'Sirocco' }, credits: [credited(zephyr, 'ACTOR')] }),
  film('zephyr-original', { title: { en: 'Bora' }, originalTitle: 'Zephyr and other winds' }),
  film('zephyr-title', { title: { en: 'A long title with zephyr in it' } }),
  film('secret', { ...named('Secret Matrix', 'Тайная матрица'), audience: 'editors' }),
]

export const EVERYONE = { audiences: ['everyone'] }

/** Everything that everyone may see, a hundred at once. */
export const everything: FilmQuery = {
  language: 'en',
  filter: EVERYONE,
  sort: { field: 'RELEVANCE', direction: 'DESC' },
  first: 100,
}
