import { readdirSync } from 'node:fs'
import type {
  BetaContentBlockParam,
  BetaImageBlockParam,
  BetaRedactedThinkingBlockParam,
  BetaRequestDocumentBlock,
  BetaSearchResultBlockParam,
  BetaTextBlockParam,
  BetaThinkingBlockParam,
  BetaTool,
  BetaToolResultBlockParam,
  BetaToolUseBlockParam,
  MessageCreateParams,
} from '@anthropic-ai/sdk/resources/beta/messages'
import { describe, expect, expectTypeOf, it } from 'vitest'
import { z } from 'zod'
import { readClientRequest } from '../../../test/client-request.ts'
import { parameters } from './parameters.ts'
import * as schema from './schema.ts'

const known = new Set(Object.keys(parameters))
const missingOf = (paths: string[]) => paths.filter((path) => !known.has(path))

const fixtures = readdirSync(new URL('../../../test/fixtures/client-requests', import.meta.url))
  .filter((file) => file.endsWith('.json'))
  .map((file) => file.replace(/\.json$/, ''))
  .filter((name) => readClientRequest(name).path.includes('/messages'))

const blocks = [
  schema.textBlock,
  schema.imageBlock,
  schema.documentBlock,
  schema.searchResultBlock,
  schema.toolResultBlock,
  schema.toolReferenceBlock,
  schema.toolUseBlock,
  schema.thinkingBlock,
  schema.redactedThinkingBlock,
]

type Content<B extends { type: string }> = `messages[].content[].${B['type']}`
type CommonField = 'type' | 'cache_control' | 'caller' | 'toolset_name'
type FieldsOf<B> = B extends { type: string }
  ? `${Content<B>}.${Exclude<keyof B & string, CommonField>}`
  : never
type SpokenBlock =
  | BetaTextBlockParam
  | BetaImageBlockParam
  | BetaRequestDocumentBlock
  | BetaSearchResultBlockParam
  | BetaToolUseBlockParam
  | BetaToolResultBlockParam
  | BetaThinkingBlockParam
  | BetaRedactedThinkingBlockParam

/** What the vendor's own types have and the table has not; the compiler finds it. */
type Missing = Exclude<
  | keyof MessageCreateParams
  | `tools[].${keyof BetaTool}`
  | Content<BetaContentBlockParam>
  | `messages[].content[].${CommonField}`
  | FieldsOf<SpokenBlock>,
  keyof typeof parameters
>

describe('the table of parameters', () => {
  it('has every field that the SDK of Anthropic has', () => {
    const missing: Missing[] = []
    expectTypeOf<Missing>().toBeNever()
    expect(missing).toEqual([])
  })

  it('has every field that is read', () => {
    expect(missingOf(Object.keys(schema.messagesBody.shape))).toEqual([])
    expect(missingOf(Object.keys(schema.customTool.shape).map((name) => `tools[].${name}`))).toEqual([])
  })

  it.each(blocks.map((block) => [block.shape.type.value, block] as const))(
    'has every field of the block %s',
    (type, { shape }) => {
      const common = ['type', 'cache_control']
      const paths = Object.keys(shape).map((name) =>
        common.includes(name) ? `messages[].content[].${name}` : `messages[].content[].${type}.${name}`,
      )
      expect(missingOf([`messages[].content[].${type}`, ...paths])).toEqual([])
    },
  )

  it.each(fixtures)('has every field of %s', (name) => {
    const body = z.record(z.string(), z.unknown()).parse(readClientRequest(name).body)
    expect(missingOf(Object.keys(body))).toEqual([])
  })
})
