import { spawn } from 'node:child_process'
import { projectRoot } from '@/server/core/paths.ts'

/** What is asked for, again and again. */
export interface Target {
  url: string
  headers?: Record<string, string>
}

export interface Load {
  /** Answers a second. */
  rate: number
  /** The 95th percentile of how long an answer took, in milliseconds. */
  p95: number
}

const connections = 10

// A process of its own, so that asking does not slow the answering down more than two cores make it.
const program = `
const autocannon = require('autocannon')
const { url, headers, connections, seconds } = JSON.parse(process.argv[1])
const times = []
const run = autocannon({ url, headers, connections, duration: seconds }, (error, result) => {
  if (error) throw error
  const bad = result.non2xx + result.errors
  times.sort((a, b) => a - b)
  process.stdout.write(JSON.stringify({ bad, rate: times.length / result.duration, p95: times[Math.floor(times.length * 0.95)] }))
})
run.on('response', (client, status, bytes, ms) => times.push(ms))`

/** Asks for the target over ten connections for some seconds. @throws Error where an answer is not the page */
export async function load({ url, headers = {} }: Target, seconds: number): Promise<Load> {
  const order = JSON.stringify({ url, headers, connections, seconds })
  const child = spawn(process.execPath, ['-e', program, order], { cwd: projectRoot(), stdio: ['ignore', 'pipe', 'inherit'] })
  let said = ''
  child.stdout.on('data', (bytes) => {
    said += bytes
  })
  await new Promise((resolve) => child.once('close', resolve))
  const { bad, ...measured } = JSON.parse(said) as Load & { bad: number }
  if (bad > 0) throw new Error(`${bad} of the requests for ${url} were not answered as they should be`)
  return measured
}

/** Loads both in turns, so that what else the machine does falls on both; the first turn of each warms up and does not count. */
export async function inTurns(own: Target, bare: Target, runs: number, seconds: number): Promise<{ own: Load[]; bare: Load[] }> {
  const loads = { own: [] as Load[], bare: [] as Load[] }
  for (let at = 0; at <= runs; at++) {
    loads.bare.push(await load(bare, seconds))
    loads.own.push(await load(own, seconds))
  }
  return { own: loads.own.slice(1), bare: loads.bare.slice(1) }
}
