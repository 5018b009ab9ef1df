/** What axe finds on a page against WCAG 2.0 to 2.2, A and AA. */
import axe from 'axe-core'
import type { Page } from 'playwright-core'

const RULES = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa']

/** For the visit: it has to be in the page before its policy lets nothing else in. */
export const axeScript: string = axe.source

/** One line for each rule that is broken, with where. */
export async function findViolations(page: Page): Promise<string[]> {
  return page.evaluate<string[]>(`
    axe.run(document, { runOnly: ${JSON.stringify(RULES)}, resultTypes: ['violations'] }).then(({ violations }) =>
      violations.map(({ id, nodes }) => id + ': ' + nodes.map(({ target, failureSummary }) =>
        target.join(' ') + ' (' + failureSummary.split('\\n')[1] + ')').slice(0, 3).join(', ')))
  `)
}
