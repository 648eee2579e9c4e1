import { describe, expect, test } from 'vitest'
import { folderProblem, portProblem, startProblem } from './start-problems.js'

const told = (...lines: string[]) =>
  startProblem({ dataDir: '/data/pg', port: 5544, code: 1, lines }).message

describe('what Postgres wrote before it ended', () => {
  test('a port that was taken meanwhile names the setting of the port', () => {
    const message = told(
      'LOG:  could not bind IPv4 address "127.0.0.1": Address already in use',
      'FATAL:  could not create any TCP/IP sockets',
    )
    expect(message).toMatch(/^CINEGRAPH_POSTGRES_PORT: port 5544 .* taken/)
  })

  test('a port below 1024 says that it is not allowed', () => {
    const message = told('LOG:  could not bind IPv4 address "127.0.0.1": Permission denied')
    expect(message).toMatch(/^CINEGRAPH_POSTGRES_PORT: .* may not listen on port 5544/)
  })

  test.each([
    'initdb: error: could not create directory "/data/pg.new/base": No space left on device',
    'FATAL:  could not write to file "pg_wal/xlogtemp.1": No space left on device',
    'FATAL:  could not extend file "base/1/1": Disk quota exceeded',
  ])('a full disk names the folder: %s', (line) => {
    expect(told(line)).toBe('CINEGRAPH_DATA: the disk that holds /data/pg is full')
  })

  test('data that cannot be used is told with the last failure, not with the hint below it', () => {
    const message = told(
      'FATAL:  "/data/pg" is not a valid data directory',
      'HINT:  You might need to initdb.',
    )
    expect(message).toContain('/data/pg: FATAL:  "/data/pg" is not a valid data directory')
    expect(message).toContain('npm run reset')
  })

  test('a program that this system cannot run names DATABASE_URL', () => {
    const lines = ['sh: 5: /x/bin/initdb: not found']
    const { message } = startProblem({ dataDir: '/data/pg', port: undefined, code: 127, lines })
    expect(message).toMatch(/^DATABASE_URL: is required, .*initdb: not found$/)
  })

  test('silence is told too', () => {
    expect(told()).toContain('it ended without a word')
  })
})

describe('errors of the system', () => {
  const error = (code: string) => Object.assign(new Error(code), { code, path: '/data/x' })

  test.each([
    ['ENOSPC', 'CINEGRAPH_DATA: the disk that holds /data is full'],
    ['EACCES', 'CINEGRAPH_DATA: cannot use the folder /data (EACCES at /data/x)'],
    ['EROFS', 'CINEGRAPH_DATA: cannot use the folder /data (EROFS at /data/x)'],
  ])('%s names the folder', (code, message) => {
    expect(folderProblem(error(code), '/data')).toMatchObject({ name: 'ConfigError', message })
  })

  test('any other error stays what it is', () => {
    const bug = new TypeError('bug')
    expect(folderProblem(bug, '/data')).toBe(bug)
    expect(portProblem(bug, 5544)).toBe(bug)
  })

  test('a privileged port names its setting', () => {
    expect(portProblem(error('EACCES'), 80).message).toMatch(
      /^CINEGRAPH_POSTGRES_PORT: .* port 80$/,
    )
  })
})
