'use client'

import { useMutation } from '@tanstack/react-query'
import { useRouter } from 'next/navigation'
import { useTranslations } from 'next-intl'
import { type FormEvent, useState } from 'react'
import { toast } from 'sonner'
import { useTRPC } from '@/components/client/trpc.ts'
import { useAlive } from '@/components/client/use-alive.ts'
import { useFailureToast, useFailureWords } from '@/components/client/use-failure.ts'
import { Button } from '@/components/ui/button.tsx'
import { Card, CardBody, CardHeader } from '@/components/ui/card.tsx'
import { cn } from '@/components/ui/cn.ts'
import { Field } from '@/components/ui/field.tsx'
import { Input } from '@/components/ui/input.tsx'
import { serviceNameSchema } from '@/server/projects/schema.ts'

/** Gives the service another name and goes to where it then stands. */
function useRename(onRefused: (words: string) => void) {
  const t = useTranslations('projectSettings.name')
  const router = useRouter()
  const showFailure = useFailureToast()
  const words = useFailureWords()
  return useMutation(
    useTRPC().projects.rename.mutationOptions({
      meta: { silent: true },
      onSuccess: ({ service }) => {
        toast.success(t('saved', { name: service }))
        router.replace(`/${service}/settings`)
      },
      onError: (error) => {
        const { field, title, text } = words(error)
        if (field === 'name') onRefused(text ?? title)
        else showFailure(error)
      },
    }),
  )
}

/** The service's name: a form until something was built under it, then a fact. */
export function RenameForm({ service, built, domain }: { service: string; built: boolean; domain: string }) {
  const t = useTranslations('projectSettings.name')
  const alive = useAlive()
  const [name, setName] = useState(service)
  const [error, setError] = useState<string | null>(null)
  const rename = useRename(setError)
  const submit = (event: FormEvent) => {
    event.preventDefault()
    const wanted = name.trim()
    if (!serviceNameSchema.safeParse(wanted).success) setError(t('rule'))
    else if (wanted !== service) rename.mutate({ service, name: wanted })
  }
  return (
    <Card>
      <CardHeader title={t('title')} />
      <CardBody>
        <form noValidate onSubmit={submit} className="flex flex-wrap items-start gap-3">
          <Field label={t('label')} error={error} hint={built ? t('fixed') : t('hint')} className="min-w-0 flex-1 basis-64">
            {(control) => (
              <Input
                {...control}
                className={cn('font-mono', built && 'bg-sunken text-muted')}
                maxLength={40}
                autoComplete="off"
                spellCheck={false}
                readOnly={built}
                value={name}
                onChange={({ target }) => {
                  setName(target.value.toLowerCase())
                  setError(null)
                }}
              />
            )}
          </Field>
          {!built && (
            <Button type="submit" className="sm:mt-6.5" disabled={rename.isPending || !alive || name.trim() === service}>
              {rename.isPending ? t('saving') : t('save')}
            </Button>
          )}
        </form>
        <p className="mt-2 font-mono text-faint text-xs [overflow-wrap:anywhere]">{`${name.trim()}.${domain}`}</p>
      </CardBody>
    </Card>
  )
}
