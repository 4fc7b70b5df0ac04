import { ratio } from './compare.ts'
import { site } from './site.ts'
import type { Bench } from './types.ts'

export const bench: Bench = {
  id: 'trpc-me',
  about:
    'the call accounts.me of somebody who is signed in, session and database included, beside a procedure of the same server that asks for neither',
  async run() {
    const maestro = await site()
    const own = { url: `${maestro.base}/api/trpc/accounts.me`, headers: { cookie: maestro.cookie } }
    try {
      return [await ratio(own, { url: `${maestro.base}/api/trpc/accounts.signIn` }, 0.5, 'the bare procedure')]
    } finally {
      await maestro.stop()
    }
  },
}
