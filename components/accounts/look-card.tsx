'use client'

import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useRouter } from 'next/navigation'
import { useTranslations } from 'next-intl'
import { useTransition } from 'react'
import { keepPreference } from '@/components/client/preferences.ts'
import { useTRPC } from '@/components/client/trpc.ts'
import { useAlive } from '@/components/client/use-alive.ts'
import { setTheme, type Theme, useTheme } from '@/components/client/use-theme.ts'
import { Card, CardBody, CardHeader } from '@/components/ui/card.tsx'
import { Field } from '@/components/ui/field.tsx'
import { Select } from '@/components/ui/input.tsx'
import type { Profile } from '@/server/accounts/schema.ts'

// Each language is named in itself, so it is found by whoever reads no other.
const languages = { en: 'English', ko: '한국어' } as const
const themes = ['light', 'dark', 'system'] as const
const asTheBrowserSays = 'browser'

function LanguageSelect({ chosen }: { chosen: Profile['locale'] }) {
  const t = useTranslations('profile.look')
  const trpc = useTRPC()
  const queries = useQueryClient()
  const router = useRouter()
  const alive = useAlive()
  const [drawing, start] = useTransition()
  const save = useMutation(
    trpc.accounts.changeProfile.mutationOptions({
      onSuccess: async (profile) => {
        queries.setQueryData(trpc.accounts.profile.queryKey(), profile)
        // This browser forgets or remembers it also for when nobody is signed in.
        await keepPreference('locale', profile.locale ?? asTheBrowserSays)
        start(() => router.refresh())
      },
    }),
  )
  const change = (value: string) => save.mutate({ locale: value === asTheBrowserSays ? null : (value as 'en' | 'ko') })
  // What was asked for is shown while it is on its way; where it fails, what is kept is shown again.
  const shown = save.isPending && save.variables.locale !== undefined ? save.variables.locale : chosen
  return (
    <Field label={t('language')}>
      {(control) => (
        <Select
          {...control}
          className="h-9 w-full"
          value={shown ?? asTheBrowserSays}
          disabled={!alive || save.isPending}
          aria-busy={save.isPending || drawing}
          onChange={({ target }) => change(target.value)}
        >
          <option value={asTheBrowserSays}>{t('browser')}</option>
          {Object.entries(languages).map(([locale, name]) => (
            <option key={locale} value={locale} lang={locale}>
              {name}
            </option>
          ))}
        </Select>
      )}
    </Field>
  )
}

/** The language and the theme, kept with the account at once. */
export function LookCard({ profile }: { profile: Profile }) {
  const t = useTranslations('profile.look')
  const shell = useTranslations('shell')
  const alive = useAlive()
  const theme = useTheme()
  return (
    <Card>
      <CardHeader title={t('title')} />
      <CardBody className="grid gap-4">
        <div className="grid gap-4 sm:grid-cols-2">
          <LanguageSelect chosen={profile.locale} />
          <Field label={t('theme')}>
            {(control) => (
              <Select
                {...control}
                className="h-9 w-full"
                value={theme}
                disabled={!alive}
                onChange={({ target }) => setTheme(target.value as Theme)}
              >
                {themes.map((name) => (
                  <option key={name} value={name}>
                    {shell(`themes.${name}`)}
                  </option>
                ))}
              </Select>
            )}
          </Field>
        </div>
        <p className="text-faint text-xs">{t('hint')}</p>
      </CardBody>
    </Card>
  )
}
