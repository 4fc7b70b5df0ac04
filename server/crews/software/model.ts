import { type ModelClient, modelClient, type Notice } from '@/server/ai/service.ts'
import type { StepContext } from '@/server/builds/service.ts'
import type { Run } from './types.ts'

const secondMs = 1_000
const counted = (count: number, rule: string) => (count === 1 ? rule : `${count} x ${rule}`)

/** What happened to a request on its way, as lines of a console. A tool loop sends its whole conversation at each turn; each thing is said once. */
function teller(log: (line: string) => void): (notice: Notice) => void {
  const said = new Set<string>()
  const fresh = (what: string) => !said.has(what) && Boolean(said.add(what))
  return (notice) => {
    if (notice.kind === 'waiting') {
      const busy = notice.status === 429 ? 'The model takes no more requests for now' : `The model is busy (status ${notice.status})`
      log(`${busy}; asking again in ${Math.ceil(notice.waitMs / secondMs)} s (attempt ${notice.attempt + 1}).`)
    }
    if (notice.kind === 'redacted') {
      const found = notice.redactions.filter(({ rule, count }) => fresh(`redacted ${rule} ${count}`))
      if (found.length > 0)
        log(`Secrets were replaced before the request left: ${found.map(({ rule, count }) => counted(count, rule)).join(', ')}.`)
    }
    if (notice.kind === 'withheld') {
      const paths = notice.paths.filter((path) => fresh(`withheld ${path}`))
      if (paths.length > 0) log(`Not shown to the model, because it is on the deny-list: ${paths.join(', ')}`)
    }
  }
}

/** A role's client for one step: what happens to its requests on their way stands in the step's console. */
export const clientFor = (run: Run, role: string, { log }: Pick<StepContext, 'log'>): ModelClient =>
  modelClient(run.projectId, { name: role, buildId: run.buildId, budgetMicros: run.budgetMicros, notify: teller(log) })
