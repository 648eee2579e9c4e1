import { integer } from '@cinegraph/kit/config'
import type { z } from 'zod'
import type { PasswordHasherOptions } from './password-hasher.js'

/** Settings of the cost of a hash, and of how many are computed. */
export const passwordHasherEnv = {
  ARGON2_MEMORY_KIB: integer({ min: 8, max: 1_048_576, default: 19_456 }).describe(
    'KiB of memory that hashing one password takes',
  ),
  ARGON2_PASSES: integer({ min: 1, max: 100, default: 2 }).describe('passes over that memory'),
  ARGON2_PARALLELISM: integer({ min: 1, max: 16, default: 1 }).describe(
    'threads that hash one password',
  ),
  ARGON2_AT_ONCE: integer({ min: 1, max: 64, default: 2 }).describe(
    'passwords hashed at the same time; more wait',
  ),
  ARGON2_QUEUE: integer({ min: 0, max: 10_000, default: 100 }).describe(
    'passwords that may wait to be hashed; more are answered with SERVICE_UNAVAILABLE',
  ),
  ARGON2_QUEUE_PER_ADDRESS: integer({ min: 1, max: 10_000, default: 8 }).describe(
    'the same for one IPv4 address or one /64 of IPv6, hashed or waiting',
  ),
}

type PasswordHasherEnv = z.output<z.ZodObject<typeof passwordHasherEnv>>

export const passwordHasherOptions = (env: PasswordHasherEnv): PasswordHasherOptions => ({
  memoryKiB: env.ARGON2_MEMORY_KIB,
  passes: env.ARGON2_PASSES,
  parallelism: env.ARGON2_PARALLELISM,
  atOnce: env.ARGON2_AT_ONCE,
  queue: env.ARGON2_QUEUE,
  perAddress: env.ARGON2_QUEUE_PER_ADDRESS,
})
