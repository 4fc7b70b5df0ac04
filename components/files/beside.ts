/** The next free path beside one that is taken: `notes (2).txt` beside `notes.txt`. */
export function besidePath(path: string, taken: ReadonlySet<string>): string {
  const name = path.slice(path.lastIndexOf('/') + 1)
  // A name that begins with its only dot has no ending.
  const ending = /[^.](\.[^.]+)$/.exec(name)?.[1] ?? ''
  const stem = path.slice(0, path.length - ending.length)
  for (let number = 2; ; number++) {
    const free = `${stem} (${number})${ending}`
    if (!taken.has(free)) return free
  }
}
