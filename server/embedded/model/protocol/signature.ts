import { createHash } from 'node:crypto'

/** Lets the model know its own thinking again when it comes back. */
export const signatureOf = (thinking: string): string =>
  Buffer.concat([Buffer.from('demo'), createHash('sha512').update(`thinking ${thinking}`).digest()]).toString('base64')
