import { isUtf8 } from 'node:buffer'
import { createHash } from 'node:crypto'
import type { CommitFile, TreeFile } from '@/server/worktrees/schema.ts'
import { listCommitFiles, readCommitFiles } from '@/server/worktrees/service.ts'
import type { LeftOut } from '../schema.ts'
import { isCode } from './findings.ts'

/**
 * What one request takes, in bytes of code: about 100,000 tokens, which leaves room for the rest of a context. What a release may have
 * beyond all requests is not reviewed, and the review says so.
 */
export const bundleLimits = { fileBytes: 256 * 1024, requestBytes: 384 * 1024, requests: 6 } as const

/** The code that is about to be released, as it is sent. */
export interface Bundle {
  /** SHA-256 of all that is sent. */
  sha256: string
  /** The files of each request. */
  requests: TreeFile[][]
  files: { path: string; bytes: number }[]
  leftOut: LeftOut[]
}

const lockFile = /(?:^|\/)(?:package-lock\.json|npm-shrinkwrap\.json|yarn\.lock|pnpm-lock\.yaml|bun\.lockb?)$/
const testFile = /(?:^|\/)(?:tests?|__tests__)\/|\.(?:test|spec)\.[cm]?[jt]sx?$/

function whyNot(file: CommitFile, denied: (path: string) => boolean): LeftOut['why'] | null {
  if (denied(file.path)) return 'denied'
  if (!file.plain) return 'binary'
  if (lockFile.test(file.path)) return 'lock'
  if (file.bytes === 0) return 'empty'
  return file.bytes > bundleLimits.fileBytes ? 'large' : null
}

// Node runs a script with a stray byte in it, so a script is sent whatever is in it.
const isText = (path: string, bytes: Buffer): boolean => isCode(path) || (isUtf8(bytes) && !bytes.includes(0))

/** Puts files into requests, each as full as it may be; what is beyond the last one comes back. */
function distribute(files: readonly (TreeFile & { bytes: number })[]) {
  const requests: TreeFile[][] = []
  const beyond: string[] = []
  let room = 0
  for (const { path, content, bytes } of files) {
    if (bytes > room) {
      if (requests.length === bundleLimits.requests) {
        beyond.push(path)
        continue
      }
      requests.push([])
      room = bundleLimits.requestBytes
    }
    requests.at(-1)?.push({ path, content })
    room -= bytes
  }
  return { requests, beyond }
}

/** Packs the files of a commit for the review: the app's code first, its tests last, what no model may see not at all. */
export async function packRelease(buildId: string, commit: string, denied: (path: string) => boolean): Promise<Bundle> {
  const leftOut: LeftOut[] = []
  const chosen: CommitFile[] = []
  for (const file of await listCommitFiles(buildId, commit)) {
    const why = whyNot(file, denied)
    if (why) leftOut.push({ path: file.path, why })
    else chosen.push(file)
  }
  chosen.sort((a, b) => Number(testFile.test(a.path)) - Number(testFile.test(b.path)))
  const contents = await readCommitFiles(buildId, chosen)
  const texts = chosen.flatMap(({ path, bytes }, at) => {
    const content = contents[at] ?? Buffer.alloc(0)
    if (isText(path, content)) return [{ path, bytes, content: content.toString().replaceAll('\0', '\uFFFD') }]
    leftOut.push({ path, why: 'binary' })
    return []
  })
  const { requests, beyond } = distribute(texts)
  leftOut.push(...beyond.map((path) => ({ path, why: 'beyond' as const })))
  const sent = requests.flat()
  const hash = createHash('sha256')
  for (const { path, content } of sent) hash.update(`${JSON.stringify([path, Buffer.byteLength(content)])}\n${content}`)
  const files = sent.map(({ path, content }) => ({ path, bytes: Buffer.byteLength(content) }))
  return { sha256: hash.digest('hex'), requests, files, leftOut }
}
