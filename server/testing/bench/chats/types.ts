/** One conversation that the load client watches. */
export interface WatchedChat {
  sessionId: string
  cookie: string
}

/** What the server under test is told, and what it answers. */
export type ToServer =
  | { kind: 'prepare'; people: number }
  | { kind: 'say'; chats: number; words: number; rate: number }
  | { kind: 'memory' }
  | { kind: 'idle' }
export type FromServer =
  | { kind: 'ready'; base: string; chats: WatchedChat[] }
  | { kind: 'said'; runIds: string[] }
  | { kind: 'memory'; bytes: number }
  | { kind: 'idle' }

/** What the load client is told. `bare` is a server of nothing but Socket.IO. */
export type ToClients =
  | { kind: 'connect'; base: string; cookies: string[]; bare: boolean }
  | { kind: 'watch'; chats: WatchedChat[]; words: number; base: string; bare: boolean }
  | { kind: 'leave' }
export type FromClients =
  | { kind: 'connected'; delays: number[] }
  | { kind: 'watching' }
  /** Milliseconds from the model's event to the client, and how many events were missing, came twice or out of order. */
  | { kind: 'heard'; delays: number[]; lost: number }
  | { kind: 'left' }
