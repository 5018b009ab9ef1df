type Close = () => unknown

/** Closes step after step, what is in one step at once. What cannot be closed is reported, and keeps nothing else open. */
export async function closeInOrder(
  steps: readonly (readonly Close[])[],
  report: (error: unknown) => void,
): Promise<void> {
  for (const step of steps) {
    const results = await Promise.allSettled(step.map(async (close) => close()))
    for (const result of results) if (result.status === 'rejected') report(result.reason)
  }
}
