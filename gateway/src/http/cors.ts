import type { FastifyCorsOptions } from '@fastify/cors'

/** Origins whose pages may call the gateway from a browser. */
export type AllowedOrigins = readonly string[] | 'development'

// the Sandbox of the vendor's site and whatever a frontend developer serves locally, on any port
const DEVELOPMENT = [
  'https://studio.apollographql.com',
  /^https?:\/\/(localhost|127\.0\.0\.1|\[::1\])(:\d+)?$/,
]

/** Cookies are allowed only for origins that somebody has listed. */
export function corsOptions(origins: AllowedOrigins): FastifyCorsOptions {
  const listed = origins !== 'development'
  return {
    origin: listed ? [...origins] : DEVELOPMENT,
    credentials: listed && origins.length > 0,
    methods: ['GET', 'POST'],
    exposedHeaders: ['x-request-id', 'retry-after'],
    maxAge: 600,
  }
}
