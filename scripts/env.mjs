// Loaded before every script: settings of a file `.env` at the root count where the environment has none.
import { existsSync } from 'node:fs'
import path from 'node:path'

const file = path.join(import.meta.dirname, '../.env')
if (existsSync(file)) process.loadEnvFile(file)
