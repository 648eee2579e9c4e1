import { type Editor, NothingToEdit } from './editor.js'

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

/** Everything that editors do to a catalogue, one thing after another, chosen by `random`. Several may edit the same entities. */
export class RandomEdits {
  constructor(
    private readonly editor: Editor,
    private readonly random: () => number,
    private readonly ids: { film: string[]; person: string[]; genre: string[] },
  ) {}

  /** Does one edit. Whatever it chose may just have been deleted by another: then nothing has changed. */
  async next(): Promise<void> {
    try {
      await this.pick(this.edits)()
    } catch (error) {
      if (!(error instanceof NothingToEdit)) throw error
    }
  }

  private readonly edits: readonly (() => Promise<unknown>)[] = [
    () => this.create('film', this.editor.createFilm(this.text())),
    () => this.create('film', this.editor.createFilm(this.text())),
    () => this.create('person', this.editor.createPerson(this.text())),
    () => this.create('person', this.editor.createPerson(this.text())),
    () => this.create('genre', this.editor.createGenre(this.text())),
    () => this.editor.retitleFilm(this.some('film'), this.text()),
    () => this.editor.showFilm(this.some('film'), this.number(4)),
    () => this.editor.showFilm(this.some('film'), this.number(4)),
    () => this.editor.deleteFilm(this.some('film')),
    () => this.editor.restoreFilm(this.some('film')),
    () => this.editor.renamePerson(this.some('person'), this.text()),
    () => this.editor.renamePerson(this.some('person'), this.text()),
    () => this.editor.renameGenre(this.some('genre'), this.text()),
    () => this.editor.deletePerson(this.some('person')),
    () => this.editor.deleteGenre(this.some('genre')),
    () => this.merge(),
    ...Array.from({ length: 6 }, () => () => this.link()),
  ]

  private async create(kind: keyof RandomEdits['ids'], created: Promise<string>): Promise<void> {
    this.ids[kind].push(await created)
  }

  private async merge(): Promise<void> {
    const [one, other] = [this.some('person'), this.some('person')]
    if (one !== other) await this.editor.mergePersons(one, other)
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

  private some(kind: keyof RandomEdits['ids']): string {
    const known = this.ids[kind]
    if (known.length === 0) throw new NothingToEdit()
    return this.pick(known)
  }

  private text(): string {
    return `${this.pick(WORDS)} ${this.pick(WORDS)} ${this.number(100)}`
  }
}
