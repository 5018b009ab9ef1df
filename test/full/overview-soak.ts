/**
 * The overview left open with live charts: each second of eight hours is fed to it, as fast as it takes them. What it holds after
 * that it must have held after the first quarter of an hour, and a second may cost it a fiftieth of one.
 * Run: node test/full/overview-soak.ts [seconds]
 */
import { startBrowserLab } from '../browser/browser-lab.ts'
import { startBusyGateway } from '../browser/busy-gateway.ts'
import { feedScript, feedSeconds, measureCost } from '../browser/fed-page.ts'

const SECONDS = Number(process.argv[2] ?? 8 * 3600)
/** Of the charts: until then their window fills. */
const WARM_SECONDS = Math.min(900, SECONDS)
const MEGABYTE = 1e6
const MOST_GROWTH = 10 * MEGABYTE
const MOST_NODES = 200
const MOST_SHARE = 0.02

const gateway = await startBusyGateway()
const lab = await startBrowserLab()
try {
  const { page, context, leave } = await lab.visit({
    url: gateway.url,
    path: '/?range=15m',
    script: feedScript,
  })
  await page.emulateMedia({ reducedMotion: 'no-preference' })
  await page.reload()
  await page.getByRole('slider').first().waitFor()
  const session = await context.newCDPSession(page)
  const start = Date.now()
  await feedSeconds(page, start, WARM_SECONDS)
  const before = await measureCost(session)
  await feedSeconds(page, start + WARM_SECONDS * 1000, SECONDS)
  const after = await measureCost(session)
  const grown = after.heapBytes - before.heapBytes
  const nodes = after.nodes - before.nodes
  const share = (after.busySeconds - before.busySeconds) / SECONDS
  await leave()
  process.stdout.write(
    `${SECONDS} seconds of the overview: the heap of ${megabytes(before.heapBytes)} MB grew by ${megabytes(grown)} MB, ` +
      `the document by ${nodes} nodes and ${after.listeners - before.listeners} listeners; ` +
      `${(share * 100).toFixed(2)} % of a core\n`,
  )
  if (grown > MOST_GROWTH) throw new Error('the heap grows')
  if (nodes > MOST_NODES) throw new Error('the document grows')
  if (share > MOST_SHARE) throw new Error('a second costs more than 20 ms')
} finally {
  await lab.close()
  await gateway.close()
}

function megabytes(bytes: number): string {
  return (bytes / MEGABYTE).toFixed(1)
}
