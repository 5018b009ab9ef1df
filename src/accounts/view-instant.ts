/** `YYYY-MM-DDTHH:MM:SSZ` */
export function viewInstant(instant: Date): string {
  return `${instant.toISOString().slice(0, 19)}Z`
}
