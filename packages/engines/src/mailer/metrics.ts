import { Counter, type Registry } from '@cinegraph/kit/metrics'

/** What a mailer reports about itself. Without a registry it counts for nobody. */
export const createMailCounter = (registry: Registry | undefined) =>
  new Counter({
    name: 'cinegraph_mails_total',
    help: 'Mails by outcome: accepted, refused (no mail for this address) or failed',
    labelNames: ['outcome'] as const,
    registers: registry ? [registry] : [],
  })
