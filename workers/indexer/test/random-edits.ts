import { type Editor, MOVES, NothingToEdit } from './editor.js'

/** Mulberry32: the same numbers from 0 to below 1 for the same seed. */
export function randomOf(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
  }
}

const WORDS = ['Aurora', 'Comet', 'Winter', 'Harbour', 'Mirror', 'Orchard', 'Signal', 'Tide']
const ROLES = ['subscriber', null]

const often = <T>(times: number, edit: T): T[] => Array.from({ length: times }, () => edit)

/** What writers know of the catalogue that they edit together. */
export class KnownIds {
  readonly film: string[] = []
  readonly person: string[] = []
  readonly genre: string[] = []

  forget(kind: 'person' | 'genre', id: string): void {
    const place = this[kind].indexOf(id)
    if (place >= 0) this[kind].splice(place, 1)
  }
}

/** Everything that editors do to a catalogue, one thing after another, chosen by `random`. Several may edit the same entities. */
export class RandomEdits {
  constructor(
    private readonly editor: Editor,
    private readonly random: () => number,
    private readonly known: KnownIds,
  ) {}

  /** Linked films, so that there is something to edit. */
  async begin(): Promise<void> {
    for (let person = 0; person < 12; person++) await this.createPerson()
    for (let genre = 0; genre < 5; genre++) await this.createGenre()
    for (let film = 0; film < 20; film++) await this.createFilm()
    for (let link = 0; link < 20; link++) await this.link()
  }

  /** Does one edit. Where it is refused, e.g. because another writer has just deleted what it chose, it chooses again. */
  async next(): Promise<void> {
    try {
      await this.pick(this.edits)()
    } catch (error) {
      if (!(error instanceof NothingToEdit)) throw error
      await this.next()
    }
  }

  private readonly edits: readonly (() => Promise<void>)[] = [
    ...often(2, () => this.createFilm()),
    ...often(2, () => this.editor.saveSeason(this.some('film'), this.number(4), this.text())),
    ...often(1, () => this.editor.deleteSeason(this.some('film'), this.number(4))),
    ...often(3, () => this.createPerson()),
    ...often(1, () => this.createGenre()),
    ...often(2, () => this.editor.retitleFilm(this.some('film'), this.text())),
    ...often(3, () => this.editor.moveFilm(this.some('film'), this.pick(MOVES))),
    ...often(1, () => this.editor.restrictFilm(this.some('film'), this.pick(ROLES))),
    ...often(1, () => this.editor.moveFilm(this.some('film'), 'deleteFilm')),
    ...often(2, () => this.editor.moveFilm(this.some('film'), 'restoreFilm')),
    ...often(4, () => this.editor.renamePerson(this.some('person'), this.text())),
    ...often(2, () => this.editor.renameGenre(this.some('genre'), this.text())),
    ...often(1, () => this.deletePerson()),
    ...often(1, () => this.deleteGenre()),
    ...often(1, () => this.merge()),
    ...often(6, () => this.link()),
  ]

  private async createFilm(): Promise<void> {
    const type = this.pick(['MOVIE', 'TV_SHOW'] as const)
    this.known.film.push(await this.editor.createFilm(this.text(), type))
  }

  private async createPerson(): Promise<void> {
    this.known.person.push(await this.editor.createPerson(this.text()))
  }

  private async createGenre(): Promise<void> {
    this.known.genre.push(await this.editor.createGenre(this.text()))
  }

  private async deletePerson(): Promise<void> {
    const person = this.some('person')
    await this.editor.deletePerson(person)
    this.known.forget('person', person)
  }

  private async deleteGenre(): Promise<void> {
    const genre = this.some('genre')
    await this.editor.deleteGenre(genre)
    this.known.forget('genre', genre)
  }

  private async merge(): Promise<void> {
    const [stays, goes] = [this.some('person'), this.some('person')]
    if (stays === goes) throw new NothingToEdit()
    await this.editor.mergePersons(stays, goes)
    this.known.forget('person', goes)
  }

  private link(): Promise<void> {
    const several = (kind: 'person' | 'genre', most: number) => [
      ...new Set(Array.from({ length: this.number(most) }, () => this.some(kind))),
    ]
    const links = { genreIds: several('genre', 4), personIds: several('person', 6) }
    return this.editor.linkFilm(this.some('film'), links)
  }

  private readonly number = (below: number) => Math.floor(this.random() * below)
  private pick<T>(from: readonly T[]): T {
    return from[this.number(from.length)]!
  }

  private some(kind: 'film' | 'person' | 'genre'): string {
    const known = this.known[kind]
    if (known.length === 0) throw new NothingToEdit()
    return this.pick(known)
  }

  private text(): string {
    return `${this.pick(WORDS)} ${this.pick(WORDS)} ${this.number(100)}`
  }
}
