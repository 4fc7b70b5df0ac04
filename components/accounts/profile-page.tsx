'use client'

import { useQuery } from '@tanstack/react-query'
import { useTranslations } from 'next-intl'
import { useTRPC } from '@/components/client/trpc.ts'
import { Avatar } from '@/components/ui/avatar.tsx'
import { Card, CardBody, CardHeader } from '@/components/ui/card.tsx'
import { TimeAgo } from '@/components/ui/time.tsx'
import type { Profile } from '@/server/accounts/schema.ts'
import { LookCard } from './look-card.tsx'
import { NameForm } from './name-form.tsx'

/** What Google says of the person; it changes there. */
function GoogleCard({ profile }: { profile: Profile }) {
  const t = useTranslations('profile.google')
  const name = profile.displayName ?? profile.googleName ?? profile.email
  return (
    <Card>
      <CardHeader title={t('title')} />
      <CardBody className="flex items-start gap-4">
        <Avatar name={name} image={profile.image} />
        <dl className="grid min-w-0 gap-x-6 gap-y-3 sm:grid-cols-3">
          <div className="min-w-0">
            <dt className="text-faint text-xs">{t('email')}</dt>
            <dd>
              <bdi className="[overflow-wrap:anywhere]">{profile.email}</bdi>
              <p className="text-faint text-xs">{t('hint')}</p>
            </dd>
          </div>
          <div>
            <dt className="text-faint text-xs">{t('joined')}</dt>
            <dd>
              <TimeAgo at={profile.createdAt} />
            </dd>
          </div>
          {profile.lastLoginAt && (
            <div>
              <dt className="text-faint text-xs">{t('lastLogin')}</dt>
              <dd>
                <TimeAgo at={profile.lastLoginAt} />
              </dd>
            </div>
          )}
        </dl>
      </CardBody>
    </Card>
  )
}

/** Who one is here, and how one likes the interface. */
export function ProfilePage() {
  const { data: profile } = useQuery(useTRPC().accounts.profile.queryOptions())
  if (!profile) return null
  return (
    <div className="grid max-w-3xl grid-cols-1 gap-4">
      <NameForm profile={profile} />
      <LookCard profile={profile} />
      <GoogleCard profile={profile} />
    </div>
  )
}
