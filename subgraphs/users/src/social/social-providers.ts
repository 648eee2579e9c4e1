import { DependencyError } from '@cinegraph/kit/errors'
import { Histogram, type Registry } from '@cinegraph/kit/metrics'
import { ResponseBodyError } from 'oauth4webapi'
import { createGoogle, type GoogleOptions } from './google.provider.js'
import { PROVIDER_NAMES, SocialProvider, type SocialProviderAdapter } from './social-provider.js'
import { createYandex, type YandexOptions } from './yandex.provider.js'

export interface SocialSettings {
  /** Where a provider may send people back to, exactly. */
  redirectUris: readonly string[]
  /** How long a provider may take to say who somebody is. */
  timeoutMs: number
  yandex?: YandexOptions | undefined
  google?: GoogleOptions | undefined
}

/** Those that are set up here. */
export type SocialProviders = ReadonlyMap<SocialProvider, SocialProviderAdapter>

export function createSocialProviders(
  { yandex, google, timeoutMs }: SocialSettings,
  metrics: Registry,
): SocialProviders {
  const durations = new Histogram({
    name: 'cinegraph_users_social_provider_duration_seconds',
    help: 'Questions to Yandex and Google who somebody is, by outcome: identified, refused, ended, or failed',
    labelNames: ['provider', 'outcome'] as const,
    buckets: [0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10],
    registers: [metrics],
  })
  const given: [SocialProvider, SocialProviderAdapter | undefined][] = [
    [SocialProvider.YANDEX, yandex && createYandex(yandex)],
    [SocialProvider.GOOGLE, google && createGoogle(google, timeoutMs)],
  ]
  return new Map(
    given.flatMap(([provider, adapter]) =>
      adapter ? [[provider, guarded(provider, adapter, { timeoutMs, durations })]] : [],
    ),
  )
}

/** Gives a provider its time, counts what it answers, and names whatever goes wrong. */
function guarded(
  provider: SocialProvider,
  adapter: SocialProviderAdapter,
  options: { timeoutMs: number; durations: Histogram<'provider' | 'outcome'> },
): SocialProviderAdapter {
  const within = (signal: AbortSignal) =>
    AbortSignal.any([signal, AbortSignal.timeout(options.timeoutMs)])
  const fail = (error: unknown): never => {
    throw failureOf(provider, error)
  }
  return {
    authorizationUrl: (request, signal) =>
      adapter.authorizationUrl(request, within(signal)).catch(fail),
    async identify(request, callback, signal) {
      const stop = options.durations.startTimer({ provider })
      try {
        const answer = await adapter.identify(request, callback, within(signal))
        stop({ outcome: answer.kind })
        return answer
      } catch (error) {
        stop({ outcome: 'failed' })
        return fail(error)
      }
    },
  }
}

/** The errors of the library hold whole answers, tokens too: only their words go into ours, and so into the log. */
function failureOf(provider: SocialProvider, error: unknown): DependencyError {
  // a fetch that fails says why in its cause
  const words = error instanceof TypeError ? [error, error.cause] : [error]
  const message = `${PROVIDER_NAMES[provider]} did not say who somebody is: ${words.map(wordsOf).join(', ')}`
  return new DependencyError(provider.toLowerCase(), message)
}

function wordsOf(error: unknown): string {
  if (!(error instanceof Error)) return 'no reason given'
  // such as `invalid_client`, which is for the operator to put right
  const code = error instanceof ResponseBodyError ? ` (${error.error.slice(0, 64)})` : ''
  return `${error.name}: ${error.message}${code}`
}
