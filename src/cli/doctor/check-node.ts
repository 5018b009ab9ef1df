import { bad, good, type Finding } from './finding.ts'

const LEAST = [22, 19] as const

/** `version`: like v24.1.0. */
export function checkNode(version: string): Finding {
  const [major = 0, minor = 0] = version.replace(/^v/, '').split('.').map(Number)
  const isEnough = major > LEAST[0] || (major === LEAST[0] && minor >= LEAST[1])
  return isEnough
    ? good('Node', `${version} runs this.`)
    : bad(
        'Node',
        `${version} is too old.`,
        `Install Node ${LEAST.join('.')} or later; npm start brings its own.`,
      )
}
