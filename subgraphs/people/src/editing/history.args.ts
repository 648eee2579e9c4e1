import { ConnectionArgs } from '@cinegraph/kit/graphql/pagination'
import { ArgsType, Field, ID, registerEnumType } from 'type-graphql'
import { AuditedKind } from './edit.js'

registerEnumType(AuditedKind, {
  name: 'AuditedKind',
  description: 'What there are histories of.',
  valuesConfig: {
    PERSON: { description: 'A person, also one who was merged or deleted.' },
    GENRE: { description: 'A genre, also one that was deleted.' },
    FILM_LINKS: {
      description:
        'The genres and credits of a film, also of one that was deleted. Needs the permission `films:write` as well.',
    },
  },
})

@ArgsType()
export class PeopleHistoryArgs extends ConnectionArgs {
  @Field(() => AuditedKind, { description: 'What it is the history of.' })
  kind!: AuditedKind

  @Field(() => ID, { description: 'The id of the person, the genre or the film.' })
  id!: string
}
