import { isDenied } from '@/server/ai/service.ts'
import { AppError } from '@/server/core/errors.ts'
import { faultOfPath, type PathFault } from '../rules.ts'
import { fileLimits } from '../schema.ts'
import type { Reach } from './types.ts'

const words: Record<PathFault, string> = {
  length: `A path has 1 to ${fileLimits.pathLength} characters.`,
  absolute: 'A path is relative to the conversation’s folder, with forward slashes.',
  control: 'A path has no control characters.',
  part: 'A path has no empty, "." or ".." part, and no name of over 255 bytes.',
  depth: `Folders lie at most ${fileLimits.depth} deep.`,
  git: 'Git’s own folder is out of reach.',
}

/**
 * Refuses a path that cannot be one of a conversation's files, or that a model may not see.
 * @throws AppError BAD_REQUEST or FORBIDDEN
 */
export function checkPath(path: string, reach: Reach = {}): void {
  const fault = faultOfPath(path)
  if (fault) throw new AppError('BAD_REQUEST', words[fault], 'path', { key: `filePath_${fault}` })
  if (reach.denyPaths && isDenied(path, reach.denyPaths))
    throw new AppError('FORBIDDEN', 'This path is on the deny-list: no model reads or writes it.', 'path', { key: 'fileDenied' })
}

export const missing = () => new AppError('NOT_FOUND', 'There is no such file.', 'path', { key: 'fileMissing' })
export const isLink = () =>
  new AppError('FORBIDDEN', 'This is a link, or lies behind one: links are not followed.', 'path', { key: 'fileLink' })
export const noFile = () => new AppError('BAD_REQUEST', 'This is no plain file.', 'path', { key: 'fileNoFile' })
export const exists = () => new AppError('CONFLICT', 'There is something of that name already.', 'path', { key: 'fileExists' })
export const changedMeanwhile = () =>
  new AppError('CONFLICT', 'The file was changed by somebody else meanwhile.', 'path', { key: 'fileChanged' })
export const tooLarge = () => {
  const mb = fileLimits.textBytes / 1024 ** 2
  return new AppError('TOO_LARGE', `A text file that is read or written here has at most ${mb} MB.`, 'path', {
    key: 'fileTooLarge',
    values: { mb },
  })
}
export const unreadable = () => new AppError('FORBIDDEN', 'The file’s own permissions forbid this.', 'path', { key: 'fileForbidden' })

/** What the system says of a file, in our words. */
export function told(error: unknown): unknown {
  const code = (error as NodeJS.ErrnoException).code ?? ''
  if (code === 'ENOENT') return missing()
  if (code === 'ELOOP') return isLink()
  if (code === 'ENOTDIR' || code === 'EISDIR' || code === 'ENXIO') return noFile()
  if (code === 'EEXIST' || code === 'ENOTEMPTY') return exists()
  if (code === 'EACCES' || code === 'EPERM') return unreadable()
  if (code === 'ENOSPC' || code === 'EDQUOT')
    return new AppError('UNAVAILABLE', 'The disk of this server is full.', 'path', { key: 'diskFull' })
  return error
}
