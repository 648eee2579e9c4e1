import { PassThrough } from 'node:stream'
import { text } from 'node:stream/consumers'
import { expect, test } from 'vitest'
import { askPassword } from './ask-password.js'

/** What was answered, and what stood on the terminal. */
async function typing(keys: string) {
  const input = new PassThrough()
  const output = new PassThrough()
  input.write(keys)
  const password = await askPassword('ada', { input, output })
  output.end()
  return { password, shown: await text(output) }
}

test('a password is asked twice and not shown', async () => {
  expect(await typing('correct horse\rcorrect horse\r')).toEqual({
    password: 'correct horse',
    shown: 'Password of ada: \nThe same again: \n',
  })
})

test('two different passwords are asked for once more', async () => {
  const { password, shown } = await typing('one horse\rtwo horses\rthree horses\rthree horses\r')
  expect(password).toBe('three horses')
  expect(shown).toContain('These are two different passwords.\nPassword of ada: \n')
})

test.each([
  ['Ctrl-C', 'cor\u0003'],
  ['Ctrl-D', '\u0004'],
  ['Ctrl-C at the second question', 'correct horse\rcor\u0003'],
])('%s gives up', async (_, keys) => {
  expect((await typing(keys)).password).toBeUndefined()
})
