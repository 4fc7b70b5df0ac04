'use client'

import { useMutation, useQueryClient } from '@tanstack/react-query'
import { LoaderCircle, Send } from 'lucide-react'
import { useLocale, useTranslations } from 'next-intl'
import { type FormEvent, useRef, useState } from 'react'
import { toast } from 'sonner'
import { useTRPC } from '@/components/client/trpc.ts'
import { useAlive } from '@/components/client/use-alive.ts'
import { useFailureToast, useFailureWords } from '@/components/client/use-failure.ts'
import { Button } from '@/components/ui/button.tsx'
import { Card, CardBody, CardHeader } from '@/components/ui/card.tsx'
import { Field } from '@/components/ui/field.tsx'
import { Input, Select } from '@/components/ui/input.tsx'
import { emailProblem, type MemberRole, memberRoles } from '@/server/members/schema.ts'

/** Sends an invitation; `onSent` hears once it is on its way, `onRefused` what is wrong with the address. */
function useInvite(service: string, onSent: () => void, onRefused: (words: string) => void) {
  const t = useTranslations('members.invite')
  const trpc = useTRPC()
  const queries = useQueryClient()
  const showFailure = useFailureToast()
  const words = useFailureWords()
  return useMutation(
    trpc.members.invite.mutationOptions({
      meta: { silent: true },
      onSuccess: ({ email }) => {
        toast.success(t('sent', { email }))
        onSent()
        return queries.invalidateQueries({ queryKey: trpc.members.invitations.infiniteQueryKey({ service }) })
      },
      onError: (error) => {
        const { field, title, text } = words(error)
        if (field === 'email') onRefused(text ?? title)
        else showFailure(error)
      },
    }),
  )
}

/** One address, one role, and the mail is on its way. What was typed stays until it was accepted. */
export function InviteForm({ service }: { service: string }) {
  const t = useTranslations('members')
  const locale = useLocale()
  const alive = useAlive()
  const input = useRef<HTMLInputElement>(null)
  const [email, setEmail] = useState('')
  const [role, setRole] = useState<MemberRole>('VIEWER')
  const [error, setError] = useState<string | null>(null)
  const refuse = (words: string) => {
    setError(words)
    input.current?.focus()
  }
  const invite = useInvite(service, () => setEmail(''), refuse)
  const submit = (event: FormEvent) => {
    event.preventDefault()
    const problem = emailProblem(email)
    if (problem) refuse(t(`invite.problems.${problem}`))
    else if (!invite.isPending) invite.mutate({ service, email, role, locale })
  }
  return (
    <Card>
      <CardHeader title={t('invite.title')} />
      <CardBody>
        <form noValidate onSubmit={submit} className="flex flex-wrap items-start gap-3">
          <Field label={t('invite.email')} error={error} hint={t('invite.hint')} className="min-w-0 flex-1 basis-72">
            {(control) => (
              <Input
                {...control}
                ref={input}
                type="email"
                inputMode="email"
                autoComplete="off"
                value={email}
                placeholder={t('invite.placeholder')}
                onChange={({ target }) => {
                  setEmail(target.value)
                  setError(null)
                }}
              />
            )}
          </Field>
          <Field label={t('invite.role')} hint={<span className="block max-w-52">{t(`can.${role}`)}</span>} className="shrink-0">
            {(control) => (
              <Select {...control} className="h-9 w-full" value={role} onChange={({ target }) => setRole(target.value as MemberRole)}>
                {memberRoles.map((name) => (
                  <option key={name} value={name}>
                    {t(`roles.${name}`)}
                  </option>
                ))}
              </Select>
            )}
          </Field>
          <Button type="submit" variant="primary" className="max-sm:w-full sm:mt-6.5" disabled={invite.isPending || !alive}>
            {invite.isPending ? <LoaderCircle aria-hidden className="animate-spin-slow" /> : <Send aria-hidden />}
            {invite.isPending ? t('invite.sending') : t('invite.send')}
          </Button>
        </form>
      </CardBody>
    </Card>
  )
}
