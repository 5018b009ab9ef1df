import { describe, expect, it } from 'vitest'
import { images } from '../../test/sample-images.ts'
import {
  createConversation,
  type ImageLinkPart,
  type ImagePart,
  type Turn,
} from '../conversation/conversation.ts'
import { hasImageLinks, listImageLinks, replaceImageLinks } from './image-links.ts'

const link = (url: string): ImageLinkPart => ({ kind: 'image-link', url, field: `at ${url}` })
const png: ImagePart = { kind: 'image', format: 'png', base64: images.png }
const text = { kind: 'text' as const, text: 'a' }
const result = (...content: (ImageLinkPart | ImagePart | typeof text)[]) => ({
  kind: 'tool-result' as const,
  toolUseId: 't',
  content,
  failed: false,
})
const said = (...turns: Turn[]) => createConversation({ model: 'm', turns })

describe('links to images', () => {
  it('are found in messages and in tool results, in order', () => {
    const conversation = said(
      { role: 'user', parts: [text, link('1'), result(text, link('2'))] },
      { role: 'assistant', parts: [text] },
      { role: 'user', parts: [link('3'), png] },
    )
    expect(hasImageLinks(conversation)).toBe(true)
    expect(listImageLinks(conversation.turns).map(({ url }) => url)).toEqual(['1', '2', '3'])
  })

  it('are not seen where there are none', () => {
    const conversation = said({ role: 'user', parts: [text, png, result(text, png)] })
    expect(hasImageLinks(conversation)).toBe(false)
    expect(listImageLinks(conversation.turns)).toEqual([])
  })

  it('are replaced where they stand, and keep their cache marks', () => {
    const marked = { ...link('2'), cacheMark: {} }
    const conversation = said({ role: 'user', parts: [text, link('1'), result(text, marked)] })
    const found = new Map([
      ['1', png],
      ['2', png],
    ])
    expect(replaceImageLinks(conversation, (url) => found.get(url))).toEqual(
      said({ role: 'user', parts: [text, png, result(text, { ...png, cacheMark: {} })] }),
    )
  })

  it('stay where nothing was fetched', () => {
    const conversation = said({ role: 'user', parts: [link('1'), result(link('2'))] })
    expect(replaceImageLinks(conversation, () => undefined)).toEqual(conversation)
  })
})
