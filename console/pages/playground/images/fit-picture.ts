/** How large a picture may be, and how it becomes so. Pure. */
import type { Picture } from '../request/turns.ts'

/** As the gateway takes it: src/dialects/read-image.ts. */
const MOST_BYTES = 3_750_000
const MOST_PIXELS = 8000
/** With more in one turn the model service takes smaller ones only. */
export const MOST_PICTURES = 20
/** What models look at: more costs tokens and shows them nothing. */
const USEFUL_PIXELS = 1568

export interface PictureFacts {
  mediaType: string
  width: number
  height: number
  bytes: number
}

export type PictureRefusal = 'format' | 'bytes' | 'pixels' | 'broken' | 'count'

export function isPictureType(type: string): type is Picture['mediaType'] {
  return /^image\/(png|jpeg|gif|webp)$/.test(type)
}

/** Undefined: it can go as it is. */
export function refusePicture({ mediaType, width, height, bytes }: PictureFacts): PictureRefusal | undefined {
  if (!isPictureType(mediaType)) return 'format'
  if (width === 0 || height === 0) return 'broken'
  if (Math.max(width, height) > MOST_PIXELS) return 'pixels'
  return bytes > MOST_BYTES ? 'bytes' : undefined
}

/** The size to draw it again in; undefined: it stays as it is. What moves would stand still. */
export function smallerSize({
  mediaType,
  width,
  height,
  bytes,
}: PictureFacts): { width: number; height: number } | undefined {
  if (mediaType === 'image/gif' || width === 0 || height === 0) return undefined
  const longest = Math.max(width, height)
  if (longest <= USEFUL_PIXELS && bytes <= MOST_BYTES) return undefined
  const share = Math.min(1, USEFUL_PIXELS / longest)
  return { width: Math.max(1, Math.round(width * share)), height: Math.max(1, Math.round(height * share)) }
}
