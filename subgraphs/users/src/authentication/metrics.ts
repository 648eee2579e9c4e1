import { Counter, type Registry } from '@cinegraph/kit/metrics'

/** What authentication reports about itself. */
export const createAuthenticationMetrics = (registry: Registry) => ({
  logins: new Counter({
    name: 'cinegraph_users_logins_total',
    help: 'Passwords typed to log in or to confirm who asks, by outcome as in the login history',
    labelNames: ['outcome'] as const,
    registers: [registry],
  }),
})
export type AuthenticationMetrics = ReturnType<typeof createAuthenticationMetrics>
