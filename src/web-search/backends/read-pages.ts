import type * as z from 'zod'
import type { FoundPage } from '../../upstreams/upstream.ts'

interface Told extends Omit<FoundPage, 'age'> {
  age: string | undefined
}

/** Those of the list that are pages. */
export function readPages<Page>(
  list: readonly unknown[],
  schema: z.ZodType<Page>,
  tell: (page: Page) => Told,
): FoundPage[] {
  return list.flatMap((each) => {
    const read = schema.safeParse(each)
    if (!read.success) return []
    const { age, ...page } = tell(read.data)
    return [{ ...page, ...(age !== undefined && { age }) }]
  })
}
