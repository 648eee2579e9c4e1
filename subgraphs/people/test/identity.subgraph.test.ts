import { describeIdentity } from '@cinegraph/testkit/identity.suite'
import { beforeAll } from 'vitest'
import { openPeople, type People } from './people.js'

let people: People
beforeAll(async () => {
  people = await openPeople()
})

describeIdentity('people', () => people.subgraph)
