'use client'

import { useTranslations } from 'next-intl'
import { useCallback, useRef, useState } from 'react'
import { toast } from 'sonner'
import { fileLimits } from '@/server/files/schema.ts'
import { besidePath } from './beside.ts'
import { type Brought, mostAtOnce } from './dropped.ts'
import { fileAddress } from './file-view.tsx'
import { useReplaceQuestion } from './replace-dialog.tsx'

/** A file on its way to its path; only where its owner said so it replaces what is there. */
interface Bringing {
  file: File
  path: string
  replace: boolean
}

/** Stores one file. @returns null where there was no answer */
const store = (sessionId: string, { file, path, replace }: Bringing) =>
  fetch(fileAddress(sessionId, path), {
    method: 'PUT',
    body: file,
    headers: { 'content-type': 'application/octet-stream', ...(replace ? {} : { 'if-none-match': '*' }) },
  }).catch(() => null)

/** Stores files one after the other, and says how many there are now and which of them found something at their path that nobody had known of. */
function useSending(sessionId: string, onOne: (count: number) => void) {
  const t = useTranslations('files')
  return useCallback(
    async (files: readonly Bringing[]) => {
      let stored = 0
      const late: Bringing[] = []
      for (const [at, one] of files.entries()) {
        const answer = await store(sessionId, one)
        if (answer?.status === 429) {
          // The next one would be refused, too.
          const minutes = Math.ceil(Number(answer.headers.get('retry-after') ?? 60) / 60)
          toast.error(t('uploadTooOften', { count: files.length - at, minutes }))
          onOne(files.length - at)
          break
        }
        if (answer?.ok) stored++
        else if (answer?.status === 409 && !one.replace) late.push(one)
        else toast.error(t(answer?.status === 413 ? 'uploadNoRoom' : 'uploadFailed', { name: one.path }))
        onOne(1)
      }
      return { stored, late }
    },
    [sessionId, t, onOne],
  )
}

/** Stores files that a person brings into one of the conversation's folders, and asks before it replaces any. `paths` are those that are taken. */
export function useUpload(sessionId: string, paths: ReadonlySet<string>, done: () => Promise<unknown>) {
  const t = useTranslations('files')
  const [left, setLeft] = useState(0)
  const send = useSending(
    sessionId,
    useCallback((count: number) => setLeft((before) => before - count), []),
  )
  const { open: question, ask } = useReplaceQuestion()
  const latest = useRef(paths)
  latest.current = paths
  const queue = useRef(Promise.resolve())

  /** What of these is stored, and where; empty where the person would rather not. */
  const decided = useCallback(
    async (files: readonly Bringing[], taken: Set<string>): Promise<Bringing[]> => {
      const clashing = files.filter(({ path }) => taken.has(path))
      const decision =
        clashing.length > 0 ? await ask({ paths: clashing.map(({ path }) => path), others: files.length - clashing.length }) : 'both'
      if (!decision) return []
      return files.map((one) => {
        const clashes = taken.has(one.path)
        const path = clashes && decision === 'both' ? besidePath(one.path, taken) : one.path
        taken.add(path)
        return { ...one, path, replace: clashes && decision === 'replace' }
      })
    },
    [ask],
  )

  const bring = useCallback(
    async (brought: readonly Brought[], folder: string) => {
      if (brought.length > mostAtOnce) toast.warning(t('uploadTooMany', { count: mostAtOnce }))
      const taken = new Set(latest.current)
      let stored = 0
      let files = brought.slice(0, mostAtOnce).flatMap(({ file, path }) => {
        if (file.size <= fileLimits.uploadBytes) return [{ file, path: folder ? `${folder}/${path}` : path, replace: false }]
        toast.error(t('uploadTooLarge', { name: path, mb: fileLimits.uploadBytes / 1024 ** 2 }))
        return []
      })
      while (files.length > 0) {
        const going = await decided(files, taken)
        setLeft((before) => before + going.length)
        const sent = await send(going)
        stored += sent.stored
        files = sent.late
        for (const { path } of files) taken.add(path)
      }
      if (stored > 0) toast.success(t('uploaded', { count: stored }))
      await done()
    },
    [t, done, decided, send],
  )
  // One lot after the other: only one question is asked at a time.
  const upload = useCallback(
    (brought: readonly Brought[], folder: string) => {
      queue.current = queue.current.then(() => bring(brought, folder)).catch(() => undefined)
    },
    [bring],
  )
  return { upload, uploading: left > 0, question }
}
