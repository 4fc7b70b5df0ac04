import { pictureContext } from '@/server/feedback/service.ts'
import { objectSource } from './objects.ts'

/** Pictures that came with feedback. */
export const pictures = [
  objectSource({
    name: 'pictures',
    kind: 'pictures',
    of: 'platform',
    table: 'Feedback',
    where: 'r.screenshot IS NOT NULL AND $1::text IS NULL',
    object: 'screenshot',
    size: null,
    context: pictureContext,
  }),
]
