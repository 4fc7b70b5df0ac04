'use client'

import { useMutation, useQueryClient } from '@tanstack/react-query'
import { Trash2 } from 'lucide-react'
import { useRouter } from 'next/navigation'
import { useTranslations } from 'next-intl'
import { useState } from 'react'
import { toast } from 'sonner'
import { useTRPC } from '@/components/client/trpc.ts'
import { useAlive } from '@/components/client/use-alive.ts'
import { Button } from '@/components/ui/button.tsx'
import { Confirm } from '@/components/ui/confirm.tsx'
import { Field } from '@/components/ui/field.tsx'
import { Input } from '@/components/ui/input.tsx'

/** Deletes the project, once its name was typed. */
export function DeleteProject({ service }: { service: string }) {
  const t = useTranslations('projectSettings.remove')
  const trpc = useTRPC()
  const queries = useQueryClient()
  const router = useRouter()
  const alive = useAlive()
  const [typed, setTyped] = useState('')
  const remove = useMutation(
    trpc.projects.remove.mutationOptions({
      onSuccess: () => {
        toast.success(t('done', { service }))
        router.push('/dashboard')
        return queries.invalidateQueries({ queryKey: trpc.builds.jobs.queryKey() })
      },
    }),
  )
  return (
    <Confirm
      trigger={
        <Button variant="danger" disabled={remove.isPending || remove.isSuccess || !alive}>
          <Trash2 aria-hidden />
          {remove.isPending ? t('pending') : t('action')}
        </Button>
      }
      onOpenChange={() => setTyped('')}
      title={t('title', { service })}
      description={t('text')}
      cancel={t('cancel')}
      confirm={t('action')}
      ready={typed.trim() === service}
      onConfirm={() => remove.mutate({ service, confirm: typed.trim() })}
    >
      <Field label={t('type', { service })}>
        {(control) => (
          <Input
            {...control}
            className="font-mono"
            autoComplete="off"
            spellCheck={false}
            value={typed}
            onChange={({ target }) => setTyped(target.value)}
          />
        )}
      </Field>
    </Confirm>
  )
}
