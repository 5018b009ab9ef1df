/** What every agent goes through: how the model service answers, and what the person and the service get to see. */
import { existsSync, readFileSync } from 'node:fs'
import path from 'node:path'
import type { Plan } from '../../simulator/plans.ts'
import { images } from '../sample-images.ts'
import type { Place, ToolCall, Tools } from './agent.ts'

/** Not a word of it is in a question, so that it can only come from the model. */
const ANSWER = 'The lighthouse is green.'
const SUMMARY = 'Somebody counted to six thousand.'
export const PICTURE = 'picture.png'
const NOTE = 'note.txt'
const NOBODY = 'nobody'

export const scenarioNames = [
  'plain answer',
  'shell tool',
  'image from a tool',
  'tool of a namespace',
  'custom tool',
  'too long a prompt',
  'compaction',
  'throttled account',
  'all throttled',
  'cut stream',
  'quota used up',
  'failing service',
] as const

export type ScenarioName = (typeof scenarioNames)[number]

interface Scenario {
  question: string
  /** More than one where the gateway shall have somewhere to go. */
  accounts?: number
  compactsEarly?: boolean
  plans(tools: Tools, place: Place): Plan[]
  /** What the agent prints when it succeeds. */
  prints?: string
  /** What stands in the last request to the model service. */
  shows?: string
  /** What else is amiss; undefined: nothing. */
  findFault?: (place: Place) => string | undefined
}

const answer: Plan = { behaviour: { kind: 'text', text: ANSWER } }
const once = (name: string): Plan => ({ times: 1, behaviour: { kind: 'named', name } })
const always = (name: string): Plan => ({ behaviour: { kind: 'named', name } })
const call = (tool: ToolCall | undefined): Plan[] =>
  tool === undefined ? [] : [{ times: 1, behaviour: { kind: 'tool', ...tool } }]

export const scenarios: Readonly<Record<ScenarioName, Scenario>> = {
  'plain answer': { question: 'Which colour has it?', plans: () => [answer], prints: ANSWER },
  'shell tool': {
    question: 'How much is it?',
    // The second answer repeats what the tool said.
    plans: ({ runShell }) => call(runShell?.('echo sum-$((40 + 2))')),
    prints: 'sum-42',
    shows: 'sum-42',
  },
  'image from a tool': {
    question: 'What is on it?',
    plans: ({ showImage }, { folder }) => [...call(showImage?.(path.join(folder, PICTURE))), answer],
    prints: ANSWER,
    shows: images.png.slice(0, 60),
  },
  'tool of a namespace': {
    question: 'Who is there?',
    plans: ({ closeAgent }) => call(closeAgent?.(NOBODY)),
    // What the tool itself says; for a tool that it does not know, Codex says "unsupported call".
    prints: `invalid agent id ${NOBODY}`,
    shows: `invalid agent id ${NOBODY}`,
  },
  'custom tool': {
    question: 'Will you write it down?',
    plans: ({ addFile }) => [...call(addFile?.(NOTE, ANSWER)), answer],
    prints: ANSWER,
    findFault: ({ folder }) => {
      const file = path.join(folder, NOTE)
      const written = existsSync(file) ? readFileSync(file, 'utf8') : ''
      return written === `${ANSWER}\n` ? undefined : `${NOTE} is not as the model wrote it`
    },
  },
  'too long a prompt': {
    question: 'Is it too long?',
    plans: () => [always('prompt-too-long')],
  },
  compaction: {
    question: 'How much is all that?',
    compactsEarly: true,
    // What the tool says is more than the agent may keep.
    plans: ({ runShell }) => [
      ...call(runShell?.('seq 1 6000')),
      { times: 1, behaviour: { kind: 'text', text: SUMMARY } },
      answer,
    ],
    prints: ANSWER,
    shows: SUMMARY,
  },
  'throttled account': {
    question: 'Which colour has it?',
    accounts: 2,
    plans: () => [once('throttled-429'), answer],
    prints: ANSWER,
  },
  'all throttled': {
    question: 'Which colour has it?',
    plans: () => [once('throttled-429'), answer],
    prints: ANSWER,
  },
  'cut stream': {
    question: 'Which colour has it?',
    plans: () => [once('connection-cut'), answer],
    prints: ANSWER,
  },
  'quota used up': { question: 'Is there more?', plans: () => [always('monthly-limit')] },
  'failing service': { question: 'Does it work?', plans: () => [always('internal-error')] },
}
