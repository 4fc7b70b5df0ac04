// Adds to package-lock.json what npm leaves out for other platforms: npm run lock:complete
import { readFileSync, writeFileSync } from 'node:fs'
import { completeLock } from './lockfile.ts'

writeFileSync('package-lock.json', `${JSON.stringify(completeLock(JSON.parse(readFileSync('package-lock.json', 'utf8'))), null, 2)}\n`)
