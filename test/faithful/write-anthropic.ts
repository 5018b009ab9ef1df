/** A story as a client of the Messages API would send it. */
import { unreachable } from '../../src/conversation/unreachable.ts'
import { createNarrator, type Narrator, type OpenCall, type Piece } from './narrator.ts'
import type { Step, Story } from './stories.ts'

export function writeAnthropic(story: Story): { body: unknown; said: Piece[] } {
  const narrator = createNarrator()
  const messages = story.steps.flatMap((step) => writeStep(step, narrator))
  const body = {
    model: story.model,
    max_tokens: story.outputLimit,
    system: narrator.times(story.systemTexts, () => ({ type: 'text', text: narrator.text() })),
    messages,
    tools: story.tools.map((tool) => {
      const { description, schema } = narrator.tool(tool)
      return { name: tool.name, ...(description !== '' && { description }), input_schema: schema }
    }),
    ...thinkingOf(story),
    ...(story.effort !== undefined && { output_config: { effort: story.effort } }),
  }
  return { body, said: narrator.said }
}

function thinkingOf({ thinking }: Story): object {
  switch (thinking) {
    case 'off':
      return { thinking: { type: 'disabled' } }
    case 'budget':
      return { thinking: { type: 'enabled', budget_tokens: 4000 } }
    case 'adaptive':
      return { thinking: { type: 'adaptive', display: 'omitted' } }
    case 'unsaid':
      return {}
    default:
      return unreachable(thinking)
  }
}

function writeStep(step: Step, narrator: Narrator): object[] {
  switch (step.kind) {
    case 'system':
      return [{ role: 'system', content: narrator.text() }]
    case 'user': {
      const content = [...writeResults(step, narrator), ...writeSaid(step, narrator)]
      return content.length === 0 ? [] : [{ role: 'user', content }]
    }
    case 'assistant': {
      const content = writeAnswer(step, narrator)
      return content.length === 0 ? [] : [{ role: 'assistant', content }]
    }
    default:
      return unreachable(step)
  }
}

type UserStep = Extract<Step, { kind: 'user' }>

function writeSaid({ texts, images, documents }: UserStep, narrator: Narrator): object[] {
  return [
    ...narrator.times(images, () => writeImage(narrator.image())),
    ...narrator.times(texts, () => ({ type: 'text', text: narrator.text() })),
    ...documents.map((format) => ({
      type: 'document',
      title: `notes.${format}`,
      source: {
        type: 'base64',
        media_type: format === 'pdf' ? 'application/pdf' : 'text/plain',
        data: narrator.document(format),
      },
    })),
  ]
}

function writeImage(base64: string): object {
  return { type: 'image', source: { type: 'base64', media_type: 'image/png', data: base64 } }
}

function writeResults({ results }: UserStep, narrator: Narrator): object[] {
  const { of, order, image, failed } = results
  if (of === 'none') return []
  const open = narrator.takeCalls()
  const answered = chooseCalls(of, open)
  const blocks = answered.map(({ id }) => ({
    type: 'tool_result',
    tool_use_id: id,
    is_error: failed,
    content: [{ type: 'text', text: narrator.text() }, ...writeResultImage(image, narrator).map(writeImage)],
  }))
  return order === 'given' ? blocks : blocks.toReversed()
}

/** None, or one as base64. */
export function writeResultImage(image: UserStep['results']['image'], narrator: Narrator): string[] {
  switch (image) {
    case 'none':
      return []
    case 'whole':
      return [narrator.image()]
    case 'broken':
      return [narrator.brokenImage()]
    default:
      return unreachable(image)
  }
}

export function chooseCalls(of: UserStep['results']['of'], open: readonly OpenCall[]): readonly OpenCall[] {
  switch (of) {
    case 'none':
      return []
    case 'first':
      return open.slice(0, 1)
    case 'all':
      return open
    case 'twice':
      return [...open, ...open]
    case 'strangers':
      return [{ id: 'call_of_nobody', name: 'read' }, ...open]
    default:
      return unreachable(of)
  }
}

function writeAnswer(
  { texts, thinking, calls }: Extract<Step, { kind: 'assistant' }>,
  narrator: Narrator,
): object[] {
  return [
    ...writeThinking(thinking, narrator),
    ...narrator.times(texts, () => ({ type: 'text', text: narrator.text() })),
    ...calls.map((name) => ({ type: 'tool_use', ...narrator.call(name) })),
  ]
}

function writeThinking(kind: Extract<Step, { kind: 'assistant' }>['thinking'], narrator: Narrator): object[] {
  if (kind === 'none') return []
  if (kind === 'redacted') {
    const data = Buffer.from(narrator.mark('thinking')).toString('base64')
    return [{ type: 'redacted_thinking', data }]
  }
  // Signed by somebody else: no account here could have it checked.
  const signature = kind === 'signed' ? 'c2lnbmVk' : ''
  return [{ type: 'thinking', thinking: narrator.mark('thinking'), signature }]
}
