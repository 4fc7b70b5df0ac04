import { Link2 } from 'lucide-react'
import { useTranslations } from 'next-intl'
import type { ReactNode } from 'react'
import { Badge, type Tone } from '@/components/ui/badge.tsx'
import { ApiCopy } from './api-copy.tsx'
import type { ApiEntry, ApiParameter, ApiSchemas } from './api-document.ts'
import { curlOf, noteOf, typeText } from './api-types.ts'

const tones: Record<string, Tone> = { GET: 'run', POST: 'ok', PATCH: 'warn', PUT: 'warn', DELETE: 'bad' }

/** A method in its colour and its own letters. */
const ApiMethod = ({ method }: { method: string }) => (
  <Badge tone={tones[method] ?? 'idle'} className="w-15 shrink-0 justify-center rounded px-0 font-mono text-[0.6875rem]">
    {method}
  </Badge>
)

/** Text for programs; long lines break, so that a phone need not scroll sideways. */
const Code = ({ children }: { children: string }) => (
  <pre lang="en" className="whitespace-pre-wrap rounded-md bg-sunken p-3 font-mono text-xs leading-relaxed [overflow-wrap:anywhere]">
    {children}
  </pre>
)

function Part({ title, children }: { title: ReactNode; children: ReactNode }) {
  return (
    <div className="grid gap-1.5">
      <h4 className="font-medium text-faint text-xs">{title}</h4>
      {children}
    </div>
  )
}

function Parameters({ parameters }: { parameters: readonly ApiParameter[] }) {
  const t = useTranslations('apiDocs')
  return (
    <dl className="grid divide-y rounded-md border">
      {parameters.map((one) => (
        <div key={`${one.in} ${one.name}`} className="grid gap-x-4 gap-y-0.5 px-3 py-2 sm:grid-cols-[minmax(9rem,14rem)_1fr]">
          <dt className="flex flex-wrap items-baseline gap-x-2">
            <code className="font-mono text-xs [overflow-wrap:anywhere]">{one.name}</code>
            <span className="text-faint text-xs">{t(`in.${one.in}`)}</span>
            {one.required && <span className="text-bad text-xs">{t('required')}</span>}
          </dt>
          <dd lang="en" className="text-muted text-xs [overflow-wrap:anywhere]">
            <code className="font-mono text-ink">{typeText(one.schema ?? {})}</code>{' '}
            {[noteOf({ ...one.schema, description: undefined }), one.description ?? one.schema?.description].filter(Boolean).join(', ')}
          </dd>
        </div>
      ))}
    </dl>
  )
}

function Details({ entry, schemas, curl }: { entry: ApiEntry; schemas: ApiSchemas; curl: string | null }) {
  const t = useTranslations('apiDocs')
  const { operation } = entry
  const sent = operation.requestBody?.content?.['application/json']?.schema
  const done = operation.responses['200']
  const content = done && 'content' in done ? Object.entries(done.content ?? {})[0] : undefined
  const refusals = Object.keys(operation.responses).filter((status) => Number(status) >= 400)
  return (
    <div className="grid gap-4 px-4 pb-4">
      {operation.description && (
        <p lang="en" className="text-muted">
          {operation.description}
        </p>
      )}
      {operation.parameters && operation.parameters.length > 0 && (
        <Part title={t('parameters')}>
          <Parameters parameters={operation.parameters} />
        </Part>
      )}
      {sent && (
        <Part title={t('request')}>
          <Code>{typeText(sent, schemas)}</Code>
        </Part>
      )}
      {content && (
        <Part title={t('answer', { type: content[0] })}>
          <Code>{typeText(content[1].schema ?? {}, schemas)}</Code>
        </Part>
      )}
      <p className="text-faint text-xs">{t('refusals', { statuses: refusals.join(', ') })}</p>
      {curl ? (
        <Part
          title={
            <span className="flex items-center justify-between gap-2">
              {t('example')}
              <ApiCopy text={curl} label={t('copy')} done={t('copied')} />
            </span>
          }
        >
          <Code>{curl}</Code>
        </Part>
      ) : (
        <p className="text-muted text-xs">{t('browserOnly')}</p>
      )}
    </div>
  )
}

/** One address and method: what it does, who may ask for it, what goes in and what comes out. */
export function ApiOperationCard({ entry, schemas, server }: { entry: ApiEntry; schemas: ApiSchemas; server: string }) {
  const t = useTranslations('apiDocs')
  const { method, path, operation } = entry
  const [access, scope] = [operation['x-access'] ?? 'public', operation['x-scope']]
  return (
    <article
      id={operation.operationId}
      aria-labelledby={`${operation.operationId}-name`}
      className="group min-w-0 rounded-lg border bg-surface target:border-accent"
    >
      <div className="grid gap-1.5 p-4">
        <h3 id={`${operation.operationId}-name`} className="flex items-start gap-2.5">
          <ApiMethod method={method} />
          <code className="min-w-0 font-mono text-sm [overflow-wrap:anywhere]">{path}</code>
          <a
            href={`#${operation.operationId}`}
            aria-label={t('anchor', { path: `${method} ${path}` })}
            className="rounded p-0.5 text-faint hover:text-ink"
          >
            <Link2 aria-hidden className="size-4" />
          </a>
        </h3>
        <p lang="en">{operation.summary}</p>
        <p className="flex flex-wrap gap-x-3 text-muted text-xs">
          <span>{t(`access.${access}`)}</span>
          {scope && access !== 'session' && <span>{t('scope', { scope })}</span>}
        </p>
      </div>
      <details className="border-t">
        <summary className="px-4 py-2 text-accent text-xs hover:underline">
          {t('details')}
          <span className="sr-only"> {`${method} ${path}`}</span>
        </summary>
        <Details entry={entry} schemas={schemas} curl={curlOf(entry, server)} />
      </details>
    </article>
  )
}
