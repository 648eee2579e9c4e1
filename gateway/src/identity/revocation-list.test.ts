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
    expect(listOf().find(token)).toBeUndefined()
    expect(listOf({ sessionId: 's1', expiresAt }).find(token)).toBe('session')
    expect(listOf({ keyId: 'k1', expiresAt }).find(token)).toBe('token')
    expect(listOf({ userId: 'u1', generation: 2, expiresAt }).find(token)).toBe('token')
    expect(listOf({ userId: 'u1', generation: 1, expiresAt }).find(token)).toBeUndefined()
  })

  it('does not take one kind for another, nor a token without a key for that of one', () => {
    const expiresAt = inSeconds(60)
    const list = listOf(
      { sessionId: 'u1', expiresAt },
      { keyId: 's1', expiresAt },
      { userId: 'k1', generation: 9, expiresAt },
      { keyId: 'undefined', expiresAt },
    )
    expect(list.find(token)).toBeUndefined()
    expect(list.find({ ...token, keyId: undefined })).toBeUndefined()
  })

  it('keeps the highest generation and the latest end, in whatever order they come', () => {
    const list = listOf(
      { userId: 'u1', generation: 3, expiresAt: inSeconds(20) },
      { userId: 'u1', generation: 2, expiresAt: inSeconds(60) },
    )
    expect(list.find({ ...token, generation: 2 })).toBe('token')
    seconds += 21
    list.sweep()
    expect(list.find({ ...token, generation: 2 })).toBe('token')
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
