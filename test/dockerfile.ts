/** Reads a Dockerfile as far as its test needs it: instructions in exec form, no heredocs, no variables. */

export interface Instruction {
  /** In capitals. */
  name: string
  flags: Readonly<Record<string, string>>
  /** The words after the flags, or the items of a JSON array. */
  words: readonly string[]
}

export interface Stage {
  base: string
  /** Undefined for the last one, which nobody copies from. */
  name: string | undefined
  instructions: readonly Instruction[]
}

export function readStages(dockerfile: string): Stage[] {
  const stages: (Stage & { instructions: Instruction[] })[] = []
  for (const instruction of readInstructions(dockerfile)) {
    if (instruction.name === 'FROM') {
      const [base = '', , name] = instruction.words
      stages.push({ base, name, instructions: [] })
    } else stages.at(-1)?.instructions.push(instruction)
  }
  return stages
}

function readInstructions(dockerfile: string): Instruction[] {
  const lines = dockerfile.split('\n').filter((line) => !line.startsWith('#'))
  const commands = lines
    .join('\n')
    .replaceAll(/\\\n\s*/g, '')
    .split('\n')
  return commands.filter((command) => command.trim() !== '').map(readInstruction)
}

function readInstruction(command: string): Instruction {
  const [, name = '', flagText = '', rest = ''] = /^([A-Z]+)((?:\s+--\S+)*)\s+(.*)$/.exec(command) ?? []
  if (name === '') throw new TypeError(`Not an instruction: ${command}`)
  const flags = [...flagText.matchAll(/--([\w-]+)=(\S+)/g)].map(([, flag = '', value = '']) => [flag, value])
  return { name, flags: Object.fromEntries(flags), words: wordsOf(rest) }
}

function wordsOf(text: string): string[] {
  const array = /^(?:CMD )?(\[.*\])$/.exec(text)?.[1]
  if (array !== undefined) {
    const items: string[] = JSON.parse(array)
    return items
  }
  return text.match(/[^\s"]*"[^"]*"|\S+/g) ?? []
}
