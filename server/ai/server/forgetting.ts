import { dropAppVariables } from '@/server/core/env.ts'

/** What the app has in its environment and the AI server has no use for; it is gone once this module is evaluated. */
export const forgotten: readonly string[] = dropAppVariables()
