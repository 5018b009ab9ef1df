/** The browser takes the file as it comes: none of it is held in the page. */
export function saveExport(format: 'csv' | 'ndjson', query: Record<string, string>): void {
  const link = document.createElement('a')
  link.href = `/v2/calls/export?${new URLSearchParams({ ...query, format }).toString()}`
  link.download = `aqueduct-requests-${new Date().toISOString().slice(0, 10)}.${format}`
  link.click()
}
