// A server without pages as a process of its own, on a database and a data directory of somebody else; it is there to be killed.
import { startWorld, type WorldOptions } from './world.ts'

/** What the process is handed: plain options, and an issue where it is to make a project of one and start the crew. */
export interface CrewNodeOrder extends WorldOptions {
  dataDir: string
  issue?: { title: string; body: string }
}

const { issue, ...options } = JSON.parse(process.argv[2] ?? '') as CrewNodeOrder
const world = await startWorld(options)
const project = issue && (await world.fromIssue(issue))
process.stdout.write(`ready ${project?.slug ?? ''}\n`)
