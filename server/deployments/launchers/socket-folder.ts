import { type FSWatcher, watch } from 'node:fs'
import { readdir } from 'node:fs/promises'

const lookMs = 1_000

async function isLittered(folder: string, name: string): Promise<boolean> {
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => [])
  return entries.some((entry) => entry.name !== name || !entry.isSocket())
}

/**
 * Looks after the folder in which a sandbox opens an app's socket. What else lies in there would count for nobody's disk, so `onLitter` hears of it
 * at once, however short it is there; the caller ends whatever put it there.
 * @param name what the socket is called
 * @returns the function that ends the looking
 */
export function watchSocketFolder(folder: string, name: string, onLitter: () => void): () => void {
  let over = false
  const end = () => {
    over = true
    clearInterval(timer)
    watcher?.close()
  }
  const litter = () => {
    if (over) return
    end()
    onLitter()
  }
  const look = async () => {
    if (await isLittered(folder, name)) litter()
  }
  // For what no event tells of: a machine has only so many that it can watch.
  const timer = setInterval(() => void look(), lookMs)
  timer.unref()
  let watcher: FSWatcher | null = null
  try {
    watcher = watch(folder, { persistent: false }, (_event, changed) => {
      if (changed !== null && changed !== name) litter()
      else void look()
    }).on('error', () => undefined)
  } catch {
    // The looks go on.
  }
  return end
}
