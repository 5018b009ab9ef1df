/** A story as a client of the Chat Completions API would send it. */
import { unreachable } from '../../src/conversation/unreachable.ts'
import { createNarrator, type Narrator, type Piece } from './narrator.ts'
import type { Step, Story } from './stories.ts'
import { chooseCalls, writeResultImage } from './write-anthropic.ts'

export function writeChat(story: Story): { body: unknown; said: Piece[] } {
  const narrator = createNarrator()
  const system = narrator.times(story.systemTexts, () => ({ role: 'system', content: narrator.text() }))
  const body = {
    model: story.model,
    max_completion_tokens: story.outputLimit,
    messages: [...system, ...story.steps.flatMap((step) => writeStep(step, narrator))],
    tools: story.tools.map((tool) => {
      const { description, schema } = narrator.tool(tool)
      return { type: 'function', function: { name: tool.name, description, parameters: schema } }
    }),
    ...thinkingOf(story),
  }
  return { body, said: narrator.said }
}

function thinkingOf({ thinking, effort }: Story): object {
  if (thinking === 'off') return { reasoning_effort: 'none' }
  if (thinking === 'budget') return { thinking: { type: 'enabled', budget_tokens: 4000 } }
  return effort === undefined ? {} : { reasoning_effort: effort }
}

function writeStep(step: Step, narrator: Narrator): object[] {
  switch (step.kind) {
    case 'system':
      return [{ role: 'developer', content: narrator.text() }]
    case 'user':
      return [...writeResults(step, narrator), ...writeSaid(step, narrator)]
    case 'assistant':
      return writeAnswer(step, narrator)
    default:
      return unreachable(step)
  }
}

type UserStep = Extract<Step, { kind: 'user' }>

function writeSaid({ texts, images, documents }: UserStep, narrator: Narrator): object[] {
  const content = [
    ...narrator.times(texts, () => ({ type: 'text', text: narrator.text() })),
    ...narrator.times(images, () => writeImage(narrator.image())),
    ...documents.map((format) => ({
      type: 'file',
      file: {
        filename: `notes.${format}`,
        file_data: `data:${format === 'pdf' ? 'application/pdf' : 'text/plain'};base64,${narrator.document(format)}`,
      },
    })),
  ]
  return content.length === 0 ? [] : [{ role: 'user', content }]
}

function writeImage(base64: string): object {
  return { type: 'image_url', image_url: { url: `data:image/png;base64,${base64}` } }
}

function writeResults({ results }: UserStep, narrator: Narrator): object[] {
  const { of, order, image } = results
  if (of === 'none') return []
  const messages = chooseCalls(of, narrator.takeCalls()).map(({ id }) => ({
    role: 'tool',
    tool_call_id: id,
    content:
      image === 'none'
        ? narrator.text()
        : [{ type: 'text', text: narrator.text() }, ...writeResultImage(image, narrator).map(writeImage)],
  }))
  return order === 'given' ? messages : messages.toReversed()
}

function writeAnswer(
  { texts, thinking, calls }: Extract<Step, { kind: 'assistant' }>,
  narrator: Narrator,
): object[] {
  const toolCalls = calls.map((name) => {
    const { id, input } = narrator.call(name)
    return { id, type: 'function', function: { name, arguments: JSON.stringify(input) } }
  })
  if (texts === 0 && toolCalls.length === 0) return []
  return [
    {
      role: 'assistant',
      content: texts === 0 ? null : narrator.times(texts, narrator.text).join('\n'),
      ...(toolCalls.length > 0 && { tool_calls: toolCalls }),
      ...(thinking !== 'none' && { reasoning_content: narrator.mark('thinking') }),
    },
  ]
}
