import * as zlib from 'node:zlib'
import type { Codec } from './types.ts'

type Run = (bytes: Buffer, options: object, done: (error: Error | null, result: Buffer) => void) => void
// Built into Node from 22.15 on; older ones lack the functions.
const { zstdCompress, zstdDecompress } = zlib as unknown as { zstdCompress?: Run; zstdDecompress?: Run }

const run = (work: Run, bytes: Buffer, options: object) =>
  new Promise<Buffer>((resolve, reject) => work(bytes, options, (error, result) => (error ? reject(error) : resolve(result))))

const level = (zlib.constants as Record<string, number>).ZSTD_c_compressionLevel

/** The fastest, where this Node has it. */
export const zstd: Codec | null =
  zstdCompress && zstdDecompress && level !== undefined
    ? {
        name: 'zstd',
        compress: (plain) => run(zstdCompress, plain, { chunkSize: Math.max(1_024, plain.length), params: { [level]: 1 } }),
        expand: (packed, maxBytes) => run(zstdDecompress, packed, { chunkSize: 128 * 1024, maxOutputLength: maxBytes }),
      }
    : null
