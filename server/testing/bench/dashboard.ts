import { besideBarePage } from './compare.ts'
import type { Bench } from './types.ts'

export const bench: Bench = {
  id: 'dashboard',
  about:
    'the dashboard through the production server, for somebody who is signed in and has four projects, the database asked each time, beside a bare page of Next that is drawn at each request',
  run: () => besideBarePage(({ base, cookie }) => ({ url: `${base}/dashboard`, headers: { cookie, 'accept-language': 'en' } }), 0.6),
}
