/** How long a page's thread was held up by what: in time of the processor, which others on the machine do not lengthen. */
import type { Page } from 'playwright-core'
import * as z from 'zod'

const traced = z.object({
  traceEvents: z.array(
    z.looseObject({
      name: z.string(),
      ph: z.string(),
      pid: z.number(),
      tid: z.number(),
      /** Microseconds since something. */
      ts: z.number().optional(),
      /** Microseconds of the processor. */
      tdur: z.number().optional(),
      args: z.looseObject({ name: z.unknown().optional() }).optional(),
    }),
  ),
})

type Tasks = [longest: number, ...others: number[]]

type TraceEvent = z.infer<typeof traced>['traceEvents'][number]

/** Milliseconds of each task of the page's own thread while `work` runs, the longest first. Throws when none was traced. */
export async function measureTasks(page: Page, work: () => Promise<unknown>): Promise<Tasks> {
  return tasksOf(await trace(page, work))
}

/** The same, of those that began when something could be seen and waited for: what "Total Blocking Time" is made of. */
export async function measureTasksAfterPaint(page: Page, work: () => Promise<unknown>): Promise<Tasks> {
  const events = await trace(page, work)
  const painted = events.find(({ name }) => name === 'firstContentfulPaint')?.ts
  if (painted === undefined) throw new Error('The browser has traced no first paint of the page.')
  return tasksOf(events, painted)
}

async function trace(page: Page, work: () => Promise<unknown>): Promise<TraceEvent[]> {
  const browser = page.context().browser()
  if (browser === null) throw new Error('The page has no browser of its own.')
  await browser.startTracing(page, { categories: ['toplevel', 'devtools.timeline', 'loading'] })
  await work()
  // What has been done is drawn by then.
  await page.evaluate('new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve, 50)))')
  return traced.parse(JSON.parse((await browser.stopTracing()).toString())).traceEvents
}

function tasksOf(traceEvents: readonly TraceEvent[], since = 0): Tasks {
  const pages = new Set(
    traceEvents
      .filter(({ name, args }) => name === 'thread_name' && args?.name === 'CrRendererMain')
      .map(threadOf),
  )
  const [longest, ...others] = traceEvents
    .filter(
      (each) =>
        each.name === 'ThreadControllerImpl::RunTask' &&
        each.ph === 'X' &&
        pages.has(threadOf(each)) &&
        (each.ts ?? 0) >= since,
    )
    .flatMap(({ tdur }) => (tdur === undefined ? [] : [tdur / 1000]))
    .toSorted((one, other) => other - one)
  // Where no task was traced nothing was measured, which is not as good as no time at all.
  if (longest === undefined) throw new Error('The browser has traced no task of the page.')
  return [longest, ...others]
}

function threadOf({ pid, tid }: { pid: number; tid: number }): string {
  return `${pid}:${tid}`
}
