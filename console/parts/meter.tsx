const LOW_SHARE = 0.1

/** What is left of something, from 0 to 1, as a bar: full at first, and with a colour when it runs out. Words stand beside it. */
export function LeftMeter({ share }: { share: number }) {
  const tone = !isLow(share) ? '' : share > 0 ? 'warn' : 'bad'
  return (
    <svg class={`meter ${tone}`} aria-hidden="true">
      <rect width={`${share * 100}%`} height="100%" />
    </svg>
  )
}

export function isLow(share: number): boolean {
  return share < LOW_SHARE
}

/** From 0 to 1; where there is nothing to be had, nothing is left of it. */
export function shareOf(left: number, limit: number): number {
  return limit <= 0 ? 0 : Math.min(1, Math.max(0, left / limit))
}
