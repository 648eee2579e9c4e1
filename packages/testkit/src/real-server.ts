/**
 * The URL of a real server, e.g. TEST_KAFKA_URL for `kafka`; `npm run servers` starts one. Without it tests skip:
 * `describe.skipIf(url === undefined)`. With REQUIRE_REAL=1 that is an error instead.
 */
export function realServer(
  name: string,
  env: Readonly<Record<string, string | undefined>> = process.env,
): string | undefined {
  const variable = `TEST_${name.toUpperCase()}_URL`
  // a blank one counts as unset, as everywhere
  const url = env[variable]?.trim() || undefined
  if (url === undefined && env['REQUIRE_REAL'] === '1') {
    throw new Error(`REQUIRE_REAL=1, but ${variable} is not set: start it with npm run servers`)
  }
  return url
}
