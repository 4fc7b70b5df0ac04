import type { AppModel } from '../../app-model.ts'

/** `public/index.html` and the app's picture. */

/** Text from outside as text of an HTML page or attribute. */
function escaped(text: string): string {
  const names: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' }
  return text.replace(/[&<>"']/g, (char) => names[char] ?? char)
}

/** A colour for the app out of its title: two apps rarely look the same. */
export function hueOf(model: AppModel): number {
  let hash = 7
  for (const char of model.title) hash = (hash * 31 + (char.codePointAt(0) ?? 0)) % 3600
  return hash % 360
}

export function pageFile(model: AppModel): string {
  const { language } = model
  const noScript = language === 'ko' ? '이 화면을 쓰려면 자바스크립트가 필요합니다.' : 'This page needs JavaScript.'
  return `<!doctype html>
<html lang="${language}">
  <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <title>${escaped(model.title)}</title>
    <link rel="icon" href="/icon.svg" type="image/svg+xml">
    <link rel="stylesheet" href="/style.css">
    <script type="module" src="/app.js"></script>
  </head>
  <body>
    <header>
      <h1>${escaped(model.title)}</h1>
      <p>${escaped(model.summary)}</p>
      <nav id="tabs" aria-label="${language === 'ko' ? '목록' : 'Lists'}" hidden></nav>
    </header>
    <main id="main"><noscript>${noScript}</noscript></main>
    <div id="status" role="status"></div>
  </body>
</html>
`
}

export function iconFile(model: AppModel): string {
  const letter = escaped([...model.title.trim()][0] ?? '•')
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32">
  <rect width="32" height="32" rx="8" fill="oklch(0.46 0.12 ${hueOf(model)})" />
  <text x="16" y="22" font-family="sans-serif" font-size="17" font-weight="700" fill="#fff" text-anchor="middle">${letter}</text>
</svg>
`
}
