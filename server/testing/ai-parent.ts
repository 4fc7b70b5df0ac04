// A process with an AI server below it, to be killed: node ai-parent.mjs <options of the child, JSON>
import { startAiChild } from '@/server/ai/door/child.ts'

const { ai } = startAiChild(JSON.parse(process.argv[2] ?? ''))
await ai.serverKey()
process.stdout.write(`ready ${ai.url()}\n`)
