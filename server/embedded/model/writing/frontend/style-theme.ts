/** `public/style.css`: Colours, letters and the frame of the page; HUE is the app's own colour. */
export const styleTheme = `:root {
  color-scheme: light dark;
  --accent: oklch(0.46 0.12 HUE);
  --on-accent: #fff;
  --tint: oklch(0.95 0.02 HUE);
  --ground: oklch(0.98 0.004 HUE);
  --surface: #fff;
  --text: oklch(0.23 0.02 HUE);
  --quiet: oklch(0.49 0.015 HUE);
  --line: oklch(0.89 0.01 HUE);
  --bad: #b3261e;
  --radius: 0.75rem;
}

@media (prefers-color-scheme: dark) {
  :root {
    --accent: oklch(0.8 0.1 HUE);
    --on-accent: oklch(0.2 0.04 HUE);
    --tint: oklch(0.3 0.04 HUE);
    --ground: oklch(0.17 0.01 HUE);
    --surface: oklch(0.21 0.012 HUE);
    --text: oklch(0.94 0.01 HUE);
    --quiet: oklch(0.73 0.015 HUE);
    --line: oklch(0.33 0.015 HUE);
    --bad: #ff9d94;
  }
}

* {
  box-sizing: border-box;
}

[hidden] {
  display: none !important;
}

body {
  margin: 0;
  background: var(--ground);
  color: var(--text);
  font: 1rem/1.55 system-ui, -apple-system, "Segoe UI", "Noto Sans KR", "Apple SD Gothic Neo", sans-serif;
  overflow-wrap: anywhere;
}

header,
main {
  max-width: 68rem;
  margin: 0 auto;
  padding: 1.25rem 1rem 0;
}

main {
  padding-bottom: 5rem;
}

h1,
h2,
h3,
p,
ul,
dl,
dd {
  margin: 0;
}

h1 {
  font-size: 1.6rem;
  line-height: 1.25;
  letter-spacing: -0.015em;
}

h2 {
  font-size: 1.1rem;
}

h3 {
  font-size: 1rem;
}

header p,
.hint,
.count,
.empty,
dt,
caption {
  color: var(--quiet);
  font-size: 0.9rem;
}

header p {
  margin-top: 0.25rem;
  max-width: 45rem;
}

a {
  color: var(--accent);
  text-underline-offset: 0.15em;
}

#tabs {
  display: flex;
  flex-wrap: wrap;
  gap: 0.25rem;
  margin-top: 1rem;
}

#tabs a,
.back {
  display: inline-flex;
  align-items: center;
  min-height: 2.75rem;
  padding: 0 0.9rem;
  border-radius: 999px;
  color: var(--quiet);
  text-decoration: none;
}

.back {
  padding: 0;
}

#tabs a[aria-current] {
  background: var(--tint);
  color: var(--accent);
  font-weight: 600;
}

.view {
  display: grid;
  gap: 1.5rem;
  margin-top: 1rem;
}

.main,
.results,
.top,
.columns {
  display: grid;
  gap: 1rem;
}

.panel,
.card,
dialog {
  background: var(--surface);
  border: 1px solid var(--line);
  border-radius: var(--radius);
}

.panel {
  display: grid;
  gap: 0.9rem;
  padding: 1.1rem;
}

.field {
  display: grid;
  gap: 0.3rem;
}

label,
.label {
  font-size: 0.9rem;
  font-weight: 600;
}
`
