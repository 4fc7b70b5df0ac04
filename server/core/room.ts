/** What may wait in memory at once, in bytes: of everybody, and of one sender. What is small finds room however much waits. */
export interface RoomSizes {
  all: number
  each: number
  small: number
}

/** A place for one thing that grows. */
export interface Place {
  /** Whether so many bytes more find room; they are counted if so. */
  take(bytes: number): boolean
  /** Gives back all that was taken; again changes nothing. */
  leave(): void
}

/** Makes a room in which each thing gets a place under its sender's name. */
export function makeRoom({ all, each, small }: RoomSizes): (sender: string) => Place {
  const held = new Map<string, number>()
  let total = 0
  return (sender) => {
    let own = 0
    const count = (bytes: number) => {
      own += bytes
      total += bytes
      const left = (held.get(sender) ?? 0) + bytes
      if (left > 0) held.set(sender, left)
      else held.delete(sender)
    }
    return {
      take(bytes) {
        const full = total + bytes > all || (held.get(sender) ?? 0) + bytes > each
        if (full && own + bytes > small) return false
        count(bytes)
        return true
      },
      leave: () => count(-own),
    }
  }
}
