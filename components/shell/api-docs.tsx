import { useTranslations } from 'next-intl'
import { PageHeader } from '@/components/ui/page-header.tsx'
import { type ApiDocument, type ApiEntry, byTag } from './api-document.ts'
import { ApiFilter, ApiMatch } from './api-filter.tsx'
import { ApiOperationCard } from './api-operation.tsx'

const anchorOf = (tag: string) => `tag-${tag.toLowerCase().replaceAll(/\W+/g, '-')}`
const wordsOf = (entries: readonly ApiEntry[]) => entries.map(({ words }) => words)
const envelope = `{
  "success": false,
  "error_code": "CONFLICT",
  "message": "This name is taken.",
  "details": { "fields": [{ "field": "name", "message": "This name is taken." }] }
}`

function Introduction({ server }: { server: string }) {
  const t = useTranslations('apiDocs')
  const link = (href: string) => (chunks: React.ReactNode) => (
    <a href={href} className="rounded text-accent underline underline-offset-4">
      {chunks}
    </a>
  )
  const code = (chunks: React.ReactNode) => (
    <code className="rounded bg-sunken px-1 font-mono text-xs [overflow-wrap:anywhere]">{chunks}</code>
  )
  return (
    <div className="grid max-w-3xl gap-2 text-muted leading-relaxed">
      <p>{t.rich('intro.what', { link: link('/api/openapi.json'), code, server: `${server}/api/rest` })}</p>
      <p>{t.rich('intro.token', { link: link('/account/tokens'), code })}</p>
      <p>{t.rich('intro.repeat', { code })}</p>
      <p>{t.rich('intro.refusal', { code })}</p>
      <pre lang="en" className="whitespace-pre-wrap rounded-md bg-sunken p-3 font-mono text-ink text-xs leading-relaxed">
        {envelope}
      </pre>
    </div>
  )
}

function Contents({ groups }: { groups: ReturnType<typeof byTag> }) {
  const t = useTranslations('apiDocs')
  return (
    <nav aria-label={t('contents')} className="hidden lg:block">
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a list that scrolls by itself is reached by the keyboard. */}
      <ul tabIndex={0} className="sticky top-18 grid max-h-[calc(100vh-6rem)] grid-cols-1 gap-3 overflow-y-auto pr-2">
        {groups.map(([tag, entries]) => (
          <ApiMatch key={tag} as="li" words={wordsOf(entries)}>
            <a href={`#${anchorOf(tag)}`} lang="en" className="rounded font-semibold text-xs hover:underline">
              {tag}
            </a>
            <ul className="mt-1 grid grid-cols-1 gap-0.5">
              {entries.map(({ method, path, operation, words }) => (
                <ApiMatch key={`${method} ${path}`} as="li" words={[words]}>
                  <a
                    href={`#${operation.operationId}`}
                    lang="en"
                    className="block truncate rounded px-1 py-0.5 text-muted text-xs hover:bg-sunken hover:text-ink"
                  >
                    {operation.summary}
                  </a>
                </ApiMatch>
              ))}
            </ul>
          </ApiMatch>
        ))}
      </ul>
    </nav>
  )
}

/**
 * The OpenAPI document as a page of ours. The ready-made viewers weigh megabytes, bring styles and scripts that our policy forbids, and
 * leave keyboards and screen readers behind.
 */
export function ApiDocs({ document, query }: { document: ApiDocument; query: string }) {
  const t = useTranslations('apiDocs')
  const groups = byTag(document)
  const [server, schemas] = [document.servers[0]?.url ?? '', document.components.schemas ?? {}]
  return (
    <div className="grid gap-6">
      <PageHeader title={t('title')} meta={t('version', { version: document.info.version })} />
      <Introduction server={server} />
      <div className="grid gap-4">
        <ApiFilter initial={query} label={t('search')} none={t('none')} all={groups.flatMap(([, entries]) => wordsOf(entries))}>
          <div className="grid gap-8 lg:grid-cols-[15rem_minmax(0,1fr)]">
            <Contents groups={groups} />
            <div className="grid min-w-0 content-start gap-8">
              {groups.map(([tag, entries]) => (
                <ApiMatch key={tag} words={wordsOf(entries)}>
                  <section aria-labelledby={anchorOf(tag)} className="grid gap-3">
                    <h2 id={anchorOf(tag)} lang="en" className="font-semibold text-base">
                      {tag}
                    </h2>
                    {entries.map((entry) => (
                      <ApiMatch key={`${entry.method} ${entry.path}`} words={[entry.words]}>
                        <ApiOperationCard entry={entry} schemas={schemas} server={server} />
                      </ApiMatch>
                    ))}
                  </section>
                </ApiMatch>
              ))}
            </div>
          </div>
        </ApiFilter>
      </div>
    </div>
  )
}
