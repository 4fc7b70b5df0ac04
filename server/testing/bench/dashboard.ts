import { bareNext } from './bare-next.ts'
import { pageRatio } from './compare.ts'
import { site } from './site.ts'
import type { Bench } from './types.ts'

export const bench: Bench = {
  id: 'dashboard',
  about:
    'the dashboard through the production server, for somebody who is signed in and has four projects, database included, beside a bare page of Next that is drawn at each request',
  async run() {
    const maestro = await site()
    const bare = await bareNext()
    try {
      const own = { url: `${maestro.base}/dashboard`, headers: { cookie: maestro.cookie, 'accept-language': 'en' } }
      return [await pageRatio(own, bare.target, 0.6, `the bare page by ${bare.how}`)]
    } finally {
      await bare.stop()
      await maestro.stop()
    }
  },
}
