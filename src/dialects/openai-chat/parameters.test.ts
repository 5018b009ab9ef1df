import { readdirSync } from 'node:fs'
import type { FunctionDefinition } from 'openai/resources'
import type {
  ChatCompletionAssistantMessageParam,
  ChatCompletionContentPart,
  ChatCompletionContentPartImage,
  ChatCompletionContentPartRefusal,
  ChatCompletionCreateParams,
  ChatCompletionCustomTool,
  ChatCompletionFunctionMessageParam,
  ChatCompletionStreamOptions,
  ChatCompletionSystemMessageParam,
  ChatCompletionTool,
  ChatCompletionToolMessageParam,
  ChatCompletionUserMessageParam,
} from 'openai/resources/chat/completions'
import { describe, expect, expectTypeOf, it } from 'vitest'
import { z } from 'zod'
import { readClientRequest } from '../../../test/client-request.ts'
import { parameters } from './parameters.ts'
import { chatBody, thinkingWishes } from './schema.ts'

const known = new Set(Object.keys(parameters))
const missingOf = (paths: string[]) => paths.filter((path) => !known.has(path))

const fixtures = readdirSync(new URL('../../../test/fixtures/client-requests', import.meta.url))
  .filter((file) => file.endsWith('.json'))
  .map((file) => file.replace(/\.json$/, ''))
  .filter((name) => readClientRequest(name).path.includes('/chat/completions'))

type FieldsOf<Element, Path extends string> = `${Path}.${keyof Element & string}`
type MessageField =
  | keyof ChatCompletionSystemMessageParam
  | keyof ChatCompletionUserMessageParam
  | keyof ChatCompletionAssistantMessageParam
  | keyof ChatCompletionToolMessageParam
  | keyof ChatCompletionFunctionMessageParam
type PartField<Part> = Part extends unknown ? FieldsOf<Part, 'messages[].content[]'> : never
type PartType = (ChatCompletionContentPart | ChatCompletionContentPartRefusal)['type']

/** What the vendor's own types have and the table has not; the compiler finds it. */
type Missing = Exclude<
  | keyof ChatCompletionCreateParams
  | FieldsOf<ChatCompletionStreamOptions, 'stream_options'>
  | FieldsOf<ChatCompletionCreateParams.Function, 'functions[]'>
  | `tools[].${ChatCompletionTool['type']}`
  | FieldsOf<FunctionDefinition, 'tools[].function'>
  | FieldsOf<ChatCompletionCustomTool.Custom, 'tools[].custom'>
  | `messages[].${MessageField}`
  | `messages[].content[].${PartType}`
  | PartField<ChatCompletionContentPart | ChatCompletionContentPartRefusal>
  | FieldsOf<ChatCompletionContentPartImage.ImageURL, 'messages[].content[].image_url'>
  | FieldsOf<ChatCompletionContentPart.File.File, 'messages[].content[].file'>,
  keyof typeof parameters
>

describe('the table of parameters', () => {
  it('has every field that the SDK of OpenAI has', () => {
    const missing: Missing[] = []
    expectTypeOf<Missing>().toBeNever()
    expect(missing).toEqual([])
  })

  it('has every field that is read', () => {
    expect(missingOf(Object.keys(chatBody.shape))).toEqual([])
    expect(missingOf(Object.keys(thinkingWishes.shape))).toEqual([])
  })

  it.each(fixtures)('has every field of %s', (name) => {
    const body = z.record(z.string(), z.unknown()).parse(readClientRequest(name).body)
    expect(missingOf(Object.keys(body))).toEqual([])
  })
})
