/** The feed: one connection for the whole page, whose snapshots and news everything that is shown follows. */
import { computed, effect, signal, untracked } from '@preact/signals'
import type { FeedSnapshot, FeedTopic } from '../api/types.ts'
import { readSession } from './session.ts'

export type LiveState =
  | { kind: 'connecting'; isAgain: boolean }
  | { kind: 'open' }
  | { kind: 'paused' }
  /** In milliseconds since the epoch. */
  | { kind: 'waiting'; until: number }

export const liveState = signal<LiveState>({ kind: 'connecting', isAgain: false })
/** It could not be had, and still cannot: that it is tried again does not change what is shown. */
export const isLinkDown = computed(
  () =>
    liveState.value.kind === 'waiting' || (liveState.value.kind === 'connecting' && liveState.value.isAgain),
)
export const snapshot = signal<FeedSnapshot | undefined>(undefined)
/** How often each topic has had news; a change means: ask again. */
const news = signal<Readonly<Record<FeedTopic, number>>>({
  accounts: 0,
  keys: 0,
  events: 0,
  'sign-ins': 0,
})

const TOPICS: readonly FeedTopic[] = ['accounts', 'keys', 'events', 'sign-ins']
const FIRST_WAIT_MS = 1000
const LONGEST_WAIT_MS = 30_000

let source: EventSource | undefined
let timer: number | undefined
let failures = 0
let hasBeenOpen = false

export function connectFeed(): void {
  window.clearTimeout(timer)
  source?.close()
  liveState.value = { kind: 'connecting', isAgain: failures > 0 }
  const feed = new EventSource('/v2/feed')
  source = feed
  feed.addEventListener('open', () => {
    // Whatever has happened meanwhile has not been told.
    if (hasBeenOpen || failures > 0) noteNews(TOPICS)
    hasBeenOpen = true
    failures = 0
    liveState.value = { kind: 'open' }
  })
  feed.addEventListener('snapshot', ({ data }: MessageEvent<string>) => {
    snapshot.value = JSON.parse(data)
  })
  feed.addEventListener('change', ({ data }: MessageEvent<string>) => {
    const { topics }: { topics: FeedTopic[] } = JSON.parse(data)
    noteNews(topics)
  })
  feed.addEventListener('error', () => waitAndConnect(feed))
}

export function pauseFeed(): void {
  window.clearTimeout(timer)
  source?.close()
  source = undefined
  liveState.value = { kind: 'paused' }
}

/** Runs at once, and whenever one of the topics has news. Answers how to stop. */
export function whenNews(topics: readonly FeedTopic[], action: () => void): () => void {
  return effect(() => {
    for (const topic of topics) void news.value[topic]
    // What the action reads is no reason to run it again.
    untracked(action)
  })
}

function noteNews(topics: readonly FeedTopic[]): void {
  const counted = { ...news.value }
  for (const topic of topics) counted[topic] += 1
  news.value = counted
}

/** The browser's own way of trying again knows no longer waits, nor that a session may have ended. */
function waitAndConnect(feed: EventSource): void {
  if (feed !== source) return
  feed.close()
  failures += 1
  const waitMs = Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** (failures - 1))
  liveState.value = { kind: 'waiting', until: Date.now() + waitMs }
  timer = window.setTimeout(() => {
    connectFeed()
    if (failures > 1) void readSession()
  }, waitMs)
}
