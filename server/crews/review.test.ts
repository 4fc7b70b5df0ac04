import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { register, registry } from '@/server/core/registry.ts'
import { startDemoModel } from '@/server/embedded/model/server.ts'
import { type CrewWorld, startCrewWorld } from '@/server/testing/crew-world.ts'
import { backendCalls, cleanReview, file, notesFiles, writes } from '@/server/testing/notes-crew.ts'
import type { Talk, Voice } from '@/server/testing/scripted-model.ts'
import { type Finding, reviewLimits, reviewSchema } from './schema.ts'

let crew: CrewWorld
let before: number | undefined
let talks: Talk[] = []
beforeAll(async () => {
  crew = await startCrewWorld()
})
afterAll(() => crew?.stop())
beforeEach(async () => {
  talks = []
  before = await deployedBuild()
})

const deployedBuild = async () => (await crew.project.service()).current?.build
const heard =
  (voice: Voice): Voice =>
  (talk) => {
    talks.push(talk)
    return voice(talk)
  }
const says = (document: unknown) => heard(() => ({ document }))
const finding = (over: Partial<Finding> = {}): Finding => ({
  severity: 'high',
  category: 'security',
  path: 'server.js',
  line: 3,
  title: 'A title',
  detail: 'A detail.',
  suggestion: null,
  ...over,
})
const found = (...findings: Finding[]) => says({ summary: 'Looked at it.', findings })
const reviewOf = async (number: number) => reviewSchema.parse(JSON.parse(await crew.project.artifact(number, 'review.json')))
type View = Awaited<ReturnType<CrewWorld['build']>>
const stageOf = (view: View, key = 'review') => view.stages.find((one) => one.key === key)
const settle = (settings: { review?: boolean; stopAt?: Finding['severity'] | null; denyPaths?: string[] }) =>
  crew.database.db.aiSettings.upsert({
    where: { projectId: crew.project.projectId },
    create: { projectId: crew.project.projectId, ...settings },
    update: { review: true, stopAt: 'critical', denyPaths: [], ...settings },
  })

test('a green review: every file of the release is sent as a document, and the review is an artifact', async () => {
  const view = await crew.build({ 'code-reviewer': found(finding({ path: './server.js' }), finding({ severity: 'info', line: 10_000 })) })
  expect(view).toMatchObject({ status: 'SUCCESS', reason: null })
  expect(stageOf(view)).toMatchObject({ name: 'Review', status: 'SUCCESS', position: 80 })
  expect(talks).toHaveLength(1)
  expect(Object.keys(talks[0]?.files ?? {})).toEqual([
    'package.json',
    'public/index.html',
    'server.js',
    'src/check.js',
    'test/check.test.js',
  ])
  expect(talks[0]?.files['server.js']).toBe(notesFiles.server)
  expect(Object.keys(talks[0]?.blocks ?? {})).toEqual(['specification', 'request'])
  const review = await reviewOf(view.number)
  expect(review).toMatchObject({
    ...{ status: 'passed', stopAt: 'critical', model: 'claude-opus-5-5', summary: 'Looked at it.', requests: { answered: 1, of: 1 } },
    counts: { critical: 0, high: 1, medium: 0, low: 0, info: 1 },
    findings: [
      { path: 'server.js', line: 3 },
      { severity: 'info', line: null },
    ],
    leftOut: [{ path: 'package-lock.json', why: 'lock' }],
  })
  expect(review.commit).toMatch(/^[0-9a-f]{40}$/)
  expect(review.bundle).toMatch(/^[0-9a-f]{64}$/)
  expect(await crew.project.artifact(view.number, 'review.md')).toContain('### A title')
  const console = await crew.project.console(view.number)
  for (const words of ['5 files, ', review.bundle, 'locked versions: package-lock.json', 'high     server.js:3  A title'])
    expect(console).toContain(words)
  expect(view.roles.map(({ role }) => role)).toContain('code-reviewer')
})

test('a finding of the chosen severity: not deployed, with words, and the old version stays in use', async () => {
  const grave = finding({ severity: 'critical', title: 'Text is run as code' })
  const view = await crew.build({ 'code-reviewer': found(finding(), grave) })
  expect(view).toMatchObject({ status: 'FAILURE', reason: stageOf(view)?.reason })
  for (const words of ['stopped the deployment: 1 critical', 'Text is run as code (critical, server.js:3)', 'settings of this service'])
    expect(view.reason).toContain(words)
  expect(view.reason).not.toContain('A title')
  expect(stageOf(view)).toMatchObject({ status: 'FAILURE' })
  expect(stageOf(view, 'deployment')).toMatchObject({ status: 'NOT_BUILT' })
  expect(view.criteria.every(({ result }) => result === 'passed')).toBe(true)
  expect(await reviewOf(view.number)).toMatchObject({ status: 'stopped' })
  expect(await deployedBuild()).toBe(before)
  await crew.world.executor.idle()
  expect(await crew.world.executorText()).not.toContain('Text is run')
})

test('a severity that is chosen otherwise: a low one stops, or none does', async () => {
  await settle({ stopAt: 'low' })
  const stopped = await crew.build({ 'code-reviewer': found(finding({ severity: 'low' }), finding({ severity: 'info' })) })
  expect(stopped.reason).toContain('1 low.')
  await settle({ stopAt: null })
  const view = await crew.build({ 'code-reviewer': found(finding({ severity: 'critical' })) })
  expect(view.status).toBe('SUCCESS')
  expect(await reviewOf(view.number)).toMatchObject({ status: 'passed', stopAt: null, counts: { critical: 1 } })
})

test('switched off: the stage says so, nothing is sent, and the app is deployed', async () => {
  await settle({ review: false })
  const view = await crew.build({ 'code-reviewer': says(cleanReview) })
  expect(view.status).toBe('SUCCESS')
  expect(stageOf(view)).toMatchObject({ status: 'NOT_BUILT', reason: expect.stringContaining('switched off') })
  expect(talks).toEqual([])
  expect(view.artifacts.map(({ name }) => name)).not.toContain('review.json')
  await settle({})
})

test.each<[string, Voice]>([
  ['speaks no JSON', () => ({ raw: 'Looks good to me!' })],
  ['invents severities', () => ({ document: { summary: '', findings: [{ ...finding(), severity: 'apocalyptic' }] } })],
  ['breaks', () => ({ status: 401, type: 'authentication_error' })],
])('a reviewer that %s: no deployment without its review', async (_words, voice) => {
  await settle({ stopAt: 'medium' })
  const view = await crew.build({ 'code-reviewer': voice })
  expect(view).toMatchObject({ status: 'FAILURE', reason: expect.stringContaining('No deployment without its review: The ') })
  expect(await deployedBuild()).toBe(before)
  expect(await reviewOf(view.number)).toMatchObject({ status: 'unreadable', findings: [] })
  await settle({})
})

test('no usable review where no finding stops a deployment: a warning, and the app is deployed', async () => {
  await settle({ stopAt: null })
  const warned = await crew.build({ 'code-reviewer': () => ({ raw: 'Looks good to me!' }) })
  expect(warned.status).toBe('SUCCESS')
  expect(stageOf(warned)).toMatchObject({ status: 'UNSTABLE', reason: expect.stringContaining('There is no review of this release') })
  await settle({})
})

test('hostile findings: bounded, about the release alone, and nothing but text', async () => {
  const html = '<img src=x onerror=alert(1)> [link](javascript:alert(1))'
  const many = Array.from({ length: 10_000 }, (_, at) => finding({ severity: 'info', title: `Noise ${at}`, detail: 'x'.repeat(100) }))
  const view = await crew.build({
    'code-reviewer': says({
      summary: `\u001b[31mred\u001b[0m\n\u202eSUMMARY ${html}`,
      findings: [
        ...many,
        finding({ path: '../../etc/passwd' }),
        finding({ path: '/etc/passwd' }),
        finding({ path: 'package-lock.json' }),
        finding({
          line: -5,
          title: `${html}\u001b]0;owned\u0007\nsecond line`,
          detail: `${'y'.repeat(5_000)}`,
          suggestion: '\u0000 \u0007',
        }),
        finding({ title: '', detail: '' }),
      ],
    }),
  })
  expect(view.status).toBe('SUCCESS')
  const text = await crew.project.artifact(view.number, 'review.json')
  const review = await reviewOf(view.number)
  expect(text.length).toBeLessThan(200_000)
  expect(review.counts).toMatchObject({ high: 2, info: 10_000 })
  expect(review.dropped).toEqual({ outside: 3, beyond: 10_002 - reviewLimits.findings })
  expect(review.findings).toHaveLength(reviewLimits.findings)
  expect(review.findings[0]).toMatchObject({ severity: 'high', line: null, suggestion: null, title: `${html} second line` })
  expect(review.findings[0]?.detail).toHaveLength(reviewLimits.detail)
  expect(review.findings[1]?.title).toBe('…')
  expect(review.summary).toBe(`red\n SUMMARY ${html}`)
  const markdown = await crew.project.artifact(view.number, 'review.md')
  expect(markdown).not.toContain('<img')
  expect(markdown).toContain('\\[link\\](javascript')
  const console = await crew.project.console(view.number)
  for (const words of ['\u001b[31mred', '\u001b]0', '\u202e']) expect(console).not.toContain(words)
})

test('what is on a deny-list never reaches the model, and code that went out unread is named', async () => {
  await settle({ denyPaths: ['src/private/**'] })
  const files = {
    'src/.env': 'PLANTED_ENV=1',
    'src/deploy.key': 'PLANTED_KEY',
    'src/private/plan.js': '// PLANTED_PLAN',
    'src/empty.js': '',
    'src/strange.js': '// \u0000 a stray byte\n',
    'src/latin.js': Buffer.from([0x2f, 0x2f, 0xe4, 0x0a]),
    'src/picture.png': Buffer.from([0x89, 0x50, 0, 1]),
  }
  // A role's tools write no such files, so they are put behind its back.
  const strays: Voice = async (talk) => {
    const { id } = await crew.database.db.build.findFirstOrThrow({ where: { status: 'RUNNING' }, select: { id: true } })
    const tree = join(crew.world.dataDir, 'work', id, 'trees', 'backend-developer')
    await mkdir(join(tree, 'src/private'), { recursive: true })
    for (const [path, content] of Object.entries(files)) await writeFile(join(tree, path), content)
    return writes(...backendCalls())(talk)
  }
  const view = await crew.build({ 'backend-developer': strays, 'code-reviewer': says(cleanReview) })
  expect(view.status).toBe('SUCCESS')
  expect(JSON.stringify(talks)).not.toContain('PLANTED')
  expect(Object.keys(talks[0]?.files ?? {})).toEqual(expect.arrayContaining(['src/strange.js', 'src/latin.js']))
  expect((await reviewOf(view.number)).leftOut).toEqual([
    { path: 'package-lock.json', why: 'lock' },
    { path: 'src/.env', why: 'denied' },
    { path: 'src/deploy.key', why: 'denied' },
    { path: 'src/empty.js', why: 'empty' },
    { path: 'src/private/plan.js', why: 'denied' },
    { path: 'src/picture.png', why: 'binary' },
  ])
  const reason = 'Not all of the code was reviewed: src/private/plan.js (on the list of paths that no model gets to see).'
  expect(stageOf(view)).toMatchObject({ status: 'UNSTABLE', reason })
  await settle({})
})

test('a secret that the code holds does not get into the review, whatever the model says', async () => {
  const secret = ['ghp', 'Zk3vQ9xT7bL2mN8pR4sW6yA1cD5fG0hJ2kXq'].join('_')
  const source = `${notesFiles.check}export const token = '${secret}'\n`
  const calls = [...backendCalls().filter(([, input]) => (input as { path: string }).path !== 'src/check.js'), file('src/check.js', source)]
  const voice = heard(({ files }) => {
    const seen = /token = '([^']+)'/.exec(files['src/check.js'] ?? '')?.[1] ?? ''
    const words = `The token ${seen} stands in the code`
    return {
      document: { summary: words, findings: [finding({ severity: 'critical', path: 'src/check.js', title: words, detail: words })] },
    }
  })
  const view = await crew.build({ 'backend-developer': writes(...calls), 'code-reviewer': voice })
  expect(view.reason).toContain('The token [secret] stands in the code (critical, src/check.js:')
  const review = await reviewOf(view.number)
  expect(JSON.stringify(review)).not.toContain(secret)
  expect(review.summary).toBe('The token [secret] stands in the code')
})

test('a large release goes in several requests; what is answered is not paid for again when the stage breaks', async () => {
  const big = (name: string) => file(`src/${name}.js`, `// ${name}\n`.repeat(40_000))
  let puts = 0
  const voice = heard((talk) => {
    const { number } = talk.blocks.request as { number: number }
    const part = Object.keys(talk.files).find((path) => path.startsWith('src/b')) ?? 'server.js'
    return { document: { summary: `Part ${number}.`, findings: [finding({ path: part, line: 1 })] } }
  })
  const objects = registry('objects')
  const put: typeof objects.put = async (key, bytes) => {
    // After the second answer it is kept, then the decision, then the review for people: that is where it breaks, once.
    if (talks.length === 2 && ++puts === 3) throw new Error('the disk is gone for a moment')
    return objects.put(key, bytes)
  }
  register({ objects: { ...objects, put } })
  const view = await crew
    .build({ 'backend-developer': writes(...backendCalls(), big('b1'), big('b2')), 'code-reviewer': voice })
    .finally(() => register({ objects }))
  expect(view.status).toBe('SUCCESS')
  expect(puts).toBeGreaterThan(3)
  expect(stageOf(view)?.steps.find(({ key }) => key === 'decide')?.attempt).toBe(2)
  expect(talks).toHaveLength(2)
  expect(Object.keys(talks[1]?.files ?? {})).not.toContain('src/b1.js')
  expect(await reviewOf(view.number)).toMatchObject({
    status: 'passed',
    summary: 'Part 1.\n\nPart 2.',
    counts: { high: 2 },
    requests: { answered: 2, of: 2 },
  })
  expect(view.roles.find(({ role }) => role === 'code-reviewer')?.calls).toBe(2)
})

test('a budget that is spent in the review: ABORTED, and not deployed', async () => {
  const { roles, spentMicros } = await crew.project.view(1)
  const later = roles.filter(({ role }) => ['code-reviewer', 'devops-engineer'].includes(role))
  const upToReview = spentMicros - later.reduce((sum, { costMicros }) => sum + costMicros, 0)
  // One answer is within the budget; it fits no schema, and there is no money left to ask again.
  const view = await crew.build({ 'code-reviewer': heard(() => ({ raw: 'Looks good to me!' })) }, upToReview + 1)
  expect(talks).toHaveLength(1)
  expect(view).toMatchObject({ status: 'ABORTED', reason: 'The budget of this build is spent.' })
  expect(stageOf(view)).toMatchObject({ status: 'ABORTED' })
  expect(await deployedBuild()).toBe(before)
})

test('the demo model finds a fault that is planted in the code', async () => {
  const demo = await startDemoModel()
  const planted = notesFiles.server.replace(
    "app.get('/healthz'",
    "app.get('/run', (c) => c.text(String(eval(c.req.query('code') ?? '1'))))\napp.get('/healthz'",
  )
  const ask: Voice = async (talk) => {
    const documents = Object.entries(talk.files).map(([title, data]) => ({
      type: 'document',
      title,
      source: { type: 'text', media_type: 'text/plain', data },
    }))
    const body = {
      model: 'claude-opus-5-5',
      max_tokens: 16_000,
      system: 'You are the code reviewer of a software crew.',
      messages: [{ role: 'user', content: [...documents, { type: 'text', text: '<request>{"of":1}</request>' }] }],
    }
    const headers = { 'x-api-key': 'demo', 'content-type': 'application/json' }
    const answer = await fetch(`${demo.url}/v1/messages`, { method: 'POST', headers, body: JSON.stringify(body) })
    return { raw: ((await answer.json()) as { content: { text: string }[] }).content[0]?.text ?? '' }
  }
  const view = await crew.build({ 'backend-developer': writes(...backendCalls(planted)), 'code-reviewer': ask }).finally(() => demo.stop())
  expect(view).toMatchObject({ status: 'FAILURE', reason: expect.stringContaining('Text is run as code (critical, server.js:10)') })
  expect(await deployedBuild()).toBe(before)
})
