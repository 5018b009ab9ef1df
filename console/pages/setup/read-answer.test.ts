import { expect, it } from 'vitest'
import { readAnswer } from './read-answer.ts'

const streamOf = (...events: (object | string)[]) =>
  events.map((event) => `data: ${typeof event === 'string' ? event : JSON.stringify(event)}\n\n`).join('')
const chunk = (content: string) => ({ choices: [{ delta: { content } }] })

it.each([
  ['chat', streamOf(chunk('Hel'), chunk('lo.'), '[DONE]'), { words: 'Hello.', isWhole: true }],
  ['chat', streamOf(chunk('Hel')), { words: 'Hel', isWhole: false, problem: undefined }],
  ['chat', streamOf({ error: { message: 'Too many.' } }, '[DONE]'), { words: '', problem: 'Too many.' }],
  [
    'messages',
    streamOf({ type: 'content_block_delta', delta: { text: 'Hi' } }, { type: 'message_stop' }),
    { words: 'Hi', isWhole: true },
  ],
  [
    'messages',
    streamOf({ type: 'error', error: { type: 'api_error', message: 'It broke.' } }),
    { isWhole: false, problem: 'It broke.' },
  ],
  [
    'responses',
    streamOf({ type: 'response.output_text.delta', delta: 'Hi' }, { type: 'response.completed' }),
    { words: 'Hi', isWhole: true },
  ],
  [
    'responses',
    streamOf({ type: 'response.failed', response: { error: { message: 'It broke.' } } }),
    { isWhole: false, problem: 'It broke.' },
  ],
] as const)('a stream of %s is read: %j', (api, body, expected) => {
  expect(readAnswer({ api }, true, body)).toMatchObject(expected)
})

it.each([
  ['{"choices":[{"message":{"content":" Hello. "}}]}', { words: 'Hello.', isWhole: true }],
  ['<html>', { words: '', isWhole: false }],
  ['{"error":{"message":"No."}}', { problem: 'No.' }],
  [JSON.stringify({ content: [{ text: 'x'.repeat(200) }] }), { words: `${'x'.repeat(160)}…` }],
])('an answer is read: %j', (body, expected) => {
  expect(readAnswer({ api: 'chat' }, false, body)).toMatchObject(expected)
})
