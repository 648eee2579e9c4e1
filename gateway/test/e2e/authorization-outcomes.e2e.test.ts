import { describe, expect, it } from 'vitest'
import { startAuthorized as start } from '../harness/authorized.js'
import { ALL_PERMISSIONS } from '../harness/guarded-subgraphs.js'
import { answers } from '../harness/toy-server.js'

describe('one operation of several viewers', () => {
  it('is planned for each outcome, and never answered with the plan of another', async () => {
    const { post, bearer } = await start()
    const query = '{ me { name email } item(id: "1") { price } }'
    const all = await bearer(...ALL_PERMISSIONS)
    const some = await bearer('prices:read')
    for (let round = 0; round < 3; round += 1) {
      expect((await post(query)).data).toEqual({ me: null, item: { price: null } })
      expect((await post(query, { headers: all })).data).toEqual({
        me: { name: null, email: '2@example.org' },
        item: { price: 10 },
      })
      expect((await post(query, { headers: some })).data).toEqual({ me: null, item: { price: 10 } })
    }
  })

  it('is filtered for the operation that is named', async () => {
    const { gateway } = await start()
    const query = 'query Open { items { id } } query Shut { note }'
    const ask = async (operationName: string) => {
      const response = await fetch(`${gateway.url}/graphql`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ query, operationName }),
      })
      return ((await response.json()) as { data: unknown }).data
    }
    expect(await ask('Shut')).toEqual({ note: null })
    expect(await ask('Open')).toEqual({ items: [{ id: '1' }, { id: '2' }, { id: '3' }] })
    expect(await ask('Shut')).toEqual({ note: null })
  })
})

describe('a subgraph that fails', () => {
  it('is told at its own fields, beside those that were removed', async () => {
    const { post, subgraphs } = await start()
    subgraphs.reviews.script(answers.text(500, '{}'))
    const answer = await post('{ item(id: "1") { price name rating buyers { id } } }')
    expect(answer.data).toEqual({
      item: { price: null, name: 'Item 1', rating: null, buyers: null },
    })
    expect(
      answer.errors.map(({ path, extensions }) => [path!.join('.'), extensions['code']]),
    ).toEqual([
      ['item.price', 'UNAUTHORIZED_FIELD_OR_TYPE'],
      ['item.buyers', 'UNAUTHORIZED_FIELD_OR_TYPE'],
      ['item.rating', 'SERVICE_UNAVAILABLE'],
    ])
  })

  it('counts with the removed fields among the errors that are shown', async () => {
    const { post, subgraphs } = await start({ operationLimits: { aliases: 1_000 } })
    subgraphs.reviews.script(answers.text(500, '{}'))
    const prices = Array.from({ length: 99 }, (_, index) => `p${index}: price`).join(' ')
    const { errors } = await post(`{ items { ${prices} rating } }`)
    expect(errors).toHaveLength(101)
    expect(errors.at(-1)!.message).toBe('2 further errors are not shown.')
  })
})

describe('the setting reject', () => {
  it('refuses the whole operation with one error that lists the paths', async () => {
    const { post, sent, done } = await start({ unauthorizedFields: 'reject' })
    const { status, data, errors } = await post('{ note items { price name } me { id } }')
    expect({ status, data }).toEqual({ status: 200, data: null })
    expect(errors).toEqual([
      {
        message:
          'Nothing was executed. Log in with the permission notes:read to get Query.note. The operation has 2 more fields that you may not have.',
        extensions: {
          code: 'UNAUTHORIZED_FIELD_OR_TYPE',
          loginRequired: true,
          paths: [['note'], ['items', '@', 'price'], ['me']],
          requestId: expect.any(String) as string,
        },
      },
    ])
    await post('mutation { touch(id: "1") { id } greet }')
    expect({ sent: sent(), done }).toEqual({ sent: [], done: [] })
  })

  it('refuses nothing that the viewer may have or leaves out', async () => {
    const { post, bearer } = await start({ unauthorizedFields: 'reject' })
    const query = 'query($n: Boolean = false) { item(id: "1") { name } note @include(if: $n) }'
    expect(await post(query)).toMatchObject({ data: { item: { name: 'Item 1' } }, errors: [] })
    const headers = await bearer('notes:read')
    const { data, errors } = await post(query, { headers, variables: { n: true } })
    expect(errors).toEqual([])
    expect(data).toEqual({ item: { name: 'Item 1' }, note: 'A note' })
  })
})

describe('what operators see', () => {
  it('is a counter of removed fields by viewer, and the number in the line of a request', async () => {
    const { post, metrics, bearer, log } = await start()
    await post('{ note items { price } }')
    await post('{ note }', { headers: await bearer() })
    await post('{ items { id } }')
    const text = await metrics()
    expect(text).toContain('cinegraph_gateway_unauthorized_fields_total{viewer="anonymous"} 2')
    expect(text).toContain('cinegraph_gateway_unauthorized_fields_total{viewer="user"} 1')
    const lines = log.filter(({ msg }) => msg === 'operation answered')
    expect(lines.map((it) => it['unauthorized'])).toEqual([2, 1, undefined])
  })
})
