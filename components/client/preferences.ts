/** Keeps a choice of language or theme for the pages to come; what cannot be kept now is chosen again another time. */
export async function keepPreference(name: 'locale' | 'theme', value: string): Promise<void> {
  await fetch('/api/preferences', { method: 'POST', body: new URLSearchParams({ [name]: value }) }).catch(() => undefined)
}
