import { cache } from 'react'
import type { HeadersLike } from './credentials.ts'
import { callerOf } from './gates.ts'

/** Who sent a request, looked up once while one page is drawn; everywhere else it is asked each time. @throws AppError as `callerOf` */
export const callerOfPage = cache((given: HeadersLike) => callerOf(given))
