import { CacheControl } from '@cinegraph/kit/graphql/cache-control'
import { AuditConnection } from '@cinegraph/kit/graphql/audit'
import { RequiresPermission } from '@cinegraph/kit/graphql/authorization'
import { ConnectionArgs } from '@cinegraph/kit/graphql/pagination'
import { Arg, Args, Ctx, FieldResolver, Int, Mutation, Resolver, Root } from 'type-graphql'
import type { PeopleContext } from '../context.js'
import type { HistoryService } from '../editing/history.service.js'
import { historyOf } from '../editing/history.type.js'
import { DeleteArgs, SeenArgs } from '../editing/seen.args.js'
import { EDITING, WRITING } from '../editing/texts.type.js'
import { WRITE_PEOPLE } from '../permissions.js'
import type { PersonEditingService } from './person-editing.service.js'
import {
  CreatePersonInput,
  EditPersonResult,
  MergePersonsInput,
  personResultOf,
  UpdatePersonInput,
} from './person-editing.type.js'
import type { PersonMergeService } from './person-merge.service.js'
import type { StoredPerson } from './person.repository.js'
import { Person } from './person.type.js'

@Resolver(() => Person)
export class PersonEditingResolver {
  constructor(
    private readonly service: PersonEditingService,
    private readonly merging: PersonMergeService,
    private readonly histories: HistoryService,
  ) {}

  @RequiresPermission(WRITE_PEOPLE)
  @CacheControl({ scope: 'PRIVATE' })
  @FieldResolver(() => Int, {
    nullable: true,
    description: `To be given with an edit: rises by one with every edit. ${WRITING}`,
  })
  version(@Root() person: StoredPerson, @Ctx() { viewer }: PeopleContext): number {
    return this.histories.versionOf(viewer, person)
  }

  @RequiresPermission(WRITE_PEOPLE)
  @FieldResolver(() => AuditConnection, {
    nullable: true,
    description: `Who changed what, the newest first. ${WRITING}`,
  })
  async history(
    @Root() { id }: StoredPerson,
    @Args(() => ConnectionArgs) args: ConnectionArgs,
    @Ctx() context: PeopleContext,
  ) {
    return historyOf(await this.histories.historyOf(context, { kind: 'PERSON', id }, args))
  }

  @RequiresPermission(WRITE_PEOPLE)
  @Mutation(() => Person, {
    nullable: true,
    description: `Makes a person, who has no credits yet. CONFLICT when the slug is taken. ${EDITING}`,
  })
  createPerson(
    @Arg('input', () => CreatePersonInput, { description: 'The person.' }) input: CreatePersonInput,
    @Ctx() { viewer }: PeopleContext,
  ): Promise<StoredPerson> {
    return this.service.create(viewer, input)
  }

  @RequiresPermission(WRITE_PEOPLE)
  @Mutation(() => EditPersonResult, {
    nullable: true,
    description: `Changes a person. NOT_FOUND when there is none of this id. CONFLICT when the slug is taken. ${EDITING}`,
  })
  async updatePerson(
    @Args(() => SeenArgs) seen: SeenArgs,
    @Arg('input', () => UpdatePersonInput, { description: 'What is to change.' })
    input: UpdatePersonInput,
    @Ctx() { viewer }: PeopleContext,
  ) {
    return personResultOf(await this.service.update(viewer, seen, input))
  }

  @RequiresPermission(WRITE_PEOPLE)
  @Mutation(() => EditPersonResult, {
    nullable: true,
    description: `Deletes a person, and answers with what was there. NOT_FOUND when there is none of this id. CONFLICT when the person has credits. ${EDITING}`,
  })
  async deletePerson(@Args(() => DeleteArgs) args: DeleteArgs, @Ctx() { viewer }: PeopleContext) {
    return personResultOf(await this.service.delete(viewer, args))
  }

  @RequiresPermission(WRITE_PEOPLE)
  @Mutation(() => EditPersonResult, {
    nullable: true,
    description:
      'Makes one person of two, and answers with the one who stays: with the credits of both, each once, and with the names, ' +
      'biographies and dates that only the other had. The id and the slug of the other lead to this one from now on. NOT_FOUND ' +
      `when there is no such person. CONFLICT when one of them was merged already. ${EDITING}`,
  })
  async mergePersons(
    @Arg('input', () => MergePersonsInput, { description: 'Who stays, and who goes.' })
    input: MergePersonsInput,
    @Ctx() { viewer }: PeopleContext,
  ) {
    return personResultOf(await this.merging.merge(viewer, input))
  }
}
