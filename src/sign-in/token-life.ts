/** What AWS gives when it does not say (observed). A token that ends earlier is refused and refreshed anyway. */
const USUAL_LIFE_SECONDS = 3600
const LONGEST_LIFE_SECONDS = 30 * 86_400

/** How long an access token is believed to live, whatever the service says of it. */
export function lifeSeconds(expiresIn: number | undefined): number {
  return Math.min(Math.max(expiresIn ?? USUAL_LIFE_SECONDS, 1), LONGEST_LIFE_SECONDS)
}
