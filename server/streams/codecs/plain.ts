import type { Codec } from './types.ts'

/** As it is: for a few short lines every compressor costs more than it saves. */
export const plain: Codec = {
  name: 'plain',
  compress: async (bytes) => bytes,
  expand: async (bytes) => bytes,
}
