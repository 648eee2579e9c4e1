import { Counter, type Registry } from '@cinegraph/kit/metrics'

/** What authentication reports about itself. */
export const createAuthenticationMetrics = (registry: Registry) => ({
  passwordsChecked: new Counter({
    name: 'cinegraph_users_passwords_checked_total',
    help: 'Passwords typed to log in or to confirm who asks, by outcome: success, wrong_password, blocked, too_many_attempts',
    labelNames: ['outcome'] as const,
    registers: [registry],
  }),
})
export type AuthenticationMetrics = ReturnType<typeof createAuthenticationMetrics>
