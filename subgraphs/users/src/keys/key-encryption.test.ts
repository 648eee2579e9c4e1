import { expect, it } from 'vitest'
import { createKeyEncryption } from './key-encryption.js'

const encryption = createKeyEncryption('a secret of more than 32 characters')

it('opens what it closed', () => {
  const encrypted = encryption.encrypt('a private key', 'kid-1')
  expect(encryption.decrypt(encrypted, 'kid-1')).toBe('a private key')
  expect(Buffer.from(encrypted).toString('latin1')).not.toContain('private')
})

it('closes the same text differently each time', () => {
  expect(encryption.encrypt('text', 'kid')).not.toEqual(encryption.encrypt('text', 'kid'))
})

it('does not open with another secret', () => {
  const other = createKeyEncryption('another secret of over 32 characters')
  expect(other.decrypt(encryption.encrypt('text', 'kid'), 'kid')).toBeUndefined()
})

it('does not open a value that was moved to another row', () => {
  expect(encryption.decrypt(encryption.encrypt('text', 'kid-1'), 'kid-2')).toBeUndefined()
})

it('does not open a value of which any byte was changed or cut off', () => {
  const encrypted = encryption.encrypt('text', 'kid')
  for (const index of encrypted.keys()) {
    const changed = encrypted.with(index, encrypted[index]! ^ 1)
    expect(encryption.decrypt(changed, 'kid')).toBeUndefined()
    expect(encryption.decrypt(encrypted.slice(0, index), 'kid')).toBeUndefined()
  }
})
