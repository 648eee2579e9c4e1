import type { Requirement } from './requirements.js'

export const SERVER_NAMES = ['kafka', 'elasticsearch', 'redis', 'postgres', 'toxiproxy'] as const
export type ServerName = (typeof SERVER_NAMES)[number]

/** A question of `check` that is not answered within this time (milliseconds) has failed. */
export const ANSWER_MS = 3_000

/** The programs of a server on this machine. */
export interface Installation {
  readonly version: string
  readonly folder: string
}

/** How a server is reached. */
export interface Access {
  /** On 127.0.0.1; the first one is that of its clients. */
  readonly ports: readonly [number, ...number[]]
  readonly password: string
}

/** What a network leads to, and where clients find it. */
export interface Distant {
  /** As the network reaches it, with credentials. */
  readonly server: string
  /** Of 127.0.0.1: where the network must listen; absent where any port will do. */
  readonly port?: number
}

/** The same server by TLS. */
export interface Tls {
  /** With credentials. */
  readonly url: string
  /** PEM: whom a client has to trust for it. */
  readonly certificate: string
}

/** One server, about to be started. */
export interface Instance extends Access {
  /** Its own: data, settings. Belongs to the user that it runs as. */
  readonly folder: string
  readonly installation: Installation
}

/** What is run to start a server: a program that stays, and ends with it. */
export interface Program {
  readonly command: string
  readonly args: readonly string[]
  /** The folder that it starts in. */
  readonly cwd: string
  /** Its whole environment. */
  readonly env: Readonly<Record<string, string>>
}

/** All that is particular to one kind of server. Everything else is the same for each. */
export interface ServerKind {
  readonly name: ServerName
  /** How many ports it listens on. */
  readonly portCount: number
  /** Asks it to finish what it does and end. */
  readonly stopSignal: 'SIGTERM' | 'SIGINT'
  /** What this machine must have to run it. */
  readonly toRun: readonly Requirement[]
  /** What it must have as well while the server is not yet installed. */
  readonly toInstall: readonly Requirement[]
  /** The programs when they are here already. `cache` is the folder that all checkouts of this machine share. */
  find(cache: string): Promise<Installation | undefined>
  /** Gets the programs when they are not. */
  install(cache: string): Promise<Installation>
  /** Writes settings, and makes the data folder when there is none. */
  prepare(instance: Instance): Promise<Program>
  /** With credentials. */
  url(access: Access): string
  /** Of a server that tells its clients where it is: how a network has to be opened for them to stay in it. */
  distant?(access: Access): Distant
  /** Of a server that also listens by TLS; `folder` is that of its Instance. */
  tls?(access: Access, folder: string): Promise<Tls>
  /** Asks the server behind `url` through its protocol, with its credentials. Rejects unless it serves. */
  check(url: string): Promise<void>
}
