/** What becomes of kept answers in the database. Instants are milliseconds since the epoch. */

export interface StoredAnswer {
  id: string
  /** The answer that it goes on from. */
  parentId: string | undefined
  /** JSON text. */
  input: string
  /** JSON text. */
  answer: string
}

export interface NewAnswer extends StoredAnswer {
  owner: string
  createdAt: number
  /** Of what it says and was told, so that single items are found. */
  itemIds: readonly string[]
}

export interface ThreadBounds {
  mostAnswers: number
  mostBytes: number
}

/** `cut`: a part of it is gone. `too-long`: it is more than the bounds allow. */
export type ThreadReading =
  | { kind: 'whole'; answers: StoredAnswer[] }
  | { kind: 'unknown' | 'cut' | 'too-long' }

/** Nobody finds what another owner has kept, nor what is deleted or whose time is over. */
export interface KeptAnswerStore {
  /** Prolongs all of its conversation until then. */
  insert(answer: NewAnswer, expiresAt: number): Promise<void>
  find(id: string, owner: string, now: number): Promise<StoredAnswer | undefined>
  /** An answer and all before it, the oldest first. */
  readThread(id: string, owner: string, limits: ThreadBounds & { now: number }): Promise<ThreadReading>
  /** Those that have one of these items. Undefined: they are more than the bounds allow. */
  findByItems(
    itemIds: readonly string[],
    owner: string,
    limits: ThreadBounds & { now: number },
  ): Promise<StoredAnswer[] | undefined>
  /** False: there is none. What others go on from stays for them until they go. */
  remove(id: string, owner: string, now: number): Promise<boolean>
  /** Ends the conversations of an owner that were used longest ago, so that the rest is no more than that. */
  expireExcess(owner: string, most: { answers: number; bytes: number }, now: number): Promise<void>
  /** Forgets so many answers at most whose time is over. Answers how many. */
  prune(now: number, most: number): Promise<number>
}
