/** Makes pictures of files that somebody has pasted, dropped or picked. */
import type { Picture } from '../request/turns.ts'
import {
  isPictureType,
  MOST_PICTURES,
  refusePicture,
  smallerSize,
  type PictureRefusal,
} from './fit-picture.ts'

export interface TakenPictures {
  pictures: Picture[]
  refused: { name: string; why: PictureRefusal; bytes: number }[]
}

export async function takePictures(
  files: readonly File[],
  { room, shrinks }: { room: number; shrinks: boolean },
): Promise<TakenPictures> {
  const taken: TakenPictures = { pictures: [], refused: [] }
  for (const file of files) {
    const picture = taken.pictures.length < room ? await takeReadable(file, shrinks) : 'count'
    if (typeof picture !== 'string') taken.pictures.push(picture)
    else taken.refused.push({ name: file.name, why: picture, bytes: file.size })
  }
  return taken
}

export function roomFor(pictures: readonly Picture[]): number {
  return MOST_PICTURES - pictures.length
}

/** To those that there are: of two sets that were read at the same time, each has found room. */
export function addPictures(known: TakenPictures, { pictures, refused }: TakenPictures): TakenPictures {
  const all = [...known.pictures, ...pictures]
  const tooMany = all.slice(MOST_PICTURES)
  return {
    pictures: all.slice(0, MOST_PICTURES),
    refused: [
      ...known.refused,
      ...refused,
      ...tooMany.map(({ name, bytes }) => ({ name, why: 'count' as const, bytes })),
    ],
  }
}

export function withoutPicture({ pictures, refused }: TakenPictures, gone: Picture): TakenPictures {
  return { pictures: pictures.filter((each) => each !== gone), refused }
}

/** A file may be gone, or a browser out of room, at each step. */
function takeReadable(file: File, shrinks: boolean): Promise<Picture | PictureRefusal> {
  return takePicture(file, shrinks).catch(() => 'broken')
}

async function takePicture(file: File, shrinks: boolean): Promise<Picture | PictureRefusal> {
  if (!isPictureType(file.type)) return 'format'
  const bitmap = await createImageBitmap(file).catch(() => undefined)
  if (bitmap === undefined) return 'broken'
  try {
    const facts = { mediaType: file.type, width: bitmap.width, height: bitmap.height, bytes: file.size }
    const size = shrinks ? smallerSize(facts) : undefined
    const drawn = size === undefined ? undefined : await drawSmaller(bitmap, size)
    const blob = drawn ?? file
    const shown = { ...facts, ...(drawn !== undefined && size), mediaType: blob.type, bytes: blob.size }
    const refusal = refusePicture(shown)
    if (refusal !== undefined || !isPictureType(shown.mediaType)) return refusal ?? 'format'
    const base64 = await toBase64(blob)
    return { ...shown, mediaType: shown.mediaType, name: file.name, base64 }
  } finally {
    bitmap.close()
  }
}

async function drawSmaller(
  bitmap: ImageBitmap,
  { width, height }: { width: number; height: number },
): Promise<Blob | undefined> {
  const canvas = new OffscreenCanvas(width, height)
  const context = canvas.getContext('2d')
  if (context === null) return undefined
  // What was transparent would be black.
  context.fillStyle = '#fff'
  context.fillRect(0, 0, width, height)
  context.drawImage(bitmap, 0, 0, width, height)
  return canvas.convertToBlob({ type: 'image/jpeg', quality: 0.85 })
}

function toBase64(blob: Blob): Promise<string> {
  return new Promise((resolve, reject) => {
    const reader = new FileReader()
    reader.addEventListener('load', () => {
      const url = typeof reader.result === 'string' ? reader.result : ''
      resolve(url.slice(url.indexOf(',') + 1))
    })
    reader.addEventListener('error', () => reject(reader.error ?? new Error('The file cannot be read.')))
    reader.readAsDataURL(blob)
  })
}
