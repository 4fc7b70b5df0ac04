import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { buildViewSchema, finalStatuses } from '@/server/builds/schema.ts'
import { callServer } from '@/server/core/control.ts'
import { createProjectOutput } from '@/server/projects/schema.ts'
import { dataDir } from './place.ts'

const root = join(import.meta.dirname, '..')

/** A sample issue's file, as it is shipped. */
export const sample = (name: string) => join(root, 'public', 'samples', `${name}.json`)

export interface Built {
  service: string
  build: number
}

/** Calls a procedure of the running server as its operator. */
export const call = (path: string, input: unknown) => callServer(dataDir, path, input)

/** Makes a project of the operator's; `requestId` says which, so asked for again it is the same one. */
export async function project(requestId: string, source: unknown, name?: string): Promise<Built> {
  return createProjectOutput.parse(await call('projects.create', { requestId, source, ...(name ? { name } : {}) }))
}

/** Waits until a build is over and gives its page's content. */
export async function ended({ service, build }: Built) {
  for (;;) {
    const view = buildViewSchema.parse(await call('builds.get', { service, number: build }))
    if (finalStatuses.includes(view.status)) return view
    await delay(250)
  }
}

/** A project of the operator's whose first build went well; its issue is in Korean. */
export async function builtProject(): Promise<Built> {
  const source = { type: 'file', name: 'issue.json', content: readFileSync(sample('meeting-rooms'), 'utf8') }
  const built = await project('00000000-0000-4000-8000-000000000001', source)
  const view = await ended(built)
  if (view.status !== 'SUCCESS') throw new Error(`the build ended with ${view.status}: ${view.reason}`)
  return built
}

/** Gives a service a finished build whose console has so many lines; line `n` says its own number. Returns the build's number. */
export async function longBuild(service: string, lines: number): Promise<number> {
  const program = join(root, 'server', 'testing', 'long-build.ts')
  const args = ['--import', 'tsx', program, dataDir, service, String(lines)]
  const child = spawn(process.execPath, args, { cwd: root, stdio: ['ignore', 'pipe', 'inherit'] })
  let printed = ''
  child.stdout.on('data', (bytes) => {
    printed += bytes
  })
  const [code] = await once(child, 'close')
  if (code !== 0) throw new Error(`the long build could not be made (${code})`)
  return Number(printed)
}
