import { join } from 'node:path'
import { deploy, serviceView } from '@/server/deployments/service.ts'
import { archiveCommit } from '@/server/worktrees/service.ts'
import { boundRun } from '../rules.ts'
import { operationsSchema } from '../schema.ts'
import { describeOperations } from './documents.ts'
import { handedOver, handOverText } from './handover.ts'
import { stage } from './stage.ts'
import { appFolder, stages } from './stages.ts'
import type { Ended, Run } from './types.ts'

/** Puts the verified app behind the service's name: described by the DevOps engineer, started, probed and switched by the platform. */
export function release(run: Run, commit: string): Promise<Ended<null>> {
  return stage(run, stages.deployment, async (step) => {
    const operations = await describeOperations(run, step)
    await step('deploy', 'Deploy', async (context) => {
      await handOverText(run, stages.deployment.key, 'source.tar.gz', 'application/gzip', await archiveCommit(run.buildId, commit))
      const sourceDir = join(await context.workspace(), appFolder)
      const { run: bounded, changed } = boundRun(operations.run)
      for (const words of changed) context.log(words)
      context.log('starting the new version; it must answer 5 probes over 10 s')
      const { status, reason } = await deploy(run.projectId, {
        buildId: run.buildId,
        sourceDir,
        run: bounded,
        monitoring: operations.monitoring,
        signal: context.signal,
      })
      if (status !== 'HEALTHY') context.fail(reason ?? 'The new version did not become healthy.')
      context.log('the new version is in use')
    })
    return null
  })
}

/** The last stage: the service is watched from now on, by the probe and the thresholds that were recorded with the deployment. */
export function monitor(run: Run): Promise<Ended<null>> {
  return stage(run, stages.monitoring, async (step) => {
    await step('record', 'Record probe and thresholds', async (context) => {
      const { monitoring } = await handedOver(run, 'operations', operationsSchema)
      const view = await serviceView(run.projectId)
      if (!view.monitoring) return context.fail('The deployment carries no monitoring.')
      const { probe, thresholds } = view.monitoring
      context.log(`probe ${probe.path} every ${probe.intervalMs} ms, at most ${probe.timeoutMs} ms`)
      context.log(`thresholds: cpu ${thresholds.cpu}, memory ${thresholds.memory}, error rate ${thresholds.errorRate}`)
      if (JSON.stringify(monitoring) !== JSON.stringify(view.monitoring))
        context.log('the platform bounded what the run description asked for')
      context.log(`${view.url} is ${view.state.toLowerCase()}`)
    })
    return null
  })
}
