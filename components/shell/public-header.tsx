import { useLocale, useTranslations } from 'next-intl'
import type { Me } from '@/server/accounts/schema.ts'
import { Header } from './header.tsx'
import { LocaleForm, ThemeForm } from './preference-forms.tsx'

const primary =
  'ml-1.5 inline-flex h-8 items-center whitespace-nowrap rounded-md bg-accent px-3 font-medium text-on-accent text-xs hover:bg-accent-strong'

/** The bar of the pages that everybody may see. Nothing in it needs a script. */
export function PublicHeader({ me, theme }: { me: Me | null; theme: 'light' | 'dark' | 'system' }) {
  const t = useTranslations('shell')
  const tools = (
    <>
      <LocaleForm locale={useLocale()} />
      <ThemeForm theme={theme} />
      <a href={me ? '/dashboard' : '/sign-in'} className={primary}>
        {me ? t('dashboard') : t('signIn')}
      </a>
      {me && (
        <a
          href="/account"
          title={me.email}
          className="ml-1.5 flex size-7 items-center justify-center overflow-hidden rounded-full bg-accent-soft font-semibold text-accent text-xs"
        >
          <span className="sr-only">{t('account', { name: me.name ?? me.email })}</span>
          <span aria-hidden>{(Array.from(me.name ?? me.email)[0] ?? '?').toUpperCase()}</span>
        </a>
      )}
    </>
  )
  return <Header home="/" tools={tools} />
}
