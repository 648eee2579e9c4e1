import { randomInt, randomUUID } from 'node:crypto'
import {
  createCinegraphClient,
  FilmPageDocument,
  MeDocument,
  SearchResultsDocument,
} from '@cinegraph/sdk'
import { type Answer, ask } from '../harness.js'

const READERS = 3
const EDITORS = 2
/** What is done at least while something happens to a process. */
const MEANWHILE = { reads: 9, edits: 3, signUps: 1 }
/** Where people look, by address and by search. */
const PLACES = [
  ['metropolis-1927', 'metropolis'],
  ['napoleon-1927', 'броненосец'],
  ['battleship-potemkin-1925', 'sergei eisenstien'],
] as const

export interface Edit {
  readonly version: number
  readonly title: string
}

/** A film that one editor alone edits. */
export interface EditedFilm {
  readonly id: string
  /** Those that were answered, its making among them. */
  readonly acknowledged: Edit[]
  /** Titles of edits that were not answered. */
  readonly unanswered: string[]
}

export interface LoadOptions {
  /** The public address. */
  readonly url: string
  readonly login: string
  readonly password: string
  /** Of somebody who may edit films. */
  readonly editor: string
}

/** People who read, edit and sign up, each of whom waits for the answer, and what became of it. */
export class Load {
  readonly films: EditedFilm[] = []
  /** Logins of those who signed up. */
  readonly signedUp: string[] = []
  /** Of reads, each with what went wrong. */
  readonly failedReads: unknown[] = []
  /** Of edits and sign-ups. */
  readonly failedWrites: unknown[] = []
  private readonly counts = { reads: 0, edits: 0, signUps: 0 }
  private readonly running: Promise<void>[] = []
  private readonly waiting = new Set<() => void>()
  private stopped = false

  constructor(private readonly options: LoadOptions) {}

  async start(): Promise<void> {
    const client = createCinegraphClient({ url: `${this.options.url}/graphql` })
    await client.logIn(this.options.login, this.options.password)
    for (let reader = 0; reader < READERS; reader++) {
      this.repeat('reads', (turn) => this.read(client, turn + reader))
    }
    for (let editor = 0; editor < EDITORS; editor++) {
      const film = await this.createFilm()
      this.repeat('edits', () => this.edit(film))
    }
    this.repeat('signUps', () => this.signUp())
  }

  /** Resolves when `happens` is over and as much as MEANWHILE was done since it began, whether it failed or not. */
  async during<T>(happens: () => Promise<T>): Promise<T> {
    const goal = { ...this.counts }
    for (const [kind, more] of entries(MEANWHILE)) goal[kind] += more
    const result = await happens()
    while (entries(goal).some(([kind, count]) => this.counts[kind] < count)) {
      await new Promise<void>((resolve) => this.waiting.add(resolve))
    }
    return result
  }

  async stop(): Promise<void> {
    this.stopped = true
    await Promise.all(this.running)
  }

  private repeat(kind: keyof typeof MEANWHILE, once: (turn: number) => Promise<void>): void {
    const work = async () => {
      for (let turn = 0; !this.stopped; turn++) {
        await once(turn)
        this.counts[kind]++
        for (const told of this.waiting) told()
        this.waiting.clear()
      }
    }
    this.running.push(work())
  }

  private async read(
    client: ReturnType<typeof createCinegraphClient>,
    turn: number,
  ): Promise<void> {
    const [slug, text] = PLACES[turn % PLACES.length]!
    const reads = [
      () => client.request(FilmPageDocument, { slug, language: 'EN' }),
      () => client.request(SearchResultsDocument, { text, language: 'EN', first: 3 }),
      () => client.request(MeDocument),
    ]
    try {
      await reads[Math.floor(turn / PLACES.length) % reads.length]!()
    } catch (error) {
      this.failedReads.push(error)
    }
  }

  private async createFilm(): Promise<EditedFilm> {
    const title = randomUUID()
    const query = `mutation ($title: String!) {
      createFilm(input: { type: MOVIE, originalLanguage: "en", ageRating: 0, translations: { en: { title: $title } } }) { id version }
    }`
    const { data, errors } = await this.write(query, { title })
    if (errors) throw new Error(JSON.stringify(errors))
    const { id, version } = data!['createFilm'] as { id: string; version: number }
    const film = { id, acknowledged: [{ version, title }], unanswered: [] }
    this.films.push(film)
    return film
  }

  private async edit({ id, acknowledged, unanswered }: EditedFilm): Promise<void> {
    const title = randomUUID()
    try {
      const version = await this.versionOf(id)
      const query = `mutation ($id: ID!, $version: Int!, $title: String!) {
        updateFilm(id: $id, version: $version, input: { translations: { en: { title: $title } } }) { ... on Film { version } }
      }`
      const { data, errors } = await this.write(query, { id, version, title })
      const edited = data?.['updateFilm'] as { version?: number } | null | undefined
      if (edited?.version === undefined) throw new Error(JSON.stringify({ data, errors }))
      acknowledged.push({ version: edited.version, title })
    } catch (error) {
      unanswered.push(title)
      this.failedWrites.push(error)
    }
  }

  private async versionOf(id: string): Promise<number> {
    const { data } = await this.write('query ($id: ID!) { film(id: $id) { version } }', { id })
    return (data!['film'] as { version: number }).version
  }

  private async signUp(): Promise<void> {
    const login = `login-${randomUUID()}`
    const query = `mutation ($login: String!) {
      register(input: { login: $login, password: "a long way from home" }) { __typename }
    }`
    try {
      // each from somewhere else, or they would be too many
      const address = `198.18.${this.counts.signUps % 256}.${randomInt(256)}`
      const request = { query, variables: { login }, address }
      const { data, errors } = await ask(this.options.url, request)
      if (data?.['register'] === undefined || errors) throw new Error(JSON.stringify(errors))
      this.signedUp.push(login)
    } catch (error) {
      this.failedWrites.push(error)
    }
  }

  private write(query: string, variables: Record<string, unknown>): Promise<Answer> {
    return ask(this.options.url, { query, variables, token: this.options.editor })
  }
}

const entries = (counts: Readonly<Record<keyof typeof MEANWHILE, number>>) =>
  Object.entries(counts) as [keyof typeof MEANWHILE, number][]
