import type { z } from 'zod'
import { describeSetting } from './config.js'

/** A setting as documents list it. */
export interface EnvRow {
  readonly name: string
  readonly required: boolean
  /** As it would be written in the environment; undefined when the setting has none. */
  readonly default: string | undefined
  readonly description: string
}

/** The settings of a config schema, in its order. Throws for a setting without a description: nobody could set it. */
export function envRows(schema: z.ZodObject): EnvRow[] {
  return Object.entries(schema.shape).map(([name, field]) => {
    const setting = field as z.ZodType
    const description = describeSetting(setting)
    if (description === undefined) throw new Error(`the setting ${name} has no description`)
    const unset = setting.safeParse(undefined)
    return {
      name,
      required: !unset.success,
      default: unset.success ? textOf(unset.data) : undefined,
      description,
    }
  })
}

function textOf(value: unknown): string | undefined {
  if (value === undefined || value === null) return undefined
  if (Array.isArray(value)) return value.join(',')
  return typeof value === 'string' ? value : JSON.stringify(value)
}
