import { readdir } from 'node:fs/promises'
import { parseArgs } from 'node:util'
import { entryOf } from './figures.ts'
import type { Bench, Entry } from './types.ts'

const notBenches = new Set([
  'run.ts',
  'types.ts',
  'figures.ts',
  'world.ts',
  'bare.ts',
  'bare-next.ts',
  'compare.ts',
  'load.ts',
  'site.ts',
  'upstream.ts',
  'flood.ts',
])

async function loadBenches(): Promise<Bench[]> {
  const files = (await readdir(import.meta.dirname)).filter((file) => /^[a-z0-9-]+\.ts$/.test(file) && !notBenches.has(file)).sort()
  return Promise.all(files.map(async (file) => ((await import(`./${file}`)) as { bench: Bench }).bench))
}

const write = (text: string) => process.stdout.write(`${text}\n`)

function show(name: string, { value, unit, baseline, ratio, goal, ok }: Entry, note = ''): void {
  const beside = baseline === null ? '' : `   baseline ${baseline} ${unit}, ratio ${ratio}`
  write(
    `  ${ok ? 'ok  ' : 'MISS'} ${name.padEnd(24)} ${String(value).padStart(10)} ${unit.padEnd(10)} goal ${goal}${beside}${note && `   (${note})`}`,
  )
}

/** Runs the benchmarks one after another, so that they do not measure each other. Exit status 1 where a figure misses its goal. */
async function main(): Promise<void> {
  const { values } = parseArgs({ options: { only: { type: 'string' }, json: { type: 'boolean', default: false } } })
  const benches = await loadBenches()
  const wanted = values.only?.split(',').map((id) => id.trim())
  const unknown = wanted?.find((id) => !benches.some((bench) => bench.id === id))
  if (unknown !== undefined) {
    write(`There is no benchmark "${unknown}". There are: ${benches.map(({ id }) => id).join(', ')}.`)
    process.exit(2)
  }
  const entries: Record<string, Entry> = {}
  for (const bench of benches) {
    if (wanted && !wanted.includes(bench.id)) continue
    write(`${bench.id}: ${bench.about}`)
    for (const figure of await bench.run()) {
      const entry = entryOf(figure)
      entries[`${bench.id}.${figure.what}`] = entry
      show(`${bench.id}.${figure.what}`, entry, figure.note)
    }
  }
  if (values.json) write(JSON.stringify(entries))
  process.exit(Object.values(entries).every(({ ok }) => ok) ? 0 : 1)
}

await main()
