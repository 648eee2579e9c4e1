import { execute, getIntrospectionQuery, parse } from 'graphql'
import { Arg, Field, InputType, Query, Resolver } from 'type-graphql'
import { expect, it } from 'vitest'
import { buildSubgraph } from './build-subgraph.js'
import { Language } from './language.js'

@InputType()
class Wish {
  @Field(() => Language, { defaultValue: Language.RU })
  language!: Language
}

@Resolver()
class EchoResolver {
  @Query(() => String)
  echo(
    @Arg('language', () => Language, { defaultValue: Language.EN }) language: Language,
    @Arg('wish', () => Wish, { nullable: true }) wish?: Wish,
  ): string {
    return [language, wish?.language].join(' ')
  }
}

const built = buildSubgraph({ resolvers: [new EchoResolver()] })
const run = async (query: string) =>
  execute({ schema: (await built).schema, document: parse(query) })

it.each([
  ['{ echo }', 'en '],
  ['{ echo(language: EN) }', 'en '],
  ['{ echo(wish: {}) }', 'en ru'],
])('gives %s the internal value of an enum, default or not', async (query, expected) => {
  expect(await run(query)).toEqual({ data: { echo: expected } })
})

it('shows the defaults to introspection', async () => {
  expect((await run(getIntrospectionQuery())).errors).toBeUndefined()
})
