/** All setups as data for a page: their texts as templates, which it fills with an address and a key. */
import { callOf, writeCurl } from './client-call.ts'
import { shells, usualModels, type ClientSetup, type SetupPart, type Shell } from './client-setup.ts'
import { slots, type Piece } from './fill-template.ts'
import { clientSetups } from './index.ts'
import { cutAtMarks } from './mark-slots.ts'
import { writePart } from './write-part.ts'
import { titleFor } from './write-shell.ts'

export interface PartVariant {
  /** For which it is. */
  shells: Shell[]
  title: string
  language: string
  pieces: Piece[]
}

/** `model`: one of PLAIN letters. */
export function describeSetups(model: string) {
  return clientSetups.map((setup) => describeSetup(setup, model))
}

function describeSetup(setup: ClientSetup, model: string) {
  const { name, title, api, calledFrom, programs, rivals, remarks, deepLink, streams, alias } = setup
  const { path, headers, body } = callOf(setup, { key: slots.key, model, streams })
  const values = { ...slots, model, smallModel: usualModels.smallModel }
  return {
    name,
    title,
    api,
    calledFrom,
    /** What stands behind the origin in the address that the client is told. */
    basePath: setup.baseUrlOf(''),
    programs: [...programs],
    rivals: [...rivals],
    remarks: [...remarks],
    deepLink: deepLink ?? null,
    parts: setup.parts(values).map((part) => ({ kind: part.kind, variants: variantsOf(part) })),
    check: {
      path,
      stream: streams,
      alias: alias ?? null,
      headers: Object.entries(headers).map(([header, value]) => ({ name: header, value })),
      body: JSON.stringify(body),
      commands: Object.fromEntries(
        shells.map((shell) => [shell, cutAtMarks(writeCurl(slots.origin, { path, headers, body }, shell))]),
      ),
    },
  }
}

/** Those that are the same for several shells are there once. */
function variantsOf(part: SetupPart): PartVariant[] {
  const variants: PartVariant[] = []
  for (const shell of shells) {
    const { language, text } = writePart(part, shell)
    const title = titleFor(part.title, part.kind === 'file' ? part.place : undefined, shell)
    const own: PartVariant = { shells: [shell], title, language, pieces: cutAtMarks(text) }
    const same = variants.find((other) => textOf(other) === textOf(own))
    if (same === undefined) variants.push(own)
    else same.shells.push(shell)
  }
  return variants
}

function textOf({ title, language, pieces }: PartVariant): string {
  return JSON.stringify([title, language, pieces])
}
