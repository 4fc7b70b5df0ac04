import { besideBarePage } from './compare.ts'
import type { Bench } from './types.ts'

export const bench: Bench = {
  id: 'landing',
  about:
    'the landing page through the production server, for somebody who is not signed in, beside a bare page of Next that is drawn at each request',
  run: () => besideBarePage(({ base }) => ({ url: `${base}/`, headers: { 'accept-language': 'en' } }), 0.6),
}
