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
  let ready: Buffer[] = []
  for (const step of steps) {
    if (signal.aborted) return
    const frame = encodeStep(step)
    if (frame !== undefined && delivery.slice === 'whole') {
      ready.push(frame)
      continue
    }
    if (ready.length > 0) await writeBytes(Buffer.concat(ready), stage)
    ready = []
    if (frame !== undefined) await writeFrame(frame, stage)
    else await perform(step, stage)
  }
  if (ready.length > 0) await writeBytes(Buffer.concat(ready), stage)
  if (!signal.aborted) response.end()
}

/** Steps that write nothing. */
async function perform(step: Step, stage: Stage): Promise<void> {
  if (step.step === 'delay') await wait(step.milliseconds, stage)
  if (step.step === 'stall') await closed(stage.signal)
  if (step.step === 'cut') breakConnection(step.reset, stage)
}

function breakConnection(reset: boolean, { response, onCut }: Stage): void {
  onCut()
  if (reset) response.socket?.resetAndDestroy()
  else response.destroy()
}

async function writeFrame(frame: Buffer, stage: Stage): Promise<void> {
  const { slice, frameDelayMs } = stage.delivery
  if (typeof slice !== 'number') {
    await writeBytes(frame, stage)
  } else {
    for (let start = 0; start < frame.length && !stage.signal.aborted; start += slice) {
      await writeBytes(frame.subarray(start, start + slice), stage)
      await setImmediate()
    }
  }
  await wait(frameDelayMs, stage)
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
