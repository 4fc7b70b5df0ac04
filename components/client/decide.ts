import { headers } from 'next/headers'
import { redirect } from 'next/navigation'
import { cache } from 'react'
import { load } from './load.ts'
import { signInPath } from './sign-in-path.ts'

/** The address of the page that is being drawn; what the router adds to it when it asks for a part of one is left out. */
async function ownPath(): Promise<string> {
  const [path = '/', query = ''] = ((await headers()).get('x-maestro-path') ?? '/').split('?', 2)
  const kept = query.split('&').filter((part) => part && !part.startsWith('_rsc='))
  return kept.length > 0 ? `${path}?${kept.join('&')}` : path
}

/**
 * Waits, in a layout, for what decides whether there is a page at all. Layouts stand outside of what `loading.tsx` shows meanwhile, so a refusal
 * there is an answer with a status of its own: 307 to the sign-in, or 404.
 */
export async function decide<T>(reading: Promise<T>): Promise<T> {
  return load(await ownPath(), reading)
}

/** For layouts of pages that need somebody who is signed in. */
export async function requirePerson(me: object | null): Promise<void> {
  if (!me) redirect(signInPath(await ownPath()))
}

const readings = cache(() => new Map<string, Promise<unknown>>())

/** Reads once what a layout decides by and the page below it shows. */
export function once<T>(key: string, read: () => Promise<T>): Promise<T> {
  const known = readings()
  const reading = (known.get(key) as Promise<T> | undefined) ?? read()
  known.set(key, reading)
  return reading
}
