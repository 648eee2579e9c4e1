import { createLogger } from '@cinegraph/kit/logger'
import pg from 'pg'
import { expect, it } from 'vitest'
import { openSearchIndex } from './open.js'

const pool = new pg.Pool({ connectionString: 'postgresql://user@127.0.0.1:5432/cinegraph' })
const open = (url: string) =>
  openSearchIndex({ url, postgres: { pool }, log: createLogger({ name: 'test' }) })

it.each([
  'postgresql://user@127.0.0.1:5432/cinegraph',
  'postgres://other:secret@127.0.0.1/cinegraph?sslmode=disable',
])('opens the database of the process by %s', (url) => {
  expect(open(url).name).toBe('search')
})

it.each(['', 'cinegraph', 'memory:', 'redis://127.0.0.1'])('refuses %j', (url) => {
  expect(() => open(url)).toThrow('SEARCH_URL: must be a URL that starts with')
})

it.each(['postgresql://user@127.0.0.1:5433/cinegraph', 'postgresql://user@127.0.0.1/other'])(
  'refuses the other database %s',
  (url) => {
    expect(() => open(url)).toThrow('SEARCH_URL: a Postgres index lives in the database of')
  },
)

it.each(['http://127.0.0.1:9200', 'https://user:p%40ss@search.example/?prefix=other'])(
  'opens Elasticsearch by %s',
  (url) => {
    expect(open(url).name).toBe('search')
  },
)

it.each([
  [
    'https://127.0.0.1:9200/?index=x',
    'SEARCH_URL: the parameter index is not one of prefix, budgetMs',
  ],
  [
    'https://127.0.0.1:9200/?budgetMs=x',
    'SEARCH_URL: budgetMs must be a whole number of milliseconds, 1 to 10000',
  ],
  ['https://127.0.0.1:9200/?prefix=Ours', 'SEARCH_URL: prefix must be of a-z'],
  ['https://127.0.0.1:9200/?prefix=-ours*', 'SEARCH_URL: prefix must be of a-z'],
])('refuses %s', (url, message) => {
  expect(() => open(url)).toThrow(message)
})
