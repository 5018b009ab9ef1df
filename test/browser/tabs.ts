/** Tabs in which one place after the other is looked at: one of its own for each costs three times the processor time. */
import type { BrowserLab, Visit, VisitWishes } from './browser-lab.ts'

export interface Tabs {
  /** Loads the page anew in the tab of this look. */
  show(wishes: VisitWishes): Promise<Visit['page']>
  /** Throws when anything went wrong since; what comes next begins in another tab then. */
  check(): Promise<void>
  close(): Promise<void>
}

export function createTabs({ visit }: Pick<BrowserLab, 'visit'>): Tabs {
  const tabs = new Map<string, Visit>()
  return {
    async show({ path = '/', ...look }) {
      const name = JSON.stringify(look)
      const known = tabs.get(name)
      if (known !== undefined) {
        await known.page.goto(`${look.url}${path}`)
        return known.page
      }
      const tab = await visit({ ...look, path })
      tabs.set(name, tab)
      return tab.page
    },
    async check() {
      for (const [name, { watch, context }] of tabs) {
        await watch.settle()
        try {
          watch.assertClean()
        } catch (error) {
          tabs.delete(name)
          await context.close()
          throw error
        }
      }
    },
    async close() {
      for (const { leave } of tabs.values()) await leave()
      tabs.clear()
    },
  }
}
