import { Ctx, FieldResolver, Resolver, Root } from 'type-graphql'
import type { FilmsContext } from '../context.js'
import type { PersonCredits } from '../search/catalogue-reader.js'
import { FilmographyCredit, FilmographyEdge } from './filmography.type.js'

@Resolver(() => FilmographyEdge)
export class FilmographyResolver {
  @FieldResolver(() => [FilmographyCredit], {
    nullable: true,
    description:
      'What the person did for this film, in all roles whatever `role` is listed, in billing order; null only together with an error.',
  })
  credits(
    @Root() { node, personId }: FilmographyEdge,
    @Ctx() { loaders }: FilmsContext,
  ): Promise<PersonCredits> {
    return loaders.personCredits.load({ filmId: node.id, personId })
  }
}
