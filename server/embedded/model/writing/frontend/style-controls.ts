/** `public/style.css`: Form controls. */
export const styleControls = `input,
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
`
