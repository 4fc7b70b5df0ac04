/** `public/style.css`: The style sheet; HUE is the app's own colour. */
export const styleFile = `:root {
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

input,
select,
textarea,
button {
  font: inherit;
  color: inherit;
  min-height: 2.75rem;
  border: 1px solid var(--line);
  border-radius: 0.55rem;
  background: var(--surface);
  padding: 0.5rem 0.75rem;
}

input,
select,
textarea {
  width: 100%;
  background: var(--ground);
}

textarea {
  resize: vertical;
}

input[type="checkbox"] {
  width: 1.35rem;
  height: 1.35rem;
  min-height: 0;
  margin: 0;
  accent-color: var(--accent);
  flex: none;
}

.head {
  display: flex;
  justify-content: space-between;
  gap: 0.75rem;
}

.check {
  display: flex;
  align-items: center;
  gap: 0.6rem;
  min-height: 2.75rem;
}

.checks {
  display: flex;
  flex-wrap: wrap;
  gap: 0 1.25rem;
}

.check label {
  flex: 1;
  font-weight: 400;
  padding: 0.5rem 0;
}

[aria-invalid] {
  border-color: var(--bad);
}

:focus-visible {
  outline: 2px solid var(--accent);
  outline-offset: 2px;
}

button {
  cursor: pointer;
  padding: 0.5rem 1rem;
}

button:hover:not(:disabled) {
  background: var(--tint);
}

button:disabled {
  opacity: 0.5;
  cursor: default;
}

button.primary,
button.primary:hover:not(:disabled) {
  background: var(--accent);
  border-color: var(--accent);
  color: var(--on-accent);
  font-weight: 600;
}

button.quiet {
  border-color: transparent;
  background: transparent;
  color: var(--quiet);
}

button.danger {
  color: var(--bad);
  border-color: currentColor;
}

.actions {
  display: flex;
  flex-wrap: wrap;
  gap: 0.5rem;
}

.error {
  color: var(--bad);
  font-size: 0.9rem;
}

.toolbar {
  display: grid;
  grid-template-columns: repeat(auto-fit, minmax(9rem, 1fr));
  align-items: end;
  gap: 0.75rem;
}

.toolbar button {
  justify-self: start;
}

.cards {
  display: grid;
  gap: 0.75rem;
  padding: 0;
  list-style: none;
}

.card {
  display: grid;
  gap: 0.6rem;
  padding: 1rem 1.1rem;
}

.card .actions {
  margin: 0 -0.25rem -0.25rem;
}

.card .actions button {
  font-size: 0.9rem;
  padding: 0.25rem 0.75rem;
}

.group {
  margin-top: 0.5rem;
  color: var(--quiet);
}

dl {
  display: flex;
  flex-wrap: wrap;
  gap: 0.5rem 1.75rem;
}

dl > div:has(.long) {
  flex-basis: 100%;
}

dt {
  font-size: 0.8rem;
}

.long {
  white-space: pre-wrap;
}

.chips {
  display: flex;
  flex-wrap: wrap;
  gap: 0.35rem;
  padding: 0;
  list-style: none;
}

.chip {
  display: inline-flex;
  align-items: center;
  background: var(--tint);
  border-radius: 999px;
  padding: 0.1rem 0.7rem;
  font-size: 0.9rem;
}

.chip button {
  min-height: 2rem;
  padding: 0 0.7rem;
  margin: -0.1rem -0.7rem;
  border: 0;
  border-radius: 999px;
  background: transparent;
}

.chip .cross {
  min-width: 2.75rem;
  margin-left: 0;
  font-size: 1.2rem;
  line-height: 1;
}

.inline {
  display: flex;
  flex-wrap: wrap;
  align-items: end;
  gap: 0.5rem;
}

.inline .field {
  flex: 1 1 9rem;
}

.pager {
  display: flex;
  align-items: center;
  justify-content: center;
  gap: 1rem;
}

.empty {
  padding: 2rem 1rem;
  border: 1px dashed var(--line);
  border-radius: var(--radius);
  text-align: center;
}

.panel .empty {
  padding: 1rem;
}

.payments {
  display: grid;
  gap: 0.5rem;
  padding: 0;
  list-style: none;
}

.payments li {
  display: flex;
  justify-content: space-between;
  gap: 1rem;
  background: var(--tint);
  border-radius: 0.55rem;
  padding: 0.6rem 0.9rem;
}

table {
  width: 100%;
  border-collapse: collapse;
}

caption {
  text-align: start;
}

th,
td {
  border-top: 1px solid var(--line);
  padding: 0.45rem 0;
  font-weight: 400;
  text-align: start;
}

td {
  text-align: end;
  font-variant-numeric: tabular-nums;
}

td.owes {
  color: var(--bad);
}

article .view {
  margin-top: 1.5rem;
}

dialog {
  max-width: min(26rem, calc(100vw - 2rem));
  padding: 1.25rem;
  color: inherit;
}

dialog .actions {
  justify-content: end;
  margin-top: 1rem;
}

dialog::backdrop {
  background: rgb(0 0 0 / 0.45);
}

#status {
  position: fixed;
  inset: auto 0 1.25rem;
  width: fit-content;
  max-width: calc(100vw - 2rem);
  margin: 0 auto;
  padding: 0.6rem 1.1rem;
  border-radius: 999px;
  background: var(--text);
  color: var(--ground);
  pointer-events: none;
}

#status:empty {
  display: none;
}

@media (min-width: 52rem) {
  .view {
    grid-template-columns: minmax(17rem, 21rem) minmax(0, 1fr);
    align-items: start;
  }

  .side:empty,
  .side:empty + .main {
    grid-column: 1 / -1;
  }

  .card {
    grid-template-columns: minmax(0, 1fr) auto;
  }

  .card .actions {
    grid-area: 1 / 2 / span 2;
    align-content: start;
  }

  .columns {
    grid-template-columns: 1fr 1fr;
    align-items: start;
  }
}

@media (prefers-reduced-motion: no-preference) {
  button,
  input,
  select,
  textarea {
    transition:
      background-color 0.12s,
      border-color 0.12s;
  }
}
`
