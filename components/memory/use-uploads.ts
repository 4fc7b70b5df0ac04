'use client'

import { useTranslations } from 'next-intl'
import { useCallback, useEffect, useRef, useState } from 'react'
import { toast } from 'sonner'
import { z } from 'zod'
import { type FailureCode, failureCodes } from '@/components/client/failure.ts'
import { documentLimits } from '@/server/memory/schema.ts'

export interface Upload {
  key: string
  name: string
  /** 0 to 1. */
  sent: number
}

const megabytes = documentLimits.bytes / 1024 ** 2
const refusalSchema = z.object({
  error_code: z.enum(failureCodes),
  details: z.object({ reason: z.string().optional() }).nullable().catch(null),
})

class Refused extends Error {
  constructor(
    readonly code: FailureCode,
    readonly key: string | undefined,
  ) {
    super(code)
  }
}

function refusalOf(text: string): Refused {
  try {
    const { error_code, details } = refusalSchema.parse(JSON.parse(text))
    return new Refused(error_code, details?.reason)
  } catch {
    return new Refused('INTERNAL', undefined)
  }
}

/** Sends one file. Only this old way to ask tells how much of it has gone. */
function send(request: XMLHttpRequest, agentId: string, file: File, key: string, onSent: (sent: number) => void): Promise<void> {
  return new Promise((resolve, reject) => {
    const body = new FormData()
    body.set('requestId', key)
    body.set('file', file)
    request.upload.onprogress = ({ loaded, total }) => onSent(total > 0 ? loaded / total : 0)
    request.onload = () => (request.status === 201 ? resolve() : reject(refusalOf(request.responseText)))
    request.onerror = () => reject(new Refused('OFFLINE', undefined))
    request.onabort = () => resolve()
    request.open('POST', `/api/agents/${agentId}/documents`)
    request.send(body)
  })
}

/** Why the server took a file not, in the reader's language. */
function useRefusalText() {
  const [errors, said] = [useTranslations('errors'), useTranslations('said')]
  return useCallback(
    (error: unknown): string => {
      if (!(error instanceof Refused)) return errors('INTERNAL')
      if (error.key === 'documentKind' || error.key === 'emptyFile' || error.key === 'agentNotYours') return said(error.key)
      if (error.key === 'fileTooLarge') return said('fileTooLarge', { megabytes })
      if (error.key === 'documentsRoom') return said('documentsRoom', { mb: documentLimits.personBytes / 1024 ** 2 })
      return error.key === 'documentsFull' ? said('documentsFull', { most: documentLimits.perAgent }) : errors(error.code)
    },
    [errors, said],
  )
}

/** Files on their way to an agent, one after the other. */
export function useUploads(agentId: string, onDone: () => void) {
  const t = useTranslations('documents')
  const refusalText = useRefusalText()
  const [uploads, setUploads] = useState<Upload[]>([])
  const requests = useRef(new Map<string, XMLHttpRequest>())
  const queue = useRef(Promise.resolve())
  useEffect(() => {
    const open = requests.current
    return () => {
      for (const request of open.values()) request.abort()
      open.clear()
    }
  }, [])

  const stop = useCallback((key: string) => {
    requests.current.get(key)?.abort()
    requests.current.delete(key)
    setUploads((before) => before.filter((one) => one.key !== key))
  }, [])

  const sendOne = useCallback(
    async (file: File, key: string) => {
      const request = requests.current.get(key)
      if (!request) return
      const onSent = (sent: number) => setUploads((before) => before.map((one) => (one.key === key ? { ...one, sent } : one)))
      try {
        await send(request, agentId, file, key, onSent)
        if (requests.current.has(key)) toast.success(t('uploaded', { name: file.name }))
      } catch (error) {
        toast.error(t('uploadFailed', { name: file.name }), { description: refusalText(error) })
      }
      stop(key)
      onDone()
    },
    [agentId, onDone, refusalText, stop, t],
  )

  const add = useCallback(
    (files: readonly File[]) => {
      for (const file of files) {
        if (file.size > documentLimits.bytes) {
          toast.error(t('tooLarge', { name: file.name, megabytes }))
          continue
        }
        const key = crypto.randomUUID()
        requests.current.set(key, new XMLHttpRequest())
        setUploads((before) => [...before, { key, name: file.name, sent: 0 }])
        queue.current = queue.current.then(() => sendOne(file, key))
      }
    },
    [sendOne, t],
  )
  return { uploads, add, stop }
}
