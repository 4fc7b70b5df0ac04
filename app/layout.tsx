import { GeistMono } from 'geist/font/mono'
import { GeistSans } from 'geist/font/sans'
import type { Metadata, Viewport } from 'next'
import { getTranslations } from 'next-intl/server'
import type { ReactNode } from 'react'
import { FailureWords } from '@/components/shell/failed-page.tsx'
import { dress } from '@/server/core/dress.ts'
import { baseUrl } from '@/server/core/env.ts'
import './globals.css'

export async function generateMetadata(): Promise<Metadata> {
  const t = await getTranslations('shell')
  return {
    metadataBase: new URL(baseUrl()),
    title: { default: t('name'), template: `%s · ${t('name')}` },
    description: t('tagline'),
  }
}

export const viewport: Viewport = {
  themeColor: [
    { media: '(prefers-color-scheme: light)', color: '#ffffff' },
    { media: '(prefers-color-scheme: dark)', color: '#1a171e' },
  ],
}

/** The frame of every page. What runs in the browser is the business of the layouts below: most public pages need none of it. */
export default async function RootLayout({ children }: { children: ReactNode }) {
  const [{ locale, theme }, t] = [await dress(), await getTranslations('failedPage')]
  const fonts = `${GeistSans.variable} ${GeistMono.variable} font-sans antialiased`
  return (
    <html lang={locale} className={theme === 'system' ? fonts : `${fonts} ${theme}`} suppressHydrationWarning>
      <body className="flex min-h-dvh flex-col">
        <FailureWords words={{ title: t('title'), text: t('text'), retry: t('retry'), digest: t('digest', { digest: '' }).trim() }}>
          {children}
        </FailureWords>
      </body>
    </html>
  )
}
