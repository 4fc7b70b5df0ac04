'use client'

import { useTranslations } from 'next-intl'
import { useCallback, useState } from 'react'
import { toast } from 'sonner'
import { fileLimits } from '@/server/files/schema.ts'
import { type Brought, mostAtOnce } from './dropped.ts'
import { fileAddress } from './file-view.tsx'

/** Stores files that a person brings into one of the conversation's folders, one after the other. */
export function useUpload(sessionId: string, done: () => Promise<unknown>) {
  const t = useTranslations('files')
  const [left, setLeft] = useState(0)
  const upload = useCallback(
    async (brought: readonly Brought[], folder: string) => {
      const chosen = brought.slice(0, mostAtOnce)
      if (brought.length > chosen.length) toast.warning(t('uploadTooMany', { count: mostAtOnce }))
      setLeft((before) => before + chosen.length)
      let stored = 0
      for (const [at, { file, path: name }] of chosen.entries()) {
        if (file.size > fileLimits.uploadBytes) toast.error(t('uploadTooLarge', { name, mb: fileLimits.uploadBytes / 1024 ** 2 }))
        else {
          const address = fileAddress(sessionId, folder ? `${folder}/${name}` : name)
          const answer = await fetch(address, { method: 'PUT', body: file, headers: { 'content-type': 'application/octet-stream' } }).catch(
            () => null,
          )
          if (answer?.status === 429) {
            // The next one would be refused, too.
            const minutes = Math.ceil(Number(answer.headers.get('retry-after') ?? 60) / 60)
            toast.error(t('uploadTooOften', { count: chosen.length - at, minutes }))
            setLeft((before) => before - (chosen.length - at))
            break
          }
          if (answer?.ok) stored++
          else toast.error(t(answer?.status === 413 ? 'uploadNoRoom' : 'uploadFailed', { name }))
        }
        setLeft((before) => before - 1)
      }
      if (stored > 0) toast.success(t('uploaded', { count: stored }))
      await done()
    },
    [sessionId, t, done],
  )
  return { upload, uploading: left > 0 }
}
