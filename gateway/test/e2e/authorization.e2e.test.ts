import { getIntrospectionQuery } from 'graphql'
import { describe, expect, it } from 'vitest'
import { pathsIn, startAuthorized as start, told } from '../harness/authorized.js'
import { guardedSchema } from '../harness/guarded-reference.js'

describe('a field that the viewer may not have', () => {
  it('is null with a coded error at its path, and the rest of the operation runs', async () => {
    const { post, sent } = await start()
    const answer = await post('{ items { name price reviews { stars } } }')
    expect(answer.status).toBe(200)
    const item = { price: null, reviews: [{ stars: 1 }, { stars: 2 }] }
    expect(answer.data).toEqual({
      items: ['1', '2', '3'].map((id) => ({ name: `Item ${id}`, ...item })),
    })
    expect(answer.errors).toEqual([
      {
        message:
          'Log in with the permission prices:read or items:read and items:write to get Item.price.',
        path: ['items', '@', 'price'],
        locations: [{ line: 1, column: 16 }],
        extensions: {
          code: 'UNAUTHORIZED_FIELD_OR_TYPE',
          loginRequired: true,
          requestId: expect.any(String) as string,
        },
      },
    ])
    expect(sent().join()).not.toContain('price')
  })

  it('stands in the answer where it was asked for', async () => {
    const { gateway } = await start()
    const query = '{ item(id: "1") { z: name price a: id } }'
    const response = await fetch(`${gateway.url}/graphql?query=${encodeURIComponent(query)}`, {
      headers: { 'apollo-require-preflight': 'yes' },
    })
    expect(await response.text()).toMatch(/"data":{"item":{"z":"Item 1","price":null,"a":"1"}}}/)
  })

  it('tells who is logged in which permission it needs', async () => {
    const { post, bearer } = await start()
    const headers = await bearer('items:read')
    expect(
      told(await post('{ me { email } vault { code } items { price } }', { headers })),
    ).toEqual([
      ['me.email', 'Account.email needs the permission users:read.'],
      ['vault', 'Query.vault needs the permission vault:open.'],
      [
        'items.@.price',
        'Item.price needs the permission prices:read or items:read and items:write.',
      ],
    ])
  })

  it('is had with one of the alternatives, and with all of what one needs', async () => {
    const { post, bearer } = await start()
    const price = async (...permissions: string[]) =>
      (await post('{ item(id: "1") { price } }', { headers: await bearer(...permissions) })).data
    expect(await price('prices:read')).toEqual({ item: { price: 10 } })
    expect(await price('items:write', 'items:read')).toEqual({ item: { price: 10 } })
    expect(await price('items:write')).toEqual({ item: { price: null } })
  })

  it('nulls what it is in up to where null may be', async () => {
    const { post } = await start()
    const inItem = await post('{ item(id: "1") { name cost } shelves { cost } }')
    expect(inItem.data).toEqual({ item: null, shelves: [[null, null], [null], []] })
    expect(pathsIn(inItem)).toEqual(['item.cost', 'shelves.@.@.cost'])
    const inList = await post('{ item(id: "1") { name related { cost } } items { id } }')
    expect(inList.data).toMatchObject({ item: { name: 'Item 1', related: null } })
    expect((await post('{ tally items { id } }')).data).toBeNull()
  })

  it('leaves nothing to ask subgraphs for when all is removed', async () => {
    const { post, sent } = await start()
    const answer = await post('{ me { id } note }')
    expect(answer.data).toEqual({ me: null, note: null })
    expect(pathsIn(answer)).toEqual(['me', 'note'])
    expect((await post('{ tally }')).data).toBeNull()
    expect(sent()).toEqual([])
  })

  it('may be alone in an object, which is there all the same', async () => {
    const { post } = await start()
    const { data } = await post('{ item(id: "1") { price } gone: item(id: "9") { price } }')
    expect(data).toEqual({ item: { price: null }, gone: null })
  })

  it('is told by its alias, once for each place that it is asked for in', async () => {
    const { post } = await start()
    const answer = await post(`{ a: item(id: "1") { p: price } b: item(id: "2") { ...P q: price } }
      fragment P on Item { p: price price }`)
    expect(answer.data).toEqual({ a: { p: null }, b: { p: null, price: null, q: null } })
    expect(pathsIn(answer)).toEqual(['a.p', 'b.p', 'b.price', 'b.q'])
  })
})

describe('a guarded type', () => {
  it('guards the fields that return it: objects, enums and scalars, in lists too', async () => {
    const { post, bearer, sent } = await start()
    const query =
      '{ vault { code } mood stamps item(id: "2") { vault { items { id } } mood stamp } }'
    const answer = await post(query, { headers: await bearer('stamps:read') })
    expect(answer.data).toEqual({
      ...{ vault: null, mood: 'BAD', stamps: ['one', 'two'] },
      item: { vault: null, mood: 'GOOD', stamp: 'stamp 2' },
    })
    expect(pathsIn(answer)).toEqual(['vault', 'item.vault'])
    expect(sent().join()).not.toContain('vault')
  })

  it('guards all its fields, and leaves __typename', async () => {
    const { post, sent } = await start()
    const answer = await post(
      '{ hits { __typename ... on Memo { note: title } ... on Item { id } } }',
    )
    expect(answer.data).toEqual({
      hits: [
        { __typename: 'Item', id: '1' },
        { __typename: 'Memo', note: null },
        { __typename: 'Article' },
        null,
      ],
    })
    expect(told(answer)).toEqual([
      ['hits.@.note', 'Log in with the permission memos:read to get Memo.title.'],
    ])
    expect(sent().join()).not.toContain('title')
  })

  it('takes a union with it when the viewer may have none of its types', async () => {
    const { post, bearer } = await start()
    const query = '{ secrets { __typename ... on Vault { code } } }'
    expect((await post(query)).data).toEqual({ secrets: null })
    const { data } = await post(query, { headers: await bearer('memos:read') })
    expect(data).toEqual({
      secrets: [{ __typename: 'Vault', code: null }, { __typename: 'Memo' }],
    })
  })
})

describe('a field of an interface', () => {
  it('is removed when one implementation is guarded, whatever the objects are', async () => {
    const { post, sent } = await start()
    const answer = await post('{ latest { title ...E } } fragment E on Entry { t: title }')
    expect(answer.data).toEqual({ latest: { title: null, t: null } })
    expect(pathsIn(answer)).toEqual(['latest.title', 'latest.t'])
    expect(sent().join()).not.toContain('title')
  })

  it('is had of single implementations in fragments on them', async () => {
    const { post } = await start()
    const answer = await post(`{ entries {
      ... on Article { title author { name } } ... on Memo { title } ... on Advert { title author { name } }
    } }`)
    expect(answer.data).toEqual({
      entries: [
        { title: 'Article', author: { name: 'Account 1' } },
        { title: null },
        null,
        { title: null, author: null },
      ],
    })
    expect(pathsIn(answer)).toEqual(['entries.@.title', 'entries.@.author'])
  })

  it('needs what the field needs on each implementation', async () => {
    const { post, bearer } = await start()
    const query = '{ latest { author { id } title } }'
    const needsBoth = await post(query, { headers: await bearer('memos:read') })
    expect(needsBoth.errors).toEqual([])
    expect(needsBoth.data).toEqual({ latest: { author: { id: '1' }, title: 'Article' } })
    expect(pathsIn(await post(query, { headers: await bearer() }))).toEqual([
      'latest.author',
      'latest.title',
    ])
  })

  it('is free when every implementation is', async () => {
    const { post } = await start()
    const { data, errors } = await post('{ signed { signature ... on Article { id } } }')
    expect(errors).toEqual([])
    expect(data).toEqual({ signed: [{ signature: 'paid' }, { signature: 'signed', id: 'a' }] })
  })
})

describe('fragments and conditions', () => {
  it('do not hide a guarded field', async () => {
    const { post, sent } = await start()
    const answer = await post(`
      query { ...A ... on Query { ...B } ... { ... { note } } }
      fragment A on Query { item(id: "1") { ...C ...C } }
      fragment B on Query { item(id: "1") { related { ...C } } }
      fragment C on Item { name owner { ...D } }
      fragment D on Account { email karma name }
    `)
    const owner = null
    expect(answer.data).toEqual({
      note: null,
      item: {
        ...{ name: 'Item 1', owner },
        related: [
          { name: 'Item 2', owner },
          { name: 'Item 3', owner },
        ],
      },
    })
    expect(pathsIn(answer)).toEqual([
      ...['item.owner.email', 'item.owner.karma'],
      ...['item.related.@.owner.email', 'item.related.@.owner.karma', 'note'],
    ])
    expect(sent().join()).not.toMatch(/email|karma|note/)
  })

  it('of @skip and @include leave nothing to report, by literal, variable or default', async () => {
    const { post, sent } = await start()
    const query = `query($yes: Boolean!, $no: Boolean = false) {
      a: note @skip(if: true) b: note @include(if: $no) c: note @skip(if: $yes)
      ... @include(if: $no) { d: note } ...N @skip(if: $yes) e: note @include(if: $yes)
      item(id: "1") { id price @include(if: $no) }
    } fragment N on Query { f: note }`
    const answer = await post(query, { variables: { yes: true } })
    expect(answer.data).toEqual({ e: null, item: { id: '1' } })
    expect(pathsIn(answer)).toEqual(['e'])
    const other = await post(query, { variables: { yes: false, no: true } })
    expect(other.data).toEqual({
      ...{ b: null, c: null, d: null, f: null },
      item: { id: '1', price: null },
    })
    expect(pathsIn(other)).toEqual(['b', 'c', 'd', 'f', 'item.price'])
    expect(sent().join()).not.toMatch(/note|price/)
  })

  it('that multiply without end take no time', async () => {
    const { post } = await start({
      operationLimits: { fields: 2 ** 62, aliases: 2 ** 62, depth: 100 },
    })
    const levels = Array.from(
      { length: 40 },
      (_, level) => `fragment F${level} on Item { price ...F${level + 1} ...F${level + 1} }`,
    )
    const query = `{ item(id: "1") { ...F0 } } ${levels.join(' ')} fragment F40 on Item { name }`
    const answer = await post(query)
    expect(answer.data).toEqual({ item: { price: null, name: 'Item 1' } })
    expect(pathsIn(answer)).toEqual(['item.price'])
  })
})

describe('a mutation', () => {
  it('that the viewer may not send is not executed, and the others are', async () => {
    const { post, done, bearer } = await start()
    const query = 'mutation { greet burn(id: "1") { id } touch(id: "2") { name price } }'
    const answer = await post(query)
    expect(answer.data).toEqual({
      ...{ greet: null, burn: null },
      touch: { name: 'Item 2', price: null },
    })
    expect(pathsIn(answer)).toEqual(['greet', 'burn', 'touch.price'])
    expect(done).toEqual(['touch 2'])
    const headers = await bearer('items:write')
    expect(pathsIn(await post(query, { headers }))).toEqual(['touch.price'])
    expect(done).toEqual(['touch 2', 'greet', 'burn 1', 'touch 2'])
  })

  it('is not executed when it is all that is asked', async () => {
    const { post, done, sent } = await start()
    expect((await post('mutation { burn(id: "1") { id } }')).data).toEqual({ burn: null })
    expect({ done, sent: sent() }).toEqual({ done: [], sent: [] })
  })
})

describe('entities', () => {
  it('are not fetched for fields that are removed', async () => {
    const { post, subgraphs } = await start()
    const { data } = await post('{ items { name buyers { name } owner { karma } } }')
    const item = { buyers: null, owner: { karma: null } }
    expect(data).toMatchObject({ items: [item, item, { ...item, owner: null }] })
    expect(subgraphs.reviews.received).toEqual([])
  })
})

describe('introspection', () => {
  it('shows everyone the same schema, without the directives', async () => {
    const { post } = await start()
    const { data, errors } = await post(getIntrospectionQuery())
    expect(errors).toEqual([])
    const { types, directives } = (data as { __schema: Record<string, { name: string }[]> })
      .__schema
    expect(types!.map(({ name }) => name).sort()).toEqual(
      Object.keys(guardedSchema.getTypeMap()).sort(),
    )
    expect(directives!.map(({ name }) => name)).not.toContain('authenticated')
  })

  it('goes beside what is removed', async () => {
    const { post } = await start()
    const answer = await post('{ __typename note __type(name: "Vault") { name } }')
    expect(answer.data).toEqual({ __typename: 'Query', note: null, __type: { name: 'Vault' } })
  })
})
