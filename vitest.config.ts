import { fileURLToPath } from 'node:url'
import { defineConfig } from 'vitest/config'

export default defineConfig({
  resolve: { alias: { '@': fileURLToPath(new URL('.', import.meta.url)).replace(/\/$/, '') } },
  test: {
    include: ['{app,components,server}/**/*.test.{ts,tsx}'],
    globalSetup: ['server/testing/global-setup.ts'],
    // A process per file: the registry is one per process, and many tests start processes of their own.
    pool: 'forks',
    maxWorkers: 2,
    // Generous, for a machine that is slow or does much else: a test that passes never waits for them.
    testTimeout: 300_000,
    hookTimeout: 300_000,
    teardownTimeout: 60_000,
    env: { NODE_ENV: 'test', MAESTRO_LOG_LEVEL: 'silent' },
  },
})
