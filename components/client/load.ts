import { notFound, redirect } from 'next/navigation'
import { signInPath } from './sign-in-path.ts'

const codeOf = (error: unknown) => (error as { code?: unknown } | null)?.code
/** The sentence of a refusal, by its name in the message files. */
const keyOf = (error: unknown) => (error as { cause?: { key?: unknown } } | null)?.cause?.key

/**
 * Waits for what a page needs. Who is not signed in goes to the sign-in page and comes back to `path`; what does not exist, or is
 * somebody else's, is the not-found page.
 */
export async function load<T>(path: string, reading: Promise<T>): Promise<T> {
  try {
    return await reading
  } catch (error) {
    const code = codeOf(error)
    if (code === 'UNAUTHORIZED') redirect(signInPath(path))
    // What only administrators may see is, for everybody else, not there.
    if (code === 'NOT_FOUND' || code === 'BAD_REQUEST' || keyOf(error) === 'adminsOnly') notFound()
    throw error
  }
}
