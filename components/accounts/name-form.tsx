'use client'

import { useMutation, useQueryClient } from '@tanstack/react-query'
import { LoaderCircle } from 'lucide-react'
import { useRouter } from 'next/navigation'
import { useTranslations } from 'next-intl'
import { type FormEvent, useState } from 'react'
import { toast } from 'sonner'
import { useTRPC } from '@/components/client/trpc.ts'
import { useAlive } from '@/components/client/use-alive.ts'
import { useFailureToast, useFailureWords } from '@/components/client/use-failure.ts'
import { Button } from '@/components/ui/button.tsx'
import { Card, CardBody, CardHeader } from '@/components/ui/card.tsx'
import { Field } from '@/components/ui/field.tsx'
import { Input } from '@/components/ui/input.tsx'
import { displayNameMax, displayNameProblem, type Profile } from '@/server/accounts/schema.ts'

/** Saves the name, and has the page say it where it stood before. */
function useSaveName(onSaved: (name: string) => void, onRefused: (words: string) => void) {
  const t = useTranslations('profile.name')
  const trpc = useTRPC()
  const queries = useQueryClient()
  const router = useRouter()
  const showFailure = useFailureToast()
  const words = useFailureWords()
  return useMutation(
    trpc.accounts.changeProfile.mutationOptions({
      meta: { silent: true },
      onSuccess: (profile) => {
        queries.setQueryData(trpc.accounts.profile.queryKey(), profile)
        onSaved(profile.displayName ?? '')
        toast.success(t('saved'))
        router.refresh()
      },
      onError: (error) => {
        const { field, title, text } = words(error)
        if (field === 'displayName') onRefused(text ?? title)
        else showFailure(error)
      },
    }),
  )
}

/** The name a person wants to be called by; an empty one is Google's. What was typed stays until it was accepted. */
export function NameForm({ profile }: { profile: Profile }) {
  const t = useTranslations('profile.name')
  const alive = useAlive()
  const [name, setName] = useState(profile.displayName ?? '')
  const [error, setError] = useState<string | null>(null)
  const save = useSaveName(setName, setError)
  const submit = (event: FormEvent) => {
    event.preventDefault()
    const problem = displayNameProblem(name.trim())
    if (problem) setError(t(`problems.${problem}`, { most: displayNameMax }))
    else if (!save.isPending) save.mutate({ displayName: name })
  }
  const length = Array.from(name).length
  return (
    <Card>
      <CardHeader title={t('title')} />
      <CardBody>
        <form noValidate onSubmit={submit} className="grid gap-4">
          <Field
            label={t('label')}
            error={error}
            hint={profile.googleName ? t('hintGoogle', { name: profile.googleName }) : t('hint')}
            aside={length > displayNameMax * 0.8 && t('count', { count: length, most: displayNameMax })}
          >
            {(control) => (
              <Input
                {...control}
                dir="auto"
                autoComplete="name"
                value={name}
                placeholder={profile.googleName ?? undefined}
                onChange={({ target }) => {
                  setName(target.value)
                  setError(null)
                }}
              />
            )}
          </Field>
          <div>
            <Button type="submit" variant="primary" disabled={save.isPending || !alive || name === (profile.displayName ?? '')}>
              {save.isPending && <LoaderCircle aria-hidden className="animate-spin-slow" />}
              {save.isPending ? t('saving') : t('save')}
            </Button>
          </div>
        </form>
      </CardBody>
    </Card>
  )
}
