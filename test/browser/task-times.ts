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
      /** Microseconds of the processor. */
      tdur: z.number().optional(),
      args: z.looseObject({ name: z.unknown().optional() }).optional(),
    }),
  ),
})

/** Milliseconds of each task of the page's own thread while `work` runs, the longest first. Throws when none was traced. */
export async function measureTasks(
  page: Page,
  work: () => Promise<unknown>,
): Promise<[longest: number, ...others: number[]]> {
  const browser = page.context().browser()
  if (browser === null) throw new Error('The page has no browser of its own.')
  await browser.startTracing(page, { categories: ['toplevel', 'devtools.timeline'] })
  await work()
  // What has been done is drawn by then.
  await page.evaluate('new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve, 50)))')
  const { traceEvents } = traced.parse(JSON.parse((await browser.stopTracing()).toString()))
  const pages = new Set(
    traceEvents
      .filter(({ name, args }) => name === 'thread_name' && args?.name === 'CrRendererMain')
      .map(threadOf),
  )
  const [longest, ...others] = traceEvents
    .filter(
      (each) => each.name === 'ThreadControllerImpl::RunTask' && each.ph === 'X' && pages.has(threadOf(each)),
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
