/** Writes the steps of an answer to a response, sliced and delayed as asked. */
import { setImmediate } from 'node:timers/promises'
import type { ServerResponse } from 'node:http'
import type { TimeSource } from '../clock.ts'
import type { Delivery } from './delivery.ts'
import { encodeStep, type Step } from './steps.ts'

interface Stage {
  response: ServerResponse
  delivery: Delivery
  time: TimeSource
  /** Aborted when the connection has closed. */
  signal: AbortSignal
  /** Called after each write with its number of bytes. */
  onWritten: (bytes: number) => void
  /** Called before the simulator itself breaks the connection. */
  onCut: () => void
}

/** Resolves when the answer was ended, cut, or left by the client. */
export async function play(steps: readonly Step[], stage: Stage): Promise<void> {
  const { delivery, signal, response } = stage
  await wait(delivery.firstByteDelayMs, stage)
  const perFrame = delivery.slice === 'frame' || delivery.frameDelayMs > 0
  let ready: Buffer[] = []
  for (const step of steps) {
    if (signal.aborted) return
    const frame = encodeStep(step)
    if (frame !== undefined) ready.push(frame)
    if (frame !== undefined && !perFrame) continue
    await writeSliced(ready, stage)
    ready = []
    if (frame === undefined) await perform(step, stage)
    else await wait(delivery.frameDelayMs, stage)
  }
  await writeSliced(ready, stage)
  if (!signal.aborted) response.end()
}

/** Steps that write nothing. */
async function perform(step: Step, stage: Stage): Promise<void> {
  if (step.step === 'delay') await wait(step.milliseconds, stage)
  if (step.step === 'stall') await closed(stage.signal)
  if (step.step === 'cut') await breakConnection(step.reset, stage)
}

/** What was written before has left for the client by then. */
async function breakConnection(reset: boolean, { response, onCut }: Stage): Promise<void> {
  const { socket } = response
  if (socket === null) return
  await new Promise<void>((resolve) => {
    socket.write('', () => resolve())
  })
  onCut()
  if (reset) socket.resetAndDestroy()
  else socket.destroy()
}

/** Slices of a fixed size go across the borders of frames. */
async function writeSliced(frames: Buffer[], stage: Stage): Promise<void> {
  const bytes = frames.length === 1 && frames[0] !== undefined ? frames[0] : Buffer.concat(frames)
  const { slice } = stage.delivery
  if (typeof slice !== 'number') return writeBytes(bytes, stage)
  for (let start = 0; start < bytes.length && !stage.signal.aborted; start += slice) {
    await writeBytes(bytes.subarray(start, start + slice), stage)
    await setImmediate()
  }
}

/** Respects a slow reader. */
async function writeBytes(bytes: Buffer, { response, signal, onWritten }: Stage): Promise<void> {
  if (signal.aborted || bytes.length === 0) return
  const drained = response.write(bytes)
  onWritten(bytes.length)
  if (drained) return
  await new Promise<void>((resolve) => {
    const settle = () => {
      response.off('drain', settle)
      signal.removeEventListener('abort', settle)
      resolve()
    }
    response.on('drain', settle)
    signal.addEventListener('abort', settle)
  })
}

/** Ends early when the connection closes. */
export async function wait(
  milliseconds: number,
  { time, signal }: { time: TimeSource; signal: AbortSignal },
): Promise<void> {
  if (milliseconds <= 0 || signal.aborted) return
  await new Promise<void>((resolve) => {
    const cancel = time.after(milliseconds, () => {
      signal.removeEventListener('abort', leave)
      resolve()
    })
    const leave = () => {
      cancel()
      resolve()
    }
    signal.addEventListener('abort', leave, { once: true })
  })
}

async function closed(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return
  await new Promise<void>((resolve) => {
    signal.addEventListener('abort', () => resolve(), { once: true })
  })
}
