/** The older end of a list that is read in pages. */
import { signal, type ReadonlySignal } from '@preact/signals'
import type { Resource } from './resource.ts'

export interface OlderPages {
  isLoadingOlder: ReadonlySignal<boolean>
  /** Why older ones could not be read. */
  olderError: ReadonlySignal<unknown>
  /** Does nothing while some are read, and where there are none. Never rejects. */
  loadOlder(): Promise<void>
}

interface OlderParts<Pages, Page> {
  pages: Resource<Pages>
  read: (cursor: string) => Promise<Page>
  join: (known: Pages, page: Page) => Pages
}

export function createOlderPages<Pages extends { nextCursor: string | null }, Page>({
  pages,
  read,
  join,
}: OlderParts<Pages, Page>): OlderPages {
  const isLoadingOlder = signal(false)
  const olderError = signal<unknown>(undefined)
  return {
    isLoadingOlder,
    olderError,
    async loadOlder() {
      const cursor = pages.state.peek().value?.nextCursor ?? undefined
      if (isLoadingOlder.peek() || cursor === undefined) return
      isLoadingOlder.value = true
      olderError.value = undefined
      try {
        const page = await read(cursor)
        const known = pages.state.peek().value
        if (known !== undefined) pages.set(join(known, page))
      } catch (error) {
        olderError.value = error
      }
      isLoadingOlder.value = false
    },
  }
}
