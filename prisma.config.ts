import { defineConfig } from 'prisma/config'

// Every command of Prisma's CLI first wants to download a native schema engine. `generate` and `validate` never start
// it, so any executable satisfies the check; migrations run through the WebAssembly engine in `server/core/migrations.ts`.
process.env.PRISMA_SCHEMA_ENGINE_BINARY ??= process.execPath

export default defineConfig({ schema: 'prisma/schema' })
