/** What `work` comes to, or the error of `late` after `ms` milliseconds; then nobody hears how it ends. */
export async function within<T>(
  work: Promise<T>,
  ms: number,
  late: (problem: string) => Error = (problem) => new Error(problem),
): Promise<T> {
  const { promise, reject } = Promise.withResolvers<never>()
  const timer = setTimeout(() => reject(late(`no answer within ${ms} ms`)), ms)
  try {
    return await Promise.race([work, promise])
  } finally {
    clearTimeout(timer)
  }
}
