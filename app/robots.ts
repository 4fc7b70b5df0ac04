import type { MetadataRoute } from 'next'
import { baseUrl } from '@/server/core/env.ts'

// Asked when it is wanted: the base address is known only to the running server.
export const dynamic = 'force-dynamic'

export default function robots(): MetadataRoute.Robots {
  return {
    rules: { userAgent: '*', allow: ['/$', '/beta', '/docs/', '/privacy', '/pictures/', '/_next/static/'], disallow: '/' },
    sitemap: `${baseUrl()}/sitemap.xml`,
  }
}
