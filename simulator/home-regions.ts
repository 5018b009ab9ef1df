/** Sign-in pages that live in another region than a client may think, and who was told so. */
import type { Switches } from './switches.ts'

export interface HomeRegions {
  /** The region to ask in; undefined when this one is right. `region` is that of the host, when its name tells one. */
  findOther(startUrl: string, region: string | undefined): string | undefined
  /** Forgets how often each page was asked for. */
  reset(): void
}

export function createHomeRegions(switches: { current(): Switches }): HomeRegions {
  const callsByStartUrl = new Map<string, number>()
  return {
    findOther(startUrl, region) {
      const home = switches.current().startUrlHomes.find((each) => each.startUrl === startUrl)
      if (home === undefined) return undefined
      if (region !== undefined) return region === home.region ? undefined : home.region
      const calls = (callsByStartUrl.get(startUrl) ?? 0) + 1
      callsByStartUrl.set(startUrl, calls)
      return calls <= home.wrongCalls ? home.region : undefined
    },
    reset: () => callsByStartUrl.clear(),
  }
}

/** The region that a host name tells, as in `oidc.eu-central-1.amazonaws.com`. */
export function regionOfHost(host: string | undefined): string | undefined {
  return host?.split(/[.:]/).find((label) => /^[a-z]{2}(?:-[a-z]+)+-\d$/.test(label))
}
