import { readdir, readFile } from 'node:fs/promises'
import { expect, it } from 'vitest'
import * as operations from './generated/operations.js'

const read = (file: string) => readFile(new URL(file, import.meta.url), 'utf8')
const readme = await read('../README.md')
const folder = new URL('documents/', import.meta.url)
const files = await Promise.all((await readdir(folder)).map((file) => read(`documents/${file}`)))

// `createCinegraphClient` runs these
const OF_THE_CLIENT = ['Register', 'LogIn', 'RefreshSession', 'LogOut', 'SessionTokens']

it('says above each document what it is for', () => {
  const definitions = files.flatMap((text) => text.split(/\n\n(?=#|query|mutation|fragment)/))
  expect(definitions.filter((text) => !/^# .+\.\n(query|mutation|fragment) /.test(text))).toEqual(
    [],
  )
  expect(definitions.length).toBe(Object.keys(operations).length)
})

it('names each document and each fragment in the README', () => {
  const shown = Object.keys(operations)
    .map((name) => name.replace(/FragmentDoc$/, ''))
    .filter((name) => !OF_THE_CLIENT.includes(name.replace(/Document$/, '')))
  expect(shown.filter((name) => !readme.includes(`\`${name}\``))).toEqual([])
})
