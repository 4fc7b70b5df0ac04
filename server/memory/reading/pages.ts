import { z } from 'zod'
import { ApartError, workApart } from '@/server/core/apart.ts'
import { type ReadPage, readingBounds, Unreadable } from './types.ts'

export const isPdf = (bytes: Uint8Array): boolean => Buffer.from(bytes.subarray(0, 1_024)).includes('%PDF-')

// PDFium is WebAssembly: what a hostile file breaks, it breaks in a memory of its own, in a thread that can be ended.
const readPdf = `
const { PDFiumLibrary } = load('@hyzyla/pdfium')
const library = await PDFiumLibrary.init()
const document = await library.loadDocument(data.bytes)
const pages = []
let characters = 0
for (const page of document.pages()) {
  if (pages.length >= data.pages || characters > data.characters) return { pages, cut: true }
  const text = page.getText()
  characters += text.length
  pages.push(text)
}
return { pages, cut: false }`
const readSchema = z.object({ pages: z.array(z.string()), cut: z.boolean() })

function faultOf(error: ApartError): Unreadable {
  if (error.reason === 'slow') return new Unreadable('tooSlow', { cause: error })
  if (error.reason === 'memory') return new Unreadable('tooLong', { cause: error })
  return new Unreadable(/password|security/i.test(error.message) ? 'encrypted' : 'broken', { cause: error })
}

async function pdfPages(bytes: Uint8Array): Promise<ReadPage[]> {
  const { pages: most, characters, pdfMs, pdfMb } = readingBounds
  const read = await workApart(readPdf, { bytes, pages: most, characters }, { timeoutMs: pdfMs, memoryMb: pdfMb }).catch(
    (error: unknown) => {
      throw error instanceof ApartError ? faultOf(error) : error
    },
  )
  const { pages, cut } = readSchema.parse(read)
  if (cut) throw new Unreadable('tooLong')
  // What lies on a scanned page is a picture.
  if (pages.every((text) => text.trim() === '')) throw new Unreadable('noText')
  return pages.map((text, at) => ({ page: at + 1, text }))
}

/** Text in the encodings that documents come in: UTF-8, UTF-16 with its mark, and what Korean Windows wrote. Null for what is none. */
export function textOfBytes(bytes: Uint8Array): string | null {
  const mark = `${bytes[0]},${bytes[1]}`
  if (mark === '255,254' || mark === '254,255') return new TextDecoder(mark === '255,254' ? 'utf-16le' : 'utf-16be').decode(bytes)
  if (bytes.includes(0)) return null
  for (const encoding of ['utf-8', 'euc-kr']) {
    try {
      return new TextDecoder(encoding, { fatal: true }).decode(bytes)
    } catch {
      // The next one may fit.
    }
  }
  return null
}

/** All that stands in a document. @throws Unreadable */
export async function readPages(bytes: Uint8Array): Promise<ReadPage[]> {
  if (isPdf(bytes)) return pdfPages(bytes)
  const text = textOfBytes(bytes)
  if (text === null) throw new Unreadable('notText')
  if (text.trim() === '') throw new Unreadable('noText')
  if (text.length > readingBounds.characters) throw new Unreadable('tooLong')
  return [{ page: null, text }]
}
