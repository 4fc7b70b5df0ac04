import { useTranslations } from 'next-intl'

const places = { docs: '/docs/api', privacy: '/privacy', feedback: '/feedback?page=/' } as const
const link = 'rounded py-0.5 hover:text-ink hover:underline'

/** The end of the pages that everybody may see. */
export function Footer() {
  const t = useTranslations('footer')
  return (
    <footer className="mt-10 border-t">
      <div className="mx-auto flex w-full max-w-7xl flex-wrap items-center justify-between gap-x-6 gap-y-2 px-3 py-5 text-muted text-xs sm:px-6">
        <p>
          {t.rich('claim', {
            licence: (name) => (
              <a href="https://opensource.org/license/mit" rel="noreferrer" className={link}>
                {name}
              </a>
            ),
          })}
        </p>
        <nav aria-label={t('label')} className="flex flex-wrap gap-x-5 gap-y-2">
          {Object.entries(places).map(([name, href]) => (
            <a key={name} href={href} className={link}>
              {t(name as keyof typeof places)}
            </a>
          ))}
        </nav>
      </div>
    </footer>
  )
}
