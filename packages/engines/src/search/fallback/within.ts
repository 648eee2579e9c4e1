import { DependencyError } from '@cinegraph/kit/errors'

/** The answer, unless it takes longer: then a DependencyError, and whoever works on it is left alone. */
export async function within<T>(ms: number, answer: Promise<T>): Promise<T> {
  const late = Promise.withResolvers<never>()
  const timer = setTimeout(
    () => late.reject(new DependencyError('search', `no answer within ${ms} ms`)),
    ms,
  )
  try {
    return await Promise.race([answer, late.promise])
  } finally {
    clearTimeout(timer)
    answer.catch(() => {})
  }
}
