import { transliterate } from 'transliteration'
import { z } from 'zod'
import { reservedNames } from './schema.ts'

const nameMax = 40

/** What a sealed issue is bound to. */
export const issueContext = (projectId: string): string => `issue:${projectId}`

/**
 * A service name made of a title: Latin letters as they are, other scripts transliterated, common small words kept.
 * Always a valid service name; `app` with a suffix where a title has no letter at all.
 */
export function deriveName(title: string): string {
  const words = transliterate(title.normalize('NFKC'))
    .toLowerCase()
    .replace(/['’`]/g, '')
    .split(/[^a-z0-9]+/)
    .filter(Boolean)
  let name = ''
  for (const word of words) {
    const longer = name ? `${name}-${word}` : word
    if (longer.length > nameMax - 4) break
    name = longer
  }
  name = (name || (words[0] ?? ''))
    .slice(0, nameMax - 4)
    .replace(/^[^a-z]+/, '')
    .replace(/-+$/, '')
  if (name.length < 2) return 'app-1'
  return (reservedNames as readonly string[]).includes(name) ? `${name}-app` : name
}

/** The n-th try at a free name: the name itself, then with a number behind. */
export const numberedName = (name: string, tries: number): string =>
  tries === 0 ? name : `${name.slice(0, nameMax - 5).replace(/-+$/, '')}-${tries + 1}`

const webhook = z.object({
  issue: z.object({
    title: z.string(),
    body: z.string().nullish(),
    html_url: z.string().nullish(),
  }),
})

/** What a file turned out to hold, before its lengths are checked. */
export interface RawIssue {
  title: string
  body: string
  url: string | null
}

const addressMax = 2_000
/** The address as browsers write it, in which no sign is left that cannot be kept or seen. */
const addressOrNull = (url: string | null | undefined) => {
  const parsed = url && url.length <= addressMax && URL.canParse(url) ? new URL(url) : null
  return parsed && /^https?:$/.test(parsed.protocol) ? parsed.href : null
}

/** Reads GitHub's `issues` webhook JSON, or an issue as GitHub's API gives it. Null where the text is neither. */
export function parseIssueJson(text: string): RawIssue | null {
  let json: unknown
  try {
    json = JSON.parse(text)
  } catch {
    return null
  }
  const wrapped = webhook.safeParse(json)
  const parsed = wrapped.success ? wrapped : webhook.safeParse({ issue: json })
  if (!parsed.success) return null
  const { title, body, html_url } = parsed.data.issue
  return { title, body: body ?? '', url: addressOrNull(html_url) }
}

/** Reads Markdown whose first line that is not empty is the title, with or without `#`. Null where there is no such line. */
export function parseIssueMarkdown(text: string): RawIssue | null {
  const lines = text.replace(/^\uFEFF/, '').split(/\r?\n/)
  const at = lines.findIndex((line) => line.trim() !== '')
  if (at < 0) return null
  const title = (lines[at] ?? '').replace(/^#+\s*/, '').trim()
  return title
    ? {
        title,
        body: lines
          .slice(at + 1)
          .join('\n')
          .trim(),
        url: null,
      }
    : null
}

/** Owner, repository and number of `https://github.com/<owner>/<repo>/issues/<n>`; null for any other address. */
export function parseIssueUrl(url: string): { owner: string; repo: string; number: number } | null {
  const match =
    /^https:\/\/(?:www\.)?github\.com\/([A-Za-z0-9-]{1,39})\/(?!\.{1,2}\/)([A-Za-z0-9._-]{1,100})\/issues\/(\d{1,9})\/?(?:[?#].*)?$/.exec(
      url.trim(),
    )
  if (!match?.[1] || !match[2] || !match[3]) return null
  return { owner: match[1], repo: match[2], number: Number(match[3]) }
}
