import { setImmediate } from 'node:timers/promises'

/** `target` as if over a network: a call reaches it some turns of the event loop later, not always the same number. */
export function slow<T extends object>(target: T): T {
  let calls = 0
  return new Proxy(target, {
    get(_, name) {
      const member: unknown = Reflect.get(target, name)
      if (typeof member !== 'function') return member
      return async (...args: unknown[]): Promise<unknown> => {
        for (let turns = (calls++ * 3) % 5; turns > 0; turns--) await setImmediate()
        return Reflect.apply(member, target, args)
      }
    },
  })
}
