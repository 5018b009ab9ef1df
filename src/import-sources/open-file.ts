/** Files of others: opened for reading alone, and never anything that waits or answers, such as a pipe or a device. */
import { constants } from 'node:fs'
import { open, type FileHandle } from 'node:fs/promises'
import { unreadable } from './source.ts'

export interface OpenFile {
  size: number
  /** The first bytes, at most. */
  readStart: (most: number) => Promise<Buffer>
  handle: FileHandle
}

/** Throws `invalid-request` with a sentence when there is no such file, or none that may be read. */
export async function withFile<T>(path: string, use: (file: OpenFile) => Promise<T>): Promise<T> {
  const handle = await openForReading(path)
  try {
    const stats = await handle.stat()
    if (!stats.isFile()) throw unreadable('It is no file: name the file itself.')
    return await use({ size: stats.size, handle, readStart: (most) => readStart(handle, most) })
  } finally {
    await handle.close()
  }
}

async function openForReading(path: string): Promise<FileHandle> {
  try {
    // Without waiting for whoever writes into it, if it is a pipe.
    return await open(path, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0))
  } catch (error) {
    throw unreadable(`It cannot be opened for reading (${reasonOf(error)}).`, error)
  }
}

export function reasonOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : 'for a reason that is not known'
}

async function readStart(handle: FileHandle, most: number): Promise<Buffer> {
  const buffer = Buffer.alloc(most)
  let length = 0
  while (length < most) {
    const { bytesRead } = await handle.read(buffer, length, most - length, length)
    if (bytesRead === 0) break
    length += bytesRead
  }
  return buffer.subarray(0, length)
}
