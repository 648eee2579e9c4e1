import { envOf, makeSecrets } from './all-in-one/secrets.js'

for (const [name, value] of Object.entries(envOf(await makeSecrets()))) {
  console.log(`${name}='${value}'`)
}
