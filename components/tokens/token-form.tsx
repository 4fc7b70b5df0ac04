'use client'

import { KeyRound, LoaderCircle } from 'lucide-react'
import { useTranslations } from 'next-intl'
import { type FormEvent, useState } from 'react'
import { useAlive } from '@/components/client/use-alive.ts'
import { useFailureToast, useFailureWords } from '@/components/client/use-failure.ts'
import { Button } from '@/components/ui/button.tsx'
import { Card, CardBody, CardHeader } from '@/components/ui/card.tsx'
import { Field } from '@/components/ui/field.tsx'
import { Input, Select } from '@/components/ui/input.tsx'
import { createTokenInput, lifetimes, type Scope, tokenLimits } from '@/server/tokens/schema.ts'
import { ScopeChoice } from './scope-choice.tsx'
import { useCreateToken } from './use-tokens.ts'

type Errors = { name?: string; scopes?: string }
type Days = (typeof lifetimes)[number] | null
const never = 'never'
const daysOf = (value: string): Days => lifetimes.find((days) => String(days) === value) ?? null

/** What stands in the form, what is wrong with it, and its way to the server. It stays as it was typed until it was accepted. */
function useTokenDraft(onMade: (name: string, secret: string) => void) {
  const t = useTranslations('tokens.create')
  const showFailure = useFailureToast()
  const words = useFailureWords()
  const create = useCreateToken()
  const [draft, setDraft] = useState<{ name: string; scopes: Scope[]; days: Days }>({ name: '', scopes: ['read'], days: 30 })
  const [errors, setErrors] = useState<Errors>({})
  const refused = (error: unknown) => {
    const { field, title, text } = words(error)
    if (field === 'name' || field === 'scopes') setErrors({ [field]: text ?? title })
    else showFailure(error)
  }
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault()
    const parsed = createTokenInput.safeParse(draft)
    const form = event.currentTarget
    if (parsed.success) {
      if (create.isPending) return
      const onSuccess = ({ token, secret }: { token: { name: string }; secret: string }) => {
        setDraft((before) => ({ ...before, name: '' }))
        onMade(token.name, secret)
      }
      create.mutate(parsed.data, { onSuccess, onError: refused })
      return
    }
    const wrong = new Set(parsed.error.issues.map(({ path }) => path[0]))
    setErrors({
      ...(wrong.has('name') ? { name: t('problems.name', { most: tokenLimits.nameMax }) } : {}),
      ...(wrong.has('scopes') ? { scopes: t('problems.scopes') } : {}),
    })
    requestAnimationFrame(() => form.querySelector<HTMLElement>('input[aria-invalid], [aria-invalid] input')?.focus())
  }
  const change = (part: Partial<typeof draft>) => {
    setDraft((before) => ({ ...before, ...part }))
    setErrors({})
  }
  return { draft, errors, change, submit, busy: create.isPending }
}

/** A name, what the token may do, how long: and it is made. */
export function TokenForm({ admin, onMade }: { admin: boolean; onMade: (name: string, secret: string) => void }) {
  const t = useTranslations('tokens.create')
  const alive = useAlive()
  const { draft, errors, change, submit, busy } = useTokenDraft(onMade)
  return (
    <Card>
      <CardHeader title={t('title')} />
      <CardBody>
        <form noValidate onSubmit={submit} className="grid gap-5">
          <div className="flex flex-wrap items-start gap-4">
            <Field label={t('name')} hint={t('nameHint')} error={errors.name} className="min-w-0 flex-1 basis-72">
              {(control) => (
                <Input
                  {...control}
                  autoComplete="off"
                  dir="auto"
                  value={draft.name}
                  onChange={({ target }) => change({ name: target.value })}
                />
              )}
            </Field>
            <Field label={t('days')} hint={draft.days === null && <span className="block max-w-56">{t('neverHint')}</span>}>
              {(control) => (
                <Select
                  {...control}
                  className="h-9 w-40"
                  value={draft.days ?? never}
                  onChange={({ target }) => change({ days: daysOf(target.value) })}
                >
                  {lifetimes.map((days) => (
                    <option key={days} value={days}>
                      {days === 365 ? t('year') : t('daysOf', { days })}
                    </option>
                  ))}
                  <option value={never}>{t('never')}</option>
                </Select>
              )}
            </Field>
          </div>
          <ScopeChoice chosen={draft.scopes} admin={admin} error={errors.scopes ?? null} onChange={(scopes) => change({ scopes })} />
          <div>
            <Button type="submit" variant="primary" disabled={busy || !alive}>
              {busy ? <LoaderCircle aria-hidden className="animate-spin-slow" /> : <KeyRound aria-hidden />}
              {busy ? t('pending') : t('action')}
            </Button>
          </div>
        </form>
      </CardBody>
    </Card>
  )
}
