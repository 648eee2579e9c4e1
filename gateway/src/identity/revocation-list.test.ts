import { describe, expect, it } from 'vitest'
import { createRevocationList } from './revocation-list.js'

const token = { sessionId: 's1', userId: 'u1', generation: 1, keyId: 'k1' }
let seconds = 1_000_000
const now = () => new Date(seconds * 1_000)
const inSeconds = (life: number) => new Date((seconds + life) * 1_000).toISOString()

function listOf(...given: Parameters<ReturnType<typeof createRevocationList>['add']>[0]) {
  const list = createRevocationList(now)
  list.add(given)
  return list
}

describe('a list of revocations', () => {
  it('concerns a token by its session, its user and generation, or its key', () => {
    const expiresAt = inSeconds(60)
    expect(listOf().revokes(token)).toBe(false)
    expect(listOf({ sessionId: 's1', expiresAt }).revokes(token)).toBe(true)
    expect(listOf({ keyId: 'k1', expiresAt }).revokes(token)).toBe(true)
    expect(listOf({ userId: 'u1', generation: 2, expiresAt }).revokes(token)).toBe(true)
    expect(listOf({ userId: 'u1', generation: 1, expiresAt }).revokes(token)).toBe(false)
  })

  it('does not take one kind for another, nor a token without a key for that of one', () => {
    const expiresAt = inSeconds(60)
    const list = listOf(
      { sessionId: 'u1', expiresAt },
      { keyId: 's1', expiresAt },
      { userId: 'k1', generation: 9, expiresAt },
      { keyId: 'undefined', expiresAt },
    )
    expect(list.revokes(token)).toBe(false)
    expect(list.revokes({ ...token, keyId: undefined })).toBe(false)
  })

  it('keeps the highest generation and the latest end, in whatever order they come', () => {
    const list = listOf(
      { userId: 'u1', generation: 3, expiresAt: inSeconds(20) },
      { userId: 'u1', generation: 2, expiresAt: inSeconds(60) },
    )
    expect(list.revokes({ ...token, generation: 2 })).toBe(true)
    seconds += 21
    list.sweep()
    expect(list.revokes({ ...token, generation: 2 })).toBe(true)
  })

  it('holds no entry for long after its end, whichever came first', () => {
    const list = listOf({ keyId: 'k1', expiresAt: inSeconds(1_000) })
    for (let index = 0; index < 100; index += 1) {
      list.add([{ sessionId: `s${index}`, expiresAt: inSeconds(5) }])
    }
    list.sweep()
    expect(list.size).toBe(101)
    seconds += 10
    list.sweep()
    expect(list.size).toBe(1)
  })
})
