import { GeistMono } from 'geist/font/mono'
import { GeistSans } from 'geist/font/sans'
import type { Metadata, Viewport } from 'next'
import { NextIntlClientProvider } from 'next-intl'
import { getLocale, getTranslations } from 'next-intl/server'
import type { ReactNode } from 'react'
import { Providers } from '@/components/client/provider.tsx'
import { Toaster } from '@/components/ui/toaster.tsx'
import './globals.css'

export async function generateMetadata(): Promise<Metadata> {
  const t = await getTranslations('shell')
  return { title: { default: t('name'), template: `%s · ${t('name')}` }, description: t('tagline') }
}

export const viewport: Viewport = {
  themeColor: [
    { media: '(prefers-color-scheme: light)', color: '#ffffff' },
    { media: '(prefers-color-scheme: dark)', color: '#1a171e' },
  ],
}

export default async function RootLayout({ children }: { children: ReactNode }) {
  const t = await getTranslations('shell')
  return (
    <html lang={await getLocale()} className={`${GeistSans.variable} ${GeistMono.variable} font-sans antialiased`} suppressHydrationWarning>
      <body className="flex min-h-dvh flex-col">
        <NextIntlClientProvider>
          <Providers>
            {children}
            <Toaster label={t('notifications')} />
          </Providers>
        </NextIntlClientProvider>
      </body>
    </html>
  )
}
