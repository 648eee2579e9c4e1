import type { Translations } from '@cinegraph/kit/language'
import type { z } from 'zod'
import { languagesOf } from './texts.js'

/** For what has to be there: absent stays as it is, null is refused. */
export const kept = <S extends z.ZodType>(schema: S) =>
  schema
    .nullish()
    .refine((it) => it !== null, 'cannot be cleared')
    .transform((it) => it ?? undefined)

/** A name in some language, and texts in no others: what is stored of a language is stored with the name in it. */
export function checkNamed(
  { name, text }: { name: Translations; text: Translations },
  context: z.RefinementCtx,
): void {
  const named = languagesOf(name)
  if (named.length === 0) {
    const message = 'must have a name in at least one language'
    context.addIssue({ code: 'custom', path: ['translations'], message })
  }
  for (const language of languagesOf(text).filter((it) => !named.includes(it))) {
    const message = 'needs a name in the same language'
    context.addIssue({ code: 'custom', path: ['translations', language], message })
  }
}
