import { once } from 'node:events'
import { connect } from 'node:net'
import { text } from 'node:stream/consumers'
import { expect, it, onTestFinished } from 'vitest'
import { postTo } from '../harness/gateway.js'
import { fileWith, listening, spawnGateway } from '../harness/gateway-process.js'
import { answers, startToyServer } from '../harness/toy-server.js'
import { composeToys, toySchemas } from '../harness/toy-subgraphs.js'

const UNUSED = { films: 'http://127.0.0.1:1/graphql', people: 'http://127.0.0.1:1/graphql' }

/** Resolves once nothing listens there any more. */
async function refusesConnections(url: string): Promise<void> {
  const socket = connect(Number(new URL(url).port), '127.0.0.1')
  const accepted = await once(socket, 'connect').then(
    () => true,
    () => false,
  )
  socket.destroy()
  if (accepted) await refusesConnections(url)
}

it('SIGTERM lets a slow request finish, refuses new connections and ends with 0', async () => {
  const films = await startToyServer(toySchemas.films)
  onTestFinished(() => films.close())
  const { promise: released, resolve: release } = Promise.withResolvers<undefined>()
  films.script(answers.after(released))
  const supergraph = await fileWith(composeToys({ ...UNUSED, films: films.url }))
  const gateway = spawnGateway(['--supergraph', supergraph, '--port', '0'])
  const url = await listening(gateway)
  const slow = postTo(url, '{ film(id: "1") { title } }')
  await films.arrival(1)
  gateway.child.kill('SIGTERM')
  await refusesConnections(url)
  release(undefined)
  expect(await slow).toMatchObject({ status: 200, data: { film: { title: 'Film 1' } }, errors: [] })
  expect(await gateway.ended).toEqual({ code: 0, stderr: '' })
})

it('serves a supergraph with URLs that settings replace', async () => {
  const films = await startToyServer(toySchemas.films)
  onTestFinished(() => films.close())
  const gateway = spawnGateway(['--supergraph', await fileWith(composeToys(UNUSED))], {
    PORT: '0',
    SUBGRAPH_URLS: `films=${films.url}`,
  })
  const url = await listening(gateway)
  expect(await postTo(url, '{ film(id: "2") { title } }')).toMatchObject({ errors: [] })
})

it('--help says how to call it', async () => {
  const gateway = spawnGateway(['--help'])
  expect(await text(gateway.child.stdout!)).toContain('--supergraph FILE')
  expect(await gateway.ended).toEqual({ code: 0, stderr: '' })
})

const refused: [string, { content?: string; args?: string[] }, RegExp][] = [
  [
    'a file that is not there',
    { args: ['--supergraph', '/nowhere.graphql'] },
    /SUPERGRAPH_PATH: \/nowhere.graphql: there is no such file/,
  ],
  ['a schema that is no supergraph', { content: 'type Query { a: Int }' }, /not a supergraph/],
  ['an option it does not know', { args: ['--colour', 'red'] }, /--colour/],
]
for (const [name, { content, args = [] }, message] of refused) {
  it(`does not start with ${name}, says so and ends with 1`, async () => {
    const file = content === undefined ? [] : ['--supergraph', await fileWith(content)]
    const { code, stderr } = await spawnGateway([...file, ...args], { PORT: '0' }).ended
    expect(stderr).toMatch(message)
    expect(code).toBe(1)
  })
}
