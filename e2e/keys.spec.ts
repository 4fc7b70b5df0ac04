import { expect, test } from './people.ts'
import { languages, speak, wordsOf } from './words.ts'

for (const language of languages) {
  const words = wordsOf(language)

  test(`what was sent to models, in ${language}: rows, details, CSV`, async ({ as, built }) => {
    const page = await as('Ada Admin')
    await speak(page, language)
    await page.goto(`/${built.service}/ledger`)
    await expect(page.getByText(words('ledger.claim'))).toBeVisible()
    const details = page.getByRole('row').getByRole('button', { expanded: false })
    await expect(details.first()).toBeVisible()
    await details.first().click()
    await expect(page.getByText(words('ledger.facts.sha'))).toBeVisible()
    await expect(page.getByText(/^[0-9a-f]{64}$/).first()).toBeVisible()
    const csv = await page.request.get(`/api/ledger/${built.service}`)
    expect(csv.headers()['content-type']).toContain('text/csv')
    expect((await csv.text()).trim().split('\r\n').length).toBeGreaterThan(5)
  })

  test(`a project's key is rotated while everything opens on, in ${language}`, async ({ as, built }) => {
    const page = await as('Ada Admin')
    await speak(page, language)
    await page.goto(`/${built.service}/keys`)
    const active = page.getByText(words('keys.ring.states.ACTIVE'), { exact: true })
    await expect(active).toHaveCount(1)
    const retired = page.getByText(words('keys.ring.states.RETIRED'), { exact: true })
    const before = await retired.count()
    await page
      .getByRole('button', { name: words('keys.rotate.action') })
      .first()
      .click()
    await page
      .getByRole('alertdialog')
      .getByRole('button', { name: words('keys.rotate.action') })
      .click()
    await expect(retired).toHaveCount(before + 1)
    await expect(active).toHaveCount(1)
    await page.goto(`/${built.service}/builds/${built.build}?tab=artifacts&artifact=specification.md`)
    await expect(page.getByRole('tabpanel').getByRole('heading').first()).toBeVisible()
  })
}

test('neither the ledger nor the keys are for others', async ({ as, built }) => {
  const nobody = await as(null)
  // Whoever is not signed in is asked to do so first, and learns nothing of what is there.
  for (const path of ['ledger', 'keys']) expect((await nobody.request.get(`/${built.service}/${path}`)).url(), path).toContain('/sign-in')
  expect((await nobody.request.get(`/api/ledger/${built.service}`)).status()).toBe(401)
  const stranger = await as('Sam Rivers')
  for (const path of ['ledger', 'keys']) expect((await stranger.request.get(`/${built.service}/${path}`)).status(), path).toBe(404)
  expect((await stranger.request.get(`/api/ledger/${built.service}`)).status()).toBe(404)
  for (const path of ['/admin/ledger', '/admin/keys']) expect((await stranger.request.get(path)).status(), path).toBe(404)
})
