/** `public/style.css`: Lists, cards, tables and dialogs. */
export const styleParts = `.toolbar {
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
