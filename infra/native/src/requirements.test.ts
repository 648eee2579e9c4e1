import { tmpdir } from 'node:os'
import { expect, test } from 'vitest'
import { diskSpace, type Requirement, unmet } from './requirements.js'

const requirement = (text: string, met: boolean): Requirement => ({ text, isMet: async () => met })
const java = requirement('Java', false)

test('all that is missing is named at once, with whoever needs it', async () => {
  const needs = [
    { server: 'kafka', requirement: java },
    { server: 'kafka', requirement: requirement('Maven', true) },
    { server: 'redis', requirement: requirement('apt-get', false) },
    { server: 'elasticsearch', requirement: java },
  ]
  expect(await unmet(needs, tmpdir())).toEqual(['kafka, elasticsearch: Java', 'redis: apt-get'])
})

test('disk is measured where the programs go', async () => {
  expect(await diskSpace(1).isMet(tmpdir())).toBe(true)
  expect(await diskSpace(1e12).isMet(tmpdir())).toBe(false)
})
