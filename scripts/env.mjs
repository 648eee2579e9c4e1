// Loaded before every script: settings of the file ENV_FILE, then of a file `.env` at the root, count where the environment has none.
import { existsSync } from 'node:fs'
import path from 'node:path'

const { ENV_FILE } = process.env
if (ENV_FILE) {
  if (!existsSync(ENV_FILE)) {
    console.error(`ENV_FILE: there is no file ${path.resolve(ENV_FILE)}`)
    process.exit(1)
  }
  process.loadEnvFile(ENV_FILE)
}
const file = path.join(import.meta.dirname, '../.env')
if (existsSync(file)) process.loadEnvFile(file)
