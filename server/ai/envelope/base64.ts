/**
 * `Uint8Array.prototype.toBase64` and `Uint8Array.fromBase64` for versions of Node that lack them (before 25), by means of Buffer. jose uses them where
 * they are there, and its own way by `btoa` takes three times as long for a megabyte as everything else that sealing a request takes together.
 */
type Options = { alphabet?: 'base64' | 'base64url' }

const prototype = Uint8Array.prototype as Uint8Array & { toBase64?: unknown }
const bytes = Uint8Array as typeof Uint8Array & { fromBase64?: unknown }

if (!prototype.toBase64) {
  Object.defineProperty(prototype, 'toBase64', {
    value(this: Uint8Array, { alphabet = 'base64' }: Options = {}) {
      return Buffer.from(this.buffer, this.byteOffset, this.byteLength).toString(alphabet)
    },
    writable: true,
    configurable: true,
  })
}
if (!bytes.fromBase64) {
  Object.defineProperty(bytes, 'fromBase64', {
    value(text: string, { alphabet = 'base64' }: Options = {}) {
      const outside = alphabet === 'base64url' ? /[^\w-]/ : /[^A-Za-z0-9+/=]/
      if (outside.test(text)) throw new SyntaxError('this is no base64')
      return new Uint8Array(Buffer.from(text, alphabet))
    },
    writable: true,
    configurable: true,
  })
}

export {}
