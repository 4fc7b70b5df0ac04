import { bareNext } from './bare-next.ts'
import { pageRatio } from './compare.ts'
import { site } from './site.ts'
import type { Bench } from './types.ts'

export const bench: Bench = {
  id: 'landing',
  about:
    'the landing page through the production server, for somebody who is not signed in, beside a bare page of Next that is drawn at each request',
  async run() {
    const maestro = await site()
    const bare = await bareNext()
    try {
      return [
        await pageRatio(
          { url: `${maestro.base}/`, headers: { 'accept-language': 'en' } },
          bare.target,
          0.6,
          `the bare page by ${bare.how}`,
        ),
      ]
    } finally {
      await bare.stop()
      await maestro.stop()
    }
  },
}
