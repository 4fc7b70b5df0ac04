'use client'

import Link from 'next/link'
import { usePathname } from 'next/navigation'
import { useTranslations } from 'next-intl'
import { signInPath } from '@/components/client/sign-in-path.ts'
import { Button } from '@/components/ui/button.tsx'

/** The way to sign in and back to this very page. */
export function SignInLink() {
  const t = useTranslations('shell')
  return (
    <Button asChild size="sm">
      <Link href={signInPath(usePathname())}>{t('signIn')}</Link>
    </Button>
  )
}
