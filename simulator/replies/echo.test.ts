import { describe, expect, it } from 'vitest'
import { assistant, request, results, roundTrip, tool, use, user } from '../rules/sample-request.ts'
import { requestSchema } from '../rules/shape.ts'
import { echo } from './echo.ts'

const context = {
  modelId: 'claude-sonnet-4.5',
  windowTokens: 200_000,
  inputTokens: 100,
  metadataEvents: true,
  toolUseId: () => 'tooluse_1',
}

function answer(body: unknown) {
  const events = echo(requestSchema.parse(body), context).flatMap((step) =>
    step.step === 'event' ? [{ type: step.eventType, payload: Object(step.payload) }] : [],
  )
  const of = (type: string) => events.filter((event) => event.type === type).map(({ payload }) => payload)
  return {
    text: of('assistantResponseEvent')
      .map(({ content }) => String(content))
      .join(''),
    toolInput: of('toolUseEvent')
      .map(({ input = '' }) => String(input))
      .join(''),
    types: events.map(({ type }) => type),
  }
}

describe('the default answer', () => {
  it('says what was said, without markers', () => {
    expect(answer(request(user('Good morning [[sim:slice:7]]'))).text).toBe('You said: Good morning')
  })

  it('quotes the end of a long prompt', () => {
    const prompt = `${'system '.repeat(100)}the question`
    expect(answer(request(user(prompt))).text).toMatch(/^You said: … .*the question$/)
  })

  it('quotes the results of tools', () => {
    expect(answer(roundTrip()).text).toBe('The tool answered: a.txt')
  })

  it.each(['Please use the tool ls now.', 'use the `ls` tool', 'Use the tool "LS".', 'use ls and read'])(
    'answers %j accordingly',
    (prompt) => {
      const body = request(user(prompt, { userInputMessageContext: { tools: [tool()] } }))
      const demanded = !prompt.startsWith('use ls')
      expect(answer(body).toolInput).toBe(demanded ? '{"path":"example"}' : '')
    },
  )

  it('does not use a tool that is not declared', () => {
    expect(answer(request(user('Use the tool rm.'))).types).not.toContain('toolUseEvent')
  })

  it('ends with usage, context and metering', () => {
    expect(answer(request(user('Hi'))).types.slice(-3)).toEqual([
      'metadataEvent',
      'contextUsageEvent',
      'meteringEvent',
    ])
  })

  it('answers the last of several turns', () => {
    const history = [user('list'), assistant('', [use('a')]), results(['a']), assistant('done')]
    expect(answer(request(user('Thanks'), history)).text).toBe('You said: Thanks')
  })
})
