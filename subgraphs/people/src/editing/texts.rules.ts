import { inLanguages, line, prose } from '@cinegraph/kit/catalogue-text'
import type { Translations } from '@cinegraph/kit/language'
import type { z } from 'zod'
import { languagesOf } from './texts.js'

export const names = (max: number) => inLanguages(line(max))
export const texts = (max: number) => inLanguages(prose(max))

/** A name in some language, and texts in no others: what is stored of a language is stored with the name in it. */
export function checkNamed(
  { name, text }: { name: Translations; text: Translations },
  field: string,
  context: z.RefinementCtx,
): void {
  const named = languagesOf(name)
  if (named.length === 0) {
    context.addIssue({
      code: 'custom',
      path: ['name'],
      message: 'must be there in one language at least',
    })
  }
  for (const language of languagesOf(text).filter((it) => !named.includes(it))) {
    const message = 'must come with a name in the same language'
    context.addIssue({ code: 'custom', path: [field, language], message })
  }
}
