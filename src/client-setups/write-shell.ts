import { unreachable } from '../conversation/unreachable.ts'
import type { FilePlace, Shell } from './client-setup.ts'
import { put } from './mark-slots.ts'

export function writeCommand(words: readonly string[], shell: Shell): string {
  const quoting = { sh: 'sh', powershell: 'powershell-argument', cmd: 'cmd' } as const
  return `${words.map((word) => put(quoting[shell], word)).join(' ')}\n`
}

export function writeAssignment(name: string, value: string, shell: Shell): string {
  switch (shell) {
    case 'sh':
      return `export ${name}=${put('sh', value)}\n`
    case 'powershell':
      return `$env:${name} = ${put('powershell', value)}\n`
    case 'cmd':
      return `set ${put('cmd-assignment', `${name}=${value}`)}\n`
    default:
      return unreachable(shell)
  }
}

/** Of Windows both shells and the windows of programs understand variables in this form, or a person does. */
export function titleFor(title: string, place: FilePlace | undefined, shell: Shell): string {
  if (place === undefined || !title.startsWith('~/') || shell === 'sh') return title
  const { variable, path } = place.onWindows ?? { variable: 'USERPROFILE', path: place.path }
  return `%${variable}%\\${path.replaceAll('/', '\\')}`
}
