import { expect, it } from 'vitest'
import { within } from './within.js'

const never = new Promise<never>(() => {})

it('is what the work comes to, when that is in time', async () => {
  expect(await within(Promise.resolve('done'), 60_000)).toBe('done')
  await expect(within(Promise.reject(new Error('broken')), 60_000)).rejects.toThrow('broken')
})

it('says how long it waited, in an error of the caller’s choice', async () => {
  await expect(within(never, 1)).rejects.toThrow('no answer within 1 ms')
  const late = (problem: string) => new RangeError(problem)
  await expect(within(never, 1, late)).rejects.toThrow(RangeError)
})
