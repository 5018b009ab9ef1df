/** What the clients of the soak ask, and what exactly must come of it. */
import type { Random } from '../../hostile/random.ts'
import { apis, TOOL, type Api, type Conversation, type Turn } from './request-body.ts'

export interface Question {
  kind: string
  api: Api
  conversation: Conversation
  wanted: { text: string; calls: readonly string[]; hasThought: boolean }
}

/** The simulator quotes so many of the last words. */
const QUOTED_WORDS = 24
const LONG_CHARACTERS = 20_000
const SLOW_CHARACTERS = 1500
const LEFT_CHARACTERS = 6000
const SLOWLY = '[[sim:frame-delay:25]]'
/** Three of five are streamed. */
const STREAMED_OF = 5
const LARGE_CHARACTERS = 100_000
const HISTORY_TURNS = 10
const MODELS = ['claude-sonnet-4.5', 'claude-opus-4.8', 'claude-sonnet-4.6'] as const

const words = 'a river takes what the hills give and carries it to the sea while the towns beside it sleep'
const filler = (characters: number) =>
  `${words} `.repeat(Math.ceil(characters / (words.length + 1))).slice(0, characters)
const loremIpsum = (characters: number) =>
  'lorem ipsum '.repeat(Math.ceil(characters / 12)).slice(0, characters)

type Built = Pick<Question, 'wanted'> & { turns: Turn[]; change?: Partial<Conversation> }

export function createQuestions(chance: Random) {
  let number = 0

  /** No two are the same, so that an answer that was meant for somebody else is noticed. */
  function say(): { prompt: string; quoted: string } {
    number += 1
    const prompt = `Say this once more: ${words}, by the number ${number} and the lot ${chance.below(1e9)}`
    return { prompt, quoted: `You said: … ${prompt.split(' ').slice(-QUOTED_WORDS).join(' ')}` }
  }

  function largePrompt(): Built {
    const { prompt, quoted } = say()
    return asked([{ by: 'user', text: `${filler(LARGE_CHARACTERS)}\n${prompt}` }], quoted)
  }

  function longHistory(): Built {
    const { prompt, quoted } = say()
    const part = filler(LARGE_CHARACTERS / HISTORY_TURNS)
    const turns = Array.from({ length: HISTORY_TURNS }, (_, index): Turn => {
      const text = `${index} ${part}`
      return index % 2 === 0 ? { by: 'user', text } : { by: 'assistant', text }
    })
    return asked([...turns, { by: 'user', text: prompt }], quoted)
  }

  function toolCall(): Built {
    const turns: Turn[] = [{ by: 'user', text: `${say().prompt}; use the tool ${TOOL}` }]
    const wanted = { text: `I will use ${TOOL}.`, calls: [`${TOOL} {"path":"example"}`], hasThought: false }
    return { turns, wanted, change: { withTools: true } }
  }

  function toolResult(): Built {
    const { prompt, quoted } = say()
    const id = `call_${number}`
    const turns: Turn[] = [
      { by: 'user', text: prompt },
      { by: 'call', id, input: { path: `/tmp/${number}` } },
      { by: 'result', id, text: quoted },
    ]
    return { ...asked(turns, `The tool answered: ${quoted}`), change: { withTools: true } }
  }

  function plain(change: Partial<Conversation> = {}, withImage = false): Built {
    const { prompt, quoted } = say()
    const { turns, wanted } = asked([{ by: 'user', text: prompt, withImage }], quoted)
    return { turns, wanted: { ...wanted, hasThought: change.thinks === true }, change }
  }

  function marked(characters: number, delivery = ''): Built {
    const text = `${say().prompt} [[sim:characters:${characters}]]${delivery}`
    return asked([{ by: 'user', text }], loremIpsum(characters))
  }

  /** Of a hundred questions, how many of each kind. */
  const kinds: readonly { kind: string; share: number; build: () => Built }[] = [
    { kind: 'small', share: 36, build: () => plain() },
    { kind: 'long answer', share: 5, build: () => marked(LONG_CHARACTERS) },
    { kind: 'slow answer', share: 7, build: () => marked(SLOW_CHARACTERS, SLOWLY) },
    { kind: 'large prompt', share: 5, build: largePrompt },
    { kind: 'long history', share: 5, build: longHistory },
    { kind: 'tool call', share: 12, build: toolCall },
    { kind: 'tool result', share: 9, build: toolResult },
    { kind: 'image', share: 9, build: () => plain({}, true) },
    { kind: 'thinking', share: 12, build: () => plain({ thinks: true }) },
  ]

  function ask(kind: string, { turns, wanted, change }: Built): Question {
    const [api, model] = [chance.pick(apis), chance.pick(MODELS)]
    const stream = chance.below(STREAMED_OF) > 1
    return { kind, api, conversation: { model, stream, turns, ...change }, wanted }
  }

  return {
    next(): Question {
      let lot = chance.below(100)
      const { kind, build } = kinds.find(({ share }) => (lot -= share) < 0) ?? { kind: 'small', build: plain }
      return ask(kind, build())
    },
    /** With an answer that takes long enough to leave in the middle of it. */
    toLeave: () => ask('left', marked(LEFT_CHARACTERS, SLOWLY)),
    /** Of plain text, for conversations that their clients build themselves. */
    say,
  }
}

function asked(turns: Turn[], text: string): Built {
  return { turns, wanted: { text, calls: [], hasThought: false } }
}
