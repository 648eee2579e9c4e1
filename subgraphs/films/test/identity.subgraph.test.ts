import { describeIdentity } from '@cinegraph/testkit/identity.suite'
import { beforeAll } from 'vitest'
import { openFilms, type Films } from './films.js'

let films: Films
beforeAll(async () => {
  films = await openFilms()
})

describeIdentity('films', () => films.subgraph)
