const channelName = 'maestro.sightings'
/** A page that shows something answers at once; one that has not by now shows nothing. */
const answerMs = 200

type Message = { id: string; asks: string } | { id: string; seen: true }

/** What the pages of one browser show to their person: each tells the others when they ask. */
export function makeSightings(isSeenHere: (sessionId: string) => boolean) {
  const channel = new BroadcastChannel(channelName)
  const asked = new Map<string, () => void>()
  channel.onmessage = ({ data }: MessageEvent<Message>) => {
    if ('seen' in data) asked.get(data.id)?.()
    else if (isSeenHere(data.asks)) channel.postMessage({ id: data.id, seen: true } satisfies Message)
  }
  return {
    /** Whether a conversation is looked at right now, on this page or another one. */
    async isSeen(sessionId: string): Promise<boolean> {
      if (isSeenHere(sessionId)) return true
      const id = crypto.randomUUID()
      const seen = await new Promise<boolean>((resolve) => {
        asked.set(id, () => resolve(true))
        setTimeout(() => resolve(false), answerMs)
        channel.postMessage({ id, asks: sessionId } satisfies Message)
      })
      asked.delete(id)
      return seen
    },
    close: () => channel.close(),
  }
}
export type Sightings = ReturnType<typeof makeSightings>
