import { randomInt, randomUUID } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import {
  createCinegraphClient,
  FilmPageDocument,
  MeDocument,
  SearchResultsDocument,
} from '@cinegraph/sdk'
import { ask, type Request } from '../harness.js'

const READERS = 3
const EDITORS = 2
/** What somebody had begun when something happened, and what they began meanwhile. */
const TURNS = 2
/** The pause of whoever was refused. */
const PAUSE_MS = 100
/** Where people look, by address and by search. */
const PLACES = [
  ['metropolis-1927', 'metropolis'],
  ['napoleon-1927', 'броненосец'],
  ['battleship-potemkin-1925', 'sergei eisenstien'],
] as const
const EDIT = `mutation ($id: ID!, $version: Int!, $title: String!) {
  updateFilm(id: $id, version: $version, input: { translations: { en: { title: $title } } }) { ... on Film { version } }
}`
const SIGN_UP = `mutation ($login: String!) {
  register(input: { login: $login, password: "a long way from home" }) { __typename }
}`

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

/** What was not done, and why. */
export class RefusedError extends Error {
  constructor(
    readonly codes: readonly unknown[],
    message: string,
  ) {
    super(message)
  }
}

/** People who read, edit and sign up, each of whom waits for the answer, and what became of it. */
export class Load {
  readonly films: EditedFilm[] = []
  /** Logins of those who signed up. */
  readonly signedUp: string[] = []
  /** What went wrong, each time. */
  readonly failed = { reads: [] as unknown[], edits: [] as unknown[], signUps: [] as unknown[] }
  /** How often each of them was answered, well or not. */
  private readonly turns: number[] = []
  private readonly running: Promise<void>[] = []
  private readonly waiting = new Set<() => void>()
  private stopped = false

  constructor(private readonly options: LoadOptions) {}

  async start(): Promise<void> {
    const client = createCinegraphClient({ url: `${this.options.url}/graphql` })
    await client.logIn(this.options.login, this.options.password)
    for (let reader = 0; reader < READERS; reader++) {
      this.repeat(this.failed.reads, (turn) => this.read(client, turn + reader))
    }
    for (let editor = 0; editor < EDITORS; editor++) {
      const film = await this.createFilm()
      this.repeat(this.failed.edits, () => this.edit(film))
    }
    this.repeat(this.failed.signUps, () => this.signUp())
  }

  /** Resolves when `happens` is over and everybody was answered TURNS times since it began, well or not. */
  async during<T>(happens: () => Promise<T>): Promise<T> {
    const goals = this.turns.map((turn) => turn + TURNS)
    const result = await happens()
    while (goals.some((goal, who) => this.turns[who]! < goal)) {
      await new Promise<void>((resolve) => this.waiting.add(resolve))
    }
    return result
  }

  async stop(): Promise<void> {
    this.stopped = true
    await Promise.all(this.running)
  }

  private repeat(failures: unknown[], once: (turn: number) => Promise<void>): void {
    const who = this.turns.push(0) - 1
    const work = async () => {
      while (!this.stopped) {
        await once(this.turns[who]!).catch(async (error: unknown) => {
          failures.push(error)
          await sleep(PAUSE_MS)
        })
        this.turns[who]! += 1
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
    await reads[Math.floor(turn / PLACES.length) % reads.length]!()
  }

  private async createFilm(): Promise<EditedFilm> {
    const title = randomUUID()
    const query = `mutation ($title: String!) {
      createFilm(input: { type: MOVIE, originalLanguage: "en", ageRating: 0, translations: { en: { title: $title } } }) { id version }
    }`
    const created = await this.ask({ query, variables: { title }, token: this.options.editor })
    const { id, version } = created['createFilm'] as { id: string; version: number }
    const film = { id, acknowledged: [{ version, title }], unanswered: [] }
    this.films.push(film)
    return film
  }

  private async edit({ id, acknowledged, unanswered }: EditedFilm): Promise<void> {
    const title = randomUUID()
    const { editor: token } = this.options
    try {
      const query = 'query ($id: ID!) { film(id: $id) { version } }'
      const { film } = await this.ask({ query, variables: { id }, token })
      const { version } = film as { version: number }
      const edited = await this.ask({ query: EDIT, variables: { id, version, title }, token })
      const result = edited['updateFilm'] as { version?: number }
      // somebody edited it meanwhile: an edit of before, of which there was no answer
      if (result.version === undefined) throw new RefusedError(['CONFLICT'], id)
      acknowledged.push({ version: result.version, title })
    } catch (error) {
      unanswered.push(title)
      throw error
    }
  }

  private async signUp(): Promise<void> {
    const login = `login-${randomUUID()}`
    // each from somewhere else, or they would be too many
    const address = `198.18.${randomInt(256)}.${randomInt(256)}`
    await this.ask({ query: SIGN_UP, variables: { login }, address })
    this.signedUp.push(login)
  }

  private async ask(request: Request): Promise<Record<string, unknown>> {
    const { data, errors } = await ask(this.options.url, request)
    if (errors) {
      const codes = errors.map(({ extensions }) => extensions['code'])
      throw new RefusedError(codes, JSON.stringify(errors))
    }
    return data!
  }
}
