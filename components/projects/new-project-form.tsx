'use client'

import { useMutation } from '@tanstack/react-query'
import { Hammer, LoaderCircle } from 'lucide-react'
import { useRouter } from 'next/navigation'
import { useTranslations } from 'next-intl'
import { type FormEvent, useRef, useState } from 'react'
import { failureOf } from '@/components/client/failure.ts'
import { useTRPC } from '@/components/client/trpc.ts'
import { useAlive } from '@/components/client/use-alive.ts'
import { useFailureToast } from '@/components/client/use-failure.ts'
import { Button } from '@/components/ui/button.tsx'
import { Card, CardBody } from '@/components/ui/card.tsx'
import { type Draft, type DraftField, emptyDraft, fieldOf, problemsOf, titleOf } from './draft.ts'
import { NameField } from './name-field.tsx'
import { Samples } from './samples.tsx'
import { type FieldErrors, SourceFields } from './source-fields.tsx'
import { useName } from './use-name.ts'

function sourceOf(draft: Draft) {
  if (draft.type === 'url') return { type: 'url' as const, url: draft.url.trim() }
  if (draft.type === 'file' && draft.file) return { type: 'file' as const, ...draft.file }
  return { type: 'text' as const, title: draft.title, body: draft.body }
}

/** Creates the project, once however often it is asked to, and leads to its first build. */
function useCreate(onRefused: (field: DraftField | 'name', words: string) => void) {
  const router = useRouter()
  const toast = useFailureToast()
  // Sent again as it was, it is the same request; once it was changed, it is another.
  const request = useRef<{ id: string; what: string }>(undefined)
  const create = useMutation(
    useTRPC().projects.create.mutationOptions({
      meta: { silent: true },
      onSuccess: ({ service, build }) => router.push(`/${service}/builds/${build}`),
      onError: (error, { source }) => {
        const failure = failureOf(error)
        const field = fieldOf(failure.field, source.type)
        if (field && failure.message) onRefused(field, failure.message)
        else toast(error)
      },
    }),
  )
  const send = (draft: Draft, name: string | undefined) => {
    const wanted = { source: sourceOf(draft), ...(name ? { name } : {}) }
    const what = JSON.stringify(wanted)
    if (request.current?.what !== what) request.current = { id: crypto.randomUUID(), what }
    create.mutate({ requestId: request.current.id, ...wanted })
  }
  return { send, busy: create.isPending || create.isSuccess }
}

/** From an issue to a project: the issue in one of three ways, the name, and go. */
export function NewProjectForm({ domain }: { domain: string }) {
  const t = useTranslations('newProject')
  const toast = useFailureToast()
  const [draft, setDraft] = useState(emptyDraft)
  const [errors, setErrors] = useState<FieldErrors & { name?: string }>({})
  const alive = useAlive()
  const name = useName(titleOf(draft))
  const changedSinceSent = useRef(false)
  const refuse = (field: DraftField | 'name', words: string) => setErrors((before) => ({ ...before, [field]: words }))
  // What the server says of a text that stands there no more helps nobody.
  const { send, busy } = useCreate((field, words) => changedSinceSent.current || refuse(field, words))
  const changed = () => {
    changedSinceSent.current = true
    setErrors({})
  }
  const change = (part: Partial<Draft>) => {
    setDraft((before) => ({ ...before, ...part }))
    changed()
  }
  const rename = (text: string) => {
    changed()
    name.write(text)
  }
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault()
    const problems = Object.entries(problemsOf(draft)) as [DraftField, 'missing' | 'tooLong' | 'notAnIssue'][]
    if (problems.length === 0) {
      changedSinceSent.current = false
      return send(draft, name.sent)
    }
    setErrors(
      Object.fromEntries(problems.map(([field, problem]) => [field, t(`problems.${field}.${problem}` as 'problems.title.missing')])),
    )
    const form = event.currentTarget
    requestAnimationFrame(() => form.querySelector<HTMLElement>('[aria-invalid]')?.focus())
  }
  return (
    <form noValidate onSubmit={submit} className="grid max-w-3xl grid-cols-1 gap-4">
      <Samples onPick={(sample) => change({ type: 'text', ...sample })} onError={toast} />
      <Card>
        <CardBody className="pt-1">
          <SourceFields draft={draft} errors={errors} onChange={change} onFileTooLarge={() => refuse('file', t('problems.file.tooLong'))} />
        </CardBody>
      </Card>
      <Card>
        <CardBody>
          <NameField name={{ ...name, write: rename }} error={errors.name ?? null} domain={domain} />
        </CardBody>
      </Card>
      <div className="flex flex-wrap items-center justify-between gap-3">
        <p className="text-faint text-xs">{t('after')}</p>
        <Button type="submit" variant="primary" size="lg" className="text-sm max-sm:w-full" disabled={busy || !alive}>
          {busy ? <LoaderCircle aria-hidden className="animate-spin-slow" /> : <Hammer aria-hidden />}
          {busy ? t('creating') : t('create')}
        </Button>
      </div>
    </form>
  )
}
