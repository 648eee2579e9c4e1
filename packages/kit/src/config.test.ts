import { expect, it } from 'vitest'
import { z } from 'zod'
import { ConfigError, integer, list, parseConfig, port, processEnv, urlOf } from './config.js'

const schema = z.object({
  PORT: port(4000),
  DATABASE_URL: urlOf('postgres', 'postgresql').describe('where the rows are'),
  SIGNING_KEY: z.string().min(40, 'must have 40 characters or more').describe('signs tokens'),
  POOL: integer({ min: 1, max: 50, default: 10 }),
  ORIGINS: list.optional(),
})
const url = 'postgresql://user:secret@localhost/films'
const key = 'k'.repeat(40)

const problemsOf = (env: Record<string, string>, of: z.ZodObject = schema) => {
  try {
    parseConfig(of, env)
  } catch (error) {
    if (error instanceof ConfigError) return error.problems
    throw error
  }
  throw new Error('no problem was found')
}

it('reads settings with their types and defaults', () => {
  expect(
    parseConfig(schema, { DATABASE_URL: url, SIGNING_KEY: key, POOL: '20', ORIGINS: ' a, ,b ' }),
  ).toEqual({ PORT: 4000, DATABASE_URL: url, SIGNING_KEY: key, POOL: 20, ORIGINS: ['a', 'b'] })
})

it('names every problem at once, one line a setting, and says what a setting is for', () => {
  expect(problemsOf({ PORT: '-1.5', POOL: 'many', SIGNING_KEY: 'short' })).toEqual([
    'PORT: must be a port number, 0 to 65535',
    'DATABASE_URL: is required (where the rows are)',
    'SIGNING_KEY: must have 40 characters or more (signs tokens)',
    'POOL: must be a whole number, 1 to 50',
  ])
})

it.each(['', '   '])('takes %j as unset', (blank) => {
  expect(problemsOf({ DATABASE_URL: blank, SIGNING_KEY: key })).toEqual([
    'DATABASE_URL: is required (where the rows are)',
  ])
  expect(parseConfig(schema, { DATABASE_URL: url, SIGNING_KEY: key, PORT: blank }).PORT).toBe(4000)
})

it('never repeats a value, which may be a secret', () => {
  const secrets = {
    PORT: 'hunter2',
    DATABASE_URL: 'mysql://root:hunter2@localhost',
    SIGNING_KEY: 'hunter2',
    POOL: 'hunter2',
    LOG_LEVEL: 'hunter2',
  }
  const problems = problemsOf(secrets, schema.extend(processEnv))
  expect(problems).toHaveLength(5)
  expect(problems.join()).not.toContain('hunter2')
})

it('tells a rule that joins settings as it is written', () => {
  const paired = z
    .object({ CERT: z.string().optional(), KEY: z.string().optional() })
    .refine((it) => !it.CERT === !it.KEY, { message: 'is needed with CERT', path: ['KEY'] })
    .refine((it) => it.CERT !== 'x', 'CERT and PORT do not fit together')
  expect(problemsOf({ CERT: 'x' }, paired)).toEqual([
    'KEY: is needed with CERT',
    'CERT and PORT do not fit together',
  ])
})

it.each(['0', '65535'])('takes port %s', (text) => {
  expect(parseConfig(z.object({ PORT: port(1) }), { PORT: text })).toEqual({ PORT: Number(text) })
})

it.each(['http:', 'postgres', '//x', 'ftp://x'])('refuses %s as a URL of http or https', (text) => {
  expect(problemsOf({ AT: text }, z.object({ AT: urlOf('http', 'https') }))).toEqual([
    'AT: must be a URL that starts with http: or https:',
  ])
})
