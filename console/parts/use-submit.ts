import type { TargetedEvent } from 'preact'
import { useState } from 'preact/hooks'

/** Sends a form, once at a time; what it failed with stays to be shown until the next try. */
export function useSubmit(send: () => Promise<void>) {
  const [error, setError] = useState<unknown>()
  const [isBusy, setBusy] = useState(false)

  async function run(): Promise<void> {
    setBusy(true)
    try {
      await send()
      setError(undefined)
    } catch (failure) {
      setError(failure)
    }
    setBusy(false)
  }
  function onSubmit(event: TargetedEvent<HTMLFormElement>): void {
    event.preventDefault()
    if (!isBusy) void run()
  }
  return { error, isBusy, onSubmit }
}
