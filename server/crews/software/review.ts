import { hideSecrets, isDemoModel, isDenied, settingsOf } from '@/server/ai/service.ts'
import { getArtifact } from '@/server/artifacts/service.ts'
import { type StepContext, StepFailure } from '@/server/builds/service.ts'
import { registry } from '@/server/core/registry.ts'
import type { TreeFile } from '@/server/worktrees/schema.ts'
import { type Review, type ReviewAnswer, reviewAnswerSchema, reviewLimits, reviewSchema, specificationSchema } from '../schema.ts'
import { type Bundle, packRelease } from './bundle.ts'
import { askForDocument } from './conversation.ts'
import {
  addFindings,
  cleanText,
  countWords,
  gravest,
  leftOutLines,
  noCounts,
  reviewText,
  stopReason,
  unreadableReason,
  unseenReason,
} from './findings.ts'
import { handedOver, handOver } from './handover.ts'
import { clientFor } from './model.ts'
import { reviewer } from './reviewer.ts'
import { type EndAs, type Steps, stage } from './stage.ts'
import { stages } from './stages.ts'
import type { Block, Ended, Run } from './types.ts'

const place = stages.review
const name = 'review'
const toldFindings = 20
/** Of each text so much is looked at; a review keeps far less. */
const longestAnswer = 8_000

/** A review of which nothing is known yet. */
function blank(commit: string, bundle: Bundle, stopAt: Review['stopAt']): Review {
  return {
    status: 'underway',
    commit,
    bundle: bundle.sha256,
    at: new Date(registry('clock').now()).toISOString(),
    model: reviewer.model,
    demoModel: isDemoModel(),
    stopAt,
    summary: '',
    counts: noCounts(),
    findings: [],
    dropped: { outside: 0, beyond: 0 },
    files: bundle.files,
    leftOut: bundle.leftOut,
    requests: { answered: 0, of: bundle.requests.length },
  }
}

/** What this build's former self was told about the very same files: it was paid for, and is not asked for again. */
async function keptReview(run: Run, commit: string, bundle: Bundle): Promise<Review | null> {
  const kept = await getArtifact(run.projectId, run.buildId, `${name}.json`).catch(() => null)
  const { data } = reviewSchema.safeParse(kept && JSON.parse(kept.bytes.toString()))
  const same = data?.commit === commit && data.bundle === bundle.sha256 && data.requests.of === bundle.requests.length
  return data && same && data.status !== 'unreadable' ? data : null
}

function tellBundle(context: StepContext, bundle: Bundle): void {
  const bytes = bundle.files.reduce((sum, file) => sum + file.bytes, 0)
  const requests = bundle.requests.length === 1 ? 'one request' : `${bundle.requests.length} requests`
  context.log(`${bundle.files.length} files, ${bytes} bytes, in ${requests}; SHA-256 ${bundle.sha256}`)
  for (const line of leftOutLines(bundle.leftOut)) context.log(line)
}

/** A secret in the code was never shown to the model, but is put back into its answer; from there it would get into reasons and mails. */
async function withoutSecrets(run: Run, files: readonly TreeFile[], answer: ReviewAnswer): Promise<ReviewAnswer> {
  const paths = new Set(files.map(({ path }) => path))
  const findings = gravest(answer.findings, (path) => paths.has(path))
  const said = [answer.summary, ...findings.flatMap(({ title, detail, suggestion }) => [title, detail, suggestion ?? ''])]
  const about = files.map(({ content }) => content)
  const [summary = '', ...texts] = await hideSecrets(
    run.projectId,
    said.map((text) => text.slice(0, longestAnswer)),
    about,
  )
  const hidden = new Map(
    findings.map((finding, at) => {
      const [title = '', detail = '', suggestion = ''] = texts.slice(3 * at, 3 * at + 3)
      return [finding, { ...finding, title, detail, suggestion }]
    }),
  )
  return { summary, findings: answer.findings.map((finding) => hidden.get(finding) ?? finding) }
}

/** Has one request's files read, and keeps what was found before anything else can go wrong. */
async function ask(run: Run, context: StepContext, bundle: Bundle, before: Review): Promise<Review> {
  const at = before.requests.answered
  const files = bundle.requests[at] ?? []
  const specification = await handedOver(run, 'specification', specificationSchema)
  const blocks: Block[] = [
    ['specification', specification],
    ['request', { number: at + 1, of: bundle.requests.length, files: files.length }],
  ]
  const said = await askForDocument(clientFor(run, reviewer.role, context), reviewer, blocks, reviewAnswerSchema, context, files)
  const answer = await withoutSecrets(run, files, said)
  const lines = new Map(files.map(({ path, content }) => [path, content.split('\n').length]))
  const summary = cleanText([before.summary, answer.summary].filter(Boolean).join('\n\n'), reviewLimits.summary)
  const requests = { ...before.requests, answered: at + 1 }
  const after = { ...before, ...addFindings(before, answer, lines), summary, requests }
  await handOver(run, place.key, name, after)
  context.log(`${answer.findings.length} findings`)
  return after
}

/** Asks for all that is not answered yet. `failed` says why there is no whole review. */
async function askAll(run: Run, step: Steps, bundle: Bundle, start: Review): Promise<{ review: Review; failed: string | null }> {
  let review = start
  if (bundle.requests.length === 0) return { review, failed: 'None of its files may be sent to a model.' }
  try {
    while (review.requests.answered < bundle.requests.length) {
      const [number, before] = [review.requests.answered + 1, review]
      const words = bundle.requests.length === 1 ? 'Review the code' : `Review the code, ${number} of ${bundle.requests.length}`
      review = await step(`ask-${number}`, words, (context) => ask(run, context, bundle, before))
    }
    return { review, failed: null }
  } catch (error) {
    if (!(error instanceof StepFailure)) throw error
    return { review, failed: error.message }
  }
}

/** The platform's decision about what was found. */
async function decide(run: Run, step: Steps, found: Review, failed: string | null, endAs: EndAs): Promise<void> {
  await step('decide', 'Decide on the deployment', async (context) => {
    const stopped = stopReason(found)
    const status = stopped ? 'stopped' : failed ? 'unreadable' : 'passed'
    const review: Review = { ...found, status }
    await handOver(run, place.key, name, review, reviewText(review))
    context.log(`found: ${countWords(review.counts)}`)
    for (const { severity, path, line, title } of review.findings.slice(0, toldFindings))
      context.log(`${severity.padEnd(8)} ${path}${line === null ? '' : `:${line}`}  ${title}`)
    if (stopped) context.fail(stopped)
    if (failed) {
      const reason = unreadableReason(failed, review.stopAt)
      if (review.stopAt !== null) context.fail(reason)
      context.log(reason)
      return endAs('UNSTABLE', reason)
    }
    const unseen = unseenReason(review.leftOut)
    if (!unseen) return
    context.log(unseen)
    endAs('UNSTABLE', unseen)
  })
}

/** The stage before the deployment: the code of the release is read once more, and a grave finding keeps it from being deployed. */
export function review(run: Run, commit: string): Promise<Ended<null>> {
  return stage(run, place, async (step, endAs) => {
    const settings = await settingsOf(run.projectId)
    if (!settings.review) {
      endAs('NOT_BUILT', 'Reviews are switched off in the settings of this service, under "Code and models".')
      return null
    }
    const bundle = await step('pack', 'Pack the release', async (context) => {
      const packed = await packRelease(run.buildId, commit, (path) => isDenied(path, settings.denyPaths))
      tellBundle(context, packed)
      return packed
    })
    const start = (await keptReview(run, commit, bundle)) ?? blank(commit, bundle, settings.stopAt)
    const { review: found, failed } = await askAll(run, step, bundle, { ...start, stopAt: settings.stopAt })
    await decide(run, step, found, failed, endAs)
    return null
  })
}
