import { describeCache } from './cache.contract.js'
import { openCache } from './open.js'

describeCache('memory:', async ({ log }) => {
  let at = 0
  return {
    cache: openCache({ url: 'memory:', log, now: () => new Date(at) }),
    async advance(ms) {
      at += ms
    },
  }
})
