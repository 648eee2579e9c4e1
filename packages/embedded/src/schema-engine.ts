import { PrismaPg } from '@prisma/adapter-pg'
import {
  bindMigrationAwareSqlAdapterFactory,
  ColumnTypeEnum,
  type SqlDriverAdapter,
  type SqlMigrationAwareDriverAdapterFactory,
} from '@prisma/driver-adapter-utils'
import type { MigrationList, SchemaEngine } from '@prisma/schema-engine-wasm'
import pg from 'pg'
import type { Migration } from './migrations.js'

const CHAR_TYPE = 18
const TEXT_TYPE = 25

/** Without it a panic of the engine has no message. */
const PANIC_REGISTRY = {
  set_message(message: string): never {
    throw new Error(message)
  },
}

/** A `.prisma` file. */
export interface SchemaFile {
  readonly path: string
  readonly content: string
}

export const NO_FILTERS = { externalTables: [], externalEnums: [] }

/** What the engine would read from the folder prisma/migrations. */
export const migrationList = (migrations: readonly Migration[]): MigrationList => ({
  baseDir: 'prisma/migrations',
  lockfile: { path: 'migration_lock.toml', content: 'provider = "postgresql"\n' },
  shadowDbInitScript: '',
  migrationDirectories: migrations.map(({ name, sql }) => ({
    path: name,
    migrationFile: { path: 'migration.sql', content: { tag: 'ok', value: sql } },
  })),
})

export interface EngineOptions {
  url: string
  /** An empty database in which the engine may build anything. */
  shadowUrl?: string
  schema: readonly SchemaFile[]
}

/** Runs `use` with Prisma's schema engine, as WebAssembly, over a database; nothing is downloaded. */
export async function withSchemaEngine<T>(
  { url, shadowUrl, schema }: EngineOptions,
  use: (engine: SchemaEngine) => Promise<T>,
): Promise<T> {
  Object.assign(globalThis, { PRISMA_WASM_PANIC_REGISTRY: PANIC_REGISTRY })
  const { SchemaEngine } = await import('@prisma/schema-engine-wasm')
  const main = introspecting(url)
  const shadow = shadowUrl === undefined ? main : introspecting(shadowUrl)
  const factory: SqlMigrationAwareDriverAdapterFactory = {
    provider: 'postgres',
    adapterName: main.adapterName,
    connect: main.connect,
    // by itself PrismaPg takes the main database as its shadow
    connectToShadowDb: shadow.connect,
  }
  try {
    using engine = await SchemaEngine.new(
      { datamodels: schema.map((file) => [file.path, file.content]) },
      () => {},
      bindMigrationAwareSqlAdapterFactory(factory),
    )
    return await use(engine)
  } finally {
    await Promise.all([...new Set([main, shadow])].map((database) => database.end()))
  }
}

/**
 * The engine reads catalogue columns of type "char", which PrismaPg refuses, and PrismaPg has no other type that becomes
 * a character: it is told text, and the type of those columns is corrected in its answer.
 */
function introspecting(connectionString: string) {
  const characters = new Set<string>()
  class Client extends pg.Client {
    constructor(config?: string | pg.ClientConfig) {
      super(config)
      const { connection } = this as unknown as { connection: NodeJS.EventEmitter }
      connection.prependListener('rowDescription', (message: { fields: pg.FieldDef[] }) => {
        for (const field of message.fields.filter((it) => it.dataTypeID === CHAR_TYPE)) {
          characters.add(field.name)
          field.dataTypeID = TEXT_TYPE
        }
      })
    }
  }
  const pool = new pg.Pool({ connectionString, Client })
  const factory = new PrismaPg(pool)
  return {
    adapterName: factory.adapterName,
    end: () => pool.end(),
    connect: async (): Promise<SqlDriverAdapter> => {
      const adapter = await factory.connect()
      const queryRaw = adapter.queryRaw.bind(adapter)
      adapter.queryRaw = async (query) => {
        const result = await queryRaw(query)
        const columnTypes = result.columnTypes.map((type, index) =>
          characters.has(result.columnNames[index]!) ? ColumnTypeEnum.Character : type,
        )
        return { ...result, columnTypes }
      }
      // PrismaPg's own cuts a script at every semicolon, those of functions and comments too
      adapter.executeScript = async (script) => {
        await pool.query(script)
      }
      return adapter
    },
  }
}
