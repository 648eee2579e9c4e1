import type { AppError, DependencyError } from '@cinegraph/kit/errors'
import type { Service } from '@cinegraph/kit/lifecycle'

/** Texts by language; at least one. */
export type Texts = { readonly en?: string; readonly ru?: string }
export type IndexLanguage = 'en' | 'ru'

/** A film as it is searched: whole, with its genres and credits. */
export interface FilmDocument {
  readonly id: string
  /** Microseconds since 1970 at which the film was read; an older document never replaces a newer one. */
  readonly version: number
  /** Who may see it: `everyone`, `role:<name>` or `editors`. The films subgraph decides; the index only compares. */
  readonly audience: string
  /** Where it stands in its life, e.g. `DRAFT`: for the filter of editors. It decides nothing; `audience` does. */
  readonly status: string
  readonly type: string
  readonly title: Texts
  readonly originalTitle: string
  readonly description: Texts
  /** ISO date. */
  readonly releaseDate: string | null
  readonly releaseYear: number | null
  readonly ageRating: number
  /** ISO 3166-1 alpha-2. */
  readonly countries: readonly string[]
  readonly externalRating: number | null
  /** Seasons of a series, its specials not counted; null for a movie. */
  readonly seasons: number | null
  readonly genres: readonly { id: string; name: Texts }[]
  /** In billing order, one for each person and role; an actor has all characters in one. */
  readonly credits: readonly FilmCredit[]
}

/** What a person did for a film. */
export interface FilmCredit {
  readonly personId: string
  readonly role: string
  /** Whom an actor plays, in billing order; empty for other roles and when unknown. */
  readonly characters: readonly string[]
  readonly name: Texts
}

export interface PersonDocument {
  readonly id: string
  readonly version: number
  readonly name: Texts
  /** ISO date. */
  readonly birthDate: string | null
}

export interface GenreDocument {
  readonly id: string
  readonly version: number
  readonly slug: string
  readonly name: Texts
}

export interface DocumentsByKind {
  film: FilmDocument
  person: PersonDocument
  genre: GenreDocument
}
export type DocumentKind = keyof DocumentsByKind

/** Somebody who took part in a film, in `role` where it is given. */
export interface CreditedPerson {
  readonly id: string
  readonly role?: string
}

/** Which films count. Every member given must hold; an empty list is no condition, except `audiences`: with none, no film is seen. */
export interface FilmFilter {
  /** Required on every path: the audiences that the viewer belongs to. */
  readonly audiences: readonly string[]
  readonly statuses?: readonly string[]
  readonly types?: readonly string[]
  /** At least one of these, every one of these, none of these. */
  readonly genreIds?: readonly string[]
  readonly allGenreIds?: readonly string[]
  readonly excludedGenreIds?: readonly string[]
  /** Inclusive. */
  readonly yearFrom?: number
  readonly yearTo?: number
  /** Inclusive; a film without a rating is outside every range. */
  readonly ratingFrom?: number
  readonly ratingTo?: number
  /** Inclusive; a movie is outside every range. */
  readonly seasonsFrom?: number
  readonly seasonsTo?: number
  readonly ageRatings?: readonly number[]
  /** Inclusive. */
  readonly ageRatingTo?: number
  /** At least one of these, none of these. */
  readonly countries?: readonly string[]
  readonly excludedCountries?: readonly string[]
  /** Every one of these persons has a credit. */
  readonly persons?: readonly CreditedPerson[]
  /** None of these films. */
  readonly excludedIds?: readonly string[]
}

/**
 * `TITLE` collates in the query's language. `RANDOM` is the same order for the same seed, whatever comes and goes between.
 * NULL values come last in both directions; ties are broken by id, in the same direction.
 */
export type FilmSortField = 'RELEVANCE' | 'TITLE' | 'RELEASE_DATE' | 'EXTERNAL_RATING' | 'RANDOM'
export interface FilmSort {
  readonly field: FilmSortField
  readonly direction: 'ASC' | 'DESC'
  /** For RANDOM: a whole number from 0 to 2^31 - 1; 0 when absent. */
  readonly seed?: number
}

export const FILM_FACETS = ['GENRE', 'TYPE', 'YEAR', 'AGE_RATING', 'COUNTRY', 'RATING'] as const
export type FilmFacet = (typeof FILM_FACETS)[number]
/** Most frequent first, then by value. GENRE values are ids; a RATING is its whole points: `7` is from 7 to below 8. */
export interface FacetBucket {
  readonly value: string
  readonly count: number
}

export interface FilmQuery {
  /**
   * What a person typed; blank or absent: no text condition, and RELEVANCE sorts by release date, newest first.
   * Text without a letter or a digit finds nothing. Words in quotation marks stand together, in this order, in one title, name or
   * description; a year is one of the title or of the release.
   */
  readonly text?: string
  readonly language: IndexLanguage
  readonly filter: FilmFilter
  readonly sort: FilmSort
  /** 1 to 100. */
  readonly first: number
  /** A cursor that this index returned for the same text, language and sort; it stands between two sort keys, so it survives inserts and deletes. */
  readonly after?: string
}

/** Pieces of the field that matched; `matched` marks the words to emphasise. Plain text: escape before use as HTML. */
export interface Highlight {
  readonly field: 'TITLE' | 'ORIGINAL_TITLE' | 'PERSON' | 'DESCRIPTION'
  readonly fragments: readonly { text: string; matched: boolean }[]
}

export interface FilmHit {
  readonly id: string
  readonly cursor: string
  readonly highlights: readonly Highlight[]
}
export interface NamedHit {
  readonly id: string
  readonly cursor: string
}
export interface HitPage<H> {
  readonly hits: readonly H[]
  readonly hasNextPage: boolean
}

export interface FilmHitPage extends HitPage<FilmHit> {
  /**
   * What the text was read as, folded, when not as it was typed: corrected, in the other keyboard layout or script, or with a part
   * left out because nothing has all of it. Null when it was read as typed, and when nothing was found.
   */
  readonly didYouMean: string | null
}

export interface NameQuery {
  /** Matched with typos and diacritics forgiven; absent: all. */
  readonly text?: string
  readonly language: IndexLanguage
  /**
   * RELEVANCE without text is NAME. NAME collates in `language`. FILM_COUNT begins with the person of most films that the
   * `audiences` may see; equals are in the order of ids.
   */
  readonly sort: 'RELEVANCE' | 'NAME' | 'FILM_COUNT'
  /** Whose films FILM_COUNT counts; with none, none. */
  readonly audiences?: readonly string[]
  readonly first: number
  readonly after?: string
}

/** One completion of what is being typed. `film` suggestions are limited to the audiences. */
export interface Suggestion {
  readonly kind: DocumentKind
  readonly id: string
  /** The completed name in the query's language. */
  readonly text: string
}

export interface SuggestQuery {
  readonly prefix: string
  readonly language: IndexLanguage
  readonly audiences: readonly string[]
  /** 1 to 20, over all kinds together, best first. */
  readonly limit: number
}

/** The most films that `similarFilms` is asked to be like. */
export const MOST_SEEDS = 20

export interface SimilarQuery {
  /** What to be like, 1 to MOST_SEEDS films. One that is not in the filter's audiences counts as absent. None of them is answered. */
  readonly to: readonly string[]
  readonly filter: Pick<FilmFilter, 'audiences' | 'excludedIds'>
  /** 1 to 100. */
  readonly first: number
  /** A cursor that this index returned for the same `to`. It keeps what a page was scored by, so it survives inserts and deletes. */
  readonly after?: string
}

/** Something that a film has in common with the one it is compared to. */
export type Likeness =
  /** These persons did this for both films: `role` is that of the credits. */
  | { readonly of: 'CREDITS'; readonly role: string; readonly personIds: readonly string[] }
  /** Both are of these genres, the rarest first; `total` is how many the film that it is compared to has. */
  | { readonly of: 'GENRES'; readonly genreIds: readonly string[]; readonly total: number }

export interface SimilarHit extends NamedHit {
  /** The films of `to` that it is like, the most alike first, and why, the weightiest first: at least one of each. */
  readonly likeTo: readonly { readonly id: string; readonly likenesses: readonly Likeness[] }[]
}

export interface SimilarPage extends HitPage<SimilarHit> {
  /** How many films the whole list has. */
  readonly total: number
}

/** Why one list of several is not answered: BAD_USER_INPUT of its cursor, or the index that began it does not answer now. */
export type RefusedList = AppError | DependencyError

/** What is in an index, and how it gets there. */
export interface IndexContent {
  /** Writes whole documents; those not newer than what is there are skipped. Visible to the next query. */
  upsert<K extends DocumentKind>(kind: K, documents: readonly DocumentsByKind[K][]): Promise<void>
  /** Removes documents, and refuses later upserts of the same ids that are not newer than `version`. */
  remove(kind: DocumentKind, entries: readonly { id: string; version: number }[]): Promise<void>
  /** Documents of one kind. */
  count(kind: DocumentKind): Promise<number>
  /** Digests of documents, see `documentDigest`, in the order of ids: of some ids, or the next, the first for `after: null`. */
  digests(kind: DocumentKind, selection: DigestSelection): Promise<readonly DocumentDigest[]>
}

export type DigestSelection =
  { readonly ids: readonly string[] } | { readonly after: string | null; readonly limit: number }
export interface DocumentDigest {
  readonly id: string
  readonly digest: string
}

/** `busy`: another rebuild of this index is under way. */
export type RebuildOutcome = 'done' | 'busy'

/**
 * Finds films, persons and genres. Words are stemmed in Russian and English; `ё` equals `е`; diacritics, typos, a
 * wrong keyboard layout (`ghbdtn` for `привет`) and the other script (`mumu` for `Муму`) are forgiven; title weighs most, then original
 * title, persons, description.
 * Any text is accepted: operators in it mean nothing. Throws BAD_USER_INPUT for a foreign cursor, DependencyError when the engine fails.
 *
 * Releases that need different documents have an index each, side by side. `start` opens this release's, makes an empty one where there is none,
 * and touches no other. Reads and writes do not wait for completeness; `ready` does, and stays true when a later release
 * completes its own: this one then still answers, with what it has.
 */
export interface SearchIndex extends Service, IndexContent {
  /** Whether this is the index that was completed last, so that nobody need send it the catalogue. */
  isComplete(): Promise<boolean>
  /** True while answers come from an index that stands in for this one: they are as true, but may be ranked otherwise. */
  readonly degraded?: boolean
  /**
   * Builds this index anew beside itself and puts the new one in its place at once, in every process that has it open. Until then the
   * old one answers. `fill` sends everything that is there after it is called; what others write meanwhile goes to both, so
   * nothing of it is missing afterwards. When `fill` throws all stays as it was, and its error is rethrown. One rebuild at a time:
   * `busy` when another is under way, and nothing was done.
   *
   * Then this is the complete index, and no other. Deletes indexes that were made before it, except the one that it replaces:
   * processes of the release before may still read that.
   */
  rebuild(fill: (next: IndexContent) => Promise<void>): Promise<RebuildOutcome>

  films(query: FilmQuery): Promise<FilmHitPage>
  /** What `films` answers to each without a text, and the error in the place of one that it refuses. A statement for every 100. */
  filmLists(
    queries: readonly Omit<FilmQuery, 'text'>[],
  ): Promise<readonly (FilmHitPage | RefusedList)[]>
  /** Exact number of films that `films` would page through. */
  filmCount(query: Pick<FilmQuery, 'text' | 'language' | 'filter'>): Promise<number>
  /** Counts per value under the query; each facet ignores its own filter, with all that it requires and excludes. */
  filmFacets(
    query: Pick<FilmQuery, 'text' | 'language' | 'filter'>,
    facets: readonly FilmFacet[],
  ): Promise<ReadonlyMap<FilmFacet, readonly FacetBucket[]>>
  /**
   * Films that have persons (in the same role) or genres in common with those of `to`, the most alike first, equals by id. A shared
   * director outweighs a writer, and both a shared actor, who weighs less the more actors there are; a genre weighs more the rarer
   * it is among the audiences; one strong likeness outweighs several weak ones. The type, the year and the rating decide between films
   * that are equal so far. The list ends: of a common genre only the films rated best need be in it, of a person of thousands of films none.
   */
  similarFilms(query: SimilarQuery): Promise<SimilarPage>
  /** What `similarFilms` answers to each, and the error in the place of one that it refuses. Two statements for every 100. */
  similarLists(queries: readonly SimilarQuery[]): Promise<readonly (SimilarPage | RefusedList)[]>
  /** Films per genre among `audiences`; every id asked for is in the answer. One statement however many ids. */
  filmCountsByGenre(
    genreIds: readonly string[],
    audiences: readonly string[],
  ): Promise<ReadonlyMap<string, number>>

  /** Films of each that `audiences` may see, in the order given. One statement however many are asked for. */
  filmCountsByPerson(
    persons: readonly CreditedPerson[],
    audiences: readonly string[],
  ): Promise<readonly number[]>
  /**
   * What each person did for each film, in the order given; nothing where there is no such credit. Of hidden films too: it is for films
   * that the viewer has been shown. One statement however many are asked for.
   */
  creditsOf(
    asked: readonly { filmId: string; personId: string }[],
  ): Promise<readonly (readonly Pick<FilmCredit, 'role' | 'characters'>[])[]>

  /** Every audience that some film has. */
  audiences(): Promise<readonly string[]>

  persons(query: NameQuery): Promise<HitPage<NamedHit>>
  personCount(query: Pick<NameQuery, 'text' | 'language'>): Promise<number>
  suggest(query: SuggestQuery): Promise<readonly Suggestion[]>
}
