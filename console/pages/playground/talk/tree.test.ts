import { describe, expect, it } from 'vitest'
import type { Turn } from '../request/turns.ts'
import { factsOf } from '../answer/answer-facts.ts'
import { NO_ANSWER } from '../answer/answer.ts'
import {
  addNode,
  askedTurns,
  chooseNode,
  endAt,
  NO_TREE,
  nodeOf,
  pathTo,
  replaceTurn,
  siblingsOf,
  turnsTo,
  withoutNode,
  type Tree,
} from './tree.ts'

const said = (text: string): Turn => ({ role: 'user', text, pictures: [] })

function grow(tree: Tree, ...ids: string[]): Tree {
  return ids.reduce((grown, id) => addNode(grown, { id, parentId: grown.leafId, turn: said(id) }), tree)
}
const idsOf = (tree: Tree) => pathTo(tree, tree.leafId).map(({ id }) => id)

describe('a conversation', () => {
  const straight = grow(NO_TREE, 'a', 'b', 'c', 'd')
  const branched = grow(endAt(straight, 'b'), 'x', 'y')

  it('is a path', () => {
    expect(idsOf(straight)).toEqual(['a', 'b', 'c', 'd'])
    expect(turnsTo(straight, 'b')).toEqual([said('a'), said('b')])
    expect(turnsTo(straight, undefined)).toEqual([])
  })

  it('goes on elsewhere, and loses nothing', () => {
    expect(idsOf(branched)).toEqual(['a', 'b', 'x', 'y'])
    const x = nodeOf(branched, 'x')
    expect(x && siblingsOf(branched, x).map(({ id }) => id)).toEqual(['c', 'x'])
    expect(idsOf(chooseNode(branched, 'c'))).toEqual(['a', 'b', 'c', 'd'])
    expect(idsOf(chooseNode(chooseNode(branched, 'c'), 'a'))).toEqual(['a', 'b', 'x', 'y'])
  })

  it('may begin anew', () => {
    const again = grow(endAt(straight, undefined), 'z')
    expect(idsOf(again)).toEqual(['z'])
    const z = nodeOf(again, 'z')
    expect(z && siblingsOf(again, z)).toHaveLength(2)
  })

  it('ends before an answer that is still coming, where that is taken away', () => {
    expect(idsOf(withoutNode(straight, 'd'))).toEqual(['a', 'b', 'c'])
    expect(idsOf(withoutNode(branched, 'd'))).toEqual(['a', 'b', 'x', 'y'])
    expect(withoutNode(straight, 'nobody')).toEqual(straight)
  })

  it('tells what its last answer was asked with', () => {
    expect(askedTurns(straight)).toHaveLength(4)
    const turn = { role: 'assistant', answer: NO_ANSWER, facts: factsOf('m') } as const
    expect(askedTurns(addNode(straight, { id: 'e', parentId: 'd', turn }))).toHaveLength(4)
  })

  it('has turns that change in place', () => {
    expect(nodeOf(replaceTurn(straight, 'b', said('other')), 'b')?.turn).toEqual(said('other'))
  })
})
