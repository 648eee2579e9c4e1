import { CinegraphError } from '../src/errors.js'

/** The error that a promise rejects with; anything else is an error of the test. */
export const caught = async (promise: Promise<unknown>): Promise<CinegraphError> => {
  const error = await promise.then(
    () => undefined,
    (it: unknown) => it,
  )
  if (error instanceof CinegraphError) return error
  throw new Error('no CinegraphError came', { cause: error })
}
