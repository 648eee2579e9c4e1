import { expect, it } from 'vitest'
import { z } from 'zod'
import { integer, list, port, processEnv, urlOf } from './config.js'
import { envRows } from './env-docs.js'

it('lists settings in order, with what a person needs to set them', () => {
  const schema = z.object({
    PORT: port(4002).describe('port to listen on'),
    DATABASE_URL: urlOf('postgresql').describe('where the rows are'),
    ORIGINS: list.default(['http://a', 'http://b']).describe('who may call'),
    METRICS: z.stringbool().default(true).describe('whether to count'),
    KEY: z.string().describe('signs tokens').optional(),
    POOL: integer({ min: 1, max: 50, default: 10 }).describe('connections at most'),
  })
  expect(envRows(schema)).toEqual([
    { name: 'PORT', required: false, default: '4002', description: 'port to listen on' },
    { name: 'DATABASE_URL', required: true, default: undefined, description: 'where the rows are' },
    { name: 'ORIGINS', required: false, default: 'http://a,http://b', description: 'who may call' },
    { name: 'METRICS', required: false, default: 'true', description: 'whether to count' },
    { name: 'KEY', required: false, default: undefined, description: 'signs tokens' },
    { name: 'POOL', required: false, default: '10', description: 'connections at most' },
  ])
})

it('describes the settings that every process has', () => {
  expect(envRows(z.object(processEnv)).map((row) => row.name)).toEqual([
    'HOST',
    'LOG_LEVEL',
    'SHUTDOWN_MS',
    'SHUTDOWN_DELAY_MS',
  ])
})

it('refuses a setting without a description', () => {
  expect(() => envRows(z.object({ PORT: port(1) }))).toThrow('the setting PORT has no description')
})
