import type { MetadataRoute } from 'next'
import { baseUrl } from '@/server/core/env.ts'

export const dynamic = 'force-dynamic'

export default function sitemap(): MetadataRoute.Sitemap {
  return ['/', '/beta', '/docs/api', '/privacy'].map((path) => ({ url: `${baseUrl()}${path}` }))
}
