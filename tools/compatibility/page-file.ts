/** The page that is generated. */
export const pageFile = new URL('../../docs/compatibility.md', import.meta.url)
