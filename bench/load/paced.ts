import { setTimeout as sleep } from 'node:timers/promises'
import { createStampReader, nowInMicroseconds } from '../answer.ts'
import type { LoadClient } from './client.ts'
import { note, type Tally } from './closed-loop.ts'
import { chatRequest } from './requests.ts'

interface PacedLoad {
  client: LoadClient
  streams: number
  tokens: number
  /** The streams open one by one over this time. */
  openingMs: number
  /** Told of each token as it comes. */
  onToken?: (latencyMs: number) => void
}

/** Opens the streams and reads them to their ends. `latenciesMs`: of each token, from the upstream's write to our read. */
export async function runPaced(load: PacedLoad): Promise<Tally & { latenciesMs: number[] }> {
  const tally: Tally = { wrong: 0, firstComplaint: undefined }
  const latenciesMs: number[] = []
  const hear = (latencyMs: number): void => {
    latenciesMs.push(latencyMs)
    load.onToken?.(latencyMs)
  }
  const startedAt = performance.now()
  const answers: Promise<void>[] = []
  for (let index = 0; index < load.streams; index += 1) {
    const dueAt = startedAt + (index * load.openingMs) / load.streams
    if (dueAt > performance.now()) await sleep(dueAt - performance.now())
    answers.push(note(tally, readStamps(load, hear)))
  }
  await Promise.all(answers)
  return { ...tally, latenciesMs }
}

/** Reads one stream of tokens that tell when they were sent. Rejects when one is missing, or is not as it was sent. */
export async function readStamps(
  { client, tokens }: Pick<PacedLoad, 'client' | 'tokens'>,
  onToken?: (latencyMs: number) => void,
): Promise<void> {
  const stamps = createStampReader()
  await client.stream(chatRequest(true), (text) => {
    stamps.push(text, (sentAt) => onToken?.((nowInMicroseconds() - sentAt) / 1000))
  })
  const count = stamps.count()
  if (count !== tokens) throw new Error(`of ${tokens} tokens ${count ?? 'not all are as they were sent'}`)
}
