import type { Client } from './client.js'
import { compare, type Comparison } from './compare.js'
import { logInRequest, newLogin } from './people.js'
import type { Stage } from './stage.js'

const ACCOUNTS = 20

/** By what is compared with a wrong password: whether the time of the refusal tells it from that. */
export type RefusalReport = Readonly<Record<string, Comparison>>

/** Refused log-ins: answers must be equal, and times should tell nothing. */
export async function measureRefusals(
  { gateway, people }: Stage,
  { rounds }: { rounds: number },
): Promise<RefusalReport> {
  const known = await people.make(ACCOUNTS)
  const others = {
    'a login that nobody has': newLogin,
    'a blocked account': inTurn(await people.makeBlocked(ACCOUNTS)),
    'an account without a password': inTurn(await people.makeWithoutPassword(ACCOUNTS)),
    // what is left of the difference is noise
    'another account': inTurn(await people.make(ACCOUNTS)),
  }
  const report: Record<string, Comparison> = {}
  for (const [name, login] of Object.entries(others)) {
    report[name] = await compare({
      baseline: refused('a wrong password', gateway, inTurn(known)),
      candidate: refused(name, gateway, login),
      rounds,
    })
  }
  return report
}

const inTurn = (logins: readonly string[]) => {
  let next = 0
  return () => logins[next++ % logins.length]!
}

const refused = (name: string, gateway: Client, login: () => string) => ({
  name,
  async run() {
    const { status, data, errors } = await gateway.send(logInRequest(login(), 'not the password'))
    if (errors[0]?.extensions.code !== 'UNAUTHENTICATED') {
      throw new Error(`${name} was answered with ${JSON.stringify(errors)}`)
    }
    // all but the id of the request
    const told = errors.map(({ message, path, extensions: { code } }) => ({ message, path, code }))
    return { status, data, told }
  },
})
