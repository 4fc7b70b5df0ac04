import type { Locale } from '@/server/core/locales.ts'
import { html, Markup, withLines } from './markup.ts'
import type { Composition } from './types.ts'
import type { Words } from './words.ts'

const font = "font-family:-apple-system,'Segoe UI',Roboto,'Apple SD Gothic Neo','Malgun Gothic','Noto Sans KR',Helvetica,Arial,sans-serif"
const ink = 'color:#1d1a21'
const faint = 'color:#6c6475'
const line = '1px solid #e5e1e8'

/** For mail programs that know whether it is dark; the others show the light page, or turn the colours around themselves. */
const dark = new Markup(
  `:root{color-scheme:light dark;supported-color-schemes:light dark}
@media (prefers-color-scheme:dark){.ground{background:#131116!important}.sheet{background:#1a171e!important;border-color:#2f2a36!important}
.ink{color:#eeebf1!important}.faint{color:#978ea2!important}.quote{background:#100e13!important;border-color:#e5a0d6!important}
.cell{border-color:#2f2a36!important}.button{background:#e5a0d6!important;color:#2b1026!important}.link{color:#e5a0d6!important}}`,
)

const paragraph = (text: string) => html`<p class="ink" style="margin:0 0 16px;${ink};font-size:16px;line-height:1.6">${text}</p>`

const facts = (rows: { label: string; value: string }[]) =>
  html`<table role="presentation" width="100%" cellpadding="0" cellspacing="0" style="margin:0 0 20px;border-collapse:collapse">${rows.map(
    ({ label, value }) =>
      html`<tr><td class="faint cell" style="padding:8px 16px 8px 0;border-top:${line};${faint};font-size:14px;white-space:nowrap;vertical-align:top">${label}</td><td class="ink cell" dir="auto" style="padding:8px 0;border-top:${line};${ink};font-size:14px;width:100%;word-break:break-word">${value}</td></tr>`,
  )}</table>`

const quote = ({ label, text }: { label: string; text: string }) =>
  html`<p class="faint" style="margin:0 0 6px;${faint};font-size:14px">${label}</p><div class="quote ink" dir="auto" style="margin:0 0 24px;padding:12px 16px;border-left:3px solid #7a2e6e;border-radius:0 6px 6px 0;background:#f4f2f5;${ink};font-size:15px;line-height:1.6;word-break:break-word">${withLines(text)}</div>`

const button = ({ label, link }: { label: string; link: string }, words: Words) =>
  html`<p style="margin:24px 0"><a class="button" href="${link}" style="display:inline-block;padding:12px 22px;border-radius:8px;background:#7a2e6e;color:#ffffff;font-size:16px;font-weight:600;text-decoration:none">${label}</a></p><p class="faint" style="margin:0 0 16px;${faint};font-size:13px;line-height:1.6">${words('plainLink')}<br><a class="link" href="${link}" style="color:#7a2e6e;word-break:break-all">${link}</a></p>`

/** A letter as a page for mail programs: a table, styles on each element, and readable in the light and in the dark. */
export function letterPage(letter: Composition, words: Words, locale: Locale): string {
  const body = html`<h1 class="ink" style="margin:0 0 20px;${ink};font-size:22px;line-height:1.35;font-weight:700">${letter.heading}</h1>${
    letter.greeting && paragraph(letter.greeting)
  }${letter.paragraphs.map(paragraph)}${letter.facts ? facts(letter.facts) : null}${letter.quote ? quote(letter.quote) : null}${
    letter.button ? button(letter.button, words) : null
  }${(letter.after ?? []).map(paragraph)}`
  return html`<!doctype html>
<html lang="${locale}" xmlns="http://www.w3.org/1999/xhtml">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width,initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="supported-color-schemes" content="light dark">
<title>${letter.subject}</title>
<style>${dark}</style>
</head>
<body class="ground" style="margin:0;padding:0;background:#faf9fa">
<div aria-hidden="true" style="display:none;max-height:0;max-width:0;overflow:hidden;opacity:0;color:transparent">${letter.preheader}</div>
<table class="ground" role="presentation" width="100%" cellpadding="0" cellspacing="0" style="background:#faf9fa">
<tr><td align="center" style="padding:32px 16px">
<table role="presentation" width="100%" cellpadding="0" cellspacing="0" style="max-width:560px;${font}">
<tr><td class="ink" style="padding:0 4px 16px;${ink};font-size:16px;font-weight:700">${words('name')}</td></tr>
<tr><td class="sheet" style="padding:32px 28px 20px;border:${line};border-radius:12px;background:#ffffff;text-align:left">
${body}
</td></tr>
<tr><td class="faint" style="padding:16px 4px 0;${faint};font-size:12px;line-height:1.6;text-align:left">${letter.why}</td></tr>
</table>
</td></tr>
</table>
</body>
</html>
`.html
}
