import { describe, expect, it } from 'vitest'
import { defaultModels } from '../models.ts'
import { assistant, request, results, roundTrip, tool, use, user } from '../rules/sample-request.ts'
import { requestSchema } from '../rules/shape.ts'
import { echo } from './echo.ts'
import { type Thinking, thinkingOf } from './thinking.ts'

const context = {
  sign: (thought: string) => `signed: ${thought}`,
  redact: () => '',
  modelId: 'claude-sonnet-4.5',
  windowTokens: 200_000,
  inputTokens: 100,
  metadataEvents: true,
  toolUseId: () => 'tooluse_1',
}

function answer(body: unknown, thinking: Thinking = { form: 'none' }) {
  const events = echo(requestSchema.parse(body), { ...context, thinking }).flatMap((step) =>
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
    texts: of('assistantResponseEvent').map(({ content }) => String(content)),
    thoughts: of('reasoningContentEvent'),
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

describe('thinking', () => {
  const TAGS = '<thinking_mode>enabled</thinking_mode><max_thinking_length>1024</max_thinking_length>'
  const adaptive = { thinking: { type: 'adaptive' } }
  const omitted = { thinking: { type: 'adaptive', display: 'omitted' } }

  it.each([
    { modelId: 'claude-opus-5', fields: adaptive, form: { form: 'events', hidden: false } },
    { modelId: 'claude-opus-5', fields: omitted, form: { form: 'events', hidden: true } },
    { modelId: 'claude-opus-5', fields: { thinking: { type: 'disabled' } }, form: { form: 'none' } },
    { modelId: 'claude-opus-5', fields: { output_config: { effort: 'max' } }, form: { form: 'none' } },
    { modelId: 'claude-opus-5', prompt: TAGS, form: { form: 'none' } },
    {
      modelId: 'gpt-5.6-sol',
      fields: { reasoning: { effort: 'low' } },
      form: { form: 'events', hidden: false },
    },
    { modelId: 'gpt-5.6-sol', fields: { reasoning: { effort: 'none' } }, form: { form: 'none' } },
    { modelId: 'claude-sonnet-4.5', prompt: TAGS, form: { form: 'tags' } },
    {
      modelId: 'claude-opus-4.5',
      prompt: '<thinking_mode>adaptive</thinking_mode><thinking_effort>high</thinking_effort>\nHi',
      form: { form: 'tags' },
    },
    { modelId: 'claude-sonnet-4', prompt: 'Hi', form: { form: 'none' } },
    { modelId: 'claude-haiku-4.5', prompt: TAGS, form: { form: 'none' } },
  ])('$modelId, $fields, $prompt: $form.form', ({ modelId, fields, prompt = 'Hi', form }) => {
    const body = { ...request(user(prompt)), ...(fields && { additionalModelRequestFields: fields }) }
    const model = defaultModels.find((each) => each.modelId === modelId)
    expect(thinkingOf(requestSchema.parse(body), model)).toEqual(form)
  })

  it('is asked for by tags in the first message, where the system text stands', () => {
    const body = request(user('And?'), [user(`${TAGS}\n\nBe kind.`), assistant('Hello')])
    expect(thinkingOf(requestSchema.parse(body), defaultModels[0])).toEqual({ form: 'tags' })
  })

  it('comes in signed events before the text', () => {
    const { thoughts, types, text } = answer(request(user('Hi')), { form: 'events', hidden: false })
    const told = thoughts.slice(0, -1).map((thought) => String(thought.text))
    expect(told.length).toBeGreaterThan(1)
    expect(thoughts.at(-1)).toEqual({ signature: `signed: ${told.join('')}` })
    expect(types.lastIndexOf('reasoningContentEvent')).toBeLessThan(types.indexOf('assistantResponseEvent'))
    expect(text).toBe('You said: Hi')
  })

  it('leaves nothing but the signature when it is hidden', () => {
    expect(answer(request(user('Hi')), { form: 'events', hidden: true }).thoughts).toEqual([
      { signature: 'signed: ' },
    ])
  })

  it('comes in tags cut in two, with a blank line, and without the tags of the prompt', () => {
    const { texts, text, thoughts } = answer(request(user(`${TAGS}\n\nHi`)), { form: 'tags' })
    expect(text).toMatch(/^<thinking>[^<]+<\/thinking>\n\nYou said: Hi$/)
    expect(texts.filter((part) => /<\/?thinking>|\n\n/.test(part))).toEqual([])
    expect(thoughts).toEqual([])
  })
})
