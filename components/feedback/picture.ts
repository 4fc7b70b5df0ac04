import { feedbackLimits, type ScreenshotType, screenshotTypes } from '@/server/feedback/schema.ts'

/** Why something cannot go along as a picture. */
export type PictureProblem = 'notAPicture' | 'tooLarge' | 'captureFailed'

/** Thrown with what to say of it. */
export class NoPicture extends Error {
  constructor(readonly problem: PictureProblem) {
    super(problem)
  }
}

const maxSides = [2_560, 1_600, 1_000]
const isKnown = (type: string): type is ScreenshotType => (screenshotTypes as readonly string[]).includes(type)

function drawn(source: CanvasImageSource, width: number, height: number, maxSide: number): HTMLCanvasElement {
  const scale = Math.min(1, maxSide / Math.max(width, height))
  const canvas = document.createElement('canvas')
  canvas.width = Math.max(1, Math.round(width * scale))
  canvas.height = Math.max(1, Math.round(height * scale))
  canvas.getContext('2d')?.drawImage(source, 0, 0, canvas.width, canvas.height)
  return canvas
}

const encoded = (canvas: HTMLCanvasElement, type: ScreenshotType) =>
  new Promise<Blob | null>((resolve) => canvas.toBlob(resolve, type, 0.85))

/** Makes a picture as small as it has to be: sharp where that fits, else as a photograph, else smaller. */
async function fitting(source: CanvasImageSource, width: number, height: number): Promise<Blob> {
  const sharp = await encoded(drawn(source, width, height, maxSides[0] ?? width), 'image/png')
  if (sharp && sharp.size <= feedbackLimits.screenshotBytes) return sharp
  for (const side of maxSides) {
    const blob = await encoded(drawn(source, width, height, side), 'image/jpeg')
    if (blob && blob.size <= feedbackLimits.screenshotBytes) return blob
  }
  throw new NoPicture('tooLarge')
}

/** A file as it goes along: as it is where it fits, otherwise made smaller. @throws NoPicture */
export async function pictureOf(file: Blob): Promise<Blob> {
  if (!isKnown(file.type)) throw new NoPicture('notAPicture')
  const bitmap = await createImageBitmap(file).catch(() => null)
  if (!bitmap) throw new NoPicture('notAPicture')
  try {
    return file.size <= feedbackLimits.screenshotBytes ? file : await fitting(bitmap, bitmap.width, bitmap.height)
  } finally {
    bitmap.close()
  }
}

/** Whether this browser can picture the screen; phones cannot. */
export const canCapture = () => typeof navigator !== 'undefined' && typeof navigator.mediaDevices?.getDisplayMedia === 'function'

/** Until what hid itself is out of the picture, too. */
const repaintMs = 350

/** One picture of what the person chooses to show; null where they think better of it. @throws NoPicture */
export async function captureScreen(): Promise<Blob | null> {
  const options = { video: { displaySurface: 'browser' }, audio: false, preferCurrentTab: true } as DisplayMediaStreamOptions
  const stream = await navigator.mediaDevices.getDisplayMedia(options).catch((error: DOMException) => {
    if (error.name === 'NotAllowedError' || error.name === 'AbortError') return null
    throw new NoPicture('captureFailed')
  })
  if (!stream) return null
  const video = document.createElement('video')
  try {
    video.srcObject = stream
    video.muted = true
    await video.play()
    await new Promise((resolve) => setTimeout(resolve, repaintMs))
    if (video.videoWidth === 0) throw new NoPicture('captureFailed')
    return await fitting(video, video.videoWidth, video.videoHeight)
  } finally {
    for (const track of stream.getTracks()) track.stop()
    video.srcObject = null
  }
}

/** The picture as it is sent. */
export async function base64Of(blob: Blob): Promise<string> {
  const bytes = new Uint8Array(await blob.arrayBuffer())
  let text = ''
  const step = 32_768
  for (let at = 0; at < bytes.length; at += step) text += String.fromCharCode(...bytes.subarray(at, at + step))
  return btoa(text)
}
