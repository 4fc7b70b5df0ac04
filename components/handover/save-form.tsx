'use client'

import { useMutation, useQuery } from '@tanstack/react-query'
import { useRouter } from 'next/navigation'
import { useTranslations } from 'next-intl'
import { useState } from 'react'
import { useByteText } from '@/components/artifacts/byte-size.tsx'
import { useTRPC } from '@/components/client/trpc.ts'
import { useName } from '@/components/projects/use-name.ts'
import { Button } from '@/components/ui/button.tsx'
import { Field } from '@/components/ui/field.tsx'
import { Input } from '@/components/ui/input.tsx'
import { issueLimits } from '@/server/projects/schema.ts'

interface UploadsProps {
  files: number
  bytes: number
  taken: boolean
  onTake: (taken: boolean) => void
}

/** Whether what was handed in with messages goes along; nothing where nothing was. */
function Uploads({ files, bytes, taken, onTake }: UploadsProps) {
  const t = useTranslations('files.project')
  const textOf = useByteText()
  if (files === 0) return null
  return (
    <label className="flex items-start gap-2 text-sm">
      <input type="checkbox" className="mt-0.5" checked={taken} onChange={({ target }) => onTake(target.checked)} />
      {t('uploads', { count: files, size: textOf(bytes) })}
    </label>
  )
}

/** Asks for a project's title and name, and makes it; then its first build's page is shown. */
export function SaveForm({ sessionId, onClose }: { sessionId: string; onClose: () => void }) {
  const t = useTranslations('files.project')
  const cancel = useTranslations('files')('cancel')
  const textOf = useByteText()
  const trpc = useTRPC()
  const router = useRouter()
  const [typed, setTitle] = useState<string | null>(null)
  const [uploads, setUploads] = useState(false)
  const [requestId] = useState(() => crypto.randomUUID())
  const { data: found } = useQuery(trpc.handover.look.queryOptions({ sessionId }))
  // Until somebody writes another one, the conversation's own.
  const title = typed ?? found?.title ?? ''
  const name = useName(title)
  const save = useMutation(
    trpc.handover.save.mutationOptions({
      onSuccess: ({ service, build }) => router.push(`/${service}/builds/${build}`),
    }),
  )
  const busy = save.isPending || save.isSuccess
  const ready = title.trim() !== '' && !name.refused && !busy
  return (
    <form
      className="grid gap-4"
      onSubmit={(event) => {
        event.preventDefault()
        if (ready) save.mutate({ sessionId, requestId, uploads, title: title.trim(), ...(name.sent && { name: name.sent }) })
      }}
    >
      <Field label={t('heading')} hint={found && t('holds', { count: found.files, size: textOf(found.bytes) })}>
        {(control) => (
          <Input
            {...control}
            value={title}
            maxLength={issueLimits.titleMax}
            onChange={(event) => setTitle(event.target.value)}
            autoComplete="off"
          />
        )}
      </Field>
      <Field
        label={t('name')}
        hint={t('nameHint')}
        error={name.refused ? t(name.refused === 'taken' ? 'names.taken' : 'names.invalid') : null}
      >
        {(control) => (
          <Input
            {...control}
            value={name.shown}
            maxLength={40}
            onChange={(event) => name.write(event.target.value)}
            autoComplete="off"
            spellCheck={false}
            className="font-mono"
          />
        )}
      </Field>
      {found && <Uploads {...found.uploads} taken={uploads} onTake={setUploads} />}
      {found && found.left > 0 && <p className="text-sm text-warn">{t('left', { count: found.left })}</p>}
      <div className="flex justify-end gap-2">
        <Button onClick={onClose}>{cancel}</Button>
        <Button type="submit" variant="primary" disabled={!ready}>
          {busy ? t('making') : t('make')}
        </Button>
      </div>
    </form>
  )
}
