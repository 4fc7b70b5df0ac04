import { promisify } from 'node:util'
import { brotliCompress, brotliDecompress, constants } from 'node:zlib'
import type { Codec } from './types.ts'

const compress = promisify(brotliCompress)
const expand = promisify(brotliDecompress)

/** In every Node; at quality 1 it packs log lines faster and tighter than gzip. The work is done in the thread pool. */
export const brotli: Codec = {
  name: 'br',
  compress: (plain) =>
    compress(plain, {
      // Room for all of it at once: with the default of 16 KB each piece would come back through the event loop.
      chunkSize: Math.max(1_024, plain.length),
      params: {
        [constants.BROTLI_PARAM_QUALITY]: 1,
        [constants.BROTLI_PARAM_LGWIN]: 18,
        [constants.BROTLI_PARAM_SIZE_HINT]: plain.length,
      },
    }),
  expand: (packed, maxBytes) => expand(packed, { chunkSize: 128 * 1024, maxOutputLength: maxBytes }),
}
