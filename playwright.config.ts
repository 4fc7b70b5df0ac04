import { userInfo } from 'node:os'
import { defineConfig } from '@playwright/test'
import { baseURL, chromium, dataDir, environment, port } from './e2e/place.ts'

// The first three let Chromium run as root and without a GPU; the others keep it from calling home.
const args = [
  ...(userInfo().uid === 0 ? ['--no-sandbox'] : []),
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
]

export default defineConfig({
  testDir: 'e2e',
  outputDir: 'test-results/browser',
  globalTeardown: './e2e/teardown.ts',
  // Generous, for a machine that does much else: a test that passes never waits for them.
  timeout: 300_000,
  expect: { timeout: 30_000 },
  workers: 1,
  retries: 0,
  forbidOnly: true,
  reporter: [['list'], ['json', { outputFile: 'playwright-report/report.json' }]],
  use: {
    baseURL,
    browserName: 'chromium',
    headless: true,
    contextOptions: { reducedMotion: 'reduce' },
    actionTimeout: 60_000,
    navigationTimeout: 60_000,
    // A trace costs as much as the test: whoever needs one asks for it with `--trace on`.
    screenshot: 'only-on-failure',
    launchOptions: { args, ...(chromium ? { executablePath: chromium } : {}) },
  },
  webServer: {
    // What an earlier, killed run left running ends first; every run begins with an empty data directory.
    command: `node dist/cli.js stop --data-dir ${dataDir} && rm -rf ${dataDir} && exec node dist/main.js`,
    env: {
      ...{ NODE_ENV: 'production', MAESTRO_DEMO: '1', MAESTRO_DATA_DIR: dataDir, PORT: String(port), MAESTRO_LOG_LEVEL: 'warn' },
      ...environment,
    },
    url: baseURL,
    timeout: 120_000,
    gracefulShutdown: { signal: 'SIGTERM', timeout: 20_000 },
    stdout: 'pipe',
    stderr: 'pipe',
  },
})
