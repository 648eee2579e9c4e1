import { type Change, changesBetween } from './changes.js'
import { Language, type Translations } from './language.js'

/** Why an import refuses something: the field, and what it has to be. */
export interface ImportProblem {
  readonly field: string
  readonly message: string
}

/** What an import says of one thing, under an id of the caller's. */
export interface Imported<Fields> {
  readonly id: string
  /** A field that is absent stays as it is; where the thing is new, it gets its default. */
  readonly fields: Fields
  /** Instead of the defaults, where the thing is new. */
  readonly ifNew?: Fields
}

/** A thing as it is stored. */
export interface Stored<Content> {
  readonly version: number
  readonly content: Content
}

/** What an import makes of one thing. */
export interface ImportedChange<Content> {
  readonly id: string
  /** After the import. */
  readonly version: number
  /** Null when the thing is new. */
  readonly before: Content | null
  readonly after: Content
  readonly changes: readonly Change[]
}

export type ImportOutcome<Content> =
  | { readonly kind: 'REFUSED'; readonly problems: readonly ImportProblem[] }
  | { readonly kind: 'UNCHANGED' }
  | { readonly kind: 'CREATED' | 'CHANGED'; readonly change: ImportedChange<Content> }

/** The rules of one kind of thing. */
export interface ImportRules<Fields, Content> {
  /** The whole of it once `fields` are set; of a new one, `before` is null. */
  readonly after: (before: Content | null, fields: Fields) => Content
  readonly problemsOf: (content: Content) => ImportProblem[]
  /** As an audit entry tells it. */
  readonly told?: (content: Content) => object
}

/** What each of `imports` makes of what is stored, in their order. Nothing is written. */
export const compareImports = <Fields, Content extends object>(
  imports: readonly Imported<Fields>[],
  stored: ReadonlyMap<string, Stored<Content>>,
  { after: afterOf, problemsOf, told = (content) => content }: ImportRules<Fields, Content>,
): ImportOutcome<Content>[] =>
  imports.map(({ id, fields, ifNew }) => {
    const there = stored.get(id)
    const before = there?.content ?? null
    const after = afterOf(before, before === null ? { ...ifNew, ...fields } : fields)
    const changes = changesBetween(fieldsOf(before && told(before)), fieldsOf(told(after)))
    if (there && changes.length === 0) return { kind: 'UNCHANGED' }
    const problems = problemsOf(after)
    if (problems.length > 0) return { kind: 'REFUSED', problems }
    const version = (there?.version ?? 0) + 1
    return {
      kind: there ? 'CHANGED' : 'CREATED',
      change: { id, version, before, after, changes },
    }
  })

/** What is to be written. */
export const changesOf = <Content>(outcomes: readonly ImportOutcome<Content>[]) =>
  outcomes.flatMap((outcome) => ('change' in outcome ? [outcome.change] : []))

const fieldsOf = (content: object | null) => (content ?? {}) as Readonly<Record<string, unknown>>

/** Texts that an import sets: null takes one away, one that is absent stays. */
export type ImportedTexts = { readonly [L in Language]?: string | null | undefined }

export const textsAfter = (before: Translations = {}, given: ImportedTexts = {}): Translations =>
  Object.fromEntries(
    Object.values(Language).flatMap((language) => {
      const text = given[language] === undefined ? before[language] : given[language]
      return text == null ? [] : [[language, text]]
    }),
  )

/** Fields that are set; `undefined` is as good as absent. */
export const given = <Fields extends object>(fields: Fields) =>
  Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as {
    [F in keyof Fields]?: Exclude<Fields[F], undefined>
  }

/** A row of translations exists only where its first text does: each other one needs it in the same language. */
export const missingTexts = (
  first: readonly [field: string, texts: Translations],
  others: Readonly<Record<string, Translations>>,
): ImportProblem[] => {
  const [name, texts] = first
  const empty = Object.keys(texts).length === 0
  return [
    ...(empty ? [{ field: name, message: 'must be there in one language at least' }] : []),
    ...Object.entries(others).flatMap(([field, other]) =>
      Object.keys(other)
        .filter((language) => !(language in texts))
        .map((language) => ({
          field: `${field}.${language}`,
          message: `needs a ${name} in the same language`,
        })),
    ),
  ]
}
