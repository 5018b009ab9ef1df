/** A conversation with all its branches: what was edited or asked again stands beside what was there before. Pure. */
import type { Turn } from '../request/turns.ts'

export interface TreeNode {
  id: string
  /** Undefined: it begins the conversation. */
  parentId: string | undefined
  turn: Turn
}

export interface Tree {
  /** In the order in which they came. */
  nodes: readonly TreeNode[]
  /** The last one of the branch that is shown; undefined: nothing is. */
  leafId: string | undefined
}

export const NO_TREE: Tree = { nodes: [], leafId: undefined }

export function addNode(tree: Tree, node: TreeNode): Tree {
  return { nodes: [...tree.nodes, node], leafId: node.id }
}

export function nodeOf(tree: Tree, id: string | undefined): TreeNode | undefined {
  return tree.nodes.find((node) => node.id === id)
}

/** From the beginning to this one. */
export function pathTo(tree: Tree, id: string | undefined): TreeNode[] {
  const byId = new Map(tree.nodes.map((node) => [node.id, node]))
  const path: TreeNode[] = []
  for (let node = byId.get(id ?? ''); node !== undefined; node = byId.get(node.parentId ?? ''))
    path.push(node)
  return path.toReversed()
}

export function turnsTo(tree: Tree, id: string | undefined): Turn[] {
  return pathTo(tree, id).map(({ turn }) => turn)
}

/** What the latest answer was asked with; without one, all that was said. */
export function askedTurns(tree: Tree): Turn[] {
  const turns = turnsTo(tree, tree.leafId)
  return turns.at(-1)?.role === 'assistant' ? turns.slice(0, -1) : turns
}

/** Those that could stand in its place, itself among them. */
export function siblingsOf({ nodes }: Tree, { parentId }: TreeNode): TreeNode[] {
  return nodes.filter((node) => node.parentId === parentId)
}

/** Shows the branch of this one, as far as it went last. */
export function chooseNode(tree: Tree, id: string): Tree {
  let leafId = id
  for (;;) {
    const next = tree.nodes.findLast(({ parentId }) => parentId === leafId)
    if (next === undefined) return { ...tree, leafId }
    leafId = next.id
  }
}

/** Ends what is shown at this one: the next turn begins a branch. */
export function endAt(tree: Tree, id: string | undefined): Tree {
  return { ...tree, leafId: id }
}

/** Without one that nothing follows. */
export function withoutNode({ nodes, leafId }: Tree, id: string): Tree {
  const gone = nodes.find((node) => node.id === id)
  return {
    nodes: nodes.filter((node) => node !== gone),
    leafId: gone !== undefined && leafId === id ? gone.parentId : leafId,
  }
}

export function replaceTurn(tree: Tree, id: string, turn: Turn): Tree {
  return { ...tree, nodes: tree.nodes.map((node) => (node.id === id ? { ...node, turn } : node)) }
}
