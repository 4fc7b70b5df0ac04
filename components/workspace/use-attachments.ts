'use client'

import { useTranslations } from 'next-intl'
import { useCallback, useRef, useState } from 'react'
import { toast } from 'sonner'
import { z } from 'zod'
import { chatLimits } from '@/server/chats/schema.ts'
import { useAmounts } from './money.ts'

export interface Attached {
  key: string
  name: string
  bytes: number
  mediaType: string
  /** Null while it is on its way. */
  id: string | null
}

const answerSchema = z.object({ id: z.string(), name: z.string(), mediaType: z.string(), bytes: z.number() })

async function upload(sessionId: string, file: File, key: string) {
  const body = new FormData()
  body.set('requestId', key)
  body.set('file', file)
  const answer = await fetch(`/api/chats/${sessionId}/attachments`, { method: 'POST', body })
  if (!answer.ok) throw new Error(String(answer.status))
  return answerSchema.parse(await answer.json())
}

/** Files that go with the next message. They are sent as they are chosen, so that the message itself never waits for them. */
export function useAttachments(sessionId: string) {
  const t = useTranslations('composer')
  const amounts = useAmounts()
  const [files, setFiles] = useState<Attached[]>([])
  const count = useRef(0)
  count.current = files.length

  const remove = useCallback((key: string) => setFiles((before) => before.filter((file) => file.key !== key)), [])
  const add = useCallback(
    (chosen: readonly File[]) => {
      for (const file of chosen) {
        const limit = file.type.startsWith('image/') ? chatLimits.imageBytes : chatLimits.fileBytes
        if (count.current >= chatLimits.attachments) {
          toast.error(t('tooMany', { count: chatLimits.attachments }))
          return
        }
        if (file.size > limit) {
          toast.error(t('tooLarge', { name: file.name, limit: amounts.bytes(limit) }))
          continue
        }
        count.current++
        const key = crypto.randomUUID()
        const attached: Attached = { key, name: file.name, bytes: file.size, mediaType: file.type, id: null }
        setFiles((before) => [...before, attached])
        upload(sessionId, file, key).then(
          (stored) => setFiles((before) => before.map((one) => (one.key === key ? { ...one, ...stored } : one))),
          (error: unknown) => {
            remove(key)
            const full = error instanceof Error && error.message === '413'
            toast.error(t(full ? 'uploadNoRoom' : 'uploadFailed', { name: file.name }))
          },
        )
      }
    },
    [sessionId, t, amounts, remove],
  )
  const restore = useCallback((unsent: readonly Attached[]) => setFiles((since) => [...unsent, ...since]), [])
  return { files, add, remove, clear: useCallback(() => setFiles([]), []), restore }
}
