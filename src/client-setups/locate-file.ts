import type { FilePlace } from './client-setup.ts'

export interface Whereabouts {
  /** As Node names it. */
  platform: string
  environment: Readonly<Record<string, string | undefined>>
}

export interface FileLocation {
  /** The folder that the file must not lead out of. */
  root: string
  path: string
}

/** Where a client keeps a file on this machine; undefined when no variable tells the home folder. */
export function locateFile(
  { path, movedBy, onWindows }: FilePlace,
  { platform, environment }: Whereabouts,
): FileLocation | undefined {
  const isWindows = platform === 'win32'
  const start = isWindows && onWindows !== undefined ? onWindows : movedBy
  const counts = start?.platform === undefined || start.platform === platform
  const moved = start === undefined || !counts ? undefined : environment[start.variable]
  if (start !== undefined && moved) return { root: moved, path: `${moved}/${start.path}` }
  const home = (isWindows && environment['USERPROFILE']) || environment['HOME']
  return home ? { root: home, path: `${home}/${path}` } : undefined
}
